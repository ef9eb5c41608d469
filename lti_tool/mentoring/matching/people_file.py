"""Candidates and a plan given as JSON, as `docs/matching-format.md` describes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.matching.facts import Candidate, Plan, Soft
from lti_tool.mentoring.matching.given import (
    InputWrong,
    a_list,
    a_text,
    a_whole_number,
    an_object,
    each,
    only_keys,
    shown,
)
from lti_tool.mentoring.matching.matrix import read_objective
from lti_tool.mentoring.questionnaire import Question, QuestionKind, Questionnaire, questionnaire_from_json
from lti_tool.mentoring.questions import default_questionnaire
from lti_tool.mentoring.zones import zone_named

Name = int | str

_PERSON = tuple(field.name for field in fields(Candidate))
_PLAN = (*(field.name for field in fields(Plan)), "weights", "forbidden")
_SOFT = tuple(field.name for field in fields(Soft))
_PEOPLE = ("please_not", "would_like", "past_partners")
_ROLES = (EnrolmentRole.MENTOR, EnrolmentRole.MENTEE, EnrolmentRole.EITHER)
# A Monday in winter, so that the same file means the same in any month.
_WEEK = date(2026, 1, 5)
_LARGEST_ID = (1 << 63) - 1
_HEAVIEST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFile:
    """What the file asks; `names` are the people as the file names them, by the ids they have here."""

    candidates: tuple[Candidate, ...]
    plan: Plan
    names: Mapping[int, Name]


def read_people(given: Mapping[str, Any]) -> PeopleFile:
    """Return what a JSON object asks.

    Raises: InputWrong.
    """
    only_keys(given, ("candidates", "plan"), "")
    people = each(a_list(given["candidates"], "candidates"), "candidates", an_object)
    ids = _ids(people)
    plan = _plan(an_object(given.get("plan", {}), "plan"), ids)
    candidates = [_candidate(person, f"candidates[{number}]", ids, plan) for number, person in enumerate(people)]
    return PeopleFile(candidates=tuple(candidates), plan=plan, names={id_: name for name, id_ in ids.items()})


def _ids(people: Sequence[Mapping[str, Any]]) -> dict[Name, int]:
    """Return an id for each name: a number is its own id, texts are numbered in alphabetical order."""
    names: list[Name] = []
    seen: set[Name] = set()
    for number, person in enumerate(people):
        place = f"candidates[{number}].id"
        name = person.get("id")
        if isinstance(name, bool) or not isinstance(name, (int, str)):
            raise InputWrong(place, f"a whole number or a text is expected, not {shown(name)}")
        if names and type(name) is not type(names[0]):
            raise InputWrong(place, "either all ids are numbers or all are texts")
        if isinstance(name, int):
            a_whole_number(name, place, -_LARGEST_ID, _LARGEST_ID)
        if name in seen:
            raise InputWrong(place, f"{shown(name)} is there twice")
        seen.add(name)
        names.append(name)
    if names and isinstance(names[0], str):
        return {name: number for number, name in enumerate(sorted(map(str, names)), start=1)}
    return {name: int(name) for name in names}


def _candidate(person: Mapping[str, Any], place: str, ids: Mapping[Name, int], plan: Plan) -> Candidate:
    only_keys(person, _PERSON, place)
    role = person.get("role")
    if role not in _ROLES:
        raise InputWrong(f"{place}.role", f"mentor, mentee or either is expected, not {shown(role)}")
    zone = a_text(person.get("time_zone", "UTC"), f"{place}.time_zone")
    if zone_named(zone) is None:
        raise InputWrong(f"{place}.time_zone", f"no time zone: {shown(zone)}")
    numbers: dict[str, Any] = {
        key: a_whole_number(person.get(key, default), f"{place}.{key}", 0)
        for key, default in (("capacity", 1), ("mentors_wanted", 1), ("minimum_load", 0))
    }
    flags: dict[str, Any] = {
        key: _flag(person.get(key, default), f"{place}.{key}")
        for key, default in (("is_trained", True), ("is_new", False))
    }
    people: dict[str, Any] = {key: frozenset(_named(person.get(key, []), f"{place}.{key}", ids)) for key in _PEOPLE}
    groups = each(a_list(person.get("groups", []), f"{place}.groups"), f"{place}.groups", a_text)
    return Candidate(
        id=ids[person["id"]],
        role=EnrolmentRole(role),
        answers=_answers(an_object(person.get("answers", {}), f"{place}.answers"), f"{place}.answers", plan),
        time_zone=zone,
        sections=frozenset({a_text(person.get("section", ""), f"{place}.section")} - {""}),
        groups=frozenset(groups),
        **numbers,
        **flags,
        **people,
    )


def _flag(value: Any, place: str) -> bool:
    if not isinstance(value, bool):
        raise InputWrong(place, f"true or false is expected, not {shown(value)}")
    return value


def _named(value: Any, place: str, ids: Mapping[Name, int]) -> list[int]:
    """Return the people a list names; those who do not take part are left out."""

    def name(one: Any, at: str) -> int | None:
        if isinstance(one, bool) or not isinstance(one, (int, str)):
            raise InputWrong(at, f"an id is expected, not {shown(one)}")
        return ids.get(one)

    return [id_ for id_ in each(a_list(value, place), place, name) if id_ is not None]


def _answers(given: Mapping[str, Any], place: str, plan: Plan) -> dict[str, Any]:
    questions = {question.key: question for question in plan.questionnaire.questions}
    answers = {}
    for key, value in given.items():
        if key not in questions:
            raise InputWrong(f"{place}.{key}", "the questionnaire has no such question")
        answers[key] = _answer(questions[key], value, f"{place}.{key}")
    return {key: value for key, value in answers.items() if value is not None}


def _answer(question: Question, value: Any, place: str) -> Any:
    """Return an answer of the kind its question takes; null is none."""
    if value is None:
        return None
    if question.kind is QuestionKind.WHOLE_NUMBER:
        return a_whole_number(value, place)
    if question.kind is QuestionKind.TEXT:
        return a_text(value, place)
    known = {option.key for option in question.options}
    chosen = [value] if isinstance(value, str) else each(a_list(value, place), place, a_text)
    for number, option in enumerate(chosen):
        if option not in known:
            at = place if isinstance(value, str) else f"{place}[{number}]"
            raise InputWrong(at, f"no option of this question: {shown(option)}")
    return value


def _plan(given: Mapping[str, Any], ids: Mapping[Name, int]) -> Plan:
    only_keys(given, _PLAN, "plan")
    whole: dict[str, Any] = {
        key: a_whole_number(given[key], f"plan.{key}", least)
        for key, least in (("minimum_overlap_minutes", 0), ("minimum_score_ppm", 0), ("seed", None))
        if key in given
    }
    flags: dict[str, Any] = {
        key: _flag(given[key], f"plan.{key}")
        for key in ("same_section", "same_group", "new_partners_only", "needs_training", "mentor_not_below")
        if key in given
    }
    soft = an_object(given.get("soft", {}), "plan.soft")
    only_keys(soft, _SOFT, "plan.soft")
    pairs = {key: _pairs(given.get(key, []), f"plan.{key}", ids) for key in ("conflicts", "forbidden", "locked")}
    return Plan(
        questionnaire=_weighted(_questionnaire(given.get("questionnaire")), given.get("weights", {})),
        week_of=_week(given.get("week_of")),
        objective=read_objective(given.get("objective"), "plan.objective") or "fair",
        soft=Soft(**{key: a_whole_number(value, f"plan.soft.{key}") for key, value in soft.items()}),
        **whole,
        **flags,
        conflicts=frozenset(pairs["conflicts"] + pairs["forbidden"]),
        locked=frozenset(pairs["locked"]),
    )


def _pairs(value: Any, place: str, ids: Mapping[Name, int]) -> list[tuple[int, int]]:
    def pair(both: Any, at: str) -> tuple[int, int]:
        names = a_list(both, at, 2, "ids")
        for number, name in enumerate(names):
            if isinstance(name, (list, dict)) or name not in ids:
                raise InputWrong(f"{at}[{number}]", f"nobody here: {shown(name)}")
        return ids[names[0]], ids[names[1]]

    return each(a_list(value, place), place, pair)


def _weighted(questionnaire: Questionnaire, weights: Any) -> Questionnaire:
    """Return the questionnaire with other weights."""
    changed = an_object(weights, "plan.weights")
    only_keys(changed, [question.key for question in questionnaire.questions], "plan.weights")
    read = {key: a_whole_number(value, f"plan.weights.{key}", 0, _HEAVIEST) for key, value in changed.items()}
    questions = [replace(one, weight=read.get(one.key, one.weight)) for one in questionnaire.questions]
    return Questionnaire(questions=tuple(questions))


def _week(value: Any) -> date:
    if value is None:
        return _WEEK
    try:
        return date.fromisoformat(a_text(value, "plan.week_of"))
    except ValueError:
        raise InputWrong("plan.week_of", f"a date such as 2026-10-05 is expected, not {shown(value)}") from None


def _questionnaire(value: Any) -> Questionnaire:
    if value is None:
        return default_questionnaire()
    try:
        return questionnaire_from_json(an_object(value, "plan.questionnaire"))
    except (KeyError, TypeError, AttributeError, ValueError) as fault:
        if isinstance(fault, InputWrong):
            raise
        raise InputWrong("plan.questionnaire", f"no questionnaire: {fault}") from None
