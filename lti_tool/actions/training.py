"""Going through the training: every page, reply and answer is kept at once, on whatever device it comes from."""

from datetime import datetime

from sqlalchemy import select

from lti_tool.actions.participation import recount_people
from lti_tool.mentoring.quiz import DrawnQuiz, QuizResult, draw_quiz, grade
from lti_tool.mentoring.training import Scenario, progress
from lti_tool.mentoring.training import Training as Course
from lti_tool.store.db import HELD, db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.training import Training, answers_in, done_in, seed_of


def read(enrolment_id: int, course: Course, place: str, *, now: datetime) -> None:
    """Mark a page as read.

    Raises: LookupError where the course has no such page.
    """
    with transaction():
        row = _own(enrolment_id, course, now)
        _do(row, course, place)
        _finish(row, course, now)


def reply(enrolment_id: int, course: Course, place: str, chosen: str, *, now: datetime) -> None:
    """Keep what somebody chose in a scenario; another choice later takes its place.

    Raises: LookupError where the course has no such scenario, or the scenario no such reply.
    """
    step = course.step(place)
    if not isinstance(step, Scenario) or step.reply(chosen) is None:
        raise LookupError(place)
    with transaction():
        row = _own(enrolment_id, course, now)
        row.replies = row.replies | {place: chosen}
        _do(row, course, place)
        _finish(row, course, now)


def drawn_for(row: Training | None, enrolment_id: int, course: Course) -> DrawnQuiz:
    """The questions of this person's last try.

    Raises: LookupError where the course has no quiz.
    """
    if course.quiz is None:
        raise LookupError(course.key)
    return draw_quiz(course.quiz, seed_of(row, enrolment_id, course.key))


def result_of(row: Training | None, enrolment_id: int, course: Course) -> QuizResult | None:
    """What came of the last try; None while questions are open."""
    drawn, answers = drawn_for(row, enrolment_id, course), answers_in(row)
    return None if any(one.key not in answers for one in drawn.questions) else grade(drawn, answers)


def answer(enrolment_id: int, course: Course, question_key: str, chosen: str, *, now: datetime) -> None:
    """Keep one answer of the quiz; the first one counts, since it is explained at once.

    Raises: LookupError where this try has no such question, or the question no such answer.
    """
    with transaction():
        row = _own(enrolment_id, course, now)
        drawn = drawn_for(row, enrolment_id, course)
        question = next((one for one in drawn.questions if one.key == question_key), None)
        if question is None or question.option(chosen) is None:
            raise LookupError(question_key)
        answers = answers_in(row)
        if question_key in answers:
            return
        row.quiz_answers = {"try": row.quiz_answers.get("try", 0), "answers": answers | {question_key: chosen}}
        result = result_of(row, enrolment_id, course)
        if result:
            row.quiz_tries += 1
            row.passed_at = row.passed_at or (now if result.is_passed else None)
            _finish(row, course, now)


def try_again(enrolment_id: int, course: Course, *, now: datetime) -> None:
    """Begin a new try with other questions; one that is not finished goes on instead."""
    with transaction():
        row = _own(enrolment_id, course, now)
        if result_of(row, enrolment_id, course):
            row.quiz_answers = {"try": row.quiz_answers.get("try", 0) + 1, "answers": {}}


def _own(enrolment_id: int, course: Course, now: datetime) -> Training:
    """The person's row, for this change alone; begun where there is none."""
    session = db.session()
    session.get_one(Enrolment, enrolment_id, with_for_update=HELD)  # two tabs at once find one row
    query = select(Training).filter_by(enrolment_id=enrolment_id, course=course.key).with_for_update()
    row = session.scalar(query)
    if row is None:
        row = Training(enrolment_id=enrolment_id, course=course.key, done=[], replies={}, quiz_tries=0, quiz_answers={})
        session.add(row)
    row.changed_at = now
    return row


def _do(row: Training, course: Course, place: str) -> None:
    step = course.step(place)
    if step is None:
        raise LookupError(place)
    done = done_in(row) | {place: step.version}
    row.done = [[one, version] for one, version in done.items()]


def _finish(row: Training, course: Course, now: datetime) -> None:
    """Who has done everything once stays done, also when the texts grow later."""
    if row.finished_at is None:
        made = progress(course, done_in(row), is_quiz_passed=row.passed_at is not None)
        row.finished_at = now if made.is_complete else None
        if row.finished_at:
            recount_people([row.enrolment_id], now=now)
