"""Links and files: the library of a programme, and the shelf of a pair."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, LargeBinary, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from lti_tool.store.db import Row, db
from lti_tool.store.people import Person


class Resource(Row):
    """One link or file."""

    __tablename__ = "resource"
    __table_args__ = (
        UniqueConstraint("person_id", "once"),
        CheckConstraint("kind in ('link','file')", name="kind"),
        Index("ix_resource_programme_id_pair_id", "programme_id", "pair_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    pair_id: Mapped[int | None] = mapped_column(ForeignKey("pair.id"), index=True)  # none: in the programme's library
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))  # who put it there
    once: Mapped[str]  # of the form it came with, so that a second click adds nothing
    kind: Mapped[str]
    title: Mapped[str]
    note: Mapped[str] = mapped_column(default="", server_default="")
    address: Mapped[str | None]  # of a link
    file_name: Mapped[str | None]
    media_type: Mapped[str | None]  # as the content says
    size_bytes: Mapped[int] = mapped_column(default=0, server_default="0")
    added_at: Mapped[datetime]


class ResourceFile(Row):
    """What is in a file; apart, so that no list ever reads it."""

    __tablename__ = "resource_file"
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class ResourceTip(Row):
    """What somebody says of a thing that worked for them."""

    __tablename__ = "resource_tip"
    __table_args__ = (UniqueConstraint("resource_id", "person_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str]
    written_at: Mapped[datetime]


def resources_on(programme_id: int, pair_id: int | None) -> list[tuple[Resource, Person]]:
    """Everything on a pair's shelf, or in the library (no pair), with who put it there, newest first."""
    query = select(Resource, Person).join(Person, Person.id == Resource.person_id).where(_on(programme_id, pair_id))
    return [(row, person) for row, person in db.session.execute(query.order_by(Resource.id.desc()))]


def resource_on(programme_id: int, pair_id: int | None, resource_id: int) -> Resource | None:
    """The thing, if it stands on this shelf."""
    return db.session.scalar(select(Resource).where(_on(programme_id, pair_id), Resource.id == resource_id))


def _on(programme_id: int, pair_id: int | None) -> ColumnElement[bool]:
    where = Resource.pair_id.is_(None) if pair_id is None else Resource.pair_id == pair_id
    return (Resource.programme_id == programme_id) & where


def content_of(resource_id: int) -> bytes | None:
    """What is in the file."""
    return db.session.scalar(select(ResourceFile.content).filter_by(resource_id=resource_id))


def fullness(programme_id: int, pair_id: int | None) -> tuple[int, int]:
    """How many things stand there, and how many bytes they have."""
    query = select(func.count(), func.coalesce(func.sum(Resource.size_bytes), 0)).where(_on(programme_id, pair_id))
    count, used = db.session.execute(query).one()
    return count, int(used)


def tips_on(resource_ids: Collection[int]) -> dict[int, list[tuple[ResourceTip, Person]]]:
    """What people say of these things, by thing, oldest first."""
    query = select(ResourceTip, Person).join(Person, Person.id == ResourceTip.person_id)
    found: dict[int, list[tuple[ResourceTip, Person]]] = {}
    for tip, person in db.session.execute(
        query.where(ResourceTip.resource_id.in_(resource_ids)).order_by(ResourceTip.id)
    ):
        found.setdefault(tip.resource_id, []).append((tip, person))
    return found


def find_once(person_id: int, once: str) -> Resource | None:
    """What this person put there with this form already."""
    return db.session.scalar(select(Resource).filter_by(person_id=person_id, once=once))
