"""The short way of a launch that says nothing new: it writes what the long way writes, and asks the database little."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, select, update

from lti_tool.store.db import db, transaction
from lti_tool.store.people import Course, Member, Person, Visit
from lti_tool.store.programme import Programme
from tests.attacks.forging import CLAIM, said
from tests.conftest import Clock
from tests.outside import BOB, Lms, look_again
from tests.pages import PageClient

Browsers = Callable[[], PageClient]
CONTEXT = f"{CLAIM}context"
AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
TEACHER = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor"


@pytest.mark.parametrize(
    ("claims", "table", "fact", "expected"),
    [
        ({"name": "Robert Birch"}, Person, "name", "Robert Birch"),
        ({"email": "robert@northfield.example"}, Person, "email", "robert@northfield.example"),
        ({"locale": "de-DE"}, Person, "locale", "de-DE"),
        ({CONTEXT: {"title": "Botany"}}, Course, "title", "Botany"),
        ({NRPS: {"context_memberships_url": "https://x.example/m"}}, Course, "memberships_url", "https://x.example/m"),
        (
            {AGS: {"lineitems": "https://x.example/l", "scope": [SCORE]}},
            Course,
            "line_items_url",
            "https://x.example/l",
        ),
        ({AGS: {"lineitems": "https://x.example/l", "scope": [SCORE]}}, Course, "gradebook_scopes", [SCORE]),
        ({AGS: {"lineitem": "https://x.example/1"}}, Programme, "bound_line_item_url", "https://x.example/1"),
        ({f"{CLAIM}roles": [TEACHER]}, Member, "role", "instructor"),
        ({f"{CLAIM}roles": [TEACHER]}, Member, "launched_as", "instructor"),
        ({f"{CLAIM}custom": {"section_ids": "B,A"}}, Member, "section_ids", ["A", "B"]),
    ],
)
def test_whatever_is_new_is_taken_over(
    lms: Lms, pages: Browsers, claims: dict[str, Any], table: type[Any], fact: str, expected: object
) -> None:
    lms.arrive(pages(), BOB)
    context = {"id": lms.course().context_id, **claims.get(CONTEXT, {})}

    said(lms, pages(), BOB, {**claims, CONTEXT: context})

    look_again()
    assert getattr(db.session.scalars(select(table)).one(), fact) == expected


@pytest.mark.parametrize(("said_now", "expected"), [("", []), ("$Moodle.Person.userGroupIds", ["7"]), (None, ["7"])])
def test_who_has_left_every_group_is_in_none_and_silence_says_nothing(
    lms: Lms, pages: Browsers, said_now: str | None, expected: list[str]
) -> None:
    said(lms, pages(), BOB, {f"{CLAIM}custom": {"group_ids": "7"}})

    said(lms, pages(), BOB, {f"{CLAIM}custom": {} if said_now is None else {"group_ids": said_now}})

    assert lms.member(BOB).group_ids == expected


def test_somebody_who_was_gone_is_back(lms: Lms, pages: Browsers, clock: Clock) -> None:
    lms.arrive(pages(), BOB)
    with transaction() as session:
        session.execute(update(Member).values(is_active=False))
    at = clock.advance(days=1)

    lms.arrive(pages(), BOB)

    assert (lms.member(BOB).is_active, lms.member(BOB).launched_at) == (True, at)


def test_a_time_zone_that_was_not_known_is_kept_and_one_that_was_chosen_stays(lms: Lms, pages: Browsers) -> None:
    lms.arrive(pages(), BOB)
    with transaction() as session:
        session.execute(update(Person).values(time_zone=""))

    seen = []
    for zone in ("Europe/Paris", "Asia/Tokyo"):
        said(lms, pages(), BOB, {"zoneinfo": zone})
        seen.append(lms.person(BOB).time_zone)

    assert seen == ["Europe/Paris"] * 2


def test_an_everyday_launch_asks_the_database_little(lms: Lms, pages: Browsers, clock: Clock) -> None:
    lms.arrive(pages(), BOB)
    browser = pages()
    message = lms.message(browser, BOB)
    at = clock.advance(seconds=30)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith("BEGIN"):
            asked.append(statement.split(maxsplit=1)[0])

    event.listen(db.engine, "before_cursor_execute", note)
    browser.raw().post("/lti/launch", data=message)
    event.remove(db.engine, "before_cursor_execute", note)

    assert asked == ["DELETE", "SELECT", "SELECT", "SELECT", "UPDATE", "INSERT"]
    assert lms.member(BOB).launched_at == at
    assert len(db.session.scalars(select(Visit)).all()) == 2
