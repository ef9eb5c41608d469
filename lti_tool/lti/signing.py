"""The tool's own keys: each is published before it signs, and stays published after it has stopped.

Learning platforms keep a copy of our key set for hours, so that a key may sign only when every copy knows it, and may
go only when nothing it signed is still on its way. The rules here are pure; where keys lie is somebody else's choice:
rows of a database (encrypted) or the files of a folder, whose names carry the instant they were made.
Source: RFC 7517 (key sets), RFC 7638 (thumbprint as key id), LTI security framework 1.0 section 6.3.
"""

import base64
import hashlib
import itertools
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from lti_tool.lti.errors import LtiError

PUBLISHED_BEFORE = timedelta(hours=24)
KEPT_AFTER = timedelta(days=7)
SMALLEST_KEY_BITS = 2048
_ALWAYS = datetime.min.replace(tzinfo=UTC)
_FIRST_KEY = "00000000T000000Z.pem"
_NAMED_AT = "%Y%m%dT%H%M%SZ"


class UnusableSigningKey(LtiError):
    """A key of the tool is not an RSA private key of at least 2048 bits, or cannot be decrypted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredKey:
    """A private key where it is kept: published from the start, signing from `signs_from` on, gone at `retires_at`."""

    pem: bytes
    made_at: datetime
    signs_from: datetime
    retires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """One key of this tool, loaded once: parsing a PEM file costs more than a hundred signatures."""

    kid: str
    private_key: rsa.RSAPrivateKey
    public_jwk: Mapping[str, str]
    signs_from: datetime = _ALWAYS
    retires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKeys:
    """The tool's keys, oldest first; `current` is the one that signed when they were loaded."""

    current: SigningKey
    all: tuple[SigningKey, ...]

    @property
    def newest(self) -> SigningKey:
        """The key made last, which may not sign yet."""
        return self.all[-1]

    def signer(self, now: datetime) -> SigningKey:
        """The key that signs now: the newest whose time has come, so that a process need not restart for it."""
        return _signer(self.all, now)

    def jwks(self, now: datetime | None = None) -> dict[str, list[dict[str, str]]]:
        """The public key set, newest key first; with `now` without those that have retired since they were loaded."""
        kept = self.all if now is None else _unretired(self.all, now)
        return {"keys": [dict(key.public_jwk) for key in reversed(kept)]}


def signing_keys_from(keys: Sequence[StoredKey], *, now: datetime) -> SigningKeys:
    """The keys that have not retired, ready to sign.

    Shape: at least one key; any order.
    Raises: UnusableSigningKey for one that cannot be read, or when all have retired.
    """
    loaded = tuple(_as_signing_key(key) for key in sorted(keys, key=lambda key: (key.signs_from, key.made_at)))
    kept = _unretired(loaded, now)
    if not kept:
        raise UnusableSigningKey("no key is left")
    return SigningKeys(current=_signer(kept, now), all=kept)


def _unretired(keys: tuple[SigningKey, ...], now: datetime) -> tuple[SigningKey, ...]:
    """The keys that are still published."""
    return tuple(key for key in keys if key.retires_at is None or now < key.retires_at)


def _signer(keys: tuple[SigningKey, ...], now: datetime) -> SigningKey:
    """The newest key whose time has come; the oldest while none has, since it has been published longest."""
    left = _unretired(keys, now) or keys
    return next((key for key in reversed(left) if key.signs_from <= now), left[0])


# ---- rotation, as rules about values ----


def new_stored_key(
    existing: Sequence[StoredKey], *, now: datetime, published_before: timedelta = PUBLISHED_BEFORE
) -> StoredKey:
    """A fresh key that signs once every platform can have seen it; the very first one signs at once."""
    return StoredKey(pem=_new_pem(), made_at=now, signs_from=now + published_before if existing else now)


def is_rotation_due(keys: Sequence[StoredKey], *, now: datetime, every: timedelta) -> bool:
    """Whether it is time to make the next key: there is none, or the newest is that old."""
    return not keys or now - max(key.made_at for key in keys) >= every


def with_retirements(keys: Sequence[StoredKey], *, kept_after: timedelta = KEPT_AFTER) -> tuple[StoredKey, ...]:
    """All keys, oldest first; each but the newest retires a while after the next one has begun to sign.

    A retirement that was set before is never moved back.
    """
    ordered = sorted(keys, key=lambda key: (key.signs_from, key.made_at))
    retired = [
        replace(key, retires_at=_earlier(key.retires_at, after.signs_from + kept_after))
        for key, after in itertools.pairwise(ordered)
    ]
    return (*retired, *ordered[-1:])


def _earlier(one: datetime | None, other: datetime) -> datetime:
    """The earlier of two instants, of which one may be unset."""
    return other if one is None else min(one, other)


# ---- keys in a folder ----


def load_signing_keys(
    folder: Path, *, now: datetime | None = None, published_before: timedelta = PUBLISHED_BEFORE
) -> SigningKeys:
    """All keys of the folder; an empty folder gets its first key.

    A file named by an instant (`20261122T090000Z.pem`), else its time of change, says when the key was made; a key
    signs `published_before` later, unless it is the oldest.
    Raises: UnusableSigningKey naming the file.
    """
    if not any(folder.glob("*.pem")):
        _write_key(folder, _FIRST_KEY, _new_pem())
    aged = sorted((_made_at(path), path.name, path) for path in folder.glob("*.pem"))
    keys = [
        _load_file(path, signs_from=made_at + published_before if place else _ALWAYS)
        for place, (made_at, _, path) in enumerate(aged)
    ]
    return SigningKeys(current=_signer(tuple(keys), now or datetime.now(UTC)), all=tuple(keys))


def add_signing_key(folder: Path, now: datetime) -> SigningKeys:
    """A new key beside the old ones: published at once as `newest`, signing after a day."""
    _write_key(folder, f"{now.astimezone(UTC):{_NAMED_AT}}.pem", _new_pem())
    return load_signing_keys(folder, now=now)


def _made_at(path: Path) -> datetime:
    """When a key file was made, by its name or else by its time of change."""
    if path.name == _FIRST_KEY:
        return _ALWAYS
    try:
        return datetime.strptime(path.stem, _NAMED_AT).replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _write_key(folder: Path, name: str, pem: bytes) -> None:
    """A key under this name, complete from its first moment; another process's key of the same name wins."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".new-", delete=False) as draft:  # created with mode 0600
        draft.write(pem)
    try:
        os.link(draft.name, folder / name)
    except FileExistsError:
        return
    finally:
        Path(draft.name).unlink()


def _load_file(path: Path, *, signs_from: datetime) -> SigningKey:
    """The key in one PEM file."""
    try:
        return _parsed(path.read_bytes(), signs_from=signs_from, retires_at=None)
    except UnusableSigningKey as error:
        raise UnusableSigningKey(path.name) from error


# ---- keys as texts of a database ----


def encrypt_pem(pem: bytes, secrets: Sequence[str]) -> str:
    """The key as a text that says nothing without the secrets; the first secret encrypts.

    Raises: ValueError for a secret that is no Fernet key: a mistake of the configuration.
    """
    return _box(secrets).encrypt(pem).decode()


def decrypt_pem(text: str, secrets: Sequence[str]) -> bytes:
    """The key in the text, by whichever secret encrypted it.

    Raises: UnusableSigningKey when none did; ValueError for a secret that is no Fernet key.
    """
    try:
        return _box(secrets).decrypt(text.encode())
    except InvalidToken as error:
        raise UnusableSigningKey("encrypted with another secret") from error


def reencrypt_pem(text: str, secrets: Sequence[str]) -> str:
    """The same key encrypted with the first secret, so that an old secret can be given up.

    Raises: UnusableSigningKey; ValueError for a secret that is no Fernet key.
    """
    return encrypt_pem(decrypt_pem(text, secrets), secrets)


def _box(secrets: Sequence[str]) -> MultiFernet:
    """The secrets in their order."""
    return MultiFernet([Fernet(secret) for secret in secrets])


# ---- one key ----


def _new_pem() -> bytes:
    """A fresh private key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=SMALLEST_KEY_BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _as_signing_key(key: StoredKey) -> SigningKey:
    """The key, loaded."""
    return _parsed(key.pem, signs_from=key.signs_from, retires_at=key.retires_at)


def _parsed(pem: bytes, *, signs_from: datetime, retires_at: datetime | None) -> SigningKey:
    """The key of a PEM text, with its thumbprint as id."""
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UnusableSigningKey(UnusableSigningKey.__doc__) from error
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < SMALLEST_KEY_BITS:
        raise UnusableSigningKey(UnusableSigningKey.__doc__)
    numbers = key.public_key().public_numbers()
    essence = {"e": _base64url(numbers.e), "kty": "RSA", "n": _base64url(numbers.n)}
    digest = hashlib.sha256(json.dumps(essence, sort_keys=True, separators=(",", ":")).encode()).digest()
    kid = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    public_jwk = {**essence, "kid": kid, "use": "sig", "alg": "RS256"}
    return SigningKey(kid=kid, private_key=key, public_jwk=public_jwk, signs_from=signs_from, retires_at=retires_at)


def _base64url(number: int) -> str:
    """A key's number in base64url, as RFC 7518 writes it."""
    return base64.urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8)).rstrip(b"=").decode()
