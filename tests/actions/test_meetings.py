"""Promises about a pair's meetings in the database, on both of them, also when two people act at once."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from lti_tool.actions import contact, meetings
from lti_tool.actions.calendar_feed import make_feed, revoke_feed
from lti_tool.actions.meeting_notes import save_notes
from lti_tool.mentoring.meeting_evidence import AttemptKind, Worth, counting, worths
from lti_tool.mentoring.meeting_form import Asked, Said
from lti_tool.mentoring.meetings import MeetingState, Plan, Ruling
from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken
from lti_tool.store.calendar_feed import CalendarFeed
from lti_tool.store.db import db, transaction
from lti_tool.store.matching import Pair
from lti_tool.store.meeting_evidence import attempts, meeting_facts, staff_page, standing_of_meetings
from lti_tool.store.meetings import (
    ContactAttempt,
    Meeting,
    changes_of,
    meetings_of,
    revisions_of,
)
from lti_tool.store.pairs import PairMember
from lti_tool.store.privacy import everything_about, make_nameless
from lti_tool.store.programme import AuditEntry
from tests import make
from tests.conftest import NOON, Clock
from tests.outside import look_again


@dataclass
class World:
    """Bob and Dana are a pair in Alice's course; Gwen may join them."""

    at: make.Setting
    pair: int
    alice: int
    bob: int
    dana: int
    gwen: int
    people: dict[str, int]

    def with_gwen(self) -> None:
        """The pair becomes a triad."""
        with transaction() as session:
            session.add(PairMember(pair_id=self.pair, enrolment_id=self.gwen, role="mentee"))

    def begun_before(self, days: int) -> None:
        """The pair began so many days earlier."""
        with transaction() as session:
            session.get_one(Pair, self.pair).published_at = NOON - timedelta(days=days)

    def propose(self, by: int, *, hours: float = 24, once: str = "a", **changes: Any) -> int:
        """A proposal of one member's."""
        plan = Plan(starts_at=NOON + timedelta(hours=hours), minutes=30, **changes)
        return meetings.propose(self.pair, by, Asked(plan=plan, words="Exams"), once=once, now=NOON)

    def held(self, minutes: int = 30, *, by: int | None = None, days: int = 0, once: str = "") -> int:
        """A meeting that somebody logs, so many days ago."""
        now = NOON + timedelta(minutes=len(meetings_of(self.pair)))
        said = Said(held_on=NOON.date() - timedelta(days=days), minutes=minutes, present=self.members)
        once = once or f"log-{len(meetings_of(self.pair))}"
        return meetings.log_outside(self.pair, by or self.bob, said, once=once, now=now)

    @property
    def members(self) -> frozenset[int]:
        """Bob and Dana."""
        return frozenset({self.bob, self.dana})

    def said(self, minutes: int = 30, present: frozenset[int] = frozenset()) -> Said:
        """That a planned meeting took place."""
        return Said(held_on=None, minutes=minutes, present=present or self.members)


@pytest.fixture
def world(app: Flask) -> World:
    at = make.setting()
    people = {
        name: make.person(at, full, role=role)
        for name, full, role in (
            ("alice", "Alice Ashford", "instructor"),
            ("bob", "Bob Birchwood", "student"),
            ("dana", "Dana Dewdrop", "student"),
            ("gwen", "Gwen Gingham", "student"),
        )
    }
    bob, dana, gwen = (
        make.enrolment(at, people[name], role=role)
        for name, role in (("bob", "mentor"), ("dana", "mentee"), ("gwen", "mentee"))
    )
    pair = make.pair(at, bob, dana, by=people["alice"])
    return World(at=at, pair=pair, alice=people["alice"], bob=bob, dana=dana, gwen=gwen, people=people)


def the(meeting_id: int) -> Meeting:
    """The meeting as it is in the database now."""
    look_again()
    return db.session.get_one(Meeting, meeting_id)


def test_a_meeting_goes_from_a_proposal_to_evidence(world: World, clock: Clock) -> None:
    meeting = world.propose(world.bob, where="https://meet.jit.si/bob")
    meetings.accept(world.pair, meeting, world.dana, version=1, now=NOON)
    after = clock.advance(hours=25)

    meetings.confirm(world.pair, meeting, world.dana, world.said(45), now=after)
    meetings.confirm(world.pair, meeting, world.bob, world.said(30), now=after)

    (fact,) = meeting_facts(world.at.programme_id)
    assert (fact.minutes, fact.present, fact.confirmed_by) == (30, world.members, world.members)
    assert (fact.state, fact.is_outside, fact.held_on.isoformat()) == (MeetingState.HELD, False, "2026-09-15")
    assert [one.what for one in changes_of(meeting)] == ["proposed", "accepted", "confirmed", "confirmed"]
    assert standing_of_meetings([world.pair], now=after)[world.pair].held == 1


def test_sending_a_form_twice_makes_one_meeting(world: World) -> None:
    first = world.propose(world.bob, once="same")
    again = world.propose(world.bob, once="same")
    logged = world.held(once="log"), world.held(once="log")

    assert first == again
    assert logged[0] == logged[1]
    assert len(meetings_of(world.pair)) == 2


def test_a_disputed_meeting_counts_when_staff_say_so_and_their_word_is_recorded(world: World) -> None:
    meeting = world.held()
    meetings.dispute(world.pair, meeting, world.dana, "It was last week", now=NOON)
    assert staff_page(world.at.programme_id, 15, kind="disputed", page=1)[1] == 1
    assert worths(meeting_facts(world.at.programme_id), 15) == {meeting: Worth.DISPUTED}

    done = meetings.decide(
        world.at.programme_id, meeting, Ruling.COUNTS, "Both wrote about it", by=world.alice, now=NOON
    )

    assert done
    assert counting(meeting_facts(world.at.programme_id), 15, world.dana)
    look_again()
    (entry,) = db.session.query(AuditEntry).filter_by(what="meeting.decide")
    assert entry.person_id == world.alice
    assert "wrote" not in str(entry.before) + str(entry.after)
    with pytest.raises(RuleBroken):
        meetings.dispute(world.pair, meeting, world.dana, "No", now=NOON)


def test_staff_decide_nothing_of_another_programme(world: World) -> None:
    meeting = world.held()
    elsewhere = make.setting(context_id="chem-101").programme_id

    assert not meetings.decide(elsewhere, meeting, Ruling.DOES_NOT_COUNT, "", by=world.alice, now=NOON)
    assert the(meeting).state == "held"


def test_whoever_saw_an_older_plan_is_told_and_loses_nothing(world: World) -> None:
    meeting = world.propose(world.bob)
    other = Asked(plan=Plan(starts_at=NOON + timedelta(hours=48), minutes=30), words="Later?")
    meetings.move(world.pair, meeting, world.dana, other, version=1, now=NOON)

    third = Asked(plan=Plan(starts_at=NOON + timedelta(hours=72), minutes=30), words="Even later?")
    with pytest.raises(ChangedMeanwhile):
        meetings.move(world.pair, meeting, world.bob, third, version=1, now=NOON)
    with pytest.raises(ChangedMeanwhile):
        meetings.cancel(world.pair, meeting, world.bob, version=1, now=NOON)
    meetings.move(world.pair, meeting, world.dana, other, version=1, now=NOON)  # the same form again

    assert [one.words for one in changes_of(meeting)] == ["Exams", "Later?"]
    assert the(meeting).version == 2


def test_a_pair_that_is_paused_or_whose_contact_stopped_takes_nothing(world: World) -> None:
    meeting = world.propose(world.bob)

    for change in ({"state": "paused"}, {"state": "active", "contact_stopped_at": NOON}, {"state": "ended"}):
        with transaction() as session:
            pair = session.get_one(Pair, world.pair)
            for name, value in change.items():
                setattr(pair, name, value)
        for act in (
            lambda: world.propose(world.dana, once="b"),
            lambda: meetings.accept(world.pair, meeting, world.dana, version=1, now=NOON),
            world.held,
            lambda: save_notes(world.pair, meeting, world.bob, "Hello", seen=0, now=NOON),
            lambda: contact.not_reached(world.pair, world.bob, now=NOON),
        ):
            with pytest.raises(RuleBroken):
                act()


def test_of_three_the_absent_one_has_nothing_counted(world: World, clock: Clock) -> None:
    world.with_gwen()
    meeting = world.propose(world.bob)
    meetings.accept(world.pair, meeting, world.dana, version=1, now=NOON)

    meetings.confirm(world.pair, meeting, world.dana, world.said(), now=clock.advance(hours=25))

    facts = meeting_facts(world.at.programme_id, pair_id=world.pair)
    assert [len(counting(facts, 15, one)) for one in (world.bob, world.dana, world.gwen)] == [1, 1, 0]


def test_whoever_joins_the_pair_later_answers_what_is_planned(world: World) -> None:
    meeting = world.propose(world.bob)
    world.with_gwen()

    meetings.accept(world.pair, meeting, world.gwen, version=1, now=NOON)
    meetings.decline(world.pair, meeting, world.dana, version=1, now=NOON)
    assert the(meeting).state == "agreed"
    with transaction() as session:
        session.query(PairMember).filter_by(enrolment_id=world.gwen).one().left_at = NOON
    later = NOON + timedelta(hours=1)
    other = Asked(plan=Plan(starts_at=NOON + timedelta(hours=30), minutes=30), words="")
    meetings.move(world.pair, meeting, world.bob, other, version=1, now=later)
    meetings.decline(world.pair, meeting, world.dana, version=2, now=later)

    assert the(meeting).state == "declined"


def test_a_meeting_before_there_was_a_pair_is_refused(world: World) -> None:
    with pytest.raises(RuleBroken, match="began"):
        world.held(days=1)
    world.begun_before(1)

    assert world.held(days=1)


def test_staff_are_shown_what_the_rules_flag_and_nothing_else(world: World) -> None:
    world.begun_before(3)
    usual, extra = world.held(), world.held()
    short, other_day = world.held(5, days=1), world.held(60, days=2)
    accepted = world.held(10, days=3)
    meetings.decide(world.at.programme_id, accepted, Ruling.COUNTS, "", by=world.alice, now=NOON)

    shown, total = staff_page(world.at.programme_id, 15, kind="flagged", page=1)

    worth = worths(meeting_facts(world.at.programme_id), 15)
    assert (
        {one.id for one in shown} == {short, extra} == {one for one, is_worth in worth.items() if is_worth != "counts"}
    )
    assert total == 2
    assert worth[usual] is worth[other_day] is worth[accepted] is Worth.COUNTS


def test_not_reached_counts_once_a_day_until_the_partner_answers(world: World, clock: Clock) -> None:
    contact.not_reached(world.pair, world.bob, now=NOON)
    contact.not_reached(world.pair, world.bob, now=NOON + timedelta(hours=2))
    contact.not_reached(world.pair, world.bob, now=NOON + timedelta(hours=48))
    contact.not_reached(world.pair, world.dana, now=NOON + timedelta(hours=49))
    world.propose(world.bob)

    contact.reached(world.pair, world.dana, now=NOON + timedelta(hours=50))

    found = attempts(world.at.programme_id, pair_id=world.pair)
    assert [(one.enrolment_id, one.kind.value, one.answered_at is not None) for one in found] == [
        (world.bob, AttemptKind.NOT_REACHED, True),
        (world.bob, AttemptKind.PROPOSAL, False),
        (world.bob, AttemptKind.NOT_REACHED, True),
        (world.dana, AttemptKind.NOT_REACHED, False),
    ]


def test_one_address_of_a_calendar_is_good_at_a_time(world: World) -> None:
    first, second = make_feed(world.bob, now=NOON), make_feed(world.bob, now=NOON)

    look_again()
    assert first != second
    (kept,) = db.session.query(CalendarFeed)
    assert second not in (kept.secret_hash, str(kept.id))
    revoke_feed(world.bob)
    assert db.session.query(CalendarFeed).count() == 0


def test_what_an_erased_person_wrote_is_gone_and_that_they_met_stays(world: World) -> None:
    meeting = world.propose(world.dana, where="https://dana.example.org/room")
    save_notes(world.pair, meeting, world.dana, "Dana’s own words", seen=0, now=NOON)
    logged = world.held()
    meetings.dispute(world.pair, logged, world.dana, "Dana says no", now=NOON)
    make_feed(world.dana, now=NOON)
    mine = everything_about(world.people["dana"])
    assert mine["meeting_note"][0]["text"] == "Dana’s own words"
    assert "secret_hash" not in mine["calendar_feed"][0]

    with transaction():
        make_nameless(world.people["dana"], "erased-1")

    look_again()
    left = str(everything_about(world.people["dana"])) + str(everything_about(world.people["bob"]))
    assert not [words for words in ("Dana’s own words", "Dana says no", "dana.example.org", "Exams") if words in left]
    assert len(meeting_facts(world.at.programme_id)) == 1
    assert db.session.query(CalendarFeed).count() == 0


def at_once(app: Flask, *acts: Callable[[], object]) -> list[BaseException]:
    """Everybody acts at the same moment, each with a session of their own; what was refused."""
    start, refused = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        with app.app_context():
            start.wait()
            try:
                act()
            except (RuleBroken, ChangedMeanwhile) as why:
                refused.append(why)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    look_again()
    return refused


def test_two_who_act_at_once_lose_nothing_and_double_nothing(app: Flask, world: World, clock: Clock) -> None:
    meeting = world.propose(world.bob)
    meetings.accept(world.pair, meeting, world.dana, version=1, now=NOON)
    now = clock.advance(hours=25)
    db.session.remove()

    refused = at_once(
        app,
        lambda: meetings.confirm(world.pair, meeting, world.bob, world.said(30), now=now),
        lambda: meetings.confirm(world.pair, meeting, world.dana, world.said(25), now=now),
        lambda: world.propose(world.bob, hours=72, once="twice"),
        lambda: world.propose(world.bob, hours=72, once="twice"),
        lambda: contact.not_reached(world.pair, world.bob, now=now),
        lambda: contact.not_reached(world.pair, world.bob, now=now),
    )

    assert refused == []
    (fact,) = meeting_facts(world.at.programme_id)
    assert (fact.confirmed_by, fact.minutes) == (world.members, 25)
    assert len(meetings_of(world.pair)) == 2
    assert db.session.query(ContactAttempt).count() == 1


def test_of_two_notes_saved_at_once_one_waits_and_none_is_lost(app: Flask, world: World) -> None:
    meeting = world.propose(world.bob)
    db.session.remove()

    refused = at_once(
        app,
        lambda: save_notes(world.pair, meeting, world.bob, "Bob writes", seen=0, now=NOON),
        lambda: save_notes(world.pair, meeting, world.dana, "Dana writes", seen=0, now=NOON),
    )

    (first,) = revisions_of(meeting)
    assert len(refused) == 1
    assert refused[0].current == first
    kept = {"Bob writes", "Dana writes"} - {first.text}
    save_notes(world.pair, meeting, world.dana, f"{first.text}\n{kept.pop()}", seen=1, now=NOON)
    assert [one.number for one in revisions_of(meeting)] == [1, 2]
