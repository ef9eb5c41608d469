"""One's own calendar: the private address under which a calendar program reads one's meetings."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.calendar_feed import make_feed, revoke_feed
from lti_tool.store.calendar_feed import feed_of
from lti_tool.store.enrolment import Enrolment, find_enrolment
from lti_tool.web.visitor import now, own_url, visitor

blueprint = Blueprint("calendar", __name__, url_prefix="/calendar")


@blueprint.get("/")
def show() -> str:
    """Whether there is an address, and how to make or revoke one."""
    return _page(_own(), None)


@blueprint.post("/make")
def make() -> str:
    """A new address, shown this once; the one before is good no longer."""
    own = _own()
    secret = make_feed(own.id, now=now())
    return _page(own, own_url("feed.meetings", secret=secret))


@blueprint.post("/revoke")
def revoke() -> Response:
    """No address any more."""
    revoke_feed(_own().id)
    flash(_("The address is revoked. Calendars that used it get no meetings from here any more."), "success")
    return redirect(url_for(".show"), 303)


def _own() -> Enrolment:
    here = visitor()
    return find_enrolment(here.programme.id, here.person.id) or abort(404)


def _page(own: Enrolment, address: str | None) -> str:
    return render_template(
        "student/calendar/show.html",
        feed=feed_of(own.id),
        address=address,
        pair_id=request.args.get("pair", type=int),
    )
