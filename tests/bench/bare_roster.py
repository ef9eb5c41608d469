"""The least that reading a roster can be: pages by `requests`, rows by the driver's own bulk statements."""

import sqlite3
from typing import Any

import psycopg
import requests
from sqlalchemy.engine import make_url

_NAMED = "name=excluded.name, given_name=excluded.given_name, family_name=excluded.family_name, email=excluded.email"
_PERSON = (
    "insert into person"
    " (registration_id, subject, name, given_name, family_name, email, locale, time_zone, is_test_user)"
)
_MEMBER = "insert into member (course_id, person_id, role, is_active, is_in_roster, section_ids, group_ids)"
_PLACED = "on conflict (course_id, person_id) do update set role=excluded.role, is_active=excluded.is_active"

Row = tuple[str, str, str, str, str]


def download(url: str) -> list[Row]:
    """Everybody on all pages."""
    rows: list[Row] = []
    with requests.Session() as session:
        following: str | None = url
        while following:
            answer = session.get(following, timeout=30)
            rows += [_row(member) for member in answer.json()["members"]]
            following = answer.links.get("next", {}).get("url")
    return rows


def _row(member: dict[str, Any]) -> Row:
    return member["user_id"], member["name"], member["given_name"], member["family_name"], member["email"]


def upsert(database_url: str, registration_id: int, course_id: int, rows: list[Row]) -> None:
    """Everybody a person and an active student of the course."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        _into_sqlite(str(url.database), registration_id, course_id, rows)
    else:
        dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        _into_postgresql(dsn, registration_id, course_id, rows)


def _into_sqlite(file: str, registration_id: int, course_id: int, rows: list[Row]) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.executemany(
            f"{_PERSON} values ({registration_id}, ?, ?, ?, ?, ?, '', '', false)"
            f" on conflict (registration_id, subject) do update set {_NAMED}",
            rows,
        )
        connection.executemany(
            f"{_MEMBER} select {course_id}, id, 'student', true, true, '[]', '[]' from person"  # noqa: S608  # a number of our own
            f" where registration_id = {registration_id} and subject = ? {_PLACED}",
            [row[:1] for row in rows],
        )
    connection.close()


def _into_postgresql(dsn: str, registration_id: int, course_id: int, rows: list[Row]) -> None:
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(
            "create temporary table arrived (subject text, name text, given_name text, family_name text, email text)"
            " on commit drop"
        )
        with cursor.copy("copy arrived from stdin") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(
            f"{_PERSON} select %s, subject, name, given_name, family_name, email, '', '', false from arrived"  # noqa: S608  # texts of our own
            f" on conflict (registration_id, subject) do update set {_NAMED}",
            (registration_id,),
        )
        cursor.execute(
            f"{_MEMBER} select %s, person.id, 'student', true, true, '[]', '[]' from arrived"  # noqa: S608  # texts of our own
            f" join person on person.registration_id = %s and person.subject = arrived.subject {_PLACED}",
            (course_id, registration_id),
        )
