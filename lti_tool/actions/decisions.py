"""Whose value is right, where the LMS has another one: staff decide, one by one or many at once.

A decision is about the value that was seen. Where that has changed meanwhile nothing is decided, and staff are asked
again.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal

from lti_tool.actions import audit
from lti_tool.actions.cells import is_empty
from lti_tool.actions.gradebook import ask_to_compare, ask_to_send
from lti_tool.lti.gradebook import RESULT_SCOPE
from lti_tool.store.db import db, transaction
from lti_tool.store.gradebook import Score, find_scores
from lti_tool.store.people import Course
from lti_tool.store.programme import Programme

Shown = Mapping[int, Decimal | None]  # by score: the LMS's value that was decided about; none: an empty cell


def keep_theirs(programme_id: int, shown: Shown, *, by: int, now: datetime) -> list[int]:
    """The LMS's values stay, and nothing is sent over them; the scores whose value changed since they were shown."""

    def keep(score: Score) -> bool:
        score.state, score.problem, score.decided_by = "frozen", None, by
        return True

    return _decide(programme_id, shown, keep, "gradebook.keep_theirs", by=by, now=now)


def use_ours(programme_id: int, shown: Shown, *, by: int, now: datetime) -> list[int]:
    """The released points replace the LMS's values; the scores whose value has changed since they were shown, or whose
    points do not count any more."""

    def use(score: Score) -> bool:
        if score.void:
            return False
        score.state, score.problem, score.decided_by, score.changed_at = "waiting", None, by, now
        return True

    return _decide(programme_id, shown, use, "gradebook.use_ours", by=by, now=now)


def _decide(
    programme_id: int, shown: Shown, do: Callable[[Score], bool], what: str, *, by: int, now: datetime
) -> list[int]:
    decided = set()
    with transaction() as session:
        for score, _person in find_scores(programme_id, shown):
            if score.state == "differs" and score.there_points == shown[score.id] and do(score):
                decided.add(score.id)
                _record(what, score, by=by, now=now)
        ask_to_send(session.get_one(Programme, programme_id), now=now, is_urgent=True)
    return sorted(set(shown) - decided)


def thaw(programme_id: int, score_id: int, *, by: int, now: datetime) -> bool:
    """A value that was kept is open again: staff are asked anew. Whether it was one."""
    with transaction() as session:
        for score, _person in find_scores(programme_id, [score_id]):
            if score.state != "frozen" or score.decided_by is None:
                return False
            score.state, score.decided_by = "differs", None
            _record("gradebook.thaw", score, by=by, now=now)
            ask_to_compare(session.get_one(Programme, programme_id), now=now, is_urgent=True)
            return True
    return False


def say_cleared(programme_id: int, score_id: int, *, by: int, now: datetime) -> bool:
    """Staff emptied a cell by hand. The tool looks, where the LMS lets it, before it believes that. Whether it was one.

    A zero that an LMS may just not show is believed as well.
    """
    with transaction() as session:
        programme = session.get_one(Programme, programme_id)
        for score, _person in find_scores(programme_id, [score_id]):
            if score.state != "frozen" or score.decided_by is not None:
                return False
            _record("gradebook.cleared", score, by=by, now=now)
            if _can_read(programme):
                score.cleared_said_at = now
                ask_to_compare(programme, now=now, is_urgent=True)
            else:
                is_empty(score)
            return True
    return False


def _can_read(programme: Programme) -> bool:
    return RESULT_SCOPE in db.session.get_one(Course, programme.course_id).gradebook_scopes


def _record(what: str, score: Score, *, by: int, now: datetime) -> None:
    values = {"score": score.id, "ours": str(score.points), "theirs": _words(score.there_points)}
    audit.record(what, now=now, by=by, programme_id=score.programme_id, before=values, after={"state": score.state})


def _words(points: Decimal | None) -> str | None:
    return None if points is None else str(points)
