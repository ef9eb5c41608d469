"""Every page: axe finds nothing in light and dark, wide and narrow; nothing scrolls sideways; no complaints."""

import re
from pathlib import Path

import pytest
from flask import render_template
from playwright.sync_api import Browser, Page

from lti_tool.app import create_app
from lti_tool.demo.campus import ADMIN, TEACHER, Places
from lti_tool.demo.programs import Programs
from lti_tool.demo.students import join
from lti_tool.web import errors
from tests.browser.audit import faults
from tests.browser.chromium import context
from tests.browser.journey import answer, choose_evenings
from tests.browser.person import Person
from tests.databases import settings

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs

CHEMISTRY = "chemistry-101"
CHEMIST = "quentin-quicklime"


def visit(window: Page) -> str:
    """The address under which all pages of this visit are."""
    return re.sub(r"(/l/[^/]+)/.*", r"\1", window.url)


def faults_at(window: Page, paths: list[str]) -> list[str]:
    """What is wrong on these pages of the visit."""
    base, found = visit(window), []
    for path in paths:
        window.goto(base + path)
        found += faults(window)
    return found


def test_the_pages_of_a_programme_that_has_just_begun(opened: Browser, places: Places) -> None:
    with context(opened) as browser:
        window = Person.signed_in(browser, places, CHEMIST).open_window(CHEMISTRY)
        found = faults_at(
            window, ["/staff/", "/staff/people", "/staff/check-ins/", "/staff/gradebook/", "/staff/matching/"]
        )
        asked = [f"/staff/set-up/{name}" for name in ("objective", "preset", "roles", "calendar", "grading", "ready")]
        found += faults_at(window, [*asked, "/staff/phases/", "/staff/settings", "/staff/settings/versions"])

    assert found == []


def test_the_pages_on_the_way_in_and_out(opened: Browser, places: Places) -> None:
    with context(opened) as teachers_browser:
        chemist = Person.signed_in(teachers_browser, places, CHEMIST).open_window(CHEMISTRY)
        chemist.get_by_role("button", name="open sign-up").click()
        chemist.get_by_text("Sign-up is open.").wait_for()
    with context(opened) as browser:
        window = Person.signed_in(browser, places, "charlie-chalk").open_window(CHEMISTRY)
        found = faults(window)
        window.get_by_role("link", name="Begin").click()
        window.get_by_role("button", name="Save and go on").click()
        window.get_by_role("alert").wait_for()
        found += faults(window)
        window.locator("input[name=role][value=mentee]").check()
        window.get_by_role("button", name="Save and go on").click()
        for name in ("help", "times", "studies", "about", "partner"):
            window.wait_for_url(f"**/join/questions/{name}")
            found += faults(window)
            if name in ("help", "times", "about"):
                window.get_by_role("button", name="Save and go on").click()
                window.get_by_role("alert").wait_for()
                found += faults(window)
            answer(window)
            if name == "times":
                choose_evenings(window, by_keyboard=True)
            window.get_by_role("button", name="Save and go on").click()
        window.get_by_role("button", name="Search").wait_for()
        found += faults_at(window, ["/me/", "/me/join/questions", "/me/join/wishes?q=e", "/me/join/wishes?q=nobody"])
        alone = ("check-ins/1", "placed/reflections/start", "placed/guides/first-meeting", "placed/guides/gone")
        found += faults_at(window, [f"/me/{one}" for one in alone])
        found += faults_at(window, ["/me/join/agree"])
        window.get_by_role("button", name="Join").click()
        window.get_by_role("alert").wait_for()
        found += faults(window)
        window.get_by_label("I agree to how we treat each other").check()
        window.get_by_label("I agree to what happens").check()
        window.get_by_role("button", name="Join").click()
        window.get_by_role("heading", name="You are in").wait_for()
        found += faults(window)
        found += faults_at(window, ["/me/join/", "/me/participation/", "/me/join/agree", "/me/join/leave"])
        window.get_by_role("button", name="Leave").click()
        window.get_by_role("heading", name="You no longer take part").wait_for()
        found += faults(window)

    assert found == []


def test_the_pages_of_a_student_with_a_partner(opened: Browser, paired: Places) -> None:
    with context(opened) as browser:
        window = Person.signed_in(browser, paired, "dana-dewdrop").open_window()
        found = faults(window)
        window.get_by_role("link", name="Open our page").first.click()
        window.get_by_role("heading", name="Why you two").wait_for()
        found += faults(window)
        window.get_by_role("link", name="Check in").first.click()
        window.get_by_role("button", name="Send").click()
        window.get_by_role("alert").wait_for()
        found += faults(window)
        answer(window)
        window.get_by_role("button", name="Send").click()
        window.get_by_text("Your check-in is saved and counted").wait_for()
        found += faults(window)
        found += faults_at(window, ["/me/join/questions", "/me/join/questions/times", "/me/participation/"])

    assert found == []


def test_the_pages_of_the_staff(opened: Browser, paired: Places) -> None:
    for student, number in (("gwen-gingham", 15), ("felix-featherstone", 7)):  # a mentor and a mentee
        join(paired, student, number)
    with context(opened) as browser:
        window = Person.signed_in(browser, paired, TEACHER).open_window()
        found = faults_at(window, ["/staff/", "/staff/people", "/staff/people?q=nobody", "/staff/check-ins/"])
        found += faults_at(
            window,
            ["/staff/gradebook/", "/staff/gradebook/differences/", "/staff/gradebook/columns/all", "/staff/matching/"],
        )
        window.get_by_role("button", name="Propose pairs").click()
        window.get_by_role("button", name="Publish").wait_for()
        found += faults(window)
        window.get_by_role("button", name="Discard").click()
        window.get_by_text("The draft is gone").wait_for()

    assert found == []


def test_the_pages_of_settings_phases_and_team(opened: Browser, paired: Places) -> None:
    with context(opened) as browser:
        window = Person.signed_in(browser, paired, TEACHER).open_window()
        sections = [f"/staff/settings/{name}" for name in ("objective", "preset", "roles", "calendar", "grading")]
        found = faults_at(window, ["/staff/settings", *sections, "/staff/phases/", "/staff/team/?q=o"])
        window.get_by_role("link", name="Add", exact=False).first.click()
        window.get_by_role("heading", level=1, name="Let somebody run this programme").wait_for()
        found += faults(window)
        window.goto(visit(window) + "/staff/settings/calendar")
        window.get_by_label("How many check-ins").fill("many")
        window.get_by_role("button", name="See what this does").click()
        window.get_by_role("alert").wait_for()
        found += faults(window)
        window.get_by_label("How many check-ins").fill("5")
        window.get_by_role("button", name="See what this does").click()
        window.get_by_role("heading", level=1, name="What this change does").wait_for()
        found += faults(window)
        found += faults_at(window, ["/staff/settings/versions", "/staff/settings/versions/1"])
        found += faults_at(window, [f"/staff/preview/{page}" for page in ("", "join/", "join/questions", "join/agree")])

    assert found == []


def test_the_pages_of_the_questionnaire_editor(opened: Browser, paired: Places) -> None:
    with context(opened) as browser:
        window = Person.signed_in(browser, paired, TEACHER).open_window()
        pages = ["/", "/new", "/new?kind=multi", "/new?kind=tick", "/languages", "/availability", "/matters_most"]
        found = faults_at(window, [f"/staff/questionnaire{page}" for page in pages])
        found += faults_at(
            window, [f"/staff/questionnaire/preview?role=either&page={page}" for page in ("help", "about")]
        )
        found += faults_at(window, ["/staff/questionnaire-file/", "/staff/questionnaire/new?kind=text"])
        window.get_by_role("button", name="Save").click()
        window.get_by_role("alert").wait_for()
        found += faults(window)
        window.goto(visit(window) + "/staff/questionnaire/languages")
        window.get_by_label("Question", exact=False).first.fill("Which languages do you speak?")
        window.get_by_role("button", name="Save").click()
        window.get_by_role("button", name="Save all the same").wait_for()
        found += faults(window)

    assert found == []


@pytest.mark.parametrize("key", ["olga-overlook", "test-student"])
def test_the_page_of_people_who_take_no_part(key: str, opened: Browser, places: Places) -> None:
    with context(opened) as browser:
        person = Person.signed_in(browser, places, key)
        person.page.goto(f"{places.lms}/courses/biology-101")
        with person.page.expect_popup() as popup:
            person.page.get_by_role("link", name="Open in a new tab").first.click()
        popup.value.wait_for_url("**/l/**")
        found = faults(popup.value)

    assert found == []


def test_the_pages_of_errors(opened: Browser, places: Places) -> None:
    with context(opened) as browser:
        window = Person.signed_in(browser, places, "dana-dewdrop").open_window()
        base, found = visit(window), []
        for address in (
            f"{base}/me/nothing",
            f"{base}/staff/",
            f"{places.tool}/",
            f"{places.tool}/nothing",
            f"{places.tool}/l/nobody/me/",
            f"{places.tool}/lti/login",
            f"{places.tool}/lti/launch",
            f"{places.tool}/lti/register?invite=used",
        ):
            window.goto(address)
            found += faults(window)
        window.goto(f"{base}/me/join/")
        window.locator("input[name=csrf_token]").evaluate("one => { one.value = 'forged' }")
        window.get_by_role("button", name="Save").click()
        window.get_by_role("heading", name="This form was open for too long").wait_for()
        found += faults(window)

    assert found == []


def test_the_pages_that_only_a_fault_brings(opened: Browser, places: Places, tmp_path: Path) -> None:
    app = create_app(settings(f"sqlite:///{tmp_path}/none.db", tmp_path, tool_url=places.tool))
    with app.test_request_context():
        pages = [errors.page(status)[0] for status in (403, 413, 500, 503)]
        pages.append(render_template("lti/no_course.html", return_url=places.lms))
    app.extensions["queue"].close()

    found = []
    with context(opened) as browser:
        window = browser.new_page()
        for number, text in enumerate(pages):
            show(window, f"{places.tool}/rendered/{number}", text)
            found += faults(window)

    assert found == []


def show(window: Page, address: str, text: str) -> None:
    """Open a page that was rendered here as if the tool had sent it."""
    window.route(address, lambda route: route.fulfill(body=text, content_type="text/html; charset=utf-8"))
    window.goto(address)


def test_an_lms_is_registered_in_its_own_frame(opened: Browser, started: tuple[Places, Programs]) -> None:
    places, programs = started
    invitation = programs.command("platforms", "invite")
    with context(opened) as browser:
        admin = Person.signed_in(browser, places, ADMIN)
        page = admin.page
        page.get_by_label("Registration address of the tool").fill(invitation)
        page.get_by_role("button", name="Register").click()
        element = page.locator("iframe.tool").element_handle()
        frame = element.content_frame()
        assert frame is not None
        frame.get_by_role("button", name="Connect").wait_for()
        found = faults(page, frame)
        frame.get_by_role("button", name="Connect").click()
        frame.get_by_role("heading", name="Your LMS is connected").wait_for()
        found += faults(page, frame)
        frame.get_by_role("button", name="Close this window").click()
        page.get_by_role("heading", name="Tools", exact=True).wait_for()

    assert found == []


def test_the_pages_of_the_demo_lms(opened: Browser, paired: Places) -> None:
    found = []
    with context(opened) as browser:
        page = Person.signed_in(browser, paired, TEACHER).page
        for path in (
            "/",
            "/courses",
            "/courses/biology-101",
            "/courses/biology-101/people",
            "/courses/biology-101/gradebook",
        ):
            page.goto(paired.lms + path)
            found += faults(page)

    assert found == []
