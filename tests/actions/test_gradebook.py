"""The gradebook: each score arrives once, in order, and never over somebody else's grade."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from lti_tool.actions import score_flights
from lti_tool.actions.gradebook import ask_to_send, try_again
from lti_tool.actions.gradebook_columns import recreate_column
from lti_tool.actions.participation import recount_people
from lti_tool.actions.programme import save_settings
from lti_tool.demo_lms.state import Standing
from lti_tool.store.db import db, transaction
from lti_tool.store.gradebook import Score
from lti_tool.store.outbox import LAST_TRY
from lti_tool.store.platforms import Registration
from lti_tool.store.programme import Programme, settings_of
from tests import make
from tests.actions.world import Pair, pair_at_work
from tests.conftest import Clock
from tests.outside import ALICE, BIOLOGY, BOB, DANA, Lms, outbox_rows
from tests.pages import PageClient


@pytest.fixture
def pair(lms: Lms, clock: Clock, pages: Callable[[], PageClient]) -> Pair:
    """A pair at work, whose column is not made yet."""
    lms.arrive(pages(), ALICE)
    lms.work()
    return pair_at_work(lms, clock)


@pytest.fixture
def graded(pair: Pair) -> Pair:
    """The column is there, and so is Bob's first score."""
    pair.check_in(BOB, 1)
    pair.lms.work()
    assert pair.lms.given(BOB) == 25
    pair.clock.advance(minutes=1)
    return pair


def test_the_column_is_made_once_and_found_ever_after(pair: Pair) -> None:
    pair.lms.work()
    column = pair.column
    made = column.line_item_url
    with transaction() as session:
        session.add(column)
        column.state, column.line_item_url = "waiting", None

    pair.ask_for_column()
    pair.lms.work()

    assert (pair.column.state, pair.column.line_item_url) == ("ready", made)
    (item,) = pair.lms.campus.line_items.values()
    assert (item.score_maximum, item.resource_link_id) == (100, None)


def test_a_lost_answer_makes_no_second_column(pair: Pair) -> None:
    pair.lms.fail("ags", loses_answer=True)

    pair.lms.work()
    pair.clock.advance(minutes=1)
    pair.lms.work()

    assert pair.column.state == "ready"
    assert len(pair.lms.campus.line_items) == 1


def test_the_links_own_column_comes_first(lms: Lms, clock: Clock, pages: Callable[[], PageClient]) -> None:
    tool = next(iter(lms.campus.tools))
    with lms.browser(ALICE) as alice:
        alice.post(f"{lms.url}/courses/{BIOLOGY}/links", data={"title": "Graded", "client_id": tool, "points": "20"})
    lms.arrive(pages(), ALICE, link=1)
    lms.work()
    pair = pair_at_work(lms, clock)

    pair.check_in(BOB, 1)
    lms.work()

    (item,) = lms.campus.line_items.values()
    assert (item.score_maximum, item.is_made_by_tool) == (20, False)
    grade = lms.grade(BOB)
    assert grade
    assert (grade.given, grade.maximum) == (25, 100)  # the LMS makes 5 of 20 of it
    assert lms.score(BOB).state == "sent"


def test_an_lms_without_gradebook_is_said_to_staff(pair: Pair) -> None:
    course, column = pair.lms.course(), pair.column
    with transaction() as session:
        course.line_items_url = None
        session.delete(column)

    pair.ask_for_column()

    assert pair.column.state == "none"
    assert "Assignment and Grade Services" in (pair.column.problem or "")


def test_a_column_that_is_refused_is_said_to_staff_and_made_at_the_button(pair: Pair) -> None:
    pair.lms.fail("ags", status=403)
    pair.check_in(BOB, 1)
    pair.lms.work()
    refused = (pair.column.state, bool(pair.column.problem))

    try_again(pair.at.programme_id, now=pair.clock.now)
    pair.lms.work()

    assert refused == ("refused", True)
    assert pair.column.state == "ready"
    assert pair.lms.given(BOB) == 25


def test_a_check_in_and_its_score_are_saved_together_or_not_at_all(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_mapper: object, _connection: object, _row: object) -> None:
        raise ZeroDivisionError

    pair.lms.work()
    queued = len(outbox_rows("scores"))
    event.listen(Score, "before_insert", fail)
    try:
        with pytest.raises(ZeroDivisionError):
            pair.check_in(BOB, 1)
    finally:
        event.remove(Score, "before_insert", fail)
    nothing = (make.kept_score(pair.at.programme_id, pair.lms.person(BOB).id), len(outbox_rows("scores")))

    pair.check_in(BOB, 1)

    assert nothing == (None, queued)
    assert pair.lms.score(BOB).points == 25
    assert outbox_rows("scores")[-1].state == "waiting"


def test_a_score_arrives_and_says_so(graded: Pair) -> None:
    score, grade = graded.lms.score(BOB), graded.lms.grade(BOB)

    assert grade
    assert (score.state, score.sent_points, score.tried_points) == ("sent", Decimal(25), None)
    assert grade.progress == "Completed, FullyGraded"
    assert grade.dated_at == score.sent_at


def test_timestamps_grow_by_a_second_even_within_one(graded: Pair) -> None:
    stamps = []
    for number in (2, 3, 4):
        graded.check_in(BOB, number)
        graded.lms.work()
        grade = graded.lms.grade(BOB)
        assert grade
        stamps.append(int(grade.dated_at.timestamp()))

    assert stamps == [stamps[0], stamps[0] + 1, stamps[0] + 2]
    assert graded.lms.given(BOB) == 100


def test_a_check_in_that_changes_no_points_sends_nothing(graded: Pair) -> None:
    sent = graded.lms.asked("/scores", method="POST")

    graded.check_in(BOB, 1)
    graded.lms.work()

    assert graded.lms.asked("/scores", method="POST") == sent


def test_a_post_whose_answer_was_lost_is_settled_by_reading(graded: Pair) -> None:
    graded.lms.fail("scores", loses_answer=True)
    graded.check_in(BOB, 2)
    graded.lms.work()
    unknown, sent = graded.lms.score(BOB).state, graded.lms.asked("/scores", method="POST")

    graded.clock.advance(minutes=1)
    graded.lms.work()

    assert unknown == "waiting"
    assert (graded.lms.score(BOB).state, graded.lms.score(BOB).sent_points) == ("sent", Decimal(50))
    assert graded.lms.asked("/scores", method="POST") == sent


def test_a_newer_value_after_a_lost_answer_is_sent(graded: Pair) -> None:
    graded.lms.fail("scores", loses_answer=True)
    graded.check_in(BOB, 2)
    graded.lms.work()

    graded.check_in(BOB, 3)
    graded.clock.advance(minutes=1)
    graded.lms.work()

    assert graded.lms.given(BOB) == 75
    assert graded.lms.score(BOB).state == "sent"


def test_an_lms_that_is_down_gets_the_scores_later(graded: Pair) -> None:
    graded.lms.fail("scores", status=500)
    graded.check_in(BOB, 2)
    graded.check_in(DANA, 1)
    graded.lms.work()

    graded.clock.advance(minutes=1)
    graded.lms.work()

    assert (graded.lms.given(BOB), graded.lms.given(DANA)) == (Decimal(50), Decimal(25))


def test_a_throttling_lms_is_left_in_peace_as_long_as_it_asks(graded: Pair) -> None:
    graded.lms.fail("scores", status=429, headers={"Retry-After": "600"})
    graded.check_in(BOB, 2)
    graded.lms.work()
    asked = len(graded.lms.campus.served)

    graded.check_in(DANA, 1)
    graded.clock.advance(seconds=599)
    graded.lms.work()
    meanwhile = len(graded.lms.campus.served)
    graded.clock.advance(seconds=1)
    graded.lms.work()

    assert meanwhile == asked
    assert (graded.lms.given(BOB), graded.lms.given(DANA)) == (Decimal(50), Decimal(25))


def test_a_teachers_grade_is_never_overwritten(graded: Pair) -> None:
    graded.lms.teacher_grades(BOB, 61)
    graded.check_in(BOB, 2)
    graded.lms.work()
    first = (graded.lms.score(BOB).state, graded.lms.given(BOB))

    graded.check_in(BOB, 3)
    try_again(graded.at.programme_id, now=graded.clock.now)
    graded.lms.work()

    assert first == ("differs", Decimal(61))
    assert (graded.lms.score(BOB).state, graded.lms.given(BOB)) == ("differs", Decimal(61))
    assert graded.lms.score(BOB).points == 75  # what it would be is kept


def test_a_teachers_grade_from_before_the_first_score_stays(pair: Pair) -> None:
    pair.lms.work()
    pair.lms.teacher_grades(DANA, 12)

    pair.check_in(DANA, 1)
    pair.lms.work()

    assert (pair.lms.score(DANA).state, pair.lms.given(DANA)) == ("differs", Decimal(12))


def test_a_grade_written_while_a_score_is_under_way_stays(graded: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    graded.check_in(BOB, 2)
    during(monkeypatch, lambda: grade_later(graded, 88))

    graded.lms.work()
    graded.clock.advance(minutes=1)
    graded.lms.work()

    assert (graded.lms.score(BOB).state, graded.lms.given(BOB)) == ("differs", Decimal(88))


def grade_later(pair: Pair, points: float) -> None:
    """Alice's grade reaches the LMS a little later than the score's timestamp."""
    pair.clock.advance(seconds=5)
    pair.lms.teacher_grades(BOB, points)


def during(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None]) -> None:
    """Let something happen once, between the decision to send a score and its post."""
    send, waiting = score_flights.send_score, [happens]

    def send_late(*arguments: Any) -> Any:
        if waiting:
            waiting.pop()()
        return send(*arguments)

    monkeypatch.setattr(score_flights, "send_score", send_late)


def test_two_check_ins_while_the_worker_sends_both_arrive(graded: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    def two_more() -> None:
        graded.check_in(BOB, 3)
        graded.check_in(BOB, 4)

    graded.check_in(BOB, 2)
    during(monkeypatch, two_more)

    graded.lms.work()

    assert graded.lms.given(BOB) == 100
    score = graded.lms.score(BOB)
    assert (score.state, score.sent_points) == ("sent", Decimal(100))


def test_one_score_without_an_answer_does_not_hold_up_the_others(graded: Pair) -> None:
    graded.check_in(BOB, 2)
    graded.check_in(DANA, 1)
    graded.lms.fail("scores", status=500)

    graded.lms.work()
    at_once = (graded.lms.given(BOB), graded.lms.given(DANA))  # either of the two met the fault
    graded.clock.advance(minutes=1)
    graded.lms.work()

    assert at_once in {(Decimal(25), Decimal(25)), (Decimal(50), None)}
    assert (graded.lms.given(BOB), graded.lms.given(DANA)) == (Decimal(50), Decimal(25))


def test_a_refusal_of_an_old_value_does_not_stop_a_newer_one(graded: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    graded.check_in(BOB, 2)
    graded.lms.fail("scores", status=400)
    during(monkeypatch, lambda: graded.check_in(BOB, 3))

    graded.lms.work()

    assert (graded.lms.given(BOB), graded.lms.score(BOB).state) == (Decimal(75), "sent")


def is_active(pair: Pair, *, value: bool) -> None:
    """What a roster would say of Bob."""
    member = pair.lms.member(BOB)
    with transaction():
        member.is_active = value


def test_who_is_no_longer_active_keeps_the_score_here(graded: Pair) -> None:
    is_active(graded, value=False)

    graded.check_in(BOB, 2)
    graded.lms.work()
    gone = (graded.lms.score(BOB).state, graded.lms.given(BOB))
    is_active(graded, value=True)
    with transaction():
        recount_people([graded.bob], now=graded.clock.now)
    graded.lms.work()

    assert gone == ("sent", Decimal(25))  # what was sent before stays there
    assert (graded.lms.score(BOB).state, graded.lms.given(BOB)) == ("sent", Decimal(50))


def test_what_the_lms_refuses_is_said_in_words_and_tried_at_the_button(graded: Pair) -> None:
    graded.lms.leave(BOB)
    graded.check_in(BOB, 2)
    graded.check_in(DANA, 1)
    graded.lms.work()
    refused = graded.lms.score(BOB)
    assert (refused.state, graded.lms.given(DANA)) == ("refused", Decimal(25))
    assert (refused.problem or "").endswith(".")

    graded.lms.leave(BOB, standing=Standing.ACTIVE)
    try_again(graded.at.programme_id, now=graded.clock.now)
    graded.lms.work()

    assert (graded.lms.score(BOB).state, graded.lms.given(BOB)) == ("sent", Decimal(50))


def test_a_service_that_is_refused_altogether_is_said_for_each_score(graded: Pair) -> None:
    graded.lms.fail("ags", status=403)
    graded.check_in(BOB, 2)

    graded.lms.work()

    score = graded.lms.score(BOB)
    assert (score.state, outbox_rows("scores")[-1].state) == ("refused", "buried")
    assert score.problem


def test_a_paused_lms_gets_nothing_and_staff_read_why(graded: Pair) -> None:
    with transaction() as session:
        session.execute(select(Registration)).scalar_one().is_paused = True

    graded.check_in(BOB, 2)
    graded.lms.work()

    assert (graded.lms.score(BOB).state, graded.lms.given(BOB)) == ("refused", Decimal(25))


def test_an_lms_that_never_answers_is_given_up_where_staff_see_it(graded: Pair) -> None:
    graded.lms.fail("token", status=503, count=LAST_TRY)
    graded.check_in(BOB, 2)
    graded.clock.advance(hours=5)
    for _try in range(LAST_TRY):
        graded.lms.work()
        graded.clock.advance(hours=5)

    refused = graded.lms.score(BOB).state
    graded.lms.campus.faults.clear()
    try_again(graded.at.programme_id, now=graded.clock.now)
    graded.lms.work()

    assert refused == "refused"
    assert (graded.lms.score(BOB).state, graded.lms.given(BOB)) == ("sent", Decimal(50))


def test_case_20_a_deleted_column_stops_everything_until_staff_have_another_made_with_every_score(graded: Pair) -> None:
    graded.lms.campus.drop_item(next(iter(graded.lms.campus.line_items)))
    graded.check_in(DANA, 1)
    graded.lms.work()
    try_again(graded.at.programme_id, now=graded.clock.now)
    graded.lms.work()
    lost = (graded.column.state, bool(graded.column.problem), len(graded.lms.campus.line_items))

    alice = graded.lms.person(ALICE).id
    assert recreate_column(graded.at.programme_id, "all", by=alice, now=graded.clock.now)
    graded.lms.work()

    assert lost == ("lost", True, 0)
    assert graded.column.state == "ready"
    assert (graded.lms.given(BOB), graded.lms.given(DANA)) == (Decimal(25), Decimal(25))


def test_a_comment_is_sent_only_when_it_changed(graded: Pair) -> None:
    graded.check_in(BOB, 2)
    graded.lms.work()
    first, score = graded.lms.grade(BOB), graded.lms.score(BOB)

    with transaction() as session:
        score.points, score.state = Decimal(60), "waiting"
        ask_to_send(session.get_one(Programme, graded.at.programme_id), now=graded.clock.now)
    graded.lms.work()
    second = graded.lms.grade(BOB)

    assert first
    assert second
    assert (first.comment, second.comment, second.given) == ("Check-ins 2 of 4", "", 60)


def test_other_points_and_check_ins_count_every_score_anew(graded: Pair) -> None:
    programme = db.session.get_one(Programme, graded.at.programme_id)
    settings = settings_of(programme)
    changed = replace(settings, points=50, check_in_count=2)

    save_settings(graded.at.programme_id, changed, by=graded.lms.person(ALICE).id, now=graded.clock.now)
    graded.lms.work()

    grade, score = graded.lms.grade(BOB), graded.lms.score(BOB)
    assert grade
    assert (grade.given, grade.maximum) == (50, 100)  # a column keeps its maximum
    assert (score.state, score.points, score.sent_points) == ("sent", Decimal(25), Decimal(25))


def test_other_points_alone_are_not_taken_for_a_teachers_change(graded: Pair) -> None:
    settings = settings_of(db.session.get_one(Programme, graded.at.programme_id))
    alice = graded.lms.person(ALICE).id

    save_settings(graded.at.programme_id, replace(settings, points=40), by=alice, now=graded.clock.now)
    graded.check_in(BOB, 2)
    graded.lms.work()

    grade = graded.lms.grade(BOB)
    assert grade
    assert (grade.given, grade.maximum, graded.lms.score(BOB).state) == (50, 100, "sent")


def test_a_check_in_saved_while_the_worker_marks_its_score_as_sent_is_sent_too(pair: Pair, app: Flask) -> None:
    pair.check_in(BOB, 1)
    worker = Thread(target=_work_in_its_own_context, args=(pair, app))
    can_overlap = db.engine.dialect.name == "postgresql"  # SQLite has one writer at a time, so it cannot happen there

    def meanwhile(session: Any, *_rest: object) -> None:
        if can_overlap and worker.ident is None and any(isinstance(row, Score) for row in session.dirty):
            worker.start()  # it comes to the row that is locked here, and waits for it

    event.listen(db.session, "before_flush", meanwhile)
    try:
        pair.check_in(BOB, 2)
    finally:
        event.remove(db.session, "before_flush", meanwhile)
    if can_overlap:
        worker.join()
    pair.lms.work()

    assert (worker.ident is not None) == can_overlap
    assert pair.lms.given(BOB) == 50


def _work_in_its_own_context(pair: Pair, app: Flask) -> None:
    with app.app_context():
        pair.lms.work()


def test_an_ungraded_programme_sends_nothing_and_a_graded_one_all_that_was_earned_meanwhile(graded: Pair) -> None:
    alice, programme_id = graded.lms.person(ALICE).id, graded.at.programme_id
    settings = settings_of(db.session.get_one(Programme, programme_id))

    save_settings(programme_id, replace(settings, is_graded=False), by=alice, now=graded.clock.now)
    graded.check_in(BOB, 2)
    graded.lms.work()
    ungraded = graded.lms.given(BOB)
    save_settings(programme_id, settings, by=alice, now=graded.clock.now)
    graded.lms.work()

    assert (ungraded, graded.lms.given(BOB)) == (25, 50)


def test_the_column_bears_the_name_that_staff_gave_it(pair: Pair) -> None:
    alice, programme_id = pair.lms.person(ALICE).id, pair.at.programme_id
    settings = settings_of(db.session.get_one(Programme, programme_id))

    save_settings(programme_id, replace(settings, column_label="Mentoring points"), by=alice, now=pair.clock.now)
    pair.lms.work()

    assert [item.label for item in pair.lms.campus.line_items.values()] == ["Mentoring points"]
