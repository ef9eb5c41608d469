"""The tool's keys are made once and kept; a platform's keys are fetched as rarely as its rotation allows."""

import base64
import hashlib
import stat
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from lti_tool.lti.errors import LaunchRefused, PlatformUnavailable, Refusal
from lti_tool.lti.keys import KeySets, UnusableSigningKey, add_signing_key, load_signing_keys
from lti_tool.lti.platform import Platform, RegistrationId

from .outside import NOW, Outside, Reply, jwk, recorded
from .visiting import Visitor


def test_an_empty_folder_gets_its_first_key_readable_by_its_owner_only(tmp_path: Path) -> None:
    keys = load_signing_keys(tmp_path / "jwks")

    (path,) = (tmp_path / "jwks").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keys.current.private_key.key_size == 2048


def test_the_same_keys_are_loaded_again(tmp_path: Path) -> None:
    first = load_signing_keys(tmp_path)

    assert load_signing_keys(tmp_path).current.kid == first.current.kid


def test_a_new_key_is_published_at_once_and_signs_a_day_later(tmp_path: Path) -> None:
    old = load_signing_keys(tmp_path).current

    keys = add_signing_key(tmp_path, NOW)

    assert keys.newest.kid != old.kid
    assert [key["kid"] for key in keys.jwks()["keys"]] == [keys.newest.kid, old.kid]
    assert keys.current.kid == keys.signer(NOW + timedelta(hours=24, seconds=-1)).kid == old.kid
    assert keys.signer(NOW + timedelta(hours=24)).kid == keys.newest.kid


def test_the_published_set_holds_public_parts_only(tmp_path: Path) -> None:
    (published,) = load_signing_keys(tmp_path).jwks()["keys"]

    assert set(published) == {"kty", "n", "e", "kid", "use", "alg"}


def test_the_key_id_is_the_thumbprint(tmp_path: Path) -> None:
    (published,) = load_signing_keys(tmp_path).jwks()["keys"]

    essence = f'{{"e":"{published["e"]}","kty":"RSA","n":"{published["n"]}"}}'
    digest = hashlib.sha256(essence.encode()).digest()
    assert published["kid"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def test_a_file_that_is_no_usable_key_is_named(tmp_path: Path) -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    pem = curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "curve.pem").write_bytes(pem)

    with pytest.raises(UnusableSigningKey, match=r"curve\.pem"):
        load_signing_keys(tmp_path)


def test_two_processes_that_begin_together_end_with_one_key(tmp_path: Path) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(load_signing_keys(tmp_path).current.kid)) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(found)) == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_many_launches_fetch_the_key_set_once(visitor: Visitor, lms: Outside) -> None:
    for _ in range(5):
        visitor.launch()

    assert len(lms.asked_for("/jwks")) == 1


def test_the_fetch_names_its_agent(visitor: Visitor, lms: Outside) -> None:
    visitor.launch()

    (asked,) = lms.asked_for("/jwks")
    assert asked.headers["User-Agent"].startswith("PeerMentoringLTI")
    assert "Authorization" not in asked.headers


def test_a_rotated_key_works_at_the_next_launch(
    visitor: Visitor, lms: Outside, stranger_key: rsa.RSAPrivateKey
) -> None:
    visitor.launch()
    lms.on("GET", "/jwks", Reply(json={"keys": [jwk(stranger_key, "lms-key-2")]}))

    key = visitor.key_sets.key_for(visitor.platform, "lms-key-2", NOW)

    assert key.public_numbers() == stranger_key.public_key().public_numbers()
    assert len(lms.asked_for("/jwks")) == 2


def test_invented_key_ids_fetch_at_most_once_a_minute(key_sets: KeySets, lms: Outside, platform: Platform) -> None:
    key_sets.key_for(platform, "lms-key", NOW)

    for second in (0, 1, 59, 60):
        with pytest.raises(LaunchRefused) as refused:
            key_sets.key_for(platform, f"invented-{second}", NOW + timedelta(seconds=second))

    assert refused.value.reason is Refusal.UNKNOWN_KEY
    assert len(lms.asked_for("/jwks")) == 3


def test_registrations_do_not_slow_each_other(key_sets: KeySets, lms: Outside, platform: Platform) -> None:
    other = replace(platform, registration_id=RegistrationId(2))
    for one in (platform, other):
        key_sets.key_for(one, "lms-key", NOW)
        with pytest.raises(LaunchRefused):
            key_sets.key_for(one, "invented", NOW)

    assert len(lms.asked_for("/jwks")) == 4


@pytest.mark.parametrize(
    ("cache_control", "seconds", "fetches"),
    [
        ("public, max-age=600", 599, 1),
        ("public, max-age=600", 600, 2),
        ("max-age=0, no-store", 59, 1),
        ("max-age=99999999", 24 * 3600 - 1, 1),
        ("max-age=99999999", 24 * 3600, 2),
        ("", 3599, 1),
        ("", 3600, 2),
    ],
)
def test_a_key_set_lives_as_long_as_the_platform_says_within_a_minute_and_a_day(
    key_sets: KeySets,
    lms: Outside,
    platform: Platform,
    lms_key: rsa.RSAPrivateKey,
    cache_control: str,
    seconds: int,
    fetches: int,
) -> None:
    lms.on("GET", "/jwks", Reply(json={"keys": [jwk(lms_key, "lms-key")]}, headers={"Cache-Control": cache_control}))

    key_sets.key_for(platform, "lms-key", NOW)
    key_sets.key_for(platform, "lms-key", NOW + timedelta(seconds=seconds))

    assert len(lms.asked_for("/jwks")) == fetches


def test_launches_at_the_same_moment_share_one_fetch(key_sets: KeySets, lms: Outside, platform: Platform) -> None:
    threads = [threading.Thread(target=key_sets.key_for, args=(platform, "lms-key", NOW)) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(lms.asked_for("/jwks")) == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply(status=404, json={"keys": []}),
        Reply(status=302, headers={"Location": "/elsewhere"}),
        Reply(text="<html>login</html>"),
        Reply(json={"error": "no"}),
        Reply(json=[]),
        Reply(text='{"keys": [' + " " * 600_000 + "]}"),
    ],
    ids=["status", "redirect", "html", "no keys", "list", "too large"],
)
def test_an_answer_that_is_no_key_set_is_not_kept(
    key_sets: KeySets, lms: Outside, platform: Platform, reply: Reply
) -> None:
    good = jwk(rsa.generate_private_key(public_exponent=65537, key_size=2048), "lms-key")
    lms.on("GET", "/jwks", reply, Reply(json={"keys": [good]}))

    with pytest.raises(PlatformUnavailable):
        key_sets.key_for(platform, "lms-key", NOW)

    assert key_sets.key_for(platform, "lms-key", NOW + timedelta(seconds=10))


def test_a_failed_fetch_is_not_repeated_by_every_launch(key_sets: KeySets, lms: Outside, platform: Platform) -> None:
    lms.on("GET", "/jwks", Reply(status=404))

    for _ in range(3):
        with pytest.raises(PlatformUnavailable):
            key_sets.key_for(platform, "lms-key", NOW)

    assert len(lms.asked_for("/jwks")) == 1


@pytest.mark.parametrize("odd", [{"use": "enc"}, {"alg": "RS512"}, {"kty": "EC"}, {"n": "AQAB"}, {"n": 5}, {"kid": 7}])
def test_a_key_not_meant_for_this_is_not_used(
    key_sets: KeySets, lms: Outside, platform: Platform, lms_key: rsa.RSAPrivateKey, odd: dict[str, object]
) -> None:
    lms.on("GET", "/jwks", Reply(json={"keys": [jwk(lms_key, "lms-key") | odd]}))

    with pytest.raises(LaunchRefused) as refused:
        key_sets.key_for(platform, "lms-key", NOW)

    assert refused.value.reason is Refusal.UNKNOWN_KEY


def test_a_small_key_is_not_used(key_sets: KeySets, lms: Outside, platform: Platform) -> None:
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - small on purpose
    lms.on("GET", "/jwks", Reply(json={"keys": [jwk(small, "lms-key")]}))

    with pytest.raises(LaunchRefused):
        key_sets.key_for(platform, "lms-key", NOW)


def test_a_key_without_use_and_algorithm_is_used(
    key_sets: KeySets, lms: Outside, platform: Platform, lms_key: rsa.RSAPrivateKey
) -> None:
    plain = {name: value for name, value in jwk(lms_key, "lms-key").items() if name not in {"use", "alg"}}
    lms.on("GET", "/jwks", Reply(json={"keys": [None, {}, plain]}))

    assert key_sets.key_for(platform, "lms-key", NOW)


def test_a_changed_address_is_fetched_at_once(
    key_sets: KeySets, lms: Outside, platform: Platform, stranger_key: rsa.RSAPrivateKey
) -> None:
    key_sets.key_for(platform, "lms-key", NOW)
    lms.on("GET", "/new-jwks", Reply(json={"keys": [jwk(stranger_key, "lms-key")]}))

    key = key_sets.key_for(replace(platform, jwks_url=lms.url("/new-jwks")), "lms-key", NOW)

    assert key.public_numbers() == stranger_key.public_key().public_numbers()


def test_the_recorded_key_set_of_moodle_is_read(key_sets: KeySets, lms: Outside, platform: Platform) -> None:
    lms.on("GET", "/jwks", Reply(json=recorded("moodle_key_set")))

    assert key_sets.key_for(platform, "8d56d79276dd41b266b7", NOW).key_size == 2048


def test_an_empty_key_set_is_not_fetched_by_every_launch(key_sets: KeySets, lms: Outside, platform: Platform) -> None:
    lms.on("GET", "/jwks", Reply(json={"keys": []}))

    for _ in range(5):
        with pytest.raises(LaunchRefused):
            key_sets.key_for(platform, "lms-key", NOW)

    assert len(lms.asked_for("/jwks")) == 2
