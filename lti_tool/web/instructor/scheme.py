"""What earns points, item by item: changed by staff, with what it does to everybody before it is saved."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from lti_tool.actions.programme import save_settings
from lti_tool.mentoring.due_dates import calendar_of, due_days
from lti_tool.mentoring.programme import ProgrammeSettings, settings_from_json
from lti_tool.mentoring.scheme_form import LABEL_LENGTH, parse_scheme, scheme_form_of
from lti_tool.mentoring.scheme_presets import PRESET_WORDS, scheme_for
from lti_tool.mentoring.schemes import LABELS, LATE_POSSIBLE, REPEATED, RULES, WITH_PARTNER, Kind, Rule, Scheme
from lti_tool.mentoring.words import Sentence
from lti_tool.store.programme import Programme, find_version, settings_of
from lti_tool.web.forms import form_lists
from lti_tool.web.instructor.effects import effect_of_settings, shown
from lti_tool.web.text import sentence
from lti_tool.web.visitor import local_day, now, visitor

blueprint = Blueprint("scheme", __name__, url_prefix="/what-earns-points")

PROBLEMS_LISTED = 12  # above the form; every problem stands beside its field
RULE_WORDS = {
    Rule.COMPLETION: _l("Done or not; what somebody writes is never graded."),
    Rule.PARTNER: _l("Done together, or tried hard enough alone. Never late."),
    Rule.RUBRIC: _l("As staff’s marks say, from 0 to 4."),
    Rule.AMOUNT: _l("As many hours as are logged, up to the number here."),
}
FIELD_WORDS = {
    "mentor": _l("Points for mentors"),
    "mentee": _l("Points for mentees"),
    "reserve": _l("Points for mentors without a partner"),
    "label": _l("Other name"),
    "count": _l("How many there are"),
    "best_of": _l("How many of them count"),
    "due_on": _l("Another day by which it is due"),
    "target_hours": _l("Hours for all the points"),
    "grace_days": _l("Days of grace, once"),
    "percent_a_day": _l("Then less for each day, in %"),
    "floor_percent": _l("Never below, in %"),
}
_FROM_SETTINGS = ("maximum", "least_minutes", "is_graded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The form as it was sent: what it leads to, or what is in the way."""

    form: dict[str, list[str]]
    version: int  # of the settings that the form was filled from
    settings: ProgrammeSettings | None = None
    problems: dict[str, Sentence] = field(default_factory=dict)
    is_fought: bool = False  # somebody else has changed the same meanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFields:
    """One kind of item as the form draws it: the fields that it has, and whether the rarer ones are shown at once."""

    kind: Kind
    label: str
    explained: str
    points: tuple[str, ...]
    more: tuple[str, ...]
    is_open: bool
    due_on: date | None  # by the calendar


@blueprint.route("/", methods=["GET", "POST"])
def edit() -> Response | str | tuple[str, int]:
    """The form, then what saving it would do to everybody, then the save."""
    programme = visitor().programme
    if request.method == "GET":
        form = scheme_form_of(scheme_for(settings_of(programme)))
        return _page(Sent(form=form, version=programme.settings_version))
    sent = _sent(programme)
    if sent.settings is None or sent.is_fought:
        return _page(sent), 422
    if request.form.get("then") == "edit":
        return _page(sent)
    if sent.settings == settings_of(programme):
        flash(_("Nothing was changed, so nothing was saved."), "info")
        return _to_settings()
    if request.form.get("then") == "save":
        return _saved(sent) or (_page(_sent(programme)), 422)
    return _confirm(sent, settings_of(programme), sent.settings)


def _sent(programme: Programme) -> Sent:
    """What the request's form holds."""
    kept, form = settings_of(programme), form_lists()
    version = request.form.get("version", programme.settings_version, type=int)
    row = find_version(programme.id, version) if version != programme.settings_version else None
    base = settings_from_json(row.settings, kept) if row else kept
    if request.form.get("then") == "preset" or request.form.get("own") == "no":
        own, problems = None, dict[str, Sentence]()
        form = scheme_form_of(scheme_for(replace(kept, own_scheme=None)))
    else:
        days = due_days(kept, programme.created_at)
        own, problems = parse_scheme(form | _of_settings(kept), kept.participation, between=days)
        if own is None:
            return Sent(form=form, version=version, problems=problems)
    mine = _without_needless(replace(kept, own_scheme=own))
    is_fought = scheme_for(base) != scheme_for(kept) and scheme_for(mine) != scheme_for(kept)
    return Sent(form=form, version=programme.settings_version, settings=mine, is_fought=is_fought)


def _of_settings(kept: ProgrammeSettings) -> dict[str, list[str]]:
    """What of a scheme is decided in the settings, as its form has it."""
    form = scheme_form_of(scheme_for(kept))
    fixed = {name: form.get(name, []) for name in _FROM_SETTINGS}
    return fixed | {f"{Kind.CHECK_IN}.count": [str(kept.check_in_count)]}


def _without_needless(settings: ProgrammeSettings) -> ProgrammeSettings:
    """The settings without a scheme of their own where it says what the preset says."""
    usual = replace(settings, own_scheme=None)
    return usual if scheme_for(settings) == scheme_for(usual) else settings


def _saved(sent: Sent) -> Response | None:
    """On to the settings after the save, or None where somebody else was faster."""
    here = visitor()
    if sent.settings is None:
        return None
    if not save_settings(here.programme.id, sent.settings, by=here.person.id, now=now(), version=sent.version):
        return None
    flash(_("Saved. Everybody’s points are counted anew."), "success")
    return _to_settings()


def _confirm(sent: Sent, before: ProgrammeSettings, after: ProgrammeSettings) -> str:
    """What the change does to everybody, and the button that saves it."""
    found = effect_of_settings(visitor().programme, before, after, now=now())
    fields = sent.form if after.own_scheme else {"own": ["no"]}
    kept = {name: values for name, values in fields.items() if name in _names() or name == "own"}
    return render_template(
        "instructor/scheme/confirm.html",
        fields=[(name, value) for name, values in kept.items() for value in values],
        version=sent.version,
        is_preset=after.own_scheme is None,
        release=before.release,
        **shown(found, request.form.get("page", 1, type=int)),
    )


def _page(sent: Sent) -> str:
    settings = settings_of(visitor().programme)
    problems = {name: sentence(why) for name, why in sent.problems.items()}
    return render_template(
        "instructor/scheme/edit.html",
        settings=settings,
        preset=PRESET_WORDS[settings.participation],
        is_own=scheme_for(settings) != scheme_for(replace(settings, own_scheme=None)),
        items=_items(sent, settings),
        words=FIELD_WORDS,
        label_length=LABEL_LENGTH,
        values={name: values[0] if values else "" for name, values in sent.form.items()},
        problems=problems,
        summary=[(name, _named(name, why)) for name, why in problems.items()][:PROBLEMS_LISTED],
        version=visitor().programme.settings_version,
        is_fought=sent.is_fought,
        theirs=_in_lines(scheme_for(settings)) if sent.is_fought else (),
    )


def _items(sent: Sent, settings: ProgrammeSettings) -> list[ItemFields]:
    dues = calendar_of(settings).due_at
    return [
        ItemFields(
            kind=kind,
            label=_(LABELS[kind]),
            explained=str(RULE_WORDS[RULES[kind]]),
            points=_points(kind),
            more=_more(kind),
            is_open=any(f"{kind}.{name}" in sent.problems for name in _more(kind)),
            due_on=local_day(dues[kind] - timedelta(microseconds=1)) if kind in dues else None,  # often a day's end
        )
        for kind in Kind
    ]


def _points(kind: Kind) -> tuple[str, ...]:
    counts = ("count", "best_of") if kind is Kind.MEETING else ("best_of",) if kind in REPEATED else ()
    hours = ("target_hours",) if RULES[kind] is Rule.AMOUNT else ()
    return ("mentor", "mentee", "reserve", *counts, *hours)


def _more(kind: Kind) -> tuple[str, ...]:
    due = () if kind in WITH_PARTNER else ("due_on",)
    return ("label", *due, *(("grace_days", "percent_a_day", "floor_percent") if kind in LATE_POSSIBLE else ()))


def _names() -> set[str]:
    """Every field of the form."""
    return {"basis", "complete_from"} | {f"{kind}.{name}" for kind in Kind for name in (*_points(kind), *_more(kind))}


def _named(name: str, why: str) -> str:
    """A problem with the name of its field, since many read alike."""
    kind, _dot, field_name = name.partition(".")
    if not field_name:
        return why
    label = _("%(item)s, %(field)s", item=_(LABELS[Kind(kind)]), field=FIELD_WORDS[field_name])
    return str(_("%(label)s – %(problem)s", label=label, problem=why))


def _in_lines(scheme: Scheme) -> list[tuple[str, str]]:
    """What a scheme is worth, item by item."""
    return [
        (
            item.label or _(LABELS[item.kind]),
            _("mentors %(mentor)s, mentees %(mentee)s", mentor=item.mentor, mentee=item.mentee),
        )
        for item in scheme.items
    ]


def _to_settings() -> Response:
    return redirect(url_for("instructor.programme.settings"), 303)
