"""Messages that were reported, and a pair's conversation: read only with a reason that the pair sees."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions import conversation as actions
from lti_tool.mentoring.conversation import LONGEST_REASON, READING_LASTS, may_staff_read
from lti_tool.mentoring.plain import paragraphs, wrong
from lti_tool.mentoring.words import Sentence
from lti_tool.store.conversation import last_reading, readings_of
from lti_tool.store.pairs import members_of
from lti_tool.store.people import PAGE, Person
from lti_tool.store.reports import one_report, pair_of, pairs_named, reports_of
from lti_tool.web.forms import page_number
from lti_tool.web.telling import said
from lti_tool.web.text import sentence
from lti_tool.web.threads import thread as shown_thread
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("conversation", __name__, url_prefix="/messages")
FEW = 8  # pairs a search shows before it asks for more letters


@blueprint.get("/")
def reports() -> str:
    """What was reported, open reports first; and the search for a pair."""
    here, page, words = visitor(), page_number(), request.args.get("q", "").strip()
    rows, total = reports_of(here.programme.id, page=page)
    found = pairs_named(here.programme.id, words, most=FEW + 1) if words else []
    return render_template(
        "instructor/conversation/reports.html",
        rows=rows,
        page=page,
        pages=max(1, -(-total // PAGE)),
        words=words,
        found=[(pair, [one.person for one in members_of(pair.id, with_left=True)]) for pair in found[:FEW]],
        is_more=len(found) > FEW,
    )


@blueprint.route("/reports/<int:report_id>", methods=["GET", "POST"])
def report(report_id: int) -> Response | tuple[str, int]:
    """One report: what was written and why it was reported; staff answer it once."""
    here, found = visitor(), one_report(visitor().programme.id, report_id) or abort(404)
    answer, problem = paragraphs(request.form.get("answer", "")), None
    if request.method == "POST":
        problem = wrong(answer, longest=LONGEST_REASON)
        if not problem:
            takes_down = request.form.get("take_down") == "yes"
            with said():
                actions.settle(report_id, answer=answer, takes_down=takes_down, by=here.person.id, now=now())
                flash(_("The report is settled. The person who reported it reads your answer."), "success")
            return redirect(url_for(".report", report_id=report_id), 303)
    row, message, writer, reporter = found
    page = render_template(
        "instructor/conversation/report.html",
        row=row,
        message=message,
        writer=writer,
        reporter=reporter,
        answer=answer,
        takes_down=request.form.get("take_down") == "yes",
        problem=sentence(problem),
        longest=LONGEST_REASON,
    )
    return page, 422 if problem else 200


@blueprint.route("/pairs/<int:pair_id>", methods=["GET", "POST"])
def thread(pair_id: int) -> Response | tuple[str, int]:
    """Ask for the reason, then show the conversation for half an hour."""
    here, pair = visitor(), pair_of(visitor().programme.id, pair_id) or abort(404)
    people = [one.person for one in members_of(pair.id, with_left=True)]
    why, problem = paragraphs(request.form.get("why", "")), None
    if request.method == "POST":
        problem = wrong(why, longest=LONGEST_REASON)
        if not problem:
            actions.open_conversation(pair, why, by=here.person.id, now=now())
            return redirect(url_for(".thread", pair_id=pair.id), 303)
    reading = last_reading(pair.id, here.person.id)
    if problem or reading is None or not may_staff_read(reading.began_at, now()):
        return _ask(pair_id, people, why, problem), 422 if problem else 200
    page = render_template(
        "instructor/conversation/thread.html",
        pair=pair,
        people=people,
        reading=reading,
        until=reading.began_at + READING_LASTS,
        thread=shown_thread(here.programme.id, pair.id, here.person.id, now=now(), takes_part=False),
        readings=readings_of(pair.id),
    )
    return page, 200


def _ask(pair_id: int, people: list[Person], why: str, problem: Sentence | None) -> str:
    return render_template(
        "instructor/conversation/ask.html",
        pair_id=pair_id,
        people=people,
        why=why,
        problem=sentence(problem),
        longest=LONGEST_REASON,
    )
