"""What meetings and messages say to the other stages of a pair: when people were in touch, and what waits for whom."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select

from lti_tool.mentoring import checkins_probes as probes
from lti_tool.mentoring.meetings import REPORTED, MeetingState
from lti_tool.mentoring.nudging import Wait, WaitKind
from lti_tool.store.conversation import Message
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.meetings import NO_ANSWER, ContactAttempt, Meeting, MeetingChange, MeetingPart
from lti_tool.store.pairs import PairMember

Key = tuple[int, int]  # a pair and an enrolment in it


def meetings_to_ask_about(pair_id: int) -> list[probes.Meeting]:
    """The pair's planned meetings that were agreed on and not called off."""
    wanted = (*REPORTED, MeetingState.AGREED)
    query = select(Meeting).where(Meeting.pair_id == pair_id, Meeting.state.in_(wanted), Meeting.starts_at.is_not(None))
    return [
        probes.Meeting(
            id=row.id,
            ended_at=row.starts_at + timedelta(minutes=row.planned_minutes or 0),
            is_confirmed=row.state in REPORTED,
        )
        for row in db.session.scalars(query.order_by(Meeting.starts_at))
        if row.starts_at is not None
    ]


def last_contacts(pair_ids: Collection[int]) -> dict[int, datetime]:
    """When each pair was last in touch: a meeting that took place, or words of a second person."""
    met = select(Meeting.pair_id, func.max(Meeting.reported_at)).where(
        Meeting.pair_id.in_(pair_ids), Meeting.state == MeetingState.HELD
    )
    found = {pair_id: at for pair_id, at in db.session.execute(met.group_by(Meeting.pair_id)) if at is not None}
    times: dict[int, list[datetime]] = {}
    for (pair_id, _person), at in _last_written(pair_ids).items():
        times.setdefault(pair_id, []).append(at)
    for pair_id, written in times.items():
        if len(written) > 1:
            both = sorted(written)[-2]
            found[pair_id] = max(both, found.get(pair_id, both))
    return found


def last_acts(pair_ids: Collection[int]) -> dict[Key, datetime]:
    """When each member last wrote, planned, answered or confirmed something in the pair."""
    found = dict(_last_written(pair_ids))
    planned = select(Meeting.pair_id, MeetingChange.enrolment_id, func.max(MeetingChange.at)).join(
        Meeting, Meeting.id == MeetingChange.meeting_id
    )
    planned = planned.where(Meeting.pair_id.in_(pair_ids))
    tried = select(ContactAttempt.pair_id, ContactAttempt.enrolment_id, func.max(ContactAttempt.tried_at))
    tried = tried.where(ContactAttempt.pair_id.in_(pair_ids))
    for query in (
        planned.group_by(Meeting.pair_id, MeetingChange.enrolment_id),
        tried.group_by(ContactAttempt.pair_id, ContactAttempt.enrolment_id),
    ):
        for pair_id, enrolment_id, at in db.session.execute(query):
            if enrolment_id is None:
                continue  # staff decided something
            found[pair_id, enrolment_id] = max(at, found.get((pair_id, enrolment_id), at))
    return found


def waiting_for(pair_ids: Collection[int], now: datetime) -> Iterator[tuple[Key, Wait]]:
    """Whose answer somebody waits for: to a proposed meeting, or because they could not be reached."""
    proposed = (
        select(Meeting.pair_id, MeetingPart.enrolment_id, Meeting.changed_at)
        .join(MeetingPart, MeetingPart.meeting_id == Meeting.id)
        .where(
            Meeting.pair_id.in_(pair_ids),
            Meeting.state == MeetingState.PROPOSED,
            Meeting.starts_at > now,
            MeetingPart.answer == NO_ANSWER,
            MeetingPart.enrolment_id != Meeting.proposed_by,
        )
    )
    unreached = (
        select(ContactAttempt.pair_id, PairMember.enrolment_id, func.min(ContactAttempt.tried_at))
        .join(PairMember, PairMember.pair_id == ContactAttempt.pair_id)
        .where(
            ContactAttempt.pair_id.in_(pair_ids),
            ContactAttempt.answered_at.is_(None),
            PairMember.left_at.is_(None),
            PairMember.enrolment_id != ContactAttempt.enrolment_id,
        )
        .group_by(ContactAttempt.pair_id, PairMember.enrolment_id)
    )
    for query in (proposed, unreached):
        for pair_id, enrolment_id, since in db.session.execute(query):
            yield (pair_id, enrolment_id), Wait(kind=WaitKind.ANSWER, since=since)


def _last_written(pair_ids: Collection[int]) -> dict[Key, datetime]:
    query = (
        select(Message.pair_id, Enrolment.id, func.max(Message.written_at))
        .join(Enrolment, (Enrolment.person_id == Message.person_id) & (Enrolment.programme_id == Message.programme_id))
        .where(Message.pair_id.in_(pair_ids))
        .group_by(Message.pair_id, Enrolment.id)
    )
    return {(pair_id, one): at for pair_id, one, at in db.session.execute(query) if pair_id is not None}
