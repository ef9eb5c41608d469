"""Joining through the pages: step by step, back and forth, and nothing that was written is lost."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.actions.enrolment import MOST_WISHES
from lti_tool.store.application import find_application
from lti_tool.store.contents import Library
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import consents_of, find_enrolment, wished_apart
from lti_tool.store.matching import Pair
from lti_tool.store.pairs import own_pairs
from lti_tool.store.programme import Programme
from tests import make
from tests.conftest import Clock
from tests.outside import look_again
from tests.web.answering import answers, ticked
from tests.web.joining import Bob, Browsers

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def bob(app: Flask, clock: Clock, pages: Browsers) -> Bob:
    """Bob, who has not begun to join."""
    return Bob.arrived(make.setting(), clock, pages)


def test_every_page_once_leads_in(bob: Bob, clock: Clock) -> None:
    bob.choose()
    bob.answer()
    bob.open("join/wishes")
    bob.agree()
    page = bob.pages.follow()

    row = bob.enrolment
    assert "You are in." in page.get_text()
    assert (row.state, row.role, row.consent_version, row.consented_at) == ("joined", "mentee", 1, clock.now)
    assert (row.conduct_version, row.conduct_at) == (1, clock.now)
    assert [(one.what, one.version, one.given_at, one.withdrawn_at) for one in consents_of(row.id)] == [
        ("consent", 1, clock.now, None),
        ("conduct", 1, clock.now, None),
    ]


def test_every_later_step_leads_back_to_the_first_missing_one(bob: Bob) -> None:
    for step in ("questions", "questions/help", "wishes", "agree"):
        bob.open(f"join/{step}", status=303)
        bob.pages.follow()
        assert bob.pages.last
        assert bob.pages.last.request.path.endswith("/join/")
    bob.choose()

    bob.open("join/agree", status=303)
    page = bob.pages.follow()

    assert "still missing" in page.get_text()


@pytest.mark.parametrize("form", [{"role": "boss"}, {"role": ""}, {"time_zone": "Mars/Olympus"}, {"time_zone": ""}])
def test_what_is_wrong_in_the_first_step_is_said_beside_it(bob: Bob, form: dict[str, str]) -> None:
    filled = {"role": "mentor", "time_zone": "Europe/London"} | form

    page = bob.pages.submit(bob.open("join/"), "/me/join/", filled, status=422)

    (name,) = form
    assert page.select(f"#f-{name}-problem, #{name}-problem, [id$={name}-problem]")
    look_again()
    assert find_enrolment(bob.at.programme_id, bob.person_id) is None


def test_answers_in_order_are_kept_when_another_is_not(bob: Bob) -> None:
    bob.choose("mentor")

    page = bob.answer_page(
        "help", 422, mentee_limit="many", help_offered=["exams"], **{"help_offered-strong": ["exams"]}
    )
    again = bob.open("join/questions/help")

    assert page.select("input[name=mentee_limit]")[0]["value"] == "many"  # what was typed, to be put right
    assert ticked(page, "help_offered") == ticked(again, "help_offered") == ["exams"]
    assert bob.enrolment.answers["help_offered"] == {"exams": "strong"}
    assert "mentee_limit" not in bob.enrolment.answers


def test_a_wrong_number_does_not_change_how_many_mentees_somebody_takes(bob: Bob) -> None:
    bob.choose("mentor")
    bob.answer(mentee_limit="1")

    bob.answer_page("help", 422, mentee_limit="99")

    row = bob.enrolment
    assert (row.capacity, row.answers["mentee_limit"]) == (1, 1)


def test_a_made_up_choice_is_not_taken(bob: Bob) -> None:
    bob.choose()

    bob.answer_page("about", 422, languages=["en", "klingon<script>"])

    assert "languages" not in bob.enrolment.answers


def test_without_the_tick_nobody_takes_part(bob: Bob) -> None:
    bob.choose()
    bob.answer()

    page = bob.agree(status=422, conduct="yes")

    assert "tick the box" in page.get_text()
    assert bob.enrolment.state == "draft"


def test_what_one_agrees_to_is_read_with_its_edition_and_day(bob: Bob) -> None:
    bob.choose()
    bob.answer()

    page = bob.open("join/agree")

    text = page.get_text(" ", strip=True)
    assert "“Code of conduct”, edition 1 of September 1, 2026" in text
    assert "Treat each other with respect" in text
    assert "“Taking part: what you agree to”, edition 1 of September 1, 2026" in text
    assert "A person on the staff decides." in text
    assert [one.get_text() for one in page.select(".prose h3")][:3] == ["We", "We do not", "If something happens"]


def test_a_text_with_a_new_edition_is_agreed_to_anew(bob: Bob, app: Flask) -> None:
    bob.choose()
    bob.answer()
    bob.agree()
    raise_edition(app, "consent", "2")

    home = bob.open("")
    page = bob.open("join/agree")
    bob.agree()

    assert home.select("a[href$='/me/join/agree']")
    assert "These texts have changed since you agreed." in page.get_text()
    assert (bob.enrolment.consent_version, bob.enrolment.conduct_version) == (2, 1)
    assert "You agreed to this on" in bob.open("join/agree").get_text()


def test_nobody_agrees_to_an_edition_that_they_were_not_shown(bob: Bob, app: Flask) -> None:
    bob.choose()
    bob.answer()
    page = bob.open("join/agree")
    raise_edition(app, "consent", "2")

    ticked = {"conduct": "yes", "consent": "yes"}
    again = bob.pages.submit(page, "/me/join/agree", ticked, status=422)

    assert "This text has changed since you opened the page" in again.get_text()
    assert (bob.enrolment.state, bob.enrolment.consent_version) == ("draft", None)
    bob.pages.submit(again, "/me/join/agree", ticked, status=303)
    assert (bob.enrolment.state, bob.enrolment.consent_version) == ("joined", 2)


def raise_edition(app: Flask, key: str, edition: str) -> None:
    """The institution changes what a text means."""
    before = app.extensions["contents"].contents("en")
    document = replace(before.documents[key], edition=edition)
    changed = replace(before, documents={**before.documents, key: document})
    app.extensions["contents"] = Library(by_language={"en": changed})


def test_answers_can_be_changed_after_joining(bob: Bob) -> None:
    bob.choose()
    bob.answer(languages=["en"])
    bob.agree()

    bob.answer(languages=["de", "en"])

    assert bob.enrolment.state == "joined"
    assert set(bob.enrolment.answers["languages"]) == {"de", "en"}


def test_another_role_keeps_the_answers_and_asks_what_is_missing(bob: Bob) -> None:
    bob.choose("mentee")
    bob.answer(languages=["en"])
    bob.agree()

    bob.choose("mentor")

    row = bob.enrolment
    assert (row.role, row.state, row.answers["languages"]) == ("mentor", "draft", ["en"])
    bob.answer()
    bob.agree()
    assert bob.enrolment.state == "joined"


def test_the_role_stays_once_there_is_a_partner(bob: Bob) -> None:
    dana = make.enrolment(bob.at, make.person(bob.at, "Dana Dewdrop"), role="mentee")
    own = make.enrolment(bob.at, bob.person_id, role="mentor")
    make.pair(bob.at, own, dana, by=bob.person_id)

    bob.pages.submit(bob.open("join/"), "/me/join/", {"role": "mentee", "time_zone": "UTC"}, status=303)

    assert (bob.enrolment.role, bob.enrolment.state, bob.enrolment.time_zone) == ("mentor", "joined", "UTC")


def token(bob: Bob) -> str:
    """The token that his forms carry."""
    return str(bob.open("join/").select("input[name=csrf_token]")[0]["value"])


def test_who_leaves_can_come_back_with_the_answers_of_before(bob: Bob) -> None:
    bob.choose()
    bob.answer(languages=["en"])
    bob.agree()
    bob.pages.submit(bob.open("join/leave"), "/me/join/leave", {}, status=303)
    left = bob.enrolment.state
    bob.open("")

    bob.choose()
    page = bob.open("join/questions/about")
    again = bob.enrolment.state
    bob.answer()
    bob.agree()

    assert (left, again, bob.enrolment.state) == ("withdrawn", "draft", "joined")
    assert ticked(page, "languages") == ["en"]


def paired(bob: Bob) -> int:
    """Bob mentors Dana; his enrolment."""
    dana = make.enrolment(bob.at, make.person(bob.at, "Dana Dewdrop"), role="mentee")
    own = make.enrolment(bob.at, bob.person_id, role="mentor")
    make.pair(bob.at, own, dana, by=bob.person_id)
    return own


def test_who_leaves_ends_the_pair_and_the_partner_reads_no_more_than_that(bob: Bob) -> None:
    own = paired(bob)

    told = bob.open("join/leave").get_text()
    bob.pages.submit(bob.open("join/leave"), "/me/join/leave", {}, status=303)

    look_again()
    pair = db.session.scalars(select(Pair)).one()
    assert "Your pair ends" in told
    assert (pair.state, pair.end_reason) == ("ended", "left")
    assert not own_pairs(own)
    assert bob.enrolment.state == "withdrawn"


@pytest.mark.parametrize("phase", ["matching", "running", "closing", "closed"])
def test_an_agreement_is_taken_back_in_every_phase(bob: Bob, phase: str) -> None:
    own = paired(bob)
    make.application(own, state="approved", answers={"motivation": "To help."})
    with transaction() as session:
        session.get_one(Programme, bob.at.programme_id).phase = phase

    home = bob.open("")
    bob.pages.submit(bob.open("join/leave"), "/me/join/leave", {"erase": "yes"}, status=303)

    assert home.select("a[href$='/me/join/leave']")
    assert (bob.enrolment.state, bob.enrolment.answers) == ("withdrawn", {})
    assert find_application(own) is None


def test_wishes_are_few_private_and_can_be_taken_back(bob: Bob) -> None:
    others = [make.person(bob.at, f"Gwen {name}") for name in ("Able", "Baker", "Chalk", "Dodo")]
    bob.choose()
    page = bob.open("join/wishes", query_string={"q": "gwen"})
    assert page.get_text().count("Gwen") >= len(others)
    add = {"csrf_token": token(bob)}

    for person in others[:MOST_WISHES]:
        bob.pages.post(f"{bob.path}join/wishes", add | {"wish_apart": str(person)}, status=303)
    bob.pages.post(f"{bob.path}join/wishes", add | {"wish_apart": str(others[0])}, status=303)  # a second click
    bob.pages.post(f"{bob.path}join/wishes", add | {"wish_apart": str(others[3])}, status=303)
    full = bob.pages.follow()
    bob.pages.post(f"{bob.path}join/wishes", add | {"drop": str(others[0])}, status=303)

    assert "Remove one first" in full.get_text()
    assert [person.id for person in wished_apart(bob.enrolment.id)] == others[1:MOST_WISHES]


def test_nobody_wishes_away_themselves_staff_or_strangers(bob: Bob) -> None:
    alice = make.person(bob.at, "Alice Ashford", role="instructor")
    charlie = make.person(make.setting(context_id="chem-101"), "Charlie Chalk")
    bob.choose()
    add = {"csrf_token": token(bob)}

    for person in (bob.person_id, alice, charlie, 999_999_999):
        bob.pages.post(f"{bob.path}join/wishes", add | {"wish_apart": str(person)}, status=404)
    bob.pages.post(f"{bob.path}join/wishes", add | {"wish_apart": "one"}, status=404)

    assert wished_apart(bob.enrolment.id) == []


def test_a_programme_that_has_ended_takes_nobody(bob: Bob) -> None:
    with transaction() as session:
        session.get_one(Programme, bob.at.programme_id).phase = "closed"

    bob.open("join/", status=303)
    page = bob.pages.follow()

    assert "ended" in page.get_text()
    assert db.session.get_one(Programme, bob.at.programme_id).phase == "closed"


def test_a_check_in_that_is_not_in_order_keeps_what_was_written(bob: Bob) -> None:
    dana = make.enrolment(bob.at, make.person(bob.at, "Dana Dewdrop"), role="mentee")
    own = make.enrolment(bob.at, bob.person_id, role="mentor")
    pair = make.pair(bob.at, own, dana, by=bob.person_id)
    page = bob.open(f"pairs/{pair}/check-ins/1")
    note = "We read <b>chapter</b> three & laughed."
    areas = {str(one["name"]): note for one in page.select("textarea")}
    assert areas

    page = bob.pages.submit(page, "/check-ins/1", areas | {"contact": "perhaps"}, status=422)

    assert {area.get_text().strip() for area in page.select("textarea")} == {note}
    bob.pages.submit(page, "/check-ins/1", answers(page) | areas, status=303)
    assert "saved" in bob.pages.follow().get_text()


def test_a_part_that_is_kept_for_other_sections_is_not_given(bob: Bob) -> None:
    with transaction() as session:
        session.get_one(Programme, bob.at.programme_id).mentor_section_ids = ["A"]

    form = {"role": "mentor", "time_zone": "Europe/London"}
    page = bob.pages.submit(bob.open("join/"), "/me/join/", form, status=422)

    assert "kept for other sections" in page.get_text()


@pytest.mark.parametrize(
    ("phase", "words"),
    [("set_up", "not open yet"), ("matching", "Sign-up has closed"), ("closing", "about to end"), ("closed", "ended")],
)
def test_where_nobody_can_join_the_first_page_says_why(bob: Bob, phase: str, words: str) -> None:
    with transaction() as session:
        session.get_one(Programme, bob.at.programme_id).phase = phase

    bob.open("join/", status=303)

    assert words in bob.open("").get_text()
