"""Where somebody's points stand on their way to the gradebook, in one word for staff and one sentence for the person.

Source: product section 6.6. `store/gradebook_states` says the same to the database; a test keeps the two equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from lti_tool.mentoring.gradebook_cells import ScoreState
from lti_tool.mentoring.posting import Posting
from lti_tool.mentoring.words import N_


class State(StrEnum):
    """Where the points of one person stand, for one column; those that need somebody come first."""

    DIFFERS = "differs"
    REFUSED = "refused"
    OUTDATED = "outdated"
    FROZEN = "frozen"
    READY = "ready"
    NO_COLUMN = "no_column"
    RELEASED = "released"
    SENT = "sent"
    CONFIRMED = "confirmed"
    COLLECTING = "collecting"
    NOT_STARTED = "not_started"
    HELD = "held"


STATE_WORDS: Mapping[State, str] = {
    State.DIFFERS: N_("Changed in the LMS"),
    State.REFUSED: N_("Refused by the LMS"),
    State.OUTDATED: N_("Does not count any more"),
    State.FROZEN: N_("Left as it is in the LMS"),
    State.READY: N_("Ready to release"),
    State.NO_COLUMN: N_("Waits for a column"),
    State.RELEASED: N_("On its way"),
    State.SENT: N_("Sent"),
    State.CONFIRMED: N_("In the gradebook"),
    State.COLLECTING: N_("Collecting"),
    State.NOT_STARTED: N_("Not started"),
    State.HELD: N_("Kept here"),
}
STATE_EXPLAINED: Mapping[State, str] = {
    State.DIFFERS: N_("The gradebook has another value than the one that was sent. Somebody has to decide."),
    State.REFUSED: N_("The LMS did not take the points. The reason and the way out stand beside it."),
    State.FROZEN: N_("Nothing is sent: the value in the gradebook is kept, or has to be emptied there by hand."),
    State.OUTDATED: N_("The gradebook shows points that do not count any more. What can be done stands beside it."),
    State.READY: N_("There are points that have not been released."),
    State.NO_COLUMN: N_("The points are released. They are sent once the gradebook has a column for them."),
    State.RELEASED: N_("The points are released and on their way."),
    State.SENT: N_("The LMS took the points. They are confirmed when they are next read back."),
    State.CONFIRMED: N_("The points were read back from the gradebook."),
    State.COLLECTING: N_("Something is done, and nothing can be sent yet."),
    State.NOT_STARTED: N_("Nothing is done that counts."),
    State.HELD: N_("Not active in the course: the points are kept, and nothing is sent."),
}
TO_STUDENTS: Mapping[State, str] = {
    State.DIFFERS: N_("The gradebook shows another value than was sent, because somebody changed it there."),
    State.REFUSED: N_("The gradebook has not taken your points yet. They are safe here, and staff can see that."),
    State.OUTDATED: N_("The gradebook still shows points of yours that do not count any more. Staff can see that."),
    State.FROZEN: N_("The staff of this course take care of this value in the gradebook themselves."),
    State.READY: N_("Your points are counted. They go to the gradebook when they are released."),
    State.NO_COLUMN: N_(
        "Your points are released, and the gradebook has no column for them at the moment. They are safe here, and are "
        "sent as soon as there is one."
    ),
    State.RELEASED: N_("Your points are on their way to the gradebook. This usually takes less than a minute."),
    State.SENT: N_("Your points were sent to the gradebook."),
    State.CONFIRMED: N_("The gradebook has your points."),
    State.COLLECTING: N_("Your points are still being collected, so the gradebook has none yet."),
    State.NOT_STARTED: N_("Nothing of yours counts yet, so the gradebook has nothing."),
    State.HELD: N_("You are not active in this course just now. Your points are kept here."),
}


ZERO_LATER = N_(
    "Nothing of what counts is earned any more, and the gradebook shows the points of before. A zero is sent when "
    "staff release it: after the end, or before it where staff decide that in the ledger."
)
NONE_LEFT = N_(
    "There are no points any more, and the gradebook shows those of before. Once you release that, the cell is listed "
    "as one to be emptied by hand."
)
OUTDATED_WORDS = (ZERO_LATER, NONE_LEFT)  # a score's problem: what it was sent for does not count any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What decides where somebody's points stand.

    Shape: without `standing` nothing was ever counted, without `score` nothing was ever released in this column.
        `has_news` says that a release would change what the gradebook is told, in this column or another; `is_in_lms`
        that the LMS took something that still stands there, `is_outdated` that there is nothing to send instead of it
        although it does not count any more.
    """

    is_active: bool = True
    standing: Posting | None = None
    has_news: bool = False
    points: Decimal | None = None
    released_points: Decimal | None = None
    score: ScoreState | None = None
    has_column: bool = True
    is_in_lms: bool = False
    is_outdated: bool = False
    is_confirmed: bool = False


_BEGUN = (Posting.COLLECTING, Posting.SCORE)
_AS_THE_SCORE = {
    ScoreState.DIFFERS: State.DIFFERS,
    ScoreState.REFUSED: State.REFUSED,
    ScoreState.FROZEN: State.FROZEN,
    ScoreState.WAITING: State.RELEASED,
    ScoreState.HELD: State.HELD,
}


def state_of(way: Way) -> State:
    """Return where the points stand: what needs somebody first, then what has not been released, then the rest."""
    if not way.is_active and (way.score is not None or way.standing is not None):
        return State.HELD
    if way.score in _AS_THE_SCORE:
        return State.NO_COLUMN if way.score is ScoreState.WAITING and not way.has_column else _AS_THE_SCORE[way.score]
    if way.has_news and way.standing is Posting.SCORE and _is_unreleased(way):
        return State.READY
    if way.is_in_lms:
        return State.OUTDATED if way.is_outdated else State.CONFIRMED if way.is_confirmed else State.SENT
    return State.COLLECTING if way.standing in _BEGUN else State.NOT_STARTED


def _is_unreleased(way: Way) -> bool:
    """Whether this column has nothing of somebody, or what it has does count and is another number than now."""
    if not way.is_in_lms:
        return True
    return way.points != way.released_points and not way.is_outdated
