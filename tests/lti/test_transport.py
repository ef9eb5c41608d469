"""What is repeated to an LMS by itself, and what is not."""

import socket
import threading
from collections.abc import Iterator

import pytest

from lti_tool.lti.errors import PlatformUnavailable
from lti_tool.lti.transport import Limits, exchange, prepared_session

from .conftest import HERE

A_MOMENT = Limits(read_seconds=0.3)


@pytest.fixture
def silent() -> Iterator[tuple[str, list[socket.socket]]]:
    """A server that takes connections and never says a word; its address, and who came."""
    came: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def take() -> None:
            while True:
                try:
                    came.append(server.accept()[0])
                except OSError:
                    return

        taking = threading.Thread(target=take, daemon=True)
        taking.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/thing", came
        server.shutdown(socket.SHUT_RDWR)
        taking.join()
    for one in came:
        one.close()


def test_a_server_that_hangs_is_asked_once(silent: tuple[str, list[socket.socket]]) -> None:
    url, came = silent

    with prepared_session(reach=HERE, retries=2) as session, pytest.raises(PlatformUnavailable):
        exchange(session, "GET", url, limits=A_MOMENT)

    assert len(came) == 1
