"""Hold, release, post: staff see what a release would change, who is left out and why, and decide."""

from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import func, select

from lti_tool.actions.participation import count_what_time_changed, release_what_is_due
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.gradebook import Score
from lti_tool.store.people import Member, Person
from lti_tool.store.programme import Programme
from tests import make
from tests.bench.term import FIRST, HALF_WAY, half_term
from tests.conftest import Clock
from tests.outside import look_again
from tests.pages import PageClient
from tests.web.test_settings_pages import Teacher, teacher

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Browsers = Callable[[], PageClient]
HERE = "release/"


@pytest.fixture
def alice(app: Flask, clock: Clock, pages: Browsers) -> Teacher:
    """Alice at half-term; sixty people take part, and their points are counted."""
    clock.now = HALF_WAY
    made = teacher(half_term(60), clock, pages())
    count_what_time_changed(now=HALF_WAY)
    return made


def words(page: BeautifulSoup) -> str:
    """What a page says."""
    return " ".join(page.get_text(" ", strip=True).split())


def post(alice: Teacher, status: int = 200, **fields: object) -> BeautifulSoup:
    """Send one of the page's forms."""
    token = alice.open(HERE).select_one("input[name=csrf_token]")["value"]
    return alice.pages.post(f"{alice.path}{HERE}", {"csrf_token": token} | fields, status=status)


def scores() -> int:
    """How many people have a score."""
    look_again()
    return db.session.scalar(select(func.count(Score.id))) or 0


def test_until_staff_release_them_points_are_held_and_listed_with_what_they_were(alice: Teacher) -> None:
    page = alice.open(HERE)

    assert scores() == 0
    assert "60 people have new or changed points since the last release." in words(page)
    assert len(page.select("input[name=who]")) == 25
    assert "When staff release them" in words(page)
    assert sum(int(one.get_text()) for one in page.select(".chart-table td.number")[1::2]) == 60
    assert len(alice.open(f"{HERE}?page=3").select("input[name=who]")) == 10


def test_a_release_of_everybody_says_what_students_will_see_and_is_kept(alice: Teacher) -> None:
    shown = post(alice, of="all")
    held = scores()
    post(alice, 303, of="all", then="release")

    page = alice.pages.follow()
    assert "For 60 people these are the first points." in words(shown)
    assert held == 0
    assert scores() == 60
    assert "Released: points of 60 people." in words(page)
    assert "Released already, and nothing has changed since: 60" in words(page)
    assert "60 people, Alice Ashford" in words(page)


def test_a_release_of_those_ticked_leaves_everybody_else_held(alice: Teacher) -> None:
    post(alice, 303, who=[FIRST, FIRST + 1, 7], then="release")

    assert scores() == 2
    assert "58 people have new or changed points" in words(alice.open(HERE))


def test_releasing_nobody_does_nothing(alice: Teacher) -> None:
    post(alice, 303, then="release")

    assert "Nothing to release" in words(alice.pages.follow())
    assert scores() == 0


def test_nobody_of_another_course_is_released(alice: Teacher) -> None:
    other = make.setting(context_id="chem-101", release="by_hand")
    theirs = make.enrolment(other, make.person(other, "Charlie Chalk"), role="mentee")

    post(alice, 303, who=[theirs], then="release")

    assert scores() == 0


def test_what_changes_after_a_release_waits_for_the_next_and_says_from_what_to_what(
    alice: Teacher, clock: Clock
) -> None:
    post(alice, 303, of="all", then="release")
    clock.advance(days=14)
    count_what_time_changed(now=clock.now)

    page = alice.open(f"{HERE}?show=news")
    before, after = page.select("tbody tr")[0].select("td.number")
    look_again()
    kept = set(db.session.scalars(select(Score.changed_at)))
    assert before.get_text() != after.get_text()
    assert kept == {HALF_WAY}
    shown = post(alice, of="all")
    assert "will see fewer points than before" in words(shown)


def test_everybody_who_is_left_out_is_counted_and_listed_by_reason(alice: Teacher) -> None:
    with transaction() as session:
        session.get_one(Enrolment, FIRST).state = "draft"
        session.get_one(Person, FIRST + 1).is_test_user = True
        session.scalars(select(Member).filter_by(person_id=FIRST + 2)).one().is_active = False

    said = words(alice.open(HERE))
    test_user = words(alice.open(f"{HERE}?show=test_user"))
    for expected in (
        "Began to join and did not finish: 1",
        "test student, of whom nothing is ever sent: 1",
        "No longer in the course or the programme: their points are kept, and nothing is sent: 1",
    ):
        assert expected in said
    assert "Student 1001" in test_user
    post(alice, 303, of="all", then="release")
    assert scores() == 57


def test_a_zero_is_sent_only_after_the_end(alice: Teacher, clock: Clock) -> None:
    alice.save("grading", participation="check_ins")  # twelve people have sent none
    zeros = words(alice.open(f"{HERE}?show=zero"))
    post(alice, 303, of="all", then="release")
    held = scores()
    clock.advance(days=60)
    with transaction() as session:
        session.get_one(Programme, alice.at.programme_id).phase = "closed"
    count_what_time_changed(now=clock.now)

    shown = post(alice, of="all")
    post(alice, 303, of="all", then="release")

    assert "a zero is sent only after the end, when you release it: 12" in zeros
    assert "Student 1000" in zeros
    assert held == 48
    assert "12 people will see a zero." in words(shown)
    assert scores() == 60


def test_the_page_says_when_the_clock_releases_next_and_for_what(alice: Teacher, clock: Clock) -> None:
    alice.save("grading", release="after_due")
    released = release_what_is_due(now=clock.now)

    page = alice.open(HERE)
    after = words(page)
    clock.advance(days=30)
    count_what_time_changed(now=clock.now)
    again = release_what_is_due(now=clock.now)

    assert released == 60
    assert "By themselves, three days after each due date" in after
    assert "The next time:" in after
    assert "by the clock" in after
    assert again > 0
    assert release_what_is_due(now=clock.now) == 0


def test_an_ungraded_programme_releases_nothing(alice: Teacher) -> None:
    alice.save("grading", is_graded=[])

    page = alice.open(HERE)

    assert "so nothing is released" in words(page)
    assert not page.select("button:-soup-contains('Release')")
