"""What changes the points of hundreds is saved at once; the worker counts them right after."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.actions.excuses_for_many import give_to_many, look_ahead, undo_many
from lti_tool.actions.participation import AT_ONCE_AT_MOST, KIND, count_what_time_changed, ledgers_of
from lti_tool.jobs.handlers import work_off
from lti_tool.mentoring.evidence import ExcuseReason
from lti_tool.mentoring.excuses import Bulk, Given, Whom
from lti_tool.store.db import db
from lti_tool.store.gradebook import Score
from lti_tool.store.participation import LedgerTotal
from lti_tool.store.programme import Programme
from tests import make
from tests.bench.term import HALF_WAY, half_term
from tests.conftest import Clock
from tests.outside import look_again, outbox_rows

OUTAGE = Bulk(given=Given(key="check_in", reason=ExcuseReason.TOOL, words="It was down."), whom=Whom.EVERYBODY)


def excuse_everybody(at: make.Setting, by: int) -> int:
    """Alice excuses everybody, as she was shown."""
    look_again()
    mark = look_ahead(db.session.get_one(Programme, at.programme_id), OUTAGE, by=by, now=HALF_WAY).mark
    return give_to_many(at.programme_id, OUTAGE, mark=mark, by=by, now=HALF_WAY)


def kept(at: make.Setting) -> dict[int, Decimal | None]:
    """What is kept of everybody's points."""
    look_again()
    rows = db.session.scalars(select(LedgerTotal).filter_by(programme_id=at.programme_id))
    return {row.enrolment_id: row.points for row in rows}


def counted(at: make.Setting) -> dict[int, Decimal | None]:
    """What everybody's ledger says."""
    look_again()
    found = ledgers_of(db.session.get_one(Programme, at.programme_id), now=HALF_WAY)
    return {number: one.points for number, one in found.items()}


@pytest.mark.parametrize("people", [AT_ONCE_AT_MOST, AT_ONCE_AT_MOST + 2])
def test_an_excuse_for_hundreds_is_counted_and_goes_to_the_gradebook_whoever_counts_it(
    app: Flask, clock: Clock, people: int
) -> None:
    clock.now = HALF_WAY
    at = half_term(people, release="at_once")
    alice = make.person(at, "Alice Ashford", role="instructor")
    count_what_time_changed(now=HALF_WAY)
    before = kept(at)

    batch = excuse_everybody(at, alice)
    asked = [row.state for row in outbox_rows(KIND)]
    work_off(app)
    after = kept(at)
    scores = {row.points for row in db.session.scalars(select(Score))}
    undo_many(at.programme_id, batch, by=alice, now=HALF_WAY)
    work_off(app)

    assert asked == (["waiting"] if people > AT_ONCE_AT_MOST else [])
    assert after != before
    assert scores == {points for points in after.values() if points is not None}
    assert kept(at) == before == counted(at)
