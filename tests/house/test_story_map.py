"""The story map is true: every name on it exists, and every module is on it."""

import re
from pathlib import Path

import lti_tool

ROOT = Path(lti_tool.__file__).parent
FOLDERS = {"edge": "lti", "rules": "mentoring", "action": "actions", "rows": "store", "pages": "web"}


def stages() -> list[list[str]]:
    """The rows of the map, cell by cell."""
    lines = (lti_tool.__doc__ or "").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("stage"))
    rows = []
    for line in lines[start + 1 :]:
        if not line.strip():
            break
        rows.append(re.split(r"\s{2,}", line.strip()))
    return rows


def others() -> set[str]:
    """The modules below the map, as paths."""
    lines = re.findall(r"^- (.*?):", lti_tool.__doc__ or "", re.MULTILINE | re.DOTALL)
    return {name for line in lines for name in re.findall(r"`([\w/]+)`", line)}


def modules() -> set[str]:
    """Every module and stage package of the program, as a path without its ending."""
    found = set()
    for file in ROOT.rglob("*.py"):
        path = file.relative_to(ROOT)
        if path.parts[0] in {"demo_lms", "demo"} or path.name in {"__init__.py", "__main__.py"}:
            continue
        found.add("mentoring/matching" if path.parts[:2] == ("mentoring", "matching") else str(path.with_suffix("")))
    return found


def named() -> set[str]:
    """Every module that a cell of the map names."""
    found = set()
    for row in stages():
        for column, cell in zip(FOLDERS.values(), row[1:], strict=True):
            found |= {f"{column}/{name.rstrip('/')}" for name in cell.split(", ") if name != "–"}
    return found


def test_every_name_on_the_map_exists() -> None:
    missing = {
        name for name in named() | others() if not (ROOT / f"{name}.py").is_file() and not (ROOT / name).is_dir()
    }

    assert not missing


def test_every_module_is_on_the_map() -> None:
    assert modules() - named() - others() == set()


def test_the_map_has_the_stages_in_their_order() -> None:
    assert [row[0] for row in stages()] == [
        "launch",
        "roster",
        "programme",
        "enrolment",
        "matching",
        "workspace",
        "participation",
        "gradebook",
    ]
