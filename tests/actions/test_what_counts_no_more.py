"""Points that count no more, or again: what a release, a decision or a new try sends then, and what it leaves."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select, update

from lti_tool.actions import meetings
from lti_tool.actions.cells import CHANGED_THERE, NOT_SHOWN, apply
from lti_tool.actions.decisions import say_cleared, use_ours
from lti_tool.actions.gradebook import try_again
from lti_tool.actions.participation import recount
from lti_tool.actions.release_for_many import release_people
from lti_tool.mentoring.gradebook_cells import Verdict
from lti_tool.mentoring.gradebook_states import State
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.gradebook import Score
from lti_tool.store.participation import Excuse
from lti_tool.store.people import Member
from tests.actions.test_participation import Two
from tests.actions.test_what_is_released import arrived_and_disputed, arrives, goes_on, points_of, released, states_of
from tests.conftest import Clock


def the_score(two: Two) -> Score:
    """Dana's score in the one column there is."""
    person = db.session.get_one(Enrolment, two.dana).person_id
    return db.session.scalars(select(Score).filter_by(person_id=person)).one()


def test_points_that_count_again_after_the_cell_was_emptied_can_be_released_again(app: Flask, clock: Clock) -> None:
    two = released(clock)
    arrives(two, two.dana)
    before = points_of(two, two.dana)
    two.excuse(two.dana, "all")
    two.release()
    say_cleared(two.at.programme_id, the_score(two).id, by=two.alice, now=two.clock.now)
    with transaction() as session:
        session.execute(update(Excuse).values(undone_at=two.clock.now))
    with transaction():
        recount(two.programme, now=two.clock.now)

    news = (two.total(two.dana).has_news, states_of(two, two.dana))
    count = two.release(two.dana)

    assert news == (True, [State.READY])
    assert (count, two.scores(two.dana)) == (1, {"all": (before["all"], "waiting")})


def test_refused_points_that_are_none_any_more_are_taken_back_by_a_release(app: Flask, clock: Clock) -> None:
    two = released(clock)
    with transaction() as session:
        session.execute(update(Score).values(state="refused", problem="Locked."))
    two.excuse(two.dana, "all")
    two.release()

    assert two.scores(two.dana) == {}


def test_the_clock_has_no_cell_emptied_whose_points_only_have_to_wait(app: Flask, clock: Clock) -> None:
    two = Two(clock, release="after_due", columns="three", phase="running")
    two.day(3)
    two.excuse(two.dana, "check_in")
    two.day(16)
    first = two.meet()
    goes_on(two, 19.6)
    arrives(two, two.dana)
    meetings.dispute(two.pair, first, two.dana, "We did not meet.", now=two.day(20))
    two.excuse(two.dana, "meeting:1")
    two.day(33.2)
    two.meet()
    before = two.scores(two.dana)["participation"]
    release_people(two.at.programme_id, [two.dana], by=None, now=two.day(34))  # the second was due on day 33.5

    assert before[1] == "sent"
    assert two.scores(two.dana)["participation"] == before


@pytest.fixture
def two_void(app: Flask, clock: Clock) -> Two:
    """Bob and Dana, whose only meeting has arrived in the LMS and is disputed since."""
    return arrived_and_disputed(clock)


def seen(two: Two, found: Verdict, there: Decimal | None = None, **before: object) -> Score:
    """The LMS shows something of Dana's participation, which was so before; her score after it."""
    with transaction() as session:
        score = score_of(two)
        for name, value in before.items():
            setattr(score, name, value)
        session.flush()
        apply(score, found, there, two.clock.now)
    return score_of(two)


def score_of(two: Two) -> Score:
    """Dana's participation."""
    person = db.session.get_one(Enrolment, two.dana).person_id
    return db.session.scalars(select(Score).filter_by(person_id=person, part="participation")).one()


def test_points_that_count_no_more_do_not_replace_what_a_teacher_wrote(two_void: Two) -> None:
    score = seen(two_void, Verdict.CHANGED, Decimal(0))
    again = use_ours(two_void.at.programme_id, {score.id: Decimal(0)}, by=two_void.alice, now=two_void.clock.now)

    assert again == [score.id]
    assert (score_of(two_void).state, score_of(two_void).problem) == ("differs", CHANGED_THERE)


def test_points_that_count_no_more_are_not_sent_when_somebody_is_back(two_void: Two) -> None:
    seen(two_void, Verdict.HOLD)
    with transaction() as session:
        person = session.get_one(Enrolment, two_void.dana).person_id
        session.scalars(select(Member).filter_by(person_id=person)).one().is_active = False
    with transaction():
        recount(two_void.programme, now=two_void.clock.now)
    try_again(two_void.at.programme_id, now=two_void.clock.now)
    held = score_of(two_void).state
    with transaction() as session:
        session.scalars(select(Member).filter_by(person_id=person)).one().is_active = True
    seen(two_void, Verdict.RESUME)

    assert held == "held"
    assert states_of(two_void, two_void.dana)[1] is State.OUTDATED


def test_points_that_count_no_more_and_are_not_shown_are_not_sent_once_more(two_void: Two) -> None:
    score = seen(two_void, Verdict.SEND_AGAIN, confirmed_at=None)

    assert score.state == "sent"
    assert states_of(two_void, two_void.dana)[1] is State.OUTDATED


def test_points_that_were_sent_once_more_are_said_to_count_no_more_as_well(two_void: Two) -> None:
    seen(two_void, Verdict.LEAVE, problem=NOT_SHOWN, void=None)
    with transaction():
        recount(two_void.programme, now=two_void.clock.now)

    assert states_of(two_void, two_void.dana)[1] is State.OUTDATED


def test_refused_points_that_count_no_more_are_not_tried_again(two_void: Two) -> None:
    seen(two_void, Verdict.LEAVE, state="refused", problem="The LMS did not take it.")
    try_again(two_void.at.programme_id, now=two_void.clock.now)

    assert score_of(two_void).state == "refused"


def test_what_counts_no_more_is_known_after_a_teacher_wrote_it_into_the_lms(two_void: Two) -> None:
    score = seen(two_void, Verdict.CHANGED, Decimal(0))
    seen(two_void, Verdict.AGREES, score.points)

    assert states_of(two_void, two_void.dana)[1] is State.OUTDATED
