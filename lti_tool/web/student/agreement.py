"""The two texts that people agree to, as the page that asks for it shows them."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _
from markupsafe import Markup

from lti_tool.mentoring.contents import CODE_OF_CONDUCT, CONSENT
from lti_tool.mentoring.guides import Document
from lti_tool.web.library import contents
from lti_tool.web.markdown import to_html


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A document with its text as HTML, below a heading of the page."""

    document: Document
    body: Markup


def agreed_texts() -> dict[str, Shown]:
    """What somebody reads before they agree, in their language; by what they agree to (`conduct`, `consent`)."""
    documents = contents().documents
    return {
        what: Shown(document=documents[key], body=to_html(documents[key].body, _nowhere, level=3))
        for what, key in (("conduct", CODE_OF_CONDUCT), ("consent", CONSENT))
    }


def agreement_problems(texts: Mapping[str, Shown]) -> dict[str, str]:
    """What is missing in the form of the agreement, by field; nobody agrees to an edition they were not shown."""
    unticked = {
        "conduct": _("Please tick the box if you agree. Without it nobody can be matched with you."),
        "consent": _("Please tick the box if you agree. Without it your answers cannot be used."),
    }
    problems = {what: words for what, words in unticked.items() if request.form.get(what) != "yes"}
    for what, shown in texts.items():
        if request.form.get(f"{what}_edition") != str(shown.document.edition):
            problems[what] = _(
                "This text has changed since you opened the page. Please read it again, and tick the box."
            )
    return problems


def _nowhere(_place: str) -> None:
    """Training opens only to those who have joined, so that links into it are plain words here."""
