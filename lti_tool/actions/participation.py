"""From what people did to their ledgers: counted when somebody asks, and kept as totals for pages about many people."""

from collections.abc import Collection, Iterable
from datetime import datetime

from lti_tool.actions import audit
from lti_tool.actions.releasing import Counted, Gradebook, next_release, release
from lti_tool.mentoring.checkins import CheckInSlot
from lti_tool.mentoring.ledgers import Ledger, Standing
from lti_tool.mentoring.participation import ledger
from lti_tool.mentoring.releases import changes_at
from lti_tool.mentoring.scheme_presets import scheme_for
from lti_tool.mentoring.schemes import Release
from lti_tool.mentoring.successive import Seat, seats, timetable_of
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
from lti_tool.store.totals import totals_of, totals_to_count, totals_to_release
from lti_tool.store.workspace import CheckIn, check_ins_by

BATCH = 200  # people counted in one transaction by the clock


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
    counted = _count(programme, only, now)
    if programme.release == Release.AT_ONCE:
        release(programme, counted, now=now)
    db.session.flush()


def release_points(programme_id: int, *, only: Collection[int] | None = None, by: int | None, now: datetime) -> int:
    """Give free for the gradebook what the ledgers of a programme, or of these enrolments, say now; how many people's
    points that changed."""
    with transaction() as session:
        programme = session.get_one(Programme, programme_id, with_for_update=True)
        count = release(programme, _count(programme, only, now), now=now)
        if count:
            session.add(ReleaseRow(programme_id=programme.id, released_by=by, people=count, released_at=now))
            audit.record("points.release", now=now, by=by, programme_id=programme.id, after={"people": count})
    return count


def release_what_is_due(*, now: datetime) -> int:
    """Release by the clock what was due some days ago, where staff chose so; how many people's points that changed."""
    due = totals_to_release(now)
    return sum(release_points(one, only=people, by=None, now=now) for one, people in due.items())


def _count(programme: Programme, only: Collection[int] | None, now: datetime) -> list[Counted]:
    """Keep what the ledgers come to, with everybody concerned locked; return what was counted."""
    _lock(programme, only)
    scheme = scheme_for(settings_of(programme))
    totals, book = totals_of(programme, only), Gradebook(programme, only)
    counted = []
    for number, evidence in evidence_of(programme, only=only).items():
        total = totals.get(number) or LedgerTotal(programme_id=programme.id, enrolment_id=number)
        found = ledger(evidence, scheme, now)
        one = Counted(
            ledger=found, said=book.said(evidence, found), total=total, cells=book.cells(evidence, found, now)
        )
        _keep(one, programme, now)
        total.changes_at = changes_at(found, evidence.calendar.closes_at, now)
        counted.append(one)
    db.session.add_all(one.total for one in counted)
    return counted


def _lock(programme: Programme, only: Collection[int] | None) -> None:
    query = db.select(Enrolment.id).where(those(Enrolment.id, programme, only))
    db.session.execute(query.order_by(Enrolment.id).with_for_update())


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
    """Count anew what a due date, or the end of a wait, has changed meanwhile; how many people that were."""
    count = 0
    while True:
        with transaction():
            some = totals_to_count(now, limit=BATCH)
            recount_people(some, now=now)
        if not some:
            return count
        count += len(some)


def pair_slots(pair: Pair, enrolment_id: int, programme: Programme) -> tuple[CheckInSlot, ...]:
    """When one person's check-ins open in this pair: without those that were sent in a pair before it.

    Shape: of a pair that has ended, those that were sent in it.
    """
    seat, sent = _seat_with(pair, seats(stretches_of(enrolment_id))), check_ins_by(enrolment_id)
    here = _numbers(sent, [pair.id])
    elsewhere = _numbers(sent, [one for one in seat.pair_ids if one != pair.id]) - here
    slots = timetable_of(seat, settings_of(programme)).slots
    if pair.state not in RUNNING:
        return tuple(slot for slot in slots if slot.number in here)
    return tuple(slot for slot in slots if slot.number not in elsewhere)


def _seat_with(pair: Pair, found: Iterable[Seat]) -> Seat:
    return next(seat for seat in found if pair.id in seat.pair_ids)


def _numbers(sent: dict[int, list[CheckIn]], pair_ids: Iterable[int]) -> set[int]:
    return {row.number for pair_id in pair_ids for row in sent.get(pair_id, ())}
