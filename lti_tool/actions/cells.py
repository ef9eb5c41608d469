"""What becomes of one score by what the LMS was seen to have. The caller has locked its row."""

from datetime import datetime
from decimal import Decimal

from lti_tool.actions.gradebook_columns import NOTHING_THERE
from lti_tool.mentoring.gradebook_cells import Verdict
from lti_tool.mentoring.gradebook_states import ZERO_LATER
from lti_tool.mentoring.words import N_
from lti_tool.store.gradebook import Score

NOT_ACTIVE = N_("This person is no longer active in the course. The score is kept here and is not sent.")
CHANGED_THERE = N_("Somebody changed this grade in the LMS. The grade there stays; the score here is not sent over it.")
EMPTIED_THERE = N_("Somebody removed this grade in the LMS. It is not sent again until staff decide.")
NOT_TAKEN_OVER = N_(
    "The LMS took the points and goes on showing its own value. Remove the override, or the lock, of this cell in its "
    "gradebook, then choose again."
)
NOT_SHOWN = N_("The LMS took this score and does not show it. It was sent once more.")
STILL_THERE = N_("The LMS still shows a value in this cell. Empty it there, then say so here.")


def apply(score: Score, found: Verdict, there: Decimal | None, read_at: datetime) -> None:
    """Bring a score to what was found about its cell; `there` is what the LMS shows, in our points."""
    match found:
        case Verdict.LEAVE | Verdict.NOT_YET:
            return
        case Verdict.HOLD:
            score.state, score.problem = "held", NOT_ACTIVE
        case Verdict.RESUME | Verdict.SEND_AGAIN:
            _back(score, NOT_SHOWN if found is Verdict.SEND_AGAIN else None)
        case Verdict.TRIED_ARRIVED | Verdict.AGREES | Verdict.CONFIRM:
            _is_there(score, found, read_at)
        case Verdict.CLEARED | Verdict.NOT_CLEARED:
            _looked_after_clearing(score, found, there)
        case _:
            _differ(score, found, there, read_at)


def _back(score: Score, problem: str | None) -> None:
    """It is to be sent (again), unless it does not count any more; nothing that was decided about another value holds
    any more."""
    if score.void:
        score.state, score.problem = "sent", outdated(score)
    else:
        score.state, score.problem = "waiting", problem
    score.there_points = score.differs_since = score.decided_by = None


def _is_there(score: Score, found: Verdict, read_at: datetime) -> None:
    """The LMS shows what was sent, or what is to be sent."""
    if found is not Verdict.CONFIRM:
        mark_taken(score, score.tried_points if found is Verdict.TRIED_ARRIVED else score.points)
    score.confirmed_at = read_at
    score.there_points = score.differs_since = score.decided_by = None
    if score.state == "sent":
        score.problem = outdated(score)


def outdated(score: Score) -> str | None:
    """What staff read beside what the LMS has, or may have, where that does not count any more."""
    told = [one for one in (score.sent_points, score.tried_points) if one is not None]
    has_some = any(told) if score.void == ZERO_LATER else bool(told)
    return score.void if has_some else None


def _looked_after_clearing(score: Score, found: Verdict, there: Decimal | None) -> None:
    if found is Verdict.NOT_CLEARED:
        score.problem, score.there_points, score.cleared_said_at = STILL_THERE, there, None
        return
    is_empty(score)


def is_empty(score: Score) -> None:
    """The cell is empty, and nothing is to be sent until points are released again."""
    score.state, score.problem = "sent", None
    for name, value in NOTHING_THERE.items():
        setattr(score, name, value)


def _differ(score: Score, found: Verdict, there: Decimal | None, read_at: datetime) -> None:
    """The LMS has another value, or none: it stays until staff decide.

    Of a value that they chose to keep, and of a cell that they are to empty, the newest value is only noted.
    """
    score.there_points, score.differs_since = there, read_at
    if score.state == "frozen":
        return
    score.state, score.decided_by = "differs", None
    if found is Verdict.NOT_TAKEN_OVER:
        score.problem = NOT_TAKEN_OVER
    else:
        score.problem = CHANGED_THERE if there is not None else EMPTIED_THERE


def mark_taken(score: Score, points: Decimal | None) -> None:
    """The LMS took these points; whether it shows them is another question. A cell that is to be emptied stays so."""
    if points != score.sent_points:
        score.confirmed_at = None
    score.sent_points, score.tried_points = points, None
    if score.points == points and score.state != "frozen":
        score.state = "sent"
        score.problem = outdated(score) or (NOT_SHOWN if score.problem == NOT_SHOWN else None)
