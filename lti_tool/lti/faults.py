"""What a service's answer that is not a success means: try again later, or do not.

Only the status and known phrases are looked at; nothing of the answer is kept.
Source: the phrases are those of canvas-lms (`throttling.md`, controllers of scores and rosters), Moodle 4.5.6 (recorded
answers; its reason stands in the HTTP reason phrase), xblock-lti-consumer `plugin/views.py`, Brightspace and
Blackboard score answers.
"""

import json
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from lti_tool.lti.errors import LtiError, PlatformRefused, PlatformUnavailable, ScoreIsStale, ServiceFault
from lti_tool.lti.transport import Fetched

_READ_OF_A_BODY = 4096
_THROTTLED = re.compile(r"rate limit exceeded", re.IGNORECASE)
_STALE = re.compile(
    r"earlier timestamp|before last updated timestamp|already exists for the provided timestamp", re.IGNORECASE
)
_NOT_GRADABLE = re.compile(
    r"user not found in course or is not a student|user in requested score|user could not be found"
    r"|incorrect score received",
    re.IGNORECASE,
)
_ABOVE_LIMIT = re.compile(r"above_response_limit", re.IGNORECASE)
_NO_LINK_ROSTER = re.compile(
    r"tool does not have access to rlid or rlid does not exist|requested resourcelink bound to unexpected external tool"
    r"|requested resourcelink was not found|requested assignment not configured for external tool launches",
    re.IGNORECASE,
)
_CLOCKS = re.compile(r"iat prior to|expired token|issued at", re.IGNORECASE)
_LEADING_ELSEWHERE = frozenset({302, 303, 307})  # for now: to a sign-in page, or to one about maintenance
_BY_STATUS = {
    401: ServiceFault.TOKEN_REFUSED,
    403: ServiceFault.FORBIDDEN,
    404: ServiceFault.NOT_FOUND,
    409: ServiceFault.STALE,
    410: ServiceFault.NOT_FOUND,
    412: ServiceFault.NOT_OURS,
}
_BY_PHRASE = (
    (_STALE, ServiceFault.STALE),
    (_NOT_GRADABLE, ServiceFault.PERSON_NOT_GRADABLE),
    (_ABOVE_LIMIT, ServiceFault.ROSTER_ABOVE_LIMIT),
    (_NO_LINK_ROSTER, ServiceFault.LINK_HAS_NO_ROSTER),
)
_TOKEN_ERROR = re.compile(r'"error"\s*:\s*"([a-z_]+)"')


def service_error(answer: Fetched, now: datetime) -> LtiError:
    """The exception that a service's unsuccessful answer stands for."""
    text = _text_of(answer)
    if error := _passing_error(answer, now):
        return error
    phrase = next((fault for pattern, fault in _BY_PHRASE if pattern.search(text)), None)
    unknown = ServiceFault.WEB_PAGE if is_web_page(answer) else ServiceFault.NOT_ACCEPTED
    fault = phrase or _BY_STATUS.get(answer.status, unknown)
    if fault is ServiceFault.STALE:
        return ScoreIsStale(status=answer.status)
    return PlatformRefused(fault, status=answer.status)


def token_error(answer: Fetched, now: datetime) -> LtiError:
    """The exception that a token endpoint's unsuccessful answer stands for; Moodle's error bodies may be no JSON."""
    text = _text_of(answer)
    if error := _passing_error(answer, now):
        return error
    code = _TOKEN_ERROR.search(text)
    if code and code[1] == "invalid_scope":
        return PlatformRefused(ServiceFault.SCOPE_NOT_GRANTED, status=answer.status)
    if _CLOCKS.search(text):
        return PlatformRefused(ServiceFault.CLOCKS_DIFFER, status=answer.status)
    return PlatformRefused(ServiceFault.CLIENT_REFUSED, status=answer.status)


def is_throttled(answer: Fetched) -> bool:
    """Whether the request came too fast (Canvas before 2025-10: 403); it has changed nothing then."""
    return answer.status == 429 or (answer.status == 403 and bool(_THROTTLED.search(_text_of(answer))))


def _passing_error(answer: Fetched, now: datetime) -> PlatformUnavailable | None:
    """PlatformUnavailable for what passes by itself: faults of the server, throttling, being led to a page."""
    if answer.status in _LEADING_ELSEWHERE:
        return PlatformUnavailable(ServiceFault.WEB_PAGE, status=answer.status)
    if is_throttled(answer) or answer.status >= 500 or answer.status in {408, 425}:
        return PlatformUnavailable(status=answer.status, retry_after_seconds=_retry_after(answer, now))
    return None


def _retry_after(answer: Fetched, now: datetime) -> float | None:
    """Seconds that the server asks to wait, whether it says a number or a date."""
    said = answer.headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        at = parsedate_to_datetime(said)
    except (ValueError, IndexError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - now).total_seconds())


def _text_of(answer: Fetched) -> str:
    """The reason phrase and the beginning of the body, to look for known phrases."""
    return f"{answer.reason} {answer.body[:_READ_OF_A_BODY].decode(errors='replace')}"


def is_web_page(answer: Fetched) -> bool:
    """Whether a page for people came, as a proxy's or a sign-in's; its status may well be 200."""
    return answer.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def unreadable(answer: Fetched) -> PlatformUnavailable:
    """The exception that a success stands for which does not hold what was asked for; the same may come right later."""
    fault = ServiceFault.WEB_PAGE if is_web_page(answer) else ServiceFault.UNREADABLE
    return PlatformUnavailable(fault, status=answer.status)


def json_of(answer: Fetched) -> object:
    """The JSON in a body; None for an empty one.

    Raises: ValueError for a body that is no JSON.
    """
    try:
        return json.loads(answer.body) if answer.body.strip() else None
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
