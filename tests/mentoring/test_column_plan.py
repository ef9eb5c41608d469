"""What columns are called and known by; a night's turn; what stands beside the points."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lti_tool.mentoring.column_plan import LONGEST_LABEL, planned
from lti_tool.mentoring.columns import Part
from lti_tool.mentoring.gradebook_comments import LONGEST, comment_of
from lti_tool.mentoring.nightly import MINUTES, last_turn
from lti_tool.mentoring.programme import default_settings
from lti_tool.mentoring.schemes import Columns
from tests.conftest import NOON
from tests.mentoring.grading import at_the_end, everything

SETTINGS = default_settings("Peers", NOON.date(), "Europe/Berlin")
THREE = replace(SETTINGS, columns=Columns.THREE)


def test_one_column_is_known_as_it_always_was():
    (column,) = planned(SETTINGS, "key")

    assert (column.label, column.resource_id, column.tag, column.maximum) == ("Peers", "key", "participation", 100)


def test_three_columns_are_told_apart_by_name_resource_and_tag():
    columns = planned(THREE, "key")

    assert [one.label for one in columns] == ["Peers – Onboarding", "Peers – Participation", "Peers – Reflection"]
    assert [one.resource_id for one in columns] == ["key-onboarding", "key-participation", "key-reflection"]
    assert [one.tag for one in columns] == ["onboarding", "participation", "reflection"]


def test_a_label_of_300_characters_is_cut_and_keeps_the_part():
    long = replace(THREE, title="P" * 300)

    labels = [one.label for one in planned(long, "key")] + [planned(replace(long, columns=Columns.ONE), "key")[0].label]

    assert {len(one) for one in labels} == {LONGEST_LABEL}
    assert labels[0].endswith("P – Onboarding")


def test_an_ungraded_programme_has_no_columns():
    assert planned(replace(SETTINGS, is_graded=False), "key") == ()


def test_the_comment_says_what_counted_and_names_nobody():
    said = comment_of(at_the_end(everything()))

    assert "eetings 4 of 4" in said
    assert "check-ins 5 of 5" in said
    assert len(said) <= LONGEST
    assert said == comment_of(at_the_end(everything()))
    assert planned(THREE, "key")[0].part is Part.ONBOARDING


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles"])
def test_each_programme_has_its_own_minute_of_the_night(zone):
    now = datetime(2026, 10, 25, 12, 0, tzinfo=UTC)  # clocks go back in Berlin that night

    turns = {last_turn(f"programme {number}", zone, now) for number in range(200)}

    assert len(turns) > MINUTES / 3
    assert all(now - timedelta(hours=25) < turn <= now for turn in turns)
    assert {turn.hour for turn in turns} <= {1, 2, 3, 4, 5}


def test_a_turn_stays_until_the_next_night():
    turn = last_turn("programme", "UTC", NOON)

    assert last_turn("programme", "UTC", NOON + timedelta(hours=8)) == turn
    assert last_turn("programme", "UTC", NOON + timedelta(days=1)) == turn + timedelta(days=1)
