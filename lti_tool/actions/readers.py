"""The language of somebody who is not there: what is written for them is in it, as far as there are texts in it.

It is the one their LMS named for them; English where it named none, since a course has no language of its own.
"""

from collections.abc import Callable

from babel import Locale, UnknownLocaleError
from flask import current_app
from flask_babel import Domain, force_locale

TEXTS = "readers"  # the key in app.extensions: the tool's own texts, read once, without any course's words


def language(locale: str) -> str:
    """A locale that Babel knows; English for what LMSs send otherwise."""
    try:
        return str(Locale.parse(locale.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return "en"


def translator(locale: str) -> Callable[[str], str]:
    """The tool's texts for whoever reads this language, whoever asks for them."""
    texts: Domain = current_app.extensions.setdefault(TEXTS, Domain())
    with force_locale(language(locale)):
        found: Callable[[str], str] = texts.get_translations().ugettext
    return found
