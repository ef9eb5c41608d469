"""The worker says each minute that it is alive, so that somebody notices when it is not."""

from flask import Flask

from lti_tool.actions.edge import Edge
from lti_tool.store.admin import Heartbeat
from lti_tool.store.db import insert_into, transaction

WORKER = "worker"


def beat(app: Flask) -> None:
    """Write down that a worker is alive now."""
    edge: Edge = app.extensions["edge"]
    with app.app_context(), transaction() as session:
        values = {"name": WORKER, "at": edge.clock()}
        # Every thread of every worker says it, at the same moment when they start.
        session.execute(
            insert_into(Heartbeat).values(**values).on_conflict_do_update(index_elements=["name"], set_=values)
        )
