"""The notes that a pair keeps of a meeting: each saved text stays, and nobody saves over what they have not seen."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from lti_tool.mentoring.rules import ChangedMeanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """The notes as one member saved them once; the first has number 1."""

    number: int
    text: str
    by: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A part of a text beside the one before it: kept, added or removed."""

    kind: str
    text: str


def add_revision(revisions: Sequence[Revision], seen: int, new: Revision) -> tuple[Revision, ...]:
    """Return the revisions with the new text last; one that says what the last one says adds nothing.

    Shape: `seen` is the number the writer began from, 0 for none; the new number follows the last.
    Raises: ChangedMeanwhile where somebody else saved after that.
    """
    last = revisions[-1] if revisions else None
    if last is not None and last.text == new.text:
        return tuple(revisions)
    if (last.number if last else 0) != seen:
        raise ChangedMeanwhile(last)
    return (*revisions, Revision(number=seen + 1, text=new.text, by=new.by, at=new.at))


def difference(before: str, after: str) -> list[Piece]:
    """Return what differs, word by word: the kept and added pieces are the new text, the kept and removed the old."""
    old, new = (re.findall(r"\s+|\S+", text) for text in (before, after))
    pieces = []
    for step, i1, i2, j1, j2 in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if step == "equal":
            pieces.append(Piece(kind="kept", text="".join(old[i1:i2])))
            continue
        if i1 < i2:
            pieces.append(Piece(kind="removed", text="".join(old[i1:i2])))
        if j1 < j2:
            pieces.append(Piece(kind="added", text="".join(new[j1:j2])))
    return pieces
