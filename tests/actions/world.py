"""A pair at work in a course of a real LMS: Alice teaches, Bob is the mentor, Dana the mentee."""

from dataclasses import dataclass

from lti_tool.actions.gradebook import ask_for_column
from lti_tool.actions.workspace import check_in
from lti_tool.store.db import transaction
from lti_tool.store.gradebook import Column, column_of
from lti_tool.store.programme import Programme
from tests import make
from tests.conftest import Clock
from tests.outside import ALICE, BOB, DANA, Lms, look_again

ANSWERS = {"met": "yes", "feeling": "good"}


@dataclass
class Pair:
    """A published pair, and what the two can do."""

    lms: Lms
    clock: Clock
    at: make.Setting
    pair_id: int
    bob: int
    dana: int

    def check_in(self, who: str, number: int) -> None:
        """One of the two sends a check-in."""
        look_again()
        enrolment = {BOB: self.bob, DANA: self.dana}[who]
        check_in(self.pair_id, enrolment, number, ANSWERS, now=self.clock.now)

    @property
    def column(self) -> Column:
        """The programme's column."""
        look_again()
        found = column_of(self.at.programme_id)
        assert found
        return found

    def ask_for_column(self) -> None:
        """As publishing does it."""
        with transaction() as session:
            ask_for_column(session.get_one(Programme, self.at.programme_id), now=self.clock.now)


def setting_of(lms: Lms) -> make.Setting:
    """The LMS's first programme, by ids."""
    programme, course = lms.programme(), lms.course()
    return make.Setting(
        registration_id=course.registration_id,
        deployment_id=programme.deployment_id,
        course_id=course.id,
        programme_id=programme.id,
    )


def pair_at_work(lms: Lms, clock: Clock) -> Pair:
    """Bob and Dana as a published pair; all four check-ins are open."""
    at = setting_of(lms)
    with transaction() as session:
        programme = session.get_one(Programme, at.programme_id)
        programme.cadence, programme.check_in_count = "own_pace", 4
        programme.starts_on = clock.now.date()
        programme.participation, programme.release = "check_ins", "at_once"
        programme.phase, programme.published_at = "running", clock.now
    bob = make.enrolment(at, lms.person(BOB).id, role="mentor")
    dana = make.enrolment(at, lms.person(DANA).id, role="mentee")
    pair = make.pair(at, bob, dana, by=lms.person(ALICE).id)
    made = Pair(lms=lms, clock=clock, at=at, pair_id=pair, bob=bob, dana=dana)
    made.ask_for_column()
    return made
