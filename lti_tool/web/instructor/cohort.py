"""From the roster to a cohort that is ready: how many stand where, who they are, and a word to who stands still."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from lti_tool.actions.nudges import NOT_BEFORE, remind
from lti_tool.mentoring.funnel import REMINDABLE, Stage, counts_for, outlook, rows, sections
from lti_tool.mentoring.reminders import parse_reminder
from lti_tool.store.funnel import ROLES, Wanted, groups_of, people_at, stages_of
from lti_tool.store.nudges import Nudge, nudges_of
from lti_tool.store.people import PAGE, Person
from lti_tool.web.forms import page_number
from lti_tool.web.stages import default_reminder
from lti_tool.web.text import sentence
from lti_tool.web.visitor import edge, now, visitor

blueprint = Blueprint("cohort", __name__, url_prefix="/cohort")
SECTIONS = 60  # a section's own funnel is chosen from a list of this many at most; the others are paged through
SECTION_PAGE = 15  # sections side by side, each with eight numbers that lead to their names


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One person of a list, and the last reminder to them."""

    person: Person
    role: str | None
    notice: Nudge | None
    mail: Nudge | None
    is_recent: bool  # too recent for another one


@blueprint.get("/")
def funnel() -> str:
    """How many have come how far, in all, by role and by section."""
    here = visitor()
    groups, of = groups_of(here.programme), stages_of(here.programme)
    known, page = sections(groups), page_number()
    section = request.args.get("section", "")
    chosen = section if section in known else None
    roles = [role for role in ROLES if any(one.role == role for one in groups)]
    return render_template(
        "instructor/cohort/funnel.html",
        rows=rows(groups, of, section=chosen),
        by_role={role: rows(groups, of, role=role, section=chosen) for role in roles},
        by_section={one: rows(groups, of, section=one) for one in paged(known, page)} if len(known) > 1 else {},
        sections=known[:SECTIONS],
        page=page,
        pages=max(1, -(-len(known) // SECTION_PAGE)),
        section=chosen,
        outlook=outlook(groups),
        counts_for=counts_for,
    )


def paged(known: Sequence[str], page: int) -> Sequence[str]:
    """The sections of one page; of a page that is not there, none."""
    return known[SECTION_PAGE * (page - 1) : SECTION_PAGE * page]


@blueprint.get("/<stage>")
def people(stage: str) -> str:
    """Who has reached a stage, or who stands still before it, by name."""
    return _page(_stage(stage), default_reminder(_stage(stage)), {})


@blueprint.post("/<stage>/remind")
def send(stage: str) -> Response | tuple[str, int]:
    """A word to everybody who stands still here."""
    here, at = visitor(), _stage(stage)
    if at not in REMINDABLE:
        abort(404)
    given, problems = parse_reminder(request.form)
    if given is None:
        typed = (request.form.get("subject", ""), request.form.get("text", ""))
        said = {name: sentence(problem) for name, problem in problems.items()}
        return _page(at, typed, said, is_silent=True), 422
    wanted = _wanted(at, is_silent=True)
    done = remind(
        here.programme.id,
        wanted,
        subject=given.subject,
        text=given.text,
        has_mail=edge().mail is not None,
        by=here.person.id,
        now=now(),
    )
    _say(done.reminded, done.mailed, done.too_soon)
    after = Stage.JOINED if at is Stage.INVITED else at  # who was written to is invited
    return redirect(url_for(".people", stage=after, who="silent", role=wanted.role, section=wanted.section), 303)


def _say(reminded: int, mailed: int, too_soon: int) -> None:
    if reminded:
        said = ngettext(
            "%(num)s person is reminded on their page.", "%(num)s people are reminded on their page.", reminded
        )
        by_mail = ngettext("%(num)s of them also gets a mail.", "%(num)s of them also get a mail.", mailed)
        flash(f"{said} {by_mail}", "success")
    if too_soon:
        flash(
            ngettext(
                "%(num)s person was not reminded again: the last reminder is less than a week old.",
                "%(num)s people were not reminded again: the last reminder is less than a week old.",
                too_soon,
            ),
            "info" if reminded else "warning",
        )
    if not reminded and not too_soon:
        flash(_("Nobody stands still here any more, so nobody was reminded."), "info")


def _page(stage: Stage, values: tuple[str, str], problems: dict[str, str], *, is_silent: bool | None = None) -> str:
    here, page = visitor(), page_number()
    wanted = _wanted(stage, is_silent=request.args.get("who") == "silent" if is_silent is None else is_silent)
    found, total = people_at(here.programme, wanted, page=page)
    nudges = nudges_of(here.programme.id, [person.id for person, _role in found])
    return render_template(
        "instructor/cohort/people.html",
        wanted=wanted,
        found=[_listed(person, role, nudges.get(person.id, [])) for person, role in found],
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        may_remind=wanted.is_silent and stage in REMINDABLE,
        values=values,
        problems=problems,
        has_mail=edge().mail is not None,
    )


def _listed(person: Person, role: str | None, nudges: list[Nudge]) -> Listed:
    ways = {one.channel: one for one in nudges}
    is_recent = bool(nudges) and nudges[0].asked_at > now() - NOT_BEFORE
    return Listed(person=person, role=role, notice=ways.get("page"), mail=ways.get("mail"), is_recent=is_recent)


def _stage(name: str) -> Stage:
    """The stage of the address, if this programme has it."""
    return next((one for one in stages_of(visitor().programme) if one == name), None) or abort(404)


def _wanted(stage: Stage, *, is_silent: bool) -> Wanted:
    role, section = request.values.get("role", ""), request.values.get("section", "")
    return Wanted(
        stage=stage,
        is_silent=is_silent,
        role=role if role in ROLES else None,
        section=section or None,
        words=request.args.get("q", ""),
    )
