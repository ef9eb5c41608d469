"""Dynamic registration: an administrator pastes one address, and the LMS and the tool introduce themselves.

Source: LTI Dynamic Registration 1.0, sections 3.5 and 3.6; Moodle 4.5.6 as recorded (answers 200, the domain needs its
port); canvas-lms doc/api/registration.md.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from lti_tool.lti.addresses import is_same_origin
from lti_tool.lti.openid import (
    PlatformConfiguration,
    as_object,
    as_text,
    fetch,
    json_document,
    optional_identifier,
    read_openid_configuration,
    required_identifier,
)
from lti_tool.lti.profile import CANVAS, PrivacyLevel, ToolProfile, messages_for, scopes_for, translated
from lti_tool.lti.quirks import Family
from lti_tool.lti.reach import Reach
from lti_tool.lti.registration_faults import RegistrationFailed, RegistrationFault
from lti_tool.lti.transport import Fetched
from lti_tool.lti.variables import custom_parameters

__all__ = [
    "PlatformConfiguration",
    "PrivacyLevel",
    "Registered",
    "RegistrationFailed",
    "RegistrationFault",
    "ToolProfile",
    "held_registration",
    "read_openid_configuration",
    "register",
    "registration_request",
    "update_registration",
]

TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """The LMS's answer; without a deployment id the LMS names one at the first launch.

    Shape: `scopes` are those asked for that it says it gives, all of them where it names none.
    """

    client_id: str
    deployment_id: str | None
    scopes: frozenset[str]
    management_url: str | None
    management_token: str | None


def registration_request(configuration: PlatformConfiguration, profile: ToolProfile) -> dict[str, object]:
    """The tool's registration, asking only for what the LMS knows (Canvas refuses unknown scopes)."""
    addresses = {"logo_uri": profile.logo_uri, "policy_uri": profile.policy_uri, "tos_uri": profile.tos_uri}
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["client_credentials", "implicit"],
        "initiate_login_uri": profile.initiate_login_uri,
        "redirect_uris": [profile.redirect_uri],
        "client_name": profile.name,
        **translated("client_name", profile.names),
        "client_uri": profile.origin,
        **{name: address for name, address in addresses.items() if address},
        "contacts": list(profile.contacts),
        "jwks_uri": profile.jwks_uri,
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(scopes_for(configuration)),
        TOOL: _tool_configuration(configuration, profile),
    }


def _tool_configuration(configuration: PlatformConfiguration, profile: ToolProfile) -> dict[str, object]:
    """The LTI part."""
    is_canvas = configuration.family is Family.CANVAS
    return {
        "domain": profile.domain,
        "description": profile.description,
        **translated("description", profile.descriptions),
        "target_link_uri": profile.target_link_uri,
        "custom_parameters": custom_parameters(configuration.family) | dict(profile.custom_parameters or {}),
        "claims": list(profile.privacy_level.claims),
        "messages": messages_for(configuration, profile),
        **({CANVAS + "privacy_level": profile.privacy_level.value} if is_canvas else {}),
    }


def register(
    configuration: PlatformConfiguration, token: str | None, request: Mapping[str, object], *, reach: Reach
) -> Registered:
    """The LMS's confirmation; not every LMS answers 201, and some grant fewer scopes than asked.

    Raises: RegistrationFailed.
    """
    body = json.dumps(request).encode()
    answer = fetch("POST", configuration.registration_endpoint, token, body, reach=reach)
    return _read(answer, request, own_address=configuration.registration_endpoint)


def update_registration(
    management_url: str, management_token: str, request: Mapping[str, object], *, client_id: str, reach: Reach
) -> Registered:
    """The LMS's confirmation of a registration that replaces the earlier one, where it gave an address for that.

    Raises: RegistrationFailed, also when the answer is another registration's.
    Source: RFC 7592, section 2.2.
    """
    body = json.dumps({**request, "client_id": client_id}).encode()
    answer = fetch("PUT", management_url, management_token, body, reach=reach)
    return _still_the_same(
        _read(answer, request, own_address=management_url), management_url, management_token, client_id
    )


def held_registration(
    management_url: str, management_token: str, *, client_id: str, reach: Reach
) -> Mapping[str, object]:
    """What the LMS holds now, as it writes it: an administrator may have taken permissions away.

    Raises: RegistrationFailed, also when the answer is another registration's.
    Source: RFC 7592, section 2.1.
    """
    document = as_object(json_document(fetch("GET", management_url, management_token, None, reach=reach)))
    if as_text(document.get("client_id")) != client_id:
        raise RegistrationFailed(RegistrationFault.UNREADABLE)
    return document


def _still_the_same(read: Registered, management_url: str, management_token: str, client_id: str) -> Registered:
    """The answer of an earlier registration's own address; what it does not repeat stays as it was."""
    if read.client_id != client_id:
        raise RegistrationFailed(RegistrationFault.UNREADABLE)
    return replace(
        read,
        management_url=read.management_url or management_url,
        management_token=read.management_token or management_token,
    )


def _read(answer: Fetched, request: Mapping[str, object], *, own_address: str) -> Registered:
    """A confirmation; its scopes are believed as far as they were asked for (Moodle lists all that it knows)."""
    document = as_object(json_document(answer))
    management_url = as_text(document.get("registration_client_uri"))
    is_theirs = management_url is not None and is_same_origin(management_url, own_address)
    wanted = request.get("scope")
    asked = frozenset(wanted.split()) if isinstance(wanted, str) else None
    granted = frozenset((as_text(document.get("scope")) or "").split())
    return Registered(
        client_id=required_identifier(document, "client_id"),
        deployment_id=optional_identifier(as_object(document.get(TOOL)), "deployment_id"),
        scopes=granted if asked is None else granted & asked if granted else asked,
        management_url=management_url if is_theirs else None,
        management_token=as_text(document.get("registration_access_token")) if is_theirs else None,
    )
