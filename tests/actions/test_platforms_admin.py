"""What an admin does with a registration: everything of it goes or nothing, and nothing of another is touched."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import event, func, inspect, select

from lti_tool.actions import audit
from lti_tool.actions.limits import may_try
from lti_tool.actions.signing import DatabaseKeys, KeyRing
from lti_tool.actions.upkeep import (
    LaunchDirectory,
    note_launch,
    note_refusal,
    remove_registration,
    set_policy,
)
from lti_tool.lti.keys import UnusableSigningKey
from lti_tool.lti.platform import RegistrationId
from lti_tool.store import outbox
from lti_tool.store.db import Row, db, transaction
from lti_tool.store.enrolment import Wish
from lti_tool.store.erase import belongings
from lti_tool.store.gradebook import Column, Score
from lti_tool.store.matching import Proposal, Unmatched
from lti_tool.store.platforms import AccessToken, Deployment, Login, Registration
from lti_tool.store.programme import AuditEntry
from lti_tool.store.workspace import CheckIn
from tests import make
from tests.conftest import NOON
from tests.outside import look_again

SECRET, OTHER_SECRET = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def live_term(issuer: str) -> make.Setting:
    """An LMS with a row in every table that a term fills."""
    here = make.setting(issuer=issuer)
    alice = make.person(here, "Alice Ashford", role="instructor")
    bob, dana = make.person(here, "Bob Birchwood"), make.person(here, "Dana Dewdrop")
    mentor, mentee = make.enrolment(here, bob, role="mentor"), make.enrolment(here, dana, role="mentee")
    pair = make.pair(here, mentor, mentee, by=alice)
    make.visit(here, alice, role="instructor", until=NOON + timedelta(hours=8))
    with transaction() as session:
        proposal = session.scalars(select(Proposal.id).filter_by(programme_id=here.programme_id)).one()
        session.add_all(
            [
                CheckIn(pair_id=pair, enrolment_id=mentor, number=1, answers={}, submitted_at=NOON, changed_at=NOON),
                Wish(enrolment_id=mentee, person_id=alice),
                Unmatched(proposal_id=proposal, enrolment_id=mentor, side="mentor", reason={}),
                Score(
                    programme_id=here.programme_id, person_id=bob, points=1, state="sent", changed_at=NOON, sent_at=NOON
                ),
                Column(programme_id=here.programme_id, state="none", maximum=100),
                AccessToken(registration_id=here.registration_id, scope_key="s", token="t", expires_at=NOON),
                Login(
                    state_hash=issuer,
                    registration_id=here.registration_id,
                    nonce="n",
                    target_link_uri="u",
                    browser_hash="b",
                    expires_at=NOON,
                ),
            ]
        )
        audit.record("programme.settings", now=NOON, by=alice, programme_id=here.programme_id)
        audit.record("roster.keep", now=NOON, by=alice, registration_id=here.registration_id)
        outbox.enqueue(
            kind="roster", key=issuer, lane=issuer, registration_id=here.registration_id, payload={}, now=NOON
        )
    return here


def counts() -> dict[str, int]:
    """How many rows each table has."""
    look_again()
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in Row.metadata.sorted_tables
    }


def test_deleting_removes_every_row_of_the_lms_and_none_of_another(app: Flask) -> None:
    live_term("https://lms.northfield.example")
    one_term = counts()
    gone = live_term("https://lms.southfield.example")

    lost = remove_registration(gone.registration_id, by="test", now=NOON)

    assert (lost.courses, lost.programmes, lost.people, lost.pairs) == (1, 1, 3, 1)
    left = counts()
    assert left.pop("audit_entry") == one_term.pop("audit_entry") + 1
    assert left == one_term
    entry = db.session.scalars(select(AuditEntry).filter_by(what="platform.delete")).one()
    assert (entry.registration_id, entry.before["issuer"]) == (None, "https://lms.southfield.example")


def test_every_table_that_leads_to_a_registration_is_emptied_by_a_term_here(app: Flask) -> None:
    live_term("https://lms.northfield.example")

    filled = {name for name, count in counts().items() if count}

    apart = {"admin_visit", "attempt", "signing_key", "heartbeat", "invitation"}
    first_tables = {name for name in inspect(db.engine).get_table_names() if not name.startswith(("huey_", "alembic"))}
    assert first_tables - filled - apart <= later_tables()


def later_tables() -> set[str]:
    """Tables of later stages that a term here does not fill; their removal follows from their foreign keys."""
    return set(Row.metadata.tables) - {
        "access_token", "audit_entry", "check_in", "course", "deployment", "enrolment", "gradebook_column", "login",
        "member", "outbox", "pair", "person", "programme", "proposal", "registration", "score", "unmatched", "visit",
        "wish",
    }  # fmt: skip


@pytest.fixture
def failing_end(app: Flask) -> Iterator[None]:
    """A database that refuses the last statement of a deletion."""

    def refuse(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("DELETE FROM registration"):
            raise RuntimeError("no")

    event.listen(db.engine, "before_cursor_execute", refuse)
    yield
    event.remove(db.engine, "before_cursor_execute", refuse)


def test_a_deletion_that_fails_removes_nothing(app: Flask, failing_end: None) -> None:
    here = live_term("https://lms.northfield.example")
    before = counts()

    with pytest.raises(RuntimeError):
        remove_registration(here.registration_id, by="test", now=NOON)

    assert counts() == before


def test_what_would_be_lost_counts_this_lms_only(app: Flask) -> None:
    here = live_term("https://lms.northfield.example")
    live_term("https://lms.southfield.example")

    lost = belongings(here.registration_id)

    assert (lost.courses, lost.programmes, lost.people, lost.pairs) == (1, 1, 3, 1)


def test_only_the_first_launch_makes_active_and_later_ones_are_noted_by_the_minute(app: Flask) -> None:
    here = make.setting()

    for seconds in (0, 30, 90):
        note_launch(here.registration_id, now=NOON + timedelta(seconds=seconds))

    look_again()
    row = db.session.get_one(Registration, here.registration_id)
    assert (row.first_launch_at, row.last_launch_at) == (NOON, NOON + timedelta(seconds=90))
    assert len(db.session.scalars(select(AuditEntry).filter_by(what="platform.active")).all()) == 1


def test_a_refused_launch_is_noted_with_its_code(app: Flask) -> None:
    here = make.setting()

    note_refusal(here.registration_id, "unknown-key", now=NOON)

    look_again()
    assert db.session.get_one(Registration, here.registration_id).refused_code == "unknown-key"


def test_a_new_deployment_waits_once_and_a_known_one_is_let_in(app: Flask) -> None:
    here = make.setting()
    platform = RegistrationId(here.registration_id)
    set_policy(here.registration_id, False, by="test", now=NOON)
    directory = LaunchDirectory(NOON)

    answers = [directory.has_deployment(platform, name) for name in ("1", "new", "new")]

    look_again()
    assert answers == [True, False, False]
    rows = db.session.scalars(select(Deployment).order_by(Deployment.id))
    assert [(row.deployment_id, row.state) for row in rows] == [("1", "accepted"), ("new", "pending")]


def test_tries_are_counted_for_each_place_and_forgotten_in_time(app: Flask) -> None:
    def attempt(who: str, minutes: int) -> bool:
        return may_try("x", who, most=2, within=timedelta(minutes=10), now=NOON + timedelta(minutes=minutes))

    assert [attempt("a", 0), attempt("a", 1), attempt("a", 2), attempt("b", 2)] == [True, True, False, True]
    assert attempt("a", 10)


def test_keys_in_the_database_rotate_retire_and_change_their_secret(app: Flask) -> None:
    first = KeyRing(DatabaseKeys([SECRET])).keys(NOON)
    assert KeyRing(DatabaseKeys([SECRET])).keys(NOON).current.kid == first.current.kid

    second = KeyRing(DatabaseKeys([OTHER_SECRET, SECRET])).rotate(by="test", now=NOON)

    assert [second.signer(NOON).kid, second.signer(NOON + timedelta(hours=24)).kid] == [
        first.current.kid,
        second.newest.kid,
    ]
    assert len(KeyRing(DatabaseKeys([OTHER_SECRET])).keys(NOON).all) == 2
    with pytest.raises(UnusableSigningKey):
        KeyRing(DatabaseKeys([SECRET])).keys(NOON)
    later = KeyRing(DatabaseKeys([OTHER_SECRET])).keys(NOON + timedelta(days=8, hours=1))
    assert [key.kid for key in later.all] == [second.newest.kid]
