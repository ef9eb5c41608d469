"""Documents that may have moved: configurations and key sets, read without credentials where an answer leads on.

Each step is checked like the first one: https, within reach, the connection itself once the name is resolved. Whatever
is sent, and whatever carries a token, stays at the address it was meant for (`transport.exchange` follows nothing).
Source: OWASP, server-side request forgery prevention; RFC 9110, sections 10.2.2 and 15.4.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urldefrag, urljoin

import requests

from lti_tool.lti.addresses import is_secure
from lti_tool.lti.errors import PlatformRefused, PlatformUnavailable, ServiceFault
from lti_tool.lti.reach import Reach
from lti_tool.lti.transport import Authorise, Fetched, Limits, exchange, unsigned

MOST_STEPS = 3
_LEADS_ON = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An answer that leads nowhere else, and the address that gave it."""

    answer: Fetched
    url: str


def find(
    session: requests.Session,
    url: str,
    *,
    authorise: Authorise = unsigned,
    headers: Mapping[str, str],
    limits: Limits,
    reach: Reach,
) -> Found:
    """The document at an address, or where that leads within three steps; only the first request is authorised.

    Units: the limits of time and size are those of all steps together.
    Raises: PlatformUnavailable; PlatformRefused, for an address that leads in a circle, too far, or out of reach too.
    """
    ends_at = time.monotonic() + limits.total_seconds
    asked = [url]
    while True:
        signs = authorise if len(asked) == 1 else unsigned
        answer = exchange(session, "GET", asked[-1], authorise=signs, headers=headers, limits=limits)
        place = answer.headers.get("Location")
        if answer.status not in _LEADS_ON or not place:
            return Found(answer=answer, url=asked[-1])
        asked.append(_next(place, asked, reach))
        limits = _left(limits, seconds=ends_at - time.monotonic(), size=len(answer.body))


def _next(place: str, asked: list[str], reach: Reach) -> str:
    """The address that an answer names, if it is a new one, as safe as the last, and within reach."""
    try:
        url = urldefrag(urljoin(asked[-1], place)).url
    except ValueError as error:
        raise PlatformRefused(ServiceFault.BAD_ADDRESS) from error
    if url in asked or len(asked) > MOST_STEPS:
        raise PlatformRefused(ServiceFault.LEADS_ON)
    reach.require(url)
    if is_secure(asked[-1]) and not is_secure(url):
        raise PlatformRefused(ServiceFault.INSECURE_ADDRESS)
    return url


def _left(limits: Limits, *, seconds: float, size: int) -> Limits:
    """What a step leaves to the next one."""
    if seconds <= 0:
        raise PlatformUnavailable
    return replace(
        limits,
        connect_seconds=min(limits.connect_seconds, seconds),
        read_seconds=min(limits.read_seconds, seconds),
        total_seconds=seconds,
        body_bytes=limits.body_bytes - size,
    )
