"""Who sees what people write: one declaration per thing, read by the label, by the pages that show it, and by tests.

A question of the questionnaire or of a check-in carries its own `seen_by`; here stands the same for everything else
that people write.
"""

from collections.abc import Mapping
from enum import StrEnum

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.questionnaire import Audience

EVERYBODY = frozenset(EnrolmentRole)
MENTEES = EVERYBODY - {EnrolmentRole.MENTOR}
MENTORS = EVERYBODY - {EnrolmentRole.MENTEE}

ONLY_SELF = frozenset({Audience.SELF})
STAFF_SEE = frozenset({Audience.SELF, Audience.INSTRUCTOR})
PARTNER_SEES = frozenset({Audience.SELF, Audience.PARTNER})
ALL_SEE = frozenset(Audience)
STAFF_ALONE = frozenset({Audience.INSTRUCTOR})


class Written(StrEnum):
    """Something people write that is not the answer to a question of a questionnaire."""

    ROLE = "role"
    TIME_ZONE = "time_zone"
    WISHES = "wishes"
    CONSENT = "consent"
    APPLICATION = "application"  # every answer in it
    APPLICATION_STATE = "application_state"
    APPLICATION_MESSAGE = "application_message"  # what staff ask or say with a decision
    SITUATION_POINTS = "situation_points"
    RUBRIC = "rubric"
    PRIVATE_NOTE = "private_note"
    DECIDED_BY = "decided_by"
    REFLECTION = "reflection"  # once it is handed in; a draft is its writer's alone
    REFLECTION_SHARED = "reflection_shared"  # the same, where the writer ticks it
    READING = "reading"  # marks and words on it, once it is given back
    AWAY_UNTIL = "away_until"
    AWAY_REASON = "away_reason"
    TASK_NOTE = "task_note"  # what staff did about something


_SEEN_BY: Mapping[Written, frozenset[Audience]] = {
    Written.ROLE: ALL_SEE,
    Written.TIME_ZONE: ONLY_SELF,
    Written.WISHES: STAFF_SEE,
    Written.CONSENT: STAFF_SEE,
    Written.APPLICATION: STAFF_SEE,
    Written.APPLICATION_STATE: STAFF_SEE,
    Written.APPLICATION_MESSAGE: STAFF_SEE,
    Written.SITUATION_POINTS: STAFF_ALONE,
    Written.RUBRIC: STAFF_ALONE,
    Written.PRIVATE_NOTE: STAFF_ALONE,
    Written.DECIDED_BY: STAFF_ALONE,
    Written.REFLECTION: STAFF_SEE,
    Written.REFLECTION_SHARED: ALL_SEE,
    Written.READING: STAFF_SEE,
    Written.AWAY_UNTIL: ALL_SEE,
    Written.AWAY_REASON: STAFF_SEE,
    Written.TASK_NOTE: STAFF_ALONE,
}


def seen_by(what: Written) -> frozenset[Audience]:
    """Return who sees it; nobody else does."""
    return _SEEN_BY[what]
