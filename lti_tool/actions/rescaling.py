"""Other points for the programme: whatever was released, decided and sent before keeps its meaning.

All of it is kept as numbers of the maximum that held then. Where that changes they change with it, so that 80 of 100
are 40 of 50; the column in the LMS keeps its own maximum.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update

from lti_tool.mentoring.columns import every_maximum
from lti_tool.mentoring.evidence import TOTAL_KEY
from lti_tool.mentoring.programme import ProgrammeSettings
from lti_tool.mentoring.scheme_presets import scheme_for
from lti_tool.mentoring.schemes import Item, Kind
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.gradebook import Score, lock_scores
from lti_tool.store.participation import LedgerTotal, PointsOverride
from lti_tool.store.programme import Programme

_OF_A_SCORE = ("points", "sent_points", "tried_points", "there_points")


def rescale(programme: Programme, before: ProgrammeSettings, after: ProgrammeSettings) -> None:
    """Keep the meaning of these numbers, inside the caller's transaction, which has locked the programme.

    Columns that are not used, or not now, are among them: what stands in them is compared again once they are.
    """
    old, new = (every_maximum(scheme_for(one)) for one in (before, after))
    changed = [part for part in new if old.get(part, new[part]) != new[part]]
    if not changed:
        return
    _lock(programme)
    session = db.session()
    for part in changed:
        told = {name: _scaled(getattr(Score, name), old[part], new[part]) for name in _OF_A_SCORE}
        session.execute(
            update(Score).where(Score.programme_id == programme.id, Score.part == part.value).values(**told)
        )
    if before.points != after.points:
        _rescale_totals(programme, before, after)


def _rescale_totals(programme: Programme, before: ProgrammeSettings, after: ProgrammeSettings) -> None:
    """Keep the meaning of what was released of everybody's points together, and of what staff decided."""
    session = db.session()
    released = _scaled(LedgerTotal.released_points, before.points, after.points)
    totals = update(LedgerTotal).where(LedgerTotal.programme_id == programme.id)
    session.execute(totals.values(released_points=released))
    theirs = PointsOverride.enrolment_id.in_(select(Enrolment.id).where(Enrolment.programme_id == programme.id))
    kinds = _as_large_as_all(scheme_for(before).items, scheme_for(after).items, before.points, after.points)
    is_concerned = or_(PointsOverride.key == TOTAL_KEY, *(_is_about(kind) for kind in kinds))
    decided = _scaled(PointsOverride.points, before.points, after.points)
    session.execute(update(PointsOverride).where(theirs, is_concerned).values(points=decided))


def _lock(programme: Programme) -> None:
    """Whoever counts somebody's points locks the enrolment and then the score; in another order both would wait."""
    everybody = select(Enrolment.id).where(Enrolment.programme_id == programme.id)
    db.session.execute(everybody.order_by(Enrolment.id).with_for_update(key_share=True))
    lock_scores(Score.programme_id == programme.id)


def _as_large_as_all(before: Iterable[Item], after: Iterable[Item], old: int, new: int) -> list[Kind]:
    """The items that are worth more, or less, just as the whole programme is."""
    was = {item.kind: _worth(item) for item in before}
    return [item.kind for item in after if item.kind in was and was[item.kind] * new == _worth(item) * old]


def _worth(item: Item) -> Decimal:
    return max(item.mentor, item.mentee, item.reserve)


def _is_about(kind: Kind) -> ColumnElement[bool]:
    return or_(PointsOverride.key == kind.value, PointsOverride.key.startswith(f"{kind.value}:", autoescape=True))


def _scaled(points: Any, old: int, new: int) -> ColumnElement[Decimal]:
    return func.round(points * new / old, 2, type_=points.type)
