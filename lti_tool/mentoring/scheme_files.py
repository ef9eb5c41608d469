"""A scheme as JSON values, as it is stored and as it goes with a copied course."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from lti_tool.mentoring.schemes import Basis, Item, Kind, Lateness, Scheme, SchemePreset


def scheme_to_json(scheme: Scheme) -> dict[str, Any]:
    """Return the scheme as JSON values, which `scheme_from_json` reads back unchanged."""
    plain = asdict(scheme)
    return {name: _plain(value) for name, value in plain.items()}


def scheme_from_json(stored: Mapping[str, Any]) -> Scheme:
    """Return the scheme that `scheme_to_json` wrote; what an older version did not know is as usual.

    Raises: KeyError, TypeError, ValueError or decimal.InvalidOperation when it is none.
    """
    values = dict(stored)
    return Scheme(
        **values
        | {
            "preset": SchemePreset(values["preset"]),
            "basis": Basis(values.get("basis", Basis.DUE)),
            "items": tuple(_item(one) for one in values["items"]),
        }
    )


def _item(stored: Mapping[str, Any]) -> Item:
    values: dict[str, Any] = dict(stored)
    points: dict[str, Any] = {side: Decimal(values[side]) for side in ("mentor", "mentee", "reserve") if side in values}
    late, due_on = values.get("late"), values.get("due_on")
    read: dict[str, Any] = {
        "kind": Kind(values["kind"]),
        "late": Lateness(**late) if late else None,
        "due_on": date.fromisoformat(due_on) if due_on else None,
    }
    return Item(**(values | points | read))


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value.value if isinstance(value, StrEnum) else value
