"""What a person's points were made of: handed out, and emptied when nothing shall name them."""

from typing import Any

from sqlalchemy import update

from lti_tool.store.db import Row, db
from lti_tool.store.participation import (
    Absence,
    Excuse,
    ExcuseBatch,
    HoursEntry,
    LedgerTotal,
    PeerCase,
    PointsOverride,
    Release,
    RematchOffer,
    SoloWork,
)
from lti_tool.store.surveys import SurveySent


def earned_by(person_id: int, mine: Any) -> dict[type[Row], Any]:
    """Which rows of which tables are about this person; `mine` are their enrolments."""
    return {
        Absence: Absence.person_id == person_id,
        Excuse: Excuse.enrolment_id.in_(mine) | (Excuse.decided_by == person_id),
        ExcuseBatch: (ExcuseBatch.given_by == person_id) | (ExcuseBatch.undone_by == person_id),
        PointsOverride: PointsOverride.enrolment_id.in_(mine) | (PointsOverride.decided_by == person_id),
        SoloWork: SoloWork.enrolment_id.in_(mine),
        RematchOffer: RematchOffer.enrolment_id.in_(mine),
        HoursEntry: HoursEntry.enrolment_id.in_(mine),
        PeerCase: PeerCase.enrolment_id.in_(mine),
        SurveySent: SurveySent.enrolment_id.in_(mine),
        LedgerTotal: LedgerTotal.enrolment_id.in_(mine),
        Release: Release.released_by == person_id,
    }


def empty_what_they_earned_with(mine: Any) -> None:
    """Inside the caller's transaction: words go, that something was done stays, since points rest on it."""
    session = db.session()
    session.execute(update(Excuse).where(Excuse.enrolment_id.in_(mine)).values(words="", answer="", reason="other"))
    session.execute(update(PointsOverride).where(PointsOverride.enrolment_id.in_(mine)).values(reason=""))
    session.execute(update(SoloWork).where(SoloWork.enrolment_id.in_(mine)).values(words=""))
    session.execute(update(HoursEntry).where(HoursEntry.enrolment_id.in_(mine)).values(words=""))
    session.execute(update(PeerCase).where(PeerCase.enrolment_id.in_(mine)).values(text=""))
