"""A client that costs almost nothing: requests written beforehand, kept connections, as many threads as asked for."""

import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: the status and the raw header lines."""

    status: int
    head: str

    def header(self, name: str) -> list[str]:
        """All values of a header."""
        prefix = name.lower() + ":"
        return [line[len(prefix) :].strip() for line in self.head.split("\r\n") if line.lower().startswith(prefix)]


def get(port: int, path: str, query: dict[str, str]) -> bytes:
    """A GET request, ready to be sent."""
    return f"GET {path}?{urlencode(query)} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n".encode()


def post(port: int, path: str, form: dict[str, str], cookie: str) -> bytes:
    """A form, ready to be sent with its cookies."""
    body = urlencode(form).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\nCookie: {cookie}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Connection:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def exchange(self, request: bytes) -> Answer:
        """The answer to one request, its body read and thrown away."""
        self._socket.sendall(request)
        seen = b""
        while b"\r\n\r\n" not in seen:
            part = self._socket.recv(65536)
            if not part:
                raise ConnectionError("the server closed the connection")
            seen += part
        head, _, body = seen.partition(b"\r\n\r\n")
        answer = Answer(status=int(head[9:12]), head=head.decode("latin-1"))
        missing = int(answer.header("Content-Length")[0]) - len(body)
        while missing > 0:
            missing -= len(self._socket.recv(65536))
        return answer

    def close(self) -> None:
        """End the connection."""
        self._socket.close()


def send_all(port: int, requests: Sequence[bytes], *, connections: int) -> tuple[float, list[Answer]]:
    """The seconds it took to have all requests answered, and the answers in the requests' order.

    Raises: RuntimeError when one was not answered.
    """
    answers: list[Answer | None] = [None] * len(requests)
    start = threading.Barrier(connections + 1)

    def work(first: int) -> None:
        connection = _Connection(port)
        try:
            start.wait()
            for number in range(first, len(requests), connections):
                answers[number] = connection.exchange(requests[number])
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(first,)) for first in range(connections)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    answered = [answer for answer in answers if answer]
    if len(answered) < len(requests):
        raise RuntimeError(f"{len(requests) - len(answered)} of {len(requests)} requests were not answered")
    return seconds, answered
