"""The pairs of a very large course by health: the page, beside one bare query of the rows that it shows; and the sweep.

The bar is the project's own: at most 200 ms of server time more than the bare query, whatever the machine.
"""

import time
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, text

from lti_tool.actions.sweep import look_after_pairs
from lti_tool.store.db import transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import Pair, Proposal
from lti_tool.store.pairs import PairMember
from lti_tool.store.people import Member, Person
from lti_tool.store.standing import PAGE, PairSign
from tests import make
from tests.bench.figures import Bar, Figure
from tests.bench.place import NAMES_IN_WORDS, Place
from tests.bench.staff_page import page_and_query, staff, student
from tests.conftest import NOON
from tests.databases import NAMES

SECTION = "Pairs"
MOST_MS = 200
LATER = NOON + timedelta(days=23)
ROWS = text(
    "select pair.id, pair.state, pair_standing.health, pair_standing.urgency from pair"
    " join pair_standing on pair_standing.pair_id = pair.id where pair.programme_id = :programme"
    " order by pair_standing.urgency desc, pair.id limit :page"
)


def measure(place: Place) -> list[Figure]:
    """The figures about the list of pairs, on both databases."""
    pairs = place.size(5000, 200)
    return [figure for database in NAMES for figure in _database(place, database, pairs)]


def _database(place: Place, database: str, pairs: int) -> list[Figure]:
    with place.databases.fresh(database) as url, place.installation(url) as app:
        at = _course(pairs)
        sweeps = tuple(_sweep() for _ in range(2))
        client, address = staff(app, at)
        values = {"programme": at.programme_id, "page": PAGE}
        pages = {
            what: [
                page_and_query(client, f"{address}pairs/{query}", ROWS, values) for _ in range(place.size(9, 3) + 1)
            ][1:]
            for what, query in (
                ("first page", ""),
                ("search by name", "?q=Student+12"),
                ("last page", f"?page={pairs // PAGE}"),
            )
        }
    where = f"{pairs:,} pairs, {NAMES_IN_WORDS[database]}"
    found = [
        Figure(
            section=SECTION,
            what=f"{what} beyond the query, {where}",
            unit="ms",
            peer="what is allowed",
            rounds=tuple((max(ours - theirs, 0.01), float(MOST_MS)) for ours, theirs in rounds),
            bar=Bar(name="P1", value=1),
        )
        for what, rounds in pages.items()
    ]
    sweep = Figure(section=SECTION, what=f"sweep, {where}", unit="s", peer="the same again", rounds=(sweeps,))
    return [*found, sweep]


def _sweep() -> float:
    began = time.perf_counter()
    look_after_pairs(now=LATER)
    return time.perf_counter() - began


def _course(pairs: int) -> make.Setting:
    """A course of pairs that have been together for up to three weeks; of every second, one has checked in."""
    at = make.setting(phase="running", published_at=NOON)
    teacher = make.person(at, "Quentin Quicklime", role="instructor")
    with transaction() as session:
        session.execute(insert(Person), [student(at, number) for number in range(2 * pairs)])
        people = list(session.scalars(select(Person.id).where(Person.id > teacher).order_by(Person.id)))
        session.execute(
            insert(Member), [{"course_id": at.course_id, "person_id": one, "role": "student"} for one in people]
        )
        session.execute(insert(Enrolment), [_enrolment(at, *one) for one in enumerate(people)])
        ids = list(session.scalars(select(Enrolment.id).order_by(Enrolment.id)))
        proposal = Proposal(programme_id=at.programme_id, state="published", asked_by=teacher, asked_at=NOON)
        session.add(proposal)
        session.flush()
        session.execute(insert(Pair), [_pair(at, proposal.id, number, ids) for number in range(pairs)])
        made = session.execute(select(Pair.id, Pair.mentor_id, Pair.mentee_id).order_by(Pair.id)).all()
        session.execute(insert(PairMember), [one for pair in made for one in _members(*pair)])
        session.execute(insert(PairSign), [_sign(pair, mentee, pair % 23) for pair, _mentor, mentee in made[::2]])
    return at


def _enrolment(at: make.Setting, number: int, person_id: int) -> dict[str, Any]:
    return {
        "programme_id": at.programme_id,
        "person_id": person_id,
        "role": ("mentor", "mentee")[number % 2],
        "state": "joined",
        "time_zone": "Europe/London",
        "changed_at": NOON,
    }


def _pair(at: make.Setting, proposal_id: int, number: int, ids: list[int]) -> dict[str, Any]:
    return {
        "programme_id": at.programme_id,
        "proposal_id": proposal_id,
        "mentor_id": ids[2 * number],
        "mentee_id": ids[2 * number + 1],
        "score_ppm": 800_000,
        "strength": "good",
        "reasons": [],
        "state": "active",
        "published_at": _ago(number % 22),
    }


def _members(pair_id: int, mentor_id: int, mentee_id: int) -> list[dict[str, Any]]:
    both = ((mentor_id, "mentor"), (mentee_id, "mentee"))
    return [{"pair_id": pair_id, "enrolment_id": one, "role": role, "opened_at": NOON} for one, role in both]


def _sign(pair_id: int, enrolment_id: int, days: int) -> dict[str, Any]:
    return {
        "pair_id": pair_id,
        "enrolment_id": enrolment_id,
        "kind": "check_in",
        "at": _ago(days),
        "level": 1 + days % 5,
    }


def _ago(days: int) -> datetime:
    return LATER - timedelta(days=days)
