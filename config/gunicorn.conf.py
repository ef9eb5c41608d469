"""How `lti-tool serve` runs the web processes; any GUNICORN_CMD_ARGS win over it."""

import os

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
control_socket_disable = True  # one socket per user would be shared by every program of that user
