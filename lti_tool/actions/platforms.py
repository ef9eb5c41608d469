"""LMSs are registered: by hand, or by dynamic registration behind a one-time invitation."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from lti_tool.actions import audit
from lti_tool.actions.edge import Edge
from lti_tool.actions.secrets import conceal, reveal
from lti_tool.lti.managing import send_again
from lti_tool.lti.profile import REQUIRED_SCOPES
from lti_tool.lti.quirks import Family
from lti_tool.lti.registration import (
    PlatformConfiguration,
    ToolProfile,
    read_openid_configuration,
    register,
    registration_request,
)
from lti_tool.store.db import db, transaction
from lti_tool.store.platforms import (
    Deployment,
    Invitation,
    Registration,
    as_platform,
    deployment_row,
    find_registration,
    usable_invitation,
)

INVITATION_LIFE = timedelta(days=7)
LONGEST_NAME = 80  # of an institution, in the name of its registration


class RegistrationExists(Exception):
    """This LMS is registered already under the same issuer and client id. Nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """An LMS that has just registered the tool; `lacking` are permissions that it says it does not give.

    What it says it gives is not believed: Moodle lists more than its tokens carry (4.5.6 as observed).
    """

    name: str
    family: Family
    lacking: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRegistration:
    """What an LMS must tell about itself."""

    issuer: str
    client_id: str
    name: str
    family: str
    auth_login_url: str
    auth_token_url: str
    auth_audience: str | None
    jwks_url: str


def add_registration(new: NewRegistration, *, deployment_id: str | None, by: str, now: datetime) -> int:
    """Register an LMS; an existing registration is never overwritten.

    Raises: RegistrationExists
    """
    with transaction():
        return _add(new, deployment_id, by, now)


def invite(*, now: datetime, note: str = "") -> str:
    """A one-time code for `/lti/register`; the note says for whom."""
    code = secrets.token_urlsafe(24)
    with transaction() as session:
        session.add(Invitation(code_hash=_hash(code), note=note, expires_at=now + INVITATION_LIFE))
        audit.record("invitation.make", now=now, by=None, after={"note": note} if note else {})
    return code


def is_invited(code: str, *, now: datetime) -> bool:
    """Whether this code may still register an LMS."""
    return usable_invitation(_hash(code), now) is not None


def register_platform(
    code: str, *, configuration_url: str, token: str | None, profile: ToolProfile, edge: Edge, now: datetime
) -> Joined | None:
    """Register the LMS that opened the registration page; None when the invitation is no good.

    Raises: RegistrationFailed, RegistrationExists. The invitation stays good then.
    """
    if not is_invited(code, now=now):
        return None
    configuration = read_openid_configuration(configuration_url, token, reach=edge.reach)
    request = registration_request(configuration, profile)
    answer = register(configuration, token, request, reach=edge.reach)
    new = NewRegistration(
        issuer=configuration.issuer,
        client_id=answer.client_id,
        name=_name(configuration),
        family=configuration.family,
        auth_login_url=configuration.authorization_endpoint,
        auth_token_url=configuration.token_endpoint,
        auth_audience=configuration.auth_audience,
        jwks_url=configuration.jwks_uri,
    )
    with transaction():
        invitation = usable_invitation(_hash(code), now, to_use=True)
        if invitation is None:
            return None
        invitation.used_at = now
        row = db.session.get_one(Registration, _add(new, answer.deployment_id, "invitation", now))
        if answer.management_url and answer.management_token:
            row.management_url = answer.management_url
            row.management_token = conceal(answer.management_token, edge.encryption)
    return Joined(name=new.name, family=configuration.family, lacking=frozenset(REQUIRED_SCOPES) - answer.scopes)


def resend_settings(
    registration_id: int, *, profile: ToolProfile, edge: Edge, by: str, now: datetime
) -> frozenset[str] | None:
    """Tell the LMS how the tool is set now; the needed permissions that the LMS does not give.

    Shape: None where the LMS gave no address for that, or its token can no longer be read.
    Raises: RegistrationFailed. Nothing was changed then, as far as the LMS says.
    """
    row = db.session.get_one(Registration, registration_id)
    token = reveal(row.management_token, edge.encryption) if row.management_token else None
    if row.management_url is None or token is None:
        return None
    answer = send_again(as_platform(row), row.management_url, token, profile=profile, reach=edge.reach)
    lacking = frozenset(REQUIRED_SCOPES) - answer.scopes
    with transaction() as session:
        row = session.get_one(Registration, registration_id, with_for_update=True)
        if answer.management_url and answer.management_token:
            row.management_url = answer.management_url
            row.management_token = conceal(answer.management_token, edge.encryption)
        told = {"through": by, "lacking": sorted(lacking)}
        audit.record("platform.resend", now=now, by=None, registration_id=registration_id, after=told)
    return lacking


def may_resend(row: Registration, secrets: Sequence[str]) -> bool:
    """Whether the LMS gave an address and a token for changing its registration, and the token can be read."""
    return bool(row.management_url and row.management_token and reveal(row.management_token, secrets))


def _name(configuration: PlatformConfiguration) -> str:
    """What the admin reads until they name it themselves; all customers of a cloud have the same host."""
    product, host = configuration.family.product, urlsplit(configuration.issuer).netloc
    if configuration.institution is None:
        return f"{product} {host}"
    return f"{configuration.institution[:LONGEST_NAME]} ({product})"


def _add(new: NewRegistration, deployment_id: str | None, by: str, now: datetime) -> int:
    if find_registration(new.issuer, new.client_id):
        raise RegistrationExists(RegistrationExists.__doc__)
    row = Registration(created_at=now, **asdict(new))
    db.session.add(row)
    db.session.flush()
    if deployment_id and deployment_row(row.id, deployment_id) is None:
        db.session.add(Deployment(registration_id=row.id, deployment_id=deployment_id, first_seen_at=now))
    audit.record("platform.add", now=now, by=None, registration_id=row.id, after={"issuer": new.issuer, "through": by})
    return row.id


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
