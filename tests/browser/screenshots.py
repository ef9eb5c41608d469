"""Pictures of the main pages at 320 and 1280 px, light and dark: `python -m tests.browser.screenshots FOLDER`.

The pictures of the README, in docs/images, are parts of three of them: board.png, pair.png and join.png.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Literal

from playwright.sync_api import FloatRect, Page, sync_playwright

from lti_tool.demo.campus import TEACHER
from lti_tool.demo.students import join
from lti_tool.mentoring.gradebook_cells import SETTLES
from tests.browser import chromium
from tests.browser.journey import answer, check_in, choose_evenings
from tests.browser.person import Person
from tests.browser.place import place, wait_until

WIDTHS = (320, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
README = {"board": (840, 940), "pair": (0, 860), "join": (0, 980)}  # where it begins and how high it is, in px
CHEMISTRY, CHEMIST = "chemistry-101", "quentin-quicklime"
MORE = {"jonas-juniper": 7, "kira-kaleidoscope": 10, "mabel-marigold": 15, "nils-nightjar": 16}


def main(folder: Path) -> None:
    """Start everything, walk through it, take the pictures."""
    path = chromium.executable()
    if path is None:
        raise SystemExit("There is no Chromium: install it, or set CHROMIUM=/path/to/it.")
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        browser = chromium.start(stack.enter_context(sync_playwright()), path)
        demo = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "demo"
        places, _programs = stack.enter_context(place(demo))
        for key, number in MORE.items():
            join(places, key, number)

        def person(key: str) -> Person:
            return Person.signed_in(stack.enter_context(chromium.context(browser)), places, key)

        for name, page in set_up(person(CHEMIST).open_window(CHEMISTRY)):
            photograph(page, folder, name)
        for name, page in pages(person(TEACHER), person("dana-dewdrop"), person("kwame-kitestring")):
            photograph(page, folder, name)


def pages(teacher: Person, mentee: Person, newcomer: Person) -> Iterator[tuple[str, Page]]:
    """Every main page with its name, in the order in which people meet them."""
    yield from joining(newcomer.open_window())
    yield from staff(teacher.open_window())
    window = mentee.open_window()
    yield "student-home", window
    window.get_by_role("link", name="Open our page").first.click()
    window.wait_for_url("**/me/pairs/**")
    pair = window.url
    check_in(window)
    window.goto(pair)
    yield "pair", window
    window.get_by_role("link", name="Check in").first.click()
    window.get_by_role("button", name="Send").wait_for()
    yield "check-in", window
    yield "lms", teacher.open_tool().page
    yield from points(teacher, window)


def points(teacher: Person, student: Page) -> Iterator[tuple[str, Page]]:
    """What earns points, from the student's ledger over the release to a grade that was changed in the LMS."""
    window = teacher.open_window()
    base = window.url.split("/staff/", maxsplit=1)[0] + "/staff"
    everything_counts(window, base)
    student.get_by_role("navigation", name="Main").get_by_role("link", name="My participation").click()
    yield "participation", student
    student.get_by_role("link", name="Ask for an excuse").click()
    student.get_by_label("What would you like to be excused from?").select_option(index=1)
    student.get_by_label("Illness").check()
    student.get_by_role("button", name="Ask").click()
    student.get_by_text("Waits for an answer").first.wait_for()
    for name, path in (
        ("class", "participation/"),
        ("excuses", "participation/excuses/"),
        ("excuse-many", "participation/excuses/many/"),
        ("scheme", "what-earns-points/"),
        ("release", "release/"),
    ):
        window.goto(f"{base}/{path}")
        yield name, window
    before = teacher.grade("dana-dewdrop")
    window.get_by_role("button", name="Release everybody’s points").click()
    window.get_by_role("heading", name="What students will see").wait_for()
    yield "release-effect", window
    window.get_by_role("button", name="Release", exact=True).click()
    window.wait_for_url("**/release/")
    wait_until(lambda: teacher.grade("dana-dewdrop") != before, "the released points")
    change_in_lms(teacher)
    window.goto(f"{base}/participation/")
    window.get_by_role("link", name="Dana Dewdrop").click()
    yield "ledger", window
    window.get_by_role("link", name="Decide about: Check-in 2").press("Enter")
    window.wait_for_url("**/entry?*")
    yield "decide", window
    window.wait_for_timeout(
        SETTLES.total_seconds() * 1000
    )  # only then the tool believes that the LMS's value is its own
    wait_until(lambda: has_difference(window, base), "the value of the LMS")
    yield "gradebook-differs", window
    window.goto(f"{base}/gradebook/differences/")
    yield "who-is-right", window


def everything_counts(window: Page, base: str) -> None:
    """Let everything earn points from the start, and staff release them."""
    window.goto(f"{base}/settings/grading")
    window.locator("input[name=participation][value=default]").check()
    window.locator("input[name=release][value=by_hand]").check()
    save(window)
    window.goto(f"{base}/what-earns-points/")
    window.locator("input[name=basis][value=start]").check()
    save(window)


def save(window: Page) -> None:
    """Look at what a change does, and save it."""
    window.get_by_role("button", name="See what this does").click()
    window.get_by_role("button", name="Save this").click()
    window.get_by_text("Saved.").first.wait_for()


def change_in_lms(teacher: Person) -> None:
    """The teacher gives Dana another grade in the LMS."""
    teacher.page.get_by_role("row", name="Dana Dewdrop").get_by_role("link", name="Edit").first.click()
    teacher.page.get_by_label("Points").fill("12")
    teacher.page.get_by_role("button", name="Save").click()


def has_difference(window: Page, base: str) -> bool:
    """Whether the tool has seen the LMS's value, asked again each time."""
    window.goto(f"{base}/gradebook/")
    if window.get_by_role("link", name="Decide who is right").count():
        return True
    window.get_by_role("button", name="Compare now").click()
    return False


def set_up(window: Page) -> Iterator[tuple[str, Page]]:
    """The five questions of a programme that has just begun."""
    yield "begin", window
    window.get_by_role("link", name="Answer five questions first").click()
    for name in ("objective", "preset", "roles", "calendar", "grading"):
        window.wait_for_url(f"**/set-up/{name}*")
        yield f"set-up-{name}", window
        window.get_by_role("button", name="Save and go on").click()
    window.wait_for_url("**/set-up/ready*")
    yield "set-up-ready", window


def joining(window: Page) -> Iterator[tuple[str, Page]]:
    """The way in."""
    yield "welcome", window
    window.get_by_role("link", name="Begin").click()
    window.get_by_label("Mentee").check()
    yield "role", window
    window.get_by_role("button", name="Save and go on").click()
    for page in ("help", "times", "studies", "about", "partner"):
        window.wait_for_url(f"**/join/questions/{page}")
        answer(window)
        if page == "times":
            choose_evenings(window, by_keyboard=False)
        yield "join" if page == "times" else f"join-{page}", window
        window.get_by_role("button", name="Save and go on").click()
    window.get_by_role("button", name="Search").wait_for()
    window.get_by_label("Name, or a part of it").fill("e")
    window.get_by_role("button", name="Search").click()
    window.get_by_role("button", name="Would like").first.click()
    window.get_by_role("button", name="Please not").first.wait_for()
    yield "wishes", window
    window.get_by_role("link", name="Go on").click()
    window.get_by_role("button", name="Join").wait_for()
    yield "agree", window


def staff(window: Page) -> Iterator[tuple[str, Page]]:
    """The teacher's pages, the board last."""
    yield "overview", window
    for tab in ("People", "Settings"):
        window.get_by_role("navigation", name="Main").get_by_role("link", name=tab).click()
        yield tab.lower(), window
    window.get_by_role("link", name="Phases, and the next step").click()
    window.get_by_role("heading", name="Phases of the programme").wait_for()
    yield "phases", window
    base = window.url.split("/staff/", maxsplit=1)[0] + "/staff"
    for name, path in (("team", "team/?q=o"), ("preview", "preview/join/questions"), ("gradebook", "gradebook/")):
        window.goto(f"{base}/{path}")
        yield name, window
    window.goto(f"{base}/settings/grading")
    window.get_by_label("Points for everything together").fill("40")
    window.get_by_role("button", name="See what this does").click()
    window.get_by_role("button", name="Save this").wait_for()
    yield "impact", window
    window.goto(f"{base}/settings/versions")
    yield "versions", window
    window.get_by_role("navigation", name="Main").get_by_role("link", name="Matching").click()
    window.get_by_role("button", name="Propose pairs").click()
    window.get_by_role("button", name="Publish").wait_for()
    yield "board", window
    window.get_by_role("button", name="Publish").click()
    window.get_by_text("The pairs are published").wait_for()


def photograph(page: Page, folder: Path, name: str) -> None:
    """Four pictures of one page, and one of the part that the README shows."""
    page.mouse.move(0, 0)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": chromium.WINDOW["height"]})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=folder / f"{name}-{width}-{scheme}.png", full_page=True)
    page.set_viewport_size(chromium.WINDOW)
    page.emulate_media(color_scheme="light")
    if name in README:
        begins, height = README[name]
        part: FloatRect = {"x": 0, "y": begins, "width": chromium.WINDOW["width"], "height": height}
        page.screenshot(path=folder / f"{name}.png", full_page=True, clip=part)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
