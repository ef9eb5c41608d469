"""HTTP servers inside a test: an application on a free port of this machine, in threads, until the test is over."""

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wsgi import ClosingIterator

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class QuietHandler(WSGIRequestHandler):
    """Answers requests without a line in the test's output for each."""

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002  # the signature is Werkzeug's
        """Say nothing."""


@contextmanager
def serving(make_app: Callable[[str], "WSGIApplication"], *, host: str = "127.0.0.1") -> Iterator[str]:
    """Serve the application that `make_app(origin)` builds; the origin is known before the application is."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        origin = f"http://{host}:{port}"
        server = make_server(
            "127.0.0.1",
            port,
            _whole(make_app(origin)),
            threaded=True,
            request_handler=QuietHandler,
            fd=listening.fileno(),
        )
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield origin
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def _whole(app: "WSGIApplication") -> "WSGIApplication":
    """The same answers, read to their end at once: Werkzeug's server leaves a file open where a browser hangs up."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        with closing(ClosingIterator(app(environ, start_response))) as parts:
            return [b"".join(parts)]

    return answer
