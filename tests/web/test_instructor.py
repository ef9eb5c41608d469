"""Staff pages: the board, the roster's question, the gradebook."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from lti_tool.actions.matching import compute_proposal
from lti_tool.actions.roster import take_over
from lti_tool.mentoring.roster import Fetched, MemberRole
from lti_tool.store.db import db, transaction
from lti_tool.store.gradebook import Score
from lti_tool.store.matching import Proposal, last_proposal, running_pairs
from lti_tool.store.people import Course
from lti_tool.store.programme import Programme
from tests import make
from tests.conftest import Clock
from tests.outside import look_again, outbox_rows
from tests.pages import PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Browsers = Callable[[], PageClient]


@dataclass
class Alice:
    """Alice in front of her staff pages."""

    pages: PageClient
    at: make.Setting
    person_id: int
    path: str

    def open(self, page: str = "", **options: Any) -> BeautifulSoup:
        """Open one of her pages."""
        return self.pages.get(f"{self.path}{page}", **options)

    def submit(self, page: str, action_ends: str, **fields: str) -> BeautifulSoup:
        """Send a form of one of her pages, and see where it leads."""
        self.pages.submit(self.open(page), action_ends, fields, status=303)
        return self.pages.follow()

    @property
    def programme(self) -> Programme:
        """Her programme as it is now."""
        look_again()
        return db.session.get_one(Programme, self.at.programme_id)

    @property
    def proposal(self) -> Proposal:
        """The newest proposal."""
        look_again()
        found = last_proposal(self.at.programme_id)
        assert found
        return found


@pytest.fixture
def alice(app: Flask, clock: Clock, pages: Browsers) -> Alice:
    """Alice, whose course has a mentor and a mentee."""
    at = make.setting()
    person = make.person(at, "Alice Ashford", role="instructor")
    make.enrolment(at, make.person(at, "Bob Birchwood"), role="mentor")
    make.enrolment(at, make.person(at, "Dana Dewdrop"), role="mentee")
    key, secret = make.visit(at, person, role="instructor", until=clock.now.replace(year=2027))
    browser = pages()
    browser.raw().set_cookie("visit", secret, path=f"/l/{key}/", domain="localhost")
    return Alice(pages=browser, at=at, person_id=person, path=f"/l/{key}/staff/")


def test_the_board_leads_from_asking_to_published_pairs(alice: Alice) -> None:
    alice.submit("matching/", "/matching/propose")
    compute_proposal(alice.proposal.id)
    board = alice.open("matching/")
    page = alice.submit("matching/", "/matching/publish", proposal=str(alice.proposal.id))

    assert "Bob Birchwood" in board.get_text()
    assert "published" in page.get_text()
    assert len(running_pairs(alice.at.programme_id)) == 1


def test_an_old_publish_form_changes_nothing(alice: Alice) -> None:
    alice.submit("matching/", "/matching/propose")
    compute_proposal(alice.proposal.id)
    board = alice.open("matching/")
    fields = {"proposal": str(alice.proposal.id)}
    alice.pages.submit(board, "/matching/publish", fields, status=303)

    alice.pages.submit(board, "/matching/publish", fields, status=303)
    page = alice.pages.follow()

    assert "Nothing was changed" in page.get_text()
    assert len(running_pairs(alice.at.programme_id)) == 1


def test_a_form_without_its_proposal_finds_nothing(alice: Alice) -> None:
    token = str(alice.open("settings/grading").select("input[name=csrf_token]")[0]["value"])

    for proposal in ("", "abc", "999"):
        alice.pages.post(f"{alice.path}matching/publish", {"csrf_token": token, "proposal": proposal}, status=404)

    assert running_pairs(alice.at.programme_id) == []


def test_a_large_shrink_is_asked_about_and_kept_or_taken(alice: Alice, clock: Clock) -> None:
    for number in range(20):
        make.person(alice.at, f"Student {number}")
    take_over(alice.at.course_id, [Fetched(subject="new", role=MemberRole.STUDENT, is_active=True)], False, clock.now)

    page = alice.open("people")
    kept = alice.submit("people", "/people/keep")
    look_again()

    assert "23" in page.get_text()  # three people of the course and twenty more would become inactive
    assert "stays as they are" in kept.get_text()
    assert db.session.get_one(Course, alice.at.course_id).roster_state == "done"


def test_the_refresh_button_asks_for_the_roster(alice: Alice) -> None:
    alice.submit("people", "/people/refresh")

    assert [row.state for row in outbox_rows("roster")] == ["waiting"]


def test_people_are_found_by_name_page_by_page(alice: Alice) -> None:
    for number in range(55):
        make.person(alice.at, f"Student {number:02d}")

    first, second = alice.open("people"), alice.open("people?page=2")
    found = alice.open("people", query_string={"q": "birch"})
    odd = alice.open("people", query_string={"q": "100%_", "page": "999"})

    assert "Student 00" in first.get_text()
    assert "Student 54" in second.get_text()
    assert "Bob Birchwood" in found.get_text()
    assert "Student 0" not in odd.get_text()


def test_the_gradebook_page_shows_each_state_and_tries_again(alice: Alice, clock: Clock) -> None:
    problem = "The learning platform cannot give this person a score."
    for number, state in enumerate(("waiting", "sent", "refused", "differs", "held")):
        person = make.person(alice.at, f"Student {number}")
        make.enrolment(alice.at, person, role="mentee")
        score = Score(programme_id=alice.at.programme_id, person_id=person, state=state, points=number)
        score.changed_at, score.problem = clock.now, problem if state == "refused" else None
        with transaction() as session:
            session.add(score)

    page = alice.open("gradebook/")
    alice.submit("gradebook/", "/try-again")
    look_again()

    assert problem in page.get_text()
    assert sorted(db.session.scalars(select(Score.state))) == ["differs", "sent", "waiting", "waiting", "waiting"]
