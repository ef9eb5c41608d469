"""Who takes part in a programme in which part, as far as pages ask that are for one side alone."""

from sqlalchemy import select

from lti_tool.store.application import Application
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import RUNNING, Pair
from lti_tool.store.pairs import PairMember
from lti_tool.store.programme import Programme


def places_in_pairs(enrolment_id: int) -> set[str]:
    """The places of this person in running pairs: mentor, mentee, both."""
    query = select(PairMember.role).join(Pair, Pair.id == PairMember.pair_id)
    own = (PairMember.enrolment_id == enrolment_id) & PairMember.left_at.is_(None)
    return set(db.session.scalars(query.where(Pair.state.in_(RUNNING), own).distinct()))


def parts_of(enrolment: Enrolment | None) -> set[str]:
    """In which parts somebody reads what staff announce: as they joined, and as they were paired."""
    if enrolment is None:
        return set()
    joined_as = {enrolment.role} if enrolment.state == "joined" else set()
    return joined_as | places_in_pairs(enrolment.id)


def is_mentor(programme: Programme, enrolment: Enrolment | None) -> bool:
    """Whether somebody belongs to the mentors of the programme: with a mentee, or ready for one.

    Who must apply belongs to them once staff have approved it.
    """
    if enrolment is None:
        return False
    if places_in_pairs(enrolment.id) & {"mentor", "both"}:
        return True
    if enrolment.state != "joined" or enrolment.role not in {"mentor", "swap"}:
        return False
    state = select(Application.state).filter_by(enrolment_id=enrolment.id)
    return not programme.asks_application or db.session.scalar(state) == "approved"
