"""The admin signs in: a one-time address from the command line opens a visit of its own kind."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete

from lti_tool.actions import audit
from lti_tool.actions.launch import secret_hash
from lti_tool.store.admin import AdminVisit, unused_link
from lti_tool.store.db import transaction

LINK_LIFE = timedelta(minutes=30)
VISIT_LIFE = timedelta(hours=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminOpened:
    """An admin's visit that has begun: what only the browser keeps."""

    secret: str
    expires_at: datetime


def make_link(*, now: datetime) -> str:
    """The code of a new sign-in address, good once."""
    code = secrets.token_urlsafe(32)
    with transaction() as session:
        session.add(AdminVisit(code_hash=secret_hash(code), expires_at=now + LINK_LIFE))
        audit.record("admin.link", now=now, by=None)
    return code


def is_link(code: str, *, now: datetime) -> bool:
    """Whether this code still opens the admin's pages."""
    return unused_link(secret_hash(code), now) is not None


def begin_visit(code: str, *, now: datetime) -> AdminOpened | None:
    """Use the code up; None when it is used, over or unknown."""
    secret = secrets.token_urlsafe(32)
    with transaction():
        row = unused_link(secret_hash(code), now, to_use=True)
        if row is None:
            return None
        row.secret_hash, row.expires_at = secret_hash(secret), now + VISIT_LIFE
        audit.record("admin.sign_in", now=now, by=None)
        return AdminOpened(secret=secret, expires_at=row.expires_at)


def end_visit(visit_id: int, *, now: datetime) -> None:
    """The admin is done."""
    with transaction() as session:
        session.execute(delete(AdminVisit).where(AdminVisit.id == visit_id))
        audit.record("admin.sign_out", now=now, by=None)
