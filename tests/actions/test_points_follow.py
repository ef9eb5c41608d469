"""The points that are kept follow what happens around a pair, and not only its own deeds."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.actions import cases, conversation
from lti_tool.actions.participation import count_what_time_changed, person_ledger
from lti_tool.actions.solo_work import do_alone
from lti_tool.mentoring.case_forms import Asked
from lti_tool.mentoring.cases import CaseKind, Topic
from lti_tool.mentoring.ledgers import Ledger
from lti_tool.mentoring.solo_work import Solo, SoloKind
from lti_tool.store.conversation import Message
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.participation import LedgerTotal
from lti_tool.store.programme import Programme
from tests import make
from tests.conftest import NOON, Clock
from tests.outside import look_again

SETTINGS: dict[str, Any] = {
    "cadence": "fortnightly",
    "check_in_count": 6,
    "sign_up_closes_on": NOON.date(),
    "ends_on": NOON.date() + timedelta(days=84),
    "time_zone": "UTC",
    "participation": "default",
}
WISH = Asked(kind=CaseKind.REMATCH, topic=next(iter(Topic)), answers={}, may_tell=False)


class Two:
    """Bob and Dana as a pair under the usual scheme, from noon of the first day."""

    def __init__(self, clock: Clock) -> None:
        self.at, self.clock = make.setting(**SETTINGS), clock
        alice = make.person(self.at, "Alice Ashford", role="instructor")
        self.bob = make.enrolment(self.at, make.person(self.at, "Bob Birchwood"), role="mentor")
        self.dana = make.enrolment(self.at, make.person(self.at, "Dana Dewdrop"), role="mentee")
        self.pair = make.pair(self.at, self.bob, self.dana, by=alice)

    def day(self, number: float) -> datetime:
        """Go on to that day after the first."""
        self.clock.now = NOON + timedelta(days=number)
        return self.clock.now

    def ledger(self, who: int) -> Ledger:
        look_again()
        programme = db.session.get_one(Programme, self.at.programme_id)
        found = person_ledger(who, programme, now=self.clock.now)
        assert found
        return found

    def kept(self, who: int) -> LedgerTotal:
        look_again()
        return db.session.scalars(select(LedgerTotal).filter_by(enrolment_id=who)).one()


@pytest.fixture
def two(app: Flask, clock: Clock) -> Two:
    return Two(clock)


def test_a_wish_for_a_new_partner_stops_the_clock_and_its_end_moves_what_is_due(two: Two) -> None:
    count_what_time_changed(now=two.day(16))

    wish = cases.begin(two.pair, two.dana, WISH, once="a", now=two.day(16.5))
    assert two.kept(two.dana).counted_at == two.clock.now
    count_what_time_changed(now=two.day(20))
    while_waiting = two.ledger(two.dana).points
    cases.withdraw_case(wish, two.dana, by=two.dana, now=two.day(22))
    count_what_time_changed(now=two.day(25))

    # The second check-in was due on day 19, and is five and a half days later now.
    assert while_waiting is not None
    assert two.kept(two.dana).points == two.ledger(two.dana).points < while_waiting


def test_nobody_has_a_ledger_in_another_programme(two: Two) -> None:
    other = make.setting(context_id="chem-101", **SETTINGS)
    gwen = make.enrolment(other, make.person(other, "Gwen Glade"), role="mentee")
    programmes = [db.session.get_one(Programme, one.programme_id) for one in (two.at, other)]

    found = [person_ledger(gwen, one, now=NOON) for one in programmes]

    assert found[0] is None
    assert found[1] is not None


def test_a_message_that_was_taken_away_counts_no_more_as_an_attempt(two: Two) -> None:
    person = db.session.get_one(Enrolment, two.dana).person_id
    for number in (2, 5):
        said = {"once": str(number), "now": two.day(number)}
        last = conversation.write(two.at.programme_id, two.pair, person, "Shall we meet on Monday?", **said)
    do_alone(two.pair, two.dana, Solo(kind=SoloKind.AGENDA, words="First the report."), once="a", now=two.day(6))
    tried = two.kept(two.dana).efforts

    conversation.remove(db.session.get_one(Message, last), by=person, now=two.clock.now)

    assert (tried, two.kept(two.dana).efforts) == (1, 0)
    assert two.ledger(two.dana).efforts == ()
