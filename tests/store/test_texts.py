"""Promises of the tool's own texts: complete, short, and in nobody else's name."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from lti_tool.mentoring.contents import Contents
from lti_tool.mentoring.guides import Guide
from lti_tool.mentoring.quiz import QuizQuestion
from lti_tool.mentoring.training import Page, ReplyKind, Scenario, Training, word_count
from lti_tool.store.contents import OWN, read_contents
from lti_tool.web.markdown import to_html

CONTENTS: Contents = read_contents().contents("en")
MENTOR = CONTENTS.trainings["mentor"]
MENTEE = CONTENTS.trainings["mentee"]
PRODUCTS = (
    *("Asana", "Blackboard", "Brightspace", "Canvas", "ChatGPT", "Discord", "Facebook", "FaceTime", "Gmail", "Google"),
    *("Instagram", "LinkedIn", "Microsoft", "Moodle", "Outlook", "Sakai", "Signal", "Skype", "Slack", "Teams"),
    *("Telegram", "TikTok", "Trello", "Twitter", "Webex", "WhatsApp", "YouTube", "Zoom"),
)
FILES = sorted(OWN.rglob("*.*"))


def steps() -> Iterator[tuple[str, Page | Scenario]]:
    """Every page and scenario of all trainings."""
    for training in CONTENTS.trainings.values():
        yield from training.steps()


def pages() -> dict[str, str]:
    """Every page by its place: title and text."""
    found = {place: f"{step.title}\n\n{step.body}" for place, step in steps() if isinstance(step, Page)}
    return found | {f"documents/{one.key}": f"{one.title}\n\n{one.body}" for one in CONTENTS.documents.values()}


def scenarios() -> dict[str, Scenario]:
    """Every scenario by its place."""
    return {place: step for place, step in steps() if isinstance(step, Scenario)}


def questions() -> tuple[QuizQuestion, ...]:
    """Every question of the quiz."""
    assert MENTOR.quiz is not None
    return MENTOR.quiz.questions


def test_mentors_have_eight_modules_and_fourteen_scenarios_and_mentees_three_modules() -> None:
    assert [one.key for one in MENTOR.modules] == [f"tr{number}" for number in range(1, 9)]
    assert [one.key for one in scenarios().values()] == [f"sc{number}" for number in range(1, 15)]
    assert [one.key for one in MENTEE.modules] == ["pr1", "pr2", "pr3"]


def test_a_mentor_needs_an_hour_to_an_hour_and_a_half_and_a_mentee_a_quarter_of_an_hour() -> None:
    assert 60 <= MENTOR.minutes <= 90
    assert 8 <= MENTEE.minutes <= 15


@pytest.mark.parametrize("place", pages())
def test_a_page_has_fewer_than_250_words(place: str) -> None:
    assert 100 < word_count(pages()[place]) < 250


@pytest.mark.parametrize("place", pages())
def test_a_pages_headings_start_below_its_title_and_skip_no_rank(place: str) -> None:
    html = str(to_html(pages()[place].partition("\n\n")[2], lambda place: f"/{place}"))

    ranks = [int(rank) for rank in re.findall(r"<h(\d)", html)]
    assert ranks == [2] * len(ranks)


@pytest.mark.parametrize("place", scenarios())
def test_a_situation_has_60_to_90_words_and_each_kind_of_reply(place: str) -> None:
    one = scenarios()[place]

    assert 60 <= word_count(one.situation) <= 90
    assert {reply.kind for reply in one.replies} == set(ReplyKind)
    assert all(15 <= word_count(reply.consequence) <= 60 for reply in one.replies)


def test_neither_the_place_nor_the_length_of_a_reply_gives_it_away() -> None:
    places = Counter(reply.key for one in scenarios().values() for reply in one.replies if reply.kind is ReplyKind.GOOD)
    longest = sum(
        max(one.replies, key=lambda reply: len(reply.text)).kind is ReplyKind.GOOD for one in scenarios().values()
    )

    assert set(places) == {"a", "b", "c"}
    assert max(places.values()) <= 7
    assert longest <= 7


def test_the_quiz_has_twice_the_questions_it_asks_of_every_topic() -> None:
    assert MENTOR.quiz is not None
    drawn = {topic.key: topic.drawn for topic in MENTOR.quiz.topics}

    assert drawn == {"role": 5, "listening": 4, "goals": 3, "conflict": 3, "confidentiality": 3, "tool": 2}
    assert Counter(one.topic for one in questions()) == {key: 2 * count for key, count in drawn.items()}
    assert [topic.key for topic in MENTOR.quiz.topics if topic.must_be_all_right] == ["confidentiality"]
    assert MENTOR.quiz.pass_percent == 80


@pytest.mark.parametrize("question", questions(), ids=lambda one: one.key)
def test_every_answer_of_the_quiz_is_explained_in_words_of_its_own(question: QuizQuestion) -> None:
    explanations = [option.explanation for option in question.options]

    assert len(set(explanations)) == len(explanations) == len({option.text for option in question.options})
    assert all(5 <= word_count(text) <= 40 for text in explanations)


def test_neither_the_place_nor_the_length_of_an_answer_gives_it_away() -> None:
    places = Counter(one.right for one in questions())
    longest = sum(max(one.options, key=lambda option: len(option.text)).key == one.right for one in questions())

    assert min(places[letter] for letter in "abc") >= 8
    assert 5 <= longest <= 16


def test_the_application_asks_the_unanswered_message_and_the_homework() -> None:
    assert [one.key for one in MENTOR.application] == ["sc2", "sc9"]


def test_there_are_twelve_guides_with_three_openers_and_four_questions_each() -> None:
    assert len(CONTENTS.guides) == 12
    for guide in CONTENTS.guides:
        assert (len(guide.openers), len(guide.questions)) == (3, 4), guide.key


@pytest.mark.parametrize("guide", CONTENTS.guides, ids=lambda one: one.key)
def test_a_guide_fits_on_one_page(guide: Guide) -> None:
    texts = (guide.purpose, guide.listen_for, guide.say_back, guide.close, guide.text_version, guide.boundary)

    assert word_count(" ".join((*texts, *guide.openers, *guide.questions))) < 250


def test_there_are_the_documents_that_pages_link_to() -> None:
    assert {"code-of-conduct", "consent", "help", "techniques", "video-tools"} == set(CONTENTS.documents)
    for document in CONTENTS.documents.values():
        assert document.edition
        assert document.dated_on.year >= 2026


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(OWN).as_posix())
def test_no_text_names_another_product_or_holds_html_or_straight_quotes(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    prose = text.partition("# ")[2]

    assert [name for name in PRODUCTS if re.search(rf"\b{name}\b", text)] == []
    assert re.findall(r"<[a-z/!]", text) == []
    if file.suffix == ".md":
        assert re.findall(r"[\"']", prose) == []


def test_every_training_can_be_read_to_its_end() -> None:
    for training in CONTENTS.trainings.values():
        assert_every_step_follows(training)


def assert_every_step_follows(training: Training) -> None:
    """Going on from each step passes all of them, in order, back and forth."""
    places = [place for place, _step in training.steps()]
    for before, after in pairwise(places):
        assert training.neighbours(before)[1] == after
        assert training.neighbours(after)[0] == before
    assert training.neighbours(places[0])[0] is None
    assert training.neighbours(places[-1])[1] == ("quiz" if training.quiz else None)
