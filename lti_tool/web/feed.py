"""What a calendar program reads by itself: somebody's meetings, under an address that only they know.

It comes without a visit; the address is the proof, and whoever revokes it closes it. An address that is none, was
revoked, or whose owner has left the course looks like any page that does not exist.
"""

from datetime import timedelta

from flask import Blueprint, Response, abort
from flask_babel import gettext as _

from lti_tool.actions.launch import secret_hash
from lti_tool.mentoring.meetings import MeetingState
from lti_tool.store.calendar_feed import calendar_meetings, reader_of_feed
from lti_tool.store.pairs import members_of
from lti_tool.web.calendars import Entry, as_file, calendar
from lti_tool.web.text import plain_names
from lti_tool.web.visitor import edge, now

blueprint = Blueprint("feed", __name__, url_prefix="/calendar")

BACK = timedelta(days=60)  # how far a calendar looks back
NEVER_WERE = {MeetingState.MISSED, MeetingState.DISMISSED}


@blueprint.get("/<secret>.ics")
def meetings(secret: str) -> Response:
    """The meetings of whoever made this address."""
    reader = reader_of_feed(secret_hash(secret)) or abort(404)
    rows = [one for one in calendar_meetings(reader.id, since=now() - BACK) if one[0].state not in NEVER_WERE]
    titles = {pair: _title(pair, reader.id) for pair in {row.pair_id for row, _is_off in rows}}
    entries = [Entry(meeting=row, title=titles[row.pair_id], is_off=is_off) for row, is_off in rows]
    return as_file(calendar(entries, name=_("Mentoring meetings"), origin=edge().origin), "mentoring")


def _title(pair_id: int, enrolment_id: int) -> str:
    partners = [one.person for one in members_of(pair_id) if one.enrolment.id != enrolment_id]
    return str(_("Mentoring with %(names)s", names=plain_names(partners)))
