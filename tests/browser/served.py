"""The tool and an LMS inside the test, each with its server, worked by the test itself.

So a test decides when the worker works, what the LMS answers and who has left, and Chromium sees what comes of it. The
tool is at localhost and the LMS at 127.0.0.1, which are two sites; nothing waits for a clock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from lti_tool.actions.platforms import invite, register_platform
from lti_tool.app import create_app
from lti_tool.demo.campus import Places
from lti_tool.store.db import db
from tests.conftest import Clock
from tests.databases import Databases, settings
from tests.outside import PROFILE, TOOL, Lms, running_lms
from tests.serving import serving


@dataclass(frozen=True, slots=True)
class Served:
    """Both programs at work."""

    app: Flask
    lms: Lms
    clock: Clock
    places: Places

    @property
    def client_id(self) -> str:
        """The tool's id in the LMS."""
        return next(iter(self.lms.campus.tools))


@contextmanager
def served(databases: Databases, folder: Path, *, students: int = 40) -> Iterator[Served]:
    """The tool and an LMS that knows it, until the block ends."""
    clock, apps = Clock(), list[Flask]()
    clock.now = datetime.now(UTC)  # from now on it stands; browsers drop cookies whose time is over by the machine's
    with databases.fresh("sqlite") as database_url:

        def make(url: str) -> Flask:
            apps.append(create_app(settings(database_url, folder, tool_url=url), clock=clock))
            return apps[0]

        try:
            with (
                serving(make, host="localhost") as url,
                apps[0].app_context(),
                running_lms(apps[0], clock, students=students) as lms,
            ):
                _register(lms, url)
                yield Served(apps[0], lms, clock, Places(tool=url, lms=lms.url))
        finally:
            for app in apps:  # none, where making it failed
                with app.app_context():
                    db.session.remove()
                    db.engine.dispose()
                app.extensions["queue"].close()


def _register(lms: Lms, url: str) -> None:
    """As an invitation does it."""
    now = lms.edge.clock()
    start = lms.start_of_registration(invite(now=now))
    own = {name: value.replace(TOOL, url) for name, value in _addresses().items()}
    assert register_platform(
        start["invite"],
        configuration_url=start["openid_configuration"],
        token=start["registration_token"],
        profile=replace(PROFILE, **own),
        edge=lms.edge,
        now=now,
    )
    for client_id in lms.campus.tools:
        lms.campus.tool_keys[client_id] = dict(lms.edge.signing_keys.jwks())


def _addresses() -> dict[str, str]:
    """Every address in the tool's profile."""
    return {
        name: value
        for name in PROFILE.__slots__
        if name.endswith(("_uri", "origin")) and (value := getattr(PROFILE, name))
    }
