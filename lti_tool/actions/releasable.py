"""One score in one column before a release: what a release would tell the gradebook of it, and what it does to it.

The caller has counted the ledger, and locked the score.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm.attributes import flag_modified

from lti_tool.actions.cells import outdated
from lti_tool.mentoring.columns import Part
from lti_tool.mentoring.gradebook_states import NONE_LEFT, OUTDATED_WORDS, ZERO_LATER
from lti_tool.mentoring.ledgers import NOT_IN_COURSE
from lti_tool.mentoring.posting import NO_POINTS, ZERO_WAITS, Posting, Said
from lti_tool.mentoring.releases import By
from lti_tool.mentoring.words import N_
from lti_tool.store.db import db
from lti_tool.store.gradebook import Score
from lti_tool.store.programme import Programme

CLEAR_BY_HAND = N_(
    "There are no points any more, but some were sent before. Please empty this cell in the LMS’s gradebook by hand. "
    "Nothing more is sent for this person until then."
)
_TO_WITHDRAW = (*NO_POINTS, ZERO_WAITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One person's score in one column: what is kept of it, and what a release would say now.

    Shape: `comment` is in the language of whose score it is, `in_english` the same; `says_alone` tells whether one that
        changed is sent without other points.
    """

    person_id: int
    part: Part
    score: Score | None
    said: Said
    comment: str = ""
    in_english: str = ""
    says_alone: bool = False

    @property
    def is_news(self) -> bool:
        """Whether a release would change what the gradebook is told."""
        if self.said.posting is Posting.SCORE:
            is_settled = self.score is not None and self.score.points == self.said.points and _is_settled(self.score)
            return not is_settled or self.has_new_comment
        return self.is_to_clear or self.is_to_withdraw

    @property
    def has_new_comment(self) -> bool:
        """Whether a release would change what stands beside the points and leave them as they are.

        Not where the LMS's own value stays, nor while a post is on its way: whether that arrived with its comment is
        not known, so that the new one waits for the next release.
        """
        score = self.score
        if score is None or not self.comment or score.points != self.said.points:
            return False
        if not self.says_alone or score.comment in {self.comment, self.in_english}:
            return False
        return score.tried_points is None and (score.state == "waiting" or _has_arrived(score))

    @property
    def is_to_clear(self) -> bool:
        """Whether staff have to empty it in the LMS."""
        return self.said.posting is Posting.CLEAR_BY_HAND and self.score is not None and self.score.state != "frozen"

    @property
    def void(self) -> str | None:
        """Why what was released does not count any more, where there is nothing to send instead of it."""
        if self.said.reason == ZERO_WAITS:
            return ZERO_LATER
        return NONE_LEFT if self.said.posting is Posting.CLEAR_BY_HAND or self.said.reason in NO_POINTS else None

    @property
    def is_to_withdraw(self) -> bool:
        """Whether points were released that are none any more, and the LMS was never told of them."""
        if self.score is None or was_told(self.score):
            return False
        return self.score.state in {"waiting", "held", "refused"} and self.said.reason in _TO_WITHDRAW


def note_outdated(cells: Iterable[Cell]) -> None:
    """Say beside each score whether it counts no more, inside the caller's transaction that counted it; of who is away
    it stays as it was."""
    for cell in cells:
        score = cell.score
        if score is None or cell.said.reason == NOT_IN_COURSE:
            continue
        score.void = cell.void
        if score.state in {"sent", "waiting"} and (outdated(score) or score.problem in OUTDATED_WORDS):
            score.problem = outdated(score)


def _has_arrived(score: Score) -> bool:
    return score.state == "sent" and score.sent_points == score.points


def was_told(score: Score | None) -> bool:
    """Whether the LMS has heard of a score, or may have."""
    return score is not None and (score.sent_points is not None or score.tried_points is not None)


def may_release(said: Said, by: By) -> bool:
    return by is By.STAFF or not said.needs_staff


def give(cell: Cell, programme: Programme, by: By, now: datetime) -> tuple[Score | None, bool]:
    """Prepare one score to be sent, or to be sent no more; the score as it is then, and whether anything changed."""
    score, said = cell.score, cell.said
    if cell.is_to_withdraw:
        db.session.delete(score)
        return None, True
    if cell.is_to_clear and score is not None:
        score.state, score.problem, score.changed_at = "frozen", CLEAR_BY_HAND, now
        score.decided_by = None  # whose word was about another value
        return score, True
    if said.posting is not Posting.SCORE or said.points is None or not may_release(said, by):
        return score, False
    if score is None:
        score = Score(programme_id=programme.id, person_id=cell.person_id, part=cell.part.value, state="waiting")
        db.session.add(score)
    elif score.points == said.points and _is_settled(score) and not cell.has_new_comment:
        return score, False
    score.comment = cell.comment or None
    _ready(score, said.points, now)
    return score, True


def _is_settled(score: Score) -> bool:
    """Whether these points are on their way, have arrived, or wait for somebody; not where they came back to us."""
    came_back = score.state == "held" or _is_to_clear(score)
    return not came_back and (score.state != "sent" or _has_arrived(score))


def _is_to_clear(score: Score) -> bool:
    """Whether staff were asked to empty the cell, which they need not once there are points again."""
    return score.state == "frozen" and score.decided_by is None


def _ready(score: Score, points: Decimal, now: datetime) -> None:
    score.points, score.changed_at = points, now
    is_theirs = score.state in {"differs", "frozen"}  # the LMS's own value stays until somebody decides
    if _is_to_clear(score) or not is_theirs:
        score.state, score.problem = "waiting", None
        # Written even when it seems to be so already: the worker may have marked the old points as sent meanwhile.
        flag_modified(score, "state")
