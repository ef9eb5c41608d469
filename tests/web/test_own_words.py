"""A course's own words for mentor and mentee stand on every page, whoever opens it; duties stand where they are due."""

import re

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import update

from lti_tool.store.db import transaction
from lti_tool.store.programme import Programme
from tests import make
from tests.attacks.shared import pages_of, write_everywhere
from tests.conftest import Clock
from tests.web.course import Browsers, Course, course

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

USUAL = re.compile(r"(?i)\bment(?:or|ee)s?\b")
WORDS = {"mentor_word": "Buddy", "mentee_word": "Newcomer"}
CHOICES = "?kind=assign&mentee=1&mentor=2&who=1&pair=1"


@pytest.fixture
def here(app: Flask, clock: Clock, pages: Browsers) -> Course:
    """A course with a pair at work, whose people have written everywhere."""
    return course(pages, clock.now.replace(year=2027), **WORDS)


def read(page: BeautifulSoup) -> str:
    """What somebody reads and hears of a page, without what they or others wrote."""
    said = [str(one[name]) for name in ("aria-label", "placeholder", "title") for one in page.select(f"[{name}]")]
    return " ".join([page.get_text(" "), *said])


def test_no_page_says_mentor_where_the_course_says_buddy(here: Course, app: Flask) -> None:
    at, pair = here.at, make.pair(here.at, here.bob_enrolment, here.dana_enrolment, by=here.alice.person_id)
    make.application(here.bob_enrolment, state="submitted", answers={"motivation": "To help."})
    make.plan(pair, here.bob_enrolment)
    make.meeting(pair, here.bob_enrolment, here.dana_enrolment)
    shared = write_everywhere(
        at, pair, "Hello", staff=here.alice.person_id, mentor=here.bob.person_id, mentee=here.dana.person_id
    )
    ids = {"pair_id": pair, "number": 1, "person_id": here.bob.person_id, "key": "aims", "name": "roles"}
    ids |= {"page": "join/", "theme": "help", "stage": "joined", "sheet": "about", "topic": "tone"}
    ids |= {"enrolment_id": here.bob_enrolment, "module_key": "tr1", "step_key": "one-step-ahead"}
    ids |= {"task_id": make.staff_task(at, pair, here.dana_enrolment)}
    ids |= {"reflection_id": make.reflection(at, here.bob_enrolment)}

    said = {}
    for who, part in ((here.alice, "instructor"), (here.bob, "student"), (here.dana, "student")):
        for url in pages_of(app, part, who.path, shared(who.person_id), **ids):
            answer = who.pages.raw().get(url + CHOICES, follow_redirects=True)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                said[part, url.split("/", 3)[3]] = read(BeautifulSoup(answer.get_data(as_text=True), "html.parser"))

    assert len(said) >= 80
    assert {url: USUAL.findall(text) for url, text in said.items() if USUAL.search(text)} == {}
    assert sum("Buddy" in text or "buddies" in text for text in said.values()) >= 20


def test_training_documents_and_questions_speak_in_the_courses_words(here: Course) -> None:
    places = ["mentor/", "mentor/tr1/one-step-ahead", "mentor/tr7/sc9", "mentor/quiz/", "documents/consent"]

    texts = [read(here.bob.open(f"training/{place}")) for place in places]
    texts += [read(here.bob.open(page)) for page in ("join/questions/help", "join/questions/about", "join/")]

    assert [USUAL.findall(text) for text in texts if USUAL.search(text)] == []
    assert any("newcomer" in text for text in texts)


def test_what_is_expected_of_each_side_stands_at_sign_up_at_the_agreement_and_in_the_pair(here: Course) -> None:
    own = "Answer within two days & bring a question."
    with transaction() as session:
        session.execute(update(Programme).values(mentee_duties=own))
    pair = make.pair(here.at, here.bob_enrolment, here.dana_enrolment, by=here.alice.person_id)

    for page in (f"pairs/{pair}/", f"pairs/{pair}/agreement/"):
        text = here.dana.open(page).get_text(" ")
        assert own in text
        assert "You guide, ask and listen" in text


def test_duties_are_read_before_somebody_chooses_a_part(here: Course) -> None:
    text = here.dana.open("join/").get_text(" ")

    assert "You guide, ask and listen" in text
    assert "You choose the topics" in text


def test_words_and_duties_are_settings_like_any_other(here: Course) -> None:
    page = here.alice.open("settings/roles")
    form = {str(one["name"]): str(one.get("value", "")) for one in page.select("main input.input")}
    form |= {"seniority": "ignore", "mentors_word": "Buddys", "mentor_duties": "Listen.", "mentee_duties": ""}

    confirm = here.alice.pages.submit(page, "/settings/roles", form)
    here.alice.pages.submit(confirm, "/settings/roles", {"then": "save"}, status=303)
    text = here.alice.pages.follow().get_text(" ")

    assert "Listen." in confirm.get_text()
    assert "Buddys" in text
    assert "Buddies" not in text
