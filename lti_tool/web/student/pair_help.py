"""“Something isn’t working”: tips, a talk, a new partner, a report. Open also while a pair is paused or has ended."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions import cases as actions
from lti_tool.mentoring.case_forms import parse_asked, parse_concern, parse_safety, parse_words
from lti_tool.mentoring.cases import AT_ONCE, CaseKind, Topic
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.self_help import SCRIPTS
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.mentoring.words import Sentence
from lti_tool.store.cases import PairCase, case_of, concerns_about, entries_of, find_case, own_cases, talks_of
from lti_tool.web.forms import once
from lti_tool.web.student.pair import OwnPair, here_in
from lti_tool.web.text import seen_by as seen_by_words
from lti_tool.web.text import sentence
from lti_tool.web.visitor import local_day, now, visitor

blueprint = Blueprint("help", __name__, url_prefix="/pairs/<int:pair_id>/help")


@blueprint.get("/")
def show(pair_id: int) -> str:
    """What can be done, from the smallest step to the largest, and what has become of one's own requests."""
    own = here_in(pair_id)
    return render_template(
        "student/pair/help.html",
        own=own,
        topics=list(Topic),
        cases=own_cases(pair_id, own.enrolment.id),
        concerns=concerns_about(pair_id, own.enrolment.id),
        talks=talks_of(pair_id),
    )


@blueprint.get("/tips/<topic>")
def script(pair_id: int, topic: str) -> str:
    """What the two can try themselves. Nothing of it is kept."""
    if topic not in tuple(Topic):
        abort(404)
    return render_template(
        "student/pair/help_script.html", own=here_in(pair_id), topic=topic, script=SCRIPTS[Topic(topic)]
    )


@blueprint.route("/ask", methods=["GET", "POST"])
def ask(pair_id: int) -> Response | tuple[str, int]:
    """A talk, a new partner, a decision of the staff, or another part."""
    own = here_in(pair_id)
    if own.pair.state == "ended":
        flash(_("This pair has ended, so there is nothing to change in it. You can still report something."), "warning")
        return _back(own)
    values: Mapping[str, Any] = {name: request.args.get(name, "") for name in ("topic", "wish")}
    if request.method == "GET":
        return _form("student/pair/help_ask.html", own, values, {}, Written.CASE)
    given, problems = parse_asked(request.form, today=local_day(now()))
    if given is None:
        return _form("student/pair/help_ask.html", own, request.form, problems, Written.CASE)
    case_id = actions.begin(pair_id, own.enrolment.id, given, once=once(), now=now())
    flash(_("The staff have it now. You read their answer here."), "success")
    return redirect(url_for(".case", pair_id=pair_id, case_id=case_id), 303)


@blueprint.route("/safety", methods=["GET", "POST"])
def safety(pair_id: int) -> Response | tuple[str, int]:
    """Something happened that must not. Contact stops at once."""
    own = here_in(pair_id)
    if request.method == "GET":
        return _form("student/pair/help_safety.html", own, {}, {}, Written.SAFETY)
    given, problems = parse_safety(request.form)
    if given is None:
        return _form("student/pair/help_safety.html", own, request.form, problems, Written.SAFETY)
    case_id = actions.begin(pair_id, own.enrolment.id, given, once=once(), now=now())
    flash(_("Contact in this pair is stopped from now on, and the staff have your report."), "success")
    return redirect(url_for(".case", pair_id=pair_id, case_id=case_id), 303)


@blueprint.route("/concern", methods=["GET", "POST"])
def concern(pair_id: int) -> Response | tuple[str, int]:
    """Worried about a partner: with their knowledge, or at once where waiting could do harm."""
    own = here_in(pair_id)
    if request.method == "GET":
        return _form("student/pair/help_concern.html", own, {}, {}, Written.CONCERN)
    given, problems = parse_concern(request.form)
    about = next((one for one in own.partners if str(one.enrolment.id) == request.form.get("about")), None)
    if about is None and len(own.partners) == 1:
        about = own.partners[0]
    if about is None:
        problems["about"] = Sentence(_("Please choose one of these."))
    if given is None or about is None:
        return _form("student/pair/help_concern.html", own, request.form, problems, Written.CONCERN)
    case_id = actions.begin(pair_id, own.enrolment.id, given, about_id=about.enrolment.id, once=once(), now=now())
    told = _("Your partner reads on the pair’s page that you asked for help.") if given.kind not in AT_ONCE else ""
    flash(f"{_('The staff have it now.')} {told}".strip(), "success")
    return redirect(url_for(".case", pair_id=pair_id, case_id=case_id), 303)


@blueprint.route("/cases/<int:case_id>", methods=["GET", "POST"])
def case(pair_id: int, case_id: int) -> Response | tuple[str, int]:
    """One's own request, or a concern about oneself: what was written, where it stands, and room to add something."""
    own = here_in(pair_id)
    row = _readable(own, case_id)
    problems: dict[str, Sentence] = {}
    if request.method == "POST":
        words, problems = parse_words(request.form)
        if words is not None:
            actions.add_words(case_id, words, once=once(), by=visitor().person.id, now=now())
            flash(_("Added. The staff read it."), "success")
            return redirect(url_for(".case", pair_id=pair_id, case_id=case_id), 303)
    page = render_template(
        "student/pair/help_case.html",
        own=own,
        case=row,
        is_mine=row.enrolment_id == own.enrolment.id,
        may_withdraw=case_of(row).is_live and row.kind not in AT_ONCE,
        entries=[one for one in entries_of(case_id) if _may_read(one, row, own)],
        values=request.form,
        problems={name: sentence(problem) for name, problem in problems.items()},
        seen=_seen(row),
    )
    return page, 422 if problems else 200


@blueprint.post("/cases/<int:case_id>/withdraw")
def withdraw(pair_id: int, case_id: int) -> Response:
    """Take a request back."""
    own = here_in(pair_id)
    row = _readable(own, case_id)
    if row.enrolment_id != own.enrolment.id:
        flash(_("Only who asked can take this back."), "warning")
    else:
        try:
            actions.withdraw_case(case_id, own.enrolment.id, by=visitor().person.id, now=now())
            flash(_("Taken back."), "success")
        except RuleBroken as fault:
            flash(sentence(fault.sentence), "warning")
    return redirect(url_for(".case", pair_id=pair_id, case_id=case_id), 303)


def panel(own: OwnPair, _at: object) -> dict[str, Any]:
    """What the pair's page says of all this: concerns about the reader, and how their own requests stand."""
    mine = [one for one in own_cases(own.pair.id, own.enrolment.id) if case_of(one).is_live]
    concerns = [one for one in concerns_about(own.pair.id, own.enrolment.id) if case_of(one).is_live]
    return {"cases": mine, "concerns": concerns}


def _readable(own: OwnPair, case_id: int) -> PairCase:
    """A case of this pair that the visitor began, or that they know is about them; no other."""
    row = find_case(own.programme.id, case_id)
    if row is None or row.pair_id != own.pair.id:
        abort(404)
    is_known = row.kind == CaseKind.CONCERN and row.about_id == own.enrolment.id
    return row if row.enrolment_id == own.enrolment.id or is_known else abort(404)


def _may_read(entry: Any, row: PairCase, own: OwnPair) -> bool:
    if entry.kind == "answer":
        return row.enrolment_id == own.enrolment.id
    return bool(entry.kind == "talk" or (entry.kind == "addition" and entry.author_id == own.enrolment.person_id))


def _seen(row: PairCase) -> str:
    """Who can read what somebody adds to a case: they and the staff, whatever the case is about."""
    what = {"safety": Written.SAFETY, "urgent": Written.URGENT}.get(row.kind, Written.CASE)
    return seen_by_words(seen_by(what))


def _form(
    template: str, own: OwnPair, values: Mapping[str, Any], problems: Mapping[str, Sentence], what: Written
) -> tuple[str, int]:
    page = render_template(
        template,
        own=own,
        values=values,
        problems={name: sentence(problem) for name, problem in problems.items()},
        seen=seen_by_words(seen_by(what)),
        topics=list(Topic),
    )
    return page, 422 if problems else 200


def _back(own: OwnPair) -> Response:
    return redirect(url_for(".show", pair_id=own.pair.id), 303)
