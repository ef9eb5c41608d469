"""Three reflections: written in pieces, handed in, and read again with what staff said about them."""

from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.reflections import save
from lti_tool.mentoring import reflections as rules
from lti_tool.mentoring.checkins import Window
from lti_tool.mentoring.enrolment import EnrolmentState
from lti_tool.mentoring.phases import ALLOWED
from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.reflections import PROMPTS, TITLES, Stage, State
from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.mentoring.workspace import Due
from lti_tool.store.checkins import plan_of
from lti_tool.store.enrolment import Enrolment, find_enrolment
from lti_tool.store.pairs import own_pairs
from lti_tool.store.programme import Programme, settings_of
from lti_tool.store.reflections import Reflection, find_reflection, readings_of, reflections_by
from lti_tool.web.forms import version
from lti_tool.web.student.pair import OwnPair
from lti_tool.web.text import sentence
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("reflections", __name__, url_prefix="/reflections")


@blueprint.get("/")
def overview() -> str:
    """The three reflections, and where each stands."""
    own, at = _own(), now()
    written = reflections_by(own.id)
    windows = _windows(visitor().programme)
    return render_template(
        "student/reflections/overview.html",
        stages=[(stage, TITLES[stage], windows.get(stage), written.get(stage)) for stage in Stage],
        at=at,
        may_write=_may_write(),
    )


def write(stage: str) -> Response | tuple[str, int]:
    """Write one in pieces, and hand it in; once it is read, look at it."""
    of, own, at = Stage(stage), _own(), now()
    window = _windows(visitor().programme).get(of)
    if window is None or at < window.opens_at:
        flash(_("This reflection is not open yet."), "info")
        return redirect(url_for(".overview"), 303)
    row = find_reflection(own.id, of)
    if request.method == "GET" or not _may_write():
        return _page(of, row, window, row.text if row else ""), 200
    text = request.form.get("text", "").replace("\r\n", "\n").strip()
    problem = rules.wrong_with(text)
    if problem:
        return _page(of, row, window, text, problem=problem), 422
    try:
        return _saved(own, of, text, at)
    except ChangedMeanwhile as fault:
        return _page(of, fault.current, window, text, is_stale=True), 409
    except RuleBroken as fault:
        return _page(of, row, window, text, problem=fault.sentence), 422


def _saved(own: Enrolment, stage: Stage, text: str, at: datetime) -> Response:
    """Keep it, and say what became of it.

    Raises: ChangedMeanwhile, RuleBroken
    """
    row = save(
        own.id,
        stage,
        text=text,
        is_shared="is_shared" in request.form,
        hand_in="hand_in" in request.form,
        version=version(),
        now=at,
    )
    if row.state == State.HANDED_IN:
        flash(_("Handed in. You can change it until somebody has read it."), "success")
        return redirect(url_for(".overview"), 303)
    flash(_("Your draft is saved. Nobody else can read it."), "success")
    return redirect(url_for(f".{stage.value}"), 303)


for _stage in Stage:  # an address and a name for each, so that what is due can lead there
    blueprint.add_url_rule(
        f"/{_stage.value}",
        endpoint=_stage.value,
        view_func=write,
        methods=["GET", "POST"],
        defaults={"stage": _stage.value},
    )


def dues(own: OwnPair, at: datetime) -> list[Due]:
    """The reflections that are open and not handed in."""
    written = reflections_by(own.enrolment.id)
    return [
        Due(
            kind="reflection",
            reason=Sentence(N_("%(title)s is open."), {"title": Sentence(TITLES[stage])}),
            place=f"reflection_{stage.value}",
            due_at=window.due_at,
        )
        for stage, window in _windows(own.programme).items()
        if window.is_in_time(at) and (stage not in written or written[stage].state == State.DRAFT)
    ]


def _page(
    stage: Stage,
    row: Reflection | None,
    window: Window,
    text: str,
    *,
    problem: Sentence | None = None,
    is_stale: bool = False,
) -> str:
    state = State(row.state) if row else State.DRAFT
    is_returned = row is not None and state is State.RETURNED
    readings = readings_of(row.id) if row is not None and is_returned else []
    ticked = "is_shared" in request.form if request.method == "POST" else bool(row and row.is_shared)
    return render_template(
        "student/reflections/write.html",
        stage=stage,
        title_words=_(TITLES[stage]),
        prompts=[_(prompt) for prompt in PROMPTS[stage]],
        row=row,
        state=state,
        text=text,
        is_shared=ticked,
        window=window,
        problem=sentence(problem),
        is_stale=is_stale,
        may_write=_may_write() and rules.may_write(state),
        readings=readings,
        rubric=rules.RUBRIC,
        score=rules.score([reading.marks for reading, _person in readings]),
        endpoint=f"student.reflections.{stage.value}",
        is_alone=not own_pairs(_own().id),
    )


def _windows(programme: Programme) -> dict[Stage, Window]:
    """When each can be written; before pairs are published there is nothing to reflect on."""
    if programme.published_at is None:
        return {}
    rhythm = plan_of(programme.id).rhythm
    return dict(rules.reflection_windows(settings_of(programme), programme.published_at, rhythm))


def _may_write() -> bool:
    return ALLOWED[Phase(visitor().programme.phase)].check_ins


def _own() -> Enrolment:
    """The visitor's part in this programme, as far as there are reflections in it."""
    here = visitor()
    enrolment = find_enrolment(here.programme.id, here.person.id) or abort(404)
    return enrolment if are_asked_of(enrolment, here.programme) else abort(404)


def are_asked_of(enrolment: Enrolment, programme: Programme) -> bool:
    """Whether somebody has reflections to write, or wrote some: who takes part once pairs are published, also without
    a partner, since they count for everybody."""
    is_asked = enrolment.state == EnrolmentState.JOINED and programme.published_at is not None
    return is_asked or bool(reflections_by(enrolment.id))
