"""Plain text as people type it: in one line or in several, as long as it may be, with nothing invisible in it."""

from lti_tool.mentoring.words import N_, Sentence, wrong_with_text

EMPTY = Sentence(N_("Please write something here."))
_INVISIBLE = "\u200b\ufeff"  # characters without width, which make an empty text look like one


def one_line(text: str) -> str:
    """Return the text in one line, without blanks around it."""
    return " ".join(text.split())


def paragraphs(text: str) -> str:
    """Return the text with its lines, without blanks around it; browsers send line ends as two characters."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def wrong(text: str, *, longest: int, may_be_empty: bool = False) -> Sentence | None:
    """Return why this text cannot be taken as it is, or None.

    Units: characters, as the reader counts them: what `paragraphs` or `one_line` returned.
    """
    if not text.strip(_INVISIBLE + " \n\t") and not may_be_empty:
        return EMPTY
    if len(text) > longest:
        return Sentence(
            N_("This has %(count)s characters. Please shorten it to %(maximum)s at most."),
            {"count": len(text), "maximum": longest},
        )
    return wrong_with_text(text)
