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
    CASE = "case"  # something is not working, and what somebody would like
    SAFETY = "safety"
    CONCERN = "concern"  # about the partner, who knows it
    URGENT = "urgent"
    PAUSE = "pause"  # why a pair is paused
    LAST_WORDS = "last_words"
    CASE_ANSWER = "case_answer"  # what staff say to whoever began a case
    CASE_RECORD = "case_record"
    TALK = "talk"  # the record of a talk


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
    Written.CASE: STAFF_SEE,
    Written.SAFETY: STAFF_SEE,
    Written.CONCERN: ALL_SEE,
    Written.URGENT: STAFF_SEE,
    Written.PAUSE: ALL_SEE,
    Written.LAST_WORDS: PARTNER_SEES,
    Written.CASE_ANSWER: STAFF_SEE,
    Written.CASE_RECORD: STAFF_ALONE,
    Written.TALK: ALL_SEE,
}


def seen_by(what: Written) -> frozenset[Audience]:
    """Return who sees it; nobody else does."""
    return _SEEN_BY[what]
