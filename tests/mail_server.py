"""A mail server for tests: speaks SMTP over a socket of this machine, keeps what it takes, refuses what it is told to.

Source: RFC 5321.
"""

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage


@dataclass
class Letterbox:
    """What the server took, and what it says to whom."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  # by the tool
    refusals: dict[str, str] = field(default_factory=dict)  # the reply to a command that begins so


class _Conversation(socketserver.StreamRequestHandler):
    """One connection."""

    server: "_Server"

    def handle(self) -> None:
        """Answer line by line until the other side leaves."""
        self._say("220 mail.northfield.example ready")
        while line := self.rfile.readline().decode("utf-8").rstrip("\r\n"):
            self.server.letterbox.said.append(line)
            refusal = next(
                (reply for begin, reply in self.server.letterbox.refusals.items() if line.upper().startswith(begin)),
                None,
            )
            if refusal:
                self._say(refusal)
            elif line.upper() == "DATA":
                self._take()
            elif line.upper() == "QUIT":
                self._say("221 goodbye")
                return
            else:
                self._say("250 fine")

    def _take(self) -> None:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        letter = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        self.server.letterbox.letters.append(letter)
        self._say("250 taken")

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    """Listens on a free port."""

    allow_reuse_address = True
    daemon_threads = True
    letterbox: Letterbox


@contextmanager
def running_mail_server() -> Iterator[Letterbox]:
    """A mail server on a free port of this machine, until the block ends."""
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        server.letterbox = Letterbox(port=server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.letterbox
        finally:
            server.shutdown()
            thread.join()
