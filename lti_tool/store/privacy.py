"""Everything that is kept about one person, and how it loses their name."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, or_, select, update

from lti_tool.store.application import Application
from lti_tool.store.calendar_feed import CalendarFeed
from lti_tool.store.db import Row, db
from lti_tool.store.enrolment import Consent, Enrolment, Wish
from lti_tool.store.errand import Errand
from lti_tool.store.gradebook import Score
from lti_tool.store.matching import Pair
from lti_tool.store.meetings import ContactAttempt, Meeting, MeetingChange, MeetingNote, MeetingPart
from lti_tool.store.nudges import Nudge, Reminder
from lti_tool.store.pairs import PairMember
from lti_tool.store.people import Member, Person, Visit
from lti_tool.store.programme import AuditEntry, ProgrammeStaff
from lti_tool.store.training import Training
from lti_tool.store.workspace import CheckIn

SECRETS = frozenset({"secret_hash", "data", "key"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """How much is kept about a person."""

    courses: int
    enrolments: int
    pairs: int
    check_ins: int
    scores: int


def held_about(person_id: int) -> Held:
    """How much is kept about this person."""

    def count(table: type[Row], where: Any) -> int:
        return db.session.scalar(select(func.count()).select_from(table).where(where)) or 0

    mine = _enrolments(person_id)
    return Held(
        courses=count(Member, Member.person_id == person_id),
        enrolments=count(Enrolment, Enrolment.person_id == person_id),
        pairs=count(PairMember, PairMember.enrolment_id.in_(mine)),
        check_ins=count(CheckIn, CheckIn.enrolment_id.in_(mine)),
        scores=count(Score, Score.person_id == person_id),
    )


def everything_about(person_id: int) -> dict[str, list[dict[str, Any]]]:
    """Every row about the person, by table; other people appear as numbers, and secrets of the tool not at all."""
    mine = _enrolments(person_id)
    parts: dict[type[Row], Any] = {
        Person: Person.id == person_id,
        Member: Member.person_id == person_id,
        Visit: Visit.person_id == person_id,
        Enrolment: Enrolment.person_id == person_id,
        Wish: Wish.enrolment_id.in_(mine),
        Consent: Consent.enrolment_id.in_(mine),
        Application: Application.enrolment_id.in_(mine),
        Training: Training.enrolment_id.in_(mine),
        Nudge: Nudge.person_id == person_id,
        Reminder: Reminder.asked_by == person_id,
        ProgrammeStaff: ProgrammeStaff.person_id == person_id,
        Pair: or_(Pair.mentor_id.in_(mine), Pair.mentee_id.in_(mine)),
        PairMember: PairMember.enrolment_id.in_(mine),
        CheckIn: CheckIn.enrolment_id.in_(mine),
        Meeting: Meeting.id.in_(select(MeetingPart.meeting_id).where(MeetingPart.enrolment_id.in_(mine))),
        MeetingPart: MeetingPart.enrolment_id.in_(mine),
        MeetingChange: MeetingChange.enrolment_id.in_(mine),
        MeetingNote: MeetingNote.written_by.in_(mine),
        ContactAttempt: ContactAttempt.enrolment_id.in_(mine),
        CalendarFeed: CalendarFeed.enrolment_id.in_(mine),
        Score: Score.person_id == person_id,
        AuditEntry: AuditEntry.person_id == person_id,
    }
    return {table.__tablename__: _rows(table, where) for table, where in parts.items()}


def make_nameless(person_id: int, pseudonym: str) -> None:
    """Overwrite what says who the person is, inside the caller's transaction; pairs, points and dates stay."""
    session, mine = db.session(), _enrolments(person_id)
    nothing = dict.fromkeys(("name", "given_name", "family_name", "email", "locale", "time_zone"), "")
    session.execute(update(Person).where(Person.id == person_id).values(subject=pseudonym, **nothing))
    session.execute(
        update(Member)
        .where(Member.person_id == person_id)
        .values(is_active=False, is_in_roster=False, section_ids=[], group_ids=[])
    )
    session.execute(delete(Wish).where(or_(Wish.enrolment_id.in_(mine), Wish.person_id == person_id)))
    session.execute(
        update(Application).where(Application.enrolment_id.in_(mine)).values(answers={}, message="", rubric={}, note="")
    )
    session.execute(update(Training).where(Training.enrolment_id.in_(mine)).values(replies={}, quiz_answers={}))
    session.execute(update(CheckIn).where(CheckIn.enrolment_id.in_(mine)).values(answers={}))
    _forget_meetings(mine)
    session.execute(
        update(Enrolment).where(Enrolment.person_id == person_id).values(answers={}, state="withdrawn", time_zone="UTC")
    )
    unsent = (Score.person_id == person_id) & (Score.state == "waiting")
    session.execute(update(Score).where(unsent).values(state="held"))
    session.execute(update(Score).where(Score.person_id == person_id).values(comment=None, sent_comment=None))
    for table in (Visit, Errand, Nudge, ProgrammeStaff):
        session.execute(delete(table).where(table.person_id == person_id))


def _forget_meetings(mine: Any) -> None:
    """What the person wrote about meetings is emptied; that they took place, and how long they were, stays."""
    session = db.session()
    nothing = {"words": "", "place": ""}
    session.execute(update(Meeting).where(Meeting.proposed_by.in_(mine)).values(**nothing))
    session.execute(update(Meeting).where(Meeting.disputed_by.in_(mine)).values(dispute_words=""))
    session.execute(update(MeetingChange).where(MeetingChange.enrolment_id.in_(mine)).values(**nothing))
    session.execute(update(MeetingNote).where(MeetingNote.written_by.in_(mine)).values(text=""))
    session.execute(delete(CalendarFeed).where(CalendarFeed.enrolment_id.in_(mine)))


def _enrolments(person_id: int) -> Any:
    return select(Enrolment.id).filter_by(person_id=person_id)


def _rows(table: type[Row], where: Any) -> list[dict[str, Any]]:
    columns = [column for column in table.__table__.columns if column.name not in SECRETS]
    return [dict(row._mapping) for row in db.session.execute(select(*columns).where(where))]  # noqa: SLF001  # SQLAlchemy's public name
