"""OIDC third-party initiated login: from the LMS's first knock to the redirect that asks it who is there.

Source: LTI security framework 1.0, section 5.1.1; LTI 1.3 core, section 4.1. PyLTI1p3 2.0.0 builds the request;
closed here: state below 128 bits and kept in a cookie only, nonce bound to nothing, `?` appended to addresses that
have a query, any target accepted.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pylti1p3.oidc_login import OIDCLogin
from pylti1p3.redirect import Redirect
from pylti1p3.registration import Registration

from lti_tool.lti.addresses import is_same_origin
from lti_tool.lti.bridge import Directory, KeptNonce, KeptState, Parameters, as_registration
from lti_tool.lti.errors import LaunchRefused, Refusal
from lti_tool.lti.pending import LaunchMemory, LoginRecord, hash_of
from lti_tool.lti.platform import Platform, PlatformDirectory
from lti_tool.lti.storage import StoragePlan, plan_storage

__all__ = [
    "LOGIN_LIFETIME",
    "LaunchMemory",
    "LoginRecord",
    "LoginStart",
    "begin_login",
    "hash_of",
    "login_cookie_name",
]

LOGIN_LIFETIME = timedelta(minutes=10)
_REQUIRED = ("iss", "login_hint", "target_link_uri")
_READ = (*_REQUIRED, "client_id", "lti_message_hint", "lti_storage_target")
_LONGEST_PARAMETER = 16 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginStart:
    """Where to send the browser, and the secret to leave in it under `login_cookie_name(state)`.

    `storage` is what a page may give the LMS to keep before it goes on to `url`; None where the LMS offers nothing.
    """

    url: str
    state: str
    browser_secret: str
    storage: StoragePlan | None = None


def login_cookie_name(state: str) -> str:
    """The name of this login's cookie: one per state, so that two tabs never overwrite each other."""
    return f"lti_login_{hash_of(state)[:32]}"


def begin_login(
    params: Mapping[str, str],
    *,
    platforms: PlatformDirectory,
    memory: LaunchMemory,
    redirect_uri: str,
    own_origin: str,
    now: datetime,
) -> LoginStart:
    """The redirect to the LMS, with its state remembered.

    Raises: LaunchRefused for an incomplete initiation, an unknown or paused platform, a target that is not ours.
    """
    _require_parameters(params)
    platform = _require_platform(params, platforms)
    if not is_same_origin(params["target_link_uri"], own_origin):
        raise LaunchRefused(Refusal.FOREIGN_TARGET)
    login = _Login(params, platform, platforms)
    url = login.authentication_url(redirect_uri)
    browser_secret = secrets.token_urlsafe(32)
    storage = plan_storage(params.get("lti_storage_target"), state=login.state, platform=platform)
    record = LoginRecord(
        registration_id=platform.registration_id,
        nonce=login.nonce,
        target_link_uri=params["target_link_uri"],
        browser_hash=hash_of(browser_secret),
        expires_at=now + LOGIN_LIFETIME,
        storage_hash=hash_of(storage.value) if storage else None,
        storage_frame=storage.frame if storage else None,
    )
    memory.remember(hash_of(login.state), record)
    return LoginStart(url=url, state=login.state, browser_secret=browser_secret, storage=storage)


def _require_parameters(params: Mapping[str, str]) -> None:
    """All that a login needs is there, and nothing is absurdly long."""
    if any(len(params.get(name, "")) > _LONGEST_PARAMETER for name in _READ):
        raise LaunchRefused(Refusal.INITIATION_TOO_LARGE)
    if not all(params.get(name) for name in _REQUIRED):
        raise LaunchRefused(Refusal.INITIATION_INCOMPLETE)


def _require_platform(params: Mapping[str, str], platforms: PlatformDirectory) -> Platform:
    """The registration that this login is for, if it may launch."""
    platform = platforms.find(params["iss"], params.get("client_id") or None)
    if platform is None:
        raise LaunchRefused(Refusal.UNKNOWN_PLATFORM)
    if platform.is_paused:
        raise LaunchRefused(Refusal.PLATFORM_PAUSED)
    return platform


class _Login(OIDCLogin[Parameters, Directory, KeptNonce, KeptState, str]):
    """PyLTI1p3's login with our state, our nonce and an address that keeps its own query."""

    def __init__(self, params: Mapping[str, str], platform: Platform, platforms: PlatformDirectory) -> None:
        """A login for a platform that has been found already."""
        super().__init__(Parameters(params), Directory(platforms), KeptNonce(), KeptState())
        self._platform = platform

    @property
    def state(self) -> str:
        """The state that was sent."""
        return self._cookie_service.state

    @property
    def nonce(self) -> str:
        """The nonce that was sent."""
        return self._session_service.nonce

    def authentication_url(self, redirect_uri: str) -> str:
        """The LMS's authentication address with our request and the query it had before.

        Source: Moodle uses a parameter `repost` for itself (MDL-83526), so that one of that name is never sent.
        """
        ours = parse_qsl(urlsplit(self._prepare_redirect_url(redirect_uri)).query, keep_blank_values=True)
        taken = {name for name, _ in ours} | {"repost"}
        address = urlsplit(self._platform.auth_login_url)
        theirs = [pair for pair in parse_qsl(address.query, keep_blank_values=True) if pair[0] not in taken]
        return urlunsplit(address._replace(query=urlencode(theirs + ours)))

    def validate_oidc_login(self) -> Registration:
        """The registration found by `begin_login`; its address without query, since PyLTI1p3 appends `?` to any."""
        bare = urlunsplit(urlsplit(self._platform.auth_login_url)._replace(query="", fragment=""))
        return as_registration(self._platform).set_auth_login_url(bare)

    def get_redirect(self, url: str) -> Redirect[str]:
        """The web layer redirects; PyLTI1p3 only builds the address."""
        raise NotImplementedError(url)

    def _get_uuid(self) -> str:
        """The random part of the state: 256 bits."""
        return secrets.token_urlsafe(32)

    def _generate_nonce(self) -> str:
        """The nonce: 256 bits."""
        return secrets.token_urlsafe(32)
