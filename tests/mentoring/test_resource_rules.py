"""Promises of shelves: only files that are what their names say, only addresses that lead to pages, and room."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.mentoring.resources import (
    FILE_TYPES,
    KINDS_IN_WORDS,
    LONGEST_FILE_NAME,
    MEGABYTE,
    MOST_THINGS,
    Shelf,
    clean_name,
    is_web_address,
    named_type,
    no_room,
    parse_link,
    problem_with_file,
)

EMPTY = Shelf(count=0, used_bytes=0, most_bytes=20 * MEGABYTE, largest_file_bytes=5 * MEGABYTE)


@given(st.text())
def test_a_cleaned_name_is_short_leads_nowhere_and_has_an_ending_or_is_none(name: str) -> None:
    cleaned = clean_name(name)

    assert not cleaned or ("." in cleaned.strip(".") and len(cleaned) <= max(LONGEST_FILE_NAME, len(name)))
    assert not set(cleaned) & set('/\\<>:"|?*\0\n\r\u202e')
    assert not cleaned.startswith("..")


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\Bob\\plan.PDF", "plan.pdf"),
        ("fdp.\u202etxt.exe", "fdp.txt.exe"),
        ("Plan für die Woche.docx", "Plan für die Woche.docx"),
        ("x" * 300 + ".pdf", "x" * (LONGEST_FILE_NAME - 4) + ".pdf"),
        (".htaccess", ""),
        ("no ending", ""),
    ],
)
def test_a_name_keeps_its_words_and_loses_its_tricks(given_name: str, kept: str) -> None:
    assert clean_name(given_name) == kept


@pytest.mark.parametrize(
    "name", ["page.html", "drawing.svg", "program.exe", "all.zip", "macros.docm", "noending", "a."]
)
def test_kinds_of_files_that_can_hold_a_program_are_not_taken(name: str) -> None:
    assert named_type(name) is None
    assert problem_with_file(name, 10, ["application/pdf"], EMPTY) is not None


def test_a_file_is_taken_only_as_what_its_content_is() -> None:
    assert problem_with_file("plan.pdf", 10, ["application/pdf"], EMPTY) is None
    lying = problem_with_file("plan.pdf", 10, ["application/x-dosexec"], EMPTY)
    assert lying is not None
    assert lying.values["ending"] == "PDF"


def test_an_empty_or_too_large_file_or_one_without_room_is_refused() -> None:
    found, full = ["application/pdf"], replace(EMPTY, used_bytes=EMPTY.most_bytes - 5)

    assert problem_with_file("a.pdf", 0, found, EMPTY)
    assert problem_with_file("a.pdf", EMPTY.largest_file_bytes, found, EMPTY) is None
    assert problem_with_file("a.pdf", EMPTY.largest_file_bytes + 1, found, EMPTY)
    assert problem_with_file("a.pdf", 5, found, full) is None
    assert problem_with_file("a.pdf", 6, found, full)
    assert no_room(replace(EMPTY, count=MOST_THINGS))


def test_the_sentence_names_every_kind_that_is_taken() -> None:
    assert {one.strip().lower().replace("jpeg", "jpg") for one in KINDS_IN_WORDS.split(",")} == {
        one.replace("jpeg", "jpg") for one in FILE_TYPES
    }


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,<script>",
        "//example.org/a",
        "https://",
        "https://bob:secret@example.org/",
        "https://example.org/a b",
        'https://example.org/"onmouseover=',
        "ftp://example.org/",
        "https://example.org:port/",
        "https://[::1",
        "https://example.org/" + "x" * 2000,
        "example.org",
    ],
)
def test_what_is_no_web_address_is_said_beside_the_field(address: str) -> None:
    assert not is_web_address(address)
    link, problems = parse_link({"address": address})
    assert link is None
    assert set(problems) == {"address"}


def test_a_link_without_title_is_named_by_its_host() -> None:
    link, problems = parse_link({"address": " https://library.example.edu/writing?x=1#top ", "note": "Good\r\nsteps "})

    assert problems == {}
    assert link is not None
    assert (link.title, link.note) == ("library.example.edu", "Good\nsteps")


@given(st.dictionaries(st.sampled_from(["address", "title", "note"]), st.text()))
def test_any_form_becomes_a_link_or_problems(form: dict[str, str]) -> None:
    link, problems = parse_link(form)

    assert (link is None) == bool(problems)
