"""The demo's crowd comes at every stage, and only where people may be invented."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from lti_tool.crowd import fill
from lti_tool.mentoring.funnel import Stage, rows
from lti_tool.store.db import db
from lti_tool.store.funnel import groups_of, stages_of
from lti_tool.store.programme import Programme
from tests import make


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_crowd_stands_at_every_stage_and_who_was_there_before_is_ready(app: Flask) -> None:
    at = make.setting()
    make.person(at, "Alice Ashford", role="instructor")
    make.enrolment(at, make.person(at, "Bob Birchwood"), role="mentor", consent_version=1)
    for number in range(120):
        make.person(at, f"Student {number}")

    came = fill(app.extensions["contents"].contents("en"), now=datetime(2026, 9, 14, tzinfo=UTC))

    programme = db.session.get_one(Programme, at.programme_id)
    found = {row.stage: row for row in rows(groups_of(programme), stages_of(programme))}
    assert came.students == 121
    assert all(row.reached for row in found.values())
    assert all(
        found[stage].silent for stage in (Stage.INVITED, Stage.JOINED, Stage.APPLIED, Stage.APPROVED, Stage.TRAINED)
    )
    assert found[Stage.ROSTER].reached > found[Stage.INVITED].reached > found[Stage.JOINED].reached
