"""Cases: what somebody asked for or reported, who has taken it, and the record of what was done."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, bindparam, case, func, select
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.mentoring.cases import AT_ONCE, FLAGS, LIVE, STOPS_CONTACT, Case, CaseKind, CaseState, Outcome
from lti_tool.store.db import Row, db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.people import PAGE, Person


class PairCase(Row):
    """What somebody in a pair asked for or reported."""

    __tablename__ = "pair_case"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "once"),
        CheckConstraint("kind in ('talk','rematch','decide','role','concern','urgent','safety')", name="kind"),
        CheckConstraint("state in ('open','taken','review','closed','withdrawn')", name="state"),
        CheckConstraint("(state = 'closed') = (outcome is not null)", name="outcome"),
        CheckConstraint("state not in ('taken','review') or owner_id is not null", name="owner"),
        Index("ix_pair_case_programme_id_state", "programme_id", "state", "asked_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))  # whoever began it
    about_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))  # whom a concern is about
    kind: Mapped[str]
    topic: Mapped[str] = mapped_column(default="other")
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)  # what was written, by the form's field
    may_tell: Mapped[bool] = mapped_column(default=False)  # staff may tell the partner
    is_in_danger: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    review_on: Mapped[date | None]
    outcome: Mapped[str | None]
    asked_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(
        default=1
    )  # goes up with every step, so that two of the staff notice each other
    once: Mapped[str]  # of the form that was sent, so that sending it twice begins one case


class CaseEntry(Row):
    """One line of a case's record. Only ever added to."""

    __tablename__ = "case_entry"
    __table_args__ = (
        UniqueConstraint("author_id", "once"),
        CheckConstraint(
            "kind in ('note','talk','answer','addition','taken','closed','reopened','withdrawn')", name="kind"
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("pair_case.id"), index=True)
    kind: Mapped[str]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # nobody: the clock
    words: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]
    once: Mapped[str | None]


def case_of(row: PairCase) -> Case:
    """The case as the rules read it."""
    return Case(
        kind=CaseKind(row.kind),
        state=CaseState(row.state),
        owner=row.owner_id,
        review_on=row.review_on,
        outcome=Outcome(row.outcome) if row.outcome else None,
    )


def find_case(programme_id: int, case_id: int) -> PairCase | None:
    """The case, if it belongs to this programme."""
    return db.session.scalar(select(PairCase).filter_by(id=case_id, programme_id=programme_id))


def sent_once(enrolment_id: int, once: str) -> PairCase | None:
    """The case that this form began before, if it did."""
    return db.session.scalar(select(PairCase).filter_by(enrolment_id=enrolment_id, once=once))


def entries_of(case_id: int) -> list[CaseEntry]:
    """A case's record, oldest first."""
    return list(db.session.scalars(select(CaseEntry).filter_by(case_id=case_id).order_by(CaseEntry.id)))


def cases_of_pair(pair_id: int) -> list[PairCase]:
    """Every case of a pair, newest first."""
    return list(db.session.scalars(select(PairCase).filter_by(pair_id=pair_id).order_by(PairCase.id.desc())))


def own_cases(pair_id: int, enrolment_id: int) -> list[PairCase]:
    """What somebody asked for or reported in a pair, newest first."""
    query = select(PairCase).filter_by(pair_id=pair_id, enrolment_id=enrolment_id)
    return list(db.session.scalars(query.order_by(PairCase.id.desc())))


def concerns_about(pair_id: int, enrolment_id: int) -> list[PairCase]:
    """The concerns about this person that they are to know of, newest first."""
    query = select(PairCase).filter_by(pair_id=pair_id, about_id=enrolment_id, kind=CaseKind.CONCERN)
    return list(db.session.scalars(query.order_by(PairCase.id.desc())))


def open_cases_of(pair_ids: Collection[int]) -> dict[int, list[PairCase]]:
    """The cases of these pairs that are not closed, by pair, oldest first."""
    if not pair_ids:
        return {}
    query = select(PairCase).where(PairCase.pair_id.in_(pair_ids), PairCase.state.in_(LIVE)).order_by(PairCase.id)
    found: dict[int, list[PairCase]] = {}
    for row in db.session.scalars(query):
        found.setdefault(row.pair_id, []).append(row)
    return found


def rematches_before(row: PairCase) -> int:
    """How often this person has had a new partner because they wished for one, in this programme, before this case."""
    query = (
        select(func.count())
        .select_from(PairCase)
        .where(
            PairCase.enrolment_id == row.enrolment_id,
            PairCase.kind == CaseKind.REMATCH,
            PairCase.outcome == Outcome.ENDED,
            PairCase.id < row.id,
        )
    )
    return db.session.scalar(query) or 0


def case_page(programme_id: int, *, states: Collection[str], owner_id: int | None, page: int) -> tuple[list[Any], int]:
    """One page of a programme's cases, each with whoever began it: what cannot wait first, then the longest waiting."""
    where = [PairCase.programme_id == programme_id, PairCase.state.in_(states)]
    if owner_id is not None:
        where.append(PairCase.owner_id == owner_id)
    query = (
        select(PairCase, Person)
        .join(Enrolment, Enrolment.id == PairCase.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(*where)
    )
    total = db.session.scalar(select(func.count()).select_from(PairCase).where(*where)) or 0
    first = case((PairCase.state != "open", 2), (PairCase.kind.in_(AT_ONCE), 0), else_=1)
    ordered = query.order_by(first, PairCase.asked_at, PairCase.id)
    return list(db.session.execute(ordered.limit(PAGE).offset(PAGE * (page - 1)))), total


def case_counts(programme_id: int) -> dict[str, int]:
    """How many cases of a programme are in each state."""
    query = select(PairCase.state, func.count()).filter_by(programme_id=programme_id).group_by(PairCase.state)
    return dict(db.session.execute(query).all())


def talks_of(pair_id: int) -> list[CaseEntry]:
    """The records of talks that were led in a pair, newest first; not those about somebody's safety."""
    query = select(CaseEntry).join(PairCase, PairCase.id == CaseEntry.case_id)
    query = query.where(
        PairCase.pair_id == pair_id, CaseEntry.kind == "talk", PairCase.kind.not_in(FLAGS | STOPS_CONTACT)
    )
    return list(db.session.scalars(query.order_by(CaseEntry.id.desc())))


# Prepared once: every page of staff asks it, and building a statement costs more than running it.
_unanswered = (
    select(func.count())
    .select_from(PairCase)
    .where(PairCase.programme_id == bindparam("programme_id"), PairCase.state == CaseState.OPEN)
)


def count_unanswered(programme_id: int) -> int:
    """How many cases of a programme nobody has taken."""
    return db.session.scalar(_unanswered, {"programme_id": programme_id}) or 0


def keep_step(row: PairCase, case: Case, *, now: datetime) -> None:
    """The one place that writes where a case stands; inside the caller's transaction."""
    row.state, row.owner_id, row.review_on = case.state.value, case.owner, case.review_on
    row.outcome = case.outcome.value if case.outcome else None
    row.closed_at = None if case.is_live else now
    row.version += 1
    db.session.flush()


def add_entry(
    row: PairCase, kind: str, words: Mapping[str, Any], *, by: int | None, now: datetime, once: str | None = None
) -> None:
    """Add a line to a case's record, once per form; inside the caller's transaction."""
    if once and db.session.scalar(select(CaseEntry).filter_by(author_id=by, once=once)) is not None:
        return
    db.session.add(CaseEntry(case_id=row.id, kind=kind, author_id=by, words=dict(words), at=now, once=once))
    db.session.flush()
