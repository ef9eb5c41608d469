"""What people did alone where a partner was silent, and what they had tried before."""

from datetime import datetime

from sqlalchemy import Row as Answer
from sqlalchemy import func, select

from lti_tool.store.attempts import attempts_at_contact
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.in_touch import last_acts
from lti_tool.store.participation import SoloWork
from lti_tool.store.people import Person

ON_A_PAGE = 10  # of staff's list, each with its words


def solo_work_of(pair_id: int, enrolment_id: int) -> list[SoloWork]:
    """What somebody did alone in a pair, the newest first."""
    query = select(SoloWork).filter_by(pair_id=pair_id, enrolment_id=enrolment_id)
    return list(db.session.scalars(query.order_by(SoloWork.id.desc())))


def tried_by(pair_id: int, enrolment_id: int) -> list[datetime]:
    """When somebody tried to reach their partners in a pair."""
    return [one.at for one in attempts_at_contact([pair_id]).get(enrolment_id, ())]


def heard_from_others_at(pair_id: int, enrolment_id: int) -> datetime | None:
    """When a partner last wrote, planned, answered or confirmed something."""
    acts = last_acts([pair_id])
    return max((at for (_pair, one), at in acts.items() if one != enrolment_id), default=None)


def solo_work_page(programme_id: int, *, page: int) -> tuple[list[Answer[SoloWork, Person]], int]:
    """One page of what people did alone, the newest first, and how much there is."""
    query = (
        select(SoloWork, Person)
        .join(Enrolment, Enrolment.id == SoloWork.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.programme_id == programme_id)
    )
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    found = query.order_by(SoloWork.id.desc()).limit(ON_A_PAGE).offset(ON_A_PAGE * (page - 1))
    return list(db.session.execute(found)), total
