"""What students and teachers do in the tool, by mouse and keyboard, on whatever page or frame it is shown."""

import re

from playwright.sync_api import Frame, Page

View = Page | Frame
EVENINGS = ("16", "18")  # when the demo's students are free


def join(view: View, role: str, *, by_keyboard: bool) -> None:
    """Every page on the way in: role, pages of questions, wishes, agreement."""
    view.get_by_role("link", name="Begin").click()
    view.locator(f"input[name=role][value={role}]").check()
    view.get_by_role("button", name="Save and go on").click()
    answer_pages(view, by_keyboard=by_keyboard)
    view.get_by_label("Name, or a part of it").fill("Gwen")
    view.get_by_role("button", name="Search").click()
    view.get_by_role("button", name="Please not Gwen Gingham").click()
    view.get_by_role("link", name="Go on").click()
    view.get_by_label("I agree to how we treat each other").check()
    view.get_by_label("I agree to what happens").check()
    view.get_by_role("button", name="Join").click()
    view.get_by_role("heading", level=1, name="You are in").wait_for()


def answer_pages(view: View, *, by_keyboard: bool) -> None:
    """Page after page of questions, to the page of wishes."""
    for page in ("help", "times", "studies", "about", "partner"):
        view.wait_for_url(re.compile(f"/join/questions/{page}"))
        answer(view)
        if page == "times":
            choose_evenings(view, by_keyboard=by_keyboard)
        view.get_by_role("button", name="Save and go on").click()
    view.wait_for_url(re.compile("/join/wishes"))


def answer(view: View) -> None:
    """Answer every question that can be chosen: the first of each kind of answer, and English."""
    for group in view.locator("fieldset:not(:has(table))").all():
        selects = group.locator("select").all()
        for place, select in enumerate(selects, 1):
            select.select_option(index=place)
        if not selects:
            group.locator("input[value=en]").or_(group.locator("input").first).first.check()
    for number in view.locator("input[inputmode=numeric]").all():
        number.fill("1")


def choose_evenings(view: View, *, by_keyboard: bool) -> None:
    """Be free every evening; by keyboard as people do it who use no mouse: arrows and space."""
    rows = view.locator("table[data-grid] tbody tr").all()
    if not by_keyboard:
        for row in rows:
            for hour in EVENINGS:
                row.locator(f"input[value$='-{hour}']").check()
        return
    here = rows[0].locator(f"input[value$='-{EVENINGS[0]}']")
    here.focus()
    for number in range(len(rows)):
        _press(view, "Space", "ArrowRight" if number % 2 == 0 else "ArrowLeft", "Space", "ArrowDown")


def check_in(view: View) -> None:
    """Send the check-in that is open."""
    view.get_by_role("link", name="Check in").first.click()
    view.wait_for_url(re.compile("/check-ins/"))
    answer(view)
    view.locator("textarea[name=next_step]").fill("Read chapter three together.")
    view.get_by_role("button", name="Send").click()
    view.get_by_text("Your check-in is saved and counted").wait_for()


def publish(view: View) -> None:
    """Ask for the best pairs, look at them, publish them."""
    view.get_by_role("navigation", name="Main").get_by_role("link", name="Matching").click()
    view.get_by_role("button", name="Propose pairs").click()
    view.get_by_role(
        "button", name="Publish"
    ).click()  # the page looks again by itself until the worker is done, without scripts, too
    view.get_by_text("The pairs are published").wait_for()


def _press(view: View, *keys: str) -> None:
    page = view if isinstance(view, Page) else view.page
    for key in keys:
        page.keyboard.press(key)
