"""Ledgers from the database: everybody's at half-term, their release, what another scheme would do to them, and an
excuse of everybody.

Each is measured beside the counting of the same ledgers from values that are there already.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Flask
from sqlalchemy import select

from lti_tool.actions.excuses_for_many import give_to_many, look_ahead, undo_many
from lti_tool.actions.participation import ledgers_of
from lti_tool.actions.release_for_many import go_on, release_people
from lti_tool.mentoring.evidence import ExcuseReason
from lti_tool.mentoring.excuses import Bulk, Given, Whom
from lti_tool.mentoring.participation import ledger
from lti_tool.mentoring.scheme_form import scheme_form_of
from lti_tool.mentoring.scheme_presets import scheme_for
from lti_tool.store import outbox
from lti_tool.store.db import db
from lti_tool.store.evidence import evidence_of
from lti_tool.store.long_releases import KIND
from lti_tool.store.people import Person
from lti_tool.store.programme import Programme, settings_of
from tests import make
from tests.bench.figures import Figure
from tests.bench.place import NAMES_IN_WORDS, Place
from tests.bench.staff_page import staff
from tests.bench.term import HALF_WAY, half_term
from tests.databases import NAMES

ROUNDS = 3
LEASE_SECONDS = 600
BULK = Bulk(given=Given(key="check_in", reason=ExcuseReason.TOOL), whom=Whom.EVERYBODY)
LARGEST_PAGE = 50 * 1024


def measure(here: Place) -> list[Figure]:
    """The figures about ledgers as they are kept, on both databases."""
    return [one for database in NAMES for one in _database(here, database, here.size(2000, 60))]


def _database(here: Place, database: str, people: int) -> list[Figure]:
    with here.databases.fresh(database) as url, here.installation(url) as app:
        at = half_term(people)
        app.config["WTF_CSRF_ENABLED"] = False
        app.extensions["edge"] = _at_half_term(app.extensions["edge"])
        programme = db.session.get_one(Programme, at.programme_id)
        scheme = scheme_for(settings_of(programme))
        evidence = evidence_of(programme)
        client, address = staff(app, at)
        at_work = db.session.scalars(select(Person.id).filter_by(name="Alice Ashford")).one()
        form = scheme_form_of(scheme) | {"check_in.mentor": ["0"], "check_in.mentee": ["0"]}

        def counted() -> object:
            return [ledger(one, scheme, HALF_WAY) for one in evidence.values()]

        def read() -> object:
            return ledgers_of(programme, now=HALF_WAY)

        def shown() -> object:
            return _page(client.post(f"{address}what-earns-points/", data=form))

        def released() -> object:
            return _release(app, at, by=at_work)

        def looked_at() -> str:
            return look_ahead(programme, BULK, by=at_work, now=HALF_WAY).mark

        def excused_and_taken_back() -> object:
            number = give_to_many(at.programme_id, BULK, mark=looked_at(), by=at_work, now=HALF_WAY)
            return undo_many(at.programme_id, number, by=at_work, now=HALF_WAY)

        where = f"{people:,} people, {NAMES_IN_WORDS[database]}"
        return [
            _figure(f"ledgers from the database, {where}", read, counted, ROUNDS),
            _figure(f"page of another scheme's effect, {where}", shown, counted, ROUNDS),
            _figure(f"page before an excuse of everybody, {where}", looked_at, counted, ROUNDS),
            _figure(f"the same shown, given and taken back, {where}", excused_and_taken_back, counted, 1),
            _figure(f"first release, {where}", released, counted, 1),
            _figure(f"release of what did not change, {where}", released, counted, ROUNDS),
        ]


def _release(app: Flask, at: make.Setting, *, by: int) -> None:
    """Staff release everybody's points, and the worker does so where they are many."""
    if release_people(at.programme_id, make.everybody(at), by=by, now=HALF_WAY) is None:
        row = outbox.claim(now=HALF_WAY, lease_seconds=LEASE_SECONDS)
        if row is None or row.kind != KIND:
            raise RuntimeError("the release was not asked for")
        go_on(row, edge=app.extensions["edge"], still_ours=lambda **_said: True)
        outbox.finish(row, now=HALF_WAY)


def _at_half_term(edge: Any) -> Any:
    return replace(edge, clock=lambda: HALF_WAY)


def _page(answer: Any) -> None:
    if answer.status_code != 200 or len(answer.data) > LARGEST_PAGE:
        raise RuntimeError(f"HTTP {answer.status_code}, {len(answer.data)} bytes")


def _figure(what: str, ours: Callable[[], object], theirs: Callable[[], object], rounds: int) -> Figure:
    return Figure(
        section="ledgers",
        what=what,
        unit="s",
        peer="the same counted from values",
        rounds=tuple((_seconds(ours), _seconds(theirs)) for _round in range(rounds)),
    )


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
