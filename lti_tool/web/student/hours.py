"""The hours of somebody in a practicum: logged day by day, taken back, and counted against what is asked."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.hours import log_hours, take_back_hours
from lti_tool.mentoring.hours import WORDS_LENGTH, in_hours, parse_hours
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.schemes import Kind
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.mentoring.words import Sentence
from lti_tool.store.hours import ON_A_PAGE, hours_page, hours_total
from lti_tool.web.forms import once, page_number
from lti_tool.web.student.own_items import OwnItem, own_item_of
from lti_tool.web.text import seen_by as seen_by_words
from lti_tool.web.text import sentence
from lti_tool.web.visitor import local_day, now

blueprint = Blueprint("hours", __name__, url_prefix="/hours")


@blueprint.route("/", methods=["GET", "POST"])
def log() -> Response | tuple[str, int]:
    """What was logged, what it comes to, and a form for more."""
    own = own_item_of(Kind.HOURS)
    if request.method == "GET":
        return _page(own, {"day": local_day(now())}), 200
    if not own.is_writable:
        return _closed()
    hours, problems = parse_hours(request.form, local_day(now()))
    if hours is None:
        return _page(own, request.form, problems), 422
    try:
        log_hours(own.enrolment.id, hours, once=once(), now=now())
    except RuleBroken as fault:
        return _page(own, request.form, {"": fault.sentence}), 422
    flash(_("Logged: %(time)s.", time=sentence(in_hours(hours.minutes))), "success")
    return redirect(url_for(".log"), 303)


@blueprint.post("/take-back")
def take_back() -> Response:
    """Remove an entry."""
    own = own_item_of(Kind.HOURS)
    if not own.is_writable:
        return _closed()
    take_back_hours(own.enrolment.id, request.form.get("entry", 0, type=int), now=now())
    flash(_("Taken back."), "success")
    return redirect(url_for(".log"), 303)


def _closed() -> Response:
    flash(_("This programme has ended. What was logged stays readable."), "warning")
    return redirect(url_for(".log"), 303)


def _page(own: OwnItem, values: Mapping[str, Any], problems: Mapping[str, Sentence] | None = None) -> str:
    page = page_number()
    count, minutes = hours_total(own.enrolment.id)
    return render_template(
        "student/hours/log.html",
        own=own,
        rows=[(row, in_hours(row.minutes)) for row in hours_page(own.enrolment.id, page=page)],
        minutes=minutes,
        logged=in_hours(minutes),
        target=in_hours(own.item.target_minutes),
        page=page,
        pages=max(1, -(-count // ON_A_PAGE)),
        longest=WORDS_LENGTH,
        values=values,
        problems={name: sentence(problem) for name, problem in (problems or {}).items()},
        seen=seen_by_words(seen_by(Written.HOURS)),
    )
