"""What of a programme can stand in a course by itself: one check-in, or everybody's own page of participation.

A part names a page and gives no right to it: the page asks again who may see it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class PartKind(StrEnum):
    """Which page a part opens."""

    CHECK_IN = "check-in"
    PARTICIPATION = "participation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing of a programme; only a check-in has a number, the first 1."""

    kind: PartKind
    number: int | None = None

    @property
    def key(self) -> str:
        """Its name, as an LMS keeps it: `check-in-3`."""
        return str(self.kind) if self.number is None else f"{self.kind}-{self.number}"


_CHECK_IN = re.compile(rf"{PartKind.CHECK_IN}-([1-9][0-9]{{0,2}})")


def read_part(text: str) -> Part | None:
    """Return the part of this name, whether or not the programme has it; None for any other text."""
    if text == PartKind.PARTICIPATION:
        return Part(kind=PartKind.PARTICIPATION)
    found = _CHECK_IN.fullmatch(text)
    return Part(kind=PartKind.CHECK_IN, number=int(found[1])) if found else None


def parts_of(check_in_count: int) -> Iterator[Part]:
    """Yield everything that can be placed of a programme with so many check-ins, in their order."""
    for number in range(1, check_in_count + 1):
        yield Part(kind=PartKind.CHECK_IN, number=number)
    yield Part(kind=PartKind.PARTICIPATION)
