"""Two institutions on one issuer: nothing crosses from one into the other.

Canvas cloud: one issuer for all, a client id for each, ids of courses, people and deployments may be equal. Blackboard:
one issuer and one client id for all, a deployment for each, ids of courses and people are UUIDs of the vendor.
"""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask, g
from sqlalchemy import func, select

from lti_tool.actions.placing import ACTIVITY
from lti_tool.store.db import db
from lti_tool.store.enrolment import Wish
from lti_tool.store.people import Course, Person, Visit
from lti_tool.store.platforms import AccessToken, Deployment, Registration
from lti_tool.store.programme import Programme
from tests import make
from tests.actions.world import pair_at_work
from tests.attacks.forging import CLAIM, by_the_lms, code_of, payload_of
from tests.attacks.tenants import Tenant, blackboard, canvas_cloud
from tests.conftest import Clock
from tests.outside import ALICE, BOB, DANA, look_again
from tests.pages import PageClient
from tests.web.answering import answers

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Browsers = Callable[[], PageClient]
Tenants = tuple[Tenant, Tenant]
SVEN = "Sven Southerly"


@pytest.fixture(params=["canvas", "blackboard"])
def tenants(request: pytest.FixtureRequest, app: Flask, clock: Clock) -> Iterator[Tenants]:
    """Northfield and Southfield; in Southfield Bob is called Sven."""
    with {"canvas": canvas_cloud, "blackboard": blackboard}[request.param](app, clock) as (north, south):
        south.rename(BOB, SVEN)
        yield north, south


@pytest.fixture
def canvas(app: Flask, clock: Clock) -> Iterator[Tenants]:
    """Two institutions of Canvas's cloud."""
    with canvas_cloud(app, clock) as made:
        yield made


def count(table: type[object]) -> int:
    """How many rows there are."""
    look_again()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_launches_of_equal_ids_make_rows_of_their_own(canvas: Tenants, pages: Browsers) -> None:
    north, south = canvas

    for one in canvas:
        one.arrive(pages(), ALICE)

    assert [count(table) for table in (Registration, Deployment, Course, Person, Programme)] == [2] * 5
    for ids in (Course.context_id, Person.subject, Deployment.deployment_id, Programme.resource_link_id):
        assert len(set(db.session.scalars(select(ids)))) == 1
    assert north.registration.issuer == south.registration.issuer


def test_a_login_that_names_no_client_is_not_guessed(canvas: Tenants, pages: Browsers) -> None:
    north, _south = canvas
    with north.browser(BOB) as bob:
        start = north.begin(bob)
    start.pop("client_id")

    page = pages().post("/lti/login", start, status=403)

    assert "unknown-platform" in code_of(page)


def test_a_launch_for_the_other_client_is_refused_though_the_vendor_signed_it(canvas: Tenants, pages: Browsers) -> None:
    north, south = canvas
    browser = pages()
    message = north.message(browser, ALICE)
    said = payload_of(message["id_token"])
    codes = []
    for claims in ({"aud": south.client_id, "azp": south.client_id}, {"aud": [north.client_id, south.client_id]}):
        fresh = north.message(browser, ALICE)
        nonce = {"nonce": payload_of(fresh["id_token"])["nonce"]}
        forged = by_the_lms(north, said | nonce | claims | ({"azp": south.client_id}))
        codes.append(code_of(browser.post("/lti/launch", fresh | {"id_token": forged}, status=401)))

    assert "registration-mismatch" in codes[0]
    assert "audience-refused" in codes[1]


def test_rosters_stay_apart(tenants: Tenants, pages: Browsers) -> None:
    north, south = tenants
    for one in tenants:
        one.arrive(pages(), ALICE)

    north.work()

    assert SVEN in south.names()
    assert SVEN not in north.names()
    assert "Bob Birchwood" in north.names()
    assert "Bob Birchwood" not in south.names()


def test_a_roster_that_names_somebody_gone_touches_nobody_elsewhere(tenants: Tenants, pages: Browsers) -> None:
    north, south = tenants
    for one in tenants:
        one.arrive(pages(), ALICE)
    north.work()
    south.leave(BOB)
    browser = pages()
    path = south.arrive(browser, ALICE)

    browser.submit(browser.get(f"{path}staff/people"), "/staff/people/refresh", {}, status=303)
    north.work()

    assert not south.member(BOB).is_active
    assert north.member(BOB).is_active


def test_service_tokens_stay_apart(canvas: Tenants, pages: Browsers) -> None:
    north, south = canvas
    for one in canvas:
        one.arrive(pages(), ALICE)

    north.work()

    for one in (north, south):
        kept = set(db.session.scalars(select(AccessToken.token).filter_by(registration_id=one.registration.id)))
        assert kept == set(one.campus.access_tokens)
        assert 401 not in {request.status for request in one.campus.served}


def test_pages_and_searches_show_the_own_institution_only(tenants: Tenants, pages: Browsers) -> None:
    north, south = tenants
    teachers = pages(), pages()
    paths = [one.arrive(teacher, ALICE) for one, teacher in zip(tenants, teachers, strict=True)]
    north.work()

    seen = [teacher.get(f"{path}staff/people?q=S") for path, teacher in zip(paths, teachers, strict=True)]

    assert SVEN not in seen[0].get_text()
    assert SVEN in seen[1].get_text()
    stranger = south.person(BOB).id
    teachers[0].get(f"{paths[0]}staff/participation/{stranger}", status=404)


def test_visits_open_for_their_own_browser_only(tenants: Tenants, pages: Browsers) -> None:
    north, south = tenants
    mine, theirs = pages(), pages()
    path, other = north.arrive(mine, ALICE), south.arrive(theirs, ALICE)

    mine.get(f"{other}staff/", status=401)
    theirs.get(f"{path}staff/", status=401)

    look_again()
    assert len(set(db.session.scalars(select(Visit.person_id)))) == 2


def test_wishes_find_and_name_nobody_of_the_other(tenants: Tenants, pages: Browsers) -> None:
    north, south = tenants
    for one in tenants:
        one.arrive(pages(), ALICE)
    north.work()
    browser = pages()
    path = north.arrive(browser, DANA)
    form = {"role": "mentee", "time_zone": "Europe/London"}
    browser.submit(browser.get(f"{path}me/join/"), "/me/join/", form, status=303)
    browser.submit((page := browser.follow()), "/me/join/questions/help", answers(page), status=303)

    found = browser.get(f"{path}me/join/wishes?q=Sven")
    g.pop("csrf_token", None)  # the test's own context outlives a request
    own = browser.get(f"{path}me/join/wishes?q=Bob")
    (token, *_others) = {str(one["value"]) for one in own.select("input[name=csrf_token]")}
    stranger = {"wish_apart": str(south.person(BOB).id), "csrf_token": token}
    browser.post(f"{path}me/join/wishes", stranger, status=404)

    assert SVEN not in found.get_text()
    assert "Bob Birchwood" in own.get_text()
    assert count(Wish) == 0


def test_scores_arrive_in_the_own_gradebook_only(tenants: Tenants, clock: Clock, pages: Browsers) -> None:
    north, south = tenants
    for one in tenants:
        for person in (ALICE, BOB, DANA):
            one.arrive(pages(), person)
    pair = pair_at_work(north, clock)
    pair.check_in(BOB, 1)

    north.work()

    assert north.given(BOB) is not None
    assert south.campus.grades == {}
    assert south.campus.line_items == {}


def test_on_blackboard_a_deployment_that_waits_says_nothing_of_another(
    app: Flask, clock: Clock, pages: Browsers
) -> None:
    with blackboard(app, clock) as (north, south):
        with_south = db.session.scalars(select(Deployment).filter_by(deployment_id="south-1")).one()
        with_south.state = "refused"
        db.session.commit()
        browser = pages()

        page = browser.post("/lti/launch", south.message(browser, ALICE), status=403)
        north.arrive(pages(), ALICE)

    assert "deployment-unknown" in code_of(page)


def test_on_blackboard_a_token_may_be_shared_but_leads_to_the_launchs_own_services(
    app: Flask, clock: Clock, pages: Browsers
) -> None:
    with blackboard(app, clock) as (north, south):
        for one in (north, south):
            one.arrive(pages(), ALICE)
        north.work()

        assert {urlsplit(one.course().memberships_url or "").netloc for one in (north, south)} == {
            urlsplit(north.url).netloc,
            urlsplit(south.url).netloc,
        }
        assert [one.asked("/memberships") > 0 for one in (north, south)] == [True, True]


def test_on_blackboard_a_copied_id_leads_to_nothing_of_the_other(app: Flask, clock: Clock, pages: Browsers) -> None:
    with blackboard(app, clock) as (north, south):
        north.arrive(pages(), ALICE)
        ids = {ACTIVITY: north.programme().key, "context_history": north.course().context_id}
        links = {"link_history": north.programme().resource_link_id}
        browser = pages()
        message = south.message(browser, ALICE)
        said = payload_of(message["id_token"]) | {f"{CLAIM}custom": ids | links}

        answer = browser.raw().post("/lti/launch", data=message | {"id_token": by_the_lms(south, said)})

        assert urlsplit(answer.location).path.startswith("/l/")  # nobody is asked whether to copy it
        assert south.programme().copied_from_id is None


def test_on_blackboard_equal_course_ids_still_are_two_programmes(app: Flask, clock: Clock, pages: Browsers) -> None:
    """The vendor's ids are UUIDs; should two be equal, pairs and points stay with the deployment that made them."""
    with blackboard(app, clock, has_own_ids=False) as (north, south):
        for one in (north, south):
            one.arrive(pages(), ALICE)

        programmes = north.programme(), south.programme()
        at = make.Setting(
            registration_id=north.registration.id,
            deployment_id=programmes[0].deployment_id,
            course_id=programmes[0].course_id,
            programme_id=programmes[0].id,
        )
        make.enrolment(at, north.person(ALICE).id, role="mentor")
        browser = pages()
        page = browser.get(f"{south.arrive(browser, ALICE)}staff/matching/")

    assert programmes[0].id != programmes[1].id
    assert programmes[0].deployment_id != programmes[1].deployment_id
    assert "1 mentor" not in page.get_text()
