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
    FROZEN = "frozen"
    READY = "ready"
    RELEASED = "released"
    SENT = "sent"
    CONFIRMED = "confirmed"
    COLLECTING = "collecting"
    NOT_STARTED = "not_started"
    HELD = "held"


STATE_WORDS: Mapping[State, str] = {
    State.DIFFERS: N_("Changed in the LMS"),
    State.REFUSED: N_("Refused by the LMS"),
    State.FROZEN: N_("Left as it is in the LMS"),
    State.READY: N_("Ready to release"),
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
    State.READY: N_("There are points that have not been released."),
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
    State.FROZEN: N_("The staff of this course take care of this value in the gradebook themselves."),
    State.READY: N_("Your points are counted. They go to the gradebook when they are released."),
    State.RELEASED: N_("Your points are on their way to the gradebook. This usually takes less than a minute."),
    State.SENT: N_("Your points were sent to the gradebook."),
    State.CONFIRMED: N_("The gradebook has your points."),
    State.COLLECTING: N_("Your points are still being collected, so the gradebook has none yet."),
    State.NOT_STARTED: N_("Nothing of yours counts yet, so the gradebook has nothing."),
    State.HELD: N_("You are not active in this course just now. Your points are kept here."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What decides where somebody's points stand.

    Shape: without `standing` nothing was ever counted, without `score` nothing was ever released. `has_begun` says
        that there is something in the ledger. `is_in_lms` says that the LMS took something that still stands there.
    """

    is_active: bool = True
    standing: Posting | None = None
    points: Decimal | None = None
    released_points: Decimal | None = None
    has_begun: bool = False
    score: ScoreState | None = None
    is_in_lms: bool = False
    is_confirmed: bool = False


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
        return _AS_THE_SCORE[way.score]
    is_taken_back = way.score is ScoreState.SENT and not way.is_in_lms
    if way.standing is Posting.SCORE and (way.points != way.released_points or is_taken_back):
        return State.READY
    if way.is_in_lms:
        return State.CONFIRMED if way.is_confirmed else State.SENT
    return State.COLLECTING if way.has_begun else State.NOT_STARTED
