"""Promises about who may take part."""

import pytest

from lti_tool.mentoring.enrolment import (
    CONDUCT_VERSION,
    CONSENT_VERSION,
    EnrolmentState,
    has_agreed,
    may_change_answers,
    may_change_role,
    may_rejoin,
    may_withdraw,
    what_comes_next,
    why_not_join,
)
from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.roster import MemberRole


@pytest.mark.parametrize("phase", [Phase.SIGN_UP, Phase.MATCHING, Phase.RUNNING])
def test_an_active_student_may_join_until_the_programme_closes(phase):
    assert why_not_join(MemberRole.STUDENT, is_active=True, is_test_user=False, phase=phase) is None


@pytest.mark.parametrize("phase", [Phase.SET_UP, Phase.CLOSING, Phase.CLOSED])
def test_nobody_joins_before_sign_up_or_at_the_end(phase):
    assert why_not_join(MemberRole.STUDENT, is_active=True, is_test_user=False, phase=phase)


def test_a_late_joiner_reads_something_else_than_an_early_one():
    assert len({str(what_comes_next(phase)) for phase in (Phase.SIGN_UP, Phase.MATCHING, Phase.RUNNING)}) == 3


def test_an_agreement_holds_for_the_texts_of_today():
    assert has_agreed(CONSENT_VERSION, CONDUCT_VERSION)
    assert not has_agreed(CONSENT_VERSION, None)
    assert not has_agreed(CONSENT_VERSION - 1, CONDUCT_VERSION)


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
    assert not may_withdraw(state, Phase.CLOSED)
    assert not may_rejoin(state, Phase.CLOSED)


def test_who_withdrew_may_come_back():
    assert may_withdraw(EnrolmentState.JOINED, Phase.RUNNING)
    assert may_rejoin(EnrolmentState.WITHDRAWN, Phase.RUNNING)
    assert not may_change_answers(EnrolmentState.WITHDRAWN, Phase.RUNNING)
