"""Scores to an LMS that takes 50 ms for each: a worker beside the ideal, and beside PyLTI1p3 one by one.

The ideal is the waiting time alone, with as many requests in flight as a Canvas bears. The LMS throttles as
Canvas does; a bucket's ceiling is what it holds and what leaks out of it meanwhile. An LMS that never answers stands
beside another one, which must not notice.
"""

import threading
import time
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from flask import Flask
from pylti1p3.assignments_grades import AssignmentsGradesService
from pylti1p3.grade import Grade
from pylti1p3.registration import Registration
from pylti1p3.service_connector import ServiceConnector
from sqlalchemy import insert, select

from lti_tool.actions.gradebook import IN_FLIGHT, ask_to_send
from lti_tool.jobs.crew import Crew
from lti_tool.jobs.handlers import CREW, work_off
from lti_tool.lti.gradebook import RESULT_SCOPE, SCORE_SCOPE
from lti_tool.store.db import db, transaction
from lti_tool.store.gradebook import Column, Score
from lti_tool.store.people import Course, Member, Person
from lti_tool.store.programme import Programme
from tests import make
from tests.bench.figures import Bar, Figure
from tests.bench.lms import Bucket
from tests.bench.place import NAMES_IN_WORDS, Place
from tests.bench.programs import counts, stand_in_lms
from tests.silence import silent_lms

SECTION = "Scores"
LATENCY_SECONDS = 0.05
DEAR = 1.0  # of the bucket, for a score
AS_GOOD_AS = Bar(name="throughput", value=round(1 / 0.9, 3))
SEQUENTIAL = 100  # scores sent one by one; their number is scaled up


def measure(place: Place) -> list[Figure]:
    """All figures about sending scores."""
    figures = []
    for database, words in NAMES_IN_WORDS.items():
        for count in (place.size(1000, 200), place.size(10_000, 400)):
            with stand_in_lms(place.folder, latency_seconds=LATENCY_SECONDS) as lms:
                ours = _send(place, lms, database, count)
                asked = counts(lms)
                one_by_one = _one_by_one(place, lms) * count
            figures += _figures(f"{count:,} scores, {words}", ours, one_by_one, count)
            figures += _counted(f"{count:,} scores, {words}", asked)
        figures.append(_beside_a_dead_lms(place, database, words))
    return [*figures, *_dear(place)]


def _figures(what: str, ours: float, one_by_one: float, count: int) -> list[Figure]:
    ideal = count * LATENCY_SECONDS / IN_FLIGHT
    return [
        Figure(section=SECTION, what=what, unit="s", peer=peer, rounds=((ours, theirs),), bar=bar)
        for peer, theirs, bar in (
            (f"ideal, {IN_FLIGHT} in flight", ideal, AS_GOOD_AS),
            ("PyLTI1p3 one by one", one_by_one, Bar(name="L6", value=round(1 / 6.5, 4))),
        )
    ]


def _dear(place: Place) -> list[Figure]:
    """Scores that cost so much that the bucket's leak alone says how many a second there can be."""
    count, (database, words) = place.size(1000, 700), next(iter(NAMES_IN_WORDS.items()))
    with stand_in_lms(place.folder, latency_seconds=LATENCY_SECONDS, cost=DEAR) as lms:
        ours = _send(place, lms, database, count)
        refused = counts(lms).get("refused", 0)
    ceiling = (count * DEAR - Bucket.HIGH_WATER) / Bucket.LEAK_PER_SECOND
    return [
        Figure(section=SECTION, what=what, unit=unit, peer=peer, rounds=((one, other),), bar=bar)
        for what, unit, peer, one, other, bar in (
            (f"{count:,} dear scores, {words}", "s", "the bucket's ceiling", ours, ceiling, AS_GOOD_AS),
            ("refused of them", "", "posts", refused, count, Bar(name="throttled", value=0.02)),
        )
    ]


def _beside_a_dead_lms(place: Place, database: str, words: str) -> Figure:
    """One LMS hangs while another takes its scores, in a worker of two threads."""
    count, rounds = place.size(1000, 200), []
    for _round in range(place.size(3, 1)):
        alone, beside = (_beside(place, database, count, hangs=hangs) for hangs in (False, True))
        rounds.append((beside, alone))
    return Figure(
        section=SECTION,
        what=f"{count:,} scores beside an LMS that hangs, {words}",
        unit="s",
        peer="alone",
        rounds=tuple(rounds),
        bar=Bar(name="lanes", value=round(1 / 0.95, 3)),
    )


def _beside(place: Place, database: str, count: int, *, hangs: bool) -> float:
    with (
        stand_in_lms(place.folder, latency_seconds=LATENCY_SECONDS) as lms,
        place.databases.fresh(database) as url,
        place.installation(url) as app,
        silent_lms() as dead,
    ):
        app.extensions[CREW] = Crew(2)
        if not hangs:
            return _work_off(app, _waiting(lms, count), count)
        _waiting(dead.url, 50)
        stuck = threading.Thread(target=work_off, args=(app,))
        stuck.start()
        dead.called.wait()
        seconds = _work_off(app, _waiting(lms, count), count)
        dead.close()
        app.extensions[CREW].stopping.set()
        stuck.join()
        return seconds


def _counted(what: str, asked: dict[str, int]) -> list[Figure]:
    """Refusals by the bucket, and tokens: one for sending, one for reading results back."""
    return [
        Figure(section=SECTION, what=f"{which}, {what}", unit="", peer=peer, rounds=((ours, theirs),), bar=bar)
        for which, ours, peer, theirs, bar in (
            (
                "refused by a Canvas-like LMS",
                asked.get("refused", 0),
                "posts",
                asked["scores"],
                Bar(name="L6", value=0),
            ),
            ("tokens", asked["/token"], "sets of scopes", 2, Bar(name="L6", value=1)),
        )
    ]


def _send(place: Place, lms: str, database: str, count: int) -> float:
    with place.databases.fresh(database) as url, place.installation(url) as app:
        programme_id = _waiting(lms, count)
        return _work_off(app, programme_id, count)


def _work_off(app: Flask, programme_id: int, count: int) -> float:
    began = time.perf_counter()
    work_off(app)
    seconds = time.perf_counter() - began
    db.session.remove()
    states = Counter(db.session.scalars(select(Score.state).filter_by(programme_id=programme_id)))
    if states != {"sent": count}:
        raise RuntimeError(f"not all scores were sent: {dict(states)}")
    return seconds


def _waiting(lms: str, count: int) -> int:
    """A programme with a column and as many scores that the LMS does not have; its id."""
    at, now = make.setting(issuer=lms), datetime.now(UTC)
    with transaction() as session:
        session.get_one(Course, at.course_id).gradebook_scopes = [RESULT_SCOPE, SCORE_SCOPE]
        column = {"state": "ready", "line_item_url": f"{lms}/column", "maximum": 100}
        session.add(Column(programme_id=at.programme_id, **column))
        session.execute(
            insert(Person),
            [{"registration_id": at.registration_id, "subject": f"user-{number}"} for number in range(count)],
        )
        people = session.scalars(select(Person.id).filter_by(registration_id=at.registration_id)).all()
        session.execute(
            insert(Member), [{"course_id": at.course_id, "person_id": one, "role": "student"} for one in people]
        )
        score = {"programme_id": at.programme_id, "points": Decimal("87.5"), "state": "waiting", "changed_at": now}
        session.execute(insert(Score), [score | {"person_id": one} for one in people])
        ask_to_send(session.get_one(Programme, at.programme_id), now=now)
    return at.programme_id


def _one_by_one(place: Place, lms: str) -> float:
    """The seconds PyLTI1p3 takes for one score, with one service for all."""
    service = AssignmentsGradesService(
        ServiceConnector(_registration(place, lms)),
        {"scope": ["https://purl.imsglobal.org/spec/lti-ags/scope/score"], "lineitem": f"{lms}/column"},
    )
    began = time.perf_counter()
    for number in range(SEQUENTIAL):
        grade = Grade().set_score_given(87.5).set_score_maximum(100).set_user_id(f"user-{number}")
        grade.set_timestamp(datetime.now(UTC).isoformat()).set_activity_progress("Completed")
        service.put_grade(grade.set_grading_progress("FullyGraded"))
    return (time.perf_counter() - began) / SEQUENTIAL


def _registration(place: Place, lms: str) -> Registration:
    key = place.issuer.key
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    found = Registration().set_issuer(lms).set_client_id("client-1").set_auth_token_url(f"{lms}/token")
    return found.set_tool_private_key(private).set_tool_public_key(public)
