"""What strangers may try, they may not try too often."""

import hashlib
import hmac
from datetime import timedelta

from flask import abort, current_app, request

from lti_tool.actions.limits import may_try
from lti_tool.web.visitor import now

WITHIN = timedelta(minutes=10)


def slow_down(what: str, *, most: int) -> None:
    """Answer 429 when this came from the same network too often; where from is kept as a hash, for ten minutes."""
    secret = str(current_app.secret_key).encode()
    who = hmac.new(secret, (request.remote_addr or "").encode(), hashlib.sha256).hexdigest()[:32]
    if not may_try(what, who, most=most, within=WITHIN, now=now()):
        abort(429)
