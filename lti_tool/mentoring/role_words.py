"""A course's own words for mentor and mentee, inside every sentence that speaks of them.

Sentences are written with the usual words; where a programme has words of its own, these take their place: in the
singular, in the plural, and as the first word of a sentence. So no sentence has to know of it, and none is forgotten.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar

from lti_tool.mentoring.words import N_

T = TypeVar("T")

# What is looked for in a sentence. A translation names the words of its own sentences.
USUAL = (N_("mentor"), N_("mentors"), N_("mentee"), N_("mentees"))
# Of a text from files: what names things, and is read by nobody.
_NAMES = frozenset({"key", "see", "language", "version", "topic", "right", "edition"})
# A sentence may be markup and a pattern already, so these stand in for what would end it.
_HARMLESS = str.maketrans({"<": "‹", ">": "›", "&": "＆", "%": "％", '"': "”", "'": "’", "{": "(", "}": ")"})
_UNSEEN = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\0"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleWords:
    """What a course calls those who help and those who are helped, one of them and several."""

    mentor: str
    mentors: str
    mentee: str
    mentees: str

    @property
    def each(self) -> tuple[str, str, str, str]:
        """The words in the order of `USUAL`."""
        return self.mentor, self.mentors, self.mentee, self.mentees


@lru_cache(maxsize=256)
def role_words(mentor: str, mentee: str, *, mentors: str = "", mentees: str = "") -> RoleWords | None:
    """Return a course's words, or None where they are the usual ones; an empty plural follows from the singular."""
    if (mentor.lower(), mentee.lower()) == (USUAL[0], USUAL[2]) and not (mentors or mentees):
        return None
    return RoleWords(
        mentor=_plain(mentor),
        mentors=_plain(mentors or several(mentor)),
        mentee=_plain(mentee),
        mentees=_plain(mentees or several(mentee)),
    )


def several(word: str) -> str:
    """Return the usual English plural of a word or of a few."""
    if re.search(r"(?i)(?:[^aeiou]|qu)y$", word):
        return word[:-1] + "ies"
    return word + ("es" if re.search(r"(?i)(?:s|x|z|ch|sh)$", word) else "s")


def said_with(text: str, words: RoleWords, usual: tuple[str, ...] = USUAL) -> str:
    """Return a sentence with a course's own words in place of the usual ones; placeholders and addresses stay."""
    return _said(text, words.each, usual)


def all_said_with(value: T, words: RoleWords, usual: tuple[str, ...] = USUAL) -> T:
    """Return texts from files with a course's own words in every sentence; keys and versions stay."""
    return _everywhere(value, words, usual)  # type: ignore[no-any-return]  # of the same kind as it was given


def _everywhere(value: Any, words: RoleWords, usual: tuple[str, ...]) -> Any:
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return said_with(value, words, usual)
    if isinstance(value, tuple):
        return tuple(_everywhere(one, words, usual) for one in value)
    if isinstance(value, Mapping):
        return {key: _everywhere(one, words, usual) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        inner = {one.name: getattr(value, one.name) for one in fields(value) if one.init and one.name not in _NAMES}
        return replace(value, **{name: _everywhere(one, words, usual) for name, one in inner.items()})
    return value


@lru_cache(maxsize=8192)
def _said(text: str, own: tuple[str, ...], usual: tuple[str, ...]) -> str:
    pattern = _pattern(own, usual)
    if not pattern.search(text):
        return text
    by_usual = dict(zip(usual, own, strict=True))
    return pattern.sub(lambda found: _in_place(found, by_usual), text)


@lru_cache(maxsize=256)
def _pattern(own: tuple[str, ...], usual: tuple[str, ...]) -> re.Pattern[str]:
    """What is looked for: the usual words, and the own ones, which stay where a sentence has them already."""
    own_ones = "|".join(re.escape(one) for one in sorted(own, key=len, reverse=True))
    usual_ones = "|".join(re.escape(one) for one in sorted(usual, key=len, reverse=True))
    article = r"(?P<article>\b[Aa] )?" if usual == USUAL else r"(?P<article>(?!))?"
    return re.compile(
        rf"(?i:(?<!\w)(?:{own_ones})(?!\w))|(?<!%\(){article}(?<![\w/])(?P<usual>(?i:{usual_ones}))(?!\w)"
    )


def _in_place(found: re.Match[str], by_usual: Mapping[str, str]) -> str:
    word = found["usual"]
    if word is None:
        return found[0]
    own = by_usual[word.lower()]
    if word[0].isupper():
        own = own[0].upper() + own[1:]
    elif own[1:] == own[1:].lower():  # capitals inside are how the course writes it
        own = own[0].lower() + own[1:]
    article = found["article"] or ""
    return (article.rstrip() + "n " if article and own[0].lower() in "aeiou" else article) + own


def _plain(word: str) -> str:
    return word.translate(_UNSEEN).translate(_HARMLESS).strip() or "–"
