"""Which items of their programme's scheme somebody has, on the side or sides where they may be."""

from sqlalchemy import select

from lti_tool.mentoring.closing_survey import Sheet
from lti_tool.mentoring.scheme_presets import scheme_for
from lti_tool.mentoring.schemes import Item, Kind, Side
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import Pair
from lti_tool.store.pairs import PairMember
from lti_tool.store.programme import Programme, settings_of

_WITHOUT_PAIR = {
    "mentor": (Side.MENTOR, Side.RESERVE),
    "mentee": (Side.MENTEE,),
    "either": (Side.BOTH,),
    "swap": (Side.BOTH,),
}


def own_item(programme: Programme, enrolment: Enrolment, kind: Kind) -> Item | None:
    """The item as it is worth something to this person; who was never in a pair may still come on either side."""
    sides = _sides(enrolment)
    items = (one for one in scheme_for(settings_of(programme)).items if one.kind is kind)
    return next((one for one in items if any(one.worth(side) for side in sides)), None)


def sheet_of(enrolment: Enrolment) -> Sheet:
    """Which sheet of the closing survey somebody gets."""
    return Sheet.MENTOR if set(_sides(enrolment)) <= {Side.MENTOR, Side.RESERVE} else Sheet.MENTEE


def has_item(programme: Programme, kind: Kind) -> bool:
    """Whether the programme's scheme has such an item for anybody."""
    return any(one.kind is kind for one in scheme_for(settings_of(programme)).items)


def _sides(enrolment: Enrolment) -> tuple[Side, ...]:
    query = (
        select(PairMember.role)
        .join(Pair, Pair.id == PairMember.pair_id)
        .where(PairMember.enrolment_id == enrolment.id, Pair.state != "proposed")
    )
    found = db.session.scalars(query.distinct())
    return tuple(Side(role) for role in found) or _WITHOUT_PAIR[enrolment.role]
