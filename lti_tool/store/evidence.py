"""Everything that points depend on, read for one person, for some, or for a whole programme, in a fixed number of
statements.

A table is read once, by plain columns; `mentoring.evidence` says what the values mean.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from lti_tool.mentoring.due_dates import calendar_of, closing_of
from lti_tool.mentoring.evidence import (
    Evidence,
    Excuse,
    ExcuseReason,
    ExcuseState,
    HandedIn,
    Override,
    SideFrom,
    Worked,
    side_at,
)
from lti_tool.mentoring.phases import ALLOWED
from lti_tool.mentoring.programme import Phase, ProgrammeSettings
from lti_tool.mentoring.reflections import KINDS, Stage, State, reflection_windows, score
from lti_tool.mentoring.schemes import REFLECTIONS, Kind, Side
from lti_tool.mentoring.standby import Reserve, reserve_of
from lti_tool.mentoring.successive import Seat, Stop, Stretch, seats
from lti_tool.store.application import Application, approvals
from lti_tool.store.checkins import plan_of
from lti_tool.store.db import db
from lti_tool.store.deeds import Deeds, Frame, grouped, read_deeds, rows_of, those
from lti_tool.store.enrolment import Consent, Enrolment
from lti_tool.store.participation import (
    Absence,
    HoursEntry,
    PeerCase,
    PointsOverride,
)
from lti_tool.store.participation import Excuse as ExcuseRow
from lti_tool.store.people import Member, Person
from lti_tool.store.programme import Programme, closed_at, settings_of
from lti_tool.store.reflections import Reading, Reflection
from lti_tool.store.surveys import SurveySent
from lti_tool.store.training import Training

_SIDES = {"mentor": Side.MENTOR, "mentee": Side.MENTEE, "either": Side.BOTH, "swap": Side.BOTH, "both": Side.BOTH}


def evidence_of(
    programme: Programme, *, only: Collection[int] | None = None, settings: ProgrammeSettings | None = None
) -> dict[int, Evidence]:
    """Return the evidence about everybody who takes part in a programme, or about these enrolments, by enrolment.

    Shape: `settings` are those that the programme might get instead of its own.
    """
    frame = _frame(programme, settings or settings_of(programme))
    deeds, alone = read_deeds(programme, only), _deeds_alone(programme, only)
    rows = rows_of(approvals(), Application.enrolment_id, programme, only) if programme.asks_application else None
    approved = None if rows is None else dict(rows)
    return {
        row.id: _evidence(row, frame, deeds, {name: found.get(row.id) for name, found in alone.items()}, approved)
        for row in _people(programme, only)
    }


def _frame(programme: Programme, settings: ProgrammeSettings) -> Frame:
    rhythm = plan_of(programme.id).rhythm
    calendar = calendar_of(settings)
    ends = [one for one in (calendar.closes_at, closed_at(programme)) if one is not None]
    calendar = replace(calendar, closes_at=min(ends, default=None))
    if programme.published_at:
        windows = reflection_windows(settings, programme.published_at, rhythm)
        dues = {KINDS[stage]: window.due_at for stage, window in windows.items() if window.due_at}
        calendar = replace(calendar, due_at={**calendar.due_at, **dues})
    else:  # there is nothing to reflect on yet, and no page to write it on
        calendar = replace(calendar, due_at={of: at for of, at in calendar.due_at.items() if of not in REFLECTIONS})
    if closing_of(settings) is None and not _has_asked_survey(Phase(programme.phase)):
        calendar = replace(calendar, due_at={of: at for of, at in calendar.due_at.items() if of is not Kind.SURVEY})
    return Frame(
        settings=settings,
        calendar=calendar,
        window_days=rhythm.window_days,
        is_over=not ALLOWED[Phase(programme.phase)].proposing,
        published_at=programme.published_at,
    )


def _has_asked_survey(phase: Phase) -> bool:
    """Whether the closing survey can be sent, or could be; before that it is not due where no calendar opens it."""
    return ALLOWED[phase].survey or phase is Phase.CLOSED


def _people(programme: Programme, only: Collection[int] | None) -> Iterable[Any]:
    there = (Member.person_id == Enrolment.person_id) & (Member.course_id == programme.course_id)
    query = (
        select(
            Enrolment.id,
            Enrolment.role,
            Enrolment.state,
            Enrolment.changed_at,
            Person.is_test_user,
            Member.is_active,
            Member.arrived_at,
        )
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(Member, there)
        .where(Enrolment.programme_id == programme.id, those(Enrolment.id, programme, only))
    )
    return db.session.execute(query.order_by(Enrolment.id)).all()


def _evidence(
    row: Any, frame: Frame, deeds: Deeds, alone: Mapping[str, Any], approved: Mapping[int, datetime] | None
) -> Evidence:
    stretches = deeds.stretches.get(row.id, [])
    found = seats(stretches)
    joined_at = (alone["joined"] or row.changed_at) if row.state != "draft" else None
    since = joined_at or frame.calendar.begins_at
    reserve = reserve_of(
        row.role,
        joined_at=since,
        published_at=frame.published_at,
        paired_at=min((one.from_at for one in stretches), default=None),
    )
    sides = _sides(row.role, stretches, since, reserve)
    tracks = [deeds.track(row.id, seat, frame, has_other_seat=_has_other(found, seat)) for seat in found]
    arrived = row.arrived_at if row.arrived_at and row.arrived_at > frame.calendar.begins_at else None
    return Evidence(
        enrolment_id=row.id,
        sides=sides,
        calendar=frame.calendar,
        arrived_at=arrived,
        joined_at=joined_at,
        trained_at=_trained(alone["trained"] or {}, sides),
        survey_sent=bool(alone["survey"]),
        peer_case_at=alone["case"],
        reflections=tuple(alone["reflections"] or ()),
        hours=tuple(alone["hours"] or ()),
        tracks=(*deeds.standby(row.id, _asked_in_reserve(row, reserve, approved), frame, tracks), *tracks),
        excuses=tuple(alone["excuses"] or ()),
        overrides=tuple(alone["overrides"] or ()),
        is_active=bool(row.is_active) and not row.is_test_user and row.state != "withdrawn",
        away=tuple(alone["away"] or ()),
    )


def _asked_in_reserve(row: Any, reserve: Reserve | None, approved: Mapping[int, datetime] | None) -> Reserve | None:
    """When somebody is asked to check in without a pair: as one of the mentors, approved where they apply."""
    if reserve is None or row.state != "joined":
        return None
    if approved is None:
        return reserve
    return reserve.since(approved[row.id]) if row.id in approved else None


def _has_other(found: Collection[Seat], seat: Seat) -> bool:
    return any(one is not seat and not one.is_vacant for one in found)


def _sides(
    role: str, stretches: Iterable[Stretch], joined_at: datetime, reserve: Reserve | None
) -> tuple[SideFrom, ...]:
    """On which side somebody was: as they joined, in reserve once others were paired, and as they were paired."""
    since = [SideFrom(side=_SIDES[one.side], from_at=one.from_at) for one in stretches]
    begun = SideFrom(side=_SIDES[role], from_at=min([joined_at, *(one.from_at for one in since)]))
    if reserve is not None:
        since = [SideFrom(side=Side.RESERVE, from_at=reserve.from_at), *since]
    return tuple(since) if any(one.from_at <= begun.from_at for one in since) else (begun, *since)


def _trained(finished: Mapping[str, datetime], sides: Collection[SideFrom]) -> datetime | None:
    """When somebody was through with the training of the side that they were on then, or are on now; that of mentors is
    enough for everybody."""
    now = max(sides, key=lambda one: one.from_at).side
    enough = (
        at
        for course, at in finished.items()
        if course == "mentor" or not {now, side_at(sides, at)} <= {Side.MENTOR, Side.RESERVE}
    )
    return min(enough, default=None)


def _deeds_alone(programme: Programme, only: Collection[int] | None) -> dict[str, dict[int, Any]]:
    """What is asked of people once, by name and then by enrolment."""

    def rows(query: Any, column: Any) -> list[Any]:
        return rows_of(query, column, programme, only)

    agreed = select(Consent.enrolment_id, Consent.what, func.min(Consent.given_at)).group_by(
        Consent.enrolment_id, Consent.what
    )
    joined = grouped((who, at) for who, _what, at in rows(agreed, Consent.enrolment_id))
    finished = select(Training.enrolment_id, Training.course, Training.finished_at).where(
        Training.finished_at.is_not(None)
    )
    trained = grouped((who, (course, at)) for who, course, at in rows(finished, Training.enrolment_id))
    hours = select(HoursEntry.enrolment_id, HoursEntry.worked_on, HoursEntry.minutes)
    cases = select(PeerCase.enrolment_id, PeerCase.handed_in_at)
    excuses = _columns(ExcuseRow, _EXCUSE).where(ExcuseRow.undone_at.is_(None))
    return {
        "joined": {who: max(times) for who, times in joined.items()},
        "trained": {who: dict(found) for who, found in trained.items()},
        "survey": {row[0]: True for row in rows(select(SurveySent.enrolment_id), SurveySent.enrolment_id)},
        "case": {row[0]: row[1] for row in rows(cases, PeerCase.enrolment_id)},
        "hours": grouped(
            (who, Worked(on=day, minutes=minutes)) for who, day, minutes in rows(hours, HoursEntry.enrolment_id)
        ),
        "reflections": _reflections(programme, only),
        "excuses": grouped(map(_excuse, rows(excuses, ExcuseRow.enrolment_id))),
        "overrides": _overrides(rows(_columns(PointsOverride, _OVERRIDE), PointsOverride.enrolment_id)),
        "away": _absences(programme, only),
    }


def _columns(table: Any, names: Iterable[str]) -> Any:
    return select(*(getattr(table, name) for name in names))


_EXCUSE = ("enrolment_id", "key", "reason", "state", "asked_at", "decided_at", "decided_by")
_OVERRIDE = ("enrolment_id", "key", "points", "reason", "decided_by", "at", "id")


def _excuse(row: Any) -> tuple[int, Excuse]:
    who, key, reason, state, asked_at, decided_at, decided_by = row
    return who, Excuse(
        key=key, reason=ExcuseReason(reason), state=ExcuseState(state), at=decided_at or asked_at, by=decided_by
    )


def _overrides(rows: Iterable[Any]) -> dict[int, list[Override]]:
    """The newest word on each entry, without those that were taken back."""
    newest: dict[tuple[int, str], Any] = {}
    for row in sorted(rows, key=lambda one: one.id):
        newest[row.enrolment_id, row.key] = row
    return grouped(
        (
            who,
            Override(
                key=key,
                points=int(row.points * 100),
                reason=row.reason or "–",  # of somebody who was made nameless
                by=row.decided_by,
                at=row.at,
            ),
        )
        for (who, key), row in newest.items()
        if row.points is not None
    )


def _reflections(programme: Programme, only: Collection[int] | None) -> dict[int, list[HandedIn]]:
    """What was handed in; its score counts once the writer has it back."""
    columns = ("id", "enrolment_id", "stage", "state", "handed_in_at", "returned_at")
    query = _columns(Reflection, columns).where(Reflection.handed_in_at.is_not(None), Reflection.state != State.DRAFT)
    found = rows_of(query, Reflection.enrolment_id, programme, only)
    returned = [row.id for row in found if row.state == State.RETURNED]
    readings = _readings(programme, set(returned)) if returned else {}
    return grouped(
        (
            row.enrolment_id,
            HandedIn(
                kind=KINDS[Stage(row.stage)],
                at=row.handed_in_at,
                score=score([one.marks for one in readings.get(row.id, ())]),
                read_by=next((one.reader_id for one in readings.get(row.id, ())), None),
                read_at=row.returned_at,
            ),
        )
        for row in found
    )


def _readings(programme: Programme, returned: Collection[int]) -> dict[int, list[Any]]:
    query = select(Reading.reflection_id, Reading.marks, Reading.reader_id).join(
        Reflection, Reflection.id == Reading.reflection_id
    )
    rows = db.session.execute(query.where(Reflection.programme_id == programme.id).order_by(Reading.id))
    return grouped((row.reflection_id, row) for row in rows if row.reflection_id in returned)


def _absences(programme: Programme, only: Collection[int] | None) -> dict[int, list[Stop]]:
    query = (
        select(Enrolment.id, Absence.from_at, Absence.until_at)
        .join(Enrolment, Enrolment.person_id == Absence.person_id)
        .where(Absence.course_id == programme.course_id)
    )
    rows = rows_of(query, Enrolment.id, programme, only)
    return grouped((who, Stop(from_at=since, until_at=until)) for who, since, until in rows)
