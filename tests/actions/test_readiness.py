"""Matching takes only mentors who are ready: approved where they apply, trained where they must be."""

from flask import Flask
from sqlalchemy import select

from lti_tool.actions.matching import ask_for_proposal, compute_proposal
from lti_tool.store.db import db
from lti_tool.store.matching import Pair, Unmatched, last_proposal
from tests import make
from tests.conftest import Clock
from tests.outside import look_again


def test_mentors_who_are_not_approved_and_trained_are_not_matched_and_it_is_said_why(app: Flask, clock: Clock) -> None:
    at = make.setting(asks_application=True, asks_training=True)
    alice = make.person(at, "Alice Ashford", role="instructor")
    mentors = {
        name: make.enrolment(at, make.person(at, name), role="mentor")
        for name in ("Ready", "Untrained", "Declined", "New")
    }
    either = make.enrolment(at, make.person(at, "Either"), role="either")
    dana = make.enrolment(at, make.person(at, "Dana Dewdrop"), role="mentee")
    make.application(mentors["Ready"], state="approved")
    make.training(mentors["Ready"])
    make.application(mentors["Untrained"], state="approved")
    make.application(mentors["Declined"], state="declined")

    ask_for_proposal(at.programme_id, by=alice, now=clock.now)
    proposal = last_proposal(at.programme_id)
    assert proposal
    compute_proposal(proposal.id)
    look_again()

    pairs = {(pair.mentor_id, pair.mentee_id) for pair in db.session.scalars(select(Pair))}
    left = {row.enrolment_id: row.rule for row in db.session.scalars(select(Unmatched))}
    assert pairs == {(mentors["Ready"], dana), (mentors["Ready"], either)}
    assert left == {mentors["Untrained"]: "trained", mentors["Declined"]: "approved", mentors["New"]: "applied"}
