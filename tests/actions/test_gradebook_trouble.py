"""The gradebook when something goes wrong for one score, one column or one reading: nobody else is held up by it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from lti_tool.actions import score_flights, scores
from lti_tool.actions.gradebook import compare_now
from lti_tool.actions.releasable import CLEAR_BY_HAND
from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import PlatformUnavailable, ServiceFault
from lti_tool.store import outbox
from lti_tool.store.db import db, transaction
from lti_tool.store.outbox import LAST_TRY, OutboxRow
from lti_tool.store.platforms import Registration
from tests.actions.world import Pair
from tests.outside import BOB, DANA, look_again, outbox_rows


def registration() -> Registration:
    """The LMS's row as it is now."""
    look_again()
    return db.session.scalars(select(Registration)).one()


def change(who: str, pair: Pair, **values: Any) -> None:
    """Write something into a score, as other parts of the program do."""
    score = pair.lms.score(who)
    with transaction():
        for name, value in values.items():
            setattr(score, name, value)


def before_each_post(monkeypatch: pytest.MonkeyPatch, do: Callable[[], None]) -> None:
    """Let something happen between the decision to send a score and its post."""
    send = score_flights.send_score

    def send_late(*arguments: Any) -> Any:
        do()
        return send(*arguments)

    monkeypatch.setattr(score_flights, "send_score", send_late)


def once(do: Callable[[], None]) -> Callable[[], None]:
    """The same, the first time only."""
    left = [do]
    return lambda: left.pop()() if left else None


@pytest.mark.parametrize("status", [200, 400])
def test_case_17_what_is_to_be_emptied_meanwhile_stays_so_whatever_the_lms_answers(
    graded: Pair, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    graded.check_in(BOB, 2)
    if status != 200:
        graded.lms.fail("scores", status=status)
    everything_is_excused = once(lambda: change(BOB, graded, state="frozen", problem=CLEAR_BY_HAND))
    before_each_post(monkeypatch, everything_is_excused)

    graded.lms.work()

    score = graded.lms.score(BOB)
    assert (score.state, score.problem) == ("frozen", CLEAR_BY_HAND)
    assert score.sent_points == (Decimal(50) if status == 200 else Decimal(25))


@pytest.mark.parametrize("status", [500, 409])
def test_an_lms_that_fails_for_one_persons_score_alone_is_not_left_alone_for_it(graded: Pair, status: int) -> None:
    graded.lms.fail("scores", status=status, count=9)
    graded.check_in(BOB, 2)

    for _try in range(4):
        graded.lms.work()
        assert (registration().rests_until, registration().faults_in_a_row) == (None, 0)
        graded.clock.advance(minutes=10)

    assert outbox_rows("scores")[-1].attempts == 4


def test_whoever_earns_points_meanwhile_does_not_wait_for_somebody_elses_locked_grade(graded: Pair) -> None:
    graded.lms.fail("scores", status=500, count=6)
    graded.check_in(BOB, 2)
    for _try in range(6):
        graded.lms.work()
        graded.clock.advance(minutes=25)
    graded.lms.work()
    graded.lms.fail("scores", status=500, count=1)
    graded.check_in(BOB, 3)
    graded.lms.work()

    graded.check_in(DANA, 1)
    graded.lms.work()

    assert graded.lms.given(DANA) == 25


@pytest.mark.parametrize(
    ("status", "fault"), [(500, ServiceFault.SCORE_FAILS), (409, ServiceFault.STALE)], ids=["locked", "newer there"]
)
def test_a_score_that_never_gets_in_is_given_up_in_words_that_are_true(
    graded: Pair, status: int, fault: ServiceFault
) -> None:
    graded.lms.fail("scores", status=status, count=LAST_TRY)
    graded.check_in(BOB, 2)

    for _try in range(LAST_TRY):
        graded.lms.work()
        graded.clock.advance(hours=5)

    assert (graded.lms.score(BOB).state, graded.lms.score(BOB).problem) == ("refused", fault.explanation)


def test_a_page_instead_of_an_answer_is_no_answer_and_what_was_there_is_not_taken_for_a_teachers(graded: Pair) -> None:
    graded.lms.fail("scores", status=200, body="<!doctype html><p>Sign in first.</p>")
    graded.check_in(BOB, 2)
    graded.lms.work()
    unknown = (graded.lms.score(BOB).state, graded.lms.given(BOB))

    graded.clock.advance(minutes=2)
    graded.lms.work()

    assert unknown == ("waiting", Decimal(25))
    assert (graded.lms.score(BOB).state, graded.lms.given(BOB)) == ("sent", Decimal(50))


def test_a_lost_post_that_arrives_after_the_next_look_is_not_taken_for_a_teachers(
    graded: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    held_up = []

    def hold_up(_connector: object, _url: str, score: Any) -> None:
        held_up.append(score)
        raise PlatformUnavailable

    with monkeypatch.context() as lost:
        lost.setattr(score_flights, "send_score", hold_up)
        graded.check_in(BOB, 2)
        graded.lms.work()
    graded.check_in(BOB, 3)
    graded.clock.advance(seconds=10)
    graded.lms.fail("scores", status=500)
    graded.lms.work()  # the column still shows 25
    graded.lms.campus.faults.clear()
    column = graded.column.line_item_url or ""
    with_it = graded.lms.edge.connector(graded.at.registration_id)
    score_flights.send_score(with_it, column, held_up[0])
    for _try in range(4):
        graded.clock.advance(minutes=1)
        graded.lms.work()

    assert (graded.lms.score(BOB).state, graded.lms.given(BOB)) == ("sent", Decimal(75))


def test_what_an_lms_is_slow_to_show_is_not_taken_for_a_teachers(graded: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    before = dict(graded.lms.campus.grades)
    graded.check_in(BOB, 2)
    graded.lms.work()
    now = dict(graded.lms.campus.grades)
    graded.check_in(BOB, 3)

    graded.lms.campus.grades.update(before)  # it still shows 25
    graded.lms.work()
    meanwhile = graded.lms.score(BOB).state
    graded.lms.campus.grades.update(now)
    graded.clock.advance(minutes=1)
    graded.lms.work()

    assert meanwhile == "waiting"
    assert (graded.lms.score(BOB).state, graded.lms.given(BOB)) == ("sent", Decimal(75))


def test_what_was_posted_long_after_the_reading_has_its_minute_to_show(
    graded: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    def a_minute_passes() -> None:
        graded.clock.advance(seconds=65)

    before = dict(graded.lms.campus.grades)
    before_each_post(monkeypatch, a_minute_passes)
    graded.check_in(BOB, 2)
    graded.lms.work()
    now = dict(graded.lms.campus.grades)

    graded.lms.campus.grades.update(before)  # posted a moment ago: it still shows 25
    compare_now(graded.at.programme_id, now=graded.clock.now)
    graded.lms.work()
    meanwhile = graded.lms.score(BOB).state
    graded.lms.campus.grades.update(now)
    compare_now(graded.at.programme_id, now=graded.clock.advance(minutes=1))
    graded.lms.work()

    assert meanwhile == "sent"
    assert (graded.lms.score(BOB).state, graded.lms.score(BOB).confirmed_at) == ("sent", graded.clock.now)


def test_a_clock_that_was_set_back_neither_stops_scores_nor_makes_them_older(graded: Pair) -> None:
    first = graded.lms.score(BOB).sent_at
    assert first
    graded.clock.advance(hours=-3)
    graded.check_in(BOB, 2)
    graded.lms.work()
    second = graded.lms.score(BOB).sent_at
    assert second
    graded.lms.teacher_grades(BOB, 61)

    compare_now(graded.at.programme_id, now=graded.clock.now)
    graded.lms.work()

    assert second - first == timedelta(seconds=1)
    assert (graded.lms.score(BOB).state, graded.lms.score(BOB).there_points) == ("differs", Decimal(61))


def test_an_answer_to_an_older_post_says_nothing_of_the_newest(graded: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    graded.check_in(BOB, 2)
    stamp = graded.clock.now + timedelta(seconds=30)
    another_worker = once(lambda: change(BOB, graded, sent_at=stamp, tried_points=Decimal(75), points=Decimal(75)))
    before_each_post(monkeypatch, another_worker)
    monkeypatch.setattr(scores, "waiting_scores", firstly(scores.waiting_scores))

    graded.lms.work()

    score = graded.lms.score(BOB)
    assert (score.state, score.tried_points, score.sent_points) == ("waiting", Decimal(75), Decimal(25))


def firstly(find: Callable[..., list[int]]) -> Callable[..., list[int]]:
    """Nothing waits any more, once it was asked twice."""
    asked: list[int] = []

    def found(*arguments: Any) -> list[int]:
        asked.append(1)
        return find(*arguments) if len(asked) <= 2 else []

    return found


def test_a_teachers_grade_is_seen_where_sending_takes_long_and_the_lms_looks_at_no_times(
    graded: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scores, "BATCH", 1)
    grades = graded.lms.campus.dialect.grades
    careless = replace(grades, staleness=type(grades.staleness).EQUAL)
    graded.lms.campus.dialect = replace(graded.lms.campus.dialect, grades=careless)
    graded.check_in(DANA, 1)
    change(DANA, graded, changed_at=graded.clock.now - timedelta(hours=1))  # she is first
    graded.check_in(BOB, 2)

    def much_later() -> None:
        graded.clock.advance(minutes=10)
        graded.lms.teacher_grades(BOB, 61)

    before_each_post(monkeypatch, once(much_later))
    graded.lms.work()

    assert (graded.lms.given(DANA), graded.lms.given(BOB)) == (Decimal(25), Decimal(61))
    assert graded.lms.score(BOB).state == "differs"


def make_long(pair: Pair) -> None:
    """The column has ten grades, and the LMS shows one a page."""
    pair.lms.campus.page_size = 1
    item, bob = next(iter(pair.lms.campus.line_items)), pair.lms.grade(BOB)
    assert bob
    pair.lms.campus.grades.update({(item, f"somebody-{number}"): bob for number in range(9)})


def test_a_reading_of_many_pages_keeps_the_lease_and_ends_when_it_is_lost(
    graded: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    until: list[Any] = []
    renew = outbox.renew

    def three_times(row: OutboxRow, **how: Any) -> bool:
        until.append(how["until"])
        graded.clock.advance(seconds=100)
        return renew(row, **how) and len(until) < 3

    monkeypatch.setattr(outbox, "renew", three_times)
    make_long(graded)
    pages = graded.lms.asked("/results")

    compare_now(graded.at.programme_id, now=graded.clock.now)
    graded.lms.work()

    assert (len(until), graded.lms.asked("/results") - pages) == (3, 3)
    assert until[2] - until[0] == timedelta(seconds=200)
    assert graded.lms.score(BOB).confirmed_at is None


def test_a_long_reading_leaves_time_for_what_it_was_read_for(graded: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    get = Connector.get
    pages: list[str] = []

    def slowly(connector: Connector, url: str, **how: Any) -> Any:
        pages.append(url)
        assert len(pages) < 40, "read again and again, and nothing was sent"
        graded.clock.advance(seconds=3)
        return get(connector, url, **how)

    monkeypatch.setattr(Connector, "get", slowly)
    monkeypatch.setattr(outbox, "others_wait", lambda *_row, **_how: True)
    make_long(graded)
    graded.check_in(BOB, 2)

    graded.lms.work()

    assert graded.lms.given(BOB) == 50
