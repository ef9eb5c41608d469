"""The outside world of these tests: an HTTP server that answers as it is told, and an LMS's signature."""

import base64
import json
import ssl
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
RECORDED_ORIGIN = "http://localhost:8090"
FIXTURES = Path(__file__).parent / "fixtures"


def recorded(name: str) -> Any:
    """One file of recorded traffic."""
    return json.loads((FIXTURES / f"{name}.json").read_text())


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the server answers."""

    status: int = 200
    json: object = None
    text: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    reason: str | None = None
    missing: int = 0  # bytes that are promised and never sent

    @property
    def body(self) -> bytes:
        """The bytes to send."""
        if self.text is not None:
            return self.text.encode()
        return b"" if self.json is None else json.dumps(self.json).encode()


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the server was asked."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        """The body as a form."""
        return {name: values[0] for name, values in parse_qs(self.body.decode(), strict_parsing=True).items()}


Answering = Reply | Callable[[Asked], Reply]


class Outside:
    """A server on this machine; a path answers its replies in turn, the last one for ever."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        self._replies: dict[tuple[str, str], deque[Answering]] = defaultdict(deque)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        self.origin = f"http{'s' if tls else ''}://127.0.0.1:{self._server.server_address[1]}"

    def url(self, path: str) -> str:
        """The address of a path."""
        return self.origin + path

    def on(self, method: str, path: str, *replies: Answering) -> str:
        """Answers this path so from now on; a path with a query wins over one without."""
        self._replies[method, path] = deque(replies)
        return self.url(path)

    def replay(self, exchange: Mapping[str, Any]) -> str:
        """Answers a recorded address with its recorded answer, as this server's own."""
        path = exchange["url"].removeprefix(RECORDED_ORIGIN)
        said = {
            "json": self._moved(exchange.get("json")),
            "text": self._moved(exchange.get("text")),
            "headers": self._moved(exchange["headers"]),
        }
        return self.on(exchange["method"], path, Reply(status=exchange["status"], reason=exchange["reason"], **said))

    def asked_for(self, path: str) -> list[Asked]:
        """The requests for one path."""
        return [one for one in self.asked if one.path == path]

    def close(self) -> None:
        """Stops the server."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _moved(self, value: Any) -> Any:
        """A recorded value with the recorded origin replaced."""
        return json.loads(json.dumps(value).replace(RECORDED_ORIGIN, self.origin))

    def _answer(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        with_query = (asked.method, f"{asked.path}?{asked.query}")
        replies = self._replies.get(with_query) or self._replies.get((asked.method, asked.path))
        if not replies:
            return Reply(status=404, text="nothing here")
        reply = replies.popleft() if len(replies) > 1 else replies[0]
        return reply if isinstance(reply, Reply) else reply(asked)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outside = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1

            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except ConnectionError:
                    self.close_connection = True

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                length = int(self.headers.get("Content-Length") or 0)
                asked = Asked(
                    method=self.command,
                    path=parts.path,
                    query=parts.query,
                    headers=dict(self.headers.items()),
                    body=self.rfile.read(length),
                )
                reply = outside._answer(asked)
                self.send_response(reply.status, reply.reason)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body) + reply.missing))
                self.end_headers()
                self.wfile.write(reply.body)
                self.close_connection = self.close_connection or reply.missing > 0

            do_POST = do_PUT = do_GET  # noqa: N815 - http.server's names

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
                """Tests read `asked`; nothing is printed."""

        return Handler


def jwk(key: rsa.RSAPrivateKey, kid: str) -> dict[str, str]:
    """The public half of a key, as an LMS publishes it."""
    numbers = key.public_key().public_numbers()
    return {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": _number(numbers.n), "e": _number(numbers.e)}


def _number(value: int) -> str:
    return base64.urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8)).rstrip(b"=").decode()


def signed(
    payload: Mapping[str, object], key: rsa.RSAPrivateKey, kid: str | None, headers: Mapping[str, object] | None = None
) -> str:
    """A token signed by this key."""
    named = {"kid": kid} if kid is not None else {}
    return jwt.encode(dict(payload), key, algorithm="RS256", headers={**named, **(headers or {})})


def part(value: object) -> str:
    """One part of a token, as an attacker writes it by hand."""
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
