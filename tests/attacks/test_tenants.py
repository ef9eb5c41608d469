"""Two institutions on one issuer: nothing crosses from one into the other.

Canvas cloud: one issuer for all, a client id for each, ids of courses, people and deployments may be equal. Blackboard:
one issuer and one client id for all, a deployment for each; ids of courses and people are UUIDs of the vendor, which
are equal all the same where a server is a copy of another.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from urllib.parse import urlsplit

import pytest
from flask import Flask, g
from sqlalchemy import func, select

from lti_tool.actions.notices import take_notices
from lti_tool.actions.placing import ACTIVITY
from lti_tool.lti.notifications import CONTEXT_COPIED, Notice
from lti_tool.store.db import db
from lti_tool.store.enrolment import Wish
from lti_tool.store.people import Course, Member, Person, Visit
from lti_tool.store.placing import ProgrammeLink
from lti_tool.store.platforms import AccessToken, Deployment, Registration
from lti_tool.store.programme import Programme
from tests.actions.world import pair_at_work
from tests.attacks.forging import CLAIM, by_the_lms, code_of, payload_of, said
from tests.attacks.tenants import Tenant, blackboard, canvas_cloud
from tests.conftest import Clock
from tests.outside import ALICE, BOB, DANA, look_again
from tests.pages import PageClient
from tests.web.answering import answers

Browsers = Callable[[], PageClient]
Tenants = tuple[Tenant, Tenant]
SVEN = "Sven Southerly"


MAKERS = {
    "canvas": canvas_cloud,
    "blackboard": blackboard,
    "blackboard, equal ids": partial(blackboard, has_own_ids=False),
}


@pytest.fixture(params=MAKERS)
def tenants(request: pytest.FixtureRequest, app: Flask, clock: Clock) -> Iterator[Tenants]:
    """Northfield and Southfield; in Southfield Bob is called Sven."""
    with MAKERS[request.param](app, clock) as (north, south):
        south.rename(BOB, SVEN)
        yield north, south


@pytest.fixture
def twins(app: Flask, clock: Clock) -> Iterator[Tenants]:
    """Two institutions of Blackboard, one a copy of the other: every id but the deployment's is the same."""
    with blackboard(app, clock, has_own_ids=False) as (north, south):
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
    claims_before = payload_of(message["id_token"])
    codes = []
    for claims in ({"aud": south.client_id, "azp": south.client_id}, {"aud": [north.client_id, south.client_id]}):
        fresh = north.message(browser, ALICE)
        nonce = {"nonce": payload_of(fresh["id_token"])["nonce"]}
        forged = by_the_lms(north, claims_before | nonce | claims | ({"azp": south.client_id}))
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
        one.open_sign_up(pages())
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
        claims = payload_of(message["id_token"]) | {f"{CLAIM}custom": ids | links}

        answer = browser.raw().post("/lti/launch", data=message | {"id_token": by_the_lms(south, claims)})

        assert urlsplit(answer.location).path.startswith("/l/")  # nobody is asked whether to copy it
        assert south.programme().copied_from_id is None


def test_on_blackboard_equal_ids_make_rows_of_their_own(twins: Tenants, pages: Browsers) -> None:
    north, south = twins

    for one in twins:
        one.arrive(pages(), BOB)
        one.arrive(pages(), BOB)

    assert [count(table) for table in (Course, Person, Member, Programme)] == [2] * 4
    assert count(Registration) == 2  # one of them is retired
    for ids in (Course.context_id, Person.subject, Programme.resource_link_id):
        assert len(set(db.session.scalars(select(ids)))) == 1
    assert (north.person(BOB).name, south.person(BOB).name) == ("Bob Birchwood", SVEN)


def test_on_blackboard_a_copied_link_with_equal_ids_shows_the_own_programme(twins: Tenants, pages: Browsers) -> None:
    north, south = twins
    for one in twins:
        one.arrive(pages(), ALICE)
    key = north.programme().key

    linked = said(south, pages(), BOB, {f"{CLAIM}custom": {ACTIVITY: key}})
    unknown = said(south, pages(), BOB, {f"{CLAIM}custom": {ACTIVITY: key}, f"{CLAIM}resource_link": {"id": "link-9"}})

    assert urlsplit(linked.location).path.startswith("/l/")
    assert "Not set up yet" in unknown.get_data(as_text=True)
    shown = set(db.session.scalars(select(Visit.programme_id).filter_by(course_id=south.course().id)))
    assert shown == {south.programme().id}
    assert count(ProgrammeLink) == 0


def test_on_blackboard_a_told_copy_offers_nothing_of_the_other(twins: Tenants, pages: Browsers, clock: Clock) -> None:
    north, south = twins
    north.arrive(pages(), ALICE)
    platform = north.edge.directory.find("https://blackboard.com", north.client_id)
    assert platform
    notice = Notice(
        id="notice-1",
        type=CONTEXT_COPIED,
        registration=platform,
        deployment=north.deployment,
        context_id="chemistry-copy",
        origin_contexts=(north.course().context_id,),
        timestamp=clock.now,
    )

    sent = [notice, replace(notice, deployment=south.deployment, origin_contexts=("elsewhere",)), notice]
    copied = {f"{CLAIM}context": {"id": "chemistry-copy"}, f"{CLAIM}resource_link": {"id": "copied-1"}}

    taken = [take_notices([one], now=clock.now) for one in sent]
    first, other = (said(one, pages(), ALICE, copied) for one in twins)

    assert taken == [1, 1, 0]
    assert urlsplit(first.location).path.startswith("/e/")
    assert urlsplit(other.location).path.startswith("/l/")


def test_on_blackboard_an_administrator_reaches_the_own_people_only(twins: Tenants, pages: Browsers) -> None:
    north, south = twins
    for one in twins:
        one.arrive(pages(), BOB)
    browser = pages()
    asked = {
        f"{CLAIM}message_type": "LtiDataPrivacyLaunchRequest",
        f"{CLAIM}for_user": {"user_id": south.sub(BOB)},
        f"{CLAIM}roles": ["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator"],
    }

    answer = said(south, browser, ALICE, asked)
    page = browser.get(answer.location, follow_redirects=True)
    browser.submit(page, "/privacy/erase", {"confirm": "yes"}, status=303)

    look_again()
    assert SVEN in page.get_text()
    assert north.person(BOB).name == "Bob Birchwood"
    assert SVEN not in set(db.session.scalars(select(Person.name)))


def test_on_blackboard_points_of_equal_ids_arrive_in_the_own_gradebook_only(
    twins: Tenants, clock: Clock, pages: Browsers
) -> None:
    north, south = twins
    for one in twins:
        for person in (ALICE, BOB, DANA):
            one.arrive(pages(), person)
    pair_at_work(north, clock).check_in(BOB, 1)
    pair_at_work(south, clock).check_in(DANA, 1)

    north.work()

    assert [north.given(BOB) is None, south.given(BOB) is None] == [False, True]
    assert [north.given(DANA) is None, south.given(DANA) is None] == [True, False]
