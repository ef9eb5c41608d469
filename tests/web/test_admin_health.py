"""Health: the test of a connection against a real LMS over HTTP, what its own administrators see, and the status."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from lti_tool.actions.advice import Way
from lti_tool.actions.doctor import Check, Verdict, examine
from lti_tool.actions.edge import Edge
from lti_tool.demo_lms.dialects import DIALECTS
from lti_tool.demo_lms.habits import Start
from lti_tool.jobs.handlers import HANDLERS
from lti_tool.jobs.heartbeat import beat
from lti_tool.lti.errors import ServiceFault
from lti_tool.lti.gradebook import SCORE_SCOPE
from lti_tool.store.db import db, transaction
from lti_tool.store.people import Course
from lti_tool.store.platforms import Registration
from lti_tool.web.admin.health import WORK
from tests import make
from tests.conftest import Clock
from tests.outside import ALICE, Lms, look_again, running_lms
from tests.pages import PageClient
from tests.web.admins import signed_in

Browsers = Callable[[], PageClient]
TOKEN = "a-token-for-metrics"


def health(browser: PageClient, number: int) -> str:
    """Press the button that tests the connection; the words of the page that follows."""
    page = browser.get(f"/admin/platforms/{number}/health")
    browser.submit(page, "/health", {}, status=303)
    return " ".join(browser.follow().get_text(" ", strip=True).split())


def registration_id() -> int:
    """The only LMS there is."""
    look_again()
    return db.session.scalars(select(Registration.id)).one()


def test_a_connection_that_works_says_so_for_every_way(lms: Lms, pages: Browsers, clock: Clock) -> None:
    lms.arrive(pages(), ALICE)

    words = health(signed_in(pages, clock), registration_id())

    assert "Everything that could be tried works" in words
    assert words.count("Works") == 8
    assert "Does not work" not in words


def check_of(way: Way, lms: Lms, clock: Clock) -> Check:
    """How one try comes out now."""
    return next(one for one in examine(registration_id(), edge=lms.edge, now=clock.now) if one.way is way)


def test_a_permission_is_tested_whatever_the_lms_said_when_it_registered_the_tool(app: Flask, clock: Clock) -> None:
    moodle = DIALECTS["moodle"]
    habits = replace(moodle.registration, withheld_scopes=frozenset({SCORE_SCOPE}), start=Start.READY)
    with running_lms(app, clock) as lms:
        lms.campus.dialect = replace(moodle, registration=habits)  # it lists all scopes, and gives fewer
        lms.register()

        found = check_of(Way.SCORE_TOKEN, lms, clock)

    assert (found.verdict, found.said) == (Verdict.PROBLEM, ServiceFault.SCOPE_NOT_GRANTED.explanation)
    assert "Assignment and Grade Services" in found.todo


@pytest.mark.parametrize(("key", "way"), [("sakai", Way.GROUPS_TOKEN), ("canvas", Way.NOTICES_TOKEN)])
def test_groups_and_notices_are_tested_where_a_launch_has_offered_them(
    app: Flask, pages: Browsers, clock: Clock, key: str, way: Way
) -> None:
    with running_lms(app, clock) as lms:
        registration = replace(DIALECTS[key].registration, start=Start.READY)
        lms.campus.dialect = replace(DIALECTS[key], registration=registration)
        lms.register()
        before = check_of(way, lms, clock)
        lms.arrive(pages(), ALICE)
        after = check_of(way, lms, clock)

    assert (before.verdict, after.verdict) == (Verdict.SKIPPED, Verdict.GOOD)


def test_before_the_first_launch_services_of_a_course_are_not_tried(lms: Lms, pages: Browsers, clock: Clock) -> None:
    words = health(signed_in(pages, clock), registration_id())

    assert words.count("Not tried") == 4  # two services of a course, two permissions that no launch has offered
    assert "Nobody has opened the tool in a course yet" in words


def test_a_service_that_is_off_names_the_setting_of_that_lms(lms: Lms, pages: Browsers, clock: Clock) -> None:
    lms.arrive(pages(), ALICE)
    number = registration_id()
    with transaction() as session:
        session.get_one(Registration, number).family = "moodle"
        session.query(Course).update({"memberships_url": None, "line_items_url": f"{lms.url}/nowhere"})

    words = health(signed_in(pages, clock), number)

    assert "Some of it does not work" in words
    assert "opened without this service" in words
    assert "IMS LTI Names and Role Provisioning" in words
    assert "IMS LTI Assignment and Grade Services" in words


def test_an_lms_that_does_not_answer_is_told_apart_from_one_that_refuses(
    lms: Lms, pages: Browsers, clock: Clock
) -> None:
    lms.arrive(pages(), ALICE)
    number = registration_id()
    with transaction() as session:
        row = session.get_one(Registration, number)
        row.auth_token_url, row.client_id = "http://127.0.0.1:9/token", "gone"

    words = health(signed_in(pages, clock), number)

    assert words.count("does not answer") >= 4


def test_an_lms_in_a_private_network_names_the_setting_of_the_tool(
    lms: Lms, app: Flask, pages: Browsers, clock: Clock
) -> None:
    lms.arrive(pages(), ALICE)
    browser, strict = signed_in(pages, clock), replace(lms.edge, may_be_local=False)  # as an installation is
    app.extensions["edge"] = strict

    refused = health(browser, registration_id())
    app.extensions["edge"] = replace(strict, private_hosts=frozenset({"127.0.0.1"}))
    named = health(browser, registration_id())

    assert "ALLOW_PRIVATE_NETWORKS" in refused
    assert "ALLOW_PRIVATE_NETWORKS" not in named


def test_testing_changes_nothing_in_the_lms(lms: Lms, pages: Browsers, clock: Clock) -> None:
    lms.arrive(pages(), ALICE)

    health(signed_in(pages, clock), registration_id())

    assert not lms.campus.line_items
    assert lms.asked("/token", method="POST") >= 4


def test_the_list_shows_the_tool_itself_and_every_lms(lms: Lms, app: Flask, pages: Browsers, clock: Clock) -> None:
    browser = signed_in(pages, clock)
    assert "start “lti-tool worker”" in browser.get("/admin/health/").get_text()

    beat(app)
    look_again()

    assert "start “lti-tool worker”" not in browser.get("/admin/health/").get_text()


def test_an_lms_administrator_sees_the_connection_and_no_course(app: Flask, pages: Browsers, clock: Clock) -> None:
    here = make.setting()
    someone = make.person(here, "Fay Faraway", role="administrator")
    key, secret = make.visit(here, someone, role="administrator", until=clock.now + timedelta(hours=1))
    browser = pages()
    browser.raw().set_cookie("visit", secret, path=f"/l/{key}/", domain="localhost")

    page = browser.get(f"/l/{key}/")

    assert "The connection between your LMS and this tool" in page.get_text()
    assert not page.select("main form")
    observer = make.person(here, "Olga Overlook", role="observer")
    key, secret = make.visit(here, observer, role="observer", until=clock.now + timedelta(hours=1))
    browser.raw().set_cookie("visit", secret, path=f"/l/{key}/", domain="localhost")
    assert "The connection" not in browser.get(f"/l/{key}/").get_text()


# ---- for machines, and for people ----


def test_ready_needs_a_worker_that_was_alive_lately(app: Flask, clock: Clock) -> None:
    client = app.test_client()
    assert client.get("/readyz").status_code == 503

    beat(app)
    look_again()

    assert client.get("/readyz").get_json() == {
        "status": "ready",
        "database": True,
        "migrations": True,
        "oldest_work_seconds": 0,
        "worker": True,
    }
    clock.advance(minutes=6)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["worker"]) == (503, False)


def test_ready_needs_work_that_is_done_in_time(lms: Lms, app: Flask, pages: Browsers, clock: Clock) -> None:
    lms.arrive(pages(), ALICE)  # asks for the roster; no worker does it
    clock.advance(minutes=20)
    beat(app)

    answer = app.test_client().get("/readyz")

    assert answer.status_code == 503
    assert answer.get_json()["oldest_work_seconds"] == 1200


def test_ready_needs_tables_that_are_up_to_date(app: Flask) -> None:
    beat(app)
    with transaction() as session:
        session.execute(text("update alembic_version set version_num = '0001'"))

    answer = app.test_client().get("/readyz")

    assert (answer.status_code, answer.get_json()["migrations"]) == (503, False)


def test_metrics_are_numbers_for_whoever_brings_the_token(lms: Lms, app: Flask, pages: Browsers) -> None:
    lms.arrive(pages(), ALICE)
    client = app.test_client()
    assert client.get("/metrics").status_code == 404
    app.config["METRICS_TOKEN"] = TOKEN
    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401

    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})

    lines = answer.get_data(as_text=True).splitlines()
    assert 'peer_mentoring_work{kind="roster",state="waiting"} 1' in lines
    assert "peer_mentoring_launches_last_hour 1" in lines
    assert all(line.startswith(("# HELP ", "# TYPE ", "peer_mentoring_")) for line in lines)


def test_the_status_page_says_it_in_a_sentence_and_names_nobody(lms: Lms, app: Flask, pages: Browsers) -> None:
    assert "with delays" in pages().get("/status").get_text()

    beat(app)
    look_again()

    words = pages().get("/status").get_text()
    assert "everything works" in words
    assert "Northfield" not in words


# ---- keys are picked up without a restart ----


def test_another_process_publishes_the_next_key_within_minutes(app: Flask, clock: Clock) -> None:
    edge: Edge = app.extensions["edge"]
    before = edge.signing_keys
    other = replace(edge, key_ring=type(edge.key_ring)(edge.key_ring._store))
    other.key_ring.rotate(by="test", now=clock.now)

    assert edge.signing_keys is before
    clock.advance(minutes=5)

    assert edge.signing_keys.newest.kid == other.signing_keys.newest.kid


def test_every_kind_of_work_has_a_name_for_admins() -> None:
    assert WORK.keys() == HANDLERS.keys()
