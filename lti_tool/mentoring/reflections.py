"""Three reflections, at the start, half-way and at the end: prompts, windows, and the rubric that staff read them with.

A reflection is a draft until it is handed in; it can be taken back until somebody has read it. Whoever reads gives each
criterion 0, 1, 2 or 4, so that the top stays clear; a second reader may do the same without knowing the first marks.

Source: product sections 1.4 (R39) and 6.3.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lti_tool.mentoring.checkins import Rhythm, Window, local_midnight, window_from
from lti_tool.mentoring.checkins_probes import midpoint, span
from lti_tool.mentoring.programme import CLOSING_DAYS, ProgrammeSettings
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.scheme_presets import scheme_for
from lti_tool.mentoring.schemes import Kind
from lti_tool.mentoring.words import N_, Sentence, wrong_with_text

TEXT_LENGTH = 6000
COMMENT_LENGTH = 2000
FIRST_DAYS = 7  # from the programme's begin until the first reflection opens
WRITING_DAYS = 10
MARKS = (0, 1, 2, 4)
FAR_APART = 4  # points of sixteen by which two readers may differ before somebody should talk


class Stage(StrEnum):
    """When a reflection is written."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


KINDS: Mapping[Stage, Kind] = {  # of the items that they are in a scheme
    Stage.START: Kind.REFLECTION_START,
    Stage.MIDDLE: Kind.REFLECTION_MIDDLE,
    Stage.END: Kind.REFLECTION_END,
}


class State(StrEnum):
    """Where a reflection stands; `returned` means that its writer sees what staff said."""

    DRAFT = "draft"
    HANDED_IN = "handed_in"
    READ = "read"
    RETURNED = "returned"


class Criterion(StrEnum):
    """What a reader looks for."""

    SPECIFIC = "specific"
    HONEST = "honest"
    LINKED = "linked"
    NEXT_STEP = "next_step"


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A criterion in words, and what each mark means."""

    label: str
    marks: tuple[tuple[int, str], ...]


RUBRIC: Mapping[Criterion, Described] = {
    Criterion.SPECIFIC: Described(
        label=N_("Specific"),
        marks=(
            (0, N_("Names no situation")),
            (1, N_("Hints at one")),
            (2, N_("Names a situation")),
            (4, N_("Names a situation so that one can see it, and what came of it")),
        ),
    ),
    Criterion.HONEST: Described(
        label=N_("Honest about one’s own part"),
        marks=(
            (0, N_("Only about others")),
            (1, N_("Mentions oneself")),
            (2, N_("Says what one did oneself")),
            (4, N_("Says what one did, also where it did not work, and why")),
        ),
    ),
    Criterion.LINKED: Described(
        label=N_("Linked to a goal or a skill"),
        marks=(
            (0, N_("No link")),
            (1, N_("Names a goal or a skill")),
            (2, N_("Says how it is linked")),
            (4, N_("Shows what changed for the goal or the skill")),
        ),
    ),
    Criterion.NEXT_STEP: Described(
        label=N_("Next step"),
        marks=(
            (0, N_("None")),
            (1, N_("A wish")),
            (2, N_("A step")),
            (4, N_("A step with a time and a way to see whether it worked")),
        ),
    ),
}
TITLES: Mapping[Stage, str] = {
    Stage.START: N_("Reflection at the start"),
    Stage.MIDDLE: N_("Reflection half-way"),
    Stage.END: N_("Reflection at the end"),
}
PROMPTS: Mapping[Stage, tuple[str, ...]] = {
    Stage.START: (
        N_("Think of one moment in your first meetings. What happened, and what did you do?"),
        N_("What do you want to reach or to learn here, and how will you notice?"),
        N_("What could get in your own way, and what will you try first?"),
    ),
    Stage.MIDDLE: (
        N_("Describe one situation that went well or badly between you two. What was your part in it?"),
        N_("What has changed for your goal, or for something you can do?"),
        N_("What will you keep, start or stop until the end, and when?"),
    ),
    Stage.END: (
        N_("Which moment of these weeks will you remember? What did you do in it?"),
        N_("What can you do now that you could not do before, and how do you know?"),
        N_("What did not work, and what would you do differently?"),
        N_("What is your next step after this programme, and by when?"),
    ),
}


def reflection_windows(settings: ProgrammeSettings, published_at: datetime, rhythm: Rhythm) -> Mapping[Stage, Window]:
    """Return when each reflection can be written: a week in, half-way, and in the last week with the time after it; by
    the scheme's own day where it names one."""
    begins_at, ends_at = span(settings)
    first = max(begins_at, published_at) + timedelta(days=FIRST_DAYS)
    middle = max(midpoint(begins_at, ends_at), first)
    last = max(ends_at - timedelta(days=rhythm.closing_days), middle)
    due_at = max(ends_at, last)
    usual = {
        Stage.START: window_from(first, rhythm, days=WRITING_DAYS),
        Stage.MIDDLE: window_from(middle, rhythm, days=WRITING_DAYS),
        Stage.END: Window(opens_at=last, due_at=due_at, grace_until=due_at + timedelta(days=CLOSING_DAYS)),
    }
    own = _own_dues(settings)
    return {stage: _due_by(own[stage], window) if stage in own else window for stage, window in usual.items()}


def _own_dues(settings: ProgrammeSettings) -> Mapping[Stage, datetime]:
    """By when staff want a reflection, where they chose another day for it."""
    days = {item.kind: item.due_on for item in scheme_for(settings).items}
    return {
        stage: local_midnight(due_on + timedelta(days=1), settings.time_zone)
        for stage, kind in KINDS.items()
        if (due_on := days.get(kind))
    }


def _due_by(due_at: datetime, usual: Window) -> Window:
    """Return a window that ends then: open from the usual moment, or early enough to write."""
    opens_at = min(usual.opens_at, due_at - timedelta(days=WRITING_DAYS))
    after = usual.grace_until - usual.due_at if usual.grace_until and usual.due_at else timedelta()
    return Window(opens_at=opens_at, due_at=due_at, grace_until=due_at + after)


def may_write(state: State) -> bool:
    """Tell whether the writer may still change it, or take it back to do so."""
    return state in {State.DRAFT, State.HANDED_IN}


def saved(state: State) -> State:
    """Return where a reflection stands after its writer changed the text: a draft again.

    Raises: RuleBroken once somebody has read it.
    """
    if not may_write(state):
        raise RuleBroken(Sentence(N_("The staff have read this reflection, so it stays as it is.")))
    return State.DRAFT


def handed_in(state: State, text: str) -> State:
    """Return where a reflection stands once it is handed in.

    Raises: RuleBroken once somebody has read it, or where there is nothing to read.
    """
    saved(state)
    if not text.strip():
        raise RuleBroken(Sentence(N_("Please write something here.")))
    return State.HANDED_IN


def read(state: State) -> State:
    """Return where a reflection stands once a reader has given marks; one that was returned stays returned.

    Raises: RuleBroken for a draft: it is still its writer's alone.
    """
    if state is State.DRAFT:
        raise RuleBroken(Sentence(N_("This reflection is not handed in, so nobody but its writer reads it.")))
    return State.RETURNED if state is State.RETURNED else State.READ


def returned(state: State) -> State:
    """Return where a reflection stands once its writer sees the marks.

    Raises: RuleBroken where nobody has given any.
    """
    if state not in {State.READ, State.RETURNED}:
        raise RuleBroken(Sentence(N_("Nobody has read this reflection yet.")))
    return State.RETURNED


def wrong_with(text: str, longest: int = TEXT_LENGTH) -> Sentence | None:
    """Return why this text cannot be kept, or None."""
    if len(text) > longest:
        return Sentence(
            N_("This is %(length)s characters long. Please shorten it to %(maximum)s."),
            {"length": len(text), "maximum": longest},
        )
    return wrong_with_text(text)


def parse_marks(form: Mapping[str, str]) -> tuple[dict[str, int], dict[str, Sentence]]:
    """Return the marks that a form holds by criterion, and a sentence for each criterion without one."""
    marks: dict[str, int] = {}
    problems: dict[str, Sentence] = {}
    allowed = {str(mark): mark for mark in MARKS}
    for criterion in Criterion:
        given = form.get(criterion.value, "").strip()
        if given in allowed:
            marks[criterion.value] = allowed[given]
        else:
            problems[criterion.value] = Sentence(N_("Please choose an answer."))
    return marks, problems


def score(readings: Sequence[Mapping[str, int]]) -> int | None:
    """Return the mean of all readers' marks rounded to 0 to 4, half upwards; None before anybody has read.

    Shape: each reading has a mark for every criterion.
    """
    marks = [reading[criterion.value] for reading in readings for criterion in Criterion]
    if not marks:
        return None
    return (2 * sum(marks) + len(marks)) // (2 * len(marks))


def are_far_apart(readings: Sequence[Mapping[str, int]]) -> bool:
    """Tell whether two readers see a reflection so differently that they should talk."""
    sums = [sum(reading[criterion.value] for criterion in Criterion) for reading in readings]
    return bool(sums) and max(sums) - min(sums) > FAR_APART
