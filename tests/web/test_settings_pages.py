"""Set-up in five questions, and settings changed later: nothing is lost, nothing is saved unseen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import delete, select

from lti_tool.mentoring.settings_form import Section
from lti_tool.store.db import db, transaction
from lti_tool.store.matching import Pair, running_pairs
from lti_tool.store.pairs import PairMember
from lti_tool.store.people import Member
from lti_tool.store.programme import AuditEntry, Programme, versions_of
from tests import make
from tests.conftest import Clock
from tests.outside import look_again, outbox_rows
from tests.pages import PageClient, form_of

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Browsers = Callable[[], PageClient]


@dataclass
class Teacher:
    """Somebody who runs the course, in front of the staff pages."""

    pages: PageClient
    at: make.Setting
    person_id: int
    path: str

    def open(self, page: str = "", **options: Any) -> BeautifulSoup:
        """Open a page."""
        return self.pages.get(f"{self.path}{page}", **options)

    def send(self, page: BeautifulSoup, ends: str = "", *, status: int = 303, **fields: Any) -> BeautifulSoup:
        """Send a form of a page as a browser does: what was not touched goes along."""
        return self.pages.submit(page, ends, filled(form_of(page, ends)) | fields, status=status)

    def change(self, section: str, **fields: Any) -> BeautifulSoup:
        """What is shown before a change of this section is saved."""
        return self.send(self.open(f"settings/{section}"), f"/settings/{section}", status=200, **fields)

    def save(self, section: str, **fields: Any) -> BeautifulSoup:
        """Change a section, read what it does, and save."""
        self.pages.post(
            f"{self.path}settings/{section}", hidden(self.change(section, **fields)) | {"then": "save"}, status=303
        )
        return self.pages.follow()

    @property
    def programme(self) -> Programme:
        """The programme as it is now."""
        look_again()
        return db.session.get_one(Programme, self.at.programme_id)


def filled(form: Any) -> dict[str, Any]:
    """What a browser sends when nobody touches the form, without what is hidden."""
    found: dict[str, Any] = {}
    for one in form.select("input:not([type=hidden]), textarea"):
        if one.get("type") not in {"checkbox", "radio"} or one.has_attr("checked"):
            found.setdefault(str(one["name"]), []).append(str(one.get("value", one.get_text())))
    for one in form.select("select"):
        chosen = one.select("option[selected]") or one.select("option")
        found[str(one["name"])] = [str(chosen[0]["value"])]
    return found


def hidden(page: BeautifulSoup) -> dict[str, Any]:
    """What the page's last form carries along."""
    found: dict[str, Any] = {}
    for one in page.select("form")[-1].select("input[type=hidden]"):
        found.setdefault(str(one["name"]), []).append(str(one["value"]))
    return found


def teacher(at: make.Setting, clock: Clock, browser: PageClient, name: str = "Alice Ashford") -> Teacher:
    """Somebody with a visit of their own."""
    person = make.person(at, name, role="instructor")
    key, secret = make.visit(at, person, role="instructor", until=clock.now.replace(year=2027))
    browser.raw().set_cookie("visit", secret, path=f"/l/{key}/", domain="localhost")
    return Teacher(pages=browser, at=at, person_id=person, path=f"/l/{key}/staff/")


@pytest.fixture
def new(app: Flask, clock: Clock, pages: Browsers) -> Teacher:
    """Alice, whose programme has just begun."""
    return teacher(make.setting(phase="set_up", created_at=clock.now), clock, pages())


@pytest.fixture
def alice(app: Flask, clock: Clock, pages: Browsers) -> Teacher:
    """Alice, whose programme runs: Bob helps Dana."""
    made = teacher(make.setting(), clock, pages())
    bob = make.enrolment(made.at, make.person(made.at, "Bob Birchwood"), role="mentor")
    dana = make.enrolment(made.at, make.person(made.at, "Dana Dewdrop"), role="mentee")
    make.pair(made.at, bob, dana, by=made.person_id)
    return made


def test_one_click_on_the_first_page_opens_sign_up_with_the_defaults(new: Teacher) -> None:
    page = new.send(new.open(), "/set-up/open")
    page = new.pages.follow()

    assert "Sign-up is open." in page.get_text()
    assert new.programme.phase == "sign_up"
    assert [row.kind for row in outbox_rows("column")] == ["column"]
    assert [row.what for row in db.session.scalars(select(AuditEntry))] == ["programme.phase"]


def test_the_five_questions_lead_to_the_summary_when_nothing_is_touched(new: Teacher) -> None:
    new.open("set-up/", status=303)
    page = new.pages.follow()
    said = []
    for section in Section:
        said.append(page.select(".lead")[0].get_text()[:16])
        new.send(page, f"/set-up/{section}", objectives=["belonging"])
        page = new.pages.follow()

    assert said == [f"Question {number} of 5." for number in range(1, 6)]
    assert page.select("h1")[0].get_text() == "Ready to open sign-up"
    assert outbox_rows("column") == []  # until sign-up opens the column may still become none


def test_every_answer_is_saved_at_once_as_a_version(new: Teacher) -> None:
    new.send(new.open("set-up/objective"), "/set-up/objective", title="Läs", objectives=["career", "belonging"])
    new.send(new.open("set-up/grading"), "/set-up/grading", points="20", is_graded=[])

    again = new.open("set-up/objective")
    assert again.select("input[name=title]")[0]["value"] == "Läs"
    assert (new.programme.settings_version, new.programme.points, new.programme.is_graded) == (3, 20, False)
    assert new.programme.objectives == [["belonging", ""], ["career", ""]]
    assert [row.number for row in versions_of(new.at.programme_id)] == [3, 2, 1]


def test_a_kind_of_programme_fills_in_what_follows(new: Teacher) -> None:
    new.send(new.open("set-up/preset"), "/set-up/preset", preset="hard_course")

    page = new.open("set-up/calendar")
    weights = {one["key"]: one["weight"] for one in new.programme.questionnaire["questions"]}
    assert page.select("input[name=cadence][checked]")[0]["value"] == "weekly"
    assert (new.programme.check_in_count, new.programme.asks_application) == (10, True)
    assert (weights["availability"], weights["help_wanted"]) == (22, 20)


def test_a_kind_of_programme_without_course_topics_weighs_them_at_nothing(new: Teacher) -> None:
    before = {one["key"]: one["weight"] for one in new.programme.questionnaire["questions"]}

    new.send(new.open("set-up/preset"), "/set-up/preset", preset="transition")

    after = {one["key"]: one["weight"] for one in new.programme.questionnaire["questions"]}
    assert (before["topics_unsure"], after["topics_unsure"]) == (12, 0)
    assert (after["field"], after["stage"], after["situations"], after["way_planning"]) == (7, 7, 12, 3)
    assert sum(after.values()) == 100


def test_what_measures_the_objectives_stands_in_the_settings_and_in_what_a_change_does(alice: Teacher) -> None:
    alice.save("objective", objectives=["belonging"])
    before = alice.open("settings").get_text()

    shown = alice.change("objective", objectives=["leadership"]).get_text()
    alice.save("objective", objectives=["leadership"])
    after = alice.open("settings").get_text()

    assert "It no longer asks: “I feel that I belong here.”" in shown
    assert "The closing survey asks from now on: “I have become better at listening and at leading.”" in shown
    assert "I have become better at listening" not in before
    assert "I have become better at listening" in after


def test_an_ungraded_programme_has_no_column(new: Teacher) -> None:
    new.send(new.open("set-up/grading"), "/set-up/grading", is_graded=[])
    new.send(new.open("set-up/ready"), "/set-up/open")

    assert new.programme.phase == "sign_up"
    assert outbox_rows("column") == []
    assert "Ungraded" in new.open("gradebook/").get_text()


def test_after_set_up_the_questions_lead_to_the_settings(alice: Teacher) -> None:
    alice.open("set-up/objective", status=303)

    assert alice.pages.follow().select("h1")[0].get_text() == "Settings of the programme"


@pytest.mark.parametrize("section", ["preset", "roles", "calendar", "grading"])
def test_an_untouched_section_saves_nothing(alice: Teacher, section: str) -> None:
    alice.send(alice.open(f"settings/{section}"), f"/settings/{section}")

    assert "Nothing was changed" in alice.pages.follow().get_text()
    assert alice.programme.settings_version == 1


def test_a_change_is_shown_with_whom_it_meets_before_it_is_saved(alice: Teacher) -> None:
    page = alice.change("roles", mentor_capacity_limit="1", mentor_word="Buddy")

    text = page.get_text(" ", strip=True)
    assert page.select("h1")[0].get_text() == "What this change does"
    assert "Word for somebody who helps Mentor Buddy" in text
    assert "Pairs at work that stay exactly as they are: 1" in text
    assert (alice.programme.mentor_word, alice.programme.settings_version) == ("Mentor", 1)


def test_a_saved_change_is_a_version_with_its_author_and_running_pairs_stay(alice: Teacher) -> None:
    before = [(pair.id, pair.state) for pair in running_pairs(alice.at.programme_id)]

    page = alice.save("roles", mentor_capacity_limit="1", seniority="require")

    (limit,) = [one for one in alice.programme.questionnaire["questions"] if one["key"] == "mentee_limit"]
    newest = versions_of(alice.at.programme_id)[0]
    entry = db.session.scalars(select(AuditEntry).filter_by(what="programme.settings")).one()
    assert "Saved." in page.get_text()
    assert (limit["maximum"], alice.programme.seniority) == (1, "require")
    assert (newest.number, newest.changed_by, newest.settings["seniority"]) == (2, alice.person_id, "require")
    assert (entry.before["seniority"], entry.after["seniority"]) == ("ignore", "require")
    assert [(pair.id, pair.state) for pair in running_pairs(alice.at.programme_id)] == before


def test_a_change_can_be_changed_again_before_it_is_saved(alice: Teacher) -> None:
    shown = alice.change("grading", points="20")

    page = alice.pages.post(f"{alice.path}settings/grading", hidden(shown) | {"then": "edit"})

    assert page.select("input[name=points]")[0]["value"] == "20"
    assert alice.programme.points == 100


@pytest.mark.parametrize(
    ("section", "name", "value"),
    [
        ("objective", "title", ""),
        ("objective", "title", "x" * 10_000),
        ("objective", "title", "Bio\u202elogy"),
        ("objective", "objective-career", "x" * 300),
        ("objective", "objective-career", "turned \u202e round"),
        ("roles", "mentor_word", "<script>" * 20),
        ("roles", "mentor_word", "Bud\u202edy"),
        ("roles", "mentees_word", "x" * 41),
        ("roles", "mentor_duties", "x" * 10_000),
        ("roles", "mentor_capacity_limit", "-1"),
        ("roles", "seniority", "sometimes"),
        ("calendar", "check_in_count", "many"),
        ("calendar", "starts_on", "31/12/2026"),
        ("calendar", "time_zone", "Europe"),
        ("calendar", "ends_on", "2000-01-01"),
        ("grading", "points", "10.5"),
        ("grading", "points", "99999999999999999999"),
        ("grading", "column_label", "\u202e" * 300),
    ],
)
def test_a_wrong_setting_is_said_beside_its_field_and_nothing_is_lost(
    alice: Teacher, section: str, name: str, value: str
) -> None:
    words = {"title": "Läs", "objectives": ["career"], "mentee_word": "Newcomer", "meeting_count": "7"}

    page = alice.send(alice.open(f"settings/{section}"), f"/settings/{section}", status=422, **(words | {name: value}))

    kept = {str(one["name"]): str(one.get("value")) for one in page.select("input") if one.get("name")}
    assert page.select(f"[id$='{name}-problem']")
    for other, text in words.items():
        assert other == name or other not in kept or other == "objectives" or kept[other] == text
    assert alice.programme.settings_version == 1


def test_a_text_with_markup_stays_text(alice: Teacher) -> None:
    alice.save("objective", title="<img src=x>", objectives=["belonging"])

    page = alice.open("settings")
    assert not page.select("img[src=x]")
    assert "<img src=x" in page.get_text()


def test_two_people_who_change_different_things_lose_nothing(alice: Teacher, clock: Clock, pages: Browsers) -> None:
    theo = teacher(alice.at, clock, pages(), "Theo Thimble")
    old = alice.open("settings/roles")
    theo.save("roles", mentor_word="Tutor")

    shown = alice.send(old, "/settings/roles", status=200, mentee_word="Newcomer")
    alice.pages.post(f"{alice.path}settings/roles", hidden(shown) | {"then": "save"}, status=303)

    assert (alice.programme.mentor_word, alice.programme.mentee_word) == ("Tutor", "Newcomer")


def test_two_people_who_change_the_same_see_both_values(alice: Teacher, clock: Clock, pages: Browsers) -> None:
    theo = teacher(alice.at, clock, pages(), "Theo Thimble")
    old = alice.open("settings/roles")
    theo.save("roles", mentor_word="Tutor")

    page = alice.send(old, "/settings/roles", status=422, mentor_word="Buddy", mentee_word="Newcomer")
    saved_meanwhile = alice.programme.mentor_word
    shown = alice.send(page, "/settings/roles", status=200)
    alice.pages.post(f"{alice.path}settings/roles", hidden(shown) | {"then": "save"}, status=303)

    text = page.get_text(" ", strip=True)
    assert "Theo Thimble has changed the same meanwhile" in text
    assert "saved now: Tutor; yours: Buddy" in text
    assert saved_meanwhile == "Tutor"
    assert (alice.programme.mentor_word, alice.programme.mentee_word) == ("Buddy", "Newcomer")


def test_somebody_who_saves_between_the_impact_and_the_click_is_not_overwritten(
    alice: Teacher, clock: Clock, pages: Browsers
) -> None:
    theo = teacher(alice.at, clock, pages(), "Theo Thimble")
    shown = alice.change("grading", points="20")
    theo.save("grading", points="50")

    page = alice.pages.post(f"{alice.path}settings/grading", hidden(shown) | {"then": "save"}, status=422)

    assert "saved now: 50; yours: 20" in page.get_text(" ", strip=True)
    assert alice.programme.points == 50


def test_every_version_says_who_changed_what_and_can_be_gone_back_to(alice: Teacher) -> None:
    alice.save("grading", points="20")
    alice.save("roles", mentor_word="Buddy")

    page = alice.open("settings/versions")
    back = alice.open("settings/versions/1")
    alice.pages.post(f"{alice.path}settings/versions/1", hidden(back), status=303)

    text = page.get_text(" ", strip=True)
    assert "Points for everything together: from 100 to 20" in text
    assert "Alice Ashford, on" in text
    assert "Pairs at work that stay exactly as they are: 1" in back.get_text(" ", strip=True)
    programme = alice.programme
    assert (programme.points, programme.mentor_word, programme.settings_version) == (100, "Mentor", 4)
    alice.open("settings/versions/99", status=404)


def test_going_back_is_looked_at_again_when_somebody_else_has_saved(
    alice: Teacher, clock: Clock, pages: Browsers
) -> None:
    alice.save("grading", points="20")
    back = alice.open("settings/versions/1")
    teacher(alice.at, clock, pages(), "Theo Thimble").save("grading", points="50")

    alice.pages.post(f"{alice.path}settings/versions/1", hidden(back), status=303)

    assert "Somebody else has saved meanwhile." in alice.pages.follow().get_text()
    assert alice.programme.points == 50


def test_sections_that_leave_people_out_say_how_many_and_they_stay(alice: Teacher) -> None:
    with transaction() as session:
        for number, member in enumerate(session.scalars(select(Member).order_by(Member.id))):
            member.section_ids = ["A"] if number % 2 else ["B"]

    page = alice.change("roles", mentor_section_ids=["A"], mentee_section_ids=["A"])

    assert "People who joined from sections that are left out now, and stay: 1" in page.get_text(" ", strip=True)


def test_a_last_day_that_is_over_closes_sign_up_with_the_save(new: Teacher, clock: Clock) -> None:
    new.send(new.open("set-up/ready"), "/set-up/open")
    clock.advance(days=5)

    page = new.change("calendar", sign_up_closes_on="2026-09-16", matching_on="", moves_by_date=["yes"])
    new.pages.post(f"{new.path}settings/calendar", hidden(page) | {"then": "save"}, status=303)

    assert "Sign-up closes as soon as you save" in page.get_text()
    assert new.programme.phase == "matching"


def test_phases_are_moved_by_hand_with_what_each_step_does(alice: Teacher) -> None:
    page = alice.open("phases/")
    token = hidden(page)["csrf_token"]

    alice.pages.post(f"{alice.path}phases/", {"csrf_token": token, "to": "closing"}, status=303)
    closing = alice.pages.follow()
    alice.pages.post(f"{alice.path}phases/", {"csrf_token": token, "to": "sign_up"}, status=303)
    refused = alice.pages.follow()
    alice.pages.post(f"{alice.path}phases/", {"csrf_token": token, "to": "nonsense"}, status=303)

    assert "Begin the closing phase" in page.get_text()
    assert "now in the phase “Closing”" in closing.get_text()
    assert "cannot take this step" in refused.get_text()
    assert alice.programme.phase == "closing"
    assert len(running_pairs(alice.at.programme_id)) == 1


def test_no_pairs_are_proposed_before_sign_up_is_open(new: Teacher) -> None:
    token = hidden(new.open("phases/"))["csrf_token"]

    new.pages.post(f"{new.path}matching/propose", {"csrf_token": token}, status=303)

    assert "Open sign-up first." in new.pages.follow().get_text()
    assert outbox_rows("propose") == []


def test_the_day_of_the_matching_is_said_on_the_overview(alice: Teacher, clock: Clock) -> None:
    with transaction() as session:
        row = session.get_one(Programme, alice.at.programme_id)
        row.phase, row.matching_on = "matching", clock.now.date()
        session.execute(delete(PairMember))
        session.execute(delete(Pair))

    assert "The day of the matching has come" in alice.open().get_text()
