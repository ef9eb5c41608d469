"""Being excused: what may be asked for and given, and what an excuse for many at once leaves alone.

An excuse is for one entry of a ledger, for one kind of item, or for everything. What was done in full counts all the
same (see `lateness.standing_of`), unless somebody is excused from everything: then there are no points. Where staff
excuse many people from less than that, whatever somebody has done is left as it is.
Source: product section 6.4 (excuse, bulk excuse for an outage) and 6.5, case 14.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from lti_tool.mentoring.entry_words import label_of
from lti_tool.mentoring.evidence import ALL_KEYS, Evidence, Excuse, ExcuseReason, ExcuseState
from lti_tool.mentoring.findings import Excused
from lti_tool.mentoring.ledgers import Entry, Ledger, Standing
from lti_tool.mentoring.schemes import LABELS, Kind, Scheme
from lti_tool.mentoring.words import N_, Sentence

_TICK = timedelta(microseconds=1)
EVERYTHING = Sentence(N_("Everything"))
ALSO_DONE = Sentence(N_("Everything, also what is done: there are no points at all then"))
ALREADY_ASKED = Sentence(N_("You have asked for this already. Staff have not decided yet."))
ALREADY_EXCUSED = Sentence(N_("This is excused already."))
NOT_WAITING = Sentence(N_("Staff have decided this meanwhile, so it cannot be taken back any more."))
IS_OVER = Sentence(N_("This programme is over, so nothing more is due. Please talk to your instructor."))
NOBODY = Sentence(N_("There is nobody for whom this would change anything."))


class Whom(StrEnum):
    """Who is excused at once."""

    EVERYBODY = "everybody"
    SECTION = "section"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something that can be excused."""

    key: str
    label: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What is to be excused, why, and in whose words."""

    key: str
    reason: ExcuseReason
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """An excuse for many people: from what, whom, and of what was due between two days if those are given."""

    given: Given
    whom: Whom
    section: str = ""
    people: frozenset[int] = frozenset()  # enrolments
    from_on: date | None = None
    until_on: date | None = None


def covering(key: str) -> tuple[str, ...]:
    """Return the keys of excuses that excuse this, too, itself first."""
    return tuple(dict.fromkeys((key, key.partition(":")[0], ALL_KEYS)))


def choices(ledger: Ledger, *, is_staff: bool = False) -> tuple[Choice, ...]:
    """Return what somebody may ask to be excused from: what is not done and not excused; staff may excuse all of it."""
    open_ones = [one for one in ledger.entries if is_staff or _is_open(one)]
    singles = [Choice(key=one.key, label=one.label) for one in open_ones]
    kinds = [kind for kind in Kind if sum(one.kind is kind for one in open_ones) > 1]
    known = {one.key for one in singles}
    names = {one.kind: one.label.values.get("name") for one in open_ones}
    whole = [Choice(key=kind.value, label=_whole(kind, names[kind])) for kind in kinds if kind.value not in known]
    return (*singles, *whole, *((Choice(key=ALL_KEYS, label=ALSO_DONE),) if singles else ()))


def choices_of(scheme: Scheme) -> tuple[Choice, ...]:
    """Return what many people may be excused from."""
    found = []
    for item in scheme.items:
        label = _whole(item.kind, item.label) if item.count > 1 else label_of(item, None)
        found.append(Choice(key=item.kind.value, label=label))
        numbers = range(1, item.count + 1) if item.count > 1 else ()
        found += [Choice(key=f"{item.kind}:{number}", label=label_of(item, number)) for number in numbers]
    return (*found, Choice(key=ALL_KEYS, label=EVERYTHING))


def label_of_key(key: str, ledger: Ledger | None = None, *, scheme: Scheme | None = None) -> Sentence:
    """Return the name of what an excuse or an override is for, as the ledger names it where it is in there, else as the
    scheme does."""
    for entry in ledger.entries if ledger else ():
        if entry.key == key:
            return entry.label
    kind, _colon, number = key.partition(":")
    if kind not in tuple(Kind):
        return EVERYTHING
    own = next((item.label for item in scheme.items if item.kind == kind), "") if scheme else ""
    name = Sentence("%(name)s", {"name": own}) if own else Sentence(LABELS[Kind(kind)])
    return Sentence(N_("%(name)s %(number)s"), {"name": name, "number": number}) if number else name


def _whole(kind: Kind, own: object) -> Sentence:
    return Sentence(N_("All of the kind: %(name)s"), {"name": own or Sentence(LABELS[kind])})


def _is_open(entry: Entry) -> bool:
    return not entry.is_done and entry.standing is not Standing.EXCUSED


def keys_given(ledger: Ledger, bulk: Bulk, zone: ZoneInfo) -> tuple[str, ...]:
    """Return what this person is excused from by an excuse for many: nothing that is done, or excused already."""
    wanted = bulk.given.key
    if wanted == ALL_KEYS and bulk.from_on is None:
        return (ALL_KEYS,) if any(map(_is_missing, ledger.entries)) else ()
    return tuple(
        one.key
        for one in ledger.entries
        if wanted in covering(one.key) and _is_open(one) and _is_due_between(one.due_at, bulk, zone)
    )


def _is_missing(entry: Entry) -> bool:
    is_asked = entry.excused != Excused.STAFF and entry.standing is not Standing.BEYOND
    return is_asked and entry.earned < entry.offered


def _is_due_between(due_at: datetime | None, bulk: Bulk, zone: ZoneInfo) -> bool:
    if bulk.from_on is None or bulk.until_on is None:
        return True
    if due_at is None:
        return False
    due_on = (due_at - _TICK).astimezone(zone).date()  # the end of a day belongs to that day
    return bulk.from_on <= due_on <= bulk.until_on


def with_excuses(evidence: Evidence, keys: Iterable[str], given: Given, *, by: int, now: datetime) -> Evidence:
    """Return the evidence as it would be with these excuses."""
    more = (Excuse(key=key, reason=given.reason, state=ExcuseState.GRANTED, at=now, by=by) for key in keys)
    return replace(evidence, excuses=(*evidence.excuses, *more))


def why_not_ask(key: str, states: Mapping[str, Collection[ExcuseState]]) -> Sentence | None:
    """Return why this cannot be asked for, or given, or None.

    Shape: `states` are those of the person's excuses that stand, by key.
    """
    if any(ExcuseState.GRANTED in states.get(one, ()) for one in covering(key)):
        return ALREADY_EXCUSED
    return ALREADY_ASKED if ExcuseState.ASKED in states.get(key, ()) else None
