"""python -m lti_tool.demo_lms: the demo LMS behind gunicorn, one process with threads, since its state is in memory."""

import argparse
from collections.abc import Sequence

from flask import Flask
from gunicorn.app.base import BaseApplication

from lti_tool.demo_lms.app import create_demo_lms
from lti_tool.demo_lms.dialects import DIALECTS, OWN


class Server(BaseApplication):
    """gunicorn, told everything here instead of by a configuration file."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.asked = options
        super().__init__()  # type: ignore[no-untyped-call]  # gunicorn has no types

    def load_config(self) -> None:
        """Set one process with threads."""
        settings = {
            "bind": f"{self.asked.host}:{self.asked.port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": 32,
            "keepalive": 30,
            "timeout": 120,
            "graceful_timeout": 3,
            "loglevel": "warning",
            "proc_name": "demo-lms",
            # Newer versions open a control socket in the home folder, one for all programs of a user.
            "control_socket_disable": True,
        }
        for name in settings.keys() & self.cfg.settings.keys():  # type: ignore[union-attr]  # made before this call
            self.cfg.set(name, settings[name])  # type: ignore[union-attr]  # gunicorn makes it before this call

    def load(self) -> Flask:
        """Answer the application, made inside the one worker."""
        return create_demo_lms(
            url=self.asked.url or f"http://localhost:{self.asked.port}",
            page_size=self.asked.page_size,
            students=self.asked.students,
            latency_ms=self.asked.latency_ms,
            faults=self.asked.faults,
            dialect=self.asked.lms,
        )


def options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """Answer the command line."""
    parser = argparse.ArgumentParser(prog="python -m lti_tool.demo_lms", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--url", default="", help="the address by which browsers and tools reach it")
    parser.add_argument(
        "--page-size", type=int, help="members, columns and results per page, in place of its own sizes"
    )
    parser.add_argument("--lms", choices=list(DIALECTS), default=OWN.key, help="the LMS whose ways it has")
    parser.add_argument("--students", type=int, default=40, help="students in the first course")
    parser.add_argument("--latency-ms", type=int, default=0, help="how long each service request waits")
    parser.add_argument("--faults", action="store_true", help="let POST /demo/faults switch failures on")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    Server(options()).run()  # type: ignore[no-untyped-call]  # gunicorn has no types
