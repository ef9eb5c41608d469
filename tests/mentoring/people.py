"""Builders of values for these tests: everything has a sensible default, a test names only what it is about."""

import random
from datetime import UTC, date, datetime
from typing import Any

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.matching.facts import Candidate, Plan
from lti_tool.mentoring.programme import Cadence, ProgrammeSettings
from lti_tool.mentoring.questionnaire import HAPPY_TO, STRONG, Question, QuestionKind
from lti_tool.mentoring.questions import default_questionnaire
from lti_tool.mentoring.roster import Fetched, Known, MemberRole

QUESTIONNAIRE = default_questionnaire()
WEEK = date(2026, 10, 5)
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"]


def settings(**changes: Any) -> ProgrammeSettings:
    values: dict[str, Any] = {
        "title": "Peer mentoring",
        "mentor_word": "Mentor",
        "mentee_word": "Mentee",
        "cadence": Cadence.FORTNIGHTLY,
        "check_in_count": 6,
        "points": 100,
        "starts_on": date(2026, 10, 5),
        "time_zone": "UTC",
        "mentor_capacity_limit": 3,
    }
    return ProgrammeSettings(**{**values, **changes})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def fetched(subject: str, **changes: Any) -> Fetched:
    return Fetched(**{"subject": subject, "role": MemberRole.STUDENT, "is_active": True, **changes})


def known(subject: str, **changes: Any) -> Known:
    return Known(**{"subject": subject, "role": MemberRole.STUDENT, "is_active": True, **changes})


def plan(**changes: Any) -> Plan:
    return Plan(**{"questionnaire": QUESTIONNAIRE, "week_of": WEEK, **changes})


def mentor(id_: int, **changes: Any) -> Candidate:
    return _candidate(id_, EnrolmentRole.MENTOR, **changes)


def mentee(id_: int, **changes: Any) -> Candidate:
    return _candidate(id_, EnrolmentRole.MENTEE, **changes)


def either(id_: int, **changes: Any) -> Candidate:
    return _candidate(id_, EnrolmentRole.EITHER, **changes)


def _candidate(id_: int, role: EnrolmentRole, **changes: Any) -> Candidate:
    answers = {
        "help_wanted": ["writing", "exams", "planning"],
        "help_offered": ["exams", "writing"],
        "availability": ["mon-08", "mon-10", "tue-08"],
        "languages": ["en"],
    }
    values: dict[str, Any] = {"id": id_, "role": role, "capacity": 1, "answers": answers, "time_zone": "UTC"}
    if "answers" in changes:
        changes["answers"] = {key: answer for key, answer in {**answers, **changes["answers"]}.items() if answer}
    return Candidate(**{**values, **changes})


def crowd(size: int, seed: int) -> list[Candidate]:
    """Return people with varied answers, some of whom cannot meet; equal sizes and seeds give equal people."""
    chance = random.Random(seed)  # noqa: S311 - invents people, guards nothing
    roles = [EnrolmentRole.MENTOR, EnrolmentRole.MENTEE, EnrolmentRole.MENTEE, EnrolmentRole.EITHER]
    return [_somebody(id_, chance.choice(roles), size, chance) for id_ in range(1, size + 1)]


def _somebody(id_: int, role: EnrolmentRole, size: int, chance: random.Random) -> Candidate:
    answers = {question.key: _answer(question, chance) for question in QUESTIONNAIRE.for_role(role)}
    return Candidate(
        id=id_,
        role=role,
        capacity=int(answers.get("mentee_limit", 0)),
        answers={
            **answers,
            "languages": chance.choice([["en"], ["en"], ["en", "es"], ["es"]]),
            "languages_needed": ["es"] if chance.random() < 0.05 else [],
        },
        time_zone=chance.choice(ZONES),
        please_not=frozenset({chance.randint(1, size)} - {id_}) if chance.random() < 0.2 else frozenset(),
    )


def _answer(question: Question, chance: random.Random) -> Any:
    keys = [option.key for option in question.options]
    if question.kind is QuestionKind.WHOLE_NUMBER:
        return chance.randint(1, question.maximum)
    if question.kind is QuestionKind.TEXT:
        return "Call me Dana"
    if question.kind in {QuestionKind.SINGLE, QuestionKind.LIKERT, QuestionKind.TICK}:
        return chance.choice(keys)
    if question.kind is QuestionKind.RANK:
        return chance.sample(keys, question.maximum)
    many = chance.randint(4, 14) if question.kind is QuestionKind.GRID else chance.randint(1, question.maximum or 3)
    chosen = set(chance.sample(keys, many))
    if question.kind is QuestionKind.OFFER:
        return {key: chance.choice((HAPPY_TO, STRONG)) for key in keys if key in chosen}
    return [key for key in keys if key in chosen]
