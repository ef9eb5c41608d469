"""How many people and things a change of settings would meet, counted in the database."""

import json

from sqlalchemy import Select, Text, cast, func, select

from lti_tool.mentoring.impact import Affected
from lti_tool.mentoring.phases import Standing
from lti_tool.mentoring.programme import Phase, ProgrammeSettings
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.gradebook import Score, column_of
from lti_tool.store.matching import RUNNING, Pair, count_active_pairs
from lti_tool.store.pairs import PairMember
from lti_tool.store.people import Member
from lti_tool.store.programme import Programme
from lti_tool.store.standby import StandbyCheckIn
from lti_tool.store.workspace import CheckIn


def standing_of(programme: Programme) -> Standing:
    """As much of the programme as decides its next steps."""
    begun = select(Enrolment.id).where(Enrolment.programme_id == programme.id, Enrolment.state != "withdrawn").limit(1)
    return Standing(
        phase=Phase(programme.phase),
        has_pairs=programme.published_at is not None,
        has_begun=db.session.scalar(begun) is not None,
    )


def affected_by(programme: Programme, after: ProgrammeSettings) -> Affected:
    """What the programme's settings would meet, if they became these."""
    column = column_of(programme.id)
    return Affected(
        joined=_count(select(Enrolment.id).filter_by(programme_id=programme.id, state="joined")),
        pairs=count_active_pairs(programme.id),
        scores=_count(select(Score.id).filter_by(programme_id=programme.id)),
        has_column=column is not None and column.state == "ready",
        mentors_above_limit=_mentors_above(programme.id, after.mentor_capacity_limit),
        check_ins_beyond=_check_ins(programme.id, beyond=after.check_in_count),
        check_ins_sent=_check_ins(programme.id, beyond=0),
        mentors_outside=_outside(programme, ("mentor", "either", "swap"), after.mentor_section_ids),
        mentees_outside=_outside(programme, ("mentee", "either", "swap"), after.mentee_section_ids),
    )


def section_ids(course_id: int) -> list[str]:
    """The sections that active members of the course are in, by the LMS's own ids, sorted."""
    query = select(cast(Member.section_ids, Text)).where(Member.course_id == course_id, Member.is_active).distinct()
    return sorted({str(one) for text in db.session.scalars(query) for one in json.loads(text or "[]")})


def _count(query: Select[int]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def _mentors_above(programme_id: int, limit: int) -> int:
    running = select(PairMember.enrolment_id).join(Pair, Pair.id == PairMember.pair_id)
    running = running.where(Pair.programme_id == programme_id, Pair.state.in_(RUNNING), PairMember.role == "mentor")
    running = running.where(PairMember.left_at.is_(None)).group_by(PairMember.enrolment_id)
    return _count(running.having(func.count() > limit))


def _check_ins(programme_id: int, *, beyond: int) -> int:
    query = select(CheckIn.id).join(Pair, Pair.id == CheckIn.pair_id)
    alone = select(StandbyCheckIn.id).where(StandbyCheckIn.programme_id == programme_id, StandbyCheckIn.number > beyond)
    return _count(query.where(Pair.programme_id == programme_id, CheckIn.number > beyond)) + _count(alone)


def _outside(programme: Programme, roles: tuple[str, ...], named: tuple[str, ...]) -> int:
    """How many have joined in such a role from none of the named sections; none named means everybody may."""
    if not named:
        return 0
    query = (
        select(Member.section_ids)
        .join(Enrolment, Enrolment.person_id == Member.person_id)
        .where(
            Enrolment.programme_id == programme.id,
            Enrolment.state == "joined",
            Enrolment.role.in_(roles),
            Member.course_id == programme.course_id,
            Member.is_active,
        )
    )
    return sum(not set(named) & set(map(str, ids)) for ids in db.session.scalars(query))
