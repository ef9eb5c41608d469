"""The programme's points change, and what was released, decided and sent before keeps its meaning."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.actions.decisions import use_ours
from lti_tool.actions.gradebook import compare_now, try_again
from lti_tool.actions.gradebook_columns import recreate_column
from lti_tool.actions.overrides import decide_points
from lti_tool.actions.participation import person_ledger
from lti_tool.actions.programme import save_settings
from lti_tool.mentoring.evidence import TOTAL_KEY
from lti_tool.mentoring.excuse_forms import Decided
from lti_tool.mentoring.schemes import Columns, Release, SchemePreset
from lti_tool.store.db import db, transaction
from lti_tool.store.gradebook import Score
from lti_tool.store.programme import Programme, settings_of
from tests.actions.test_participation import Two
from tests.actions.world import Pair
from tests.conftest import Clock
from tests.outside import ALICE, BOB, look_again


def save(pair: Pair, **changes: Any) -> None:
    """Alice changes settings, and the worker does what follows."""
    look_again()
    settings = settings_of(db.session.get_one(Programme, pair.at.programme_id))
    alice = pair.lms.person(ALICE).id
    save_settings(pair.at.programme_id, replace(settings, **changes), by=alice, now=pair.clock.now)
    pair.lms.work()


def compare(pair: Pair) -> Score:
    """Read the gradebook back; Bob's score after it."""
    compare_now(pair.at.programme_id, now=pair.clock.now)
    pair.lms.work()
    return pair.lms.score(BOB)


@pytest.fixture
def by_hand(graded: Pair) -> Pair:
    """Bob's 25 of 100 are in the LMS, and from now on staff release."""
    save(graded, release=Release.BY_HAND)
    return graded


def test_points_that_staff_decide_for_after_the_maximum_changed_are_sent_as_they_were_released(by_hand: Pair) -> None:
    by_hand.lms.teacher_grades(BOB, 61)
    compare(by_hand)

    save(by_hand, points=50)
    score = compare(by_hand)
    use_ours(
        by_hand.at.programme_id,
        {score.id: score.there_points},
        by=by_hand.lms.person(ALICE).id,
        now=by_hand.clock.advance(minutes=2),
    )
    by_hand.lms.work()

    assert (by_hand.lms.score(BOB).state, by_hand.lms.given(BOB)) == ("sent", Decimal(25))


def test_refused_points_are_tried_again_as_they_were_released(by_hand: Pair) -> None:
    with transaction() as session:
        score = session.scalars(select(Score)).one()
        score.state, score.points, score.sent_points = "refused", Decimal(80), Decimal(25)

    save(by_hand, points=50)
    try_again(by_hand.at.programme_id, now=by_hand.clock.advance(minutes=2))
    by_hand.lms.work()

    assert by_hand.lms.given(BOB) == 80


def test_a_column_made_anew_after_the_maximum_changed_gets_the_same_share(by_hand: Pair) -> None:
    by_hand.lms.campus.drop_item(next(iter(by_hand.lms.campus.line_items)))
    compare(by_hand)

    save(by_hand, points=50)
    recreate_column(by_hand.at.programme_id, "all", by=by_hand.lms.person(ALICE).id, now=by_hand.clock.now)
    by_hand.lms.work()

    grade = by_hand.lms.grade(BOB)
    assert grade
    assert (grade.given, grade.maximum) == (12.5, 50)


@pytest.mark.parametrize(
    "meanwhile",
    [
        {"is_graded": False},
        {"participation": SchemePreset.DEFAULT, "columns": Columns.THREE},
    ],
    ids=["ungraded", "three columns"],
)
def test_other_points_while_a_column_is_not_used_are_not_taken_for_a_teachers_change(
    by_hand: Pair, meanwhile: dict[str, Any]
) -> None:
    save(by_hand, **meanwhile)
    save(by_hand, points=50)

    save(by_hand, is_graded=True, participation=SchemePreset.CHECK_INS, columns=Columns.ONE)
    after = compare(by_hand)

    assert (after.state, after.points, after.sent_points) == ("sent", Decimal("12.5"), Decimal("12.5"))


def test_points_that_staff_decided_for_a_check_in_stay_the_same_share_of_it(by_hand: Pair) -> None:
    decide_points(
        by_hand.at.programme_id,
        by_hand.dana,
        "check_in:1",
        Decided(points=Decimal(20), reason="We talked."),
        seen=0,
        by=by_hand.lms.person(ALICE).id,
        now=by_hand.clock.now,
    )

    save(by_hand, points=40)

    found = person_ledger(by_hand.dana, by_hand.lms.programme(), now=by_hand.clock.now)
    assert found
    assert [found.entries[0].most, found.entries[0].earned, found.points] == [10, 8, 8]


def test_a_total_that_staff_decided_stays_the_same_share_of_other_points(app: Flask, clock: Clock) -> None:
    two = Two(clock, phase="running")
    two.day(10)
    said = Decided(points=Decimal(80), reason="We talked.")
    decide_points(two.at.programme_id, two.dana, TOTAL_KEY, said, seen=0, by=two.alice, now=clock.now)
    two.release()

    settings = replace(settings_of(two.programme), points=50)
    save_settings(two.at.programme_id, settings, by=two.alice, now=clock.now)

    total = two.total(two.dana)
    assert [two.ledger(two.dana).points, total.released_points] == [40, 40]
    assert not total.has_news
    assert two.scores(two.dana)["all"][0] == 40
