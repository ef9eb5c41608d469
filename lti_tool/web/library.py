"""The texts of training and guides in the reader's language, with the course's own words."""

from functools import lru_cache
from typing import cast

from flask import current_app
from flask_babel import get_locale

from lti_tool.mentoring.contents import Contents
from lti_tool.mentoring.role_words import RoleWords, all_said_with
from lti_tool.mentoring.training import Training
from lti_tool.store.contents import Library
from lti_tool.web.language import own_words
from lti_tool.web.visitor import visitor

COURSES_KEPT = 32  # of whose texts with words of their own a process keeps, each about as large as all texts


def contents() -> Contents:
    """All texts, in the visitor's language as far as there are any in it."""
    library = _library()
    locale, words = visitor().person.locale or str(get_locale() or ""), own_words()
    return _said_with(library, library.contents(locale).language, words) if words else library.contents(locale)


def contents_outside() -> Contents:
    """All texts where a launch asks something before there is a visit: in the language of the page."""
    return _library().contents(str(get_locale() or ""))


@lru_cache(maxsize=COURSES_KEPT)
def _said_with(library: Library, language: str, words: RoleWords) -> Contents:
    """The texts of one language as courses with these words read them."""
    return all_said_with(library.contents(language), words)


def training_of(course: str) -> Training | None:
    """The training of this name: of mentors, or the primer of mentees."""
    return contents().trainings.get(course)


def _library() -> Library:
    return cast(Library, current_app.extensions["contents"])
