"""Points are given free for the gradebook: by staff, by the clock, or with everything that is earned.

Staff release what the ledger says at that moment; the clock releases as much of it as was due some days before, and no
zero. What changes later waits for the next release.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from lti_tool.actions.gradebook import ask_to_send
from lti_tool.actions.readers import translator
from lti_tool.actions.releasable import Cell, give, may_release, was_told
from lti_tool.lti.gradebook import RESULT_SCOPE
from lti_tool.mentoring.columns import Part, in_part, parts_of
from lti_tool.mentoring.evidence import Evidence
from lti_tool.mentoring.gradebook_comments import comment_of
from lti_tool.mentoring.ledgers import Ledger, Outcome
from lti_tool.mentoring.participation import ledger, outcome
from lti_tool.mentoring.posting import NOT_YET, Postable, Posting, Said, posting_of
from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.releases import By, due_by, releases_at
from lti_tool.mentoring.scheme_presets import scheme_for
from lti_tool.mentoring.schemes import Release, Scheme
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.store.db import db
from lti_tool.store.deeds import those
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.gradebook import Score
from lti_tool.store.participation import LedgerTotal
from lti_tool.store.people import Course, Person
from lti_tool.store.programme import Programme, settings_of

_NOT_JOINED = Said(posting=Posting.NOTHING, reason=Sentence(N_("Who has not joined has no points.")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One person's ledger as it was counted now, the row that keeps it, and their scores, column by column."""

    evidence: Evidence
    ledger: Ledger
    said: Said  # of everything together
    total: LedgerTotal
    cells: tuple[Cell, ...]

    @property
    def is_news(self) -> bool:
        """Whether a release by staff would change what the gradebook is told."""
        return any(one.is_news for one in self.cells)


class Gradebook:
    """What the gradebook is told of some people, and what it would be told."""

    def __init__(self, programme: Programme, only: Collection[int] | None) -> None:
        """Read their scores, inside the caller's transaction; they are locked until its end."""
        settings = settings_of(programme)
        self._scheme = scheme_for(settings)
        self.parts = parts_of(self._scheme, settings.columns)
        self._maximum = settings.points
        self._is_closed = programme.phase == Phase.CLOSED
        self._says_comments_alone = _says_comments_alone(programme)
        self._people, self._scores = _people(programme, only), _scores(programme, only)
        self._in = {locale: translator(locale) for locale in {locale for _person, locale in self._people.values()}}

    def count(
        self, evidence: Evidence, total: LedgerTotal, now: datetime, *, due_by: datetime | None = None
    ) -> Counted:
        """Count somebody's ledger, and say what staff could release of it in each column; with `due_by`, of what was
        due by then."""
        found = ledger(evidence, self._scheme, now, due_by=due_by)
        cells = tuple(
            self._cell(part, evidence, found if part is Part.ALL else self._outcome(column, evidence, now, due_by))
            for part, column in self.parts.items()
        )
        said = self._said(evidence, found)
        return Counted(
            evidence=evidence,
            ledger=found,
            said=said,
            total=total,
            cells=tuple(self._with_comment(cell, found, evidence) for cell in cells),
        )

    def waited(self, one: Counted, now: datetime) -> Counted:
        """What the clock releases of somebody's points: as much as has waited long enough. Where there are none any
        more, that is known at once."""
        held = self.count(one.evidence, one.total, now, due_by=due_by(one.total.released_at, now))
        cells = zip(held.cells, one.cells, strict=True)
        return replace(
            held,
            said=_waited(held.said, one.said),
            cells=tuple(replace(cell, said=_waited(cell.said, whole.said)) for cell, whole in cells),
        )

    def _said(self, evidence: Evidence, found: Ledger) -> Said:
        """What may be said of all of somebody's points together."""
        if evidence.joined_at is None:
            return _NOT_JOINED
        person_id, _locale = self._people[evidence.enrolment_id]
        was_told_any = any(was_told(self._scores.get((person_id, part.value))) for part in self.parts)
        return posting_of(found, is_released=True, is_closed=self._is_closed, was_posted=was_told_any)

    def _outcome(self, column: Scheme, evidence: Evidence, now: datetime, due_by: datetime | None) -> Outcome:
        return outcome(in_part(evidence, column, self._maximum), column, now, due_by=due_by)

    def _cell(self, part: Part, evidence: Evidence, found: Postable) -> Cell:
        person_id, _locale = self._people[evidence.enrolment_id]
        score = self._scores.get((person_id, part.value))
        if evidence.joined_at is None:
            return Cell(person_id=person_id, part=part, score=score, said=_NOT_JOINED)
        said = posting_of(found, is_released=True, is_closed=self._is_closed, was_posted=was_told(score))
        return Cell(person_id=person_id, part=part, score=score, said=said, says_alone=self._says_comments_alone)

    def _with_comment(self, cell: Cell, found: Ledger, evidence: Evidence) -> Cell:
        if cell.said.posting is not Posting.SCORE:
            return cell
        _person_id, locale = self._people[evidence.enrolment_id]
        in_english = comment_of(found, cell.part) if cell.says_alone and cell.score is not None else ""
        return replace(cell, comment=comment_of(found, cell.part, self._in[locale]), in_english=in_english)


def _waited(held: Said, whole: Said) -> Said:
    """What the clock says: of what has waited, where there are points; none have to be there yet."""
    if whole.posting is not Posting.SCORE:
        return whole
    return held if held.posting is Posting.SCORE else NOT_YET


def _says_comments_alone(programme: Programme) -> bool:
    """Whether a comment is sent that changed without its points.

    Not with every small step, since some LMSs keep each comment for good. Not where the gradebook cannot be read first:
    the points go along, and would be written over what somebody else put there.
    """
    course = db.session.get_one(Course, programme.course_id)
    return programme.release != Release.AT_ONCE and RESULT_SCOPE in course.gradebook_scopes


def _people(programme: Programme, only: Collection[int] | None) -> dict[int, tuple[int, str]]:
    """Who they are, and what they read, by enrolment."""
    query = db.select(Enrolment.id, Person.id.label("person_id"), Person.locale)
    query = query.join(Person, Person.id == Enrolment.person_id).where(those(Enrolment.id, programme, only))
    return {row.id: (row.person_id, row.locale) for row in db.session.execute(query)}


def _scores(programme: Programme, only: Collection[int] | None) -> dict[tuple[int, str], Score]:
    theirs = (Enrolment.person_id == Score.person_id) & (Enrolment.programme_id == Score.programme_id)
    query = db.select(Score).join(Enrolment, theirs).where(those(Enrolment.id, programme, only))
    rows = db.session.scalars(query.order_by(Score.id).with_for_update(of=Score))
    return {(row.person_id, row.part): row for row in rows}


def release(book: Gradebook, programme: Programme, counted: Iterable[Counted], *, by: By, now: datetime) -> int:
    """Release what was counted, inside the caller's transaction that counted it; how many people's points that
    changed."""
    count = 0
    for one in counted:
        given = book.waited(one, now) if by is By.CLOCK else one
        released = [give(cell, programme, by, now) for cell in given.cells]
        after = [replace(cell, score=score) for cell, (score, _) in zip(one.cells, released, strict=True)]
        count += any(has_changed for _, has_changed in released)
        _keep(given, by, now)
        one.total.has_news = any(cell.is_news for cell in after)
        one.total.releases_at = next_release(programme, one.ledger, one.total.released_at)
    if count:
        ask_to_send(programme, now=now)
    return count


def _keep(given: Counted, by: By, now: datetime) -> None:
    """Say in somebody's totals what was released, and as of when."""
    total = given.total
    if given.said.posting is Posting.SCORE and may_release(given.said, by):
        total.released_points = given.ledger.points
    elif any(cell.is_to_withdraw for cell in given.cells):
        total.released_points = None
    total.released_at = due_by(total.released_at, now) if by is By.CLOCK else now


def next_release(programme: Programme, found: Ledger, released_as_of: datetime | None) -> datetime | None:
    """When the clock releases somebody's points next; None where it does not."""
    return releases_at(found, released_as_of) if programme.release == Release.AFTER_DUE else None
