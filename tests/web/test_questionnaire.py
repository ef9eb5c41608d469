"""The questionnaire editor through its pages: nothing is lost, effects are said first, files come back as they went."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from lti_tool.mentoring.questionnaire import Questionnaire, questionnaire_from_json
from lti_tool.mentoring.questionnaire_files import to_csv, to_json
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment, Wish
from lti_tool.store.programme import AuditEntry, Programme, ProgrammeVersion
from tests import make
from tests.conftest import Clock
from tests.outside import look_again
from tests.pages import PageClient
from tests.web.joining import as_drawn

Browsers = Callable[[], PageClient]


@dataclass
class Alice:
    """Alice in front of her staff pages; Bob and Dana have joined."""

    pages: PageClient
    at: make.Setting
    person_id: int
    path: str
    people: dict[str, int]

    def open(self, page: str, **options: Any) -> BeautifulSoup:
        """Open one of her pages."""
        return self.pages.get(f"{self.path}{page}", **options)

    def edit(self, key: str, page: BeautifulSoup | None = None, status: int = 303, **changes: str) -> BeautifulSoup:
        """Change a question, on a page that was opened before or now."""
        page = page or self.open(f"questionnaire/{key}")
        form = {name: value for name, value in as_drawn(page).items() if name != "role"} | changes
        return self.pages.submit(page, f"/questionnaire/{key}", form, status=status)

    def arrange(self, **step: str) -> None:
        """Press a button of the list."""
        self.pages.submit(self.open("questionnaire/"), "/questionnaire/arrange", step, status=303)

    def send_file(self, text: str | bytes, name: str = "q.json", status: int = 200) -> BeautifulSoup:
        """Choose a file."""
        page = self.open("questionnaire-file/")
        content = text if isinstance(text, bytes) else text.encode()
        fields = {"file": (io.BytesIO(content), name)}
        options = {"content_type": "multipart/form-data", "status": status}
        return self.pages.submit(page, "/questionnaire-file/", fields, **options)

    @property
    def programme(self) -> Programme:
        """The programme as it is saved now."""
        look_again()
        return db.session.get_one(Programme, self.at.programme_id)

    @property
    def questionnaire(self) -> Questionnaire:
        """Its questions."""
        return questionnaire_from_json(self.programme.questionnaire)

    def answers_of(self, name: str) -> dict[str, Any]:
        """What somebody answered."""
        look_again()
        row = db.session.scalars(select(Enrolment).filter_by(person_id=self.people[name])).one()
        return row.answers


@pytest.fixture
def alice(app: Flask, clock: Clock, pages: Browsers) -> Alice:
    """Alice, whose course has a mentor and a mentee."""
    at = make.setting()
    person = make.person(at, "Alice Ashford", role="instructor")
    people = {name: make.person(at, name) for name in ("Bob Birchwood", "Dana Dewdrop", "Gwen Gingham")}
    make.enrolment(at, people["Bob Birchwood"], role="mentor")
    make.enrolment(at, people["Dana Dewdrop"], role="mentee")
    key, secret = make.visit(at, person, role="instructor", until=clock.now.replace(year=2027))
    browser = pages()
    browser.raw().set_cookie("visit", secret, path=f"/l/{key}/", domain="localhost")
    return Alice(pages=browser, at=at, person_id=person, path=f"/l/{key}/staff/", people=people)


def test_the_list_says_who_is_asked_who_sees_it_and_how_many_have_answered(alice: Alice) -> None:
    text = alice.open("questionnaire/").get_text(" ", strip=True)

    assert "What would you like help with?" in text
    assert "Seen by: the student and the staff of this course" in text
    assert "2 answers" in text
    assert "asked once you write choices" in text


def test_a_question_of_ones_own_is_saved_as_a_new_version(alice: Alice, clock: Clock) -> None:
    page = alice.open("questionnaire/new?kind=multi")
    form = as_drawn(page) | {"wording": "Which labs?", "new_options": "Cells\nPlants", "likeness": "similar"}

    alice.pages.submit(page, "/questionnaire/new", form, status=303)

    question = alice.questionnaire.question("which_labs")
    versions = db.session.scalars(select(ProgrammeVersion).order_by(ProgrammeVersion.number)).all()
    entry = db.session.scalars(select(AuditEntry)).one()
    assert [option.label for option in question.options] == ["Cells", "Plants"]
    assert alice.programme.settings_version == 2
    assert [(one.number, one.changed_by) for one in versions] == [(1, None), (2, alice.person_id)]
    assert len(versions[1].questionnaire["questions"]) == len(versions[0].questionnaire["questions"]) + 1
    assert (entry.what, entry.person_id, entry.at) == ("programme.questionnaire", alice.person_id, clock.now)


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(alice: Alice) -> None:
    page = alice.open("questionnaire/new?kind=text")
    form = as_drawn(page) | {"wording": "", "hint": "A hint to keep", "maximum": "many"}

    page = alice.pages.submit(page, "/questionnaire/new", form, status=422)

    assert page.select("#f-wording-problem")
    assert page.select("#f-maximum-problem")
    assert page.select("input[name=hint]")[0]["value"] == "A hint to keep"


def test_a_change_of_an_answered_question_says_first_what_happens_and_keeps_the_answers(alice: Alice) -> None:
    before = alice.answers_of("Dana Dewdrop")

    page = alice.edit("languages", status=422, **{"option-en": "", "wording": "Which languages do you speak?"})
    said = page.select_one("main .notice-warning")
    alice.edit("languages", page)

    assert said
    assert "People who have answered this: 2" in said.get_text()
    assert "“English” is no longer offered. People who chose it: 2" in said.get_text()
    question = alice.questionnaire.question("languages")
    assert question.wording == "Which languages do you speak?"
    assert "en" not in {option.key for option in question.options}
    assert alice.answers_of("Dana Dewdrop") == before


def test_nobody_agrees_to_effects_they_have_not_read(alice: Alice) -> None:
    page = alice.edit("languages", status=422, wording="Which languages do you speak?")

    page = alice.edit("languages", page, status=422, **{"option-en": ""})

    assert "English" in page.get_text()
    assert alice.questionnaire.question("languages").options[0].key == "en"


def test_a_change_that_touches_no_answer_is_saved_at_once(alice: Alice) -> None:
    alice.edit("aims", weight="9")

    assert alice.questionnaire.question("aims").weight == 9


def test_who_sees_an_answer_is_not_widened_once_people_have_answered(alice: Alice) -> None:
    page = alice.edit("availability", status=422, seen_by="all")
    page = alice.edit("availability", page, status=422) if not page.select("#f-seen_by-problem") else page

    assert page.select("#f-seen_by-problem")
    assert alice.questionnaire.question("availability").seen_by != frozenset()


def test_two_editors_of_one_question_see_both_and_neither_is_lost(alice: Alice) -> None:
    mine, theirs = (alice.open("questionnaire/aims") for _window in range(2))
    alice.edit("aims", theirs, hint="Up to three, please.")

    page = alice.edit("aims", mine, status=422, wording="What are you aiming at?")
    table = page.select_one("main table")

    assert table
    assert "Up to three, please." in table.get_text()
    assert "What are you aiming at?" in table.get_text()
    assert alice.questionnaire.question("aims").hint == "Up to three, please."
    alice.edit("aims", page)
    saved = alice.questionnaire.question("aims")
    assert (saved.wording, saved.hint) == ("What are you aiming at?", "Up to three.")
    kept = [one.questionnaire for one in db.session.scalars(select(ProgrammeVersion))]
    assert "Up to three, please." in json.dumps(kept)


def test_editors_of_different_questions_do_not_disturb_each_other(alice: Alice) -> None:
    one, other = alice.open("questionnaire/aims"), alice.open("questionnaire/frequency")

    alice.edit("aims", one, weight="9")
    alice.edit("frequency", other, weight="5")

    assert alice.questionnaire.question("aims").weight == 9
    assert alice.questionnaire.question("frequency").weight == 5


def test_questions_move_hide_leave_and_come_back_with_their_answers(alice: Alice) -> None:
    before = alice.questionnaire

    alice.arrange(up="interests_own")
    moved = [question.key for question in alice.questionnaire.questions]
    alice.arrange(hide="languages")
    alice.arrange(remove="interests")
    removed = alice.questionnaire
    alice.arrange(restore="interests")
    alice.arrange(show="languages")

    assert moved.index("interests_own") < moved.index("interests")
    assert removed.question("languages").is_hidden
    assert [question.key for question in removed.removed] == ["interests"]
    assert {question.key for question in alice.questionnaire.questions} == {one.key for one in before.questions}
    assert alice.answers_of("Dana Dewdrop")["interests"] == ["music"]


def test_topics_of_the_course_reach_both_sides(alice: Alice) -> None:
    alice.edit("topics_unsure", new_options="Cells\nGenes")

    assert [option.label for option in alice.questionnaire.question("topics_sure").options] == ["Cells", "Genes"]
    assert "Genes" in alice.open("questionnaire/preview?role=mentor&page=help").get_text()


@pytest.mark.parametrize("role", ["mentor", "mentee", "either", "swap"])
def test_the_preview_shows_each_role_its_pages(alice: Alice, role: str) -> None:
    page = alice.open(f"questionnaire/preview?role={role}")

    assert page.select("select[name=role] option[selected]")[0]["value"] == role
    assert not page.select("main form[method=post]")


@pytest.mark.parametrize(("kind", "write"), [("json", to_json), ("csv", to_csv)])
def test_a_download_read_in_again_changes_nothing(alice: Alice, kind: str, write: Callable[[Any], str]) -> None:
    text = alice.pages.raw().get(f"{alice.path}questionnaire/file.{kind}").get_data(as_text=True)

    page = alice.send_file(text, f"q.{kind}")

    assert text == write(alice.questionnaire)
    assert "nothing to change" in page.get_text()


def test_a_file_is_looked_at_first_and_then_replaces_the_questions(alice: Alice) -> None:
    whole = json.loads(to_json(alice.questionnaire))
    whole["questions"] = [one for one in whole["questions"] if one["key"] != "interests"]
    whole["questions"][0]["wording"] = "Help with what?"

    page = alice.send_file(json.dumps(whole))
    said = page.get_text(" ", strip=True)
    alice.pages.submit(page, "/questionnaire-file/", {}, status=303)

    assert "Changed: Help with what?" in said
    assert "2 answers are kept" in said
    assert alice.questionnaire.questions[0].wording == "Help with what?"
    assert [question.key for question in alice.questionnaire.removed] == ["interests"]
    assert alice.answers_of("Dana Dewdrop")["interests"] == ["music"]


def test_a_file_that_meets_somebody_elses_change_is_looked_at_again(alice: Alice) -> None:
    whole = json.loads(to_json(alice.questionnaire))
    whole["questions"][0]["wording"] = "Help with what?"
    page = alice.send_file(json.dumps(whole))
    alice.edit("aims", weight="9")

    again = alice.pages.submit(page, "/questionnaire-file/", {}, status=200)
    before = alice.questionnaire
    alice.pages.submit(again, "/questionnaire-file/", {}, status=303)

    assert "Somebody else changed" in again.get_text()
    assert before.question("aims").weight == 9
    assert alice.questionnaire.questions[0].wording == "Help with what?"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        ('{\n"format": "x"', "q.json", "Line 2"),
        ("row,key\n", "q.csv", "Line 1"),
        (b"row\n\xff\xfe", "q.csv", "Line 2"),
        ("", "q.txt", "ends in .json"),
        (b"PK\x03\x04", "q.csv", "Line 1"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_with_its_line_and_changes_nothing(
    alice: Alice, content: str | bytes, name: str, words: str
) -> None:
    before = alice.programme.questionnaire

    page = alice.send_file(content, name, status=422)

    assert words in page.get_text(" ", strip=True)
    assert alice.programme.questionnaire == before
    assert alice.programme.settings_version == 1


def test_a_file_does_not_widen_who_sees_answers(alice: Alice) -> None:
    whole = json.loads(to_json(alice.questionnaire))
    (times,) = [one for one in whole["questions"] if one["key"] == "availability"]
    times["seen_by"] = ["instructor", "partner", "self"]

    page = alice.send_file(json.dumps(whole), status=422)

    assert "fewer could see it" in page.get_text()


def test_words_of_the_tool_stay_its_own_where_only_something_else_changed(alice: Alice) -> None:
    wording = alice.questionnaire.question("aims").wording

    alice.edit("aims", weight="9")

    assert alice.questionnaire.question("aims").wording == wording


def test_staff_read_what_is_for_them_and_wishes_only_on_record(alice: Alice, clock: Clock) -> None:
    dana, gwen = alice.people["Dana Dewdrop"], alice.people["Gwen Gingham"]
    with transaction() as session:
        row = session.scalars(select(Enrolment).filter_by(person_id=dana)).one()
        row.answers = row.answers | {"note_to_partner": "For my partner.", "situations": ["caring"]}
        session.add(Wish(enrolment_id=row.id, person_id=gwen, kind="apart"))

    page = alice.open(f"answers/{dana}")
    before = db.session.scalars(select(AuditEntry)).all()
    looked = alice.pages.submit(page, f"/answers/{dana}/wishes", {})

    assert "English" in page.get_text()
    for private in ("For my partner.", "Caring", "Gwen"):
        assert private not in page.get_text()
    assert before == []
    assert "Gwen Gingham" in looked.get_text()
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.what, entry.person_id, entry.at) == ("wishes.read", alice.person_id, clock.now)
