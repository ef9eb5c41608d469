"""What `config/gunicorn.conf.py` promises of the web processes."""

import socket
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

from tests.bench.programs import free_port, served

SILENT = 40  # five for each thread of the two processes
PATIENCE_SECONDS = 4  # less than one look of gunicorn's at a silent connection


def app(_environ: dict[str, object], start_response: Callable[..., object]) -> Iterable[bytes]:
    """Answer anything."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"here"]


@pytest.mark.skipif(not hasattr(socket, "TCP_DEFER_ACCEPT"), reason="only Linux keeps silent connections back")
def test_connections_on_which_nothing_is_said_hold_up_nobody(tmp_path: Path) -> None:
    port = free_port()
    with served("tests.web.test_web_server:app", port=port, folder=tmp_path, environment={}), ExitStack() as silent:
        for _each in range(SILENT):
            silent.enter_context(socket.create_connection(("127.0.0.1", port)))

        answer = requests.get(f"http://127.0.0.1:{port}/", timeout=PATIENCE_SECONDS)

    assert answer.text == "here"
