"""A configuration or a key set that has moved is found; nothing and nobody is led further than that."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from lti_tool.lti.errors import LaunchRefused, LtiError, PlatformRefused, PlatformUnavailable, Refusal, ServiceFault
from lti_tool.lti.following import Found, find
from lti_tool.lti.keys import KeySets
from lti_tool.lti.platform import Platform
from lti_tool.lti.reach import Reach
from lti_tool.lti.registration import RegistrationFault, held_registration
from lti_tool.lti.transport import Limits, bearer, prepared_session

from .conftest import HERE
from .outside import NOW, Outside, Reply, jwk
from .test_registration import fault_of, moodle_at, read

LIMITS = Limits(read_seconds=5, total_seconds=5, body_bytes=1000)
LEADING = [301, 302, 303, 307, 308]
FLOOD = 64 * 1024 * 1024  # bytes, far more than buffers hold
INSIDE = "http://169.254.169.254/latest/meta-data"


def leads(lms: Outside, path: str, place: str, *, status: int = 302, text: str = "") -> str:
    """A path that leads on; its address."""
    return lms.on("GET", path, Reply(status=status, headers={"Location": place}, text=text))


def chain(lms: Outside, steps: int, end: str) -> str:
    """An address that leads to another in so many steps."""
    for number in range(steps):
        leads(lms, f"/step-{number}", f"/step-{number + 1}" if number + 1 < steps else end)
    return lms.url("/step-0") if steps else end


def found(url: str, *, reach: Reach = HERE, session: requests.Session | None = None, limits: Limits = LIMITS) -> Found:
    """What stands at an address in the end; the first request carries a token."""
    with session or prepared_session(reach=reach) as used:
        return find(used, url, authorise=bearer("secret"), headers={}, limits=limits, reach=reach)


def refused(call: Callable[[], object]) -> ServiceFault:
    """Why a call was refused."""
    with pytest.raises(PlatformRefused) as refusal:
        call()
    return refusal.value.fault


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of this machine with its key, for an hour."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "lms.example.invalid")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + built.public_bytes(Encoding.PEM))
    return path


@pytest.fixture
def encrypted(certificate: Path) -> Iterator[Outside]:
    """An LMS that speaks https."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    outside = Outside(context)
    yield outside
    outside.close()


@pytest.fixture
def trusting(certificate: Path) -> requests.Session:
    """A session that knows the certificate."""
    session = prepared_session(reach=HERE, uses_proxy=False)
    session.verify = str(certificate)
    return session


@pytest.mark.parametrize("status", LEADING)
def test_a_key_set_that_has_moved_is_found(
    key_sets: KeySets, lms: Outside, platform: Platform, lms_key: rsa.RSAPrivateKey, status: int
) -> None:
    lms.on("GET", "/new", Reply(json={"keys": [jwk(lms_key, "lms-key")]}))
    leads(lms, "/jwks", "/new", status=status)

    assert key_sets.key_for(platform, "lms-key", NOW) == lms_key.public_key()


def test_a_configuration_that_has_moved_is_found_and_the_token_stays_behind(lms: Outside) -> None:
    moodle_at(lms)
    url = leads(lms, "/old", lms.url("/configuration#top"))

    configuration = read(url, token="one-time")

    assert configuration.issuer == lms.origin
    (first,), (second,) = lms.asked_for("/old"), lms.asked_for("/configuration")
    assert first.headers["Authorization"] == "Bearer one-time"
    assert "Authorization" not in second.headers


def test_no_cookie_goes_along(lms: Outside) -> None:
    cookie = {"Set-Cookie": "session=secret; Path=/", "Location": "/end"}
    url = lms.on("GET", "/start", Reply(status=302, headers=cookie))
    lms.on("GET", "/end", Reply(text="here"))

    found(url)

    assert "Cookie" not in lms.asked_for("/end")[0].headers


@pytest.mark.parametrize("steps", [0, 1, 2, 3])
def test_up_to_three_steps_are_followed(lms: Outside, steps: int) -> None:
    end = lms.on("GET", "/end", Reply(text="here"))

    answer = found(chain(lms, steps, end))

    assert (answer.answer.body, answer.url) == (b"here", end)
    assert [one.path for one in lms.asked] == [*(f"/step-{number}" for number in range(steps)), "/end"]


def test_a_fourth_step_is_not_taken(lms: Outside) -> None:
    end = lms.on("GET", "/end", Reply(text="here"))

    assert refused(lambda: found(chain(lms, 4, end))) is ServiceFault.LEADS_ON
    assert len(lms.asked) == 4
    assert not lms.asked_for("/end")


@pytest.mark.parametrize("path", ["/a", "/b"], ids=["to itself", "round"])
def test_a_circle_ends_where_it_closes(lms: Outside, path: str) -> None:
    leads(lms, "/a", path)
    leads(lms, "/b", "/a")

    assert refused(lambda: found(lms.url("/a"))) is ServiceFault.LEADS_ON
    assert len(lms.asked) == len({"/a", path})


@pytest.mark.parametrize(
    ("place", "fault"),
    [
        (INSIDE, ServiceFault.INSECURE_ADDRESS),
        ("https://169.254.169.254/latest", ServiceFault.PRIVATE_ADDRESS),
        ("https://10.0.0.1/x", ServiceFault.PRIVATE_ADDRESS),
        ("https://[fd00::1]/x", ServiceFault.PRIVATE_ADDRESS),
        ("http://lms.example/x", ServiceFault.INSECURE_ADDRESS),
        ("//10.0.0.1/x", ServiceFault.INSECURE_ADDRESS),
        ("file:///etc/passwd", ServiceFault.BAD_ADDRESS),
        ("https://user:secret@lms.example/x", ServiceFault.BAD_ADDRESS),
        ("https://[not-an-address/x", ServiceFault.BAD_ADDRESS),
    ],
)
def test_a_step_out_of_reach_is_not_taken(lms: Outside, place: str, fault: ServiceFault) -> None:
    url = leads(lms, "/start", place)

    assert refused(lambda: found(url)) is fault
    assert len(lms.asked) == 1


def test_a_step_onto_this_machine_is_refused_where_it_is_not_allowed(
    encrypted: Outside, trusting: requests.Session
) -> None:
    other = Reach(private_hosts=frozenset({"127.0.0.1"}))
    url = leads(encrypted, "/start", f"https://localhost:{encrypted.origin.rsplit(':', 1)[1]}/inside")
    session = prepared_session(reach=other, uses_proxy=False)
    session.verify = trusting.verify

    assert refused(lambda: found(url, reach=other, session=session)) is ServiceFault.PRIVATE_ADDRESS
    assert [one.path for one in encrypted.asked] == ["/start"]


def test_https_leads_to_https(encrypted: Outside, trusting: requests.Session) -> None:
    end = encrypted.on("GET", "/end", Reply(text="here"))

    assert found(leads(encrypted, "/start", end), session=trusting).answer.body == b"here"


def test_https_never_leads_to_http_not_even_on_this_machine(
    encrypted: Outside, lms: Outside, trusting: requests.Session
) -> None:
    url = leads(encrypted, "/start", lms.on("GET", "/end", Reply(text="here")))

    assert refused(lambda: found(url, session=trusting)) is ServiceFault.INSECURE_ADDRESS
    assert not lms.asked


def test_all_steps_together_may_bring_so_much(lms: Outside) -> None:
    leads(lms, "/start", "/end", text="." * 600)
    lms.on("GET", "/end", Reply(text="." * 600))

    assert refused(lambda: found(lms.url("/start"))) is ServiceFault.TOO_LARGE


def test_all_steps_together_may_take_so_long(lms: Outside) -> None:
    url = chain(lms, 3, lms.on("GET", "/end", Reply(text="here")))

    with pytest.raises(PlatformUnavailable):
        found(url, limits=Limits(total_seconds=0.0, body_bytes=1000))

    assert [one.path for one in lms.asked] == ["/step-0"]


def test_the_body_of_an_answer_that_leads_on_is_read_no_further_than_the_limit() -> None:
    sent: list[int] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def endless() -> None:
            connection, _ = server.accept()
            with connection, suppress(OSError):
                connection.recv(10_000)
                connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /end\r\nContent-Length: 999999999\r\n\r\n")
                while sum(sent) < FLOOD:
                    sent.append(connection.send(b"." * 65_536))

        flood = threading.Thread(target=endless)
        flood.start()
        refusal = refused(lambda: found(f"http://127.0.0.1:{server.getsockname()[1]}/"))
        flood.join()

    assert refusal is ServiceFault.TOO_LARGE
    assert sum(sent) < FLOOD


@pytest.mark.parametrize(
    "reply",
    [Reply(status=302), Reply(status=304, headers={"Location": "/end"}), Reply(headers={"Location": "/end"})],
    ids=["no address", "not modified", "a success"],
)
def test_what_leads_nowhere_is_an_answer(lms: Outside, reply: Reply) -> None:
    url = lms.on("GET", "/start", reply)

    assert found(url).answer.status == reply.status
    assert len(lms.asked) == 1


@pytest.mark.parametrize(
    ("place", "fault"),
    [
        ("https://10.0.0.1/x", RegistrationFault.ADDRESS_REFUSED),
        ("http://lms.example/x", RegistrationFault.ADDRESS_REFUSED),
        ("/old", RegistrationFault.REDIRECTED),
    ],
)
def test_a_registration_says_where_it_was_led(lms: Outside, place: str, fault: RegistrationFault) -> None:
    url = leads(lms, "/old", place)

    assert fault_of(lambda: read(url)) is fault


def test_a_host_that_leads_on_does_not_lend_its_name(lms: Outside) -> None:
    """An address of a good LMS that leads anywhere must not let anybody speak as that LMS."""
    port = lms.origin.rsplit(":", 1)[1]
    moodle_at(lms, issuer=f"http://localhost:{port}")
    url = leads(lms, "/old", "/configuration").replace("127.0.0.1", "localhost")
    leads(lms, "/old", lms.url("/configuration"))

    assert fault_of(lambda: read(url)) is RegistrationFault.ISSUER_REFUSED
    assert len(lms.asked) == 2


@pytest.mark.parametrize(
    ("place", "error"),
    [
        ("https://10.0.0.1/x", LaunchRefused),
        ("/jwks", PlatformUnavailable),
        ("http://lms.example/", PlatformUnavailable),
    ],
)
def test_keys_are_not_sought_out_of_reach_or_in_a_circle(
    key_sets: KeySets, lms: Outside, platform: Platform, place: str, error: type[LtiError]
) -> None:
    leads(lms, "/jwks", place)

    with pytest.raises(error) as ended:
        key_sets.key_for(platform, "lms-key", NOW)

    assert getattr(ended.value, "reason", Refusal.PRIVATE_NETWORK) is Refusal.PRIVATE_NETWORK
    assert len(lms.asked) == 1


def test_a_registration_that_the_tool_holds_is_read_at_its_own_address_only(lms: Outside) -> None:
    url = leads(lms, "/held", "/inside")

    call = lambda: held_registration(url, "secret", client_id="c", reach=HERE)  # noqa: E731 - one call, named

    assert fault_of(call) is RegistrationFault.REDIRECTED
    assert not lms.asked_for("/inside")
