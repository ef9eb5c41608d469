"""Agreements of pairs: every version that was saved, and who signed which."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.mentoring.agreement import Version
from lti_tool.store.db import Row, db

MOST_VERSIONS = 20  # on one page


class Agreement(Row):
    """One version of a pair's agreement. Read by the people of the pair alone."""

    __tablename__ = "agreement"
    __table_args__ = (UniqueConstraint("pair_id", "number"), CheckConstraint("number >= 1", name="number"))
    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("pair.id"))
    number: Mapped[int]  # 1 for the first; the highest is in force once everybody has signed it
    terms: Mapped[dict[str, Any]]  # the pair's own words, by part
    rules: Mapped[dict[str, Any]]  # the sentences that hold for every pair as they read then, by part
    written_by: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    written_at: Mapped[datetime]


class AgreementSignature(Row):
    """One person's signature under one version."""

    __tablename__ = "agreement_signature"
    __table_args__ = (UniqueConstraint("agreement_id", "enrolment_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    agreement_id: Mapped[int] = mapped_column(ForeignKey("agreement.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    signed_at: Mapped[datetime]


def newest_agreement(pair_id: int) -> Agreement | None:
    """The pair's newest version."""
    query = select(Agreement).filter_by(pair_id=pair_id).order_by(Agreement.number.desc())
    return db.session.scalar(query.limit(1))


def agreements_of(pair_id: int) -> list[Agreement]:
    """The newest versions of the pair's agreement, newest first; what is older is found by its number."""
    query = select(Agreement).filter_by(pair_id=pair_id).order_by(Agreement.number.desc())
    return list(db.session.scalars(query.limit(MOST_VERSIONS)))


def agreement_numbered(pair_id: int, number: int) -> Agreement | None:
    """One version of the pair's agreement."""
    return db.session.scalar(select(Agreement).filter_by(pair_id=pair_id, number=number))


def signatures_of(agreement_ids: Collection[int]) -> dict[int, dict[int, datetime]]:
    """Who signed these versions, and when: by version, then by person."""
    query = select(AgreementSignature).where(AgreementSignature.agreement_id.in_(agreement_ids))
    found: dict[int, dict[int, datetime]] = {one: {} for one in agreement_ids}
    for row in db.session.scalars(query.order_by(AgreementSignature.id)):
        found[row.agreement_id][row.enrolment_id] = row.signed_at
    return found


def version_of(row: Agreement | None) -> Version | None:
    """A stored version as the rules know it."""
    if row is None:
        return None
    signed_by = frozenset(signatures_of([row.id])[row.id])
    return Version(number=row.number, terms=row.terms, written_by=row.written_by, signed_by=signed_by)
