"""Who we talk to: one registration of this tool in one LMS, and how a registration is found.

Source: LTI 1.3 core, section 3.1 (a registration is an issuer and a client id; an issuer alone names nobody, since all
customers of a cloud LMS share one).
"""

from dataclasses import dataclass
from typing import NewType, Protocol

RegistrationId = NewType("RegistrationId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One registration, with every address that a launch or a service call needs."""

    registration_id: RegistrationId
    issuer: str
    client_id: str
    auth_login_url: str
    auth_token_url: str
    auth_audience: str | None
    jwks_url: str
    family: str
    is_paused: bool


class PlatformDirectory(Protocol):
    """Where registrations are kept."""

    def find(self, issuer: str, client_id: str | None) -> Platform | None:
        """The registration of this pair; without a client id the only one of the issuer, else None."""

    def by_id(self, registration_id: RegistrationId) -> Platform | None:
        """The registration of this id."""

    def has_deployment(self, registration_id: RegistrationId, deployment_id: str) -> bool:
        """Whether launches of this deployment are let in, by the policy of the registration."""
