"""What a change of the settings does to everybody's points, as staff read it before it is saved."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from lti_tool.mentoring.participation import outcome
from lti_tool.mentoring.programme import ProgrammeSettings
from lti_tool.mentoring.scheme_effect import Effect, effect
from lti_tool.mentoring.scheme_presets import scheme_for
from lti_tool.store.board import people_named
from lti_tool.store.evidence import evidence_of
from lti_tool.store.programme import Programme
from lti_tool.web.visitor import visitor

SIZE = 25  # people on one page of the list
_OF_SCHEME = ("participation", "own_scheme", "least_meeting_minutes", "meeting_count", "check_in_count")
_OF_CALENDAR = ("cadence", "check_in_count", "starts_on", "sign_up_closes_on", "ends_on", "time_zone", "moves_by_date")


def changes_points(before: ProgrammeSettings, after: ProgrammeSettings) -> bool:
    """Whether a change may give anybody another share of the points."""
    return _differs(before, after, (*_OF_SCHEME, *_OF_CALENDAR))


def effect_of_settings(
    programme: Programme, before: ProgrammeSettings, after: ProgrammeSettings, *, now: datetime
) -> Effect:
    """What saving these settings would do to everybody's points; compared on the scale of before."""
    people = evidence_of(programme)
    changed = people
    if _differs(before, after, _OF_CALENDAR):
        changed = evidence_of(programme, settings=after)
    old, new = scheme_for(before), replace(scheme_for(after), maximum=before.points)
    # Who has not joined has no points in any gradebook; of who has left, and of the LMS's test student, none are sent.
    joined = [number for number, one in people.items() if one.joined_at is not None and one.is_active]
    return effect(
        {number: outcome(people[number], old, now) for number in joined},
        {number: outcome(changed[number], new, now) for number in joined},
    )


def _differs(before: ProgrammeSettings, after: ProgrammeSettings, names: tuple[str, ...]) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in names)


def shown(found: Effect, page: int) -> dict[str, Any]:
    """An effect as `instructor/scheme/_effect.html` draws it: everything counted, and one page of who changes."""
    pages = max(1, -(-len(found.changes) // SIZE))
    page = min(max(1, page), pages)
    rows = found.changes[SIZE * (page - 1) : SIZE * page]
    return {
        "effect": found,
        "rows": rows,
        "people": people_named(visitor().programme.id, [one.person for one in rows]),
        "page": page,
        "pages": pages,
    }
