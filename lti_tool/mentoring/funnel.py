"""From the roster to being ready for matching: the stages, whom each counts for, and where somebody stands still.

One list serves the staff's funnel, the student's checklist and the matching, so that all three mean the same.

    roster     is an active student of the course, and no test student
    invited    has opened the tool, or was written to by staff
    joined     has answered the questions and takes part
    applied    has sent an application to be a mentor; counted for mentors, where the programme asks for one
    approved   staff said yes; counted as above
    trained    has finished the training for mentors; counted for mentors, where the programme asks for it
    agreed     has agreed to what taking part means
    ready      can be matched in the chosen part: everything above that counts for it
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lti_tool.mentoring.application import MENTORING_ROLES
from lti_tool.mentoring.words import N_, Sentence


class Stage(StrEnum):
    """A stage on the way, in its order."""

    ROSTER = "roster"
    INVITED = "invited"
    JOINED = "joined"
    APPLIED = "applied"
    APPROVED = "approved"
    TRAINED = "trained"
    AGREED = "agreed"
    READY = "ready"


FOR_MENTORS = frozenset({Stage.APPLIED, Stage.APPROVED, Stage.TRAINED})
REMINDABLE = frozenset({Stage.INVITED, Stage.JOINED, Stage.APPLIED, Stage.TRAINED, Stage.AGREED})  # theirs to do


def stages(*, asks_application: bool, asks_training: bool) -> tuple[Stage, ...]:
    """Return the stages of a programme, in their order."""
    left_out = set() if asks_application else {Stage.APPLIED, Stage.APPROVED}
    if not asks_training:
        left_out.add(Stage.TRAINED)
    return tuple(stage for stage in Stage if stage not in left_out)


def counts_for(stage: Stage, role: str | None) -> bool:
    """Tell whether a stage counts for somebody with this role; None stands for who has not joined."""
    return stage not in FOR_MENTORS or role in MENTORING_ROLES


def must_be_passed(stage: Stage, role: str) -> bool:
    """Tell whether the stage stands between somebody and being ready: who is happy with both can be helped at least."""
    return stage is not Stage.READY and (stage not in FOR_MENTORS or role == "mentor")


def before(stage: Stage, role: str | None, of: Sequence[Stage]) -> Stage | None:
    """Return the stage that somebody with this role passes right before this one; None before the first."""
    earlier = [one for one in of[: of.index(stage)] if counts_for(one, role)]
    return earlier[-1] if earlier else None


def stands_still_at(role: str | None, reached: frozenset[Stage], of: Sequence[Stage]) -> Stage | None:
    """Return the first stage that counts for somebody and that they have not reached; None for who is ready."""
    return next((stage for stage in of if counts_for(stage, role) and stage not in reached), None)


def is_silent(stage: Stage, role: str | None, reached: frozenset[Stage], of: Sequence[Stage]) -> bool:
    """Tell whether somebody has come as far as the stage before this one, and not to this one."""
    if stage in reached or not counts_for(stage, role):
        return False
    earlier = before(stage, role, of)
    return earlier is None or earlier in reached


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """People of the same sections and role who have come equally far."""

    section_ids: tuple[str, ...]
    role: str | None  # None: has not joined
    reached: frozenset[Stage]
    has_left: bool  # took part once, and does not any more
    count: int
    places: int  # how many mentees they take together


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One stage of a funnel."""

    stage: Stage
    reached: int
    silent: int  # came to the stage before, and no further
    out_of: int  # for how many the stage counts


def rows(
    groups: Iterable[Group], of: Sequence[Stage], *, role: str | None = None, section: str | None = None
) -> tuple[Row, ...]:
    """Return the funnel of everybody, or of one role or one section; somebody in two sections counts in both."""
    chosen = [
        one for one in groups if (role is None or one.role == role) and (section is None or section in one.section_ids)
    ]
    return tuple(
        Row(
            stage=stage,
            reached=sum(one.count for one in chosen if stage in one.reached and counts_for(stage, one.role)),
            silent=sum(one.count for one in chosen if not one.has_left and is_silent(stage, one.role, one.reached, of)),
            out_of=sum(one.count for one in chosen if counts_for(stage, one.role)),
        )
        for stage in of
    )


def sections(groups: Iterable[Group]) -> tuple[str, ...]:
    """Return the sections that occur, sorted."""
    return tuple(sorted({section for one in groups for section in one.section_ids}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Whether there will be mentors enough, as far as it can be seen now."""

    mentees: int  # who would like a mentor, and nothing else
    places: int  # that all who joined as mentors offer
    ready_places: int  # of those who are ready
    either: int  # who are happy with both
    either_places: int  # that those who are happy with both, and may mentor, offer

    @property
    def missing(self) -> int:
        """How many mentees would be left without a mentor, even if everybody who can mentors."""
        return max(0, self.mentees - self.places - self.either_places)

    @property
    def missing_now(self) -> int:
        """The same, if the matching were done at this moment."""
        return max(0, self.mentees - self.ready_places - self.either_places)


def outlook(groups: Iterable[Group]) -> Outlook:
    """Return what there is of mentors and mentees among those who have joined."""
    joined = [one for one in groups if Stage.JOINED in one.reached]
    mentors = [one for one in joined if one.role == "mentor"]
    both = [one for one in joined if one.role in {"either", "swap"}]
    return Outlook(
        mentees=sum(one.count for one in joined if one.role == "mentee"),
        places=sum(one.places for one in mentors),
        ready_places=sum(one.places for one in mentors if Stage.READY in one.reached),
        either=sum(one.count for one in both),
        either_places=sum(one.places for one in both),
    )


WHY_NOT_MATCHED = {
    Stage.APPLIED: Sentence(N_("Would like to be a mentor, and has not sent an application yet.")),
    Stage.APPROVED: Sentence(N_("Would like to be a mentor, and the application is not approved.")),
    Stage.TRAINED: Sentence(N_("Would like to be a mentor, and has not finished the training yet.")),
}
