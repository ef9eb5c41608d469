"""Check-ins that are asked once or for a reason, as far as they are for staff, and how the programme asks."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from lti_tool.actions.checkins import change_plan
from lti_tool.mentoring.checkins_asked import questions_of
from lti_tool.mentoring.checkins_plan import LIMITS, Plan, Release, parse_plan
from lti_tool.mentoring.checkins_probes import TITLES, ProbeKind
from lti_tool.mentoring.questionnaire import Audience
from lti_tool.mentoring.rules import ChangedMeanwhile
from lti_tool.store.checkins import plan_of, plan_row, probe_page
from lti_tool.store.pairs import side_of
from lti_tool.store.people import PAGE
from lti_tool.web.forms import form_lists, page_number, readable, version
from lti_tool.web.text import sentence
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("asked", __name__, url_prefix="/asked")

NUMBERS = {
    "window_days": _l("Days in which a check-in is in time"),
    "grace_days": _l("Days after that which nobody minds"),
    "first_contact_day": _l("Day after the pair began on which first contact is asked about"),
    "fit_day": _l("Day after the pair began on which fit is asked about"),
    "silent_days": _l("Silent days after which a pair is asked what is in the way"),
    "wellbeing_days": _l("Days between two questions to mentors how they are"),
    "closing_days": _l("Days before the end from which one can look back"),
    "quiet_from": _l("Quiet hours: nobody is reminded from this hour on"),
    "quiet_until": _l("Quiet hours end at this hour"),
}
RELEASES = (
    (Release.BOTH.value, _l("When everybody in the pair has written")),
    (Release.WINDOW.value, _l("Then, or when the time for it is over")),
)


@blueprint.get("/")
def answers() -> str:
    """The newest answers: only those whose label names the staff of the course."""
    page, kind = page_number(), request.args.get("kind", "")
    of = ProbeKind(kind) if kind in set(ProbeKind) else None
    rows, total = probe_page(visitor().programme.id, page=page, kind=of)
    return render_template(
        "instructor/asked/answers.html",
        rows=[
            (
                row,
                person,
                side_of(place),
                readable(questions_of(ProbeKind(row.kind)), row.answers, Audience.INSTRUCTOR),
            )
            for row, place, person in rows
        ],
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        titles={one.value: _(title) for one, title in TITLES.items()},
        kind=of.value if of else "",
    )


@blueprint.route("/plan", methods=["GET", "POST"])
def plan() -> Response | tuple[str, int]:
    """Windows, which probes are asked, when feedback is released, and quiet hours."""
    here = visitor()
    if request.method == "GET":
        return _page(_values(plan_of(here.programme.id))), 200
    wanted, problems = parse_plan(form_lists())
    if wanted is None:
        return _page(_typed(), problems={name: sentence(problem) for name, problem in problems.items()}), 422
    try:
        change_plan(here.programme.id, wanted, version=version(), by=here.person.id, now=now())
    except ChangedMeanwhile as fault:
        return _page(_typed(), changed=_lines(fault.current)), 409
    flash(_("Saved. What is open already stays open."), "success")
    return redirect(url_for(".plan"), 303)


def _page(
    values: dict[str, Any],
    *,
    problems: dict[str, str] | None = None,
    changed: list[tuple[str, str]] | None = None,
) -> str:
    row = plan_row(visitor().programme.id)
    return render_template(
        "instructor/asked/plan.html",
        values=values,
        problems=problems or {},
        summary=[(name, _named(name, words)) for name, words in (problems or {}).items()],
        changed=changed,
        numbers=NUMBERS,
        kinds=[(kind.value, _(TITLES[kind])) for kind in ProbeKind],
        releases=RELEASES,
        version=row.version if row else 0,
    )


def _named(name: str, problem: str) -> str:
    """A problem with the name of its field, since many read alike."""
    return str(_("%(label)s – %(problem)s", label=NUMBERS[name], problem=problem)) if name in NUMBERS else problem


def _values(stands: Plan) -> dict[str, Any]:
    return {name: getattr(stands.rhythm, name) for name in LIMITS} | {
        "asked": [kind.value for kind in ProbeKind if kind not in stands.left_out],
        "release": stands.release.value,
    }


def _typed() -> dict[str, Any]:
    return {name: request.form.get(name, "") for name in (*LIMITS, "release")} | {
        "asked": request.form.getlist("asked")
    }


def _lines(stands: Plan) -> list[tuple[str, str]]:
    """A plan in words, to put beside what somebody else wrote."""
    values = _values(stands)
    asked = ", ".join(_(TITLES[ProbeKind(kind)]) for kind in values["asked"])
    return [
        *((str(label), str(values[name])) for name, label in NUMBERS.items()),
        (_("Asked"), asked),
        (_("When partners read what was written half-way"), str(dict(RELEASES)[values["release"]])),
    ]
