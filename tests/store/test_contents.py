"""Promises of the files that hold the texts: they are read, replaced, extended, translated; a fault is named."""

from pathlib import Path

import pytest

from lti_tool.mentoring.contents import ContentsWrong
from lti_tool.store.contents import read_contents

PAGE = "en/training/mentor/tr1/10-one-step-ahead.md"


def written(folder: Path, files: dict[str, str]) -> Path:
    """An institution's folder with these files."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def problems(folder: Path) -> list[str]:
    """What is said about a folder."""
    with pytest.raises(ContentsWrong) as caught:
        read_contents(folder)
    return caught.value.problems


def test_the_tools_own_texts_are_whole() -> None:
    contents = read_contents().contents("en")

    assert contents.trainings["mentor"].modules[0].key == "tr1"


def test_a_file_with_the_same_path_replaces_the_tools(tmp_path: Path) -> None:
    own = read_contents().contents("en").trainings["mentor"]

    replaced = read_contents(written(tmp_path, {PAGE: "# Here with us\n\nHello."})).contents("en").trainings["mentor"]

    first = replaced.modules[0].steps[0]
    assert (first.key, first.title) == ("one-step-ahead", "Here with us")
    assert [place for place, _step in replaced.steps()] == [place for place, _step in own.steps()]
    assert replaced.version != own.version


def test_a_new_file_is_added_where_its_number_puts_it(tmp_path: Path) -> None:
    folder = written(tmp_path, {"en/training/mentor/tr1/15-our-campus.md": "# Our campus\n\nTwo halls."})

    module = read_contents(folder).contents("en").trainings["mentor"].modules[0]

    assert [step.key for step in module.steps][:2] == ["one-step-ahead", "our-campus"]


def test_an_empty_file_removes_the_tools(tmp_path: Path) -> None:
    folder = written(tmp_path, {"en/training/mentor/tr1/40-what-you-gain.md": "\n"})

    said = problems(folder)

    assert all("leads nowhere" in line for line in said), "only links to the removed page are wrong"
    assert said


def test_a_translation_falls_back_to_english_file_by_file(tmp_path: Path) -> None:
    folder = written(tmp_path, {PAGE.replace("en/", "de/", 1): "# Einen Schritt voraus\n\nHallo."})

    german = read_contents(folder).contents("de-AT").trainings["mentor"].modules[0]

    assert [(step.title, step.language) for step in german.steps][:2] == [
        ("Einen Schritt voraus", "de"),
        ("What you are, and what you are not", "en"),
    ]


def test_progress_in_one_language_is_progress_in_every_other(tmp_path: Path) -> None:
    library = read_contents(written(tmp_path, {PAGE.replace("en/", "de/", 1): "# Einen Schritt voraus\n\nHallo."}))

    english, german = (library.contents(one).trainings["mentor"] for one in ("en", "de"))

    assert german.version == english.version
    assert {place: step.version for place, step in german.steps()} == {
        place: step.version for place, step in english.steps()
    }


@pytest.mark.parametrize("locale", [None, "", "fr", "en_GB", "../de", "EN"])
def test_a_language_without_texts_reads_english(locale: str | None) -> None:
    assert read_contents().contents(locale).language == "en"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (PAGE, "No title", f"{PAGE}: the first line must be the title, written as `# Title`"),
        (PAGE, "# Title only\n", f"{PAGE}: has nothing below the title"),
        (PAGE, "# Title\n\n[more](see:tr1/nowhere)", f"{PAGE}: the link see:tr1/nowhere leads nowhere"),
        ("en/training/mentor/tr1/50-sc1.toml", "title = ", "en/training/mentor/tr1/50-sc1.toml: Invalid value"),
        ("en/training/mentor/tr1/50-sc1.toml", 'titel = "x"', "50-sc1.toml: titel means nothing here"),
        ("en/training/mentor/tr1/50-sc1.toml", "title = 5", "50-sc1.toml: title must be a text"),
        ("en/training/mentor/tr1/notes.docx", "x", "notes.docx: nothing reads a file of this name here"),
        ("en/training/mentor/tr1/60-sc1.md", "# Again\n\nx", "training/mentor/tr1/: there are 2 of sc1"),
        (
            "en/training/mentor/quiz/90-own.toml",
            'topic = "campus"\n[[questions]]\nkey = "c1"',
            "the topic 'campus' is not named",
        ),
        ("en/documents/rules.md", "# Rules\n\nx", "rules.md: must begin with edition and dated_on"),
        (
            "en/documents/consent.md",
            '+++\nedition = "2b"\ndated_on = 2027-01-01\n+++\n# Consent\n\nx',
            "consent.md: people agree to this text, so its edition must be a whole number such as 2, not '2b'",
        ),
        ("en/guides/99-walk.toml", 'title = "A walk"', "99-walk.toml: purpose is missing (a text)"),
    ],
)
def test_a_fault_is_named_with_its_file_and_place(tmp_path: Path, name: str, text: str, said: str) -> None:
    assert said in "\n".join(problems(written(tmp_path, {name: text})))


def test_a_document_that_pages_need_cannot_be_removed(tmp_path: Path) -> None:
    folder = written(tmp_path, {"en/documents/consent.md": ""})

    assert problems(folder) == ["en/: consent is missing, and pages lead to it"]


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    folder = written(tmp_path, {PAGE: ""})
    (folder / PAGE).write_bytes(b"# Caf\xe9\n")

    assert any(line.startswith(f"{PAGE}: cannot be read as a UTF-8 text") for line in problems(folder))
