"""From what a person did to the score the gradebook is to have."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm.attributes import flag_modified

from lti_tool.actions.gradebook import ask_to_send
from lti_tool.mentoring.checkins import schedule
from lti_tool.mentoring.participation import CheckInDone, Ledger, Scheme, combined, ledger
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.gradebook import Score, find_score
from lti_tool.store.matching import Pair
from lti_tool.store.pairs import own_pairs
from lti_tool.store.programme import Programme, settings_of
from lti_tool.store.workspace import check_ins_of


def pair_ledger(pair: Pair, enrolment_id: int, programme: Programme, *, now: datetime) -> Ledger:
    """What one person's check-ins in one pair are worth, each with its reason."""
    settings = settings_of(programme)
    if pair.published_at is None:
        raise ValueError("only a published pair has a ledger")
    done = [
        CheckInDone(number=row.number, submitted_at=row.submitted_at) for row in check_ins_of(pair.id, enrolment_id)
    ]
    scheme = Scheme(points=settings.points, check_in_count=settings.check_in_count)
    return ledger(schedule(settings, pair.published_at), done, scheme, now)


def person_ledger(enrolment_id: int, programme: Programme, *, now: datetime) -> Ledger | None:
    """The person's points over all their pairs; None before the first pair."""
    ledgers = [pair_ledger(pair, enrolment_id, programme, now=now) for pair in own_pairs(enrolment_id)]
    return combined(ledgers) if ledgers else None


def recount(programme: Programme, *, now: datetime) -> None:
    """Bring every score that exists to what the programme's settings and pairs make of it, inside the caller's
    transaction."""
    scored = (Score.person_id == Enrolment.person_id) & (Score.programme_id == Enrolment.programme_id)
    query = db.select(Enrolment).join(Score, scored).where(Enrolment.programme_id == programme.id)
    for enrolment in db.session.scalars(query.order_by(Enrolment.id)).all():
        update_score(enrolment, now=now)


def update_score(enrolment: Enrolment, *, now: datetime) -> None:
    """Store the score that the evidence gives, and queue it when it is new, inside the caller's transaction."""
    programme = db.session.get_one(Programme, enrolment.programme_id)
    result = person_ledger(enrolment.id, programme, now=now)
    if result is None:
        return
    score = find_score(programme.id, enrolment.person_id)
    points = Decimal(result.earned)
    if score is None:
        score = Score(programme_id=programme.id, person_id=enrolment.person_id, state="waiting", points=points)
        db.session.add(score)
    elif score.points == points and (score.state != "sent" or score.sent_points == points):
        return
    score.points, score.changed_at = points, now
    if score.state != "differs":  # the LMS's own value stays until somebody decides
        score.state, score.problem = "waiting", None
        # Written even when it seems to be so already: the worker may have marked the old points as sent meanwhile.
        flag_modified(score, "state")
        ask_to_send(programme, now=now)
