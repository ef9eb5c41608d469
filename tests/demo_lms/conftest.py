"""Fixtures: a demo LMS under a clock of our own, and a stand-in tool with a key set served over real HTTP."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from flask import Flask

from lti_tool.demo_lms.app import create_demo_lms
from lti_tool.demo_lms.keys import KeyRing

from .stand_in import LMS, Clock, Tool


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lms(clock: Clock) -> Flask:
    return create_demo_lms(url=LMS, page_size=7, clock=clock, faults=True)


@pytest.fixture(scope="session")
def tool_keys() -> KeyRing:
    return KeyRing()


@pytest.fixture(scope="session")
def jwks_uri(tool_keys: KeyRing) -> Iterator[str]:
    """Answer the address at which the tool's key set is served, over real HTTP."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(tool_keys.jwks()).encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name that http.server uses
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/jwks"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def stranger(lms: Flask, clock: Clock, jwks_uri: str, tool_keys: KeyRing) -> Tool:
    """Answer a tool that is not registered yet."""
    return Tool(lms, clock, jwks_uri, tool_keys)


@pytest.fixture
def tool(stranger: Tool) -> Tool:
    """Answer a tool that is registered, and so placed in both courses."""
    assert stranger.register().status_code == 200
    return stranger


@pytest.fixture
def speaking(clock: Clock, jwks_uri: str, tool_keys: KeyRing) -> Callable[..., Tool]:
    """Answer tools at LMSs of this dialect, not registered yet."""

    def make(dialect: str, **options: int) -> Tool:
        return Tool(create_demo_lms(url=LMS, clock=clock, dialect=dialect, **options), clock, jwks_uri, tool_keys)

    return make
