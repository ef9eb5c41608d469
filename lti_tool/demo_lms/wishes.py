"""Reading what a tool wishes to be registered as, or the first thing wrong with it.

Source: Dynamic Registration 1.0, 3.5; which fields are required follows Moodle 4.5.6; the privacy level is Canvas's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from lti_tool.demo_lms.habits import RegistrationHabits
from lti_tool.demo_lms.vocabulary import CANVAS_PRIVACY, TOOL_CONFIGURATION

NAMES, EMAIL = ("name", "given_name", "family_name"), ("email",)
_PRIVACY = {"public": (*NAMES, *EMAIL), "name_only": NAMES, "email_only": EMAIL, "anonymous": ()}


class Unacceptable(ValueError):
    """The tool's registration cannot be accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A tool's registration, read and found acceptable."""

    name: str
    initiate_login_uri: str
    redirect_uris: tuple[str, ...]
    target_link_uri: str
    jwks_uri: str
    scopes: frozenset[str]
    claims: frozenset[str]
    custom: Mapping[str, str]
    targets: Mapping[str, str] = field(default_factory=dict)


def read_wish(body: Mapping[str, Any], *, known: Iterable[str], habits: RegistrationHabits) -> Wish:
    """Answer the registration that a tool asks for.

    Raises: Unacceptable with the first reason.
    """
    _must_list(body, "response_types", "id_token")
    _must_list(body, "grant_types", "client_credentials", "implicit")
    for member, value in (("application_type", "web"), ("token_endpoint_auth_method", "private_key_jwt")):
        if body.get(member) != value:
            raise Unacceptable(f"{member} must be {value}.")
    setup = body.get(TOOL_CONFIGURATION)
    if not isinstance(setup, dict):
        raise Unacceptable(f"{TOOL_CONFIGURATION} is missing.")
    target = web_address(setup.get("target_link_uri"), "target_link_uri")
    if setup.get("domain") != urlsplit(target).netloc:
        raise Unacceptable("domain must be the host, with port, of target_link_uri.")
    redirects = texts(body.get("redirect_uris"))
    if not redirects:
        raise Unacceptable("redirect_uris is missing.")
    name = body.get("client_name")
    if not name or not isinstance(name, str):
        raise Unacceptable("client_name is missing.")
    asked, grantable = frozenset(str(body.get("scope", "")).split()), frozenset(known)
    if habits.unknown_scopes_are_refused and not asked <= grantable:
        raise Unacceptable(f"scope is unknown: {' '.join(sorted(asked - grantable))}.")
    return Wish(
        name=name,
        initiate_login_uri=web_address(body.get("initiate_login_uri"), "initiate_login_uri"),
        redirect_uris=tuple(web_address(uri, "redirect_uris") for uri in redirects),
        target_link_uri=target,
        jwks_uri=web_address(body.get("jwks_uri"), "jwks_uri"),
        scopes=(asked & grantable) - habits.withheld_scopes,
        claims=frozenset(_PRIVACY.get(str(setup.get(CANVAS_PRIVACY)), texts(setup.get("claims")))),
        custom=custom_values(setup.get("custom_parameters"), is_cut=habits.cuts_custom_values),
        targets=_targets(setup.get("messages"), target),
    )


def custom_values(sent: object, *, is_cut: bool) -> dict[str, str]:
    """Answer custom parameters; Moodle cuts a value at an equals sign."""
    pairs = sent.items() if isinstance(sent, Mapping) else ()
    return {str(key): str(value).partition("=")[0] if is_cut else str(value) for key, value in pairs}


def texts(value: object) -> list[str]:
    """Answer the texts in a list."""
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def web_address(value: object, name: str) -> str:
    """Answer the address if it is https, or http on this machine."""
    parts = urlsplit(value if isinstance(value, str) else "")
    host = parts.hostname or ""
    is_local = host in ("localhost", "127.0.0.1", "::1") or host.endswith(".localhost")
    if not host or parts.username or not (parts.scheme == "https" or (parts.scheme == "http" and is_local)):
        raise Unacceptable(f"{name} must be an https address, or http on this machine.")
    return str(value)


def _targets(messages: object, usual: str) -> dict[str, str]:
    found = [one for one in messages if isinstance(one, dict)] if isinstance(messages, list) else []
    return {str(one.get("type")): web_address(one.get("target_link_uri") or usual, "target_link_uri") for one in found}


def _must_list(body: Mapping[str, Any], name: str, *values: str) -> None:
    if missing := set(values) - set(texts(body.get(name))):
        raise Unacceptable(f"{name} must contain {', '.join(sorted(missing))}.")
