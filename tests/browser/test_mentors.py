"""Applying, training and the funnel: axe finds nothing, and everything works at 320 px without JavaScript."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from lti_tool.demo.campus import TEACHER, Places
from lti_tool.demo.programs import Programs
from tests.browser import journey
from tests.browser.audit import faults
from tests.browser.chromium import context
from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs

MOTIVATION = " ".join(["Because I remember how it was to be new here."] * 9)


@pytest.fixture
def asking(opened: Browser, started: tuple[Places, Programs]) -> Iterator[Places]:
    """A course whose mentors apply and are trained while the test runs."""
    places, _programs = started
    ask(opened, places, is_asked=True)
    yield places
    ask(opened, places, is_asked=False)


def ask(opened: Browser, places: Places, *, is_asked: bool) -> None:
    """The teacher changes the settings."""
    with context(opened) as browser:
        window = Person.signed_in(browser, places, TEACHER).open_window()
        window.goto(visit(window) + "/staff/settings/roles")
        for label in ("Mentors apply first", "Mentors pass the training first"):
            window.get_by_label(label).set_checked(is_asked)
        window.get_by_role("button", name="See what this does").click()
        window.get_by_role("button", name="Save this").click()
        window.get_by_text("Saved.").first.wait_for()


def visit(window: Page) -> str:
    """The address under which all pages of this visit are."""
    return re.sub(r"(/l/[^/]+)/.*", r"\1", window.url)


def apply(window: Page) -> None:
    """Write an application and send it."""
    window.goto(visit(window) + "/me/application/about")
    window.get_by_label("Why would you like to be a mentor?").fill(MOTIVATION)
    window.get_by_label("What did you struggle with").fill("Statistics.")
    window.get_by_role("button", name="Save and go on").click()
    window.wait_for_load_state()
    for group in window.get_by_role("radiogroup").all():
        group.get_by_role("radio").nth(1).check()
    window.get_by_role("button", name="Save and go on").click()
    window.get_by_label("I will go through the training").check()
    window.get_by_role("button", name="Send my application").click()
    window.get_by_text("Your application is with the staff").first.wait_for()


def test_a_mentor_applies_is_approved_and_trains_without_scripts_on_a_narrow_screen(
    opened: Browser, asking: Places
) -> None:
    with context(opened, has_scripts=False) as browser:
        person = Person.signed_in(browser, asking, "quinn-quillfeather", has_scripts=False)
        window = person.open_window()
        window.set_viewport_size({"width": 320, "height": 800})
        journey.join(window, "mentor", by_keyboard=False)
        apply(window)

        teacher = Person.signed_in(browser, asking, TEACHER, has_scripts=False).open_window()
        teacher.set_viewport_size({"width": 320, "height": 800})
        teacher.goto(visit(teacher) + "/staff/mentors/")
        teacher.get_by_label("Tick Quinn Quillfeather").check()
        teacher.get_by_role("button", name="Approve all that are ticked").click()
        teacher.get_by_text("1 mentor is approved").wait_for()

        window.goto(visit(window) + "/me/training/mentor/")
        window.get_by_role("link", name="Begin").click()
        window.get_by_role("button", name="Read, go on").click()
        window.goto(visit(window) + "/me/training/mentor/")
        window.get_by_role("link", name="Go on").wait_for()
        window.goto(visit(window) + "/me/training/mentor/tr1/sc1")
        window.get_by_role("radio").first.check()
        window.get_by_role("button", name="Choose").click()
        window.get_by_role("heading", name="You could say it like this").wait_for()
        window.goto(visit(window) + "/me/training/mentor/quiz/")
        window.get_by_role("link", name="Begin").click()
        window.get_by_role("radio").first.check()
        window.get_by_role("button", name="Answer").click()
        window.get_by_role("link", name="Next question").click()
        window.get_by_role("heading", name=re.compile("Question 2 of")).wait_for()


def test_the_pages_of_applying_training_and_the_funnel(opened: Browser, asking: Places) -> None:
    found: list[str] = []

    def look(window: Page, *paths: str) -> None:
        for path in paths:
            window.goto(visit(window) + path)
            found.extend(faults(window))

    with context(opened) as browser:
        window = Person.signed_in(browser, asking, "rosa-raincloud").open_window()
        journey.join(window, "mentor", by_keyboard=False)
        look(window, "/me/", "/me/application/", "/me/application/about", "/me/application/send")
        window.goto(visit(window) + "/me/application/about")
        window.get_by_role("button", name="Save and go on").click()
        window.get_by_role("alert").wait_for()
        found.extend(faults(window))
        apply(window)
        look(window, "/me/application/", "/me/application/situations", "/me/training/", "/me/training/mentor/")
        look(
            window,
            "/me/training/mentor/tr1/one-step-ahead",
            "/me/training/mentor/tr1/sc1",
            "/me/training/documents/help",
        )
        window.goto(visit(window) + "/me/training/mentor/tr1/sc1")
        window.get_by_role("radio").first.check()
        window.get_by_role("button", name="Choose").click()
        window.get_by_role("heading", name="You could say it like this").wait_for()
        found.extend(faults(window))
        look(window, "/me/training/mentor/quiz/")
        window.get_by_role("link", name="Begin").click()
        found.extend(faults(window))
        window.get_by_role("radio").first.check()
        window.get_by_role("button", name="Answer").click()
        window.get_by_role("link", name="Next question").wait_for()
        found.extend(faults(window))

        teacher = Person.signed_in(browser, asking, TEACHER).open_window()
        look(teacher, "/staff/cohort/", "/staff/cohort/joined", "/staff/cohort/trained?who=silent", "/staff/mentors/")
        look(teacher, "/staff/cohort/joined?who=silent", "/staff/mentors/?show=declined", "/staff/mentors/?q=nobody")
        teacher.goto(visit(teacher) + "/staff/mentors/")
        teacher.get_by_role("link", name="Rosa Raincloud").click()
        found.extend(faults(teacher))
        teacher.get_by_role("radio", name="Ask for more").check()
        teacher.get_by_role("button", name="Save").click()
        teacher.get_by_role("alert").wait_for()
        found.extend(faults(teacher))

    assert found == []
