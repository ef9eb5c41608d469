"""An LMS that hangs: it takes every connection and every word, and says nothing."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class SilentLms:
    """Listens on a free port of this machine until it is closed."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._held: list[socket.socket] = []
        self.called = threading.Event()  # somebody waits for an answer
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._take)
        self._thread.start()

    def _take(self) -> None:
        while True:
            try:
                caller, _ = self._listener.accept()
            except OSError:
                return  # it was closed
            self._held.append(caller)
            self.called.set()

    def close(self) -> None:
        """End every connection: whoever waits learns that nobody is there."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()
        for one in self._held:
            one.close()
        self._held.clear()


@contextmanager
def silent_lms() -> Iterator[SilentLms]:
    """An LMS that hangs, until the block ends or it is closed."""
    made = SilentLms()
    try:
        yield made
    finally:
        if made._thread.is_alive():
            made.close()
