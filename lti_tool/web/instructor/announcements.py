"""Telling everybody, or one side, of the programme; and the chat channel that may show it too."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions import announcements as actions
from lti_tool.mentoring.announcements import LONGEST_SUBJECT, LONGEST_TEXT, Channel, parse_announcement
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.words import Sentence
from lti_tool.store.announcements import ON_A_PAGE, Announcement, all_announcements, announcement_of, channel_of
from lti_tool.web.forms import once, page_number
from lti_tool.web.linked import linked
from lti_tool.web.text import sentence
from lti_tool.web.visitor import edge, now, visitor

blueprint = Blueprint("announcements", __name__, url_prefix="/announcements")


@blueprint.get("/")
def show() -> str:
    """Everything that was announced, newest first."""
    here, page = visitor(), page_number()
    found, total = all_announcements(here.programme.id, page=page)
    return render_template(
        "instructor/announcements/show.html",
        found=found,
        page=page,
        pages=max(1, -(-total // ON_A_PAGE)),
        channel=channel_of(here.programme.id),
        has_channels=bool(edge().channel_hosts),
    )


@blueprint.route("/new", methods=["GET", "POST"])
def write() -> Response | tuple[str, int]:
    """Write an announcement."""
    here = visitor()
    problems: dict[str, Sentence] = {}
    if request.method == "POST":
        words, problems = parse_announcement(request.form)
        if words is not None:
            number = actions.announce(here.programme.id, words, by=here.person.id, once=once(), now=now())
            flash(_("Announced. It stands on the first page of everybody whom it is for."), "success")
            return redirect(url_for(".one", announcement_id=number), 303)
    page = render_template(
        "instructor/announcements/write.html",
        problems={name: sentence(problem) for name, problem in problems.items()},
        channel=channel_of(here.programme.id),
        longest=(LONGEST_SUBJECT, LONGEST_TEXT),
    )
    return page, 422 if problems else 200


@blueprint.get("/<int:announcement_id>")
def one(announcement_id: int) -> str:
    """One announcement, and what became of it in the channel."""
    row = _row(announcement_id)
    return render_template("instructor/announcements/one.html", row=row, body=linked(row.text))


@blueprint.post("/<int:announcement_id>/withdraw")
def withdraw(announcement_id: int) -> Response:
    """Show it to nobody any more."""
    actions.withdraw(_row(announcement_id), by=visitor().person.id, now=now())
    flash(_("Withdrawn: nobody but the staff sees it any more. Whoever has read it has read it."), "success")
    return redirect(url_for(".show"), 303)


@blueprint.post("/<int:announcement_id>/again")
def again(announcement_id: int) -> Response:
    """Post to the channel once more what it did not take."""
    actions.post_again(_row(announcement_id), now=now())
    flash(_("It is on its way to the channel again."), "info")
    return redirect(url_for(".one", announcement_id=announcement_id), 303)


@blueprint.route("/channel", methods=["GET", "POST"])
def channel() -> Response | tuple[str, int]:
    """Say which chat channel announcements may be posted to."""
    here = visitor()
    problems: dict[str, str] = {}
    if not edge().channel_hosts:
        abort(404)
    if request.method == "POST":
        problems = _set_channel()
        if not problems:
            flash(_("Saved. With each announcement you choose whether it is posted there too."), "success")
            return redirect(url_for(".show"), 303)
    page = render_template(
        "instructor/announcements/channel.html",
        present=channel_of(here.programme.id),
        hosts=sorted(edge().channel_hosts),
        problems=problems,
    )
    return page, 422 if problems else 200


@blueprint.post("/channel/drop")
def drop_channel() -> Response:
    """Post nowhere any more."""
    here = visitor()
    actions.drop_channel(here.programme.id, by=here.person.id, now=now())
    flash(_("Nothing is posted to a channel any more."), "success")
    return redirect(url_for(".show"), 303)


def _set_channel() -> dict[str, str]:
    here, kind = visitor(), request.form.get("kind", "")
    if kind not in set(Channel):
        return {"kind": _("Please choose which chat it is.")}
    address = request.form.get("address", "").strip()
    try:
        actions.set_channel(here.programme.id, Channel(kind), address, edge=edge(), by=here.person.id, now=now())
    except RuleBroken as broken:
        return {"address": sentence(broken.sentence)}
    return {}


def _row(announcement_id: int) -> Announcement:
    return announcement_of(visitor().programme.id, announcement_id) or abort(404)
