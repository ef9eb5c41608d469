"""From rows to what the matching reads: who still needs a partner, and what is asked for them."""

from collections import Counter
from zoneinfo import ZoneInfo

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.matching.facts import Candidate, Plan
from lti_tool.mentoring.questionnaire import questionnaire_from_json
from lti_tool.store.enrolment import joined, wishes_of
from lti_tool.store.matching import active_pairs
from lti_tool.store.programme import Programme


def candidates_of(programme: Programme) -> list[Candidate]:
    """Everybody who still needs a partner: pairs that run are left alone."""
    running = active_pairs(programme.id)
    load = Counter(pair.mentor_id for pair in running)
    has_mentor = {pair.mentee_id for pair in running}
    wishes = wishes_of(programme.id)
    found = []
    for enrolment, person in joined(programme.id, programme.course_id):
        if enrolment.id in has_mentor or person.is_test_user:
            continue
        capacity = min(enrolment.capacity, programme.mentor_capacity_limit) - load[enrolment.id]
        role = EnrolmentRole(enrolment.role)
        if load[enrolment.id]:
            role = EnrolmentRole.MENTOR  # who mentors already stays a mentor
        if role is EnrolmentRole.MENTOR and capacity <= 0:
            continue
        found.append(
            Candidate(
                id=enrolment.id,
                role=role,
                capacity=max(capacity, 1),
                answers=enrolment.answers,
                time_zone=_zone(enrolment.time_zone, programme.time_zone),
                please_not=frozenset(wishes.get(enrolment.id, ())),
            )
        )
    return found


def plan_of(programme: Programme) -> Plan:
    """What the programme asks of its pairs."""
    return Plan(
        questionnaire=questionnaire_from_json(programme.questionnaire),
        week_of=programme.starts_on,
        seed=programme.id,
    )


def _zone(own: str, otherwise: str) -> str:
    return ZoneInfo(own).key if own else otherwise
