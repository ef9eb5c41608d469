"""Somebody of the course begins to run a programme beside those whom the LMS names, or stops."""

from datetime import datetime

from lti_tool.actions import audit
from lti_tool.mentoring.roster import MemberRole
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.store.db import HELD, transaction
from lti_tool.store.enrolment import find_enrolment
from lti_tool.store.people import find_member
from lti_tool.store.programme import Programme, ProgrammeStaff, find_added_staff
from lti_tool.store.team import BY_ROLE, part_of

HAS_PARTNER = Sentence(N_("This person has a partner in this programme, who would be left alone. Nothing was changed."))
NOT_HERE = Sentence(N_("This person is not in the course any more. Nothing was changed."))
RUNS_ALREADY = Sentence(N_("This person runs the programme already."))


def why_not_add(programme: Programme, person_id: int) -> Sentence | None:
    """Why this person cannot be added to those who run the programme, or None when they can."""
    member = find_member(programme.course_id, person_id)
    if member is None or not member.is_active:
        return NOT_HERE
    if MemberRole(member.role) in BY_ROLE or find_added_staff(programme.id, person_id):
        return RUNS_ALREADY
    return HAS_PARTNER if part_of(programme.id, person_id).has_pairs else None


def add_staff(programme_id: int, person_id: int, *, by: int, now: datetime) -> None:
    """The person runs the programme from now on, and takes no part in it any more.

    Raises: RuleBroken when that is not possible.
    """
    with transaction() as session:
        programme = session.get_one(Programme, programme_id, with_for_update=HELD)
        why_not = why_not_add(programme, person_id)
        if why_not is RUNS_ALREADY:
            return
        if why_not:
            raise RuleBroken(why_not)
        enrolment = find_enrolment(programme_id, person_id)
        if enrolment:
            enrolment.state, enrolment.changed_at = "withdrawn", now
        session.add(ProgrammeStaff(programme_id=programme_id, person_id=person_id, added_by=by, added_at=now))
        audit.record("programme.staff", now=now, by=by, programme_id=programme_id, after={"added": person_id})


def remove_staff(programme_id: int, person_id: int, *, by: int, now: datetime) -> None:
    """The person no longer runs the programme; whoever is not there is not missed."""
    with transaction() as session:
        row = find_added_staff(programme_id, person_id)
        if row is None:
            return
        session.delete(row)
        audit.record("programme.staff", now=now, by=by, programme_id=programme_id, before={"added": person_id})
