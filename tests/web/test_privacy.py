"""Launches about somebody: a submission to review, and the data of one person."""

import json
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update

from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.gradebook import Column, Score
from lti_tool.store.matching import Pair
from lti_tool.store.people import Person
from lti_tool.store.platforms import Registration
from lti_tool.store.programme import AuditEntry, Programme
from lti_tool.store.workspace import CheckIn
from tests.actions.world import pair_at_work
from tests.conftest import Clock
from tests.outside import ALICE, BIOLOGY, BOB, DANA, IRIS, Lms, look_again
from tests.pages import PageClient
from tests.web.coming import come_from, message_from, tool_id

Browsers = Callable[[], PageClient]


@pytest.fixture
def at_work(lms: Lms, pages: Browsers, clock: Clock) -> Lms:
    """Bob and Dana are a pair; Bob has checked in once, and the gradebook has it."""
    for person in (ALICE, BOB, DANA):
        lms.arrive(pages(), person)
    pair_at_work(lms, clock).check_in(BOB, 1)
    lms.work()
    return lms


def about(lms: Lms, person: str) -> str:
    """Where the administrator asks about this person."""
    return f"/admin/privacy/launch?client_id={tool_id(lms)}&person={person}"


def review(lms: Lms, person: str) -> str:
    """Where the LMS shows this person's submission."""
    (item,) = lms.campus.course_items(BIOLOGY)
    link = lms.campus.course_links(BIOLOGY)[0]
    lms.campus.line_items[item.id] = replace(item, resource_link_id=link.id)
    return f"/courses/{BIOLOGY}/gradebook/{item.id}/{person}/review"


def test_a_review_shows_the_participation_to_staff(at_work: Lms, pages: Browsers) -> None:
    browser = pages()

    page = browser.get(come_from(at_work, browser, ALICE, review(at_work, BOB)).location, follow_redirects=True)

    assert "Participation of Bob Birchwood" in page.get_text()
    assert "25 of 100" in page.get_text()


def test_a_review_shows_people_themselves(at_work: Lms, pages: Browsers) -> None:
    browser = pages()

    page = browser.get(come_from(at_work, browser, BOB, review(at_work, BOB)).location, follow_redirects=True)

    assert "My participation" in page.get_text()


def unbound(lms: Lms, person: str) -> str:
    """Where the LMS shows this person's submission by the column alone, which no link has."""
    (item,) = lms.campus.course_items(BIOLOGY)
    lms.campus.line_items[item.id] = replace(item, resource_link_id=None)
    tool = lms.campus.tools[item.client_id]
    reviews = {**tool.targets, "LtiSubmissionReviewRequest": tool.target_link_uri}
    lms.campus.tools[item.client_id] = replace(tool, targets=reviews)
    return f"/courses/{BIOLOGY}/gradebook/{item.id}/{person}/review"


def test_a_review_without_a_link_finds_the_programme_by_its_column(at_work: Lms, pages: Browsers) -> None:
    staff, student = pages(), pages()

    seen = staff.get(come_from(at_work, staff, ALICE, unbound(at_work, BOB)).location, follow_redirects=True)
    own = student.get(come_from(at_work, student, BOB, unbound(at_work, BOB)).location, follow_redirects=True)

    assert "Participation of Bob Birchwood" in seen.get_text()
    assert "My participation" in own.get_text()
    look_again()
    assert len(db.session.scalars(select(Programme)).all()) == 1


def test_a_review_of_a_column_that_is_no_programmes_is_refused_and_begins_nothing(
    at_work: Lms, pages: Browsers
) -> None:
    address = unbound(at_work, BOB)
    with transaction() as session:
        session.execute(update(Column).values(line_item_url="https://lms.example.invalid/another"))
    browser = pages()

    answer = browser.raw().post("/lti/launch", data=message_from(at_work, browser, ALICE, address))

    assert answer.status_code == 400
    assert "resource-link-missing" in answer.get_data(as_text=True)
    look_again()
    assert len(db.session.scalars(select(Programme)).all()) == 1
    assert db.session.scalars(select(Registration.refused_code)).one() == "resource-link-missing"


def test_the_administrator_downloads_everything_about_a_person(at_work: Lms, pages: Browsers) -> None:
    browser = pages()
    page = browser.get(come_from(at_work, browser, IRIS, about(at_work, BOB)).location, follow_redirects=True)

    file = browser.raw().get(str(page.select("a[href*='export.json']")[0]["href"]))

    told = json.loads(file.get_data(as_text=True))
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert told["person"][0]["name"] == "Bob Birchwood"
    assert [len(told[name]) for name in ("member", "enrolment", "pair", "check_in", "score")] == [1, 1, 1, 1, 1]
    assert "secret" not in file.get_data(as_text=True)
    assert "Dana" not in file.get_data(as_text=True)


def test_erasing_leaves_a_pseudonym_and_everybody_elses_things(at_work: Lms, pages: Browsers) -> None:
    bob, browser = at_work.person(BOB).id, pages()
    page = browser.get(come_from(at_work, browser, IRIS, about(at_work, BOB)).location, follow_redirects=True)

    unconfirmed = browser.submit(page, "/erase", {}, status=422)
    browser.submit(unconfirmed, "/erase", {"confirm": "yes"}, status=303)
    done = browser.follow()

    look_again()
    person = db.session.get_one(Person, bob)
    enrolment = db.session.scalars(select(Enrolment).filter_by(person_id=bob)).one()
    check_in = db.session.scalars(select(CheckIn)).one()
    entry = db.session.scalars(select(AuditEntry).filter_by(what="person.erase")).one()
    assert "was erased" in done.get_text()
    assert (person.name, person.given_name, person.family_name, person.email) == ("", "", "", "")
    assert person.subject.startswith("erased-")
    assert (enrolment.answers, enrolment.state) == ({}, "withdrawn")
    assert (check_in.answers, check_in.number) == ({}, 1)
    assert db.session.scalars(select(Pair)).one().state == "active"
    assert db.session.scalars(select(Score)).one().points == 25
    assert (entry.person_id, entry.after) == (at_work.person(IRIS).id, {"person": bob})


def test_who_comes_back_after_being_erased_is_somebody_new(at_work: Lms, pages: Browsers) -> None:
    bob, browser = at_work.person(BOB).id, pages()
    page = browser.get(come_from(at_work, browser, IRIS, about(at_work, BOB)).location, follow_redirects=True)
    browser.submit(page, "/erase", {"confirm": "yes"}, status=303)

    at_work.arrive(pages(), BOB)

    assert at_work.person(BOB).id != bob


def test_nobody_else_opens_the_page(at_work: Lms, pages: Browsers) -> None:
    browser, stranger = pages(), pages()
    path = urlsplit(come_from(at_work, browser, IRIS, about(at_work, BOB)).location).path

    stranger.get(f"{path}privacy/", status=401)
    stranger.get(f"{path}privacy/export.json", status=401)
    browser.get(f"{path}content/", status=404)

    assert at_work.person(BOB).name == "Bob Birchwood"


def test_somebody_who_never_came_has_nothing_here(lms: Lms, pages: Browsers) -> None:
    browser = pages()

    page = browser.get(come_from(lms, browser, IRIS, about(lms, BOB)).location, follow_redirects=True)

    assert "Nothing is kept" in page.get_text()
