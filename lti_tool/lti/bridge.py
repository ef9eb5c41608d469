"""Between PyLTI1p3's abstract classes and this package's protocols.

PyLTI1p3 2.0.0 expects a web framework's request, cookies and session. The tool keeps login state in its own store,
bound to the browser and used once, so that these adapters only carry values in and out.
"""

from collections.abc import Mapping

from pylti1p3.cookie import CookieService
from pylti1p3.deployment import Deployment
from pylti1p3.registration import Registration
from pylti1p3.request import Request
from pylti1p3.session import SessionService
from pylti1p3.tool_config.abstract import ToolConfAbstract

from lti_tool.lti.platform import Platform, PlatformDirectory


class Parameters(Request):
    """The parameters of a request, wherever they came from."""

    def __init__(self, values: Mapping[str, str]) -> None:
        """Holds the given parameters."""
        self.values = values

    def is_secure(self) -> bool:
        """The web layer decides about cookies; PyLTI1p3 need not know."""
        return True

    def get_param(self, key: str) -> str:
        """The parameter, empty when it was not sent."""
        return self.values.get(key, "")


class KeptState(CookieService):
    """Takes the state that PyLTI1p3 would put into a cookie."""

    def __init__(self) -> None:
        """Nothing kept yet."""
        self.state = ""

    def get_cookie(self, name: str) -> str | None:  # noqa: ARG002 - PyLTI1p3's signature
        """Never asked: the browser's evidence is checked in `launch`."""
        return None

    def set_cookie(self, name: str, value: str | int, exp: int | None = 3600) -> None:  # noqa: ARG002 - its signature
        """Keeps the state."""
        self.state = str(value)


class KeptNonce(SessionService):
    """Takes the nonce that PyLTI1p3 would put into a session."""

    def __init__(self) -> None:
        """Nothing kept yet; PyLTI1p3's own storage is left out."""
        self.nonce = ""

    def save_nonce(self, nonce: str) -> None:
        """Keeps the nonce."""
        self.nonce = nonce


class Directory(ToolConfAbstract[Parameters]):
    """PyLTI1p3's view of the registrations: always by issuer and client id."""

    def __init__(self, platforms: PlatformDirectory) -> None:
        """Reads from the given directory."""
        self.platforms = platforms

    def check_iss_has_one_client(self, iss: str) -> bool:  # noqa: ARG002 - PyLTI1p3's signature
        """Never: one issuer may serve many institutions."""
        return False

    def check_iss_has_many_clients(self, iss: str) -> bool:  # noqa: ARG002 - PyLTI1p3's signature
        """Always."""
        return True

    def find_registration_by_issuer(self, iss: str, *_args: object, **_more: object) -> Registration:
        """The only registration of an issuer, in PyLTI1p3's form."""
        return self.find_registration_by_params(iss, "")

    def find_registration_by_params(self, iss: str, client_id: str, *_args: object, **_more: object) -> Registration:
        """The registration of issuer and client id, in PyLTI1p3's form."""
        platform = self.platforms.find(iss, client_id or None)
        return as_registration(platform) if platform else None  # type: ignore[return-value] # PyLTI1p3 tests for None

    def find_deployment(self, iss: str, deployment_id: str) -> Deployment | None:
        """The deployment under the only registration of an issuer."""
        return self.find_deployment_by_params(iss, deployment_id, "")

    def find_deployment_by_params(
        self, iss: str, deployment_id: str, client_id: str, *_args: object, **_more: object
    ) -> Deployment | None:
        """The deployment, if the registration lets it in."""
        platform = self.platforms.find(iss, client_id or None)
        if platform is None or not self.platforms.has_deployment(platform.registration_id, deployment_id):
            return None
        return Deployment().set_deployment_id(deployment_id)


def as_registration(platform: Platform) -> Registration:
    """PyLTI1p3's registration of a platform."""
    return (
        Registration()
        .set_issuer(platform.issuer)
        .set_client_id(platform.client_id)
        .set_auth_login_url(platform.auth_login_url)
        .set_auth_token_url(platform.auth_token_url)
        .set_key_set_url(platform.jwks_url)
    )
