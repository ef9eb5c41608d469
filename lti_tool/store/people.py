"""People, the courses they are members of, and the visits their launches begin."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, func, insert, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.mentoring.roster import Known, MemberRole
from lti_tool.store.db import Row, db, finder, table_of

PAGE = 50  # people on one page of a list


class Course(Row):
    """One course of one LMS."""

    __tablename__ = "course"
    __table_args__ = (
        UniqueConstraint("registration_id", "tenant", "context_id"),
        CheckConstraint("roster_state in ('never','waiting','reading','done','asks','failed')", name="roster_state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    tenant: Mapped[str] = mapped_column(default="", server_default="")  # whose id it is, see `store/tenants`
    context_id: Mapped[str]  # the LMS's own id
    title: Mapped[str]
    memberships_url: Mapped[str | None]  # Names and Roles, as the last launch gave it
    line_items_url: Mapped[str | None]  # Assignment and Grade Services, as the last launch gave it
    gradebook_scopes: Mapped[list[Any]] = mapped_column(default=list)
    groups_url: Mapped[str | None]  # Course Groups, as the last launch gave it
    group_names: Mapped[dict[str, Any]] = mapped_column(default=dict)  # by the LMS's own id
    roster_state: Mapped[str] = mapped_column(default="never")
    roster_read: Mapped[int] = mapped_column(default=0)  # people read so far in the present synchronisation
    roster_problem: Mapped[str | None]  # what went wrong, in the reader's words
    roster_shrink: Mapped[int] = mapped_column(default=0)  # people who would become inactive, while it asks
    roster_synced_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Person(Row):
    """One person of one LMS, known by the LMS's own opaque id."""

    __tablename__ = "person"
    __table_args__ = (UniqueConstraint("registration_id", "tenant", "subject"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id"))
    tenant: Mapped[str] = mapped_column(default="", server_default="")  # whose id it is, see `store/tenants`
    subject: Mapped[str]  # `sub` of the launch, `user_id` of the roster
    name: Mapped[str] = mapped_column(default="")  # as the LMS last sent it; many send none
    given_name: Mapped[str] = mapped_column(default="")
    family_name: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    locale: Mapped[str] = mapped_column(default="")
    time_zone: Mapped[str] = mapped_column(default="")  # from the launch, or chosen by the person
    is_test_user: Mapped[bool] = mapped_column(default=False)  # the LMS's student view
    mail_off_at: Mapped[datetime | None]  # since when this person wants no mail


class Member(Row):
    """A person in a course. Never deleted: pairs and points refer to it."""

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("course_id", "person_id"),
        Index("ix_member_course_id_is_active_role", "course_id", "is_active", "role"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str]  # the role that counts, a MemberRole
    launched_as: Mapped[str | None]  # of the last launch; NULL once a roster has said so of staff too
    is_active: Mapped[bool] = mapped_column(default=True)
    is_in_roster: Mapped[bool] = mapped_column(default=False)
    launched_at: Mapped[datetime | None]
    section_ids: Mapped[list[Any]] = mapped_column(default=list)  # the LMS's own ids
    group_ids: Mapped[list[Any]] = mapped_column(default=list)
    arrived_at: Mapped[datetime | None]  # when a launch or a roster first named this person here


class Visit(Row):
    """What one launch opened: one person, one course, one link, for some hours."""

    __tablename__ = "visit"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # part of every path; names the visit, opens nothing
    secret_hash: Mapped[str]  # of what the browser's cookie or token carries
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    role: Mapped[str]  # of this launch
    return_url: Mapped[str | None]  # the way back to the LMS
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)  # messages and the CSRF token
    started_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


_new_visit = insert(table_of(Visit)).returning(table_of(Visit).c.id)
_course = finder(Course, "registration_id", "tenant", "context_id")
_person = finder(Person, "registration_id", "tenant", "subject")
_member = finder(Member, "course_id", "person_id")
_visit = finder(Visit, "key")


def shown_name(person: Person) -> str:
    """The person's name, or a neutral one that stays the same where the LMS sends none."""
    parts = " ".join(part for part in (person.given_name, person.family_name) if part)
    return person.name or parts or f"#{person.id:04d}"


def find_course(registration_id: int, tenant: str, context_id: str) -> Course | None:
    """The course with the LMS's own id."""
    return _course(registration_id, tenant, context_id)


def find_person(registration_id: int, tenant: str, subject: str) -> Person | None:
    """The person with the LMS's own id."""
    return _person(registration_id, tenant, subject)


def find_member(course_id: int, person_id: int) -> Member | None:
    """The person's membership of the course."""
    return _member(course_id, person_id)


def known_members(course_id: int) -> list[Known]:
    """Everybody the course has ever had, as the roster rules compare them."""
    rows = db.session.execute(
        select(
            Person.subject,
            Member.role,
            Member.is_active,
            Member.is_in_roster,
            Member.launched_as,
            Person.name,
            Person.given_name,
            Person.family_name,
            Person.email,
        )
        .join(Person, Person.id == Member.person_id)
        .join(Course, Course.id == Member.course_id)
        .where(Member.course_id == course_id, Person.tenant == Course.tenant)
    )
    return [
        Known(
            subject=row.subject,
            role=MemberRole(row.role),
            is_active=row.is_active,
            was_in_roster=row.is_in_roster,
            launched_as=MemberRole(row.launched_as) if row.launched_as else None,
            name=row.name,
            given_name=row.given_name,
            family_name=row.family_name,
            email=row.email,
        )
        for row in rows
    ]


def member_counts(course_id: int) -> dict[str, int]:
    """How many active members the course has, by role."""
    query = select(Member.role, func.count()).filter_by(course_id=course_id, is_active=True).group_by(Member.role)
    return dict(db.session.execute(query).all())


def search_members(
    course_id: int, *, words: str, role: MemberRole | None = None, page: int = 1, size: int = PAGE, but: int = 0
) -> tuple[list[tuple[Member, Person]], int]:
    """One page of the active members whose name contains the words, and how many there are in all.

    Shape: at most `size` rows, by name; without the person `but`.
    """
    query = (
        select(Member, Person)
        .join(Person, Person.id == Member.person_id)
        .where(Member.course_id == course_id, Member.is_active, Member.person_id != but)
    )
    if role:
        query = query.where(Member.role == role)
    query = query.where(*named(words))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(func.lower(Person.name), Person.id)
    rows = db.session.execute(ordered.limit(size).offset(size * (page - 1))).all()
    return list(rows), total


def add_visit(**values: Any) -> int:
    """A new visit, inside the caller's transaction; its number."""
    return int(db.session.scalar(_new_visit, {"data": {}, **values}))


def named(words: str) -> list[ColumnElement[bool]]:
    """What must hold of a person whose name has all these words."""
    columns = (Person.name, Person.given_name, Person.family_name)
    return [or_(*(column.ilike(like(word), escape="\\") for column in columns)) for word in words.split()]


def like(part: str) -> str:
    """A pattern for LIKE that finds this part as it stands, with a backslash as the escape."""
    return "%" + part.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"


def find_visit(key: str) -> Visit | None:
    """The visit of this path."""
    return _visit(key)


def is_fellow_student(course_id: int, person_id: int) -> bool:
    """Whether this person is an active student of the course."""
    member = find_member(course_id, person_id)
    return member is not None and member.is_active and member.role == MemberRole.STUDENT
