"""A mentor in reserve beside a pair at work, and what she can do."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from lti_tool.actions.participation import pair_slots, person_ledger
from lti_tool.actions.standby import check_in_on_standby
from lti_tool.actions.waiting import waiting
from lti_tool.mentoring.ledgers import Entry, Ledger
from lti_tool.mentoring.nudging import WaitKind
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.store.db import db, transaction
from lti_tool.store.ladder import places
from lti_tool.store.matching import Pair
from lti_tool.store.programme import Programme
from lti_tool.store.standby import (
    StandbyCheckIn,
    standby_of,
)
from tests import make
from tests.conftest import NOON, Clock
from tests.outside import look_again

READY = {"ready": "yes"}


class Here:
    """Bob and Dana are a pair from noon of the first day; Fay is a mentor for whom nobody was left."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.at = make.setting(
            cadence="fortnightly",
            check_in_count=6,
            sign_up_closes_on=NOON.date(),
            ends_on=NOON.date() + timedelta(days=84),
            time_zone="UTC",
            participation="default",
            release="by_hand",
        )
        self.alice = make.person(self.at, "Alice Ashford", role="instructor")
        self.fay_person = make.person(self.at, "Fay Fern")
        self.bob = make.enrolment(self.at, make.person(self.at, "Bob Birchwood"), role="mentor")
        self.dana = make.enrolment(self.at, make.person(self.at, "Dana Dewdrop"), role="mentee")
        self.gwen = make.enrolment(self.at, make.person(self.at, "Gwen Gingham"), role="mentee")
        self.fay = make.enrolment(self.at, self.fay_person, role="mentor")
        self.pair = make.pair(self.at, self.bob, self.dana, by=self.alice)

    @property
    def programme(self) -> Programme:
        look_again()
        return db.session.get_one(Programme, self.at.programme_id)

    def day(self, number: float) -> datetime:
        """Go on to that day after the first."""
        self.clock.now = NOON + timedelta(days=number)
        return self.clock.now

    def send(self, number: int, answers: dict[str, Any] | None = None, *, once: str = "", who: int = 0) -> None:
        """Fay, or somebody else, sends a check-in."""
        look_again()
        once = once or f"{number} at {self.clock.now}"
        check_in_on_standby(who or self.fay, number, answers or READY, once=once, now=self.clock.now)

    def match(self) -> int:
        """Fay gets Gwen, now."""
        pair = make.pair(self.at, self.fay, self.gwen, by=self.alice)
        self.change(Pair, pair, published_at=self.clock.now)
        return pair

    def match_with_one_more(self) -> int:
        """Fay gets Hedy beside, now."""
        hedy = make.enrolment(self.at, make.person(self.at, "Hedy Heather"), role="mentee")
        pair = make.pair(self.at, self.fay, hedy, by=self.alice)
        self.change(Pair, pair, published_at=self.clock.now)
        return pair

    def asked_in(self, pair: int, who: int) -> list[int]:
        """The check-ins that somebody has in a pair."""
        look_again()
        return [one.number for one in pair_slots(db.session.get_one(Pair, pair), who, self.programme)]

    def waited_for(self) -> set[int]:
        """Whose check-ins are waited for in pairs."""
        found = waiting(self.programme, places(self.at.programme_id), now=self.clock.now)
        return {place.enrolment_id for place, wait in found if wait.kind is WaitKind.CHECK_IN}

    def change(self, table: type[Any], number: int, **changes: Any) -> None:
        """As other pages do it."""
        with transaction() as session:
            row = session.get_one(table, number)
            for name, value in changes.items():
                setattr(row, name, value)

    def ledger(self, who: int = 0) -> Ledger:
        found = person_ledger(who or self.fay, self.programme, now=self.clock.now)
        assert found
        return found

    def entry(self, key: str) -> Entry:
        """One line of Fay's ledger."""
        return next(one for one in self.ledger().entries if one.key == key)

    def rows(self) -> list[StandbyCheckIn]:
        look_again()
        return standby_of(self.fay)


def refusal(act: Callable[[], None]) -> object:
    """The sentence with which something is refused."""
    with pytest.raises(RuleBroken) as fault:
        act()
    return fault.value.sentence
