"""A browser on its way from an LMS into the tool: login, the LMS's answer, launch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric import rsa

from lti_tool.lti.keys import KeySets
from lti_tool.lti.launch import Launch, receive_launch
from lti_tool.lti.login import LaunchMemory, LoginStart, begin_login, login_cookie_name
from lti_tool.lti.platform import Platform, PlatformDirectory

from .outside import NOW, signed

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership"
OWN_ORIGIN = "https://tool.example.invalid"
TARGET = OWN_ORIGIN + "/lti/launch"
ABSENT = object()


@dataclass(kw_only=True)
class Visitor:
    """One browser, with its cookies, in front of a tool and an LMS."""

    platforms: PlatformDirectory
    memory: LaunchMemory
    key_sets: KeySets
    key: rsa.RSAPrivateKey
    platform: Platform
    now: datetime = NOW
    cookies: dict[str, str] = field(default_factory=dict)

    def login(self, **params: str) -> LoginStart:
        """The way to the LMS; the browser keeps the cookie."""
        start = begin_login(
            {
                "iss": self.platform.issuer,
                "client_id": self.platform.client_id,
                "login_hint": "alice",
                "target_link_uri": TARGET,
                **params,
            },
            platforms=self.platforms,
            memory=self.memory,
            redirect_uri=TARGET,
            own_origin=OWN_ORIGIN,
            now=self.now,
        )
        self.cookies[login_cookie_name(start.state)] = start.browser_secret
        return start

    def payload(self, start: LoginStart, changes: Mapping[str, object] | None = None) -> dict[str, Any]:
        """What the LMS says about Alice, with claims changed or ABSENT."""
        issued_at = int(self.now.timestamp())
        claims: dict[str, object] = {
            "iss": self.platform.issuer,
            "aud": self.platform.client_id,
            "sub": "alice-1",
            "iat": issued_at,
            "exp": issued_at + 60,
            "nonce": query_of(start.url)["nonce"],
            "name": "Alice Teacher",
            "email": "alice@example.invalid",
            LTI + "message_type": "LtiResourceLinkRequest",
            LTI + "version": "1.3.0",
            LTI + "deployment_id": "deployment-1",
            LTI + "target_link_uri": TARGET,
            LTI + "resource_link": {"id": "link-1", "title": "Peer mentoring"},
            LTI + "context": {"id": "course-1", "label": "P1", "title": "Peer 1"},
            LTI + "roles": [MEMBERSHIP + "#Instructor"],
        }
        claims |= changes or {}
        return {name: value for name, value in claims.items() if value is not ABSENT}

    def token(self, start: LoginStart, changes: Mapping[str, object] | None = None) -> str:
        """The LMS's signed token."""
        return signed(self.payload(start, changes), self.key, "lms-key")

    def post(self, form: Mapping[str, str], **fields: Any) -> Launch:
        """The launch form arrives at the tool."""
        return receive_launch(
            form,
            browser_secret_for=lambda state: self.cookies.get(login_cookie_name(state)),
            platforms=self.platforms,
            memory=self.memory,
            key_sets=self.key_sets,
            own_origin=OWN_ORIGIN,
            now=fields.get("now", self.now),
            storage_proof=fields.get("storage_proof"),
        )

    def launch(self, changes: Mapping[str, object] | None = None) -> Launch:
        """The whole way with these claims."""
        start = self.login()
        return self.post({"state": start.state, "id_token": self.token(start, changes)})


def query_of(url: str) -> dict[str, str]:
    """The query of an address."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(url).query, keep_blank_values=True).items()}
