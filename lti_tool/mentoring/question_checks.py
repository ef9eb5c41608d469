"""What makes a question sound, whoever wrote it: a form or a file."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from lti_tool.mentoring.availability import GRID
from lti_tool.mentoring.questionnaire import (
    Audience,
    Comparer,
    Question,
    QuestionKind,
    Questionnaire,
    question_from_json,
)
from lti_tool.mentoring.visibility import ALL_SEE, ONLY_SELF, PARTNER_SEES, STAFF_SEE
from lti_tool.mentoring.weights import HIGHEST_WEIGHT
from lti_tool.mentoring.words import N_, Sentence, wrong_with_text

WORDING_LENGTH = 300
LABEL_LENGTH = 120
MOST_OPTIONS = 60
LONGEST_ANSWER = 5000
HIGHEST_NUMBER = 1000

# The fields of a question as JSON values.
LISTS = ("asked_of", "seen_by")
FLAGS = ("is_required", "is_hidden", "may_be_shown", "is_must")
NUMBERS = ("maximum", "suggested", "weight")
TEXTS = ("key", "page", "wording", "hint", "kind", "comparer", "counterpart", "reason")
SEEN_BY: Mapping[str, frozenset[Audience]] = {
    "self": ONLY_SELF,
    "staff": STAFF_SEE,
    "partner": PARTNER_SEES,
    "all": ALL_SEE,
}
WISH_KEYS = frozenset({"wish_together", "wish_apart"})
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
_OPTION_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
# How the answers to each kind can be compared; what is free to write is for people.
_COMPARABLE: Mapping[QuestionKind, frozenset[Comparer]] = {
    QuestionKind.SINGLE: frozenset(
        {Comparer.SAME, Comparer.SHARED, Comparer.STAGE, Comparer.NEARNESS, Comparer.TOP_CRITERION}
    ),
    QuestionKind.LIKERT: frozenset({Comparer.NEARNESS, Comparer.CLOSENESS}),
    QuestionKind.MULTI: frozenset(
        {
            Comparer.SHARED,
            Comparer.SHARED_RARE,
            Comparer.LANGUAGE,
            Comparer.NEEDED_LANGUAGE,
            Comparer.COMPLEMENT,
            Comparer.OWN_SITUATIONS,
        }
    ),
    QuestionKind.RANK: frozenset({Comparer.SHARED, Comparer.NEED_OFFER}),
    QuestionKind.GRID: frozenset({Comparer.OVERLAP}),
    QuestionKind.TICK: frozenset({Comparer.ASYNC_CONSENT}),
}
# Where "must" means something: two people who chose nothing alike are not matched. Time has a minimum of its own, and
# how far somebody is a rule of the programme's settings.
MUSTABLE = frozenset(
    {
        Comparer.NEED_OFFER,
        Comparer.SHARED,
        Comparer.SHARED_RARE,
        Comparer.SAME,
        Comparer.NEARNESS,
        Comparer.CLOSENESS,
        Comparer.COMPLEMENT,
        Comparer.LANGUAGE,
        Comparer.OWN_SITUATIONS,
    }
)


def wrong_with(question: Question, questionnaire: Questionnaire) -> dict[str, Sentence]:
    """Return what is wrong with a question by itself or among the others, by field."""
    keys = {one.key for one in questionnaire.questions}
    found = {
        "key": None if _KEY.fullmatch(question.key) else _WRONG_KEY,
        "wording": wrong_with_words(question.wording, WORDING_LENGTH) if question.wording.strip() else _NO_WORDING,
        "hint": wrong_with_words(question.hint, WORDING_LENGTH),
        "options": _wrong_with_options(question),
        "comparer": None if question.comparer in _comparers_of(question.kind) else _NOT_COMPARABLE,
        "reason": _wrong_with_reason(question),
        "is_must": None if question.comparer in MUSTABLE or not question.is_must else _NO_MUST,
        "seen_by": None if question.seen_by in SEEN_BY.values() else _NOBODY_SEES,
        "weight": None if 0 <= question.weight <= HIGHEST_WEIGHT else _WRONG_WEIGHT,
        "maximum": _wrong_with_maximum(question),
        "counterpart": None if question.counterpart in {"", *keys} else _NO_COUNTERPART,
    }
    return {name: problem for name, problem in found.items() if problem}


_WRONG_KEY = Sentence(N_("A key begins with a small letter and has only small letters, digits and _."))
_NO_WORDING = Sentence(N_("Please write something here."))
_NOT_COMPARABLE = Sentence(N_("Answers of this kind cannot be compared so."))
_NO_MUST = Sentence(N_("This cannot be a must."))
_NOBODY_SEES = Sentence(N_("Please choose who sees the answer."))
_WRONG_WEIGHT = Sentence(N_("Please enter a whole number from 0 to %(most)s."), {"most": HIGHEST_WEIGHT})
_NO_COUNTERPART = Sentence(N_("Please choose a question of this questionnaire."))


def _comparers_of(kind: QuestionKind) -> frozenset[Comparer]:
    return _COMPARABLE.get(kind, frozenset()) | {Comparer.NONE}


def _wrong_with_options(question: Question) -> Sentence | None:
    if question.kind is QuestionKind.GRID:
        return None if question.options == GRID else Sentence(N_("The blocks of the week stay as they are."))
    if question.kind is QuestionKind.PEOPLE and question.key not in WISH_KEYS:
        return Sentence(N_("People are chosen in the questions wish_together and wish_apart only."))
    if not all(_OPTION_KEY.fullmatch(option.key) for option in (*question.options, *question.removed_options)):
        return Sentence(N_("The key of a choice has letters, digits, _ and - only."))
    labels = [option.label for option in question.options]
    if len(labels) > MOST_OPTIONS:
        return Sentence(N_("Please keep at most %(most)s choices."), {"most": MOST_OPTIONS})
    if len(set(labels)) < len(labels):
        return Sentence(N_("Two choices read the same. Please change one of them."))
    problems = [wrong_with_words(label, LABEL_LENGTH) for label in labels]
    return next((problem for problem in problems if problem), None)


def _wrong_with_reason(question: Question) -> Sentence | None:
    """A reason is filled in with what two people share; another placeholder would stop the page."""
    name = "%(hours)s" if question.comparer is Comparer.OVERLAP else "%(things)s"
    if "%" in question.reason.replace(name, ""):
        return Sentence(N_("Besides %(name)s there can be no percent sign here."), {"name": name})
    return wrong_with_words(question.reason, WORDING_LENGTH)


def wrong_with_words(text: str, most: int) -> Sentence | None:
    """Return why these words cannot be taken, or None."""
    if len(text) > most:
        return Sentence(
            N_("This is %(length)s characters long. Please shorten it to %(maximum)s."),
            {"length": len(text), "maximum": most},
        )
    return wrong_with_text(text)


def _wrong_with_maximum(question: Question) -> Sentence | None:
    most, least = LONGEST_ANSWER, 0
    if question.kind is QuestionKind.WHOLE_NUMBER:
        most, least = HIGHEST_NUMBER, 1
    elif question.kind is QuestionKind.RANK:
        most, least = 5, 1  # as many places as a page has words for
    elif question.kind is QuestionKind.TEXT:
        least = 1
    if least <= question.maximum <= most:
        return None
    return Sentence(N_("Please enter a whole number from %(least)s to %(most)s."), {"least": least, "most": most})


def question_from_values(values: Any) -> Question | Sentence:
    """Return the question these JSON values are, or the first thing that is wrong with its fields."""
    if not isinstance(values, dict):
        return Sentence(N_("Here a question should stand."))
    key = short(values.get("key", ""))
    wrong = _wrong_field(values)
    if wrong is not None:
        return said(key, *wrong)
    try:
        return question_from_json({"hint": "", "options": [], **values})
    except ValueError:  # a word that is none of those known
        return said(key, _field_with_unknown_word(values), Sentence(N_("This word is not known here.")))


def _wrong_field(values: Mapping[str, Any]) -> tuple[str, Sentence] | None:
    """The first field that is unknown, missing or of another kind than it should be."""
    unknown = sorted(set(values) - set(_MADE_OF))
    missing = sorted(_NEEDED - set(values))
    odd = [name for name, is_right in _MADE_OF.items() if name in values and not is_right(values[name])]
    if unknown:
        return short(unknown[0]), Sentence(N_("There is no such field."))
    if missing:
        return missing[0], Sentence(N_("This is missing."))
    if odd:
        return odd[0], Sentence(N_("This is not the kind of value that belongs here."))
    chosen = [one[0] for one in (*values.get("options", ()), *values.get("removed_options", ()))]
    if len(set(chosen)) < len(chosen):
        return "options", Sentence(N_("Two choices have the same key."))
    return None


def _field_with_unknown_word(values: Mapping[str, Any]) -> str:
    """The first field that is wrong by itself; the choices, where every field alone is right."""
    for name in ("kind", "page", "comparer", "asked_of", "seen_by"):
        try:
            question_from_json({**_PLAIN, **({name: values[name]} if name in values else {})})
        except ValueError:
            return name
    return "options"


_PLAIN: Mapping[str, Any] = {
    "key": "plain",
    "wording": "plain",
    "kind": "text",
    "comparer": "none",
    "options": [],
    "asked_of": ["mentee"],
    "seen_by": ["self"],
}


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**9


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _is_list_of_choices(value: Any) -> bool:
    return isinstance(value, list) and all(_is_list_of_texts(one) and len(one) == 2 for one in value)


_MADE_OF: Mapping[str, Callable[[Any], bool]] = {
    **dict.fromkeys(TEXTS, _is_text),
    **dict.fromkeys(LISTS, _is_list_of_texts),
    **dict.fromkeys(FLAGS, _is_flag),
    **dict.fromkeys(NUMBERS, _is_number),
    "options": _is_list_of_choices,
    "removed_options": _is_list_of_choices,
}
_NEEDED = frozenset({"key", "wording", "kind", "comparer", "asked_of", "seen_by"})


def said(key: str, field: str, problem: Sentence) -> Sentence:
    """Return what is wrong with a field of a question, as it is told about a file."""
    return Sentence(
        N_("Question “%(key)s”, %(field)s: %(problem)s"), {"key": short(key), "field": field, "problem": problem}
    )


def short(text: Any) -> str:
    """Return the beginning of something foreign, to name it."""
    return str(text)[:60]
