"""Items that are asked of a person once, whatever partners they have: what the evidence says about each."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from lti_tool.mentoring.evidence import Worked
from lti_tool.mentoring.findings import BEST_SCORE, WHOLE, Finding, Reading, keep_what_is_done
from lti_tool.mentoring.schemes import Item, Kind
from lti_tool.mentoring.words import N_, Sentence


def _due(item: Item, reading: Reading) -> datetime | None:
    due_at = reading.evidence.calendar.due_at.get(item.kind)
    if item.due_on is None or due_at is None:  # what is not due at all yet is not due on a day of its own either
        return due_at
    return _begin_of(item.due_on + timedelta(days=1), reading)


def _once(item: Item, reading: Reading, done_at: datetime | None) -> Finding:
    return Finding(
        kind=item.kind,
        number=None,
        due_at=_due(item, reading),
        share=WHOLE if done_at else 0,
        is_done=done_at is not None,
        done_at=done_at,
    )


def _join(item: Item, reading: Reading) -> Finding:
    return _once(item, reading, reading.evidence.joined_at)


def _training(item: Item, reading: Reading) -> Finding:
    return _once(item, reading, reading.evidence.trained_at)


def _peer_case(item: Item, reading: Reading) -> Finding:
    return _once(item, reading, reading.evidence.peer_case_at)


def _survey(item: Item, reading: Reading) -> Finding:
    found = _once(item, reading, None)
    found.is_done = reading.evidence.survey_sent
    found.share = WHOLE if found.is_done else 0
    return found


def _reflection(item: Item, reading: Reading) -> Finding:
    mine = [one for one in reading.evidence.reflections if one.kind is item.kind]
    if not mine:
        return _once(item, reading, None)
    best = max(mine, key=lambda one: (one.score is not None, one.score or 0, -one.at.timestamp()))
    found = _once(item, reading, best.at)
    found.share = None if best.score is None else WHOLE * min(best.score, BEST_SCORE) // BEST_SCORE
    found.decided_by, found.decided_at = best.read_by, best.read_at
    return found


def _hours(item: Item, reading: Reading) -> Finding:
    found = _once(item, reading, None)
    is_asked = bool(item.worth(reading.side))
    logged = reading.evidence.hours if is_asked else _logged_before(item, reading)
    minutes = sum(one.minutes for one in logged)
    target = max(item.target_minutes, 1)
    found.share = WHOLE * min(minutes, target) // target
    found.is_done = minutes >= target
    if logged and not is_asked:
        found.done_at = _begin_of(max(one.on for one in logged), reading)
        keep_what_is_done(found)
    found.reason = Sentence(
        N_("You logged %(hours)s of %(target)s hours."), {"hours": minutes // 60, "target": target // 60}
    )
    return found


def _logged_before(item: Item, reading: Reading) -> list[Worked]:
    """The hours of somebody whose present side has none: those logged while they were on a side that has."""
    evidence = reading.evidence
    return [one for one in evidence.hours if item.worth(evidence.side_at(_begin_of(one.on, reading)))]


def _begin_of(day: date, reading: Reading) -> datetime:
    return datetime.combine(day, time(), tzinfo=reading.zone).astimezone(UTC)


SINGLE: Mapping[Kind, Callable[[Item, Reading], Finding]] = {
    Kind.JOIN: _join,
    Kind.TRAINING: _training,
    Kind.REFLECTION_START: _reflection,
    Kind.REFLECTION_MIDDLE: _reflection,
    Kind.REFLECTION_END: _reflection,
    Kind.SURVEY: _survey,
    Kind.HOURS: _hours,
    Kind.PEER_CASE: _peer_case,
}
