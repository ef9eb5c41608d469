"""By night every gradebook is read back, and the roster beside it."""

from datetime import datetime

from lti_tool.actions.gradebook import ask_to_compare
from lti_tool.actions.roster import ask_for_roster
from lti_tool.mentoring.nightly import last_turn
from lti_tool.store.db import transaction
from lti_tool.store.nightly import comparable_programmes, comparisons_asked
from lti_tool.store.people import Course
from lti_tool.store.programme import Programme


def ask_by_night(*, now: datetime) -> int:
    """Have every gradebook, and the roster beside it, read once each night, each at its own minute; how many that
    were. What was missed is made up for; what already waits is not asked for again."""
    asked, count = comparisons_asked(now=now), 0
    for row in comparable_programmes(now=now):
        last = asked.get(str(row.id))
        if last and (last.is_waiting or last.at >= last_turn(row.key, row.time_zone, now)):
            continue
        with transaction() as session:
            programme = session.get_one(Programme, row.id)
            course = session.get_one(Course, programme.course_id)
            # First who is there: some LMSs list no grade of who is not, and nobody has removed it.
            if course.memberships_url is not None:
                ask_for_roster(course, only_if_stale=True, now=now)
            ask_to_compare(programme, now=now)
        count += 1
    return count
