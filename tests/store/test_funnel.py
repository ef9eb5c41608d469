"""The funnel on both databases: every number is the number of its names, and the rules and the queries say the same."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event

from lti_tool.mentoring.funnel import Stage, is_silent, rows
from lti_tool.store.db import db, transaction
from lti_tool.store.funnel import ROLES, Wanted, groups_of, held_back, people_at, reached_by, stages_of
from lti_tool.store.nudges import Nudge
from lti_tool.store.people import Member
from lti_tool.store.programme import Programme
from tests import make
from tests.conftest import NOON

AGREED = {"consent_version": 1, "consented_at": NOON}


@pytest.fixture
def here(app: Flask) -> make.Setting:
    """A course with somebody at every stage, in two sections."""
    at = make.setting(asks_application=True, asks_training=True)
    make.person(at, "Alice Ashford", role="instructor")
    make.person(at, "Test Student", is_test_user=True)
    _in_section(at, make.person(at, "Not Invited"), "a")
    _in_section(at, make.person(at, "Opened"), "a", launched_at=NOON)
    written_to = make.person(at, "Written To")
    with transaction() as session:
        session.add(
            Nudge(programme_id=at.programme_id, person_id=written_to, kind="invited", channel="page", asked_at=NOON)
        )
    make.enrolment(at, make.person(at, "Has Left"), role="mentor", state="withdrawn")
    make.enrolment(at, make.person(at, "Has Begun"), role="mentor", state="draft")
    make.enrolment(at, make.person(at, "Mentor Joined"), role="mentor", **AGREED)
    for name, role, state in (
        ("Mentor Draft", "mentor", "draft"),
        ("Mentor Sent", "mentor", "submitted"),
        ("Mentor Declined", "mentor", "declined"),
        ("Either Approved", "either", "approved"),
        ("Mentor Approved", "mentor", "approved"),
    ):
        make.application(make.enrolment(at, make.person(at, name), role=role, **AGREED), state=state)
    ready = make.enrolment(at, make.person(at, "Mentor Ready"), role="mentor", **AGREED)
    make.application(ready, state="approved")
    make.training(ready)
    make.training(make.enrolment(at, make.person(at, "Mentee Ready"), role="mentee", **AGREED), course="mentee")
    person = make.person(at, "Mentee Joined")
    _in_section(at, person, "a", "b")
    make.enrolment(at, person, role="mentee")
    return at


def _in_section(at: make.Setting, person_id: int, *sections: str, **changes: object) -> None:
    with transaction() as session:
        member = session.query(Member).filter_by(course_id=at.course_id, person_id=person_id).one()
        member.section_ids = list(sections)
        for name, value in changes.items():
            setattr(member, name, value)


def programme(at: make.Setting) -> Programme:
    """The course's programme."""
    return db.session.get_one(Programme, at.programme_id)


def names(at: make.Setting, **wanted: object) -> set[str]:
    """Who is on a list."""
    found, total = people_at(programme(at), Wanted(**wanted), page=1)  # type: ignore[arg-type]  # fields by name
    assert total == len(found)
    return {person.name for person, _role in found}


def test_every_number_is_the_number_of_its_names(here: make.Setting) -> None:
    groups, of = groups_of(programme(here)), stages_of(programme(here))

    for role in (None, *ROLES):
        for section in (None, "a", "b"):
            for row in rows(groups, of, role=role, section=section):
                filters = {"role": role, "section": section}
                assert len(names(here, stage=row.stage, **filters)) == row.reached, (row, filters)
                assert len(names(here, stage=row.stage, is_silent=True, **filters)) == row.silent, (row, filters)


def test_people_stand_where_they_should(here: make.Setting) -> None:
    assert names(here, stage=Stage.INVITED, is_silent=True) == {"Not Invited"}
    assert names(here, stage=Stage.JOINED, is_silent=True) == {"Opened", "Written To", "Has Begun"}
    assert names(here, stage=Stage.APPLIED, is_silent=True) == {"Mentor Joined", "Mentor Draft"}
    assert names(here, stage=Stage.APPROVED, is_silent=True) == {"Mentor Sent", "Mentor Declined"}
    assert names(here, stage=Stage.TRAINED, is_silent=True) == {"Either Approved", "Mentor Approved"}
    assert names(here, stage=Stage.AGREED, is_silent=True) == {"Mentee Joined"}
    assert names(here, stage=Stage.READY) == {"Mentor Ready", "Mentee Ready", "Either Approved"}
    assert "Test Student" not in names(here, stage=Stage.ROSTER)


def test_one_person_is_seen_as_the_lists_see_them(here: make.Setting) -> None:
    of = stages_of(programme(here))
    everybody, _total = people_at(programme(here), Wanted(stage=Stage.ROSTER), page=1)

    for person, _role in everybody:
        role, reached = reached_by(programme(here), person.id)
        for stage in of:
            silent = names(here, stage=stage, is_silent=True)
            has_left = person.name == "Has Left"
            assert (person.name in silent) == (is_silent(stage, role, reached, of) and not has_left), (
                person.name,
                stage,
            )


def test_who_may_not_mentor_yet_is_known_with_what_is_missing(here: make.Setting) -> None:
    found = sorted(held_back(programme(here)).values())

    assert found == [Stage.APPLIED, Stage.APPLIED, Stage.APPROVED, Stage.APPROVED, Stage.TRAINED, Stage.TRAINED]


def test_a_programme_that_asks_nothing_of_mentors_holds_nobody_back(app: Flask) -> None:
    at = make.setting()
    make.enrolment(at, make.person(at, "Bob Birchwood"), role="mentor", **AGREED)

    assert held_back(programme(at)) == {}
    assert names(at, stage=Stage.READY) == {"Bob Birchwood"}


def test_a_section_with_letters_that_databases_treat_specially_is_found(app: Flask) -> None:
    at = make.setting()
    for number, section in enumerate(('50%_"x"', "50", "Ärzte\\1", "1")):
        _in_section(at, make.person(at, f"Student {number}"), section)

    assert names(at, stage=Stage.ROSTER, section='50%_"x"') == {"Student 0"}
    assert names(at, stage=Stage.ROSTER, section="Ärzte\\1") == {"Student 2"}
    assert names(at, stage=Stage.ROSTER, section="1") == {"Student 3"}


def test_counting_takes_one_query_however_many_people_there_are(
    here: make.Setting, counting: Callable[[], list[str]]
) -> None:
    made = programme(here)
    before = len(counting())

    groups_of(made)

    assert len(counting()) - before == 1


@pytest.fixture
def counting(app: Flask) -> Callable[[], list[str]]:
    """Every statement since the test began."""
    said: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *parts: said.append(str(parts[2])))
    return lambda: said
