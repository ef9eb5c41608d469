"""The funnel on its pages: numbers with names behind them, a shortage in words, reminders and what became of them."""

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.store.db import db, transaction
from lti_tool.store.nudges import Nudge
from lti_tool.store.people import Member
from tests import make
from tests.conftest import Clock
from tests.outside import look_again
from tests.web.course import Browsers, Course, course

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def here(app: Flask, clock: Clock, pages: Browsers) -> Course:
    """A course with a mentor who has not applied, a mentee, and Charlie who has opened the tool."""
    made = course(pages, clock.now.replace(year=2027))
    charlie = make.person(made.at, "Charlie Chalk")
    with transaction() as session:
        session.query(Member).filter_by(person_id=charlie).one().launched_at = clock.now
    return made


def test_every_number_of_the_funnel_leads_to_its_names(here: Course) -> None:
    page = here.alice.open("cohort/")

    links = [str(one["href"]) for one in page.select("table a[href*='/cohort/']")]
    assert len(links) > 8
    for link in links:
        listed = here.alice.pages.get(link)
        number = next(one for one in page.select("table a") if one["href"] == link).contents[0]
        assert f"{number} {'person' if number == '1' else 'people'}" in listed.get_text()


def test_a_shortage_of_mentors_is_said_with_what_to_do(here: Course) -> None:
    for number in range(5):
        make.enrolment(here.at, make.person(here.at, f"Student {number}"), role="mentee")

    page = here.alice.open("cohort/").get_text()

    assert "There are places missing for 4 mentees" in page
    assert "Raise the most that one mentor may take" in page


def test_a_shortage_is_seen_on_the_overview_while_people_still_join(here: Course) -> None:
    before = here.alice.open().get_text()
    for number in range(9):
        make.enrolment(here.at, make.person(here.at, f"Student {number}"), role="mentee")

    page = here.alice.open()

    assert "missing for" not in before
    assert "missing for" in page.get_text()
    assert page.select("main a[href*='/staff/cohort/']")


def test_every_number_by_section_leads_to_its_names(here: Course) -> None:
    with transaction() as session:
        for number, member in enumerate(session.scalars(select(Member).order_by(Member.id))):
            member.section_ids = [f"Group {number % 2}"]

    page = here.alice.open("cohort/")
    table = next(one for one in page.select("table") if "By section" in one.get_text())
    numbers = [cell for cell in table.select("td.number") if cell.get_text(strip=True) != "0"]
    names = here.alice.pages.get(str(numbers[0].select("a")[0]["href"]))

    assert numbers
    assert all(cell.select("a") for cell in numbers)
    assert names.select(".rows > li")


def test_many_sections_are_paged_and_none_is_missing(here: Course) -> None:
    with transaction() as session:
        for member in session.scalars(select(Member)):
            member.section_ids = [f"A section with quite a long name, number {number:03d}" for number in range(100)]

    pages = [here.alice.open(f"cohort/?page={number}") for number in range(1, 8)]
    of_the_last = here.alice.open("cohort/?section=A+section+with+quite+a+long+name,+number+099")

    named = [cell.get_text(strip=True) for page in pages for cell in page.select("th a[href*='section=']")]
    assert len(set(named)) == 100
    assert "number 099" in of_the_last.get_text()


def test_a_reminder_stands_on_the_page_of_who_stands_still_until_it_is_done(here: Course, clock: Clock) -> None:
    page = here.alice.open("cohort/applied?who=silent")
    words = page.select("#f-text")[0].get_text()
    sent = here.alice.submit(
        "cohort/applied?who=silent", "/cohort/applied/remind", {"subject": "Please apply", "text": "Do it <b>now</b>."}
    )

    home = here.bob.open()
    make.application(here.bob_enrolment, state="submitted")
    after = here.bob.open()
    other = here.dana.open()

    assert "short application" in words
    assert "1 person is reminded on their page" in sent.get_text()
    assert "No mail: This tool is not set up to send mail." in sent.get_text()
    assert "Not again within a week" in sent.get_text()
    assert "Do it <b>now</b>." in home.get_text()
    assert "Please apply" not in after.get_text()
    assert "Please apply" not in other.get_text()


def test_a_second_reminder_within_a_week_says_why_nothing_happened(here: Course, clock: Clock) -> None:
    fields = {"subject": "Please apply", "text": "Soon."}
    here.alice.submit("cohort/applied?who=silent", "/cohort/applied/remind", fields)
    clock.advance(days=3)

    page = here.alice.submit("cohort/applied?who=silent", "/cohort/applied/remind", fields)

    look_again()
    assert "1 person was not reminded again" in page.get_text()
    assert len(db.session.scalars(select(Nudge).filter_by(channel="page")).all()) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("subject", ""),
        ("subject", "x" * 121),
        ("text", " "),
        ("text", "x" * 10_000),
        ("text", "a\x00b"),
        ("text", "a\u202eb"),
    ],
)
def test_a_wrong_reminder_is_said_beside_its_field_and_nothing_is_lost(here: Course, field: str, value: str) -> None:
    fields = {"subject": "Please apply", "text": "Soon."} | {field: value}

    page = here.alice.submit("cohort/applied?who=silent", "/cohort/applied/remind", fields, status=422)

    kept = "Soon." if field == "subject" else "Please apply"
    assert page.select(f"#f-{field}-problem")
    assert kept in str(page.select("form"))
    assert not db.session.scalars(select(Nudge)).all()


def test_who_has_not_opened_the_tool_is_invited_by_a_reminder(here: Course) -> None:
    make.person(here.at, "Gwen Gingham")

    here.alice.submit("cohort/invited?who=silent", "/cohort/invited/remind", {"subject": "Come", "text": "Please."})
    silent = here.alice.open("cohort/joined?who=silent")
    invited = here.alice.open("cohort/invited?who=silent")

    assert "Gwen Gingham" in silent.get_text()
    assert "Gwen Gingham" not in invited.get_text()


def test_lists_are_paged_searched_and_filtered(here: Course) -> None:
    for number in range(55):
        make.person(here.at, f"Student {number:02d}")

    first, second = here.alice.open("cohort/roster"), here.alice.open("cohort/roster?page=2")
    found = here.alice.open("cohort/roster?q=student+07")
    mentors = here.alice.open("cohort/joined?role=mentor")
    odd = here.alice.open("cohort/joined?role=king&section=%25&page=999&q=%25_")

    assert len(first.select(".rows > li")) == 50
    assert len(second.select(".rows > li")) == 8
    assert "Student 07" in found.get_text()
    assert [one.get_text() for one in mentors.select(".person-name")] == ["Bob Birchwood"]
    assert not odd.select(".rows > li")


def test_stages_that_the_programme_does_not_have_are_not_found(app: Flask, clock: Clock, pages: Browsers) -> None:
    here = course(pages, clock.now.replace(year=2027), asks_application=False, asks_training=False)

    here.alice.open("cohort/applied", status=404)
    here.alice.open("cohort/nonsense", status=404)
    token = str(here.alice.open("cohort/joined?who=silent").select("input[name=csrf_token]") or "")
    here.alice.pages.post(f"{here.alice.path}cohort/ready/remind", {"csrf_token": token}, status=400)

    assert "Trained" not in here.alice.open("cohort/").get_text()


def test_an_empty_course_says_so(app: Flask, clock: Clock, pages: Browsers) -> None:
    here = course(pages, clock.now.replace(year=2027))
    with transaction() as session:
        session.query(Member).filter_by(role="student").update({"is_active": False})

    assert "Nobody is known yet" in here.alice.open("cohort/").get_text()
