"""The nudge ladder over the days of a term: who is told, on which way, when, and who is not."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.actions.away import come_back, go_away
from lti_tool.actions.edge import Edge
from lti_tool.actions.mail import MailServer
from lti_tool.actions.nudges import NOT_NEEDED, OFF, wants_mail
from lti_tool.actions.nudging import climb
from lti_tool.actions.waiting import waiting
from lti_tool.actions.workspace import check_in
from lti_tool.jobs.handlers import work_off
from lti_tool.jobs.schedule import climb_ladders
from lti_tool.mentoring.nudging import Away, AwayReason, WaitKind
from lti_tool.store.db import db, transaction
from lti_tool.store.ladder import LadderStep, places
from lti_tool.store.matching import Pair
from lti_tool.store.nudges import Nudge
from lti_tool.store.pair_life import PairStop
from lti_tool.store.pairs import PairMember
from lti_tool.store.programme import Programme
from lti_tool.store.staff_tasks import StaffTask
from tests import make
from tests.conftest import Clock
from tests.mail_server import Letterbox, running_mail_server
from tests.outside import look_again

ZONE = "Europe/London"


@pytest.fixture
def letterbox(app: Flask) -> Iterator[Letterbox]:
    """A mail server that the tool is set up to use."""
    with running_mail_server() as made:
        edge: Edge = app.extensions["edge"]
        server = MailServer(
            host="127.0.0.1",
            port=made.port,
            security="none",
            sender="Peer Mentoring <mentoring@northfield.example>",
            secret=str(app.secret_key),
        )
        app.extensions["edge"] = replace(edge, mail=server)
        yield made


class Here:
    """Bob and Dana are a pair since noon; nobody has sent a check-in, and Dana has looked at the page."""

    def __init__(self, clock: Clock) -> None:
        self.at = make.setting(cadence="monthly", check_in_count=3, time_zone=ZONE)
        alice = make.person(self.at, "Alice Ashford", role="instructor")
        self.bob = make.person(self.at, "Bob Birchwood", email="bob@northfield.example", time_zone=ZONE)
        self.dana = make.person(self.at, "Dana Dewdrop", email="dana@northfield.example", time_zone=ZONE)
        self.mentor = make.enrolment(self.at, self.bob, role="mentor")
        self.mentee = make.enrolment(self.at, self.dana, role="mentee")
        self.pair = make.pair(self.at, self.mentor, self.mentee, by=alice)
        self.clock = clock
        with transaction() as session:
            session.query(PairMember).filter_by(enrolment_id=self.mentee).one().opened_at = clock.now

    def look(self, *, has_mail: bool = True) -> None:
        """The clock looks at the programme."""
        look_again()
        climb(self.at.programme_id, has_mail=has_mail, now=self.clock.now)

    def day(self, number: int) -> list[tuple[str, str]]:
        """Let this many days pass, looking every three hours; the steps taken meanwhile, by rung and kind."""
        before = len(self.steps())
        for _hour in range(8 * number):
            self.clock.advance(hours=3)
            self.look()
        return self.steps()[before:]

    def steps(self) -> list[tuple[str, str]]:
        """Every step of the ladder so far."""
        look_again()
        return [(row.rung, row.kind) for row in db.session.scalars(select(LadderStep).order_by(LadderStep.id))]


@pytest.fixture
def here(app: Flask, clock: Clock) -> Here:
    return Here(clock)


def mails(person_id: int) -> list[Nudge]:
    """The mails to somebody that went out or are on their way."""
    look_again()
    query = select(Nudge).filter_by(person_id=person_id, channel="mail", problem=None).order_by(Nudge.id)
    return list(db.session.scalars(query))


def test_a_silent_partner_is_reminded_then_told_of_then_known_to_staff_within_a_week(here: Here) -> None:
    steps = here.day(8)

    assert [step for step in steps if step[1] == "hello"] == [
        ("self", "hello"),
        ("partner", "hello"),
        ("staff", "hello"),
    ]
    task = db.session.scalars(select(StaffTask)).one()
    assert (task.kind, task.enrolment_id) == ("silent", here.mentor)
    assert task.reason["values"] == {"days": 7}
    assert (task.made_at - db.session.get_one(Pair, here.pair).published_at).days == 7


def test_nobody_gets_two_mails_or_two_notices_within_a_week_or_any_at_night(here: Here) -> None:
    here.day(16)

    for channel in ("mail", "page"):
        for person in (here.bob, here.dana):
            look_again()
            rows = db.session.scalars(select(Nudge).filter_by(person_id=person, channel=channel).order_by(Nudge.id))
            asked = [row.asked_at for row in rows]
            assert asked
            assert all((later - earlier).days >= 7 for earlier, later in pairwise(asked))
            assert all(8 <= moment.hour + 1 < 21 for moment in asked)  # London is an hour ahead of UTC


def test_a_sign_of_life_ends_the_waiting_and_its_notice(here: Here) -> None:
    here.day(4)
    with transaction() as session:
        session.query(PairMember).filter_by(enrolment_id=here.mentor).one().opened_at = here.clock.now

    steps = here.day(5)

    assert [step for step in steps if step[1] == "hello"] == []
    assert db.session.scalars(select(StaffTask)).all() == []


def test_who_is_away_is_left_in_peace_and_waited_for_anew_when_back(here: Here) -> None:
    away = Away(back_on=date(2026, 9, 24), reason=AwayReason.ILL, words="Flu")
    go_away(here.mentor, away, time_zone=ZONE, now=here.clock.now)

    while_away = here.day(9)
    after = here.day(4)

    assert [step for step in while_away if step[0] == "self"] == [("self", "check_in")]  # Dana's own
    assert ("self", "hello") in after
    assert ("staff", "hello") not in after


def test_who_comes_back_early_is_there_at_once(here: Here) -> None:
    go_away(
        here.mentor,
        Away(back_on=date(2026, 10, 1), reason=AwayReason.EXAMS),
        time_zone=ZONE,
        now=here.clock.now,
    )
    here.clock.advance(days=1)
    come_back(here.mentor, now=here.clock.now)

    assert ("self", "hello") in here.day(4)


def test_a_paused_pair_and_one_whose_contact_is_stopped_wait_for_nobody(here: Here) -> None:
    with transaction() as session:
        session.get_one(Pair, here.pair).contact_stopped_at = here.clock.now
    assert here.day(4) == []
    with transaction() as session:
        pair = session.get_one(Pair, here.pair)
        pair.contact_stopped_at, pair.state = None, "paused"

    assert here.day(4) == []


def test_the_mail_says_what_waits_and_names_nobody(app: Flask, here: Here, letterbox: Letterbox) -> None:
    here.clock.advance(days=3)
    climb_ladders(app)

    work_off(app)

    letters = {str(letter["To"]): letter for letter in letterbox.letters}
    text = letters["Bob Birchwood <bob@northfield.example>"].get_content()
    assert "waiting for a first word from you" in text
    assert "Dana" not in text
    assert letters["Bob Birchwood <bob@northfield.example>"]["List-Unsubscribe"].strip("<>") in text
    assert all(mail.sent_at for mail in mails(here.bob))
    climb_ladders(app)
    assert work_off(app) == 0


def test_a_mail_that_is_held_up_waits_for_the_morning_and_is_dropped_where_nothing_waits_any_more(
    app: Flask, here: Here, letterbox: Letterbox
) -> None:
    here.clock.advance(days=3)
    climb_ladders(app)
    here.clock.advance(hours=12)  # one in the morning

    work_off(app)
    assert letterbox.letters == []
    with transaction() as session:
        session.query(PairMember).filter_by(enrolment_id=here.mentor).one().opened_at = here.clock.now
    here.clock.advance(hours=8)
    work_off(app)

    look_again()
    rows = db.session.scalars(select(Nudge).filter_by(channel="mail", person_id=here.bob)).all()
    assert [row.problem for row in rows] == [NOT_NEEDED]
    assert [str(letter["To"]) for letter in letterbox.letters] == ["Dana Dewdrop <dana@northfield.example>"]


def test_who_wants_no_mail_sees_the_notice_alone(here: Here) -> None:
    wants_mail(here.bob, False, now=here.clock.now)

    here.day(4)

    look_again()
    rows = db.session.scalars(select(Nudge).filter_by(person_id=here.bob).order_by(Nudge.id)).all()
    assert {(row.channel, row.problem) for row in rows} == {("page", None), ("mail", OFF)}


def test_two_clocks_at_once_take_each_step_once(app: Flask, here: Here) -> None:
    here.clock.advance(days=3)
    faults: list[BaseException] = []

    def look() -> None:
        try:
            with app.app_context():
                climb(here.at.programme_id, has_mail=True, now=here.clock.now)
        except BaseException as fault:  # noqa: BLE001  # what went wrong in a thread is looked at below
            faults.append(fault)

    threads = [threading.Thread(target=look) for _one in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert sorted(here.steps()) == [("self", "check_in"), ("self", "check_in"), ("self", "hello")]
    assert len(mails(here.bob)) == 1


def open_check_ins(here: Here) -> dict[int, datetime]:
    """Whose check-ins are waited for, and since when."""
    look_again()
    programme = db.session.get_one(Programme, here.at.programme_id)
    found = waiting(programme, places(programme.id), now=here.clock.now)
    return {place.enrolment_id: wait.since for place, wait in found if wait.kind is WaitKind.CHECK_IN}


def test_a_check_in_that_a_pause_made_longer_is_waited_for_until_its_new_end(here: Here) -> None:
    begun = here.clock.now
    here.clock.advance(days=21)
    without = open_check_ins(here)
    with transaction() as session:
        stop = {"from_at": begun + timedelta(days=1), "until_at": here.clock.now}
        session.add(PairStop(pair_id=here.pair, **stop))

    after_a_pause = open_check_ins(here)
    here.clock.advance(days=30)

    assert without == {}
    assert after_a_pause == {here.mentor: begun, here.mentee: begun}
    assert begun not in open_check_ins(here).values()


def test_while_the_clock_of_a_pair_stands_still_no_check_in_is_waited_for(here: Here) -> None:
    before = open_check_ins(here)
    with transaction() as session:
        session.add(PairStop(pair_id=here.pair, from_at=here.clock.now + timedelta(days=1)))

    steps = here.day(9)
    meanwhile = open_check_ins(here)
    with transaction() as session:
        session.query(PairStop).one().until_at = here.clock.now

    assert before == {here.mentor: here.clock.now - timedelta(days=9), here.mentee: here.clock.now - timedelta(days=9)}
    assert "check_in" not in [kind for _rung, kind in steps]
    assert meanwhile == {}
    assert open_check_ins(here) == before


def test_nobody_is_asked_again_for_what_they_sent_in_a_pair_before(here: Here) -> None:
    check_in(here.pair, here.mentee, 1, {"going": "4"}, now=here.clock.now)
    here.clock.advance(days=2)
    carl = make.enrolment(here.at, make.person(here.at, "Carl Cobweb"), role="mentor")
    with transaction() as session:
        ended = session.get_one(Pair, here.pair)
        ended.state, ended.ended_at, ended.end_reason = "ended", here.clock.now, "rematch"
    again = make.pair(here.at, carl, here.mentee, by=make.person(here.at, "Alec Ashford", role="instructor"))
    with transaction() as session:
        session.get_one(Pair, again).published_at = here.clock.now

    found = open_check_ins(here)

    assert found == {carl: here.clock.now}
