"""A peer case: a situation from one's own mentoring, written up for others to think about. It is read, not marked.

Source: product sections 6.3 (practicum) and 6.5, case 13 (mentors in reserve); R16, cases discussed among mentors.
"""

from lti_tool.mentoring.plain import EMPTY, paragraphs, wrong
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.words import N_, Sentence

TEXT_LENGTH = 6000
# What stands in the empty page: the three headings of a write-up.
HEADINGS = (
    N_("The situation"),
    N_("What I did, and why"),
    N_("What I would ask others"),
)
PROMPTS = (
    N_("The situation: what happened, and what made it hard? Use no names, and nothing that shows who it was."),
    N_("What you did, and why. What followed from it?"),
    N_("What you would ask other mentors: one question that you still have."),
    N_("No mentee yet? Take a situation from the training, or one you fear, and write what you would do."),
)


def template(headings: tuple[str, ...]) -> str:
    """Return the text that an empty page begins with, in the reader's words for the headings."""
    return "\n\n\n".join(headings) + "\n"


def cleaned(text: str) -> str:
    """Return the text as it is kept."""
    return paragraphs(text)


def wrong_with(text: str) -> Sentence | None:
    """Return why this text cannot be kept, or None; a draft may be empty."""
    return wrong(text, longest=TEXT_LENGTH, may_be_empty=True)


def require_written(text: str, headings: tuple[str, ...]) -> None:
    """Make sure that somebody wrote more than the headings.

    Raises: RuleBroken
    """
    left = [line.strip() for line in text.splitlines() if line.strip() and line.strip() not in headings]
    if not left:
        raise RuleBroken(EMPTY)
