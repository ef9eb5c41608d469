"""A course with a mentor in reserve in front of her own pages."""

from collections.abc import Callable

from lti_tool.store.db import transaction
from lti_tool.store.matching import Pair
from lti_tool.store.standby import StandbyCheckIn, standby_of
from tests import make
from tests.conftest import Clock
from tests.outside import look_again
from tests.pages import PageClient
from tests.web.course import Course, Reader, course, reader

Browsers = Callable[[], PageClient]
FIRST = "standby/1"
ANSWERS = {"ready": "later", "hours": "week", "kept_ready": ["training", "mentors"], "for_staff": "Exams until May"}


class Reserve:
    """Bob and Dana are a pair; Fay is in reserve; the first of four check-ins is open."""

    def __init__(self, pages: Browsers, clock: Clock) -> None:
        until = clock.now.replace(year=2027)
        self.course: Course = course(
            pages,
            until,
            cadence="fortnightly",
            asks_application=False,
            asks_training=False,
            participation="check_ins",
            release="by_hand",
        )
        self.at, self.clock = self.course.at, clock
        person = make.person(self.at, "Fay Fern")
        self.fay_enrolment = make.enrolment(self.at, person, role="mentor", consent_version=1, consented_at=until)
        self.fay: Reader = reader(pages, self.at, person, role="student", until=until)
        self.pair = make.pair(
            self.at, self.course.bob_enrolment, self.course.dana_enrolment, by=self.course.alice.person_id
        )
        clock.advance(minutes=1)

    def sent(self) -> list[StandbyCheckIn]:
        look_again()
        return standby_of(self.fay_enrolment)

    def change(self, table: type, number: int, **changes: object) -> None:
        """As other pages or the calendar do it."""
        with transaction() as session:
            row = session.get_one(table, number)
            for name, value in changes.items():
                setattr(row, name, value)

    def match(self) -> int:
        """Fay gets Gwen, now."""
        gwen = make.enrolment(self.at, make.person(self.at, "Gwen Gingham"), role="mentee")
        pair = make.pair(self.at, self.fay_enrolment, gwen, by=self.course.alice.person_id)
        self.change(Pair, pair, published_at=self.clock.now)
        return pair
