"""Check-ins that are asked once or for a reason: when they open, why, and until when they can be sent.

Dates in, reasons out. A probe has no points; it closes by itself, so that nobody carries old ones along.

Source: product section 7.1 (CK1, CK4 to CK9) and 5.7, "Wrong fit".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lti_tool.mentoring.checkins import Rhythm, Window, local_midnight, window_from
from lti_tool.mentoring.programme import CLOSING_DAYS, PROGRAMME_DAYS, ProgrammeSettings
from lti_tool.mentoring.words import N_, Sentence

AFTER_MEETING = timedelta(hours=1)
DAY = timedelta(days=1)


class ProbeKind(StrEnum):
    """What a probe is about."""

    FIRST_CONTACT = "first_contact"
    MEETING = "meeting"
    FIT = "fit"
    MIDTERM = "midterm"
    STUCK = "stuck"
    CLOSING = "closing"
    WELLBEING = "wellbeing"


TITLES = {
    ProbeKind.FIRST_CONTACT: N_("Have you found each other?"),
    ProbeKind.MEETING: N_("After your meeting"),
    ProbeKind.FIT: N_("Do you two fit?"),
    ProbeKind.MIDTERM: N_("Half-way: a look at you two"),
    ProbeKind.STUCK: N_("What is in the way?"),
    ProbeKind.CLOSING: N_("Looking back"),
    ProbeKind.WELLBEING: N_("How are you, as a mentor?"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting that was agreed on and not called off; `ended_at` is its planned end."""

    id: int
    ended_at: datetime
    is_confirmed: bool  # somebody said that it took place


@dataclass(frozen=True, slots=True, kw_only=True)
class PairFacts:
    """What decides which probes one member of a pair gets.

    Shape: `contact_at` is when the pair was last in touch, as far as the tool knows; `low_since` is when this member
        said for the second time in a row that it does not go well; `mentor_since` is when a mentor's first pair began,
        None for everybody else; `ended_at` is when the pair ended.
    """

    began_at: datetime
    contact_at: datetime | None = None
    low_since: datetime | None = None
    mentor_since: datetime | None = None
    meetings: tuple[Meeting, ...] = ()
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One probe of one member; kind and number together name it, and never name another."""

    kind: ProbeKind
    number: int
    window: Window
    reason: Sentence
    is_first_meeting: bool = False
    is_confirmed: bool = False

    def is_open(self, now: datetime) -> bool:
        """Tell whether it can be sent now."""
        return self.window.is_in_time(now)


def probes(facts: PairFacts, settings: ProgrammeSettings, rhythm: Rhythm, now: datetime) -> tuple[Probe, ...]:
    """Return the probes that have opened by now, the newest last; of a pair that ended, those that opened before."""
    until = min(now, facts.ended_at) if facts.ended_at else now
    found = (
        *_first_weeks(facts, rhythm),
        *_after_meetings(facts, rhythm),
        *_along_the_term(facts, settings, rhythm),
        *_stuck(facts, rhythm, until),
        *_wellbeing(facts, rhythm, until),
    )
    opened = [one for one in found if one.window.opens_at <= until]
    return tuple(sorted(opened, key=lambda one: (one.window.opens_at, one.kind, one.number)))


def open_probes(facts: PairFacts, settings: ProgrammeSettings, rhythm: Rhythm, now: datetime) -> tuple[Probe, ...]:
    """Return the probes that can be sent now, the one that closes first at the top."""
    found = [one for one in probes(facts, settings, rhythm, now) if one.is_open(now)]
    return tuple(sorted(found, key=lambda one: one.window.due_at or one.window.opens_at))


def closes_at(window: Window) -> datetime | None:
    """Return when a probe's window is over; None where it never is."""
    return window.grace_until


def _first_weeks(facts: PairFacts, rhythm: Rhythm) -> Iterator[Probe]:
    yield Probe(
        kind=ProbeKind.FIRST_CONTACT,
        number=1,
        window=window_from(facts.began_at + rhythm.first_contact_day * DAY, rhythm),
        reason=Sentence(N_("You two began %(days)s days ago."), {"days": rhythm.first_contact_day}),
    )
    yield Probe(
        kind=ProbeKind.FIT,
        number=1,
        window=window_from(facts.began_at + rhythm.fit_day * DAY, rhythm),
        reason=Sentence(N_("You two have known each other for %(days)s days."), {"days": rhythm.fit_day}),
    )


def _after_meetings(facts: PairFacts, rhythm: Rhythm) -> Iterator[Probe]:
    for place, meeting in enumerate(sorted(facts.meetings, key=lambda one: (one.ended_at, one.id))):
        yield Probe(
            kind=ProbeKind.MEETING,
            number=meeting.id,
            window=window_from(meeting.ended_at + AFTER_MEETING, rhythm),
            reason=Sentence(N_("Your meeting was planned until %(ended_at)s."), {"ended_at": meeting.ended_at}),
            is_first_meeting=place == 0,
            is_confirmed=meeting.is_confirmed,
        )


def _along_the_term(facts: PairFacts, settings: ProgrammeSettings, rhythm: Rhythm) -> Iterator[Probe]:
    """Half-way and closing follow the programme; a pair that begins after half-way is not asked what it was like."""
    begins_at, ends_at = span(settings)
    middle_at = midpoint(begins_at, ends_at)
    if facts.began_at + rhythm.window_days * DAY <= middle_at:
        yield Probe(
            kind=ProbeKind.MIDTERM,
            number=1,
            window=window_from(middle_at, rhythm),
            reason=Sentence(N_("Half of the programme is over.")),
        )
    last_week = ends_at - rhythm.closing_days * DAY
    if facts.began_at <= last_week:
        yield Probe(
            kind=ProbeKind.CLOSING,
            number=1,
            window=Window(opens_at=last_week, due_at=ends_at, grace_until=ends_at + CLOSING_DAYS * DAY),
            reason=Sentence(N_("The programme is coming to its end.")),
        )


def _stuck(facts: PairFacts, rhythm: Rhythm, now: datetime) -> Iterator[Probe]:
    """After so many silent days, and again after as many more; a rating that stays low asks the same."""
    silent_since = max(facts.contact_at or facts.began_at, facts.began_at)
    quiet_days = (now - silent_since) // DAY
    times = quiet_days // rhythm.silent_days
    opened = [silent_since + times * rhythm.silent_days * DAY] if times >= 1 else []
    if facts.low_since and facts.began_at <= facts.low_since <= now:
        opened.append(facts.low_since)
    if not opened:
        return
    opens_at = max(opened)
    is_low = opens_at == facts.low_since
    yield Probe(
        kind=ProbeKind.STUCK,
        number=(opens_at - facts.began_at) // DAY + 1,
        window=window_from(opens_at, rhythm),
        reason=Sentence(N_("You said twice that it does not go well."))
        if is_low
        else Sentence(N_("Nothing has been heard from the two of you for %(days)s days."), {"days": quiet_days}),
    )


def _wellbeing(facts: PairFacts, rhythm: Rhythm, now: datetime) -> Iterator[Probe]:
    """Once a month, however many mentees there are."""
    if facts.mentor_since is None:
        return
    for number in range(1, (now - facts.mentor_since) // (rhythm.wellbeing_days * DAY) + 1):
        yield Probe(
            kind=ProbeKind.WELLBEING,
            number=number,
            window=window_from(facts.mentor_since + number * rhythm.wellbeing_days * DAY, rhythm),
            reason=Sentence(N_("Once a month we ask mentors how they are themselves.")),
        )


def span(settings: ProgrammeSettings) -> tuple[datetime, datetime]:
    """Return when a programme begins and ends: from the first moment of its first day to the last of its last day."""
    last_on = settings.ends_on or settings.starts_on + PROGRAMME_DAYS * DAY
    begins_at = local_midnight(settings.starts_on, settings.time_zone)
    return begins_at, local_midnight(max(last_on, settings.starts_on) + DAY, settings.time_zone)


def midpoint(begins_at: datetime, ends_at: datetime) -> datetime:
    """Return the moment half-way, on the full hour."""
    middle = begins_at + (ends_at - begins_at) / 2
    return middle.replace(minute=0, second=0, microsecond=0)
