"""What staff decide about check-ins: windows, which probes are asked, when feedback is released, and quiet hours."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from lti_tool.mentoring.checkins import Rhythm
from lti_tool.mentoring.checkins_probes import ProbeKind
from lti_tool.mentoring.words import N_, Sentence


class Release(StrEnum):
    """When partners read what the other wrote half-way."""

    BOTH = "both"  # when everybody in the pair has written
    WINDOW = "window"  # then, or when the time for it is over


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a programme asks how it is going."""

    rhythm: Rhythm = field(default_factory=Rhythm)
    left_out: frozenset[ProbeKind] = frozenset()
    release: Release = Release.BOTH


# The number fields of the form: the least and the most.
LIMITS: Mapping[str, tuple[int, int]] = {
    "window_days": (1, 28),
    "grace_days": (0, 14),
    "first_contact_day": (1, 28),
    "fit_day": (7, 84),
    "silent_days": (5, 56),
    "wellbeing_days": (7, 84),
    "closing_days": (1, 28),
    "quiet_from": (0, 23),
    "quiet_until": (0, 23),
}


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """Return the plan as JSON values, which `plan_from_json` reads back unchanged."""
    return {
        "rhythm": asdict(plan.rhythm),
        "left_out": sorted(kind.value for kind in plan.left_out),
        "release": plan.release.value,
    }


def plan_from_json(stored: Mapping[str, Any]) -> Plan:
    """Return the plan that `plan_to_json` wrote; what is not there is as usual.

    Raises: TypeError or ValueError when it is not one.
    """
    return Plan(
        rhythm=Rhythm(**stored.get("rhythm", {})),
        left_out=frozenset(map(ProbeKind, stored.get("left_out", ()))),
        release=Release(stored.get("release", Release.BOTH)),
    )


def parse_plan(form: Mapping[str, Sequence[str]]) -> tuple[Plan | None, dict[str, Sentence]]:
    """Return the plan that a form holds, or None and what is wrong, by field name.

    Shape: one field per number, `asked` once for each probe that is asked, and `release`.
    """
    numbers: dict[str, int] = {}
    problems: dict[str, Sentence] = {}
    for name, (least, most) in LIMITS.items():
        text = (form.get(name) or [""])[0].strip()
        if text.isascii() and text.isdigit() and len(text) <= 3 and least <= int(text) <= most:
            numbers[name] = int(text)
        else:
            problems[name] = Sentence(
                N_("Please enter a whole number from %(least)s to %(most)s."), {"least": least, "most": most}
            )
    release = (form.get("release") or [""])[0]
    if release not in set(Release):
        problems["release"] = Sentence(N_("Please choose an answer."))
    if problems:
        return None, problems
    asked = set(form.get("asked", ()))
    left_out = frozenset(kind for kind in ProbeKind if kind.value not in asked)
    return Plan(rhythm=Rhythm(**numbers), left_out=left_out, release=Release(release)), {}


def is_released(*, sent: int, members: int, is_over: bool, release: Release) -> bool:
    """Tell whether what was written half-way goes to the partners now.

    Shape: `sent` of `members` have written; `is_over` says that the time for it is over.
    """
    has_everybody = members > 1 and sent >= members
    return has_everybody or (release is Release.WINDOW and is_over and sent > 0)
