"""How pairs are doing is kept up to date: by each sign somebody gives, by each step of a pair, and every night."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from lti_tool.mentoring.health import SignKind, Standing, next_sign, standing
from lti_tool.store.db import db, transaction
from lti_tool.store.matching import Pair
from lti_tool.store.pairs import PairMember
from lti_tool.store.programme import Programme
from lti_tool.store.standing import (
    TOGETHER,
    PairNote,
    PairSign,
    PairStanding,
    find_sign,
    looked_at,
    sign_of,
    standings_of,
)


def note_sign(pair_id: int, enrolment_id: int, kind: SignKind, *, now: datetime, level: int = 0) -> None:
    """Keep that somebody has just done this in their pair, and what it says of the pair; inside the caller's
    transaction.

    The pair is locked, so a caller that locks people, too, locks the pair first.
    """
    db.session.get_one(Pair, pair_id, with_for_update=True)
    row = find_sign(pair_id, enrolment_id, kind)
    sign = next_sign(sign_of(row) if row else None, kind, now, level)
    if row is None:
        row = PairSign(pair_id=pair_id, enrolment_id=enrolment_id, kind=kind)
        db.session.add(row)
    row.at, row.level, row.in_a_row = sign.at, sign.level, sign.in_a_row
    db.session.flush()
    reckon([pair_id], now=now)


def note_sign_of_all(pair_id: int, kind: SignKind, *, now: datetime) -> None:
    """The same for everybody in the pair, such as of a meeting; inside the caller's transaction."""
    query = select(PairMember.enrolment_id).where(PairMember.pair_id == pair_id, PairMember.left_at.is_(None))
    for enrolment_id in db.session.scalars(query.order_by(PairMember.id)).all():
        note_sign(pair_id, enrolment_id, kind, now=now)


def reckon(pair_ids: Sequence[int], *, now: datetime) -> int:
    """Bring what is kept of these pairs to what the rules make of them; how many differ. Inside the caller's
    transaction."""
    changed = 0
    for start in range(0, len(pair_ids), TOGETHER):
        some = pair_ids[start : start + TOGETHER]
        kept = standings_of(some)
        for pair, known in looked_at(some):
            found = standing(known, now, today=_today(pair.programme_id, now))
            changed += _keep(kept.get(pair.id), pair.id, pair.programme_id, found)
        db.session.flush()
    return changed


def _keep(row: PairStanding | None, pair_id: int, programme_id: int, found: Standing) -> bool:
    values = {
        "health": found.health.value,
        "suggestion": found.suggestion.value,
        "urgency": found.urgency,
        "waiting_since": found.waiting_since,
        "last_sign_at": found.last_sign_at,
    }
    if row is None:
        db.session.add(PairStanding(pair_id=pair_id, programme_id=programme_id, **values))
        return True
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def _today(programme_id: int, now: datetime) -> date:
    programme = db.session.get_one(Programme, programme_id)
    return now.astimezone(ZoneInfo(programme.time_zone)).date()


def note_done(pair_id: int, words: str, *, once: str, by: int, now: datetime) -> None:
    """Keep what staff did about a pair; sending the form twice keeps it once."""
    with transaction() as session:
        if session.scalar(select(PairNote).filter_by(author_id=by, once=once)) is None:
            session.add(PairNote(pair_id=pair_id, author_id=by, words=words, at=now, once=once))
