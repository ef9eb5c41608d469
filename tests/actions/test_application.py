"""Applications on both databases: nothing written is lost, and of two people who decide at once one is told."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.actions.application import decide_several, review, save, save_page, seen, send, withdraw
from lti_tool.mentoring.application import Decision, Review, Step, StepNotPossible, pages
from lti_tool.mentoring.settling import Sent, drawn_with
from lti_tool.store.application import Application, application_counts, application_page, find_application
from lti_tool.store.db import db
from lti_tool.store.programme import AuditEntry
from tests import make
from tests.conftest import Clock
from tests.outside import look_again

ABOUT = pages([], is_asked=False)
QUESTIONS = [one for step in Step for one in ABOUT[step]]
WHOLE = {"motivation": " ".join(["word"] * 90), "struggle": "Statistics.", "training": "yes"}


@pytest.fixture
def here(app: Flask) -> make.Setting:
    """A programme whose mentors apply."""
    return make.setting(asks_application=True)


@pytest.fixture
def alice(here: make.Setting) -> int:
    """Alice, who teaches."""
    return make.person(here, "Alice Ashford", role="instructor")


@pytest.fixture
def bob(here: make.Setting) -> int:
    """Bob's enrolment as a mentor."""
    return make.enrolment(here, make.person(here, "Bob Birchwood"), role="mentor")


def application(enrolment_id: int) -> Application:
    """The application as it is now."""
    look_again()
    found = find_application(enrolment_id)
    assert found
    return found


def given(decision: Decision | None, *, words: str = "", note: str = "", **marks: int) -> Review:
    """What staff decide."""
    return Review(decision=decision, marks=marks, note=note, words=words)


def test_a_draft_is_kept_as_it_grows(bob: int, clock: Clock) -> None:
    save(bob, {"motivation": "Because", "struggle": "Maths"}, now=clock.now)
    save(bob, {"motivation": "Because I can", "reference": None}, now=clock.advance(minutes=5))
    save(bob, {"struggle": None}, now=clock.advance(minutes=5))

    assert application(bob).answers == {"motivation": "Because I can"}
    assert application(bob).state == "draft"


def test_an_incomplete_application_is_kept_but_not_sent(bob: int, clock: Clock) -> None:
    problems = send(bob, {"motivation": "Because"}, QUESTIONS, now=clock.now)

    assert set(problems) == {"motivation", "struggle", "training"}
    assert (application(bob).state, application(bob).answers) == ("draft", {"motivation": "Because"})


def test_a_sent_application_is_changed_taken_back_and_sent_again(bob: int, clock: Clock) -> None:
    assert send(bob, WHOLE, QUESTIONS, now=clock.now) == {}
    save(bob, {"struggle": "Chemistry."}, now=clock.advance(minutes=1))
    assert application(bob).state == "submitted"

    assert withdraw(bob, now=clock.advance(minutes=1))
    assert (application(bob).state, application(bob).submitted_at) == ("draft", None)
    assert not withdraw(bob, now=clock.now)
    assert send(bob, {}, QUESTIONS, now=clock.advance(minutes=1)) == {}
    assert application(bob).answers["struggle"] == "Chemistry."


def test_staff_ask_the_person_answers_and_staff_approve(here: make.Setting, alice: int, bob: int, clock: Clock) -> None:
    send(bob, WHOLE, QUESTIONS, now=clock.now)
    ask = given(Decision.ASK, words="When are you free?", note="Warm.", motivation=3)
    as_seen = seen(application(bob))

    assert review(here.programme_id, bob, ask, seen_as=as_seen, by=alice, now=clock.advance(hours=1)) is None
    assert (application(bob).state, application(bob).message) == ("asked", "When are you free?")
    asked = [one for page in pages([], is_asked=True).values() for one in page]
    assert set(send(bob, {}, asked, now=clock.now)) == {"reply"}
    assert send(bob, {"reply": "On Mondays."}, asked, now=clock.advance(hours=1)) == {}
    approve = given(Decision.APPROVE, note="Warm.", motivation=3)
    as_seen = seen(application(bob))
    assert review(here.programme_id, bob, approve, seen_as=as_seen, by=alice, now=clock.now) is None

    row = application(bob)
    assert (row.state, row.decided_by, row.rubric, row.note) == ("approved", alice, {"motivation": 3}, "Warm.")
    entries = db.session.scalars(select(AuditEntry.what).order_by(AuditEntry.id)).all()
    assert entries == ["application.ask", "application.decide"]


def test_what_is_decided_is_not_changed_by_its_writer(here: make.Setting, alice: int, bob: int, clock: Clock) -> None:
    send(bob, WHOLE, QUESTIONS, now=clock.now)
    decide_several(here.programme_id, [bob], Decision.APPROVE, by=alice, now=clock.now)

    with pytest.raises(StepNotPossible, match="decided already"):
        save(bob, {"motivation": "Other"}, now=clock.now)
    assert not withdraw(bob, now=clock.now)
    assert application(bob).answers == WHOLE


def test_the_second_of_two_staff_sees_the_first_decision_and_saves_nothing_over_it(
    here: make.Setting, alice: int, bob: int, clock: Clock
) -> None:
    send(bob, WHOLE, QUESTIONS, now=clock.now)
    both_saw = seen(application(bob))
    first = given(Decision.APPROVE, note="Yes please.")
    review(here.programme_id, bob, first, seen_as=both_saw, by=alice, now=clock.advance(seconds=1))

    second = given(Decision.DECLINE, words="No.", note="Hm.")
    newer = review(here.programme_id, bob, second, seen_as=both_saw, by=alice, now=clock.advance(seconds=1))

    assert newer
    assert (newer.state, newer.note) == ("approved", "Yes please.")
    assert (application(bob).state, application(bob).note) == ("approved", "Yes please.")
    again = review(here.programme_id, bob, second, seen_as=seen(newer), by=alice, now=clock.advance(seconds=1))
    assert again is None
    assert application(bob).state == "declined"


def test_of_two_decisions_at_the_very_same_moment_one_is_told(
    app: Flask, here: make.Setting, alice: int, bob: int, clock: Clock
) -> None:
    send(bob, WHOLE, QUESTIONS, now=clock.now)
    as_seen, now = seen(application(bob)), clock.advance(minutes=1)
    db.session.rollback()
    outcomes: list[bool] = []

    def decide(one: Review) -> None:
        with app.app_context():
            outcomes.append(review(here.programme_id, bob, one, seen_as=as_seen, by=alice, now=now) is None)

    at_once(
        lambda: decide(given(Decision.APPROVE, note="one")), lambda: decide(given(Decision.ASK, words="?", note="two"))
    )

    assert sorted(outcomes) == [False, True]
    assert (application(bob).state, application(bob).note) in {("approved", "one"), ("asked", "two")}


def test_two_tabs_that_save_different_pages_lose_nothing(app: Flask, bob: int, clock: Clock) -> None:
    def keep(**values: str) -> None:
        with app.app_context():
            save(bob, dict(values), now=clock.now)

    at_once(lambda: keep(motivation="one"), lambda: keep(struggle="two"))

    assert application(bob).answers == {"motivation": "one", "struggle": "two"}


def test_two_windows_that_save_one_page_at_once_keep_what_each_has_changed(app: Flask, bob: int, clock: Clock) -> None:
    questions = pages([], is_asked=False)[Step.ABOUT]
    drawn = {one.key: drawn_with(one, None) for one in questions}

    def keep(key: str, text: str) -> None:
        with app.app_context():
            form = {one.key: [text if one.key == key else ""] for one in questions}
            save_page(bob, questions, Sent(form=form, drawn=drawn, chosen={}), now=clock.now)

    at_once(lambda: keep("motivation", "one"), lambda: keep("struggle", "two"))
    keep("struggle", "three")

    assert application(bob).answers == {"motivation": "one", "struggle": "two"}


def test_several_are_approved_at_once_and_the_decided_are_left(
    here: make.Setting, alice: int, bob: int, clock: Clock
) -> None:
    others = [make.enrolment(here, make.person(here, f"Student {number}"), role="mentor") for number in range(3)]
    for one in [bob, *others[:2]]:
        send(one, WHOLE, QUESTIONS, now=clock.now)
    decline = given(Decision.DECLINE, words="No.")
    review(here.programme_id, bob, decline, seen_as=seen(application(bob)), by=alice, now=clock.advance(minutes=1))

    done = decide_several(here.programme_id, [bob, *others, 999], Decision.APPROVE, by=alice, now=clock.now)

    assert (done.done, done.left) == (2, 3)
    assert application_counts(here.programme_id) == {"approved": 2, "declined": 1}


def test_another_programme_decides_nothing_here(alice: int, bob: int, clock: Clock) -> None:
    send(bob, WHOLE, QUESTIONS, now=clock.now)
    other = make.setting(context_id="chem-101")

    done = decide_several(other.programme_id, [bob], Decision.APPROVE, by=alice, now=clock.now)
    with pytest.raises(LookupError):
        review(other.programme_id, bob, given(None), seen_as=seen(application(bob)), by=alice, now=clock.now)

    assert done.done == 0
    assert application_page(other.programme_id, states={"submitted"})[1] == 0  # type: ignore[arg-type]  # a word is a state


def at_once(*steps: Callable[[], None]) -> None:
    """Do these at the same moment, each in a thread of its own."""
    barrier = threading.Barrier(len(steps))

    def run(step: Callable[[], None]) -> None:
        barrier.wait()
        step()

    threads = [threading.Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
