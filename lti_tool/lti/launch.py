"""The launch: an id_token is checked from its envelope to its last claim, and only then believed.

Source: LTI security framework 1.0, section 5.1.3; OpenID Connect core, section 3.1.3.7. PyLTI1p3 2.0.0's launch is kept
as the frame; each step is overridden where it leaves a hole: state and nonce are consumed once and bound to browser and
registration, RS256 only, `exp` and `iat` required, `aud` and `azp` compared, the target compared, errors of the LMS
understood. The token is decoded once.
"""

import base64
import binascii
import hmac
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from pylti1p3.message_launch import MessageLaunch

from lti_tool.lti.addresses import is_same_origin
from lti_tool.lti.bridge import Directory, KeptNonce, KeptState, Parameters
from lti_tool.lti.claims import LaunchClaims, read_claims, return_url_of
from lti_tool.lti.errors import LaunchRefused, Refusal
from lti_tool.lti.keys import KeySets
from lti_tool.lti.login import LaunchMemory, LoginRecord, hash_of
from lti_tool.lti.platform import Platform, PlatformDirectory

_LONGEST_TOKEN = 64 * 1024
_LONGEST_STATE = 512
_LEEWAY_SECONDS = 60
_OLDEST_SECONDS = 3600
_LMS_ERRORS = {
    "login_required": Refusal.LMS_LOGIN_NEEDED,
    "interaction_required": Refusal.LMS_LOGIN_NEEDED,
    "account_selection_required": Refusal.LMS_LOGIN_NEEDED,
    "launch_no_longer_valid": Refusal.LMS_LAUNCH_EXPIRED,
    "access_denied": Refusal.LMS_ACCESS_DENIED,
    "unauthorized_client": Refusal.LMS_ACCESS_DENIED,
    "consent_required": Refusal.LMS_ACCESS_DENIED,
}

Json = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """A launch that passed every check."""

    claims: LaunchClaims
    platform: Platform


def receive_launch(
    form: Mapping[str, str],
    *,
    browser_secret_for: Callable[[str], str | None],
    platforms: PlatformDirectory,
    memory: LaunchMemory,
    key_sets: KeySets,
    own_origin: str,
    now: datetime,
) -> Launch:
    """The launch that a posted form carries; its state is used up, whatever the outcome.

    `browser_secret_for(state)` is what the browser brings back for this state, None when it brings nothing.
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
    )
    message.validate()
    return Launch(claims=message.claims, platform=message.platform)


class _Message(MessageLaunch[Parameters, Directory, KeptNonce, KeptState]):
    """PyLTI1p3's launch with every step done our way."""

    claims: LaunchClaims
    platform: Platform
    _record: LoginRecord
    _header: Json
    _payload: Json
    _signed: bytes
    _signature: bytes

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

    def _get_request_param(self, key: str) -> str:
        """One field of the form."""
        return self._form.get(key, "")

    def validate(self) -> Self:
        """All steps, in an order that asks the network only for a token whose sender and audience are right."""
        self.validate_state()
        self._refuse_lms_error()
        self.validate_jwt_format()
        self._validate_header()
        self.validate_registration()
        self.validate_jwt_signature()
        try:
            self._validate_times()
            self.validate_nonce()
            self.validate_message()
            self.validate_deployment()
        except LaunchRefused as refused:
            refused.return_url = return_url_of(self._payload)
            raise
        return self

    def validate_state(self) -> Self:
        """The state is known, unused, in time, and from this browser; it is used up first."""
        state = self._get_request_param("state")
        if not state:
            raise LaunchRefused(Refusal.FORM_INCOMPLETE)
        record = self._memory.consume(hash_of(state), self._now) if len(state) <= _LONGEST_STATE else None
        if record is None:
            raise LaunchRefused(Refusal.STATE_UNKNOWN)
        secret = self._browser_secret_for(state)
        if secret is None or not hmac.compare_digest(hash_of(secret), record.browser_hash):
            raise LaunchRefused(Refusal.BROWSER_NOT_RECOGNISED)
        self._record = record
        return self

    def _refuse_lms_error(self) -> None:
        """An error answer of the LMS gets its own words; its description is never shown."""
        if error := self._get_request_param("error"):
            raise LaunchRefused(_LMS_ERRORS.get(error, Refusal.LMS_ERROR))

    def validate_jwt_format(self) -> Self:
        """The token is a compact signed token of bearable size; its parts are decoded here and nowhere else."""
        token = self._get_request_param("id_token")
        if not token:
            raise LaunchRefused(Refusal.FORM_INCOMPLETE)
        if len(token) > _LONGEST_TOKEN:
            raise LaunchRefused(Refusal.TOKEN_TOO_LARGE)
        try:
            header, payload, signature = token.encode("ascii").split(b".")
            self._header, self._payload = _decode_object(header), _decode_object(payload)
            self._signed, self._signature = header + b"." + payload, _decode(signature)
        except (ValueError, RecursionError) as error:
            raise LaunchRefused(Refusal.TOKEN_MALFORMED) from error
        return self

    def _validate_header(self) -> None:
        """RS256 with a named key; keys and addresses of keys inside the header are never looked at."""
        if "crit" in self._header:
            raise LaunchRefused(Refusal.HEADER_REFUSED)
        if self._header.get("alg") != "RS256":
            raise LaunchRefused(Refusal.ALGORITHM_REFUSED)
        kid = self._header.get("kid")
        if not isinstance(kid, str) or not kid:
            raise LaunchRefused(Refusal.KEY_ID_MISSING)

    def validate_registration(self) -> Self:
        """Sender and audience are the registration that the login began with."""
        platform = self._platforms.by_id(self._record.registration_id)
        if platform is None:
            raise LaunchRefused(Refusal.UNKNOWN_PLATFORM)
        if platform.is_paused:
            raise LaunchRefused(Refusal.PLATFORM_PAUSED)
        _require_parties(self._payload, platform)
        self.platform = platform
        return self

    def validate_jwt_signature(self) -> Self:
        """The signature is the platform's."""
        key = self._key_sets.key_for(self.platform, str(self._header["kid"]), self._now)
        try:
            key.verify(self._signature, self._signed, PKCS1v15(), SHA256())
        except InvalidSignature as error:
            raise LaunchRefused(Refusal.BAD_SIGNATURE) from error
        return self

    def _validate_times(self) -> None:
        """The token is valid now, give or take a minute, and was made within the last hour."""
        now = self._now.timestamp()
        issued, expires = _instant(self._payload, "iat"), _instant(self._payload, "exp")
        if issued is None or expires is None:
            raise LaunchRefused(Refusal.TIMES_MISSING)
        if now >= expires + _LEEWAY_SECONDS:
            raise LaunchRefused(Refusal.EXPIRED)
        if now > issued + _OLDEST_SECONDS + _LEEWAY_SECONDS:
            raise LaunchRefused(Refusal.TOO_OLD)
        if max(issued, _instant(self._payload, "nbf") or 0) > now + _LEEWAY_SECONDS:
            raise LaunchRefused(Refusal.NOT_YET_VALID)

    def validate_nonce(self) -> Self:
        """The nonce is the one of this login; with the state it has been used up."""
        nonce = self._payload.get("nonce")
        if not isinstance(nonce, str) or not hmac.compare_digest(hash_of(nonce), hash_of(self._record.nonce)):
            raise LaunchRefused(Refusal.NONCE_REFUSED)
        return self

    def validate_message(self) -> Self:
        """The claims are complete, and the target is the login's and ours."""
        self.claims = read_claims(self._payload)
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


def _require_parties(payload: Json, platform: Platform) -> None:
    """Issuer, audience and authorised party name the platform and this tool.

    Source: a token for several audiences must name its authorised party, and that must be us.
    """
    issuer, audience, party = payload.get("iss"), payload.get("aud"), payload.get("azp")
    audiences = audience if isinstance(audience, list) else [audience]
    if not isinstance(issuer, str) or not audiences or not all(isinstance(one, str) and one for one in audiences):
        raise LaunchRefused(Refusal.IDENTITY_MISSING)
    if issuer != platform.issuer:
        raise LaunchRefused(Refusal.REGISTRATION_MISMATCH)
    if platform.client_id not in audiences:
        raise LaunchRefused(Refusal.REGISTRATION_MISMATCH)
    if party != platform.client_id and (party is not None or len(audiences) > 1):
        raise LaunchRefused(Refusal.AUDIENCE_REFUSED)


def _instant(payload: Json, name: str) -> float | None:
    """A numeric date, or None when it is missing or no sane number."""
    value = payload.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if abs(value) < 1e12 and math.isfinite(value) else None


def _decode_object(part: bytes) -> Json:
    """The JSON object in one part of a token.

    Raises: ValueError.
    """
    value = json.loads(_decode(part))
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004 - callers treat every malformed part alike
    return value


def _decode(part: bytes) -> bytes:
    """The bytes of a base64url part, strictly.

    Raises: ValueError.
    """
    try:
        return base64.b64decode(part + b"=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
