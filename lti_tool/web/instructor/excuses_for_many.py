"""Many are excused at once, such as after an outage: chosen, shown with what it does to points, then saved."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lti_tool.actions import excuses_for_many as actions
from lti_tool.actions.excuses_for_many import Ahead
from lti_tool.actions.participation import AT_ONCE_AT_MOST
from lti_tool.mentoring.excuse_forms import NOBODY_CHOSEN, WORDS_LENGTH, parse_bulk
from lti_tool.mentoring.excuses import Bulk, Whom, choices_of, label_of_key
from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken
from lti_tool.mentoring.scheme_effect import Bucket, Change
from lti_tool.mentoring.scheme_presets import scheme_for
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.mentoring.words import Sentence
from lti_tool.store.board import people_named
from lti_tool.store.class_points import people_of
from lti_tool.store.excuses import find_batch
from lti_tool.store.impact import section_ids
from lti_tool.store.people import Person
from lti_tool.store.programme import settings_of
from lti_tool.web.forms import form_lists
from lti_tool.web.ledger_words import options, reasons
from lti_tool.web.text import sentence
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("many", __name__, url_prefix="/participation/excuses/many")
LISTED = 50  # people whose points change, by name
CHOSEN = 100  # people who can be chosen one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One person whose points would change."""

    person: Person
    change: Change


@blueprint.route("/", methods=["GET", "POST"])
def give() -> Response | tuple[str, int]:
    """Choose from what and whom; look at what it does; save."""
    here = visitor()
    if request.method == "GET":
        return _form({"whom": NOBODY_CHOSEN} if _chose_nobody() else None), 200
    if request.form.get("then") == "edit":
        return _form(), 200
    sections = section_ids(here.course.id)
    bulk, problems = parse_bulk(form_lists(), [key for key, _label in _choices()], sections)
    if bulk is None:
        return _form(problems), 422
    if request.form.get("then") != "save":
        return _effect(bulk, actions.look_ahead(here.programme, bulk, by=here.person.id, now=now())), 200
    return _save(bulk)


@blueprint.post("/<int:batch_id>/undo")
def undo(batch_id: int) -> Response:
    """Take an excuse of many back, as one."""
    here = visitor()
    try:
        count = actions.undo_many(here.programme.id, batch_id, by=here.person.id, now=now())
    except LookupError:
        abort(404)
    if count:
        flash(ngettext("Taken back for %(num)s person.", "Taken back for %(num)s people.", count), "success")
        _say_if_counting(count)
    else:
        flash(_("This was taken back already."), "info")
    return redirect(url_for("instructor.excuses.queue"), 303)


def _save(bulk: Bulk) -> Response | tuple[str, int]:
    here, mark = visitor(), request.form.get("mark", "")
    try:
        number = actions.give_to_many(here.programme.id, bulk, mark=mark, by=here.person.id, now=now())
    except ChangedMeanwhile as fault:
        return _effect(bulk, fault.current, is_stale=True), 409
    except RuleBroken as fault:
        return _form({"": fault.sentence}), 422
    flash(_("Excused. You can take it back below, for everybody at once."), "success")
    batch = find_batch(here.programme.id, number)
    _say_if_counting(batch.people if batch else 0)
    return redirect(url_for("instructor.excuses.queue"), 303)


def _say_if_counting(people: int) -> None:
    if people > AT_ONCE_AT_MOST:
        flash(_("Their points are being counted anew; the list of the class shows them within a minute."), "info")


def _choices() -> list[tuple[str, str]]:
    return options(choices_of(scheme_for(settings_of(visitor().programme))))


def _chose_nobody() -> bool:
    """Whether somebody comes from the list of the class without a tick: that is not everybody."""
    return request.args.get("whom") == Whom.PEOPLE and not people_of(visitor().programme, _asked())


def _asked() -> list[int]:
    return [int(one) for one in request.values.getlist("person") if one.isdecimal() and len(one) < 10][:CHOSEN]


def _form(problems: Mapping[str, Sentence] | None = None) -> str:
    here, asked = visitor(), _asked()
    people, sections = people_of(here.programme, asked), section_ids(here.course.id)
    whom = [(Whom.EVERYBODY, _("Everybody who takes part"))]
    whom += [(Whom.SECTION, _("One section"))] if sections else []
    whom += [(Whom.PEOPLE, _("The people chosen below"))] if people else []
    return render_template(
        "instructor/excuses/many.html",
        options=_choices(),
        whom=whom,
        people=people,
        chosen=asked,
        sections=sections,
        reasons=reasons(of_them=True),
        values=request.values,
        problems={name: sentence(problem) for name, problem in (problems or {}).items()},
        longest=WORDS_LENGTH,
        seen=seen_by(Written.EXCUSE_ANSWER),
    )


def _effect(bulk: Bulk, ahead: Ahead, *, is_stale: bool = False) -> str:
    changes = ahead.effect.changes
    people = people_named(visitor().programme.id, [one.person for one in changes[:LISTED]])
    skipped = ("csrf_token", "t", "then", "mark")
    return render_template(
        "instructor/excuses/effect.html",
        bulk=bulk,
        label=sentence(label_of_key(bulk.given.key, scheme=scheme_for(settings_of(visitor().programme)))),
        whom=_whom(bulk),
        reason=dict(reasons(of_them=True))[bulk.given.reason],
        ahead=ahead,
        shown=[Shown(person=people[one.person], change=one) for one in changes[:LISTED] if one.person in people],
        more=max(0, len(changes) - LISTED),
        buckets=[one for one in ahead.effect.buckets if one.before or one.after],
        bucket_name=_bucket_name,
        is_stale=is_stale,
        fields=[(name, value) for name, values in form_lists().items() if name not in skipped for value in values],
    )


def _whom(bulk: Bulk) -> str:
    """For whom an excuse is meant, as staff chose it."""
    if bulk.whom is Whom.SECTION:
        return str(_("Section %(names)s", names=bulk.section))
    return str(_("Everybody who takes part") if bulk.whom is Whom.EVERYBODY else _("The people you ticked"))


def _bucket_name(bucket: Bucket) -> str:
    return str(_("%(low)s to %(high)s of 100", low=bucket.from_percent, high=bucket.to_percent))
