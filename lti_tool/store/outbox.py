"""What must reach the outside: rows written in the transaction that decided them, worked off until done.

A row is claimed with a lease: a worker that dies loses it when the lease ends, and another takes it. At most one row
per (kind, key) waits: whoever asks again while it waits changes that row. At most one per lane runs, so that one
LMS or one course is never worked on twice at the same time: the running row is the lease of its lane.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, aliased, mapped_column

from lti_tool.store.db import Row, db, insert_into, transaction
from lti_tool.store.platforms import Registration

LAST_TRY = 12  # with the waits below, the twelfth try comes after about a day
HELD_UP = 2  # tries in vain, after which it is more than one lost answer
LONGEST_WAIT = timedelta(hours=12)  # whatever an LMS asks for
SOME_LEFT = "some of it is left for later"  # begins the error of work that failed for single people only


class OutboxRow(Row):
    """One thing to be done."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("state in ('waiting','running','done','buried')", name="state"),
        Index(
            "uq_outbox_kind_key_waiting",
            "kind",
            "key",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "uq_outbox_lane_running",
            "lane",
            unique=True,
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
        Index("ix_outbox_state_next_at", "state", "next_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]  # chooses the handler
    key: Mapped[str]  # what it is about; at most one waits per kind and key
    lane: Mapped[str]  # at most one runs per lane
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"))  # the LMS it speaks with
    payload: Mapped[dict[str, Any]]  # ids only
    state: Mapped[str] = mapped_column(default="waiting")
    is_awaited: Mapped[bool] = mapped_column(default=False)  # somebody looks at a page until it is done
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    lease: Mapped[str | None]  # who holds it
    last_error: Mapped[str | None]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


def lms_lane(registration_id: int) -> str:
    """The one lane of whatever speaks with this LMS: how many requests it bears at once is counted per client id."""
    return f"lms:{registration_id}"


def enqueue(
    *,
    kind: str,
    key: str,
    lane: str,
    registration_id: int | None,
    payload: dict[str, Any],
    now: datetime,
    is_urgent: bool = True,
    is_awaited: bool = False,
) -> None:
    """Ask for it, inside the caller's transaction; what somebody waits for at a page goes before everything else.

    A row that waits already is made due now; one that is not urgent keeps its time, since an LMS may have asked for it,
    unless it only waits for some people: then somebody else need not wait for them.
    """
    session = db.session()
    afresh: dict[str, Any] = {"next_at": now, "attempts": 0}
    at_once = literal(now, OutboxRow.next_at.type)
    kept = case((OutboxRow.last_error.startswith(SOME_LEFT), at_once), else_=OutboxRow.next_at)
    again = {"payload": payload, "lane": lane} | (afresh if is_urgent else {"next_at": kept})
    awaited = {"is_awaited": True} if is_awaited else {}
    values = {"kind": kind, "key": key, "lane": lane, "registration_id": registration_id, "state": "waiting"}
    session.execute(
        insert_into(OutboxRow)
        .values(**values, **afresh, **awaited, payload=payload, created_at=now)
        .on_conflict_do_update(
            index_elements=["kind", "key"], index_where=text("state = 'waiting'"), set_=again | awaited
        )
    )
    session.info["wake"] = True


def claim(*, now: datetime, lease_seconds: int, may_probe: bool = True) -> OutboxRow | None:
    """The next row that is due, now ours until the lease ends; None when nothing is due.

    Nothing is due for an LMS that rests; without `may_probe` nothing either for one whose last answer was a fault.
    Shape: the row as it was claimed, whatever becomes of it later: by its lease one sees whether it is still ours.
    """
    while True:
        try:
            return _claim(now, now + timedelta(seconds=lease_seconds), may_probe=may_probe)
        except IntegrityError:
            continue  # another worker took the lane at the same moment; there may be work in another one


def _claim(now: datetime, until: datetime, *, may_probe: bool) -> OutboxRow | None:
    other = aliased(OutboxRow)
    lane_is_taken = select(other.id).where(
        other.lane == OutboxRow.lane, other.state == "running", other.id != OutboxRow.id
    )
    rests = Registration.rests_until > now
    is_left_alone = exists().where(
        Registration.id == OutboxRow.registration_id, rests if may_probe else rests | (Registration.faults_in_a_row > 0)
    )
    query = select(OutboxRow).where(is_due(now), ~lane_is_taken.exists(), ~is_left_alone)
    query = query.order_by(OutboxRow.is_awaited.desc(), OutboxRow.next_at, OutboxRow.id)
    with transaction() as session:
        row = session.scalar(query.limit(1).with_for_update(skip_locked=True, of=OutboxRow))
        if row:
            row.state, row.lease, row.leased_until = "running", token_hex(8), until
            row.attempts += 1
            session.flush()
            session.expunge(row)  # else the next read would bring another worker's lease into it
    return row


def is_due(now: datetime) -> ColumnElement[bool]:
    """It may be worked on: it waits and its time has come, or the worker that had it was lost."""
    return or_(
        (OutboxRow.state == "waiting") & (OutboxRow.next_at <= now),
        (OutboxRow.state == "running") & (OutboxRow.leased_until <= now),
    )


def others_wait(row: OutboxRow, *, now: datetime) -> bool:
    """Whether something else could be done in this row's lane."""
    other = (OutboxRow.lane == row.lane) & (OutboxRow.id != row.id) & is_due(now)
    return db.session.scalar(select(OutboxRow.id).where(other).limit(1)) is not None


def renew(row: OutboxRow, *, until: datetime, has_progressed: bool = False) -> bool:
    """Keep the lease for longer; False when it was lost to another worker.

    Work that gets on is not failing: its tries are counted anew.
    """
    if has_progressed:
        row.attempts = 1
    with transaction() as session:
        result = session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == row.id, OutboxRow.lease == row.lease, OutboxRow.state == "running")
            .values(leased_until=until, attempts=row.attempts)
        )
    return bool(result.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has a row count


def held(row: OutboxRow) -> OutboxRow | None:
    """The row as it is now, locked inside the caller's transaction; None where its lease was lost to another worker.

    Who writes to it there what has been done writes it exactly once, whatever becomes of the worker.
    """
    ours = (OutboxRow.id == row.id) & (OutboxRow.lease == row.lease) & (OutboxRow.state == "running")
    query = select(OutboxRow).where(ours).with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def finish(row: OutboxRow, *, now: datetime) -> None:
    """It is done. A lease lost meanwhile changes nothing."""
    _settle(row, state="done", done_at=now, last_error=None)


def postpone(row: OutboxRow, *, now: datetime, wait: timedelta | None, error: str) -> datetime | None:
    """Try again later, ever more seldom; when that is, None after the last try: then the row is buried, visibly.

    A newer row of the same key that waits already takes this one's place, its tries and its wait.
    """
    if is_last_try(row):
        bury(row, now=now, error=error)
        return None
    pause = min(wait or timedelta(seconds=min(5 * 3 ** (row.attempts - 1), 4 * 3600)), LONGEST_WAIT)
    try:
        _settle(row, state="waiting", next_at=now + pause, last_error=error)
    except IntegrityError:
        _hand_over(row, next_at=now + pause, error=error)
        _settle(row, state="done", done_at=now, last_error=error)
    return now + pause


def hand_back(row: OutboxRow, *, now: datetime) -> None:
    """Somebody else goes on with it, behind whatever is due already; this try was none."""
    try:
        _settle(row, state="waiting", next_at=now, attempts=row.attempts - 1)
    except IntegrityError:
        _settle(row, state="done", done_at=now)  # a newer row of the same key waits already


def _hand_over(row: OutboxRow, *, next_at: datetime, error: str) -> None:
    newer = (OutboxRow.kind == row.kind) & (OutboxRow.key == row.key) & (OutboxRow.state == "waiting")
    with transaction() as session:
        values = {"next_at": next_at, "attempts": row.attempts, "last_error": error}
        session.execute(update(OutboxRow).where(newer).values(**values))


def is_last_try(row: OutboxRow) -> bool:
    """Whether this try, once failed, is not followed by another."""
    return row.attempts >= LAST_TRY


def bury(row: OutboxRow, *, now: datetime, error: str) -> None:
    """Give up: trying again cannot help until somebody changes something. What was given up before of the same kind and
    key is no longer shown beside it: what is refused each night is one thing to see to."""
    _settle(row, state="buried", done_at=now, last_error=error)
    same = (OutboxRow.kind == row.kind) & (OutboxRow.key == row.key) & (OutboxRow.state == "buried")
    with transaction() as session:
        session.execute(update(OutboxRow).where(same, OutboxRow.id < row.id).values(state="done"))


def _settle(row: OutboxRow, **values: Any) -> None:
    with transaction() as session:
        session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == row.id, OutboxRow.lease == row.lease, OutboxRow.state == "running")
            .values(lease=None, leased_until=None, **values)
        )


def oldest_waiting(now: datetime) -> datetime | None:
    """Since when the oldest due row waits."""
    return db.session.scalar(
        select(func.min(OutboxRow.next_at)).where(OutboxRow.state == "waiting", OutboxRow.next_at <= now)
    )


def is_held_up() -> ColumnElement[bool]:
    """It has failed more than once, not only for the moment an LMS takes to show what it got, and is tried on."""
    has_failed = OutboxRow.last_error.is_not(None) & (OutboxRow.last_error != SOME_LEFT)
    return OutboxRow.state.in_(("waiting", "running")) & has_failed & (OutboxRow.attempts >= HELD_UP)


def held_up(kinds: Collection[str], key: str) -> OutboxRow | None:
    """The newest work of these kinds that is held up."""
    query = select(OutboxRow).where(OutboxRow.kind.in_(kinds), OutboxRow.key == key, is_held_up())
    return db.session.scalar(query.order_by(OutboxRow.id.desc()).limit(1))


def last_of(kind: str, key: str) -> OutboxRow | None:
    """The newest row of a kind and key."""
    return db.session.scalar(select(OutboxRow).filter_by(kind=kind, key=key).order_by(OutboxRow.id.desc()).limit(1))
