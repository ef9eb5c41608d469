"""A pair's meetings: what is planned and what was, times when everybody is free, a meeting elsewhere, no answer."""

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions import contact, meetings
from lti_tool.actions.meeting_rows import local_day
from lti_tool.mentoring.meeting_evidence import Attempt, AttemptKind, enough_attempts
from lti_tool.mentoring.meeting_form import USUAL_MINUTES, Problems, read_proposal, read_report, written
from lti_tool.mentoring.meeting_times import Free, suggestions
from lti_tool.mentoring.meetings import MeetingState
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.store.meetings import attempts_in, busy_times, last_place
from lti_tool.web.clocks import zone_of
from lti_tool.web.forms import form_lists, once, page_number
from lti_tool.web.student.meeting_shown import PROVIDERS, all_shown, in_time, moment, reader, waiting_attempts
from lti_tool.web.student.pair import OwnPair, here_in, refused
from lti_tool.web.text import seen_by as seen_by_words
from lti_tool.web.text import sentence
from lti_tool.web.visitor import now

blueprint = Blueprint("meetings", __name__, url_prefix="/pairs/<int:pair_id>/meetings")

FIELDS = ("", "day", "hour", "which", "minutes", "where", "words")  # in the order of the form
PAST = 20  # meetings on one page of those that were


@blueprint.get("/")
def overview(pair_id: int) -> str:
    """What is planned, what was, and the ways to the next meeting."""
    own, at = here_in(pair_id), now()
    found = all_shown(own, at)
    past = [one for one in reversed(found) if not one.is_ahead]
    page = min(page_number(), max(1, -(-len(past) // PAST)))
    return render_template(
        "student/pair/meetings.html",
        own=own,
        ahead=in_time([one for one in found if one.is_ahead]),
        past=past[PAST * (page - 1) : PAST * page],
        held=sum(one.value.state is MeetingState.HELD for one in found),
        page=page,
        pages=max(1, -(-len(past) // PAST)),
        free=[(one, moment(own, one)) for one in _free_times(own, at)] if own.is_writable else [],
        without_times=[one.person for one in own.everybody if not _free(own, one.enrolment.id).blocks],
        tried=_own_attempts(own),
        is_enough=enough_attempts(_own_attempts(own), own.programme.time_zone) is not None,
        waiting=waiting_attempts(own, at),
        PROVIDERS=PROVIDERS,
        seen_by_plan=seen_by_words(seen_by(Written.MEETING_PLAN)),
        seen_by_attempt=seen_by_words(seen_by(Written.CONTACT_ATTEMPT)),
    )


@blueprint.route("/new", methods=["GET", "POST"])
def propose(pair_id: int) -> Response | tuple[str, int]:
    """Propose a time of one's own, or one of those at which everybody is free."""
    own, at = here_in(pair_id), now()
    closed = refused(own)
    if closed:
        return closed
    zone = zone_of(reader(own), own.programme)
    problems: Problems = {}
    if request.method == "POST":
        asked, problems = read_proposal(
            form_lists(), zone=zone, least_minutes=own.programme.least_meeting_minutes, now=at
        )
        try:
            if asked:
                number = meetings.propose(pair_id, own.enrolment.id, asked, once=once(), now=at)
                flash(_("Your proposal is on its way. It is agreed as soon as somebody says yes."), "success")
                return redirect(url_for("student.meeting.show", pair_id=pair_id, number=number), 303)
        except RuleBroken as broken:
            problems = {"": broken.sentence}
    values = request.form if request.method == "POST" else _suggested(own, zone)
    return plan_page(own, "new", values, problems, zone)


def plan_page(
    own: OwnPair, kind: str, values: object, problems: Problems, zone: str, **more: object
) -> tuple[str, int]:
    """The form for a time, new or changed, with what is wrong with it."""
    page = render_template(
        "student/pair/meeting_plan.html",
        own=own,
        kind=kind,
        values=values,
        problems={name: sentence(problems[name]) for name in FIELDS if name in problems},
        zone=zone,
        least=own.programme.least_meeting_minutes,
        seen_by_plan=seen_by_words(seen_by(Written.MEETING_PLAN)),
        **more,
    )
    return page, 422 if problems else 200


@blueprint.route("/log", methods=["GET", "POST"])
def log(pair_id: int) -> Response | tuple[str, int]:
    """Two fields for a meeting that was not planned here."""
    own, at = here_in(pair_id), now()
    closed = refused(own)
    if closed:
        return closed
    today = local_day(own.pair, at)
    problems: Problems = {}
    if request.method == "POST":
        members = [one.enrolment.id for one in own.everybody]
        since = local_day(own.pair, own.pair.published_at or at)
        said, problems = read_report(form_lists(), members=members, by=own.enrolment.id, today=today, since=since)
        try:
            if said:
                meetings.log_outside(pair_id, own.enrolment.id, said, once=once(), now=at)
                flash(thanks(own, said.minutes), "success")
                return redirect(url_for(".overview", pair_id=pair_id), 303)
        except RuleBroken as broken:
            problems = {"": broken.sentence}
    values = request.form if request.method == "POST" else {"day": today, "minutes": USUAL_MINUTES}
    page = render_template(
        "student/pair/meeting_log.html",
        own=own,
        values=values,
        present=request.form.getlist("present") if request.method == "POST" else None,
        problems={name: sentence(why) for name, why in problems.items()},
        least=own.programme.least_meeting_minutes,
        seen_by_report=seen_by_words(seen_by(Written.MEETING_REPORT)),
    )
    return page, 422 if problems else 200


@blueprint.post("/not-reached")
def not_reached(pair_id: int) -> Response:
    """The visitor tried, and nobody answered; or they are there themselves."""
    own = here_in(pair_id)
    closed = refused(own)
    if closed:
        return closed
    if request.form.get("act") == "here":
        contact.reached(pair_id, own.enrolment.id, now=now())
        flash(_("Thank you. Your partner sees that you are there."), "success")
    else:
        contact.not_reached(pair_id, own.enrolment.id, now=now())
        flash(_("It is noted that you tried today. You have done your part; nothing is taken from you."), "success")
    return redirect(url_for(".overview", pair_id=pair_id), 303)


def thanks(own: OwnPair, minutes: int) -> str:
    """What is said to somebody who says that a meeting took place."""
    least = own.programme.least_meeting_minutes
    if minutes < least:
        words = _(
            "It is saved. Meetings count from %(least)s minutes on; a shorter one if staff accept it.", least=least
        )
    else:
        words = _("Thank you. It is saved that you met; the others have five days to say if it was otherwise.")
    return str(words)


def _suggested(own: OwnPair, zone: str) -> dict[str, object]:
    """What the form begins with: the time that was chosen, as far as the address names one."""
    begun: dict[str, object] = {"minutes": USUAL_MINUTES, "where": last_place(own.pair.id)}
    try:
        at = datetime.fromisoformat(request.args.get("at", "")).astimezone(UTC)
        return begun | written(at, zone)
    except (ValueError, OverflowError):
        return begun  # no time, or none that there is


def _free_times(own: OwnPair, at: datetime) -> list[datetime]:
    members = [one.enrolment.id for one in own.everybody]
    busy = busy_times(members, now=at)
    zone = zone_of(reader(own), own.programme)
    minutes = max(USUAL_MINUTES, own.programme.least_meeting_minutes)
    return suggestions([_free(own, one) for one in members], minutes, at, busy=busy, zone=zone)


def _free(own: OwnPair, enrolment_id: int) -> Free:
    one = next(one for one in own.everybody if one.enrolment.id == enrolment_id)
    blocks = one.enrolment.answers.get("availability") or ()
    return Free(blocks=frozenset(blocks), zone=zone_of(one, own.programme))


def _own_attempts(own: OwnPair) -> list[Attempt]:
    """The visitor's own attempts that nobody has answered."""
    return [
        Attempt(pair_id=row.pair_id, enrolment_id=row.enrolment_id, at=row.tried_at, kind=AttemptKind.NOT_REACHED)
        for row in attempts_in(own.pair.id)
        if row.enrolment_id == own.enrolment.id and row.answered_at is None
    ]
