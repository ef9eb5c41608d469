"""The `Link` header, as LMSs write it: several links, any parameter order, curly quotes, case-sensitive addresses.

Source: RFC 8288; Moodle 4.5.6 writes `rel=“next”` and `&amp;` in its gradebook's links.
"""

import re
from urllib.parse import urljoin

_LINK = re.compile(r"<([^>]*)>([^<]*)")
_REL = re.compile(r";\s*rel\s*=\s*(?:[\"'“”]([^\"'“”]*)[\"'“”]|([^\s;,]+))", re.IGNORECASE)


def next_link(header: str, base_url: str) -> str | None:
    """The address of the next page exactly as given, or None; a relative one is joined to the page's own."""
    for link in _LINK.finditer(_as_utf8(header)):
        relation = _REL.search(link[2])
        names = (relation[1] or relation[2] or "").lower().split() if relation else []
        if "next" in names:
            address: str = link[1].strip().replace("&amp;", "&")
            return _joined(base_url, address)
    return None


def _joined(base_url: str, address: str) -> str:
    """The absolute address; one that is none stays as it is, to be refused and not to be skipped."""
    try:
        return urljoin(base_url, address)
    except ValueError:
        return address


def _as_utf8(header: str) -> str:
    """The header's text; HTTP libraries read headers as Latin-1, some LMSs write UTF-8."""
    try:
        return header.encode("latin-1").decode()
    except UnicodeError:
        return header
