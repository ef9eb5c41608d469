"""Sentences for people, kept apart from their translation.

The rules speak English texts that are also the keys of the catalogues. `N_` marks a text for the extractor and does
nothing else; the pages translate a text when they show it, and only then put its values in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(text: str) -> str:  # noqa: N802 - the name gettext's extractor looks for
    """Return the text unchanged; its place in the source is what the extractor finds."""
    return text


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text with `%(name)s` placeholders and what belongs in them.

    Shape: a value is a number, a date or an instant (the page formats it), a `str` (shown as it is), a `Sentence`
        (translated), or a tuple of sentences or of texts marked with `N_` (each translated, then joined as a list).
    """

    text: str
    values: Mapping[str, object] = field(default_factory=dict)


# Left-to-right and right-to-left override: they make a text read otherwise than it is written.
_OVERRIDES = frozenset("\u202d\u202e")


def is_storable(text: str) -> bool:
    """Tell whether every database can hold the text; PostgreSQL refuses the character NUL, UTF-8 half a character."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def wrong_with_text(text: str) -> Sentence | None:
    """Return why this text cannot be taken as it is, or None."""
    if not is_storable(text):
        return Sentence(N_("This text holds a character that cannot be saved. Please type it again."))
    if _OVERRIDES & set(text):
        return Sentence(
            N_("This text holds an invisible character that turns its direction round. Please type it without that.")
        )
    return None
