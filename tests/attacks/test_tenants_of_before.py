"""Rows from before the tool knew tenants: each goes to the institution it was seen through; none is doubled or lost.

That is how an installation is found that is upgraded, and one whose admin says only later that its LMS is Blackboard.
"""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.people import Course, Member, Person, Visit
from lti_tool.store.platforms import Deployment, Registration
from lti_tool.store.programme import Programme
from tests.actions.world import pair_at_work
from tests.attacks.tenants import FAMILY, Tenant, blackboard
from tests.conftest import Clock
from tests.outside import ALICE, BOB, DANA, look_again
from tests.pages import PageClient

Browsers = Callable[[], PageClient]
Tenants = tuple[Tenant, Tenant]
VENDOR = "https://vendor.example"


@pytest.fixture
def apart(app: Flask, clock: Clock) -> Iterator[Tenants]:
    """Two institutions with ids of their own, which the tool takes for one."""
    with blackboard(app, clock, issuer=VENDOR, family="") as made:
        yield made


@pytest.fixture
def mixed(app: Flask, clock: Clock) -> Iterator[Tenants]:
    """Two institutions with the same ids, which the tool takes for one."""
    with blackboard(app, clock, issuer=VENDOR, family="", has_own_ids=False) as made:
        yield made


def know_better() -> None:
    """From now on the tool knows that the registration is shared."""
    with transaction() as session:
        session.execute(update(Registration).filter_by(issuer=VENDOR).values(family=FAMILY))


def rows(*tables: type[object]) -> list[int]:
    """How many there are of each."""
    look_again()
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def whose(table: type[Course | Person]) -> list[str]:
    """The tenants of all rows."""
    look_again()
    return sorted(db.session.scalars(select(table.tenant)))


def test_what_one_institution_brought_is_taken_over_and_nothing_is_doubled(
    apart: Tenants, clock: Clock, pages: Browsers
) -> None:
    north, south = apart
    for one in apart:
        for person in (ALICE, BOB, DANA):
            one.arrive(pages(), person)
    pair_at_work(north, clock)
    before = rows(Course, Person, Member, Programme, Enrolment)
    ids = north.person(BOB).id, north.programme().id, south.person(BOB).id, south.programme().id
    know_better()

    for one in apart:
        one.arrive(pages(), BOB)

    assert rows(Course, Person, Member, Programme, Enrolment) == before
    assert (north.person(BOB).id, north.programme().id, south.person(BOB).id, south.programme().id) == ids
    assert whose(Course) == sorted(one.deployment for one in apart)
    assert whose(Person) == sorted([north.deployment] * 3 + [south.deployment] * 3)


def test_a_roster_after_that_finds_everybody_again(apart: Tenants, clock: Clock, pages: Browsers) -> None:
    north, _south = apart
    for one in apart:
        one.arrive(pages(), ALICE)
    north.work()
    before = rows(Person, Member)
    know_better()
    clock.advance(hours=1)

    for one in apart:
        one.arrive(pages(), ALICE)
    north.work()

    assert rows(Person, Member) == before
    assert "" not in whose(Person)


def test_work_that_waited_is_done_for_the_rows_as_they_are_then(apart: Tenants, pages: Browsers) -> None:
    north, south = apart
    for one in apart:
        one.arrive(pages(), ALICE)
    know_better()
    north.arrive(pages(), BOB)

    north.work()
    before = rows(Person, Member)
    south.arrive(pages(), BOB)

    assert rows(Person, Member) == before
    assert "" not in whose(Person)
    assert db.session.scalars(select(Member.is_active).distinct()).all() == [True]


def test_a_lonely_institution_takes_over_what_has_no_programme_too(apart: Tenants, pages: Browsers) -> None:
    north, _south = apart
    north.arrive(pages(), ALICE)
    with transaction() as session:
        session.query(Deployment).filter_by(deployment_id="south-1").delete()
        for table in (Visit, Programme):
            session.query(table).delete()
    before = rows(Course, Person, Programme)
    know_better()

    north.arrive(pages(), ALICE)

    assert before == [1, 1, 0]
    assert rows(Course, Person) == [1, 1]
    assert whose(Course) == whose(Person) == [north.deployment]


def test_what_two_had_mixed_stays_with_the_first_and_the_other_begins_anew(
    mixed: Tenants, clock: Clock, pages: Browsers
) -> None:
    north, south = mixed
    for one in mixed:
        alice = pages()
        arrived = one.arrive(alice, ALICE)
        if one is south:  # its link is a further one in what was taken for one course
            alice.submit(alice.get(arrived, follow_redirects=True), "/link/", {"choice": "new"}, status=303)
        for person in (BOB, DANA):
            one.arrive(pages(), person)
    with transaction() as session:
        oldest = session.scalars(select(Programme).order_by(Programme.id)).first()
        assert oldest
        first_id, course_id = oldest.id, oldest.course_id
    know_better()

    path = south.arrive(pages(), BOB)
    north.arrive(pages(), BOB)

    assert urlsplit(path).path.startswith("/l/")
    assert rows(Course) == [2]
    assert (north.course().id, north.programme().id) == (course_id, first_id)
    assert south.course().id != course_id
    assert south.person(BOB).id != north.person(BOB).id
    assert whose(Person) == sorted([north.deployment] * 3 + [south.deployment])
    here = select(Person.tenant).join(Member, Member.person_id == Person.id).where(Member.is_active)
    for one in mixed:
        assert set(db.session.scalars(here.where(Member.course_id == one.course().id))) == {one.deployment}
