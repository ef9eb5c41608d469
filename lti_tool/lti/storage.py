"""The platform's storage in place of a cookie: where a browser keeps none, the LMS's own page remembers for it.

At login the tool's page gives the LMS a random value to keep; at launch a page of the tool asks for it back by
postMessage and sends it here together with the token. The value is a third secret beside state and cookie, kept here as
a hash. A form field can be forged from any site, a cookie cannot: so the value counts only in a request that the
tool's own page made, as the browser itself tells.
Source: LTI client-side postMessage storage 0.1 and LTI OIDC login with storage 0.1; W3C Fetch Metadata.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lti_tool.lti.addresses import canonical_origin, is_same_origin
from lti_tool.lti.pending import LONGEST_STATE, LoginPeek, LoginRecord, hash_of
from lti_tool.lti.platform import Platform, PlatformDirectory
from lti_tool.lti.texts import identifier_of

_LONGEST_VALUE = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class StoragePlan:
    """What the login's page gives the LMS's frame to keep; messages go to `auth_origin` only."""

    auth_origin: str
    frame: str
    key: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageQuestion:
    """What the launch's first page asks the LMS's frame for; messages go to `auth_origin` only."""

    auth_origin: str
    frame: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageProof:
    """What that page sent: the value it was given, and whether the browser says that our own page sent it."""

    value: str
    is_from_own_page: bool


def plan_storage(frame: str | None, *, state: str, platform: Platform) -> StoragePlan | None:
    """What to keep where, if the LMS named a frame that keeps things."""
    name, origin = identifier_of(frame), canonical_origin(platform.auth_login_url)
    if name is None or origin is None:
        return None
    return StoragePlan(auth_origin=origin, frame=name, key=_key(state), value=secrets.token_urlsafe(32))


def peek_storage(
    form: Mapping[str, str], *, memory: LoginPeek, platforms: PlatformDirectory, now: datetime
) -> StorageQuestion | None:
    """What to ask the LMS's storage before this launch can be received; None where storage was never offered.

    Nothing is used up: the state still waits for `receive_launch`.
    """
    state = form.get("state", "")
    record = memory.peek(hash_of(state), now) if 0 < len(state) <= LONGEST_STATE else None
    if record is None or record.storage_frame is None or record.storage_hash is None:
        return None
    platform = platforms.by_id(record.registration_id)
    origin = canonical_origin(platform.auth_login_url) if platform is not None else None
    if origin is None:
        return None
    return StorageQuestion(auth_origin=origin, frame=record.storage_frame, key=_key(state))


def _key(state: str) -> str:
    """One key per login, so that two tabs never overwrite each other; it tells nothing of the state."""
    return f"lti_login_{hash_of('storage ' + state)[:32]}"


def storage_proof(
    value: str | None, *, fetch_site: str | None, origin: str | None, own_origin: str
) -> StorageProof | None:
    """The proof in a request that brought this value; None without one.

    `fetch_site` and `origin` are the request's headers Sec-Fetch-Site and Origin. A page with the referrer policy
    `no-referrer` sends `Origin: null`, which older browsers without Sec-Fetch-Site would fail with.
    """
    if not value or len(value) > _LONGEST_VALUE:
        return None
    is_own = fetch_site == "same-origin" if fetch_site else is_same_origin(origin or "", own_origin)
    return StorageProof(value=value, is_from_own_page=is_own)


def is_proven(proof: StorageProof | None, record: LoginRecord) -> bool:
    """Whether the LMS's storage kept this login's value for this browser."""
    if proof is None or not proof.is_from_own_page or record.storage_hash is None:
        return False
    return hmac.compare_digest(hash_of(proof.value), record.storage_hash)
