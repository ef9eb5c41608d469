"""A pair from its publication to its end: running, paused, ended, and what each step needs.

Two things hold a pair up, and each ends by itself: a pause, which one of the members or staff asked for, and a stop of
all contact, which a safety report brings and only staff lift. The members read the same word for both: paused.
Source: product sections 5.7 and 7.6.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.words import N_, Sentence

LONGEST_PAUSE_DAYS = 42


class PairState(StrEnum):
    """Where a pair stands."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class EndReason(StrEnum):
    """Why a pair ended."""

    COMPLETED = "completed"  # the programme came to its end
    REMATCH = "rematch"  # somebody asked for a new partner, and nobody is at fault
    LEFT = "left"  # somebody is no longer in the course, or has left the programme
    SAFETY = "safety"  # staff decided so after a safety report
    ROLE = "role"  # somebody changes sides
    STAFF = "staff"  # staff put people together anew


# What the members read. Nobody is told more about somebody else than this.
END_WORDS: Mapping[EndReason, str] = {
    EndReason.COMPLETED: N_("The programme has come to its end, and with it this pair."),
    EndReason.REMATCH: N_("This pair has ended. That is nobody’s fault: not every pair fits."),
    EndReason.LEFT: N_("This pair has ended, because somebody no longer takes part."),
    EndReason.SAFETY: N_("The staff have ended this pair."),
    EndReason.ROLE: N_("This pair has ended as agreed, because somebody takes another part."),
    EndReason.STAFF: N_("The staff have put people together anew, so this pair has ended."),
}

_ENDED = Sentence(N_("This pair has ended. What was written stays readable for those who were in it."))
_NOT_YET = Sentence(N_("This pair is not published yet."))
_HELD = Sentence(N_("The staff have paused this pair. They will tell you when it goes on."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """As much of a pair as its steps depend on.

    Shape: `paused_at` is set while a pause that somebody asked for lasts, `contact_stopped_at` while contact is
        stopped, also after the end of the pair.
    """

    state: PairState
    paused_at: datetime | None = None
    resumes_on: date | None = None
    contact_stopped_at: datetime | None = None
    ended_at: datetime | None = None
    end_reason: EndReason | None = None

    @property
    def is_running(self) -> bool:
        """Whether the pair is published and has not ended."""
        return self.state in {PairState.ACTIVE, PairState.PAUSED}


def pause(life: Life, now: datetime, *, today: date, resumes_on: date | None) -> Life:
    """Return the pair paused until that day, or until somebody says so; pausing a paused pair only moves the day.

    Raises: RuleBroken when the pair is not running, contact is stopped, or the day is not a possible one.
    """
    _require_free(life)
    if resumes_on is not None:
        problem = wrong_with_day(resumes_on, today)
        if problem:
            raise RuleBroken(problem)
    return replace(life, state=PairState.PAUSED, paused_at=life.paused_at or now, resumes_on=resumes_on)


def wrong_with_day(resumes_on: date, today: date) -> Sentence | None:
    """Return why a pause cannot end on that day, or None."""
    if resumes_on <= today:
        return Sentence(N_("Please choose a day after today."))
    if resumes_on > today + timedelta(days=LONGEST_PAUSE_DAYS):
        return Sentence(
            N_("A pause lasts %(days)s days at most. If you need longer, ask the staff."), {"days": LONGEST_PAUSE_DAYS}
        )
    return None


def resume(life: Life) -> Life:
    """Return the pair going on; one that runs already is returned as it is.

    Raises: RuleBroken when the pair is not running, or contact is stopped.
    """
    _require_free(life)
    return replace(life, state=PairState.ACTIVE, paused_at=None, resumes_on=None)


def stop_contact(life: Life, now: datetime) -> Life:
    """Return the pair with all contact stopped at once; also a pair that has ended, so that nothing more is shared.

    Raises: RuleBroken when the pair was never published.
    """
    if life.state is PairState.PROPOSED:
        raise RuleBroken(_NOT_YET)
    state = life.state if life.state is PairState.ENDED else PairState.PAUSED
    return replace(life, state=state, contact_stopped_at=life.contact_stopped_at or now)


def allow_contact(life: Life) -> Life:
    """Return the pair with contact possible again; a pause that somebody asked for lasts on.

    Raises: RuleBroken when the pair was never published.
    """
    if life.state is PairState.PROPOSED:
        raise RuleBroken(_NOT_YET)
    is_held = life.state is PairState.PAUSED and life.paused_at is None
    return replace(life, state=PairState.ACTIVE if is_held else life.state, contact_stopped_at=None)


def end(life: Life, now: datetime, why: EndReason) -> Life:
    """Return the pair ended; one that ended before keeps its moment and its reason.

    Raises: RuleBroken when the pair was never published.
    """
    if life.state is PairState.PROPOSED:
        raise RuleBroken(_NOT_YET)
    if life.state is PairState.ENDED:
        return life
    return replace(life, state=PairState.ENDED, paused_at=None, resumes_on=None, ended_at=now, end_reason=why)


def by_date(life: Life, now: datetime, *, today: date, is_over: bool) -> Life:
    """Return what the calendar makes of the pair: the end with the programme, else the end of a pause on its day.

    Where staff open a programme again, the pairs that ended with it go on; no other end is undone.
    """
    if life.end_reason is EndReason.COMPLETED and not is_over:
        state = PairState.ACTIVE if life.contact_stopped_at is None else PairState.PAUSED
        return replace(life, state=state, ended_at=None, end_reason=None)
    if not life.is_running:
        return life
    if is_over:
        return end(life, now, EndReason.COMPLETED)
    if life.contact_stopped_at is None and life.resumes_on is not None and life.resumes_on <= today:
        return resume(life)
    return life


def why_closed(life: Life) -> Sentence | None:
    """Return why the members can write nothing in the pair, or None when they can."""
    if life.state is PairState.ACTIVE and life.contact_stopped_at is None:
        return None
    if life.state is PairState.ENDED:
        return _ENDED
    if life.state is PairState.PROPOSED:
        return _NOT_YET
    if life.contact_stopped_at is None and life.resumes_on is not None:
        return Sentence(
            N_("This pair is paused until %(day)s. Nothing is due meanwhile, and what is here stays."),
            {"day": life.resumes_on},
        )
    return Sentence(N_("This pair is paused. Nothing is due meanwhile, and what is here stays."))


def may_stay_in_touch(life: Life) -> bool:
    """Tell whether the members may be asked to stay in touch; never where contact was stopped."""
    return life.state is PairState.ENDED and life.contact_stopped_at is None and life.end_reason is not EndReason.SAFETY


def _require_free(life: Life) -> None:
    if life.state is PairState.PROPOSED:
        raise RuleBroken(_NOT_YET)
    if life.state is PairState.ENDED:
        raise RuleBroken(_ENDED)
    if life.contact_stopped_at is not None:
        raise RuleBroken(_HELD)
