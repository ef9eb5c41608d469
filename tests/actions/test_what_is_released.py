"""What staff, the clock and a change by itself release of somebody's points, and what the gradebook still has."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.actions import meetings
from lti_tool.actions.cells import apply
from lti_tool.actions.overrides import decide_points
from lti_tool.actions.participation import count_what_time_changed, recount
from lti_tool.actions.phases import move_all_by_date
from lti_tool.actions.release_for_many import release_people, release_what_is_due
from lti_tool.actions.workspace import check_in
from lti_tool.mentoring.columns import Part
from lti_tool.mentoring.excuse_forms import Decided
from lti_tool.mentoring.gradebook_cells import Verdict
from lti_tool.mentoring.gradebook_states import State
from lti_tool.mentoring.meetings import Ruling
from lti_tool.mentoring.posting import Posting
from lti_tool.mentoring.schemes import Columns
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.gradebook import Column, Score
from lti_tool.store.gradebook_states import standings_of
from lti_tool.store.programme import Programme
from lti_tool.store.releases import waiting_counts
from tests import make
from tests.actions.test_participation import CALM, Two
from tests.conftest import Clock

CLOSED = 100  # the day on which the programme is closed by its calendar


def released(clock: Clock) -> Two:
    """Bob and Dana, whose points are released."""
    two = Two(clock, phase="running")
    two.day(10)
    two.release()
    return two


@pytest.fixture
def two_released(app: Flask, clock: Clock) -> Two:
    """The same, to begin with."""
    return released(clock)


def goes_on(two: Two, day: float) -> None:
    """The clock does what it does, on that day."""
    two.day(day)
    move_all_by_date(now=two.clock.now)
    count_what_time_changed(now=two.clock.now)
    release_what_is_due(now=two.clock.now)


def points_of(two: Two, who: int) -> dict[str, Decimal]:
    """What is released of somebody's points, by column."""
    return {part: points for part, (points, _state) in two.scores(who).items()}


def arrives(two: Two, who: int) -> None:
    """The LMS has taken what was released of somebody, and shows it."""
    person = db.session.get_one(Enrolment, who).person_id
    with transaction() as session:
        for score in session.scalars(select(Score).filter_by(person_id=person)):
            score.state, score.sent_points, score.confirmed_at = "sent", score.points, two.clock.now


def arrived(clock: Clock) -> tuple[Two, int]:
    """Bob and Dana in three columns, and their only meeting, whose points have arrived in the LMS."""
    two = Two(clock, columns="three", phase="running")
    two.day(16)
    meeting = two.meet()
    two.day(18)
    two.release()
    arrives(two, two.dana)
    return two, meeting


def arrived_and_disputed(clock: Clock) -> Two:
    """The same two, after Dana has disputed the meeting."""
    two, meeting = arrived(clock)
    meetings.dispute(two.pair, meeting, two.dana, "I was not there.", now=clock.now)
    return two


def states_of(two: Two, who: int) -> list[State]:
    """Where somebody's points stand, column by column."""
    person = db.session.get_one(Enrolment, who).person_id
    programme = two.programme
    parts = [Part.ALL]
    if programme.columns == Columns.THREE:
        parts = [Part.ONBOARDING, Part.PARTICIPATION, Part.REFLECTION]
    return [row.state for row in standings_of(programme, parts, person)]


def decide(two: Two, who: int, key: str, points: int) -> None:
    """Staff decide points."""
    said = Decided(points=Decimal(points), reason="It was somebody else's.")
    decide_points(two.at.programme_id, who, key, said, seen=0, by=two.alice, now=two.clock.now)


@pytest.mark.parametrize("release", ["at_once", "after_due"])
def test_no_zero_is_sent_by_the_clock_and_the_button_sends_it_once_it_is_over(
    app: Flask, clock: Clock, release: str
) -> None:
    two = Two(clock, release=release, participation="check_ins", phase="running")
    for day in (1, 60, CLOSED, CLOSED + 5, CLOSED + 10):
        goes_on(two, day)
    by_itself = points_of(two, two.dana)
    waits = (two.programme.phase, two.total(two.dana).has_news, states_of(two, two.dana))
    released = two.release()

    assert by_itself == {}
    assert waits == ("closed", True, [State.READY])
    assert (released, two.scores(two.dana)) == (2, {"all": (0, "waiting")})
    assert not two.total(two.dana).has_news


@pytest.mark.parametrize("release", ["at_once", "after_due"])
def test_a_zero_in_one_of_three_columns_waits_for_the_button_and_the_others_do_not(
    app: Flask, clock: Clock, release: str
) -> None:
    two = Two(clock, release=release, columns="three", phase="running")
    check_in(two.pair, two.dana, 1, CALM, now=two.day(1))
    for day in (2, 60, CLOSED, CLOSED + 5):
        goes_on(two, day)
    by_itself = points_of(two, two.dana)
    news = two.total(two.dana).has_news
    two.release(two.dana)

    assert set(by_itself) == {"onboarding", "participation"}
    assert news
    assert points_of(two, two.dana) == by_itself | {"reflection": 0}
    assert not two.total(two.dana).has_news


def test_the_clock_releases_only_what_has_waited_and_what_was_due_since_waits_its_own_days(
    app: Flask, clock: Clock
) -> None:
    two = Two(clock, release="after_due", phase="running")
    check_in(two.pair, two.dana, 1, CALM, now=two.day(1))
    two.day(2)
    for day in (3.6, 10.6, 17):
        goes_on(two, day)  # joining, training, and the agreement have waited; the first meeting was due hours ago
    by_clock = points_of(two, two.dana)["all"]
    stands, news = two.total(two.dana).points, two.total(two.dana).has_news
    goes_on(two, 19.9)

    assert by_clock == Decimal("33.33")  # 10 of 30
    assert stands == Decimal("26.67")  # 10 of 37.5
    assert news
    assert points_of(two, two.dana)["all"] == stands
    assert two.total(two.dana).released_points == stands


def test_the_days_between_are_for_corrections(app: Flask, clock: Clock) -> None:
    two = Two(clock, release="after_due", phase="running")
    goes_on(two, 3.6)
    goes_on(two, 9)
    two.excuse(two.dana, "training")  # due on day 7.5
    goes_on(two, 10.6)

    assert points_of(two, two.dana)["all"] == 50  # join 5, check-in 0 of 5
    assert points_of(two, two.bob)["all"] == 25


def test_the_button_releases_what_stands_and_the_clock_takes_nothing_of_it_back(app: Flask, clock: Clock) -> None:
    two = Two(clock, release="after_due", phase="running")
    goes_on(two, 8)
    by_clock = points_of(two, two.dana)
    two.release()
    by_staff = points_of(two, two.dana)
    arrives(two, two.dana)
    two.excuse(two.dana, "join")
    goes_on(two, 9)
    count = release_people(two.at.programme_id, make.everybody(two.at), by=None, now=clock.now)

    assert by_clock == {"all": 50}  # join 5, check-in 0 of 5
    assert by_staff == {"all": 25}  # and training 0 of 10
    assert (count, points_of(two, two.dana)) == (0, by_staff)  # nothing earned is left, and no zero is sent


def test_at_once_everything_that_is_due_is_released_with_its_change(app: Flask, clock: Clock) -> None:
    two = Two(clock, release="at_once", phase="running")
    goes_on(two, 7.6)

    assert points_of(two, two.dana) == {"all": two.total(two.dana).points}
    assert not two.total(two.dana).has_news


def test_what_is_not_complete_any_more_is_cleared_by_hand_and_nobody_reads_that_it_counts(
    app: Flask, clock: Clock
) -> None:
    two = Two(clock, participation="light", points=10, phase="running")
    for day in (10, 20, 30, 40):
        two.day(day)
        last = two.meet()
    two.release()
    arrives(two, two.dana)
    before = states_of(two, two.dana)
    meetings.dispute(two.pair, last, two.dana, "I was not there.", now=two.day(41))
    disputed = states_of(two, two.dana)
    two.release()

    assert (before, disputed) == ([State.CONFIRMED], [State.OUTDATED])
    assert states_of(two, two.dana) == [State.FROZEN]


def test_a_zero_that_staff_decide_over_points_is_released_by_them_and_not_by_the_clock(
    app: Flask, clock: Clock
) -> None:
    two = Two(clock, release="after_due", phase="running")
    goes_on(two, 16)
    arrives(two, two.dana)
    decide(two, two.dana, "total", 0)
    decided = (states_of(two, two.dana), two.total(two.dana).has_news)
    goes_on(two, 20)
    by_clock = points_of(two, two.dana)["all"]
    two.release()

    assert decided == ([State.READY], True)
    assert by_clock > 0
    assert two.scores(two.dana)["all"] == (0, "waiting")


def test_points_that_fall_to_zero_by_themselves_stay_and_are_shown_as_counting_no_more(
    app: Flask, clock: Clock
) -> None:
    two, meeting = arrived(clock)
    before = states_of(two, two.dana)[1]
    meetings.dispute(two.pair, meeting, two.dana, "I was not there.", now=two.clock.now)
    disputed = states_of(two, two.dana)[1]
    two.release()
    person = db.session.get_one(Enrolment, two.dana).person_id
    with transaction() as session:
        score = session.scalars(select(Score).filter_by(person_id=person, part="participation")).one()
        score.confirmed_at = None
        apply(score, Verdict.CONFIRM, score.sent_points, two.clock.now)
    compared = states_of(two, two.dana)[1]
    meetings.decide(two.at.programme_id, meeting, Ruling.COUNTS, "", by=two.alice, now=two.clock.now)

    assert (before, disputed, compared) == (State.CONFIRMED, State.OUTDATED, State.OUTDATED)
    two.release()
    assert states_of(two, two.dana)[1] is State.CONFIRMED


def test_points_that_fell_to_zero_before_any_lms_heard_of_them_are_taken_back(app: Flask, clock: Clock) -> None:
    two = Two(clock, columns="three", phase="running")
    two.day(16)
    meeting = two.meet()
    two.day(18)
    two.release()
    before = points_of(two, two.dana)
    meetings.dispute(two.pair, meeting, two.dana, "I was not there.", now=two.clock.now)
    two.release()

    assert set(before) == {"onboarding", "participation"}
    assert set(points_of(two, two.dana)) == {"onboarding"}


def test_whoever_has_done_something_is_collecting_before_anything_is_due(app: Flask, clock: Clock) -> None:
    two = Two(clock, participation="light", points=10, phase="running")
    goes_on(two, 1)
    nothing = states_of(two, two.dana)
    two.day(10)
    two.meet()

    assert nothing == [State.NOT_STARTED]
    assert states_of(two, two.dana) == [State.COLLECTING]
    assert {one.value: count for one, count in waiting_counts(two.programme).items()} == {"collecting": 2}


def test_points_wait_for_a_column_where_there_is_none(two_released: Two) -> None:
    without = states_of(two_released, two_released.dana)
    column = {"line_item_url": "https://lms.example/1", "maximum": 100, "part": "all", "state": "ready"}
    with transaction() as session:
        session.add(Column(programme_id=two_released.at.programme_id, **column))
    with_one = states_of(two_released, two_released.dana)
    with transaction() as session:
        session.scalars(select(Column)).one().state = "lost"

    assert (without, with_one) == ([State.NO_COLUMN], [State.RELEASED])
    assert states_of(two_released, two_released.dana) == [State.NO_COLUMN]


def test_where_one_of_three_columns_counts_no_more_the_others_are_not_called_ready(app: Flask, clock: Clock) -> None:
    two = arrived_and_disputed(clock)

    assert states_of(two, two.dana) == [State.CONFIRMED, State.OUTDATED, State.COLLECTING]
    assert not two.total(two.dana).has_news


def test_a_zero_that_waits_for_the_button_in_one_of_three_columns_is_ready_to_release(app: Flask, clock: Clock) -> None:
    two = Two(clock, release="after_due", columns="three", phase="running")
    check_in(two.pair, two.dana, 1, CALM, now=two.day(1))
    for day in (2, 60, CLOSED, CLOSED + 5):
        goes_on(two, day)
    arrives(two, two.dana)
    waits = states_of(two, two.dana)
    two.release()

    assert waits == [State.CONFIRMED, State.CONFIRMED, State.READY]
    assert states_of(two, two.dana)[2] is State.NO_COLUMN


def test_the_points_of_a_column_that_is_used_no_more_leave_nothing_to_be_emptied_in_others(
    two_released: Two,
) -> None:
    two = two_released
    arrives(two, two.dana)
    with transaction() as session:
        session.get_one(Programme, two.at.programme_id).columns = "three"
    with transaction():
        recount(two.programme, now=two.clock.now)
    changed = states_of(two, two.dana)
    two.excuse(two.dana, "all")

    assert changed[:2] == [State.READY, State.READY]
    assert two.total(two.dana).standing == Posting.NOTHING
    assert not two.total(two.dana).has_news
