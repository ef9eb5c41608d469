"""What waits for the members of pairs since when: what the nudge ladder climbs on, and what pages say of it."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from lti_tool.mentoring.checkins import slot_windows
from lti_tool.mentoring.nudging import Wait, WaitKind
from lti_tool.mentoring.reflections import State, reflection_windows
from lti_tool.store import ladder
from lti_tool.store.checkins import contacts_of, plan_of
from lti_tool.store.db import db
from lti_tool.store.in_touch import waiting_for
from lti_tool.store.ladder import Place
from lti_tool.store.programme import Programme, settings_of
from lti_tool.store.reflections import Reflection
from lti_tool.store.rematch_offers import open_offers

Waiting = tuple[Place, Wait]


def waiting(programme: Programme, found: Collection[Place], *, now: datetime) -> list[Waiting]:
    """Everything that waits for these members, pair by pair."""
    pair_ids = {one.pair_id for one in found}
    by_key = {(one.pair_id, one.enrolment_id): one for one in found}
    waits = [*_hello_or_silence(programme, found, now), *_check_ins(programme, found, now)]
    waits += [*_reflections(programme, found, now), *_offers(found)]
    return waits + [(by_key[key], wait) for key, wait in waiting_for(pair_ids, now) if key in by_key]


def _hello_or_silence(programme: Programme, found: Collection[Place], now: datetime) -> Iterator[Waiting]:
    """Who has given no sign at all is waited for; where everybody has, the pair may have gone quiet."""
    pair_ids = {one.pair_id for one in found}
    signs, contacts = ladder.last_signs(pair_ids), contacts_of(pair_ids)
    silent_after = timedelta(days=plan_of(programme.id).rhythm.silent_days)
    for place in found:
        last = max(contacts.get(place.pair_id, place.began_at), place.began_at)
        if (place.pair_id, place.enrolment_id) not in signs:
            yield place, Wait(kind=WaitKind.HELLO, since=place.began_at)
        elif now >= last + silent_after:
            yield place, Wait(kind=WaitKind.SILENCE, since=last)


def _check_ins(programme: Programme, found: Collection[Place], now: datetime) -> Iterator[Waiting]:
    """The oldest regular check-in that is open, not late and not sent."""
    settings, rhythm = settings_of(programme), plan_of(programme.id).rhythm
    sent = ladder.check_ins_sent({one.pair_id for one in found})
    windows = {began_at: slot_windows(settings, began_at, rhythm) for began_at in {one.began_at for one in found}}
    for place in found:
        has_sent = sent.get((place.pair_id, place.enrolment_id), set())
        open_since = [
            window.opens_at
            for number, window in windows[place.began_at].items()
            if number not in has_sent and window.is_in_time(now)
        ]
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
