"""Who sees what of an application, field by field, from the one declaration that also prints the label beside it."""

from collections.abc import Mapping

import pytest
from flask import Flask

from lti_tool.mentoring.application import TRAINING, ApplicationState, Step, pages
from lti_tool.mentoring.questionnaire import Audience, QuestionKind
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.store.db import transaction
from lti_tool.store.privacy import everything_about, make_nameless
from tests import make
from tests.conftest import Clock
from tests.outside import look_again
from tests.web.course import Browsers, Course, Reader, course, reader

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TEXTS = {
    question.key: question.seen_by
    for step in Step
    for question in pages([], is_asked=True)[step]
    if question.kind is QuestionKind.TEXT
}
STAFF_FIELDS = {"message": seen_by(Written.APPLICATION_MESSAGE), "note": seen_by(Written.PRIVATE_NOTE)}
DECLARED: Mapping[str, frozenset[Audience]] = TEXTS | STAFF_FIELDS
OF_STUDENTS = ("", "application/", "application/about", "application/situations", "application/send", "participation/")
OF_STAFF = ("", "people", "cohort/", "cohort/joined", "cohort/approved?who=silent", "mentors/", "mentors/?show=all")


def mark(field: str) -> str:
    """What is written into a field, and nowhere else."""
    return f"zebra-{field}-zebra"


@pytest.fixture
def here(app: Flask, clock: Clock, pages: Browsers) -> Course:
    """Bob's application, with a mark in every field; he and Dana are a pair."""
    made = course(pages, clock.now.replace(year=2027))
    make.pair(made.at, made.bob_enrolment, made.dana_enrolment, by=made.alice.person_id)
    make.application(
        made.bob_enrolment,
        state=ApplicationState.ASKED,
        answers={field: mark(field) for field in TEXTS} | {TRAINING.key: "yes"},
        message=mark("message"),
        note=mark("note"),
        rubric={"motivation": 3},
    )
    return made


def seen(who: Reader, *addresses: str) -> str:
    """Everything somebody can read on these pages, as far as the pages exist for them."""
    found = []
    for address in addresses:
        answer = who.pages.raw().get(f"{who.path}{address}")
        found.append(answer.get_data(as_text=True))
    return " ".join(found)


@pytest.mark.parametrize("field", DECLARED)
def test_each_field_is_read_by_whom_its_label_names_and_nobody_else(
    app: Flask, here: Course, clock: Clock, pages: Browsers, field: str
) -> None:
    until = clock.now.replace(year=2027)
    gwen = reader(pages, here.at, make.person(here.at, "Gwen Gingham"), role="student", until=until)
    other = make.setting(context_id="chem-101")
    fay = reader(pages, other, make.person(other, "Fay Faraway", role="instructor"), role="instructor", until=until)
    pair = ("pairs/1/", "pairs/1/check-ins/1")

    readers = {
        Audience.SELF: seen(here.bob, *OF_STUDENTS, *pair),
        Audience.PARTNER: seen(here.dana, *OF_STUDENTS, *pair),
        Audience.INSTRUCTOR: seen(here.alice, *OF_STAFF, f"mentors/{here.bob_enrolment}"),
    }
    strangers = seen(gwen, *OF_STUDENTS, *pair) + seen(fay, *OF_STAFF, f"mentors/{here.bob_enrolment}")

    assert {who for who, text in readers.items() if mark(field) in text} == DECLARED[field]
    assert mark(field) not in strangers


def test_the_label_beside_each_field_comes_from_the_declaration(here: Course) -> None:
    own = here.bob.open("application/about")
    staff = here.alice.open(f"mentors/{here.bob_enrolment}")

    for field in TEXTS:
        assert "you and the staff of this course" in own.select(f"#f-{field}-seen")[0].get_text()
    assert "only the staff of this course" in staff.select("#f-note-seen")[0].get_text()
    assert "only the staff of this course" in staff.select("#f-mark-motivation-seen")[0].get_text()
    assert "this person and the staff of this course" in staff.select("#f-decline-seen")[0].get_text()


def test_points_of_the_situations_are_on_no_page_of_a_student(app: Flask, here: Course) -> None:
    text = seen(here.bob, *OF_STUDENTS) + seen(here.dana, *OF_STUDENTS)

    assert "points of" not in text
    assert "of 2 points" not in text


def test_an_export_holds_application_training_and_reminders(here: Course) -> None:
    make.training(here.bob_enrolment, replies={"tr1/sc1": "a"})

    found = everything_about(here.bob.person_id)

    assert found["application"][0]["answers"]["motivation"] == mark("motivation")
    assert found["training"][0]["replies"] == {"tr1/sc1": "a"}
    assert {"nudge", "reminder", "consent"} <= set(found)


def test_erasing_a_person_leaves_none_of_their_words(here: Course) -> None:
    make.training(here.bob_enrolment, replies={"tr1/sc1": "a"}, quiz_answers={"answers": {"role-1": "a"}})
    with transaction():
        make_nameless(here.bob.person_id, "erased-1")

    look_again()
    found = str(everything_about(here.bob.person_id))

    assert "zebra" not in found
    assert "role-1" not in found
