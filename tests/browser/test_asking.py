"""Pages that launches ask something on, and pages of states that pass: axe, 320 px, and forms without JavaScript."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route

from lti_tool.actions import matching
from lti_tool.jobs.handlers import FAULT
from lti_tool.store.db import transaction
from lti_tool.store.matching import last_proposal
from lti_tool.store.programme import Programme
from tests import make
from tests.actions.world import pair_at_work, setting_of
from tests.browser.audit import faults
from tests.browser.chromium import context
from tests.browser.person import Person
from tests.browser.served import Served, served
from tests.databases import Databases
from tests.outside import ALICE, BIOLOGY, BOB, DANA, IRIS, Lms
from tests.web.coming import copied

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs


@pytest.fixture
def here(chromium_path: str, databases: Databases, tmp_path: Path) -> Iterator[Served]:
    """The tool and an LMS; Chromium looks at them."""
    assert chromium_path
    with served(databases, tmp_path) as made:
        yield made


@pytest.fixture
def at_work(here: Served, opened: Browser) -> Served:
    """Bob and Dana have come, and are a pair."""
    for person in (ALICE, BOB, DANA):
        with context(opened) as browser:
            Person.signed_in(browser, here.places, person).open_window()
    pair_at_work(here.lms, here.clock).check_in(BOB, 1)
    here.lms.work()
    return here


def stay(window: Page) -> None:
    """The form that sends itself waits for a click."""

    def nothing(route: Route) -> None:
        route.fulfill(body="", content_type="text/javascript")

    window.route("**/static/send.js", nothing)


def asked(person: Person, path: str) -> Page:
    """The page to which a launch from this page of the LMS leads."""
    person.page.goto(person.places.lms + path)
    if not person.has_scripts:
        by_hand_to(person.page)
    person.page.wait_for_url("**/e/**")
    person.page.get_by_role("main").wait_for()
    return person.page


def by_hand_to(page: Page) -> None:
    """Click on "Continue" until the tool asks its question."""
    while "/e/" not in page.url:
        page.get_by_role("button", name="Continue").click()


def choosing(here: Served) -> str:
    """Where staff begin to choose content."""
    return f"/courses/{BIOLOGY}/content/{here.client_id}/launch"


def about(here: Served, person: str) -> str:
    """Where the administrator asks about somebody's data."""
    return f"/admin/privacy/launch?client_id={here.client_id}&person={person}"


def copied_link(here: Served) -> str:
    """Where a link of a copied course begins, which could be for several things."""
    lms = here.lms
    key = copied(lms)
    custom = {"pm_activity": lms.programme().key}
    client = here.client_id
    lms.campus.add_link(course=key, client_id=client, title="Mentoring", url="", custom=custom)
    return f"/courses/{key}/links/{lms.campus.course_links(key)[-1].id}/launch"


def test_choosing_content_and_handing_it_back(at_work: Served, opened: Browser) -> None:
    with context(opened) as browser:
        page = asked(Person.signed_in(browser, at_work.places, ALICE), choosing(at_work))
        found = faults(page)
        page.get_by_label("What the programme is called").fill("Study buddies")
        page.get_by_label("Points for all").fill("none")
        page.get_by_role("button", name="Add it").click()
        page.get_by_role("alert").wait_for()
        found += faults(page)
        stay(page)
        page.get_by_label("Points for all").fill("40")
        page.get_by_role("button", name="Add it").click()
        page.get_by_role("heading", level=1, name="Back to your LMS").wait_for()
        found += faults(page)
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("heading", name="Content added").wait_for()

    assert found == []


def test_choosing_content_in_the_frame_of_the_course(at_work: Served, opened: Browser) -> None:
    with context(opened) as browser:
        alice = Person.signed_in(browser, at_work.places, ALICE)
        alice.page.goto(at_work.places.lms + choosing(at_work).removesuffix("/launch"))
        frame = alice.page.locator("iframe.tool").element_handle().content_frame()
        assert frame is not None
        frame.wait_for_url("**/e/**")
        found = faults(alice.page, frame)
        frame.get_by_role("button", name="Link to this one").click()
        frame.get_by_role("heading", name="Content added").wait_for()

    assert found == []


def test_choosing_content_without_javascript(at_work: Served, opened: Browser) -> None:
    with context(opened, has_scripts=False) as browser:
        alice = Person.signed_in(browser, at_work.places, ALICE, has_scripts=False)
        page = asked(alice, choosing(at_work))
        page.get_by_label("What the programme is called").fill("Study buddies")
        page.get_by_role("button", name="Add it").click()
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("heading", name="Content added").wait_for()

    assert at_work.lms.campus.course_links(BIOLOGY)[-1].title == "Study buddies"


@pytest.mark.parametrize("has_scripts", [True, False])
def test_what_a_copied_link_is_for(has_scripts: bool, at_work: Served, opened: Browser) -> None:
    start, found = copied_link(at_work), []
    with context(opened, has_scripts=has_scripts) as browser:
        page = asked(Person.signed_in(browser, at_work.places, ALICE, has_scripts=has_scripts), start)
        page.get_by_role("heading", level=1, name="Copy the settings from last time?").wait_for()
        found += faults(page) if has_scripts else []
        page.get_by_label("Begin a new programme").check()
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url("**/l/**")
        page.get_by_role("navigation", name="Main").wait_for()

    assert found == []


def test_a_link_that_names_nothing_known_and_no_answer(at_work: Served, opened: Browser) -> None:
    custom = {"pm_activity": "0" * 32}
    link = at_work.lms.campus.add_link(
        course=BIOLOGY, client_id=at_work.client_id, title="By hand", url="", custom=custom
    )
    number = link.id if link else at_work.lms.campus.course_links(BIOLOGY)[-1].id
    with context(opened) as browser, context(opened) as students:
        page = asked(Person.signed_in(browser, at_work.places, ALICE), f"/courses/{BIOLOGY}/links/{number}/launch")
        found = faults(page)
        page.locator("form").first.evaluate("form => form.noValidate = true")
        page.get_by_role("button", name="Continue").click()
        page.get_by_text("Please choose one.").first.wait_for()
        found += faults(page)
        waiting = Person.signed_in(students, at_work.places, BOB).page
        waiting.goto(f"{at_work.places.lms}/courses/{BIOLOGY}/links/{number}/launch")
        waiting.get_by_role("heading", level=1, name="Not set up yet").wait_for()
        found += faults(waiting)

    assert found == []


def test_a_persons_data_is_shown_and_erased(at_work: Served, opened: Browser) -> None:
    with context(opened) as browser:
        iris = Person.signed_in(browser, at_work.places, IRIS)
        page = asked(iris, about(at_work, BOB))
        found = faults(page)
        page.locator("form").first.evaluate("form => form.noValidate = true")
        page.get_by_role("button", name="Erase").click()
        page.get_by_role("alert").wait_for()
        found += faults(page)
        page.get_by_label("I know that this cannot be undone").check()
        page.get_by_role("button", name="Erase").click()
        page.get_by_text("The person was erased").wait_for()
        found += faults(page)
        found += faults(asked(iris, about(at_work, "quentin-quicklime")))

    assert found == []


def test_a_persons_data_is_downloaded_and_erased_without_javascript(at_work: Served, opened: Browser) -> None:
    with context(opened, has_scripts=False) as browser:
        page = asked(Person.signed_in(browser, at_work.places, IRIS, has_scripts=False), about(at_work, BOB))
        with page.expect_download() as download:
            page.get_by_role("link", name="Download everything").click()
        told = download.value.path().read_text()
        page.get_by_label("I know that this cannot be undone").check()
        page.get_by_role("button", name="Erase").click()
        page.get_by_text("The person was erased").wait_for()

    assert "Bob Birchwood" in told


def people(window: Page) -> Page:
    """The teacher's list of people."""
    window.get_by_role("navigation", name="Main").get_by_role("link", name="People").click()
    window.wait_for_url("**/staff/people")
    return window


def test_a_roster_that_waits_asks_and_fails(here: Served, opened: Browser) -> None:
    lms = here.lms
    with context(opened) as browser:
        window = people(Person.signed_in(browser, here.places, ALICE).open_window())
        window.get_by_text("The list is being read from the LMS").wait_for()
        found = still(window)
        lms.work()
        for seat in list(lms.campus.students(BIOLOGY))[:25]:
            lms.leave(seat.person.key)
        window.reload()
        window.get_by_role("button", name="Read it again").click()
        window.get_by_text("The list is being read").wait_for()
        lms.work()
        window.reload()
        window.get_by_role("heading", name="Is it right that").wait_for()
        found += faults(window)
        window.get_by_role("button", name="Keep everybody").click()
        lms.fail("nrps", status=403, count=9)
        window.get_by_role("button", name="Read it again").click()
        window.get_by_text("The list is being read").wait_for()
        lms.work()
        window.reload()
        window.get_by_text("The list could not be read").wait_for()
        found += faults(window)
        window.goto(window.url.replace("/people", "/"))
        found += faults(window)

    assert found == []


def joined_in(lms: Lms) -> make.Setting:
    """Sign-up is open, and two have joined."""
    at = setting_of(lms)
    with transaction() as session:
        session.get_one(Programme, at.programme_id).phase = "sign_up"
    for name, role in (("Ben Bold", "mentor"), ("Dora Dim", "mentee")):
        make.enrolment(at, make.person(at, name), role=role)
    return at


def test_a_board_that_waits_and_that_fails(here: Served, opened: Browser) -> None:
    lms = here.lms
    with context(opened) as browser:
        window = Person.signed_in(browser, here.places, ALICE).open_window()
        lms.work()
        at = joined_in(lms)
        window.get_by_role("navigation", name="Main").get_by_role("link", name="Matching").click()
        window.get_by_role("button", name="Propose pairs").click()
        window.get_by_role("heading", level=1, name="The best pairs are being found").wait_for()
        found = still(window)
        proposal = last_proposal(at.programme_id)
        assert proposal
        matching.give_up(proposal.id, problem=FAULT)
        window.goto(window.url)
        window.get_by_role("heading", level=1, name="The matching did not work").wait_for()
        found += faults(window)
        window.get_by_role("button", name="Try again").click()
        lms.work()
        window.goto(window.url)
        window.get_by_role("button", name="Publish").wait_for()
        found += faults(window)

    assert found == []


def still(window: Page) -> list[str]:
    """What is wrong on a page that looks again by itself, while it does not."""
    window.route("**/static/again.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    window.goto(window.url)
    found = faults(window)
    window.unroute("**/static/again.js")
    return found


def test_a_board_that_waits_looks_again_without_javascript(here: Served, opened: Browser) -> None:
    lms = here.lms
    with context(opened, has_scripts=False) as browser:
        alice = Person.signed_in(browser, here.places, ALICE, has_scripts=False)
        window = alice.open_window()
        lms.work()
        joined_in(lms)
        window.get_by_role("navigation", name="Main").get_by_role("link", name="Matching").click()
        window.get_by_role("button", name="Propose pairs").click()
        window.get_by_role("heading", level=1, name="The best pairs are being found").wait_for()
        lms.work()

        window.get_by_role("button", name="Publish").wait_for()
