"""What is over goes by itself: invitations at once, notices when no LMS repeats them any more."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from lti_tool.actions.platforms import INVITATION_LIFE, invite
from lti_tool.jobs.schedule import KEEP_NOTICES, tidy
from lti_tool.store.db import db, transaction
from lti_tool.store.notices import Notice, is_new_notice
from lti_tool.store.platforms import Invitation
from tests import make
from tests.conftest import Clock
from tests.outside import look_again


def left() -> list[str]:
    """The notes of the invitations that are there."""
    look_again()
    return sorted(db.session.scalars(select(Invitation.note)))


def told(clock: Clock, lms: int) -> bool:
    """Whether the notice is new when it arrives now."""
    with transaction():
        return is_new_notice(lms, "", "notice-1", kind="LtiContextCopyNotice", now=clock.now)


def test_invitations_that_are_used_or_over_go_and_open_ones_stay(app: Flask, clock: Clock) -> None:
    for note in ("over", "used"):
        invite(now=clock.now, note=note)
    clock.now += INVITATION_LIFE
    invite(now=clock.now, note="open")
    with transaction() as session:
        used = session.scalars(select(Invitation).filter_by(note="used")).one()
        used.used_at, used.expires_at = clock.now, clock.now + INVITATION_LIFE

    tidy(app)

    assert left() == ["open"]


def test_a_notice_is_remembered_for_as_long_as_it_may_be_repeated(app: Flask, clock: Clock) -> None:
    lms = make.setting().registration_id
    first = told(clock, lms)

    clock.now += KEEP_NOTICES - timedelta(seconds=1)
    tidy(app)
    repeated = told(clock, lms)
    clock.advance(seconds=1)
    tidy(app)

    assert (first, repeated) == (True, False)
    look_again()
    assert db.session.scalars(select(Notice)).all() == []
