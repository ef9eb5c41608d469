"""One entry of somebody's ledger, or their total: staff decide its points, or excuse it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions import excuses
from lti_tool.actions.overrides import computed_of, decide_points, most_for
from lti_tool.actions.participation import person_ledger
from lti_tool.mentoring.evidence import ALL_KEYS, TOTAL_KEY
from lti_tool.mentoring.excuse_forms import REASON_LENGTH, WORDS_LENGTH, parse_decided, parse_given
from lti_tool.mentoring.excuses import covering, label_of_key
from lti_tool.mentoring.ledgers import Entry, Ledger
from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.mentoring.words import Sentence
from lti_tool.store.db import db
from lti_tool.store.excuses import enrolment_in, excuses_of, overrides_of
from lti_tool.store.people import Person
from lti_tool.web.forms import version
from lti_tool.web.ledger_words import STANDINGS, is_graded, reasons, shown_excuses
from lti_tool.web.text import sentence
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("overrides", __name__, url_prefix="/participation/of/<int:enrolment_id>")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Whose entry it is, and what the rules say of it now."""

    enrolment_id: int
    person: Person
    ledger: Ledger
    key: str
    most: Decimal | None  # nothing can be decided here: None

    @property
    def entry(self) -> Entry | None:
        """The entry; None for the total."""
        return next((one for one in self.ledger.entries if one.key == self.key), None)

    @property
    def excused_key(self) -> str:
        """What an excuse from here is for."""
        return ALL_KEYS if self.key == TOTAL_KEY else self.key


@blueprint.get("/entry")
def entry(enrolment_id: int) -> str:
    """One entry: what the rule gives and why, what was decided, and the two forms."""
    return _page(_place(enrolment_id))


@blueprint.post("/points")
def decide(enrolment_id: int) -> Response | tuple[str, int]:
    """Decide points, or let the rule decide again."""
    here, place = visitor(), _place(enrolment_id)
    if place.most is None:
        abort(404)
    decided, problems = parse_decided(request.form, place.most)
    if decided is None:
        return _page(place, problems), 422
    try:
        decide_points(here.programme.id, enrolment_id, place.key, decided, seen=version(), by=here.person.id, now=now())
    except ChangedMeanwhile:
        return _page(place, is_stale=True), 409
    except RuleBroken as fault:
        return _page(_place(enrolment_id), {"points": fault.sentence}), 422
    flash(_("Decided. It counts from now on, and the person reads your reason."), "success")
    return _to_person(place)


@blueprint.post("/excuse")
def excuse(enrolment_id: int) -> Response | tuple[str, int]:
    """Excuse this person from one entry, or from everything."""
    here, place = visitor(), _place(enrolment_id)
    given, problems = parse_given({**request.form, "key": place.excused_key}, [place.excused_key])
    if given is None:
        return _page(place, problems), 422
    try:
        excuses.give(here.programme.id, enrolment_id, given, by=here.person.id, now=now())
    except RuleBroken as fault:
        return _page(place, {"reason": fault.sentence}), 422
    flash(_("Excused. It is taken out of what counts for this person."), "success")
    return _to_person(place)


def _place(enrolment_id: int) -> Place:
    """An entry of somebody in this programme; to everybody else there is no such page."""
    here = visitor()
    enrolment = enrolment_in(here.programme.id, enrolment_id) or abort(404)
    ledger = person_ledger(enrolment_id, here.programme, now=now()) or abort(404)
    key = request.values.get("item", "")
    if key != TOTAL_KEY and all(one.key != key for one in ledger.entries):
        abort(404)
    return Place(
        enrolment_id=enrolment_id,
        person=db.session.get_one(Person, enrolment.person_id),
        ledger=ledger,
        key=key,
        most=most_for(key, ledger) if is_graded(here.programme) else None,
    )


def _page(place: Place, problems: Mapping[str, Sentence] | None = None, *, is_stale: bool = False) -> str:
    history = overrides_of(place.enrolment_id, place.key)
    keys = covering(place.excused_key)
    return render_template(
        "instructor/participation/entry.html",
        place=place,
        label=_("All points") if place.key == TOTAL_KEY else sentence(label_of_key(place.key, place.ledger)),
        computed=computed_of(place.key, place.ledger),
        history=history,
        seen_version=history[0][0].id if history else 0,
        excuses=shown_excuses(
            (one for one in excuses_of(place.enrolment_id) if one.key in keys), place.ledger, of_them=True
        ),
        standing_words=STANDINGS,
        reasons=reasons(of_them=True),
        values=request.form,
        problems={name: sentence(problem) for name, problem in (problems or {}).items()},
        is_stale=is_stale,
        longest=WORDS_LENGTH,
        longest_reason=REASON_LENGTH,
        seen={"why": seen_by(Written.POINTS_REASON), "words": seen_by(Written.EXCUSE_ANSWER)},
    )


def _to_person(place: Place) -> Response:
    return redirect(url_for("instructor.participation.person", person_id=place.person.id), 303)
