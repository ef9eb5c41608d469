"""A questionnaire is read from a file: looked at first, then saved."""

import zlib
from base64 import b64decode, b64encode
from binascii import Error as NotPacked
from dataclasses import dataclass, field

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions import questionnaire as actions
from lti_tool.mentoring.editing import effects, taken_over, why_not
from lti_tool.mentoring.questionnaire import Question, Questionnaire, questionnaire_from_json
from lti_tool.mentoring.questionnaire_files import LARGEST_FILE, FileFault, from_csv, from_json
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("questionnaire_file", __name__, url_prefix="/questionnaire-file")
READERS = {"json": from_json, "csv": from_csv}


@dataclass(slots=True)
class Comparison:
    """What a file changes: new questions, changed ones with what happens to answers, those no longer asked; faults."""

    new: list[Question] = field(default_factory=list)
    changes: list[tuple[Question, tuple[Sentence, ...]]] = field(default_factory=list)
    gone: list[tuple[Question, int]] = field(default_factory=list)
    faults: list[FileFault] = field(default_factory=list)


@blueprint.route("/", methods=["GET", "POST"])
def take_in() -> Response | tuple[str, int]:
    """Choose a file, read what it changes, save."""
    if request.method == "GET":
        return _page()
    if "packed" in request.form:
        return _confirmed()
    sent = request.files.get("file")
    kind = (sent.filename or "").rpartition(".")[2].lower() if sent else ""
    if sent is None or kind not in READERS:
        return _page(problem=_("Please choose a file that ends in .json or .csv."))
    return _looked_at(sent.read(LARGEST_FILE * 4 + 1), kind)


def _looked_at(content: bytes, kind: str, *, is_late: bool = False) -> tuple[str, int]:
    read = _read(content, kind)
    if not isinstance(read, Questionnaire):
        return _page(faults=list(read))
    found = _compared(read)
    if found.faults:
        return _page(faults=found.faults)
    return _page(found=found, packed=b64encode(zlib.compress(content)).decode(), kind=kind, is_late=is_late)


def _confirmed() -> Response | tuple[str, int]:
    """Save what was looked at; look again where somebody else has saved meanwhile."""
    here, kind = visitor(), request.form.get("kind", "")
    try:
        content = zlib.decompressobj().decompress(b64decode(request.form["packed"]), LARGEST_FILE * 4)
    except (NotPacked, ValueError, zlib.error):
        return _page(problem=_("Please choose the file again."))
    read = _read(content, kind) if kind in READERS else ()
    if not isinstance(read, Questionnaire) or _compared(read).faults:
        return _looked_at(content, kind) if kind in READERS else _page(problem=_("Please choose the file again."))
    version = request.form.get("version", 0, type=int)
    if not actions.take_in(here.programme.id, read, version=version, by=here.person.id, now=now()):
        return _looked_at(content, kind, is_late=True)
    flash(_("The questions of the file are in place."), "success")
    return redirect(url_for("instructor.questionnaire.overview"), 303)


def _read(content: bytes, kind: str) -> Questionnaire | tuple[FileFault, ...]:
    try:
        return READERS[kind](content.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        return (FileFault(line=line, sentence=Sentence(N_("This file is not in UTF-8. Please save it as UTF-8."))),)


def _compared(read: Questionnaire) -> Comparison:
    """The file beside the questions as they are saved."""
    programme, found = visitor().programme, Comparison()
    present = questionnaire_from_json(programme.questionnaire)
    after = taken_over(present, read)
    known = {one.key: one for one in (*present.questions, *present.removed)}
    for question in after.questions:
        before = known.get(question.key)
        if before is None:
            found.new.append(question)
        elif before != question or before in present.removed:
            counted = actions.answered(programme.id, before)
            for name, problem in why_not(before, question, counted).items():
                words = {"key": question.key, "field": name, "problem": problem}
                sentence = Sentence(N_("Question “%(key)s”, %(field)s: %(problem)s"), words)
                found.faults.append(FileFault(line=1, sentence=sentence))
            found.changes.append((question, effects(before, question, counted)))
    kept = {one.key for one in after.questions}
    gone = [one for one in present.questions if one.key not in kept]
    found.gone = [(one, actions.answered(programme.id, one).people) for one in gone]
    if not found.changes and [one.key for one in present.questions] != [one.key for one in after.questions]:
        found.changes = [(after.questions[0], (Sentence(N_("The order of the questions changes.")),))]
    return found


def _page(
    *,
    found: Comparison | None = None,
    faults: list[FileFault] | None = None,
    problem: str = "",
    packed: str = "",
    kind: str = "",
    is_late: bool = False,
) -> tuple[str, int]:
    found = found or Comparison()
    text = render_template(
        "instructor/questionnaire/take_in.html",
        faults=faults or [],
        problem=problem,
        changes=found.changes,
        gone=found.gone,
        new=found.new,
        packed=packed,
        kind=kind,
        version=visitor().programme.settings_version,
        is_late=is_late,
    )
    return text, 422 if faults or problem else 200
