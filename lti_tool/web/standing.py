"""Whether the tool as a whole can do its work: tables up to date, work not piling up, a worker alive."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app

from lti_tool.store.admin import heartbeat_at
from lti_tool.store.db import db
from lti_tool.store.health import due_since

LONGEST_WAIT = timedelta(minutes=15)  # of work that is due
LONGEST_SILENCE = timedelta(minutes=5)  # of the worker, which says every minute that it is alive
WORKER = "worker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The tool's own health.

    Units: waiting_seconds since the oldest due work could have been done.
    """

    is_up_to_date: bool
    waiting_seconds: int
    beat_at: datetime | None
    is_worker_alive: bool

    @property
    def is_behind(self) -> bool:
        """Whether work is piling up."""
        return self.waiting_seconds > LONGEST_WAIT.total_seconds()

    @property
    def is_ready(self) -> bool:
        """Whether everything is as it should be."""
        return self.is_up_to_date and self.is_worker_alive and not self.is_behind


def standing(now: datetime) -> Standing:
    """How the tool is now; the database answers, or this raises."""
    is_up_to_date = MigrationContext.configure(db.session.connection()).get_current_revision() == _newest()
    if not is_up_to_date:
        return Standing(is_up_to_date=False, waiting_seconds=0, beat_at=None, is_worker_alive=False)
    since, beat_at = due_since(now), heartbeat_at(WORKER)
    return Standing(
        is_up_to_date=True,
        waiting_seconds=int((now - since).total_seconds()) if since else 0,
        beat_at=beat_at,
        is_worker_alive=beat_at is not None and now - beat_at <= LONGEST_SILENCE,
    )


def _newest() -> str | None:
    return _head(current_app.extensions["migrate"].directory)


@cache
def _head(folder: str) -> str | None:
    """The newest migration that this version of the program has."""
    return ScriptDirectory(folder).get_current_head()
