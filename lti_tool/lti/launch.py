"""The launch: an id_token is checked from its envelope to its last claim, and only then believed.

Source: LTI security framework 1.0, section 5.1.3; OpenID Connect core, section 3.1.3.7. PyLTI1p3 2.0.0's launch is kept
as the frame; each step is overridden where it leaves a hole: state and nonce are consumed once and bound to browser and
registration, RS256 only, `exp` and `iat` required, `aud` and `azp` compared, the target compared, errors of the LMS
understood. The token is decoded once.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from pylti1p3.message_launch import MessageLaunch

from lti_tool.lti.addresses import is_same_origin
from lti_tool.lti.bridge import Directory, KeptNonce, KeptState, Parameters
from lti_tool.lti.claims import LaunchClaims, read_claims, return_url_of
from lti_tool.lti.errors import LaunchRefused, Refusal
from lti_tool.lti.id_token import IdToken, require_parties, require_signature, require_times, take_apart
from lti_tool.lti.keys import KeySets
from lti_tool.lti.pending import LONGEST_STATE, LaunchMemory, LoginRecord, hash_of
from lti_tool.lti.platform import Platform, PlatformDirectory
from lti_tool.lti.quirks import tenant_of
from lti_tool.lti.storage import StorageProof, is_proven

_LMS_ERRORS = {
    "login_required": Refusal.LMS_LOGIN_NEEDED,
    "interaction_required": Refusal.LMS_LOGIN_NEEDED,
    "account_selection_required": Refusal.LMS_LOGIN_NEEDED,
    "launch_no_longer_valid": Refusal.LMS_LAUNCH_EXPIRED,
    "access_denied": Refusal.LMS_ACCESS_DENIED,
    "unauthorized_client": Refusal.LMS_ACCESS_DENIED,
    "consent_required": Refusal.LMS_ACCESS_DENIED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """A launch that passed every check."""

    claims: LaunchClaims
    platform: Platform
    payload: Mapping[str, object]  # what the claims were read from

    @property
    def tenant(self) -> str:
        """Whose ids these are, where several institutions share the registration."""
        return tenant_of(self.platform, self.claims.deployment_id)


def receive_launch(
    form: Mapping[str, str],
    *,
    browser_secret_for: Callable[[str], str | None],
    platforms: PlatformDirectory,
    memory: LaunchMemory,
    key_sets: KeySets,
    own_origin: str,
    now: datetime,
    storage_proof: StorageProof | None = None,
) -> Launch:
    """The launch that a posted form carries; its state is used up, whatever the outcome.

    `browser_secret_for(state)` is what the browser brings back for this state, None when it brings nothing;
    `storage_proof` is what the LMS's storage kept for it. Either one proves that the login began in this browser.
    Raises: LaunchRefused with the reason; PlatformUnavailable when the platform's keys cannot be fetched.
    """
    message = _Message(
        form,
        browser_secret_for=browser_secret_for,
        platforms=platforms,
        memory=memory,
        key_sets=key_sets,
        own_origin=own_origin,
        now=now,
        storage_proof=storage_proof,
    )
    message.validate()
    return Launch(claims=message.claims, platform=message.platform, payload=message.payload)


class _Message(MessageLaunch[Parameters, Directory, KeptNonce, KeptState]):
    """PyLTI1p3's launch with every step done our way."""

    claims: LaunchClaims
    platform: Platform
    _record: LoginRecord
    _token: IdToken

    def __init__(
        self,
        form: Mapping[str, str],
        *,
        browser_secret_for: Callable[[str], str | None],
        platforms: PlatformDirectory,
        memory: LaunchMemory,
        key_sets: KeySets,
        own_origin: str,
        now: datetime,
        storage_proof: StorageProof | None,
    ) -> None:
        """A message that nothing is believed of yet."""
        super().__init__(
            Parameters(form), Directory(platforms), KeptNonce(), KeptState(), requests_session=key_sets.session
        )
        self._form = form
        self._browser_secret_for = browser_secret_for
        self._platforms = platforms
        self._memory = memory
        self._key_sets = key_sets
        self._own_origin = own_origin
        self._now = now
        self._storage_proof = storage_proof

    @property
    def payload(self) -> Mapping[str, object]:
        """What the token says."""
        return self._token.payload

    def _get_request_param(self, key: str) -> str:
        """One field of the form."""
        return self._form.get(key, "")

    def validate(self) -> Self:
        """All steps, in an order that asks the network only for a token whose sender and audience are right."""
        self.validate_state()
        self._refuse_lms_error()
        self.validate_jwt_format()
        self.validate_registration()
        self.validate_jwt_signature()
        try:
            require_times(self._token.payload, self._now)
            self.validate_nonce()
            self.validate_message()
            self.validate_deployment()
        except LaunchRefused as refused:
            refused.return_url = return_url_of(self._token.payload)
            raise
        return self

    def validate_state(self) -> Self:
        """The state is known, unused, in time, and from this browser; it is used up first."""
        state = self._get_request_param("state")
        if not state:
            raise LaunchRefused(Refusal.FORM_INCOMPLETE)
        record = self._memory.consume(hash_of(state), self._now) if len(state) <= LONGEST_STATE else None
        if record is None:
            raise LaunchRefused(Refusal.STATE_UNKNOWN)
        secret = self._browser_secret_for(state)
        has_cookie = secret is not None and hmac.compare_digest(hash_of(secret), record.browser_hash)
        if not has_cookie and not is_proven(self._storage_proof, record):
            raise LaunchRefused(Refusal.BROWSER_NOT_RECOGNISED)
        self._record = record
        return self

    def _refuse_lms_error(self) -> None:
        """An error answer of the LMS gets its own words; its description is never shown."""
        if error := self._get_request_param("error"):
            raise LaunchRefused(_LMS_ERRORS.get(error, Refusal.LMS_ERROR))

    def validate_jwt_format(self) -> Self:
        """The token is a compact signed token of bearable size, RS256 with a named key."""
        token = self._get_request_param("id_token")
        if not token:
            raise LaunchRefused(Refusal.FORM_INCOMPLETE)
        self._token = take_apart(token)
        return self

    def validate_registration(self) -> Self:
        """Sender and audience are the registration that the login began with."""
        platform = self._platforms.by_id(self._record.registration_id)
        if platform is None:
            raise LaunchRefused(Refusal.UNKNOWN_PLATFORM)
        if platform.is_paused:
            raise LaunchRefused(Refusal.PLATFORM_PAUSED)
        require_parties(self._token.payload, platform)
        self.platform = platform
        return self

    def validate_jwt_signature(self) -> Self:
        """The signature is the platform's."""
        require_signature(self._token, self.platform, key_sets=self._key_sets, now=self._now)
        return self

    def validate_nonce(self) -> Self:
        """The nonce is the one of this login; with the state it has been used up."""
        nonce = self._token.payload.get("nonce")
        if not isinstance(nonce, str) or not hmac.compare_digest(hash_of(nonce), hash_of(self._record.nonce)):
            raise LaunchRefused(Refusal.NONCE_REFUSED)
        return self

    def validate_message(self) -> Self:
        """The claims are complete, and the target is the login's and ours."""
        self.claims = read_claims(self._token.payload)
        if self.claims.target_link_uri != self._record.target_link_uri:
            raise LaunchRefused(Refusal.TARGET_MISMATCH)
        if not is_same_origin(self.claims.target_link_uri, self._own_origin):
            raise LaunchRefused(Refusal.FOREIGN_TARGET)
        return self

    def validate_deployment(self) -> Self:
        """The registration lets this deployment in."""
        if not self._platforms.has_deployment(self.platform.registration_id, self.claims.deployment_id):
            raise LaunchRefused(Refusal.DEPLOYMENT_UNKNOWN)
        return self
