"""Who may take part in a programme, in which role, and what they may still change.

Joining stays open after pairs are published: a late joiner waits for the next proposal (product decision 5.7).
Which phase allows what stands in `phases`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from lti_tool.mentoring.phases import ALLOWED
from lti_tool.mentoring.programme import Phase, ProgrammeSettings
from lti_tool.mentoring.roster import MemberRole, is_staff
from lti_tool.mentoring.words import N_, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Editions:
    """The editions of the two texts that people agree to.

    Raised whenever a text changes in meaning, so that an old agreement is not taken for a new one.
    """

    consent: int  # what happens with what people write
    conduct: int  # the code of conduct


class EnrolmentRole(StrEnum):
    """How somebody takes part; `either` is one of the two wherever needed, `swap` both at once."""

    MENTOR = "mentor"
    MENTEE = "mentee"
    EITHER = "either"
    SWAP = "swap"


class EnrolmentState(StrEnum):
    """How far somebody's enrolment has come; only the joined are matched."""

    DRAFT = "draft"
    JOINED = "joined"
    WITHDRAWN = "withdrawn"


def why_not_join(
    member_role: MemberRole,
    is_active: bool,
    is_test_user: bool,
    phase: Phase,
    *,
    state: EnrolmentState | None = None,
) -> Sentence | None:
    """Return why this member cannot join the programme, or None when they can.

    Shape: for somebody who has joined (`state`) the question is whether they may still change something.
    """
    if is_test_user:
        return Sentence(N_("A test student can look around, but is never matched with a real person."))
    if is_staff(member_role):
        return Sentence(N_("You run this course, so you set up the programme instead of joining it."))
    if member_role is not MemberRole.STUDENT:
        return Sentence(N_("Only students of this course can join its mentoring programme."))
    if not is_active:
        return Sentence(N_("You are no longer active in this course. If that is wrong, please ask your instructor."))
    if state is EnrolmentState.JOINED and ALLOWED[phase].answers:
        return None
    return None if ALLOWED[phase].joining else _NOT_NOW[phase]


_NOT_NOW = {
    Phase.SET_UP: Sentence(
        N_("Peer mentoring is being prepared and is not open yet. Come back when your instructor says that it is.")
    ),
    Phase.MATCHING: Sentence(
        N_("Sign-up has closed, and the pairs are being made. Once they are published, you can join as a late joiner.")
    ),
    Phase.CLOSING: Sentence(N_("This programme is about to end, so nobody new can join it.")),
    Phase.CLOSED: Sentence(N_("This programme has ended, so nobody can join it any more.")),
}


def may_join(
    member_role: MemberRole,
    is_active: bool,
    is_test_user: bool,
    phase: Phase,
    *,
    state: EnrolmentState | None = None,
) -> bool:
    """Tell whether this member can join, or go on changing what they said; `why_not_join` gives the reason."""
    return why_not_join(member_role, is_active, is_test_user, phase, state=state) is None


def why_not_role(role: EnrolmentRole, section_ids: Collection[str], settings: ProgrammeSettings) -> Sentence | None:
    """Return why somebody of these sections cannot take that part, or None when they can."""
    sides = {
        EnrolmentRole.MENTOR: (settings.mentor_section_ids,),
        EnrolmentRole.MENTEE: (settings.mentee_section_ids,),
    }.get(role, (settings.mentor_section_ids, settings.mentee_section_ids))
    if all(not named or set(named) & set(section_ids) for named in sides):
        return None
    return Sentence(N_("In this programme that part is kept for other sections of the course. Please choose another."))


def has_agreed(consent_version: int | None, conduct_version: int | None, today: Editions) -> bool:
    """Tell whether somebody agreed to the texts as they are today, or to later editions in another language."""
    return (consent_version or 0) >= today.consent and (conduct_version or 0) >= today.conduct


def what_comes_next(phase: Phase) -> tuple[Sentence, ...]:
    """Return, for somebody who has joined and has no partner, what happens until they have one."""
    if phase is Phase.RUNNING:
        return (
            Sentence(N_("The other pairs are at work already. You are on the list of those who wait.")),
            Sentence(
                N_("The staff of this course look for a partner with room for you; no other pair is changed for it.")
            ),
            Sentence(N_("You meet your partner here. Your check-ins begin when your pair does.")),
        )
    if phase is Phase.MATCHING:
        return (
            Sentence(
                N_("The staff of this course look at the proposed pairs. Who has just joined is in the next round.")
            ),
            Sentence(N_("You meet your partner here.")),
        )
    return (
        Sentence(N_("The staff of this course look at the proposed pairs.")),
        Sentence(N_("You meet your partner here.")),
    )


def may_change_answers(state: EnrolmentState, phase: Phase) -> bool:
    """Answers may change until the programme is about to end; a published pair keeps its reasons."""
    return ALLOWED[phase].answers and state is not EnrolmentState.WITHDRAWN


def may_change_role(has_pair: bool, phase: Phase) -> bool:
    """A role may change as long as no published pair depends on it."""
    return ALLOWED[phase].answers and not has_pair


def may_withdraw(state: EnrolmentState) -> bool:
    """An agreement can be taken back at any time: in every phase, with or without a pair."""
    return state is not EnrolmentState.WITHDRAWN


def may_rejoin(state: EnrolmentState, phase: Phase) -> bool:
    """Somebody who withdrew may come back whenever others may join."""
    return ALLOWED[phase].joining and state is EnrolmentState.WITHDRAWN
