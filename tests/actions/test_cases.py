"""Two people act on one pair at the same moment: nothing is lost, nothing doubled, and nobody is kept in contact."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from lti_tool.actions.cases import begin, close_case, take_case
from lti_tool.actions.pair_life import end_pair, pause_pair
from lti_tool.actions.workspace import check_in
from lti_tool.mentoring.case_forms import Asked, Closing, Reported
from lti_tool.mentoring.cases import CaseKind, Outcome, Topic
from lti_tool.mentoring.pair_life import EndReason
from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken
from lti_tool.store.cases import CaseEntry, PairCase
from lti_tool.store.db import db
from lti_tool.store.matching import Pair
from lti_tool.store.pair_life import PairEvent, PairStop
from lti_tool.store.standing import PairStanding
from lti_tool.store.workspace import CheckIn
from tests import make
from tests.conftest import NOON, Clock

REPORT = Reported(kind=CaseKind.SAFETY, answers={"what": "Enough."})


def at_once(app: Flask, *steps: Callable[[], object]) -> list[object]:
    """Run the steps in threads that begin together; what each gave, or the refusal it met."""
    barrier = Barrier(len(steps))

    def run(step: Callable[[], object]) -> object:
        with app.app_context():
            barrier.wait()
            try:
                return step()
            except (RuleBroken, ChangedMeanwhile) as fault:
                return fault
            finally:
                db.session.remove()

    db.session.rollback()
    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def pair_of_two() -> tuple[int, int, int, int]:
    """A pair, its mentor and mentee, and a teacher."""
    at = make.setting()
    alice = make.person(at, "Alice Ashford", role="instructor")
    bob = make.enrolment(at, make.person(at, "Bob Birchwood"), role="mentor")
    dana = make.enrolment(at, make.person(at, "Dana Dewdrop"), role="mentee")
    return make.pair(at, bob, dana, by=alice), bob, dana, alice


def count(table: type[object]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_two_reports_a_pause_and_a_check_in_at_once(app: Flask, clock: Clock) -> None:
    pair, bob, dana, alice = pair_of_two()

    found = at_once(
        app,
        lambda: begin(pair, dana, REPORT, once="a", now=clock.now),
        lambda: begin(pair, dana, REPORT, once="a", now=clock.now),
        lambda: begin(pair, bob, REPORT, once="b", now=clock.now),
        lambda: pause_pair(pair, resumes_on=None, by=alice, now=clock.now),
        lambda: check_in(pair, bob, 1, {"going": "4"}, now=clock.now),
    )

    row = db.session.get_one(Pair, pair)
    assert found[0] == found[1] != found[2]
    assert (row.state, row.contact_stopped_at) == ("paused", NOON)
    assert count(PairCase) == 2
    assert count(PairStop) == 1
    assert count(CheckIn) == (0 if isinstance(found[4], RuleBroken) else 1)


def test_a_pair_that_two_end_at_once_ends_once(app: Flask, clock: Clock) -> None:
    pair, _bob, _dana, alice = pair_of_two()

    done = at_once(
        app,
        lambda: end_pair(pair, why=EndReason.STAFF, by=alice, now=clock.now),
        lambda: end_pair(pair, why=EndReason.LEFT, by=None, now=clock.now),
    )

    assert sorted(map(bool, done)) == [False, True]
    assert count(PairEvent) == 1
    assert db.session.get_one(PairStanding, pair).health == "ended"


def test_of_two_of_the_staff_who_take_and_close_a_case_at_once_one_is_told(app: Flask, clock: Clock) -> None:
    pair, _bob, dana, alice = pair_of_two()
    wish = Asked(kind=CaseKind.TALK, topic=Topic.TONE, answers={}, may_tell=False)
    case = begin(pair, dana, wish, once="a", now=clock.now)
    closing = Closing(outcome=Outcome.SETTLED, record="Done.", answer="")

    found = at_once(
        app,
        lambda: take_case(case, version=1, by=alice, now=clock.now),
        lambda: close_case(case, closing, version=1, once="c", by=alice, now=clock.now),
    )

    assert [type(one) for one in found].count(ChangedMeanwhile) == 1
    assert count(CaseEntry) == 1
    assert db.session.get_one(PairCase, case).version == 2
