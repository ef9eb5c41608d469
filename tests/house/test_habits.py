"""Habits that no linter knows."""

import ast
import re
from pathlib import Path

import lti_tool
from lti_tool.settings import Settings

ROOT = Path(lti_tool.__file__).parent
PROJECT = ROOT.parent


def sources(folder: str = "") -> list[Path]:
    """The program's files."""
    return sorted((ROOT / folder).rglob("*.py"))


def test_only_one_place_commits() -> None:
    committing = {file.name for file in sources() if re.search(r"\.commit\(\)", file.read_text())}

    assert committing == {"db.py"}


def test_rules_rows_and_actions_ask_no_clock() -> None:
    asking = [
        file.relative_to(ROOT)
        for folder in ("mentoring", "store", "actions")
        for file in sources(folder)
        if re.search(r"datetime\.now|time\.time\(|date\.today|utcnow", file.read_text())
    ]

    assert asking == []


def test_no_exception_is_swallowed_without_a_reason() -> None:
    swallowed = []
    for file in sources():
        lines = file.read_text().splitlines()
        for node in ast.walk(ast.parse("\n".join(lines))):
            is_empty = isinstance(node, ast.ExceptHandler) and all(isinstance(step, ast.Pass) for step in node.body)
            if is_empty and "#" not in lines[node.body[0].lineno - 1]:
                swallowed.append(f"{file.name}:{node.lineno}")

    assert swallowed == []


def test_every_linter_exception_carries_its_reason() -> None:
    bare = []
    for file in [*sources(), *sorted((PROJECT / "tests").rglob("*.py"))]:
        for number, line in enumerate(file.read_text().splitlines(), 1):
            found = re.search(r"#\s*(noqa|type: ignore)(\S*)(.*)$", line)
            if found and "tests" not in file.parts and len(re.sub(r"[A-Z0-9, :\[\]-]", "", found.group(3))) < 8:
                bare.append(f"{file.name}:{number}")

    assert bare == []


def test_the_documentation_names_every_setting() -> None:
    text = (PROJECT / "docs" / "operations.md").read_text()

    assert [name for name in Settings.__annotations__ if f"`{name.upper()}`" not in text] == []


def test_templates_hold_no_text_outside_gettext() -> None:
    loose = []
    for file in sorted((PROJECT / "templates").rglob("*.html")):
        plain = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", " ", file.read_text(), flags=re.DOTALL)
        text = re.sub(r"<script.*?</script>|<svg.*?</svg>|<[^>]*>|[a-z-]+=\"[^\"]*\"", " ", plain, flags=re.DOTALL)
        words = re.findall(r"[A-Za-z]{3,}", re.sub(r"&\w+;", " ", text))
        loose += [f"{file.name}: {word}" for word in words]

    assert loose == []


def test_no_lock_file_names_an_index() -> None:
    for name in ("requirements.txt", "requirements-postgres.txt", "requirements-dev.txt"):
        assert not re.search(r"index-url|find-links|https?://", (PROJECT / name).read_text()), name
