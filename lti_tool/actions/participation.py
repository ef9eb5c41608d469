"""From what people did to their ledgers: counted when somebody asks, and kept as totals for pages about many people."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import update

from lti_tool.actions import audit
from lti_tool.actions.releasable import note_outdated
from lti_tool.actions.releasing import Counted, Gradebook, next_release, release
from lti_tool.mentoring.checkins import CheckInSlot, Window
from lti_tool.mentoring.due_dates import windows_in
from lti_tool.mentoring.ledgers import Ledger, Standing
from lti_tool.mentoring.participation import ledger
from lti_tool.mentoring.releases import By, changes_at
from lti_tool.mentoring.scheme_presets import scheme_for
from lti_tool.mentoring.schemes import Release
from lti_tool.mentoring.successive import Seat, seats, timetable_of
from lti_tool.store import outbox
from lti_tool.store.checkins import plan_of
from lti_tool.store.db import db, transaction
from lti_tool.store.deeds import those
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.evidence import evidence_of
from lti_tool.store.matching import RUNNING, Pair
from lti_tool.store.pair_life import stretches_of
from lti_tool.store.pairs import PairMember
from lti_tool.store.participation import LedgerTotal, SoloWork
from lti_tool.store.participation import Release as ReleaseRow
from lti_tool.store.programme import Programme, settings_of
from lti_tool.store.standby import sent_on_standby
from lti_tool.store.totals import totals_of, totals_to_count
from lti_tool.store.workspace import CheckIn, check_ins_by

KIND = "points"  # the outbox's word for it
AT_ONCE_AT_MOST = 300  # people counted while somebody waits for the page, in about a third of a second
BATCH = 200  # people counted in one transaction by the worker


def person_ledger(enrolment_id: int, programme: Programme, *, now: datetime) -> Ledger | None:
    """Return one person's ledger; None where the enrolment is another programme's."""
    return ledgers_of(programme, only=[enrolment_id], now=now).get(enrolment_id)


def ledgers_of(programme: Programme, *, only: Collection[int] | None = None, now: datetime) -> dict[int, Ledger]:
    """Return the ledgers of everybody in a programme, or of these enrolments, by enrolment."""
    scheme = scheme_for(settings_of(programme))
    return {number: ledger(one, scheme, now) for number, one in evidence_of(programme, only=only).items()}


def recount(programme: Programme, *, only: Collection[int] | None = None, now: datetime) -> None:
    """Count the ledgers of a programme, or of these enrolments, anew, inside the caller's transaction.

    Where points are released at once they go to the gradebook with it.
    """
    book, counted = _count(programme, only, now)
    if programme.release == Release.AT_ONCE:
        release(book, programme, counted, by=By.ITSELF, now=now)
    db.session.flush()


def recount_many(programme: Programme, who: Collection[int], *, now: datetime) -> None:
    """Count the ledgers of these enrolments anew, inside the caller's transaction; of more than `AT_ONCE_AT_MOST` the
    worker does so right after it."""
    if len(who) <= AT_ONCE_AT_MOST:
        recount(programme, only=who, now=now)
        return
    totals = update(LedgerTotal).where(those(LedgerTotal.enrolment_id, programme, who))
    db.session.execute(totals.values(changes_at=now), execution_options={"synchronize_session": False})
    outbox.enqueue(kind=KIND, key="all", lane=KIND, registration_id=None, payload={}, now=now, is_awaited=True)


def release_here(programme: Programme, *, only: Collection[int], by: int | None, now: datetime) -> int:
    """Give free for the gradebook what the ledgers of these enrolments say now, inside the caller's transaction, which
    has locked the programme and notes the release; how many people's points that changed.

    Where nobody does, the clock does, and what was due some days before.
    """
    book, counted = _count(programme, only, now)
    return release(book, programme, counted, by=By.CLOCK if by is None else By.STAFF, now=now)


def note_release(programme_id: int, people: int, *, by: int | None, now: datetime) -> None:
    """Write down that so many people's points were released, inside the caller's transaction; of nobody nothing."""
    if people:
        db.session.add(ReleaseRow(programme_id=programme_id, released_by=by, people=people, released_at=now))
        audit.record("points.release", now=now, by=by, programme_id=programme_id, after={"people": people})


def _count(programme: Programme, only: Collection[int] | None, now: datetime) -> tuple[Gradebook, list[Counted]]:
    """Keep what the ledgers come to, with everybody concerned locked; return what was counted."""
    _lock(programme, only)
    totals, book = totals_of(programme, only), Gradebook(programme, only)
    counted = []
    for number, evidence in evidence_of(programme, only=only).items():
        total = totals.get(number) or LedgerTotal(programme_id=programme.id, enrolment_id=number)
        one = book.count(evidence, total, now)
        _keep(one, programme, now)
        note_outdated(one.cells)
        total.changes_at = changes_at(one.ledger, evidence.calendar.closes_at, now)
        counted.append(one)
    db.session.add_all(one.total for one in counted)
    return book, counted


def _lock(programme: Programme, only: Collection[int] | None) -> None:
    query = db.select(Enrolment.id).where(those(Enrolment.id, programme, only))
    db.session.execute(query.order_by(Enrolment.id).with_for_update(key_share=True))


def _keep(one: Counted, programme: Programme, now: datetime) -> None:
    total, found = one.total, one.ledger
    total.points, total.reachable, total.standing = found.points, found.reachable, one.said.posting.value
    total.efforts = len(found.efforts)
    total.unread = sum(entry.standing is Standing.UNREAD for entry in found.entries)
    total.decided = sum(entry.computed is not None for entry in found.entries) + (found.decided is not None)
    total.counted_at, total.has_news = now, one.is_news
    total.releases_at = next_release(programme, found, total.released_at)


def update_score(enrolment: Enrolment, *, now: datetime) -> None:
    """Count one person's ledger anew, inside the caller's transaction."""
    recount(db.session.get_one(Programme, enrolment.programme_id), only=[enrolment.id], now=now)


def recount_people(enrolment_ids: Iterable[int], *, now: datetime) -> None:
    """Count these people's ledgers anew, whatever programmes they are of, inside the caller's transaction."""
    query = db.select(Enrolment.programme_id, Enrolment.id).where(Enrolment.id.in_(list(enrolment_ids)))
    by_programme: dict[int, list[int]] = {}
    for programme_id, number in db.session.execute(query):
        by_programme.setdefault(programme_id, []).append(number)
    for programme_id, numbers in sorted(by_programme.items()):
        recount(db.session.get_one(Programme, programme_id), only=sorted(numbers), now=now)


def recount_pair(pair_id: int, *, now: datetime) -> None:
    """Count the ledgers of everybody in a pair anew, inside the caller's transaction."""
    query = db.select(PairMember.enrolment_id).where(PairMember.pair_id == pair_id)
    recount_people(db.session.scalars(query).all(), now=now)


def recount_tries(pair_id: int, enrolment_id: int, *, now: datetime) -> None:
    """Count somebody's ledger anew who tried to reach a partner, inside the caller's transaction: an attempt counts
    beside work alone."""
    alone = db.select(SoloWork.id).filter_by(pair_id=pair_id, enrolment_id=enrolment_id).limit(1)
    if db.session.scalar(alone) is not None:
        recount_people([enrolment_id], now=now)


def count_what_time_changed(*, now: datetime) -> int:
    """Count anew what a due date, or the end of a wait, has changed meanwhile, and who were too many to be counted at
    once; how many people that were."""
    count = 0
    while True:
        with transaction():
            some = totals_to_count(now, limit=BATCH)
            recount_people(some, now=now)
        if not some:
            return count
        count += len(some)


def pair_slots(pair: Pair, enrolment_id: int, programme: Programme) -> tuple[CheckInSlot, ...]:
    """When one person's check-ins open in this pair: without those that were sent in reserve or in a pair before it.

    Shape: of a pair that has ended, those that were sent in it.
    """
    seat, sent = _seat_with(pair, seats(stretches_of(enrolment_id))), check_ins_by(enrolment_id)
    here = _numbers(sent, [pair.id])
    in_reserve = sent_on_standby([enrolment_id]).get(enrolment_id, set())
    elsewhere = (_numbers(sent, [one for one in seat.pair_ids if one != pair.id]) | in_reserve) - here
    slots = timetable_of(seat, settings_of(programme)).slots
    if pair.state not in RUNNING:
        return tuple(slot for slot in slots if slot.number in here)
    return tuple(slot for slot in slots if slot.number not in elsewhere)


def pair_windows(pair: Pair, enrolment_id: int, programme: Programme) -> dict[int, Window]:
    """From when and until when one person's check-ins in this pair are in time, by number, as the ledger sees it."""
    seat, rhythm = _seat_with(pair, seats(stretches_of(enrolment_id))), plan_of(programme.id).rhythm
    return windows_in(seat, pair_slots(pair, enrolment_id, programme), settings_of(programme), rhythm)


def _seat_with(pair: Pair, found: Iterable[Seat]) -> Seat:
    return next(seat for seat in found if pair.id in seat.pair_ids)


def _numbers(sent: dict[int, list[CheckIn]], pair_ids: Iterable[int]) -> set[int]:
    return {row.number for pair_id in pair_ids for row in sent.get(pair_id, ())}
