"""The people of the storm: three LMSs of one institution, each with a course whose people are in pairs already."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from lti_tool.lti.gradebook import RESULT_SCOPE, SCORE_SCOPE
from lti_tool.store.db import transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.gradebook import Column
from lti_tool.store.matching import Pair, Proposal
from lti_tool.store.pairs import add_members
from lti_tool.store.people import Course, Member, Person
from tests import make

LMSS = 3  # lanes


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Everybody who will check in."""

    programmes: tuple[int, ...]
    parts: tuple[tuple[int, int], ...]  # pair and enrolment of each person, the LMSs in turn


def settle(lms: str, count: int, *, check_ins: int) -> People:
    """A programme in each LMS, with its share of so many people."""
    pairs = count // 2
    shares = [2 * (pairs // LMSS + (number < pairs % LMSS)) for number in range(LMSS)]
    programmes, parts = [], []
    for number, share in enumerate(shares):
        programme_id, theirs = _course(f"{lms}/{number}", share, first=sum(shares[:number]), check_ins=check_ins)
        programmes.append(programme_id)
        parts.append(theirs)
    most = max(map(len, parts))
    mixed = tuple(theirs[place] for place in range(most) for theirs in parts if place < len(theirs))
    return People(programmes=tuple(programmes), parts=mixed)


def _course(issuer: str, count: int, *, first: int, check_ins: int) -> tuple[int, list[tuple[int, int]]]:
    at = make.setting(issuer=issuer, check_in_count=check_ins)
    with transaction() as session:
        course = session.get_one(Course, at.course_id)
        course.gradebook_scopes, course.memberships_url = [RESULT_SCOPE, SCORE_SCOPE], None
        column = {"state": "ready", "line_item_url": f"{issuer}/column", "maximum": 100}
        session.add(Column(programme_id=at.programme_id, **column))
        joined = _joined(session, at, range(first, first + count))
        made = _paired(session, at.programme_id, joined)
    return at.programme_id, made


def _joined(session: Session, at: make.Setting, numbers: range) -> list[int]:
    """The enrolments of so many people, mentors and mentees in turn."""
    named = [{"registration_id": at.registration_id, "subject": f"user-{number}"} for number in numbers]
    session.execute(insert(Person), named)
    ours = select(Person.id).filter_by(registration_id=at.registration_id).order_by(Person.id)
    people = list(session.scalars(ours))
    member = {"course_id": at.course_id, "role": "student"}
    session.execute(insert(Member), [member | {"person_id": one} for one in people])
    now, sides = datetime.now(UTC), ("mentor", "mentee")
    part = {"programme_id": at.programme_id, "state": "joined", "time_zone": "UTC", "changed_at": now}
    session.execute(
        insert(Enrolment), [part | {"person_id": one, "role": sides[k % 2]} for k, one in enumerate(people)]
    )
    joined = select(Enrolment.id).filter_by(programme_id=at.programme_id).order_by(Enrolment.id)
    return list(session.scalars(joined))


def _paired(session: Session, programme_id: int, joined: list[int]) -> list[tuple[int, int]]:
    """Pairs of neighbours; pair and enrolment of each person."""
    now = datetime.now(UTC)
    asked_by = session.scalars(select(Enrolment.person_id).filter_by(id=joined[0])).one()
    proposal = Proposal(programme_id=programme_id, state="published", asked_by=asked_by, asked_at=now)
    session.add(proposal)
    session.flush()
    pair = {"programme_id": programme_id, "proposal_id": proposal.id, "state": "active", "published_at": now}
    fit = {"score_ppm": 1, "strength": "good", "reasons": []}
    pairs = [fit | pair | {"mentor_id": a, "mentee_id": b} for a, b in zip(joined[::2], joined[1::2], strict=True)]
    session.execute(insert(Pair), pairs)
    ours = select(Pair).filter_by(programme_id=programme_id)
    add_members(session.scalars(ours).all())
    made = session.execute(select(Pair.id, Pair.mentor_id, Pair.mentee_id).filter_by(programme_id=programme_id)).all()
    return [(one.id, side) for one in made for side in (one.mentor_id, one.mentee_id)]
