"""A launch that asks something is kept until somebody has answered: content, a link, a person's data."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete

from lti_tool.actions.edge import Edge
from lti_tool.actions.launch import Opened, course_row, deployment_of, member_row, person_row, secret_hash
from lti_tool.actions.roster import ROLE_OF
from lti_tool.lti.claims import read_claims
from lti_tool.lti.launch import Launch
from lti_tool.lti.platform import RegistrationId
from lti_tool.store.db import db, transaction
from lti_tool.store.errand import Errand

LIFE = timedelta(hours=1)


def begin_errand(launch: Launch, payload: Mapping[str, Any], *, now: datetime) -> Opened:
    """Keep the launch, with the person who made it and the course it came from."""
    opened = Opened(key=secrets.token_urlsafe(9), secret=secrets.token_urlsafe(32), expires_at=now + LIFE)
    with transaction() as session:
        person = person_row(launch)
        if launch.claims.context:
            deployment_of(launch, now)
            member_row(course_row(launch, launch.claims.context, now), person, ROLE_OF[launch.claims.standing], now)
        session.add(
            Errand(
                key=opened.key,
                secret_hash=secret_hash(opened.secret),
                registration_id=launch.platform.registration_id,
                person_id=person.id,
                payload=dict(payload),
                started_at=now,
                expires_at=opened.expires_at,
            )
        )
    return opened


def launch_of(errand: Errand, edge: Edge) -> Launch | None:
    """The launch as it was believed; None once its LMS is paused or gone."""
    platform = edge.directory.by_id(RegistrationId(errand.registration_id))
    if platform is None or platform.is_paused:
        return None
    return Launch(claims=read_claims(errand.payload), platform=platform)


def end_errand(errand_id: int) -> None:
    """The answer was given, so that it cannot be given twice."""
    with transaction():
        db.session.execute(delete(Errand).where(Errand.id == errand_id))
