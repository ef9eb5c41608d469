"""One column or three: each a scheme of its own, together the programme's points."""

from dataclasses import replace

import pytest

from lti_tool.mentoring.columns import PART_OF, Part, parts_of
from lti_tool.mentoring.programme import default_settings
from lti_tool.mentoring.scheme_presets import scheme_of
from lti_tool.mentoring.schemes import Columns, Kind, SchemePreset
from tests.conftest import NOON

SETTINGS = default_settings("", NOON.date(), "UTC")


def test_one_column_has_the_whole_scheme():
    scheme = scheme_of(SchemePreset.DEFAULT, SETTINGS)

    assert parts_of(scheme, Columns.ONE) == {Part.ALL: scheme}


@pytest.mark.parametrize("points", [7, 100, 1000])
@pytest.mark.parametrize("preset", [SchemePreset.DEFAULT, SchemePreset.PRACTICUM])
def test_the_maxima_of_three_columns_come_to_the_points(preset, points):
    scheme = scheme_of(preset, replace(SETTINGS, points=points))

    parts = parts_of(scheme, Columns.THREE)

    assert sum(one.maximum for one in parts.values()) == points
    assert [item for one in parts.values() for item in one.items if item] == sorted(
        scheme.items, key=lambda item: list(Part).index(PART_OF[item.kind])
    )


def test_the_usual_scheme_has_25_for_the_beginning_59_for_taking_part_and_16_for_writing():
    scheme = scheme_of(SchemePreset.DEFAULT, SETTINGS)

    maxima = {part: one.maximum for part, one in parts_of(scheme, Columns.THREE).items()}

    assert maxima == {Part.ONBOARDING: 25, Part.PARTICIPATION: 59, Part.REFLECTION: 16}


def test_a_part_without_items_has_no_column():
    assert set(parts_of(scheme_of(SchemePreset.LIGHT, SETTINGS), Columns.THREE)) == {Part.PARTICIPATION}


def test_every_kind_of_item_belongs_to_a_column():
    assert set(PART_OF) == set(Kind)
