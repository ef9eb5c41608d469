"""What saving a change would do, said before it is saved: who is affected, and what stays.

Pairs at work are never touched by a change of settings.
"""

from dataclasses import dataclass
from datetime import date

from lti_tool.mentoring.objectives import statements_of
from lti_tool.mentoring.phases import Standing, due_step
from lti_tool.mentoring.programme import Phase, ProgrammeSettings
from lti_tool.mentoring.words import N_, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """How many people and things a change meets, counted for the settings as they would be."""

    joined: int = 0
    pairs: int = 0
    scores: int = 0  # people with points
    has_column: bool = False
    mentors_above_limit: int = 0  # mentors with more partners at work than the new limit
    check_ins_beyond: int = 0  # sent check-ins whose number would no longer be asked for
    check_ins_sent: int = 0
    mentors_outside: int = 0  # joined, and not in a section that may mentor
    mentees_outside: int = 0


def impacts(
    before: ProgrammeSettings,
    after: ProgrammeSettings,
    affected: Affected,
    *,
    standing: Standing,
    begun_on: date,
    today: date,
) -> tuple[Sentence, ...]:
    """Return what the change does and what it leaves alone, the weightiest first."""
    differ = {name for name in _WATCHED if getattr(before, name) != getattr(after, name)}
    said = [
        *_on_measures(before, after),
        *_on_phase(after, standing, begun_on, today),
        *_on_points(before, after, affected, differ),
        *_on_check_ins(affected, differ),
        *_on_roles(after, affected, differ),
    ]
    if affected.pairs:
        said.append(Sentence(N_("Pairs at work that stay exactly as they are: %(count)s"), {"count": affected.pairs}))
    if not said and affected.joined:
        said.append(
            Sentence(N_("People who have joined and notice nothing but this: %(count)s"), {"count": affected.joined})
        )
    return tuple(said)


def _on_measures(before: ProgrammeSettings, after: ProgrammeSettings) -> list[Sentence]:
    old, new = statements_of(before.objectives), statements_of(after.objectives)
    on = tuple(one for one in new if one not in old)
    off = tuple(one for one in old if one not in new)
    said = []
    if on:
        said.append(Sentence(N_("The closing survey asks from now on: %(things)s"), {"things": on}))
    if off:
        said.append(Sentence(N_("It no longer asks: %(things)s"), {"things": off}))
    return said


_WATCHED = (
    "is_graded",
    "points",
    "column_label",
    "check_in_count",
    "cadence",
    "starts_on",
    "mentor_capacity_limit",
    "mentor_section_ids",
    "mentee_section_ids",
    "same_section_only",
    "seniority",
    "asks_application",
    "asks_training",
    "preset",
)
_AT_ONCE = {
    Phase.SIGN_UP: N_("Sign-up opens as soon as you save, since the first day has come."),
    Phase.MATCHING: N_("Sign-up closes as soon as you save, since its last day is over."),
    Phase.CLOSING: N_("The closing phase begins as soon as you save, since the last day has come."),
    Phase.CLOSED: N_("The programme closes as soon as you save, since its last day is long over."),
}


def _on_phase(after: ProgrammeSettings, standing: Standing, begun_on: date, today: date) -> list[Sentence]:
    due = due_step(standing, after, begun_on=begun_on, today=today)
    said = [Sentence(_AT_ONCE[due])] if due else []
    closes = after.sign_up_closes_on
    if standing.phase is Phase.MATCHING and closes and closes >= today:
        said.append(Sentence(N_("Sign-up stays closed. To open it again, use the page “Phases”.")))
    return said


def _on_points(
    before: ProgrammeSettings, after: ProgrammeSettings, affected: Affected, differ: set[str]
) -> list[Sentence]:
    said = []
    if "is_graded" in differ and after.is_graded:
        said.append(Sentence(N_("The gradebook gets a column, and points that were earned already are sent there.")))
    if "is_graded" in differ and not after.is_graded and affected.has_column:
        said.append(Sentence(N_("The column in the gradebook stays with what it has. Nothing more is sent to it.")))
    if differ & {"points", "check_in_count"} and affected.scores:
        said.append(
            Sentence(
                N_("People whose points are counted anew, of %(points)s: %(count)s"),
                {"count": affected.scores, "points": after.points},
            )
        )
    if "points" in differ and affected.has_column and after.is_graded:
        said.append(
            Sentence(
                N_("The column in the gradebook was made with %(points)s points and keeps them; scores are scaled."),
                {"points": before.points},
            )
        )
    if "column_label" in differ and affected.has_column:
        said.append(Sentence(N_("The column in the gradebook keeps its name. Rename it in the LMS.")))
    return said


def _on_check_ins(affected: Affected, differ: set[str]) -> list[Sentence]:
    said = []
    if "check_in_count" in differ and affected.check_ins_beyond:
        said.append(
            Sentence(
                N_("Check-ins that were sent, are kept, and no longer count for points: %(count)s"),
                {"count": affected.check_ins_beyond},
            )
        )
    if differ & {"cadence", "check_in_count", "starts_on"} and affected.check_ins_sent:
        said.append(Sentence(N_("Check-ins already sent, all kept: %(count)s"), {"count": affected.check_ins_sent}))
    return said


def _on_roles(after: ProgrammeSettings, affected: Affected, differ: set[str]) -> list[Sentence]:
    said = []
    if "mentor_capacity_limit" in differ and affected.mentors_above_limit:
        said.append(
            Sentence(
                N_("People who help more than %(limit)s already and keep everybody they have: %(count)s"),
                {"limit": after.mentor_capacity_limit, "count": affected.mentors_above_limit},
            )
        )
    outside = affected.mentors_outside * ("mentor_section_ids" in differ)
    outside += affected.mentees_outside * ("mentee_section_ids" in differ)
    if outside:
        said.append(
            Sentence(
                N_("People who joined from sections that are left out now, and stay: %(count)s"), {"count": outside}
            )
        )
    if differ & {"same_section_only", "seniority"}:
        said.append(Sentence(N_("The rule counts for pairs that are proposed from now on.")))
    if differ & {"asks_application", "asks_training"} and affected.joined:
        said.append(
            Sentence(
                N_("Mentors meet the new step before they are matched. People who have joined so far: %(count)s"),
                {"count": affected.joined},
            )
        )
    if "preset" in differ:
        said.append(Sentence(N_("The questions get the weights of this kind of programme for the next proposal.")))
    return said
