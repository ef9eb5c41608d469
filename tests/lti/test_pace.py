"""How fast an LMS is asked: as it bears, by its own figures, against a bucket that leaks as Canvas's does."""

import threading
from dataclasses import dataclass, field

import pytest

from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import PlatformUnavailable
from lti_tool.lti.pace import AT_ONCE, MOST_TRIES, Pace

from .outside import Outside, Reply

NOTHING: dict[str, str] = {}


@dataclass
class Time:
    """A clock that goes on only when somebody waits."""

    now: float = 0.0
    waited: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def wait(self, _condition: threading.Condition, seconds: float | None) -> None:
        """Let the time pass that somebody waits; whoever waits for another request would wait for ever."""
        assert seconds is not None, "it waits for a request that nobody ends"
        self.waited.append(seconds)
        self.now += seconds


def left(number: float) -> dict[str, str]:
    """What an LMS says of its patience."""
    return {"X-Rate-Limit-Remaining": str(number)}


def room(pace: Pace) -> int:
    """How many requests begin before one has to wait for another's end."""
    count = 0
    while pace._on_their_way < pace._allowed:
        pace.enter()
        count += 1
    return count


def test_an_lms_that_says_nothing_is_asked_eight_times_at_once() -> None:
    pace = Pace()

    begun = room(pace)
    pace.leave(NOTHING)

    assert (begun, room(pace)) == (AT_ONCE, 1)


@pytest.mark.parametrize(("remaining", "at_once"), [(600, 8), (399, 8), (200, 4), (60, 2), (59, 1), (10, 1), (0, 1)])
def test_as_many_begin_as_the_bucket_has_room_for(remaining: float, at_once: int) -> None:
    time = Time()
    pace = Pace(clock=time, wait=time.wait)
    pace.enter()

    pace.leave(left(remaining))

    assert room(pace) == at_once


def test_a_full_bucket_is_given_time_to_leak() -> None:
    time = Time()
    pace = Pace(clock=time, wait=time.wait)
    pace.enter()

    pace.leave(left(2))
    pace.enter()

    assert time.waited == [pytest.approx(0.8)]  # eight of ten a second


@pytest.mark.parametrize("said", ["-3", "much", "", "1e3", "١٢"])
def test_what_is_no_number_changes_nothing(said: str) -> None:
    pace = Pace()
    pace.enter()

    pace.leave({"X-Rate-Limit-Remaining": said})

    assert room(pace) == AT_ONCE


def test_a_bucket_of_any_size_is_used_to_its_end_and_hardly_ever_full() -> None:
    time = Time()
    pace = Pace(clock=time, wait=time.wait)
    level = at = refused = 0.0

    for _number in range(1000):  # one after the other, each costing a tenth of what leaks in a second
        pace.enter()
        level, at = max(0.0, level - 10 * (time.now - at)), time.now
        refused += level > 100
        time.now += 0.01
        level += 1
        pace.leave(left(max(0.0, 100 - level)))

    assert refused == 0
    assert time.now == pytest.approx((1000 - 100) / 10, rel=0.1)


def test_a_throttled_request_is_repeated_after_the_short_pause_that_the_lms_asks_for(
    connector: Connector, lms: Outside
) -> None:
    url = lms.on("POST", "/scores", Reply(status=429, headers={"Retry-After": "0"}), Reply(json={}))

    answer = connector.post(url, scopes=("s",), content_type="application/json", json={})

    assert answer.status == 200
    assert len(lms.asked_for("/scores")) == 2


def test_an_lms_that_goes_on_throttling_is_left_alone(connector: Connector, lms: Outside) -> None:
    url = lms.on("POST", "/scores", Reply(status=403, text="Rate Limit Exceeded", headers={"Retry-After": "0"}))

    with pytest.raises(PlatformUnavailable):
        connector.post(url, scopes=("s",), content_type="application/json", json={})

    assert len(lms.asked_for("/scores")) == MOST_TRIES


def test_a_long_pause_is_not_waited_for(connector: Connector, lms: Outside) -> None:
    url = lms.on("POST", "/scores", Reply(status=429, headers={"Retry-After": "600"}))

    with pytest.raises(PlatformUnavailable) as unavailable:
        connector.post(url, scopes=("s",), content_type="application/json", json={})

    assert unavailable.value.retry_after_seconds == 600
    assert len(lms.asked_for("/scores")) == 1
