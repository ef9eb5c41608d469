"""Where somebody's points stand, in one word for staff and one sentence for them."""

from decimal import Decimal

import pytest

from lti_tool.mentoring.gradebook_cells import ScoreState
from lti_tool.mentoring.gradebook_states import STATE_EXPLAINED, STATE_WORDS, TO_STUDENTS, State, Way, state_of
from lti_tool.mentoring.posting import Posting

P50, P75 = Decimal(50), Decimal(75)
SCORE, COLLECTING = Posting.SCORE, Posting.COLLECTING
COUNTED = {"standing": SCORE, "points": P75, "has_news": True}
RELEASED = {**COUNTED, "released_points": P75, "has_news": False}
CASES = {
    "nothing is counted": (Way(), State.NOT_STARTED),
    "counted, and nothing done": (Way(standing=Posting.NOTHING), State.NOT_STARTED),
    "something is begun": (Way(standing=COLLECTING), State.COLLECTING),
    "nothing is earned, and it counts": (Way(standing=Posting.NOTHING, points=Decimal(0)), State.NOT_STARTED),
    "there are points": (Way(**COUNTED), State.READY),
    "released": (Way(**RELEASED, score=ScoreState.WAITING), State.RELEASED),
    "released, and there is no column": (
        Way(**RELEASED, score=ScoreState.WAITING, has_column=False),
        State.NO_COLUMN,
    ),
    "taken, and the column is gone since": (
        Way(**RELEASED, score=ScoreState.SENT, has_column=False, is_in_lms=True),
        State.SENT,
    ),
    "it counts no more, and was confirmed": (
        Way(
            standing=COLLECTING,
            points=Decimal(0),
            released_points=P75,
            score=ScoreState.SENT,
            is_in_lms=True,
            is_confirmed=True,
            is_outdated=True,
        ),
        State.OUTDATED,
    ),
    "one of three columns counts no more": (
        Way(**COUNTED, released_points=P50, score=ScoreState.SENT, is_in_lms=True, is_outdated=True),
        State.OUTDATED,
    ),
    "taken": (Way(**RELEASED, score=ScoreState.SENT, is_in_lms=True), State.SENT),
    "read back": (Way(**RELEASED, score=ScoreState.SENT, is_in_lms=True, is_confirmed=True), State.CONFIRMED),
    "more than was released": (
        Way(**COUNTED, released_points=P50, score=ScoreState.SENT, is_in_lms=True, is_confirmed=True),
        State.READY,
    ),
    "changed there": (Way(**RELEASED, score=ScoreState.DIFFERS, is_in_lms=True), State.DIFFERS),
    "changed there, and there is more": (Way(**COUNTED, released_points=P50, score=ScoreState.DIFFERS), State.DIFFERS),
    "kept": (Way(**RELEASED, score=ScoreState.FROZEN, is_in_lms=True), State.FROZEN),
    "refused": (Way(**RELEASED, score=ScoreState.REFUSED), State.REFUSED),
    "gone from the course": (Way(**RELEASED, score=ScoreState.SENT, is_in_lms=True, is_active=False), State.HELD),
    "gone before anything was counted": (Way(is_active=False), State.NOT_STARTED),
    "fewer in all, since another column counts no more": (
        Way(
            **COUNTED | {"has_news": False},
            released_points=P50,
            score=ScoreState.SENT,
            is_in_lms=True,
            is_confirmed=True,
        ),
        State.CONFIRMED,
    ),
    "fewer in all, and nothing for this column": (
        Way(**COUNTED | {"has_news": False}, released_points=P50),
        State.COLLECTING,
    ),
    "as many in all, and the first of this column": (Way(**RELEASED | {"has_news": True}), State.READY),
    "taken back, and there again": (Way(**RELEASED | {"has_news": True}, score=ScoreState.SENT), State.READY),
    "taken back, and other columns go on": (Way(**RELEASED, score=ScoreState.SENT), State.COLLECTING),
    "taken back": (Way(standing=Posting.CLEAR_BY_HAND, released_points=P75, score=ScoreState.SENT), State.NOT_STARTED),
    "another column of theirs has nothing yet": (Way(**RELEASED), State.COLLECTING),
    "before there were totals": (Way(score=ScoreState.SENT, is_in_lms=True), State.SENT),
}


@pytest.mark.parametrize("case", CASES)
def test_where_points_stand(case):
    way, expected = CASES[case]

    assert state_of(way) is expected


@pytest.mark.parametrize("words", [STATE_WORDS, STATE_EXPLAINED, TO_STUDENTS])
def test_every_state_has_its_words(words):
    assert set(words) == set(State)
    assert len(set(words.values())) == len(State)
