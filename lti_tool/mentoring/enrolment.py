"""Who may take part in a programme, in which role, and what they may still change.

Joining stays open after pairs are published: a late joiner waits for the next proposal (product decision 5.7).
"""

from enum import StrEnum

from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.roster import MemberRole, is_staff
from lti_tool.mentoring.words import N_, Sentence

# Raised whenever the text people agree to changes in meaning, so that an old consent is not taken for a new one.
CONSENT_VERSION = 1


class EnrolmentRole(StrEnum):
    """How somebody takes part."""

    MENTOR = "mentor"
    MENTEE = "mentee"
    EITHER = "either"


class EnrolmentState(StrEnum):
    """How far somebody's enrolment has come; only the joined are matched."""

    DRAFT = "draft"
    JOINED = "joined"
    WITHDRAWN = "withdrawn"


def why_not_join(member_role: MemberRole, is_active: bool, is_test_user: bool, phase: Phase) -> Sentence | None:
    """Return why this member cannot join the programme, or None when they can."""
    if is_test_user:
        return Sentence(N_("A test student can look around, but is never matched with a real person."))
    if is_staff(member_role):
        return Sentence(N_("You run this course, so you set up the programme instead of joining it."))
    if member_role is not MemberRole.STUDENT:
        return Sentence(N_("Only students of this course can join its mentoring programme."))
    if not is_active:
        return Sentence(N_("You are no longer active in this course. If that is wrong, please ask your instructor."))
    if phase is Phase.CLOSED:
        return Sentence(N_("This programme has ended, so nobody can join it any more."))
    return None


def may_change_answers(state: EnrolmentState, phase: Phase) -> bool:
    """Answers may change until the programme closes, also after joining; a published pair keeps its reasons."""
    return phase is not Phase.CLOSED and state is not EnrolmentState.WITHDRAWN


def may_change_role(has_pair: bool, phase: Phase) -> bool:
    """A role may change as long as no published pair depends on it."""
    return phase is not Phase.CLOSED and not has_pair


def may_withdraw(state: EnrolmentState, phase: Phase) -> bool:
    """Leaving is always possible while the programme lasts, with or without a pair."""
    return phase is not Phase.CLOSED and state is not EnrolmentState.WITHDRAWN


def may_rejoin(state: EnrolmentState, phase: Phase) -> bool:
    """Somebody who withdrew may come back until the programme closes."""
    return phase is not Phase.CLOSED and state is EnrolmentState.WITHDRAWN
