"""A course's own words in the tool's sentences."""

import pytest

from lti_tool.mentoring.programme import USUAL_DUTIES
from lti_tool.mentoring.role_words import USUAL, RoleWords, all_said_with, role_words, said_with, several
from lti_tool.mentoring.training import Page, Reply, ReplyKind


def words(mentor: str = "Buddy", mentee: str = "Ally", **more: str) -> RoleWords:
    """Somebody's own words."""
    found = role_words(mentor, mentee, **more)
    assert found
    return found


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Get a mentor, or be one.", "Get a buddy, or be one."),
        ("Mentors apply first", "Buddies apply first"),
        ("The mentors’ board", "The buddies’ board"),
        ("A mentee of one mentor", "An ally of one buddy"),
        ("Lock %(mentee)s and %(mentor)s", "Lock %(mentee)s and %(mentor)s"),
        ("%(num)s mentees", "%(num)s allies"),
        ("Peer Mentoring", "Peer Mentoring"),
        ("[here](see:tr1/mentor)", "[here](see:tr1/mentor)"),
        ("A buddy and a mentor", "A buddy and a buddy"),
    ],
)
def test_a_sentence_speaks_in_the_courses_words(sentence: str, said: str) -> None:
    assert said_with(sentence, words()) == said


def test_a_word_that_holds_the_usual_one_is_put_in_once() -> None:
    own = words("Peer mentor", "PAL")

    assert said_with("Get a mentor.", own) == "Get a peer mentor."
    assert said_with("Peer mentors", own) == "Peer mentors"
    assert said_with("How many mentees?", own) == "How many PALs?"


def test_the_usual_words_change_nothing() -> None:
    assert role_words("Mentor", "Mentee") is None
    assert role_words("mentor", "mentee") is None


def test_several_may_be_called_otherwise_than_in_english() -> None:
    own = words("Pate", "Patenkind", mentors="Paten", mentees="Patenkinder")

    assert said_with("Mentors and mentees", own) == "Paten and patenkinder"


@pytest.mark.parametrize(
    ("one", "many"), [("Buddy", "Buddies"), ("Boy", "Boys"), ("Coach", "Coaches"), ("Peer leader", "Peer leaders")]
)
def test_the_plural_follows_from_the_singular(one: str, many: str) -> None:
    assert several(one) == many


@pytest.mark.parametrize("odd", ["<b>Bud</b>", "100 % Bud", '"Bud" & {{7*7}}', "Bud\u202edy", "%(name)s"])
def test_no_word_breaks_a_sentence_or_the_page_around_it(odd: str) -> None:
    said = said_with("Get a mentor, %(name)s.", words(odd))

    assert not set("<>&\"'{}\u202e") & set(said)
    assert "Dana" in said % {"name": "Dana"}


def test_words_of_a_language_are_looked_for_in_its_sentences() -> None:
    assert said_with("Trouver un tuteur", words("Parrain"), ("tuteur", "tuteurs", "tutoré", "tutorés")) == (
        "Trouver un parrain"
    )


def test_texts_from_files_keep_what_names_them() -> None:
    page = Page(
        key="mentor", title="The mentor", body="A mentee. See [it](see:tr1/mentor).", language="en", version="1"
    )
    reply = Reply(key="a", kind=ReplyKind.GOOD, text="As your mentor …", consequence="Your mentee smiles.")

    read, said = all_said_with((page, reply), words())

    assert (read.key, read.title, read.version) == ("mentor", "The buddy", "1")
    assert read.body == "An ally. See [it](see:tr1/mentor)."
    assert (said.kind, said.text, said.consequence) == (ReplyKind.GOOD, "As your buddy …", "Your ally smiles.")


def test_what_is_expected_of_each_side_is_said_without_naming_it() -> None:
    assert set(USUAL_DUTIES) == {USUAL[0], USUAL[2]}
    assert not any(word in text for text in USUAL_DUTIES.values() for word in USUAL)
