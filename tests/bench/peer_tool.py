"""The peer: the smallest tool one writes with PyLTI1p3 and Flask, after its documentation; served by gunicorn.

Launch data stand in Flask's own session, as PyLTI1p3 does by default. BENCH_CACHES_KEYS=1 keeps the LMS's key set in
the process with `set_public_key_caching`; without it PyLTI1p3 fetches the set at every launch.
"""

import json
import os
from pathlib import Path
from typing import Any

from flask import Flask
from pylti1p3.contrib import flask as pylti
from pylti1p3.tool_config.dict import ToolConfDict

LTI: Any = pylti  # its Flask part carries no types
TOOL: Any = ToolConfDict(json.loads(Path(os.environ["BENCH_PLATFORM"]).read_text(encoding="utf-8")))
CACHES_KEYS = os.environ.get("BENCH_CACHES_KEYS") == "1"

app = Flask(__name__)
app.config.update(SECRET_KEY=os.environ["SECRET_KEY"], MAX_CONTENT_LENGTH=512 * 1024)


class KeptInProcess(dict[str, Any]):
    """What PyLTI1p3 asks of a cache."""

    def set(self, key: str, value: Any, _seconds: int | None = None) -> None:
        """Keep it for as long as the process lives."""
        self[key] = value


CACHE = LTI.FlaskCacheDataStorage(KeptInProcess())


@app.get("/lti/login")
def login() -> Any:
    """Redirect to the LMS."""
    request = LTI.FlaskRequest()
    return LTI.FlaskOIDCLogin(request, TOOL).redirect(str(request.get_param("target_link_uri")))


@app.post("/lti/launch")
def launch() -> str:
    """Greet whoever launched."""
    message = LTI.FlaskMessageLaunch(LTI.FlaskRequest(), TOOL)
    if CACHES_KEYS:
        message.set_public_key_caching(CACHE)
    return f"Hello {message.get_launch_data()['name']}"
