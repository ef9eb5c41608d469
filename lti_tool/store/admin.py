"""The admin's side: visits of its own, tries that are counted, the tool's signing keys, and the worker's heartbeat."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.db import Row, db
from lti_tool.store.platforms import Deployment, Invitation
from lti_tool.store.programme import AuditEntry


class AdminVisit(Row):
    """A one-time sign-in address, and the visit that it opened."""

    __tablename__ = "admin_visit"
    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(unique=True)  # of the address's code
    secret_hash: Mapped[str | None] = mapped_column(unique=True)  # of the browser's cookie, once it was opened
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)  # messages and the CSRF token
    expires_at: Mapped[datetime] = mapped_column(index=True)  # of the address, then of the visit


class Attempt(Row):
    """One try at something that strangers may try; kept as long as it counts."""

    __tablename__ = "attempt"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(index=True)  # what was tried, and a hash of from where
    expires_at: Mapped[datetime] = mapped_column(index=True)


class KeptSigningKey(Row):
    """A private key of the tool, encrypted, where keys are kept in the database."""

    __tablename__ = "signing_key"
    id: Mapped[int] = mapped_column(primary_key=True)
    pem: Mapped[str]  # encrypted with the first of KEY_SECRETS
    made_at: Mapped[datetime]
    signs_from: Mapped[datetime]
    retires_at: Mapped[datetime | None]


class Heartbeat(Row):
    """When a part of the program last said that it is alive."""

    __tablename__ = "heartbeat"
    name: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


def unused_link(code_hash: str, now: datetime, *, to_use: bool = False) -> AdminVisit | None:
    """The sign-in address with this code, unless it is used or over; locked where the caller is going to use it."""
    query = select(AdminVisit).filter_by(code_hash=code_hash, secret_hash=None)
    found = db.session.scalar(query.with_for_update() if to_use else query)
    return found if found and found.expires_at > now else None


def find_admin_visit(secret_hash: str) -> AdminVisit | None:
    """The visit that this secret opens."""
    return db.session.scalar(select(AdminVisit).filter_by(secret_hash=secret_hash))


def count_attempts(key: str, now: datetime) -> int:
    """How many tries still count."""
    query = select(func.count()).select_from(Attempt).where(Attempt.key == key, Attempt.expires_at > now)
    return db.session.scalar(query) or 0


def heartbeat_at(name: str) -> datetime | None:
    """When this part of the program last said that it is alive."""
    return db.session.scalar(select(Heartbeat.at).filter_by(name=name))


def open_invitations(now: datetime) -> list[Invitation]:
    """Invitations that can still be used, the newest first."""
    query = select(Invitation).where(Invitation.used_at.is_(None), Invitation.expires_at > now)
    return list(db.session.scalars(query.order_by(Invitation.id.desc())))


def pending_deployments() -> dict[int, int]:
    """How many deployments wait for the admin's word, by registration."""
    query = select(Deployment.registration_id, func.count()).filter_by(state="pending")
    return dict(db.session.execute(query.group_by(Deployment.registration_id)).all())


def deployments_of(registration_id: int, *, limit: int) -> list[Deployment]:
    """The registration's deployments, those that wait first, then the newest."""
    query = select(Deployment).filter_by(registration_id=registration_id)
    order = (Deployment.state != "pending", Deployment.id.desc())
    return list(db.session.scalars(query.order_by(*order).limit(limit)))


def audit_of(registration_id: int, *, limit: int) -> list[AuditEntry]:
    """What was decided about the registration itself, the newest first."""
    query = select(AuditEntry).where(
        AuditEntry.registration_id == registration_id,
        or_(*(AuditEntry.what.startswith(start) for start in ("platform.", "deployment."))),
    )
    return list(db.session.scalars(query.order_by(AuditEntry.id.desc()).limit(limit)))


def audit_of_tool(*, limit: int) -> list[AuditEntry]:
    """What was decided about the tool as a whole, LMSs that are gone among it, the newest first."""
    query = select(AuditEntry).where(AuditEntry.registration_id.is_(None), AuditEntry.programme_id.is_(None))
    return list(db.session.scalars(query.order_by(AuditEntry.id.desc()).limit(limit)))
