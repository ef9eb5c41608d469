"""Which programme a link shows: links beside a programme's own, and what is known of copied courses.

An id that an LMS sends along never decides alone: every search stays inside the institution of the course at hand.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.db import Row, db
from lti_tool.store.people import Course
from lti_tool.store.programme import Programme, find_programme

MOST_HINTS = 100  # ids of a history that are looked at, nearest first


class ProgrammeLink(Row):
    """One more link of the course that shows a programme."""

    __tablename__ = "programme_link"
    __table_args__ = (UniqueConstraint("course_id", "deployment_id", "resource_link_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    resource_link_id: Mapped[str]  # the LMS's own id of the link


class CourseCopy(Row):
    """An LMS said that it copied a course; kept as a hint for the copy's first launch."""

    __tablename__ = "course_copy"
    __table_args__ = (Index("ix_course_copy_registration_id", "registration_id", "context_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    tenant: Mapped[str] = mapped_column(default="", server_default="")  # whose id it is, see `store/tenants`
    context_id: Mapped[str]  # of the copy
    origins: Mapped[list[Any]]  # the LMS's ids of the courses it was copied from
    told_at: Mapped[datetime]


def shown_by(course_id: int, deployment_id: int, resource_link_id: str) -> Programme | None:
    """The programme that this link shows."""
    own = find_programme(course_id, deployment_id, resource_link_id)
    if own:
        return own
    query = select(Programme).join(ProgrammeLink, ProgrammeLink.programme_id == Programme.id)
    return db.session.scalar(
        query.where(
            ProgrammeLink.course_id == course_id,
            ProgrammeLink.deployment_id == deployment_id,
            ProgrammeLink.resource_link_id == resource_link_id,
        )
    )


def programmes_in(course_id: int) -> list[Programme]:
    """The programmes of a course, oldest first."""
    return list(db.session.scalars(select(Programme).filter_by(course_id=course_id).order_by(Programme.id)))


def programme_named(course: Course, key: str) -> Programme | None:
    """The programme with this key, if it belongs to the course's institution."""
    return db.session.scalar(_beside(course).where(Programme.key == key))


def programmes_of_links(course: Course, link_ids: Iterable[str]) -> list[Programme]:
    """The programmes of these links of the course's institution."""
    ids = list(link_ids)[:MOST_HINTS]
    return list(db.session.scalars(_beside(course).where(Programme.resource_link_id.in_(ids)).order_by(Programme.id)))


def programmes_of_contexts(course: Course, context_ids: Iterable[str]) -> list[Programme]:
    """The programmes of these courses of the course's institution."""
    ids = list(context_ids)[:MOST_HINTS]
    return list(db.session.scalars(_beside(course).where(Course.context_id.in_(ids)).order_by(Programme.id)))


def told_origins(course: Course) -> list[str]:
    """The courses that a notice named as this course's origins, the newest notice first."""
    query = select(CourseCopy.origins).filter_by(
        registration_id=course.registration_id, tenant=course.tenant, context_id=course.context_id
    )
    return [str(one) for origins in db.session.scalars(query.order_by(CourseCopy.id.desc())) for one in origins]


def _beside(course: Course) -> Select[Programme]:
    """The programmes of the institution that the course belongs to."""
    query = select(Programme).join(Course, Course.id == Programme.course_id)
    return query.where(Course.registration_id == course.registration_id, Course.tenant == course.tenant)
