"""Plain text as people wrote it, with its web addresses as links: everything else stays letters.

A link shows the whole address that it leads to, opens in a new window (the page may be inside an LMS's frame), and
tells the other side nothing about where the reader came from.
"""

from functools import lru_cache

from flask_babel import gettext as _
from linkify_it import LinkifyIt  # type: ignore[import-untyped]  # it carries no types
from markupsafe import Markup, escape

from lti_tool.mentoring.resources import is_web_address


@lru_cache(maxsize=1)
def _finder() -> LinkifyIt:
    """Finds http and https addresses, and names such as library.example.edu, which then mean https."""
    finder = LinkifyIt(options={"fuzzy_email": False, "fuzzy_ip": False, "fuzzy_link": True})
    for schema in ("ftp:", "mailto:", "//"):
        finder.add(schema, None)
    return finder


def linked(text: str) -> Markup:
    """The text as HTML in which only web addresses are links."""
    parts, end = [], 0
    for found in _finder().match(text) or []:
        address = found.url if found.schema else f"https://{found.raw}"
        if not is_web_address(address):
            continue
        parts += [escape(text[end : found.index]), _link(address, found.raw)]
        end = found.last_index
    return Markup("").join([*parts, escape(text[end:])])


def _link(address: str, shown: str) -> Markup:
    return Markup(
        '<a href="{}" target="_blank" rel="noopener noreferrer nofollow">{}<span class="visually-hidden"> {}</span></a>'
    ).format(address, shown, _("(opens in a new window)"))
