"""How a programme goes from one phase to the next: by hand, by publishing pairs, or by the calendar.

Every change of phase goes through `step`. No step touches a pair: a step back is possible only where nothing would have
to be undone. What a phase allows stands in one table, which `enrolment` and the pages read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lti_tool.mentoring.programme import CLOSING_DAYS, Phase, ProgrammeSettings
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.words import N_, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """What people may do in a phase."""

    joining: bool = False  # who has not joined yet may
    answers: bool = False  # who has joined may change answers, role and wishes, and leave
    proposing: bool = False  # staff may have pairs computed and publish them
    check_ins: bool = False
    survey: bool = False  # the closing one


ALLOWED: Mapping[Phase, Allowed] = {
    Phase.SET_UP: Allowed(),
    Phase.SIGN_UP: Allowed(joining=True, answers=True, proposing=True),
    Phase.MATCHING: Allowed(answers=True, proposing=True),
    Phase.RUNNING: Allowed(joining=True, answers=True, proposing=True, check_ins=True),
    Phase.CLOSING: Allowed(check_ins=True, survey=True),
    Phase.CLOSED: Allowed(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """As much of a programme as decides which steps are possible."""

    phase: Phase
    has_pairs: bool  # pairs have been published
    has_begun: bool  # somebody has begun to join


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step that somebody may take by hand, with what it does in words."""

    to: Phase
    label: str
    effect: str
    is_back: bool = False


_Condition = Callable[[Standing], bool]


def _always(_standing: Standing) -> bool:
    return True


def _with_pairs(standing: Standing) -> bool:
    return standing.has_pairs


def _without_pairs(standing: Standing) -> bool:
    return not standing.has_pairs


def _untouched(standing: Standing) -> bool:
    return not standing.has_pairs and not standing.has_begun


_END_WITHOUT_PAIRS = Step(
    to=Phase.CLOSED,
    label=N_("End the programme without pairs"),
    effect=N_("Nobody can join or change anything any more. Everything is kept, and you can open it again."),
)
_STEPS: Mapping[Phase, tuple[tuple[_Condition, Step], ...]] = {
    Phase.SET_UP: (
        (
            _always,
            Step(
                to=Phase.SIGN_UP,
                label=N_("Open sign-up"),
                effect=N_("Students who open the link can join from now on."),
            ),
        ),
    ),
    Phase.SIGN_UP: (
        (
            _without_pairs,
            Step(
                to=Phase.MATCHING,
                label=N_("Close sign-up"),
                effect=N_(
                    "Nobody new can join until the pairs are published. Who has joined can still change answers."
                ),
            ),
        ),
        (
            _untouched,
            Step(
                to=Phase.SET_UP,
                label=N_("Back to set-up"),
                effect=N_("Students read that it is not open yet. Nobody has begun to join, so nothing is lost."),
                is_back=True,
            ),
        ),
        (_without_pairs, _END_WITHOUT_PAIRS),
    ),
    Phase.MATCHING: (
        (
            _without_pairs,
            Step(
                to=Phase.SIGN_UP,
                label=N_("Open sign-up again"),
                effect=N_("Students can join again. A draft of pairs stays as it is and does not have them."),
                is_back=True,
            ),
        ),
        (_without_pairs, _END_WITHOUT_PAIRS),
    ),
    Phase.RUNNING: (
        (
            _always,
            Step(
                to=Phase.CLOSING,
                label=N_("Begin the closing phase"),
                effect=N_(
                    "Nobody new can join and no new pairs are made. Pairs stay, and open check-ins can still be sent."
                ),
            ),
        ),
    ),
    Phase.CLOSING: (
        (
            _always,
            Step(
                to=Phase.CLOSED,
                label=N_("Close the programme"),
                effect=N_("Check-ins can no longer be sent. Pairs, points and answers are kept and can be read."),
            ),
        ),
        (
            _always,
            Step(
                to=Phase.RUNNING,
                label=N_("Go on running"),
                effect=N_("Late joiners are welcome again, and new pairs can be made."),
                is_back=True,
            ),
        ),
    ),
    Phase.CLOSED: (
        (
            _with_pairs,
            Step(
                to=Phase.CLOSING,
                label=N_("Open it again"),
                effect=N_("Check-ins that are open can be sent again. Nobody new can join."),
                is_back=True,
            ),
        ),
        (
            _without_pairs,
            Step(
                to=Phase.SIGN_UP,
                label=N_("Open sign-up again"),
                effect=N_("Students can join again, and whoever had joined still takes part."),
                is_back=True,
            ),
        ),
    ),
}

_WHY_NOT: Mapping[tuple[Phase, Phase], Sentence] = {
    (Phase.SIGN_UP, Phase.SET_UP): Sentence(
        N_("Somebody has begun to join, so the programme cannot go back to set-up. You can close sign-up instead.")
    ),
    (Phase.RUNNING, Phase.MATCHING): Sentence(
        N_("Pairs are published and at work, so the programme cannot go back. New pairs can be added on the board.")
    ),
    (Phase.RUNNING, Phase.SIGN_UP): Sentence(
        N_("Pairs are published and at work. Students can still join while the programme runs.")
    ),
    (Phase.MATCHING, Phase.RUNNING): Sentence(N_("A programme runs from the moment its pairs are published.")),
    (Phase.SIGN_UP, Phase.RUNNING): Sentence(N_("A programme runs from the moment its pairs are published.")),
}
_NO_SUCH_STEP = Sentence(N_("The programme cannot take this step from where it stands now. Nothing was changed."))


def steps_from(standing: Standing) -> tuple[Step, ...]:
    """Return the steps somebody may take by hand, the usual one first."""
    return tuple(step for condition, step in _STEPS[standing.phase] if condition(standing))


def step(standing: Standing, to: Phase) -> Phase:
    """Return the phase after a step taken by hand.

    Raises: RuleBroken when there is no such step from here.
    """
    if to not in {one.to for one in steps_from(standing)}:
        raise RuleBroken(_WHY_NOT.get((standing.phase, to), _NO_SUCH_STEP))
    return to


def published(standing: Standing) -> Phase:
    """Return the phase after pairs were published: the programme runs.

    Raises: RuleBroken where the phase allows no pairs.
    """
    if not ALLOWED[standing.phase].proposing:
        raise RuleBroken(why_not_propose(standing.phase) or _NO_SUCH_STEP)
    return Phase.RUNNING


def why_not_propose(phase: Phase) -> Sentence | None:
    """Return why no pairs can be made in this phase, or None when they can."""
    if ALLOWED[phase].proposing:
        return None
    if phase is Phase.SET_UP:
        return Sentence(N_("Nobody can join yet, so there are no pairs to make. Open sign-up first."))
    return Sentence(
        N_("The programme is over or about to end, so no new pairs are made. You can let it go on running.")
    )


def next_by_date(standing: Standing, settings: ProgrammeSettings, *, begun_on: date) -> tuple[Phase, date] | None:
    """Return the phase that the calendar brings next and its day, or None when only a hand brings one.

    Sign-up opens by itself only on a first day that somebody chose: one after the day the programme was made. Pairs are
    never published by the clock. Days are those of the programme's time zone.
    """
    if not settings.moves_by_date:
        return None
    ends = settings.ends_on
    if standing.phase is Phase.SET_UP and begun_on < settings.starts_on:
        return Phase.SIGN_UP, settings.starts_on
    if standing.phase is Phase.SIGN_UP and not standing.has_pairs:
        closed = settings.sign_up_closes_on + timedelta(days=1) if settings.sign_up_closes_on else None
        day = min((one for one in (closed, settings.matching_on) if one), default=None)
        return (Phase.MATCHING, day) if day else None
    if standing.phase is Phase.RUNNING and ends:
        return Phase.CLOSING, ends
    if standing.phase is Phase.CLOSING and ends:
        return Phase.CLOSED, ends + timedelta(days=CLOSING_DAYS)
    return None


def due_step(standing: Standing, settings: ProgrammeSettings, *, begun_on: date, today: date) -> Phase | None:
    """Return the phase that the calendar brings today, or None; one step at a time."""
    coming = next_by_date(standing, settings, begun_on=begun_on)
    return coming[0] if coming and coming[1] <= today else None
