"""Promises about who may take part."""

import pytest

from lti_tool.mentoring.enrolment import (
    Editions,
    EnrolmentRole,
    EnrolmentState,
    has_agreed,
    may_change_answers,
    may_change_role,
    may_join,
    may_rejoin,
    may_withdraw,
    what_comes_next,
    why_not_join,
    why_not_role,
)
from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.roster import MemberRole
from tests.mentoring.people import settings


@pytest.mark.parametrize("phase", [Phase.SIGN_UP, Phase.RUNNING])
def test_an_active_student_may_join_during_sign_up_and_late_while_pairs_are_at_work(phase):
    assert may_join(MemberRole.STUDENT, is_active=True, is_test_user=False, phase=phase)


@pytest.mark.parametrize("phase", [Phase.SET_UP, Phase.MATCHING, Phase.CLOSING, Phase.CLOSED])
def test_in_every_other_phase_a_student_reads_why_not(phase):
    why_not = why_not_join(MemberRole.STUDENT, is_active=True, is_test_user=False, phase=phase)

    assert why_not
    assert why_not.text.endswith(".")


@pytest.mark.parametrize("phase", list(Phase))
def test_who_has_joined_may_go_on_changing_things_as_long_as_answers_may_change(phase):
    joined = EnrolmentState.JOINED

    assert may_join(MemberRole.STUDENT, True, False, phase, state=joined) is may_change_answers(joined, phase)


def test_who_has_only_begun_does_not_get_in_after_sign_up():
    assert not may_join(MemberRole.STUDENT, True, False, Phase.MATCHING, state=EnrolmentState.DRAFT)


@pytest.mark.parametrize(
    ("role", "sections", "is_refused"),
    [
        (EnrolmentRole.MENTOR, ["A"], False),
        (EnrolmentRole.MENTOR, ["B"], True),
        (EnrolmentRole.MENTOR, [], True),
        (EnrolmentRole.MENTEE, ["B"], False),
        (EnrolmentRole.EITHER, ["B"], True),
        (EnrolmentRole.EITHER, ["A", "B"], False),
    ],
)
def test_a_part_can_be_kept_for_sections(role, sections, is_refused):
    for_a = settings(mentor_section_ids=("A",))

    assert bool(why_not_role(role, sections, for_a)) is is_refused
    assert why_not_role(role, sections, settings()) is None


def test_a_late_joiner_reads_something_else_than_an_early_one():
    assert len({str(what_comes_next(phase)) for phase in (Phase.SIGN_UP, Phase.MATCHING, Phase.RUNNING)}) == 3


def test_an_agreement_holds_for_the_texts_of_today():
    today = Editions(consent=2, conduct=5)

    assert has_agreed(2, 5, today)
    assert has_agreed(3, 5, today)
    assert not has_agreed(2, None, today)
    assert not has_agreed(1, 5, today)
    assert not has_agreed(None, None, today)


@pytest.mark.parametrize("role", [role for role in MemberRole if role is not MemberRole.STUDENT])
def test_only_students_join(role):
    assert why_not_join(role, is_active=True, is_test_user=False, phase=Phase.SIGN_UP)


def test_inactive_people_and_test_students_do_not_join():
    assert why_not_join(MemberRole.STUDENT, is_active=False, is_test_user=False, phase=Phase.SIGN_UP)
    assert why_not_join(MemberRole.STUDENT, is_active=True, is_test_user=True, phase=Phase.SIGN_UP)


def test_a_role_with_a_pair_stays():
    assert may_change_role(has_pair=False, phase=Phase.RUNNING)
    assert not may_change_role(has_pair=True, phase=Phase.RUNNING)


@pytest.mark.parametrize("state", EnrolmentState)
def test_a_closed_programme_changes_no_more(state):
    assert not may_change_answers(state, Phase.CLOSED)
    assert not may_change_role(has_pair=False, phase=Phase.CLOSED)
    assert not may_rejoin(state, Phase.CLOSED)


def test_who_withdrew_may_come_back():
    assert may_withdraw(EnrolmentState.JOINED)
    assert not may_withdraw(EnrolmentState.WITHDRAWN)
    assert may_rejoin(EnrolmentState.WITHDRAWN, Phase.RUNNING)
    assert not may_change_answers(EnrolmentState.WITHDRAWN, Phase.RUNNING)
