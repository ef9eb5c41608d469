"""The tool's own keys where they are kept, in a folder or encrypted in the database; rotated without a restart.

Every process reads them again after some minutes. A new key is published a day before it signs, so that by then every
process publishes it and every LMS may have fetched it.
"""

import threading
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_tool.actions import audit
from lti_tool.lti.keys import SigningKeys, StoredKey, add_signing_key, load_signing_keys, signing_keys_from
from lti_tool.lti.signing import decrypt_pem, encrypt_pem, new_stored_key, with_retirements
from lti_tool.store.admin import KeptSigningKey
from lti_tool.store.db import db, transaction

READ_AGAIN = timedelta(minutes=5)


class KeyStore(Protocol):
    """Where the keys are kept."""

    def read(self, now: datetime) -> SigningKeys:
        """All keys that are published; the first one is made where there is none."""

    def add(self, now: datetime) -> SigningKeys:
        """One more, published at once, signing later."""


class FolderKeys:
    """Keys as PEM files in a folder that all processes share."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, now: datetime) -> SigningKeys:
        """The keys of the folder."""
        return load_signing_keys(self._folder, now=now)

    def add(self, now: datetime) -> SigningKeys:
        """A new file."""
        return add_signing_key(self._folder, now)


class DatabaseKeys:
    """Keys as rows, encrypted with secrets that are not in the database."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._secrets = secrets

    def read(self, now: datetime) -> SigningKeys:
        """The keys of the database."""
        kept = self._kept()
        if not kept:
            self._add_first(now)
            kept = self._kept()
        return signing_keys_from(kept, now=now)

    def add(self, now: datetime) -> SigningKeys:
        """A new row; the keys before it retire a week after it begins to sign, and then go."""
        self.read(now)  # so that there is a first one, which signs until the new one does
        with transaction() as session:
            rows = session.scalars(select(KeptSigningKey).order_by(KeptSigningKey.id).with_for_update()).all()
            kept = [self._opened(row) for row in rows]
            session.execute(delete(KeptSigningKey))
            for key in with_retirements([*kept, new_stored_key(kept, now=now)]):
                if key.retires_at is None or key.retires_at > now:
                    session.add(self._row(key))
        return self.read(now)

    def _kept(self) -> list[StoredKey]:
        # In a session of its own: whoever signs may be in the middle of something else.
        with Session(db.engine) as session:
            return [self._opened(row) for row in session.scalars(select(KeptSigningKey).order_by(KeptSigningKey.id))]

    def _add_first(self, now: datetime) -> None:
        row = self._row(new_stored_key([], now=now))
        row.id = 1
        try:
            with Session(db.engine) as session, session.begin():
                session.add(row)
        except IntegrityError:
            return  # another process was first; its key is read

    def _opened(self, row: KeptSigningKey) -> StoredKey:
        return StoredKey(
            pem=decrypt_pem(row.pem, self._secrets),
            made_at=row.made_at,
            signs_from=row.signs_from,
            retires_at=row.retires_at,
        )

    def _row(self, key: StoredKey) -> KeptSigningKey:
        return KeptSigningKey(
            pem=encrypt_pem(key.pem, self._secrets),
            made_at=key.made_at,
            signs_from=key.signs_from,
            retires_at=key.retires_at,
        )


class KeyRing:
    """The keys as this process holds them: parsing costs more than a hundred signatures."""

    def __init__(self, store: KeyStore) -> None:
        """Nothing is read before somebody asks."""
        self._store = store
        self._lock = threading.Lock()
        self._held: tuple[SigningKeys, datetime] | None = None

    def keys(self, now: datetime) -> SigningKeys:
        """The keys, read again when they were read some minutes ago."""
        with self._lock:
            if self._held is None or abs(now - self._held[1]) >= READ_AGAIN:
                self._held = self._store.read(now), now
            return self._held[0]

    def rotate(self, *, by: str, now: datetime) -> SigningKeys:
        """Make the next key: published at once, signing after a day; those before it stay published."""
        with self._lock:
            made = self._store.add(now)
            self._held = made, now
        with transaction():
            audit.record("keys.rotate", now=now, by=None, after={"key": made.newest.kid, "through": by})
        return made
