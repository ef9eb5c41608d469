"""One meeting of a pair: answer it, move it, call it off, say how it was, disagree."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from lti_tool.actions import meetings
from lti_tool.mentoring.meeting_acts import Act
from lti_tool.mentoring.meeting_form import WORDS_LENGTH, Problems, read_proposal, read_report, read_words, written
from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.store.meetings import changes_of, meeting_in, revisions_of
from lti_tool.web.calendars import Entry, as_file, calendar
from lti_tool.web.clocks import clock, zone_of
from lti_tool.web.forms import form_lists, version
from lti_tool.web.student.meeting_shown import PROVIDERS, Shown, moment, reader, shown
from lti_tool.web.student.pair import here_in, refused
from lti_tool.web.student.pair_meetings import plan_page, thanks
from lti_tool.web.text import person_name, plain_names, sentence
from lti_tool.web.text import seen_by as seen_by_words
from lti_tool.web.visitor import edge, now

blueprint = Blueprint("meeting", __name__, url_prefix="/pairs/<int:pair_id>/meetings/<int:number>")

DONE = {
    Act.ACCEPT: _l("You are coming. The others see it."),
    Act.DECLINE: _l("The others see that you cannot come."),
    Act.CANCEL: _l("The meeting is called off. The others see it."),
    Act.MISS: _l("It is noted that this meeting did not take place. You can propose another time."),
    Act.SETTLE: _l("It is settled: the meeting took place."),
    Act.TAKE_BACK: _l("What you said is taken back."),
}
HAPPENED = {
    "proposed": N_("%(name)s proposed this meeting"),
    "moved": N_("%(name)s proposed another time or place"),
    "accepted": N_("%(name)s said yes"),
    "declined": N_("%(name)s cannot come"),
    "cancelled": N_("%(name)s called it off"),
    "missed": N_("%(name)s said that it did not take place"),
    "confirmed": N_("%(name)s said that it took place"),
    "logged": N_("%(name)s logged this meeting"),
    "disputed": N_("%(name)s disagreed"),
    "settled": N_("%(name)s took the disagreement back"),
    "taken_back": N_("%(name)s took back that it took place"),
    "decided": N_("The staff of the course decided"),
}


@blueprint.get("/")
def show(pair_id: int, number: int) -> str:
    """Everything about one meeting, and what can be done about it."""
    return _page(_shown(pair_id, number), {})


@blueprint.post("/answer")
def answer(pair_id: int, number: int) -> Response | tuple[str, int]:
    """Come, do not come, call it off, say it was not, or take one's own word back: one click each."""
    one = _shown(pair_id, number)
    closed = refused(one.own)
    if closed:
        return closed
    act = next((act for act in DONE if act == request.form.get("act")), None) or abort(404)
    try:
        _do(one, act)
    except ChangedMeanwhile:
        flash(_("The others changed this meeting while you were looking at it. Please look again."), "warning")
    except RuleBroken as broken:
        flash(sentence(broken.sentence), "warning")
    else:
        flash(str(DONE[act]), "success")
    return redirect(url_for(".show", pair_id=pair_id, number=number), 303)


@blueprint.route("/move", methods=["GET", "POST"])
def move(pair_id: int, number: int) -> Response | tuple[str, int]:
    """Another time or place: the answer to a proposal, or a new proposal for what was agreed."""
    one = _shown(pair_id, number)
    problems: Problems = {}
    own, zone = one.own, zone_of(reader(one.own), one.own.programme)
    closed = refused(own)
    if closed:
        return closed
    if Act.MOVE not in one.may:
        return _back(one, _("This meeting is no longer planned. You can propose a new one."))
    if request.method == "POST":
        asked, problems = read_proposal(
            form_lists(), zone=zone, least_minutes=own.programme.least_meeting_minutes, now=one.now
        )
        try:
            if asked:
                meetings.move(pair_id, number, own.enrolment.id, asked, version=version(), now=one.now)
                flash(_("Your new proposal is on its way. The others say whether they can."), "success")
                return redirect(url_for(".show", pair_id=pair_id, number=number), 303)
        except ChangedMeanwhile:
            return _move_page(_shown(pair_id, number), zone, {}, is_late=True)
        except RuleBroken as broken:
            problems = {"": broken.sentence}
    return _move_page(one, zone, problems)


@blueprint.post("/held")
def held(pair_id: int, number: int) -> Response | tuple[str, int]:
    """It took place: how long, and of more than two, who was there."""
    one = _shown(pair_id, number)
    own = one.own
    closed = refused(own)
    if closed:
        return closed
    said, problems = read_report(form_lists(), members=sorted(one.value.members), by=own.enrolment.id)
    try:
        if said:
            meetings.confirm(pair_id, number, own.enrolment.id, said, now=one.now)
            flash(thanks(own, said.minutes), "success")
            return redirect(url_for(".show", pair_id=pair_id, number=number), 303)
    except RuleBroken as broken:
        problems = {"minutes": broken.sentence}
    return _page(one, problems), 422


@blueprint.route("/dispute", methods=["GET", "POST"])
def dispute(pair_id: int, number: int) -> Response | tuple[str, int]:
    """It was otherwise: in one's own words, for staff to decide."""
    one = _shown(pair_id, number)
    problems: Problems = {}
    closed = refused(one.own)
    if closed:
        return closed
    if Act.DISPUTE not in one.may:
        return _back(one, _("There is nothing to disagree with here now."))
    if request.method == "POST":
        words = read_words(form_lists(), "words", WORDS_LENGTH, problems, is_required=True)
        try:
            if not problems:
                meetings.dispute(pair_id, number, one.own.enrolment.id, words, now=one.now)
                flash(_("Thank you. The staff of your course look at it; until then it does not count."), "success")
                return redirect(url_for(".show", pair_id=pair_id, number=number), 303)
        except RuleBroken as broken:
            problems = {"words": broken.sentence}
    page = render_template(
        "student/pair/meeting_dispute.html",
        own=one.own,
        one=one,
        problems={name: sentence(why) for name, why in problems.items()},
        maximum=WORDS_LENGTH,
        seen_by_report=seen_by_words(seen_by(Written.MEETING_REPORT)),
    )
    return page, 422 if problems else 200


@blueprint.get("/meeting.ics")
def file(pair_id: int, number: int) -> Response:
    """The meeting for a calendar program."""
    one = _shown(pair_id, number)
    if one.row.starts_at is None:
        abort(404)
    title = _("Mentoring with %(names)s", names=plain_names(one.own.people))
    content = calendar([Entry(meeting=one.row, title=title)], name=title, origin=edge().origin)
    return as_file(content, f"meeting-{number}")


def _shown(pair_id: int, number: int) -> Shown:
    """The meeting, where it is one of the visitor's own pair; to everybody else there is no such page."""
    own = here_in(pair_id)
    return shown(own, meeting_in(pair_id, number) or abort(404), now())


def _do(one: Shown, act: Act) -> None:
    pair, number, by, at = one.own.pair.id, one.row.id, one.own.enrolment.id, one.now
    seen = version()
    acts: dict[Act, Callable[[], None]] = {
        Act.ACCEPT: lambda: meetings.accept(pair, number, by, version=seen, now=at),
        Act.DECLINE: lambda: meetings.decline(pair, number, by, version=seen, now=at),
        Act.CANCEL: lambda: meetings.cancel(pair, number, by, version=seen, now=at),
        Act.MISS: lambda: meetings.miss(pair, number, by, now=at),
        Act.SETTLE: lambda: meetings.settle(pair, number, by, now=at),
        Act.TAKE_BACK: lambda: meetings.take_back(pair, number, by, now=at),
    }
    acts[act]()


def _back(one: Shown, why: str) -> Response:
    flash(why, "warning")
    return redirect(url_for(".show", pair_id=one.own.pair.id, number=one.row.id), 303)


def _move_page(one: Shown, zone: str, problems: Problems, *, is_late: bool = False) -> tuple[str, int]:
    """The form with the present plan, or with what was typed; where others were faster, theirs above it."""
    row = one.row
    if row.starts_at is None:
        abort(404)
    present = written(row.starts_at, zone) | {
        "minutes": str(row.planned_minutes),
        "where": row.place,
        "words": row.words,
    }
    page, status = plan_page(
        one.own,
        "move",
        request.form if request.method == "POST" else present,
        problems,
        zone,
        one=one,
        present=_plan_words(one) if is_late else None,
    )
    return page, 409 if is_late else status


def _plan_words(one: Shown) -> list[tuple[str, str]]:
    """What the plan is now, line by line."""
    when = one.clocks.here if one.clocks else ""
    return [
        (_("When"), when),
        (_("Minutes"), str(one.row.planned_minutes or "")),
        (_("Where"), one.row.place),
        (_("What you would like to talk about"), one.row.words),
    ]


def _page(one: Shown, problems: dict[str, Sentence]) -> str:
    own = one.own
    names = {member.enrolment.id: person_name(member.person) for member in own.everybody}
    history = [
        (
            _(HAPPENED[change.what], name=names.get(change.enrolment_id or 0, _("Somebody who has left"))),
            moment(own, change.at).here,
            clock(change.starts_at, zone_of(reader(own), own.programme)) if change.starts_at else "",
            change,
        )
        for change in changes_of(one.row.id)
    ]
    return render_template(
        "student/pair/meeting.html",
        own=own,
        one=one,
        history=history,
        notes=revisions_of(one.row.id),
        names=names,
        problems={name: sentence(why) for name, why in problems.items()},
        PROVIDERS=PROVIDERS,
        least=own.programme.least_meeting_minutes,
        seen_by_plan=seen_by_words(seen_by(Written.MEETING_PLAN)),
        seen_by_report=seen_by_words(seen_by(Written.MEETING_REPORT)),
        seen_by_notes=seen_by_words(seen_by(Written.MEETING_NOTES)),
    )
