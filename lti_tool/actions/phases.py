"""A programme goes to its next phase: somebody says so, pairs were published, or the day has come."""

from datetime import datetime
from zoneinfo import ZoneInfo

from lti_tool.actions import audit
from lti_tool.actions.gradebook import ask_for_column
from lti_tool.actions.participation import recount
from lti_tool.mentoring.phases import due_step, published, step
from lti_tool.mentoring.programme import Phase
from lti_tool.store.db import HELD, db, transaction
from lti_tool.store.impact import standing_of
from lti_tool.store.programme import PHASE_STEP, Programme, movable_programmes, settings_of


def move(programme_id: int, to: Phase, *, by: int, now: datetime) -> None:
    """Take a step by hand. Taking one that was taken already changes nothing.

    Raises: RuleBroken when there is no such step from here.
    """
    with transaction() as session:
        programme = session.get_one(Programme, programme_id, with_for_update=HELD)
        if programme.phase != to:
            _enter(programme, step(standing_of(programme), to), by=by, now=now)


def note_published(programme: Programme, *, by: int, now: datetime) -> None:
    """Pairs were published: the programme runs. Inside the caller's transaction.

    Raises: RuleBroken where the phase allows no pairs.
    """
    phase = published(standing_of(programme))
    programme.published_at = programme.published_at or now
    _enter(programme, phase, by=by, now=now)


def note_unpublished(programme: Programme, *, by: int, now: datetime) -> None:
    """The first pairs were taken back before anybody saw them: sign-up goes on while the calendar says so. Inside the
    caller's transaction."""
    today = now.astimezone(ZoneInfo(programme.time_zone)).date()
    is_over = programme.sign_up_closes_on is not None and today > programme.sign_up_closes_on
    programme.published_at = None
    _enter(programme, Phase.MATCHING if is_over else Phase.SIGN_UP, by=by, now=now)


def move_by_date(programme: Programme, *, now: datetime) -> None:
    """Take every step that the calendar has brought, inside the caller's transaction. The clock did it."""
    today = now.astimezone(ZoneInfo(programme.time_zone)).date()
    begun_on = programme.created_at.astimezone(ZoneInfo(programme.time_zone)).date()
    for _phase in Phase:
        due = due_step(standing_of(programme), settings_of(programme), begun_on=begun_on, today=today)
        if due is None:
            return
        _enter(programme, due, by=None, now=now)


def move_all_by_date(*, now: datetime) -> None:
    """Look at every programme once; doing it twice changes nothing."""
    for programme_id in movable_programmes():
        with transaction() as session:
            programme = session.get(Programme, programme_id, with_for_update=HELD)
            if programme is not None:
                move_by_date(programme, now=now)
    db.session.rollback()


def _enter(programme: Programme, phase: Phase, *, by: int | None, now: datetime) -> None:
    """The one place that writes a phase."""
    if programme.phase == phase:
        return
    before, programme.phase = programme.phase, phase.value
    if phase is Phase.SIGN_UP:
        ask_for_column(programme, now=now)  # it is there before the first score
    audit.record(
        PHASE_STEP,
        now=now,
        by=by,
        programme_id=programme.id,
        before={"phase": before},
        after={"phase": phase.value},
    )
    db.session.flush()
    recount(programme, now=now)
