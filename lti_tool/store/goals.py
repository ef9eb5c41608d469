"""Goals of pairs with everything that was suggested for them, their milestones, and how sure people feel of them."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.mentoring.confidence import Reading
from lti_tool.mentoring.goals import LIVE, ChangeState, Goal, GoalState, GoalTerms, Suggestion
from lti_tool.store.db import Row, db


class GoalRow(Row):
    """One goal of a pair. Its agreed words are those of its newest change in the state `agreed`."""

    __tablename__ = "goal"
    __table_args__ = (
        CheckConstraint("state in ('proposed','agreed','reached','set_aside','dropped')", name="state"),
        UniqueConstraint("created_by", "once"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"), index=True)
    state: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)  # goes up with every step, so that stale pages are noticed
    created_by: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    once: Mapped[str]  # names the form it came from, so that sending it twice makes one goal
    created_at: Mapped[datetime]
    agreed_on: Mapped[date | None]  # the day on which its first words were agreed
    closed_at: Mapped[datetime | None]  # when it was reached or set aside
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))


class GoalChange(Row):
    """Words that somebody suggested for a goal, and what became of them. Nothing of it is ever overwritten."""

    __tablename__ = "goal_change"
    __table_args__ = (
        CheckConstraint("state in ('open','agreed','countered','declined','taken_back')", name="state"),
        # One suggestion at a time waits for an answer.
        Index(
            "uq_goal_change_goal_id_open",
            "goal_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), index=True)
    terms: Mapped[dict[str, Any]]  # outcome, measure, by_on, milestones
    state: Mapped[str]
    suggested_by: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    suggested_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]  # when somebody else of the pair first had it on their page
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
    settled_at: Mapped[datetime | None]


class Milestone(Row):
    """One step on the way to a goal, of its agreed words."""

    __tablename__ = "milestone"
    __table_args__ = (UniqueConstraint("goal_id", "text"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"))
    place: Mapped[int]  # 1 for the first
    text: Mapped[str]
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))


class Confidence(Row):
    """How sure somebody felt of a goal on one day, from 0 to 10; the last word of a day counts."""

    __tablename__ = "confidence"
    __table_args__ = (
        UniqueConstraint("goal_id", "enrolment_id", "given_on"),
        CheckConstraint("value between 0 and 10", name="value"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    given_on: Mapped[date]  # in the person's own time zone
    value: Mapped[int]


def terms_to_json(terms: GoalTerms) -> dict[str, Any]:
    """A goal's words as they are stored."""
    return {
        "outcome": terms.outcome,
        "measure": terms.measure,
        "by_on": terms.by_on.isoformat(),
        "milestones": list(terms.milestones),
    }


def terms_from_json(stored: dict[str, Any]) -> GoalTerms | None:
    """Stored words; None where they were erased with the person who wrote them."""
    if not stored:
        return None
    return GoalTerms(
        outcome=stored["outcome"],
        measure=stored["measure"],
        by_on=date.fromisoformat(stored["by_on"]),
        milestones=tuple(stored["milestones"]),
    )


def find_goal(pair_id: int, goal_id: int) -> GoalRow | None:
    """The goal, if it is one of this pair's."""
    return db.session.scalar(select(GoalRow).filter_by(id=goal_id, pair_id=pair_id))


def goals_of(pair_id: int) -> list[GoalRow]:
    """Every goal of the pair, oldest first."""
    return list(db.session.scalars(select(GoalRow).filter_by(pair_id=pair_id).order_by(GoalRow.id)))


def count_live_goals(pair_id: int) -> int:
    """How many goals the pair works on, or has suggested."""
    query = select(func.count()).select_from(GoalRow)
    return db.session.scalar(query.where(GoalRow.pair_id == pair_id, GoalRow.state.in_(LIVE))) or 0


def changes_of(goal_ids: Collection[int]) -> dict[int, list[GoalChange]]:
    """Everything that was ever suggested for these goals, oldest first."""
    found: dict[int, list[GoalChange]] = {one: [] for one in goal_ids}
    query = select(GoalChange).where(GoalChange.goal_id.in_(goal_ids)).order_by(GoalChange.id)
    for row in db.session.scalars(query):
        found[row.goal_id].append(row)
    return found


def milestones_of(goal_ids: Collection[int]) -> dict[int, list[Milestone]]:
    """The steps of these goals, in their order."""
    found: dict[int, list[Milestone]] = {one: [] for one in goal_ids}
    query = select(Milestone).where(Milestone.goal_id.in_(goal_ids)).order_by(Milestone.place, Milestone.id)
    for row in db.session.scalars(query):
        found[row.goal_id].append(row)
    return found


def readings_of(goal_ids: Collection[int]) -> dict[int, list[Reading]]:
    """How sure people felt of these goals, by day."""
    found: dict[int, list[Reading]] = {one: [] for one in goal_ids}
    query = select(Confidence).where(Confidence.goal_id.in_(goal_ids)).order_by(Confidence.given_on, Confidence.id)
    for row in db.session.scalars(query):
        found[row.goal_id].append(Reading(who=row.enrolment_id, on=row.given_on, value=row.value))
    return found


def open_change(changes: Collection[GoalChange]) -> GoalChange | None:
    """The suggestion that waits for an answer."""
    return next((one for one in changes if one.state == ChangeState.OPEN), None)


def goal_from(row: GoalRow, changes: Collection[GoalChange]) -> Goal:
    """A stored goal, with everything suggested for it, as the rules know it."""
    agreed = [one for one in changes if one.state == ChangeState.AGREED]
    waiting = open_change(changes)
    words = terms_from_json(waiting.terms) if waiting else None
    return Goal(
        state=GoalState(row.state),
        version=row.version,
        terms=terms_from_json(agreed[-1].terms) if agreed else None,
        suggestion=Suggestion(terms=words, by=waiting.suggested_by) if waiting and words else None,
    )
