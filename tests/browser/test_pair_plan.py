"""Agreement, goals and tasks with two browsers at one pair: without scripts, by keyboard, and axe finds nothing."""

import re
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page

from lti_tool.demo.campus import TEACHER, Places
from lti_tool.demo_lms import people
from tests.browser.audit import faults
from tests.browser.chromium import context
from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs

MOST_STEPS = 80  # presses of Tab until something must have come
_WHERE = "() => (document.activeElement.labels?.[0] ?? document.activeElement).innerText?.trim() ?? ''"


def two_windows(stack: ExitStack, opened: Browser, places: Places, *, has_scripts: bool) -> tuple[Page, Page]:
    """Dana's pair page, and her partner's, each in a browser of their own."""

    def window(key: str) -> Page:
        browser = stack.enter_context(context(opened, has_scripts=has_scripts))
        return Person.signed_in(browser, places, key, has_scripts=has_scripts).open_window()

    dana = window("dana-dewdrop")
    dana.get_by_role("link", name="Open our page").first.click()
    dana.wait_for_load_state()
    partner = dana.get_by_role("heading", level=1).inner_text().removeprefix("You and ")
    students = (people._person(line) for line in people._STUDENTS.split("\n") if line)
    other = window(next(one.key for one in students if one.name == partner))
    other.get_by_role("link", name="Open our page Dana Dewdrop").click()
    return dana, other


def open_page(window: Page, name: str) -> None:
    """One of the pair's pages, from wherever one is."""
    window.get_by_role("navigation", name="This pair").get_by_role("link", name=name).click()


def fill_in_goal(window: Page, outcome: str) -> None:
    """Write a goal into its form."""
    window.get_by_label("What will be different?").fill(outcome)
    window.get_by_label("How will you see that you are there?").fill("It is in the drop box.")
    window.get_by_label("Until when?").fill((datetime.now(UTC) + timedelta(days=7)).date().isoformat())
    window.get_by_label("Step 1").fill("An outline")


def press_to(window: Page, words: str) -> None:
    """Press Tab until the focus is on what begins with these words."""
    for _step in range(MOST_STEPS):
        window.keyboard.press("Tab")
        if window.evaluate(_WHERE).startswith(words):
            return
    raise AssertionError(f"no way by keyboard to {words}")


def test_a_pair_signs_agrees_and_ticks_without_scripts(opened: Browser, paired: Places) -> None:
    with ExitStack() as stack:
        dana, other = two_windows(stack, opened, paired, has_scripts=False)
        dana.set_viewport_size({"width": 320, "height": 800})
        open_page(dana, "Agreement")
        dana.get_by_role("link", name="Look at the draft").click()
        open_page(other, "Agreement")
        other.get_by_role("link", name="Look at the draft").click()

        other.get_by_label("How we meet").fill("Every Friday at three.")
        other.get_by_role("button", name="Save and sign").click()
        dana.get_by_label("How we meet").fill("Every Monday at four.")
        dana.get_by_role("button", name="Save and sign").click()

        dana.get_by_text("This was changed while you were writing").wait_for()
        assert dana.get_by_text("Every Friday at three.").is_visible()
        assert dana.get_by_label("How we meet").input_value() == "Every Monday at four."
        dana.get_by_label("How we meet").fill("Mondays at four, every other week on Friday at three.")
        dana.get_by_role("button", name="Save and sign").click()
        open_page(other, "Agreement")
        other.get_by_role("heading", name="What changed since you signed").wait_for()
        other.get_by_role("button", name="Sign this agreement").click()
        other.get_by_text("Everybody in this pair has signed it.").wait_for()

        open_page(dana, "Goals")
        dana.get_by_role("link", name="Suggest a goal").click()
        fill_in_goal(dana, "Hand in the second report on time")
        dana.get_by_role("button", name="Suggest it").click()
        open_page(other, "Goals")
        other.get_by_role("link", name="Look at it and answer").click()
        other.get_by_role("button", name="Agree").click()
        other.get_by_role("button", name="Done An outline").click()
        other.get_by_text("Every step counts.").wait_for()
        dana.reload()
        dana.get_by_text("done by").wait_for()


def test_a_task_is_written_and_finished_by_keyboard_alone(opened: Browser, paired: Places) -> None:
    with ExitStack() as stack:
        dana, _other = two_windows(stack, opened, paired, has_scripts=True)

        press_to(dana, "Tasks")
        dana.keyboard.press("Enter")
        dana.wait_for_url("**/tasks/")
        press_to(dana, "What is to be done?")
        dana.keyboard.type("Find the rubric")
        press_to(dana, "Add")
        dana.keyboard.press("Enter")
        dana.get_by_role("link", name="Find the rubric").wait_for()
        press_to(dana, "Done")
        dana.keyboard.press("Enter")

        dana.get_by_text("Every step counts.").wait_for()


def test_the_pages_of_agreement_goals_and_tasks(opened: Browser, paired: Places) -> None:
    with ExitStack() as stack:
        dana, other = two_windows(stack, opened, paired, has_scripts=True)
        pair = re.sub(r"(/pairs/\d+/).*", r"\1", dana.url)
        for words in ("Mondays at four.", "Tuesdays at five, or whenever there is time."):
            dana.goto(pair + "agreement/edit")
            dana.get_by_label("How we meet").fill(words)
            dana.get_by_role("button", name="Save and sign").click()
            dana.get_by_text("signed by you").wait_for()
        dana.goto(pair + "goals/new")
        fill_in_goal(dana, "Know three people who help")
        dana.get_by_role("button", name="Suggest it").click()
        dana.get_by_role("heading", level=1, name="Know three people").wait_for()
        goal = dana.url.partition("/me/")[2]
        partner = re.sub(r"/me/.*", "/me/", other.url)
        other.goto(partner + goal)
        found = faults(other)
        other.get_by_role("button", name="Agree").click()
        for number in ("3", "8"):
            other.get_by_label("How sure are you today").select_option(number)
            other.get_by_role("button", name="Note it").click()
            other.get_by_text("Noted.").wait_for()
        other.get_by_text("Show as a table").click()
        other.get_by_text("How this goal came to be").click()
        found += faults(other)
        for page in ("", "agreement/", "agreement/versions/1", "agreement/edit", "goals/", "goals/new", "tasks/"):
            other.goto(re.sub(r"goals/\d+$", page, partner + goal))
            found += faults(other)
        other.get_by_role("button", name="Add").click()
        other.get_by_role("alert").wait_for()
        found += faults(other)
        teacher = Person.signed_in(stack.enter_context(context(opened)), paired, TEACHER).open_window()
        teacher.goto(re.sub(r"/staff/.*", "/staff/agreements/", teacher.url))
        found += faults(teacher)

    assert found == []
