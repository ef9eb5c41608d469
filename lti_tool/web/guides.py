"""What the guides' pages of students and of staff share."""

from markupsafe import Markup

from lti_tool.mentoring.guides import TECHNIQUES, Document
from lti_tool.web.library import contents
from lti_tool.web.markdown import to_html


def techniques() -> tuple[Document, Markup]:
    """The habits that stand on every guide, with their HTML; links inside them would lead away from the guide."""
    document = contents().documents[TECHNIQUES]
    return document, to_html(document.body, lambda _place: None, level=3)
