"""The closing survey as staff see it: how many sent it, and, once it is over, how often each answer was given."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.surveys import is_open, read_results
from lti_tool.mentoring.closing_survey import survey_questions
from lti_tool.mentoring.questionnaire import QuestionKind
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.survey_results import FEWEST, Tally, results, words
from lti_tool.store.programme import Programme
from lti_tool.store.surveys import filled_sheets, sent_count
from lti_tool.web.forms import page_number
from lti_tool.web.text import sentence
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("survey", __name__, url_prefix="/survey")
ON_A_PAGE = 20  # texts


@blueprint.get("/")
def overview() -> str:
    """How many sent it; the counts, once no more sheets can come."""
    programme = visitor().programme
    found = results(filled_sheets(programme.id), _objectives(programme)) if programme.survey_read_at else None
    return render_template(
        "instructor/survey/overview.html",
        sent=sent_count(programme.id),
        is_open=is_open(programme),
        may_read=programme.phase == "closed" and programme.survey_read_at is None,
        results=found,
        charts=[_chart(one) for one in found.tallies] if found else [],
        texts=_texts(programme) if found and found.is_shown else [],
        fewest=FEWEST,
    )


@blueprint.post("/read")
def read() -> Response:
    """Close the survey for good and show what it came to."""
    here = visitor()
    try:
        read_results(here.programme.id, by=here.person.id, now=now())
    except RuleBroken as fault:
        flash(sentence(fault.sentence), "warning")
    return redirect(url_for(".overview"), 303)


@blueprint.get("/<key>")
def texts(key: str) -> Response | str:
    """What was written to one question, in no order."""
    programme, page = visitor().programme, page_number()
    question = _texts(programme).get(key)
    if question is None:
        abort(404)
    if programme.survey_read_at is None:
        return redirect(url_for(".overview"), 303)
    found = words(filled_sheets(programme.id), key)
    return render_template(
        "instructor/survey/texts.html",
        key=key,
        question=question,
        texts=found[ON_A_PAGE * (page - 1) : ON_A_PAGE * page],
        page=page,
        pages=max(1, -(-len(found) // ON_A_PAGE)),
    )


def _texts(programme: Programme) -> dict[str, str]:
    """The questions that are answered in words, by key."""
    asked = survey_questions(_objectives(programme))
    return {one.key: str(_(one.wording)) for one in asked if one.kind is QuestionKind.TEXT}


def _objectives(programme: Programme) -> frozenset[str]:
    return frozenset(str(key) for key, _words in programme.objectives)


def _chart(tally: Tally) -> dict[str, object]:
    """One question as rows of a chart, and side by side where that may be shown."""
    labels = [str(_(option.label)) for option in tally.question.options]
    return {
        "wording": str(_(tally.question.wording)),
        "of": tally.of,
        "rows": [(label, count, str(count)) for label, count in zip(labels, tally.counts, strict=True)],
        "sides": list(tally.by_sheet),
        "by_side": list(zip(labels, *tally.by_sheet.values(), strict=True)) if tally.by_sheet else [],
    }
