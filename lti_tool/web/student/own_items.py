"""What the pages of single items share: whose they are, and whether anything can be done there now."""

from dataclasses import dataclass

from flask import abort

from lti_tool.mentoring.enrolment import EnrolmentState
from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.schemes import Item, Kind
from lti_tool.store.enrolment import Enrolment, find_enrolment
from lti_tool.store.own_items import own_item
from lti_tool.store.programme import Programme
from lti_tool.web.visitor import visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPart:
    """The visitor's part in the programme."""

    programme: Programme
    enrolment: Enrolment

    @property
    def is_writable(self) -> bool:
        """Whether something can be done about it now."""
        is_running = Phase(self.programme.phase) not in {Phase.SET_UP, Phase.CLOSED}
        return is_running and self.enrolment.state == EnrolmentState.JOINED


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnItem(OwnPart):
    """An item of the scheme that the visitor has."""

    item: Item


def own_part() -> OwnPart:
    """The visitor's part; to somebody who has none there is no such page."""
    here = visitor()
    enrolment = find_enrolment(here.programme.id, here.person.id) or abort(404)
    return OwnPart(programme=here.programme, enrolment=enrolment)


def own_item_of(kind: Kind) -> OwnItem:
    """The visitor's own item; to somebody whose scheme has none there is no such page."""
    part = own_part()
    item = own_item(part.programme, part.enrolment, kind) or abort(404)
    return OwnItem(programme=part.programme, enrolment=part.enrolment, item=item)
