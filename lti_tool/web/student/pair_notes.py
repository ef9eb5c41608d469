"""The notes that a pair keeps of a meeting, and how they came to be."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.meeting_notes import save_notes
from lti_tool.mentoring.meeting_form import NOTES_LENGTH, Problems, read_words
from lti_tool.mentoring.meeting_notes import Revision, difference
from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.store.meetings import Meeting, meeting_in, revisions_of
from lti_tool.web.forms import form_lists, version
from lti_tool.web.student.meeting_shown import moment, shown
from lti_tool.web.student.pair import OwnPair, here_in, refused
from lti_tool.web.text import person_name, sentence
from lti_tool.web.text import seen_by as seen_by_words
from lti_tool.web.visitor import now

blueprint = Blueprint("notes", __name__, url_prefix="/pairs/<int:pair_id>/meetings/<int:number>/notes")

SHOWN = 10  # saved texts on one page of the history


@blueprint.route("/", methods=["GET", "POST"])
def write(pair_id: int, number: int) -> Response | tuple[str, int]:
    """Write the notes together: whoever saves later sees first what the other saved."""
    own, row = _here(pair_id, number)
    closed = refused(own)
    if closed:
        return closed
    problems: Problems = {}
    if request.method == "POST":
        text = read_words(form_lists(), "notes", NOTES_LENGTH, problems)
        try:
            if not problems:
                save_notes(pair_id, number, own.enrolment.id, text, seen=version(), now=now())
                flash(_("The notes are saved. Everybody in this pair can read and change them."), "success")
                return redirect(url_for("student.meeting.show", pair_id=pair_id, number=number), 303)
        except ChangedMeanwhile as late:
            return _page(own, row, problems, theirs=late.current)
        except RuleBroken as broken:
            problems = {"notes": broken.sentence}
    return _page(own, row, problems)


@blueprint.get("/history")
def history(pair_id: int, number: int) -> str:
    """Every text that was saved, with what it changed, the newest first."""
    own, row = _here(pair_id, number)
    revisions = revisions_of(row.id)
    names = _names(own)
    until = max(0, min(request.args.get("until", len(revisions), type=int), len(revisions)))
    first = max(until - SHOWN, 0)
    saved = [
        (one, names.get(one.by, _("Somebody who has left")), moment(own, one.at).here, _changes(revisions, place))
        for place, one in enumerate(revisions)
    ]
    return render_template(
        "student/pair/meeting_notes_history.html",
        own=own,
        one=shown(own, row, now()),
        saved=saved[first:until][::-1],
        older=first if first > 0 else None,
        seen_by_notes=seen_by_words(seen_by(Written.MEETING_NOTES)),
    )


def _here(pair_id: int, number: int) -> tuple[OwnPair, Meeting]:
    own = here_in(pair_id)
    return own, meeting_in(pair_id, number) or abort(404)


def _names(own: OwnPair) -> dict[int, str]:
    return {one.enrolment.id: person_name(one.person) for one in own.everybody}


def _changes(revisions: tuple[Revision, ...], place: int) -> list[object]:
    before = revisions[place - 1].text if place else ""
    return list(difference(before, revisions[place].text))


def _page(own: OwnPair, row: Meeting, problems: Problems, theirs: Revision | None = None) -> tuple[str, int]:
    """The form with the present notes, or with what was typed; where somebody was faster, theirs above it."""
    revisions = revisions_of(row.id)
    last = revisions[-1] if revisions else None
    page = render_template(
        "student/pair/meeting_notes.html",
        own=own,
        one=shown(own, row, now()),
        last=last,
        text=request.form.get("notes", "") if request.method == "POST" else last.text if last else "",
        version=version() if problems else last.number if last else 0,
        theirs=theirs,
        their_name=_names(own).get(theirs.by, "") if theirs else "",
        problems={name: sentence(why) for name, why in problems.items()},
        maximum=NOTES_LENGTH,
        seen_by_notes=seen_by_words(seen_by(Written.MEETING_NOTES)),
    )
    return page, 409 if theirs else 422 if problems else 200
