"""The forms about excuses and decided points: what was typed becomes values, or problems beside the fields."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from lti_tool.mentoring.evidence import ExcuseReason
from lti_tool.mentoring.excuses import Bulk, Given, Whom
from lti_tool.mentoring.form_parts import NO_DAY, Form, Problems, day_in, one_of
from lti_tool.mentoring.scheme_form import has_too_many_decimals
from lti_tool.mentoring.words import N_, Sentence, wrong_with_text

WORDS_LENGTH = 2000
REASON_LENGTH = 300

NOBODY_CHOSEN = Sentence(N_("Please choose at least one person in the list of the class."))
_TWO_WAYS = Sentence(N_("You chose a section below. Please choose “One section” here, or leave the section empty."))
_ANSWER = Sentence(N_("Please say in a few kind words why not, and what would help."))
_REASON = Sentence(N_("Please give a reason; the person reads it beside the points."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What staff decide about an excuse that was asked for, and what they say to it."""

    is_granted: bool
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Points that staff decide; None lets the rule decide again."""

    points: Decimal | None
    reason: str


def parse_given(form: Form, keys: Collection[str]) -> tuple[Given | None, Problems]:
    """Return what a form asks for or gives, or None and what is wrong, by field name."""
    problems: Problems = {}
    key = one_of(form, "key", keys, problems)
    reason = one_of(form, "reason", tuple(ExcuseReason), problems)
    words = _text(form, "words", WORDS_LENGTH, problems)
    if problems or key is None or reason is None:
        return None, problems
    return Given(key=key, reason=ExcuseReason(reason), words=words), problems


def parse_decision(form: Form) -> tuple[Decision | None, Problems]:
    """Return a decision, or None and what is wrong; who refuses says why."""
    problems: Problems = {}
    decision = one_of(form, "decision", ("grant", "refuse"), problems)
    answer = _text(form, "answer", WORDS_LENGTH, problems)
    if decision == "refuse" and not answer:
        problems.setdefault("answer", _ANSWER)
    return (None if problems else Decision(is_granted=decision == "grant", answer=answer)), problems


def parse_bulk(
    form: Mapping[str, Sequence[str]], keys: Collection[str], sections: Collection[str]
) -> tuple[Bulk | None, Problems]:
    """Return an excuse for many, or None and what is wrong; both days or none."""
    first = {name: values[0] for name, values in form.items() if values}
    given, problems = parse_given(first, keys)
    whom = one_of(first, "whom", tuple(Whom), problems)
    section = one_of(first, "section", sections, problems) if whom == Whom.SECTION else ""
    people = frozenset(int(one) for one in form.get("person", ()) if one.isdecimal() and len(one) < 10)
    if whom == Whom.PEOPLE and not people:
        problems["whom"] = NOBODY_CHOSEN
    if whom in {Whom.EVERYBODY, Whom.PEOPLE} and first.get("section"):
        problems["whom"] = _TWO_WAYS
    from_on, until_on = _days(first, problems)
    if problems or given is None or whom is None or section is None:
        return None, problems
    return (
        Bulk(
            given=given,
            whom=Whom(whom),
            section=section,
            people=people if whom == Whom.PEOPLE else frozenset(),
            from_on=from_on,
            until_on=until_on,
        ),
        problems,
    )


def _days(form: Form, problems: Problems) -> tuple[date | None, date | None]:
    if not (form.get("from_on", "").strip() or form.get("until_on", "").strip()):
        return None, None
    days = {name: day_in(form.get(name, "")) for name in ("from_on", "until_on")}
    problems |= {name: NO_DAY for name, day in days.items() if day is None}
    from_on, until_on = days["from_on"], days["until_on"]
    if from_on and until_on and until_on < from_on:
        problems["until_on"] = Sentence(N_("The last day comes before the first."))
    return from_on, until_on


def parse_decided(form: Form, maximum: Decimal) -> tuple[Decided | None, Problems]:
    """Return points that staff decide, or that they let the rule decide again, or None and what is wrong."""
    problems: Problems = {}
    is_back = form.get("then") == "rule"
    points = None if is_back else points_in(form.get("points", ""), maximum, problems, "points")
    reason = _text(form, "why", REASON_LENGTH, problems)
    if not reason:
        problems.setdefault("why", _REASON)
    return (None if problems else Decided(points=points, reason=reason)), problems


def points_in(text: str, maximum: Decimal, problems: Problems, name: str) -> Decimal | None:
    """Return points from 0 to the maximum with two decimals at most, written with a point or a comma."""
    try:
        points = Decimal(text.strip().replace(",", ".")) if text.isascii() and len(text) <= 12 else Decimal("NaN")
    except InvalidOperation:
        points = Decimal("NaN")
    if not points.is_finite() or not 0 <= points <= maximum or has_too_many_decimals(points):
        problems[name] = Sentence(
            N_("Please give points from 0 to %(maximum)s, with two decimals at most."), {"maximum": _plain(maximum)}
        )
        return None
    return points


def _plain(points: Decimal) -> str:
    return f"{points.normalize():f}"


def _text(form: Form, name: str, longest: int, problems: Problems) -> str:
    text = form.get(name, "").strip().replace("\r\n", "\n")
    wrong = wrong_with_text(text)
    if wrong is None and len(text) > longest:
        wrong = Sentence(N_("Please shorten this to %(maximum)s characters."), {"maximum": longest})
    if wrong is not None:
        problems[name] = wrong
    return text
