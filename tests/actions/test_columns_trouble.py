"""Columns when something goes wrong: one that is refused, gone or in another worker's hands stops no other."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from lti_tool.actions import comparing
from lti_tool.actions.gradebook import ask_to_send
from lti_tool.actions.gradebook_columns import make_column
from lti_tool.actions.nightly import ask_by_night
from lti_tool.actions.programme import save_settings
from lti_tool.lti.errors import LtiError, PlatformRefused, PlatformUnavailable, ServiceFault
from lti_tool.lti.gradebook import read_results
from lti_tool.mentoring.schemes import Columns, SchemePreset
from lti_tool.store.db import db, transaction
from lti_tool.store.gradebook import Score, columns_of
from lti_tool.store.programme import Programme, settings_of
from tests.actions.world import Pair
from tests.outside import ALICE, BOB, DANA, look_again


def three(pair: Pair) -> tuple[str, str, str]:
    """Three columns, and a score of Dana's that waits for each; their parts."""
    programme_id = pair.at.programme_id
    settings = settings_of(pair.lms.programme())
    settings = replace(settings, participation=SchemePreset.DEFAULT, columns=Columns.THREE)
    save_settings(programme_id, settings, by=pair.lms.person(ALICE).id, now=pair.clock.now)
    pair.lms.work()
    person, parts = pair.lms.person(DANA).id, ("onboarding", "participation", "reflection")
    wanted = {"programme_id": programme_id, "person_id": person, "state": "waiting", "changed_at": pair.clock.now}
    with transaction() as session:
        session.add_all(Score(part=part, points=Decimal(1), **wanted) for part in parts)
        ask_to_send(session.get_one(Programme, programme_id), now=pair.clock.now)
    return parts


def states(pair: Pair) -> dict[str, str]:
    """Of Dana's scores, by part."""
    look_again()
    theirs = select(Score.part, Score.state).filter_by(person_id=pair.lms.person(DANA).id)
    return {part: state for part, state in db.session.execute(theirs).all() if part != "all"}


def test_of_three_columns_one_where_a_score_fails_stops_no_other(graded: Pair) -> None:
    onboarding, *others = three(graded)
    graded.lms.fail("scores", status=500)

    graded.lms.work()

    assert states(graded) == {onboarding: "waiting"} | dict.fromkeys(others, "sent")


def cannot_be_read(pair: Pair, monkeypatch: pytest.MonkeyPatch, fault: LtiError) -> None:
    """The LMS answers so whenever the first column is read."""
    url = columns_of(pair.at.programme_id)[0].line_item_url

    def read(connector: Any, where: str, **more: Any) -> Any:
        if where == url:
            raise fault
        return read_results(connector, where, **more)

    monkeypatch.setattr(comparing, "read_results", read)


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (PlatformRefused(ServiceFault.NOT_OURS, status=412), "refused"),
        (PlatformUnavailable(status=500), "waiting"),
        (PlatformUnavailable(ServiceFault.UNREADABLE, status=200), "waiting"),
    ],
    ids=["refused", "fails", "unreadable"],
)
def test_of_three_columns_one_that_cannot_be_read_keeps_no_other_from_being_sent(
    graded: Pair, monkeypatch: pytest.MonkeyPatch, fault: LtiError, state: str
) -> None:
    onboarding, *others = three(graded)
    cannot_be_read(graded, monkeypatch, fault)

    graded.lms.work()

    assert states(graded) == {onboarding: state} | dict.fromkeys(others, "sent")


@pytest.mark.parametrize(
    "fault",
    [PlatformRefused(ServiceFault.NOT_OURS, status=412), PlatformUnavailable(status=500)],
    ids=["refused", "fails"],
)
def test_of_three_columns_one_that_cannot_be_read_back_keeps_no_other_from_it(
    graded: Pair, monkeypatch: pytest.MonkeyPatch, fault: LtiError
) -> None:
    three(graded)
    graded.lms.work()
    tonight = graded.clock.advance(days=1)
    cannot_be_read(graded, monkeypatch, fault)

    ask_by_night(now=tonight)
    graded.lms.work()

    look_again()
    found = [(one.compared_at == tonight, one.compare_problem is None) for one in columns_of(graded.at.programme_id)]
    assert found == [(False, False), (True, True), (True, True)]


def test_a_person_whom_the_lms_does_not_find_is_not_called_a_column_that_is_gone(graded: Pair) -> None:
    graded.lms.fail("scores", status=404, count=2)
    graded.check_in(BOB, 2)

    graded.lms.work()

    assert (graded.lms.score(BOB).state, graded.column.state) == ("refused", "ready")
    assert graded.lms.score(BOB).problem == ServiceFault.PERSON_NOT_GRADABLE.explanation


def test_a_worker_that_lost_its_lease_makes_no_column(graded: Pair) -> None:
    column = graded.column
    with transaction() as session:
        session.add(column)
        column.state, column.line_item_url = "waiting", None
    graded.lms.campus.line_items.clear()

    make_column(graded.at.programme_id, edge=graded.lms.edge, now=graded.clock.now, still_ours=lambda: False)

    assert graded.lms.campus.line_items == {}


@pytest.mark.parametrize("is_there", [True, False], ids=["somebody is gone", "the column is gone"])
def test_case_20_a_column_that_is_gone_is_noticed_where_nothing_can_be_read_back(graded: Pair, is_there: bool) -> None:
    course = graded.lms.course()
    with transaction() as session:
        session.add(course)
        course.gradebook_scopes = [one for one in course.gradebook_scopes if "result" not in one]
    if is_there:
        graded.lms.fail("scores", status=404, count=2)
    else:
        graded.lms.campus.drop_item(next(iter(graded.lms.campus.line_items)))
    graded.check_in(BOB, 2)

    graded.lms.work()

    found = (graded.column.state, graded.lms.score(BOB).state)
    assert found == (("ready", "refused") if is_there else ("lost", "waiting"))
