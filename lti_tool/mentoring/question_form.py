"""A question as staff write it: from the fields of a form, or a line of a file, to a question, or to what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from lti_tool.mentoring.editing import new_key, with_labels
from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.question_checks import (
    LABEL_LENGTH,
    LONGEST_ANSWER,
    SEEN_BY,
    WORDING_LENGTH,
    wrong_with,
    wrong_with_words,
)
from lti_tool.mentoring.questionnaire import (
    CHOICES,
    YES,
    Comparer,
    Option,
    Page,
    Question,
    QuestionKind,
    Questionnaire,
)
from lti_tool.mentoring.questions import default_questionnaire
from lti_tool.mentoring.visibility import EVERYBODY, MENTEES, MENTORS, STAFF_SEE
from lti_tool.mentoring.weights import HIGHEST_WEIGHT, Importance, Likeness, importance, likeness, weight_for
from lti_tool.mentoring.words import N_, Sentence

LIMITED_BY_SETTINGS = frozenset({"mentee_limit"})  # its highest number is the programme's

# The kinds that staff can add; a grid and a choice of people are there once, and an offer belongs to what is wanted.
ADDABLE = (
    QuestionKind.SINGLE,
    QuestionKind.MULTI,
    QuestionKind.RANK,
    QuestionKind.LIKERT,
    QuestionKind.WHOLE_NUMBER,
    QuestionKind.TEXT,
    QuestionKind.TICK,
)
ASKED_OF: Mapping[str, frozenset[EnrolmentRole]] = {"everybody": EVERYBODY, "mentors": MENTORS, "mentees": MENTEES}
_COMPARERS: Mapping[tuple[QuestionKind, Likeness], Comparer] = {
    (QuestionKind.SINGLE, Likeness.SIMILAR): Comparer.SAME,
    (QuestionKind.MULTI, Likeness.SIMILAR): Comparer.SHARED,
    (QuestionKind.MULTI, Likeness.COMPLEMENTARY): Comparer.COMPLEMENT,
    (QuestionKind.RANK, Likeness.SIMILAR): Comparer.SHARED,
    (QuestionKind.RANK, Likeness.COMPLEMENTARY): Comparer.NEED_OFFER,
    (QuestionKind.LIKERT, Likeness.SIMILAR): Comparer.NEARNESS,
    (QuestionKind.GRID, Likeness.SIMILAR): Comparer.OVERLAP,
}
_REASONS: Mapping[Likeness, str] = {
    Likeness.SIMILAR: N_("What you have in common: %(things)s"),
    Likeness.COMPLEMENTARY: N_("What one of you looks for and the other offers: %(things)s"),
}
_STANDARD = {question.key: question for question in default_questionnaire().questions}

Form = Mapping[str, Sequence[str]]
T = TypeVar("T")


def likenesses(kind: QuestionKind) -> tuple[Likeness, ...]:
    """Return how the answers to such a question can be compared; free text is for people."""
    found = tuple(one for one in Likeness if (kind, one) in _COMPARERS)
    return (*found, Likeness.IGNORE)


def parse_question(
    form: Form, before: Question | None, questionnaire: Questionnaire
) -> tuple[Question | None, dict[str, Sentence]]:
    """Return the question a form holds, or None and what is wrong, by field; a new one where there was none before."""
    problems: dict[str, Sentence] = {}
    base = before or _blank(form, questionnaire, problems)
    if base is None:
        return None, problems
    question = _with_choices(base, form, problems)
    question = replace(
        question,
        wording=_text(form, "wording", problems, is_required=True),
        hint=_text(form, "hint", problems),
        page=_one_of(form, "page", {page.value: page for page in Page}, base.page, problems),
        asked_of=_one_of(form, "asked_of", ASKED_OF, base.asked_of, problems),
        seen_by=_one_of(form, "seen_by", SEEN_BY, base.seen_by, problems),
        is_required=_first(form, "is_required") == "yes",
        may_be_shown=_first(form, "may_be_shown") == "yes",
        maximum=_maximum(form, base, problems),
        counterpart=_first(form, "counterpart") if "counterpart" in form else base.counterpart,
    )
    question = _weighed(question, form, problems)
    for name, problem in wrong_with(question, questionnaire).items():
        problems.setdefault(name, problem)
    return (None if problems else question), problems


def _blank(form: Form, questionnaire: Questionnaire, problems: dict[str, Sentence]) -> Question | None:
    kinds = {kind.value: kind for kind in ADDABLE}
    kind = kinds.get(_first(form, "kind"))
    if kind is None:
        problems["kind"] = Sentence(N_("Please choose a kind of question."))
        return None
    taken = {question.key for question in (*questionnaire.questions, *questionnaire.removed)} | set(_STANDARD)
    key = new_key(_first(form, "wording"), taken)
    return Question(key=key, wording="", kind=kind, asked_of=EVERYBODY, seen_by=STAFF_SEE)


def _with_choices(base: Question, form: Form, problems: dict[str, Sentence]) -> Question:
    if base.kind not in CHOICES or base.kind is QuestionKind.GRID:
        return base
    if base.kind is QuestionKind.TICK:
        label = _text(form, "box", problems, is_required=True, most=LABEL_LENGTH)
        return replace(base, options=(Option(key=YES, label=label),))
    labels = {name.removeprefix("option-"): _first(form, name) for name in form if name.startswith("option-")}
    new = [line.strip() for line in _first(form, "new_options").splitlines() if line.strip()]
    return with_labels(base, labels, dict.fromkeys(new))


def _maximum(form: Form, base: Question, problems: dict[str, Sentence]) -> int:
    if base.key in LIMITED_BY_SETTINGS or "maximum" not in form:
        return base.maximum or _USUAL_MAXIMUM.get(base.kind, 0)
    text = _first(form, "maximum")
    if not text:
        return _USUAL_MAXIMUM.get(base.kind, 0)
    if text.isascii() and text.isdigit() and len(text) <= len(str(LONGEST_ANSWER)):
        return int(text)
    problems["maximum"] = Sentence(N_("Please enter a whole number, or nothing for no limit."))
    return base.maximum


_USUAL_MAXIMUM: Mapping[QuestionKind, int] = {
    QuestionKind.TEXT: 500,
    QuestionKind.RANK: 3,
    QuestionKind.WHOLE_NUMBER: 10,
}


def _weighed(question: Question, form: Form, problems: dict[str, Sentence]) -> Question:
    """The question with its comparer and its weight; a number in "advanced" counts more than a word."""
    wanted = _one_of(form, "likeness", {one.value: one for one in Likeness}, likeness(question), problems)
    comparer = question.comparer if likeness(question) is wanted else _comparer(question, wanted)
    reason = question.reason or (_REASONS.get(wanted, "") if question.may_be_shown else "")
    if comparer is Comparer.NONE:
        return replace(question, comparer=comparer, weight=0, is_must=False)
    step = _one_of(form, "importance", {one.value: one for one in Importance}, importance(question), problems)
    weight = question.weight if step is importance(question) else weight_for(step)
    number = _first(form, "weight")
    if number not in ("", str(question.weight)):  # the number was changed, so it counts more than the word
        is_number = number.isascii() and number.isdigit() and len(number) <= len(str(HIGHEST_WEIGHT))
        weight = int(number) if is_number else -1
    return replace(question, comparer=comparer, weight=weight, is_must=step is Importance.MUST, reason=reason)


def _comparer(question: Question, wanted: Likeness) -> Comparer:
    """The question's own comparer if it fits, since default questions have special ones; else the usual of its kind."""
    standard = _STANDARD.get(question.key)
    if standard is not None and likeness(standard) is wanted:
        return standard.comparer
    return _COMPARERS.get((question.kind, wanted), Comparer.NONE)


def _first(form: Form, name: str) -> str:
    values = form.get(name, ())
    return values[0].strip() if values else ""


def _text(
    form: Form, name: str, problems: dict[str, Sentence], *, is_required: bool = False, most: int = WORDING_LENGTH
) -> str:
    text = " ".join(_first(form, name).split())
    if is_required and not text:
        problems[name] = Sentence(N_("Please write something here."))
    elif problem := wrong_with_words(text, most):
        problems[name] = problem
    return text


def _one_of(form: Form, name: str, choices: Mapping[str, T], otherwise: T, problems: dict[str, Sentence]) -> T:
    """The chosen value; what was there before where the form does not ask."""
    if name not in form:
        return otherwise
    chosen = choices.get(_first(form, name))
    if chosen is None:
        problems[name] = Sentence(N_("Please choose one of these."))
        return otherwise
    return chosen
