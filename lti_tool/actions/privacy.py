"""An institution's administrator looks after one person's data: a copy of it, or its end.

Erasing leaves a pseudonym: pairs, what counted for points, and statistics stay, so that nobody else loses theirs.
Source: the Data Privacy Launch draft; GDPR, articles 15, 17 and 20.
"""

import secrets
from datetime import datetime
from typing import Any

from lti_tool.actions import audit
from lti_tool.store.db import db, transaction
from lti_tool.store.people import Person
from lti_tool.store.privacy import everything_about, make_nameless


def export_person(person_id: int, *, by: int, now: datetime) -> dict[str, Any]:
    """Everything about the person; that it was asked for is recorded."""
    with transaction() as session:
        person = session.get_one(Person, person_id)
        audit.record(
            "person.export", now=now, by=by, registration_id=person.registration_id, after={"person": person_id}
        )
    return {"exported_at": now.isoformat(), **everything_about(person_id)}


def erase_person(person_id: int, *, by: int, now: datetime) -> None:
    """From now on nothing here says who this was; whoever launches under their account again is somebody new."""
    with transaction():
        person = db.session.get_one(Person, person_id, with_for_update=True)
        registration_id = person.registration_id
        make_nameless(person_id, f"erased-{secrets.token_hex(16)}")
        audit.record("person.erase", now=now, by=by, registration_id=registration_id, after={"person": person_id})
