"""What an LMS says about itself, read on a stranger's word: the first half of dynamic registration.

Source: LTI Dynamic Registration 1.0, section 3.4; Moodle 4.5.6 as recorded (errors are plain text).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from lti_tool.lti.addresses import host_of, is_web_address
from lti_tool.lti.errors import PlatformRefused, PlatformUnavailable, ServiceFault
from lti_tool.lti.faults import json_of
from lti_tool.lti.following import Found, find
from lti_tool.lti.quirks import Family, family_of, family_quirks
from lti_tool.lti.reach import Reach
from lti_tool.lti.registration_faults import RegistrationFailed, RegistrationFault
from lti_tool.lti.texts import identifier_of, text_of
from lti_tool.lti.transport import Authorise, Fetched, Limits, bearer, exchange, prepared_session, unsigned

_LIMITS = Limits(read_seconds=15, total_seconds=20, body_bytes=512 * 1024)
_CANVAS = "https://canvas.instructure.com/lti/"
_PLATFORM = "https://purl.imsglobal.org/spec/lti-platform-configuration"
# Issuers that many institutions share, with the hosts that may speak for them; all others speak for themselves only.
_SHARED_ISSUERS = {
    "https://canvas.instructure.com": (".instructure.com", ".canvaslms.com"),
    "https://canvas.beta.instructure.com": (".instructure.com", ".canvaslms.com"),
    "https://canvas.test.instructure.com": (".instructure.com", ".canvaslms.com"),
    "https://blackboard.com": (".blackboard.com", ".anthology.com"),
}
_BY_FAULT = {
    ServiceFault.BAD_ADDRESS: RegistrationFault.ADDRESS_REFUSED,
    ServiceFault.INSECURE_ADDRESS: RegistrationFault.ADDRESS_REFUSED,
    ServiceFault.PRIVATE_ADDRESS: RegistrationFault.ADDRESS_REFUSED,
    ServiceFault.LEADS_ON: RegistrationFault.REDIRECTED,
}
_SENDABLE = re.compile(r"[!-~]+")
_SHORT_CODE = re.compile(r"[A-Za-z][\w .-]{2,79}")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformConfiguration:
    """What an LMS says about itself.

    Shape: `messages_supported` holds the placements of each message, if it lists any; `institution` is whose account it
    is, where many share the issuer (Canvas).
    """

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    registration_endpoint: str
    authorization_server: str | None
    scopes_supported: frozenset[str]
    family: Family
    version: str | None
    messages_supported: Mapping[str, frozenset[str]] = field(default_factory=dict)
    institution: str | None = None

    @property
    def auth_audience(self) -> str | None:
        """The audience of token requests, where it is not the token endpoint itself."""
        return self.authorization_server if family_quirks(self.family).audience_is_authorization_server else None


def read_openid_configuration(url: str, token: str | None, *, reach: Reach) -> PlatformConfiguration:
    """What stands at the address that the LMS named, if it is an LMS speaking for itself.

    Raises: RegistrationFailed.
    """
    found = _find(url, token, reach=reach)
    document = as_object(json_document(found.answer))
    platform = as_object(document.get(_PLATFORM))
    issuer = required_identifier(document, "issuer")
    configuration = PlatformConfiguration(
        issuer=issuer,
        authorization_endpoint=required_text(document, "authorization_endpoint"),
        token_endpoint=required_text(document, "token_endpoint"),
        jwks_uri=required_text(document, "jwks_uri"),
        registration_endpoint=required_text(document, "registration_endpoint"),
        authorization_server=as_text(document.get("authorization_server")),
        scopes_supported=frozenset(_texts(document.get("scopes_supported"))),
        family=family_of(as_text(platform.get("product_family_code")) or "", issuer),
        version=as_text(platform.get("version")),
        messages_supported=messages_supported(platform.get("messages_supported")),
        institution=as_text(platform.get(_CANVAS + "account_name")),
    )
    _require_own_voice(configuration, found.url)
    _require_usable(configuration, reach=reach)
    return configuration


def messages_supported(value: object) -> dict[str, frozenset[str]]:
    """The placements of each message of a list, by the names without Canvas's prefix."""
    listed = [as_object(one) for one in value] if isinstance(value, list) else []
    found: dict[str, frozenset[str]] = {}
    for one in listed:
        if name := as_text(one.get("type")):
            places = {place.removeprefix(_CANVAS) for place in _texts(one.get("placements"))}
            found[name] = found.get(name, frozenset()) | places
    return found


def _require_own_voice(configuration: PlatformConfiguration, url: str) -> None:
    """The issuer is the host that gave the configuration in the end; a shared issuer's addresses are the vendor's."""
    hosts = [host_of(address) for address in (configuration.authorization_endpoint, configuration.jwks_uri)]
    vendor = _SHARED_ISSUERS.get(configuration.issuer)
    if vendor is not None:
        is_theirs = all(host.endswith(vendor) for host in hosts)
    else:
        is_theirs = is_web_address(configuration.issuer) and host_of(configuration.issuer) == host_of(url)
    if not is_theirs:
        raise RegistrationFailed(RegistrationFault.ISSUER_REFUSED)


def _require_usable(configuration: PlatformConfiguration, *, reach: Reach) -> None:
    """Every address is one the tool may call later."""
    with _told_as_registration():
        for address in (
            configuration.authorization_endpoint,
            configuration.token_endpoint,
            configuration.jwks_uri,
            configuration.registration_endpoint,
        ):
            reach.require(address)


def _find(url: str, token: str | None, *, reach: Reach) -> Found:
    """The configuration, also where its address leads on; the token goes to the address that came with it alone."""
    with _told_as_registration(), prepared_session(reach=reach, uses_proxy=False) as session:
        reach.require(url)
        found = find(
            session, url, authorise=_signing(token), headers={"Accept": "application/json"}, limits=_LIMITS, reach=reach
        )
    _require_success(found.answer)
    return found


def fetch(method: str, url: str, token: str | None, body: bytes | None, *, reach: Reach) -> Fetched:
    """A success of a server that the tool may talk to on a stranger's word, at this address and no other."""
    headers = {"Accept": "application/json"} | ({"Content-Type": "application/json"} if body is not None else {})
    with _told_as_registration(), prepared_session(reach=reach, uses_proxy=False) as session:
        reach.require(url)
        answer = exchange(session, method, url, authorise=_signing(token), headers=headers, data=body, limits=_LIMITS)
    _require_success(answer)
    return answer


@contextmanager
def _told_as_registration() -> Iterator[None]:
    """What fails with an address, in the words of a registration."""
    try:
        yield
    except PlatformUnavailable as error:
        raise RegistrationFailed(RegistrationFault.UNREACHABLE) from error
    except PlatformRefused as error:
        raise RegistrationFailed(_BY_FAULT.get(error.fault, RegistrationFault.UNREADABLE)) from error


def _signing(token: str | None) -> Authorise:
    """The one-time token, if there is one and a header can carry it."""
    if token and not _SENDABLE.fullmatch(token):
        raise RegistrationFailed(RegistrationFault.REFUSED)
    return bearer(token) if token else unsigned


def _require_success(answer: Fetched) -> None:
    """Whatever is neither 200 nor 201 ends the registration."""
    if 300 <= answer.status < 400:
        raise RegistrationFailed(RegistrationFault.REDIRECTED, status=answer.status)
    if answer.status not in {200, 201}:
        raise _refusal(answer)


def _refusal(answer: Fetched) -> RegistrationFailed:
    """The LMS's no, with its own short code (Moodle: plain text such as `token_already_used`), never a page of HTML."""
    said = answer.body[:200].decode(errors="replace").strip()
    fault = RegistrationFault.UNREACHABLE if answer.status >= 500 else RegistrationFault.REFUSED
    return RegistrationFailed(fault, status=answer.status, said=said if _SHORT_CODE.fullmatch(said) else None)


def json_document(answer: Fetched) -> object:
    """The JSON of an answer."""
    try:
        return json_of(answer)
    except ValueError as error:
        raise RegistrationFailed(RegistrationFault.UNREADABLE, status=answer.status) from error


def required_text(document: Mapping[str, object], name: str) -> str:
    """A text that a registration cannot do without."""
    value = as_text(document.get(name))
    if value is None:
        raise RegistrationFailed(RegistrationFault.UNREADABLE)
    return value


def required_identifier(document: Mapping[str, object], name: str) -> str:
    """A text that the tool looks things up by: no longer than an index takes."""
    return _as_identifier(required_text(document, name))


def optional_identifier(document: Mapping[str, object], name: str) -> str | None:
    """Such a text, or None where there is none at all."""
    value = as_text(document.get(name))
    return None if value is None else _as_identifier(value)


def _as_identifier(value: str) -> str:
    if identifier_of(value) is None:
        raise RegistrationFailed(RegistrationFault.UNREADABLE)
    return value


def as_object(value: object) -> Mapping[str, object]:
    """A JSON object; anything else counts as an empty one."""
    return value if isinstance(value, dict) else {}


def as_text(value: object) -> str | None:
    """A text with something in it; whole numbers are read as their text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return text_of(value)


def _texts(value: object) -> Iterable[str]:
    """The texts of a list."""
    return (one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
