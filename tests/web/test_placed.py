"""Single things of a programme in a course: placed by deep linking, opened by everybody as what it is for them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from lti_tool.demo_lms.habits import LinkingHabits
from lti_tool.store.db import db
from lti_tool.store.placing import ProgrammeLink, programmes_in
from lti_tool.store.programme import Programme
from tests.actions.world import Pair, pair_at_work
from tests.conftest import Clock
from tests.outside import ALICE, BIOLOGY, BOB, CHARLIE, CHEMISTRY, DANA, OLGA, QUENTIN, ZOE, Lms, look_again
from tests.pages import PageClient
from tests.web.coming import choosing, come_from, copied, hand_back, lms_with, tool_id
from tests.web.test_visits import Cookieless

Browsers = Callable[[], PageClient]
CHECK_IN = {"pm_part": "check-in-2"}


@pytest.fixture
def pair(lms: Lms, clock: Clock, pages: Browsers) -> Pair:
    """Bob and Dana are a pair; all four check-ins are open."""
    for person in (ALICE, BOB, DANA, ZOE):
        lms.arrive(pages(), person)
    return pair_at_work(lms, clock)


def offered(lms: Lms, browser: PageClient, *, link: str = "") -> BeautifulSoup:
    """The page where Alice chooses, for a new link or for one that is there."""
    address = choosing(lms) + (f"?link={link}" if link else "")
    return browser.get(come_from(lms, browser, ALICE, address).location, follow_redirects=True)


def parts(lms: Lms, browser: PageClient) -> BeautifulSoup:
    """What can be placed of the course's programme."""
    page = offered(lms, browser)
    return browser.get(str(page.select("a[href*='/content/programmes/']")[0]["href"]))


def place(lms: Lms, browser: PageClient, *keys: str) -> int:
    """Alice places these things; the number of the first new link."""
    number = len(lms.campus.course_links(BIOLOGY))
    page = parts(lms, browser)
    taken = hand_back(lms, browser.submit(page, str(lms.programme().id), {"part": list(keys)}))
    assert taken.ok, taken.text
    return number


def opened(lms: Lms, browser: PageClient, person: str, link: int) -> str:
    """What somebody sees first after a click on the link: its heading."""
    page = browser.get(lms.launch(browser, person, link=link).location, follow_redirects=True)
    return page.select("h1")[0].get_text(" ", strip=True)


def test_a_placed_check_in_leads_everybody_to_the_page_that_is_theirs(lms: Lms, pair: Pair, pages: Browsers) -> None:
    number = place(lms, pages(), "check-in-2")
    bob, alice = pages(), pages()

    assert opened(lms, bob, BOB, number) == "Check-in 2"
    assert opened(lms, alice, ALICE, number) == "Check-in 2"

    assert bob.last
    assert alice.last
    assert bob.last.request.path.endswith(f"/me/pairs/{pair.pair_id}/check-ins/2")
    assert alice.last.request.full_path.endswith("/staff/check-ins/?number=2")


def test_a_placed_page_of_participation_leads_to_ones_own_points_and_staff_to_the_gradebook(
    lms: Lms, pair: Pair, pages: Browsers
) -> None:
    number = place(lms, pages(), "participation")

    assert opened(lms, pages(), DANA, number) == "My participation"
    assert opened(lms, pages(), ALICE, number) == "Gradebook"
    assert opened(lms, pages(), OLGA, number) not in {"My participation", "Gradebook"}


def test_a_placed_reflection_leads_to_ones_own_and_staff_to_those_handed_in(
    lms: Lms, pair: Pair, clock: Clock, pages: Browsers
) -> None:
    number = place(lms, pages(), "reflection-start")
    clock.now += timedelta(days=8)
    dana, alice = pages(), pages()

    assert opened(lms, dana, DANA, number) == "Reflection at the start"
    opened(lms, alice, ALICE, number)

    assert dana.last
    assert alice.last
    assert dana.last.request.path.endswith("/me/reflections/start")
    assert alice.last.request.full_path.endswith("/staff/reflections/?stage=start")


def test_a_placed_guide_opens_inside_ones_own_pair_and_for_staff_by_itself(
    lms: Lms, pair: Pair, pages: Browsers
) -> None:
    number = place(lms, pages(), "guide-first-meeting")
    bob, alice = pages(), pages()

    assert opened(lms, bob, BOB, number) == opened(lms, alice, ALICE, number) == "First meeting: who are we?"

    assert bob.last
    assert alice.last
    assert bob.last.request.path.endswith(f"/me/pairs/{pair.pair_id}/guides/first-meeting")
    assert alice.last.request.path.endswith("/staff/guides/first-meeting")


def test_a_guide_that_is_gone_is_said_plainly_to_everybody(lms: Lms, pair: Pair, pages: Browsers) -> None:
    number = len(lms.campus.course_links(BIOLOGY))
    custom = {"pm_activity": lms.programme().key, "pm_part": "guide-of-last-year"}
    lms.campus.add_link(course=BIOLOGY, client_id=tool_id(lms), title="Last year's", custom=custom)

    for person in (BOB, ALICE):
        browser = pages()
        page = browser.get(lms.launch(browser, person, link=number).location, follow_redirects=True)
        assert "There is no such guide any more" in page.get_text()


def test_only_the_whole_programme_brings_a_column(lms: Lms, pair: Pair, pages: Browsers) -> None:
    place(lms, pages(), "all", "check-in-1", "participation")

    links = [link.title for link in lms.campus.course_links(BIOLOGY)[-3:]]
    titled = lms.programme().title
    assert links == [titled, f"Check-in 1 – {titled}", f"My participation – {titled}"]
    assert [item.label for item in lms.campus.course_items(BIOLOGY)] == [titled]


@pytest.mark.parametrize("key", ["check-in-1", "reflection-end", "guide-mid-term"])
def test_without_a_pair_the_page_says_what_is_missing(lms: Lms, pair: Pair, pages: Browsers, key: str) -> None:
    number = place(lms, pages(), key)
    browser = pages()

    page = browser.get(lms.launch(browser, ZOE, link=number).location, follow_redirects=True)

    assert "You are not in a pair" in page.get_text()
    assert page.select("main a[href*='/me/']")


def test_a_check_in_that_is_not_open_yet_says_when_it_opens(lms: Lms, pair: Pair, pages: Browsers) -> None:
    number = place(lms, pages(), "check-in-2")
    lms.programme().cadence = "weekly"
    db.session.commit()
    browser = pages()

    page = browser.get(lms.launch(browser, BOB, link=number).location, follow_redirects=True)

    assert "Opens" in page.get_text()


def test_a_check_in_that_the_programme_no_longer_has_is_said_plainly(lms: Lms, pair: Pair, pages: Browsers) -> None:
    number = place(lms, pages(), "check-in-4")
    lms.programme().check_in_count = 2
    db.session.commit()

    browser = pages()
    page = browser.get(lms.launch(browser, BOB, link=number).location, follow_redirects=True)

    assert "no such check-in" in page.get_text()


def test_a_part_that_was_opened_first_never_becomes_the_programmes_own_link(
    lms: Lms, clock: Clock, pages: Browsers
) -> None:
    browser = pages()
    hand_back(lms, browser.submit(offered(lms, browser), "/new", {"title": "Study buddies", "points": "40"}))
    whole = len(lms.campus.course_links(BIOLOGY)) - 1
    part = place(lms, pages(), "check-in-1")

    lms.arrive(pages(), ALICE, link=part)
    lms.arrive(pages(), ALICE, link=whole)

    look_again()
    (programme,) = programmes_in(lms.course().id)
    assert programme.resource_link_id == lms.campus.course_links(BIOLOGY)[whole].public_id
    assert programme.bound_line_item_url
    assert db.session.query(ProgrammeLink).one().resource_link_id == lms.campus.course_links(BIOLOGY)[part].public_id


ODD = ["check-in-0", "check-in-x", "reflection-", "reflection-later", "guide-../x", "staff", "../staff/", ""]


@pytest.mark.parametrize("part", [*ODD, "participation/1"])
def test_a_name_that_somebody_wrote_by_hand_opens_the_first_page(
    lms: Lms, pair: Pair, pages: Browsers, part: str
) -> None:
    key, number = lms.programme().key, len(lms.campus.course_links(BIOLOGY))
    lms.campus.add_link(
        course=BIOLOGY, client_id=tool_id(lms), title="By hand", custom={"pm_activity": key, "pm_part": part}
    )

    browser = pages()
    lms_path = lms.arrive(browser, BOB, link=number)
    browser.get(lms_path, follow_redirects=True)

    assert browser.last
    assert browser.last.request.path.endswith("/me/")


def test_a_part_of_another_courses_programme_opens_nothing_of_it(lms: Lms, pair: Pair, pages: Browsers) -> None:
    key = lms.programme().key
    number = len(lms.campus.course_links(CHEMISTRY))
    lms.campus.add_link(
        course=CHEMISTRY, client_id=tool_id(lms), title="By hand", custom={"pm_activity": key, **CHECK_IN}
    )

    answer = lms.launch(pages(), CHARLIE, course=CHEMISTRY, link=number)

    assert answer.status_code == 200
    assert "Not set up yet" in answer.get_data(as_text=True)


def test_the_copy_of_a_placed_check_in_opens_the_copied_programmes(lms: Lms, pair: Pair, pages: Browsers) -> None:
    place(lms, pages(), "check-in-2")
    copy = copied(lms)
    number = next(
        place for place, link in enumerate(lms.campus.course_links(copy)) if link.custom.get("pm_part") == "check-in-2"
    )
    browser = pages()
    asked = browser.get(lms.launch(browser, ALICE, course=copy, link=number).location, follow_redirects=True)

    source = next(
        str(one["value"]) for one in asked.select("input[type=radio]") if str(one["value"]).startswith("copy")
    )
    browser.submit(asked, "/link/", {"choice": source}, status=303)
    page = browser.follow(follow_redirects=True)

    assert page.select("h1")[0].get_text(strip=True) == "Check-in 2"
    made = db.session.query(Programme).order_by(Programme.id.desc()).first()
    assert made
    assert (made.copied_from_id, made.resource_link_id) == (pair.at.programme_id, None)


def test_what_was_chosen_before_is_chosen_already_where_the_lms_sends_it_back(
    lms: Lms, pair: Pair, pages: Browsers
) -> None:
    number = place(lms, pages(), "check-in-2")
    link = lms.campus.course_links(BIOLOGY)[number]
    browser = pages()

    page = offered(lms, browser, link=link.id)
    chosen = [str(one["value"]) for one in page.select("input[checked]")]
    hand_back(lms, browser.submit(page, str(lms.programme().id), {"part": "check-in-3"}))

    assert chosen == ["check-in-2"]
    changed = lms.campus.course_links(BIOLOGY)[number]
    assert (changed.id, changed.custom["pm_part"]) == (link.id, "check-in-3")
    assert opened(lms, pages(), BOB, number) == "Check-in 3"


def test_from_what_was_chosen_before_one_comes_to_everything_else(lms: Lms, pair: Pair, pages: Browsers) -> None:
    number = place(lms, pages(), "participation")
    browser = pages()
    page = offered(lms, browser, link=lms.campus.course_links(BIOLOGY)[number].id)

    page = browser.get(str(page.select("a[href*='other=']")[0]["href"]))

    assert page.select("form[action*='/content/new']")


def test_nothing_ticked_is_asked_again(lms: Lms, pair: Pair, pages: Browsers) -> None:
    browser = pages()
    page = parts(lms, browser)

    page = browser.submit(page, str(lms.programme().id), {}, status=422)

    assert page.select(".field-problem")


def test_where_the_lms_takes_one_link_one_can_be_chosen(app: Flask, clock: Clock, pages: Browsers) -> None:
    with lms_with(app, clock, linking=LinkingHabits(accepts_several=False)) as lms:
        lms.arrive(pages(), ALICE)

        page = parts(lms, pages())

        assert page.select("input[type=radio][name=part]")
        assert not page.select("input[type=checkbox]")


def test_without_cookies_a_part_is_chosen_and_opened_all_the_same(lms: Lms, app: Flask, pair: Pair) -> None:
    cookieless = Cookieless(app)
    answer = come_from(lms, PageClient(app), ALICE, choosing(lms))
    page = cookieless.get(answer.location, follow_redirects=True)
    page = cookieless.get(str(page.select("a[href*='/content/programmes/']")[0]["href"]))

    hand_back(lms, cookieless.submit(page, str(lms.programme().id), {"part": ["check-in-1"]}))
    launched = lms.launch(PageClient(app), DANA, link=len(lms.campus.course_links(BIOLOGY)) - 1)
    page = cookieless.get(launched.location, follow_redirects=True)

    assert page.select("h1")[0].get_text(strip=True) == "Check-in 1"


def test_a_programme_of_another_course_has_no_parts_here(lms: Lms, pair: Pair, pages: Browsers) -> None:
    lms.arrive(pages(), QUENTIN, course=CHEMISTRY)
    browser = pages()
    page = parts(lms, browser)
    path = str(page.select("form[action*='/content/programmes/']")[0]["action"]).rpartition("/")[0]

    browser.get(f"{path}/{lms.programme(CHEMISTRY).id}", status=404)
