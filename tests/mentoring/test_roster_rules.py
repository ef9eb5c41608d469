"""Promises of the roster rules."""

from dataclasses import asdict, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.mentoring.roster import (
    Fetched,
    Known,
    MemberRole,
    compare,
    is_staff,
    launch_to_remember,
    must_ask_first,
    present_role,
    stronger,
)
from tests.mentoring.people import fetched, known

SUBJECTS = st.sampled_from([f"person-{number}" for number in range(12)])
ROLES = st.sampled_from(MemberRole)
NAMES = st.sampled_from(["", "Dana", "Bob"])
ROSTERS = st.lists(
    st.builds(Fetched, subject=SUBJECTS, role=ROLES, is_active=st.booleans(), name=NAMES),
    unique_by=lambda member: member.subject,
)
COURSES = st.lists(
    st.builds(
        Known,
        subject=SUBJECTS,
        role=ROLES,
        is_active=st.booleans(),
        name=NAMES,
        launched_as=st.none() | ROLES,
        was_in_roster=st.booleans(),
    ),
    unique_by=lambda member: member.subject,
)


def test_a_new_person_is_added_and_an_absent_one_is_gone():
    change = compare([known("bob"), known("dana")], [fetched("dana"), fetched("charlie")])

    assert [member.subject for member in change.added] == ["charlie"]
    assert change.gone == ("bob",)
    assert change.changed == ()
    assert (change.active_before, change.active_after) == (2, 2)


def test_staff_who_launched_are_not_lowered_by_the_roster():
    alice = known("alice", role=MemberRole.INSTRUCTOR, launched_as=MemberRole.INSTRUCTOR)

    change = compare([alice], [fetched("alice", role=MemberRole.STUDENT)])

    assert change.changed == ()


def test_staff_who_never_launched_follow_the_roster():
    change = compare([known("alice", role=MemberRole.INSTRUCTOR)], [fetched("alice", role=MemberRole.STUDENT)])

    assert change.changed == (fetched("alice", role=MemberRole.STUDENT),)


def test_the_roster_may_raise_somebody_who_launched_as_student():
    dana = known("dana", launched_as=MemberRole.STUDENT)

    change = compare([dana], [fetched("dana", role=MemberRole.TEACHING_ASSISTANT)])

    assert change.changed[0].role is MemberRole.TEACHING_ASSISTANT


def test_a_known_name_survives_a_roster_without_names():
    dana = known("dana", name="Dana Diaz", given_name="Dana", family_name="Diaz", email="dana@example.edu")

    change = compare([dana], [fetched("dana")])

    assert change.changed == ()


def test_a_person_who_only_launched_is_not_gone():
    visitor = known("charlie", launched_as=MemberRole.ADMINISTRATOR, was_in_roster=False)

    change = compare([visitor], [fetched("dana")])

    assert change.gone == ()
    assert change.active_after == 2


def test_a_person_whom_the_roster_lists_for_the_first_time_is_reported():
    dana = known("dana", launched_as=MemberRole.STUDENT, was_in_roster=False)

    change = compare([dana], [fetched("dana")])

    assert [member.subject for member in change.changed] == ["dana"]


def test_two_entries_for_one_person_are_one_with_the_stronger_role():
    twice = [fetched("alice", is_active=False, name="Alice"), fetched("alice", role=MemberRole.INSTRUCTOR)]

    change = compare([], twice)

    assert change.added == (fetched("alice", role=MemberRole.INSTRUCTOR, name="Alice"),)


@given(COURSES, ROSTERS)
def test_after_a_change_the_same_roster_changes_nothing(course, roster):
    change = compare(course, roster)
    people = {member.subject: member for member in course}

    for member in (*change.added, *change.changed):
        before = people.get(member.subject, known(member.subject))
        people[member.subject] = replace(before, **asdict(member), was_in_roster=True)
    for subject in change.gone:
        people[subject] = replace(people[subject], is_active=False)
    again = compare(people.values(), roster)

    assert (again.added, again.changed, again.gone) == ((), (), ())
    assert again.active_before == again.active_after == change.active_after


@given(ROLES, ROLES)
def test_the_stronger_role_is_one_of_the_two_and_staff_if_one_is(a, b):
    assert stronger(a, b) in {a, b}
    assert stronger(a, b) is stronger(b, a)
    assert is_staff(stronger(a, b)) == (is_staff(a) or is_staff(b))


@pytest.mark.parametrize(
    ("before", "after", "asks"),
    [(20, 14, False), (20, 13, True), (10, 5, False), (10, 4, True), (6, 0, True), (3, 0, True), (0, 0, False)],
)
def test_only_a_large_loss_or_an_empty_roster_asks_first(before, after, asks):
    course = [known(f"person-{number}") for number in range(before)]
    roster = [fetched(f"person-{number}") for number in range(after)]

    assert must_ask_first(compare(course, roster)) is asks


def test_a_roster_of_other_people_asks_first():
    course = [known(f"person-{number}") for number in range(20)]
    roster = [fetched(f"stranger-{number}") for number in range(20)]

    assert must_ask_first(compare(course, roster))


def test_many_turned_inactive_asks_first():
    course = [known(f"person-{number}") for number in range(20)]
    roster = [fetched(f"person-{number}", is_active=number < 10) for number in range(20)]

    assert must_ask_first(compare(course, roster))


def test_a_roster_that_confirms_who_launched_as_staff_is_noted():
    alice = known("alice", role=MemberRole.INSTRUCTOR, launched_as=MemberRole.INSTRUCTOR)
    theo = known("theo", role=MemberRole.INSTRUCTOR, launched_as=MemberRole.INSTRUCTOR)

    change = compare([alice, theo], [fetched("alice", role=MemberRole.INSTRUCTOR), fetched("theo")])

    assert change.confirmed == ("alice",)


def test_a_launch_that_says_no_more_than_the_roster_is_not_held_against_a_later_roster():
    assert launch_to_remember(MemberRole.INSTRUCTOR, told_by_roster=MemberRole.INSTRUCTOR) is None
    assert launch_to_remember(MemberRole.INSTRUCTOR, told_by_roster=MemberRole.STUDENT) is MemberRole.INSTRUCTOR
    assert launch_to_remember(MemberRole.INSTRUCTOR, told_by_roster=None) is MemberRole.INSTRUCTOR
    assert launch_to_remember(MemberRole.STUDENT, told_by_roster=MemberRole.INSTRUCTOR) is MemberRole.STUDENT


def test_somebody_is_what_they_last_launched_as_until_a_roster_confirms_or_changes_it():
    assert present_role(MemberRole.INSTRUCTOR, MemberRole.STUDENT) is MemberRole.STUDENT
    assert present_role(MemberRole.STUDENT, None) is MemberRole.STUDENT
