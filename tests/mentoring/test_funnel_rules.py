"""The stages on the way: whom each counts for, who stands still where, and whether there will be mentors enough."""

import pytest

from lti_tool.mentoring.funnel import (
    Group,
    Stage,
    before,
    is_silent,
    outlook,
    rows,
    sections,
    stages,
    stands_still_at,
)

ALL = stages(asks_application=True, asks_training=True)
JOINED = frozenset({Stage.ROSTER, Stage.INVITED, Stage.JOINED})


def group(**changes: object) -> Group:
    values: dict[str, object] = {
        "section_ids": (),
        "role": "mentee",
        "reached": JOINED,
        "has_left": False,
        "count": 1,
        "places": 0,
    }
    return Group(**(values | changes))  # type: ignore[arg-type]  # fields by name


def test_a_programme_without_application_and_training_has_five_stages() -> None:
    assert stages(asks_application=False, asks_training=False) == (
        Stage.ROSTER,
        Stage.INVITED,
        Stage.JOINED,
        Stage.AGREED,
        Stage.READY,
    )


@pytest.mark.parametrize(
    ("role", "stage"), [("mentee", Stage.JOINED), ("mentor", Stage.TRAINED), ("either", Stage.TRAINED)]
)
def test_what_comes_before_agreeing_depends_on_the_part(role: str, stage: Stage) -> None:
    assert before(Stage.AGREED, role, ALL) is stage


def test_somebody_stands_still_at_the_first_stage_that_counts_for_them() -> None:
    assert stands_still_at("mentor", JOINED, ALL) is Stage.APPLIED
    assert stands_still_at("mentee", JOINED, ALL) is Stage.AGREED
    assert stands_still_at("mentee", frozenset(ALL) - {Stage.APPLIED}, ALL) is None
    assert stands_still_at(None, frozenset({Stage.ROSTER}), ALL) is Stage.INVITED


def test_only_who_came_to_the_stage_before_is_silent() -> None:
    assert is_silent(Stage.APPLIED, "mentor", JOINED, ALL)
    assert not is_silent(Stage.TRAINED, "mentor", JOINED, ALL)
    assert not is_silent(Stage.APPLIED, "mentee", JOINED, ALL)


def test_a_funnel_counts_people_once_per_stage_and_leaves_out_who_has_left() -> None:
    groups = [
        group(count=3),
        group(role="mentor", count=2, reached=JOINED | {Stage.APPLIED}),
        group(role=None, count=4, reached=frozenset({Stage.ROSTER, Stage.INVITED})),
        group(role=None, count=5, reached=frozenset({Stage.ROSTER, Stage.INVITED}), has_left=True),
    ]

    found = {row.stage: (row.reached, row.silent, row.out_of) for row in rows(groups, ALL)}

    assert found[Stage.ROSTER] == (14, 0, 14)
    assert found[Stage.JOINED] == (5, 4, 14)
    assert found[Stage.APPLIED] == (2, 0, 2)
    assert found[Stage.APPROVED] == (0, 2, 2)


def test_somebody_in_two_sections_counts_in_both() -> None:
    groups = [group(section_ids=("a", "b")), group(section_ids=("b",))]

    assert sections(groups) == ("a", "b")
    assert rows(groups, ALL, section="a")[0].reached == 1
    assert rows(groups, ALL, section="b")[0].reached == 2


def test_a_shortage_is_seen_before_the_matching() -> None:
    groups = [
        group(count=10),
        group(role="mentor", count=2, places=4),
        group(role="mentor", count=1, places=1, reached=JOINED | {Stage.READY}),
        group(role="either", count=2, places=2),
    ]

    found = outlook(groups)

    assert (found.mentees, found.places, found.ready_places, found.either) == (10, 5, 1, 2)
    assert (found.missing, found.missing_now) == (3, 7)
