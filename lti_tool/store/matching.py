"""Proposals with their scenarios, and the pairs that one of these becomes. What the board shows: `store/board`."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.db import Row, db

RUNNING = ("active", "paused")  # a pair in one of these states is there for its people


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
    total_ppm: Mapped[int] = mapped_column(BigInteger, default=0)  # sum of the pairs' scores, parts per million
    worst_ppm: Mapped[int] = mapped_column(default=0)
    input_hash: Mapped[str | None]  # equal inputs give equal proposals
    problem: Mapped[str | None]


class Scenario(Row):
    """One answer to a proposal's question: computed under an objective, or changed by staff. One is published."""

    __tablename__ = "scenario"
    __table_args__ = (
        CheckConstraint("state in ('waiting','ready','failed')", name="state"),
        CheckConstraint("kind in ('computed','edited','repair')", name="kind"),
        CheckConstraint("objective in ('fair','total','stable')", name="objective"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    name: Mapped[str] = mapped_column(default="")  # as staff wrote it; empty: named by its objective
    kind: Mapped[str]
    objective: Mapped[str]
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)  # as `Wanted.to_json` writes it
    state: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)  # goes up with every change, so that two editors notice each other
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    computed_at: Mapped[datetime | None]
    mentee_count: Mapped[int] = mapped_column(default=0)
    matched_mentees: Mapped[int] = mapped_column(default=0)
    total_ppm: Mapped[int] = mapped_column(BigInteger, default=0)
    worst_ppm: Mapped[int] = mapped_column(default=0)
    input_hash: Mapped[str | None]
    certificate: Mapped[dict[str, Any]] = mapped_column(default=dict)  # the proof; empty once staff changed pairs
    fairness: Mapped[dict[str, Any]] = mapped_column(default=dict)  # measures of the report
    problem: Mapped[str | None]
    is_published: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what a repair, or pairs among equals, found besides


class Pair(Row):
    """A mentor and a mentee, or two equals: proposed on the board, then active. Who is in it then: `store/pairs`."""

    __tablename__ = "pair"
    __table_args__ = (
        UniqueConstraint("scenario_id", "mentor_id", "mentee_id"),
        CheckConstraint("mentor_id <> mentee_id", name="two_people"),
        CheckConstraint("state in ('proposed','active','paused','ended')", name="state"),
        CheckConstraint("kind in ('mentoring','peer')", name="kind"),
        Index("ix_pair_scenario_id_score_ppm", "scenario_id", "score_ppm", "id"),
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
    scenario_id: Mapped[int | None] = mapped_column(ForeignKey("scenario.id"))
    is_locked: Mapped[bool] = mapped_column(default=False)  # stays when the scenario is solved again
    is_by_hand: Mapped[bool] = mapped_column(default=False)  # staff put these two together
    is_flagged: Mapped[bool] = mapped_column(default=False)  # weak, or against a rule: needs a look
    broken_rules: Mapped[list[Any]] = mapped_column(default=list)  # which rules staff set aside for this pair
    kind: Mapped[str] = mapped_column(default="mentoring")  # peer: equals; mentor and mentee are just two people
    others: Mapped[list[Any]] = mapped_column(default=list)  # who else is to be in it: [{enrolment_id, role}, ...]
    role_cards: Mapped[list[Any]] = mapped_column(default=list)  # of a swap: [{helper_id, helped_id, topics}, ...]
    paused_at: Mapped[datetime | None]
    resumes_on: Mapped[date | None]
    contact_stopped_at: Mapped[datetime | None]  # a safety report is looked into; to the partner the pair is paused
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None]


class Unmatched(Row):
    """Somebody a scenario leaves without a partner, and the rule that says why."""

    __tablename__ = "unmatched"
    __table_args__ = (UniqueConstraint("scenario_id", "enrolment_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    scenario_id: Mapped[int | None] = mapped_column(ForeignKey("scenario.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    side: Mapped[str]
    rule: Mapped[str | None]  # the rule that leaves most of their possible partners out
    reason: Mapped[dict[str, Any]]  # {text, values}
    wait_listed_at: Mapped[datetime | None]  # staff put the person on the waiting list


def open_proposal(programme_id: int) -> Proposal | None:
    """The proposal being worked on: waiting for the worker, or a draft on the board."""
    return db.session.scalar(
        select(Proposal).where(Proposal.programme_id == programme_id, Proposal.state.in_(["waiting", "draft"]))
    )


def last_proposal(programme_id: int) -> Proposal | None:
    """The newest proposal that was not discarded."""
    query = select(Proposal).where(Proposal.programme_id == programme_id, Proposal.state != "discarded")
    return db.session.scalar(query.order_by(Proposal.id.desc()).limit(1))


def running_pairs(programme_id: int) -> list[Pair]:
    """Every pair that is there for its people, also while it is paused."""
    query = select(Pair).where(Pair.programme_id == programme_id, Pair.state.in_(RUNNING))
    return list(db.session.scalars(query.order_by(Pair.id)))


def proposal_of(programme_id: int, proposal_id: int) -> Proposal | None:
    """The proposal, if it belongs to this programme."""
    return db.session.scalar(select(Proposal).filter_by(id=proposal_id, programme_id=programme_id))


def scenarios_of(proposal_id: int) -> list[Scenario]:
    """A proposal's scenarios, oldest first."""
    return list(db.session.scalars(select(Scenario).filter_by(proposal_id=proposal_id).order_by(Scenario.id)))


def scenario_of(proposal_id: int, scenario_id: int) -> Scenario | None:
    """The scenario, if it belongs to this proposal."""
    return db.session.scalar(select(Scenario).filter_by(id=scenario_id, proposal_id=proposal_id))


def main_scenario(proposal_id: int) -> Scenario | None:
    """The one to show first: the published one, else what staff changed last, else the first that was asked for."""
    return main_of(scenarios_of(proposal_id))


def main_of(found: Sequence[Scenario]) -> Scenario | None:
    """The one of these to show first."""
    edited = [one for one in reversed(found) if one.kind == "edited"]
    order = [one for one in found if one.is_published] + edited + [*found]
    return order[0] if order else None


def pairs_in(scenario_id: int) -> list[Pair]:
    """Every pair of a scenario, by mentor, then mentee."""
    query = select(Pair).filter_by(scenario_id=scenario_id).order_by(Pair.mentor_id, Pair.mentee_id)
    return list(db.session.scalars(query))


def left_in(scenario_id: int) -> list[Unmatched]:
    """Everybody a scenario leaves without a partner."""
    return list(db.session.scalars(select(Unmatched).filter_by(scenario_id=scenario_id).order_by(Unmatched.id)))


def left_over_since(programme_id: int, enrolment_id: int) -> Unmatched | None:
    """The newest publication that left this person without a partner, if the newest one did."""
    newest = select(func.max(Proposal.id)).filter_by(programme_id=programme_id, state="published").scalar_subquery()
    published = select(Scenario.id).where(Scenario.proposal_id == newest, Scenario.is_published).scalar_subquery()
    return db.session.scalar(select(Unmatched).filter_by(enrolment_id=enrolment_id, scenario_id=published))


def count_active_pairs(programme_id: int) -> int:
    """How many pairs are running."""
    query = select(func.count()).select_from(Pair)
    query = query.where(Pair.programme_id == programme_id, Pair.state.in_(RUNNING))
    return db.session.scalar(query) or 0
