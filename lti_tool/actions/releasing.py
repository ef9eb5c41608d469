"""Points are given free for the gradebook: by staff, by the clock, or with everything that is earned.

What is released is what the ledger says at that moment; what changes later waits for the next release.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm.attributes import flag_modified

from lti_tool.actions.gradebook import ask_to_send
from lti_tool.mentoring.columns import parts_of
from lti_tool.mentoring.evidence import Evidence
from lti_tool.mentoring.participation import ledger
from lti_tool.mentoring.posting import Posting, posting_of
from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.scheme_presets import scheme_for
from lti_tool.mentoring.schemes import Scheme
from lti_tool.mentoring.words import N_
from lti_tool.store.db import db
from lti_tool.store.deeds import those
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.gradebook import Score
from lti_tool.store.programme import Programme, settings_of
from lti_tool.store.totals import totals_of

CLEAR_BY_HAND = N_(
    "Nothing counts any more, but points were sent before. Please empty this cell in the LMS’s gradebook by hand. "
    "Nothing more is sent for this person until then."
)


def release(programme: Programme, found: Mapping[int, Evidence], *, only: Collection[int] | None, now: datetime) -> int:
    """Release what is found about these people, inside the caller's transaction that has locked their enrolments and
    counted their totals; how many people's points that changed."""
    settings = settings_of(programme)
    parts = parts_of(scheme_for(settings), settings.columns)
    totals, scores, people = totals_of(programme, only), _scores(programme, only), _people(programme, only)
    changed = set()
    for number, evidence in found.items():
        for part, column in parts.items():
            key = (people[number], part.value)
            row = _released(scores.get(key), key, evidence, column, programme, now)
            if row is not None:
                changed.add(number)
                db.session.add(row)
        if number in totals:
            totals[number].released_points, totals[number].released_at = totals[number].points, now
    if changed:
        ask_to_send(programme, now=now)
    return len(changed)


def _people(programme: Programme, only: Collection[int] | None) -> dict[int, int]:
    query = db.select(Enrolment.id, Enrolment.person_id).where(those(Enrolment.id, programme, only))
    return {row.id: row.person_id for row in db.session.execute(query)}


def _scores(programme: Programme, only: Collection[int] | None) -> dict[tuple[int, str], Score]:
    theirs = (Enrolment.person_id == Score.person_id) & (Enrolment.programme_id == Score.programme_id)
    query = db.select(Score).join(Enrolment, theirs).where(those(Enrolment.id, programme, only))
    rows = db.session.scalars(query.order_by(Score.id).with_for_update(of=Score))
    return {(row.person_id, row.part): row for row in rows}


def _released(
    score: Score | None,
    key: tuple[int, str],
    evidence: Evidence,
    column: Scheme,
    programme: Programme,
    now: datetime,
) -> Score | None:
    """Return the score as it is to be sent, or None where nothing changes."""
    said = posting_of(
        ledger(evidence, column, now),
        is_released=True,
        is_closed=programme.phase == Phase.CLOSED,
        was_posted=score is not None and (score.sent_points is not None or score.tried_points is not None),
    )
    if said.posting is Posting.CLEAR_BY_HAND and score is not None and score.state != "frozen":
        score.state, score.problem, score.changed_at = "frozen", CLEAR_BY_HAND, now
        return score
    if said.posting is not Posting.SCORE or said.points is None:
        return None
    if score is None:
        person_id, part = key
        score = Score(programme_id=programme.id, person_id=person_id, part=part, state="waiting")
    elif score.points == said.points and _is_settled(score):
        return None
    return _ready(score, said.points, now)


def _is_settled(score: Score) -> bool:
    """Whether these points are on their way, have arrived, or wait for somebody; not where they came back to us."""
    return score.state != "held" and (score.state != "sent" or score.sent_points == score.points)


def _ready(score: Score, points: Decimal, now: datetime) -> Score:
    score.points, score.changed_at = points, now
    if score.state not in {"differs", "frozen"}:  # the LMS's own value stays until somebody decides
        score.state, score.problem = "waiting", None
        # Written even when it seems to be so already: the worker may have marked the old points as sent meanwhile.
        flag_modified(score, "state")
    return score
