"""The append-only record of decisions, written in the transaction that makes them."""

from datetime import datetime
from typing import Any

from lti_tool.store.db import db
from lti_tool.store.programme import AuditEntry


def record(
    what: str,
    *,
    now: datetime,
    by: int | None,
    registration_id: int | None = None,
    programme_id: int | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Write down who decided what; `by` is None for the clock and the command line."""
    db.session.add(
        AuditEntry(
            what=what,
            person_id=by,
            registration_id=registration_id,
            programme_id=programme_id,
            before=before or {},
            after=after or {},
            at=now,
        )
    )
