"""What mentors in reserve say is read by staff, and by nobody else."""

import pytest
from flask import Flask

from lti_tool.store.db import transaction
from lti_tool.store.matching import Proposal, Unmatched
from tests import make
from tests.conftest import Clock
from tests.pages import words
from tests.web.reserve import FIRST, Browsers, Reserve


@pytest.fixture
def reserve(app: Flask, clock: Clock, pages: Browsers) -> Reserve:
    return Reserve(pages, clock)


def test_staff_read_who_is_ready_who_asks_for_them_and_who_is_matched(reserve: Reserve) -> None:
    alice = reserve.course.alice
    empty = words(alice.open("standby/"))
    reserve.fay.submit(FIRST, "/standby/1", {"ready": "no", "would_help": ["talk"], "for_staff": "I have moved away."})

    page = words(alice.open("standby/"))
    not_ready, ready = words(alice.open("standby/?ready=no")), words(alice.open("standby/?ready=yes"))
    odd = words(alice.open("standby/?ready=nonsense&page=99999999999"))

    assert "Nobody has answered this yet" in empty
    assert "In reserve 1" in page
    assert "Not ready any more 1" in page
    for said in ("Fay Fern", "Asks for you", "I have moved away."):
        assert said in page
        assert said in not_ready
        assert said not in ready
    assert "In reserve 1" in odd


def test_whoever_looks_for_a_partner_sees_whether_a_mentor_is_still_ready(reserve: Reserve) -> None:
    alice = reserve.course.alice
    with transaction() as session:
        proposal = Proposal(programme_id=reserve.at.programme_id, state="draft", asked_by=alice.person_id)
        proposal.asked_at = reserve.clock.now
        session.add(proposal)
        session.flush()
        found = make.scenario(session, proposal, pairs=[])
        left = Unmatched(proposal_id=proposal.id, scenario_id=found, enrolment_id=reserve.fay_enrolment)
        left.side, left.reason = "mentor", {"text": "Nobody is left.", "values": {}}
        session.add(left)

    before = words(alice.open("matching/without"))
    reserve.fay.submit(FIRST, "/standby/1", {"ready": "no"})
    after = words(alice.open("matching/without"))

    assert "Not ready any more" not in before
    assert "Not ready any more" in after


def test_the_words_of_a_mentor_in_reserve_are_read_by_staff_alone(reserve: Reserve) -> None:
    here = reserve.course
    reserve.fay.submit(FIRST, "/standby/1", {"for_staff": "I have moved away."})

    for somebody in (here.bob, here.dana):
        for place in ("", "participation/", f"pairs/{reserve.pair}/", "mentors-board/" if somebody is here.bob else ""):
            assert "moved away" not in words(somebody.open(place))
        assert "moved away" not in words(somebody.open(FIRST))
    assert "moved away" in words(here.alice.open("standby/"))
