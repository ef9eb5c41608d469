"""Who was reminded of what, and when: so that nobody is reminded too often."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.db import Row


class Nudge(Row):
    """One reminder to one person."""

    __tablename__ = "nudge"
    __table_args__ = (
        CheckConstraint("channel in ('mail','page')", name="channel"),
        Index("ix_nudge_programme_id_person_id", "programme_id", "person_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]  # what it was about
    channel: Mapped[str]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # nobody: the clock
    asked_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
