"""How sure people feel of a goal, from 0 to 10, over time: when it is asked, and the drawing that shows it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from lti_tool.mentoring.words import N_, Sentence

LOWEST, HIGHEST = 0, 10
# The drawing in units of its own: where the lines are, with room for the numbers at the left.
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 320, 120, 24, 8, 312, 112


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How sure one person felt on one day; a person has one reading a day."""

    who: int
    on: date
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One person's readings as places of the drawing, by day."""

    who: int
    places: tuple[tuple[float, float], ...]

    @property
    def path(self) -> str:
        """The line as SVG writes it."""
        return " ".join(f"{x:g},{y:g}" for x, y in self.places)


def parse_confidence(form: Mapping[str, str]) -> tuple[int | None, Sentence | None]:
    """Return the number a form says, or None and what is wrong."""
    text = form.get("confidence", "").strip()
    if text.isascii() and text.isdecimal() and len(text) <= 2 and LOWEST <= int(text) <= HIGHEST:
        return int(text), None
    return None, Sentence(
        N_("Please choose a number from %(lowest)s to %(highest)s."), {"lowest": LOWEST, "highest": HIGHEST}
    )


def is_asked(given_on: Collection[date], *, agreed_on: date, by_on: date, today: date) -> bool:
    """Tell whether somebody has still to say it: at the start of a goal, in the middle and at its end."""
    moments = [agreed_on, agreed_on + (by_on - agreed_on) // 2, by_on] if by_on > agreed_on else [agreed_on]
    last = max((moment for moment in moments if moment <= today), default=None)
    return last is not None and not any(day >= last for day in given_on)


def lines(readings: Sequence[Reading]) -> tuple[Line, ...]:
    """Return one line per person, in the order in which people first said something.

    Units: places are units of the drawing; day runs from LEFT to RIGHT, 10 is at TOP and 0 at BOTTOM. Readings of one
        day alone stand in the middle.
    """
    days = [reading.on.toordinal() for reading in readings]
    by_person: dict[int, list[tuple[float, float]]] = {}
    for reading in sorted(readings, key=lambda one: one.on):
        by_person.setdefault(reading.who, []).append((_across(reading.on, days), _down(reading.value)))
    return tuple(Line(who=who, places=tuple(places)) for who, places in by_person.items())


def _across(day: date, days: Sequence[int]) -> float:
    first, last = min(days), max(days)
    share = (day.toordinal() - first) / (last - first) if last > first else 0.5
    return round(LEFT + share * (RIGHT - LEFT), 1)


def _down(value: int) -> float:
    return round(BOTTOM - (value - LOWEST) / (HIGHEST - LOWEST) * (BOTTOM - TOP), 1)


def ticks() -> tuple[tuple[int, float], ...]:
    """Return the numbers that stand at the side of the drawing, each with its height."""
    return tuple((value, _down(value)) for value in (LOWEST, (LOWEST + HIGHEST) // 2, HIGHEST))
