"""Texts of an LMS, made safe to keep: PostgreSQL stores no NUL, and no database a half of a surrogate pair.

JSON allows both, so that a single odd name could otherwise stop a launch or a whole roster.
"""

import unicodedata

_LONGEST_IDENTIFIER = 255


def text_of(value: object) -> str | None:
    """A text with something in it, without surrounding space and control characters; None for anything else."""
    if not isinstance(value, str):
        return None
    if not value.isprintable():
        value = "".join(_kept(character) for character in value)
    return value.strip() or None


def identifier_of(value: object) -> str | None:
    """An identifier of 1 to 255 characters, unchanged; whole numbers are read as their text; None for anything else."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not 0 < len(text) <= _LONGEST_IDENTIFIER:
        return None
    return text if text.isprintable() or not any(_is_unkeepable(character) for character in text) else None


def _kept(character: str) -> str:
    """What stays of one character: line ends and tabs become spaces."""
    return " " if character.isspace() else "" if _is_unkeepable(character) else character


def _is_unkeepable(character: str) -> bool:
    """Whether this is a control character or half of a pair."""
    return unicodedata.category(character) in {"Cc", "Cs"}
