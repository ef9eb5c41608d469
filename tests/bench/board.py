"""The board with 1,500 pairs: the time of a whole page beside the time of the queries that it cannot do without.

The queries are the data of the board, as the page asks for them, run by themselves: the scenarios, the page's pairs
with both people and their number, the people left over, the sections to choose from and the pairs at work. What the
page adds is who may see it (visit, person, course, programme, as on every page), the frame, and the pairs in words.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import insert, select

from lti_tool.store.board import PAIRS, Filter, left_page, pair_page, sections_of
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import (
    Pair,
    Proposal,
    Scenario,
    Unmatched,
    count_active_pairs,
    last_proposal,
    main_of,
    scenarios_of,
)
from lti_tool.store.people import Member, Person
from tests import make
from tests.bench.figures import Bar, Figure
from tests.bench.place import NAMES_IN_WORDS, Place

SECTION = "Board"
STRENGTHS = ("strong", "good", "fair", "weak")


def measure(place: Place) -> list[Figure]:
    """All figures about the board."""
    count, rounds = place.size(1500, 150), place.size(15, 3)
    figures = []
    for database, words in NAMES_IN_WORDS.items():
        with place.databases.fresh(database) as url, place.installation(url) as app:
            at, path, cookie = _filled(count)
            for what, query in (
                ("first page", ""),
                ("last page", f"?page={-(-count // PAIRS)}"),
                ("search", "?q=Mentee+7"),
            ):
                page = _page(app, path + query, cookie)
                queries = _queries(at, query, count)
                page(), queries()
                taken = tuple((_seconds(page), _seconds(queries)) for _ in range(rounds))
                figures.append(
                    Figure(
                        section=SECTION,
                        what=f"{what} of {count:,} pairs, {words}",
                        unit="s",
                        peer="its queries",
                        rounds=taken,
                        bar=Bar(name="board", value=2),
                    )
                )
    return figures


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _page(app: Flask, path: str, cookie: tuple[str, str]) -> Callable[[], object]:
    key, secret = cookie
    client = app.test_client()
    client.set_cookie("visit", secret, path=f"/l/{key}/", domain="localhost")

    def page() -> None:
        with app.app_context():
            answer = client.get(path)
        if answer.status_code != 200 or len(answer.data) > 50_000:
            raise RuntimeError(f"{answer.status_code}: {len(answer.data)} bytes")

    return page


def _queries(at: make.Setting, query: str, count: int) -> Callable[[], object]:
    chosen = Filter(words="Mentee 7") if "q=" in query else Filter()
    number = -(-count // PAIRS) if "page=" in query else 1

    def queries() -> None:
        db.session.rollback()
        db.session.expunge_all()
        proposal = last_proposal(at.programme_id)
        scenario = main_of(scenarios_of(proposal.id)) if proposal else None
        if proposal is None or scenario is None:
            raise RuntimeError("there is nothing to look at")
        pair_page(scenario.id, at.programme_id, at.course_id, chosen=chosen, page=number)
        left_page(scenario.id, size=8)
        sections_of(at.course_id)
        count_active_pairs(at.programme_id)

    return queries


def _filled(count: int) -> tuple[make.Setting, str, tuple[str, str]]:
    """A draft with that many pairs, each mentor having two mentees, and some people left over."""
    at = make.setting()
    alice = make.person(at, "Alice Ashford", role="instructor")
    cookie = make.visit(at, alice, role="instructor", until=datetime.now(UTC).replace(year=2099))
    mentors, mentees = _joined(at, "Mentor", count // 2, "mentor"), _joined(at, "Mentee", count + count // 10, "mentee")
    with transaction() as session:
        proposal = Proposal(programme_id=at.programme_id, state="draft", asked_by=alice, asked_at=datetime.now(UTC))
        session.add(proposal)
        session.flush()
        scenario = Scenario(proposal_id=proposal.id, kind="computed", objective="fair", state="ready", asked_by=alice)
        scenario.asked_at, scenario.matched_mentees, scenario.mentee_count = datetime.now(UTC), count, len(mentees)
        session.add(scenario)
        session.flush()
        ids = {"proposal_id": proposal.id, "scenario_id": scenario.id}
        session.execute(
            insert(Pair),
            [_pair(ids | {"programme_id": at.programme_id}, mentors, mentees, number) for number in range(count)],
        )
        reason = {"text": "Every mentor who would fit already has as many mentees as they can take.", "values": {}}
        session.execute(
            insert(Unmatched),
            [ids | {"enrolment_id": one, "side": "mentee", "reason": reason} for one in mentees[count:]],
        )
    return at, f"/l/{cookie[0]}/staff/matching/", cookie


def _pair(ids: dict[str, int], mentors: list[int], mentees: list[int], number: int) -> dict[str, object]:
    reasons = [
        {"text": "Interests you share: %(things)s", "values": {"things": ["Music", "Sport"]}},
        {"text": "Hours each week when you are both free: %(hours)s", "values": {"hours": 3}},
        {"text": "Languages you share: %(things)s", "values": {"things": ["English"]}},
    ]
    return {
        **ids,
        "mentor_id": mentors[number // 2 % len(mentors)],
        "mentee_id": mentees[number],
        "score_ppm": 300_000 + number * 300,
        "strength": STRENGTHS[3 - number * 4 // 1500 % 4],
        "reasons": reasons,
        "state": "proposed",
        "is_flagged": number < 50,
    }


def _joined(at: make.Setting, word: str, count: int, role: str) -> list[int]:
    """That many people who have joined; their enrolments."""
    with transaction() as session:
        people = [
            {"registration_id": at.registration_id, "subject": f"{word}-{number}", "name": f"{word} {number}"}
            for number in range(count)
        ]
        session.execute(insert(Person), people)
        numbers = session.scalars(select(Person.id).where(Person.subject.like(f"{word}-%")).order_by(Person.id)).all()
        member = {"course_id": at.course_id, "role": "student"}
        session.execute(insert(Member), [member | {"person_id": one} for one in numbers])
        enrolment = {
            "programme_id": at.programme_id,
            "role": role,
            "state": "joined",
            "time_zone": "Europe/London",
            "answers": make.fitting_answers(role),
            "changed_at": datetime.now(UTC),
        }
        session.execute(insert(Enrolment), [enrolment | {"person_id": one} for one in numbers])
        return list(
            session.scalars(select(Enrolment.id).where(Enrolment.person_id.in_(numbers)).order_by(Enrolment.id))
        )
