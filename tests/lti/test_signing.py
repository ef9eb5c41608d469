"""A key is published before it signs and after it has stopped; at rest it says nothing without its secret."""

import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.fernet import Fernet

from lti_tool.lti.connector import Connector
from lti_tool.lti.keys import SigningKeys
from lti_tool.lti.platform import Platform
from lti_tool.lti.reach import Reach
from lti_tool.lti.signing import (
    StoredKey,
    UnusableSigningKey,
    add_signing_key,
    decrypt_pem,
    encrypt_pem,
    is_rotation_due,
    load_signing_keys,
    new_stored_key,
    reencrypt_pem,
    signing_keys_from,
    with_retirements,
)

from .conftest import Clock, Tokens
from .outside import NOW, Outside, Reply

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def made() -> tuple[StoredKey, StoredKey, StoredKey]:
    """Three keys, a month apart."""
    first = new_stored_key([], now=NOW)
    second = new_stored_key([first], now=NOW + 30 * DAY)
    third = new_stored_key([first, second], now=NOW + 60 * DAY)
    return first, second, third


def kids(keys: SigningKeys, now: datetime | None = None) -> list[str]:
    """The published ids, newest first."""
    return [key["kid"] for key in keys.jwks(now)["keys"]]


def test_the_first_key_signs_at_once(made: tuple[StoredKey, ...]) -> None:
    keys = signing_keys_from(made[:1], now=NOW)

    assert made[0].signs_from == NOW
    assert keys.current == keys.newest == keys.signer(NOW)


def test_the_next_key_is_published_a_day_before_it_signs(made: tuple[StoredKey, ...]) -> None:
    keys = signing_keys_from(made[:2], now=NOW + 30 * DAY)

    old, new = keys.all
    assert kids(keys) == [new.kid, old.kid]
    assert keys.current == keys.signer(NOW + 31 * DAY - HOUR) == old
    assert keys.signer(NOW + 31 * DAY) == new


def test_the_order_in_which_keys_are_given_does_not_matter(made: tuple[StoredKey, ...]) -> None:
    now = NOW + 90 * DAY

    assert kids(signing_keys_from(made, now=now)) == kids(signing_keys_from(made[::-1], now=now))


def test_while_no_key_may_sign_yet_the_one_published_longest_does(made: tuple[StoredKey, ...]) -> None:
    keys = signing_keys_from(made[1:], now=NOW)

    assert keys.current == keys.all[0]


def test_a_retired_key_is_published_no_more(made: tuple[StoredKey, ...]) -> None:
    retired = (replace(made[0], retires_at=NOW + 40 * DAY), made[1])
    before, after = NOW + 40 * DAY - HOUR, NOW + 40 * DAY

    keys = signing_keys_from(retired, now=before)

    assert len(kids(keys, before)) == 2
    assert kids(keys, after) == [keys.newest.kid]
    assert len(signing_keys_from(retired, now=after).all) == 1


def test_without_any_key_left_nothing_can_be_signed(made: tuple[StoredKey, ...]) -> None:
    with pytest.raises(UnusableSigningKey):
        signing_keys_from([replace(made[0], retires_at=NOW)], now=NOW)


def test_a_replaced_key_stays_published_for_a_week_after_it_has_stopped(made: tuple[StoredKey, ...]) -> None:
    first, second, third = with_retirements(made[::-1])

    assert first.retires_at == second.signs_from + 7 * DAY
    assert second.retires_at == third.signs_from + 7 * DAY
    assert third.retires_at is None


def test_a_retirement_is_never_moved_back(made: tuple[StoredKey, ...]) -> None:
    early = replace(made[0], retires_at=NOW + 31 * DAY)

    assert with_retirements([early, made[1]])[0].retires_at == NOW + 31 * DAY


@pytest.mark.parametrize(("days", "is_due"), [(0, False), (89, False), (90, True), (400, True)])
def test_rotation_is_due_when_the_newest_key_is_old(made: tuple[StoredKey, ...], days: int, is_due: bool) -> None:
    assert is_rotation_due(made[:1], now=NOW + days * DAY, every=90 * DAY) is is_due


def test_rotation_is_due_without_any_key() -> None:
    assert is_rotation_due([], now=NOW, every=90 * DAY)


def test_a_running_connector_signs_with_the_new_key_when_its_time_has_come(
    made: tuple[StoredKey, ...], platform: Platform, lms: Outside, tokens: Tokens, clock: Clock
) -> None:
    keys = signing_keys_from(made[:2], now=NOW)
    url = lms.on("GET", "/thing", Reply(json={}))
    connector = Connector(platform, signing_keys=keys, tokens=tokens, clock=clock, reach=Reach(may_be_local=True))

    for days in (0, 31):
        clock.now = NOW + days * DAY
        connector.get(url, scopes=("s",), accept="application/json")
    connector.close()

    signed_with = [_kid(asked.form["client_assertion"]) for asked in lms.asked_for("/token")]
    assert signed_with == [keys.all[0].kid, keys.all[1].kid]


def _kid(token: str) -> Any:
    return jwt.get_unverified_header(token)["kid"]


def test_a_key_at_rest_is_read_with_its_secret_only() -> None:
    pem = new_stored_key([], now=NOW).pem
    secret, other = Fernet.generate_key().decode(), Fernet.generate_key().decode()

    text = encrypt_pem(pem, [secret])

    assert "PRIVATE" not in text
    assert decrypt_pem(text, [other, secret]) == pem
    with pytest.raises(UnusableSigningKey):
        decrypt_pem(text, [other])
    with pytest.raises(UnusableSigningKey):
        decrypt_pem("not encrypted", [secret])


def test_a_secret_can_be_replaced() -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    text = encrypt_pem(b"key", [old])

    moved = reencrypt_pem(text, [new, old])

    assert decrypt_pem(moved, [new]) == b"key"


def test_a_secret_that_is_none_is_a_mistake_of_the_configuration() -> None:
    with pytest.raises(ValueError, match="Fernet"):
        encrypt_pem(b"key", ["short"])


def test_a_file_that_names_no_instant_counts_from_its_last_change(tmp_path: Path) -> None:
    for name, hours_ago in (("b.pem", 2), ("a.pem", 1)):
        (tmp_path / name).write_bytes(new_stored_key([], now=NOW).pem)
        at = (NOW - hours_ago * HOUR).timestamp()
        os.utime(tmp_path / name, (at, at))

    keys = load_signing_keys(tmp_path, now=NOW)

    older, newer = keys.all
    assert keys.current == older
    assert keys.signer(NOW + 23 * HOUR - timedelta(seconds=1)) == older
    assert keys.signer(NOW + 23 * HOUR) == newer


def test_how_long_a_file_is_published_before_it_signs_can_be_chosen(tmp_path: Path) -> None:
    load_signing_keys(tmp_path)
    add_signing_key(tmp_path, NOW)

    keys = load_signing_keys(tmp_path, now=NOW + HOUR, published_before=HOUR)

    assert keys.current == keys.newest


def test_the_only_key_of_a_folder_signs_however_new_it_is(tmp_path: Path) -> None:
    (tmp_path / f"{NOW:%Y%m%dT%H%M%SZ}.pem").write_bytes(new_stored_key([], now=NOW).pem)

    keys = load_signing_keys(tmp_path, now=NOW)

    assert keys.current == keys.newest == keys.signer(NOW)
