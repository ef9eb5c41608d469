"""Who sees what people write: tried field by field from the declarations that draw the labels."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

import pytest
from flask import Flask

from lti_tool.actions.overrides import decide_points
from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.excuse_forms import Decided
from lti_tool.mentoring.questionnaire import Audience, Question, QuestionKind
from lti_tool.mentoring.questions import default_questionnaire
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.store.conversation import MessageReport
from lti_tool.store.db import transaction
from lti_tool.store.enrolment import Enrolment, Wish
from lti_tool.store.resources import Resource
from tests import make
from tests.conftest import NOON, Clock
from tests.pages import PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Browsers = Callable[[], PageClient]
TEXTS = [one for one in default_questionnaire().questions if one.kind is QuestionKind.TEXT]
CHOICES = [
    one
    for one in default_questionnaire().questions
    if one.options and one.kind not in {QuestionKind.GRID, QuestionKind.TICK}
]


@dataclass
class Readers:
    """Bob writes; Dana is his partner, Gwen a classmate, Alice teaches, Charlie and Quentin are elsewhere."""

    at: make.Setting
    bob: int
    people: dict[str, int] = field(default_factory=dict)
    pair_id: int = 0
    browsers: dict[str, tuple[PageClient, str]] = field(default_factory=dict)

    def page_of(self, who: str, *, with_shared: bool = False) -> str:
        """Everything this person can read anywhere in the tool that could concern Bob."""
        client, key = self.browsers[who]
        role, person = key.split(":")
        paths = PAGES[role] + (SHARED[role] if with_shared else ())
        text = ""
        for path in paths:
            address = f"/l/{person}{path.format(bob=self.people['bob'], pair=self.pair_id)}"
            answer = client.raw().get(address, follow_redirects=True)
            text += answer.get_data(as_text=True) if answer.status_code == 200 else ""
        return text


PAGES = {
    "student": (
        "/me/",
        "/me/join/questions",
        "/me/join/wishes?q=b",
        "/me/pairs/{pair}/",
        "/me/pairs/{pair}/meetings/",
        "/me/calendar/",
        "/me/pairs/{pair}/agreement/",
        "/me/pairs/{pair}/goals/",
        "/me/pairs/{pair}/goals/1",
        "/me/pairs/{pair}/tasks/",
        "/me/participation/",
    ),
    "instructor": (
        "/staff/",
        "/staff/people",
        "/staff/answers/{bob}",
        "/staff/participation/{bob}",
        "/staff/participation/excuses/?decided=1",
        "/staff/participation/excuses/1",
        "/staff/participation/decisions",
        "/staff/check-ins/",
        "/staff/meetings/?show=all",
        "/staff/agreements/",
        "/staff/matching/",
        "/staff/gradebook/",
    ),
}


SHARED = {  # where people write to each other; no answer of a questionnaire comes there
    "student": ("/me/pairs/{pair}/messages/", "/me/pairs/{pair}/shelf/", "/me/mentors-board/", "/me/library/"),
    "instructor": ("/staff/messages/?q=b", "/staff/messages/pairs/{pair}", "/staff/mentors-board/", "/staff/library/"),
}


@pytest.fixture
def readers(app: Flask, clock: Clock, pages: Browsers) -> Readers:
    """Everybody, each with a browser of their own."""
    here, there = make.setting(), make.setting(context_id="chem-101")
    until = clock.now.replace(year=2027)
    bob = make.person(here, "Bob Birchwood")
    made = Readers(at=here, bob=make.enrolment(here, bob, role="mentor", answers={}), people={"bob": bob})

    def come(who: str, at: make.Setting, name: str, role: str) -> int:
        person = make.person(at, name, role=role)
        key, secret = make.visit(at, person, role=role, until=until)
        client = pages()
        client.raw().set_cookie("visit", secret, path=f"/l/{key}/", domain="localhost")
        made.people[who], made.browsers[who] = person, (client, f"{role}:{key}")
        return person

    dana = make.enrolment(here, come("partner", here, "Dana Dewdrop", "student"), role="mentee")
    make.enrolment(here, come("classmate", here, "Gwen Gingham", "student"), role="mentee")
    alice = come("instructor", here, "Alice Ashford", "instructor")
    make.enrolment(there, come("stranger", there, "Charlie Chalk", "student"), role="mentee")
    come("other teacher", there, "Quentin Quicklime", "instructor")
    made.pair_id = make.pair(here, made.bob, dana, by=alice)
    return made


def expected(audiences: frozenset[Audience]) -> set[str]:
    """Who of the readers may see it."""
    named = {Audience.PARTNER: "partner", Audience.INSTRUCTOR: "instructor"}
    return {who for audience, who in named.items() if audience in audiences}


def who_reads(readers: Readers, words: str) -> set[str]:
    """Who finds these words on any page."""
    return {who for who in readers.browsers if words in readers.page_of(who)}


@pytest.mark.parametrize("question", TEXTS, ids=lambda question: question.key)
def test_a_text_is_read_by_those_whom_its_label_names(readers: Readers, question: Question) -> None:
    words = f"Secret of {question.key}"
    write(readers, {question.key: words})

    assert who_reads(readers, words) == expected(question.seen_by)


@pytest.mark.parametrize("question", CHOICES, ids=lambda question: question.key)
def test_a_choice_is_read_by_those_whom_its_label_names(readers: Readers, question: Question) -> None:
    option = question.options[0]
    answer: object = option.key
    if question.kind is QuestionKind.OFFER:
        answer = {option.key: "strong"}
    elif question.kind in {QuestionKind.MULTI, QuestionKind.RANK}:
        answer = [option.key]
    write(readers, {question.key: answer})
    is_asked = question.is_asked_of(EnrolmentRole.MENTOR)

    found = {who for who in readers.browsers if f'<dd dir="auto">{shown(option.label)}' in readers.page_of(who)}

    assert found == (expected(question.seen_by) if is_asked else set())


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (Written.AGREEMENT, "Mondays at four"),
        (Written.GOAL, "Hand in the second report on time"),
        (Written.TASK, "Find the rubric"),
    ],
)
def test_what_a_pair_plans_is_read_by_those_whom_its_label_names(readers: Readers, what: Written, words: str) -> None:
    make.plan(readers.pair_id, readers.bob)

    assert who_reads(readers, words) == expected(seen_by(what))


@pytest.mark.parametrize("kind", ["together", "apart"])
def test_a_wish_is_read_by_nobody_but_staff_who_ask_for_it(readers: Readers, kind: str) -> None:
    for who in readers.browsers:
        readers.page_of(who)  # a pair is new the first time it is seen, and no longer the second
    before = {who: readers.page_of(who) for who in readers.browsers}
    with transaction() as session:
        session.add(Wish(enrolment_id=readers.bob, person_id=readers.people["classmate"], kind=kind))

    after = {who: readers.page_of(who) for who in readers.browsers}
    client, key = readers.browsers["instructor"]
    page = client.get(f"/l/{key.split(':')[1]}/staff/answers/{readers.people['bob']}")
    asked = client.submit(page, "/wishes", {})

    assert without_tokens(after) == without_tokens(before)
    assert "Gwen Gingham" in asked.get_text()
    assert Audience.INSTRUCTOR in seen_by(Written.WISHES)
    for who in ("partner", "classmate"):
        reader, own = readers.browsers[who]
        path = f"/l/{own.split(':')[1]}/staff/answers/{readers.people['bob']}/wishes"
        assert reader.raw().post(path).status_code in {400, 404}


def test_a_message_a_shelf_and_a_report_are_read_by_those_whom_their_labels_name(readers: Readers) -> None:
    bob, partner = readers.people["bob"], readers.people["partner"]
    make.message(readers.at, readers.pair_id, bob, text="Secret of the message")
    reported = make.message(readers.at, readers.pair_id, partner, text="Unkind")
    shelved = make.resource(readers.at, readers.pair_id, bob)
    report = make.report(readers.at, reported, bob)
    with transaction() as session:
        session.get_one(Resource, shelved).note = "Secret of the shelf"
        session.get_one(MessageReport, report).why = "Secret of the report"

    pages = {who: readers.page_of(who, with_shared=True) for who in readers.browsers}
    for words, what in (("message", Written.MESSAGE), ("shelf", Written.SHELF), ("report", Written.REPORT)):
        found = {who for who, text in pages.items() if f"Secret of the {words}" in text}
        assert found == expected(seen_by(what)), words


@pytest.mark.parametrize(("what", "column"), [(Written.EXCUSE, "words"), (Written.EXCUSE_ANSWER, "answer")])
def test_an_excuse_and_its_answer_are_read_by_those_whom_their_labels_name(
    readers: Readers, what: Written, column: str
) -> None:
    words = f"Secret of {column}"
    alice = readers.people["instructor"]
    make.excuse(readers.at, readers.bob, state="refused", decided_by=alice, decided_at=NOON, **{column: words})

    assert who_reads(readers, words) == expected(seen_by(what))


def test_the_reason_of_decided_points_is_read_by_those_whom_its_label_names(readers: Readers) -> None:
    decided = Decided(points=Decimal(1), reason="Secret of the points")
    programme, alice = readers.at.programme_id, readers.people["instructor"]
    decide_points(programme, readers.bob, "total", decided, seen=0, by=alice, now=NOON)

    assert who_reads(readers, decided.reason) == expected(seen_by(Written.POINTS_REASON))


@pytest.mark.parametrize("what", Written)
def test_everything_people_write_has_a_label_with_who_sees_it(what: Written, app: Flask) -> None:
    from lti_tool.web.text import seen_by as in_words  # it translates, so it needs the application

    with app.test_request_context():
        assert in_words(seen_by(what))


def write(readers: Readers, answers: dict[str, object]) -> None:
    """Bob's answers."""
    with transaction() as session:
        session.get_one(Enrolment, readers.bob).answers = answers


def shown(label: str) -> str:
    """A label as it stands in a page."""
    return label.replace("&", "&amp;")


def without_tokens(pages: dict[str, str]) -> dict[str, list[str]]:
    """The pages without what differs from fetch to fetch."""
    return {who: [line for line in text.splitlines() if "csrf_token" not in line] for who, text in pages.items()}
