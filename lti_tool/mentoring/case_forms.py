"""The forms around a case: what was typed becomes values, or problems beside the fields."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lti_tool.mentoring.cases import OUTCOMES, CaseKind, Outcome, Topic
from lti_tool.mentoring.form_parts import NO_DAY, Form, Problems, day_in, one_of
from lti_tool.mentoring.pair_life import EndReason, wrong_with_day
from lti_tool.mentoring.words import N_, Sentence, wrong_with_text

WORDS_LENGTH = 2000
SENTENCE_LENGTH = 300
LATEST_REVIEW_DAYS = 120

WISHES: Mapping[str, CaseKind] = {
    "talk": CaseKind.TALK,
    "rematch": CaseKind.REMATCH,
    "decide": CaseKind.DECIDE,
    "role": CaseKind.ROLE,
}

_WRITE = Sentence(N_("Please write something here."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Something is not working, and what somebody would like."""

    kind: CaseKind
    topic: Topic
    answers: Mapping[str, str]  # tried: what they tried themselves; more: what else
    may_tell: bool  # staff may tell the partner
    hand_over_on: date | None = None  # when a change of sides could be


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A safety report, or a concern about the partner."""

    kind: CaseKind
    answers: Mapping[str, str]
    is_in_danger: bool = False


def parse_asked(form: Form, *, today: date) -> tuple[Asked | None, Problems]:
    """Return what a form of “Something isn’t working” says, or None and what is wrong, by field name."""
    problems = _wrong_texts(form, {"tried": False, "more": False})
    topic = one_of(form, "topic", tuple(Topic), problems)
    wish = one_of(form, "wish", WISHES, problems)
    hand_over_on = None
    if wish == "role":
        hand_over_on = _day(form, "hand_over_on", problems, today=today)
    if problems or topic is None or wish is None:
        return None, problems
    return (
        Asked(
            kind=WISHES[wish],
            topic=Topic(topic),
            answers=_texts(form, ("tried", "more")),
            may_tell=form.get("may_tell") == "yes",
            hand_over_on=hand_over_on,
        ),
        problems,
    )


def parse_safety(form: Form) -> tuple[Reported | None, Problems]:
    """Return a safety report, or None and what is wrong; only what happened must be said."""
    problems = _wrong_texts(form, {"what": True, "when": False})
    danger = one_of(form, "danger", ("yes", "no"), problems)
    if problems:
        return None, problems
    answers = _texts(form, ("what", "when"))
    return Reported(kind=CaseKind.SAFETY, answers=answers, is_in_danger=danger == "yes"), problems


def parse_concern(form: Form) -> tuple[Reported | None, Problems]:
    """Return a concern about the partner: the way that can wait is only open to who has told them, or tells them so."""
    problems = _wrong_texts(form, {"what": True})
    path = one_of(form, "path", ("supportive", "urgent"), problems)
    told = one_of(form, "told", ("yes", "here"), problems) if path == "supportive" else "no"
    if problems or told is None:
        return None, problems
    kind = CaseKind.URGENT if path == "urgent" else CaseKind.CONCERN
    return Reported(kind=kind, answers=_texts(form, ("what",)) | {"told": told}), problems


def parse_words(form: Form, name: str = "words") -> tuple[str | None, Problems]:
    """Return a text that must not be empty, or None and what is wrong."""
    problems = _wrong_texts(form, {name: True})
    return (None if problems else _text(form, name)), problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """The record of a talk that somebody led. Every sentence is neutral: all who were there may read it."""

    held_on: date
    people: str
    issue_one: str
    issue_two: str
    agreed: str
    review_on: date


def parse_talk(form: Form, *, today: date) -> tuple[Talk | None, Problems]:
    """Return the record of a talk, or None and what is wrong."""
    problems = _wrong_texts(form, {"people": True, "agreed": True})
    problems |= _wrong_texts(form, {"issue_one": True, "issue_two": True}, longest=SENTENCE_LENGTH)
    held_on = day_in(form.get("held_on", ""))
    if held_on is None or held_on > today:
        problems["held_on"] = NO_DAY if held_on is None else Sentence(N_("The talk cannot be on a day to come."))
    review_on = _day(form, "review_on", problems, today=today)
    if problems or held_on is None or review_on is None:
        return None, problems
    words = _texts(form, ("people", "issue_one", "issue_two", "agreed"))
    return Talk(held_on=held_on, review_on=review_on, **words), problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """How staff close a case: for the record, and for whoever began it."""

    outcome: Outcome
    record: str
    answer: str


def parse_closing(form: Form, kind: CaseKind) -> tuple[Closing | None, Problems]:
    """Return how a case is closed, or None and what is wrong; the record must say something."""
    problems = _wrong_texts(form, {"record": True, "answer": False})
    outcome = one_of(form, "outcome", OUTCOMES[kind], problems)
    if problems or outcome is None:
        return None, problems
    return Closing(outcome=Outcome(outcome), **_texts(form, ("record", "answer"))), problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Pausing:
    """A pause somebody asks for, and what the partner reads about it."""

    resumes_on: date | None
    words: str


def parse_pause(form: Form, *, today: date, is_staff: bool = False) -> tuple[Pausing | None, Problems]:
    """Return a pause, or None and what is wrong; only staff may leave the day open."""
    problems = _wrong_texts(form, {"words": False}, longest=SENTENCE_LENGTH)
    typed = form.get("resumes_on", "").strip()
    resumes_on = day_in(typed)
    if resumes_on is None and (typed or not is_staff):
        problems["resumes_on"] = NO_DAY
    elif resumes_on is not None:
        wrong = wrong_with_day(resumes_on, today)
        problems |= {"resumes_on": wrong} if wrong else {}
    if problems:
        return None, problems
    return Pausing(resumes_on=resumes_on, words=_text(form, "words")), problems


def parse_ending(form: Form) -> tuple[tuple[EndReason, str] | None, Problems]:
    """Return why staff end a pair, with a note for the record, or None and what is wrong."""
    problems = _wrong_texts(form, {"record": False})
    why = one_of(form, "why", tuple(EndReason), problems)
    return (None if problems or why is None else (EndReason(why), _text(form, "record"))), problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Farewell:
    """The last words to each other, and whether somebody would like to stay in touch."""

    thanks: str
    stays: bool | None  # None: not said
    contact: str  # how; shown only where all of them said yes


def parse_farewell(form: Form) -> tuple[Farewell | None, Problems]:
    """Return the last words, or None and what is wrong; who stays in touch says how."""
    problems = _wrong_texts(form, {"thanks": False})
    problems |= _wrong_texts(form, {"contact": False}, longest=SENTENCE_LENGTH)
    stays = one_of(form, "stays", ("yes", "no", ""), problems)
    contact = _text(form, "contact")
    if stays == "yes" and not contact and "contact" not in problems:
        problems["contact"] = Sentence(N_("Please say how your partner can reach you then."))
    if problems:
        return None, problems
    says = {"yes": True, "no": False}.get(stays or "")
    return Farewell(thanks=_text(form, "thanks"), stays=says, contact=contact if says else ""), problems


def _text(form: Form, name: str) -> str:
    return form.get(name, "").strip().replace("\r\n", "\n")


def _texts(form: Form, names: tuple[str, ...]) -> dict[str, str]:
    return {name: _text(form, name) for name in names}


def _wrong_texts(form: Form, names: Mapping[str, bool], *, longest: int = WORDS_LENGTH) -> Problems:
    """What is wrong with these texts; True says that something must be written."""
    found: Problems = {}
    for name, is_required in names.items():
        text = _text(form, name)
        wrong = wrong_with_text(text)
        if wrong is None and is_required and not text:
            wrong = _WRITE
        if wrong is None and len(text) > longest:
            wrong = Sentence(N_("Please shorten this to %(maximum)s characters."), {"maximum": longest})
        if wrong is not None:
            found[name] = wrong
    return found


def _day(form: Form, name: str, problems: Problems, *, today: date) -> date | None:
    """A day to come, and not too far."""
    day = day_in(form.get(name, ""))
    if day is None:
        problems[name] = NO_DAY
    elif not today < day <= today + timedelta(days=LATEST_REVIEW_DAYS):
        problems[name] = Sentence(
            N_("Please choose a day after today, within %(days)s days."), {"days": LATEST_REVIEW_DAYS}
        )
    return day
