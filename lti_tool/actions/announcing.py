"""Everybody whom a publication is about is told once: by a notice on their page, and by mail where there is a way.

The mail names nobody and says only that there is something to read; what it is stands in the course alone.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from lti_tool.actions import nudges
from lti_tool.mentoring.words import N_
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import Proposal, Scenario, left_in
from lti_tool.store.nudges import PUBLISHED, Nudge, Reminder
from lti_tool.store.pairs import PairMember
from lti_tool.store.people import Person
from lti_tool.store.programme import Programme

SUBJECT = N_("The mentoring pairs are published")
TEXT = N_(
    "The staff of your course have published the mentoring pairs. Open the course: on the page of the mentoring you "
    "read who your partner is, or what comes next for you."
)


def tell(
    proposal: Proposal, chosen: Scenario, *, pairs: Collection[int], has_mail: bool, by: int, now: datetime
) -> int:
    """Have mails sent about a publication, inside the caller's transaction; how many.

    Shape: `pairs` are those that began or ended with it. Who was written to about this proposal before is not again.
    """
    session = db.session()
    programme = session.get_one(Programme, proposal.programme_id)
    people = _concerned(chosen, pairs) - _told(proposal)
    found = session.scalars(select(Person).where(Person.id.in_(people)).order_by(Person.id)).all()
    people_left = [one for one in found if not one.is_test_user]
    if not people_left:
        return 0
    reminder = Reminder(
        programme_id=programme.id, stage=PUBLISHED, subject=SUBJECT, text=TEXT, asked_by=by, asked_at=now
    )
    session.add(reminder)
    session.flush()
    return nudges.mail_to(people_left, reminder, has_mail=has_mail, now=now)


def _concerned(chosen: Scenario, pairs: Collection[int]) -> set[int]:
    """The people of these pairs, and those whom the publication leaves without a partner."""
    members = select(PairMember.enrolment_id).where(PairMember.pair_id.in_(pairs))
    enrolments = {*db.session.scalars(members), *(one.enrolment_id for one in left_in(chosen.id))}
    return set(db.session.scalars(select(Enrolment.person_id).where(Enrolment.id.in_(enrolments))))


def _told(proposal: Proposal) -> set[int]:
    about = (Nudge.programme_id == proposal.programme_id, Nudge.kind == PUBLISHED, Nudge.sent_at.is_not(None))
    return set(db.session.scalars(select(Nudge.person_id).where(*about, Nudge.asked_at >= proposal.asked_at)))
