"""How `lti-tool serve` runs the web processes; any GUNICORN_CMD_ARGS win over it."""

import os
import socket
from typing import Any

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "gthread"
accesslog = None  # addresses carry session tokens where cookies are blocked, so they are never logged
errorlog = "-"
loglevel = "warning"
max_requests = 20000
max_requests_jitter = 2000
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
limit_request_line = 8190
SILENT_SECONDS = 60  # how long a connection may be silent before a thread looks at it
control_socket_disable = True  # one socket per user would be shared by every program of that user


def when_ready(server: Any) -> None:
    """Let Linux keep connections back until something is said on them: browsers open some ahead of time and leave them
    silent, and each would hold one of the few threads for seconds while requests wait.

    Source: tcp(7), TCP_DEFER_ACCEPT.
    """
    option = getattr(socket, "TCP_DEFER_ACCEPT", None)
    for listener in server.LISTENERS:
        if option and listener.sock.family in (socket.AF_INET, socket.AF_INET6):
            listener.sock.setsockopt(socket.IPPROTO_TCP, option, SILENT_SECONDS)
