"""How a pair is doing, as staff see it: on track, to be watched or stuck, with reasons in words and what would help.

Only facts decide, and every reason names one. Whoever waits for an answer comes before everything else.
Source: product sections 1.5 (R41), 5.7 and 8.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from lti_tool.mentoring.cases import AT_ONCE, Case, CaseKind, CaseState, is_late
from lti_tool.mentoring.pair_life import Life, PairState
from lti_tool.mentoring.words import N_, Sentence

OPENED_WITHIN = timedelta(days=7)
WATCH_AFTER = timedelta(days=14)  # of silence
STUCK_AFTER = timedelta(days=21)
MEETING_WITHIN = timedelta(days=28)
LONG_PAUSE = timedelta(days=28)
LOW = 2  # of 5, and less


class Health(StrEnum):
    """How a pair is doing."""

    STUCK = "stuck"
    WATCH = "watch"
    ON_TRACK = "on_track"
    ENDED = "ended"


class SignKind(StrEnum):
    """What tells how a pair is doing. The last of each kind counts, for each member."""

    OPENED = "opened"  # has seen the pair's page
    CHECK_IN = "check_in"  # level: how it is going, 1 to 5; 0 where it was not said
    MESSAGE = "message"
    MEETING = "meeting"  # held
    NOT_REACHED = "not_reached"  # tried to reach the partner, in vain
    FIT = "fit"  # level: 1 not working, 2 unsure, 3 good


LIFE_SIGNS = frozenset({SignKind.CHECK_IN, SignKind.MESSAGE, SignKind.MEETING})


class Suggestion(StrEnum):
    """What staff could do next."""

    ANSWER_NOW = "answer_now"
    ANSWER = "answer"
    REVIEW = "review"
    REMATCH = "rematch"
    TALK = "talk"
    WRITE = "write"
    RESUME = "resume"
    CLOSE = "close"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """The last sign of one kind from one member."""

    kind: SignKind
    at: datetime
    level: int = 0
    in_a_row: int = 1  # how often the same low level, or the same vain try, has come in a row


@dataclass(frozen=True, slots=True, kw_only=True)
class Partaking:
    """One member of a pair, as far as the pair's health depends on them."""

    is_here: bool = True  # still takes part in the programme
    signs: tuple[Sign, ...] = ()

    def last(self, *kinds: SignKind) -> Sign | None:
        """The newest sign of these kinds."""
        return max((one for one in self.signs if one.kind in kinds), key=lambda one: one.at, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A case of the pair that is not closed, and since when."""

    case: Case
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A pair as its health depends on it."""

    life: Life
    published_at: datetime
    members: tuple[Partaking, ...]
    cases: tuple[Waiting, ...] = ()
    expects_meetings: bool = False  # meetings are noted in this tool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a pair is doing; the higher `urgency`, the sooner staff should look."""

    health: Health
    reasons: tuple[Sentence, ...]
    suggestion: Suggestion
    urgency: int
    waiting_since: datetime | None = None  # of the oldest unanswered request
    last_sign_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class _Found:
    """What speaks for which standing, the weightiest last."""

    weights: list[tuple[int, Suggestion, Sentence]] = field(default_factory=list)

    def add(self, weight: int, suggestion: Suggestion, text: str, **values: object) -> None:
        """Keep one reason."""
        self.weights.append((weight, suggestion, Sentence(text, values)))


_NOW, _UNANSWERED, _STUCK, _WATCH = 90, 70, 40, 20  # the least weight of each kind


def standing(pair: Pair, now: datetime, *, today: date) -> Standing:
    """Return how the pair is doing and what would help.

    Shape: reasons with the weightiest first; none where all is well.
    """
    found = _Found()
    _look_at_cases(pair.cases, found, now, today)
    if pair.life.is_running:
        _look_at_life(pair, found, now)
        if pair.life.state is PairState.ACTIVE:
            _look_at_signs(pair, found, now)
    found.weights.sort(key=lambda one: -one[0])
    urgency = found.weights[0][0] if found.weights else 0
    unanswered = [one.asked_at for one in pair.cases if one.case.state is CaseState.OPEN]
    return Standing(
        health=_health(pair.life, urgency),
        reasons=tuple(sentence for _weight, _suggestion, sentence in found.weights),
        suggestion=found.weights[0][1] if found.weights else Suggestion.NOTHING,
        urgency=urgency,
        waiting_since=min(unanswered, default=None),
        last_sign_at=_last_life_sign(pair.members),
    )


def _health(life: Life, urgency: int) -> Health:
    if urgency >= _STUCK:
        return Health.STUCK
    if urgency >= _WATCH:
        return Health.WATCH
    return Health.ON_TRACK if life.is_running else Health.ENDED


_ASKED = {
    CaseKind.TALK: N_("Somebody asked for a talk with your help on %(when)s, and nobody has answered."),
    CaseKind.REMATCH: N_("Somebody asked for a new partner on %(when)s, and nobody has answered."),
    CaseKind.DECIDE: N_("Somebody asked you to decide on %(when)s, and nobody has answered."),
    CaseKind.ROLE: N_("Somebody asked to take another part on %(when)s, and nobody has answered."),
    CaseKind.CONCERN: N_("Somebody told you on %(when)s that they are worried about their partner."),
    CaseKind.URGENT: N_("Urgent: somebody told you on %(when)s that they are worried about their partner."),
    CaseKind.SAFETY: N_("Safety report of %(when)s: contact is stopped, and nobody has taken the case."),
}


def _look_at_cases(cases: Sequence[Waiting], found: _Found, now: datetime, today: date) -> None:
    for one in cases:
        if one.case.state is CaseState.OPEN:
            is_now = one.case.kind in AT_ONCE
            weight = _NOW if is_now else _UNANSWERED + is_late(one.case, one.asked_at, now)
            found.add(
                weight, Suggestion.ANSWER_NOW if is_now else Suggestion.ANSWER, _ASKED[one.case.kind], when=one.asked_at
            )
        elif one.case.review_on is not None and one.case.review_on <= today:
            found.add(
                _STUCK + 9,
                Suggestion.REVIEW,
                N_("What was agreed was to be looked at again on %(day)s."),
                day=one.case.review_on,
            )
        else:
            found.add(_WATCH + 1, Suggestion.CLOSE, N_("A case of this pair is being worked on."))


def _look_at_life(pair: Pair, found: _Found, now: datetime) -> None:
    if any(not one.is_here for one in pair.members):
        found.add(_STUCK + 8, Suggestion.REMATCH, N_("Somebody in this pair no longer takes part."))
    paused_at = pair.life.paused_at
    if paused_at is not None and pair.life.resumes_on is None and paused_at + LONG_PAUSE <= now:
        found.add(
            _WATCH + 2,
            Suggestion.RESUME,
            N_("It has been paused since %(when)s, with no day to go on."),
            when=paused_at,
        )


def _look_at_signs(pair: Pair, found: _Found, now: datetime) -> None:
    unseen = sum(one.last(*SignKind) is None for one in pair.members)
    if unseen and pair.published_at + OPENED_WITHIN <= now:
        found.add(
            _WATCH + 3,
            Suggestion.WRITE,
            N_("%(count)s of %(all)s have not looked at the pair’s page yet."),
            count=unseen,
            all=len(pair.members),
        )
    _look_at_silence(pair, found, now)
    for one in pair.members:
        _look_at_words(one, found)


def _look_at_silence(pair: Pair, found: _Found, now: datetime) -> None:
    """Whether both are silent, one is, or only the meetings are missing."""
    last = _last_life_sign(pair.members)
    quiet = now - max(last or pair.published_at, pair.published_at)
    days = quiet.days
    if quiet >= STUCK_AFTER:
        found.add(_STUCK + 3, Suggestion.WRITE, N_("Nothing has happened in this pair for %(days)s days."), days=days)
    elif quiet >= WATCH_AFTER:
        found.add(_WATCH + 5, Suggestion.WRITE, N_("Nothing has happened in this pair for %(days)s days."), days=days)
    elif len(pair.members) > 1 and pair.published_at + WATCH_AFTER <= now:
        silent = sum(_is_silent(one, pair.published_at, now) for one in pair.members)
        if silent:
            found.add(
                _WATCH + 6,
                Suggestion.WRITE,
                N_("%(count)s of %(all)s have done nothing here for two weeks."),
                count=silent,
                all=len(pair.members),
            )
    met = max((sign.at for one in pair.members if (sign := one.last(SignKind.MEETING))), default=pair.published_at)
    if pair.expects_meetings and now - met >= MEETING_WITHIN:
        found.add(_WATCH + 4, Suggestion.WRITE, N_("They have not met for %(days)s days."), days=(now - met).days)


def _is_silent(one: Partaking, since: datetime, now: datetime) -> bool:
    last = one.last(*LIFE_SIGNS)
    return now - (last.at if last else since) >= WATCH_AFTER


def _look_at_words(one: Partaking, found: _Found) -> None:
    """What somebody has said about the pair."""
    fit, going, vain = one.last(SignKind.FIT), one.last(SignKind.CHECK_IN), one.last(SignKind.NOT_REACHED)
    if fit and fit.level == 1:
        found.add(_STUCK + 7, Suggestion.TALK, N_("Somebody says that the match does not work."))
    elif fit and fit.level == 2:
        found.add(_WATCH + 7, Suggestion.WRITE, N_("Somebody is not sure whether the match works."))
    if going and 0 < going.level <= LOW:
        if going.in_a_row > 1:
            found.add(_STUCK + 6, Suggestion.TALK, N_("A check-in says that it is not going well, twice in a row."))
        else:
            found.add(
                _WATCH + 8, Suggestion.WRITE, N_("The last check-in of one of them says that it is not going well.")
            )
    if vain and vain.at > max(
        (sign.at for sign in one.signs if sign.kind is SignKind.MEETING), default=vain.at - LONG_PAUSE
    ):
        if vain.in_a_row > 1:
            found.add(_STUCK + 5, Suggestion.REMATCH, N_("Somebody has tried to reach their partner twice, in vain."))
        else:
            found.add(_WATCH + 9, Suggestion.WRITE, N_("Somebody has tried to reach their partner, in vain."))


def _last_life_sign(members: Iterable[Partaking]) -> datetime | None:
    signs = (one.last(*LIFE_SIGNS) for one in members)
    return max((sign.at for sign in signs if sign is not None), default=None)


def next_sign(before: Sign | None, kind: SignKind, at: datetime, level: int = 0) -> Sign:
    """Return the sign that replaces the last one of its kind, counting what comes in a row."""
    is_low = kind is SignKind.NOT_REACHED or (kind is SignKind.CHECK_IN and 0 < level <= LOW)
    was_low = before is not None and (kind is SignKind.NOT_REACHED or 0 < before.level <= LOW)
    in_a_row = before.in_a_row + 1 if before is not None and is_low and was_low else 1
    return Sign(kind=kind, at=at, level=level, in_a_row=in_a_row)
