"""The roster: all of it or nothing, and nobody is ever deleted."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from lti_tool.actions.roster import FRESH, keep_roster, refresh_roster, sync_roster
from lti_tool.demo_lms.state import Standing
from lti_tool.store import outbox
from lti_tool.store.db import db
from lti_tool.store.people import Member, Person, member_counts
from tests.conftest import Clock
from tests.outside import ALICE, BOB, CHEMISTRY, DANA, QUENTIN, THEO, ZOE, Lms, outbox_rows, running_lms
from tests.pages import PageClient

LEASE_SECONDS = 120  # unless set otherwise

STUDENTS = 40
EVERYBODY = STUDENTS + 3  # the teacher, an assistant, an observer; a test student is in no roster


@pytest.fixture
def synced(lms: Lms, pages: Callable[[], PageClient]) -> Lms:
    """Alice has come, and the worker has read the roster."""
    lms.arrive(pages(), ALICE)
    lms.work()
    return lms


def refresh(lms: Lms, clock: Clock, *, accept_shrink: bool = False) -> None:
    """Alice presses the button, and the worker works."""
    alice = lms.person(ALICE).id
    refresh_roster(lms.course().id, accept_shrink=accept_shrink, by=alice, now=clock.advance(minutes=1))
    lms.work()


def members(lms: Lms) -> int:
    """How many rows the course has, active or not."""
    course_id = lms.course().id
    return db.session.scalar(select(func.count()).select_from(Member).filter_by(course_id=course_id)) or 0


def test_a_staff_launch_brings_the_whole_roster_page_by_page(synced: Lms) -> None:
    course = synced.course()

    assert synced.asked("/memberships") == 5
    assert (course.roster_state, course.roster_read) == ("done", EVERYBODY)
    assert member_counts(course.id) == {"instructor": 1, "teaching_assistant": 1, "observer": 1, "student": STUDENTS}
    assert synced.person(ZOE).name == "Zoë Ångström & Søn"


def test_a_students_launch_asks_for_no_roster(lms: Lms, pages: Callable[[], PageClient]) -> None:
    lms.arrive(pages(), BOB)

    assert outbox_rows("roster") == []


def test_nothing_is_taken_over_when_a_page_fails(lms: Lms, clock: Clock, pages: Callable[[], PageClient]) -> None:
    lms.arrive(pages(), ALICE)
    lms.work()
    lms.leave(DANA)
    lms.campus.page_size = 100
    first_page = lms.asked("/memberships")
    lms.campus.page_size = 10
    lms.fail("nrps", status=503, count=30)

    refresh(lms, clock)

    assert lms.asked("/memberships") > first_page
    assert lms.course().roster_state == "failed"
    assert lms.member(DANA).is_active
    (row,) = [one for one in outbox_rows("roster") if one.state == "waiting"]
    assert row.last_error == "no answer (HTTP 503)"


def test_a_roster_that_failed_is_read_by_itself_later(synced: Lms, clock: Clock) -> None:
    synced.leave(DANA)
    synced.fail("nrps", status=503, count=3)
    refresh(synced, clock)

    clock.advance(seconds=10)
    synced.campus.faults.clear()
    synced.work()

    assert synced.course().roster_state == "done"
    assert not synced.member(DANA).is_active


def test_an_lms_that_refuses_is_said_to_staff_and_not_asked_again(synced: Lms, clock: Clock) -> None:
    synced.fail("nrps", status=403)

    refresh(synced, clock)

    course = synced.course()
    assert (course.roster_state, outbox_rows("roster")[-1].state) == ("failed", "buried")
    assert course.roster_problem
    assert members(synced) == EVERYBODY


def test_an_unchanged_roster_writes_no_member_and_no_person(synced: Lms, clock: Clock) -> None:
    written: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        written.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    refresh(synced, clock)
    event.remove(db.engine, "before_cursor_execute", note)

    changes = [
        one for one in written if one.startswith(("INSERT", "UPDATE")) and (" member" in one or " person" in one)
    ]
    assert changes == []


def test_who_is_gone_becomes_inactive_and_who_is_back_active_again(synced: Lms, clock: Clock) -> None:
    synced.leave(DANA)
    refresh(synced, clock)
    was_active, rows = synced.member(DANA).is_active, members(synced)

    synced.leave(DANA, standing=Standing.ACTIVE)
    refresh(synced, clock)

    assert (was_active, rows) == (False, EVERYBODY)
    assert synced.member(DANA).is_active
    assert members(synced) == EVERYBODY


def test_who_the_lms_calls_inactive_is_inactive(synced: Lms, clock: Clock) -> None:
    synced.leave(BOB, standing=Standing.INACTIVE)

    refresh(synced, clock)

    assert not synced.member(BOB).is_active


def shrink(lms: Lms, standing: Standing) -> None:
    """Fourteen of the forty students leave at once."""
    for seat in lms.campus.students("biology-101")[:14]:
        lms.leave(seat.person.key, standing=standing)


@pytest.mark.parametrize("standing", [Standing.REMOVED, Standing.INACTIVE])
def test_a_large_shrink_asks_first(synced: Lms, clock: Clock, standing: Standing) -> None:
    shrink(synced, standing)

    refresh(synced, clock)

    course = synced.course()
    assert (course.roster_state, course.roster_shrink) == ("asks", 14)
    assert member_counts(course.id)["student"] == STUDENTS


def test_an_accepted_shrink_is_taken_over(synced: Lms, clock: Clock) -> None:
    shrink(synced, Standing.REMOVED)
    refresh(synced, clock)

    refresh(synced, clock, accept_shrink=True)

    course = synced.course()
    assert (course.roster_state, course.roster_shrink) == ("done", 0)
    assert member_counts(course.id)["student"] == STUDENTS - 14
    assert members(synced) == EVERYBODY


def test_a_shrink_that_is_not_wanted_changes_nobody(synced: Lms, clock: Clock) -> None:
    shrink(synced, Standing.REMOVED)
    refresh(synced, clock)

    keep_roster(synced.course().id, by=synced.person(ALICE).id, now=clock.now)

    course = synced.course()
    assert course.roster_state == "done"
    assert member_counts(course.id)["student"] == STUDENTS


def test_an_old_form_accepts_nothing_that_was_not_asked(synced: Lms, clock: Clock) -> None:
    shrink(synced, Standing.REMOVED)

    refresh(synced, clock, accept_shrink=True)

    assert synced.course().roster_state == "asks"


def test_an_old_form_keeps_nothing_that_was_not_asked(synced: Lms, clock: Clock) -> None:
    synced.fail("nrps", status=403)
    refresh(synced, clock)

    keep_roster(synced.course().id, by=synced.person(ALICE).id, now=clock.now)

    assert synced.course().roster_state == "failed"


def test_who_launched_as_instructor_is_not_lowered_by_a_roster(synced: Lms, clock: Clock) -> None:
    theo = synced.member(THEO)
    theo.launched_as = theo.role = "instructor"  # as Moodle's launches say of assistants
    db.session.commit()

    refresh(synced, clock)

    assert synced.member(THEO).role == "instructor"


def test_a_roster_does_not_lose_who_only_ever_launched(
    synced: Lms, clock: Clock, pages: Callable[[], PageClient]
) -> None:
    synced.leave(DANA)
    refresh(synced, clock)
    synced.leave(DANA, standing=Standing.ACTIVE)
    synced.arrive(pages(), DANA)
    synced.leave(DANA)

    refresh(synced, clock)

    assert synced.member(DANA).is_active  # the launch is younger than her place in any roster


def test_courses_and_lmss_do_not_mix(synced: Lms, app: Flask, clock: Clock, pages: Callable[[], PageClient]) -> None:
    with running_lms(app, clock, students=3) as southfield:
        southfield.register()
        southfield.arrive(pages(), ALICE)
        synced.arrive(pages(), QUENTIN, course=CHEMISTRY)
        synced.work()

        assert southfield.course().context_id == synced.course().context_id
        assert member_counts(southfield.course().id)["student"] == 3
        assert member_counts(synced.course().id)["student"] == STUDENTS
        assert member_counts(synced.course(CHEMISTRY).id)["student"] == 5
        alices = db.session.scalars(select(Person).filter_by(subject=synced.sub(ALICE))).all()
        assert len({one.registration_id for one in alices}) == 2


def test_a_fresh_roster_is_not_read_again_for_each_launch(
    synced: Lms, clock: Clock, pages: Callable[[], PageClient]
) -> None:
    synced.arrive(pages(), ALICE)
    soon = len(outbox_rows("roster"))

    clock.now += FRESH
    synced.arrive(pages(), ALICE)

    assert (soon, len(outbox_rows("roster"))) == (1, 2)


def test_two_thousand_members_arrive_whole(app: Flask, clock: Clock, pages: Callable[[], PageClient]) -> None:
    with running_lms(app, clock, page_size=500, students=2000) as large:
        large.register()
        large.arrive(pages(), ALICE)
        large.work()

        assert large.course().roster_read == 2003
        assert member_counts(large.course().id)["student"] == 2000


def test_a_worker_that_lost_its_lease_takes_nothing_over(synced: Lms, clock: Clock) -> None:
    synced.leave(DANA)
    refresh_roster(synced.course().id, accept_shrink=False, by=synced.person(ALICE).id, now=clock.now)
    lost = outbox.claim(now=clock.now, lease_seconds=LEASE_SECONDS)
    later = clock.now + timedelta(seconds=LEASE_SECONDS)
    taken = outbox.claim(now=later, lease_seconds=LEASE_SECONDS)
    assert lost
    assert taken

    sync_roster(
        lost.payload["course_id"],
        accept_shrink=False,
        edge=synced.edge,
        now=clock.now,
        still_ours=lambda: outbox.renew(lost, until=later),
    )

    assert synced.member(DANA).is_active
    assert outbox.renew(taken, until=later)
