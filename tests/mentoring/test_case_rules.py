"""Promises about cases: nothing is lost on the way, and nothing ends unnoticed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from lti_tool.mentoring.case_forms import (
    parse_asked,
    parse_closing,
    parse_concern,
    parse_ending,
    parse_farewell,
    parse_pause,
    parse_safety,
    parse_talk,
)
from lti_tool.mentoring.cases import (
    AT_ONCE,
    OUTCOMES,
    Case,
    CaseKind,
    CaseState,
    Outcome,
    agree,
    close,
    is_granted,
    is_late,
    keeps_apart,
    reopen,
    take,
    withdraw,
)
from lti_tool.mentoring.rules import RuleBroken
from tests.mentoring.people import at

NOW = at("2026-10-05T12:00")
TODAY = date(2026, 10, 5)
STAFF = st.integers(1, 3)


class CaseLife(RuleBasedStateMachine):
    """Several members of staff and whoever began it act on one case in any order."""

    @initialize(kind=st.sampled_from(CaseKind))
    def begun(self, kind):
        self.case = Case(kind=kind)

    def attempt(self, step, *, is_possible):
        try:
            self.case = step()
        except RuleBroken:
            assert not is_possible
        else:
            assert is_possible

    @rule(by=STAFF)
    def somebody_takes_it(self, by):
        self.attempt(lambda: take(self.case, by), is_possible=self.case.is_live)
        assert not self.case.is_live or self.case.owner == by

    @rule(days=st.integers(-2, 30))
    def a_talk_is_held(self, days):
        is_possible = self.case.is_live and self.case.owner is not None and days > 0
        self.attempt(lambda: agree(self.case, TODAY + timedelta(days=days), today=TODAY), is_possible=is_possible)

    @rule(by=st.one_of(st.none(), STAFF), outcome=st.sampled_from(Outcome))
    def somebody_closes_it(self, by, outcome):
        is_possible = self.case.is_live and outcome in OUTCOMES[self.case.kind]
        self.attempt(lambda: close(self.case, outcome, by), is_possible=is_possible)

    @rule(by=STAFF)
    def somebody_opens_it_again(self, by):
        self.attempt(lambda: reopen(self.case, by), is_possible=self.case.state is CaseState.CLOSED)

    @rule()
    def it_is_taken_back(self):
        is_possible = self.case.is_live and self.case.kind not in AT_ONCE
        self.attempt(lambda: withdraw(self.case), is_possible=is_possible)

    @invariant()
    def nothing_impossible_is_reached(self):
        case = self.case
        assert (case.state is CaseState.OPEN) <= (case.owner is None)
        assert case.state not in {CaseState.TAKEN, CaseState.REVIEW} or case.owner is not None
        assert (case.outcome is not None) == (case.state is CaseState.CLOSED)
        assert (case.review_on is not None) == (case.state is CaseState.REVIEW)
        assert case.kind not in AT_ONCE or case.state is not CaseState.WITHDRAWN

    @invariant()
    def a_safety_report_keeps_apart_until_staff_say_otherwise(self):
        is_lifted = self.case.state is CaseState.CLOSED and self.case.outcome is Outcome.CONTACT
        assert keeps_apart(self.case) == (self.case.kind is CaseKind.SAFETY and not is_lifted)


TestCaseLife = CaseLife.TestCase


def test_a_safety_report_ends_with_a_word_about_contact():
    assert set(OUTCOMES[CaseKind.SAFETY]) == {Outcome.CONTACT, Outcome.ENDED}


def test_what_cannot_wait_is_late_at_once_and_the_rest_after_two_days():
    waits = [is_late(Case(kind=kind), NOW, NOW + timedelta(hours=1)) for kind in (CaseKind.SAFETY, CaseKind.TALK)]

    assert waits == [True, False]
    assert is_late(Case(kind=CaseKind.TALK), NOW, NOW + timedelta(days=2))
    assert not is_late(take(Case(kind=CaseKind.SAFETY), 1), NOW, NOW + timedelta(days=9))


def test_a_first_wish_for_a_new_partner_comes_true_when_nobody_answers():
    wish, later = Case(kind=CaseKind.REMATCH), NOW + timedelta(days=3)

    assert is_granted(wish, NOW, later, rematches_before=0)
    assert not is_granted(wish, NOW, later - timedelta(minutes=1), rematches_before=0)
    assert not is_granted(wish, NOW, later, rematches_before=1)
    assert not is_granted(take(wish, 1), NOW, later, rematches_before=0)


def test_a_concern_that_can_wait_is_not_taken_without_the_other_persons_knowledge():
    silent, problems = parse_concern({"path": "supportive", "what": "Dana seems very low."})
    told, _ = parse_concern({"path": "supportive", "what": "Dana seems very low.", "told": "yes"})
    urgent, _ = parse_concern({"path": "urgent", "what": "Dana wrote that she sees no way on."})

    assert silent is None
    assert set(problems) == {"told"}
    assert (told.kind, urgent.kind) == (CaseKind.CONCERN, CaseKind.URGENT)


def test_a_safety_report_needs_no_more_than_what_happened():
    report, problems = parse_safety({"what": "He would not stop.", "danger": "no"})

    assert (report.kind, report.is_in_danger, problems) == (CaseKind.SAFETY, False, {})
    assert set(parse_safety({})[1]) == {"what", "danger"}


def test_a_change_of_sides_says_when_it_could_be():
    form = {"topic": "other", "wish": "role", "hand_over_on": "2026-10-19"}

    assert parse_asked(form, today=TODAY)[0].hand_over_on == date(2026, 10, 19)
    assert set(parse_asked(form | {"hand_over_on": "2026-10-05"}, today=TODAY)[1]) == {"hand_over_on"}
    assert parse_asked({**form, "wish": "talk", "hand_over_on": "never"}, today=TODAY)[0].hand_over_on is None


def test_who_stays_in_touch_says_how_and_who_does_not_gives_nothing_away():
    assert set(parse_farewell({"stays": "yes"})[1]) == {"contact"}
    assert parse_farewell({"stays": "no", "contact": "dana@example.org"})[0].contact == ""


def test_the_record_of_a_talk_has_a_sentence_from_each_and_a_day_to_look_again():
    form = {
        "held_on": "2026-10-05",
        "people": "Alice, Bob, Dana",
        "issue_one": "I hear back too late.",
        "issue_two": "I have too many messages.",
        "agreed": "One message a week.",
        "review_on": "2026-10-19",
    }

    assert parse_talk(form, today=TODAY)[0].review_on == date(2026, 10, 19)
    for name in form:
        assert set(parse_talk(form | {name: ""}, today=TODAY)[1]) == {name}
    assert set(parse_talk(form | {"held_on": "2026-10-06"}, today=TODAY)[1]) == {"held_on"}


PARSERS = [
    lambda form: parse_asked(form, today=TODAY),
    parse_safety,
    parse_concern,
    parse_farewell,
    parse_ending,
    lambda form: parse_pause(form, today=TODAY),
    lambda form: parse_talk(form, today=TODAY),
    lambda form: parse_closing(form, CaseKind.TALK),
]
FIELDS = ("topic", "wish", "tried", "more", "what", "when", "danger", "path", "told", "words", "resumes_on", "contact")


@pytest.mark.parametrize("parse", PARSERS)
@given(form=st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=30)))
def test_whatever_is_typed_gives_a_value_or_a_problem(parse, form):
    value, problems = parse(form)

    assert (value is None) == bool(problems)
