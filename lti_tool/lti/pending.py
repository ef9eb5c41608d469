"""What the tool remembers between login and launch, and where.

Source: LTI security framework 1.0, section 5.1.1; secrets are kept as hashes.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from lti_tool.lti.platform import RegistrationId

LONGEST_STATE = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginRecord:
    """What the tool remembers between login and launch.

    `storage_hash` and `storage_frame` are None where the LMS offered no storage.
    """

    registration_id: RegistrationId
    nonce: str
    target_link_uri: str
    browser_hash: str
    expires_at: datetime
    storage_hash: str | None = None
    storage_frame: str | None = None


class LaunchMemory(Protocol):
    """Where logins wait for their launch, shared by all processes."""

    def remember(self, state_hash: str, record: LoginRecord) -> None:
        """Keeps the record until it is consumed or expires."""

    def consume(self, state_hash: str, now: datetime) -> LoginRecord | None:
        """The record, once: unknown, used and expired ones are None, also for two requests at the same moment."""


class LoginPeek(Protocol):
    """Looks at a login that waits for its launch, without using it up."""

    def peek(self, state_hash: str, now: datetime) -> LoginRecord | None:
        """The record; unknown, used and expired ones are None."""


def hash_of(secret: str) -> str:
    """The form in which a secret is stored."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
