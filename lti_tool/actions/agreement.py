"""A pair writes its agreement and signs it."""

from datetime import datetime

from lti_tool.actions.in_pair import held
from lti_tool.actions.participation import recount_people
from lti_tool.mentoring.agreement import RULES, Terms, revised, signed
from lti_tool.store.agreement import Agreement, AgreementSignature, newest_agreement, version_of
from lti_tool.store.db import db, transaction


def save(pair_id: int, terms: Terms, *, by: int, seen: int, signs: bool, now: datetime) -> None:
    """Keep what somebody wrote as the next version, and sign it where they say so.

    Shape: `seen` is the version that was changed, 0 for none. The same words again make no new version.
    Raises: ChangedMeanwhile where another version was saved first; RuleBroken while nothing can be written.
    """
    with transaction():
        held(pair_id, by=by)
        row = newest_agreement(pair_id)
        before = version_of(row)
        after = revised(before, terms, by=by, seen=seen)
        if row is None or after is not before:
            row = _added(pair_id, terms, number=row.number + 1 if row else 1, by=by, now=now)
        if signs:
            _sign(row, by=by, seen=row.number, now=now)


def sign(pair_id: int, *, by: int, seen: int, now: datetime) -> None:
    """Put somebody's name under the version they have read; twice is once.

    Raises: ChangedMeanwhile where it is not the newest any more; RuleBroken where there is none.
    """
    with transaction():
        held(pair_id, by=by)
        _sign(newest_agreement(pair_id), by=by, seen=seen, now=now)


def _added(pair_id: int, terms: Terms, *, number: int, by: int, now: datetime) -> Agreement:
    rules = {part.value: list(sentences) for part, sentences in RULES.items()}
    row = Agreement(pair_id=pair_id, number=number, terms=dict(terms), rules=rules, written_by=by, written_at=now)
    db.session.add(row)
    db.session.flush()
    return row


def _sign(row: Agreement | None, *, by: int, seen: int, now: datetime) -> None:
    before = version_of(row)
    signed(before, by=by, seen=seen)
    if row is not None and before is not None and by not in before.signed_by:
        db.session.add(AgreementSignature(agreement_id=row.id, enrolment_id=by, signed_at=now))
        recount_people([by], now=now)
