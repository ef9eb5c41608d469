"""What points depend on: excuses, for one and for many, and what people did for them."""

from typing import Any

from lti_tool.store.db import transaction
from lti_tool.store.participation import Excuse, ExcuseBatch, PeerCase
from tests.conftest import NOON
from tests.make.course import Setting


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


def _added(row: Any) -> int:
    with transaction() as session:
        session.add(row)
        session.flush()
        return int(row.id)
