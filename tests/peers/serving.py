"""HTTP servers for a test: an application on a free port of this machine, in threads, until the test is over."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class QuietHandler(WSGIRequestHandler):
    """Answers requests without a line in the test's output for each."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  # the signature is Werkzeug's
        """Say nothing."""


@contextmanager
def serving(make_app: Callable[[str], "WSGIApplication"]) -> Iterator[str]:
    """Serve the application that `make_app(origin)` builds; the origin is known before the application is."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        origin = f"http://localhost:{port}"
        server = make_server(
            "127.0.0.1",
            port,
            make_app(origin),
            threaded=True,
            request_handler=QuietHandler,
            fd=listening.fileno(),
        )
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield origin
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
