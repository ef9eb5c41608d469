"""What people did with a partner, read for some or for everybody in a programme, by plain columns."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select

from lti_tool.mentoring.due_dates import closing_of, standby_track, track_of
from lti_tool.mentoring.evidence import Calendar, Deed, SentCheckIn, Track
from lti_tool.mentoring.meeting_evidence import MeetingFact
from lti_tool.mentoring.programme import ProgrammeSettings
from lti_tool.mentoring.standby import Reserve
from lti_tool.mentoring.successive import Seat, Stretch
from lti_tool.store.agreement import Agreement, AgreementSignature
from lti_tool.store.attempts import Tried, attempts_at_contact
from lti_tool.store.db import db, one_of
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.goals import GoalChange, GoalRow
from lti_tool.store.meeting_evidence import facts_of_pairs, meeting_facts
from lti_tool.store.pair_life import stretches_by
from lti_tool.store.participation import RematchOffer, SoloWork
from lti_tool.store.programme import Programme
from lti_tool.store.standby import StandbyCheckIn
from lti_tool.store.workspace import CheckIn

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What is the same for everybody in a programme."""

    settings: ProgrammeSettings
    calendar: Calendar
    window_days: int
    is_over: bool
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deeds:
    """What people did with a partner, by enrolment; every deed says in which pair."""

    stretches: Mapping[int, list[Stretch]]
    check_ins: Mapping[int, list[tuple[int, SentCheckIn]]]
    signed: Mapping[int, list[Deed]]
    goals: Mapping[int, list[Deed]]
    alone: Mapping[int, list[Deed]]
    offers: Mapping[int, list[Deed]]
    tried: Mapping[int, list[Tried]]
    meetings: Mapping[int, list[MeetingFact]]  # by pair
    on_standby: Mapping[int, list[SentCheckIn]]  # in no pair

    def track(self, enrolment_id: int, seat: Seat, frame: Frame, *, has_other_seat: bool) -> Track:
        """Return what one person did at one place; what they sent in reserve counts there alone."""
        pairs = set(seat.pair_ids)
        check_ins = [one for pair, one in self.check_ins.get(enrolment_id, ()) if pair in pairs]
        track = track_of(
            seat,
            frame.settings,
            {one.number for one in check_ins},
            has_other_seat=has_other_seat,
            closes_at=closing_of(frame.settings),
            is_over=frame.is_over,
            window_days=frame.window_days,
        )
        in_reserve = {one.number for one in self.on_standby.get(enrolment_id, ())}
        return replace(
            track,
            check_ins_due=tuple(due for due in track.check_ins_due if due.number not in in_reserve),
            check_ins=tuple(check_ins),
            meetings=tuple(one for pair in pairs for one in self.meetings.get(pair, ())),
            attempts=tuple(_in(pairs, self.tried.get(enrolment_id, ()))),
            alone=tuple(_in(pairs, self.alone.get(enrolment_id, ()))),
            signed=tuple(_in(pairs, self.signed.get(enrolment_id, ()))),
            goals=tuple(_in(pairs, self.goals.get(enrolment_id, ()))),
            rematch_offered_at=tuple(one.at for one in _in(pairs, self.offers.get(enrolment_id, ()))),
        )

    def standby(
        self, enrolment_id: int, reserve: Reserve | None, frame: Frame, with_partner: Iterable[Track]
    ) -> tuple[Track, ...]:
        """Return what one person did in reserve; nothing where nothing was asked and nothing sent.

        Shape: without a reserve, somebody who waits on that side no more: what they sent stays. What they did not send,
            and is asked with a partner since, is asked there alone.
        """
        sent = tuple(self.on_standby.get(enrolment_id, ()))
        until_at = reserve.until_at if reserve else None
        track = standby_track(
            frame.settings,
            until_at,
            frame.window_days,
            from_at=reserve.from_at if reserve else None,
            published_at=frame.published_at,
            closes_at=closing_of(frame.settings),
        )
        numbers = {one.number for one in sent}
        elsewhere = {due.number for one in with_partner for due in one.check_ins_due if not due.is_excused}
        dues = [
            one for one in track.check_ins_due if one.number in numbers or (reserve and one.number not in elsewhere)
        ]
        if all(one.is_excused and one.number not in numbers for one in dues):
            return ()
        return (replace(track, check_ins_due=tuple(dues), check_ins=sent),)


def read_deeds(programme: Programme, only: Collection[int] | None) -> Deeds:
    """Return everything of it, in a fixed number of statements."""
    stretches = stretches_by(those(Enrolment.id, programme, only))
    pairs = {one.pair_id for found in stretches.values() for one in found}
    facts = meeting_facts(programme.id) if only is None else facts_of_pairs(programme.id, pairs)
    signed = select(AgreementSignature.enrolment_id, Agreement.pair_id, AgreementSignature.signed_at).join(
        Agreement, Agreement.id == AgreementSignature.agreement_id
    )
    suggested = select(GoalChange.suggested_by, GoalRow.pair_id, GoalChange.suggested_at).where(
        GoalChange.state != "taken_back"
    )
    agreed = select(GoalChange.settled_by, GoalRow.pair_id, GoalChange.settled_at).where(GoalChange.state == "agreed")
    alone = _by(select(SoloWork.enrolment_id, SoloWork.pair_id, SoloWork.done_at), SoloWork, programme, only)
    goals = [
        *rows_of(suggested.join(GoalRow, GoalRow.id == GoalChange.goal_id), GoalChange.suggested_by, programme, only),
        *rows_of(agreed.join(GoalRow, GoalRow.id == GoalChange.goal_id), GoalChange.settled_by, programme, only),
    ]
    return Deeds(
        stretches=stretches,
        check_ins=_check_ins(programme, only),
        signed=grouped(map(_deed, rows_of(signed, AgreementSignature.enrolment_id, programme, only))),
        goals=grouped(map(_deed, goals)),
        alone=alone,
        offers=_by(
            select(RematchOffer.enrolment_id, RematchOffer.pair_id, RematchOffer.offered_at),
            RematchOffer,
            programme,
            only,
        ),
        tried=attempts_at_contact({one.pair_id for found in alone.values() for one in found}),
        meetings=grouped((one.pair_id, one) for one in facts),
        on_standby=_on_standby(programme, only),
    )


def _check_ins(programme: Programme, only: Collection[int] | None) -> dict[int, list[tuple[int, SentCheckIn]]]:
    query = select(CheckIn.enrolment_id, CheckIn.pair_id, CheckIn.number, CheckIn.submitted_at)
    found = rows_of(query, CheckIn.enrolment_id, programme, only)
    return grouped((who, (pair, SentCheckIn(number=number, at=at))) for who, pair, number, at in found)


def _on_standby(programme: Programme, only: Collection[int] | None) -> dict[int, list[SentCheckIn]]:
    query = select(StandbyCheckIn.enrolment_id, StandbyCheckIn.number, StandbyCheckIn.sent_at)
    found = rows_of(query, StandbyCheckIn.enrolment_id, programme, only)
    return grouped((who, SentCheckIn(number=number, at=at)) for who, number, at in found)


def _by(query: Any, table: Any, programme: Programme, only: Collection[int] | None) -> dict[int, list[Deed]]:
    return grouped(map(_deed, rows_of(query, table.enrolment_id, programme, only)))


def _deed(row: Any) -> tuple[int, Deed]:
    who, pair, at = row
    return who, Deed(pair_id=pair, at=at)


def _in(pairs: Collection[int], found: Iterable[Any]) -> list[Any]:
    return [one for one in found if one.pair_id in pairs]


def rows_of(query: Any, column: Any, programme: Programme, only: Collection[int] | None) -> list[Any]:
    """Return what a query finds of those who are meant; `column` names their enrolments."""
    return list(db.session.execute(query.where(those(column, programme, only))))


def grouped(found: Iterable[tuple[int, T]]) -> dict[int, list[T]]:
    """Return values by their keys, in the order given."""
    groups: dict[int, list[T]] = defaultdict(list)
    for key, value in found:
        groups[key].append(value)
    return groups


def those(column: Any, programme: Programme, only: Collection[int] | None) -> ColumnElement[bool]:
    """Which rows are meant: those of everybody in the programme, or of these enrolments."""
    if only is None:
        everybody: ColumnElement[bool] = column.in_(select(Enrolment.id).where(Enrolment.programme_id == programme.id))
        return everybody
    return one_of(column, only)
