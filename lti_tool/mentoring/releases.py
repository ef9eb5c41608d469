"""When points go to the gradebook, by hand, some days after each due date, or at once; and how people stand before."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from lti_tool.mentoring.ledgers import Entry, Ledger
from lti_tool.mentoring.schemes import RELEASE_DAYS
from lti_tool.mentoring.words import N_, Sentence

WAIT = timedelta(days=RELEASE_DAYS)
UNDER_WAY = Sentence(
    N_("Points are being released at this moment. Nothing more was released: please wait until that is done.")
)


class By(StrEnum):
    """Who gives points free."""

    STAFF = "staff"  # what stands at that moment
    CLOCK = "clock"  # what has waited long enough
    ITSELF = "itself"  # each change, with everything that is earned


class Waiting(StrEnum):
    """How somebody stands before a release."""

    NEWS = "news"  # a release changes what the gradebook is told of them
    UNCHANGED = "unchanged"
    ZERO = "zero"
    COLLECTING = "collecting"
    NOTHING = "nothing"
    CLEAR = "clear"
    AWAY = "away"
    NOT_JOINED = "not_joined"
    TEST_USER = "test_user"
    UNCOUNTED = "uncounted"


WAITING_WORDS: Mapping[Waiting, str] = {
    Waiting.NEWS: N_("New or changed points"),
    Waiting.UNCHANGED: N_("Released already, and nothing has changed since"),
    Waiting.ZERO: N_("Nothing earned so far: a zero is sent only after the end, when you release it"),
    Waiting.COLLECTING: N_("Something is done, and there are no points yet: nothing is due, or not all is complete"),
    Waiting.NOTHING: N_("Nothing counts for them yet, or everything is excused: nothing is sent, not even a zero"),
    Waiting.CLEAR: N_("There are no points any more: their cell has to be emptied in the LMS by hand"),
    Waiting.AWAY: N_("No longer in the course or the programme: their points are kept, and nothing is sent"),
    Waiting.NOT_JOINED: N_("Began to join and did not finish"),
    Waiting.TEST_USER: N_("The LMS’s test student, of whom nothing is ever sent"),
    Waiting.UNCOUNTED: N_("Being counted: look again in some minutes"),
}


def changes_at(ledger: Ledger, closes_at: datetime | None, now: datetime) -> datetime | None:
    """Return when time alone changes a ledger next; None when it never does.

    Due dates make entries count; every day late takes from what can still be reached; the end of the programme makes
    them final.
    """
    fading = [one.fades_at for one in ledger.entries if one.fades_at]
    moments = [one for one in (*_dues(ledger.entries), *fading) if closes_at is None or one < closes_at]
    return min((one for one in (*moments, closes_at) if one is not None and one > now), default=None)


def due_by(released_as_of: datetime | None, now: datetime) -> datetime:
    """Return by when something must have been due for the clock to release it now.

    Shape: what had not waited long enough, and staff released all the same, stays released.
    """
    return now - WAIT if released_as_of is None else max(now - WAIT, released_as_of)


def releases_at(ledger: Ledger, released_as_of: datetime | None) -> datetime | None:
    """Return when the next thing that is not released has waited long enough since it was due.

    Shape: a moment that is over says that the points are to be released now; None that nothing more is due.
    """
    dues = (one for one in _dues(ledger.entries) if released_as_of is None or one > released_as_of)
    return min((one + WAIT for one in dues), default=None)


def released_with(ledger: Ledger, at: datetime) -> tuple[Sentence, ...]:
    """Return what of a ledger has waited long enough at that very moment."""
    return tuple(one.label for one in ledger.entries if one.due_at and one.due_at + WAIT == at)


def _dues(entries: Iterable[Entry]) -> list[datetime]:
    return [one.due_at for one in entries if one.due_at]
