"""Lists that an LMS hands out in pages, read whole or not at all.

Source: RFC 8288 (`rel=next`); Course Groups 1.0, section 3.
"""

from collections.abc import Collection, Iterator

from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import PlatformRefused, ServiceFault

_MOST_PAGES = 2_000
_MOST_ENTRIES = 200_000


def entries(
    connector: Connector, url: str, *, scopes: Collection[str], accept: str, name: str
) -> Iterator[dict[str, object]]:
    """Every object in the lists called `name`, page by page; an empty body is an empty list.

    Raises: PlatformRefused (PAGES_REPEAT for pages that lead back, UNREADABLE for no such list), PlatformUnavailable.
    """
    visited: set[str] = set()
    count = 0
    following: str | None = url
    while following is not None:
        if following in visited:
            raise PlatformRefused(ServiceFault.PAGES_REPEAT)
        visited.add(following)
        answer = connector.get(following, scopes=scopes, accept=accept)
        page = [] if answer.json is None else answer.json.get(name) if isinstance(answer.json, dict) else None
        if not isinstance(page, list):
            raise PlatformRefused(ServiceFault.UNREADABLE, status=answer.status)
        count += len(page)
        if len(visited) > _MOST_PAGES or count > _MOST_ENTRIES:
            raise PlatformRefused(ServiceFault.TOO_LARGE)
        yield from (entry for entry in page if isinstance(entry, dict))
        following = answer.next_url
