"""Reading what a tool sends to the gradebook: line items and scores (AGS 2.0), or the first thing wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from lti_tool.demo_lms.vocabulary import ACTIVITY_PROGRESS, GRADING_PROGRESS

_LARGEST = 1e12  # far above any grade; NaN is not below it either
_TEXTS = ("resourceId", "tag", "startDateTime", "endDateTime")


class Malformed(ValueError):
    """What the tool sent cannot be used."""


class MaximumMissing(Malformed):
    """A score needs a maximum."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFields:
    """A line item as it was sent."""

    label: str
    score_maximum: float
    resource_link_id: str | None
    details: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A score as it was sent."""

    user_id: str
    timestamp: datetime
    activity_progress: str
    grading_progress: str
    given: float | None
    maximum: float | None
    comment: str
    extension: Mapping[str, object] = field(default_factory=dict)


def item_fields(body: Mapping[str, object]) -> ItemFields:
    """Answer a line item; unknown fields are dropped.

    Raises: Malformed.
    """
    label = _text(body, "label")
    if len(label) > 255:
        raise Malformed("label is longer than 255 characters.")
    maximum = _number(body, "scoreMaximum")
    if maximum is None or maximum <= 0:
        raise Malformed("scoreMaximum must be a positive number.")
    details: dict[str, object] = {name: _text(body, name) for name in _TEXTS if body.get(name) is not None}
    if isinstance(released := body.get("gradesReleased"), bool):
        details["gradesReleased"] = released
    if isinstance(review := body.get("submissionReview"), dict):
        details["submissionReview"] = review
    link = _text(body, "resourceLinkId") if body.get("resourceLinkId") is not None else None
    return ItemFields(label=label, score_maximum=maximum, resource_link_id=link, details=details)


def read_score(body: Mapping[str, object], *, zone_is_needed: bool, extension: str) -> Score:
    """Answer a score, with the LMS's own extension of that name.

    Raises: Malformed.
    """
    given, maximum = _number(body, "scoreGiven"), _number(body, "scoreMaximum")
    if given is not None and (maximum is None or maximum <= 0):
        raise MaximumMissing("scoreGiven needs a positive scoreMaximum.")
    if given is not None and given < 0:
        raise Malformed("scoreGiven must not be negative.")
    comment, own = body.get("comment"), body.get(extension)
    return Score(
        user_id=_text(body, "userId"),
        timestamp=_timestamp(_text(body, "timestamp"), zone_is_needed=zone_is_needed),
        activity_progress=_one_of(body, "activityProgress", ACTIVITY_PROGRESS),
        grading_progress=_one_of(body, "gradingProgress", GRADING_PROGRESS),
        given=given,
        maximum=maximum if maximum and maximum > 0 else None,
        comment=comment if isinstance(comment, str) else "",
        extension=own if isinstance(own, Mapping) else {},
    )


def _text(body: Mapping[str, object], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise Malformed(f"{name} must be a text.")
    return value


def _number(body: Mapping[str, object], name: str) -> float | None:
    value = body.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _LARGEST:
        raise Malformed(f"{name} must be a number.")
    return value


def _one_of(body: Mapping[str, object], name: str, allowed: frozenset[str]) -> str:
    value = _text(body, name)
    if value not in allowed:
        raise Malformed(f"{name} must be one of {', '.join(sorted(allowed))}.")
    return value


def _timestamp(text: str, *, zone_is_needed: bool) -> datetime:
    """Answer the instant of an ISO 8601 text with date, time and zone; UTC where the LMS asks for no zone."""
    try:
        instant = datetime.fromisoformat(text)
        if "T" not in text or (instant.tzinfo is None and zone_is_needed):
            raise Malformed("timestamp needs a time and a zone.")
        instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
        return instant.astimezone(UTC)
    except (ValueError, OverflowError) as fault:
        raise fault if isinstance(fault, Malformed) else Malformed("timestamp is no ISO 8601 instant.") from None
