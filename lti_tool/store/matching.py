"""Proposals, and the pairs they become."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, select, text, union
from sqlalchemy.orm import Mapped, aliased, mapped_column

from lti_tool.store.db import Row, db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.people import Person


class Proposal(Row):
    """One run of the matching, from the click to its publication."""

    __tablename__ = "proposal"
    __table_args__ = (
        CheckConstraint("state in ('waiting','draft','published','discarded','failed')", name="state"),
        # One proposal at a time is being worked on.
        Index(
            "uq_proposal_programme_id_open",
            "programme_id",
            unique=True,
            sqlite_where=text("state in ('waiting','draft')"),
            postgresql_where=text("state in ('waiting','draft')"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    state: Mapped[str]
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    mentee_count: Mapped[int] = mapped_column(default=0)
    matched_mentees: Mapped[int] = mapped_column(default=0)
    total_ppm: Mapped[int] = mapped_column(default=0)  # sum of the pairs' scores, parts per million
    worst_ppm: Mapped[int] = mapped_column(default=0)
    input_hash: Mapped[str | None]  # equal inputs give equal proposals
    problem: Mapped[str | None]


class Pair(Row):
    """A mentor and a mentee: proposed on the board, then active."""

    __tablename__ = "pair"
    __table_args__ = (
        UniqueConstraint("proposal_id", "mentor_id", "mentee_id"),
        CheckConstraint("mentor_id <> mentee_id", name="two_people"),
        CheckConstraint("state in ('proposed','active','ended')", name="state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    mentee_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    score_ppm: Mapped[int]
    strength: Mapped[str]  # the word people see instead of a number
    reasons: Mapped[list[Any]]  # sentences to be translated: [{text, values}, ...]
    state: Mapped[str]
    published_at: Mapped[datetime | None]


class Unmatched(Row):
    """Somebody a proposal leaves without a partner, and the rule that says why."""

    __tablename__ = "unmatched"
    __table_args__ = (UniqueConstraint("proposal_id", "enrolment_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    side: Mapped[str]
    rule: Mapped[str | None]  # the rule that leaves most of their possible partners out
    reason: Mapped[dict[str, Any]]  # {text, values}


def open_proposal(programme_id: int) -> Proposal | None:
    """The proposal being worked on: waiting for the worker, or a draft on the board."""
    return db.session.scalar(
        select(Proposal).where(Proposal.programme_id == programme_id, Proposal.state.in_(["waiting", "draft"]))
    )


def last_proposal(programme_id: int) -> Proposal | None:
    """The newest proposal that was not discarded."""
    query = select(Proposal).where(Proposal.programme_id == programme_id, Proposal.state != "discarded")
    return db.session.scalar(query.order_by(Proposal.id.desc()).limit(1))


def pairs_of(proposal_id: int, *, page: int, size: int) -> list[tuple[Pair, Person, Person]]:
    """One page of a proposal's pairs with mentor and mentee, weakest first: those need a look."""
    mentor, mentee = aliased(Enrolment), aliased(Enrolment)
    mentor_person, mentee_person = aliased(Person), aliased(Person)
    query = (
        select(Pair, mentor_person, mentee_person)
        .join(mentor, mentor.id == Pair.mentor_id)
        .join(mentee, mentee.id == Pair.mentee_id)
        .join(mentor_person, mentor_person.id == mentor.person_id)
        .join(mentee_person, mentee_person.id == mentee.person_id)
        .where(Pair.proposal_id == proposal_id)
        .order_by(Pair.score_ppm, Pair.id)
    )
    return list(db.session.execute(query.limit(size).offset(size * (page - 1))))


def unmatched_of(proposal_id: int, *, limit: int) -> list[tuple[Unmatched, Person]]:
    """Who a proposal leaves without a partner, mentees first."""
    query = (
        select(Unmatched, Person)
        .join(Enrolment, Enrolment.id == Unmatched.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Unmatched.proposal_id == proposal_id)
        .order_by(Unmatched.side, Unmatched.id)
    )
    return list(db.session.execute(query.limit(limit)))


def past_partners(programme_id: int) -> list[tuple[int, int]]:
    """Who were partners before and are no longer, as mentor and mentee."""
    query = select(Pair.mentor_id, Pair.mentee_id).filter_by(programme_id=programme_id, state="ended")
    return [(mentor_id, mentee_id) for mentor_id, mentee_id in db.session.execute(query)]


def active_pairs(programme_id: int) -> list[Pair]:
    """Every pair that is running."""
    return list(db.session.scalars(select(Pair).filter_by(programme_id=programme_id, state="active").order_by(Pair.id)))


def proposal_of(programme_id: int, proposal_id: int) -> Proposal | None:
    """The proposal, if it belongs to this programme."""
    return db.session.scalar(select(Proposal).filter_by(id=proposal_id, programme_id=programme_id))


def count_pairs(proposal_id: int) -> int:
    """How many pairs a proposal has."""
    return db.session.scalar(select(func.count()).select_from(Pair).filter_by(proposal_id=proposal_id)) or 0


def count_paired(programme_id: int) -> int:
    """How many people are in a running pair; somebody with two partners counts once."""
    running = (Pair.programme_id == programme_id) & (Pair.state == "active")
    people = union(select(Pair.mentor_id).where(running), select(Pair.mentee_id).where(running)).subquery()
    return db.session.scalar(select(func.count()).select_from(people)) or 0


def count_active_pairs(programme_id: int) -> int:
    """How many pairs are running."""
    query = select(func.count()).select_from(Pair).filter_by(programme_id=programme_id, state="active")
    return db.session.scalar(query) or 0
