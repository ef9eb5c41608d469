"""What waits for the members of pairs since when: what the nudge ladder climbs on, and what pages say of it."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from lti_tool.mentoring.due_dates import windows_in
from lti_tool.mentoring.nudging import Wait, WaitKind
from lti_tool.mentoring.reflections import State, reflection_windows
from lti_tool.mentoring.successive import seats, stands_still, timetable_of
from lti_tool.store import ladder
from lti_tool.store.checkins import contacts_of, plan_of
from lti_tool.store.db import db, one_of
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.in_touch import waiting_for
from lti_tool.store.ladder import Place
from lti_tool.store.pair_life import stretches_by
from lti_tool.store.programme import Programme, settings_of
from lti_tool.store.reflections import Reflection
from lti_tool.store.rematch_offers import open_offers
from lti_tool.store.standby import sent_on_standby

Waiting = tuple[Place, Wait]


def waiting(programme: Programme, found: Collection[Place], *, now: datetime) -> list[Waiting]:
    """Everything that waits for these members, pair by pair."""
    pair_ids = {one.pair_id for one in found}
    by_key = {(one.pair_id, one.enrolment_id): one for one in found}
    waits = [*_hello_or_silence(programme, found, now), *_check_ins(programme, found, now)]
    waits += [*_reflections(programme, found, now), *_offers(found)]
    return waits + [(by_key[key], wait) for key, wait in waiting_for(pair_ids, now) if key in by_key]


def waited_for(waits: Collection[Waiting]) -> dict[tuple[int, Wait], set[int]]:
    """Who is waited for alike, by pair and what waits."""
    found: dict[tuple[int, Wait], set[int]] = {}
    for place, wait in waits:
        found.setdefault((place.pair_id, wait), set()).add(place.enrolment_id)
    return found


def _hello_or_silence(programme: Programme, found: Collection[Place], now: datetime) -> Iterator[Waiting]:
    """Who has given no sign at all is waited for; where everybody has, the pair may have gone quiet."""
    pair_ids = {one.pair_id for one in found}
    signs, contacts = ladder.last_signs(pair_ids), contacts_of(pair_ids)
    silent_after = timedelta(days=plan_of(programme.id).rhythm.silent_days)
    not_seen = {one.pair_id for one in found if (one.pair_id, one.enrolment_id) not in signs}
    for place in found:
        last = max(contacts.get(place.pair_id, place.began_at), place.began_at)
        if (place.pair_id, place.enrolment_id) not in signs:
            yield place, Wait(kind=WaitKind.HELLO, since=place.began_at)
        elif place.pair_id not in not_seen and now >= last + silent_after:
            yield place, Wait(kind=WaitKind.SILENCE, since=last)


def _check_ins(programme: Programme, found: Collection[Place], now: datetime) -> Iterator[Waiting]:
    """The oldest regular check-in that is open, not late and not sent, also in reserve or in a pair before this one;
    none while the clock of the pair stands still."""
    settings, rhythm = settings_of(programme), plan_of(programme.id).rhythm
    people = {one.enrolment_id for one in found}
    stretches, sent = stretches_by(one_of(Enrolment.id, people)), ladder.check_ins_sent(people)
    in_reserve = sent_on_standby(people)
    for place in found:
        seat = next(one for one in seats(stretches[place.enrolment_id]) if place.pair_id in one.pair_ids)
        if stands_still(seat, now):
            continue
        has_sent = {number for one in seat.pair_ids for number in sent.get((one, place.enrolment_id), ())}
        has_sent |= in_reserve.get(place.enrolment_id, set())
        slots = [slot for slot in timetable_of(seat, settings).slots if slot.number not in has_sent]
        windows = windows_in(seat, slots, settings, rhythm).values()
        open_since = [window.opens_at for window in windows if window.is_in_time(now)]
        if open_since:
            yield place, Wait(kind=WaitKind.CHECK_IN, since=min(open_since))


def _offers(found: Collection[Place]) -> Iterator[Waiting]:
    """A new partner was offered, and nobody has said yes or no."""
    since = open_offers({one.pair_id for one in found})
    for place in found:
        offered_at = since.get((place.pair_id, place.enrolment_id))
        if offered_at:
            yield place, Wait(kind=WaitKind.REMATCH, since=offered_at)


def _reflections(programme: Programme, found: Collection[Place], now: datetime) -> Iterator[Waiting]:
    """A reflection that is open and not handed in, once for each person: in their first pair."""
    if programme.published_at is None:
        return
    windows = reflection_windows(settings_of(programme), programme.published_at, plan_of(programme.id).rhythm)
    handed_in = select(Reflection.enrolment_id, Reflection.stage).where(
        Reflection.programme_id == programme.id, Reflection.state != State.DRAFT
    )
    done = {(enrolment_id, stage) for enrolment_id, stage in db.session.execute(handed_in)}
    first = ladder.first_pairs({one.enrolment_id for one in found})
    for place in found:
        if place.pair_id != first.get(place.enrolment_id):
            continue
        for stage, window in windows.items():
            if window.is_in_time(now) and (place.enrolment_id, stage.value) not in done:
                yield place, Wait(kind=WaitKind.REFLECTION, since=max(window.opens_at, place.began_at))
