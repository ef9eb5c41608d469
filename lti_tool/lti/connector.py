"""Every call to an LMS's services goes through here: token, time limits, retries, throttling, next pages.

Source: LTI security framework 1.0, section 4; RFC 6750. PyLTI1p3's connector is not used: it lower-cases `Link`,
keeps no token across objects, sets no timeout and puts whole answers into exceptions.
"""

import json as jsonlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from lti_tool.lti.addresses import is_same_origin, is_secure, is_web_address
from lti_tool.lti.errors import PlatformRefused, PlatformUnavailable, ServiceFault
from lti_tool.lti.faults import is_throttled, is_web_page, json_of, service_error, unreadable
from lti_tool.lti.keys import SigningKeys
from lti_tool.lti.links import next_link
from lti_tool.lti.pace import Pace
from lti_tool.lti.platform import Platform
from lti_tool.lti.quirks import Quirks, quirks_of
from lti_tool.lti.reach import Reach
from lti_tool.lti.tokens import AccessTokens, TokenCache
from lti_tool.lti.transport import Fetched, Limits, bearer, exchange, prepared_session

__all__ = ["Answer", "Connector", "TokenCache"]

_LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A service's success: `json` is None for an empty body, `next_url` the next page on the same server."""

    status: int
    json: object
    next_url: str | None


class Connector:
    """Calls one platform's services; keep one for each platform, threads may share it.

    Addresses come from signed launches or from the platform's own answers, and get the token only over https, unless
    the platform itself is a local one without it.
    """

    def __init__(
        self,
        platform: Platform,
        *,
        signing_keys: SigningKeys,
        tokens: TokenCache,
        clock: Callable[[], datetime],
        reach: Reach,
        on_answer: Callable[[], None] = lambda: None,
    ) -> None:
        """Nothing is sent before the first call; `on_answer` is told of each answer that is no fault of the server."""
        self.platform = platform
        self.quirks: Quirks = quirks_of(platform)
        self._clock, self._on_answer = clock, on_answer
        self._session = prepared_session(reach=reach, retries=2)
        self._tokens = AccessTokens(platform, signing_keys=signing_keys, cache=tokens, session=self._session)
        self._pace = Pace()

    def close(self) -> None:
        """Ends the kept connections."""
        self._session.close()

    def get(self, url: str, *, scopes: Collection[str], accept: str) -> Answer:
        """What stands at the address; LMSs compare `accept` exactly.

        Raises: PlatformRefused, PlatformUnavailable (also for a page that is no JSON, as in maintenance).
        """
        fetched = self._call("GET", url, scopes=scopes, headers={"Accept": accept})
        try:
            body = json_of(fetched)
        except ValueError as error:
            raise unreadable(fetched) from error
        return Answer(status=fetched.status, json=body, next_url=_next_page(fetched, url))

    def post(
        self, url: str, *, scopes: Collection[str], content_type: str, json: object, accept: str = "*/*"
    ) -> Answer:
        """The answer to a new thing sent to the address; sent once, since a repeated POST may create twice.

        Raises: PlatformRefused; PlatformUnavailable, also for a page for people: nobody knows then if it was taken.
        """
        return self._send("POST", url, scopes=scopes, content_type=content_type, json=json, accept=accept)

    def put(self, url: str, *, scopes: Collection[str], content_type: str, json: object, accept: str = "*/*") -> Answer:
        """The answer to a replacement of what stands at the address.

        Raises: PlatformRefused, PlatformUnavailable.
        """
        return self._send("PUT", url, scopes=scopes, content_type=content_type, json=json, accept=accept)

    def _send(
        self, method: str, url: str, *, scopes: Collection[str], content_type: str, json: object, accept: str
    ) -> Answer:
        """A call with a body; an answer that is no JSON is still a success, unless it is a page for people."""
        headers = {"Content-Type": content_type, "Accept": accept}
        fetched = self._call(method, url, scopes=scopes, headers=headers, data=jsonlib.dumps(json).encode())
        if is_web_page(fetched):
            raise unreadable(fetched)
        try:
            body = json_of(fetched)
        except ValueError:
            body = None
        return Answer(status=fetched.status, json=body, next_url=None)

    def _call(
        self, method: str, url: str, *, scopes: Collection[str], headers: dict[str, str], data: bytes | None = None
    ) -> Fetched:
        """A successful answer, after one new token if the first was refused."""
        self._require_address(url)
        token = self._tokens.token(scopes, self._clock())
        fetched = self._at_its_pace(method, url, token, headers, data)
        if fetched.status == 401 or (
            fetched.status == 403 and self.quirks.bad_token_is_forbidden and not is_throttled(fetched)
        ):
            token = self._tokens.token(scopes, self._clock(), instead_of=token)
            fetched = self._at_its_pace(method, url, token, headers, data)
        fault = None if 200 <= fetched.status < 300 else service_error(fetched, self._clock())
        if not isinstance(fault, PlatformUnavailable):
            self._on_answer()
        if fault:
            raise fault
        return fetched

    def _at_its_pace(self, method: str, url: str, token: str, headers: dict[str, str], data: bytes | None) -> Fetched:
        """The answer, as soon as the LMS bears one more request; what it throttled has changed nothing: once more."""
        tries = 0
        while True:
            self._pace.enter()
            said: Mapping[str, str] = {}
            try:
                fetched = exchange(
                    self._session, method, url, authorise=bearer(token), headers=headers, data=data, limits=_LIMITS
                )
                said = fetched.headers
            finally:
                self._pace.leave(said)
            tries += 1
            if not is_throttled(fetched) or not self._pace.refused(said, tries):
                return fetched

    def _require_address(self, url: str) -> None:
        """The address may be given the token."""
        if not is_web_address(url):
            raise PlatformRefused(ServiceFault.BAD_ADDRESS)
        if is_secure(self.platform.auth_token_url) and not is_secure(url):
            raise PlatformRefused(ServiceFault.INSECURE_ADDRESS)


def _next_page(fetched: Fetched, url: str) -> str | None:
    """The next page's address; another server's would get our token, so that it is refused, not skipped."""
    following = next_link(fetched.headers.get("Link", ""), url)
    if following is not None and not is_same_origin(following, url):
        raise PlatformRefused(ServiceFault.FOREIGN_ADDRESS)
    return following
