"""What the board shows: a scenario's pairs and left-over people, page by page; who they are; what staff decided."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, String, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from lti_tool.mentoring.scenarios import Fit, Link
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import RUNNING, Pair, Unmatched
from lti_tool.store.people import Member, Person
from lti_tool.store.programme import AuditEntry

PAIRS = 20  # on one page of the board
PEOPLE = 50  # on one page of a list of people
LEFT = 30  # people without a partner on one page, each with the reason
DECISIONS = 50

PairRow = tuple[Pair, Person, Person]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What of a board somebody wants to see; empty: everything."""

    quality: str = ""  # a strength, or `flagged`
    section: str = ""  # the LMS's own id
    words: str = ""  # of a name


def pair_page(
    scenario_id: int | None, programme_id: int, course_id: int, *, chosen: Filter, page: int
) -> tuple[list[PairRow], int]:
    """One page of a scenario's pairs with mentor and mentee, weakest first, and how many there are; without a scenario
    the pairs that are at work."""
    mentor, mentee = aliased(Enrolment), aliased(Enrolment)
    mentor_person, mentee_person = aliased(Person), aliased(Person)
    of = Pair.scenario_id == scenario_id if scenario_id else _is_at_work(programme_id)
    query = (
        select(Pair, mentor_person, mentee_person)
        .join(mentor, mentor.id == Pair.mentor_id)
        .join(mentee, mentee.id == Pair.mentee_id)
        .join(mentor_person, mentor_person.id == mentor.person_id)
        .join(mentee_person, mentee_person.id == mentee.person_id)
        .where(of)
    )
    people = (mentor_person, mentee_person)
    if chosen.quality:
        query = query.where(Pair.is_flagged if chosen.quality == "flagged" else Pair.strength == chosen.quality)
    if chosen.section:
        query = query.where(or_(*(one.id.in_(_of_section(course_id, chosen.section)) for one in people)))
    for word in chosen.words.split():
        query = query.where(or_(*(_names(column, word) for one in people for column in _columns(one))))
    is_plain = chosen == Filter()
    total = _count(select(Pair.id).where(of) if is_plain else query)
    ordered = query.order_by(Pair.score_ppm, Pair.id)
    return list(db.session.execute(ordered.limit(PAIRS).offset(PAIRS * (page - 1)))), total


def fits_of(pairs: Iterable[Pair]) -> dict[Link, Fit]:
    """Every two who work together in these pairs, mentee first, with how well they fit; a third joins one of both."""
    found = {}
    for pair in pairs:
        found[pair.mentee_id, pair.mentor_id] = Fit(
            partner=pair.mentor_id, strength=pair.strength, score_ppm=pair.score_ppm
        )
        for one in pair.others:
            mentee, mentor = (pair.mentee_id, one["enrolment_id"])
            if one["role"] != "mentor":
                mentee, mentor = one["enrolment_id"], pair.mentor_id
            found[mentee, mentor] = Fit(partner=mentor, strength=one["strength"], score_ppm=one["score_ppm"])
    return found


def left_page(
    scenario_id: int, *, side: str = "", words: str = "", page: int = 1, size: int = LEFT
) -> tuple[list[tuple[Unmatched, Enrolment, Person]], int]:
    """One page of the people a scenario leaves without a partner, mentees first, and how many there are."""
    query = (
        select(Unmatched, Enrolment, Person)
        .join(Enrolment, Enrolment.id == Unmatched.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Unmatched.scenario_id == scenario_id)
    )
    if side:
        query = query.where(Unmatched.side == side)
    query = _named(query, words)
    ordered = query.order_by(Unmatched.side, Unmatched.id)
    return list(db.session.execute(ordered.limit(size).offset(size * (page - 1)))), _count(query)


def side_page(scenario_id: int, side: str, *, words: str, page: int) -> tuple[list[tuple[Enrolment, Person, int]], int]:
    """One page of everybody on a side of a scenario, by name, with how many partners they have in it."""
    own = Pair.mentor_id if side == "mentor" else Pair.mentee_id
    load = (
        select(own.label("enrolment_id"), func.count().label("pairs"))
        .where(Pair.scenario_id == scenario_id)
        .group_by(own)
        .subquery()
    )
    left = select(Unmatched.enrolment_id).filter_by(scenario_id=scenario_id, side=side)
    query = (
        select(Enrolment, Person, func.coalesce(load.c.pairs, 0))
        .join(Person, Person.id == Enrolment.person_id)
        .outerjoin(load, load.c.enrolment_id == Enrolment.id)
        .where(or_(load.c.pairs.is_not(None), Enrolment.id.in_(left)))
    )
    query = _named(query, words)
    ordered = query.order_by(func.lower(Person.name), Person.id)
    return list(db.session.execute(ordered.limit(PEOPLE).offset(PEOPLE * (page - 1)))), _count(query)


def left_counts(scenario_id: int) -> dict[str, int]:
    """How many people a scenario leaves without a partner, by side."""
    query = select(Unmatched.side, func.count()).filter_by(scenario_id=scenario_id).group_by(Unmatched.side)
    return dict(db.session.execute(query).all())


def strength_counts(scenario_id: int) -> dict[str, int]:
    """How many pairs of a scenario each word describes; `flagged` among them."""
    found = dict(
        db.session.execute(
            select(Pair.strength, func.count()).filter_by(scenario_id=scenario_id).group_by(Pair.strength)
        ).all()
    )
    flagged = select(Pair.id).where(Pair.scenario_id == scenario_id, Pair.is_flagged)
    return found | {"flagged": _count(flagged)}


def loads(scenario_id: int) -> dict[int, int]:
    """How many mentees each mentor of a scenario has."""
    query = select(Pair.mentor_id, func.count()).filter_by(scenario_id=scenario_id).group_by(Pair.mentor_id)
    return dict(db.session.execute(query).all())


def sections_of(course_id: int) -> list[str]:
    """The sections that members of the course are in, by the LMS's own ids."""
    text = cast(Member.section_ids, String)
    query = select(text).where(Member.course_id == course_id, Member.is_active, text != "[]").distinct()
    return sorted({str(one) for row in db.session.scalars(query) for one in json.loads(row)})


def groups_of(programme_id: int, course_id: int) -> dict[str, frozenset[int]]:
    """The enrolments of each section of the course, by the LMS's own ids."""
    query = (
        select(Enrolment.id, Member.section_ids)
        .join(Member, (Member.person_id == Enrolment.person_id) & (Member.course_id == course_id))
        .where(Enrolment.programme_id == programme_id)
    )
    found: dict[str, set[int]] = {}
    for enrolment_id, sections in db.session.execute(query):
        for section in sections:
            found.setdefault(str(section), set()).add(enrolment_id)
    return {section: frozenset(people) for section, people in found.items()}


def people_named(programme_id: int, enrolment_ids: Iterable[int]) -> dict[int, Person]:
    """Who these enrolments of the programme are."""
    query = select(Enrolment.id, Person).join(Person, Person.id == Enrolment.person_id)
    of_these = Enrolment.id.in_(set(enrolment_ids)), Enrolment.programme_id == programme_id
    return dict(db.session.execute(query.where(*of_these)).all())


def decisions(programme_id: int, *, page: int) -> tuple[list[tuple[AuditEntry, Person | None]], int]:
    """One page of what was decided about a programme's pairs, newest first, with who did, and how many there are."""
    query = (
        select(AuditEntry, Person)
        .outerjoin(Person, Person.id == AuditEntry.person_id)
        .where(AuditEntry.programme_id == programme_id, AuditEntry.what.like("matching.%"))
    )
    newest = query.order_by(AuditEntry.id.desc()).limit(DECISIONS).offset(DECISIONS * (page - 1))
    return list(db.session.execute(newest)), _count(query)


def decided_since(programme_id: int, scenario_id: int, version: int) -> list[tuple[AuditEntry, Person | None]]:
    """What was decided about a scenario after it had this version, oldest first."""
    newest, _total = decisions(programme_id, page=1)
    return [
        (entry, person)
        for entry, person in reversed(newest)
        if entry.after.get("scenario_id") == scenario_id and entry.after.get("version", 0) > version
    ]


def _is_at_work(programme_id: int) -> Any:
    return (Pair.programme_id == programme_id) & Pair.state.in_(RUNNING)


def _of_section(course_id: int, section: str) -> Select[int]:
    """The people of a section: its id stands in quotation marks in the stored list."""
    text = cast(Member.section_ids, String)
    return select(Member.person_id).where(
        Member.course_id == course_id, text.contains(json.dumps(section), autoescape=True)
    )


def _named(query: Any, words: str) -> Any:
    for word in words.split():
        query = query.where(or_(*(_names(column, word) for column in _columns(Person))))
    return query


def _columns(person: Any) -> tuple[InstrumentedAttribute[str], ...]:
    return person.name, person.given_name, person.family_name


def _names(column: InstrumentedAttribute[str], word: str) -> Any:
    return column.icontains(word, autoescape=True)


def _count(query: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
