"""The nudge ladder: first the person who is waited for, then who waits for them, then the staff. Never at night.

What waits for somebody climbs step by step while nothing happens; any sign of life begins anew. Nobody gets more than
one message a week on the same way, and who says that they are away is left in peace until they are back.

Source: product sections 1.5 (R43), 5.7 "Silent partner", 6.5 case 1 (staff know on day seven) and 8 "Silence".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from lti_tool.mentoring.form_parts import day_in
from lti_tool.mentoring.words import N_, Sentence, wrong_with_text

DAY = timedelta(days=1)
ONE_WEEK = timedelta(days=7)
BETWEEN_STEPS = timedelta(days=1)  # at least, also where the clock stood still for a while
LONGEST_SNOOZE = timedelta(days=21)
REASON_LENGTH = 300


class Rung(StrEnum):
    """Whom a step of the ladder turns to."""

    SELF = "self"
    PARTNER = "partner"
    STAFF = "staff"


class WaitKind(StrEnum):
    """What waits for somebody."""

    HELLO = "hello"  # a partner, and no sign of this person yet
    ANSWER = "answer"  # something of the partner's: a message, a proposed meeting
    SILENCE = "silence"  # the pair, for two weeks
    CHECK_IN = "check_in"
    REFLECTION = "reflection"
    REMATCH = "rematch"  # an offer of a new partner


# After how many days each step is taken. What only the tool waits for is nobody else's business.
LADDER: Mapping[WaitKind, tuple[tuple[Rung, int], ...]] = {
    WaitKind.HELLO: ((Rung.SELF, 3), (Rung.PARTNER, 5), (Rung.STAFF, 7)),
    WaitKind.ANSWER: ((Rung.SELF, 2), (Rung.PARTNER, 4), (Rung.STAFF, 7)),
    WaitKind.SILENCE: ((Rung.SELF, 14), (Rung.PARTNER, 17), (Rung.STAFF, 21)),
    WaitKind.CHECK_IN: ((Rung.SELF, 3),),
    WaitKind.REFLECTION: ((Rung.SELF, 5),),
    WaitKind.REMATCH: ((Rung.SELF, 0),),
}
TO_SELF: Mapping[WaitKind, str] = {
    WaitKind.HELLO: N_("Your partner is waiting for a first word from you. One sentence is enough."),
    WaitKind.ANSWER: N_("Your partner is waiting for an answer from you."),
    WaitKind.SILENCE: N_("It has been quiet between you two. A short message keeps things going."),
    WaitKind.CHECK_IN: N_("A check-in is open for you. It takes two minutes."),
    WaitKind.REFLECTION: N_("A reflection is open for you."),
    WaitKind.REMATCH: N_("You have done your part alone twice in a row. If you like, you can have a new partner."),
}
TO_PARTNER: Mapping[WaitKind, str] = {
    WaitKind.HELLO: N_("Your partner has not been here yet. Perhaps you reach them in another way?"),
    WaitKind.ANSWER: N_("Your partner has not answered yet. Perhaps you reach them in another way?"),
    WaitKind.SILENCE: N_("It has been quiet between you two. A short message from you may help."),
}
TO_STAFF: Mapping[WaitKind, str] = {
    WaitKind.HELLO: N_("Has not been heard from since the pair began, %(days)s days ago."),
    WaitKind.ANSWER: N_("Has not answered the partner for %(days)s days."),
    WaitKind.SILENCE: N_("Nothing has been heard from this pair for %(days)s days."),
}
OF_A_PAIR: Mapping[WaitKind, str] = {  # where everybody in a pair is waited for alike, staff are told of the pair, once
    WaitKind.HELLO: N_("Nobody in this pair has been heard from since it began, %(days)s days ago."),
    WaitKind.SILENCE: TO_STAFF[WaitKind.SILENCE],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Something that waits for one member of a pair since a moment; kind and moment together name it."""

    kind: WaitKind
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """The hours of the day in which nobody is reminded; equal ones mean there are none."""

    from_hour: int
    until_hour: int

    def holds(self, now: datetime, time_zone: str) -> bool:
        """Tell whether it is quiet where the person is; their clock is read, whatever summer time does."""
        hour = now.astimezone(ZoneInfo(time_zone)).hour
        if self.from_hour <= self.until_hour:
            return self.from_hour <= hour < self.until_hour
        return hour >= self.from_hour or hour < self.until_hour

    def over_at(self, now: datetime, time_zone: str) -> datetime:
        """Return when it is no longer quiet there: now, or the next full hour that is not."""
        at = now
        while self.holds(at, time_zone):
            at = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        return at


def next_step(wait: Wait, taken: Mapping[Rung, datetime], now: datetime, *, away_until: datetime | None) -> Rung | None:
    """Return the step that is to be taken now, or None.

    Shape: `taken` holds when each step was taken for this wait; who was away is counted from when they were back.
    """
    if away_until and now < away_until:
        return None
    since = max(wait.since, away_until) if away_until else wait.since
    before: datetime | None = None
    for rung, days in LADDER[wait.kind]:
        if rung in taken:
            before = taken[rung]
            continue
        is_due = now >= since + days * DAY and (before is None or now >= before + BETWEEN_STEPS)
        return rung if is_due else None
    return None


def may_write(last_at: datetime | None, now: datetime) -> bool:
    """Tell whether a person may be written to again on this way: once a week at most."""
    return last_at is None or now >= last_at + ONE_WEEK


def staff_reason(wait: Wait, now: datetime, *, is_of_pair: bool = False) -> Sentence:
    """Return what staff read when the ladder has come to them: about one person, or about their pair."""
    return Sentence((OF_A_PAIR if is_of_pair else TO_STAFF)[wait.kind], {"days": (now - wait.since) // DAY})


class AwayReason(StrEnum):
    """Why somebody is away; only they and the staff read it."""

    EXAMS = "exams"
    ILL = "ill"
    FAMILY = "family"
    TRAVEL = "travel"
    OTHER = "other"


AWAY_REASONS: tuple[tuple[str, str], ...] = (
    (AwayReason.EXAMS, N_("Exams or deadlines")),
    (AwayReason.ILL, N_("I am not well")),
    (AwayReason.FAMILY, N_("Family or care")),
    (AwayReason.TRAVEL, N_("Travel or holidays")),
    (AwayReason.OTHER, N_("Something else")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """When somebody is back, and why they are away."""

    back_on: date
    reason: AwayReason
    words: str = ""


def parse_away(form: Mapping[str, str], today: date) -> tuple[Away | None, dict[str, Sentence]]:
    """Return what a form says about being away, or None and what is wrong, by field name.

    Shape: the fields are `back_on`, `reason` and `words`; the day lies between tomorrow and three weeks from today.
    """
    day, words = day_in(form.get("back_on", "")), form.get("words", "").strip().replace("\r\n", "\n")
    problems: dict[str, Sentence] = {}
    if day is None or not today < day <= today + LONGEST_SNOOZE:
        problems["back_on"] = Sentence(
            N_("Please choose a day from tomorrow to %(last_on)s. For longer, ask for a break."),
            {"last_on": today + LONGEST_SNOOZE},
        )
    if form.get("reason", "") not in set(AwayReason):
        problems["reason"] = Sentence(N_("Please choose an answer."))
    if len(words) > REASON_LENGTH:
        problems["words"] = Sentence(N_("Please shorten this to %(maximum)s characters."), {"maximum": REASON_LENGTH})
    elif wrong := wrong_with_text(words):
        problems["words"] = wrong
    if problems or day is None:
        return None, problems
    return Away(back_on=day, reason=AwayReason(form["reason"]), words=words), {}
