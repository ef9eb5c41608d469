"""A launch that asks something is kept until somebody has answered: content, a link, a person's data."""

import secrets
from datetime import datetime, timedelta

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


def begin_errand(launch: Launch, *, now: datetime) -> Opened:
    """Keep the launch, with the person who made it and the course it came from."""
    key, secret = secrets.token_urlsafe(9), secrets.token_urlsafe(32)
    with transaction() as session:
        person = person_row(launch)
        if launch.claims.context:
            deployment_of(launch, now)
            member_row(course_row(launch, launch.claims.context, now), person, ROLE_OF[launch.claims.standing], now)
        errand = Errand(
            key=key,
            secret_hash=secret_hash(secret),
            registration_id=launch.platform.registration_id,
            person_id=person.id,
            payload=dict(launch.payload),
            started_at=now,
            expires_at=now + LIFE,
        )
        session.add(errand)
    return Opened(id=errand.id, key=key, secret=secret, expires_at=errand.expires_at)


def launch_of(errand: Errand, edge: Edge) -> Launch | None:
    """The launch as it was believed; None once its LMS is paused or gone."""
    platform = edge.directory.by_id(RegistrationId(errand.registration_id))
    if platform is None or platform.is_paused:
        return None
    return Launch(claims=read_claims(errand.payload), platform=platform, payload=errand.payload)


def end_errand(errand_id: int) -> None:
    """The answer was given, so that it cannot be given twice."""
    with transaction():
        db.session.execute(delete(Errand).where(Errand.id == errand_id))
