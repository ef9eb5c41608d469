"""When something is not working: what people and staff see, and what nobody sees."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from lti_tool.actions.pair_life import end_pair
from lti_tool.actions.phases import move, move_all_by_date
from lti_tool.actions.sweep import follow_pairs, look_after_pairs
from lti_tool.mentoring.pair_life import EndReason
from lti_tool.mentoring.programme import Phase
from lti_tool.store.cases import PairCase
from lti_tool.store.db import db, transaction
from lti_tool.store.matching import Pair
from lti_tool.store.programme import Programme
from tests import make
from tests.conftest import Clock
from tests.pages import PageClient
from tests.web.course import Course, Reader, course

Browsers = Callable[[], PageClient]
HAPPENED = "He waited for me outside and would not go."


@dataclass
class World:
    """A pair of Bob, who mentors, and Dana, in a course of Alice's."""

    course: Course
    pair: int
    clock: Clock

    @property
    def help(self) -> str:
        return f"pairs/{self.pair}/help/"

    def words(self, reader: Reader, page: str) -> str:
        return " ".join(reader.open(page).get_text(" ", strip=True).split())

    def row(self) -> Pair:
        db.session.rollback()
        return db.session.get_one(Pair, self.pair)

    def case(self) -> PairCase:
        db.session.rollback()
        return db.session.scalars(select(PairCase).order_by(PairCase.id.desc())).first()  # type: ignore[return-value]  # there is one

    def ask(self, reader: Reader, **fields: str) -> str:
        """Somebody asks the staff for something; the page that follows."""
        given = {"topic": "times", "tried": "I wrote twice.", **fields}
        return reader.submit(f"{self.help}ask", "/ask", given).get_text(" ", strip=True)


@pytest.fixture
def world(pages: Browsers, clock: Clock) -> World:
    made = course(pages, clock.now + timedelta(days=300), asks_application=False, asks_training=False)
    pair = make.pair(made.at, made.bob_enrolment, made.dana_enrolment, by=made.alice.person_id)
    return World(course=made, pair=pair, clock=clock)


def test_a_safety_report_stops_contact_and_the_partner_reads_only_paused(world: World) -> None:
    dana, bob, alice = world.course.dana, world.course.bob, world.course.alice

    page = dana.submit(f"{world.help}safety", "/safety", {"what": HAPPENED, "danger": "no"})

    assert "Contact in this pair is stopped" in page.get_text()
    assert (world.row().state, world.row().contact_stopped_at is not None) == ("paused", True)
    for place in ("", f"pairs/{world.pair}/", world.help, f"pairs/{world.pair}/pause"):
        seen = world.words(bob, place)
        assert HAPPENED not in seen
        assert "safety" not in seen.lower()
        assert "report" not in seen.lower() or place == world.help
    assert "This pair is paused" in world.words(bob, f"pairs/{world.pair}/")
    bob.open(f"{world.help}cases/{world.case().id}", status=404)
    assert "1 request waits" in world.words(alice, "pairs/")
    assert HAPPENED in world.words(alice, f"cases/{world.case().id}")


def test_nobody_but_staff_brings_contact_back_and_they_say_why(world: World) -> None:
    dana, bob, alice = world.course.dana, world.course.bob, world.course.alice
    dana.submit(f"{world.help}safety", "/safety", {"what": HAPPENED, "danger": "yes"})
    case = f"cases/{world.case().id}"

    token = bob.pages.submit(bob.open(f"{world.help}ask"), "/ask", {}, status=422)
    assert token
    alice.submit(case, "/take", {})
    closing = {"outcome": "contact", "record": "Spoke with both.", "answer": "Thank you for telling me."}
    alice.submit(case, "/close", closing)

    assert (world.row().state, world.row().contact_stopped_at) == ("active", None)
    assert world.case().owner_id == alice.person_id
    assert "Thank you for telling me." in world.words(dana, f"{world.help}cases/{world.case().id}")
    assert "Spoke with both." not in world.words(dana, f"{world.help}cases/{world.case().id}")


def test_a_report_that_ends_the_pair_leaves_no_way_to_stay_in_touch(world: World) -> None:
    dana, bob, alice = world.course.dana, world.course.bob, world.course.alice
    dana.submit(f"{world.help}safety", "/safety", {"what": HAPPENED, "danger": "no"})

    alice.submit(f"cases/{world.case().id}", "/close", {"outcome": "ended", "record": "Decided with the office."})

    assert (world.row().state, world.row().end_reason) == ("ended", "safety")
    assert "The staff have ended this pair." in world.words(bob, f"pairs/{world.pair}/")
    assert "stay in touch" not in world.words(bob, f"pairs/{world.pair}/")
    bob.pages.get(f"{bob.path}pairs/{world.pair}/farewell", status=303)


def test_a_wish_for_a_new_partner_comes_true_by_itself_when_nobody_answers(world: World) -> None:
    world.ask(world.course.dana, wish="rematch")
    again = world.ask(world.course.dana, wish="rematch")

    look_after_pairs(now=world.clock.advance(days=2))
    before = world.row().state
    look_after_pairs(now=world.clock.advance(days=1))

    assert (before, world.row().state, world.row().end_reason) == ("active", "ended", "rematch")
    assert db.session.query(PairCase).count() == 1
    assert "A new partner" in again
    assert "1 person has lost a partner" not in world.words(world.course.alice, "pairs/")
    assert "2 people have lost a partner" in world.words(world.course.alice, "pairs/")
    assert "More than three days" not in world.words(world.course.alice, "pairs/")
    world.clock.advance(days=3)
    assert "More than three days" in world.words(world.course.alice, "pairs/")


def test_the_partner_never_learns_who_asked(world: World) -> None:
    world.ask(world.course.dana, wish="talk", more="She never answers.")

    for place in (f"pairs/{world.pair}/", world.help):
        assert "She never answers." not in world.words(world.course.bob, place)
        assert "Waiting for an answer" not in world.words(world.course.bob, place)


def test_the_record_of_a_talk_is_read_by_both_and_comes_up_again(world: World) -> None:
    dana, bob, alice = world.course.dana, world.course.bob, world.course.alice
    world.ask(dana, wish="talk")
    day, later = world.clock.now.date(), (world.clock.now + timedelta(days=14)).date()
    talk = {
        "held_on": day.isoformat(),
        "people": "Alice, Bob and Dana",
        "issue_one": "I wait too long for an answer.",
        "issue_two": "I do not know what to write.",
        "agreed": "A line every Monday.",
        "review_on": later.isoformat(),
    }

    alice.submit(f"cases/{world.case().id}", "/talk", talk)

    assert "A line every Monday." in world.words(bob, world.help)
    assert "A line every Monday." in world.words(dana, world.help)
    world.clock.advance(days=14)
    assert "was to be looked at again on" in world.words(alice, "pairs/")


def test_a_concern_that_can_wait_is_known_to_the_one_it_is_about(world: World) -> None:
    dana, bob, alice = world.course.dana, world.course.bob, world.course.alice
    worry = {"path": "supportive", "told": "here", "what": "Dana sleeps badly before exams."}

    bob.submit(f"{world.help}concern", "/concern", worry)
    case = world.case()
    dana.submit(f"{world.help}cases/{case.id}", f"/cases/{case.id}", {"words": "I would like some help."})

    assert "Somebody asked the staff to support you" in world.words(dana, f"pairs/{world.pair}/")
    assert "Dana sleeps badly" in world.words(dana, f"{world.help}cases/{case.id}")
    assert "I would like some help." in world.words(alice, f"cases/{case.id}")
    assert "I would like some help." not in world.words(bob, f"{world.help}cases/{case.id}")


def test_an_urgent_concern_reaches_the_staff_alone_and_at_once(world: World) -> None:
    dana, bob, alice = world.course.dana, world.course.bob, world.course.alice

    bob.submit(f"{world.help}concern", "/concern", {"path": "urgent", "what": "She sees no way on."})

    assert "support you" not in world.words(dana, f"pairs/{world.pair}/")
    dana.open(f"{world.help}cases/{world.case().id}", status=404)
    assert "Urgent: somebody told you" in world.words(alice, "pairs/")
    assert world.row().state == "active"


def test_what_was_typed_stays_when_something_is_missing(world: World) -> None:
    dana = world.course.dana

    page = dana.submit(f"{world.help}safety", "/safety", {"what": HAPPENED}, status=422)

    assert HAPPENED in page.select_one("textarea[name=what]").get_text()
    assert "Please choose one of these." in page.get_text()
    long = dana.submit(f"{world.help}ask", "/ask", {"topic": "tone", "wish": "talk", "more": "x" * 10_000}, status=422)
    assert "shorten this to 2000" in long.get_text()
    assert len(long.select_one("textarea[name=more]").get_text(strip=True)) == 10_000


def test_a_form_that_is_sent_twice_makes_one_case(world: World) -> None:
    dana = world.course.dana
    form = dana.open(f"{world.help}safety")

    for _time in range(2):
        dana.pages.submit(form, "/safety", {"what": HAPPENED, "danger": "no"}, status=303)

    assert db.session.query(PairCase).count() == 1


def test_two_of_the_staff_at_one_case_lose_nothing(world: World) -> None:
    alice = world.course.alice
    world.ask(world.course.dana, wish="decide")
    case = f"cases/{world.case().id}"
    first, second = alice.open(case), alice.open(case)

    alice.pages.submit(first, "/take", {}, status=303)
    late = alice.pages.submit(second, "/close", {"outcome": "settled", "record": "I spoke to Bob."}, status=409)

    assert "Somebody else has done something here" in late.get_text()
    assert "I spoke to Bob." in late.select_one("textarea[name=record]").get_text()
    alice.pages.submit(late, "/close", {"outcome": "settled", "record": "I spoke to Bob."}, status=303)
    assert world.case().state == "closed"


def test_a_pair_pauses_until_its_day_and_says_so(world: World) -> None:
    dana, bob = world.course.dana, world.course.bob
    day = (world.clock.now + timedelta(days=7)).date().isoformat()

    dana.submit(f"pairs/{world.pair}/pause", "/pause", {"resumes_on": day, "words": "Exams until Friday."})

    assert "Exams until Friday." in world.words(bob, f"pairs/{world.pair}/")
    bob.pages.get(f"{bob.path}pairs/{world.pair}/check-ins/1", status=303)
    look_after_pairs(now=world.clock.advance(days=7))
    assert world.row().state == "active"


def test_staying_in_touch_needs_a_yes_of_both(world: World) -> None:
    dana, bob = world.course.dana, world.course.bob
    page = f"pairs/{world.pair}/farewell"
    end_pair(world.pair, why=EndReason.STAFF, by=world.course.alice.person_id, now=world.clock.now)

    dana.submit(page, "/farewell", {"thanks": "Thank you!", "stays": "yes", "contact": "dana@example.org"})
    before = world.words(bob, page)
    bob.submit(page, "/farewell", {"stays": "yes", "contact": "0123 456"})

    assert "Thank you!" in before
    assert "dana@example.org" not in before
    assert "dana@example.org" in world.words(bob, page)
    assert "0123 456" in world.words(dana, page)
    bob.submit(page, "/farewell", {"stays": "no", "contact": ""})
    assert "0123 456" not in world.words(dana, page)
    assert "You stay in touch" not in world.words(dana, page)


def test_a_programme_that_is_over_ends_its_pairs_and_one_that_opens_again_brings_them_back(world: World) -> None:
    with transaction() as session:
        programme = session.get_one(Programme, world.course.at.programme_id)
        programme.phase, programme.ends_on = "closing", world.clock.now.date()

    closing = world.words(world.course.dana, f"pairs/{world.pair}/")
    world.clock.advance(days=14)
    move_all_by_date(now=world.clock.now)
    follow_pairs(now=world.clock.now)
    ended = (world.row().state, world.row().end_reason)
    home = world.words(world.course.dana, "")
    move(world.course.at.programme_id, Phase.CLOSING, by=world.course.alice.person_id, now=world.clock.now)
    follow_pairs(now=world.clock.now)

    assert "Say goodbye and thank you" in closing
    assert ended == ("ended", "completed")
    assert "Earlier partners" in home
    assert (world.row().state, world.row().ended_at) == ("active", None)


def test_a_hand_over_ends_the_pair_on_its_day(world: World) -> None:
    day = (world.clock.now + timedelta(days=10)).date().isoformat()
    world.ask(world.course.bob, wish="role", hand_over_on=day)

    world.course.alice.submit(f"cases/{world.case().id}", "/hand-over", {"day": day})
    look_after_pairs(now=world.clock.advance(days=9))
    before = world.row().state
    look_after_pairs(now=world.clock.advance(days=1))

    assert (before, world.row().state, world.row().end_reason) == ("active", "ended", "role")
    assert world.case().state == "closed"


def test_staff_note_what_they_did_and_find_pairs_by_name_and_health(world: World) -> None:
    alice = world.course.alice
    look_after_pairs(now=world.clock.advance(days=22))

    alice.submit(f"pairs/{world.pair}", "/note", {"note": "Wrote to both."})
    listed = world.words(alice, "pairs/?show=stuck&q=bob")

    assert "Nothing has happened in this pair for 22 days." in listed
    assert "Wrote to both." in listed
    assert "No pair here has such a name" in world.words(alice, "pairs/?q=nobody")
    assert "There are none of these" in world.words(alice, "pairs/?show=watch")


def test_staff_end_a_pair_and_its_people_read_a_kind_sentence(world: World) -> None:
    world.course.alice.submit(f"pairs/{world.pair}", "/end", {"why": "rematch", "record": "Both agreed."})

    seen = world.words(world.course.dana, f"pairs/{world.pair}/")
    assert "nobody’s fault" in seen
    assert "Both agreed." not in seen
    assert world.row().end_reason == "rematch"


def test_markup_in_any_words_stays_words(world: World) -> None:
    dana, bob, alice = world.course.dana, world.course.bob, world.course.alice
    evil = "<script>alert(1)</script><b data-x=1>"
    day = (world.clock.now + timedelta(days=7)).date().isoformat()

    world.ask(dana, wish="talk", tried=evil, more=evil)
    bob.submit(f"{world.help}concern", "/concern", {"path": "supportive", "told": "yes", "what": evil})
    alice.submit(f"pairs/{world.pair}", "/note", {"note": evil})
    dana.submit(f"pairs/{world.pair}/pause", "/pause", {"resumes_on": day, "words": evil})

    case = world.case().id
    for reader, page in ((alice, f"cases/{case}"), (alice, f"cases/{case - 1}"), (alice, "pairs/"), (bob, "")):
        reader.open(page)  # the client refuses inline scripts and handlers
    for reader, page in (
        (alice, f"pairs/{world.pair}"),
        (dana, f"{world.help}cases/{case}"),
        (bob, f"pairs/{world.pair}/"),
    ):
        assert evil in reader.open(page).get_text()
