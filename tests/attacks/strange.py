"""An LMS that the tool knows and that says whatever it likes; and what must hold in the database after that."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Table, select, text
from werkzeug.test import TestResponse

from lti_tool.store.db import Row, db, transaction
from lti_tool.store.people import Course, Visit, find_member
from lti_tool.store.platforms import Deployment
from lti_tool.store.programme import Programme
from tests import make
from tests.attacks.forging import CLAIM, STRANGER
from tests.conftest import Clock
from tests.lti.fuzzing import ANY_TEXT, signed_as_is
from tests.lti.outside import Outside, Reply, jwk
from tests.outside import TOOL, look_again
from tests.pages import PageClient

TARGET = f"{TOOL}/lti/launch"
MEMBER = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
INSTITUTION = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
GROUPS = "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice"
SETTINGS = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"

# What every fuzzing test of the whole application may use up.
fuzzed = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], print_blob=False
)
# Numbers that JSON can write and nothing else can keep.
NUMBERS = st.integers() | st.floats() | st.sampled_from([10**400, -(10**30), 1e308, 5e-324])
LEAVES = st.none() | st.booleans() | NUMBERS | ANY_TEXT | st.sampled_from(["", "x" * 5000, "\0", "\ud800", "$Variable"])
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=6,
)
ADDRESSES = st.sampled_from(
    [
        "https://lms.exämple/back",
        "https://кампус.example/back",
        "https://lms.example/\ud800",
        "https://\udfff.example/",
        "https://lms.example:99999/",
        "https://[::1",
        "https://lms.example/" + "x" * 9000,
        "https://" + "a" * 300 + ".example/",
        "javascript:alert(1)",
        "https://lms.example/a\nSet-Cookie: a=b",
        "https://lms.example/;script-src *",
        "https://lms.example,https://evil.example/",
        "http://127.0.0.1:1/back",
    ]
)


@dataclass
class Strange:
    """The LMS, registered, with one deployment; what it says is signed as it is."""

    outside: Outside
    app: Flask
    clock: Clock
    registration_id: int
    numbers: Any = field(default_factory=lambda: count(1))

    @property
    def issuer(self) -> str:
        """The name it signs with."""
        return self.outside.origin

    def login(self, browser: PageClient, **changes: str) -> dict[str, str]:
        """What the tool asks after a login: at least state and nonce."""
        params = {"iss": self.issuer, "client_id": "client-1", "login_hint": "h", "target_link_uri": TARGET}
        answer = browser.raw().get("/lti/login", query_string=params | changes)
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.location).query).items()}

    def launch(self, browser: PageClient, claims: dict[str, Any]) -> TestResponse:
        """The tool's answer to a launch with these claims; those that it must have are there unless they are given."""
        asked = self.login(browser)
        now = int(self.clock.now.timestamp())
        envelope = {"iss": self.issuer, "aud": "client-1", "iat": now, "exp": now + 60, "nonce": asked["nonce"]}
        token = signed_as_is(envelope | claims, STRANGER)
        answer: TestResponse = browser.raw().post("/lti/launch", data={"state": asked["state"], "id_token": token})
        return answer

    def course(self, **changes: Any) -> make.Setting:
        """A course of its own for one example, with a teacher."""
        at = make.setting(issuer=self.issuer, context_id=f"strange-{next(self.numbers)}")
        with transaction() as session:
            row = session.get_one(Course, at.course_id)
            for name, value in changes.items():
                setattr(row, name, value)
        return at


def register_strange(outside: Outside, app: Flask, clock: Clock) -> Strange:
    """The tool knows this LMS from now on."""
    outside.on("GET", "/jwks", Reply(json={"keys": [jwk(STRANGER, "lms-key")]}))
    outside.on("POST", "/token", Reply(json={"access_token": "tok-1", "expires_in": 3600}))
    at = make.setting(issuer=outside.origin, context_id="known")
    return Strange(outside=outside, app=app, clock=clock, registration_id=at.registration_id)


def message(strange: Strange, kind: str, roles: Iterable[str]) -> dict[str, Any]:
    """The claims of a good launch of this kind that says everything an LMS can say."""
    url = strange.outside.url
    return {
        "sub": "alice",
        "name": "Alice Ashford",
        "given_name": "Alice",
        "family_name": "Ashford",
        "email": "alice@northfield.example",
        "locale": "en",
        "zoneinfo": "Europe/London",
        f"{CLAIM}message_type": kind,
        f"{CLAIM}version": "1.3.0",
        f"{CLAIM}deployment_id": "1",
        f"{CLAIM}target_link_uri": TARGET,
        f"{CLAIM}resource_link": {"id": "link-1", "title": "Mentoring"},
        f"{CLAIM}context": {"id": "bio", "title": "Biology 101", "label": "B", "type": ["CourseOffering"]},
        f"{CLAIM}roles": list(roles),
        f"{CLAIM}for_user": {"user_id": "alice", "name": "Alice"},
        f"{CLAIM}custom": {
            "pm_activity": "0" * 32,
            "context_history": "known",
            "section_ids": "1,2",
            "link_history": "",
        },
        f"{CLAIM}launch_presentation": {"return_url": url("/back"), "locale": "en", "document_target": "iframe"},
        f"{CLAIM}tool_platform": {"guid": "g", "name": "Northfield", "product_family_code": "moodle"},
        f"{CLAIM}platformnotificationservice": {
            "platform_notification_service_url": url("/notices"),
            "scope": ["n"],
            "notice_types_supported": ["LtiContextCopyNotice"],
        },
        NRPS: {"context_memberships_url": url("/members"), "service_versions": ["2.0"]},
        AGS: {"lineitems": url("/items"), "lineitem": url("/item"), "scope": ["s"]},
        GROUPS: {"context_groups_url": url("/groups"), "scope": ["g"]},
        SETTINGS: {
            "deep_link_return_url": url("/back"),
            "accept_types": ["ltiResourceLink"],
            "accept_presentation_document_targets": ["iframe"],
            "accept_multiple": False,
            "data": "d",
            "title": "t",
        },
    }


def dump(*without: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but these; that an LMS fails, and so rests, is no harm to anybody."""
    look_again()
    found = {
        table.name: sorted(map(tuple, db.session.execute(select(*_kept(table)))), key=repr)
        for table in Row.metadata.sorted_tables
        if table.name not in without
    }
    db.session.rollback()
    return found


def _kept(table: Table) -> list[Column[Any]]:
    return [one for one in table.columns if one.name not in {"rests_until", "faults_in_a_row"}]


def must_be_whole() -> None:
    """No reference leads nowhere, and whoever is on a visit is a member of its course, in a programme of it."""
    look_again()
    if db.engine.dialect.name == "sqlite":  # PostgreSQL lets none of them come about
        assert db.session.execute(text("pragma foreign_key_check")).all() == []
    for visit in db.session.scalars(select(Visit)):
        assert find_member(visit.course_id, visit.person_id)
        assert db.session.get_one(Programme, visit.programme_id).course_id == visit.course_id
    tenants = select(Course.registration_id, Deployment.registration_id).select_from(Programme)
    tenants = tenants.join(Course, Course.id == Programme.course_id)
    for course, deployment in db.session.execute(tenants.join(Deployment, Deployment.id == Programme.deployment_id)):
        assert course == deployment
