"""What stands in a pair's agreement before anybody has written: what the two said in the questionnaire, and what most
pairs agree on. Only answers that a partner may read are taken; everything can be changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lti_tool.mentoring.agreement import Part
from lti_tool.mentoring.questionnaire import Audience, Questionnaire
from lti_tool.mentoring.words import N_, Sentence

FIRST_LOOK_DAYS = 21  # the third week is when a poor fit shows
USUAL_LAST_LOOK_DAYS = 84  # where the programme has no last day


@dataclass(frozen=True, slots=True, kw_only=True)
class Writer:
    """Somebody of the pair as the draft names them."""

    name: str
    side: str  # mentor, mentee or both
    side_word: str  # what the programme calls that side; a text of the catalogue or of the staff
    answers: Mapping[str, Any]


Draft = Mapping[Part, tuple[Sentence, ...]]


def drafted(people: Sequence[Writer], asked: Questionnaire, *, begun_on: date, ends_on: date | None) -> Draft:
    """Return what stands in each part at first, sentence by sentence."""
    known = [(one, _partner_reads(one, asked)) for one in people]
    return {
        Part.PEOPLE: tuple(
            Sentence(N_("%(name)s, %(side)s"), {"name": one.name, "side": Sentence(one.side_word)}) for one in people
        ),
        Part.AIMS: (*_wishes(known, asked), *_same_aims(known, asked)),
        Part.MEETING: (*_how_often(known, asked), *_how(known, asked), *_MEETING, _who_suggests(people)),
        Part.WRITING: _WRITING,
        Part.MISSING: _MISSING,
        Part.RESPECT: (*_RESPECT, *_notes(known)),
        Part.NOTES: _NOTES,
        Part.DATES: tuple(Sentence(N_("On %(day)s"), {"day": day}) for day in looking_again(begun_on, ends_on)),
    }


_MEETING = (
    Sentence(N_("We take half an hour each time.")),
    Sentence(N_("If the internet is weak, we turn the camera off; if that does not help, we write.")),
)
_WRITING = (
    Sentence(N_("We answer each other within three days, also when it is only to say “later”.")),
    Sentence(N_("Between 21:00 and 8:00 nobody has to answer.")),
)
_MISSING = (Sentence(N_("Whoever cannot come says so a day before and suggests another time.")),)
_RESPECT = (Sentence(N_("We call each other by the names we like, and let each other finish.")),)
_NOTES = (Sentence(N_("We write down what we want to do until next time. Nothing else has to be written down.")),)


def looking_again(begun_on: date, ends_on: date | None) -> tuple[date, ...]:
    """Return the days on which the agreement is looked at: in the third week, in the middle, at the end; in order."""
    last = ends_on if ends_on and ends_on > begun_on else begun_on + timedelta(days=USUAL_LAST_LOOK_DAYS)
    middle = begun_on + (last - begun_on) // 2
    return tuple(sorted({min(begun_on + timedelta(days=FIRST_LOOK_DAYS), last), middle, last}))


_Known = Sequence[tuple[Writer, Mapping[str, Any]]]


def _partner_reads(one: Writer, asked: Questionnaire) -> Mapping[str, Any]:
    """The answers that this person's partner may read."""
    open_keys = {question.key for question in asked.questions if Audience.PARTNER in question.seen_by}
    return {key: answer for key, answer in one.answers.items() if key in open_keys and answer}


def _wishes(known: _Known, asked: Questionnaire) -> Iterator[Sentence]:
    for one, answers in known:
        if one.side != "mentor" and (wanted := _labels(asked, "help_wanted", answers)):
            yield Sentence(N_("%(name)s would like help with: %(things)s."), {"name": one.name, "things": wanted})


def _same_aims(known: _Known, asked: Questionnaire) -> Iterator[Sentence]:
    if same := _in_common(known, asked, "aims"):
        yield Sentence(N_("What we all work towards: %(things)s."), {"things": same})


def _how_often(known: _Known, asked: Questionnaire) -> Iterator[Sentence]:
    said = [(one, _labels(asked, "frequency", answers)) for one, answers in known]
    if len(said) > 1 and len({often for _one, often in said}) == 1 and said[0][1]:
        yield Sentence(N_("How often we meet: %(often)s."), {"often": said[0][1]})
        return
    for one, often in said:
        if often:
            yield Sentence(N_("How often suits %(name)s: %(often)s."), {"name": one.name, "often": often})


def _how(known: _Known, asked: Questionnaire) -> Iterator[Sentence]:
    if ways := _in_common(known, asked, "meeting_modes"):
        yield Sentence(N_("How we meet: %(things)s."), {"things": ways})


def _who_suggests(people: Sequence[Writer]) -> Sentence:
    mentees = [one.name for one in people if one.side == "mentee"]
    if len(mentees) == 1:
        return Sentence(N_("%(name)s suggests the next time."), {"name": mentees[0]})
    return Sentence(N_("We take turns to suggest the next time."))


def _notes(known: _Known) -> Iterator[Sentence]:
    for one, answers in known:
        if note := answers.get("note_to_partner"):
            yield Sentence(N_("%(name)s says: %(words)s"), {"name": one.name, "words": note})


def _in_common(known: _Known, asked: Questionnaire, key: str) -> tuple[str, ...]:
    """The options that everybody chose, in their usual order."""
    chosen = [_labels(asked, key, answers) for _one, answers in known]
    return tuple(label for label in chosen[0] if all(label in one for one in chosen)) if chosen else ()


def _labels(asked: Questionnaire, key: str, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """What somebody chose, as the options are called; in the order of choice where that has a meaning."""
    if key not in answers:
        return ()
    labels = {option.key: option.label for option in asked.question(key).options}
    given = answers[key]
    chosen = [str(one) for one in given] if isinstance(given, list) else [str(given)]
    return tuple(labels[one] for one in chosen if one in labels)
