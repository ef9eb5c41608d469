"""What happened to a pair from its publication on, when its clock stood still, and the last words to each other."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.mentoring.pair_life import EndReason, Life, PairState
from lti_tool.mentoring.successive import Stop, Stretch
from lti_tool.store.db import Row, db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import Pair
from lti_tool.store.pairs import PairMember

EVENTS = ("paused", "resumed", "stopped", "allowed", "left", "ended")


class PairEvent(Row):
    """One step of a pair's life. Only ever added to."""

    __tablename__ = "pair_event"
    __table_args__ = (CheckConstraint("what in ('paused','resumed','stopped','allowed','left','ended')", name="what"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"), index=True)
    what: Mapped[str]
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))  # the member who did it, or left
    words: Mapped[str] = mapped_column(default="")  # what the other members read about it
    at: Mapped[datetime]


class PairStop(Row):
    """A time in which nothing is due in a pair."""

    __tablename__ = "pair_stop"
    __table_args__ = (
        # The clock cannot stand still twice.
        Index(
            "uq_pair_stop_pair_id_open",
            "pair_id",
            unique=True,
            sqlite_where=text("until_at is null"),
            postgresql_where=text("until_at is null"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"), index=True)
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]


class Farewell(Row):
    """One member's last words in a pair, and whether they would like to stay in touch."""

    __tablename__ = "farewell"
    __table_args__ = (UniqueConstraint("pair_id", "enrolment_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    thanks: Mapped[str] = mapped_column(default="")
    stays: Mapped[bool | None]  # nothing: not said
    contact: Mapped[str] = mapped_column(default="")  # shown to the others once all of them said yes
    changed_at: Mapped[datetime]


def life_of(pair: Pair) -> Life:
    """The pair as the rules read it."""
    return Life(
        state=PairState(pair.state),
        paused_at=pair.paused_at,
        resumes_on=pair.resumes_on,
        contact_stopped_at=pair.contact_stopped_at,
        ended_at=pair.ended_at,
        end_reason=EndReason(pair.end_reason) if pair.end_reason else None,
    )


def events_of(pair_id: int) -> list[PairEvent]:
    """What happened to a pair, oldest first."""
    return list(db.session.scalars(select(PairEvent).filter_by(pair_id=pair_id).order_by(PairEvent.at, PairEvent.id)))


def open_stop(pair_id: int) -> PairStop | None:
    """The stop of the pair's clock that lasts, if one does."""
    return db.session.scalar(select(PairStop).where(PairStop.pair_id == pair_id, PairStop.until_at.is_(None)))


def farewells_of(pair_id: int) -> list[Farewell]:
    """Everybody's last words in a pair."""
    return list(db.session.scalars(select(Farewell).filter_by(pair_id=pair_id).order_by(Farewell.id)))


def stretches_of(enrolment_id: int) -> list[Stretch]:
    """The time somebody has spent in each of their pairs, oldest first."""
    return stretches_by(Enrolment.id == enrolment_id).get(enrolment_id, [])


def stretches_by(whose: ColumnElement[bool]) -> dict[int, list[Stretch]]:
    """The same for everybody of whom this holds, by enrolment; two statements."""
    query = (
        select(*_OF_PAIRS)
        .join(PairMember, PairMember.pair_id == Pair.id)
        .join(Enrolment, Enrolment.id == PairMember.enrolment_id)
        .where(whose, Pair.state != "proposed", Pair.published_at.is_not(None))
        .order_by(Pair.published_at, Pair.id)
    )
    rows = db.session.execute(query).all()
    stops = _stops_of({row.id for row in rows})
    found: dict[int, list[Stretch]] = {}
    for row in rows:
        found.setdefault(row.enrolment_id, []).append(_stretch(row, stops.get(row.id, ())))
    return found


_OF_PAIRS = (
    Pair.id,
    Pair.published_at,
    Pair.ended_at,
    Pair.end_reason,
    PairMember.enrolment_id,
    PairMember.role,
    PairMember.left_at,
)


def _stretch(row: Any, stops: tuple[Stop, ...]) -> Stretch:
    ends = [one for one in (row.left_at, row.ended_at) if one is not None]
    return Stretch(
        pair_id=row.id,
        side=row.role,
        from_at=row.published_at,
        until_at=min(ends) if ends else None,
        is_completed=row.end_reason == EndReason.COMPLETED and row.left_at is None,
        stops=stops,
    )


def _stops_of(pair_ids: Collection[int]) -> dict[int, tuple[Stop, ...]]:
    if not pair_ids:
        return {}
    query = select(PairStop).where(PairStop.pair_id.in_(pair_ids)).order_by(PairStop.from_at)
    found: dict[int, tuple[Stop, ...]] = {}
    for row in db.session.scalars(query):
        found[row.pair_id] = (*found.get(row.pair_id, ()), Stop(from_at=row.from_at, until_at=row.until_at))
    return found
