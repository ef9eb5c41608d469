"""The set-up in five questions, one page each. Every answer is saved at once, and every question has a default."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.phases import move
from lti_tool.actions.programme import save_settings
from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.settings_form import Section
from lti_tool.store.programme import settings_of
from lti_tool.web.instructor.sections import section_named, section_page, sent_section, summary
from lti_tool.web.telling import said
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("setup", __name__, url_prefix="/set-up")


@blueprint.before_request
def _only_once() -> Response | None:
    """Once sign-up is open, the same questions are the settings, whose impact is shown before they are saved."""
    if visitor().programme.phase == Phase.SET_UP:
        return None
    return redirect(url_for("instructor.programme.settings"), 303)


@blueprint.get("/")
def begin() -> Response:
    """The first question."""
    return redirect(url_for(".section", name=Section.OBJECTIVE), 303)


@blueprint.route("/<name>", methods=["GET", "POST"])
def section(name: str) -> Response | str | tuple[str, int]:
    """One question."""
    asked, here = section_named(name), visitor()
    if request.method == "GET":
        return section_page(asked, None, is_set_up=True)
    from_form = sent_section(asked)
    if from_form.settings is None or from_form.conflicts:
        return section_page(asked, from_form, is_set_up=True), 422
    if from_form.settings != settings_of(here.programme):
        is_saved = save_settings(
            here.programme.id, from_form.settings, by=here.person.id, now=now(), version=from_form.version
        )
        if not is_saved:
            return section_page(asked, sent_section(asked), is_set_up=True), 422
    later = list(Section)[asked.number :]
    return redirect(url_for(".section", name=later[0]) if later else url_for(".ready"), 303)


@blueprint.get("/ready")
def ready() -> str:
    """Everything that was answered, and the button that opens sign-up."""
    return render_template("instructor/setup/ready.html", summary=summary(settings_of(visitor().programme)))


@blueprint.post("/open")
def open_sign_up() -> Response:
    """The defaults are good, or the questions are answered: students may come."""
    here = visitor()
    with said():
        move(here.programme.id, Phase.SIGN_UP, by=here.person.id, now=now())
        flash(_("Sign-up is open. Tell your students: beside this stands a text that you can send them."), "success")
    return redirect(url_for("instructor.programme.overview"), 303)
