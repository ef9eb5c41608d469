"""The LMS itself: its people, its course, its registration of the tool, its gradebook."""

# mypy: disable-error-code="import-untyped, misc"
# The package has no types, so that its classes are Any.

from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from lti1p3platform.membership import Context
from lti1p3platform.registration import Registration

CLIENT_ID = "northfield-client"
DEPLOYMENT = "1"
CONTEXT = Context(id="bio-101", label="BIO 101", title="Biology 101")
LINK = "link-mentoring"
ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """Somebody in the course."""

    name: str
    role: str
    status: str = "Active"


PEOPLE = {
    "n-alice": Enrolled(name="Alice Ames", role=f"{ROLE}Instructor"),
    "n-bob": Enrolled(name="Bob Byrne", role=f"{ROLE}Learner"),
    "n-dana": Enrolled(name="Dana Diaz", role=f"{ROLE}Learner"),
    "n-erin": Enrolled(name="Erin Eze", role=f"{ROLE}Learner"),
    "n-finn": Enrolled(name="Finn Falk", role=f"{ROLE}Learner", status="Inactive"),
}


@dataclass(slots=True)
class Northfield:
    """The LMS: its registration of the tool, and what its gradebook was told."""

    origin: str
    registration: Registration
    line_items: dict[str, dict[str, Any]] = field(default_factory=dict)
    scores: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # every one that was taken, with its column
    roster_pages: int = 0

    @property
    def memberships_url(self) -> str:
        """Names and Roles of the course."""
        return f"{self.origin}/courses/bio-101/memberships"

    @property
    def line_items_url(self) -> str:
        """The columns of the course."""
        return f"{self.origin}/courses/bio-101/lineitems"

    def start_url(self, person: str) -> str:
        """Where this person clicks on the tool's link."""
        return f"{self.origin}/open/{person}"


def northfield(origin: str, *, login_url: str, launch_url: str, jwks_url: str) -> Northfield:
    """The LMS with fresh keys, in which somebody has registered the tool."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    registration = (
        Registration()
        .set_iss(origin)
        .set_client_id(CLIENT_ID)
        .set_deployment_id(DEPLOYMENT)
        .set_launch_url(launch_url)
        .set_oidc_login_url(login_url)
        .set_tool_key_set_url(jwks_url)
        .set_platform_private_key(
            private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")
        )
        .set_platform_public_key(
            private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")
        )
    )
    return Northfield(origin=origin, registration=registration)
