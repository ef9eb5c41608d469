"""Excuses and decided points: what they do to points and to the gradebook, and what the record says of them."""

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.actions import excuses, excuses_for_many
from lti_tool.actions.overrides import decide_points
from lti_tool.actions.participation import person_ledger, recount
from lti_tool.actions.workspace import check_in
from lti_tool.mentoring.evidence import ALL_KEYS, TOTAL_KEY, ExcuseReason
from lti_tool.mentoring.excuse_forms import Decided, Decision
from lti_tool.mentoring.excuses import Bulk, Given, Whom
from lti_tool.mentoring.ledgers import ALL_EXCUSED, Entry, Ledger
from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.gradebook import Score
from lti_tool.store.participation import Excuse, ExcuseBatch, LedgerTotal, PointsOverride
from lti_tool.store.people import Member
from lti_tool.store.programme import AuditEntry, Programme
from tests import make
from tests.conftest import NOON, Clock

ILL = Given(key="check_in:1", reason=ExcuseReason.ILLNESS, words="I am in hospital.")


@dataclass
class Term:
    """A programme of six weekly check-ins, points at once: Alice teaches, Bob mentors Dana."""

    at: make.Setting
    clock: Clock
    alice: int
    bob: int
    dana: int
    pair: int

    @property
    def programme(self) -> Programme:
        db.session.rollback()
        db.session.expire_all()
        return db.session.get_one(Programme, self.at.programme_id)

    def ledger(self, enrolment_id: int) -> Ledger:
        """What somebody's ledger says now."""
        found = person_ledger(enrolment_id, self.programme, now=self.clock.now)
        assert found
        return found

    def entry(self, enrolment_id: int, key: str) -> Entry:
        """One line of it."""
        return next(one for one in self.ledger(enrolment_id).entries if one.key == key)

    def total(self, enrolment_id: int) -> LedgerTotal:
        """What is kept of it."""
        db.session.rollback()
        found = db.session.scalar(select(LedgerTotal).filter_by(enrolment_id=enrolment_id))
        assert found
        return found

    def excuse(self, number: int) -> Excuse:
        """An excuse as it is now."""
        db.session.rollback()
        return db.session.get_one(Excuse, number)

    def send(self, enrolment_id: int, *numbers: int) -> None:
        """Somebody sends check-ins."""
        for number in numbers:
            check_in(self.pair, enrolment_id, number, {"going": "4"}, now=self.clock.now)

    def everybody(self, key: str, **changes: object) -> Bulk:
        """An outage."""
        given = Given(key=key, reason=ExcuseReason.TOOL, words="The tool was down.")
        return Bulk(**{"given": given, "whom": Whom.EVERYBODY} | changes)  # type: ignore[arg-type]  # what a test changes

    def give_to_many(self, bulk: Bulk) -> int:
        """Alice excuses many, as she was shown."""
        mark = excuses_for_many.look_ahead(self.programme, bulk, by=self.alice, now=self.clock.now).mark
        return excuses_for_many.give_to_many(self.at.programme_id, bulk, mark=mark, by=self.alice, now=self.clock.now)

    def record(self) -> list[AuditEntry]:
        """What was decided."""
        db.session.rollback()
        return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


@pytest.fixture
def term(app: Flask, clock: Clock) -> Term:
    """Five weeks in: five of the six check-ins are open."""
    at = make.setting(
        cadence="weekly", check_in_count=6, participation="check_ins", release="at_once", points=60, ends_on=None
    )
    alice = make.person(at, "Alice Ashford", role="instructor")
    bob = make.enrolment(at, make.person(at, "Bob Birchwood"), role="mentor")
    dana = make.enrolment(at, make.person(at, "Dana Dewdrop"), role="mentee")
    pair = make.pair(at, bob, dana, by=alice)
    clock.advance(days=36)
    return Term(at=at, clock=clock, alice=alice, bob=bob, dana=dana, pair=pair)


def test_who_asks_waits_and_may_take_it_back_until_it_is_decided(term: Term) -> None:
    number = excuses.ask(term.dana, ILL, now=term.clock.now)

    with pytest.raises(RuleBroken):
        excuses.ask(term.dana, ILL, now=term.clock.now)
    asked = term.entry(term.dana, "check_in:1").reason.text
    with pytest.raises(LookupError):
        excuses.take_back(term.bob, number, now=term.clock.now)
    excuses.take_back(term.dana, number, now=term.clock.now)
    version = term.excuse(number).version
    excuses.take_back(term.dana, number, now=term.clock.now)  # pressed twice

    assert term.excuse(number).version == version
    assert asked == "You asked to be excused. Staff have not decided yet."
    assert term.entry(term.dana, "check_in:1").reason.text != asked


def test_an_older_refusal_said_again_takes_nothing_from_what_was_granted_since(term: Term) -> None:
    def asked() -> int:
        return excuses.ask(term.dana, ILL, now=term.clock.now)

    def say(number: int, answer: str, *, version: int, is_granted: bool = False) -> None:
        term.clock.advance(minutes=1)
        decision = Decision(is_granted=is_granted, answer=answer)
        excuses.decide(term.at.programme_id, number, decision, version=version, by=term.alice, now=term.clock.now)

    first = asked()
    say(first, "Please bring a note.", version=1)
    second = asked()
    say(second, "Get well soon.", version=1, is_granted=True)
    say(first, "A note was missing then.", version=2)

    assert term.excuse(second).state == "granted"
    assert term.entry(term.dana, "check_in:1").standing == "excused"


def test_nothing_is_asked_for_once_the_programme_is_over_and_staff_may_still_excuse(term: Term) -> None:
    with transaction() as session:
        session.get_one(Programme, term.at.programme_id).phase = "closed"

    with pytest.raises(RuleBroken):
        excuses.ask(term.dana, ILL, now=term.clock.now)
    excuses.give(term.at.programme_id, term.dana, ILL, by=term.alice, now=term.clock.now)

    assert term.entry(term.dana, "check_in:1").excused == "staff"


def test_a_granted_excuse_takes_the_entry_out_of_what_counts_at_once(term: Term) -> None:
    term.send(term.dana, 2, 3)
    before = term.total(term.dana).points
    number = excuses.ask(term.dana, ILL, now=term.clock.now)

    decision = Decision(is_granted=True, answer="Get well soon.")
    excuses.decide(term.at.programme_id, number, decision, version=1, by=term.alice, now=term.clock.now)

    entry = term.entry(term.dana, "check_in:1")
    assert (entry.standing, entry.excused, before) == ("excused", "staff", Decimal(20))
    assert term.total(term.dana).points == Decimal(24)
    with pytest.raises(RuleBroken):
        excuses.ask(term.dana, ILL, now=term.clock.now)
    with pytest.raises(RuleBroken):
        excuses.take_back(term.dana, number, now=term.clock.now)


def test_a_refusal_leaves_the_points_and_may_be_changed_later(term: Term) -> None:
    number = excuses.ask(term.dana, ILL, now=term.clock.now)

    refused = Decision(is_granted=False, answer="Please send it next week.")
    excuses.decide(term.at.programme_id, number, refused, version=1, by=term.alice, now=term.clock.now)
    after_refusal = term.entry(term.dana, "check_in:1").standing
    granted = Decision(is_granted=True, answer="")
    excuses.decide(term.at.programme_id, number, granted, version=2, by=term.alice, now=term.clock.now)

    assert (after_refusal, term.entry(term.dana, "check_in:1").standing) != ("excused", "excused")
    assert term.entry(term.dana, "check_in:1").standing == "excused"
    assert [one.what for one in term.record()] == ["excuse.decide", "excuse.decide"]


def test_two_who_decide_at_once_do_not_overrule_each_other_unseen(term: Term) -> None:
    number = excuses.ask(term.dana, ILL, now=term.clock.now)
    granted, refused = Decision(is_granted=True, answer=""), Decision(is_granted=False, answer="No.")
    excuses.decide(term.at.programme_id, number, granted, version=1, by=term.alice, now=term.clock.now)

    with pytest.raises(ChangedMeanwhile):
        excuses.decide(term.at.programme_id, number, refused, version=1, by=term.alice, now=term.clock.now)
    excuses.decide(term.at.programme_id, number, granted, version=1, by=term.alice, now=term.clock.now)

    assert (term.excuse(number).state, len(term.record())) == ("granted", 1)


def test_the_words_of_an_excuse_stand_in_no_record_of_decisions(term: Term) -> None:
    number = excuses.ask(term.dana, ILL, now=term.clock.now)
    decision = Decision(is_granted=False, answer="Please come and see me.")
    excuses.decide(term.at.programme_id, number, decision, version=1, by=term.alice, now=term.clock.now)

    told = repr([(one.before, one.after) for one in term.record()])

    assert "hospital" not in told
    assert "see me" not in told


def test_staff_excuse_somebody_who_had_asked_and_take_it_back(term: Term) -> None:
    asked = excuses.ask(term.dana, ILL, now=term.clock.now)

    given = Given(key="check_in:1", reason=ExcuseReason.OTHER, words="Of course.")
    number = excuses.give(term.at.programme_id, term.dana, given, by=term.alice, now=term.clock.now)
    row = term.excuse(number)
    granted = (row.state, row.reason, row.words, row.answer)
    excuses.undo(term.at.programme_id, number, version=row.version, by=term.alice, now=term.clock.now)

    assert number == asked
    assert granted == ("granted", "illness", "I am in hospital.", "Of course.")
    assert term.excuse(number).state == "asked"
    assert [one.what for one in term.record()] == ["excuse.give", "excuse.undo"]


def test_what_is_given_unasked_counts_for_nothing_once_it_is_taken_back(term: Term) -> None:
    number = excuses.give(term.at.programme_id, term.dana, ILL, by=term.alice, now=term.clock.now)
    twice = excuses.give(term.at.programme_id, term.dana, ILL, by=term.alice, now=term.clock.now)
    with pytest.raises(RuleBroken):
        excuses.give(term.at.programme_id, term.dana, replace(ILL, words="Rest."), by=term.alice, now=term.clock.now)

    assert twice == number
    excuses.undo(term.at.programme_id, number, version=1, by=term.alice, now=term.clock.now)

    assert term.entry(term.dana, "check_in:1").excused is None
    with pytest.raises(LookupError):
        excuses.undo(term.at.programme_id, number, version=1, by=term.alice, now=term.clock.now)


def test_nobody_decides_about_another_programme(term: Term) -> None:
    number = excuses.ask(term.dana, ILL, now=term.clock.now)
    other = make.setting(context_id="chem-101").programme_id
    decision, decided = Decision(is_granted=True, answer=""), Decided(points=Decimal(1), reason="Mine.")

    for step in (
        lambda: excuses.decide(other, number, decision, version=1, by=term.alice, now=term.clock.now),
        lambda: excuses.give(other, term.dana, ILL, by=term.alice, now=term.clock.now),
        lambda: excuses.undo(other, number, version=1, by=term.alice, now=term.clock.now),
        lambda: excuses_for_many.undo_many(other, 1, by=term.alice, now=term.clock.now),
        lambda: decide_points(other, term.dana, "total", decided, seen=0, by=term.alice, now=term.clock.now),
    ):
        with pytest.raises(LookupError):
            step()

    assert term.excuse(number).state == "asked"


def test_where_everything_is_excused_nothing_is_posted_and_not_a_zero(term: Term) -> None:
    everything = Given(key=ALL_KEYS, reason=ExcuseReason.ILLNESS)

    excuses.give(term.at.programme_id, term.dana, everything, by=term.alice, now=term.clock.now)
    term.clock.advance(days=200)
    with transaction():
        recount(db.session.get_one(Programme, term.at.programme_id), only=[term.dana], now=term.clock.now)

    ledger, total = term.ledger(term.dana), term.total(term.dana)
    assert (ledger.points, ledger.why_not_postable) == (None, ALL_EXCUSED)
    assert (total.points, total.standing) == (None, "nothing")
    assert db.session.scalars(select(Score).filter_by(programme_id=term.at.programme_id)).all() == []


def test_an_excuse_for_many_leaves_what_is_done_and_shows_what_it_changes(term: Term) -> None:
    term.send(term.bob, 1, 2)
    term.send(term.dana, 2)

    ahead = excuses_for_many.look_ahead(term.programme, term.everybody("check_in:1"), by=term.alice, now=term.clock.now)
    batch = term.give_to_many(term.everybody("check_in:1"))

    assert dict(ahead.keys) == {term.dana: ("check_in:1",)}
    assert [(one.person, one.before, one.after) for one in ahead.effect.changes] == [
        (term.dana, Decimal(10), Decimal(12))
    ]
    assert (term.total(term.dana).points, term.total(term.bob).points) == (Decimal(12), Decimal(20))
    assert db.session.get_one(ExcuseBatch, batch).people == 1


def test_an_outage_excuses_what_was_due_between_two_days_alone(term: Term) -> None:
    due = term.entry(term.dana, "check_in:2").due_at
    assert due
    day = due.date()

    bulk = term.everybody("check_in", from_on=day, until_on=day + timedelta(days=1))
    ahead = excuses_for_many.look_ahead(term.programme, bulk, by=term.alice, now=term.clock.now)

    assert dict(ahead.keys) == {term.bob: ("check_in:2",), term.dana: ("check_in:2",)}


def test_an_excuse_for_many_is_taken_back_as_one(term: Term) -> None:
    term.send(term.dana, 2)
    asked = excuses.ask(term.dana, ILL, now=term.clock.now)
    before = (term.total(term.dana).points, term.ledger(term.bob).points)
    batch = term.give_to_many(term.everybody("check_in"))
    between = term.excuse(asked).state

    count = excuses_for_many.undo_many(term.at.programme_id, batch, by=term.alice, now=term.clock.now)
    again = excuses_for_many.undo_many(term.at.programme_id, batch, by=term.alice, now=term.clock.now)

    assert (count, again) == (2, 0)
    assert (term.total(term.dana).points, term.total(term.bob).points) == before
    assert (between, term.excuse(asked).state) == ("granted", "asked")
    assert [one.what for one in term.record()] == ["excuse.many", "excuse.undo_many"]


def test_an_excuse_for_many_that_would_do_something_else_by_now_is_shown_again(term: Term) -> None:
    bulk = term.everybody("check_in:1")
    shown = excuses_for_many.look_ahead(term.programme, bulk, by=term.alice, now=term.clock.now)
    term.send(term.bob, 1)

    with pytest.raises(ChangedMeanwhile) as fault:
        excuses_for_many.give_to_many(term.at.programme_id, bulk, mark=shown.mark, by=term.alice, now=term.clock.now)

    assert (set(shown.keys), set(fault.value.current.keys)) == ({term.bob, term.dana}, {term.dana})
    assert db.session.scalars(select(Excuse)).all() == []


def test_an_excuse_for_nobody_is_refused(term: Term) -> None:
    term.give_to_many(term.everybody("check_in:1"))

    with pytest.raises(RuleBroken):
        term.give_to_many(term.everybody("check_in:1"))


def test_a_section_and_chosen_people_are_excused_alone(term: Term) -> None:
    with transaction() as session:
        dana = session.get_one(Enrolment, term.dana).person_id
        session.query(Member).filter_by(person_id=dana).one().section_ids = ["12"]

    section = term.everybody("check_in:1", whom=Whom.SECTION, section="12")
    chosen = term.everybody("check_in:1", whom=Whom.PEOPLE, people=frozenset({term.bob, 999}))
    reached = [
        set(excuses_for_many.look_ahead(term.programme, bulk, by=term.alice, now=term.clock.now).keys)
        for bulk in (section, chosen)
    ]

    assert reached == [{term.dana}, {term.bob}]


def test_who_is_no_longer_in_the_course_is_not_excused_with_everybody(term: Term) -> None:
    with transaction() as session:
        bob = session.get_one(Enrolment, term.bob).person_id
        session.query(Member).filter_by(person_id=bob).one().is_active = False

    ahead = excuses_for_many.look_ahead(term.programme, term.everybody("check_in:1"), by=term.alice, now=term.clock.now)

    assert set(ahead.keys) == {term.dana}


def test_decided_points_win_and_keep_the_computed_value_and_the_reason(term: Term) -> None:
    decided = Decided(points=Decimal("7.5"), reason="Sent by mail.")

    decide_points(term.at.programme_id, term.dana, "check_in:1", decided, seen=0, by=term.alice, now=term.clock.now)

    entry = term.entry(term.dana, "check_in:1")
    assert (entry.earned, entry.computed, entry.decided_by) == (Decimal("7.5"), Decimal(0), term.alice)
    assert entry.reason.values["reason"] == "Sent by mail."
    total = term.total(term.dana)
    assert (total.decided, total.points) == (1, term.ledger(term.dana).points)
    (told,) = term.record()
    assert (told.what, told.person_id) == ("points.override", term.alice)
    assert (told.after["points"], told.after["computed"], told.after["key"]) == ("7.5", "0.00", "check_in:1")


def test_a_decided_total_wins_until_it_is_taken_back_and_all_of_it_is_kept(term: Term) -> None:
    term.send(term.dana, 1, 2, 3)
    computed = term.ledger(term.dana).points

    first = Decided(points=Decimal(55), reason="An oral report.")
    decide_points(term.at.programme_id, term.dana, TOTAL_KEY, first, seen=0, by=term.alice, now=term.clock.now)
    row = db.session.scalars(select(PointsOverride)).one()
    between = term.ledger(term.dana)
    back = Decided(points=None, reason="The report was another person’s.")
    decide_points(term.at.programme_id, term.dana, TOTAL_KEY, back, seen=row.id, by=term.alice, now=term.clock.now)

    assert (between.points, between.computed) == (Decimal(55), computed)
    assert (term.ledger(term.dana).points, term.total(term.dana).points) == (computed, computed)
    assert len(db.session.scalars(select(PointsOverride)).all()) == 2


def test_decided_points_are_sent_like_all_others(term: Term) -> None:
    decided = Decided(points=Decimal("33.25"), reason="An oral report.")

    decide_points(term.at.programme_id, term.dana, TOTAL_KEY, decided, seen=0, by=term.alice, now=term.clock.now)

    assert db.session.scalars(select(Score.points)).all() == [Decimal("33.25")]


def test_a_decision_drawn_before_another_one_is_not_saved_unseen(term: Term) -> None:
    first, second = (Decided(points=Decimal(one), reason="So it was.") for one in (5, 6))
    decide_points(term.at.programme_id, term.dana, "check_in:1", first, seen=0, by=term.alice, now=term.clock.now)

    with pytest.raises(ChangedMeanwhile) as fault:
        decide_points(term.at.programme_id, term.dana, "check_in:1", second, seen=0, by=term.alice, now=term.clock.now)
    decide_points(term.at.programme_id, term.dana, "check_in:1", first, seen=0, by=term.alice, now=term.clock.now)

    assert fault.value.current.points == Decimal(5)
    assert len(db.session.scalars(select(PointsOverride)).all()) == 1


def test_nobody_decides_more_than_an_entry_is_worth_or_about_one_that_is_not_there(term: Term) -> None:
    too_many = Decided(points=Decimal("10.01"), reason="Very good.")

    with pytest.raises(RuleBroken):
        decide_points(term.at.programme_id, term.dana, "check_in:1", too_many, seen=0, by=term.alice, now=NOON)
    with pytest.raises(LookupError):
        decide_points(term.at.programme_id, term.dana, "meeting:1", too_many, seen=0, by=term.alice, now=NOON)

    assert term.record() == []
