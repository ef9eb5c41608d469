"""Messages that were reported, as staff work through them."""

from sqlalchemy import Row as Answer
from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from lti_tool.store.conversation import Message, MessageReport
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import Pair
from lti_tool.store.pairs import PairMember
from lti_tool.store.people import PAGE, Person, named

Reported = Answer[MessageReport, Message, Person, Person]  # the report, the message, its writer, who reported it


def reports_of(programme_id: int, *, page: int = 1) -> tuple[list[Reported], int]:
    """One page of a programme's reports, open ones first, then the newest; and how many there are."""
    query = _reports(programme_id)
    total = db.session.scalar(select(func.count()).select_from(MessageReport).filter_by(programme_id=programme_id)) or 0
    ordered = query.order_by(MessageReport.settled_at.is_not(None), MessageReport.id.desc())
    return list(db.session.execute(ordered.limit(PAGE).offset(PAGE * (page - 1)))), total


def one_report(programme_id: int, report_id: int) -> Reported | None:
    """The report, if it belongs to this programme."""
    found: Reported | None = db.session.execute(
        _reports(programme_id).where(MessageReport.id == report_id)
    ).one_or_none()
    return found


def _reports(programme_id: int) -> Select[MessageReport, Message, Person, Person]:
    writer, reporter = aliased(Person), aliased(Person)
    return (
        select(MessageReport, Message, writer, reporter)
        .join(Message, Message.id == MessageReport.message_id)
        .join(writer, writer.id == Message.person_id)
        .join(reporter, reporter.id == MessageReport.person_id)
        .where(MessageReport.programme_id == programme_id)
    )


def pair_of(programme_id: int, pair_id: int) -> Pair | None:
    """The published pair, if it belongs to this programme."""
    query = select(Pair).where(Pair.id == pair_id, Pair.programme_id == programme_id, Pair.state != "proposed")
    return db.session.scalar(query)


def pairs_named(programme_id: int, words: str, *, most: int) -> list[Pair]:
    """Published pairs of somebody whose name holds these words, the newest first."""
    people = (
        select(PairMember.pair_id)
        .join(Enrolment, Enrolment.id == PairMember.enrolment_id)
        .join(Person, Person.id == Enrolment.person_id)
        .where(Enrolment.programme_id == programme_id, *named(words))
    )
    query = select(Pair).where(Pair.programme_id == programme_id, Pair.state != "proposed", Pair.id.in_(people))
    return list(db.session.scalars(query.order_by(Pair.id.desc()).limit(most)))


def open_report_count(programme_id: int) -> int:
    """How many reports wait for staff."""
    query = select(func.count()).select_from(MessageReport)
    return db.session.scalar(query.filter_by(programme_id=programme_id, settled_at=None)) or 0
