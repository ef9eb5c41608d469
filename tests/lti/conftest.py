"""What every test of the edge starts from: an LMS outside, one registration, memories that live as long as a test."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from lti_tool.lti.connector import Connector
from lti_tool.lti.keys import KeySets, SigningKeys, load_signing_keys
from lti_tool.lti.login import LoginRecord
from lti_tool.lti.platform import Platform, RegistrationId
from lti_tool.lti.reach import Reach

from .outside import NOW, Outside, Reply, jwk
from .visiting import Visitor

ConnectorOf = Callable[[str], Connector]

HERE = Reach(may_be_local=True)  # the LMSs of these tests are on this machine


@dataclass
class Platforms:
    """A directory in memory."""

    known: dict[RegistrationId, Platform] = field(default_factory=dict)
    deployments: set[tuple[RegistrationId, str]] = field(default_factory=set)

    def add(self, platform: Platform, *deployment_ids: str) -> Platform:
        """Registers a platform with deployments."""
        self.known[platform.registration_id] = platform
        self.deployments |= {(platform.registration_id, one) for one in deployment_ids}
        return platform

    def find(self, issuer: str, client_id: str | None) -> Platform | None:
        """The registration of issuer and client id."""
        found = [p for p in self.known.values() if p.issuer == issuer and client_id in (None, p.client_id)]
        return found[0] if len(found) == 1 else None

    def by_id(self, registration_id: RegistrationId) -> Platform | None:
        """The registration of this id."""
        return self.known.get(registration_id)

    def has_deployment(self, registration_id: RegistrationId, deployment_id: str) -> bool:
        """Whether the deployment was registered."""
        return (registration_id, deployment_id) in self.deployments


@dataclass
class Memory:
    """Logins in memory."""

    records: dict[str, LoginRecord] = field(default_factory=dict)

    def remember(self, state_hash: str, record: LoginRecord) -> None:
        """Keeps a login."""
        self.records[state_hash] = record

    def peek(self, state_hash: str, now: datetime) -> LoginRecord | None:
        """Shows a login that still waits."""
        record = self.records.get(state_hash)
        return record if record is not None and now < record.expires_at else None

    def consume(self, state_hash: str, now: datetime) -> LoginRecord | None:
        """Gives a login away, once."""
        record = self.records.pop(state_hash, None)
        return record if record is not None and now < record.expires_at else None


@dataclass
class Tokens:
    """Access tokens in memory."""

    kept: dict[tuple[RegistrationId, str], tuple[str, datetime]] = field(default_factory=dict)

    def get(self, registration_id: RegistrationId, scope_key: str, now: datetime) -> tuple[str, datetime] | None:
        """The token and its end, while it lives."""
        kept = self.kept.get((registration_id, scope_key))
        return kept if kept and now < kept[1] else None

    def put(self, registration_id: RegistrationId, scope_key: str, token: str, expires_at: datetime) -> None:
        """Keeps a token."""
        self.kept[registration_id, scope_key] = (token, expires_at)

    def drop(self, registration_id: RegistrationId, scope_key: str) -> None:
        """Forgets a token."""
        self.kept.pop((registration_id, scope_key), None)


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        """Lets time pass."""
        self.now += timedelta(**by)


@pytest.fixture(scope="session")
def lms_key() -> rsa.RSAPrivateKey:
    """The key an LMS signs with."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def stranger_key() -> rsa.RSAPrivateKey:
    """A key that no registered LMS has."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def signing_keys(tmp_path_factory: pytest.TempPathFactory) -> SigningKeys:
    """The tool's own keys."""
    folder: Path = tmp_path_factory.mktemp("jwks")
    return load_signing_keys(folder)


@pytest.fixture
def lms(lms_key: rsa.RSAPrivateKey) -> Iterator[Outside]:
    """The LMS: publishes its key and hands out tokens."""
    outside = Outside()
    outside.on("GET", "/jwks", Reply(json={"keys": [jwk(lms_key, "lms-key")]}))
    outside.on("POST", "/token", Reply(json={"access_token": "tok-1", "expires_in": 3600}))
    yield outside
    outside.close()


@pytest.fixture
def platform(lms: Outside) -> Platform:
    """The one registration of most tests."""
    return Platform(
        registration_id=RegistrationId(1),
        issuer="https://lms.example.invalid",
        client_id="client-1",
        auth_login_url=lms.url("/auth"),
        auth_token_url=lms.url("/token"),
        auth_audience=None,
        jwks_url=lms.url("/jwks"),
        family="",
        is_paused=False,
    )


@pytest.fixture
def platforms(platform: Platform) -> Platforms:
    """A directory of that registration and its deployment."""
    directory = Platforms()
    directory.add(platform, "deployment-1")
    return directory


@pytest.fixture
def memory() -> Memory:
    """Logins that wait for their launch."""
    return Memory()


@pytest.fixture
def tokens() -> Tokens:
    """Access tokens."""
    return Tokens()


@pytest.fixture
def clock() -> Clock:
    """The time."""
    return Clock()


@pytest.fixture
def key_sets() -> Iterator[KeySets]:
    """The platforms' keys."""
    sets = KeySets(HERE)
    yield sets
    sets.close()


@pytest.fixture
def connector(platform: Platform, signing_keys: SigningKeys, tokens: Tokens, clock: Clock) -> Iterator[Connector]:
    """Calls to the LMS."""
    calls = Connector(platform, signing_keys=signing_keys, tokens=tokens, clock=clock, reach=HERE)
    yield calls
    calls.close()


@pytest.fixture
def connector_of(platform: Platform, signing_keys: SigningKeys, tokens: Tokens, clock: Clock) -> Iterator[ConnectorOf]:
    """Calls to an LMS of a given family."""
    opened: list[Connector] = []

    def open_one(family: str) -> Connector:
        calls = Connector(
            replace(platform, family=family),
            signing_keys=signing_keys,
            tokens=tokens,
            clock=clock,
            reach=HERE,
        )
        opened.append(calls)
        return calls

    yield open_one
    for calls in opened:
        calls.close()


@pytest.fixture
def visitor(
    platforms: Platforms, memory: Memory, key_sets: KeySets, lms_key: rsa.RSAPrivateKey, platform: Platform
) -> Visitor:
    """A browser that comes from the LMS."""
    return Visitor(platforms=platforms, memory=memory, key_sets=key_sets, key=lms_key, platform=platform)
