"""The closing survey is sent once, whatever happens between its two halves, and nothing joins them."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, literal_column, select

from lti_tool.actions.participation import person_ledger
from lti_tool.actions.surveys import note_sent, read_results, send_survey
from lti_tool.mentoring.closing_survey import Sheet
from lti_tool.mentoring.ledgers import Entry, Standing
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.privacy import everything_about
from lti_tool.store.programme import AuditEntry, Programme
from lti_tool.store.surveys import SurveyAnswers, SurveySent, filled_sheets, has_sent, sent_count
from tests import make
from tests.conftest import NOON
from tests.outside import look_again

ANSWERS = {"duty": "2", "helped": "The talks"}


@dataclass
class World:
    """A programme that closes, with Alice who runs it and twelve people who take part."""

    at: make.Setting
    alice: int
    people: list[int]
    enrolments: list[int]

    def send(self, number: int, *, token: str = "", lot: Any = None, **answers: str) -> bool:
        """One of them sends a sheet."""
        enrolment = db.session.get_one(Enrolment, self.enrolments[number])
        lot = lot or (lambda below: (number * 7 + 3) % below)
        token = token or f"token-{number}"
        return send_survey(enrolment, Sheet.MENTEE, {**ANSWERS, **answers}, token=token, lot=lot, now=NOON)

    def set_phase(self, phase: str) -> None:
        """As staff or the calendar do it."""
        with transaction() as session:
            session.get_one(Programme, self.at.programme_id).phase = phase


@pytest.fixture
def world(app: Flask) -> World:
    """The programme is closing."""
    at = make.setting(participation="default", phase="closing")
    alice = make.person(at, "Alice Ashford", role="instructor")
    people = [make.person(at, f"Invented {number}") for number in range(12)]
    return World(
        at=at, alice=alice, people=people, enrolments=[make.enrolment(at, one, role="mentee") for one in people]
    )


def test_a_sheet_is_kept_and_that_it_was_sent(world: World) -> None:
    assert world.send(0)

    assert has_sent(world.enrolments[0])
    assert [one.answers for one in filled_sheets(world.at.programme_id)] == [ANSWERS]
    assert sent_count(world.at.programme_id) == 1


def test_nobody_sends_twice(world: World) -> None:
    world.send(0)

    assert not world.send(0)
    assert not world.send(0, token="another form", duty="5")
    assert [one.answers for one in filled_sheets(world.at.programme_id)] == [ANSWERS]


def stopped_between_the_halves(world: World, number: int) -> None:
    """The sheet of one person is there, and the program was killed before the second transaction."""
    world.send(number)
    with transaction() as session:
        session.delete(session.get_one(SurveySent, world.enrolments[number]))


def test_a_stop_between_the_two_halves_loses_no_credit_and_counts_nothing_twice(world: World) -> None:
    stopped_between_the_halves(world, 0)
    between = (sent_count(world.at.programme_id), len(filled_sheets(world.at.programme_id)))

    assert world.send(0)  # the browser sends the same form again

    assert between == (0, 1)
    assert (sent_count(world.at.programme_id), len(filled_sheets(world.at.programme_id))) == (1, 1)


def test_a_form_that_comes_again_after_the_programme_closed_still_brings_the_credit(world: World) -> None:
    stopped_between_the_halves(world, 0)
    world.set_phase("closed")

    assert world.send(0)
    assert has_sent(world.enrolments[0])


def test_noting_twice_is_noting_once(world: World) -> None:
    note_sent(world.enrolments[0], now=NOON)
    note_sent(world.enrolments[0], now=NOON)

    assert sent_count(world.at.programme_id) == 1


def test_nothing_in_a_sheet_leads_to_a_person_or_a_time(world: World) -> None:
    world.send(3)

    columns = {one["name"] for one in inspect(db.engine).get_columns("survey_answers")}
    sent_columns = {one["name"] for one in inspect(db.engine).get_columns("survey_sent")}
    sheet = db.session.scalars(select(SurveyAnswers)).one()

    assert columns == {"id", "programme_id", "side", "answers"}
    assert sent_columns == {"enrolment_id"}
    assert "token-3" not in sheet.id
    assert str(everything_about(world.people[3])).count("The talks") == 0


def test_the_pile_lies_in_no_order_of_arrival(world: World) -> None:
    for number in range(12):
        world.send(number, helped=str(number))

    order = "rowid" if db.engine.dialect.name == "sqlite" else "ctid"
    lying = db.session.scalars(select(SurveyAnswers.answers).order_by(literal_column(order)))
    found = [int(one["helped"]) for one in lying]

    assert sorted(found) == list(range(12))
    assert found not in (list(range(12)), list(range(11, -1, -1)))


def test_no_sheet_is_written_alone_once_others_are_there(world: World) -> None:
    for number in range(12):
        world.send(number, helped=str(number))
    if db.engine.dialect.name == "sqlite":
        return  # it keeps no number of the transaction with a row

    written_in = literal_column("xmin::text")
    counts = Counter(db.session.scalars(select(written_in).select_from(SurveyAnswers)))

    assert set(counts.values()) == {12}  # all were written anew with the last


@pytest.mark.parametrize("phase", ["set_up", "sign_up", "matching", "running", "closed"])
def test_it_can_be_sent_while_the_programme_closes_alone(world: World, phase: str) -> None:
    world.set_phase(phase)

    with pytest.raises(RuleBroken):
        world.send(0)

    assert filled_sheets(world.at.programme_id) == []
    assert not has_sent(world.enrolments[0])


def test_results_are_read_once_the_programme_is_closed_and_then_no_more_sheets_are_taken(world: World) -> None:
    world.send(0)
    with pytest.raises(RuleBroken):
        read_results(world.at.programme_id, by=world.alice, now=NOON)
    world.set_phase("closed")

    read_results(world.at.programme_id, by=world.alice, now=NOON)
    read_results(world.at.programme_id, by=world.alice, now=NOON)
    world.set_phase("closing")

    with pytest.raises(RuleBroken):
        world.send(1)
    assert len(list(db.session.scalars(select(AuditEntry).filter_by(what="survey.read")))) == 1
    assert len(filled_sheets(world.at.programme_id)) == 1


@pytest.mark.parametrize("how", [{"ends_on": None}, {"moves_by_date": False, "ends_on": NOON.date() + timedelta(60)}])
def test_the_survey_is_missed_by_nobody_before_it_could_be_sent(app: Flask, how: dict[str, Any]) -> None:
    at = make.setting(participation="default", phase="running", **how)
    dana = make.enrolment(at, make.person(at, "Dana Dewdrop"), role="mentee")
    long_after = NOON + timedelta(days=150)

    def survey() -> Entry:
        look_again()
        found = person_ledger(dana, db.session.get_one(Programme, at.programme_id), now=long_after)
        assert found
        return next(one for one in found.entries if one.key == "survey")

    before = survey()
    with transaction() as session:
        session.get_one(Programme, at.programme_id).phase = "closing"

    assert (before.standing, before.due_at, before.counted) == (Standing.NOT_DUE, None, 0)
    assert survey().due_at is not None
