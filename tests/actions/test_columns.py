"""Columns: one or three, found and made the safe way; gone from the LMS, made anew or chosen; never deleted by us."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from lti_tool.actions import score_flights
from lti_tool.actions.decisions import keep_theirs
from lti_tool.actions.gradebook import ask_to_send, compare_now, try_again
from lti_tool.actions.gradebook_columns import columns_to_choose, map_column, recreate_column
from lti_tool.actions.programme import save_settings
from lti_tool.lti.errors import ServiceFault
from lti_tool.mentoring.schemes import Columns, SchemePreset
from lti_tool.store.db import db, transaction
from lti_tool.store.gradebook import Column, Score, columns_left, columns_of
from lti_tool.store.platforms import Registration
from lti_tool.store.programme import Programme, settings_of
from tests.actions.world import Pair
from tests.outside import ALICE, BIOLOGY, BOB, DANA, look_again


def alice(pair: Pair) -> int:
    """Who decides."""
    return pair.lms.person(ALICE).id


def save(pair: Pair, **changes: Any) -> None:
    """Alice changes settings."""
    look_again()
    settings = settings_of(db.session.get_one(Programme, pair.at.programme_id))
    save_settings(pair.at.programme_id, replace(settings, **changes), by=alice(pair), now=pair.clock.now)
    pair.lms.work()


def columns(pair: Pair) -> list[Column]:
    """The columns that are used, as they are now."""
    look_again()
    return columns_of(pair.at.programme_id)


def labels(pair: Pair) -> list[str]:
    """What stands above the columns of the LMS."""
    return [item.label for item in pair.lms.campus.line_items.values()]


def release(pair: Pair, who: str, **parts: int) -> None:
    """Points are released, part by part."""
    person = pair.lms.person(who).id
    with transaction() as session:
        for part, points in parts.items():
            row = {"programme_id": pair.at.programme_id, "person_id": person, "part": part, "points": Decimal(points)}
            session.add(Score(**row, state="waiting", changed_at=pair.clock.now))
        ask_to_send(session.get_one(Programme, pair.at.programme_id), now=pair.clock.now)
    pair.lms.work()


def lose(pair: Pair) -> None:
    """A teacher deletes the first column, and the tool notices."""
    pair.lms.campus.drop_item(next(iter(pair.lms.campus.line_items)))
    compare_now(pair.at.programme_id, now=pair.clock.now)
    pair.lms.work()


def test_three_columns_are_made_and_the_one_of_before_stays_as_it_is(graded: Pair) -> None:
    save(graded, column_label="Peers", participation=SchemePreset.DEFAULT, columns=Columns.THREE)

    left = columns_left(graded.at.programme_id)
    assert labels(graded)[1:] == ["Peers – Onboarding", "Peers – Participation", "Peers – Reflection"]
    assert [(one.part, one.state) for one in columns(graded)] == [
        ("onboarding", "ready"),
        ("participation", "ready"),
        ("reflection", "ready"),
    ]
    assert [one.part for one in left] == ["all"]
    assert graded.lms.given(BOB) == 25


def test_each_column_gets_its_own_points_of_its_own_maximum(graded: Pair) -> None:
    save(graded, participation=SchemePreset.DEFAULT, columns=Columns.THREE)

    release(graded, DANA, onboarding=20, reflection=8)

    found = [graded.lms.grade(DANA, item=item) for item in range(4)]
    assert [(one.given, one.maximum) if one else None for one in found] == [None, (20, 25), None, (8, 16)]


def test_back_to_one_column_the_old_one_is_used_again(graded: Pair) -> None:
    save(graded, participation=SchemePreset.DEFAULT, columns=Columns.THREE)
    count = len(labels(graded))

    save(graded, participation=SchemePreset.CHECK_INS, columns=Columns.ONE)
    graded.check_in(BOB, 2)
    graded.lms.work()

    assert len(labels(graded)) == count
    assert graded.lms.given(BOB) == 50


def test_a_deleted_column_of_three_stops_only_itself(graded: Pair) -> None:
    save(graded, participation=SchemePreset.DEFAULT, columns=Columns.THREE)
    items = list(graded.lms.campus.line_items)
    graded.lms.campus.drop_item(items[1])

    release(graded, DANA, onboarding=20, reflection=8)

    assert [one.state for one in columns(graded)] == ["lost", "ready", "ready"]
    assert graded.lms.campus.grades[items[3], graded.lms.sub(DANA)].given == 8


def test_where_an_lms_has_one_column_for_an_activity_staff_read_that(graded: Pair) -> None:
    with transaction() as session:
        session.query(Registration).one().family = "openedx"

    save(graded, participation=SchemePreset.DEFAULT, columns=Columns.THREE)

    states = [(one.state, one.problem or "") for one in columns(graded)]
    assert [state for state, _problem in states] == ["ready", "refused", "refused"]
    assert "one gradebook column" in states[1][1]


def test_a_label_of_300_characters_makes_a_column(graded: Pair) -> None:
    save(graded, participation=SchemePreset.DEFAULT, columns=Columns.THREE, column_label="P" * 300)

    assert {len(one) for one in labels(graded)[1:]} == {255}


def test_an_lms_that_answers_with_a_page_gets_its_columns_once_it_works(graded: Pair) -> None:
    graded.lms.fail("ags", status=200, body="<html><body>Back soon.</body></html>", count=2)

    save(graded, participation=SchemePreset.DEFAULT, columns=Columns.THREE)
    meanwhile = [one.state for one in columns(graded)]
    for _try in range(4):
        graded.clock.advance(minutes=20)
        graded.lms.work()

    assert set(meanwhile) == {"waiting"}
    assert {one.state for one in columns(graded)} == {"ready"}
    assert len(labels(graded)) == 4


def test_case_20_a_deleted_column_asks_and_is_not_made_by_itself(graded: Pair) -> None:
    lose(graded)

    save(graded, title="Another name")
    try_again(graded.at.programme_id, now=graded.clock.now)
    graded.lms.work()

    assert [one.state for one in columns(graded)] == ["lost"]
    assert labels(graded) == []
    assert graded.lms.score(BOB).state == "waiting"


def test_a_course_that_is_concluded_has_lost_no_column_and_goes_on_where_it_was_once_it_is_open(graded: Pair) -> None:
    graded.lms.fail("ags", status=404, count=99)  # a Canvas, of everything in the course
    graded.check_in(BOB, 2)
    graded.lms.work()
    compare_now(graded.at.programme_id, now=graded.clock.now)
    graded.lms.work()
    column, score = columns(graded)[0], graded.lms.score(BOB)
    concluded = (column.state, score.state, score.problem, score.sent_points)
    why = column.compare_problem
    graded.lms.campus.faults.clear()
    try_again(graded.at.programme_id, now=graded.clock.now)
    graded.lms.work()

    gone = ServiceFault.NOT_FOUND.explanation
    assert concluded == ("ready", "refused", gone, Decimal(25))
    assert why == gone
    assert (graded.lms.score(BOB).state, graded.lms.given(BOB)) == ("sent", Decimal(50))


def test_case_20_staff_choose_a_column_that_is_there_and_its_values_are_not_overwritten(graded: Pair) -> None:
    campus = graded.lms.campus
    tool = next(iter(campus.tools))
    graded.check_in(DANA, 1)
    graded.lms.work()
    lose(graded)
    campus.add_item(
        course=BIOLOGY, client_id=tool, label="Mentoring", score_maximum=50, resource_link_id=None, details={}
    )
    graded.lms.teacher_grades(DANA, 7)

    (choice,) = columns_to_choose(graded.lms.course(), edge=graded.lms.edge)
    is_taken = map_column(
        graded.at.programme_id, "all", choice.url, edge=graded.lms.edge, by=alice(graded), now=graded.clock.now
    )
    graded.lms.work()

    bob = graded.lms.grade(BOB)
    assert bob
    assert is_taken
    assert (bob.given, bob.maximum) == (12.5, 50)
    assert (graded.lms.score(DANA).state, graded.lms.given(DANA)) == ("differs", 7)
    assert (columns(graded)[0].maximum, labels(graded)) == (50, ["Mentoring"])


def test_a_column_that_another_programme_uses_cannot_be_chosen(graded: Pair) -> None:
    used = columns(graded)[0].line_item_url or ""

    assert columns_to_choose(graded.lms.course(), edge=graded.lms.edge) == []
    assert not map_column(
        graded.at.programme_id, "all", used, edge=graded.lms.edge, by=alice(graded), now=graded.clock.now
    )


def test_what_was_kept_stays_kept_when_the_column_is_gone_and_made_anew(graded: Pair) -> None:
    graded.lms.teacher_grades(BOB, 61)
    compare_now(graded.at.programme_id, now=graded.clock.now)
    graded.lms.work()
    score = graded.lms.score(BOB)
    keep_theirs(graded.at.programme_id, {score.id: Decimal(61)}, by=alice(graded), now=graded.clock.now)

    lose(graded)
    recreate_column(graded.at.programme_id, "all", by=alice(graded), now=graded.clock.now)
    graded.lms.work()

    assert (graded.lms.score(BOB).state, graded.lms.given(BOB)) == ("frozen", None)


def test_a_column_that_vanishes_between_reading_and_sending_is_lost_and_no_score_is_refused(
    graded: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = score_flights.send_score

    def drop_first(*arguments: Any) -> Any:
        graded.lms.campus.drop_item(next(iter(graded.lms.campus.line_items), 0))
        return send(*arguments)

    monkeypatch.setattr(score_flights, "send_score", drop_first)
    graded.check_in(BOB, 2)
    graded.lms.work()

    assert [one.state for one in columns(graded)] == ["lost"]
    assert graded.lms.score(BOB).state == "waiting"
