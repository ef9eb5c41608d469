"""From a click in the course to a grade in the LMS, in a frame of another site, with and without JavaScript."""

import pytest
from playwright.sync_api import Browser

from lti_tool.demo.campus import TEACHER, Places
from tests.browser import journey
from tests.browser.chromium import context
from tests.browser.person import Person
from tests.browser.place import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs


@pytest.mark.parametrize(("student", "has_scripts"), [("kwame-kitestring", True), ("priya-pinecone", False)])
def test_a_student_joins_is_paired_checks_in_and_sees_the_grade(
    student: str, has_scripts: bool, opened: Browser, places: Places
) -> None:
    with (
        context(opened, has_scripts=has_scripts) as students_browser,
        context(opened, has_scripts=has_scripts) as teachers_browser,
    ):
        newcomer = Person.signed_in(students_browser, places, student, has_scripts=has_scripts)
        teacher = Person.signed_in(teachers_browser, places, TEACHER, has_scripts=has_scripts)

        frame = newcomer.open_tool()
        journey.join(frame, "mentee", by_keyboard=has_scripts)
        journey.publish(teacher.open_tool())
        frame.get_by_role("link", name="Mentoring", exact=True).click()
        frame.get_by_role("link", name="Open our page").click()
        reasons = frame.get_by_role("list", name="Why you were matched")
        reasons.get_by_role("listitem").first.wait_for()
        journey.check_in(frame)

        wait_until(lambda: newcomer.grade(student) == "25", "the points of joining and of the check-in")
        assert teacher.grade(student) == "25"
