"""A pair's conversation and the mentors' board: who reads, who writes, what is reported, and what staff may see."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from lti_tool.store.conversation import Message, MessageReport, ThreadReading
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import Pair
from lti_tool.store.pairs import PairMember
from lti_tool.store.programme import AuditEntry
from tests import make
from tests.conftest import NOON, Clock
from tests.pages import PageClient
from tests.web.course import Course, Reader, course, reader

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Browsers = Callable[[], PageClient]
SCRIPT = "<script>alert(1)</script>"


@dataclass
class World:
    """Bob mentors Dana in Alice's course; Gwen mentors Hugo there, and Charlie is in another course."""

    here: Course
    gwen: Reader
    hugo: Reader
    charlie: Reader
    quentin: Reader
    pair_id: int
    other_pair_id: int
    clock: Clock

    @property
    def page(self) -> str:
        """The pair's conversation."""
        return f"pairs/{self.pair_id}/messages/"

    def say(self, who: Reader, text: str, page: str | None = None) -> int:
        """Send a message; its number."""
        page = page or self.page
        who.submit(page, page, {"text": text})
        return db.session.scalars(select(Message.id).order_by(Message.id.desc())).first() or 0


@pytest.fixture
def world(app: Flask, clock: Clock, pages: Browsers) -> World:
    until = clock.now.replace(year=2027)
    here = course(pages, until, asks_application=False, asks_training=False)
    there = make.setting(context_id="chem-101")

    def come(at: make.Setting, name: str, role: str) -> Reader:
        return reader(pages, at, make.person(at, name, role=role), role=role, until=until)

    gwen, hugo = come(here.at, "Gwen Gingham", "student"), come(here.at, "Hugo Hazel", "student")
    mentor = make.enrolment(here.at, gwen.person_id, role="mentor")
    mentee = make.enrolment(here.at, hugo.person_id, role="mentee")
    by = here.alice.person_id
    return World(
        here=here,
        gwen=gwen,
        hugo=hugo,
        charlie=come(there, "Charlie Chalk", "student"),
        quentin=come(there, "Quentin Quicklime", "instructor"),
        pair_id=make.pair(here.at, here.bob_enrolment, here.dana_enrolment, by=by),
        other_pair_id=make.pair(here.at, mentor, mentee, by=by),
        clock=clock,
    )


def words(page: BeautifulSoup) -> str:
    """What a reader reads."""
    return " ".join(page.get_text(" ", strip=True).split())


def change(pair_id: int, **values: object) -> None:
    """The pair is as the test says."""
    with transaction() as session:
        for name, value in values.items():
            setattr(session.get_one(Pair, pair_id), name, value)


def test_what_one_writes_the_other_reads_with_its_links_and_nothing_runs(world: World) -> None:
    world.say(world.here.bob, f"Hello {SCRIPT}\nLook at https://library.example.edu/a?b=1&c=2 or javascript:alert(2)")

    page = world.here.dana.open(world.page)

    assert SCRIPT in page.select(".message .words")[0].get_text()
    assert not page.select(".message script")
    (link,) = page.select(".message .words a")
    assert link["href"] == "https://library.example.edu/a?b=1&c=2"
    assert {"noopener", "noreferrer"} <= set(link["rel"])
    assert "New" in words(page)
    assert "New" not in [one.get_text() for one in world.here.dana.open(world.page).select(".message .badge")]


def test_the_label_names_everybody_who_can_read(world: World) -> None:
    page = words(world.here.bob.open(world.page))

    assert "You and Dana Dewdrop ." in page
    assert "only by giving a reason" in page
    assert "Dana Dewdrop; the staff only after giving a reason" in page


def test_a_message_that_waits_stands_on_the_pairs_overview(world: World) -> None:
    world.say(world.here.bob, "Hello")

    before = words(world.here.dana.open(f"pairs/{world.pair_id}/"))
    world.here.dana.open(world.page)
    after = words(world.here.dana.open(f"pairs/{world.pair_id}/"))

    assert "There is a new message for you." in before
    assert "There is a new message for you." not in after


@pytest.mark.parametrize("text", ["x" * 10_000, "", "a\u202eb", "  \n "])
def test_what_cannot_be_sent_stays_in_the_form_and_is_explained(world: World, text: str) -> None:
    page = world.here.bob.submit(world.page, world.page, {"text": text}, status=422)

    assert page.select("#problems a[href='#f-text']")
    assert page.select("#f-text")[0].get_text().strip("\n") == text.strip("\n")
    assert db.session.scalar(select(db.func.count()).select_from(Message)) == 0


def test_a_second_click_sends_nothing_twice_and_other_words_are_not_lost(world: World) -> None:
    page = world.here.bob.open(world.page)

    for text in ("Hello", "Hello", "Something else, written after going back"):
        world.here.bob.pages.submit(page, world.page, {"text": text}, status=303)

    assert list(db.session.scalars(select(Message.text).order_by(Message.id))) == [
        "Hello",
        "Something else, written after going back",
    ]


def test_ones_own_message_is_changed_for_a_quarter_of_an_hour_and_removed_at_any_time(world: World) -> None:
    number = world.say(world.here.bob, "Helo")
    page = f"{world.page}{number}"

    world.here.bob.submit(page, page, {"text": "Hello"})
    world.clock.advance(minutes=16)
    late = world.here.bob.open(page)
    shown = words(world.here.dana.open(world.page))
    world.here.bob.submit(page, "/remove", {})

    assert "Hello" in shown
    assert "changed" in shown
    assert not late.select("#f-text")
    assert "removed by the person who wrote it" in words(world.here.dana.open(world.page))
    assert "Hello" not in words(world.here.dana.open(world.page))
    world.here.dana.open(page, status=404)


def test_a_change_that_comes_too_late_changes_nothing_and_says_so(world: World) -> None:
    number = world.say(world.here.bob, "Hello")
    page = world.here.bob.open(f"{world.page}{number}")
    world.clock.advance(minutes=16)

    world.here.bob.pages.submit(page, f"/{number}", {"text": "Other"}, status=303)

    assert "for 15 minutes" in words(world.here.bob.pages.follow())
    assert db.session.scalars(select(Message.text)).one() == "Hello"


def test_nobody_else_reads_or_writes_there(world: World) -> None:
    number = world.say(world.here.bob, "Between us")
    token = str(world.here.bob.open(world.page).select("input[name=csrf_token]")[0]["value"])

    for stranger in (world.gwen, world.hugo, world.charlie):
        for page in ("", str(number), f"{number}/report"):
            stranger.open(f"{world.page}{page}", status=404)
        for page in ("", str(number), f"{number}/report", f"{number}/remove"):
            url = f"{stranger.path}{world.page}{page}"
            assert stranger.pages.raw().post(url, data={"text": "x", "csrf_token": token}).status_code in {400, 404}
    # A message of another pair does not exist in one's own.
    own = f"pairs/{world.other_pair_id}/messages/{number}"
    world.gwen.open(own, status=404)
    world.gwen.open(f"{own}/report", status=404)
    world.here.dana.open(f"{world.page}{number}", status=404)
    assert "Between us" not in words(world.here.alice.open("messages/"))


def test_a_reported_message_is_shown_to_staff_as_it_was_and_the_answer_to_who_reported_it(world: World) -> None:
    number = world.say(world.here.bob, f"Something unkind {SCRIPT}")
    world.say(world.here.bob, "Something else")
    report = f"{world.page}{number}/report"
    world.here.dana.submit(report, report, {"why": f"It hurt me. {SCRIPT}"})
    world.here.bob.submit(f"{world.page}{number}", f"/{number}", {"text": "Something kind"})

    assert "1 reported message waits for you" in words(world.here.alice.open(""))
    (listed,) = world.here.alice.open("messages/").select("a[href*='/messages/reports/']")
    page = world.here.alice.pages.get(str(listed["href"]))
    row = db.session.scalars(select(MessageReport)).one()
    world.here.alice.submit(
        f"messages/reports/{row.id}", f"/reports/{row.id}", {"answer": "I spoke with him.", "take_down": "yes"}
    )

    assert f"Something unkind {SCRIPT}" in words(page)
    assert "It has been changed since" in words(page)
    assert "Something else" not in words(page)
    assert "I spoke with him." in words(world.here.dana.open(report))
    assert "The staff have answered" in words(world.here.dana.open(world.page))
    assert "removed by the staff" in words(world.here.bob.open(world.page))
    assert "reported" not in words(world.here.bob.open(world.page)).replace("that one of you reports", "")
    assert "message.report" in list(db.session.scalars(select(AuditEntry.what)))
    again = world.here.alice.open(f"messages/reports/{row.id}")
    assert not again.select("#f-answer")
    world.quentin.open(f"messages/reports/{row.id}", status=404)


def test_staff_read_a_conversation_only_with_a_reason_that_the_pair_sees(world: World) -> None:
    world.say(world.here.bob, "Between us")
    page = f"messages/pairs/{world.pair_id}"

    asked = world.here.alice.open(page)
    world.here.alice.submit(page, page, {"why": " "}, status=422)
    opened = world.here.alice.submit(page, page, {"why": "Both have been silent for three weeks."})
    seen = words(world.here.dana.open(world.page))
    world.clock.advance(minutes=31)
    later = world.here.alice.open(page)

    assert "Between us" not in words(asked)
    assert "Between us" in words(opened)
    assert not opened.select(".message .badge")
    assert not opened.select("textarea")
    assert "Alice Ashford" in seen
    assert "Both have been silent for three weeks." in seen
    assert "Between us" not in words(later)
    assert db.session.scalar(select(db.func.count()).select_from(ThreadReading)) == 1
    assert "conversation.read" in list(db.session.scalars(select(AuditEntry.what)))
    world.quentin.open(page, status=404)
    world.here.alice.open("messages/pairs/999999", status=404)


def test_staff_find_a_pair_by_name(world: World) -> None:
    found = words(world.here.alice.open("messages/?q=dew"))
    elsewhere = words(world.quentin.open("messages/?q=dew"))

    assert "Bob Birchwood and Dana Dewdrop" in found
    assert "Hugo Hazel" not in found
    assert "Dana Dewdrop" not in elsewhere


@pytest.mark.parametrize(
    "values",
    [{"state": "ended"}, {"state": "paused"}, {"contact_stopped_at": NOON}],
    ids=["ended", "paused", "stopped"],
)
def test_in_a_closed_pair_everything_stays_readable_nothing_is_written_and_a_message_can_be_reported(
    world: World, values: dict[str, object]
) -> None:
    number = world.say(world.here.bob, "Hello")
    form = world.here.bob.open(world.page)
    own = world.here.bob.open(f"{world.page}{number}")
    change(world.pair_id, **values)

    world.here.bob.pages.submit(form, world.page, {"text": "More"}, status=303)
    world.here.bob.pages.submit(own, f"/{number}", {"text": "Other"}, status=303)
    world.here.bob.pages.submit(own, "/remove", {}, status=303)
    page = world.here.dana.open(world.page)
    report = f"{world.page}{number}/report"
    world.here.dana.submit(report, report, {"why": "Please look."})

    assert list(db.session.scalars(select(Message.text))) == ["Hello"]
    assert "Hello" in words(page)
    assert not page.select("textarea")
    assert db.session.scalars(select(MessageReport.why)).one() == "Please look."


def test_long_conversations_are_read_in_parts_that_stay_small(world: World) -> None:
    for number in range(12):
        world.say(world.here.bob, f"Part {number} " + "<&\"'é" * 700)

    page, seen = world.here.dana.open(world.page), []
    while True:
        seen += [one.get_text().split()[1] for one in page.select(".message .words")]
        older = [one for one in page.select(".pager a") if "Older" in one.get_text()]
        if not older:
            break
        page = world.here.dana.pages.get(str(older[0]["href"]))

    assert seen == [str(number) for number in reversed(range(12))]


def test_mentors_and_staff_talk_on_the_board_and_mentees_do_not(world: World) -> None:
    number = world.say(world.here.bob, f"How do you begin? {SCRIPT}", "mentors-board/")

    board = world.here.alice.open("mentors-board/")
    world.here.alice.submit("mentors-board/", "mentors-board/", {"text": "With a walk."})

    assert "How do you begin?" in words(board)
    assert "2 new messages" in words(world.gwen.open(""))
    assert "With a walk." in words(world.gwen.open("mentors-board/"))
    assert "new messages" not in words(world.gwen.open(""))
    assert "The mentors’ board" in words(world.gwen.open(""))
    assert "The mentors’ board" not in words(world.hugo.open(""))
    for stranger in (world.here.dana, world.hugo, world.charlie):
        stranger.open("mentors-board/", status=404)
        stranger.open(f"mentors-board/{number}/report", status=404)
    assert "How do you begin?" not in words(world.quentin.open("mentors-board/"))
    world.here.alice.submit("mentors-board/", f"/{number}/take-down", {})
    assert "removed by the staff" in words(world.gwen.open("mentors-board/"))


def test_who_waits_for_approval_as_a_mentor_does_not_read_the_board(app: Flask, clock: Clock, pages: Browsers) -> None:
    here = course(pages, clock.now.replace(year=2027), asks_application=True)

    here.bob.open("mentors-board/", status=404)
    make.application(here.bob_enrolment, state="approved")
    here.bob.open("mentors-board/")


def test_in_a_pair_of_three_everybody_reads_and_is_named(world: World) -> None:
    with transaction() as session:
        gwen = session.scalars(select(Enrolment).filter_by(person_id=world.gwen.person_id)).one()
        session.add(PairMember(pair_id=world.pair_id, enrolment_id=gwen.id, role="mentor"))
    number = world.say(world.gwen, "Hello to both of you")

    seen = [words(who.open(world.page)) for who in (world.here.bob, world.here.dana)]

    assert all("Hello to both of you" in one and "Gwen Gingham" in one for one in seen)
    assert "Bob Birchwood, Gwen Gingham" in seen[1] or "Bob Birchwood and Gwen Gingham" in seen[1]
    world.hugo.open(f"{world.page}{number}/report", status=404)


def test_who_has_left_a_pair_reads_it_no_more(world: World) -> None:
    world.say(world.here.bob, "Hello")
    with transaction() as session:
        place = session.scalars(
            select(PairMember).filter_by(pair_id=world.pair_id, enrolment_id=world.here.dana_enrolment)
        ).one()
        place.left_at = world.clock.now

    world.here.dana.open(world.page, status=404)
    world.here.bob.open(world.page)
