"""The roster of a very large course: what a worker does with it, beside a bare download and a bare bulk upsert.

Both sides read the same pages from the same LMS in turn and end with the same rows in the same tables; the bare side
does no more than that, with `requests`, and with `executemany` on SQLite, COPY and INSERT … SELECT on PostgreSQL.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import func, select

from lti_tool.actions.roster import ask_for_roster
from lti_tool.jobs.handlers import work_off
from lti_tool.store.db import db, transaction
from lti_tool.store.people import Course, Member
from tests import make
from tests.bench.bare_roster import download, upsert
from tests.bench.figures import Bar, Figure
from tests.bench.lms import PAGE_SIZES
from tests.bench.place import NAMES_IN_WORDS, Place
from tests.bench.programs import stand_in_lms

SECTION = "Roster"


def measure(place: Place) -> list[Figure]:
    """All figures about the roster."""
    members, rounds = place.size(50_000, 5_000), place.size(3, 1)
    figures = []
    with stand_in_lms(place.folder, members=members) as lms:
        for database in NAMES_IN_WORDS:
            for size in PAGE_SIZES:
                taken = [_round(place, lms, database, size, members) for _ in range(rounds)]
                figures += _figures(database, size, members, taken)
    return figures


def _figures(database: str, size: int, members: int, taken: list[dict[str, tuple[float, float]]]) -> list[Figure]:
    return [
        Figure(
            section=SECTION,
            what=f"{members:,} {what}, {NAMES_IN_WORDS[database]}, pages of {size:,}",
            unit="s",
            peer="download + bulk upsert",
            rounds=tuple(one[what] for one in taken),
            bar=Bar(name="L5", value=2.5),
        )
        for what in taken[0]
    ]


def _round(place: Place, lms: str, database: str, size: int, members: int) -> dict[str, tuple[float, float]]:
    """Seconds of ours and of the bare side, for a course nobody knew and again for the same, unchanged."""
    with place.databases.fresh(database) as our_url, place.databases.fresh(database) as bare_url:
        with place.installation(bare_url):
            bare_course = _course(lms, size)
            bare = _bare(bare_url, f"{lms}/memberships/{size}", bare_course)
        with place.installation(our_url) as app:
            course_id = _course(lms, size).course_id

            def ours() -> float:
                return _sync(app, course_id, members)

            return {"new": (ours(), bare()), "unchanged": (ours(), bare())}


def _course(lms: str, size: int) -> make.Setting:
    return make.setting(issuer=lms, context_id=str(size))


def _sync(app: Flask, course_id: int, members: int) -> float:
    """Let a worker read the roster; the seconds it took."""
    with transaction() as session:
        ask_for_roster(session.get_one(Course, course_id), only_if_stale=False, now=datetime.now(UTC))
    began = time.perf_counter()
    work_off(app)
    seconds = time.perf_counter() - began
    db.session.remove()
    course = db.session.get_one(Course, course_id)
    kept = db.session.scalar(select(func.count()).select_from(Member).filter_by(course_id=course_id, is_active=True))
    if (course.roster_state, kept) != ("done", members):
        raise RuntimeError(f"the roster is {course.roster_state} with {kept} members: {course.roster_problem}")
    db.session.rollback()
    return seconds


def _bare(database_url: str, url: str, course: make.Setting) -> Callable[[], float]:
    def work() -> float:
        began = time.perf_counter()
        upsert(database_url, course.registration_id, course.course_id, download(url))
        return time.perf_counter() - began

    return work
