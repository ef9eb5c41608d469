"""One way out to every LMS: prepared sessions within reach, time limits, size limits, no redirects, no cookies.

`requests` leaves a session without timeout and reads any body whole; both would let one slow LMS stop a worker.
Source: requests' documentation on sessions; urllib3 `Retry`.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import LocationValueError, ReadTimeoutError
from urllib3.util import Retry

from lti_tool.lti.errors import PlatformRefused, PlatformUnavailable, ServiceFault
from lti_tool.lti.guarded import AddressRefused, GuardedAdapter
from lti_tool.lti.reach import Reach

# Some Moodle hosts answer 403 to clients that name no agent.
USER_AGENT = "PeerMentoringLTI/1.0"

Authorise = Callable[[requests.PreparedRequest], requests.PreparedRequest]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long one exchange may take and how much it may bring.

    Units: seconds; bytes after decompression.
    """

    connect_seconds: float = 5.0
    read_seconds: float = 20.0
    total_seconds: float = 60.0
    body_bytes: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """An answer, read whole."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes


class _Session(requests.Session):
    """Asks the environment for a proxy once per server, and leaves every redirect alone.

    requests reads the environment whole, twice, before each request; and even where it is told to follow no redirect,
    it reads a redirect's body whole and parses its address, without any limit.
    """

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[tuple[object, ...], Mapping[str, Any]] = {}

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        """What the environment says of this server, remembered; requests' own name and arguments."""
        if proxies:
            return super().merge_environment_settings(url, proxies, stream, verify, cert)
        place = (*urlsplit(str(url))[:2], stream, verify, cert)
        if place not in self._known:
            self._known[place] = super().merge_environment_settings(url, proxies, stream, verify, cert)
        return dict(self._known[place])

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002 - requests names it
        """Nowhere; requests' own name and arguments."""
        return None


def prepared_session(*, reach: Reach, retries: int = 0, uses_proxy: bool = True) -> requests.Session:
    """A session that keeps connections and repeats a GET after a broken connection or a 5xx, never another method, and
    nothing to a server that hangs.

    A proxy from the environment resolves names out of our sight, so that a stranger's addresses are fetched without it.
    """
    session = _Session()
    session.trust_env = uses_proxy
    session.headers["User-Agent"] = USER_AGENT
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = GuardedAdapter(reach, retries=_repeats(retries))
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


class _Repeats(Retry):
    """Nothing is repeated to a server that hangs: it would hold up its thread two or three times as long."""

    def increment(self, *args: Any, **more: Any) -> Any:
        """urllib3's own name and arguments; it leaves with what is not to be repeated."""
        error = more.get("error")
        if isinstance(error, ReadTimeoutError):
            raise error
        return super().increment(*args, **more)


def _repeats(retries: int) -> Retry:
    """When a request is sent once more."""
    return _Repeats(
        total=retries,
        redirect=0,
        allowed_methods=["GET"],
        status_forcelist=[500, 502, 503, 504],
        backoff_factor=0.2,
        backoff_jitter=0.1,
        raise_on_status=False,
        respect_retry_after_header=False,
    )


def unsigned(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """No credentials; given explicitly, since requests would otherwise look for some in the user's .netrc."""
    return request


def bearer(token: str) -> Authorise:
    """The access token; an auth callable, since requests lets .netrc replace a plain Authorization header."""

    def sign(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {token}"
        return request

    return sign


def exchange(
    session: requests.Session,
    method: str,
    url: str,
    *,
    authorise: Authorise = unsigned,
    headers: Mapping[str, str] | None = None,
    data: bytes | None = None,
    limits: Limits,
) -> Fetched:
    """The answer of one request, whatever its status.

    Raises: PlatformUnavailable when no whole answer came; PlatformRefused for an unusable address or too long a body.
    """
    try:
        with session.request(
            method,
            url,
            headers=dict(headers or {}),
            data=data,
            auth=authorise,
            timeout=(limits.connect_seconds, limits.read_seconds),
            allow_redirects=False,
            stream=True,
        ) as response:
            body = _read(response, limits)
    except (
        requests.exceptions.InvalidURL,
        requests.exceptions.MissingSchema,
        requests.exceptions.InvalidSchema,
    ) as error:
        raise PlatformRefused(ServiceFault.BAD_ADDRESS) from error
    except AddressRefused as error:
        raise PlatformRefused(ServiceFault.PRIVATE_ADDRESS) from error
    except (LocationValueError, UnicodeError) as error:
        raise PlatformRefused(ServiceFault.BAD_ADDRESS) from error
    except requests.RequestException as error:
        raise PlatformUnavailable from error
    return Fetched(status=response.status_code, reason=response.reason or "", headers=response.headers, body=body)


def _read(response: requests.Response, limits: Limits) -> bytes:
    """The body, up to the limit of size and time."""
    deadline = time.monotonic() + limits.total_seconds
    parts: list[bytes] = []
    size = 0
    for part in response.iter_content(64 * 1024):
        size += len(part)
        if size > limits.body_bytes:
            raise PlatformRefused(ServiceFault.TOO_LARGE, status=response.status_code)
        if time.monotonic() > deadline:
            raise PlatformUnavailable
        parts.append(part)
    return b"".join(parts)
