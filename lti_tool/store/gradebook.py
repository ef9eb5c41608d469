"""The columns in the LMS gradebook and the score of each person, as far as the LMS has them."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Numeric,
    Select,
    UniqueConstraint,
    and_,
    case,
    false,
    func,
    or_,
    select,
)
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
    maximum: Mapped[int]  # of every score that is sent to it; fixed once the first one is
    problem: Mapped[str | None]  # what the LMS said, in the instructor's words
    compared_at: Mapped[datetime | None]  # when results were last read back
    compare_problem: Mapped[str | None]  # why they could not be read since


class Score(Row):
    """One person's score: what it is here, and what the LMS was told."""

    __tablename__ = "score"
    __table_args__ = (
        UniqueConstraint("programme_id", "person_id", "part"),
        CheckConstraint("state in ('waiting','sent','refused','differs','held','frozen')", name="state"),
        CheckConstraint("points >= 0", name="points"),
        Index("ix_score_programme_id_part_state", "programme_id", "part", "state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    part: Mapped[str] = mapped_column(default="all")  # of the column, see `Column.part`
    points: Mapped[Decimal] = mapped_column(Numeric(8, 2))  # released, of the part's maximum, as all points here
    comment: Mapped[str | None]
    state: Mapped[str]  # a `mentoring.gradebook_cells.ScoreState`
    changed_at: Mapped[datetime]
    tried_points: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))  # of a post whose answer is not known yet
    sent_points: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))  # what the LMS last took
    sent_comment: Mapped[str | None]
    sent_at: Mapped[datetime | None]  # the timestamp of the last post, taken or not; the next one is later
    problem: Mapped[str | None]
    void: Mapped[str | None]  # why `points` do not count any more, as they were last counted
    confirmed_at: Mapped[datetime | None]  # since when the LMS's results show what was sent
    there_points: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))  # what the LMS has, where that differs
    differs_since: Mapped[datetime | None]  # when that value was first seen
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # whose word keeps, or replaces, that value
    cleared_said_at: Mapped[datetime | None]  # staff say that they emptied the cell; the tool is to look


def column_of(programme_id: int) -> Column | None:
    """The programme's gradebook column; of three the first."""
    return db.session.scalar(_in_use(programme_id).limit(1))


def columns_of(programme_id: int) -> list[Column]:
    """The columns that the programme's settings ask for, as far as they were asked for, in the order of the parts."""
    return list(db.session.scalars(_in_use(programme_id)))


def _in_use(programme_id: int) -> Select[Column]:
    is_wanted = (Programme.columns == "one") == (Column.part == "all")
    query = select(Column).join(Programme, Programme.id == Column.programme_id)
    return query.where(Column.programme_id == programme_id, is_wanted).order_by(Column.part)


def columns_left(programme_id: int) -> list[Column]:
    """Columns of before that the settings no longer ask for; nothing is sent to them."""
    used = [one.id for one in columns_of(programme_id)]
    query = select(Column).filter_by(programme_id=programme_id, state="ready").where(Column.id.not_in(used))
    return list(db.session.scalars(query.order_by(Column.part)))


def part_column(programme_id: int, part: str) -> Column | None:
    """The programme's column of this part."""
    return db.session.scalar(select(Column).filter_by(programme_id=programme_id, part=part))


def line_items_in_use(course_id: int) -> set[str]:
    """The addresses of every column that a programme of the course has, or that the LMS made for its link."""
    made = select(Column.line_item_url).join(Programme, Programme.id == Column.programme_id)
    bound = select(Programme.bound_line_item_url).where(Programme.course_id == course_id)
    found = db.session.scalars(made.where(Programme.course_id == course_id).union(bound))
    return {url for url in found if url}


def has_posts(programme_id: int, part: str) -> bool:
    """Whether the part's column may have a score of ours."""
    is_posted = or_(Score.sent_points.is_not(None), Score.tried_points.is_not(None))
    query = select(Score.id).filter_by(programme_id=programme_id, part=part).where(is_posted)
    return db.session.scalar(query.limit(1)) is not None


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


def find_scores(programme_id: int, score_ids: Collection[int]) -> list[tuple[Score, Person]]:
    """Those of these scores that belong to the programme, locked, with whose they are."""
    query = select(Score, Person).join(Person, Person.id == Score.person_id)
    query = query.where(Score.programme_id == programme_id, Score.id.in_(score_ids))
    return list(db.session.execute(query.order_by(Score.id).with_for_update(of=Score)))


def people_of_scores(programme_id: int, score_ids: Collection[int]) -> dict[int, Person]:
    """Whose these scores of the programme are, by score."""
    query = select(Score.id, Person).join(Person, Person.id == Score.person_id)
    query = query.where(Score.programme_id == programme_id, Score.id.in_(score_ids))
    return dict(db.session.execute(query).all())


def are_scores_of(programme_id: int, score_ids: Collection[int]) -> bool:
    """Whether all of these scores belong to the programme."""
    query = select(func.count()).where(Score.programme_id == programme_id, Score.id.in_(score_ids))
    return db.session.scalar(query) == len(score_ids)


def waiting_scores(programme_id: int, part: str = "all") -> list[int]:
    """The ids of scores the LMS does not have yet: those never tried first, then the oldest change."""
    query = select(Score.id).where(Score.programme_id == programme_id, Score.part == part, Score.state == "waiting")
    return list(db.session.scalars(query.order_by(Score.tried_points.is_not(None), Score.changed_at, Score.id)))


def is_there() -> ColumnElement[bool]:
    """Whether somebody may get a score now, where their membership is joined; no membership: not there."""
    return func.coalesce(and_(Member.is_active.is_(True), Person.is_test_user.is_(False)), false())


def _with_people(course_id: int) -> Select[Score, Person, bool]:
    return (
        select(Score, Person, is_there())
        .join(Person, Person.id == Score.person_id)
        .outerjoin(Member, (Member.person_id == Score.person_id) & (Member.course_id == course_id))
    )


def scores_with_people(score_ids: Collection[int], course_id: int) -> list[tuple[Score, Person, bool]]:
    """These scores, locked, with whose they are and whether they may get one now."""
    query = _with_people(course_id).where(Score.id.in_(score_ids)).order_by(Score.id)
    return list(db.session.execute(query.with_for_update(of=Score)))


def scores_to_compare(programme_id: int, part: str, course_id: int) -> list[Any]:
    """Every score of a column but those that wait to be sent, with whose it is and whether they may get one now.

    Shape: plain rows with the columns' names, not objects of the session: there may be ten thousand.
    """
    columns = [getattr(Score, name) for name in COMPARED]
    query = _with_people(course_id).with_only_columns(*columns, Person.subject, is_there().label("is_there"))
    return list(
        db.session.execute(
            query.where(Score.programme_id == programme_id, Score.part == part, Score.state != "waiting")
        )
    )


COMPARED = (
    "id",
    "state",
    "points",
    "sent_points",
    "tried_points",
    "there_points",
    "confirmed_at",
    "decided_by",
    "cleared_said_at",
    "problem",
    "comment",
    "sent_comment",
    "sent_at",
)


def scores_to_change(score_ids: Collection[int]) -> list[Score]:
    """These scores, locked."""
    return list(db.session.scalars(select(Score).where(Score.id.in_(score_ids)).order_by(Score.id).with_for_update()))


def lock_scores(which: ColumnElement[bool]) -> None:
    """Lock these scores by number, as everybody does who locks several, before one statement changes all of them.

    A statement takes them as they lie: it and a worker that writes down answers would wait for each other.
    """
    db.session.execute(select(Score.id).where(which).order_by(Score.id).with_for_update())


def disputed(programme_id: int, kind: str, *, page: int) -> tuple[list[tuple[Score, Person]], int]:
    """One page of the scores about which staff decide, the longest first, with whose they are; and how many there are.

    Shape: `kind` is `open`, `kept` (the LMS's value stays) or `to_clear` (to be emptied there by hand).
    """
    is_kind = {
        "open": Score.state == "differs",
        "kept": (Score.state == "frozen") & Score.decided_by.is_not(None),
        "to_clear": (Score.state == "frozen") & Score.decided_by.is_(None),
    }[kind]
    query = select(Score, Person).join(Person, Person.id == Score.person_id)
    query = query.where(Score.programme_id == programme_id, is_kind)
    total = db.session.scalar(select(func.count()).select_from(query.with_only_columns(Score.id).subquery())) or 0
    ordered = query.order_by(func.coalesce(Score.differs_since, Score.changed_at), Score.id)
    return list(db.session.execute(ordered.limit(PAGE).offset(PAGE * (page - 1)))), total


def disputed_counts(programme_id: int) -> dict[str, int]:
    """How many of each kind there are."""
    kind = case((Score.state == "differs", "open"), (Score.decided_by.is_not(None), "kept"), else_="to_clear").label(
        "kind"
    )
    query = select(kind, func.count()).where(Score.programme_id == programme_id, Score.state.in_(("differs", "frozen")))
    return dict(db.session.execute(query.group_by(kind)).all())
