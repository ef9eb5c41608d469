"""An errand: a launch that was believed, and waits for somebody's decision before (or instead of) a visit."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.db import Row, db


class Errand(Row):
    """One launch that asks something: content to choose, a link to settle, a person's data to look after."""

    __tablename__ = "errand"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # part of every path; names the errand, opens nothing
    secret_hash: Mapped[str]  # of what the browser's cookie carries
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)  # who launched
    payload: Mapped[dict[str, Any]]  # the launch's claims, after every check
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)  # messages and the CSRF token
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


def find_errand(key: str) -> Errand | None:
    """The errand of this path."""
    return db.session.scalar(select(Errand).filter_by(key=key))
