"""What stands beside the points in the gradebook: which of somebody's own items counted, and nothing else.

Never a name, never a reason, never anything about a partner; the usual words for items, since staff may have put
anything into their own. One short line, the same for the same ledger.
Source: product section 6.2 (7).
"""

from collections.abc import Callable, Iterable

from lti_tool.mentoring.columns import PART_OF, Part
from lti_tool.mentoring.ledgers import Entry, Ledger, Standing
from lti_tool.mentoring.schemes import Kind
from lti_tool.mentoring.words import N_

LONGEST = 250  # characters

_WORDS = {
    Kind.JOIN: N_("joining"),
    Kind.TRAINING: N_("training"),
    Kind.AGREEMENT: N_("agreement"),
    Kind.MEETING: N_("meetings"),
    Kind.CHECK_IN: N_("check-ins"),
    Kind.REFLECTION_START: N_("reflection at the start"),
    Kind.REFLECTION_MIDDLE: N_("reflection half-way"),
    Kind.REFLECTION_END: N_("reflection at the end"),
    Kind.SURVEY: N_("closing survey"),
    Kind.HOURS: N_("hours"),
    Kind.PEER_CASE: N_("peer case"),
}

_ITEM = N_("%(what)s %(done)s of %(all)s")


def comment_of(ledger: Ledger, part: Part = Part.ALL, translate: Callable[[str], str] = str) -> str:
    """Return what counted in a part: "Meetings 3 of 4, check-ins 5 of 5"; empty where nothing counts."""
    counted = [
        one
        for one in ledger.entries
        if one.standing is Standing.COUNTED and (part is Part.ALL or PART_OF[one.kind] is part)
    ]
    said = ", ".join(_said(kind, [one for one in counted if one.kind is kind], translate) for kind in _kinds(counted))
    return (said[:1].upper() + said[1:])[:LONGEST]


def _kinds(entries: Iterable[Entry]) -> list[Kind]:
    """The kinds that there are, in the order of the ledger."""
    return list(dict.fromkeys(one.kind for one in entries))


def _said(kind: Kind, entries: list[Entry], translate: Callable[[str], str]) -> str:
    values = {"what": translate(_WORDS[kind]), "done": sum(one.is_done for one in entries), "all": len(entries)}
    return translate(_ITEM) % values
