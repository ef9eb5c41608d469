"""That people were offered a new partner, and what they said."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Row as Answer
from sqlalchemy import func, select

from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import Pair
from lti_tool.store.participation import RematchOffer, SoloWork
from lti_tool.store.people import Person

MOST_SHOWN = 30  # offers on staff's page


def offers_to(pair_id: int, enrolment_id: int) -> list[RematchOffer]:
    """What was offered to somebody in a pair and not answered yet."""
    query = select(RematchOffer).filter_by(pair_id=pair_id, enrolment_id=enrolment_id, answer=None)
    return list(db.session.scalars(query.order_by(RematchOffer.id)))


def open_offers(pair_ids: Collection[int]) -> dict[tuple[int, int], datetime]:
    """Since when an answer is waited for, by pair and enrolment."""
    query = select(RematchOffer.pair_id, RematchOffer.enrolment_id, func.max(RematchOffer.offered_at))
    query = query.where(RematchOffer.pair_id.in_(pair_ids), RematchOffer.answer.is_(None))
    rows = db.session.execute(query.group_by(RematchOffer.pair_id, RematchOffer.enrolment_id))
    return {(pair_id, enrolment_id): at for pair_id, enrolment_id, at in rows}


def worked_alone_twice(*, in_a_row: int) -> dict[int, set[int]]:
    """Who has worked alone so often in one pair that runs, by programme: nobody else can be due an offer."""
    query = (
        select(Pair.programme_id, SoloWork.enrolment_id)
        .join(Pair, Pair.id == SoloWork.pair_id)
        .where(Pair.state == "active", Pair.contact_stopped_at.is_(None))
        .group_by(Pair.programme_id, Pair.id, SoloWork.enrolment_id)
        .having(func.count() >= in_a_row)
    )
    found: dict[int, set[int]] = {}
    for programme_id, enrolment_id in db.session.execute(query):
        found.setdefault(programme_id, set()).add(enrolment_id)
    return found


def offers_of(programme_id: int) -> list[Answer[RematchOffer, Person]]:
    """The newest offers in a programme, those that nobody has answered first."""
    query = (
        select(RematchOffer, Person)
        .join(Enrolment, Enrolment.id == RematchOffer.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.programme_id == programme_id)
        .order_by(RematchOffer.answer.is_not(None), RematchOffer.id.desc())
    )
    return list(db.session.execute(query.limit(MOST_SHOWN)))
