"""What the tool connects to: a registered LMS inside a private network only where the installation names its host."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import LaunchRefused, PlatformRefused, PlatformUnavailable, Refusal, ServiceFault
from lti_tool.lti.keys import KeySets, SigningKeys
from lti_tool.lti.platform import Platform
from lti_tool.lti.reach import Reach
from lti_tool.lti.roster import SCOPE
from tests.lti.conftest import Clock, Tokens
from tests.lti.outside import Outside, Reply

NAMED = Reach(private_hosts=frozenset({"127.0.0.1", "moodle.intranet.example"}))


@pytest.fixture
def strict(platform: Platform, signing_keys: SigningKeys, tokens: Tokens, clock: Clock) -> Iterator[Connector]:
    """Calls to an LMS on this machine, by an installation that names no private host."""
    calls = Connector(platform, signing_keys=signing_keys, tokens=tokens, clock=clock, reach=Reach())
    yield calls
    calls.close()


def test_token_and_services_of_a_private_machine_are_refused_before_anything_is_sent(
    strict: Connector, lms: Outside
) -> None:
    with pytest.raises(PlatformRefused) as refused:
        strict.get(lms.url("/memberships"), scopes=[SCOPE], accept="*/*")

    assert refused.value.fault is ServiceFault.PRIVATE_ADDRESS
    assert not lms.asked


def test_keys_on_a_private_machine_are_refused_with_a_code_of_their_own(
    platform: Platform, lms: Outside, clock: Clock
) -> None:
    with closing(KeySets(Reach())) as keys, pytest.raises(LaunchRefused) as refused:
        keys.key_for(platform, "any", clock())

    assert refused.value.reason is Refusal.PRIVATE_NETWORK
    assert not lms.asked


def test_a_private_host_that_the_installation_names_is_reached(
    platform: Platform, signing_keys: SigningKeys, tokens: Tokens, clock: Clock, lms: Outside
) -> None:
    lms.on("POST", "/token", Reply(json={"access_token": "t", "expires_in": 3600}))
    url = lms.on("GET", "/memberships", Reply(json={"members": []}))
    connector = Connector(platform, signing_keys=signing_keys, tokens=tokens, clock=clock, reach=NAMED)

    with closing(connector):
        answer = connector.get(url, scopes=[SCOPE], accept="*/*")

    assert answer.status == 200


def test_a_redirect_into_the_private_network_is_not_followed(
    platform: Platform, signing_keys: SigningKeys, tokens: Tokens, clock: Clock, lms: Outside
) -> None:
    lms.on("POST", "/token", Reply(json={"access_token": "t", "expires_in": 3600}))
    url = lms.on("GET", "/memberships", Reply(status=302, headers={"Location": lms.url("/inside")}))
    connector = Connector(platform, signing_keys=signing_keys, tokens=tokens, clock=clock, reach=NAMED)

    with closing(connector), pytest.raises(PlatformUnavailable):
        connector.get(url, scopes=[SCOPE], accept="*/*")

    assert not lms.asked_for("/inside")


@pytest.mark.parametrize(
    ("host", "peer", "is_allowed"),
    [
        ("lms.example", "93.184.215.14", True),
        ("moodle.intranet.example", "10.1.2.3", True),
        ("Moodle.Intranet.Example.", "10.1.2.3", True),
        ("moodle.intranet.example", "fd00::1", True),
        ("moodle.intranet.example", "169.254.169.254", False),
        ("moodle.intranet.example", "fe80::1%eth0", False),
        ("moodle.intranet.example", "::ffff:169.254.169.254", False),
        ("moodle.intranet.example", "0.0.0.0", False),  # noqa: S104 - an address to refuse
        ("other.intranet.example", "10.1.2.3", False),
        ("sub.moodle.intranet.example", "10.1.2.3", False),
        ("localhost", "127.0.0.1", False),
    ],
)
def test_only_named_hosts_may_be_private_and_link_local_ones_never(host: str, peer: str, is_allowed: bool) -> None:
    assert NAMED.allows(host, peer) is is_allowed


def test_a_star_names_every_host_but_opens_no_link_local_address() -> None:
    everything = Reach(private_hosts=frozenset({"*"}))

    assert everything.allows("lms.example", "192.168.1.1")
    assert not everything.allows("lms.example", "169.254.169.254")
