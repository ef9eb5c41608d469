"""What the admin's pages share: the one loader of a registration, and through what a decision came."""

from flask import abort

from lti_tool.store.db import db
from lti_tool.store.platforms import Registration

BY = "admin page"  # as the audit record says it


def registration_of(number: int) -> Registration:
    """The registration of this number, or no such page."""
    row = db.session.get(Registration, number)
    if row is None:
        abort(404)
    return row
