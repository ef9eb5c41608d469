"""From what a person did to the score the gradebook is to have."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy.orm.attributes import flag_modified

from lti_tool.actions.gradebook import ask_to_send
from lti_tool.mentoring.check_in_points import CheckInDone, Ledger, Scheme, combined, ledger
from lti_tool.mentoring.checkins import CheckInSlot
from lti_tool.mentoring.phases import ALLOWED
from lti_tool.mentoring.programme import CLOSING_DAYS, Phase
from lti_tool.mentoring.successive import Seat, remarks, seats, timetable_of
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.gradebook import Score, find_score
from lti_tool.store.matching import RUNNING, Pair
from lti_tool.store.pair_life import stretches_of
from lti_tool.store.programme import Programme, settings_of
from lti_tool.store.workspace import CheckIn, check_ins_by

Sent = dict[int, list[CheckIn]]  # one person's check-ins, by pair


def pair_ledger(pair: Pair, enrolment_id: int, programme: Programme, *, now: datetime) -> Ledger:
    """What one person's check-ins are worth in the seat that this pair is in, each with its reason."""
    found = seats(stretches_of(enrolment_id))
    return _ledger(_seat_with(pair, found), found, check_ins_by(enrolment_id), programme, now)


def person_ledger(enrolment_id: int, programme: Programme, *, now: datetime) -> Ledger | None:
    """The person's points over all their pairs, also those that have ended; None before the first pair."""
    found, sent = seats(stretches_of(enrolment_id)), check_ins_by(enrolment_id)
    ledgers = [_ledger(seat, found, sent, programme, now) for seat in found]
    return combined(ledgers) if ledgers else None


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


def _numbers(sent: Sent, pair_ids: Iterable[int]) -> set[int]:
    return {row.number for pair_id in pair_ids for row in sent.get(pair_id, ())}


def _ledger(seat: Seat, found: Iterable[Seat], sent: Sent, programme: Programme, now: datetime) -> Ledger:
    settings = settings_of(programme)
    said = remarks(
        seat,
        settings,
        _numbers(sent, seat.pair_ids),
        has_other_seat=any(one is not seat and not one.is_vacant for one in found),
        closes_at=_closes_at(programme),
        is_over=not ALLOWED[Phase(programme.phase)].proposing,
    )
    done = [
        CheckInDone(number=row.number, submitted_at=row.submitted_at)
        for pair_id in seat.pair_ids
        for row in sent.get(pair_id, ())
    ]
    scheme = Scheme(points=settings.points, check_in_count=settings.check_in_count)
    return ledger(timetable_of(seat, settings).slots, done, scheme, now, said)


def _closes_at(programme: Programme) -> datetime | None:
    """When the calendar closes the programme, so that nothing can be sent any more."""
    if programme.ends_on is None:
        return None
    day = programme.ends_on + timedelta(days=CLOSING_DAYS)
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(programme.time_zone))


def recount(programme: Programme, *, now: datetime) -> None:
    """Bring every score that exists to what the programme's settings and pairs make of it, inside the caller's
    transaction."""
    scored = (Score.person_id == Enrolment.person_id) & (Score.programme_id == Enrolment.programme_id)
    query = db.select(Enrolment).join(Score, scored).where(Enrolment.programme_id == programme.id)
    for enrolment in db.session.scalars(query.order_by(Enrolment.id)).all():
        update_score(enrolment, now=now)


def update_score(enrolment: Enrolment, *, now: datetime) -> None:
    """Store the score that the evidence gives, and queue it when it is new, inside the caller's transaction."""
    programme = db.session.get_one(Programme, enrolment.programme_id)
    result = person_ledger(enrolment.id, programme, now=now)
    if result is None or not result.counts:
        return
    score = find_score(programme.id, enrolment.person_id)
    points = Decimal(result.earned)
    if score is None:
        score = Score(programme_id=programme.id, person_id=enrolment.person_id, state="waiting", points=points)
        db.session.add(score)
    elif score.points == points and (score.state != "sent" or score.sent_points == points):
        return
    score.points, score.changed_at = points, now
    if score.state not in {"differs", "frozen"}:  # the LMS's own value stays until somebody decides
        score.state, score.problem = "waiting", None
        # Written even when it seems to be so already: the worker may have marked the old points as sent meanwhile.
        flag_modified(score, "state")
        ask_to_send(programme, now=now)
