"""Deep linking in Chromium: the teacher chooses in a frame; the choice goes back to the LMS by itself or by hand."""

import pytest
from playwright.sync_api import Browser, Frame

from lti_tool.demo.campus import COURSE, TEACHER, Places
from tests.browser.audit import faults
from tests.browser.chromium import context
from tests.browser.person import MOST_HAND_OVERS, Person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs

CHOICE = "Add Peer Mentoring to your course"


def choosing(teacher: Person) -> Frame:
    """The tool's page in the course's frame, where content is chosen."""
    teacher.page.goto(f"{teacher.places.lms}/courses/{COURSE}")
    teacher.page.get_by_role("link", name="Add content from").first.click()
    frame = teacher.page.locator("iframe.tool").element_handle().content_frame()
    assert frame is not None
    heading = frame.get_by_role("heading", level=1, name=CHOICE)
    for _hop in range(0 if teacher.has_scripts else MOST_HAND_OVERS):
        onward = frame.get_by_role("button", name="Continue").or_(frame.get_by_role("link", name="Continue here"))
        onward.or_(heading).first.wait_for()
        if heading.count():
            break
        before = frame.url
        onward.first.click()
        frame.wait_for_url(lambda url, before=before: url != before)  # type: ignore[misc]  # bound in the loop
    heading.wait_for()
    return frame


@pytest.mark.parametrize("has_scripts", [True, False])
def test_a_chosen_part_comes_back_to_the_lms_by_itself_and_without_scripts_by_its_button(
    has_scripts: bool, opened: Browser, places: Places
) -> None:
    with context(opened, has_scripts=has_scripts) as browser:
        teacher = Person.signed_in(browser, places, TEACHER, has_scripts=has_scripts)
        frame = choosing(teacher)
        found = faults(teacher.page, frame) if has_scripts else []

        frame.get_by_role("link", name="One thing of it").first.click()
        frame.get_by_role("checkbox", name="My participation").check()
        found += faults(teacher.page, frame) if has_scripts else []
        frame.get_by_role("button", name="Add it").click()
        if not has_scripts:
            frame.get_by_role("heading", level=1, name="Back to your LMS").wait_for()
            frame.get_by_role("button", name="Continue").click()

        frame.get_by_role("heading", level=1, name="Content added").wait_for()
        assert "My participation" in frame.locator("main").inner_text()
    assert found == []
