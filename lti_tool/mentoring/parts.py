"""What of a programme can stand in a course by itself: a check-in, a reflection, a guide, one's page of participation.

A part names a page and gives no right to it: the page asks again who may see it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from lti_tool.mentoring.reflections import Stage


class PartKind(StrEnum):
    """Which page a part opens."""

    CHECK_IN = "check-in"
    REFLECTION = "reflection"
    GUIDE = "guide"
    PARTICIPATION = "participation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing of a programme.

    Shape: `which` is a check-in's number, the first 1, a reflection's stage or a guide's key; empty where there is one.
    """

    kind: PartKind
    which: str = ""

    @property
    def key(self) -> str:
        """Its name, as an LMS keeps it: `check-in-3`."""
        return f"{self.kind}-{self.which}" if self.which else str(self.kind)


_WHICH = {
    PartKind.CHECK_IN: re.compile("[1-9][0-9]{0,2}"),
    PartKind.REFLECTION: re.compile("|".join(Stage)),
    PartKind.GUIDE: re.compile("[a-z0-9-]{1,80}"),
}


def read_part(text: str) -> Part | None:
    """Return the part of this name, whether or not the programme has it; None for any other text."""
    if text == PartKind.PARTICIPATION:
        return Part(kind=PartKind.PARTICIPATION)
    for kind, pattern in _WHICH.items():
        which = text.removeprefix(f"{kind}-")
        if which != text and pattern.fullmatch(which):
            return Part(kind=kind, which=which)
    return None


def parts_of(check_in_count: int, guides: Iterable[str]) -> Iterator[Part]:
    """Yield everything that can be placed of a programme with so many check-ins, beside these guides, in order."""
    for number in range(1, check_in_count + 1):
        yield Part(kind=PartKind.CHECK_IN, which=str(number))
    for stage in Stage:
        yield Part(kind=PartKind.REFLECTION, which=stage.value)
    yield Part(kind=PartKind.PARTICIPATION)
    for key in guides:
        yield Part(kind=PartKind.GUIDE, which=key)
