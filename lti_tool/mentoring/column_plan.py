"""What a programme's columns are called and known by in the LMS, and how large they are.

A column is found again by its resource id and its tag; a programme's one column keeps those it always had.
"""

from dataclasses import dataclass

from lti_tool.mentoring.columns import PART_WORDS, Part, parts_of
from lti_tool.mentoring.programme import ProgrammeSettings
from lti_tool.mentoring.scheme_presets import scheme_for

LONGEST_LABEL = 255  # Moodle 4.5 answers 502 to a longer one
_TAG_OF_ALL = "participation"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedColumn:
    """One column as the LMS is asked for it."""

    part: Part
    label: str
    maximum: int
    resource_id: str
    tag: str


def planned(settings: ProgrammeSettings, key: str) -> tuple[PlannedColumn, ...]:
    """Return the columns of a programme that the LMS knows by this key, in the order of the parts; none if ungraded."""
    if not settings.is_graded:
        return ()
    return tuple(
        PlannedColumn(
            part=part,
            label=_label(settings.column_label or settings.title, part),
            maximum=scheme.maximum,
            resource_id=key if part is Part.ALL else f"{key}-{part.value}",
            tag=_TAG_OF_ALL if part is Part.ALL else part.value,
        )
        for part, scheme in parts_of(scheme_for(settings), settings.columns).items()
    )


def _label(title: str, part: Part) -> str:
    """Return the programme's name and the part's; of a name that is too long the end is left out."""
    if part is Part.ALL:
        return title[:LONGEST_LABEL]
    end = f" – {PART_WORDS[part]}"
    return title[: LONGEST_LABEL - len(end)].rstrip() + end
