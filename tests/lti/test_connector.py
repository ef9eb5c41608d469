"""Calls to an LMS: understood refusals, careful repetition, and a token that never leaves its server."""

from dataclasses import replace
from typing import Any

import pytest

from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import PlatformRefused, PlatformUnavailable, ScoreIsStale, ServiceFault, fault_in
from lti_tool.lti.keys import SigningKeys
from lti_tool.lti.platform import Platform
from lti_tool.lti.reach import Reach

from .conftest import Clock, ConnectorOf, Tokens
from .outside import Outside, Reply

SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"


def read(connector: Connector, url: str) -> Any:
    """What stands at an address."""
    return connector.get(url, scopes=(SCOPE,), accept="application/json").json


def refused_with(connector: Connector, url: str) -> PlatformRefused:
    """The refusal that a call ends with."""
    with pytest.raises(PlatformRefused) as refused:
        read(connector, url)
    return refused.value


def test_a_call_carries_the_token_and_the_exact_accept(connector: Connector, lms: Outside) -> None:
    url = lms.on("GET", "/thing", Reply(json={"ok": True}))

    assert read(connector, url) == {"ok": True}

    (asked,) = lms.asked_for("/thing")
    assert asked.headers["Authorization"] == "Bearer tok-1"
    assert asked.headers["Accept"] == "application/json"
    assert asked.headers["User-Agent"].startswith("PeerMentoringLTI")


def test_a_refused_token_is_replaced_once(connector: Connector, lms: Outside) -> None:
    lms.on("POST", "/token", Reply(json={"access_token": "old"}), Reply(json={"access_token": "new"}))
    url = lms.on("GET", "/thing", Reply(status=401), Reply(json={"ok": True}))

    assert read(connector, url) == {"ok": True}

    assert [asked.headers["Authorization"] for asked in lms.asked_for("/thing")] == ["Bearer old", "Bearer new"]


def test_sakais_403_may_be_a_token_that_has_expired(connector_of: ConnectorOf, lms: Outside) -> None:
    lms.on("POST", "/token", Reply(json={"access_token": "old"}), Reply(json={"access_token": "new"}))
    url = lms.on("GET", "/thing", Reply(status=403), Reply(json={"ok": True}))

    assert read(connector_of("sakai"), url) == {"ok": True}

    assert [asked.headers["Authorization"] for asked in lms.asked_for("/thing")] == ["Bearer old", "Bearer new"]


def test_a_second_401_is_a_refusal(connector: Connector, lms: Outside) -> None:
    url = lms.on("GET", "/thing", Reply(status=401))

    assert refused_with(connector, url).fault is ServiceFault.TOKEN_REFUSED
    assert len(lms.asked_for("/thing")) == 2


@pytest.mark.parametrize(
    ("reply", "seconds"),
    [
        (Reply(status=429, headers={"Retry-After": "17"}), 17),
        (Reply(status=429), None),
        (Reply(status=429, headers={"Retry-After": "Sun, 22 Nov 2026 09:00:30 GMT"}), 30),
        (Reply(status=429, headers={"Retry-After": "nonsense"}), None),
        (Reply(status=503, headers={"Retry-After": "9" * 400}), 999_999_999),
        (Reply(status=503, headers={"Retry-After": "-5"}), None),
        (Reply(status=503, headers={"Retry-After": "Mon, 01 Jan 0001 00:00:00 +1400"}), 0),
        (Reply(status=503, headers={"Retry-After": "Fri, 31 Dec 9999 23:59:59 -1200"}), 251_607_005_999),
        (Reply(status=503, headers={"Retry-After": "Fri, 31 Dec 9999 23:59:59 -9999"}), None),
        (Reply(status=403, text="403 Forbidden (Rate Limit Exceeded)"), None),
    ],
    ids=["seconds", "nothing", "date", "nonsense", "absurd", "negative", "long ago", "never", "no zone", "canvas 403"],
)
def test_throttling_means_try_again(connector: Connector, lms: Outside, reply: Reply, seconds: float | None) -> None:
    url = lms.on("GET", "/thing", reply)

    with pytest.raises(PlatformUnavailable) as unavailable:
        read(connector, url)

    assert unavailable.value.retry_after_seconds == seconds


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (301, ServiceFault.NOT_ACCEPTED),
        (400, ServiceFault.NOT_ACCEPTED),
        (403, ServiceFault.FORBIDDEN),
        (404, ServiceFault.NOT_FOUND),
        (412, ServiceFault.NOT_OURS),
        (422, ServiceFault.NOT_ACCEPTED),
    ],
)
def test_a_permanent_refusal_says_what_it_means(
    connector: Connector, lms: Outside, status: int, fault: ServiceFault
) -> None:
    url = lms.on("GET", "/thing", Reply(status=status, headers={"Location": "/elsewhere"}))

    refused = refused_with(connector, url)

    assert (refused.fault, refused.status) == (fault, status)
    assert refused.explanation.endswith(".")
    assert not lms.asked_for("/elsewhere")


def test_a_refusal_repeats_nothing_of_the_answer(connector: Connector, lms: Outside) -> None:
    url = lms.on("GET", "/thing", Reply(status=400, text="dana@example.invalid", reason="Dana"))

    refused = refused_with(connector, url)

    assert "ana" not in f"{refused} {refused!r} {refused.explanation}"


def test_a_get_is_repeated_after_a_server_fault(connector: Connector, lms: Outside) -> None:
    url = lms.on("GET", "/thing", Reply(status=503), Reply(json={"ok": True}))

    assert read(connector, url) == {"ok": True}


def test_a_get_that_stays_broken_is_unavailable(connector: Connector, lms: Outside) -> None:
    url = lms.on("GET", "/thing", Reply(status=502))

    with pytest.raises(PlatformUnavailable) as unavailable:
        read(connector, url)

    assert unavailable.value.status == 502
    assert len(lms.asked_for("/thing")) == 3


def test_a_post_is_sent_once(connector: Connector, lms: Outside) -> None:
    url = lms.on("POST", "/thing", Reply(status=503))

    with pytest.raises(PlatformUnavailable):
        connector.post(url, scopes=(SCOPE,), content_type="application/json", json={})

    assert len(lms.asked_for("/thing")) == 1


def test_a_put_carries_its_type_and_body(connector: Connector, lms: Outside) -> None:
    url = lms.on("PUT", "/thing", Reply(status=204))

    answer = connector.put(url, scopes=(SCOPE,), content_type="application/x", json={"a": "ü"})

    (asked,) = lms.asked_for("/thing")
    assert (answer.status, answer.json) == (204, None)
    assert (asked.headers["Content-Type"], asked.json) == ("application/x", {"a": "ü"})


def test_no_server_at_all_is_unavailable(connector: Connector, lms: Outside) -> None:
    connector_url = "http://127.0.0.1:9/thing"

    with pytest.raises(PlatformUnavailable) as unavailable:
        read(connector, connector_url)

    assert unavailable.value.status is None


@pytest.mark.parametrize(
    "reply",
    [
        Reply(text="<html>Back soon</html>"),
        Reply(text="\ufeff\n<!doctype html><p>Sign in</p>", headers={"Content-Type": "text/html"}),
        *(Reply(status=status, headers={"Location": "/sign-in"}) for status in (302, 303, 307)),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_a_page_for_people_is_named_and_is_no_answer(
    connector: Connector, lms: Outside, method: str, reply: Reply
) -> None:
    url = lms.on(method, "/thing", reply)
    how: dict[str, Any] = {"accept": "*/*"} if method == "GET" else {"content_type": "application/json", "json": {}}

    with pytest.raises(PlatformUnavailable) as unavailable:
        getattr(connector, method.lower())(url, scopes=(SCOPE,), **how)

    assert unavailable.value.fault is ServiceFault.WEB_PAGE
    assert str(unavailable.value) == f"web-page (HTTP {reply.status})"
    assert not lms.asked_for("/sign-in")


def test_a_page_for_people_instead_of_a_token_is_named(connector: Connector, lms: Outside) -> None:
    lms.on("POST", "/token", Reply(text="<html>Sign in</html>"))
    url = lms.on("GET", "/thing", Reply(json=[]))

    with pytest.raises(PlatformUnavailable) as unavailable:
        read(connector, url)

    assert unavailable.value.fault is ServiceFault.WEB_PAGE


def test_an_answer_that_is_cut_off_is_one_that_cannot_be_read(connector: Connector, lms: Outside) -> None:
    url = lms.on("GET", "/thing", Reply(text='{"members": [{"user_id": "cut'))

    with pytest.raises(PlatformUnavailable) as unavailable:
        read(connector, url)

    assert unavailable.value.fault is ServiceFault.UNREADABLE


def test_a_firewalls_page_with_a_refusal_is_named(connector: Connector, lms: Outside) -> None:
    url = lms.on("GET", "/thing", Reply(status=406, text="<html>Request blocked</html>"))

    assert refused_with(connector, url).fault is ServiceFault.WEB_PAGE


def test_what_the_outbox_keeps_of_a_fault_leads_back_to_it() -> None:
    assert fault_in(str(PlatformUnavailable(ServiceFault.WEB_PAGE, status=200))) is ServiceFault.WEB_PAGE
    assert fault_in("some of it is left for later: stale") is ServiceFault.STALE
    assert fault_in(str(PlatformUnavailable(status=503))) is None


def test_a_successful_post_may_answer_anything(connector: Connector, lms: Outside) -> None:
    url = lms.on("POST", "/thing", Reply(status=201, text="done"))

    answer = connector.post(url, scopes=(SCOPE,), content_type="application/json", json={})

    assert (answer.status, answer.json) == (201, None)


@pytest.mark.parametrize(
    "address", ["ftp://lms.example.invalid/x", "/relative", "https://user@lms.example.invalid/", "http://a b/"]
)
def test_an_address_that_is_none_gets_no_token(connector: Connector, lms: Outside, address: str) -> None:
    assert refused_with(connector, address).fault is ServiceFault.BAD_ADDRESS
    assert not lms.asked


def test_the_token_of_an_encrypted_platform_is_not_sent_in_the_clear(
    platform: Platform, lms: Outside, signing_keys: SigningKeys, tokens: Tokens, clock: Clock
) -> None:
    secure = replace(platform, auth_token_url="https://lms.example.invalid/token")
    connector = Connector(secure, signing_keys=signing_keys, tokens=tokens, clock=clock, reach=Reach(may_be_local=True))

    assert refused_with(connector, lms.url("/thing")).fault is ServiceFault.INSECURE_ADDRESS
    connector.close()


def test_a_next_page_keeps_its_case(connector: Connector, lms: Outside) -> None:
    link = f'<{lms.origin}/Members?page=Bookmark:WyJKb2huIl0>; rel="next"'
    url = lms.on("GET", "/thing", Reply(json={}, headers={"Link": link}))

    answer = connector.get(url, scopes=(SCOPE,), accept="*/*")

    assert answer.next_url == f"{lms.origin}/Members?page=Bookmark:WyJKb2huIl0"


def test_a_next_page_on_another_server_is_refused(connector: Connector, lms: Outside) -> None:
    link = '<https://evil.example.invalid/?page=2>; rel="next"'
    url = lms.on("GET", "/thing", Reply(json={}, headers={"Link": link}))

    assert refused_with(connector, url).fault is ServiceFault.FOREIGN_ADDRESS


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (409, "[]"),
        (400, "Provided timestamp of 2026 before last updated timestamp of 2027"),
        (400, "Score already exists for the provided timestamp"),
    ],
)
def test_a_score_that_came_too_late_is_told_apart(connector: Connector, lms: Outside, status: int, text: str) -> None:
    url = lms.on("POST", "/scores", Reply(status=status, text=text))

    with pytest.raises(ScoreIsStale):
        connector.post(url, scopes=("s",), content_type="application/json", json={})
