"""Writing to each other, in a pair or on the mentors' board; reporting a message; staff who look."""

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from lti_tool.actions import audit
from lti_tool.actions.contact import answer_attempts
from lti_tool.actions.participation import recount_tries
from lti_tool.actions.standing import note_sign
from lti_tool.mentoring import conversation as rules
from lti_tool.mentoring.health import SignKind
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.store.conversation import (
    Message,
    MessageReport,
    ReadUpTo,
    ThreadReading,
    as_rule,
    find_once,
    place_of,
    reports_by,
)
from lti_tool.store.db import insert_into, transaction
from lti_tool.store.enrolment import find_enrolment
from lti_tool.store.matching import Pair
from lti_tool.store.people import Person

CLOSED = Sentence(N_("Nothing can be written in this pair now. Nothing was sent or changed."))


def write(programme_id: int, pair_id: int | None, person_id: int, text: str, *, once: str, now: datetime) -> int:
    """Send a message to the pair, or to the mentors' board (no pair); its number.

    The same words from the same form again are the message that is there already.

    Raises: RuleBroken where nothing can be written now.
    """
    with transaction() as session:
        _writer(session, person_id, pair_id)
        found = find_once(person_id, once)
        if found is not None and found.text == text:
            return found.id
        row = Message(
            programme_id=programme_id,
            pair_id=pair_id,
            person_id=person_id,
            # Other words from the same form: somebody went back in the browser and wrote something else.
            once=once if found is None else secrets.token_urlsafe(12),
            text=text,
            written_at=now,
        )
        session.add(row)
        session.flush()
        if pair_id is not None:
            _note_in_pair(programme_id, pair_id, person_id, now=now)
        return row.id


def edit(message: Message, text: str, *, by: int, now: datetime) -> None:
    """The writer changes the words.

    Raises: RuleBroken when that is not possible, or not any more.
    """
    with transaction() as session:
        _writer(session, by, message.pair_id)
        row = session.get_one(Message, message.id, with_for_update=True)
        _keep(row, rules.edited(as_rule(row), text, by=by, now=now))


def remove(message: Message, *, by: int, now: datetime) -> None:
    """The writer takes the message away; that there was one stays visible.

    Raises: RuleBroken
    """
    with transaction() as session:
        _writer(session, by, message.pair_id)
        row = session.get_one(Message, message.id, with_for_update=True)
        _keep(row, rules.removed(as_rule(row), by=by, now=now))
        _note_gone(row, now=now)


def report(message: Message, why: str, *, by: int, now: datetime) -> None:
    """Ask staff to look at a message; a second report by the same person changes nothing.

    Raises: RuleBroken when it is one's own, or gone.
    """
    with transaction() as session:
        session.get_one(Person, by, with_for_update=True)
        row = session.get_one(Message, message.id, with_for_update=True)
        if reports_by(by, [row.id]):
            return
        made = rules.report(as_rule(row), why, by=by, now=now)
        session.add(
            MessageReport(
                programme_id=row.programme_id,
                message_id=row.id,
                person_id=by,
                words=made.words,
                why=made.why,
                reported_at=made.reported_at,
            )
        )


def settle(report_id: int, *, answer: str, takes_down: bool, by: int, now: datetime) -> None:
    """Staff have dealt with a report: they answer who reported, and may take the message away.

    Raises: RuleBroken when somebody else was faster.
    """
    with transaction() as session:
        row = session.get_one(MessageReport, report_id, with_for_update=True)
        message = session.get_one(Message, row.message_id, with_for_update=True)
        present = rules.Report(
            reporter=row.person_id,
            words=row.words,
            why=row.why,
            reported_at=row.reported_at,
            settled_at=row.settled_at,
        )
        row.settled_at = rules.settled(present, now=now).settled_at
        row.settled_by, row.answer = by, answer
        if takes_down:
            _keep(message, rules.taken_down(as_rule(message), now=now))
            _note_gone(message, now=now)
        audit.record(
            "message.report",
            now=now,
            by=by,
            programme_id=row.programme_id,
            after={"report_id": row.id, "message_id": message.id, "taken_down": takes_down},
        )


def take_down(message: Message, *, by: int, now: datetime) -> None:
    """Staff take a message of the mentors' board away, without anybody having reported it."""
    with transaction() as session:
        row = session.get_one(Message, message.id, with_for_update=True)
        _keep(row, rules.taken_down(as_rule(row), now=now))
        audit.record("message.taken_down", now=now, by=by, programme_id=row.programme_id, after={"message_id": row.id})


def open_conversation(pair: Pair, why: str, *, by: int, now: datetime) -> None:
    """A member of staff says why they read this pair's conversation; the pair sees it, and so does the record."""
    with transaction() as session:
        row = ThreadReading(pair_id=pair.id, person_id=by, why=why, began_at=now)
        session.add(row)
        session.flush()
        audit.record(
            "conversation.read",
            now=now,
            by=by,
            programme_id=pair.programme_id,
            after={"pair_id": pair.id, "reading_id": row.id},
        )


def note_read(person_id: int, programme_id: int, pair_id: int | None, message_id: int) -> None:
    """This person has had the messages up to this one on their screen; going back to older ones changes nothing."""
    with transaction() as session:
        values = {"person_id": person_id, "programme_id": programme_id, "place": place_of(pair_id)}
        session.execute(
            insert_into(ReadUpTo)
            .values(**values, message_id=message_id)
            .on_conflict_do_update(
                index_elements=list(values),
                set_={"message_id": message_id},
                where=ReadUpTo.message_id < message_id,
            )
        )


def _writer(session: Session, person_id: int, pair_id: int | None) -> None:
    """Two forms of one person are taken one after the other; none where the pair is closed meanwhile.

    Raises: RuleBroken
    """
    pair = session.get_one(Pair, pair_id, with_for_update=True) if pair_id is not None else None
    session.get_one(Person, person_id, with_for_update=True)
    if pair is None:
        return
    if pair.state != "active" or pair.contact_stopped_at is not None:
        raise RuleBroken(CLOSED)


def _note_in_pair(programme_id: int, pair_id: int, person_id: int, *, now: datetime) -> None:
    """A message is a sign of life, and answers whoever could not reach the writer."""
    enrolment = find_enrolment(programme_id, person_id)
    if enrolment is not None:
        answer_attempts(pair_id, enrolment.id, now=now)
        note_sign(pair_id, enrolment.id, SignKind.MESSAGE, now=now)
        recount_tries(pair_id, enrolment.id, now=now)


def _note_gone(row: Message, *, now: datetime) -> None:
    """A message that was taken away is no attempt at contact any more."""
    enrolment = find_enrolment(row.programme_id, row.person_id) if row.pair_id is not None else None
    if enrolment is not None and row.pair_id is not None:
        recount_tries(row.pair_id, enrolment.id, now=now)


def _keep(row: Message, message: rules.Message) -> None:
    row.text, row.edited_at = message.text, message.edited_at
    row.removed_at, row.removed_by = message.removed_at, message.removed_by
