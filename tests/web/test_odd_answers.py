"""Odd input in every kind of question: said beside the field, and everything else that was typed is kept."""

from dataclasses import replace

import pytest
from flask import Flask

from lti_tool.mentoring.questionnaire import Page, Question, QuestionKind, Questionnaire
from lti_tool.mentoring.questions import default_questionnaire
from lti_tool.store.db import transaction
from lti_tool.store.programme import Programme
from tests import make
from tests.conftest import Clock
from tests.pages import only
from tests.web.joining import Bob, Browsers

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

STANDARD = default_questionnaire()
SAMPLES = {
    QuestionKind.SINGLE: STANDARD.question("frequency"),
    QuestionKind.MULTI: STANDARD.question("aims"),
    QuestionKind.RANK: STANDARD.question("help_wanted"),
    QuestionKind.GRID: STANDARD.question("availability"),
    QuestionKind.WHOLE_NUMBER: replace(STANDARD.question("mentee_limit"), asked_of=STANDARD.question("aims").asked_of),
    QuestionKind.TEXT: STANDARD.question("note_to_partner"),
    QuestionKind.LIKERT: STANDARD.question("way_planning"),
    QuestionKind.OFFER: replace(STANDARD.question("help_offered"), asked_of=STANDARD.question("aims").asked_of),
    QuestionKind.TICK: STANDARD.question("async_ok"),
}
BESIDE = replace(STANDARD.question("interests_own"), page=Page.HELP, maximum=500)
KEPT = "Kept: <b>“ünïcode”</b> & 🧀"
ODD = {
    "over-long": "x" * 501,
    "ten thousand characters": "y" * 10_000,
    "another type": "[object Object]",
    "a foreign option": "klingon",
    "a script": "<script>alert(1)</script>",
    "turned round": "abc\u202edef",
    "an emoji": "🧀🦉",
    "a NUL": "a\x00b",
    "a formula": "=1+1",
    "a huge number": "9" * 400,
    "a negative number": "-1",
}
FREE_TEXT = {
    "another type",
    "a foreign option",
    "a script",
    "an emoji",
    "a formula",
    "a huge number",
    "a negative number",
}


def field_of(question: Question) -> str:
    """The name of the field that is typed into."""
    return f"{question.key}-1" if question.kind is QuestionKind.RANK else question.key


@pytest.mark.parametrize("kind", SAMPLES)
def test_odd_input_is_said_beside_its_field_and_nothing_else_is_lost(
    kind: QuestionKind, app: Flask, clock: Clock, pages: Browsers
) -> None:
    question = replace(SAMPLES[kind], page=Page.HELP)
    bob = asked(app, clock, pages, question)

    for name, odd in ODD.items():
        page = bob.open("join/questions/help")
        is_fine = kind is QuestionKind.TEXT and name in FREE_TEXT
        given = {field_of(question): odd, BESIDE.key: f"{KEPT} {name}"}

        page = bob.send_only("help", page, 303 if is_fine else 422, **given)

        if is_fine:
            assert bob.enrolment.answers[question.key] == odd, name
            continue
        assert page.select(f"#f-{question.key}-problem"), name
        assert not page.select("main script:not([src])")
        assert kept_text(bob) == f"{KEPT} {name}"
        shown = page.select_one(f"textarea[name={BESIDE.key}]")
        assert shown
        assert shown.get_text().strip() == f"{KEPT} {name}"
        assert bob.enrolment.answers.get(question.key) != odd


def test_a_text_with_a_script_stays_text_on_every_page(app: Flask, clock: Clock, pages: Browsers) -> None:
    bob = asked(app, clock, pages, replace(SAMPLES[QuestionKind.TEXT], page=Page.HELP))
    odd = ODD["a script"]

    bob.send_only("help", bob.open("join/questions/help"), note_to_partner=odd)
    page = bob.open("join/questions/help")

    assert not page.select("main script:not([src])")
    assert odd in only(page, "textarea[name=note_to_partner]").get_text()


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
@pytest.mark.parametrize("name", ["wish_together", "wish_apart"])
def test_odd_people_are_nobody(odd: str, name: str, app: Flask, clock: Clock, pages: Browsers) -> None:
    bob = Bob.arrived(make.setting(), clock, pages)
    bob.choose()
    page = bob.open("join/")
    token = page.select("input[name=csrf_token]")[0]["value"]

    bob.pages.post(f"{bob.path}join/wishes", {"csrf_token": token, name: odd}, status=404)

    assert bob.open("join/wishes").get_text().count("Nobody so far.") == 2


def asked(app: Flask, clock: Clock, pages: Browsers, question: Question) -> Bob:
    """Bob, whose programme asks this and one more."""
    bob = Bob.arrived(make.setting(), clock, pages)
    with transaction() as session:
        programme = session.get_one(Programme, bob.at.programme_id)
        programme.questionnaire = Questionnaire(questions=(question, BESIDE)).to_json()
    bob.choose()
    return bob


def kept_text(bob: Bob) -> str:
    """What is saved of the field beside."""
    return str(bob.enrolment.answers[BESIDE.key])
