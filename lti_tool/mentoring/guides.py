"""Conversation guides and documents: what people read outside the training.

Guide      key ("first-meeting"), title, purpose, openers, questions, listen_for, say_back, close, text_version,
           boundary ("" where there is none), language, version; all plain text
Document   key ("code-of-conduct", "consent", "help", "techniques", "video-tools"), title, body (Markdown), edition,
           dated_on, language, version; `edition` and `dated_on` are what somebody agrees to: store them with it
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lti_tool.mentoring.words import N_, Sentence

FIRST_MEETING = "first-meeting"  # the guide that begins with why the two were matched
TECHNIQUES = "techniques"  # the document that is printed on every guide


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """A conversation prepared for a pair: how to begin, what to ask, and how to do it in writing."""

    key: str
    title: str
    purpose: str
    openers: tuple[str, ...]
    questions: tuple[str, ...]
    listen_for: str
    say_back: str
    close: str
    text_version: str
    boundary: str
    language: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text that people agree to or look things up in."""

    key: str
    title: str
    body: str
    edition: str
    dated_on: date
    language: str
    version: str


# What to ask about a reason for which two people were matched, by the reason's own text.
_TO_ASK: Mapping[str, str] = {
    "One of you would like help with this, and the other offers it: %(things)s": N_(
        "Help with %(things)s: what has been tried so far, and where does it get stuck?"
    ),
    "One of you feels sure of what the other finds hard: %(things)s": N_(
        "%(things)s: what made it easy for one of you, and what makes it hard for the other?"
    ),
    "Hours each week when you are both free: %(hours)s": N_(
        "You have %(hours)s hours a week in common. Which of them are good ones, and which are for resting?"
    ),
    "Ways to meet that suit both of you: %(things)s": N_(
        "%(things)s would suit both of you. What makes such a meeting a good one?"
    ),
    "How often you would both like to meet: %(things)s": N_(
        "%(things)s: what would each of you like to have done by the next time?"
    ),
    "You study in the same field: %(things)s": N_(
        "%(things)s: how did each of you come to it, and what keeps you there?"
    ),
    "What you are both working towards: %(things)s": N_(
        "%(things)s: what would it look like if it went well for each of you?"
    ),
    "How you both like to work: %(things)s": N_("%(things)s: when did that last work well for you?"),
    "Interests you share: %(things)s": N_("%(things)s: how did it begin for each of you?"),
    "Something you both know from your own lives: %(things)s": N_(
        "%(things)s: is there something about it that people should ask, or rather not ask?"
    ),
    "Languages you share: %(things)s": N_(
        "%(things)s: in which language would you like to talk, and in which to write?"
    ),
}
_OTHERWISE = N_("What does each of you think of, reading this?")


def to_ask_about(reasons: Sequence[Sentence]) -> tuple[tuple[Sentence, Sentence], ...]:
    """Return the reasons for which two people were matched, each with a question to begin with."""
    return tuple((one, Sentence(_TO_ASK.get(one.text, _OTHERWISE), one.values)) for one in reasons)


_FIRST_WEEKS, _NEAR = timedelta(days=14), timedelta(days=7)


def fitting_now(began_on: date, ends_on: date | None, today: date) -> str | None:
    """Return the key of the guide that fits this day of a pair's time, or None: most weeks have none of their own."""
    if today < began_on + _FIRST_WEEKS:
        return FIRST_MEETING
    if ends_on is None or ends_on <= began_on:
        return None
    if today > ends_on - _FIRST_WEEKS:
        return "good-ending"
    middle = began_on + (ends_on - began_on) / 2
    return "mid-term" if abs(today - middle) <= _NEAR else None
