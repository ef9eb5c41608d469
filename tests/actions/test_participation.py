"""What points depend on, from the rows that people's actions write; counted, kept, and released."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from lti_tool.actions import agreement, checkins, contact, excuses, goals, meetings, reflections
from lti_tool.actions.absences import note_absences
from lti_tool.actions.enrolment import withdraw
from lti_tool.actions.goals import Doer
from lti_tool.actions.hours import log_hours
from lti_tool.actions.overrides import decide_points
from lti_tool.actions.pair_life import end_pair
from lti_tool.actions.participation import (
    count_what_time_changed,
    ledgers_of,
    person_ledger,
    recount,
)
from lti_tool.actions.peer_cases import save_peer_case
from lti_tool.actions.release_for_many import release_people, release_what_is_due
from lti_tool.actions.solo_work import do_alone
from lti_tool.actions.surveys import note_sent
from lti_tool.actions.workspace import check_in
from lti_tool.mentoring.checkins_plan import Plan
from lti_tool.mentoring.evidence import ALL_KEYS, TOTAL_KEY, ExcuseReason
from lti_tool.mentoring.excuse_forms import Decided
from lti_tool.mentoring.excuses import Given
from lti_tool.mentoring.goals import GoalTerms
from lti_tool.mentoring.hours import Hours
from lti_tool.mentoring.ledgers import RULE, Entry, Ledger, Standing
from lti_tool.mentoring.meeting_form import Said
from lti_tool.mentoring.meetings import Ruling
from lti_tool.mentoring.pair_life import EndReason
from lti_tool.mentoring.reflections import Criterion, Stage
from lti_tool.mentoring.solo_work import Solo, SoloKind
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Consent, Enrolment
from lti_tool.store.evidence import evidence_of
from lti_tool.store.excuses import overrides_of
from lti_tool.store.goals import find_goal
from lti_tool.store.gradebook import Score
from lti_tool.store.matching import Pair
from lti_tool.store.participation import Excuse, LedgerTotal, Release, RematchOffer
from lti_tool.store.people import Member, Person
from lti_tool.store.programme import Programme
from tests import make
from tests.bench.term import HALF_WAY, half_term
from tests.conftest import NOON, Clock
from tests.outside import look_again

CALM = {"contact": "yes", "going": "5"}
SETTINGS: dict[str, Any] = {
    "cadence": "fortnightly",
    "check_in_count": 6,
    "sign_up_closes_on": NOON.date(),
    "ends_on": NOON.date() + timedelta(days=84),
    "time_zone": "UTC",
    "participation": "default",
    "release": "by_hand",
}


class Two:
    """Bob and Dana as a pair under the usual scheme, from noon of the first day."""

    def __init__(self, clock: Clock, **changes: Any) -> None:
        self.at, self.clock = make.setting(**(SETTINGS | changes)), clock
        self.alice = make.person(self.at, "Alice Ashford", role="instructor")
        self.bob = make.enrolment(self.at, make.person(self.at, "Bob Birchwood"), role="mentor")
        self.dana = make.enrolment(self.at, make.person(self.at, "Dana Dewdrop"), role="mentee")
        self.pair = make.pair(self.at, self.bob, self.dana, by=self.alice)

    @property
    def programme(self) -> Programme:
        look_again()
        return db.session.get_one(Programme, self.at.programme_id)

    def day(self, number: float) -> datetime:
        """Go on to that day after the first."""
        self.clock.now = NOON + timedelta(days=number)
        return self.clock.now

    def ledger(self, who: int) -> Ledger:
        found = person_ledger(who, self.programme, now=self.clock.now)
        assert found
        return found

    def entry(self, who: int, key: str) -> Entry:
        return next(one for one in self.ledger(who).entries if one.key == key)

    def total(self, who: int) -> LedgerTotal:
        look_again()
        return db.session.scalars(select(LedgerTotal).filter_by(enrolment_id=who)).one()

    def scores(self, who: int) -> dict[str, tuple[Decimal, str]]:
        look_again()
        person = db.session.get_one(Enrolment, who).person_id
        return {
            row.part: (row.points, row.state) for row in db.session.scalars(select(Score).filter_by(person_id=person))
        }

    def doer(self, who: int) -> Doer:
        return Doer(pair_id=self.pair, by=who, now=self.clock.now, today=self.clock.now.date())

    def meet(self, minutes: int = 30) -> int:
        said = Said(held_on=None, minutes=minutes, present=frozenset({self.bob, self.dana}))
        return meetings.log_outside(self.pair, self.bob, said, once=f"{self.clock.now}", now=self.clock.now)

    def excuse(self, who: int, key: str) -> None:
        given = Given(key=key, reason=ExcuseReason.TOOL)
        excuses.give(self.at.programme_id, who, given, by=self.alice, now=self.clock.now)

    def write_case(self, who: int, *, hand_in: bool) -> None:
        save_peer_case(who, "Once we sat in silence.", hand_in=hand_in, headings=(), version=0, now=self.clock.now)

    def release(self, *only: int) -> int:
        who = only or make.everybody(self.at)
        return release_people(self.at.programme_id, who, by=self.alice, now=self.clock.now) or 0


@pytest.fixture
def two(app: Flask, clock: Clock) -> Two:
    return Two(clock)


def add(*rows: Any) -> None:
    """Write rows whose pages are another part's."""
    with transaction() as session:
        session.add_all(rows)


def test_joining_is_when_the_last_of_what_has_to_be_agreed_was_agreed_first(two: Two) -> None:
    given = {"enrolment_id": two.dana, "version": 1}
    add(
        Consent(what="consent", given_at=NOON - timedelta(days=3), **given),
        Consent(what="conduct", given_at=NOON - timedelta(days=2), **given),
        Consent(what="consent", given_at=NOON + timedelta(days=9), **given),
    )
    two.day(10)

    assert evidence_of(two.programme)[two.dana].joined_at == NOON - timedelta(days=2)
    assert evidence_of(two.programme)[two.bob].joined_at == NOON  # without a record: when the row says


def test_the_training_of_mentors_is_enough_for_everybody_and_the_primer_for_mentees(two: Two) -> None:
    make.training(two.bob, course="mentee")
    make.training(two.dana, course="mentee")
    two.day(20)

    assert not two.entry(two.bob, "training").is_done
    assert two.entry(two.dana, "training").is_done
    make.training(two.bob, course="mentor")
    assert two.entry(two.bob, "training").is_done


def test_the_primer_that_somebody_passed_as_a_mentee_stays_theirs_when_they_mentor_later(two: Two) -> None:
    gwen = make.enrolment(two.at, make.person(two.at, "Gwen Gingham"), role="mentee")
    make.training(two.dana, course="mentee", finished_at=two.day(5))
    end_pair(two.pair, why=EndReason.ROLE, by=None, now=two.day(20))
    before = two.entry(two.dana, "training")
    other = make.pair(two.at, two.dana, gwen, by=two.alice)
    with transaction() as session:
        session.get_one(Pair, other).published_at = two.day(22)

    two.day(30)
    assert evidence_of(two.programme)[two.dana].side_at(None) == "mentor"
    assert before.earned == two.entry(two.dana, "training").earned == 10


def test_before_there_are_pairs_no_reflection_is_due(two: Two) -> None:
    with transaction() as session:
        programme = session.get_one(Programme, two.at.programme_id)
        programme.published_at, programme.phase = None, "matching"
        session.get_one(Pair, two.pair).state = "proposed"
    two.day(60)

    half_way = two.entry(two.dana, "reflection_middle")

    assert (half_way.standing, half_way.due_at) == (Standing.NOT_DUE, None)


def test_an_agreement_takes_ones_own_signature_and_a_goal_suggested_or_agreed_and_not_taken_back(two: Two) -> None:
    terms = GoalTerms(outcome="Hand in on time", measure="It is in", by_on=two.day(30).date(), milestones=("One",))
    two.day(1)
    agreement.save(two.pair, {"meeting": "Mondays"}, by=two.bob, seen=0, signs=True, now=two.clock.now)
    agreement.sign(two.pair, by=two.dana, seen=1, now=two.clock.now)
    goal = goals.begin(two.doer(two.bob), terms, once="1")
    suggested = two.entry(two.bob, "agreement").is_done, two.entry(two.dana, "agreement").is_done
    found = find_goal(two.pair, goal)
    assert found
    goals.take_back(two.doer(two.bob), goal, seen=found.version)
    taken_back = two.entry(two.bob, "agreement").is_done
    again = goals.begin(two.doer(two.bob), terms, once="2")
    row = find_goal(two.pair, again)
    assert row
    goals.accept(two.doer(two.dana), again, seen=row.version)

    assert suggested == (True, False)
    assert not taken_back
    assert two.entry(two.bob, "agreement").is_done
    assert two.entry(two.dana, "agreement").is_done


def test_a_meeting_counts_for_both_until_somebody_disputes_it_and_staff_decide(two: Two) -> None:
    two.day(5)
    number = two.meet()
    said = [two.entry(who, "meeting:1").is_done for who in (two.bob, two.dana)]
    meetings.dispute(two.pair, number, two.dana, "I was not there.", now=two.clock.now)
    disputed = [two.entry(who, "meeting:1").is_done for who in (two.bob, two.dana)]
    meetings.decide(two.at.programme_id, number, Ruling.COUNTS, "", by=two.alice, now=two.clock.now)

    assert said == [True, True]
    assert disputed == [False, False]
    assert [two.entry(who, "meeting:1").is_done for who in (two.bob, two.dana)] == [True, True]
    decided = two.entry(two.bob, "meeting:1")
    assert (decided.decided_by, decided.decided_at) == (two.alice, two.clock.now)


def test_effort_counts_after_two_attempts_and_work_alone_and_an_offer_makes_room_for_more(two: Two) -> None:
    for number in (2, 5, 8, 11, 14, 17):
        contact.not_reached(two.pair, two.bob, now=two.day(number))
    for number in (6, 12, 18):
        work = Solo(kind=SoloKind.AGENDA, words="First the report, then the exam.")
        do_alone(two.pair, two.bob, work, once=str(number), now=two.day(number))
    two.day(80)
    limited = len(two.ledger(two.bob).efforts)
    add(RematchOffer(pair_id=two.pair, enrolment_id=two.bob, offered_at=two.day(81), answer=None, answered_at=None))

    assert limited == 2
    assert len(two.ledger(two.bob).efforts) == 3
    assert not two.ledger(two.dana).efforts


def test_check_ins_of_a_pair_that_ended_go_on_counting_and_the_new_pair_has_the_rest(two: Two) -> None:
    check_in(two.pair, two.bob, 1, CALM, now=two.day(1))
    end_pair(two.pair, why=EndReason.REMATCH, by=None, now=two.day(20))
    fred = make.enrolment(two.at, make.person(two.at, "Fred Feather"), role="mentee")
    second = make.pair(two.at, two.bob, fred, by=two.alice)
    with transaction() as session:
        session.get_one(Pair, second).published_at = two.day(22)
    check_in(second, two.bob, 2, CALM, now=two.day(30))

    kept = [two.entry(two.bob, f"check_in:{number}") for number in (1, 2, 3)]
    assert [one.is_done for one in kept] == [True, True, False]
    assert len(evidence_of(two.programme)[two.bob].tracks) == 1


def test_a_reflection_counts_once_its_writer_has_it_back(two: Two) -> None:
    two.day(42)
    words = {"text": "We met.", "is_shared": False, "version": 0}
    row = reflections.save(two.dana, Stage.MIDDLE, hand_in=True, now=two.clock.now, **words)
    marks = {one.value: 4 for one in Criterion}
    two.day(60)
    handed_in = two.entry(two.dana, "reflection_middle")
    reflections.mark(two.at.programme_id, row.id, marks=marks, comment="", by=two.alice, now=two.clock.now)
    read = two.entry(two.dana, "reflection_middle")
    reflections.give_back(two.at.programme_id, Stage.MIDDLE, by=two.alice, now=two.clock.now)
    returned = two.entry(two.dana, "reflection_middle")

    assert (handed_in.standing, read.standing) == (Standing.UNREAD, Standing.UNREAD)
    assert (returned.standing, returned.earned, returned.decided_by) == (Standing.COUNTED, 8, two.alice)


def test_other_words_later_do_not_make_a_reflection_late(two: Two) -> None:
    two.day(42)
    words = {"text": "We met.", "is_shared": False, "hand_in": True}
    first = reflections.save(two.dana, Stage.MIDDLE, version=0, now=two.clock.now, **words)
    handed_in_at = first.handed_in_at
    two.day(80)
    changed = reflections.save(
        two.dana, Stage.MIDDLE, version=first.version, now=two.clock.now, **words | {"text": "We met often."}
    )
    kept = (changed.text, changed.handed_in_at)
    drafted = reflections.save(
        two.dana, Stage.MIDDLE, version=changed.version, now=two.clock.now, **words | {"hand_in": False}
    )
    again = reflections.save(two.dana, Stage.MIDDLE, version=drafted.version, now=two.clock.now, **words)

    assert kept == ("We met often.", handed_in_at)
    assert again.handed_in_at == two.clock.now


def test_the_survey_counts_as_sent_and_nothing_else_is_known_of_it(two: Two) -> None:
    note_sent(two.dana, now=two.day(90))
    two.day(100)

    assert two.entry(two.dana, "survey").earned == 4
    assert two.entry(two.bob, "survey").earned == 0


def test_hours_and_a_peer_case_count_in_a_practicum(app: Flask, clock: Clock) -> None:
    two = Two(clock, participation="practicum")
    for number in range(10):
        worked = Hours(on=two.day(number).date(), minutes=60, words="Met")
        log_hours(two.bob, worked, once=str(number), now=two.clock.now)
    two.day(20)
    two.write_case(two.bob, hand_in=True)
    two.write_case(two.dana, hand_in=False)
    two.day(90)

    assert two.entry(two.bob, "hours").earned == 20
    assert two.entry(two.bob, "peer_case").is_done
    assert evidence_of(two.programme)[two.dana].peer_case_at is None


def test_who_was_away_need_not_do_what_was_due_then_and_gets_nothing_sent_meanwhile(two: Two) -> None:
    person = db.session.get_one(Enrolment, two.dana).person_id
    for is_active, number in ((False, 15), (True, 25)):
        with transaction() as session:
            session.scalars(select(Member).filter_by(person_id=person)).one().is_active = is_active
            session.flush()
            note_absences(two.at.course_id, now=two.day(number))
        if not is_active:
            away = two.ledger(two.dana)

    two.day(30)
    assert not away.is_postable
    assert two.ledger(two.dana).is_postable
    assert two.entry(two.dana, "check_in:2").standing is Standing.EXCUSED
    assert two.entry(two.bob, "check_in:2").standing is Standing.COUNTED


def test_what_was_due_before_somebody_came_is_not_asked_of_them(two: Two) -> None:
    person = db.session.get_one(Enrolment, two.dana).person_id
    with transaction() as session:
        session.scalars(select(Member).filter_by(person_id=person)).one().arrived_at = NOON + timedelta(days=10)
    two.day(20)

    assert two.entry(two.dana, "training").standing is Standing.EXCUSED
    assert two.entry(two.bob, "training").standing is Standing.COUNTED


def test_a_granted_excuse_counts_and_one_that_was_only_asked_for_does_not(two: Two) -> None:
    two.day(20)
    two.excuse(two.dana, "training")
    excuses.ask(two.dana, Given(key="check_in:1", reason=ExcuseReason.TOOL), now=two.clock.now)

    assert two.entry(two.dana, "training").standing is Standing.EXCUSED
    assert two.entry(two.dana, "check_in:1").standing is Standing.COUNTED
    assert [two.entry(two.dana, key).decided_by for key in ("training", "check_in:1")] == [two.alice, RULE]


def test_the_newest_word_on_an_entry_counts_until_it_is_taken_back(two: Two) -> None:
    two.day(20)

    def decide(points: int | None, minute: int) -> Decimal:
        at = two.clock.now + timedelta(minutes=minute)
        said = Decided(points=None if points is None else Decimal(points), reason="We talked.")
        newest = next((row.id for row, _by in overrides_of(two.dana, "training")), 0)
        decide_points(two.at.programme_id, two.dana, "training", said, seen=newest, by=two.alice, now=at)
        return two.entry(two.dana, "training").earned

    assert [decide(7, 1), decide(3, 2), decide(None, 3)] == [7, 3, 0]


def test_a_mentor_whom_nobody_was_found_for_stands_by_and_a_case_replaces_the_meetings(two: Two) -> None:
    gwen = make.enrolment(two.at, make.person(two.at, "Gwen Gingham"), role="mentor")
    two.day(20)
    two.write_case(gwen, hand_in=True)
    two.day(90)

    worth = {one.kind.value for one in two.ledger(gwen).entries}
    assert "meeting" not in worth
    assert two.entry(gwen, "peer_case").earned == 40


def test_a_mentor_of_two_has_the_average_of_both_and_never_more_than_everything(two: Two) -> None:
    fred = make.enrolment(two.at, make.person(two.at, "Fred Feather"), role="mentee")
    other = make.pair(two.at, two.bob, fred, by=two.alice)
    check_in(two.pair, two.bob, 1, CALM, now=two.day(1))
    two.day(10)
    half = two.entry(two.bob, "check_in:1")
    check_in(other, two.bob, 1, CALM, now=two.day(1))
    two.day(10)
    both = two.entry(two.bob, "check_in:1")

    assert (half.earned, both.earned) == (Decimal("2.5"), 5)


def test_who_changes_sides_keeps_what_was_earned_and_has_the_rest_of_the_new_side(two: Two) -> None:
    make.training(two.dana, course="mentee")
    two.meet()
    end_pair(two.pair, why=EndReason.ROLE, by=None, now=two.day(30))
    with transaction() as session:
        session.get_one(Enrolment, two.dana).role = "mentor"
        session.get_one(Enrolment, two.bob).role = "mentee"
    second = make.pair(two.at, two.dana, two.bob, by=two.alice)
    with transaction() as session:
        session.get_one(Pair, second).published_at = two.day(31)
    two.day(60)

    assert two.entry(two.dana, "meeting:1").is_done
    assert evidence_of(two.programme)[two.dana].side_at(two.clock.now) == "mentor"


def test_who_withdrew_or_is_the_test_student_is_never_sent(two: Two) -> None:
    two.day(20)
    person = db.session.get_one(Enrolment, two.bob).person_id
    with transaction() as session:
        session.get_one(Person, person).is_test_user = True
    withdraw(two.dana, now=two.clock.now)

    assert [two.ledger(who).is_postable for who in (two.bob, two.dana)] == [False, False]
    assert two.release() == 0
    assert two.scores(two.bob) == two.scores(two.dana) == {}


def test_another_window_for_check_ins_counts_everybody_anew(two: Two) -> None:
    two.day(8)
    with transaction():
        recount(two.programme, now=two.clock.now)
    before = two.total(two.bob).points
    wide = Plan(rhythm=replace(Plan().rhythm, window_days=13))
    checkins.change_plan(two.at.programme_id, wide, version=0, by=two.alice, now=two.clock.now)

    assert two.total(two.bob).points != before


def test_evidence_takes_as_many_statements_for_many_people_as_for_two(app: Flask) -> None:
    def statements(people: int, context: str) -> tuple[int, int]:
        at = half_term(people, context_id=context) if context == "bio-101" else half_term(people)
        look_again()
        programme = db.session.get_one(Programme, at.programme_id)
        seen: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *said: seen.append(said[2]))
        whole = len(evidence_of(programme))
        everybody = len(seen)
        evidence_of(programme, only=list(ledgers_of(programme, now=HALF_WAY))[:2])
        assert whole == people
        return everybody, len(seen) - 2 * everybody

    many, few = statements(60, "bio-101")
    assert many == few == 23


def test_totals_are_what_ledgers_come_to_and_move_past_each_due_date(two: Two) -> None:
    two.day(0)
    first = count_what_time_changed(now=two.clock.now)
    again = count_what_time_changed(now=two.clock.now)
    begun = two.total(two.dana).points, two.total(two.dana).changes_at
    two.day(8)
    later = count_what_time_changed(now=two.clock.now)

    total = two.total(two.dana)
    assert (first, again, later) == (2, 0, 2)
    assert begun[0] is None
    assert begun[1] is not None
    assert begun[1] < two.clock.now < (total.changes_at or NOON)
    assert total.points == two.ledger(two.dana).points
    assert two.scores(two.dana) == {}


def test_points_are_held_until_staff_release_them_and_what_changes_later_waits_again(two: Two) -> None:
    check_in(two.pair, two.dana, 1, CALM, now=two.day(1))
    two.day(10)
    held = two.scores(two.dana)
    count = two.release()
    released = two.scores(two.dana)["all"]
    check_in(two.pair, two.dana, 2, CALM, now=two.day(15))
    two.day(20)
    count_what_time_changed(now=two.clock.now)

    total = two.total(two.dana)
    assert (held, count, two.release(two.bob)) == ({}, 2, 1)
    assert released == (two.total(two.dana).released_points, "waiting")
    assert total.has_news
    assert total.points != total.released_points == two.scores(two.dana)["all"][0]
    assert [row.people for row in db.session.scalars(select(Release).order_by(Release.id))] == [2, 1]


def test_a_second_release_without_a_change_sends_nothing_and_is_not_noted(two: Two) -> None:
    two.day(10)
    two.release()

    assert two.release() == 0
    assert len(db.session.scalars(select(Release)).all()) == 1


def test_at_once_every_change_is_released_with_it(app: Flask, clock: Clock) -> None:
    two = Two(clock, release="at_once")
    two.day(9)
    check_in(two.pair, two.dana, 1, CALM, now=two.clock.now)

    assert two.scores(two.dana)["all"] == (two.total(two.dana).points, "waiting")
    assert not two.total(two.dana).has_news


def test_after_due_the_clock_releases_three_days_after_each_due_date_and_once(app: Flask, clock: Clock) -> None:
    two = Two(clock, release="after_due")
    two.day(1)
    count_what_time_changed(now=two.clock.now)
    early = release_what_is_due(now=two.clock.now)
    two.day(3.6)  # joining was due at the end of the first day
    count_what_time_changed(now=two.clock.now)
    first = release_what_is_due(now=two.clock.now)
    again = release_what_is_due(now=two.clock.now)

    assert (early, first, again) == (0, 2, 0)
    assert two.total(two.dana).releases_at > two.clock.now  # type: ignore[operator]  # set for the clock
    row = db.session.scalars(select(Release)).one()
    assert (row.released_by, row.people) == (None, 2)


def test_three_columns_have_a_score_each_and_a_zero_in_one_of_them_waits_for_the_end(app: Flask, clock: Clock) -> None:
    two = Two(clock, columns="three")
    check_in(two.pair, two.dana, 1, CALM, now=two.day(1))
    two.day(60)
    two.release()
    middle = two.scores(two.dana)
    two.day(100)
    with transaction() as session:
        session.get_one(Programme, two.at.programme_id).phase = "closed"
    count_what_time_changed(now=two.clock.now)
    news = two.total(two.dana).has_news
    two.release()

    assert set(middle) == {"onboarding", "participation"}
    assert all(points > 0 for points, _state in middle.values())
    assert news
    assert two.scores(two.dana)["reflection"] == (0, "waiting")


def test_when_all_is_excused_nothing_is_posted_and_what_was_sent_is_cleared_by_hand(two: Two) -> None:
    two.day(10)
    two.release(two.dana)
    person = db.session.get_one(Enrolment, two.dana).person_id
    with transaction() as session:
        score = session.scalars(select(Score).filter_by(person_id=person)).one()
        score.state, score.sent_points = "sent", score.points
    for who in (two.bob, two.dana):
        two.excuse(who, ALL_KEYS)
    two.release()

    assert two.scores(two.bob) == {}
    assert two.scores(two.dana)["all"][1] == "frozen"
    assert two.total(two.dana).standing == "clear_by_hand"
    assert two.total(two.bob).standing == "nothing"


def test_a_cell_that_was_to_be_emptied_is_sent_again_once_something_counts_again(two: Two) -> None:
    two.day(10)
    two.release()
    person = db.session.get_one(Enrolment, two.dana).person_id
    with transaction() as session:
        score = session.scalars(select(Score).filter_by(person_id=person)).one()
        score.state, score.sent_points = "sent", score.points
    two.excuse(two.dana, ALL_KEYS)
    two.release()
    to_empty = two.scores(two.dana)["all"][1]
    two.day(11)
    with transaction() as session:
        session.query(Excuse).filter_by(enrolment_id=two.dana).update({"state": "refused", "decided_at": two.clock.now})
    two.release()

    assert to_empty == "frozen"
    assert two.scores(two.dana)["all"][1] == "waiting"


def test_a_total_that_staff_decided_is_shared_by_three_columns(app: Flask, clock: Clock) -> None:
    two = Two(clock, columns="three")
    two.day(60)
    decided = Decided(points=Decimal(80), reason="She helped a whole class.")
    decide_points(two.at.programme_id, two.dana, TOTAL_KEY, decided, seen=0, by=two.alice, now=two.clock.now)
    two.release()

    points = {part: points for part, (points, _state) in two.scores(two.dana).items()}
    assert points == {"onboarding": 20, "participation": Decimal("47.2"), "reflection": Decimal("12.8")}


def test_points_that_no_lms_was_told_of_are_taken_back_when_all_is_excused(two: Two) -> None:
    two.day(10)
    two.release()
    two.excuse(two.dana, ALL_KEYS)
    news = two.total(two.dana).has_news
    two.release()

    assert news
    assert two.scores(two.dana) == {}
    assert two.total(two.dana).released_points is None


def test_who_never_finished_joining_gets_no_zero_at_the_end(two: Two) -> None:
    nora = make.enrolment(two.at, make.person(two.at, "Nora Nearly"), role="mentee", state="draft")
    two.day(100)
    with transaction() as session:
        session.get_one(Programme, two.at.programme_id).phase = "closed"
    two.release()

    assert two.scores(nora) == {}
    assert two.scores(two.dana)["all"][0] > 0


def test_a_light_programme_fills_the_column_it_has(app: Flask, clock: Clock) -> None:
    two = Two(clock, participation="light", points=100)
    for number in (10, 20, 30, 40):
        two.day(number)
        two.meet()
    two.release()

    assert two.scores(two.dana)["all"][0] == 100
