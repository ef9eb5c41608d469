"""Training on both databases: two windows at once lose nothing, and the first answer of the quiz counts."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask

from lti_tool.actions.training import answer, drawn_for, read, reply, result_of, try_again
from lti_tool.mentoring.training import Page, Scenario
from lti_tool.mentoring.training import Training as Course
from lti_tool.store.db import db
from lti_tool.store.training import Training, answers_in, done_in, find_training
from tests import make
from tests.conftest import Clock
from tests.outside import look_again


@pytest.fixture
def course(app: Flask) -> Course:
    """The training for mentors."""
    found: Course = app.extensions["contents"].contents("en").trainings["mentor"]
    return found


@pytest.fixture
def bob(app: Flask) -> int:
    """Bob's enrolment."""
    at = make.setting()
    return make.enrolment(at, make.person(at, "Bob Birchwood"), role="mentor")


def row(enrolment_id: int) -> Training:
    """How far somebody is."""
    look_again()
    found = find_training(enrolment_id, "mentor")
    assert found
    return found


def at_once(app: Flask, *steps: Callable[[], None]) -> None:
    """Do these at the same moment, each with a session of its own."""
    barrier = threading.Barrier(len(steps))

    def run(step: Callable[[], None]) -> None:
        with app.app_context():
            barrier.wait()
            step()

    threads = [threading.Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_windows_at_once_keep_what_both_did(app: Flask, bob: int, course: Course, clock: Clock) -> None:
    pages = [place for place, step in course.steps() if isinstance(step, Page)][:2]
    scenario = next(place for place, step in course.steps() if isinstance(step, Scenario))
    questions = drawn_for(None, bob, course).questions[:2]
    db.session.rollback()

    at_once(app, *(lambda place=place: read(bob, course, place, now=clock.now) for place in pages))  # type: ignore[misc]  # bound in the loop
    at_once(
        app,
        lambda: reply(bob, course, scenario, "a", now=clock.now),
        *(lambda one=one: answer(bob, course, one.key, "a", now=clock.now) for one in questions),  # type: ignore[misc]  # bound in the loop
    )

    assert set(done_in(row(bob))) == {*pages, scenario}
    assert set(answers_in(row(bob))) == {one.key for one in questions}


def test_the_first_answer_counts_since_it_was_explained(bob: int, course: Course, clock: Clock) -> None:
    question = drawn_for(None, bob, course).questions[0]
    first, second = question.options[:2]

    answer(bob, course, question.key, first.key, now=clock.now)
    answer(bob, course, question.key, second.key, now=clock.now)

    assert answers_in(row(bob)) == {question.key: first.key}


def test_an_unfinished_try_goes_on_and_a_finished_one_is_followed_by_another(
    bob: int, course: Course, clock: Clock
) -> None:
    for question in drawn_for(None, bob, course).questions:
        try_again(bob, course, now=clock.now)
        answer(bob, course, question.key, question.right, now=clock.now)

    first = row(bob)
    passed_at = first.passed_at
    result = result_of(first, bob, course)
    try_again(bob, course, now=clock.advance(hours=1))

    assert result
    assert result.is_passed
    assert (row(bob).quiz_tries, answers_in(row(bob)), row(bob).passed_at) == (1, {}, passed_at)


@pytest.mark.parametrize("place", ["tr1", "tr1/nothing", "", "quiz"])
def test_what_is_no_place_of_the_course_is_refused(bob: int, course: Course, clock: Clock, place: str) -> None:
    with pytest.raises(LookupError):
        read(bob, course, place, now=clock.now)
    with pytest.raises(LookupError):
        reply(bob, course, place, "a", now=clock.now)
    with pytest.raises(LookupError):
        answer(bob, course, place, "a", now=clock.now)
