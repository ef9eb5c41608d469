"""Dynamic registration: an administrator pastes one address, and the LMS and the tool introduce themselves.

Source: LTI Dynamic Registration 1.0, sections 3.5 and 3.6; Moodle 4.5.6 as recorded (answers 200, the domain needs its
port); canvas-lms doc/api/registration.md.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from lti_tool.lti.addresses import is_same_origin
from lti_tool.lti.openid import (
    PlatformConfiguration,
    RegistrationFailed,
    RegistrationFault,
    as_object,
    as_text,
    fetch,
    json_document,
    read_openid_configuration,
    required_text,
)
from lti_tool.lti.quirks import Family

__all__ = [
    "PlatformConfiguration",
    "Registered",
    "RegistrationFailed",
    "RegistrationFault",
    "ToolProfile",
    "read_openid_configuration",
    "register",
    "registration_request",
]

_TOOL = "https://purl.imsglobal.org/spec/lti-tool-configuration"
_AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
_SCOPES = (
    "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly",
    _AGS + "lineitem",
    _AGS + "lineitem.readonly",
    _AGS + "result.readonly",
    _AGS + "score",
)
_CLAIMS = ("iss", "sub", "name", "given_name", "family_name", "email", "locale", "zoneinfo")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolProfile:
    """What the tool says about itself; every address is of its own origin."""

    name: str
    description: str
    origin: str
    initiate_login_uri: str
    redirect_uri: str
    target_link_uri: str
    jwks_uri: str
    logo_uri: str | None = None
    policy_uri: str | None = None
    tos_uri: str | None = None
    contacts: tuple[str, ...] = ()
    custom_parameters: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """The LMS's answer; without a deployment id the LMS names one at the first launch."""

    client_id: str
    deployment_id: str | None
    scopes: frozenset[str]
    management_url: str | None
    management_token: str | None


def registration_request(configuration: PlatformConfiguration, profile: ToolProfile) -> dict[str, object]:
    """The tool's registration, asking only for scopes that the LMS knows (Canvas refuses unknown ones)."""
    known = configuration.scopes_supported
    scopes = [scope for scope in _SCOPES if not known or scope in known]
    addresses = {"logo_uri": profile.logo_uri, "policy_uri": profile.policy_uri, "tos_uri": profile.tos_uri}
    return {
        "application_type": "web",
        "response_types": ["id_token"],
        "grant_types": ["client_credentials", "implicit"],
        "initiate_login_uri": profile.initiate_login_uri,
        "redirect_uris": [profile.redirect_uri],
        "client_name": profile.name,
        "client_uri": profile.origin,
        **{name: address for name, address in addresses.items() if address},
        "contacts": list(profile.contacts),
        "jwks_uri": profile.jwks_uri,
        "token_endpoint_auth_method": "private_key_jwt",
        "scope": " ".join(scopes),
        _TOOL: _tool_configuration(configuration, profile),
    }


def _tool_configuration(configuration: PlatformConfiguration, profile: ToolProfile) -> dict[str, object]:
    """The LTI part; Moodle compares the domain, port included, with the target's."""
    is_canvas = configuration.family is Family.CANVAS
    message: dict[str, object] = {
        "type": "LtiResourceLinkRequest",
        "target_link_uri": profile.target_link_uri,
        "label": profile.name,
    }
    return {
        "domain": profile.target_link_uri.split("://", 1)[1].split("/", 1)[0],
        "description": profile.description,
        "target_link_uri": profile.target_link_uri,
        "custom_parameters": dict(profile.custom_parameters or {}),
        "claims": list(_CLAIMS),
        "messages": [message | ({"placements": ["course_navigation"]} if is_canvas else {})],
        **({"https://canvas.instructure.com/lti/privacy_level": "public"} if is_canvas else {}),
    }


def register(
    configuration: PlatformConfiguration, token: str | None, request: Mapping[str, object], *, may_be_local: bool
) -> Registered:
    """The LMS's confirmation; not every LMS answers 201, and some grant fewer scopes than asked.

    Raises: RegistrationFailed.
    """
    body = json.dumps(request).encode()
    answer = fetch("POST", configuration.registration_endpoint, token, body, may_be_local=may_be_local)
    document = as_object(json_document(answer))
    management_url = as_text(document.get("registration_client_uri"))
    is_theirs = management_url is not None and is_same_origin(management_url, configuration.registration_endpoint)
    return Registered(
        client_id=required_text(document, "client_id"),
        deployment_id=as_text(as_object(document.get(_TOOL)).get("deployment_id")),
        scopes=frozenset((as_text(document.get("scope")) or "").split()),
        management_url=management_url if is_theirs else None,
        management_token=as_text(document.get("registration_access_token")) if is_theirs else None,
    )
