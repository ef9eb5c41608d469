"""What was given up is tried again because somebody asks: the admin of the tool, who sees it all.

Staff have buttons of their own beside what failed; these do the same. What failed was told where people read it, so
that this is taken back too.
"""

from collections.abc import Callable
from datetime import datetime

from lti_tool.actions import (
    announcements,
    audit,
    gradebook,
    notices,
    nudges,
    nudging,
    release_for_many,
    roster,
    scenarios,
)
from lti_tool.store import buried, long_releases, rest
from lti_tool.store.announcements import Announcement
from lti_tool.store.db import db, transaction
from lti_tool.store.matching import Proposal, last_proposal, scenarios_of
from lti_tool.store.nudges import Nudge
from lti_tool.store.outbox import OutboxRow, lms_lane
from lti_tool.store.people import Course


def try_again(number: int, *, by: str, now: datetime) -> bool:
    """Have one row's work done after all; False where nothing of this number was given up."""
    row = buried.buried(number)
    if row is None:
        return False
    _AGAIN.get(row.kind, _as_it_was)(row, now)
    with transaction():
        buried.forget(row)
        if row.registration_id is not None:
            rest.end_rest(row.registration_id)
        after = {"kind": row.kind, "through": by}
        audit.record("outbox.retry", now=now, by=None, registration_id=row.registration_id, after=after)
    return True


def try_all_again(*, by: str, now: datetime) -> int:
    """Have everything done that was given up; how much."""
    numbers = [row.id for row, _name in buried.buried_rows(most=10_000)]
    return sum(try_again(number, by=by, now=now) for number in numbers)


def _as_it_was(row: OutboxRow, now: datetime) -> None:
    with transaction():
        if row.registration_id is not None:
            row.lane = lms_lane(row.registration_id)
        buried.dig_up(row, now=now)


def _grades(row: OutboxRow, now: datetime) -> None:
    gradebook.try_again(row.payload["programme_id"], now=now)


def _roster(row: OutboxRow, now: datetime) -> None:
    with transaction() as session:
        course = session.get_one(Course, row.payload["course_id"], with_for_update=True)
        roster.ask_for_roster(course, only_if_stale=False, now=now)


def _notices(row: OutboxRow, now: datetime) -> None:
    if row.registration_id is not None:
        notices.ask_for_notices_again(row.registration_id, row.payload["deployment"], now=now)


def _announcement(row: OutboxRow, now: datetime) -> None:
    found = db.session.get(Announcement, row.payload["announcement_id"])
    if found:
        announcements.post_again(found, now=now)


def _letter(row: OutboxRow, now: datetime) -> None:
    with transaction() as session:
        nudge = session.get(Nudge, row.payload["nudge_id"])
        if nudge and nudge.sent_at is None:
            nudge.problem = None
            buried.dig_up(row, now=now)


def _proposal(row: OutboxRow, now: datetime) -> None:
    """Staff may have computed another one meanwhile; then this one is of no interest."""
    with transaction() as session:
        proposal = session.get(Proposal, row.payload["proposal_id"])
        newest = last_proposal(proposal.programme_id) if proposal else None
        if proposal is None or newest is None or newest.id != proposal.id or proposal.state != "failed":
            return
        proposal.state, proposal.problem = "waiting", None
        for scenario in scenarios_of(proposal.id):
            if scenario.state == "failed":
                scenario.state, scenario.problem = "waiting", None
        scenarios.ask_worker(proposal, now=now)


def _release(row: OutboxRow, now: datetime) -> None:
    release_for_many.try_again(row, now=now)


_AGAIN: dict[str, Callable[[OutboxRow, datetime], None]] = {
    gradebook.COLUMN_KIND: _grades,
    gradebook.SCORES_KIND: _grades,
    roster.KIND: _roster,
    notices.KIND: _notices,
    announcements.KIND: _announcement,
    nudges.KIND: _letter,
    nudging.KIND: _letter,
    scenarios.KIND: _proposal,
    long_releases.KIND: _release,
}
