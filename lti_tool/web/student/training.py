"""Training: pages to read, situations to think through, a quiz; one stops anywhere and goes on there, on any device."""

import math
from dataclasses import dataclass

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response

from lti_tool.actions import training as actions
from lti_tool.mentoring.application import MENTORING_ROLES
from lti_tool.mentoring.enrolment import EnrolmentState
from lti_tool.mentoring.quiz import QuizQuestion
from lti_tool.mentoring.training import QUIZ, WORDS_A_MINUTE, Page, Progress, progress, word_count
from lti_tool.mentoring.training import Training as Course
from lti_tool.store.enrolment import find_enrolment
from lti_tool.store.pairs import own_pairs
from lti_tool.store.training import Training, answers_in, done_in, find_training
from lti_tool.web.library import contents, training_of
from lti_tool.web.markdown import to_html
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("training", __name__, url_prefix="/training")
MENTOR, MENTEE = "mentor", "mentee"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far the visitor is in one course."""

    course: Course
    row: Training | None
    done: dict[str, str]
    progress: Progress
    minutes_left: int

    @property
    def is_passed(self) -> bool:
        """Whether the quiz is passed."""
        return self.row is not None and self.row.passed_at is not None


@blueprint.before_request
def _takes_part() -> Response | None:
    """Only who takes part has a training; everybody else reads on the first page how to join."""
    here = visitor()
    enrolment = find_enrolment(here.programme.id, here.person.id)
    if enrolment is None or enrolment.state == EnrolmentState.WITHDRAWN:
        flash(_("The training is for people who take part. Join first; it takes about five minutes."), "info")
        return redirect(url_for("student.home.overview"), 303)
    g.enrolment = enrolment
    return None


@blueprint.get("/")
def overview() -> Response | str:
    """The courses for the visitor's part; where there is only one, that one."""
    keys = courses_for(g.enrolment.role)
    found = [standing for key in keys if (standing := _standing_or_none(key))]
    if len(found) == 1:
        return redirect(url_for(".course", key=found[0].course.key), 303)
    return render_template("student/training/overview.html", standings=found)


@blueprint.get("/<any(mentor, mentee):key>/")
def course(key: str) -> str:
    """The modules of a course, how far one is, and where to go on."""
    standing = _standing(key)
    return render_template(
        "student/training/course.html",
        standing=standing,
        course=standing.course,
        onward=_address(standing.course, standing.progress.next_place),
        tries=standing.row.quiz_tries if standing.row else 0,
    )


@blueprint.route("/<any(mentor, mentee):key>/<module_key>/<step_key>", methods=["GET", "POST"])
def step(key: str, module_key: str, step_key: str) -> Response | str:
    """One page or one situation."""
    standing, place = _standing(key), f"{module_key}/{step_key}"
    made, module = standing.course.step(place), standing.course.module(module_key)
    if made is None or module is None:
        abort(404)
    before, after = standing.course.neighbours(place)
    if request.method == "POST":
        return _done(standing.course, place, isinstance(made, Page), _address(standing.course, after))
    chosen = (
        None if isinstance(made, Page) else made.reply((standing.row.replies if standing.row else {}).get(place, ""))
    )
    return render_template(
        "student/training/page.html" if isinstance(made, Page) else "student/training/scenario.html",
        standing=standing,
        step=made,
        module=module,
        place=place,
        body=_html(made.body) if isinstance(made, Page) else None,
        chosen=chosen,
        see=None if isinstance(made, Page) else _see(made.see),
        back=_address(standing.course, before),
        onward=_address(standing.course, after),
    )


@blueprint.route("/<any(mentor, mentee):key>/quiz/", methods=["GET", "POST"])
def quiz(key: str) -> Response | str:
    """Where the quiz stands: what it is, how far one is, or what came of it."""
    standing = _standing(key)
    _quiz_of(standing)
    if request.method == "POST":
        actions.try_again(g.enrolment.id, standing.course, now=now())
        return redirect(_open_question(_standing(key)) or url_for(".quiz", key=key), 303)
    drawn = actions.drawn_for(standing.row, g.enrolment.id, standing.course)
    result = actions.result_of(standing.row, g.enrolment.id, standing.course)
    return render_template(
        "student/training/quiz.html",
        standing=standing,
        drawn=drawn,
        answered=len(answers_in(standing.row)),
        result=result,
        read_again=[(topic.title, _see(topic.see)) for topic in result.read_again] if result else [],
        onward=_open_question(standing),
        must_be_right=[topic.title for topic in drawn.topics if topic.must_be_all_right],
    )


@blueprint.route("/<any(mentor, mentee):key>/quiz/<question_key>", methods=["GET", "POST"])
def question(key: str, question_key: str) -> Response | tuple[str, int]:
    """One question of the quiz; once answered it says why, and goes on to the next."""
    standing = _standing(key)
    _quiz_of(standing)
    asked, number, total = _asked(standing, question_key)
    chosen = answers_in(standing.row).get(question_key)
    problem = ""
    if request.method == "POST" and chosen is None:
        given = request.form.get("answer", "")
        if asked.option(given):
            actions.answer(g.enrolment.id, standing.course, question_key, given, now=now())
            return redirect(url_for(".question", key=key, question_key=question_key), 303)
        problem = _("Please choose one of the answers.")
    page = render_template(
        "student/training/question.html",
        standing=standing,
        question=asked,
        number=number,
        total=total,
        chosen=asked.option(chosen),
        see=_see(asked.see),
        onward=_open_question(standing) or url_for(".quiz", key=key),
        is_last=_open_question(standing) is None,
        problem=problem,
    )
    return page, 422 if problem else 200


@blueprint.get("/documents/<key>")
def document(key: str) -> str:
    """A document that the training leads to, such as where to get help."""
    found = contents().documents.get(key) or abort(404)
    return render_template("student/training/document.html", document=found, body=_html(found.body))


def courses_for(role: str) -> tuple[str, ...]:
    """Which courses are for this part: who mentors may read the mentees' primer too."""
    return (MENTOR, MENTEE) if role in MENTORING_ROLES else (MENTEE,)


def _standing(key: str) -> Standing:
    if key not in courses_for(g.enrolment.role):
        abort(404)
    return _standing_or_none(key) or abort(404)


def _standing_or_none(key: str) -> Standing | None:
    made = training_of(key)
    if made is None:
        return None
    row = find_training(g.enrolment.id, key)
    done, is_passed = done_in(row), bool(row and row.passed_at)
    left = [one.minutes for place, one in made.steps() if place not in done]
    if made.quiz and not is_passed:
        left.append(made.quiz.minutes(WORDS_A_MINUTE, word_count))
    return Standing(
        course=made,
        row=row,
        done=done,
        progress=progress(made, done, is_quiz_passed=is_passed),
        minutes_left=math.ceil(sum(left)),
    )


def _quiz_of(standing: Standing) -> None:
    if standing.course.quiz is None:
        abort(404)


def _done(made: Course, place: str, is_page: bool, onward: str) -> Response:
    """A page read leads on; a reply leads back to its consequence."""
    if is_page:
        actions.read(g.enrolment.id, made, place, now=now())
        return redirect(onward, 303)
    try:
        actions.reply(g.enrolment.id, made, place, request.form.get("reply", ""), now=now())
    except LookupError:
        flash(_("Please choose one of the three replies."), "warning")
    return redirect(str(_address(made, place)) + "#consequence", 303)


def _asked(standing: Standing, question_key: str) -> tuple[QuizQuestion, int, int]:
    """The question of this try with its number, and how many there are; a question of another try is not found."""
    drawn = actions.drawn_for(standing.row, g.enrolment.id, standing.course).questions
    keys = [one.key for one in drawn]
    if question_key not in keys:
        abort(404)
    at = keys.index(question_key)
    return drawn[at], at + 1, len(drawn)


def _open_question(standing: Standing) -> str | None:
    """The address of the first question of this try that is not answered."""
    answers = answers_in(standing.row)
    drawn = actions.drawn_for(standing.row, g.enrolment.id, standing.course).questions
    left = next((one.key for one in drawn if one.key not in answers), None)
    return url_for(".question", key=standing.course.key, question_key=left) if left else None


def _address(made: Course, place: str | None) -> str:
    """The address of a place of this course; where there is none, of the course."""
    if place == QUIZ:
        return url_for(".quiz", key=made.key)
    if place is None:
        return url_for(".course", key=made.key)
    module_key, _slash, step_key = place.partition("/")
    return url_for(".step", key=made.key, module_key=module_key, step_key=step_key)


def _see(place: str) -> str | None:
    """The address of a place that a text names, if the visitor may open it; guides belong to pairs."""
    kind, _slash, name = place.partition("/")
    if kind == "documents":
        return url_for(".document", key=name)
    if kind == "guides":
        pairs = own_pairs(g.enrolment.id)
        return url_for("student.pair_guides.guide", pair_id=pairs[0].id, key=name) if pairs else None
    for key in courses_for(g.enrolment.role):
        made = training_of(key)
        if made and made.step(place):
            return _address(made, place)
        if made and made.module(place):
            return url_for(".course", key=key) + f"#{place}"
    return None


def _html(body: str) -> Markup:
    return to_html(body, _see)
