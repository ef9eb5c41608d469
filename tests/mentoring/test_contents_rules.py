"""Promises of the files' form: whatever staff write, they get values or a list of what is wrong, never a fault."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.mentoring.contents import Contents, ContentsWrong, parse_contents
from lti_tool.mentoring.sources import Source, Table, in_folder, key_of, naturally

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(
    [
        "training/mentor/training.toml",
        "training/mentor/tr1/module.toml",
        "training/mentor/tr1/10-page.md",
        "training/mentor/tr1/20-scenario.toml",
        "training/mentor/quiz/10-role.toml",
        "guides/10-first.toml",
        "documents/help.md",
        "documents/logo.png",
        "training/notes.txt",
        "README.md",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(max_size=20).map(lambda text: f"# {text}\n\n{text}"),
    st.text(max_size=20).map(lambda text: f"+++\nedition = '1'\ndated_on = 2026-01-01\n+++\n# Title\n\n{text}"),
    st.sampled_from(
        [
            "title = 1",
            "[[replies]]",
            "replies = 5",
            "topics = [1, 2]",
            "[[questions]]\n[[questions.answers]]\nright = 1",
            "topic = 'role'\nquestions = {}",
            "pass_percent = true\n[[topics]]\ndrawn = -1",
            "application = ['tr1/page', 5]",
            "openers = ['', 1]",
        ]
    ),
)


def outcome(files):
    """The contents, or what is wrong with them."""
    try:
        return parse_contents("en", files)
    except ContentsWrong as fault:
        return fault.problems


@given(st.dictionaries(NAMES, TEXTS, max_size=6))
def test_whatever_the_files_hold_they_are_contents_or_named_as_wrong(texts):
    files = {path: Source(text=text, language="en") for path, text in texts.items()}

    said = outcome(files)

    assert isinstance(said, Contents) or (said and all(line.startswith((*files, "training/")) for line in said))


@given(st.sampled_from(["text", "texts", "tables", "whole", "flag", "day", "one_of"]), VALUES)
def test_a_value_of_a_wrong_kind_is_named_and_never_a_fault(method, value):
    problems = []
    table = Table({} if value is None else {"name": value}, "file.toml", problems)
    more = {"whole": (1, 5), "one_of": (["a", "b"],)}.get(method, ())

    found = getattr(table, method)("name", *more)

    if value is None and method != "flag":
        assert problems
    assert all(line.startswith("file.toml: ") for line in problems)
    assert found is not None


def test_a_file_that_is_no_toml_is_named_once():
    problems = []

    table = Table.read("file.toml", "title = ", problems)
    table.text("title")
    table.texts("openers")

    assert len(problems) == 1


def test_a_text_loses_the_line_breaks_of_its_file_and_keeps_its_paragraphs():
    table = Table(tomllib.loads('text = """\nOne\ntwo.\n\nThree.\n"""'), "file.toml", [])

    assert table.text("text") == "One two.\n\nThree."


def test_files_come_in_the_order_of_their_numbers():
    assert naturally(["tr10", "tr2", "tr1"]) == ["tr1", "tr2", "tr10"]
    assert in_folder(["a/10-x.md", "a/9-y.md", "a/b/1-z.md", "c/1-x.md"], "a/") == ["a/9-y.md", "a/10-x.md"]


def test_the_key_of_a_file_is_its_name_without_number_and_ending():
    assert [key_of(name) for name in ("tr1/10-who-you-are.md", "sc1.toml", "Help.md", "page.md~", ".md")] == [
        "who-you-are",
        "sc1",
        None,
        None,
        None,
    ]
