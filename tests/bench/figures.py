"""What the bench measured: both sides of each comparison, their ratio, and the bar the ratio is to meet.

Absolute times differ between machines and between moments; the ratio of two sides measured in turn does not, so it is
the figure to quote. Source of the bars: the project's performance study, whose names (L1, M1, ...) they keep.
"""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What a ratio is to meet: at most `value`, or at least."""

    name: str
    value: float
    is_floor: bool = False

    def is_met(self, ratio: float) -> bool:
        """Whether the ratio is on the right side of the bar."""
        return ratio >= self.value if self.is_floor else ratio <= self.value

    def __str__(self) -> str:
        return f"{self.name} {'≥' if self.is_floor else '≤'} {self.value:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One comparison.

    Shape: `rounds` holds (ours, theirs), measured one right after the other, once per round.
    """

    section: str
    what: str
    unit: str
    peer: str
    rounds: tuple[tuple[float, float], ...]
    bar: Bar | None = None

    @property
    def ours(self) -> float:
        """The middle one of our values."""
        return median(one for one, _ in self.rounds)

    @property
    def theirs(self) -> float:
        """The middle one of the peer's values."""
        return median(other for _, other in self.rounds)

    @property
    def ratios(self) -> list[float]:
        """Ours to theirs, smallest first."""
        return sorted(one / other for one, other in self.rounds)

    @property
    def ratio(self) -> float:
        """The middle one of the ratios."""
        return median(self.ratios)

    @property
    def is_met(self) -> bool | None:
        """Whether the bar is met; None without a bar."""
        return self.bar.is_met(self.ratio) if self.bar else None

    def to_json(self) -> dict[str, Any]:
        """The figure as JSON keeps it."""
        kept = asdict(self) | {"ours": self.ours, "theirs": self.theirs, "ratio": self.ratio, "is_met": self.is_met}
        return kept | {"ratio_spread": [self.ratios[0], self.ratios[-1]]}


_HEAD = ("", "ours", "", "against", "theirs", "ratio", "spread", "bar", "")
_MARKS = {True: "met", False: "MISSED", None: ""}


def table(figures: Sequence[Figure]) -> str:
    """All figures, a line each, under the names of their sections."""
    lines: list[tuple[str, ...]] = [_HEAD]
    section = None
    for figure in figures:
        if figure.section != section:
            section = figure.section
            lines.append((section.upper(), *[""] * (len(_HEAD) - 1)))
        lines.append(_line(figure))
    widths = [max(len(line[place]) for line in lines if any(line[1:])) for place in range(len(_HEAD))]
    return "\n".join(_padded(line, widths).rstrip() for line in lines)


def _line(figure: Figure) -> tuple[str, ...]:
    spread = f"{_short(figure.ratios[0])}–{_short(figure.ratios[-1])}" if len(figure.rounds) > 1 else ""
    bar = str(figure.bar) if figure.bar else ""
    values = (_short(figure.ours), figure.unit, figure.peer, _short(figure.theirs), _short(figure.ratio))
    return (f"  {figure.what}", *values, spread, bar, _MARKS[figure.is_met])


def _padded(line: Sequence[str], widths: Sequence[int]) -> str:
    is_number = (False, True, False, False, True, True, True, False, False)
    cells = zip(line, widths, is_number, strict=True)
    return "  ".join(text.rjust(width) if right else text.ljust(width) for text, width, right in cells)


def _short(value: float) -> str:
    """Three figures that matter."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def as_json(figures: Sequence[Figure], failures: Sequence[str], *, is_quick: bool) -> str:
    """Everything measured, and on what."""
    machine = {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()}
    whole = {
        "is_quick": is_quick,
        "machine": machine,
        "figures": [one.to_json() for one in figures],
        "failures": list(failures),
    }
    return json.dumps(whole, indent=2, ensure_ascii=False)
