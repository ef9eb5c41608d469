"""For the demo alone: the rest of a large course comes, at varied stages, without two thousand browsers.

It does what people's clicks do, through the same actions where those are quick; only answers and trainings, which would
take a hundred steps each, are written as they end up. The same course gives the same crowd.
"""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import func, select

from lti_tool.actions import application
from lti_tool.actions.enrolment import choose_role, join, withdraw
from lti_tool.mentoring.application import MENTORING_ROLES, Decision, Review, Step, pages
from lti_tool.mentoring.contents import Contents
from lti_tool.mentoring.enrolment import Editions, EnrolmentRole
from lti_tool.mentoring.questionnaire import Question, QuestionKind, Questionnaire, questionnaire_from_json
from lti_tool.mentoring.training import Scenario
from lti_tool.mentoring.training import Training as Course
from lti_tool.store.application import find_application
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment, find_enrolment
from lti_tool.store.people import Member
from lti_tool.store.programme import Programme
from lti_tool.store.training import Training

MOTIVATION = (
    "When I began here I did not know anybody, and for weeks I thought that everybody else knew what was going on."
    " An older student showed me how she planned her week, which lectures were worth preparing, and whom to ask when"
    " nothing made sense any more. That helped me more than any book. I would like to do the same for somebody new."
    " I am patient, I like to listen, and I have found that explaining something is the best way to see whether I have"
    " understood it myself."
)
STRUGGLE = "Statistics. A study group and small weekly goals helped."


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """How many came, and how far."""

    students: int
    joined: int
    approved: int
    trained: int


@dataclass(slots=True)
class Crowd:
    """The students of one programme's course, who come one after the other."""

    programme: Programme
    questionnaire: Questionnaire
    course: Course  # the training for mentors
    editions: Editions  # of what they agree to
    by: int  # the member of staff who decides
    now: datetime
    joined: int = 0
    approved: int = 0
    trained: int = 0

    def come(self, number: int, person_id: int) -> None:
        """One student, as far as the number says."""
        chance = Random(f"crowd {number}")  # noqa: S311  # varied, no secrets
        place = number % 20
        if place < 3:
            return  # never opened it, or only looked
        role = EnrolmentRole.MENTOR if number % 3 == 0 else EnrolmentRole.MENTEE
        role = EnrolmentRole.EITHER if number % 11 == 5 else role
        zone = self.programme.time_zone
        choose_role(self.programme.id, person_id, role, time_zone=zone, now=self.now)
        enrolment_id = self._answer(person_id, role, chance)
        if place == 3:
            return  # has begun
        join(enrolment_id, self.editions, now=self.now)
        self.joined += 1
        if place == 4:
            withdraw(enrolment_id, now=self.now)
        elif role in MENTORING_ROLES:
            self.prepare(enrolment_id, number, chance)

    def prepare(self, enrolment_id: int, number: int, chance: Random, *, is_whole: bool = False) -> None:
        """A mentor applies, is decided about, and goes through the training, each as far as the number says."""
        place = 9 if is_whole else number % 10
        if place == 0:
            return
        scenarios = self.course.application
        asked = [one for step in Step for one in pages(scenarios, is_asked=False)[step]]
        replies = {one.key: chance.choice(one.replies).key for one in scenarios}
        values = {"motivation": MOTIVATION, "struggle": STRUGGLE, "training": "yes", **replies}
        if place == 1:
            application.save(enrolment_id, values | {"training": None}, now=self.now)
            return
        application.send(enrolment_id, values, asked, now=self.now)
        if place in {2, 3}:
            self._decide(enrolment_id, {2: Decision.ASK, 3: Decision.DECLINE}[place])
        if place > 4:
            application.decide_several(self.programme.id, [enrolment_id], Decision.APPROVE, by=self.by, now=self.now)
            self.approved += 1
            self._train(enrolment_id, chance, is_whole=place > 6)

    def _answer(self, person_id: int, role: EnrolmentRole, chance: Random) -> int:
        with transaction():
            row = find_enrolment(self.programme.id, person_id)
            if row is None:
                raise LookupError(person_id)
            asked = self.questionnaire.for_role(role)
            given = {one.key: _answer(one, chance) for one in asked}
            row.answers = {key: answer for key, answer in given.items() if answer is not None}
            row.capacity = min(int(row.answers.get("mentee_limit", 1)), self.programme.mentor_capacity_limit)
            return row.id

    def _decide(self, enrolment_id: int, decision: Decision) -> None:
        row = find_application(enrolment_id)
        if row is None:
            raise LookupError(enrolment_id)
        given = Review(decision=decision, marks={"motivation": 2}, note="", words="Could you tell us more?")
        seen = application.seen(row)
        application.review(self.programme.id, enrolment_id, given, seen_as=seen, by=self.by, now=self.now)

    def _train(self, enrolment_id: int, chance: Random, *, is_whole: bool) -> None:
        steps = list(self.course.steps())
        done = steps if is_whole else steps[: chance.randrange(len(steps))]
        row = Training(
            enrolment_id=enrolment_id,
            course=self.course.key,
            done=[[place, step.version] for place, step in done],
            replies={place: chance.choice(step.replies).key for place, step in done if isinstance(step, Scenario)},
            quiz_tries=int(is_whole),
            quiz_answers={},
            passed_at=self.now if is_whole else None,
            finished_at=self.now if is_whole else None,
            changed_at=self.now,
        )
        with transaction() as session:
            session.add(row)
        self.trained += is_whole


def fill(contents: Contents, *, now: datetime) -> Came:
    """Let everybody come who has not yet, in the largest course; its mentors apply and are trained from now on."""
    programme = _largest()
    with transaction() as session:
        row = session.get_one(Programme, programme.id)
        row.asks_application = row.asks_training = True
    crowd = Crowd(
        programme=programme,
        questionnaire=questionnaire_from_json(programme.questionnaire),
        course=contents.trainings["mentor"],
        editions=contents.editions,
        by=_member_ids(programme, role="instructor")[0],
        now=now,
    )
    present = dict(
        db.session.execute(
            select(Enrolment.person_id, Enrolment.id).where(
                Enrolment.programme_id == programme.id, Enrolment.state == "joined", Enrolment.role != "mentee"
            )
        ).all()
    )
    for enrolment_id in present.values():
        crowd.prepare(enrolment_id, 9, Random("present"), is_whole=True)  # noqa: S311  # varied, no secrets
    students = _member_ids(programme, role="student")
    known = set(db.session.scalars(select(Enrolment.person_id).filter_by(programme_id=programme.id)))
    for number, person_id in enumerate(students):
        if person_id not in known:
            crowd.come(number, person_id)
    _opened(programme, students, now)
    return Came(students=len(students), joined=crowd.joined, approved=crowd.approved, trained=crowd.trained)


def _largest() -> Programme:
    query = select(Programme).join(Member, Member.course_id == Programme.course_id).group_by(Programme.id)
    return db.session.scalars(query.order_by(func.count().desc(), Programme.id).limit(1)).one()


def _member_ids(programme: Programme, *, role: str) -> list[int]:
    query = select(Member.person_id).filter_by(course_id=programme.course_id, role=role, is_active=True)
    return list(db.session.scalars(query.order_by(Member.id)))


def _opened(programme: Programme, students: list[int], now: datetime) -> None:
    """Who has come has opened the tool; so have some who only looked."""
    with transaction() as session:
        joined = set(session.scalars(select(Enrolment.person_id).filter_by(programme_id=programme.id)))
        looked = {person_id for number, person_id in enumerate(students) if number % 20 == 2}
        for member in session.scalars(select(Member).filter_by(course_id=programme.course_id, role="student")):
            if member.launched_at is None and member.person_id in joined | looked:
                member.launched_at = now


def _answer(question: Question, chance: Random) -> Any:
    """An answer that fits the question; None where it is left out."""
    keys = [option.key for option in question.options]
    if question.kind is QuestionKind.WHOLE_NUMBER:
        return chance.randint(1, max(1, question.maximum))
    if question.kind is QuestionKind.GRID:
        usual = [key for key in keys if key.endswith(("16", "18"))]
        return [key for key in keys if key in {*chance.sample(usual, 8), *chance.sample(keys, 5)}]
    if question.kind is QuestionKind.MULTI:
        most = min(question.maximum or 3, 3, len(keys))
        chosen = {"en", *chance.sample(keys, 1)} if question.key == "languages" else set(chance.sample(keys, most))
        return [key for key in keys if key in chosen]
    if question.kind is QuestionKind.RANK:
        return chance.sample(keys, min(question.maximum or 1, len(keys)))
    return chance.choice(keys) if keys else None
