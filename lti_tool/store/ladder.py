"""What the nudge ladder knows: who is in which running pair, their last sign of life, steps taken, and who is away.

What other stages know comes through small functions: `SIGN_SOURCES` says when somebody last did something in a pair,
`WAIT_SOURCES` what waits for somebody there.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func, select, union
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.mentoring.nudging import Rung, WaitKind
from lti_tool.store.checkins import ProbeAnswers
from lti_tool.store.db import Row, db, one_of
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.in_touch import Key, last_acts
from lti_tool.store.matching import Pair
from lti_tool.store.nudges import Nudge
from lti_tool.store.pairs import PairMember
from lti_tool.store.people import Person
from lti_tool.store.programme import Programme
from lti_tool.store.workspace import CheckIn


class LadderStep(Row):
    """One step that was taken because something waited for a member of a pair."""

    __tablename__ = "ladder_step"
    __table_args__ = (
        UniqueConstraint(
            "pair_id", "enrolment_id", "kind", "since", "rung", "to_enrolment_id", name="uq_ladder_step_once"
        ),
        CheckConstraint("kind in ('hello','answer','silence','check_in','reflection','rematch')", name="kind"),
        CheckConstraint("rung in ('self','partner','staff')", name="rung"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)  # who is waited for
    kind: Mapped[str]
    since: Mapped[datetime]
    rung: Mapped[str]
    to_enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)  # staff: who is waited for
    taken_at: Mapped[datetime]


class Away(Row):
    """A time in which somebody is left in peace, and why."""

    __tablename__ = "away"
    __table_args__ = (CheckConstraint("reason in ('exams','ill','family','travel','other')", name="reason"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    since: Mapped[datetime]
    back_on: Mapped[date]  # the first day on which they are there again
    back_at: Mapped[datetime]  # the same as an instant; earlier where they came back before
    reason: Mapped[str]
    words: Mapped[str] = mapped_column(default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A member of a running pair, with what is needed to write to them."""

    pair_id: int
    enrolment_id: int
    person_id: int
    role: str
    began_at: datetime
    time_zone: str
    email: str
    has_mail_off: bool


Taken = dict[tuple[int, int, WaitKind, datetime], dict[tuple[Rung, int], datetime]]
_IS_THERE = (
    Pair.state == "active",
    Pair.contact_stopped_at.is_(None),
    PairMember.left_at.is_(None),
)


def places(programme_id: int, pair_ids: Collection[int] | None = None) -> list[Place]:
    """Everybody in a pair that is active and in which contact is not stopped."""
    query = (
        select(
            PairMember.pair_id,
            PairMember.enrolment_id,
            PairMember.role,
            Pair.published_at,
            Enrolment.time_zone,
            Person.id,
            Person.time_zone,
            Person.email,
            Person.mail_off_at,
        )
        .join(Pair, Pair.id == PairMember.pair_id)
        .join(Enrolment, Enrolment.id == PairMember.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Pair.programme_id == programme_id, *_IS_THERE)
    )
    query = query if pair_ids is None else query.where(Pair.id.in_(pair_ids))
    return [
        Place(
            pair_id=pair_id,
            enrolment_id=enrolment_id,
            person_id=person_id,
            role=role,
            began_at=began_at,
            time_zone=own_zone or zone,
            email=email,
            has_mail_off=mail_off_at is not None,
        )
        for pair_id, enrolment_id, role, began_at, zone, person_id, own_zone, email, mail_off_at in db.session.execute(
            query.order_by(PairMember.id)
        )
        if began_at is not None
    ]


def first_pairs(enrolment_ids: Collection[int]) -> dict[int, int]:
    """The first running pair of each of these people."""
    query = select(PairMember.enrolment_id, func.min(PairMember.pair_id)).join(Pair, Pair.id == PairMember.pair_id)
    query = query.where(PairMember.enrolment_id.in_(enrolment_ids), *_IS_THERE).group_by(PairMember.enrolment_id)
    return dict(db.session.execute(query).all())


def last_signs(pair_ids: Collection[int]) -> dict[Key, datetime]:
    """When each member last did something in their pair."""
    found: dict[Key, datetime] = {}
    for source in (_own_signs, last_acts):
        for key, at in source(pair_ids).items():
            found[key] = max(at, found.get(key, at))
    return found


def check_ins_sent(enrolment_ids: Collection[int]) -> dict[Key, set[int]]:
    """Which regular check-ins each of these people has sent, in every pair of theirs."""
    of_them = one_of(CheckIn.enrolment_id, enrolment_ids)
    query = select(CheckIn.pair_id, CheckIn.enrolment_id, CheckIn.number).where(of_them)
    found: dict[Key, set[int]] = {}
    for pair_id, enrolment_id, number in db.session.execute(query):
        found.setdefault((pair_id, enrolment_id), set()).add(number)
    return found


def steps_taken(pair_ids: Collection[int]) -> Taken:
    """The steps that were taken: by what waited for whom, then by step and to whom."""
    query = select(
        LadderStep.pair_id,
        LadderStep.enrolment_id,
        LadderStep.kind,
        LadderStep.since,
        LadderStep.rung,
        LadderStep.to_enrolment_id,
        LadderStep.taken_at,
    ).where(LadderStep.pair_id.in_(pair_ids))
    found: Taken = {}
    for pair_id, enrolment_id, kind, since, rung, to, at in db.session.execute(query):
        found.setdefault((pair_id, enrolment_id, WaitKind(kind), since), {})[Rung(rung), to] = at
    return found


def away_until(enrolment_ids: Collection[int]) -> dict[int, datetime]:
    """Until when each of these people is, or last was, away."""
    query = select(Away.enrolment_id, func.max(Away.back_at)).where(Away.enrolment_id.in_(enrolment_ids))
    return dict(db.session.execute(query.group_by(Away.enrolment_id)).all())


def away_now(enrolment_ids: Collection[int], now: datetime) -> dict[int, Away]:
    """Who of these people is away now."""
    query = select(Away).where(Away.enrolment_id.in_(enrolment_ids), Away.since <= now, Away.back_at > now)
    return {row.enrolment_id: row for row in db.session.scalars(query.order_by(Away.back_at))}


def everybody_away(programme_id: int, now: datetime) -> Sequence[tuple[Away, Person]]:
    """Who of a programme is away now, who comes back first at the top."""
    query = (
        select(Away, Person)
        .join(Enrolment, Enrolment.id == Away.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.programme_id == programme_id, Away.since <= now, Away.back_at > now)
    )
    return [(away, person) for away, person in db.session.execute(query.order_by(Away.back_at, Away.id).limit(50))]


def last_written(person_ids: Collection[int], since: datetime) -> dict[tuple[int, str], datetime]:
    """When these people were last written to after that moment, by channel; what did not go out does not count."""
    query = (
        select(Nudge.person_id, Nudge.channel, func.max(Nudge.asked_at))
        .where(Nudge.person_id.in_(person_ids), Nudge.asked_at > since, Nudge.problem.is_(None))
        .group_by(Nudge.person_id, Nudge.channel)
    )
    return {(person_id, channel): at for person_id, channel, at in db.session.execute(query)}


def programmes_at_work() -> list[int]:
    """The programmes whose pairs are at work."""
    query = select(Programme.id).where(Programme.phase.in_(["running", "closing"]))
    return list(db.session.scalars(query.order_by(Programme.id)))


def _own_signs(pair_ids: Collection[int]) -> Mapping[Key, datetime]:
    """Opened the pair's page, sent a check-in, or answered a probe."""
    opened = select(PairMember.pair_id, PairMember.enrolment_id, PairMember.opened_at.label("at")).where(
        PairMember.opened_at.is_not(None)
    )
    check_ins = select(CheckIn.pair_id, CheckIn.enrolment_id, CheckIn.changed_at)
    probes = select(ProbeAnswers.pair_id, ProbeAnswers.enrolment_id, ProbeAnswers.changed_at)
    signs = union(opened, check_ins, probes).subquery()
    query = select(signs.c.pair_id, signs.c.enrolment_id, func.max(signs.c.at)).where(signs.c.pair_id.in_(pair_ids))
    found = db.session.execute(query.group_by(signs.c.pair_id, signs.c.enrolment_id))
    return {(pair_id, enrolment_id): at for pair_id, enrolment_id, at in found}
