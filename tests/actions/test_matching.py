"""From the click on “propose” to running pairs: once, whatever is clicked twice, and without those who left."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.actions import matching
from lti_tool.actions.enrolment import choose_role, keep_apart, withdraw
from lti_tool.actions.workspace import check_in
from lti_tool.jobs.handlers import work_off
from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.questionnaire import Comparer
from lti_tool.mentoring.questions import default_questionnaire
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment, Wish, find_enrolment
from lti_tool.store.matching import (
    Pair,
    Proposal,
    Unmatched,
    count_active_pairs,
    last_proposal,
    open_proposal,
    running_pairs,
)
from lti_tool.store.outbox import LAST_TRY
from lti_tool.store.pairs import count_paired
from lti_tool.store.people import find_member
from lti_tool.store.programme import AuditEntry, Programme
from tests import make
from tests.conftest import Clock
from tests.outside import look_again, outbox_rows


@dataclass
class Course:
    """A course whose people have joined."""

    at: make.Setting
    clock: Clock
    alice: int
    people: dict[str, int]
    enrolments: dict[str, int]

    def join(self, name: str, role: str) -> None:
        """Somebody joins."""
        self.people[name] = make.person(self.at, f"{name} Example")
        self.enrolments[name] = make.enrolment(self.at, self.people[name], role=role)

    def propose(self) -> Proposal:
        """Alice asks, and the worker computes."""
        matching.ask_for_proposal(self.at.programme_id, by=self.alice, now=self.clock.now)
        look_again()
        waiting = open_proposal(self.at.programme_id)
        assert waiting
        matching.compute_proposal(waiting.id)
        return self.proposal

    @property
    def proposal(self) -> Proposal:
        """The newest proposal."""
        look_again()
        found = last_proposal(self.at.programme_id)
        assert found
        return found

    def publish(self) -> bool:
        """Alice publishes the newest proposal."""
        return matching.publish(self.proposal.id, by=self.alice, now=self.clock.now)

    def pairs(self) -> set[tuple[str, str]]:
        """The running pairs by name, mentor first."""
        look_again()
        names = {number: name for name, number in self.enrolments.items()}
        return {(names[pair.mentor_id], names[pair.mentee_id]) for pair in running_pairs(self.at.programme_id)}

    @property
    def programme(self) -> Programme:
        """The programme as it is now."""
        look_again()
        return db.session.get_one(Programme, self.at.programme_id)


@pytest.fixture
def course(app: Flask, clock: Clock) -> Course:
    """Alice's course, in which Bob is a mentor and Dana a mentee."""
    at = make.setting()
    made = Course(
        at=at, clock=clock, alice=make.person(at, "Alice Ashford", role="instructor"), people={}, enrolments={}
    )
    made.join("Bob", "mentor")
    made.join("Dana", "mentee")
    return made


def test_a_proposal_becomes_pairs_when_it_is_published(course: Course) -> None:
    proposal = course.propose()
    before = (proposal.state, course.programme.phase, course.pairs())

    assert course.publish()

    assert before == ("draft", "sign_up", set())
    assert course.pairs() == {("Bob", "Dana")}
    assert (course.programme.phase, course.programme.published_at) == ("running", course.clock.now)
    assert [row.kind for row in outbox_rows("column")] == ["column"]


def test_two_clicks_ask_for_one_proposal(course: Course) -> None:
    for _click in range(2):
        matching.ask_for_proposal(course.at.programme_id, by=course.alice, now=course.clock.now)

    assert len(db.session.scalars(select(Proposal)).all()) == 1
    assert len(outbox_rows("propose")) == 1


def test_publishing_twice_publishes_once(course: Course) -> None:
    course.propose()

    answers = [course.publish(), course.publish()]

    assert answers == [True, False]
    assert len(db.session.scalars(select(AuditEntry).filter_by(what="matching.publish")).all()) == 1


def test_computing_twice_changes_nothing(course: Course) -> None:
    proposal = course.propose()

    matching.compute_proposal(proposal.id)

    assert len(db.session.scalars(select(Pair)).all()) == 2  # one under each objective


def test_equal_answers_give_equal_proposals(course: Course) -> None:
    for number in range(6):
        course.join(f"Mentee {number}", "mentee")
    first = course.propose()
    pairs = [(pair.mentor_id, pair.mentee_id) for pair in db.session.scalars(select(Pair).order_by(Pair.mentee_id))]
    matching.discard(first.id, by=course.alice, now=course.clock.now)

    second = course.propose()

    found = db.session.scalars(select(Pair).filter_by(proposal_id=second.id).order_by(Pair.mentee_id))
    assert first.input_hash == second.input_hash
    assert [(pair.mentor_id, pair.mentee_id) for pair in found] == pairs


def test_a_discarded_draft_leaves_everything_as_it_was(course: Course) -> None:
    draft = course.propose()

    matching.discard(draft.id, by=course.alice, now=course.clock.now)

    assert course.programme.phase == "sign_up"
    assert course.pairs() == set()
    assert not matching.publish(draft.id, by=course.alice, now=course.clock.now)


def test_a_proposal_discarded_while_it_is_computed_stays_discarded(course: Course) -> None:
    matching.ask_for_proposal(course.at.programme_id, by=course.alice, now=course.clock.now)
    waiting = course.proposal.id
    matching.discard(waiting, by=course.alice, now=course.clock.now)

    matching.compute_proposal(waiting)

    assert db.session.get_one(Proposal, waiting).state == "discarded"


def test_late_joiners_get_a_second_round_and_running_pairs_stay(course: Course) -> None:
    course.propose()
    course.publish()
    course.join("Erin", "mentee")
    course.clock.advance(days=7)

    course.propose()
    still = course.pairs()
    course.publish()

    assert still == {("Bob", "Dana")}
    assert course.pairs() == {("Bob", "Dana"), ("Bob", "Erin")}
    assert course.programme.published_at == course.clock.now - timedelta(days=7)


def test_a_discarded_second_round_leaves_the_programme_running(course: Course) -> None:
    course.propose()
    course.publish()
    course.join("Erin", "mentee")
    second = course.propose()

    matching.discard(second.id, by=course.alice, now=course.clock.now)

    assert course.programme.phase == "running"
    assert course.pairs() == {("Bob", "Dana")}


def test_a_mentor_never_gets_more_mentees_than_they_take(course: Course) -> None:
    for number in range(3):
        course.join(f"Mentee {number}", "mentee")
    course.propose()
    course.publish()
    course.join("Erin", "mentee")

    course.propose()
    course.publish()

    assert len(course.pairs()) == 2  # Bob takes two
    left = db.session.scalars(select(Unmatched).filter_by(proposal_id=course.proposal.id)).all()
    assert {one.side for one in left} == {"mentee"}


@pytest.mark.parametrize("who", ["Bob", "Dana"])
def test_who_leaves_between_draft_and_publication_is_in_no_pair(course: Course, who: str) -> None:
    course.propose()
    withdraw(course.enrolments[who], now=course.clock.now)

    course.publish()

    assert course.pairs() == set()
    left = db.session.scalars(select(Unmatched).filter_by(proposal_id=course.proposal.id)).all()
    assert [one.enrolment_id for one in left] == ([course.enrolments["Dana"]] if who == "Bob" else [])


def test_who_is_gone_from_the_course_is_in_no_pair(course: Course) -> None:
    course.propose()
    with transaction():
        member = find_member(course.at.course_id, course.people["Dana"])
        assert member
        member.is_active = False

    course.publish()

    assert course.pairs() == set()


def test_who_changes_sides_between_draft_and_publication_is_in_no_pair(course: Course) -> None:
    course.propose()
    choose_role(
        course.at.programme_id,
        course.people["Dana"],
        EnrolmentRole.MENTOR,
        time_zone="Europe/London",
        now=course.clock.now,
    )

    course.publish()

    assert course.pairs() == set()


@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_only_who_has_joined_is_proposed(course: Course, state: str) -> None:
    with transaction():
        row = find_enrolment(course.at.programme_id, course.people["Dana"])
        assert row
        row.state = state

    proposal = course.propose()

    assert (proposal.matched_mentees, proposal.mentee_count) == (0, 0)


def test_people_who_would_rather_not_meet_are_not_matched(course: Course) -> None:
    keep_apart(course.enrolments["Dana"], course.people["Bob"])

    proposal = course.propose()

    assert proposal.matched_mentees == 0
    left = db.session.scalars(select(Unmatched).filter_by(proposal_id=proposal.id)).all()
    assert len({one.enrolment_id for one in left}) == 2


def test_a_further_partner_is_counted_in_the_mentors_score_at_once(course: Course) -> None:
    course.propose()
    course.publish()
    (pair,) = running_pairs(course.at.programme_id)
    check_in(pair.id, course.enrolments["Bob"], 1, {}, now=course.clock.now)
    course.join("Erin", "mentee")
    course.propose()
    look_again()
    alone = make.kept_score(course.at.programme_id, course.people["Bob"])
    assert alone
    points = alone.points

    course.publish()

    look_again()
    shared = make.kept_score(course.at.programme_id, course.people["Bob"])
    assert shared
    assert (points, shared.points) == (Decimal(25), points / 2)


def test_a_computation_that_always_fails_is_said_on_the_board(app: Flask, course: Course) -> None:
    matching.ask_for_proposal(course.at.programme_id, by=course.alice, now=course.clock.now)
    with transaction():
        db.session.get_one(Programme, course.at.programme_id).questionnaire = {"questions": "not a list"}

    for _try in range(LAST_TRY):
        look_again()
        work_off(app)
        course.clock.advance(hours=5)

    assert course.proposal.state == "failed"
    assert course.proposal.problem
    matching.ask_for_proposal(course.at.programme_id, by=course.alice, now=course.clock.now)
    assert course.proposal.state == "waiting"


def test_somebody_with_two_partners_is_counted_once(app: Flask) -> None:
    at = make.setting()
    alice = make.person(at, "Alice Ashford", role="instructor")
    bob = make.enrolment(at, make.person(at, "Bob Birchwood"), role="mentor")
    for name in ("Dana Dewdrop", "Gwen Gingham"):
        make.pair(at, bob, make.enrolment(at, make.person(at, name), role="mentee"), by=alice)

    assert (count_active_pairs(at.programme_id), count_paired(at.programme_id)) == (2, 3)


def decide(course: Course, **settings: object) -> None:
    """Alice's settings."""
    with transaction() as session:
        programme = session.get_one(Programme, course.at.programme_id)
        for name, value in settings.items():
            setattr(programme, name, value)


def rules(course: Course) -> set[str | None]:
    """The rules that leave people without a partner."""
    proposal = course.propose()
    return {left.rule for left in db.session.scalars(select(Unmatched).filter_by(proposal_id=proposal.id))}


@pytest.mark.parametrize(
    ("danas", "expected"), [(["B"], {"other_section"}), (["B", "C"], {"other_section"}), (["B", "A"], set())]
)
def test_pairs_stay_within_a_section_where_the_settings_say_so(
    course: Course, danas: list[str], expected: set[str]
) -> None:
    for name, sections in (("Bob", ["A", "D"]), ("Dana", danas)):
        with transaction():
            member = find_member(course.at.course_id, course.people[name])
            assert member
            member.section_ids = sections

    decide(course, same_section_only=True)

    assert rules(course) == expected


def test_a_mentor_is_at_least_as_far_where_the_settings_say_so(course: Course) -> None:
    question = next(one for one in default_questionnaire().questions if one.comparer is Comparer.STAGE)
    first, last = question.options[0].key, question.options[-1].key
    for name, stage in (("Bob", first), ("Dana", last)):
        with transaction() as session:
            row = session.get_one(Enrolment, course.enrolments[name])
            row.answers = row.answers | {question.key: stage}

    decide(course, seniority="require")

    assert rules(course) == {"lower_stage"}


def test_of_two_mentors_alike_the_one_wished_for_is_chosen(course: Course) -> None:
    for name in ("Ben", "Bill"):
        course.join(name, "mentor")
    with transaction() as session:
        wish = {"enrolment_id": course.enrolments["Dana"], "person_id": course.people["Bill"]}
        session.add(Wish(**wish, kind="together"))

    course.propose()
    course.publish()

    assert course.pairs() == {("Bill", "Dana")}


def test_who_would_like_both_gets_one_partner_after_the_other(course: Course) -> None:
    course.join("Sam", "swap")
    course.join("Drew", "mentee")
    for _round in range(2):
        course.propose()
        course.publish()

    sides = {
        side for pair in course.pairs() for side, name in zip(("mentor", "mentee"), pair, strict=True) if name == "Sam"
    }
    assert sides == {"mentor", "mentee"}
