"""The worker says each minute that it is alive, so that somebody notices when it is not."""

from flask import Flask

from lti_tool.actions.edge import Edge
from lti_tool.store.admin import Heartbeat
from lti_tool.store.db import transaction

WORKER = "worker"


def beat(app: Flask) -> None:
    """Write down that a worker is alive now."""
    edge: Edge = app.extensions["edge"]
    with app.app_context(), transaction() as session:
        session.merge(Heartbeat(name=WORKER, at=edge.clock()))
