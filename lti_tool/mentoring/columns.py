"""The columns that a gradebook has for a programme: one for everything, or one for each third of it.

Each column is a scheme of its own: some of the items, and a maximum. The maxima come to the programme's points.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum

from lti_tool.mentoring.evidence import TOTAL_KEY, Evidence
from lti_tool.mentoring.schemes import Columns, Item, Kind, Scheme
from lti_tool.mentoring.words import N_


class Part(StrEnum):
    """What a column is for."""

    ALL = "all"
    ONBOARDING = "onboarding"
    PARTICIPATION = "participation"
    REFLECTION = "reflection"


PART_WORDS: Mapping[Part, str] = {
    Part.ALL: N_("Everything"),
    Part.ONBOARDING: N_("Onboarding"),
    Part.PARTICIPATION: N_("Participation"),
    Part.REFLECTION: N_("Reflection"),
}
PART_OF: Mapping[Kind, Part] = {
    Kind.JOIN: Part.ONBOARDING,
    Kind.TRAINING: Part.ONBOARDING,
    Kind.AGREEMENT: Part.ONBOARDING,
    Kind.MEETING: Part.PARTICIPATION,
    Kind.CHECK_IN: Part.PARTICIPATION,
    Kind.HOURS: Part.PARTICIPATION,
    Kind.PEER_CASE: Part.PARTICIPATION,
    Kind.SURVEY: Part.PARTICIPATION,
    Kind.REFLECTION_START: Part.REFLECTION,
    Kind.REFLECTION_MIDDLE: Part.REFLECTION,
    Kind.REFLECTION_END: Part.REFLECTION,
}


def parts_of(scheme: Scheme, columns: Columns) -> dict[Part, Scheme]:
    """Return the scheme of each column, in the order of the parts; a part without an item has no column.

    Shape: a part is as large as its points on the side that gets most for it; whole points, at least 1 for each.
    """
    if columns is Columns.ONE:
        return {Part.ALL: scheme}
    items = {part: tuple(one for one in scheme.items if PART_OF[one.kind] is part) for part in Part}
    weights = {part: sum((_most(one) for one in some), Decimal(0)) for part, some in items.items() if some}
    maxima = _shared(scheme.maximum, weights)
    return {part: replace(scheme, items=items[part], maximum=maximum) for part, maximum in maxima.items()}


def every_maximum(scheme: Scheme) -> dict[Part, int]:
    """Return the maximum that each part has in one column or in three, whichever the programme uses."""
    return {part: one.maximum for columns in Columns for part, one in parts_of(scheme, columns).items()}


def in_part(evidence: Evidence, column: Scheme, maximum: int) -> Evidence:
    """Return the evidence as a column of several reads it: a total that staff decided is shared like the maxima.

    Shape: `maximum` is that of all columns together.
    """
    shared = tuple(
        replace(one, points=round(one.points * column.maximum / maximum)) if one.key == TOTAL_KEY else one
        for one in evidence.overrides
    )
    return replace(evidence, overrides=shared) if evidence.overrides else evidence


def _most(item: Item) -> Decimal:
    return max(item.mentor, item.mentee)


def _shared(points: int, weights: Mapping[Part, Decimal]) -> dict[Part, int]:
    """Share whole points by weight: what is left over goes to the largest remainders, the first of equal ones."""
    whole = sum(weights.values())
    exact = {part: points * weight / whole if whole else Decimal(0) for part, weight in weights.items()}
    shares = {part: max(1, int(share)) for part, share in exact.items()}
    by_remainder = sorted(exact, key=lambda part: exact[part] - int(exact[part]), reverse=True)
    for part in by_remainder[: max(0, points - sum(shares.values()))]:
        shares[part] += 1
    return shares
