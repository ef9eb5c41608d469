"""Staff change a programme's questionnaire: each change is a new version, and answers stay."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from lti_tool.actions import audit
from lti_tool.actions.programme import new_version, remember_version
from lti_tool.mentoring.editing import Answered, fingerprint, taken_over, why_not, with_question
from lti_tool.mentoring.questionnaire import Question, Questionnaire, questionnaire_from_json
from lti_tool.mentoring.words import Sentence
from lti_tool.store.db import HELD, transaction
from lti_tool.store.enrolment import answer_counts, option_counts
from lti_tool.store.programme import Programme


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What became of a change: done, or refused with the question as it is now, or with what is wrong, by field."""

    stale: Question | None = None
    problems: dict[str, Sentence] = field(default_factory=dict)

    @property
    def is_done(self) -> bool:
        """Whether it is saved."""
        return self.stale is None and not self.problems


def save_question(programme_id: int, question: Question, *, was: str, by: int, now: datetime) -> Saved:
    """Keep a question, new or changed; refused when somebody else changed it since it was read.

    Shape: `was` is the fingerprint of the question as it was read, empty for a new one.
    """
    with transaction() as session:
        programme = session.get_one(Programme, programme_id, with_for_update=HELD)
        present = questionnaire_from_json(programme.questionnaire)
        current = {one.key: one for one in (*present.questions, *present.removed)}.get(question.key)
        if current is not None and fingerprint(current) != was:
            return Saved(stale=current)
        if current is not None and (problems := why_not(current, question, answered(programme_id, current))):
            return Saved(problems=problems)
        _keep(programme, with_question(present, question), what=question.key, by=by, now=now)
    return Saved()


def rearrange(
    programme_id: int, change: Callable[[Questionnaire], Questionnaire], *, what: str, by: int, now: datetime
) -> None:
    """Move, hide, show, remove or bring back a question: a step that fits whatever others have changed meanwhile."""
    with transaction() as session:
        programme = session.get_one(Programme, programme_id, with_for_update=HELD)
        _keep(programme, change(questionnaire_from_json(programme.questionnaire)), what=what, by=by, now=now)


def take_in(programme_id: int, file: Questionnaire, *, version: int, by: int, now: datetime) -> bool:
    """Replace the questions by those of a file; False when somebody has saved since that version was read."""
    with transaction() as session:
        programme = session.get_one(Programme, programme_id, with_for_update=HELD)
        if programme.settings_version != version:
            return False
        present = questionnaire_from_json(programme.questionnaire)
        _keep(programme, taken_over(present, file), what="file", by=by, now=now)
    return True


def answered(programme_id: int, question: Question) -> Answered:
    """How many people have answered a question, and how many chose each option."""
    people = answer_counts(programme_id, [question.key])[question.key]
    options = [option.key for option in question.options] if people else []
    return Answered(people=people, by_option=option_counts(programme_id, question.key, options))


def _keep(programme: Programme, questionnaire: Questionnaire, *, what: str, by: int, now: datetime) -> None:
    """The questionnaire as the programme's next version; nothing where nothing has changed."""
    before, after = programme.questionnaire, questionnaire.to_json()
    if before == after:
        return
    remember_version(programme)
    programme.questionnaire = after
    new_version(programme, by=by, now=now)
    old = {one["key"]: one for one in before["questions"]}
    new = {one["key"]: one for one in after["questions"]}
    differ = [key for key in old | new if old.get(key) != new.get(key)]
    audit.record(
        "programme.questionnaire",
        now=now,
        by=by,
        programme_id=programme.id,
        before={"what": what, "questions": {key: old.get(key) for key in differ}, "order": list(old)},
        after={"what": what, "questions": {key: new.get(key) for key in differ}, "order": list(new)},
    )
