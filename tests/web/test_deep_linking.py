"""Deep linking: what staff choose becomes a graded link in the course, and the link finds its programme."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from lti_tool.store.db import db
from lti_tool.store.placing import programmes_in
from tests.conftest import Clock
from tests.outside import ALICE, BIOLOGY, BOB, CHEMISTRY, QUENTIN, Lms, look_again
from tests.pages import PageClient
from tests.web.coming import choosing, come_from, hand_back

Browsers = Callable[[], PageClient]


def choose(lms: Lms, browser: PageClient, person: str = ALICE) -> str:
    """The address of the page where this person chooses."""
    answer = come_from(lms, browser, person, choosing(lms))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.location)


def links(lms: Lms, course: str = BIOLOGY) -> list[str]:
    """The titles of the course's links."""
    return [link.title for link in lms.campus.course_links(course)]


def test_a_new_programme_becomes_a_link_with_a_column(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    page = browser.get(choose(lms, browser), follow_redirects=True)

    answer = browser.submit(page, "/new", {"title": "Study buddies", "points": "40"})
    taken = hand_back(lms, answer)

    assert taken.ok, taken.text
    assert links(lms)[-1] == "Study buddies"
    (column,) = lms.campus.course_items(BIOLOGY)
    programme = programmes_in(lms.course().id)[-1]
    assert (column.label, column.score_maximum) == ("Study buddies", 40)
    assert (column.details["resourceId"], column.details["tag"]) == (programme.key, "participation")


def test_the_created_link_finds_its_programme_for_everybody(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    page = browser.get(choose(lms, browser), follow_redirects=True)
    hand_back(lms, browser.submit(page, "/new", {"title": "Study buddies", "points": "40"}))
    number = len(links(lms)) - 1

    lms.arrive(pages(), BOB, link=number)
    lms.arrive(pages(), ALICE, link=number)

    look_again()
    (programme,) = programmes_in(lms.course().id)
    assert (programme.title, programme.points) == ("Study buddies", 40)
    assert programme.resource_link_id == lms.campus.course_links(BIOLOGY)[number].public_id
    assert programme.bound_line_item_url


def test_an_existing_programme_can_be_shown_by_a_second_link(lms: Lms, pages: Browsers) -> None:
    lms.arrive(pages(), ALICE)
    browser = pages()
    page = browser.get(choose(lms, browser), follow_redirects=True)

    hand_back(lms, browser.submit(page, "/existing", {}))
    lms.arrive(pages(), BOB, link=len(links(lms)) - 1)

    look_again()
    assert len(programmes_in(lms.course().id)) == 1


def test_nothing_chosen_is_said_to_the_lms(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    before = links(lms)
    page = browser.get(choose(lms, browser), follow_redirects=True)

    taken = hand_back(lms, browser.submit(page, "/nothing", {}))

    assert taken.ok
    assert links(lms) == before


def test_the_form_may_go_to_the_lms_only(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    page = browser.get(choose(lms, browser), follow_redirects=True)

    browser.submit(page, "/nothing", {})

    assert browser.last
    policy = browser.last.headers["Content-Security-Policy"]
    assert f"form-action {lms.url};" in policy


@pytest.mark.parametrize("fields", [{"title": "", "points": "40"}, {"title": "Buddies", "points": "none"}])
def test_a_wrong_form_keeps_what_was_written(lms: Lms, pages: Browsers, fields: dict[str, str]) -> None:
    browser = pages()
    page = browser.get(choose(lms, browser), follow_redirects=True)

    page = browser.submit(page, "/new", fields, status=422)

    assert page.select("#f-title")[0]["value"] == fields["title"]
    assert programmes_in(lms.course().id) == []


def test_nobody_else_opens_the_choice(lms: Lms, pages: Browsers) -> None:
    browser, stranger = pages(), pages()
    path = urlsplit(choose(lms, browser)).path

    stranger.get(path, status=401)
    stranger.get(f"{path}content/", status=401)
    stranger.post(f"{path}content/new", {"title": "Mine", "points": "1"}, status=400)

    assert programmes_in(lms.course().id) == []


def test_an_answer_is_given_once(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    page = browser.get(choose(lms, browser), follow_redirects=True)
    browser.submit(page, "/new", {"title": "Study buddies", "points": "40"})

    browser.submit(page, "/new", {"title": "Study buddies", "points": "40"}, status=400)

    assert len(programmes_in(lms.course().id)) == 1


def forge(lms: Lms, course: str, key: str) -> int:
    """A link of the course whose custom parameters somebody wrote by hand; its place."""
    client = next(iter(lms.campus.tools))
    lms.campus.add_link(course=course, client_id=client, title="By hand", url="", custom={"pm_activity": key})
    return len(links(lms, course)) - 1


def test_an_unknown_id_is_settled_by_staff_and_is_not_set_up_for_learners(
    lms: Lms, pages: Browsers, clock: Clock
) -> None:
    lms.arrive(pages(), ALICE)
    number = forge(lms, BIOLOGY, "0" * 32)

    early = lms.launch(pages(), BOB, link=number)
    browser = pages()
    asked = lms.launch(browser, ALICE, link=number)
    page = browser.get(asked.location, follow_redirects=True)
    shown = next(str(one["value"]) for one in page.select("input[type=radio]") if str(one["value"]).startswith("show"))
    browser.submit(page, "/link/", {"choice": shown}, status=303)
    lms.arrive(pages(), BOB, link=number)

    assert early.status_code == 200
    assert "Not set up yet" in early.get_data(as_text=True)
    look_again()
    assert len(programmes_in(lms.course().id)) == 1


def test_an_id_of_another_course_opens_nothing_there(lms: Lms, pages: Browsers) -> None:
    lms.arrive(pages(), ALICE)
    number = forge(lms, CHEMISTRY, lms.programme().key)

    answer = lms.launch(pages(), QUENTIN, course=CHEMISTRY, link=number)

    assert "/e/" in answer.location  # asked, not let in
    assert db.session.scalars(select(type(lms.programme()))).all() == [lms.programme()]
