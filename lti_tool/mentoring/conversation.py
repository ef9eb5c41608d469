"""What people write to each other: who may change, remove and report it, and when staff may read it.

A message is written once, changed by its writer within a quarter of an hour, and removed by its writer at any time, or
by staff after a report. A report keeps the words as they were, so that changing them later helps nobody. Staff read a
pair's conversation only after they have said why, for half an hour, and the pair sees that they did.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.words import N_, Sentence

LONGEST_MESSAGE = 4000  # characters
LONGEST_REASON = 1000
EDIT_WINDOW = timedelta(minutes=15)
READING_LASTS = timedelta(minutes=30)

NOT_YOURS = Sentence(N_("Only the person who wrote a message can change or remove it."))
GONE = Sentence(N_("This message has been removed, so it cannot be changed any more."))
TOO_LATE = Sentence(
    N_("A message can be changed for 15 minutes after it was sent. You can still remove it, or write another one.")
)
OWN = Sentence(N_("This is your own message. You can remove it."))
NOTHING_TO_REPORT = Sentence(N_("This message was removed before you reported it. Tell the staff about it directly."))
SETTLED = Sentence(N_("Somebody else has settled this report meanwhile. Nothing was changed."))


class RemovedBy(StrEnum):
    """Who took a message away."""

    WRITER = "writer"
    STAFF = "staff"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message; its text is empty once it is removed."""

    writer: int
    text: str
    written_at: datetime
    edited_at: datetime | None = None
    removed_at: datetime | None = None
    removed_by: RemovedBy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What somebody reported, in the words that stood there then."""

    reporter: int
    words: str  # of the message
    why: str
    reported_at: datetime
    settled_at: datetime | None = None


def why_not_edit(message: Message, by: int, now: datetime) -> Sentence | None:
    """Return why this person cannot change the message now, or None when they can."""
    if message.writer != by:
        return NOT_YOURS
    if message.removed_at:
        return GONE
    return TOO_LATE if now > message.written_at + EDIT_WINDOW else None


def edited(message: Message, text: str, *, by: int, now: datetime) -> Message:
    """Return the message with its new words; the same words change nothing.

    Raises: RuleBroken
    """
    refusal = why_not_edit(message, by, now)
    if refusal:
        raise RuleBroken(refusal)
    return message if text == message.text else replace(message, text=text, edited_at=now)


def removed(message: Message, *, by: int, now: datetime) -> Message:
    """Return what is left of a message that its writer takes away: that there was one.

    Raises: RuleBroken
    """
    if message.writer != by:
        raise RuleBroken(NOT_YOURS)
    return message if message.removed_at else _without_words(message, RemovedBy.WRITER, now)


def taken_down(message: Message, *, now: datetime) -> Message:
    """Return what is left of a message that staff take away after a report."""
    return message if message.removed_at else _without_words(message, RemovedBy.STAFF, now)


def _without_words(message: Message, by: RemovedBy, now: datetime) -> Message:
    return replace(message, text="", removed_at=now, removed_by=by)


def why_not_report(message: Message, by: int) -> Sentence | None:
    """Return why this person cannot report the message, or None when they can."""
    if message.writer == by:
        return OWN
    return NOTHING_TO_REPORT if message.removed_at else None


def report(message: Message, why: str, *, by: int, now: datetime) -> Report:
    """Return a report that keeps the message's present words.

    Raises: RuleBroken
    """
    refusal = why_not_report(message, by)
    if refusal:
        raise RuleBroken(refusal)
    return Report(reporter=by, words=message.text, why=why, reported_at=now)


def settled(one: Report, *, now: datetime) -> Report:
    """Return the report as one that staff have dealt with.

    Raises: RuleBroken when another member of staff was faster.
    """
    if one.settled_at:
        raise RuleBroken(SETTLED)
    return replace(one, settled_at=now)


def may_staff_read(reading_began_at: datetime | None, now: datetime) -> bool:
    """Tell whether a member of staff who gave a reason at that moment may still read the conversation."""
    return reading_began_at is not None and reading_began_at <= now < reading_began_at + READING_LASTS


def fitting(sizes: Sequence[int], room: int) -> int:
    """Return how many of these, from the first, fit into the room together: at least one, if there is one.

    Units: bytes, as the page will have them.
    """
    count = used = 0
    for size in sizes:
        used += size
        if count and used > room:
            break
        count += 1
    return count
