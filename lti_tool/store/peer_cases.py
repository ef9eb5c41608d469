"""Peer cases, as their writers and staff read them."""

from typing import Any

from sqlalchemy import Row as Answer
from sqlalchemy import func, select

from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.participation import PeerCase
from lti_tool.store.people import PAGE, Person


def find_peer_case(enrolment_id: int) -> PeerCase | None:
    """What somebody has written, handed in or not."""
    return db.session.scalar(select(PeerCase).filter_by(enrolment_id=enrolment_id))


def handed_in_case(programme_id: int, peer_case_id: int) -> tuple[PeerCase, Enrolment, Person] | None:
    """A case of this programme that was handed in, with its writer; a draft is nobody else's to read."""
    found = db.session.execute(_handed_in(programme_id).where(PeerCase.id == peer_case_id)).one_or_none()
    return (found[0], found[1], found[2]) if found else None


def peer_case_page(programme_id: int, *, page: int) -> tuple[list[Answer[PeerCase, Enrolment, Person]], int]:
    """One page of the cases that were handed in, the newest first, and how many there are."""
    query = _handed_in(programme_id)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    found = query.order_by(PeerCase.handed_in_at.desc(), PeerCase.id.desc()).limit(PAGE).offset(PAGE * (page - 1))
    return list(db.session.execute(found)), total


def _handed_in(programme_id: int) -> Any:
    return (
        select(PeerCase, Enrolment, Person)
        .join(Enrolment, Enrolment.id == PeerCase.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.programme_id == programme_id, PeerCase.handed_in_at.is_not(None))
    )
