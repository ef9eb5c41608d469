"""The nudge ladder at work: who is told of what waits, step by step."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from lti_tool.actions.nudges import NO_ADDRESS, NOT_NEEDED, NOT_SET_UP, OFF
from lti_tool.actions.staff_tasks import task_for
from lti_tool.actions.waiting import waited_for, waiting
from lti_tool.mentoring.checkins_signs import Sign, SignKind
from lti_tool.mentoring.nudging import (
    LADDER,
    OF_A_PAIR,
    ONE_WEEK,
    Quiet,
    Rung,
    Wait,
    WaitKind,
    may_write,
    next_step,
    staff_reason,
)
from lti_tool.store import ladder, outbox, staff_tasks
from lti_tool.store.checkins import plan_of
from lti_tool.store.db import HELD, db, transaction
from lti_tool.store.in_touch import Key
from lti_tool.store.ladder import LadderStep, Place
from lti_tool.store.nudges import Nudge
from lti_tool.store.people import Course, Person
from lti_tool.store.programme import Programme

KIND = "pair_mail"
PREFIX = "pair_"  # a nudge's kind, before what waits

AT_ONCE = 50  # pairs in one transaction


@dataclass(slots=True, kw_only=True)
class Climbed:
    """What one look at a programme did."""

    steps: int = 0
    mails: int = 0
    tasks: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """One look at a programme: what is known before anything is decided."""

    programme_id: int
    quiet: Quiet
    pairs: dict[int, list[Place]]
    away: dict[int, datetime]
    written: dict[tuple[int, str], datetime]
    waited_for: dict[tuple[int, Wait], set[int]]
    has_mail: bool
    now: datetime
    done: Climbed = field(default_factory=Climbed)


def climb(programme_id: int, *, has_mail: bool, now: datetime) -> Climbed:
    """Take every step of the ladder that is due in this programme.

    What is due is looked up without holding anything up; the steps are taken for a few pairs at a time, each looked at
    again under a lock, so that nobody waits long to write and two clocks take a step once.
    """
    done = Climbed()
    programme = db.session.get_one(Programme, programme_id)
    found = ladder.places(programme_id)
    taken = ladder.steps_taken({one.pair_id for one in found})
    away = ladder.away_until({one.enrolment_id for one in found})
    pairs = _by_pair(found)
    due_in = {
        place.pair_id
        for place, wait in waiting(programme, found, now=now)
        if _due_step(pairs, place, wait, _steps(taken, place, wait), away, now)
    }
    for first in range(0, len(due_in), AT_ONCE):
        _climb_in(programme_id, sorted(due_in)[first : first + AT_ONCE], done, has_mail=has_mail, now=now)
    return done


def _climb_in(programme_id: int, pair_ids: list[int], done: Climbed, *, has_mail: bool, now: datetime) -> None:
    with transaction() as session:
        programme = session.get_one(Programme, programme_id, with_for_update=HELD)
        found = ladder.places(programme_id, pair_ids)
        waits = waiting(programme, found, now=now)
        look = _Look(
            programme_id=programme_id,
            quiet=_quiet_of(programme_id),
            pairs=_by_pair(found),
            away=ladder.away_until({one.enrolment_id for one in found}),
            written=ladder.last_written({one.person_id for one in found}, now - ONE_WEEK),
            waited_for=waited_for(waits),
            has_mail=has_mail,
            now=now,
            done=done,
        )
        taken = ladder.steps_taken(pair_ids)
        for place, wait in waits:
            steps = _steps(taken, place, wait)
            due_step = _due_step(look.pairs, place, wait, steps, look.away, now)
            if due_step:
                rung, people = due_step
                for one in people:
                    if (rung, one.enrolment_id) not in steps:
                        _take(look, place, wait, rung, one)


def _steps(taken: ladder.Taken, place: Place, wait: Wait) -> dict[tuple[Rung, int], datetime]:
    return taken.get((place.pair_id, place.enrolment_id, wait.kind, wait.since), {})


def _by_pair(found: Collection[Place]) -> dict[int, list[Place]]:
    pairs: dict[int, list[Place]] = {}
    for one in found:
        pairs.setdefault(one.pair_id, []).append(one)
    return {pair_id: members for pair_id, members in pairs.items() if len(members) > 1}


def _due_step(
    pairs: dict[int, list[Place]],
    place: Place,
    wait: Wait,
    steps: dict[tuple[Rung, int], datetime],
    away: dict[int, datetime],
    now: datetime,
) -> tuple[Rung, list[Place]] | None:
    """The step that is due, and everybody it turns to; one is taken once it was taken to all of them."""
    partners = [one for one in pairs.get(place.pair_id, []) if one.enrolment_id != place.enrolment_id]
    if not partners:
        return None
    to = {Rung.SELF: [place], Rung.PARTNER: partners, Rung.STAFF: [place]}
    taken = {
        rung: min(at for (of, _to), at in steps.items() if of is rung)
        for rung, _days in LADDER[wait.kind]
        if all((rung, one.enrolment_id) in steps for one in to[rung])
    }
    rung = next_step(wait, taken, now, away_until=away.get(place.enrolment_id))
    return (rung, to[rung]) if rung else None


def _take(look: _Look, place: Place, wait: Wait, rung: Rung, to: Place) -> None:
    """One step to one person, unless it is quiet where they are: then it is taken later."""
    if rung is Rung.STAFF:
        _tell_staff(look, place, wait)
    elif look.quiet.holds(look.now, to.time_zone):
        return
    elif look.away.get(to.enrolment_id, look.now) <= look.now:  # who is away is not written to
        _write(look, wait, rung, to)
    look.done.steps += 1
    db.session.add(
        LadderStep(
            pair_id=place.pair_id,
            enrolment_id=place.enrolment_id,
            kind=wait.kind,
            since=wait.since,
            rung=rung,
            to_enrolment_id=to.enrolment_id,
            taken_at=look.now,
        )
    )


def _tell_staff(look: _Look, place: Place, wait: Wait) -> None:
    """One task about this person; one about the pair where everybody in it is waited for alike, whoever comes first."""
    members = {one.enrolment_id for one in look.pairs[place.pair_id]}
    is_of_pair = wait.kind in OF_A_PAIR and members <= look.waited_for[place.pair_id, wait]
    who = f"{staff_tasks.OF_A_PAIR}{place.pair_id}" if is_of_pair else f"ladder:{place.pair_id}:{place.enrolment_id}"
    source = f"{who}:{wait.kind}:{wait.since.isoformat()}"
    if staff_tasks.has_task(look.programme_id, source):
        return
    look.done.tasks += 1
    db.session.add(
        task_for(
            Sign(kind=SignKind.SILENT, item="", reason=staff_reason(wait, look.now, is_of_pair=is_of_pair)),
            programme_id=look.programme_id,
            pair_id=place.pair_id,
            enrolment_id=place.enrolment_id,
            source=source,
            now=look.now,
        )
    )


def _write(look: _Look, wait: Wait, rung: Rung, to: Place) -> None:
    """A notice and a mail, each at most once a week, whatever they are about."""
    if may_write(look.written.get((to.person_id, "page")), look.now):
        _add(look, wait, rung, to, channel="page", sent_at=look.now)
    if not may_write(look.written.get((to.person_id, "mail")), look.now):
        return
    problem = NOT_SET_UP if not look.has_mail else NO_ADDRESS if not to.email else OFF if to.has_mail_off else None
    mail = _add(look, wait, rung, to, channel="mail", problem=problem)
    if problem is None:
        db.session.flush()
        outbox.enqueue(
            kind=KIND,
            key=str(mail.id),
            lane=f"{KIND}:{look.programme_id}",
            registration_id=None,
            payload={"nudge_id": mail.id},
            now=look.now,
        )
        look.done.mails += 1


def _add(
    look: _Look,
    wait: Wait,
    rung: Rung,
    to: Place,
    *,
    channel: str,
    sent_at: datetime | None = None,
    problem: str | None = None,
) -> Nudge:
    row = Nudge(
        programme_id=look.programme_id,
        person_id=to.person_id,
        kind=f"{PREFIX}{wait.kind}",
        channel=channel,
        asked_at=look.now,
        sent_at=sent_at,
        problem=problem,
        pair_id=to.pair_id,
        rung=rung,
    )
    db.session.add(row)
    if problem is None:
        look.written[to.person_id, channel] = look.now
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A mail of the ladder that is to go out now."""

    nudge: Nudge
    kind: WaitKind
    rung: Rung
    person: Person
    programme: Programme
    course: Course
    not_before: datetime  # when it is no longer quiet where the reader is


def due(nudge_id: int, *, now: datetime) -> Due | str | None:
    """What is needed to write this mail, why it does not go out any more, or None where it went out already."""
    nudge = db.session.get(Nudge, nudge_id)
    if nudge is None or nudge.sent_at or nudge.problem or nudge.pair_id is None:
        return None
    person = db.session.get_one(Person, nudge.person_id)
    programme = db.session.get_one(Programme, nudge.programme_id)
    kind = WaitKind(nudge.kind.removeprefix(PREFIX))
    if person.mail_off_at:
        return OFF
    if not person.email:
        return NO_ADDRESS
    if not _still_waits(nudge, kind, programme, now):
        return NOT_NEEDED
    return Due(
        nudge=nudge,
        kind=kind,
        rung=Rung(nudge.rung or Rung.SELF),
        person=person,
        programme=programme,
        course=db.session.get_one(Course, programme.course_id),
        not_before=_quiet_of(programme.id).over_at(now, person.time_zone or programme.time_zone),
    )


def _quiet_of(programme_id: int) -> Quiet:
    rhythm = plan_of(programme_id).rhythm
    return Quiet(from_hour=rhythm.quiet_from, until_hour=rhythm.quiet_until)


def _still_waits(nudge: Nudge, kind: WaitKind, programme: Programme, now: datetime) -> bool:
    """Whether what the mail is about still waits for the reader, or for their partner."""
    found = ladder.places(programme.id, [nudge.pair_id] if nudge.pair_id else [])
    is_reader = nudge.rung == Rung.SELF
    return any(
        wait.kind is kind and (place.person_id == nudge.person_id) is is_reader
        for place, wait in waiting(programme, found, now=now)
    )


def notices_for(programme: Programme, key: Key, *, now: datetime) -> list[tuple[WaitKind, Rung]]:
    """What the ladder has told this reader about their pair, as far as it still holds."""
    pair_id, reader_id = key
    taken = ladder.steps_taken([pair_id])
    if not taken:
        return []
    told = []
    for place, wait in waiting(programme, ladder.places(programme.id, [pair_id]), now=now):
        rung = Rung.SELF if place.enrolment_id == reader_id else Rung.PARTNER
        if (rung, reader_id) in _steps(taken, place, wait):
            told.append((wait.kind, rung))
    return told
