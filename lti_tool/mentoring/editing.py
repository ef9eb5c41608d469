"""How staff change a questionnaire: every step returns a new one, and says beforehand what it does to answers.

Answers are never changed. A choice that is taken away stays with whoever chose it and no longer counts; a question that
is hidden or removed keeps its answers and can come back; who sees an answer that was given is never widened.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from lti_tool.mentoring.questionnaire import Audience, Option, Question, Questionnaire, question_to_json
from lti_tool.mentoring.words import N_, Sentence

_KEY_LENGTH = 40
_RESERVED = frozenset({"role", "time_zone"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """How many people have answered a question, and how many of them chose each option."""

    people: int = 0
    by_option: Mapping[str, int]


def with_question(questionnaire: Questionnaire, changed: Question) -> Questionnaire:
    """Return the questionnaire with one question changed, or added at the end of its page.

    Two questions that are compared with each other offer the same choices, so the other one follows.
    """
    present = {question.key for question in questionnaire.questions}
    questions = [
        _following(question, changed) if question.key != changed.key else changed
        for question in questionnaire.questions
    ]
    if changed.key not in present:
        questions.append(changed)
    removed = tuple(question for question in questionnaire.removed if question.key != changed.key)
    return Questionnaire(questions=tuple(questions), removed=removed)


def _following(question: Question, changed: Question) -> Question:
    is_counterpart = changed.counterpart == question.key or question.counterpart == changed.key
    if not is_counterpart:
        return question
    return replace(question, options=changed.options, removed_options=changed.removed_options)


def moved(questionnaire: Questionnaire, key: str, by: int) -> Questionnaire:
    """Return the questionnaire with one question a place up (-1) or down (1) on its page; at the end it stays."""
    questions = list(questionnaire.questions)
    page = questionnaire.question(key).page
    places = [number for number, question in enumerate(questions) if question.page is page]
    here = next((place for place, number in enumerate(places) if questions[number].key == key), None)
    if here is None or not 0 <= here + by < len(places):
        return questionnaire
    a, b = places[here], places[here + by]
    questions[a], questions[b] = questions[b], questions[a]
    return replace(questionnaire, questions=tuple(questions))


def hidden(questionnaire: Questionnaire, key: str, *, is_hidden: bool) -> Questionnaire:
    """Return the questionnaire with one question hidden or shown again."""
    questions = tuple(
        replace(question, is_hidden=is_hidden) if question.key == key else question
        for question in questionnaire.questions
    )
    return replace(questionnaire, questions=questions)


def without(questionnaire: Questionnaire, key: str) -> Questionnaire:
    """Return the questionnaire without one question; its key and its answers are kept aside."""
    gone = tuple(question for question in questionnaire.questions if question.key == key)
    left = tuple(question for question in questionnaire.questions if question.key != key)
    return Questionnaire(questions=left, removed=(*questionnaire.removed, *gone))


def restored(questionnaire: Questionnaire, key: str) -> Questionnaire:
    """Return the questionnaire with a removed question back at the end of its page."""
    back = tuple(question for question in questionnaire.removed if question.key == key)
    left = tuple(question for question in questionnaire.removed if question.key != key)
    return Questionnaire(questions=(*questionnaire.questions, *back), removed=left)


def new_key(words: str, taken: Iterable[str]) -> str:
    """Return a key that nobody has yet, made of the first words."""
    stem = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")[:_KEY_LENGTH].strip("_")
    stem = stem if stem[:1].isalpha() else f"own_{stem}".strip("_")
    used = {*taken, *_RESERVED}
    candidates = (stem if number == 1 else f"{stem}_{number}" for number in range(1, len(used) + 2))
    return next(key for key in candidates if key not in used)


def with_labels(before: Question, labels: Mapping[str, str], new: Iterable[str]) -> Question:
    """Return the question with its options reworded, some taken away (an empty label), and new ones at the end.

    A new label that was on offer once brings that option back, with the answers that named it.
    """
    kept = [Option(key=one.key, label=labels.get(one.key, one.label)) for one in before.options]
    options = [one for one in kept if one.label]
    gone = {one.key: one for one in before.removed_options}
    gone |= {one.key: one for one in before.options if not labels.get(one.key, one.label)}
    taken = {one.key for one in before.options} | set(gone)
    for label in new:
        back = next((one for one in gone.values() if one.label == label), None)
        option = gone.pop(back.key) if back else Option(key=new_key(label, taken), label=label)
        taken.add(option.key)
        options.append(option)
    return replace(before, options=tuple(options), removed_options=tuple(gone.values()))


def why_not(before: Question, after: Question, answered: Answered) -> dict[str, Sentence]:
    """Return what may not be changed because people have answered, by field."""
    problems: dict[str, Sentence] = {}
    if not answered.people:
        return problems
    if before.kind is not after.kind:
        problems["kind"] = Sentence(
            N_("People have answered this, so its kind stays. Please add a new question instead.")
        )
    if not after.seen_by <= before.seen_by:
        problems["seen_by"] = Sentence(
            N_("%(count)s people answered when fewer could see it. Please add a new question instead."),
            {"count": answered.people},
        )
    if after.may_be_shown and not before.may_be_shown and Audience.PARTNER not in before.seen_by:
        problems["may_be_shown"] = Sentence(
            N_("%(count)s people answered when it was not to be mentioned. Please add a new question instead."),
            {"count": answered.people},
        )
    return problems


def effects(before: Question, after: Question, answered: Answered) -> tuple[Sentence, ...]:
    """Return what a change does to the answers that are there, in sentences; nothing where nobody has answered."""
    if not answered.people or before == after:
        return ()
    said = [Sentence(N_("People who have answered this: %(count)s. Their answers stay."), {"count": answered.people})]
    left = {option.key for option in after.options}
    for option in before.options:
        if option.key not in left:
            count = answered.by_option.get(option.key, 0)
            said.append(Sentence(_GONE, {"choice": Sentence(option.label), "count": count}))
    said += [sentence for has_happened, sentence in _changes(before, after) if has_happened]
    return tuple(said)


_GONE = N_("“%(choice)s” is no longer offered. People who chose it: %(count)s. They keep it, and it no longer counts.")


def _changes(before: Question, after: Question) -> tuple[tuple[bool, Sentence], ...]:
    kept = {option.key: option.label for option in after.options}
    is_reworded = any(kept.get(one.key, one.label) != one.label for one in before.options)
    return (
        (
            before.wording != after.wording or is_reworded,
            Sentence(N_("Answers given so far were given to the old wording.")),
        ),
        (
            after.is_required and not before.is_required,
            Sentence(N_("Who is still joining must answer it. Whoever has joined without an answer stays in.")),
        ),
        (
            bool(after.maximum) and after.maximum < before.maximum,
            Sentence(N_("Longer answers stay until people change them.")),
        ),
        (
            after.seen_by < before.seen_by,
            Sentence(N_("Fewer people see the answers from now on. What somebody has read already stays read.")),
        ),
        (
            after.asked_of < before.asked_of,
            Sentence(N_("Who is no longer asked keeps the answer, and it still counts.")),
        ),
        (
            (before.weight, before.comparer, before.is_must) != (after.weight, after.comparer, after.is_must),
            Sentence(N_("The next matching counts it in the new way. Pairs that are at work stay as they are.")),
        ),
    )


def fingerprint(question: Question) -> str:
    """Return a short text that changes whenever anything about the question does."""
    text = json.dumps(question_to_json(question), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def taken_over(present: Questionnaire, file: Questionnaire) -> Questionnaire:
    """Return what becomes of a questionnaire when a file replaces it; nothing that people have answered is lost.

    A question the file does not have is removed, a choice it does not have is no longer offered; both are kept aside.
    """
    known = {question.key: question for question in (*present.questions, *present.removed)}
    questions = tuple(_with_old_choices(question, known.get(question.key)) for question in file.questions)
    keys = {question.key for question in questions}
    aside = tuple(question for question in (*present.removed, *present.questions) if question.key not in keys)
    return Questionnaire(questions=questions, removed=aside)


def _with_old_choices(question: Question, before: Question | None) -> Question:
    if before is None:
        return question
    keys = {option.key for option in (*question.options, *question.removed_options)}
    old = tuple(option for option in (*before.removed_options, *before.options) if option.key not in keys)
    return replace(question, removed_options=(*question.removed_options, *old))
