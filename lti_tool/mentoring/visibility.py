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
    AGREEMENT = "agreement"  # of a pair: its words, versions and who signed
    AGREEMENT_STATE = "agreement_state"  # how far it has come
    GOAL = "goal"  # its words, suggestions, milestones
    GOAL_COUNT = "goal_count"  # how many are worked on and reached
    CONFIDENCE = "confidence"
    TASK = "task"
    MEETING_PLAN = "meeting_plan"  # when, where, what to talk about
    MEETING_REPORT = "meeting_report"  # that it took place, how long, who was there, that it is disputed and why
    MEETING_NOTES = "meeting_notes"
    CONTACT_ATTEMPT = "contact_attempt"
    MESSAGE = "message"  # in a pair; staff read it only after saying why, which the pair sees
    SHELF = "shelf"  # what a pair's shelf holds
    REPORT = "report"  # why a message was reported, and what staff answered
    CASE = "case"  # something is not working, and what somebody would like
    SAFETY = "safety"
    CONCERN = "concern"  # about the partner, who knows it
    URGENT = "urgent"
    PAUSE = "pause"  # why a pair is paused
    LAST_WORDS = "last_words"
    CASE_ANSWER = "case_answer"  # what staff say to whoever began a case
    CASE_RECORD = "case_record"
    TALK = "talk"  # the record of a talk
    REFLECTION = "reflection"  # once it is handed in; a draft is its writer's alone
    REFLECTION_SHARED = "reflection_shared"  # the same, where the writer ticks it
    READING = "reading"  # marks and words on it, once it is given back
    AWAY_UNTIL = "away_until"
    AWAY_REASON = "away_reason"
    TASK_NOTE = "task_note"  # what staff did about something
    SOLO_WORK = "solo_work"  # ten minutes alone
    REMATCH_ANSWER = "rematch_answer"  # whether somebody would like a new partner
    HOURS = "hours"  # worked in a practicum
    PEER_CASE = "peer_case"  # once it is handed in; a draft is its writer's alone
    EXCUSE = "excuse"  # why somebody asks to be excused
    EXCUSE_ANSWER = "excuse_answer"  # what staff say to it
    POINTS_REASON = "points_reason"  # why staff decided points


_SEEN_BY: Mapping[Written, frozenset[Audience]] = {
    Written.ROLE: ALL_SEE,
    Written.TIME_ZONE: PARTNER_SEES,  # a meeting is shown by both clocks
    Written.WISHES: STAFF_SEE,
    Written.CONSENT: STAFF_SEE,
    Written.APPLICATION: STAFF_SEE,
    Written.APPLICATION_STATE: STAFF_SEE,
    Written.APPLICATION_MESSAGE: STAFF_SEE,
    Written.SITUATION_POINTS: STAFF_ALONE,
    Written.RUBRIC: STAFF_ALONE,
    Written.PRIVATE_NOTE: STAFF_ALONE,
    Written.DECIDED_BY: STAFF_ALONE,
    Written.AGREEMENT: PARTNER_SEES,
    Written.AGREEMENT_STATE: ALL_SEE,
    Written.GOAL: PARTNER_SEES,
    Written.GOAL_COUNT: ALL_SEE,
    Written.CONFIDENCE: PARTNER_SEES,
    Written.TASK: PARTNER_SEES,
    Written.MEETING_PLAN: PARTNER_SEES,
    Written.MEETING_REPORT: ALL_SEE,
    Written.MEETING_NOTES: PARTNER_SEES,
    Written.CONTACT_ATTEMPT: ALL_SEE,
    Written.MESSAGE: PARTNER_SEES,
    Written.SHELF: PARTNER_SEES,
    Written.REPORT: STAFF_SEE,
    Written.CASE: STAFF_SEE,
    Written.SAFETY: STAFF_SEE,
    Written.CONCERN: ALL_SEE,
    Written.URGENT: STAFF_SEE,
    Written.PAUSE: ALL_SEE,
    Written.LAST_WORDS: PARTNER_SEES,
    Written.CASE_ANSWER: STAFF_SEE,
    Written.CASE_RECORD: STAFF_ALONE,
    Written.TALK: ALL_SEE,
    Written.REFLECTION: STAFF_SEE,
    Written.REFLECTION_SHARED: ALL_SEE,
    Written.READING: STAFF_SEE,
    Written.AWAY_UNTIL: ALL_SEE,
    Written.AWAY_REASON: STAFF_SEE,
    Written.TASK_NOTE: STAFF_ALONE,
    Written.SOLO_WORK: STAFF_SEE,
    Written.REMATCH_ANSWER: STAFF_SEE,
    Written.HOURS: STAFF_SEE,
    Written.PEER_CASE: STAFF_SEE,
    Written.EXCUSE: STAFF_SEE,
    Written.EXCUSE_ANSWER: STAFF_SEE,
    Written.POINTS_REASON: STAFF_SEE,
}


def seen_by(what: Written) -> frozenset[Audience]:
    """Return who sees it; nobody else does."""
    return _SEEN_BY[what]
