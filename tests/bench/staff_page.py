"""A page of staff beside one bare query of the rows that it shows."""

import time
from typing import Any

from flask import Flask
from sqlalchemy import TextClause

from lti_tool.store.db import db
from tests import make
from tests.conftest import NOON


def staff(app: Flask, at: make.Setting) -> tuple[Any, str]:
    """A browser of a member of staff with an open visit, and the address of the staff pages."""
    alice = make.person(at, "Alice Ashford", role="instructor")
    key, secret = make.visit(at, alice, role="instructor", until=NOON.replace(year=2099))
    client = app.test_client()
    client.set_cookie("visit", secret, path=f"/l/{key}/", domain="localhost")
    return client, f"/l/{key}/staff/"


def page_and_query(
    client: Any, address: str, query: TextClause, values: dict[str, int], *, rows: int | None = None
) -> tuple[float, float]:
    """Milliseconds of the page, and of the bare query, which must find that many rows where a number is given."""
    began = time.perf_counter()
    answer = client.get(address)
    page = time.perf_counter() - began
    if answer.status_code != 200:
        raise RuntimeError(f"HTTP {answer.status_code}")
    began = time.perf_counter()
    with db.engine.connect() as connection:
        found = connection.execute(query, values).all()
    bare = time.perf_counter() - began
    if rows is not None and len(found) != rows:
        raise RuntimeError(f"{len(found)} rows instead of {rows}")
    return 1000 * page, 1000 * bare


def student(at: make.Setting, number: int) -> dict[str, Any]:
    """The row of an invented person."""
    return {"registration_id": at.registration_id, "subject": f"student-{number}", "name": f"Student {number}"}
