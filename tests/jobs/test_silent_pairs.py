"""A silent pair is one alert to staff, and one silent person is one about them."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.actions.away import go_away
from lti_tool.mentoring.nudging import Away, AwayReason
from lti_tool.store.db import db, transaction
from lti_tool.store.matching import Pair
from lti_tool.store.pairs import PairMember
from lti_tool.store.staff_tasks import StaffTask
from tests.conftest import Clock
from tests.jobs.test_nudge_ladder import ZONE, Here


@pytest.fixture
def here(app: Flask, clock: Clock) -> Here:
    return Here(clock)


def test_two_who_both_never_appear_are_one_alert_about_their_pair(here: Here) -> None:
    with transaction() as session:
        session.query(PairMember).filter_by(enrolment_id=here.mentee).one().opened_at = None

    steps = here.day(25)

    assert steps.count(("staff", "hello")) == 2  # both are waited for
    task = db.session.scalars(select(StaffTask)).one()
    assert task.is_of_pair
    assert task.reason["text"].startswith("Nobody in this pair has been heard from")
    assert (task.made_at - db.session.get_one(Pair, here.pair).published_at).days == 7


def test_a_pair_in_which_both_fall_silent_is_one_alert(here: Here) -> None:
    with transaction() as session:
        session.query(PairMember).filter_by(enrolment_id=here.mentor).one().opened_at = here.clock.now

    here.day(30)

    task = db.session.scalars(select(StaffTask)).one()
    assert task.is_of_pair
    assert task.reason == {"text": "Nothing has been heard from this pair for %(days)s days.", "values": {"days": 21}}


def test_who_is_away_when_staff_are_told_of_the_pair_makes_no_second_alert(here: Here) -> None:
    with transaction() as session:
        session.query(PairMember).filter_by(enrolment_id=here.mentor).one().opened_at = here.clock.now
    here.day(15)
    go_away(here.mentee, Away(back_on=date(2026, 10, 12), reason=AwayReason.ILL), time_zone=ZONE, now=here.clock.now)

    here.day(40)

    assert [step for step in here.steps() if step[0] == "staff"] == [("staff", "silence")] * 2
    assert db.session.scalars(select(StaffTask)).one().is_of_pair


def test_where_one_of_two_has_never_come_staff_are_told_of_that_one_alone(here: Here) -> None:
    here.day(30)

    task = db.session.scalars(select(StaffTask)).one()
    assert (task.enrolment_id, task.is_of_pair) == (here.mentor, False)
