"""Mentors in reserve who get a partner, change sides or leave: what they sent stays, and nothing is asked twice."""

from decimal import Decimal

import pytest
from flask import Flask

from lti_tool.actions.peer_cases import save_peer_case
from lti_tool.actions.phases import move
from lti_tool.actions.workspace import check_in
from lti_tool.mentoring.ledgers import Ledger, Standing
from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.schemes import Kind
from lti_tool.mentoring.standby import (
    HAS_PARTNER,
)
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import Pair
from lti_tool.store.programme import Programme
from tests.actions.reserve import Here, refusal
from tests.conftest import Clock


@pytest.fixture
def here(app: Flask, clock: Clock) -> Here:
    return Here(clock)


def test_case_13_a_mentor_in_reserve_who_is_matched_goes_on_with_the_pair_without_double_credit(here: Here) -> None:
    here.send(1)
    here.day(15)
    here.send(2)
    save_peer_case(here.fay, "Once we sat in silence.", hand_in=True, headings=(), version=0, now=here.clock.now)
    alone = here.ledger()
    here.day(30)
    pair = here.match()
    matched = here.ledger()
    check_in(pair, here.fay, 1, {"going": "4"}, now=here.clock.now)
    here.day(36)
    later = here.ledger()

    def earned(ledger: Ledger) -> list[Decimal]:
        return [one.earned for one in ledger.entries if one.key.startswith("check_in:")]

    assert refusal(lambda: here.send(3)) == HAS_PARTNER
    assert earned(alone)[:2] == earned(matched)[:2] == earned(later)[:2] == [5, 5]
    assert len(earned(later)) == 6  # one line for each, wherever it was sent
    assert sum(earned(later)) <= 25
    assert here.entry("peer_case").earned == 40
    assert {"agreement", "meeting:1"} <= {one.key for one in later.entries}
    assert here.entry("check_in:3").standing is Standing.NOT_DUE  # of the pair; the reserve's was open as it ended


def test_what_was_sent_in_reserve_is_asked_in_no_pair_again_and_costs_nothing(here: Here) -> None:
    here.send(1)
    here.day(15)
    here.send(2)
    here.day(30)
    alone = here.ledger()
    pairs = [here.match(), here.match_with_one_more()]
    slots = [here.asked_in(pair, here.fay) for pair in pairs]
    here.day(34)
    waited_for = here.waited_for()
    here.day(43)  # what a pair asks of everybody first was due by now
    later = here.ledger()

    assert slots == [[3, 4, 5, 6]] * 2
    assert here.asked_in(pairs[0], here.gwen) == [1, 2, 3, 4, 5, 6]
    assert here.gwen in waited_for
    assert here.fay not in waited_for
    assert [one.earned for one in later.entries if one.key in {"check_in:1", "check_in:2"}] == [5, 5]
    assert later.points == alone.points
    assert not [
        one for one in later.entries if "partners" in one.reason.text and one.key in {"check_in:1", "check_in:2"}
    ]


def test_a_check_in_sent_in_a_pair_as_well_stays_readable_there_and_counts_once(here: Here) -> None:
    here.send(1)
    here.day(30)
    pair = here.match()
    check_in(pair, here.fay, 1, {"going": "4"}, now=here.clock.now)

    assert here.asked_in(pair, here.fay) == [1, 2, 3, 4, 5, 6]
    assert here.entry("check_in:1").earned == 5
    assert "partners" not in here.entry("check_in:1").reason.text


def test_what_was_missed_in_reserve_is_asked_by_the_pair_alone_as_far_as_it_is_due_there(here: Here) -> None:
    here.day(72)  # all six were due in reserve by now, or are open
    pair = here.match()
    asked = [here.entry(f"check_in:{number}").standing for number in range(1, 7)]
    check_in(pair, here.fay, 1, {"going": "4"}, now=here.clock.now)
    here.day(90)
    first = here.entry("check_in:1")
    later = [here.entry(f"check_in:{number}").standing for number in range(1, 7)]

    assert asked == [Standing.NOT_DUE] * 2 + [Standing.COUNTED] * 3 + [Standing.EXCUSED]
    assert (first.is_done, first.earned) == (True, 5)
    assert "partners" not in first.reason.text
    assert later[0] == Standing.COUNTED


def test_whoever_is_matched_a_day_later_owes_nothing_from_the_time_in_reserve(here: Here) -> None:
    here.day(1)
    here.match()
    here.day(7)

    assert here.entry("check_in:1").standing is Standing.COUNTED  # of the pair
    assert [one.key for one in here.ledger().entries].count("check_in:1") == 1
    assert "peer_case" not in [one.key for one in here.ledger().entries]


def test_whoever_changes_sides_or_leaves_keeps_what_was_sent_and_owes_no_more(here: Here) -> None:
    here.send(1)
    here.day(40)
    here.change(Enrolment, here.fay, role="mentee")
    as_mentee = [one.key for one in here.ledger().entries if one.key.startswith("check_in:")]
    here.change(Enrolment, here.fay, role="mentor", state="withdrawn")
    gone = [one.key for one in here.ledger().entries if one.key.startswith("check_in:")]

    assert as_mentee == gone == ["check_in:1"]
    assert here.entry("check_in:1").earned == 5


def test_pairs_that_are_taken_back_leave_nothing_due(here: Here) -> None:
    here.send(1)
    here.change(Programme, here.at.programme_id, phase="matching", published_at=None)
    here.change(Pair, here.pair, state="proposed", published_at=None)

    assert len(here.rows()) == 1
    assert {one.standing for one in here.ledger().entries if one.key.startswith("check_in:") and not one.is_done} <= {
        Standing.EXCUSED
    }


def test_check_ins_missed_in_reserve_do_not_come_back_when_the_programme_is_closed_by_hand(here: Here) -> None:
    here.day(30)
    here.match()
    here.day(32)
    here.change(Programme, here.at.programme_id, phase="running")
    before = here.ledger()

    for phase in (Phase.CLOSING, Phase.CLOSED):
        move(here.at.programme_id, phase, by=here.alice, now=here.clock.now)
    after = here.ledger()

    assert (after.points, after.reachable) == (before.points, before.points)
    missed = [one.key for one in after.entries if one.kind is Kind.CHECK_IN and one.counted and not one.earned]
    assert missed == [one.key for one in before.entries if one.kind is Kind.CHECK_IN and one.counted and not one.earned]
