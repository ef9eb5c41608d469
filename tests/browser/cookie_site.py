"""A site that sets two cookies in a frame, one of them partitioned, and notes which of them come back."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COOKIES = (
    "plain=1; Path=/; Secure; SameSite=None",
    "partitioned=1; Path=/; Secure; SameSite=None; Partitioned",
)
PAGE = "<!doctype html><html lang=en><link rel=icon href=data:,><title>{title}</title>{body}"


class CookieSite(ThreadingHTTPServer):
    """`/around?address` frames an address, `/set` sets the cookies and leads to `/seen`, which notes them."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Pages)
        self.came_back: set[str] = set()


class _Pages(BaseHTTPRequestHandler):
    server: CookieSite

    def do_GET(self) -> None:
        """Answer one page."""
        path, _mark, address = self.path.partition("?")
        body = {"/around": f"<iframe src={address}></iframe>", "/set": "<a href=/seen>on</a>"}.get(path, "seen")
        if path == "/seen":
            self.server.came_back = {one.split("=")[0].strip() for one in self.headers.get("Cookie", "").split(";")}
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        for cookie in COOKIES if path == "/set" else ():
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        self.wfile.write(PAGE.format(title=path, body=body).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is the base class's
        """Say nothing."""


@contextmanager
def cookie_site() -> Iterator[CookieSite]:
    """The site, answering until the block ends."""
    with CookieSite() as site:
        thread = threading.Thread(target=site.serve_forever, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            site.shutdown()
            thread.join()
