"""A rule that does not allow something is said on the page that follows, and nothing is changed."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import flash

from lti_tool.mentoring.rules import RuleBroken
from lti_tool.web.text import sentence


@contextmanager
def said() -> Iterator[None]:
    """What the rule said is the message on the next page."""
    try:
        yield
    except RuleBroken as broken:
        flash(sentence(broken.sentence), "warning")
