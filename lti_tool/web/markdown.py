"""Pages of training and documents: Markdown becomes clean HTML, its headings below the page's, its links safe.

Whoever writes the files may be trusted; that one of them pastes something from elsewhere is enough reason to clean.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import nh3
from flask_babel import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_TAGS = {
    *(
        "p",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "blockquote",
        "strong",
        "em",
        "code",
        "pre",
        "hr",
        "br",
        "a",
    ),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "target"}, "ol": {"start"}, "th": {"scope"}}
_SCHEMES = {"https", "http", "mailto", "tel"}

_parser = MarkdownIt("commonmark", {"html": False}).enable("table")


def to_html(body: str, link: Callable[[str], str | None], *, level: int = 2) -> Markup:
    """The HTML of a Markdown text.

    Shape: `link` gives the address of a place named by `see:PLACE`, or None, which leaves the words without a link;
        the text's highest headings become `level`, lower ones follow without a gap.
    """
    tokens = _parser.parse(body)
    _level_headings(tokens, level)
    for token in tokens:
        if token.type == "th_open":
            token.attrSet("scope", "col")
        if token.children:
            token.children = _with_links(token.children, link)
    html = _parser.renderer.render(tokens, _parser.options, {})
    return Markup(_cleaned(html))  # noqa: S704  # cleaned on this line


def _level_headings(tokens: Sequence[Token], level: int) -> None:
    """Number the headings anew: the ranks that occur become `level`, `level` + 1 ..."""
    ranks = sorted({int(token.tag[1]) for token in tokens if token.type == "heading_open"})
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(level + ranks.index(int(token.tag[1])), 6)}"


def _with_links(tokens: Sequence[Token], link: Callable[[str], str | None]) -> list[Token]:
    """The tokens of a line with each link pointing where it should; one that leads nowhere is only its words."""
    made: list[Token] = []
    closing: list[str | None] = []
    for token in tokens:
        if token.type == "link_open":
            address = _address(str(token.attrGet("href") or ""), link)
            is_outside = address is not None and re.match(r"https?:", address) is not None
            closing.append(None if address is None else _("(opens in a new window)") if is_outside else "")
            if address is None:
                continue
            token.attrs = {"href": address, **({"target": "_blank"} if is_outside else {})}
        elif token.type == "link_close":
            said = closing.pop()
            if said is None:
                continue
            if said:
                made.append(Token("text", "", 0, content=f" {said}"))
        made.append(token)
    return made


def _address(href: str, link: Callable[[str], str | None]) -> str | None:
    if href.startswith("see:"):
        return link(href.removeprefix("see:"))
    return href if re.match(r"(?:https?|mailto|tel):", href, re.IGNORECASE) else None


@lru_cache(maxsize=512)
def _cleaned(html: str) -> str:
    return nh3.clean(html, tags=_TAGS, attributes=_attributes(), url_schemes=_SCHEMES, link_rel="noopener noreferrer")


def _attributes() -> dict[str, Any]:
    return {tag: set(names) for tag, names in _ATTRIBUTES.items()}
