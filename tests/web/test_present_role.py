"""Staff pages follow what somebody is now: a roster or a later launch may have said otherwise since they came."""

from collections.abc import Callable
from dataclasses import replace

from lti_tool.actions.roster import refresh_roster
from lti_tool.demo_lms.people import Role
from lti_tool.demo_lms.vocabulary import MEMBERSHIP
from tests.conftest import Clock
from tests.outside import ALICE, BIOLOGY, THEO, Lms
from tests.pages import PageClient
from tests.web.coming import choosing, come_from

Browsers = Callable[[], PageClient]


def read_roster(lms: Lms, clock: Clock) -> None:
    """The roster is read once more, as the LMS has it now."""
    refresh_roster(lms.course().id, accept_shrink=False, by=lms.person(ALICE).id, now=clock.advance(minutes=1))
    lms.work()


def make(lms: Lms, person: str, role: Role) -> None:
    """The LMS makes somebody else of a member."""
    lms.campus.set_role(BIOLOGY, lms.sub(person), role)


def test_a_teacher_whom_the_roster_now_lists_as_student_loses_the_open_staff_pages(
    lms: Lms, clock: Clock, pages: Browsers
) -> None:
    browser = pages()
    path = lms.arrive(browser, ALICE)
    read_roster(lms, clock)
    browser.get(f"{path}staff/")

    make(lms, ALICE, Role.STUDENT)
    read_roster(lms, clock)

    browser.get(f"{path}staff/", status=401)


def test_a_teacher_who_came_a_second_time_loses_them_all_the_same(lms: Lms, clock: Clock, pages: Browsers) -> None:
    browser = pages()
    lms.arrive(browser, ALICE)
    read_roster(lms, clock)
    path = lms.arrive(browser, ALICE)

    make(lms, ALICE, Role.STUDENT)
    read_roster(lms, clock)

    browser.get(f"{path}staff/", status=401)


def test_an_assistant_whom_the_roster_never_listed_as_staff_keeps_the_staff_pages(
    lms: Lms, clock: Clock, pages: Browsers
) -> None:
    ways = lms.campus.dialect
    listed = {**ways.launch.roles, Role.ASSISTANT: (f"{MEMBERSHIP}#Learner",)}  # as Moodle lists non-editing teachers
    lms.campus.dialect = replace(ways, roster=replace(ways.roster, roles=listed))
    lms.arrive(pages(), ALICE)
    read_roster(lms, clock)
    browser = pages()
    path = lms.arrive(browser, THEO)

    for _again in range(3):
        read_roster(lms, clock)

    browser.get(f"{path}staff/")


def test_a_later_launch_as_student_ends_the_staff_pages_and_one_as_teacher_opens_new_ones(
    lms: Lms, pages: Browsers
) -> None:
    browser = pages()
    path = lms.arrive(browser, ALICE)
    make(lms, ALICE, Role.STUDENT)

    lms.arrive(pages(), ALICE)

    browser.get(f"{path}staff/", status=401)
    make(lms, ALICE, Role.TEACHER)
    browser.get(f"{lms.arrive(browser, ALICE)}staff/")


def test_who_no_longer_runs_the_course_chooses_no_content_for_it(lms: Lms, clock: Clock, pages: Browsers) -> None:
    lms.arrive(pages(), ALICE)
    read_roster(lms, clock)
    browser = pages()
    address = come_from(lms, browser, ALICE, choosing(lms)).location
    browser.get(address, follow_redirects=True)

    make(lms, ALICE, Role.STUDENT)
    read_roster(lms, clock)

    browser.get(f"{address.split('?')[0]}content/", status=401)
