"""The column in the LMS gradebook and the score of each person, as far as the LMS has them."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Numeric, UniqueConstraint, false, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.db import Row, db
from lti_tool.store.people import PAGE, Member, Person
from lti_tool.store.programme import Programme


class Column(Row):
    """A gradebook column of a programme: one for everything, or one of three."""

    __tablename__ = "gradebook_column"
    __table_args__ = (
        UniqueConstraint("programme_id", "part"),
        CheckConstraint("state in ('none','waiting','ready','refused','lost')", name="state"),
        CheckConstraint("part in ('all','onboarding','participation','reflection')", name="part"),
        CheckConstraint("state <> 'ready' or line_item_url is not null", name="ready_has_url"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    part: Mapped[str] = mapped_column(default="all")
    state: Mapped[str]  # `lost`: the LMS has it no more
    line_item_url: Mapped[str | None]
    maximum: Mapped[int]  # fixed once the first score is sent
    problem: Mapped[str | None]  # what the LMS said, in the instructor's words
    compared_at: Mapped[datetime | None]  # when results were last read back


class Score(Row):
    """One person's score: what it is here, and what the LMS was told."""

    __tablename__ = "score"
    __table_args__ = (
        UniqueConstraint("programme_id", "person_id", "part"),
        CheckConstraint("state in ('waiting','sent','refused','differs','held','frozen')", name="state"),
        CheckConstraint("points >= 0", name="points"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    part: Mapped[str] = mapped_column(default="all")  # of the column, see `Column.part`
    points: Mapped[Decimal] = mapped_column(Numeric(8, 2))
    comment: Mapped[str | None]
    state: Mapped[str]
    changed_at: Mapped[datetime]
    tried_points: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))  # of a post whose answer is not known yet
    sent_points: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))  # what the LMS last took
    sent_comment: Mapped[str | None]
    sent_at: Mapped[datetime | None]  # the timestamp of the last post, taken or not; the next one is later
    problem: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]  # when the LMS's results last showed what was sent
    there_points: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))  # what the LMS has, where that differs
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # whose word keeps the LMS's value


def column_of(programme_id: int) -> Column | None:
    """The programme's gradebook column."""
    return db.session.scalar(select(Column).filter_by(programme_id=programme_id))


def programme_of_line_item(course_id: int, line_item_url: str) -> Programme | None:
    """The programme of the course whose column this is, made by the tool or bound to its link by the LMS."""
    query = (
        select(Programme)
        .outerjoin(Column, Column.programme_id == Programme.id)
        .filter(
            Programme.course_id == course_id,
            or_(Column.line_item_url == line_item_url, Programme.bound_line_item_url == line_item_url),
        )
    )
    return db.session.scalar(query.order_by(Programme.id).limit(1))


def find_score(programme_id: int, person_id: int) -> Score | None:
    """The person's score."""
    return db.session.scalar(select(Score).filter_by(programme_id=programme_id, person_id=person_id))


def waiting_scores(programme_id: int) -> list[int]:
    """The ids of scores the LMS does not have yet: those never tried first, then the oldest change."""
    query = select(Score.id).where(Score.programme_id == programme_id, Score.state == "waiting")
    return list(db.session.scalars(query.order_by(Score.tried_points.is_not(None), Score.changed_at, Score.id)))


def scores_with_people(score_ids: Collection[int], course_id: int) -> list[tuple[Score, Person, bool]]:
    """These scores as far as they still wait, locked, with whose they are and whether they may get one now."""
    is_there = Member.is_active.is_(True) & Person.is_test_user.is_(False)  # no membership: not there
    query = (
        select(Score, Person, func.coalesce(is_there, false()))
        .join(Person, Person.id == Score.person_id)
        .outerjoin(Member, (Member.person_id == Score.person_id) & (Member.course_id == course_id))
        .where(Score.id.in_(score_ids), Score.state == "waiting")
        .order_by(Score.id)
    )
    return list(db.session.execute(query.with_for_update(of=Score)))


def scores_to_change(score_ids: Collection[int]) -> list[Score]:
    """These scores, locked."""
    return list(db.session.scalars(select(Score).where(Score.id.in_(score_ids)).order_by(Score.id).with_for_update()))


def score_counts(programme_id: int) -> dict[str, int]:
    """How many scores stand in each state."""
    query = select(Score.state, func.count()).filter_by(programme_id=programme_id).group_by(Score.state)
    return dict(db.session.execute(query).all())


def score_page(programme_id: int, *, page: int) -> list[tuple[Any, ...]]:
    """One page of scores with their people, those that need a look first."""
    query = (
        select(Score, Person)
        .join(Person, Person.id == Score.person_id)
        .where(Score.programme_id == programme_id)
        .order_by(Score.state, func.lower(Person.name), Score.id)
    )
    return list(db.session.execute(query.limit(PAGE).offset(PAGE * (page - 1))))
