"""What mentors in reserve said: read by staff, counted by a change of settings, handed out, and removed."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.erase import delete_registration
from lti_tool.store.impact import affected_by
from lti_tool.store.people import Member
from lti_tool.store.privacy import everything_about, held_about, make_nameless
from lti_tool.store.programme import settings_of
from lti_tool.store.standby import (
    StandbyCheckIn,
    in_reserve,
    readiness_of,
    standby_page,
)
from tests import make
from tests.actions.reserve import Here
from tests.conftest import Clock
from tests.outside import look_again


@pytest.fixture
def here(app: Flask, clock: Clock) -> Here:
    return Here(clock)


def test_staff_read_who_is_ready_of_those_who_still_wait(here: Here) -> None:
    here.send(1)
    here.day(15)
    here.send(2, {"ready": "no", "would_help": ["talk"]})
    hal = make.enrolment(here.at, make.person(here.at, "Hal Hazel"), role="mentor")

    assert in_reserve(here.programme) == {here.fay, hal}
    assert readiness_of([here.fay, hal]) == {here.fay: "no"}
    assert [row.number for row, _who, _person in standby_page(here.at.programme_id, page=1)[0]] == [2, 1]
    assert standby_page(here.at.programme_id, page=1, ready="no")[1] == 1
    here.match()
    with transaction() as session:
        person = session.get_one(Enrolment, hal).person_id
        session.scalars(select(Member).filter_by(person_id=person)).one().is_active = False
    assert in_reserve(here.programme) == set()


def test_an_answer_without_a_word_about_it_leaves_what_was_said_before(here: Here) -> None:
    here.send(1, {"ready": "later"})
    here.day(15)
    here.send(2, {"hours": "week"})

    assert readiness_of([here.fay]) == {here.fay: "later"}


def test_however_many_are_in_reserve_their_words_are_read_in_one_statement(here: Here) -> None:
    here.send(1, {"ready": "later"})
    more_than_a_statement_has_parameters = range(1, 70_000)

    assert readiness_of([]) == {}
    assert readiness_of({here.fay, *more_than_a_statement_has_parameters}) == {here.fay: "later"}


def test_a_change_of_the_settings_counts_what_was_sent_in_reserve(here: Here) -> None:
    here.send(1)
    here.day(15)
    here.send(2)

    found = affected_by(here.programme, replace(settings_of(here.programme), check_in_count=1))

    assert (found.check_ins_sent, found.check_ins_beyond) == (2, 1)


def test_nobody_of_another_programme_is_read(here: Here) -> None:
    there = make.setting(context_id="chem-101")
    here.send(1)

    assert standby_page(there.programme_id, page=1) == ([], 0)


def test_what_was_sent_in_reserve_is_handed_out_emptied_and_removed_with_the_lms(here: Here) -> None:
    words = "Only Fay wrote this"
    here.send(1, {"for_staff": words})
    held, count = everything_about(here.fay_person), held_about(here.fay_person).check_ins

    with transaction():
        make_nameless(here.fay_person, "gone")
    look_again()
    after = everything_about(here.fay_person)["standby_check_in"]
    with transaction():
        delete_registration(here.at.registration_id)

    assert held["standby_check_in"][0]["answers"]["for_staff"] == words
    assert count == 1
    assert [(row["answers"], row["sent_at"]) for row in after] == [({}, held["standby_check_in"][0]["sent_at"])]
    assert db.session.scalars(select(StandbyCheckIn)).all() == []
