"""Check-ins of mentors in reserve: what they sent, which they can send, and how ready they say they are."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, select
from sqlalchemy import Row as Answer
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.mentoring.checkins_standby import READY, readiness
from lti_tool.mentoring.due_dates import closing_of, standby_track
from lti_tool.mentoring.enrolment import EnrolmentRole, EnrolmentState
from lti_tool.mentoring.evidence import CheckInDue
from lti_tool.mentoring.phases import ALLOWED
from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.standby import Waiting
from lti_tool.store.application import Application, approvals
from lti_tool.store.checkins import plan_of
from lti_tool.store.db import Row, db, one_of
from lti_tool.store.enrolment import Consent, Enrolment
from lti_tool.store.matching import Pair
from lti_tool.store.pairs import PairMember
from lti_tool.store.people import PAGE, Member, Person
from lti_tool.store.programme import Programme, settings_of


class StandbyCheckIn(Row):
    """One check-in of a mentor who waits for a partner."""

    __tablename__ = "standby_check_in"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        Index("ix_standby_check_in_programme_id_changed_at", "programme_id", "changed_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    number: Mapped[int]  # of the programme's check-ins, 1 for the first
    answers: Mapped[dict[str, Any]]
    sent_at: Mapped[datetime]  # the first time; later changes keep it
    changed_at: Mapped[datetime]
    once: Mapped[str | None]  # of the form it was last saved with, so that a second click changes nothing


def standby_of(enrolment_id: int) -> list[StandbyCheckIn]:
    """What somebody has sent while in reserve, in order."""
    query = select(StandbyCheckIn).filter_by(enrolment_id=enrolment_id)
    return list(db.session.scalars(query.order_by(StandbyCheckIn.number)))


def sent_on_standby(enrolment_ids: Collection[int]) -> dict[int, set[int]]:
    """Which check-ins each of these people sent while in reserve, so that no pair asks for them again."""
    query = select(StandbyCheckIn.enrolment_id, StandbyCheckIn.number)
    found: dict[int, set[int]] = {}
    for who, number in db.session.execute(query.where(one_of(StandbyCheckIn.enrolment_id, enrolment_ids))):
        found.setdefault(who, set()).add(number)
    return found


def waiting_of(programme: Programme, enrolment: Enrolment) -> Waiting:
    """What decides which of these check-ins somebody can send."""
    approved_at = _approved_at(programme, enrolment)
    return Waiting(
        role=enrolment.role,
        has_joined=enrolment.state == EnrolmentState.JOINED,
        is_over=programme.phase == Phase.CLOSED,
        is_approved=approved_at is not None or not programme.asks_application,
        published_at=programme.published_at if ALLOWED[Phase(programme.phase)].check_ins else None,
        paired_at=_paired_at(enrolment.id),
        dues=_dues(programme, max([_joined_at(enrolment), *([approved_at] if approved_at else [])])),
    )


def _dues(programme: Programme, from_at: datetime) -> tuple[CheckInDue, ...]:
    """The check-ins of a programme as the ledger sees them for somebody in reserve since then."""
    if programme.published_at is None:
        return ()
    settings = settings_of(programme)
    return standby_track(
        settings,
        window_days=plan_of(programme.id).rhythm.window_days,
        from_at=from_at,
        published_at=programme.published_at,
        closes_at=closing_of(settings),
    ).check_ins_due


def standby_page(
    programme_id: int, *, page: int, ready: str = ""
) -> tuple[list[Answer[StandbyCheckIn, Enrolment, Person]], int]:
    """One page of a programme's answers (of those who say this about being ready, where it is given), the newest first,
    and how many there are."""
    query = (
        select(StandbyCheckIn, Enrolment, Person)
        .join(Enrolment, Enrolment.id == StandbyCheckIn.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(StandbyCheckIn.programme_id == programme_id)
    )
    query = query.where(StandbyCheckIn.answers[READY].as_string() == ready) if ready else query
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    newest = query.order_by(StandbyCheckIn.changed_at.desc(), StandbyCheckIn.id.desc())
    return list(db.session.execute(newest.limit(PAGE).offset(PAGE * (page - 1)))), total


def in_reserve(programme: Programme) -> set[int]:
    """The enrolments of everybody who is in reserve now; nobody before pairs are published."""
    if programme.published_at is None:
        return set()
    query = (
        select(Enrolment.id)
        .join(Member, (Member.person_id == Enrolment.person_id) & (Member.course_id == programme.course_id))
        .where(
            Enrolment.programme_id == programme.id,
            Enrolment.role == EnrolmentRole.MENTOR,
            Enrolment.state == EnrolmentState.JOINED,
            Member.is_active,
            Enrolment.id.not_in(select(_BEGUN.c.enrolment_id)),
        )
    )
    if programme.asks_application:
        query = query.where(Enrolment.id.in_(approvals().with_only_columns(Application.enrolment_id)))
    return set(db.session.scalars(query))


def readiness_of(enrolment_ids: Collection[int]) -> dict[int, str]:
    """What each of these people last said about being ready; those who never said are left out."""
    query = select(StandbyCheckIn.enrolment_id, StandbyCheckIn.answers)
    query = query.where(one_of(StandbyCheckIn.enrolment_id, enrolment_ids)).order_by(StandbyCheckIn.changed_at)
    said = ((who, readiness(answers)) for who, answers in db.session.execute(query))
    return {who: one for who, one in said if one}


_BEGUN = (
    select(PairMember.enrolment_id, Pair.published_at)
    .join(Pair, Pair.id == PairMember.pair_id)
    .where(Pair.state != "proposed", Pair.published_at.is_not(None))
    .subquery()
)


def _paired_at(enrolment_id: int) -> datetime | None:
    """When somebody first had a partner."""
    query = select(func.min(_BEGUN.c.published_at)).where(_BEGUN.c.enrolment_id == enrolment_id)
    found: datetime | None = db.session.scalar(query)
    return found


def _approved_at(programme: Programme, enrolment: Enrolment) -> datetime | None:
    """When staff approved somebody's application; None also where nobody applies."""
    found = db.session.execute(approvals().where(Application.enrolment_id == enrolment.id)).first()
    return found[1] if found and programme.asks_application else None


def _joined_at(enrolment: Enrolment) -> datetime:
    """When somebody had agreed to everything for the first time, as points see it."""
    first = select(func.min(Consent.given_at)).filter_by(enrolment_id=enrolment.id).group_by(Consent.what)
    return max(db.session.scalars(first), default=enrolment.changed_at)
