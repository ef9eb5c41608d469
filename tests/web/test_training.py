"""Going through the training: resumable anywhere, explained at once, tried as often as one likes, finished once."""

import re

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from lti_tool.mentoring.training import Scenario
from lti_tool.mentoring.training import Training as Training_
from lti_tool.store.training import Training, find_training
from tests.conftest import Clock
from tests.outside import look_again
from tests.web.course import Browsers, Course, course

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def here(app: Flask, clock: Clock, pages: Browsers) -> Course:
    """A course whose mentors are trained."""
    return course(pages, clock.now.replace(year=2027), asks_application=False)


@pytest.fixture
def training(app: Flask) -> Training_:
    """The training for mentors as the tool has it."""
    found: Training_ = app.extensions["contents"].contents("en").trainings["mentor"]
    return found


def row(enrolment_id: int, key: str = "mentor") -> Training:
    """How far somebody is."""
    look_again()
    found = find_training(enrolment_id, key)
    assert found
    return found


def read_everything(here: Course, training: Training_) -> None:
    """Bob goes through every page and situation, from button to button."""
    for place, step in training.steps():
        fields = {"reply": "a"} if isinstance(step, Scenario) else {}
        here.bob.submit(f"training/mentor/{place}", f"/{place}", fields)


def take_quiz(here: Course, training: Training_, *, is_right: bool) -> BeautifulSoup:
    """Bob answers every question that is still open; the page at the end."""
    assert training.quiz
    questions = {one.key: one for one in training.quiz.questions}
    page = here.bob.open("training/mentor/quiz/")
    while found := page.select("a[href*='/quiz/']"):
        key = str(found[0]["href"]).rsplit("/", 1)[1]
        if key not in questions:
            return here.bob.pages.get(str(found[0]["href"]))
        question = questions[key]
        wrong = next(one.key for one in question.options if one.key != question.right)
        asked = here.bob.open(f"training/mentor/quiz/{key}").select("input[name=answer]")
        assert {one["value"] for one in asked} == {one.key for one in question.options}
        answer = {"answer": question.right if is_right else wrong}
        page = here.bob.submit(f"training/mentor/quiz/{key}", f"/quiz/{key}", answer)
    return page


def test_a_page_read_leads_to_the_next_one_and_is_kept(here: Course, training: Training_) -> None:
    first, second = [place for place, _step in training.steps()][:2]

    page = here.bob.submit(f"training/mentor/{first}", f"/{first}", {})
    contents = here.bob.open("training/mentor/")

    assert page.select("h1")[0].get_text() == training.step(second).title  # type: ignore[union-attr]  # there is a step
    assert contents.select(f"a.button[href$='/training/mentor/{second}']")
    assert re.search(r"About \d+ minutes left", contents.get_text())


def test_a_situation_shows_the_consequence_after_the_choice_and_not_before(here: Course, training: Training_) -> None:
    place, step = next((place, step) for place, step in training.steps() if isinstance(step, Scenario))
    before = here.bob.open(f"training/mentor/{place}")

    after = here.bob.submit(f"training/mentor/{place}", f"/{place}", {"reply": "b"})
    other = here.bob.submit(f"training/mentor/{place}", f"/{place}", {"reply": "a"})

    assert len(before.select("input[name=reply]")) == len(after.select("input[name=reply]")) == 3
    second = next(reply for reply in step.replies if reply.key == "b")
    assert second.consequence not in before.get_text()
    assert step.wording not in before.get_text()
    assert second.consequence in after.get_text()
    assert step.wording in after.get_text()
    assert second.consequence not in other.get_text()
    assert row(here.bob_enrolment).replies == {place: "a"}


@pytest.mark.parametrize("reply", ["", "z", "a" * 10_000, "\x00"])
def test_a_reply_that_is_none_is_refused_kindly(here: Course, training: Training_, reply: str) -> None:
    place = next(place for place, step in training.steps() if isinstance(step, Scenario))

    page = here.bob.submit(f"training/mentor/{place}", f"/{place}", {"reply": reply})

    assert "Please choose one of the three replies" in page.get_text()


def test_the_whole_training_is_finished_with_the_quiz(here: Course, training: Training_) -> None:
    read_everything(here, training)
    assert row(here.bob_enrolment).finished_at is None

    page = take_quiz(here, training, is_right=True)

    assert "You have passed" in page.select("h1")[0].get_text()
    assert row(here.bob_enrolment).quiz_tries == 1
    assert row(here.bob_enrolment).finished_at is not None
    assert "What happens next" in here.bob.open().get_text()


def test_a_failed_quiz_says_what_is_missing_and_gives_other_questions(here: Course, training: Training_) -> None:
    page = take_quiz(here, training, is_right=False)
    before = set(row(here.bob_enrolment).quiz_answers["answers"])

    here.bob.submit("training/mentor/quiz/", "/quiz/", {})
    again = take_quiz(here, training, is_right=True)
    after = set(row(here.bob_enrolment).quiz_answers["answers"])

    assert "Not passed yet" in page.select("h1")[0].get_text()
    assert "Every question about this must be right" in page.get_text()
    assert "You have passed" in again.select("h1")[0].get_text()
    assert before != after
    assert row(here.bob_enrolment).quiz_tries == 2


def test_the_quiz_goes_on_where_it_was_left_and_an_explained_answer_stays(here: Course) -> None:
    first = str(here.bob.open("training/mentor/quiz/").select("a.button[href*='/quiz/']")[0]["href"])
    key = first.rsplit("/", 1)[1]
    explained = here.bob.submit(f"training/mentor/quiz/{key}", f"/quiz/{key}", {"answer": "a"})
    here.bob.open("training/mentor/quiz/nothing", status=404)

    onward = here.bob.open("training/mentor/quiz/").select("a.button[href*='/quiz/']")[0]["href"]

    assert explained.select("form") == []
    assert onward != first
    assert row(here.bob_enrolment).quiz_answers["answers"] == {key: "a"}


def test_a_question_without_an_answer_is_asked_again(here: Course) -> None:
    first = str(here.bob.open("training/mentor/quiz/").select("a.button[href*='/quiz/']")[0]["href"])
    key = first.rsplit("/", 1)[1]

    page = here.bob.submit(f"training/mentor/quiz/{key}", f"/quiz/{key}", {"answer": "zzz"}, status=422)

    assert page.select("#f-answer-problem")


def test_mentees_have_a_primer_and_not_the_training_for_mentors(here: Course) -> None:
    here.dana.open("training/", status=303)
    here.dana.open("training/mentee/")

    here.dana.open("training/mentor/", status=404)
    here.dana.open("training/mentor/quiz/", status=404)
    here.dana.open("training/mentee/quiz/", status=404)
    here.dana.open("training/mentee/nowhere/at-all", status=404)


def test_every_page_of_both_trainings_opens(app: Flask, here: Course) -> None:
    for key, made in app.extensions["contents"].contents("en").trainings.items():
        for place, _step in made.steps():
            here.bob.open(f"training/{key}/{place}")
    for key in app.extensions["contents"].contents("en").documents:
        here.bob.open(f"training/documents/{key}")
    here.bob.open("training/documents/nothing", status=404)
