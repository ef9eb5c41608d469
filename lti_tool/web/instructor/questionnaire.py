"""The questionnaire as staff change it: the list, one question, a file, and how students see it."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from lti_tool.actions import questionnaire as actions
from lti_tool.mentoring.editing import effects, fingerprint, hidden, moved, restored, without
from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.question_checks import MUSTABLE, SEEN_BY
from lti_tool.mentoring.question_form import ADDABLE, ASKED_OF, LIMITED_BY_SETTINGS, likenesses, parse_question
from lti_tool.mentoring.questionnaire import (
    CHOICES,
    Comparer,
    Page,
    Question,
    QuestionKind,
    Questionnaire,
    questionnaire_from_json,
)
from lti_tool.mentoring.questionnaire_files import to_csv, to_json
from lti_tool.mentoring.settling import as_asked
from lti_tool.mentoring.weights import CONDITIONS, importance, likeness
from lti_tool.mentoring.words import Sentence
from lti_tool.store.enrolment import answer_counts
from lti_tool.web.forms import form_lists, grid_axes, settled_fields
from lti_tool.web.instructor.question_words import ASKED_WORDS, IMPORTANCE, KINDS, LIKENESS, SEEN_WORDS, differences
from lti_tool.web.text import sentence
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("questionnaire", __name__, url_prefix="/questionnaire")
FILES = {"json": (to_json, "application/json"), "csv": (to_csv, "text/csv; charset=utf-8")}
_STEPS: dict[str, Callable[[Questionnaire, str], Questionnaire]] = {
    "up": partial(moved, by=-1),
    "down": partial(moved, by=1),
    "hide": partial(hidden, is_hidden=True),
    "show": partial(hidden, is_hidden=False),
    "remove": without,
    "restore": restored,
}


@blueprint.get("/")
def overview() -> str:
    """Every question by page, with what it is for and how many have answered."""
    present = _present()
    everything = (*present.questions, *present.removed)
    return render_template(
        "instructor/questionnaire/overview.html",
        pages=[(page, [one for one in present.questions if one.page is page]) for page in Page],
        removed=present.removed,
        counts=answer_counts(visitor().programme.id, [question.key for question in everything]),
        importance=importance,
        likeness=likeness,
        conditions=CONDITIONS,
        asked_words=ASKED_WORDS,
        seen_words=SEEN_WORDS,
        importances=IMPORTANCE,
        likenesses=LIKENESS,
        kinds=KINDS,
    )


@blueprint.post("/arrange")
def arrange() -> AnyResponse:
    """Move, hide, show, remove or bring back one question."""
    step = next((name for name in _STEPS if name in request.form), None) or abort(404)
    key = request.form[step]
    if key not in {one.key for one in (*_present().questions, *_present().removed)}:
        abort(404)
    here = visitor()
    actions.rearrange(
        here.programme.id,
        lambda present: _STEPS[step](present, key),
        what=f"{step} {key}",
        by=here.person.id,
        now=now(),
    )
    return redirect(url_for(".overview", _anchor=f"q-{key}"), 303)


@blueprint.route("/new", methods=["GET", "POST"])
def add() -> AnyResponse | tuple[str, int]:
    """A question of one's own."""
    kind = request.values.get("kind", "")
    if kind not in {one.value for one in ADDABLE}:
        kinds = [(one.value, *KINDS[one]) for one in ADDABLE]
        return render_template("instructor/questionnaire/kind.html", kinds=kinds), 200
    if request.method == "GET":
        return _form(None, QuestionKind(kind), {})
    here = visitor()
    while True:  # somebody else may add a question of the same name at this moment
        question, problems = parse_question(form_lists(), None, _present())
        if question is None:
            return _form(None, QuestionKind(kind), problems)
        if actions.save_question(here.programme.id, question, was="", by=here.person.id, now=now()).is_done:
            flash(_("Saved. Whoever joins from now on is asked this."), "success")
            return redirect(url_for(".overview", _anchor=f"q-{question.key}"), 303)


@blueprint.route("/<key>", methods=["GET", "POST"])
def edit(key: str) -> AnyResponse | tuple[str, int]:
    """One question: what is said about it, and what a change does to answers that are there."""
    present = _present()
    before = {one.key: one for one in present.questions}.get(key) or abort(404)
    if request.method == "GET":
        return _form(before, before.kind, {})
    question, problems = parse_question(_untranslated(before), before, present)
    refused = _form(before, before.kind, problems) if question is None else _refused(before, question)
    if refused:
        return refused
    flash(_("Saved."), "success")
    return redirect(url_for(".overview", _anchor=f"q-{key}"), 303)


def _refused(before: Question, typed: Question) -> tuple[str, int] | None:
    """Save the question, or return the page that says what has to be read first."""
    here, was = visitor(), request.form.get("was", "")
    if was != fingerprint(before):
        return _form(before, before.kind, {}, typed=typed, is_stale=True)
    said = effects(before, typed, actions.answered(here.programme.id, before))
    if said and request.form.get("confirm") != _as_read(said):
        return _form(before, before.kind, {}, typed=typed, said=said)
    saved = actions.save_question(here.programme.id, typed, was=was, by=here.person.id, now=now())
    if saved.stale is not None:
        return _form(saved.stale, before.kind, {}, typed=typed, is_stale=True)
    return _form(before, before.kind, saved.problems) if saved.problems else None


@blueprint.get("/preview")
def preview() -> str:
    """A page of the questionnaire as a student with some role sees it; nothing is sent."""
    present = _present()
    role = request.args.get("role", EnrolmentRole.MENTEE.value)
    role = role if role in set(EnrolmentRole) else EnrolmentRole.MENTEE.value
    pages = present.pages_for(EnrolmentRole(role))
    name = request.args.get("page", "")
    page = Page(name) if name in set(pages) else pages[0] if pages else Page.HELP
    asked = present.on_page(EnrolmentRole(role), page)
    days, blocks = grid_axes()
    return render_template(
        "instructor/questionnaire/preview.html",
        role=role,
        roles=list(EnrolmentRole),
        page=page,
        pages=pages,
        fields=settled_fields(asked, as_asked(asked, {})),
        days=days,
        blocks=blocks,
    )


@blueprint.get("/file.<kind>")
def download(kind: str) -> Response:
    """The questionnaire as a file."""
    if kind not in FILES:
        abort(404)
    write, mimetype = FILES[kind]
    answer = Response(write(_present()), mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="questionnaire.{kind}"'
    return answer


def _present() -> Questionnaire:
    return questionnaire_from_json(visitor().programme.questionnaire)


def _untranslated(before: Question) -> dict[str, list[str]]:
    """The request's form with the tool's own words as they are stored, where nobody changed their translation."""
    form = form_lists()
    own = {"wording": before.wording, "hint": before.hint, "box": before.options[0].label if before.options else ""}
    own |= {f"option-{option.key}": option.label for option in before.options}
    kept = {name: [words] for name, words in own.items() if words and form.get(name) == [_(words)]}
    return form | kept


def _as_read(said: tuple[Sentence, ...]) -> str:
    """The effects as the form carries them, so that nobody agrees to others than they read."""
    return " ".join(sentence(one) for one in said)


def _form(
    before: Question | None,
    kind: QuestionKind,
    problems: dict[str, Sentence],
    *,
    typed: Question | None = None,
    said: tuple[Sentence, ...] = (),
    is_stale: bool = False,
) -> tuple[str, int]:
    """The form of a question; on a second try, exactly what was typed."""
    present = _present()
    is_retry = request.method == "POST"
    text = render_template(
        "instructor/questionnaire/question.html",
        before=before,
        kind=kind,
        values=request.form if is_retry else _values(before),
        problems={name: sentence(problem) for name, problem in problems.items()},
        said=said,
        confirm=_as_read(said),
        was=fingerprint(before) if before else "",
        differences=differences(before, typed) if is_stale and before and typed else [],
        is_stale=is_stale,
        count=actions.answered(visitor().programme.id, before).people if before else 0,
        has_choices=kind in CHOICES - {QuestionKind.GRID, QuestionKind.TICK},
        has_maximum=kind not in {QuestionKind.SINGLE, QuestionKind.LIKERT, QuestionKind.TICK, QuestionKind.GRID}
        and not (before and before.key in LIMITED_BY_SETTINGS),
        likenesses=[(one.value, *LIKENESS[one]) for one in likenesses(kind)],
        is_condition=before is not None and before.comparer in CONDITIONS,
        importances=[(one.value, *words) for one, words in IMPORTANCE.items() if one != "must" or _may_be_must(before)],
        counterparts=_counterparts(present, before),
        kinds=KINDS,
        pages=list(Page),
        asked_words=ASKED_WORDS,
        audiences=SEEN_BY,
        seen_words=SEEN_WORDS,
    )
    return text, 422 if is_retry else 200


def _values(before: Question | None) -> dict[str, str]:
    """The fields of the form as they stand before anybody types."""
    if before is None:
        return {
            "page": Page.ABOUT,
            "asked_of": "everybody",
            "seen_by": "all",
            "likeness": "ignore",
            "importance": "low",
        }
    named = {name: words for name, words in ASKED_OF.items() if words == before.asked_of}
    seen = {name: words for name, words in SEEN_BY.items() if words == before.seen_by}
    return {
        "wording": _(before.wording),
        "hint": _(before.hint) if before.hint else "",
        "page": before.page,
        "asked_of": next(iter(named), "everybody"),
        "seen_by": next(iter(seen), "staff"),
        "is_required": "yes" if before.is_required else "",
        "may_be_shown": "yes" if before.may_be_shown else "",
        "maximum": str(before.maximum or ""),
        "likeness": likeness(before),
        "importance": importance(before),
        "weight": str(before.weight),
        "counterpart": before.counterpart,
        "box": _(before.options[0].label) if before.kind is QuestionKind.TICK else "",
    }


def _may_be_must(before: Question | None) -> bool:
    return before is None or before.comparer is Comparer.NONE or before.comparer in MUSTABLE


def _counterparts(present: Questionnaire, before: Question | None) -> list[tuple[str, str]]:
    """The questions in which the other person may offer what is looked for here."""
    key = before.key if before else ""
    offering = {QuestionKind.MULTI, QuestionKind.OFFER}
    return [(one.key, _(one.wording)) for one in present.questions if one.kind in offering and one.key != key]
