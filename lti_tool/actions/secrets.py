"""What is encrypted in the database: signing keys, what LMSs handed out for managing a registration, and the addresses
of chat channels.

The first of the installation's secrets encrypts, all of them read; so a secret can be replaced while the tool runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lti_tool.actions import audit
from lti_tool.lti.signing import UnusableSigningKey, decrypt_pem, encrypt_pem, reencrypt_pem
from lti_tool.store.admin import KeptSigningKey
from lti_tool.store.announcements import AnnouncementChannel
from lti_tool.store.db import transaction
from lti_tool.store.platforms import Registration


@dataclass(frozen=True, slots=True, kw_only=True)
class Encrypted:
    """How much is encrypted with the first secret now; `unreadable` names what none of the secrets opens."""

    signing_keys: int
    management_tokens: int
    unreadable: tuple[str, ...]


def conceal(text: str, secrets: Sequence[str]) -> str:
    """The text as it is kept."""
    return encrypt_pem(text.encode(), secrets)


def reveal(kept: str, secrets: Sequence[str]) -> str | None:
    """The text that was kept; None where its secret is no longer there."""
    try:
        return decrypt_pem(kept, secrets).decode()
    except UnusableSigningKey:
        return None


def encrypt_anew(secrets: Sequence[str], *, by: str, now: datetime) -> Encrypted:
    """Encrypt everything with the first secret; what none of them opens stays as it is, and is named."""
    unreadable: list[str] = []

    def renewed(kept: str, name: str) -> str:
        try:
            return reencrypt_pem(kept, secrets)
        except UnusableSigningKey:
            unreadable.append(name)
            return kept

    with transaction() as session:
        keys = session.scalars(select(KeptSigningKey).order_by(KeptSigningKey.id).with_for_update()).all()
        for key in keys:
            key.pem = renewed(key.pem, f"signing key {key.id}")
        query = select(Registration).where(Registration.management_token.is_not(None)).order_by(Registration.id)
        managed = session.scalars(query.with_for_update()).all()
        for row in managed:
            row.management_token = renewed(row.management_token or "", row.name)
        for channel in session.scalars(select(AnnouncementChannel).with_for_update()):
            channel.secret_address = renewed(
                channel.secret_address, f"chat channel of programme {channel.programme_id}"
            )
        audit.record("keys.encrypt", now=now, by=None, after={"through": by, "unreadable": list(unreadable)})
    return Encrypted(signing_keys=len(keys), management_tokens=len(managed), unreadable=tuple(unreadable))
