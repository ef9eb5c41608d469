"""What the clock does without being asked."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import delete, or_

from lti_tool.actions.edge import Edge
from lti_tool.actions.nightly import ask_by_night
from lti_tool.actions.nudging import climb
from lti_tool.actions.participation import count_what_time_changed
from lti_tool.actions.phases import move_all_by_date
from lti_tool.actions.release_for_many import release_what_is_due
from lti_tool.actions.rematch_offers import offer_new_partners
from lti_tool.actions.sweep import follow_pairs, look_after_pairs
from lti_tool.store.admin import AdminVisit, Attempt
from lti_tool.store.db import transaction
from lti_tool.store.errand import Errand
from lti_tool.store.ladder import programmes_at_work
from lti_tool.store.notices import Notice
from lti_tool.store.outbox import OutboxRow
from lti_tool.store.people import Visit
from lti_tool.store.platforms import AccessToken, Invitation, Login

KEEP_DONE = timedelta(days=14)
KEEP_NOTICES = timedelta(days=30)  # an LMS repeats a notice within hours, if at all


def tidy(app: Flask) -> None:
    """Remove what is over: unfinished logins, visits, errands, tokens, tries, invitations, old notices, old work."""
    edge: Edge = app.extensions["edge"]
    now = edge.clock()
    with app.app_context(), transaction() as session:
        for table in (Login, Visit, Errand, AccessToken, AdminVisit, Attempt):
            session.execute(delete(table).where(table.expires_at <= now))
        session.execute(delete(Invitation).where(or_(Invitation.expires_at <= now, Invitation.used_at <= now)))
        session.execute(delete(Notice).where(Notice.received_at <= now - KEEP_NOTICES))
        session.execute(delete(OutboxRow).where(OutboxRow.state == "done", OutboxRow.done_at <= now - KEEP_DONE))


def look_after_all_pairs(app: Flask) -> None:
    """See how every pair is doing."""
    edge: Edge = app.extensions["edge"]
    with app.app_context():
        look_after_pairs(now=edge.clock())


def follow_calendar(app: Flask) -> None:
    """Begin the phases whose day has come, in each course's own time zone; pairs pause, go on and end with them."""
    edge: Edge = app.extensions["edge"]
    with app.app_context():
        move_all_by_date(now=edge.clock())
        follow_pairs(now=edge.clock())


def count_points(app: Flask) -> None:
    """Count anew what due dates have changed, and release what has waited long enough."""
    edge: Edge = app.extensions["edge"]
    with app.app_context():
        count_what_time_changed(now=edge.clock())
        release_what_is_due(now=edge.clock())


def climb_ladders(app: Flask) -> None:
    """Offer a new partner where trying was in vain; remind those who are waited for, tell who waits for them, and then
    the staff; never in somebody's quiet hours."""
    edge: Edge = app.extensions["edge"]
    with app.app_context():
        offer_new_partners(now=edge.clock())
        for programme_id in programmes_at_work():
            climb(programme_id, has_mail=edge.mail is not None, now=edge.clock())


def read_gradebooks_back(app: Flask) -> None:
    """Ask for each gradebook and roster once a night, when the programme's turn has come."""
    edge: Edge = app.extensions["edge"]
    with app.app_context():
        ask_by_night(now=edge.clock())
