"""The texts of training and guides in the reader's language."""

from typing import cast

from flask import current_app
from flask_babel import get_locale

from lti_tool.mentoring.contents import Contents
from lti_tool.mentoring.training import Training
from lti_tool.store.contents import Library
from lti_tool.web.visitor import visitor


def contents() -> Contents:
    """All texts, in the visitor's language as far as there are any in it."""
    return _library().contents(visitor().person.locale or str(get_locale() or ""))


def contents_outside() -> Contents:
    """The same where a launch asks something before there is a visit: in the language of the page."""
    return _library().contents(str(get_locale() or ""))


def training_of(course: str) -> Training | None:
    """The training of this name: of mentors, or the primer of mentees."""
    return contents().trainings.get(course)


def _library() -> Library:
    return cast(Library, current_app.extensions["contents"])
