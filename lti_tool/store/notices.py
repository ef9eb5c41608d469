"""Notices that LMSs sent: which ones were acted on already, and where they were asked for in vain."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, cast, func, select
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.db import Row, db, insert_into
from lti_tool.store.outbox import OutboxRow
from lti_tool.store.platforms import Deployment

MOST_SHOWN = 20


class Notice(Row):
    """One notice, kept so that its repetition changes nothing."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("registration_id", "tenant", "notice_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    tenant: Mapped[str] = mapped_column(default="", server_default="")  # whose id it is, see `store/tenants`
    notice_id: Mapped[str]  # the LMS's own id
    kind: Mapped[str]
    received_at: Mapped[datetime]


def failed_subscriptions(registration_id: int, *, kind: str) -> list[tuple[Deployment, OutboxRow]]:
    """Deployments of the LMS whose notices were asked for in vain, each with its last try, newest first.

    Shape: at most MOST_SHOWN.
    """
    newest = (
        select(func.max(OutboxRow.id)).filter_by(registration_id=registration_id, kind=kind).group_by(OutboxRow.key)
    )
    query = (
        select(Deployment, OutboxRow)
        .join(OutboxRow, OutboxRow.key == cast(Deployment.id, String))
        .where(
            Deployment.registration_id == registration_id,
            Deployment.notices_subscribed_at.is_(None),
            OutboxRow.id.in_(newest),
            OutboxRow.state == "buried",
        )
    )
    found = db.session.execute(query.order_by(OutboxRow.id.desc()).limit(MOST_SHOWN))
    return [(deployment, row) for deployment, row in found]


def is_new_notice(registration_id: int, tenant: str, notice_id: str, *, kind: str, now: datetime) -> bool:
    """Keep the notice, inside the caller's transaction; False when it was there already."""
    values = {"registration_id": registration_id, "tenant": tenant, "notice_id": notice_id}
    statement = (
        insert_into(Notice).values(**values, kind=kind, received_at=now).on_conflict_do_nothing().returning(Notice.id)
    )
    return db.session.execute(statement).one_or_none() is not None
