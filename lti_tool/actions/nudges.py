"""Reminding those who stand still: a notice on their page always, a mail where there is a way, once a week at most."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select

from lti_tool.actions import audit
from lti_tool.mentoring.funnel import Stage, is_silent
from lti_tool.mentoring.words import N_
from lti_tool.store import outbox
from lti_tool.store.db import HELD, db, transaction
from lti_tool.store.funnel import Wanted, everybody_at, reached_by, stages_of
from lti_tool.store.matching import Proposal
from lti_tool.store.nudges import PUBLISHED, Nudge, Reminder, reminded_since
from lti_tool.store.people import Course, Person
from lti_tool.store.programme import Programme

KIND = "mail"
NOT_BEFORE = timedelta(days=7)
STOP_PATH = "/mail/off/"

OFF = N_("This person wants no mail.")
NO_ADDRESS = N_("The LMS gives no mail address.")
NOT_SET_UP = N_("This tool is not set up to send mail.")
NOT_NEEDED = N_("No longer needed when the mail was about to go.")
REFUSED = N_("The mail server refused the address.")
GAVE_UP = N_("The mail server has not taken it for a day.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """What became of a reminder to many."""

    reminded: int  # all of them see a notice on their page
    mailed: int  # of these also get a mail
    too_soon: int  # were reminded less than a week ago


def remind(
    programme_id: int, wanted: Wanted, *, subject: str, text: str, has_mail: bool, by: int, now: datetime
) -> Reminded:
    """Remind everybody who stands still here, but nobody twice within a week."""
    with transaction() as session:
        programme = session.get_one(Programme, programme_id, with_for_update=HELD)  # two clicks remind once
        silent = everybody_at(programme, wanted)
        recent = reminded_since(programme_id, now - NOT_BEFORE)
        people = [one for one in silent if one.id not in recent]
        if not people:
            return Reminded(reminded=0, mailed=0, too_soon=len(silent))
        reminder = Reminder(
            programme_id=programme_id, stage=wanted.stage, subject=subject, text=text, asked_by=by, asked_at=now
        )
        session.add(reminder)
        session.flush()
        mailed = _nudge(people, reminder, has_mail=has_mail, now=now)
        audit.record(
            "programme.remind",
            now=now,
            by=by,
            programme_id=programme_id,
            after={"reminder_id": reminder.id, "stage": wanted.stage, "people": len(people), "mails": mailed},
        )
    return Reminded(reminded=len(people), mailed=mailed, too_soon=len(silent) - len(people))


def _nudge(people: list[Person], reminder: Reminder, *, has_mail: bool, now: datetime) -> int:
    """Note a notice and a mail for each, and have the mails sent; how many mails."""
    db.session.add_all(_one(reminder, person, "page", sent_at=now) for person in people)
    return mail_to(people, reminder, has_mail=has_mail, now=now)


def mail_to(people: list[Person], reminder: Reminder, *, has_mail: bool, now: datetime) -> int:
    """Note a mail for each, and have them sent, inside the caller's transaction; how many go out."""
    session = db.session()
    mails = []
    for person in people:
        why_not = (
            NOT_SET_UP if not has_mail else NO_ADDRESS if not person.email else OFF if person.mail_off_at else None
        )
        mail = _one(reminder, person, "mail", problem=why_not)
        session.add(mail)
        if why_not is None:
            mails.append(mail)
    session.flush()
    for mail in mails:
        outbox.enqueue(
            kind=KIND,
            key=str(mail.id),
            lane=f"{KIND}:{reminder.programme_id}",  # one programme's thousand mails do not hold up another's
            registration_id=None,
            payload={"nudge_id": mail.id},
            now=now,
        )
    return len(mails)


def _one(
    reminder: Reminder, person: Person, channel: str, *, sent_at: datetime | None = None, problem: str | None = None
) -> Nudge:
    return Nudge(
        programme_id=reminder.programme_id,
        person_id=person.id,
        kind=reminder.stage,
        channel=channel,
        asked_by=reminder.asked_by,
        asked_at=reminder.asked_at,
        reminder_id=reminder.id,
        sent_at=sent_at,
        problem=problem,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A mail that is to go out now."""

    nudge: Nudge
    reminder: Reminder
    person: Person
    programme: Programme
    course: Course


def due(nudge_id: int) -> Due | None:
    """What is needed to write this mail; None where it went out already, or is not to go out any more."""
    nudge = db.session.get(Nudge, nudge_id)
    if nudge is None or nudge.sent_at or nudge.problem or nudge.reminder_id is None:
        return None
    person = db.session.get_one(Person, nudge.person_id)
    programme = db.session.get_one(Programme, nudge.programme_id)
    why_not = OFF if person.mail_off_at else None if _still_silent(programme, person, nudge) else NOT_NEEDED
    if why_not or not person.email:
        not_sent(nudge_id, why_not or NO_ADDRESS)
        return None
    return Due(
        nudge=nudge,
        reminder=db.session.get_one(Reminder, nudge.reminder_id),
        person=person,
        programme=programme,
        course=db.session.get_one(Course, programme.course_id),
    )


def _still_silent(programme: Programme, person: Person, nudge: Nudge) -> bool:
    if nudge.kind == PUBLISHED:  # as long as the publication was not taken back
        made = select(Proposal.id).filter_by(programme_id=programme.id, state="published", published_at=nudge.asked_at)
        return db.session.scalar(made) is not None
    role, reached = reached_by(programme, person.id)
    of, stage = stages_of(programme), Stage(nudge.kind)
    if stage not in of or stage is Stage.INVITED:  # being written to is what brings somebody to that stage
        return stage is Stage.INVITED and Stage.JOINED not in reached and bool(reached)
    return is_silent(stage, role, reached, of)


def sent(nudge_id: int, *, now: datetime) -> None:
    """The mail server has taken it."""
    with transaction() as session:
        session.get_one(Nudge, nudge_id).sent_at = now


def not_sent(nudge_id: int, problem: str) -> None:
    """It will not be sent, and why."""
    with transaction() as session:
        nudge = session.get(Nudge, nudge_id)
        if nudge is not None and nudge.sent_at is None:
            nudge.problem = problem


def stop_token(person_id: int, secret: str) -> str:
    """What stands in the address that stops the mails: says nothing about the person, and cannot be made up."""
    return str(_tokens(secret).dumps(person_id))


def person_of(token: str, secret: str) -> int | None:
    """Whose mails the token stops; None where it is not one of ours."""
    try:
        found = _tokens(secret).loads(token)
    except BadData:
        return None
    return found if isinstance(found, int) else None


def wants_mail(person_id: int, wants: bool, *, now: datetime) -> bool:
    """From now on this person gets mails, or none; False where there is no such person any more."""
    with transaction() as session:
        person = session.scalar(select(Person).filter_by(id=person_id).with_for_update())
        if person is None:
            return False
        person.mail_off_at = None if wants else person.mail_off_at or now
    return True


def _tokens(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="stop mails")
