"""Two sections of an LMS that are merged: one programme, one ledger for each person, and the roster by section."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import func, select

from lti_tool.actions.participation import person_ledger
from lti_tool.actions.release_for_many import release_people
from lti_tool.actions.roster import refresh_roster
from lti_tool.actions.workspace import check_in
from lti_tool.demo_lms.dialects import DIALECTS
from lti_tool.demo_lms.habits import Start
from lti_tool.demo_lms.people import Seat
from lti_tool.mentoring.ledgers import Ledger
from lti_tool.store.class_points import counts_of
from lti_tool.store.db import Row, db
from lti_tool.store.gradebook import Score
from lti_tool.store.participation import Absence
from lti_tool.store.people import Member
from lti_tool.store.programme import Programme
from tests import make
from tests.conftest import Clock
from tests.outside import ALICE, BIOLOGY, BOB, DANA, Lms, running_lms
from tests.pages import PageClient

EARLY, LATE = "Biology early", "Biology late"


@pytest.fixture
def canvas(app: Flask, clock: Clock) -> Iterator[Lms]:
    """A registered LMS that tells the sections of everybody, with two of them in one course."""
    dialect = DIALECTS["canvas"]
    with running_lms(app, clock) as lms:
        lms.campus.dialect = replace(dialect, registration=replace(dialect.registration, start=Start.READY))
        lms.register()
        _seat(lms, {BOB: [EARLY], DANA: [LATE]})
        yield lms


def _seat(lms: Lms, sections: dict[str, list[str]]) -> None:
    """Put people into sections; whoever is in two of them is listed once for each."""
    people = {lms.campus.college.people[key]: found for key, found in sections.items()}
    seats: list[Seat] = []
    for one in dict.fromkeys(replace(seat, sections=()) for seat in lms.campus.college.seats[BIOLOGY]):
        each = people.get(one.person, [EARLY])
        seats += [replace(one, sections=(section,)) for section in each]
    lms.campus.add_course(lms.campus.college.courses[BIOLOGY], tuple(seats))


class Course:
    """Bob and Dana as a pair from two sections of a course, nine days after each has sent a check-in."""

    def __init__(self, lms: Lms, clock: Clock, browser: PageClient) -> None:
        self.lms, self.clock = lms, clock
        lms.arrive(browser, ALICE)
        lms.work()
        course, programme = lms.course(), lms.programme()
        self.at = make.Setting(
            registration_id=course.registration_id,
            deployment_id=programme.deployment_id,
            course_id=course.id,
            programme_id=programme.id,
        )
        self.alice = lms.person(ALICE).id
        self.bob = make.enrolment(self.at, lms.person(BOB).id, role="mentor")
        self.dana = make.enrolment(self.at, lms.person(DANA).id, role="mentee")
        pair = make.pair(self.at, self.bob, self.dana, by=self.alice)
        for who in (self.bob, self.dana):
            check_in(pair, who, 1, {"contact": "yes"}, now=clock.now)
        self.now = clock.advance(days=9)

    def read_again(self) -> None:
        """The roster is read once more."""
        now = self.clock.advance(minutes=1)
        refresh_roster(self.at.course_id, accept_shrink=False, by=self.alice, now=now)
        self.lms.work()

    def ledgers(self) -> list[Ledger | None]:
        return [person_ledger(who, self.lms.programme(), now=self.now) for who in (self.bob, self.dana)]

    def sections(self) -> list[list[str]]:
        return [sorted(self.lms.member(key).section_ids) for key in (BOB, DANA)]

    def people(self, section: str = "") -> int:
        programme = self.lms.programme()
        return counts_of(programme, Decimal(programme.points), section=section).people

    def release(self) -> dict[str, Decimal]:
        release_people(self.at.programme_id, make.everybody(self.at), by=self.alice, now=self.now)
        rows = db.session.scalars(select(Score).filter_by(programme_id=self.at.programme_id))
        return {f"{row.part} of {row.person_id}": row.points for row in rows}


def _count(table: type[Row], **values: object) -> int:
    return db.session.scalar(select(func.count()).select_from(table).filter_by(**values)) or 0


def test_case_21_merged_sections_are_one_programme_and_nothing_counts_twice_or_is_lost(
    canvas: Lms, clock: Clock, pages: Callable[[], PageClient]
) -> None:
    course = Course(canvas, clock, pages())
    apart, ledgers, size = course.sections(), course.ledgers(), _count(Member, course_id=course.at.course_id)
    by_section = [course.people(one) for one in ("", "biology-early", "biology-late")]
    released = course.release()

    _seat(canvas, {BOB: [EARLY, LATE], DANA: [EARLY, LATE]})
    course.read_again()

    assert (apart, by_section) == ([["biology-early"], ["biology-late"]], [2, 1, 1])
    assert course.sections() == [["biology-early", "biology-late"]] * 2
    assert [course.people(one) for one in ("", "biology-early", "biology-late")] == [2, 2, 2]
    assert _count(Member, course_id=course.at.course_id) == size
    assert _count(Absence) == 0
    assert _count(Programme) == 1
    assert course.ledgers() == ledgers
    assert course.release() == released
    assert len(released) == 2


def test_case_21_somebody_whose_section_is_dissolved_into_another_stays_who_they_are(
    canvas: Lms, clock: Clock, pages: Callable[[], PageClient]
) -> None:
    course = Course(canvas, clock, pages())
    ledgers = course.ledgers()

    _seat(canvas, {BOB: [EARLY], DANA: [EARLY]})
    course.read_again()

    assert course.sections() == [["biology-early"]] * 2
    assert course.ledgers() == ledgers
    assert [course.people(one) for one in ("biology-early", "biology-late")] == [2, 0]
