"""From the invitation's address to the first roster, by mouse, as an administrator and then a teacher do it.

Both are signed in to their LMS when the counting begins.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator

from lti_tool.demo.campus import ADMIN, TEACHER, Places
from lti_tool.demo.programs import Programs, running
from tests.bench.programs import free_port
from tests.browser.chromium import context
from tests.browser.journey import View
from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs

MOST_CLICKS = 10
SWITCH_ON = re.compile("^(Activate|Enable|Install) ")
STUDENT = "Bob Birchwood"  # nobody but the roster can have brought his name


@dataclass(slots=True)
class Mouse:
    """Counts its clicks; nothing in these tests is clicked without it."""

    clicks: int = 0

    def click(self, what: Locator) -> None:
        """Click once."""
        self.clicks += 1
        what.click()


@pytest.fixture(params=["own", "canvas", "moodle"])
def fresh(request: pytest.FixtureRequest, chromium_path: str, tmp_path: Path) -> Iterator[tuple[Places, Programs]]:
    """The tool, its worker and an LMS of these ways, which do not know each other; the tool's pages need Chromium."""
    assert chromium_path
    places = Places(tool=f"http://localhost:{free_port()}", lms=f"http://127.0.0.1:{free_port()}")
    with running(places, tmp_path / "demo", lms=request.param, students=12) as programs:
        yield places, programs


def begun(admin: Person, mouse: Mouse, address: str) -> View:
    """The tool's registration page, in the LMS's frame or in the window that the LMS opens."""
    admin.page.get_by_label("Registration address").fill(address)
    mouse.click(admin.page.get_by_role("button", name="Register tool"))
    onward = admin.page.get_by_role("link", name="Go to the tool")
    onward.or_(admin.page.locator("iframe.tool")).first.wait_for()
    if onward.count():
        with admin.page.expect_popup() as popup:
            mouse.click(onward)
        return popup.value
    frame = admin.page.locator("iframe.tool").element_handle().content_frame()
    assert frame is not None
    return frame


def connected(admin: Person, mouse: Mouse, address: str) -> None:
    """The administrator pastes the address, confirms it in the tool, and switches the tool on."""
    admin.page.goto(f"{admin.places.lms}/admin/")
    tool = begun(admin, mouse, address)
    mouse.click(tool.get_by_role("button", name="Connect"))
    tool.get_by_role("heading", level=1, name="Your LMS is connected").wait_for()
    mouse.click(tool.get_by_role("button", name="Close this window"))
    admin.page.wait_for_url(re.compile("/admin/$"))  # the LMS understood that it is over
    waiting = admin.page.get_by_role("button", name=SWITCH_ON)
    if waiting.count():
        mouse.click(waiting)
        admin.page.get_by_text("active", exact=True).wait_for()


def roster(teacher: Person, mouse: Mouse) -> View:
    """The teacher opens the course, the tool in it, and the tool's list of people."""
    teacher.page.goto(f"{teacher.places.lms}/courses")
    mouse.click(teacher.page.get_by_role("link", name="Biology 101"))
    mouse.click(teacher.page.get_by_role("link", name="Open here").first)
    frame = teacher.inside()
    mouse.click(frame.get_by_role("navigation", name="Main").get_by_role("link", name="People"))
    return frame


def test_ten_clicks_lead_from_the_address_to_the_first_roster(fresh: tuple[Places, Programs], opened: Browser) -> None:
    places, programs = fresh
    mouse = Mouse()
    with context(opened) as admins_browser, context(opened) as teachers_browser:
        admin = Person.signed_in(admins_browser, places, ADMIN)
        teacher = Person.signed_in(teachers_browser, places, TEACHER)

        connected(admin, mouse, programs.command("platforms", "invite"))
        people = roster(teacher, mouse)

        people.get_by_text(STUDENT).first.wait_for()  # the page looks again by itself while the worker reads
        assert mouse.clicks <= MOST_CLICKS
