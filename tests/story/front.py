"""A front for several web servers, as a load balancer stands before them: each connection goes to the next one."""

import socket
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import cycle


class Front:
    """Listens on one port and hands connections to the others in turn."""

    def __init__(self, port: int, behind: Sequence[int]) -> None:
        self.served: Counter[int] = Counter()  # connections by port
        self._next = cycle(behind)
        self._listener = socket.create_server(("127.0.0.1", port))
        self._thread = threading.Thread(target=self._take)
        self._thread.start()

    def _take(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return  # it was closed
            port = next(self._next)
            self.served[port] += 1
            threading.Thread(target=_join, args=(caller, port), daemon=True).start()

    def close(self) -> None:
        """Take no more."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


def _join(caller: socket.socket, port: int) -> None:
    """Carry what either side says to the other until both have ended; nobody there is an end, too."""
    with caller, suppress(OSError), socket.create_connection(("127.0.0.1", port)) as server:
        there = threading.Thread(target=_carry, args=(caller, server), daemon=True)
        there.start()
        _carry(server, caller)
        there.join()


def _carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def front(port: int, behind: Sequence[int]) -> Iterator[Front]:
    """A front that is open until the block ends."""
    made = Front(port, behind)
    try:
        yield made
    finally:
        made.close()
