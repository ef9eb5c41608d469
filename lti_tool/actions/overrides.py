"""Staff decide points instead of the rule, with a reason, and may let the rule decide again. Nothing is ever replaced:
each decision is kept beside what the rule gives."""

from datetime import datetime
from decimal import Decimal

from lti_tool.actions import audit
from lti_tool.actions.participation import person_ledger, update_score
from lti_tool.mentoring.evidence import TOTAL_KEY
from lti_tool.mentoring.excuse_forms import Decided
from lti_tool.mentoring.ledgers import Ledger, Standing
from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.store.db import HELD, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.excuses import enrolment_in, overrides_of
from lti_tool.store.participation import PointsOverride
from lti_tool.store.programme import Programme

TOO_MANY = Sentence(N_("This is worth less than that by now. Please look again."))


def most_for(key: str, ledger: Ledger) -> Decimal | None:
    """Return how many points staff may decide at most, or None where nothing can be decided there."""
    if key == TOTAL_KEY:
        return ledger.maximum
    return next((one.most for one in ledger.entries if one.key == key and one.standing is not Standing.EXTRA), None)


def decide_points(
    programme_id: int, enrolment_id: int, key: str, decided: Decided, *, seen: int, by: int, now: datetime
) -> None:
    """Keep what staff decided about one entry or the total, and count with it.

    Shape: `seen` is the number of the newest decision that the form was drawn with, 0 for none.
    Raises: ChangedMeanwhile with the newest decision, where that is another; RuleBroken where it is worth less by now;
        LookupError where the programme has nobody of that number, or they have no such entry.
    """
    with transaction() as session:
        session.get(Enrolment, enrolment_id, with_for_update=HELD)
        enrolment = enrolment_in(programme_id, enrolment_id)
        programme = session.get_one(Programme, programme_id)
        counted = person_ledger(enrolment_id, programme, now=now) if enrolment else None
        most = most_for(key, counted) if counted else None
        if enrolment is None or counted is None or most is None:
            raise LookupError(key)
        newest = next((row for row, _by in overrides_of(enrolment_id, key)), None)
        if (newest.id if newest else 0) != seen:
            if newest and (newest.points, newest.reason, newest.decided_by) == (decided.points, decided.reason, by):
                return  # the same form sent twice
            raise ChangedMeanwhile(newest)
        if decided.points is not None and decided.points > most:
            raise RuleBroken(TOO_MANY)
        row = PointsOverride(enrolment_id=enrolment_id, key=key, decided_by=by, at=now)
        row.points, row.reason = decided.points, decided.reason
        session.add(row)
        session.flush()
        _record(row, newest, counted, programme_id)
        update_score(enrolment, now=now)


def computed_of(key: str, ledger: Ledger) -> Decimal | None:
    """Return what the rule gives, whatever staff decided."""
    if key == TOTAL_KEY:
        return ledger.computed
    entry = next((one for one in ledger.entries if one.key == key), None)
    return None if entry is None else entry.earned if entry.computed is None else entry.computed


def _record(row: PointsOverride, before: PointsOverride | None, counted: Ledger, programme_id: int) -> None:
    after = {"override_id": row.id, "enrolment_id": row.enrolment_id, "key": row.key, "points": _text(row.points)}
    audit.record(
        "points.override",
        now=row.at,
        by=row.decided_by,
        programme_id=programme_id,
        before={"points": _text(before.points if before else None)},
        after=after | {"computed": _text(computed_of(row.key, counted))},
    )


def _text(points: Decimal | None) -> str | None:
    return None if points is None else str(points)
