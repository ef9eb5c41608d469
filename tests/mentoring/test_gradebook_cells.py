"""A cell of the LMS's gradebook compared with what the tool believes of it, case by case."""

from decimal import Decimal
from typing import Any

import pytest

from lti_tool.mentoring.gradebook_cells import Cell, ScoreState, Seen, Verdict, tolerance, verdict

WAITING, SENT, REFUSED = ScoreState.WAITING, ScoreState.SENT, ScoreState.REFUSED
DIFFERS, HELD, FROZEN = ScoreState.DIFFERS, ScoreState.HELD, ScoreState.FROZEN
NONE = None


def cell(state: ScoreState, points: str = "75", **more: Any) -> Cell:
    """A cell; numbers are written as text."""
    amounts = {name: Decimal(value) if isinstance(value, str) else value for name, value in more.items()}
    return Cell(state=state, points=Decimal(points), **amounts)


def seen(points: str | None, **more: Any) -> Seen:
    """What the LMS shows."""
    return Seen(points=None if points is None else Decimal(points), **more)


CASES = {
    "a first score is sent": (cell(WAITING), seen(NONE), Verdict.LEAVE),
    "so is a newer one over our own": (cell(WAITING, sent="50"), seen("50"), Verdict.LEAVE),
    "a post whose answer was lost arrived": (cell(WAITING, tried="75"), seen("75"), Verdict.TRIED_ARRIVED),
    "an older one arrived": (cell(WAITING, sent="25", tried="50"), seen("50"), Verdict.TRIED_ARRIVED),
    "a lost one did not": (cell(WAITING, sent="25", tried="75"), seen("25"), Verdict.LEAVE),
    "a teacher's grade is not overwritten": (cell(WAITING, sent="50"), seen("61"), Verdict.CHANGED),
    "nor one from before the first score": (cell(WAITING), seen("12"), Verdict.CHANGED),
    "nor one that was emptied": (cell(WAITING, sent="50", is_confirmed=True), seen(NONE), Verdict.EMPTIED),
    "what was never seen may be sent anew": (cell(WAITING, sent="50"), seen(NONE), Verdict.LEAVE),
    "a zero may just not be shown": (cell(WAITING, sent="0", is_confirmed=True), seen(NONE), Verdict.LEAVE),
    "who is away is held": (cell(WAITING), seen(NONE, is_active=False), Verdict.HOLD),
    "what was sent last may still have to show": (
        cell(WAITING, sent="50"),
        seen("25", is_settled=False),
        Verdict.NOT_YET,
    ),
    "so may a post without an answer, before another value": (
        cell(WAITING, sent="25", tried="50"),
        seen("25", is_landed=False),
        Verdict.NOT_YET,
    ),
    "also where the LMS shows what is to be there again": (
        cell(WAITING, "25", sent="25", tried="50"),
        seen("25", is_landed=False),
        Verdict.NOT_YET,
    ),
    "the same value may be posted again": (
        cell(WAITING, sent="25", tried="75"),
        seen("25", is_settled=False, is_landed=False),
        Verdict.LEAVE,
    ),
    "unread is sent": (cell(WAITING, tried="75"), seen(NONE, is_known=False), Verdict.LEAVE),
    "what is there already is not sent": (cell(WAITING, sent="75"), seen("75"), Verdict.AGREES),
    "unless it has a new comment": (cell(WAITING, sent="75", has_new_comment=True), seen("75"), Verdict.LEAVE),
    "staff decided for ours": (cell(WAITING, sent="50", there="61", is_decided=True), seen("61"), Verdict.LEAVE),
    "but about another value": (cell(WAITING, sent="50", there="61", is_decided=True), seen("62"), Verdict.CHANGED),
    "staff decided to fill an emptied one": (
        cell(WAITING, sent="50", is_confirmed=True, is_decided=True),
        seen(NONE),
        Verdict.LEAVE,
    ),
    "read back": (cell(SENT, sent="75"), seen("75"), Verdict.CONFIRM),
    "read back once more": (cell(SENT, sent="75", is_confirmed=True), seen("75"), Verdict.LEAVE),
    "rounded there": (cell(SENT, "33.33", sent="33.33"), seen("33.3300001"), Verdict.CONFIRM),
    "changed there": (cell(SENT, sent="75", is_confirmed=True), seen("61"), Verdict.CHANGED),
    "too new to be shown": (cell(SENT, sent="75"), seen("50", is_settled=False), Verdict.LEAVE),
    "lost there": (cell(SENT, sent="75"), seen(NONE), Verdict.SEND_AGAIN),
    "lost there twice": (cell(SENT, sent="75", was_missed=True), seen(NONE), Verdict.LEAVE),
    "lost, or too new to be shown": (cell(SENT, sent="75"), seen(NONE, is_settled=False), Verdict.LEAVE),
    "emptied there": (cell(SENT, sent="75", is_confirmed=True), seen(NONE), Verdict.EMPTIED),
    "a zero that is shown": (cell(SENT, "0", sent="0"), seen("0"), Verdict.CONFIRM),
    "a zero that is left out": (cell(SENT, "0", sent="0"), seen(NONE, omits_zeros=True), Verdict.CONFIRM),
    "a zero that is not there": (cell(SENT, "0", sent="0"), seen(NONE), Verdict.LEAVE),
    "nothing sent, nothing there": (cell(SENT), seen(NONE), Verdict.LEAVE),
    "nothing sent, and something there": (cell(SENT), seen("40"), Verdict.CHANGED),
    "dropped people are not listed": (cell(SENT, sent="75"), seen(NONE, is_active=False), Verdict.LEAVE),
    "ours was decided and not taken over": (
        cell(SENT, sent="75", there="61", is_decided=True),
        seen("61"),
        Verdict.NOT_TAKEN_OVER,
    ),
    "it differs as before": (cell(DIFFERS, sent="50", there="61"), seen("61"), Verdict.LEAVE),
    "it differs in another way": (cell(DIFFERS, sent="50", there="61"), seen("62"), Verdict.OTHER_THERE),
    "it was emptied after that": (cell(DIFFERS, sent="50", there="61"), seen(NONE), Verdict.OTHER_THERE),
    "the teacher agrees": (cell(DIFFERS, sent="50", there="61"), seen("75"), Verdict.AGREES),
    "the teacher took it back": (cell(DIFFERS, sent="50", there="61"), seen("50"), Verdict.RESUME),
    "it still differs for who is away": (cell(DIFFERS, there="61"), seen("70", is_active=False), Verdict.LEAVE),
    "a kept value stays": (cell(FROZEN, there="61", is_decided=True), seen("61"), Verdict.LEAVE),
    "a kept value is watched": (cell(FROZEN, there="61", is_decided=True), seen("70"), Verdict.OTHER_THERE),
    "to be emptied": (cell(FROZEN, sent="75", there="75"), seen("75"), Verdict.LEAVE),
    "emptied, and nobody said so": (cell(FROZEN, sent="75"), seen(NONE), Verdict.LEAVE),
    "said to be empty, and it is": (cell(FROZEN, sent="75", is_said_cleared=True), seen(NONE), Verdict.CLEARED),
    "said to be empty, and it is not": (
        cell(FROZEN, sent="75", is_said_cleared=True),
        seen("75"),
        Verdict.NOT_CLEARED,
    ),
    "refused stays refused": (cell(REFUSED), seen(NONE), Verdict.LEAVE),
    "refused, but an earlier post arrived": (cell(REFUSED, tried="75"), seen("75"), Verdict.TRIED_ARRIVED),
    "refused, and the person left": (cell(REFUSED), seen(NONE, is_active=False), Verdict.HOLD),
    "held stays held": (cell(HELD), seen(NONE, is_active=False), Verdict.LEAVE),
    "back in the course": (cell(HELD), seen(NONE), Verdict.RESUME),
    "back, where nothing can be read": (cell(HELD), seen(NONE, is_known=False), Verdict.RESUME),
}


@pytest.mark.parametrize("case", CASES)
def test_what_follows_from_what_is_seen(case):
    ours, theirs, expected = CASES[case]

    assert verdict(ours, theirs) is expected


@pytest.mark.parametrize("state", ScoreState)
def test_nothing_that_somebody_else_wrote_is_ever_written_over_without_a_word_of_staff(state):
    found = verdict(cell(state, sent="50"), seen("61"))

    assert found not in {Verdict.RESUME, Verdict.SEND_AGAIN} or state is HELD  # what is held is looked at again
    if state is WAITING:
        assert found is Verdict.CHANGED


def test_values_are_equal_as_far_as_both_scales_can_tell():
    assert tolerance(100, 100) == Decimal("0.011")
    assert tolerance(100, 10) > Decimal("0.05")
    assert tolerance(10, 1000) < Decimal("0.006")
