"""Twelve weeks in the life of four pairs: time moves by argument, and what each page says is what the rules say.

Bob and Dana do everything. Ben tries to reach Dora, who never comes. Dede reports Bill in the fourth week. Max has two
mentees, of whom one misses a meeting. Every day the clock's own work is done, as the worker does it. Points follow the
usual scheme and are released three days after each due date.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from lti_tool.actions import agreement, cases, contact, meetings, reflections
from lti_tool.actions.nudging import climb
from lti_tool.actions.pair_life import locked
from lti_tool.actions.participation import (
    count_what_time_changed,
    pair_slots,
    person_ledger,
)
from lti_tool.actions.phases import move_all_by_date
from lti_tool.actions.release_for_many import release_what_is_due
from lti_tool.actions.sweep import look_after_pairs
from lti_tool.actions.workspace import check_in
from lti_tool.mentoring.case_forms import Reported
from lti_tool.mentoring.cases import CaseKind
from lti_tool.mentoring.ledgers import Ledger, Standing
from lti_tool.mentoring.meeting_form import Said
from lti_tool.mentoring.reflections import Stage
from lti_tool.store.db import db, transaction
from lti_tool.store.ladder import LadderStep
from lti_tool.store.matching import Pair
from lti_tool.store.pairs import PairMember
from lti_tool.store.participation import LedgerTotal
from lti_tool.store.programme import Programme
from lti_tool.store.standing import PairStanding
from tests import make
from tests.conftest import Clock
from tests.outside import look_again
from tests.pages import PageClient
from tests.web.course import Course, Reader, course, reader

Browsers = Callable[[], PageClient]
DAYS = 84
CALM = {"contact": "yes", "going": "5"}


@dataclass
class Term:
    """The course, its four pairs, and the clock."""

    course: Course
    browsers: Browsers
    clock: Clock
    people: dict[str, int]  # enrolments, by first name
    readers: dict[str, Reader]
    pairs: dict[str, int]  # by the mentor's first name

    @property
    def programme(self) -> Programme:
        """As it stands now."""
        look_again()
        return db.session.get_one(Programme, self.course.at.programme_id)

    def health(self, mentor: str) -> str:
        """How a pair is doing, as staff see it."""
        look_again()
        return db.session.get_one(PairStanding, self.pairs[mentor]).health

    def words(self, name: str, mentor: str) -> str:
        """What somebody's page of a pair says."""
        return " ".join(self.readers[name].open(f"pairs/{self.pairs[mentor]}/").get_text(" ", strip=True).split())

    def waits(self, name: str, mentor: str, *beginnings: str) -> bool:
        """Whether exactly this waits for somebody in a pair, in this order."""
        page = self.readers[name].open(f"pairs/{self.pairs[mentor]}/")
        found = [one.get_text(" ", strip=True) for one in page.select(".card-next .rows li")]
        return len(found) == len(beginnings) and all(map(str.startswith, found, beginnings))

    def steps(self, mentor: str) -> set[tuple[str, str]]:
        """Which steps of the ladder were taken in a pair: what waited, and whom it turned to."""
        look_again()
        found = db.session.scalars(select(LadderStep).filter_by(pair_id=self.pairs[mentor])).all()
        return {(one.kind, one.rung) for one in found}

    def meet(self, mentor: str, by: str, *present: str) -> None:
        """Somebody says that they met today."""
        said = Said(held_on=None, minutes=40, present=frozenset(self.people[one] for one in (by, *present)))
        once = f"{mentor}-{self.clock.now:%j}"
        meetings.log_outside(self.pairs[mentor], self.people[by], said, once=once, now=self.clock.now)

    def check_in_where_due(self, mentor: str, name: str) -> None:
        """Somebody sends the check-ins that have opened."""
        look_again()
        pair, enrolment = db.session.get_one(Pair, self.pairs[mentor]), self.people[name]
        for slot in pair_slots(pair, enrolment, self.programme):
            if slot.opens_at <= self.clock.now < slot.opens_at + timedelta(days=1):
                check_in(self.pairs[mentor], enrolment, slot.number, CALM, now=self.clock.now)

    def ledger(self, name: str) -> Ledger:
        """What somebody's participation comes to now."""
        found = person_ledger(self.people[name], self.programme, now=self.clock.now)
        assert found
        return found

    def points(self, name: str) -> str:
        """Somebody's points, of a hundred."""
        return str(self.ledger(name).points)

    def released(self, name: str) -> str:
        """What the gradebook was last told of somebody."""
        look_again()
        total = db.session.scalars(select(LedgerTotal).filter_by(enrolment_id=self.people[name])).one()
        return str(total.released_points)

    def live_a_day(self, day: int) -> None:
        """What people do on this day, and then what the clock does."""
        for name in ("Bob", "Dana"):
            self.check_in_where_due("Bob", name)
        if day % 14 == 2:
            self.meet("Bob", "Bob", "Dana")
            self.meet("Max", "Max", *(("Mia",) if day == 2 else ("Mia", "Mo")))
        if day in {2, 5}:
            contact.not_reached(self.pairs["Ben"], self.people["Ben"], now=self.clock.now)
        if day < 28 and day % 7 == 1:
            self.meet("Bill", "Bill", "Dede")
        if day == 28:
            told = Reported(kind=CaseKind.SAFETY, answers={"what": "Something happened.", "danger": "no"})
            cases.begin(self.pairs["Bill"], self.people["Dede"], told, once="1", now=self.clock.now)
        if day == 41:
            words = {"text": "We met, and I talked too much.", "is_shared": False, "version": 0}
            reflections.save(self.people["Max"], Stage.MIDDLE, hand_in=True, now=self.clock.now, **words)
        move_all_by_date(now=self.clock.now)
        look_after_pairs(now=self.clock.now)
        climb(self.course.at.programme_id, has_mail=False, now=self.clock.now)
        count_what_time_changed(now=self.clock.now)
        release_what_is_due(now=self.clock.now)
        self.clock.advance(days=1)


@pytest.fixture
def term(pages: Browsers, clock: Clock) -> Term:
    """Four pairs on the first day; Max has two mentees in one group."""
    until = clock.now + timedelta(days=300)
    settings = {
        "cadence": "fortnightly",
        "check_in_count": 6,
        "ends_on": clock.now.date() + timedelta(days=DAYS),
        "asks_application": False,
        "asks_training": False,
        "participation": "default",
        "release": "after_due",
    }
    here = course(pages, until, **settings)
    people, readers = {"Bob": here.bob_enrolment, "Dana": here.dana_enrolment}, {"Bob": here.bob, "Dana": here.dana}
    for name, role in (("Ben", "mentor"), ("Dora", "mentee"), ("Bill", "mentor"), ("Dede", "mentee")):
        person = make.person(here.at, f"{name} Example", role="student")
        people[name] = make.enrolment(here.at, person, role=role)
        readers[name] = reader(pages, here.at, person, role="student", until=until)
    for name, role in (("Max", "mentor"), ("Mia", "mentee"), ("Mo", "mentee")):
        person = make.person(here.at, f"{name} Example", role="student")
        people[name] = make.enrolment(here.at, person, role=role)
        readers[name] = reader(pages, here.at, person, role="student", until=until)
    pairs = {
        mentor: make.pair(here.at, people[mentor], people[mentee], by=here.alice.person_id)
        for mentor, mentee in (("Bob", "Dana"), ("Ben", "Dora"), ("Bill", "Dede"), ("Max", "Mia"))
    }
    with transaction() as session:
        session.add(PairMember(pair_id=pairs["Max"], enrolment_id=people["Mo"], role="mentee"))
    agreement.save(pairs["Bob"], {"meeting": "Mondays"}, by=people["Bob"], seen=0, signs=True, now=clock.now)
    agreement.sign(pairs["Bob"], by=people["Dana"], seen=1, now=clock.now)
    for name, course_of in (("Bob", "mentor"), ("Dana", "mentee"), ("Max", "mentor")):
        make.training(people[name], course=course_of)
    return Term(course=here, browsers=pages, clock=clock, people=people, readers=readers, pairs=pairs)


def test_after_half_a_term_every_pair_stands_where_the_rules_put_it(term: Term) -> None:
    for day in range(42):
        term.live_a_day(day)

    assert {mentor: term.health(mentor) for mentor in term.pairs} == {
        "Bob": "on_track",
        "Ben": "stuck",
        "Bill": "stuck",  # a report is waiting
        "Max": "on_track",
    }
    assert {("hello", "self"), ("hello", "staff")} <= term.steps("Ben")
    assert term.steps("Bob") == {("reflection", "self")}  # nobody writes one here; no partner or staff hears of it
    assert "This pair is paused" in term.words("Bill", "Bill")
    assert "report" not in term.words("Bill", "Bill").lower()
    half_way, write = "Half-way: a look at you two", "Reflection half-way is open."
    for name in ("Bob", "Dana"):
        assert term.waits(name, "Bob", half_way, write, "Choose a first goal", "Find a time for your next meeting")
    stuck = "What is in the way? Nothing has been heard"
    first, alone = "Find a time for your first meeting", "Your partner has not answered. With ten minutes of work alone"
    assert term.waits("Ben", "Ben", half_way, stuck, write, "Write down together", first, alone)
    assert term.waits("Mo", "Max", half_way, write, "Write down together", "Find a time for your next meeting")
    assert term.waits("Dede", "Bill")  # nothing is due while contact is stopped
    staff = term.course.alice.open("pairs/").get_text(" ", strip=True)
    assert staff.index("Bill Example") < staff.index("Ben Example") < staff.index("Bob Birchwood")


def test_after_half_a_term_points_say_how_it_went_so_far_and_the_gradebook_knows_what_was_due(term: Term) -> None:
    for day in range(42):
        term.live_a_day(day)

    # Due by now: joining, training, agreement, two meetings and three check-ins, 55 points together.
    assert {name: term.points(name) for name in term.people} == {
        "Bob": "81.82",  # everything but a goal, so the agreement is worth nothing yet
        "Dana": "81.82",
        "Ben": "9.09",  # tried twice and did no work alone, so that is no effort
        "Dora": "9.09",  # silent, and nobody else has less for it
        "Bill": "29.41",  # met, and sent nothing; while contact was stopped no meeting and no check-in was due
        "Dede": "29.41",
        "Max": "54.55",
        "Mia": "36.36",
        "Mo": "36.36",  # missed the first meeting: who was there has it, and there are more meetings than count
    }
    assert all(term.released(name) == term.points(name) for name in term.people)
    assert {one.key for one in term.ledger("Max").entries if one.is_done and one.standing is Standing.NOT_DUE} == {
        "meeting:3",
        "reflection_middle",
    }


def test_after_the_term_points_are_those_of_what_each_did_and_every_pair_has_ended(term: Term) -> None:
    for day in range(DAYS + 40):
        if term.programme.phase != "closed":
            term.live_a_day(day)

    assert term.programme.phase == "closed"
    assert {one.state for one in db.session.scalars(select(Pair))} == {"ended"}
    assert {name: term.points(name) for name in term.people} == {
        "Bob": "70.00",  # no goal, no reflections, no survey
        "Dana": "70.00",
        "Ben": "5.00",
        "Dora": "5.00",
        "Bill": "41.18",  # 35 of 85: what was due while contact was stopped counts where it was done
        "Dede": "41.18",
        "Max": "48.91",  # the reflection that nobody read takes nothing away: 45 of 92
        "Mia": "35.00",
        "Mo": "35.00",
    }
    term.clock.advance(days=4)
    release_what_is_due(now=term.clock.now)
    assert all(term.released(name) == term.points(name) for name in term.people)
    assert "has ended" in term.words("Dana", "Bob")
    with transaction():
        assert locked(term.pairs["Bob"]).ended_at is not None
    term.readers["Dora"].open(f"pairs/{term.pairs['Bob']}/", status=404)
