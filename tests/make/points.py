"""Rows about points: what they depend on, what a ledger came to, scores on their way, the gradebook's columns."""

from decimal import Decimal
from typing import Any

from lti_tool.store.db import db, transaction
from lti_tool.store.gradebook import Column, Score
from lti_tool.store.participation import Excuse, ExcuseBatch, LedgerTotal, PeerCase
from lti_tool.store.standby import StandbyCheckIn
from tests.conftest import NOON
from tests.make.course import ISSUER, Setting


def score(at: Setting, person_id: int, **changes: Any) -> int:
    """Somebody's points on their way to the gradebook."""
    values: dict[str, Any] = {"state": "sent", "points": Decimal(75), "changed_at": NOON} | changes
    with transaction() as session:
        row = Score(programme_id=at.programme_id, person_id=person_id, **values)
        session.add(row)
        session.flush()
        return row.id


def kept_score(programme_id: int, person_id: int) -> Score | None:
    """Somebody's score; of three the first."""
    query = db.select(Score).filter_by(programme_id=programme_id, person_id=person_id)
    return db.session.scalar(query.order_by(Score.part).limit(1))


def column(at: Setting, **changes: Any) -> int:
    """The programme's column in the gradebook."""
    values: dict[str, Any] = {"state": "ready", "line_item_url": f"{ISSUER}/lineitems/1", "maximum": 100} | changes
    with transaction() as session:
        row = Column(programme_id=at.programme_id, **values)
        session.add(row)
        session.flush()
        return row.id


def total(at: Setting, enrolment_id: int, **changes: Any) -> int:
    """What somebody's ledger came to."""
    values: dict[str, Any] = {"standing": "score", "points": Decimal(75), "counted_at": NOON} | changes
    with transaction() as session:
        row = LedgerTotal(programme_id=at.programme_id, enrolment_id=enrolment_id, **values)
        session.add(row)
        session.flush()
        return row.id


def excuse(at: Setting, enrolment_id: int, **changes: Any) -> int:
    """An excuse that somebody asked for; its number."""
    values: dict[str, Any] = {"key": "check_in:1", "reason": "illness", "state": "asked", "asked_at": NOON} | changes
    return _added(Excuse(programme_id=at.programme_id, enrolment_id=enrolment_id, **values))


def excuse_batch(at: Setting, by: int) -> int:
    """An excuse for many at once, which nobody has; its number."""
    row = ExcuseBatch(programme_id=at.programme_id, key="check_in:1", whom="everybody", reason="tool", people=0)
    row.given_by, row.given_at = by, NOON
    return _added(row)


def peer_case(enrolment_id: int, **changes: Any) -> int:
    """A peer case that was handed in; its id."""
    values: dict[str, Any] = {"text": "He came late.", "handed_in_at": NOON, "changed_at": NOON} | changes
    return _added(PeerCase(enrolment_id=enrolment_id, **values))


def standby(at: Setting, enrolment_id: int, **changes: Any) -> int:
    """A check-in that a mentor in reserve sent; its id."""
    values: dict[str, Any] = {"number": 1, "answers": {"ready": "yes"}, "sent_at": NOON, "changed_at": NOON} | changes
    return _added(StandbyCheckIn(programme_id=at.programme_id, enrolment_id=enrolment_id, **values))


def _added(row: Any) -> int:
    with transaction() as session:
        session.add(row)
        session.flush()
        return int(row.id)
