"""Notices that LMSs sent: which ones were acted on already."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.db import Row, db, insert_into


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


def is_new_notice(registration_id: int, tenant: str, notice_id: str, *, kind: str, now: datetime) -> bool:
    """Keep the notice, inside the caller's transaction; False when it was there already."""
    values = {"registration_id": registration_id, "tenant": tenant, "notice_id": notice_id}
    statement = (
        insert_into(Notice).values(**values, kind=kind, received_at=now).on_conflict_do_nothing().returning(Notice.id)
    )
    return db.session.execute(statement).one_or_none() is not None
