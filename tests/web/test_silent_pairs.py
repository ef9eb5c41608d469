"""What staff read of a pair from which nothing is heard."""

from collections.abc import Callable

import pytest
from flask import Flask

from lti_tool.actions.nudging import climb
from lti_tool.store.db import db
from lti_tool.store.staff_tasks import StaffTask
from tests import make
from tests.conftest import Clock
from tests.pages import PageClient
from tests.web.course import course
from tests.web.test_pair_checkins import words

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_task_about_a_silent_pair_names_everybody_in_it_and_singles_out_nobody(
    app: Flask, pages: Callable[[], PageClient], clock: Clock
) -> None:
    here = course(pages, clock.now.replace(year=2027), asks_application=False, asks_training=False)
    make.pair(here.at, here.bob_enrolment, here.dana_enrolment, by=here.alice.person_id)
    for _day in range(8):
        clock.advance(days=1)
        climb(here.at.programme_id, has_mail=False, now=clock.now)

    listed = words(here.alice.open("tasks/"))
    task = words(here.alice.open(f"tasks/{db.session.query(StaffTask).one().id}"))
    points = words(here.alice.open("participation/"))

    assert "Bob" in listed
    assert "Dana" in listed
    assert "Nobody in this pair has been heard from since it began, 7 days ago." in listed
    assert "it is about this person" not in task
    assert "Not heard from: 2" in points
