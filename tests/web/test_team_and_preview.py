"""Who runs a programme beside the LMS's staff; and the students' pages as staff see them, without a trace."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from lti_tool.store.db import Row, db
from lti_tool.store.enrolment import find_enrolment
from lti_tool.store.programme import AuditEntry, Programme, ProgrammeStaff
from tests import make
from tests.conftest import Clock
from tests.outside import look_again
from tests.pages import PageClient
from tests.web.answering import answers

Browsers = Callable[[], PageClient]


@dataclass
class Visitor:
    """Somebody with an open visit."""

    pages: PageClient
    person_id: int
    path: str

    def open(self, page: str, **options: Any) -> BeautifulSoup:
        """Open a page of the visit."""
        return self.pages.get(f"{self.path}{page}", **options)


@dataclass
class World:
    """Alice teaches; Bob and Dana have joined; Erin has not."""

    at: make.Setting
    alice: Visitor
    bob: Visitor
    dana: Visitor
    erin: Visitor


@pytest.fixture
def world(app: Flask, clock: Clock, pages: Browsers) -> World:
    """A course with its people, each with a visit."""
    at = make.setting()

    def come(name: str, role: str = "student") -> Visitor:
        person, browser = make.person(at, name, role=role), pages()
        key, secret = make.visit(at, person, role=role, until=clock.now.replace(year=2027))
        browser.raw().set_cookie("visit", secret, path=f"/l/{key}/", domain="localhost")
        return Visitor(pages=browser, person_id=person, path=f"/l/{key}/")

    made = World(
        at=at,
        alice=come("Alice Ashford", "instructor"),
        bob=come("Bob Birchwood"),
        dana=come("Dana Dewdrop"),
        erin=come("Erin Example"),
    )
    make.enrolment(at, made.bob.person_id, role="mentor")
    make.enrolment(at, made.dana.person_id, role="mentee")
    return made


def add(world: World, somebody: Visitor) -> BeautifulSoup:
    """Alice reads what adding means, and adds."""
    page = world.alice.open(f"staff/team/add/{somebody.person_id}")
    world.alice.pages.submit(page, f"/team/add/{somebody.person_id}", {}, status=303)
    world.alice.pages.follow()
    return page


def test_an_added_student_runs_the_programme_and_takes_no_part(world: World) -> None:
    world.erin.open("staff/", status=404)

    page = add(world, world.bob)

    enrolment = find_enrolment(world.at.programme_id, world.bob.person_id)
    assert "is a student, and will not take part in this programme any more" in page.get_text()
    assert enrolment
    assert enrolment.state == "withdrawn"
    assert "Runs this programme" in world.bob.open("staff/").get_text()
    world.bob.open("me/", status=404)
    world.bob.open("", status=303)
    assert "/staff/" in world.bob.pages.last.location  # type: ignore[union-attr]  # there is an answer


def test_a_removed_one_is_a_student_again_at_once(world: World) -> None:
    add(world, world.erin)
    page = world.alice.open("staff/team/")

    world.alice.pages.submit(page, "/team/remove", {"person": str(world.erin.person_id)}, status=303)

    look_again()
    world.erin.open("staff/", status=404)
    world.erin.open("me/")
    said = [(row.before, row.after) for row in db.session.scalars(select(AuditEntry).filter_by(what="programme.staff"))]
    assert said == [({}, {"added": world.erin.person_id}), ({"added": world.erin.person_id}, {})]


def test_people_are_found_by_name_and_staff_of_the_lms_are_there_already(world: World) -> None:
    page = world.alice.open("staff/team/?q=e")

    text = page.get_text(" ", strip=True)
    assert "This person runs the programme already." in text
    assert f"/staff/team/add/{world.erin.person_id}" in str(page)
    assert "Nobody has such a name" in world.alice.open("staff/team/?q=nobody").get_text()


def test_somebody_with_a_partner_is_not_taken_away_from_them(world: World) -> None:
    look_again()
    bob, dana = (find_enrolment(world.at.programme_id, one.person_id) for one in (world.bob, world.dana))
    assert bob
    assert dana
    make.pair(world.at, bob.id, dana.id, by=world.alice.person_id)
    token = world.alice.open("staff/team/?q=erin").select("input[name=csrf_token]")

    page = world.alice.open(f"staff/team/add/{world.bob.person_id}")
    other = world.alice.open(f"staff/team/add/{world.erin.person_id}").select("input[name=csrf_token]")[0]["value"]
    world.alice.pages.post(f"{world.alice.path}staff/team/add/{world.bob.person_id}", {"csrf_token": other}, status=303)

    look_again()
    assert token == []
    assert "has a partner in this programme" in page.get_text()
    assert db.session.scalars(select(ProgrammeStaff)).all() == []


def test_people_of_other_courses_cannot_be_added(world: World) -> None:
    charlie = make.person(make.setting(context_id="chem-101"), "Charlie Chalk")

    world.alice.open(f"staff/team/add/{charlie}", status=404)


def dump() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table; of visits without the messages that wait for the next page."""
    look_again()
    found = {}
    for table in Row.metadata.sorted_tables:
        columns = [column for column in table.columns if (table.name, column.name) != ("visit", "data")]
        found[table.name] = sorted(map(str, db.session.execute(select(*columns)).all()))
    return found  # type: ignore[return-value]  # rows as text compare alike


@pytest.mark.parametrize("phase", ["set_up", "sign_up", "closed"])
def test_staff_walk_through_the_students_pages_and_nothing_is_kept(world: World, phase: str) -> None:
    look_again()
    db.session.get_one(Programme, world.at.programme_id).phase = phase
    db.session.commit()
    alice, preview, before = world.alice, "staff/preview/", dump()

    titles = [alice.open(preview).select("h1")[0].get_text()]
    page = alice.open(preview + "join/")
    alice.pages.submit(page, "/preview/join/", {"role": "mentor", "time_zone": "Europe/London"}, status=303)
    page = alice.pages.follow()
    wrong = alice.pages.submit(page, "/join/questions/help", {}, status=422)
    alice.pages.submit(page, "/join/questions/help", answers(page), status=303)
    titles.append(alice.pages.follow().select("h1")[0].get_text())
    page = alice.open(preview + "join/agree")
    alice.pages.submit(page, "/join/agree", {"conduct": "yes", "consent": "yes"}, status=303)
    titles.append(alice.pages.follow().select("h1")[0].get_text())

    assert titles[0] == titles[2] == "Learn with a fellow student"
    assert "You see this as a student would" in wrong.get_text()
    assert "What can you help with?" in wrong.get_text()  # a mentor's question
    assert wrong.select(".field-problem")
    assert dump() == before


def test_every_link_and_form_of_the_preview_stays_in_it(world: World) -> None:
    page = world.alice.open("staff/preview/join/questions")

    addresses = [str(one.get("href") or one.get("action")) for one in page.select("a, form")]
    assert not [one for one in addresses if "/me/" in one]


def test_pages_of_pairs_have_no_preview(world: World) -> None:
    for page in ("pairs/1/", "participation/", "nothing"):
        world.alice.open(f"staff/preview/{page}", status=404)
