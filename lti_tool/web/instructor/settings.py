"""Changes of a programme's settings: each shows what it does before it is saved, and each can be taken back."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.programme import save_settings
from lti_tool.mentoring.changes import changes, question_changes
from lti_tool.mentoring.impact import impacts
from lti_tool.mentoring.programme import ProgrammeSettings, settings_from_json
from lti_tool.mentoring.settings_form import SECTIONS, form_of
from lti_tool.store.impact import affected_by, standing_of
from lti_tool.store.programme import find_version, settings_of, versions_of
from lti_tool.web.instructor.effects import changes_points, effect_of_settings, shown
from lti_tool.web.instructor.history import history
from lti_tool.web.instructor.sections import Sent, section_named, section_page, sent_section
from lti_tool.web.visitor import local_day, now, visitor

blueprint = Blueprint("settings", __name__, url_prefix="/settings")


@blueprint.route("/<name>", methods=["GET", "POST"])
def section(name: str) -> Response | str | tuple[str, int]:
    """One section: the form, then what saving it would do, then the save."""
    asked = section_named(name)
    if request.method == "GET":
        return section_page(asked, None, is_set_up=False)
    sent = sent_section(asked)
    if sent.settings is None or sent.conflicts:
        return section_page(asked, sent, is_set_up=False), 422
    if request.form.get("then") == "edit":
        return section_page(asked, sent, is_set_up=False)
    if sent.settings == settings_of(visitor().programme):
        flash(_("Nothing was changed, so nothing was saved."), "info")
        return _to_settings()
    if request.form.get("then") == "save":
        return _saved(sent) or (section_page(asked, sent_section(asked), is_set_up=False), 422)
    names = (*SECTIONS[asked], *(name for name in form_of(sent.settings) if name.startswith("objective-")))
    fields = {name: values for name, values in form_of(sent.settings).items() if name in names}
    return _confirm(sent.settings, fields | {"version": [str(sent.version)]}, may_edit=True)


@blueprint.get("/versions")
def versions() -> str:
    """Who changed what, and when, the newest first."""
    programme = visitor().programme
    return render_template("instructor/settings/versions.html", versions=history(versions_of(programme.id), programme))


@blueprint.route("/versions/<int:number>", methods=["GET", "POST"])
def version(number: int) -> Response | str | tuple[str, int]:
    """Go back to an earlier version, after reading what that does."""
    here = visitor()
    row = find_version(here.programme.id, number) or abort(404)
    settings = settings_from_json(row.settings, settings_of(here.programme))
    if request.method == "GET":
        return _confirm(settings, {"version": [str(here.programme.settings_version)]}, questions=row.questionnaire)
    is_saved = save_settings(
        here.programme.id,
        settings,
        by=here.person.id,
        now=now(),
        version=request.form.get("version", 0, type=int),
        questionnaire=row.questionnaire,
    )
    if is_saved:
        flash(_("The settings are again as they were in version %(number)s.", number=number), "success")
        return _to_settings()
    flash(_("Somebody else has saved meanwhile. Please look again at what going back would do."), "warning")
    return redirect(url_for(".version", number=number), 303)


def _saved(sent: Sent) -> Response | None:
    """On to the settings after the save, or None where somebody else was faster."""
    here = visitor()
    if sent.settings is None:
        return None
    if not save_settings(here.programme.id, sent.settings, by=here.person.id, now=now(), version=sent.version):
        return None
    flash(_("Saved."), "success")
    return _to_settings()


def _confirm(
    after: ProgrammeSettings,
    fields: dict[str, list[str]],
    *,
    may_edit: bool = False,
    questions: dict[str, Any] | None = None,
) -> str:
    """What changes, whom it meets, and the button that saves it."""
    programme = visitor().programme
    before = settings_of(programme)
    met = changes_points(before, after)
    return render_template(
        "instructor/settings/confirm.html",
        **(shown(effect_of_settings(programme, before, after, now=now()), 1) if met else {}),
        changes=changes(before, after),
        questions=question_changes(programme.questionnaire, questions) if questions else (),
        impacts=impacts(
            before,
            after,
            affected_by(programme, after),
            standing=standing_of(programme),
            begun_on=local_day(programme.created_at),
            today=local_day(now()),
        ),
        action=url_for(str(request.endpoint), **(request.view_args or {})),
        fields=[(name, value) for name, values in fields.items() for value in values],
        may_edit=may_edit,
    )


def _to_settings() -> Response:
    return redirect(url_for("instructor.programme.settings"), 303)
