"""A programme: one mentoring programme per resource link, and its settings."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.mentoring.programme import Cadence, Phase, Preset, ProgrammeSettings, Seniority
from lti_tool.mentoring.scheme_files import scheme_from_json
from lti_tool.mentoring.schemes import Columns, Release, SchemePreset
from lti_tool.store.db import Row, db, finder

PHASE_STEP = "programme.phase"  # what the record of decisions calls a step from one phase to the next


class Programme(Row):
    """One programme of one course."""

    __tablename__ = "programme"
    __table_args__ = (
        UniqueConstraint("course_id", "deployment_id", "resource_link_id"),
        CheckConstraint("phase in ('set_up','sign_up','matching','running','closing','closed')", name="phase"),
        CheckConstraint("seniority in ('ignore','prefer','require')", name="seniority"),
        CheckConstraint("meeting_count between 0 and 52", name="meeting_count"),
        CheckConstraint("least_meeting_minutes between 1 and 240", name="least_meeting_minutes"),
        CheckConstraint("check_in_count between 1 and 52", name="check_in_count"),
        CheckConstraint("points between 1 and 1000", name="points"),
        CheckConstraint(
            "participation in ('default','light','practicum','ungraded','check_ins')", name="participation"
        ),
        CheckConstraint("release in ('by_hand','after_due','at_once')", name="release"),
        CheckConstraint("columns in ('one','three')", name="columns"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)  # names the programme to the LMS (the column's resource id)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"))
    resource_link_id: Mapped[str | None]  # the LMS's own id of the link; none until a chosen link is first opened
    bound_line_item_url: Mapped[str | None]  # the column that the LMS itself made for the link
    phase: Mapped[str] = mapped_column(default="set_up")
    title: Mapped[str]
    mentor_word: Mapped[str]  # the course's own word for a mentor
    mentee_word: Mapped[str]
    mentors_word: Mapped[str] = mapped_column(default="")  # for several of them; empty: made from the word for one
    mentees_word: Mapped[str] = mapped_column(default="")
    mentor_duties: Mapped[str] = mapped_column(default="")  # what is expected of them; empty: the usual words
    mentee_duties: Mapped[str] = mapped_column(default="")
    cadence: Mapped[str]
    check_in_count: Mapped[int]
    points: Mapped[int]  # of the gradebook column
    starts_on: Mapped[date]
    time_zone: Mapped[str]
    mentor_capacity_limit: Mapped[int]  # mentees one mentor may have at most
    objectives: Mapped[list[Any]] = mapped_column(default=list)  # what it is for: [key, own words or empty]
    preset: Mapped[str] = mapped_column(default="study_skills")
    asks_application: Mapped[bool] = mapped_column(default=False)  # mentors apply, and staff approve
    asks_training: Mapped[bool] = mapped_column(default=False)  # training is passed before matching
    mentor_section_ids: Mapped[list[Any]] = mapped_column(default=list)  # who may mentor; none named: everybody
    mentee_section_ids: Mapped[list[Any]] = mapped_column(default=list)
    same_section_only: Mapped[bool] = mapped_column(default=False)
    seniority: Mapped[str] = mapped_column(default="ignore")  # whether a mentor is at least as far as the mentee
    sign_up_closes_on: Mapped[date | None]
    matching_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    meeting_count: Mapped[int] = mapped_column(default=5)
    least_meeting_minutes: Mapped[int] = mapped_column(default=15)  # a shorter meeting counts when staff accept it
    is_graded: Mapped[bool] = mapped_column(default=True)
    column_label: Mapped[str] = mapped_column(default="")  # of the gradebook column; empty: the title
    participation: Mapped[str] = mapped_column(default="check_ins")  # the scheme it began with
    own_scheme: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # where staff changed it
    release: Mapped[str] = mapped_column(default="at_once")  # when points go to the gradebook
    columns: Mapped[str] = mapped_column(default="one")  # in the gradebook
    moves_by_date: Mapped[bool] = mapped_column(default=True)  # phases begin by the calendar, not only by hand
    questionnaire: Mapped[dict[str, Any]]  # as `Questionnaire.to_json` writes it
    settings_version: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[datetime | None]  # of the first pairs
    survey_read_at: Mapped[datetime | None]  # since when its results are shown, and no more sheets are taken
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"))  # whose settings it began with
    created_at: Mapped[datetime]


class ProgrammeVersion(Row):
    """The settings and questions of a programme as they were once. Only ever added to."""

    __tablename__ = "programme_version"
    __table_args__ = (UniqueConstraint("programme_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    number: Mapped[int]  # as `Programme.settings_version`
    settings: Mapped[dict[str, Any]]
    questionnaire: Mapped[dict[str, Any]]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_at: Mapped[datetime]


class ProgrammeStaff(Row):
    """Somebody who runs a programme although the LMS gives them no such role."""

    __tablename__ = "programme_staff"
    __table_args__ = (UniqueConstraint("programme_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]


class AuditEntry(Row):
    """Who decided what, and why. Only ever added to."""

    __tablename__ = "audit_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"), index=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # nobody: the clock or the command line
    what: Mapped[str]  # such as `programme.settings`
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]


_programme = finder(Programme, "course_id", "deployment_id", "resource_link_id")


def find_programme(course_id: int, deployment_id: int, resource_link_id: str) -> Programme | None:
    """The programme of this link."""
    return _programme(course_id, deployment_id, resource_link_id)


def closed_at(programme: Programme) -> datetime | None:
    """When a programme that is closed was closed the last time; None while it is not."""
    if programme.phase != Phase.CLOSED:
        return None
    steps = select(AuditEntry.at).where(AuditEntry.programme_id == programme.id, AuditEntry.what == PHASE_STEP)
    return db.session.scalar(steps.order_by(AuditEntry.id.desc()).limit(1))


def settings_of(row: Programme) -> ProgrammeSettings:
    """The programme's settings as the rules read them."""
    return ProgrammeSettings(
        title=row.title,
        mentor_word=row.mentor_word,
        mentee_word=row.mentee_word,
        cadence=Cadence(row.cadence),
        check_in_count=row.check_in_count,
        points=row.points,
        starts_on=row.starts_on,
        time_zone=row.time_zone,
        mentor_capacity_limit=row.mentor_capacity_limit,
        objectives=tuple((key, words) for key, words in row.objectives),
        preset=Preset(row.preset),
        asks_application=row.asks_application,
        asks_training=row.asks_training,
        mentor_section_ids=tuple(row.mentor_section_ids),
        mentee_section_ids=tuple(row.mentee_section_ids),
        same_section_only=row.same_section_only,
        seniority=Seniority(row.seniority),
        sign_up_closes_on=row.sign_up_closes_on,
        matching_on=row.matching_on,
        ends_on=row.ends_on,
        meeting_count=row.meeting_count,
        least_meeting_minutes=row.least_meeting_minutes,
        is_graded=row.is_graded,
        column_label=row.column_label,
        moves_by_date=row.moves_by_date,
        participation=SchemePreset(row.participation),
        own_scheme=scheme_from_json(row.own_scheme) if row.own_scheme else None,
        release=Release(row.release),
        columns=Columns(row.columns),
        mentors_word=row.mentors_word,
        mentees_word=row.mentees_word,
        mentor_duties=row.mentor_duties,
        mentee_duties=row.mentee_duties,
    )


def versions_of(programme_id: int) -> list[ProgrammeVersion]:
    """Every version of a programme that was kept, the newest first."""
    query = select(ProgrammeVersion).filter_by(programme_id=programme_id)
    return list(db.session.scalars(query.order_by(ProgrammeVersion.number.desc())))


def find_version(programme_id: int, number: int) -> ProgrammeVersion | None:
    """One version of a programme."""
    return db.session.scalar(select(ProgrammeVersion).filter_by(programme_id=programme_id, number=number))


_staff = finder(ProgrammeStaff, "programme_id", "person_id")


def find_added_staff(programme_id: int, person_id: int) -> ProgrammeStaff | None:
    """The row that makes this person one of those who run the programme, if somebody added them."""
    return _staff(programme_id, person_id)


def movable_programmes() -> list[int]:
    """The programmes whose phases may begin by the calendar."""
    query = select(Programme.id).where(Programme.moves_by_date, Programme.phase != "closed")
    return list(db.session.scalars(query.order_by(Programme.id)))
