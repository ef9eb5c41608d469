"""Check-ins beside the regular ones, how a programme plans them, and what decides which of them are open.

What meetings and messages say of a pair comes from `store/in_touch`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, func, or_, select, text
from sqlalchemy import Row as Answer
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.mentoring.checkins_plan import Plan, plan_from_json
from lti_tool.mentoring.checkins_probes import PairFacts, ProbeKind
from lti_tool.mentoring.checkins_signs import stays_low
from lti_tool.store.db import Row, db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.in_touch import last_contacts, meetings_to_ask_about
from lti_tool.store.matching import Pair
from lti_tool.store.pairs import PairMember
from lti_tool.store.people import PAGE, Person
from lti_tool.store.workspace import CheckIn, check_ins_of


class CheckInPlan(Row):
    """How a programme asks how it is going, where staff changed what is usual."""

    __tablename__ = "check_in_plan"
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), primary_key=True)
    plan: Mapped[dict[str, Any]]  # as `plan_to_json` writes it
    version: Mapped[int] = mapped_column(default=1)
    changed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]


class ProbeAnswers(Row):
    """What one member of a pair answered to one probe."""

    __tablename__ = "probe_answers"
    __table_args__ = (
        UniqueConstraint("pair_id", "enrolment_id", "kind", "number"),
        CheckConstraint(
            "kind in ('first_contact','meeting','fit','midterm','stuck','closing','wellbeing')", name="kind"
        ),
        CheckConstraint("number >= 1", name="number"),
        # A mentor of several is asked once a month how they are, not once for each.
        Index(
            "uq_probe_answers_enrolment_id_number_wellbeing",
            "enrolment_id",
            "number",
            unique=True,
            sqlite_where=text("kind = 'wellbeing'"),
            postgresql_where=text("kind = 'wellbeing'"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    kind: Mapped[str]
    number: Mapped[int]  # with the kind, which probe it is; after a meeting the meeting's id
    answers: Mapped[dict[str, Any]]
    sent_at: Mapped[datetime]  # the first time
    changed_at: Mapped[datetime]


def plan_row(programme_id: int) -> CheckInPlan | None:
    """What staff changed, if they changed anything."""
    return db.session.get(CheckInPlan, programme_id)


def plan_of(programme_id: int) -> Plan:
    """How this programme asks."""
    row = plan_row(programme_id)
    return plan_from_json(row.plan) if row else Plan()


def probe_answers(enrolment_id: int, pair_id: int) -> list[ProbeAnswers]:
    """What this member has answered in this pair, and as a mentor in any, the oldest first."""
    mine = (ProbeAnswers.pair_id == pair_id) | (ProbeAnswers.kind == ProbeKind.WELLBEING)
    query = select(ProbeAnswers).where(ProbeAnswers.enrolment_id == enrolment_id, mine)
    return list(db.session.scalars(query.order_by(ProbeAnswers.sent_at, ProbeAnswers.id)))


def find_probe_answers(pair_id: int, enrolment_id: int, kind: ProbeKind, number: int) -> ProbeAnswers | None:
    """One of them; what a mentor says about being one is found from every pair."""
    query = select(ProbeAnswers).filter_by(enrolment_id=enrolment_id, kind=kind, number=number)
    if kind is not ProbeKind.WELLBEING:
        query = query.where(ProbeAnswers.pair_id == pair_id)
    return db.session.scalar(query)


def midterms_of(pair_id: int) -> list[ProbeAnswers]:
    """What the members of a pair who are still in it wrote half-way."""
    still = select(PairMember.enrolment_id).where(PairMember.pair_id == pair_id, PairMember.left_at.is_(None))
    query = select(ProbeAnswers).filter_by(pair_id=pair_id, kind=ProbeKind.MIDTERM)
    return list(db.session.scalars(query.where(ProbeAnswers.enrolment_id.in_(still)).order_by(ProbeAnswers.id)))


def ratings_of(pair_id: int, enrolment_id: int) -> list[tuple[int, datetime]]:
    """How it goes, as one member rated it in the regular check-ins, the oldest first."""
    found = check_ins_of(pair_id, enrolment_id)
    return [(int(row.answers["going"]), row.submitted_at) for row in found if row.answers.get("going")]


def contacts_of(pair_ids: Collection[int]) -> dict[int, datetime]:
    """When each of these pairs was last in touch, as far as anything the tool knows says so."""
    found: dict[int, datetime] = {}
    for source in (_said_in_check_ins, _said_in_probes, last_contacts):
        for pair_id, at in source(pair_ids).items():
            found[pair_id] = max(at, found.get(pair_id, at))
    return found


def facts_of(pair: Pair, place: PairMember) -> PairFacts:
    """What decides which probes this member gets."""
    is_mentor = place.role == "mentor"
    return PairFacts(
        began_at=_began_at(pair),
        contact_at=contacts_of([pair.id]).get(pair.id),
        low_since=_low_since(pair.id, place.enrolment_id),
        mentor_since=_mentor_since(place.enrolment_id) if is_mentor else None,
        meetings=tuple(meetings_to_ask_about(pair.id)),
        ended_at=pair.ended_at,
    )


def probe_page(
    programme_id: int, *, page: int, kind: ProbeKind | None = None
) -> tuple[list[Answer[ProbeAnswers, PairMember, Person]], int]:
    """One page of a programme's answers to probes with who gave them, the newest first, and how many there are."""
    query = (
        select(ProbeAnswers, PairMember, Person)
        .join(Pair, Pair.id == ProbeAnswers.pair_id)
        .join(
            PairMember,
            (PairMember.pair_id == ProbeAnswers.pair_id) & (PairMember.enrolment_id == ProbeAnswers.enrolment_id),
        )
        .join(Enrolment, Enrolment.id == ProbeAnswers.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Pair.programme_id == programme_id)
    )
    query = query if kind is None else query.where(ProbeAnswers.kind == kind)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    newest = query.order_by(ProbeAnswers.changed_at.desc(), ProbeAnswers.id.desc())
    return list(db.session.execute(newest.limit(PAGE).offset(PAGE * (page - 1)))), total


def _began_at(pair: Pair) -> datetime:
    if pair.published_at is None:
        raise ValueError("only a published pair has check-ins")
    return pair.published_at


def _mentor_since(enrolment_id: int) -> datetime | None:
    query = select(func.min(Pair.published_at)).join(PairMember, PairMember.pair_id == Pair.id)
    return db.session.scalar(query.where(PairMember.enrolment_id == enrolment_id, PairMember.role == "mentor"))


def _low_since(pair_id: int, enrolment_id: int) -> datetime | None:
    """When a rating was low for the second time in a row: of the pair, or of its meetings."""
    found = [(sent_at, ratings) for ratings, sent_at in _rated(pair_id, enrolment_id) if stays_low(ratings)]
    return max(found)[0] if found else None


def _rated(pair_id: int, enrolment_id: int) -> list[tuple[list[int], datetime]]:
    going = ratings_of(pair_id, enrolment_id)
    query = select(ProbeAnswers).filter_by(pair_id=pair_id, enrolment_id=enrolment_id, kind=ProbeKind.MEETING)
    rows = db.session.scalars(query.order_by(ProbeAnswers.sent_at, ProbeAnswers.id)).all()
    useful = [(int(row.answers["useful"]), row.sent_at) for row in rows if row.answers.get("useful")]
    return [([rating for rating, _at in said], said[-1][1]) for said in (going, useful) if said]


def _said_in_check_ins(pair_ids: Collection[int]) -> Mapping[int, datetime]:
    return _latest(CheckIn.pair_id, CheckIn.submitted_at, CheckIn.answers["contact"].as_string() == "yes", pair_ids)


def _said_in_probes(pair_ids: Collection[int]) -> Mapping[int, datetime]:
    said = or_(
        ProbeAnswers.answers["contact"].as_string() == "yes", ProbeAnswers.answers["took_place"].as_string() == "yes"
    )
    return _latest(ProbeAnswers.pair_id, ProbeAnswers.sent_at, said, pair_ids)


def _latest(pair: Any, at: Any, said: Any, pair_ids: Collection[int]) -> dict[int, datetime]:
    query = select(pair, func.max(at)).where(said, pair.in_(pair_ids)).group_by(pair)
    return dict(db.session.execute(query).all())


def answers_by_pair(pair_ids: Sequence[int], kind: ProbeKind) -> dict[int, list[ProbeAnswers]]:
    """What was answered to probes of one kind in these pairs."""
    found: dict[int, list[ProbeAnswers]] = {}
    for row in db.session.scalars(
        select(ProbeAnswers).where(ProbeAnswers.pair_id.in_(pair_ids), ProbeAnswers.kind == kind)
    ):
        found.setdefault(row.pair_id, []).append(row)
    return found
