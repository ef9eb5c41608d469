"""A clock of our own and a stand-in tool: its key, its registration, its launches, its service calls."""

import json
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from flask import Flask

from lti_tool.demo_lms.keys import KeyRing

LMS = "http://localhost:8001"
TOOL = "http://localhost:8000"
LTI = "https://purl.imsglobal.org/spec/lti/claim/"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
AGS_CLAIM = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
GROUPS = "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"
NOTICES = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
SETUP = "https://purl.imsglobal.org/spec/lti-tool-configuration"
SCOPES = [NRPS, *(AGS + name for name in ("lineitem", "lineitem.readonly", "result.readonly", "score"))]


_JTI = count(1)

# werkzeug's answers and Flask's test client, whose `json` is whatever the platform said.
Answer = Any
Browser = Any


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> None:
        self.now += timedelta(**span)


class Form(HTMLParser):
    """The one form of a page that hands over: its action and hidden fields."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.action = found["action"] or ""
        if tag == "input" and found.get("type") == "hidden":
            self.fields[found["name"] or ""] = found["value"] or ""


class Tool:
    """A tool reduced to its key, its registration and its calls."""

    def __init__(self, app: Flask, clock: Clock, jwks_uri: str, keys: KeyRing) -> None:
        self.client: Browser = app.test_client()
        self.clock, self.jwks_uri, self.keys = clock, jwks_uri, keys
        spoken = app.extensions["demo_lms"].dialect
        self.more_scopes = [GROUPS] if spoken.has_groups or spoken.key == "own" else []
        self.more_scopes += [NOTICES] if spoken.has_notices else []
        self.client_id = ""
        self.audience = app.extensions["demo_lms"].dialect.tokens.audience or f"{LMS}/token"

    def wish(self, **changes: Any) -> dict[str, Any]:
        setup = {
            "domain": "localhost:8000",
            "target_link_uri": f"{TOOL}/lti/launch",
            "claims": ["iss", "sub", "name", "given_name", "family_name", "email"],
            "custom_parameters": {"history": "$Context.id.history", "zone": "$Person.address.timezone"},
            "messages": [
                {"type": "LtiResourceLinkRequest"},
                {"type": "LtiDeepLinkingRequest", "target_link_uri": f"{TOOL}/lti/choose"},
                {"type": "LtiSubmissionReviewRequest"},
                {"type": "LtiDataPrivacyLaunchRequest"},
            ],
        } | changes.pop("setup", {})
        return {
            "application_type": "web",
            "response_types": ["id_token"],
            "grant_types": ["client_credentials", "implicit"],
            "initiate_login_uri": f"{TOOL}/lti/login",
            "redirect_uris": [f"{TOOL}/lti/launch"],
            "client_name": "Peer mentoring tool",
            "jwks_uri": self.jwks_uri,
            "token_endpoint_auth_method": "private_key_jwt",
            "scope": " ".join([*SCOPES, *self.more_scopes]),
            SETUP: setup,
            **changes,
        }

    def invited(self) -> str:
        admin = person(self.client.application, "iris-ironwood")
        answer = admin.post("/admin/register-tool", data={"registration_url": f"{TOOL}/lti/register"})
        return str(parse_qs(urlsplit(answer.location).query).get("registration_token", [""])[0])

    def register(self, token: str | None = None, **changes: Any) -> Answer:
        bearer = {"Authorization": f"Bearer {token or self.invited()}"}
        answer = self.client.post("/register", json=self.wish(**changes), headers=bearer)
        if answer.status_code in (200, 201):
            self.client_id = answer.json["client_id"]
        return answer

    def come_in(self, **changes: Any) -> "Tool":
        """Be registered and switched on as this LMS's administrator does it."""
        admin = person(self.client.application, "iris-ironwood")
        if self.client.get("/.well-known/openid-configuration").status_code != 404:
            assert self.register(**changes).status_code in (200, 201)
        else:
            assert admin.post("/admin/by-hand", data=self.by_hand()).status_code == 303
            self.client_id = admin.get("/admin/tools.json").json[-1]["client_id"]
        admin.post(f"/admin/tools/{self.client_id}/activate")
        return self

    def by_hand(self) -> dict[str, str]:
        return {
            "name": "Peer mentoring",
            "initiate_login_uri": f"{TOOL}/lti/login",
            "redirect_uris": f"{TOOL}/lti/launch",
            "target_link_uri": f"{TOOL}/lti/launch",
            "jwks_uri": self.jwks_uri,
            "custom": "history=$Context.id.history\nzone=$Person.address.timezone",
            "share_names": "yes",
            "deep_linking_uri": f"{TOOL}/lti/choose",
        }

    def assertion(self, **changes: Any) -> str:
        issued = int(self.clock.now.timestamp())
        me = {"iss": self.client_id, "sub": self.client_id, "aud": self.audience, "jti": f"jti-{next(_JTI)}"}
        claims = {**me, "iat": issued, "exp": issued + 300} | changes
        return self.keys.sign({name: value for name, value in claims.items() if value is not None})

    def ask_token(self, *scopes: str, assertion: str | None = None, **changes: str) -> Answer:
        fields = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion or self.assertion(),
            "scope": " ".join(scopes or SCOPES),
        }
        return self.client.post("/token", data=fields | changes)

    def call(self, method: str, url: str, *scopes: str, **given: Any) -> Answer:
        token = self.ask_token(*scopes).get_json(force=True)  # Moodle calls its JSON a page
        headers = {"Authorization": f"Bearer {token['access_token']}"} | given.pop("headers", {})
        if "body" in given:
            given["data"] = json.dumps(given.pop("body"))
        return self.client.open(url, base_url=LMS, method=method, headers=headers, **given)

    def launch(self, who: str, course: str = "biology-101", **changes: str) -> dict[str, Any]:
        return self.claims(self.authenticate(who, course, **changes))

    def launch_from(self, who: str, address: str) -> dict[str, Any]:
        """Answer what the launch says that begins at this page of the LMS."""
        browser = person(self.client.application, who)
        started = Form(browser.get(address).text)
        return self.claims(browser.get("/auth", query_string=self.question(started.fields)))

    def claims(self, answered: Answer) -> dict[str, Any]:
        token = Form(answered.text).fields["id_token"]
        published = {key["kid"]: key for key in self.client.get("/.well-known/jwks.json").json["keys"]}
        key = jwt.PyJWK(published[jwt.get_unverified_header(token)["kid"]])
        return jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            audience=self.client_id,
            options={"verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )

    def authenticate(self, who: str, course: str = "biology-101", **changes: str) -> Answer:
        browser = person(self.client.application, who)
        started = self.start(browser, course)
        return browser.get("/auth", query_string=self.question(started.fields) | changes)

    def start(self, browser: Browser, course: str = "biology-101") -> Form:
        link = browser.get(f"/courses/{course}/links.json").json[0]
        return Form(browser.get(f"/courses/{course}/links/{link['id']}/launch?in=iframe").text)

    def question(self, started: dict[str, str]) -> dict[str, str]:
        return {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": self.client_id,
            "redirect_uri": f"{TOOL}/lti/launch",
            "state": "state-1",
            "nonce": "nonce-1",
            "login_hint": started["login_hint"],
            "lti_message_hint": started["lti_message_hint"],
        }


def person(app: Flask, key: str) -> Browser:
    """Answer a browser in which this person is signed in."""
    browser: Browser = app.test_client()
    assert browser.post("/sign-in", data={"person": key}).status_code == 303
    return browser
