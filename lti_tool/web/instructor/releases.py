"""Points are released for the gradebook: what would be sent now, who is left out and why, and what was released."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lti_tool.actions.participation import AT_ONCE_AT_MOST, person_ledger
from lti_tool.actions.release_for_many import release_people
from lti_tool.lti.gradebook import RESULT_SCOPE
from lti_tool.mentoring.releases import UNDER_WAY, WAITING_WORDS, Waiting, released_with
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.schemes import RELEASE_HINTS, RELEASE_WORDS, Columns, Release
from lti_tool.mentoring.words import Sentence
from lti_tool.store.long_releases import is_under_way, long_release
from lti_tool.store.releases import (
    SIZE,
    last_releases,
    news_of,
    next_release_of,
    spread_of,
    waiting_counts,
    waiting_page,
)
from lti_tool.web.forms import page_number
from lti_tool.web.text import sentence
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("releases", __name__, url_prefix="/release")


@blueprint.get("/")
def show() -> str:
    """Whose points a release would change, from what to what, and everybody else by reason."""
    programme, page = visitor().programme, page_number()
    asked = request.args.get("show", "")
    kind = Waiting(asked) if asked in set(Waiting) else Waiting.NEWS
    counts = waiting_counts(programme)
    return render_template(
        "instructor/releases/show.html",
        counts=counts,
        left_out=[(one, _(WAITING_WORDS[one]), counts[one]) for one in Waiting if one in counts],
        kind=kind,
        kind_words=_(WAITING_WORDS[kind]),
        rows=waiting_page(programme, kind, page=page),
        page=page,
        pages=max(1, -(-counts.get(kind, 0) // SIZE)),
        policy=_(RELEASE_WORDS[programme.release]),
        policy_hint=_(RELEASE_HINTS[programme.release]),
        upcoming=_upcoming(),
        spread=spread_of(programme),
        releases=last_releases(programme),
        long=long_release(programme, now=now()),
    )


def _upcoming() -> dict[str, Any] | None:
    """When the clock releases next, and for what; None where it does not."""
    programme = visitor().programme
    found = next_release_of(programme) if programme.release == Release.AFTER_DUE else None
    if found is None:
        return None
    at, enrolment_id = found
    ledger = person_ledger(enrolment_id, programme, now=now())
    return {"at": max(at, now()), "items": [sentence(one) for one in released_with(ledger, at)] if ledger else []}


@blueprint.post("/")
def release() -> Response | str | tuple[str, int]:
    """What students will see, and then the release: of everybody's points, or of those who were ticked."""
    here = visitor()
    only = None if request.form.get("of") == "all" else [int(one) for one in request.form.getlist("who") if _id(one)]
    if is_under_way(here.programme.id):
        return _refused(UNDER_WAY)
    news = news_of(here.programme, only)
    if not news:
        flash(_("Nothing to release: tick somebody whose points have changed, or wait until some have."), "info")
        return redirect(url_for(".show"), 303)
    if request.form.get("then") != "release":
        return _before(news, is_all=only is None)
    if _is_worse_than_shown(news):
        return _before(news, is_all=only is None, is_stale=True), 409
    return _released([row.id for row in news])


def _harms(news: list[Any]) -> list[int]:
    """How many people have fewer points than before, a zero, or none any more."""
    sent = [row for row in news if row.is_score]
    losing = sum(row.released_points is not None and row.points < row.released_points for row in sent)
    return [losing, sum(not row.points for row in sent), len(news) - len(sent)]


def _is_worse_than_shown(news: list[Any]) -> bool:
    """Whether more people lose something by it by now than the page before the release said."""
    seen = [int(one) for one in request.form.get("seen", "").split(".") if _id(one)]
    return len(seen) == 3 and any(now > shown for now, shown in zip(_harms(news), seen, strict=True))


def _before(news: list[Any], *, is_all: bool, is_stale: bool = False) -> str:
    """What a release does, before it is done.

    Shape: `zeros` and `clearing` are of everything together; of three columns each has its own, which nobody counted.
    """
    here = visitor()
    losing, zeros, clearing = _harms(news)
    return render_template(
        "instructor/releases/confirm.html",
        news=news,
        is_all=is_all,
        is_long=len(news) > AT_ONCE_AT_MOST,
        chosen=[] if is_all else [row.id for row in news],
        is_stale=is_stale,
        first=sum(row.released_points is None for row in news if row.is_score),
        losing=losing,
        zeros=zeros,
        clearing=clearing,
        has_three=here.programme.columns == Columns.THREE,
        can_compare=RESULT_SCOPE in here.course.gradebook_scopes,
    )


def _released(who: list[int]) -> Response:
    """Back to the page, which says what was released, or how far it is."""
    here = visitor()
    try:
        count = release_people(here.programme.id, who, by=here.person.id, now=now())
    except RuleBroken as fault:
        return _refused(fault.sentence)
    if count is not None:
        flash(ngettext("Released: points of %(num)s person.", "Released: points of %(num)s people.", count), "success")
    return redirect(url_for(".show"), 303)


def _refused(why: Sentence) -> Response:
    flash(sentence(why), "warning")
    return redirect(url_for(".show"), 303)


def _id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9
