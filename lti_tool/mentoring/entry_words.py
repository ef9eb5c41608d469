"""What a ledger says of each entry, in words for the person it is about. Never a word about anybody else."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

from lti_tool.mentoring.efforts import Earned, Worth
from lti_tool.mentoring.evidence import EXCUSE_WORDS, ExcuseState, Override
from lti_tool.mentoring.findings import WHOLE, Excused, Finding
from lti_tool.mentoring.ledgers import Standing
from lti_tool.mentoring.schemes import LABELS, REPEATED, Item, Kind
from lti_tool.mentoring.words import N_, Sentence

_DONE: Mapping[Kind, str] = {
    Kind.JOIN: N_("You joined on %(done_at)s."),
    Kind.TRAINING: N_("You passed the training on %(done_at)s."),
    Kind.AGREEMENT: N_("You signed and set a goal by %(done_at)s."),
    Kind.MEETING: N_("You met, and said so on %(done_at)s."),
    Kind.CHECK_IN: N_("You sent this check-in on %(done_at)s."),
    Kind.PEER_CASE: N_("You brought your case on %(done_at)s."),
}
_EXCUSED: Mapping[Excused, Sentence] = {
    Excused.LATE_JOINER: Sentence(N_("This was due before you came, so it does not count.")),
    Excused.CLOCK: Sentence(N_("Nothing was due in your pair at that time, so this does not count.")),
    Excused.AWAY: Sentence(N_("You were not in the course when this was due, so it does not count.")),
    Excused.NO_PARTNER: Sentence(N_("You have no partner yet, so this does not count.")),
    Excused.NOT_JOINED: Sentence(N_("This can be done once you have joined.")),
    Excused.STAFF: Sentence(N_("This is excused, so it does not count.")),
    Excused.REMARK: Sentence(N_("This does not count.")),
    Excused.CLOSED: Sentence(N_("The programme was closed before this was due, so it does not count.")),
}
_NOTES: Mapping[Worth, str] = {
    Worth.DISPUTED: N_("Meetings on which you and your partner do not agree, and staff decide: %(count)s"),
    Worth.DISMISSED: N_("Meetings that staff decided not to count: %(count)s"),
    Worth.TOO_SHORT: N_("Meetings that were too short to count, unless staff accept them: %(count)s"),
    Worth.SAME_DAY: N_("Meetings on a day that had one already, of which only one counts: %(count)s"),
    Worth.AHEAD: N_("Meetings on a day that has not come, which do not count: %(count)s"),
}


def label_of(item: Item, number: int | None) -> Sentence:
    """Return what stands before an entry: the scheme's own words or the usual ones, with the number."""
    return _label(item.kind, item.label, number)


@lru_cache(maxsize=1024)  # the same for everybody
def _label(kind: Kind, own: str, number: int | None) -> Sentence:
    name: object = own or Sentence(LABELS[kind])
    if number is None:
        return Sentence("%(name)s", {"name": name})
    if kind not in REPEATED:
        return Sentence(N_("%(name)s, with your new partner"), {"name": name})
    return Sentence(N_("%(name)s %(number)s"), {"name": name, "number": number})


def reason_of(
    finding: Finding,
    standing: Standing,
    *,
    now: datetime,
    late_days: int,
    partners: int,
    done_for: int,
    override: Override | None,
) -> Sentence:
    """Return why an entry stands where it stands, in one sentence."""
    if override is not None:
        return Sentence(N_("Staff decided: %(reason)s"), {"reason": override.reason})
    if standing is Standing.EXCUSED:
        return _excused(finding)
    if standing is Standing.EXTRA:
        return Sentence(
            N_("Please sign with your new partner, too. Its points are yours already, from the agreement before.")
        )
    if partners > 1:
        found = _with_partners(partners, done_for, late_days)
    else:
        found = _done(finding, late_days) if finding.is_done else _not_done(finding, now)
    if standing is Standing.BEYOND:
        return Sentence(N_("%(reason)s It is not among the best, which are what counts."), {"reason": found})
    return found


def _with_partners(partners: int, done_for: int, late_days: int) -> Sentence:
    values = {"done": done_for, "partners": partners}
    if not late_days:
        return Sentence(N_("Done for %(done)s of your %(partners)s partners; the average counts."), values)
    return Sentence(
        N_(
            "Done for %(done)s of your %(partners)s partners; the average counts. Days late: %(days)s; it counts for "
            "less."
        ),
        values | {"days": late_days},
    )


def _excused(finding: Finding) -> Sentence:
    if finding.excused is Excused.STAFF and finding.excuse is not None:
        return Sentence(
            N_("Excused: %(reason)s. It does not count."), {"reason": Sentence(EXCUSE_WORDS[finding.excuse.reason])}
        )
    if finding.excused is Excused.REMARK and finding.reason is not None:
        return finding.reason
    return _EXCUSED[finding.excused or Excused.REMARK]


def _done(finding: Finding, late_days: int) -> Sentence:
    if finding.is_effort:
        return Sentence(N_("You tried to reach your partner and did your part alone (effort)."))
    if finding.share is None:
        return Sentence(N_("You handed this in on %(done_at)s. Nobody has read it yet."), {"done_at": finding.done_at})
    if late_days:
        return Sentence(
            N_("Done on %(done_at)s. Days late: %(days)s; it counts for less."),
            {"done_at": finding.done_at, "days": late_days},
        )
    found = finding.reason or _usually_done(finding)
    if finding.part != WHOLE:
        return Sentence(N_("%(reason)s No more of it could be done, so no more of it counts."), {"reason": found})
    return found


def _usually_done(finding: Finding) -> Sentence:
    if finding.kind in _DONE:
        return Sentence(_DONE[finding.kind], {"done_at": finding.done_at})
    if finding.decided_at is not None:
        return Sentence(N_("Staff read this on %(read_at)s."), {"read_at": finding.decided_at})
    return Sentence(N_("Done."))


def _not_done(finding: Finding, now: datetime) -> Sentence:
    if finding.excuse is not None and finding.excuse.state is ExcuseState.ASKED:
        return Sentence(N_("You asked to be excused. Staff have not decided yet."))
    if finding.reason is not None:
        return finding.reason
    if finding.opens_at is not None and finding.opens_at > now:
        return Sentence(N_("This opens on %(opens_at)s."), {"opens_at": finding.opens_at})
    if finding.due_at is None or finding.due_at > now:
        return Sentence(N_("You have not done this yet."))
    return Sentence(N_("This was due on %(due_at)s and is not done."), {"due_at": finding.due_at})


def notes_of(earned: Iterable[Earned]) -> tuple[Sentence, ...]:
    """Return what is to be said of meetings that do not count, each kind once."""
    counts = dict.fromkeys(_NOTES, 0)
    for one in earned:
        for _meeting, worth in one.worths:
            if worth in counts:
                counts[worth] += 1
    return tuple(Sentence(_NOTES[worth], {"count": count}) for worth, count in counts.items() if count)
