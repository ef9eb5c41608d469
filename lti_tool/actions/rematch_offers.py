"""The clock offers a new partner to whoever has earned two efforts in a row; they say whether they want one.

Source: product section 6.4: effort credit is limited to two in a row before the system must offer a re-match.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from lti_tool.actions.in_pair import held
from lti_tool.actions.participation import update_score
from lti_tool.actions.staff_tasks import task_for
from lti_tool.mentoring.checkins_signs import Sign, SignKind
from lti_tool.mentoring.efforts import IN_A_ROW, earned_in
from lti_tool.mentoring.evidence import Evidence
from lti_tool.mentoring.pair_life import why_closed
from lti_tool.mentoring.phases import ALLOWED
from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.rematch import RematchAnswer, staff_reason
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.evidence import evidence_of
from lti_tool.store.matching import Pair
from lti_tool.store.pair_life import life_of
from lti_tool.store.participation import RematchOffer
from lti_tool.store.programme import Programme
from lti_tool.store.rematch_offers import offers_to, worked_alone_twice
from lti_tool.store.solo_work import heard_from_others_at, tried_by
from lti_tool.store.staff_tasks import OF_WHO_WAITS


def offer_new_partners(*, now: datetime) -> int:
    """Offer a new partner to everybody who is due one, each in a transaction of its own; how many."""
    found = worked_alone_twice(in_a_row=IN_A_ROW)
    count = 0
    for programme_id, enrolment_ids in sorted(found.items()):
        programme = db.session.get_one(Programme, programme_id)
        if not ALLOWED[Phase(programme.phase)].proposing:
            continue  # no new pairs are made any more
        due = pairs_due(programme, sorted(enrolment_ids), now=now)
        count += sum(_offer(pair_id, enrolment_id, now=now) for enrolment_id, pair_id in due)
    return count


def pairs_due(programme: Programme, only: list[int], *, now: datetime) -> list[tuple[int, int]]:
    """Who of these is due an offer, and in which pair."""
    found = evidence_of(programme, only=only)
    return [
        (enrolment_id, pair_id)
        for enrolment_id, evidence in found.items()
        for pair_id in _due_in(evidence, programme, now)
    ]


def _due_in(evidence: Evidence, programme: Programme, now: datetime) -> list[int]:
    """The pairs that run in which somebody has earned two efforts in a row since the last offer."""
    zone = ZoneInfo(programme.time_zone)
    found = []
    for track in evidence.tracks:
        earned = earned_in(
            track, evidence.enrolment_id, programme.least_meeting_minutes, zone=zone, today=now.astimezone(zone).date()
        )
        if earned.must_offer_rematch and track.stretches[-1].until_at is None:
            found.append(track.stretches[-1].pair_id)
    return found


def _offer(pair_id: int, enrolment_id: int, *, now: datetime) -> bool:
    """Offer it, unless another clock was faster or the pair has closed meanwhile."""
    with transaction() as session:
        pair = session.get_one(Pair, pair_id, with_for_update=True)
        programme = session.get_one(Programme, pair.programme_id)
        if why_closed(life_of(pair)) or (enrolment_id, pair_id) not in pairs_due(programme, [enrolment_id], now=now):
            return False
        offer = RematchOffer(pair_id=pair_id, enrolment_id=enrolment_id, offered_at=now)
        session.add(offer)
        session.flush()
        _tell_staff(offer, programme, now)
        update_score(session.get_one(Enrolment, enrolment_id), now=now)
    return True


def _tell_staff(offer: RematchOffer, programme: Programme, now: datetime) -> None:
    key = offer.pair_id, offer.enrolment_id
    reason = staff_reason(tried_by(*key), heard_from_others_at(*key))
    db.session.add(
        task_for(
            Sign(kind=SignKind.SILENT, item="", reason=reason),
            programme_id=programme.id,
            pair_id=offer.pair_id,
            enrolment_id=offer.enrolment_id,
            source=f"{OF_WHO_WAITS}{offer.id}",
            now=now,
        )
    )


def answer_offer(pair_id: int, by: int, answer: RematchAnswer, *, now: datetime) -> bool:
    """Keep whether somebody would like a new partner; False where no offer waits for them (any more).

    Raises: RuleBroken while nothing can be written in the pair.
    """
    with transaction():
        held(pair_id, by=by)
        offers = offers_to(pair_id, by)
        for offer in offers:
            offer.answer, offer.answered_at = answer, now
    return bool(offers)
