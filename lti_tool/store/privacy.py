"""Everything that is kept about one person, and how it loses their name."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, or_, select, update

from lti_tool.store.agreement import Agreement, AgreementSignature
from lti_tool.store.application import Application
from lti_tool.store.calendar_feed import CalendarFeed
from lti_tool.store.cases import CaseEntry, PairCase
from lti_tool.store.checkins import CheckInPlan, ProbeAnswers
from lti_tool.store.db import Row, db
from lti_tool.store.enrolment import Consent, Enrolment, Wish
from lti_tool.store.errand import Errand
from lti_tool.store.goals import Confidence, GoalChange, GoalRow, Milestone
from lti_tool.store.gradebook import Score
from lti_tool.store.ladder import Away, LadderStep
from lti_tool.store.matching import Pair, Unmatched
from lti_tool.store.meetings import ContactAttempt, Meeting, MeetingChange, MeetingNote, MeetingPart
from lti_tool.store.nudges import Nudge, Reminder
from lti_tool.store.pair_life import Farewell, PairEvent
from lti_tool.store.pairs import PairMember
from lti_tool.store.people import Member, Person, Visit
from lti_tool.store.privacy_points import earned_by, empty_what_they_earned_with
from lti_tool.store.privacy_shared import empty_what_they_shared, files_of, shared_by
from lti_tool.store.programme import AuditEntry, ProgrammeStaff
from lti_tool.store.reflections import Reading, Reflection
from lti_tool.store.staff_tasks import StaffTask, is_about
from lti_tool.store.standby import StandbyCheckIn
from lti_tool.store.standing import PairNote, PairSign
from lti_tool.store.tasks import TaskRow
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
        check_ins=count(CheckIn, CheckIn.enrolment_id.in_(mine))
        + count(StandbyCheckIn, StandbyCheckIn.enrolment_id.in_(mine)),
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
        Score: Score.person_id == person_id,
        AuditEntry: AuditEntry.person_id == person_id,
        **_in_pairs(person_id, mine),
        **shared_by(person_id),
        **earned_by(person_id, mine),
    }
    found = {table.__tablename__: _rows(table, where) for table, where in parts.items()}
    return found | {"resource_file": files_of(person_id)}


def _in_pairs(person_id: int, mine: Any) -> dict[type[Row], Any]:
    """What the person and others did in the person's pairs, and what staff noted of them."""
    return {
        Pair: or_(Pair.mentor_id.in_(mine), Pair.mentee_id.in_(mine)),
        PairMember: PairMember.enrolment_id.in_(mine),
        Unmatched: Unmatched.enrolment_id.in_(mine),
        CheckIn: CheckIn.enrolment_id.in_(mine),
        Agreement: Agreement.written_by.in_(mine),
        AgreementSignature: AgreementSignature.enrolment_id.in_(mine),
        GoalRow: GoalRow.created_by.in_(mine),
        GoalChange: GoalChange.suggested_by.in_(mine),
        Milestone: Milestone.done_by.in_(mine),
        Confidence: Confidence.enrolment_id.in_(mine),
        TaskRow: or_(TaskRow.created_by.in_(mine), TaskRow.owner_id.in_(mine)),
        Meeting: Meeting.id.in_(select(MeetingPart.meeting_id).where(MeetingPart.enrolment_id.in_(mine))),
        MeetingPart: MeetingPart.enrolment_id.in_(mine),
        MeetingChange: MeetingChange.enrolment_id.in_(mine),
        MeetingNote: MeetingNote.written_by.in_(mine),
        ContactAttempt: ContactAttempt.enrolment_id.in_(mine),
        CalendarFeed: CalendarFeed.enrolment_id.in_(mine),
        PairCase: or_(PairCase.enrolment_id.in_(mine), PairCase.about_id.in_(mine) & (PairCase.kind == "concern")),
        CaseEntry: or_(CaseEntry.author_id == person_id, CaseEntry.case_id.in_(_own_cases(mine)) & _read_by_both),
        PairEvent: PairEvent.enrolment_id.in_(mine),
        PairSign: PairSign.enrolment_id.in_(mine),
        PairNote: PairNote.author_id == person_id,
        Farewell: Farewell.enrolment_id.in_(mine),
        ProbeAnswers: ProbeAnswers.enrolment_id.in_(mine),
        StandbyCheckIn: StandbyCheckIn.enrolment_id.in_(mine),
        Reflection: Reflection.enrolment_id.in_(mine),
        Reading: (Reading.reader_id == person_id) | Reading.reflection_id.in_(_reflections(mine)),
        StaffTask: is_about(mine) | (StaffTask.done_by == person_id),
        LadderStep: LadderStep.enrolment_id.in_(mine) | LadderStep.to_enrolment_id.in_(mine),
        Away: Away.enrolment_id.in_(mine),
        CheckInPlan: CheckInPlan.changed_by == person_id,
    }


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
    _forget_plans(mine)
    _forget_meetings(mine)
    for answered in (CheckIn, ProbeAnswers, StandbyCheckIn):
        session.execute(update(answered).where(answered.enrolment_id.in_(mine)).values(answers={}))
    session.execute(update(Reflection).where(Reflection.enrolment_id.in_(mine)).values(text="", is_shared=False))
    session.execute(update(Reading).where(Reading.reflection_id.in_(_reflections(mine))).values(comment=""))
    session.execute(update(Away).where(Away.enrolment_id.in_(mine)).values(reason="other", words=""))
    session.execute(update(StaffTask).where(is_about(mine)).values(note=""))
    session.execute(
        update(Enrolment).where(Enrolment.person_id == person_id).values(answers={}, state="withdrawn", time_zone="UTC")
    )
    _empty_what_did_not_work(mine)
    unsent = (Score.person_id == person_id) & (Score.state == "waiting")
    session.execute(update(Score).where(unsent).values(state="held"))
    session.execute(update(Score).where(Score.person_id == person_id).values(comment=None, sent_comment=None))
    empty_what_they_shared(person_id)
    empty_what_they_earned_with(mine)
    for gone in (Visit, Errand, Nudge, ProgrammeStaff):
        session.execute(delete(gone).where(gone.person_id == person_id))


def _forget_plans(mine: Any) -> None:
    """The words of agreements the person is named in, and of goals and tasks the person wrote; that there were any
    stays. What they suggested and nobody has answered is taken back."""
    session = db.session()
    pairs = select(PairMember.pair_id).where(PairMember.enrolment_id.in_(mine))
    session.execute(update(Agreement).where(Agreement.pair_id.in_(pairs)).values(terms={}))
    own = GoalChange.suggested_by.in_(mine)
    session.execute(update(GoalChange).where(own, GoalChange.state == "open").values(state="taken_back"))
    session.execute(update(GoalChange).where(own).values(terms={}))
    open_elsewhere = select(GoalChange.goal_id).where(GoalChange.state == "open")
    of_mine = select(GoalChange.goal_id).where(own)
    forgotten = (GoalRow.state == "proposed") & GoalRow.id.in_(of_mine) & GoalRow.id.not_in(open_elsewhere)
    session.execute(update(GoalRow).where(forgotten).values(state="dropped"))
    agreed = select(GoalChange.goal_id).where(own, GoalChange.state == "agreed")
    session.execute(delete(Milestone).where(Milestone.goal_id.in_(agreed)))
    session.execute(delete(Confidence).where(Confidence.enrolment_id.in_(mine)))
    session.execute(update(TaskRow).where(TaskRow.created_by.in_(mine)).values(text=""))


def _forget_meetings(mine: Any) -> None:
    """What the person wrote about meetings is emptied; that they took place, and how long they were, stays."""
    session = db.session()
    nothing = {"words": "", "place": ""}
    session.execute(update(Meeting).where(Meeting.proposed_by.in_(mine)).values(**nothing))
    session.execute(update(Meeting).where(Meeting.disputed_by.in_(mine)).values(dispute_words=""))
    session.execute(update(MeetingChange).where(MeetingChange.enrolment_id.in_(mine)).values(**nothing))
    session.execute(update(MeetingNote).where(MeetingNote.written_by.in_(mine)).values(text=""))
    session.execute(delete(CalendarFeed).where(CalendarFeed.enrolment_id.in_(mine)))


def _empty_what_did_not_work(mine: Any) -> None:
    """Reports of other people stay: they are theirs, and say no name any more."""
    session = db.session()
    own = or_(PairCase.enrolment_id.in_(mine), PairCase.about_id.in_(mine))
    session.execute(update(CaseEntry).where(CaseEntry.case_id.in_(select(PairCase.id).where(own))).values(words={}))
    session.execute(update(PairCase).where(own).values(answers={}))
    session.execute(update(PairEvent).where(PairEvent.enrolment_id.in_(mine)).values(words=""))
    session.execute(update(Farewell).where(Farewell.enrolment_id.in_(mine)).values(thanks="", contact="", stays=None))
    pairs = select(PairMember.pair_id).where(PairMember.enrolment_id.in_(mine))
    session.execute(update(PairNote).where(PairNote.pair_id.in_(pairs)).values(words=""))


_read_by_both = CaseEntry.kind.in_(("answer", "talk", "addition"))


def _own_cases(mine: Any) -> Any:
    return select(PairCase.id).where(PairCase.enrolment_id.in_(mine))


def _enrolments(person_id: int) -> Any:
    return select(Enrolment.id).filter_by(person_id=person_id)


def _reflections(mine: Any) -> Any:
    return select(Reflection.id).where(Reflection.enrolment_id.in_(mine))


def _rows(table: type[Row], where: Any) -> list[dict[str, Any]]:
    columns = [column for column in table.__table__.columns if column.name not in SECRETS]
    return [dict(row._mapping) for row in db.session.execute(select(*columns).where(where))]  # noqa: SLF001  # SQLAlchemy's public name
