"""The agreement of a pair: read, written, signed, and how it came to be."""

from collections.abc import Iterable, Sequence

from flask import Blueprint, abort, flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions import agreement as actions
from lti_tool.mentoring.agreement import (
    LONGEST_TERM,
    OWN_PARTS,
    RULES,
    Part,
    PartChange,
    Terms,
    difference,
    parse_terms,
    put_together,
    state_of,
)
from lti_tool.mentoring.agreement_draft import Writer, drafted
from lti_tool.mentoring.questionnaire import questionnaire_from_json
from lti_tool.mentoring.rules import ChangedMeanwhile
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.store.agreement import (
    Agreement,
    agreement_numbered,
    agreements_of,
    newest_agreement,
    signatures_of,
    version_of,
)
from lti_tool.store.pairs import Partner
from lti_tool.store.programme import settings_of
from lti_tool.web.forms import version as version_seen
from lti_tool.web.student.pair import OwnPair, here_in
from lti_tool.web.student.pair_plan import back_to, member_ids, names_in, today_of, tried, writing
from lti_tool.web.text import person_name, sentence
from lti_tool.web.visitor import now

blueprint = Blueprint("pair_agreement", __name__, url_prefix="/pairs/<int:pair_id>/agreement")
SEEN_BY = seen_by(Written.AGREEMENT)


@blueprint.get("/")
def show(pair_id: int) -> str:
    """The newest version, who has signed it, and what changed since the reader last signed."""
    own = here_in(pair_id)
    rows = agreements_of(pair_id)
    signatures = signatures_of([row.id for row in rows])
    newest = rows[0] if rows else None
    signed_before = next((row for row in rows[1:] if own.enrolment.id in signatures[row.id]), None)
    return render_template(
        "student/pair/agreement.html",
        own=own,
        newest=newest,
        rows=rows,
        signatures=signatures,
        state=state_of(version_of(newest), member_ids(own)),
        changes=_changes(signed_before, newest) if newest and own.enrolment.id not in signatures[newest.id] else (),
        signed_before=signed_before,
        parts=_parts(newest) if newest else [],
        names=names_in(own),
        seen_by_audience=SEEN_BY,
    )


@blueprint.get("/versions/<int:number>")
def version(pair_id: int, number: int) -> str:
    """One version: what it changed, its words, and who signed it."""
    own = here_in(pair_id)
    row = agreement_numbered(pair_id, number) or abort(404)
    before = agreement_numbered(pair_id, number - 1)
    newest = newest_agreement(pair_id)
    return render_template(
        "student/pair/agreement_version.html",
        own=own,
        row=row,
        before=before,
        is_newest=newest is not None and newest.id == row.id,
        changes=_changes(before, row),
        parts=_parts(row),
        signatures=signatures_of([row.id])[row.id],
        names=names_in(own),
        seen_by_audience=SEEN_BY,
    )


@blueprint.route("/edit", methods=["GET", "POST"])
@writing
def write(own: OwnPair) -> Response | tuple[str, int]:
    """Write the next version, from the newest one or from what both said in the questionnaire."""
    newest = newest_agreement(own.pair.id)
    if request.method == "GET":
        return _form(own, newest.terms if newest else _draft(own), newest), 200
    terms, problems = parse_terms(request.form)
    if problems:
        return _form(own, terms, newest, problems, seen=version_seen()), 422
    signs = request.form.get("then") != "later"
    try:
        actions.save(own.pair.id, terms, by=own.enrolment.id, seen=version_seen(), signs=signs, now=now())
    except ChangedMeanwhile:
        return _second(own, terms, version_seen()), 409
    flash(_("Saved, and signed by you.") if signs else _("Saved. It is not signed by you yet."), "success")
    return back_to(".show", pair_id=own.pair.id)


@blueprint.post("/sign")
@writing
def sign(own: OwnPair) -> Response:
    """Sign the version that was read."""
    seen = version_seen()
    tried(
        lambda: actions.sign(own.pair.id, by=own.enrolment.id, seen=seen, now=now()),
        _("You have signed your agreement."),
    )
    return back_to(".show", pair_id=own.pair.id)


def _second(own: OwnPair, terms: Terms, seen: int) -> str:
    """The form after somebody else saved first: both people's changes in it, and above it what the other changed."""
    base, newest = agreement_numbered(own.pair.id, seen), newest_agreement(own.pair.id)
    before, theirs = base.terms if base else _draft(own), newest.terms if newest else {}
    changed = [part for part in OWN_PARTS if theirs.get(part, "") != before.get(part, "")]
    lines = [(_(part.heading), theirs.get(part, "")) for part in changed]
    return _form(own, put_together(before, terms, theirs), newest, first=lines)


def _form(
    own: OwnPair,
    terms: Terms,
    newest: Agreement | None,
    problems: dict[str, Sentence] | None = None,
    *,
    seen: int | None = None,
    first: Sequence[tuple[str, str]] | None = None,
) -> str:
    """The form; `first` are the words of somebody who saved meanwhile."""
    number = newest.number if newest else 0
    return render_template(
        "student/pair/agreement_form.html",
        own=own,
        newest=newest,
        terms=terms,
        rules=RULES,
        parts=list(Part),
        longest=LONGEST_TERM,
        problems={key: sentence(problem) for key, problem in (problems or {}).items()},
        number=number if seen is None else seen,
        first=first,
        names=names_in(own),
        seen_by_audience=SEEN_BY,
    )


def _parts(row: Agreement) -> list[tuple[Part, str, list[str]]]:
    """What stands in a version, part by part: the pair's own words, or the sentences that hold for every pair."""
    return [(part, row.terms.get(part, ""), row.rules.get(part, [])) for part in Part]


def _changes(before: Agreement | None, after: Agreement | None) -> tuple[PartChange, ...]:
    return difference(before.terms, after.terms) if before and after else ()


def _draft(own: OwnPair) -> dict[str, str]:
    """What stands in the form before anybody has written, in the reader's language."""
    begun_at = own.pair.published_at or now()
    draft = drafted(
        [_writer(one, own) for one in own.everybody],
        questionnaire_from_json(own.programme.questionnaire),
        begun_on=today_of(own, begun_at),
        ends_on=settings_of(own.programme).ends_on,
    )
    return {part.value: _as_text(sentences) for part, sentences in draft.items()}


def _as_text(sentences: Iterable[Sentence]) -> str:
    """Sentences one below the other, as many as there is room for: notes to a partner may be long."""
    text = ""
    for one in map(sentence, sentences):
        if len(text) + len(one) < LONGEST_TERM:
            text = f"{text}\n{one}" if text else one
    return text


def _writer(one: Partner, own: OwnPair) -> Writer:
    words = {"mentor": own.programme.mentor_word, "mentee": own.programme.mentee_word}
    return Writer(
        name=person_name(one.person),
        side=one.member.role,
        side_word=words.get(one.member.role, N_("Partner")),
        answers=one.enrolment.answers,
    )
