"""Points are given free for the gradebook: by staff, by the clock, or with everything that is earned.

What is released is what the ledger says at that moment; what changes later waits for the next release.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm.attributes import flag_modified

from lti_tool.actions.gradebook import ask_to_send
from lti_tool.mentoring.columns import Part, in_part, parts_of
from lti_tool.mentoring.evidence import Evidence
from lti_tool.mentoring.gradebook_comments import comment_of
from lti_tool.mentoring.ledgers import ALL_EXCUSED, NOTHING_COUNTS, Ledger
from lti_tool.mentoring.participation import outcome
from lti_tool.mentoring.posting import Posting, Said, posting_of
from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.releases import releases_at
from lti_tool.mentoring.scheme_presets import scheme_for
from lti_tool.mentoring.schemes import Release, Scheme
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.store.db import db
from lti_tool.store.deeds import those
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.gradebook import Score
from lti_tool.store.participation import LedgerTotal
from lti_tool.store.programme import Programme, settings_of

CLEAR_BY_HAND = N_(
    "Nothing counts any more, but points were sent before. Please empty this cell in the LMS’s gradebook by hand. "
    "Nothing more is sent for this person until then."
)
_NOT_JOINED = Said(posting=Posting.NOTHING, reason=Sentence(N_("Who has not joined has no points.")))
_NO_POINTS = (ALL_EXCUSED, NOTHING_COUNTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One person's score in one column: what is kept of it, and what a release would say now."""

    person_id: int
    part: Part
    score: Score | None
    said: Said

    @property
    def is_news(self) -> bool:
        """Whether a release would change what the gradebook is told."""
        if self.said.posting is Posting.SCORE:
            return self.score is None or self.score.points != self.said.points or _is_to_clear(self.score)
        return self.is_to_clear or self.is_to_withdraw

    @property
    def is_to_clear(self) -> bool:
        """Whether staff have to empty it in the LMS."""
        return self.said.posting is Posting.CLEAR_BY_HAND and self.score is not None and self.score.state != "frozen"

    @property
    def is_to_withdraw(self) -> bool:
        """Whether points were released that are none any more, and the LMS was never told of them."""
        is_unknown = self.score is not None and self.score.state in {"waiting", "held"} and not was_told(self.score)
        return is_unknown and self.said.reason in _NO_POINTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One person's ledger as it was counted now, the row that keeps it, and their scores, column by column."""

    ledger: Ledger
    said: Said  # of everything together
    total: LedgerTotal
    cells: tuple[Cell, ...]

    @property
    def is_news(self) -> bool:
        """Whether a release would change what the gradebook is told."""
        return any(one.is_news for one in self.cells)


class Gradebook:
    """What the gradebook is told of some people, and what it would be told."""

    def __init__(self, programme: Programme, only: Collection[int] | None) -> None:
        """Read their scores, inside the caller's transaction; they are locked until its end."""
        settings = settings_of(programme)
        self.parts = parts_of(scheme_for(settings), settings.columns)
        self._maximum = settings.points
        self._is_closed = programme.phase == Phase.CLOSED
        self._people, self._scores = _people(programme, only), _scores(programme, only)

    def said(self, evidence: Evidence, ledger: Ledger) -> Said:
        """What may be said of all of somebody's points together."""
        if evidence.joined_at is None:
            return _NOT_JOINED
        was_told_any = any(was_told(self._scores.get((self._people[evidence.enrolment_id], part))) for part in Part)
        return posting_of(ledger, is_released=True, is_closed=self._is_closed, was_posted=was_told_any)

    def cells(self, evidence: Evidence, ledger: Ledger, now: datetime) -> tuple[Cell, ...]:
        """What may be said of them in each column."""
        person_id = self._people[evidence.enrolment_id]
        return tuple(self._cell(person_id, part, column, evidence, ledger, now) for part, column in self.parts.items())

    def _cell(
        self, person_id: int, part: Part, column: Scheme, evidence: Evidence, ledger: Ledger, now: datetime
    ) -> Cell:
        score = self._scores.get((person_id, part.value))
        if evidence.joined_at is None:
            return Cell(person_id=person_id, part=part, score=score, said=_NOT_JOINED)
        found = ledger if part is Part.ALL else outcome(in_part(evidence, column, self._maximum), column, now)
        said = posting_of(found, is_released=True, is_closed=self._is_closed, was_posted=was_told(score))
        return Cell(person_id=person_id, part=part, score=score, said=said)


def was_told(score: Score | None) -> bool:
    """Whether the LMS has heard of a score, or may have."""
    return score is not None and (score.sent_points is not None or score.tried_points is not None)


def _people(programme: Programme, only: Collection[int] | None) -> dict[int, int]:
    query = db.select(Enrolment.id, Enrolment.person_id).where(those(Enrolment.id, programme, only))
    return {row.id: row.person_id for row in db.session.execute(query)}


def _scores(programme: Programme, only: Collection[int] | None) -> dict[tuple[int, str], Score]:
    theirs = (Enrolment.person_id == Score.person_id) & (Enrolment.programme_id == Score.programme_id)
    query = db.select(Score).join(Enrolment, theirs).where(those(Enrolment.id, programme, only))
    rows = db.session.scalars(query.order_by(Score.id).with_for_update(of=Score))
    return {(row.person_id, row.part): row for row in rows}


def release(programme: Programme, counted: Iterable[Counted], *, now: datetime) -> int:
    """Release what was counted, inside the caller's transaction that counted it; how many people's points that
    changed."""
    count = 0
    for one in counted:
        count += sum(_released(cell, one.ledger, programme, now) for cell in one.cells) > 0
        _keep(one, programme, now)
    if count:
        ask_to_send(programme, now=now)
    return count


def _keep(one: Counted, programme: Programme, now: datetime) -> None:
    """Say in somebody's totals what was released."""
    total = one.total
    if one.said.posting is Posting.SCORE:
        total.released_points = one.ledger.points
    elif any(cell.is_to_withdraw for cell in one.cells):
        total.released_points = None
    total.released_at, total.has_news = now, False
    total.releases_at = next_release(programme, one.ledger, now)


def next_release(programme: Programme, ledger: Ledger, released_at: datetime | None) -> datetime | None:
    """When the clock releases somebody's points next; None where it does not."""
    return releases_at(ledger, released_at) if programme.release == Release.AFTER_DUE else None


def _released(cell: Cell, ledger: Ledger, programme: Programme, now: datetime) -> bool:
    """Prepare one score to be sent, or to be sent no more; whether anything changed."""
    score, said = cell.score, cell.said
    if cell.is_to_withdraw:
        db.session.delete(score)
        return True
    if cell.is_to_clear and score is not None:
        score.state, score.problem, score.changed_at = "frozen", CLEAR_BY_HAND, now
        score.decided_by = None  # whose word was about another value
        return True
    if said.posting is not Posting.SCORE or said.points is None:
        return False
    if score is None:
        score = Score(programme_id=programme.id, person_id=cell.person_id, part=cell.part.value, state="waiting")
        db.session.add(score)
    elif score.points == said.points and _is_settled(score):
        return False
    score.comment = comment_of(ledger, cell.part) or None
    _ready(score, said.points, now)
    return True


def _is_settled(score: Score) -> bool:
    """Whether these points are on their way, have arrived, or wait for somebody; not where they came back to us."""
    came_back = score.state == "held" or _is_to_clear(score)
    return not came_back and (score.state != "sent" or score.sent_points == score.points)


def _is_to_clear(score: Score) -> bool:
    """Whether staff were asked to empty the cell, which they need not once there are points again."""
    return score.state == "frozen" and score.decided_by is None


def _ready(score: Score, points: Decimal, now: datetime) -> None:
    score.points, score.changed_at = points, now
    if _is_to_clear(score) or score.state not in {
        "differs",
        "frozen",
    }:  # the LMS's own value stays until somebody decides
        score.state, score.problem = "waiting", None
        # Written even when it seems to be so already: the worker may have marked the old points as sent meanwhile.
        flag_modified(score, "state")
