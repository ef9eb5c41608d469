"""What the documentation says is so: codes, sentences, tables, links, commands and statements are the program's own."""

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

import lti_tool
from lti_tool.cli import main
from lti_tool.lti.errors import Refusal, ServiceFault
from lti_tool.lti.registration_faults import RegistrationFault
from lti_tool.store.db import db
from lti_tool.web.errors import BY_STATUS

PROJECT = Path(lti_tool.__file__).parent.parent
PAGES = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md"), *(PROJECT / "jwks").glob("*.md")])
TROUBLESHOOTING = PROJECT / "docs" / "troubleshooting.md"
DATA = PROJECT / "docs" / "data.md"
LMS_PAGES = ("canvas", "moodle", "blackboard", "brightspace", "sakai", "open-edx")

_FENCED = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"!?\[(?:[^\]\[]|\[[^\]]*\])*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)


def prose(page: Path) -> str:
    """The page without its blocks of code."""
    return _FENCED.sub("", page.read_text())


def commands(page: Path, program: str) -> Iterator[list[str]]:
    """What the page says after the program's name, in words: in code of a sentence and in blocks of code."""
    whole = page.read_text()
    blocks = [line for block in _FENCED.findall(whole) for line in block.replace("\\\n", " ").splitlines()]
    for line in [*_CODE.findall(prose(page)), *blocks]:
        if line.split()[:1] == [program]:
            yield shlex.split(line.replace("…", ""), comments=True)[1:]


def documented(section: str) -> Mapping[str, str]:
    """The codes under one heading of the troubleshooting page, each with the sentence quoted below it."""
    parts = re.split(r"^## (.+)$", TROUBLESHOOTING.read_text(), flags=re.MULTILINE)
    body = parts[parts.index(section) + 1]
    return dict(re.findall(r"^### `([^`]+)`\n\n> (.+)$", body, re.MULTILINE))


def anchors(page: Path) -> set[str]:
    """The places of a page that a link may name, as GitHub names them; a second one of a name is numbered."""
    found: dict[str, int] = {}
    names = set()
    for heading in _HEADING.findall(prose(page)):
        name = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()).replace(" ", "-")
        names.add(f"{name}-{found[name]}" if name in found else name)
        found[name] = found.get(name, 0) + 1
    return names


def statements(page: Path) -> list[str]:
    """The SQL that the page gives to people."""
    blocks = re.findall(r"^```sql\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL)
    return [one.strip() for block in blocks for one in block.split(";\n") if one.strip()]


def test_every_reason_for_a_refused_launch_is_documented_in_its_own_words_and_no_other() -> None:
    assert documented("When somebody opens the tool") == {one.value: one.sentence for one in Refusal}


def test_every_fault_of_an_lms_service_is_documented_in_its_own_words_and_no_other() -> None:
    assert documented("Roster and gradebook") == {one.value: one.explanation for one in ServiceFault}


def test_every_reason_for_a_failed_registration_is_documented_in_its_own_words_and_no_other() -> None:
    assert documented("Registration") == {one.value: one.sentence for one in RegistrationFault}


def test_every_status_of_an_error_page_is_documented_with_its_title_and_no_other() -> None:
    assert documented("Other pages") == {str(status): str(words.title) for status, words in BY_STATUS.items()}


def test_every_lms_has_a_page_of_steps_checks_and_traps() -> None:
    for name in LMS_PAGES:
        headings = _HEADING.findall(prose(PROJECT / "docs" / "install" / f"{name}.md"))

        assert {"What must be ticked", "Check afterwards", "Known traps"} <= set(headings), name


def test_every_table_is_named_where_the_documentation_lists_the_data() -> None:
    text_of_page = DATA.read_text()

    assert [name for name in db.metadata.tables if f"`{name}`" not in text_of_page] == []


def test_the_documented_statements_fit_the_tables() -> None:
    engine = create_engine("sqlite://")
    db.metadata.create_all(engine)
    values = {"person": 1, "registration": 1, "subject": "dana"}

    with engine.begin() as connection:
        for one in statements(DATA):
            named = set(re.findall(r"(?<!:):(\w+)", re.sub(r"'[^']*'", "", one)))
            connection.execute(text(re.sub(r"'[^']*'", "''", one)), {name: values[name] for name in named})
    engine.dispose()

    assert len(statements(DATA)) > 10


def leads_nowhere(page: Path, link: str) -> bool:
    """Whether a link names a file, or a place in one, that does not exist; foreign sites are not tried."""
    if re.match(r"[a-z]+:", link):
        return False
    name, _, place = link.partition("#")
    target = (page.parent / name).resolve() if name else page
    return not target.exists() or bool(place and place not in anchors(target))


def test_every_link_leads_to_a_file_and_to_a_place_in_it() -> None:
    broken = {
        f"{page.relative_to(PROJECT)}: {link}"
        for page in PAGES
        for link in _LINK.findall(prose(page))
        if leads_nowhere(page, link)
    }

    assert broken == set()


def test_every_documented_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE))

    missing = {
        f"{page.name}: {word}"
        for page in PAGES
        for words in commands(page, "make")
        for word in words
        if "=" not in word and word not in targets
    }

    assert missing == set()


def test_every_documented_command_and_option_exists(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = []
    for page in PAGES:
        for words in commands(page, "lti-tool"):
            options = {word for word in words if word.startswith("--")}
            names = words[: next((place for place, word in enumerate(words) if word.startswith("-")), len(words))]
            with pytest.raises(SystemExit) as stopped:
                main([*names, "--help"])
            shown = capsys.readouterr().out
            if stopped.value.code or any(not re.search(rf"{option}\b", shown) for option in options):
                wrong.append(f"{page.name}: {' '.join(words)}")

    assert wrong == []
