"""What a pair answers, on both databases: two at once, a mentor of two, meetings told by another stage, and leaving."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from lti_tool.actions import meetings
from lti_tool.actions.checkins import answer_probe, feedback_for, probes_for
from lti_tool.actions.reflections import mark, save, score_of
from lti_tool.actions.workspace import check_in
from lti_tool.mentoring.checkins_probes import Probe, ProbeKind
from lti_tool.mentoring.meeting_form import Asked
from lti_tool.mentoring.meetings import Plan
from lti_tool.mentoring.reflections import Stage
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.store.checkins import ProbeAnswers, contacts_of
from lti_tool.store.db import db, transaction
from lti_tool.store.matching import Pair
from lti_tool.store.pairs import PairMember
from lti_tool.store.privacy import everything_about, make_nameless
from lti_tool.store.programme import Programme
from lti_tool.store.reflections import Reflection
from lti_tool.store.staff_tasks import StaffTask
from tests import make
from tests.conftest import Clock
from tests.outside import look_again


class Here:
    """Bob mentors Dana and Finn since noon, in a programme of twelve weeks."""

    def __init__(self, clock: Clock) -> None:
        self.at = make.setting(cadence="weekly", check_in_count=8, ends_on=clock.now.date().replace(month=12, day=6))
        self.alice = make.person(self.at, "Alice Ashford", role="instructor")
        self.people = {name: make.person(self.at, name) for name in ("Bob Birchwood", "Dana Dewdrop", "Finn Ofable")}
        self.bob, self.dana, self.finn = (
            make.enrolment(self.at, person, role="mentor" if name.startswith("Bob") else "mentee")
            for name, person in self.people.items()
        )
        self.first = make.pair(self.at, self.bob, self.dana, by=self.alice)
        self.second = make.pair(self.at, self.bob, self.finn, by=self.alice)
        self.clock = clock

    def probes(self, pair_id: int, enrolment_id: int) -> list[Probe]:
        """What this member has got so far."""
        look_again()
        pair, programme = db.session.get_one(Pair, pair_id), db.session.get_one(Programme, self.at.programme_id)
        return list(probes_for(pair, self.place(pair_id, enrolment_id), programme, now=self.clock.now))

    def place(self, pair_id: int, enrolment_id: int) -> PairMember:
        """This member's place."""
        return db.session.query(PairMember).filter_by(pair_id=pair_id, enrolment_id=enrolment_id).one()

    def answer(self, pair_id: int, enrolment_id: int, kind: ProbeKind, answers: dict[str, object]) -> None:
        """Send the newest probe of a kind."""
        probe = [one for one in self.probes(pair_id, enrolment_id) if one.kind is kind][-1]
        answer_probe(pair_id, self.place(pair_id, enrolment_id), probe, answers, now=self.clock.now)


@pytest.fixture
def here(app: Flask, clock: Clock) -> Here:
    return Here(clock)


def at_once(app: Flask, *acts: Callable[[], None]) -> list[BaseException]:
    """Everybody acts at the same moment; what went wrong."""
    faults: list[BaseException] = []

    def run(act: Callable[[], None]) -> None:
        try:
            with app.app_context():
                act()
        except BaseException as fault:  # noqa: BLE001  # what went wrong in a thread is looked at by the test
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


def test_two_who_write_half_way_at_once_lose_no_word_and_read_each_other(app: Flask, here: Here) -> None:
    here.clock.advance(days=43)

    faults = at_once(
        app,
        lambda: here.answer(here.first, here.bob, ProbeKind.MIDTERM, {"feedback": "Tell me earlier."}),
        lambda: here.answer(here.first, here.dana, ProbeKind.MIDTERM, {"feedback": "More examples."}),
    )

    look_again()
    pair, programme = db.session.get_one(Pair, here.first), db.session.get_one(Programme, here.at.programme_id)
    assert faults == []
    assert feedback_for(pair, here.bob, programme, now=here.clock.now) == [(here.dana, "More examples.")]
    assert feedback_for(pair, here.dana, programme, now=here.clock.now) == [(here.bob, "Tell me earlier.")]
    with pytest.raises(RuleBroken):
        here.answer(here.first, here.dana, ProbeKind.MIDTERM, {"feedback": "Something else."})


def test_the_same_answers_sent_twice_at_once_are_one_with_one_task(app: Flask, here: Here) -> None:
    here.clock.advance(days=5)

    faults = at_once(
        app, *[lambda: here.answer(here.first, here.dana, ProbeKind.FIRST_CONTACT, {"fit": "not_for_me"})] * 2
    )

    look_again()
    assert faults == []
    assert db.session.query(ProbeAnswers).count() == 1
    assert db.session.query(StaffTask).count() == 1


def test_a_mentor_of_two_says_once_a_month_how_they_are(here: Here) -> None:
    here.clock.advance(days=28)
    here.answer(here.first, here.bob, ProbeKind.WELLBEING, {"load": "a_lot"})

    here.answer(here.second, here.bob, ProbeKind.WELLBEING, {"load": "too_much"})

    look_again()
    assert [row.answers for row in db.session.query(ProbeAnswers)] == [{"load": "too_much"}]
    assert ProbeKind.WELLBEING not in {one.kind for one in here.probes(here.first, here.dana)}


def test_a_meeting_that_was_agreed_on_is_asked_about(here: Here) -> None:
    plan = Asked(plan=Plan(starts_at=here.clock.now + timedelta(days=2), minutes=30), words="")
    number = meetings.propose(here.first, here.bob, plan, once="1", now=here.clock.now)
    meetings.accept(here.first, number, here.dana, version=1, now=here.clock.now)
    here.clock.advance(days=2, hours=2)

    here.answer(here.first, here.dana, ProbeKind.MEETING, {"took_place": "yes", "useful": 4})

    assert [one.number for one in here.probes(here.first, here.bob) if one.kind is ProbeKind.MEETING] == [number]
    assert here.probes(here.second, here.bob) == []
    assert contacts_of([here.first, here.second]) == {here.first: here.clock.now}


def test_two_low_ratings_ask_what_is_in_the_way_and_two_drops_are_known_to_staff(here: Here) -> None:
    for number, going in enumerate(("4", "2", "1"), 1):
        check_in(here.first, here.dana, number, {"contact": "yes", "going": going}, now=here.clock.now)
        here.clock.advance(days=1)

    look_again()
    assert [task.kind for task in db.session.query(StaffTask)] == ["falling"]
    assert [one.kind for one in here.probes(here.first, here.dana)] == [ProbeKind.STUCK]
    assert here.probes(here.first, here.bob) == []


def test_a_probe_whose_time_is_over_takes_nothing(here: Here) -> None:
    here.clock.advance(days=12)

    with pytest.raises(RuleBroken):
        here.answer(here.first, here.dana, ProbeKind.FIRST_CONTACT, {"contact": "no"})

    assert db.session.query(ProbeAnswers).count() == 0


def test_the_score_of_a_reflection_is_the_mean_of_its_readers(here: Here) -> None:
    save(here.dana, Stage.START, text="One.", is_shared=False, hand_in=True, version=0, now=here.clock.now)
    other = make.person(here.at, "Tess Teal", role="instructor")
    row = db.session.query(Reflection).one().id
    marks = dict.fromkeys(("specific", "honest", "linked", "next_step"), 1)

    for reader, points in ((here.alice, 1), (other, 4)):
        given = dict.fromkeys(marks, points)
        mark(here.at.programme_id, row, marks=given, comment="", by=reader, now=here.clock.now)

    look_again()
    assert score_of(here.dana, Stage.START) == 3
    assert score_of(here.dana, Stage.END) is None


def test_who_leaves_takes_every_word_along_and_leaves_the_dates(here: Here) -> None:
    here.clock.advance(days=5)
    words = "Only Dana wrote this"
    here.answer(here.first, here.dana, ProbeKind.FIRST_CONTACT, {"unclear": words, "fit": "not_for_me"})
    save(here.dana, Stage.START, text=words, is_shared=True, hand_in=True, version=0, now=here.clock.now)
    person = here.people["Dana Dewdrop"]

    held = everything_about(person)
    with transaction():
        make_nameless(person, "gone")

    look_again()
    assert held["probe_answers"][0]["answers"]["unclear"] == words
    assert held["reflection"][0]["text"] == words
    assert len(held["staff_task"]) == 1
    after = everything_about(person)
    assert words not in str(after)
    assert after["probe_answers"][0]["sent_at"] == held["probe_answers"][0]["sent_at"]
