"""Whatever an LMS answers to the worker: nothing is half taken over, every reading ends, and no fault is met.

A fault would be an exception that the worker did not expect; its row in the outbox would name it.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from lti_tool.actions.gradebook import ask_for_column, ask_to_send
from lti_tool.actions.roster import refresh_roster
from lti_tool.jobs.handlers import FAULT, work_off
from lti_tool.lti import errors
from lti_tool.lti.gradebook import LINE_ITEM_SCOPE, RESULT_SCOPE, SCORE_SCOPE
from lti_tool.lti.texts import identifier_of
from lti_tool.store.db import db, transaction
from lti_tool.store.gradebook import Column, Score, column_of
from lti_tool.store.outbox import SOME_LEFT, OutboxRow
from lti_tool.store.people import Course, Member, Person
from lti_tool.store.platforms import AccessToken
from lti_tool.store.programme import Programme
from tests import make
from tests.attacks.strange import ADDRESSES, ANYTHING, Strange, dump, must_be_whole, register_strange
from tests.attacks.strange import fuzzed as fuzzed_much
from tests.conftest import Clock
from tests.lti.fuzzing import ANY_BODY, HEADER
from tests.lti.outside import Asked, Outside, Reply
from tests.outside import look_again

fuzzed = settings(fuzzed_much, max_examples=25)  # each example is a worker at work
EXPECTED = {fault.value for fault in errors.ServiceFault} | {"no answer", SOME_LEFT}
STATUS = st.sampled_from([200, 200, 200, 201, 204, 302, 307, 400, 401, 403, 404, 408, 409, 412, 422, 429, 500, 503])
WAITS = st.sampled_from(["", "1", "9" * 40, "-1", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 -2359"])
MEDIA = st.sampled_from(["application/json", "text/html", "", "application/json; charset=utf-16", "\xff"])
HTML = "<!doctype html><title>Maintenance</title><h1>Back soon</h1>"
MEMBER_WORDS = ("user_id", "roles", "status", "name", "given_name", "email", "message", "group_enrollments")
MEMBERS = st.dictionaries(st.sampled_from(MEMBER_WORDS), ANYTHING, max_size=4) | st.fixed_dictionaries(
    {"user_id": st.sampled_from(["a", "b", "Bob", 7]), "roles": st.just(["Learner"])},
    optional=dict.fromkeys(MEMBER_WORDS[2:], ANYTHING),
)
LINKS = HEADER | st.sampled_from(
    [
        '</members?page=2>; rel="next"',
        "<{here}>; rel=next",
        '</members>; rel="next"',
        '<https://evil.example/members>; rel="next"',
        '<//evil.example>; rel="next"',
        '<javascript:alert(1)>; rel="next"',
        '<>; rel="next"',
        '<http://[::1>; rel="next"',
        '</members?page=\xff>; rel="next"',
        '</members?page=2>; rel="prev", </members?page=3>; rel="last"',
    ]
)
REPLIES = st.builds(
    lambda status, body, link, wait, media, missing: Reply(
        status=status,
        text=body,
        headers={"Link": link, "Retry-After": wait, "Content-Type": media},
        missing=missing,
    ),
    status=STATUS,
    body=ANY_BODY | st.just(HTML) | st.just("[" * 5000) | st.just('{"members": [{"user_id": "cut'),
    link=LINKS,
    wait=WAITS,
    media=MEDIA,
    missing=st.sampled_from([0, 0, 0, 9]),
)


@pytest.fixture
def outside() -> Iterator[Outside]:
    """The LMS's server."""
    made = Outside()
    yield made
    made.close()


@pytest.fixture
def strange(outside: Outside, app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Strange:
    """An LMS that answers whatever it likes, to a tool that does not wait between repetitions."""
    monkeypatch.setattr("urllib3.util.Retry.sleep", lambda *_args: None)
    return register_strange(outside, app, clock)


def work(strange: Strange, *, most: int) -> None:
    """The worker does what is due: in so many requests, and without a fault."""
    strange.outside.asked.clear()
    work_off(strange.app)
    look_again()
    rows = list(db.session.scalars(select(OutboxRow)))
    found = {row.last_error.removeprefix(f"{SOME_LEFT}: ").split(" (")[0] for row in rows if row.last_error}

    assert found <= EXPECTED, found
    assert {row.state for row in rows} <= {"done", "waiting", "buried"}
    assert len(strange.outside.asked) <= most
    must_be_whole()


def begin_again() -> None:
    """Nothing waits any more, and no token is kept."""
    with transaction() as session:
        session.execute(delete(OutboxRow))
        session.execute(delete(AccessToken))


def course_with_alice(strange: Strange) -> make.Setting:
    """A new course with its teacher, who asks for the roster."""
    begin_again()
    at = strange.course(memberships_url=strange.outside.url("/members"), groups_url=strange.outside.url("/groups"))
    alice = make.person(at, "Alice Ashford", role="instructor")
    refresh_roster(at.course_id, accept_shrink=False, by=alice, now=strange.clock.now)
    return at


def subjects(at: make.Setting) -> set[str]:
    """Everybody in the course."""
    query = select(Person.subject).join(Member, Member.person_id == Person.id)
    return set(db.session.scalars(query.where(Member.course_id == at.course_id)))


@given(pages=st.lists(st.lists(MEMBERS, max_size=4), min_size=1, max_size=3), groups=REPLIES)
@example(pages=[[{"user_id": "x" * 255, "roles": [], "name": "\0\ud800"}]], groups=Reply(json={"groups": []}))
@example(
    pages=[[{"user_id": "a", "roles": ["Learner"]}]],
    groups=Reply(text='{"groups": [{"id": "1", "name": "\\ud800\\u0000"}, {"id": "2", "name": NaN}]}'),
)
@fuzzed
def test_a_roster_of_any_members_is_taken_over_whole_or_not_at_all(
    strange: Strange, pages: list[list[Any]], groups: Reply
) -> None:
    at = course_with_alice(strange)
    strange.outside.on("GET", "/groups", groups)
    for number, members in enumerate(pages, 1):
        following = {"Link": f'</members?page={number + 1}>; rel="next"'} if number < len(pages) else {}
        place = "/members" if number == 1 else f"/members?page={number}"
        strange.outside.on("GET", place, Reply(json={"members": members}, headers=following))
        strange.outside.on(
            "GET",
            f"{place}{'?' if number == 1 else '&'}groups=true",
            Reply(json={"members": members}, headers=following),
        )
    before = subjects(at)

    work(strange, most=30)

    course = db.session.get_one(Course, at.course_id)
    entries = [one for members in pages for one in members]
    if course.roster_state == "done":
        assert subjects(at) == before | {identifier_of(one.get("user_id")) for one in entries}
    else:
        assert course.roster_state in {"failed", "waiting", "reading", "asks"}
        assert subjects(at) == before
        assert course.roster_problem != FAULT


@given(first=REPLIES, second=REPLIES, token=REPLIES | st.none())
@fuzzed
def test_a_roster_answer_of_any_status_body_and_link_ends_and_changes_nobody(
    strange: Strange, first: Reply, second: Reply, token: Reply | None
) -> None:
    at = course_with_alice(strange)
    good = {"access_token": "tok", "expires_in": 3600}
    strange.outside.on("POST", "/token", token or Reply(json=good))
    strange.outside.on("GET", "/members", first)
    strange.outside.on("GET", "/members?page=2", second)
    strange.outside.on("GET", "/groups", Reply(json={"groups": []}))
    people = dump("outbox", "course", "access_token")

    work(strange, most=40)

    course = db.session.get_one(Course, at.course_id)
    if course.roster_state != "done":  # a body may happen to be an empty roster
        assert dump("outbox", "course", "access_token") == people


@given(
    token=st.fixed_dictionaries(
        {},
        optional={
            "access_token": ANYTHING | st.just("tok"),
            "expires_in": ANYTHING,
            "scope": ANYTHING,
            "token_type": ANYTHING,
        },
    )
)
@example(token={"access_token": "a\0b", "expires_in": 10**30})
@example(token={"access_token": "a\ud800", "expires_in": -1})
@example(token={"access_token": "a", "expires_in": 1e308})
@fuzzed
def test_a_token_of_any_shape_is_used_or_refused(strange: Strange, token: dict[str, Any]) -> None:
    at = course_with_alice(strange)
    strange.outside.on("POST", "/token", Reply(json=token))
    strange.outside.on("GET", "/members", Reply(json={"members": [{"user_id": "b", "roles": ["Learner"]}]}))
    strange.outside.on("GET", "/groups", Reply(json={"groups": []}))

    work(strange, most=20)

    state = db.session.get_one(Course, at.course_id).roster_state
    assert subjects(at) in ({"b", *alices(at)} if state == "done" else alices(at), alices(at))


def alices(at: make.Setting) -> set[str]:
    """Who was there before any roster."""
    return {f"sub-Alice Ashford-{at.course_id}"}


def score_of_bob(strange: Strange) -> make.Setting:
    """A column that is ready, and Bob's 25 points that wait."""
    begin_again()
    scopes = [RESULT_SCOPE, SCORE_SCOPE, LINE_ITEM_SCOPE]
    at = strange.course(line_items_url=strange.outside.url("/items"), gradebook_scopes=scopes)
    bob = make.person(at, "Bob Birchwood")
    with transaction() as session:
        url = strange.outside.url("/item")
        session.add(Column(programme_id=at.programme_id, state="ready", line_item_url=url, maximum=100))
        values = {"points": Decimal(25), "state": "waiting", "changed_at": strange.clock.now}
        session.add(Score(programme_id=at.programme_id, person_id=bob, **values))
        session.flush()
        ask_to_send(session.get_one(Programme, at.programme_id), now=strange.clock.now)
    return at


RESULTS = st.lists(
    ANYTHING
    | st.fixed_dictionaries(
        {"userId": st.just("BOB") | ANYTHING},
        optional={
            "resultScore": ANYTHING,
            "resultMaximum": ANYTHING | st.sampled_from([0, -1, 1e-300]),
            "comment": ANYTHING,
        },
    ),
    max_size=3,
)


@given(results=RESULTS, answer=REPLIES, wrapped=st.booleans())
@example(results=[{"userId": "BOB", "resultScore": 25, "resultMaximum": 0}], answer=Reply(), wrapped=False)
@example(results=[{"userId": "BOB", "resultScore": 1e308, "resultMaximum": 5e-324}], answer=Reply(), wrapped=False)
@fuzzed
def test_results_and_score_answers_of_any_shape_leave_one_truth_about_a_score(
    strange: Strange, results: list[Any], answer: Reply, wrapped: bool
) -> None:
    at = score_of_bob(strange)
    mine = f"sub-Bob Birchwood-{at.course_id}"
    said = json.loads(json.dumps(results).replace('"BOB"', json.dumps(mine)))
    strange.outside.on("GET", "/item/results", Reply(json={"content": said} if wrapped else said))
    strange.outside.on("POST", "/item/scores", answer)
    others = dump("outbox", "score", "access_token", "gradebook_column")

    work(strange, most=20)

    score = db.session.scalars(select(Score).filter_by(programme_id=at.programme_id)).one()
    posts = [one for one in strange.outside.asked if one.path == "/item/scores"]
    assert len(posts) <= 2  # the second after a new token
    assert score.points == Decimal(25)
    assert (score.state == "sent") == (score.sent_points == score.points)
    assert not (score.state == "sent" and not posts and score.tried_points is not None)
    assert score.problem != FAULT
    assert dump("outbox", "score", "access_token", "gradebook_column") == others


@given(first=REPLIES, answer=REPLIES)
@fuzzed
def test_results_of_any_status_and_body_end(strange: Strange, first: Reply, answer: Reply) -> None:
    score_of_bob(strange)
    strange.outside.on("GET", "/item/results", first)
    strange.outside.on("POST", "/item/scores", answer)
    others = dump("outbox", "score", "access_token", "gradebook_column")

    work(strange, most=30)

    assert dump("outbox", "score", "access_token", "gradebook_column") == others


ITEM_WORDS = ("id", "label", "scoreMaximum", "resourceId", "resourceLinkId", "tag")
ITEMS = st.lists(ANYTHING | st.dictionaries(st.sampled_from(ITEM_WORDS), ANYTHING | ADDRESSES), max_size=3)


@given(
    items=ITEMS,
    created=st.dictionaries(st.sampled_from(ITEM_WORDS), ANYTHING | ADDRESSES),
    answer=REPLIES | st.none(),
    mine=ADDRESSES,
)
@example(items=[], created={"id": "http://127.0.0.1:1/\ud800"}, answer=None, mine="")
@fuzzed
def test_columns_of_any_shape_are_taken_over_or_refused(
    strange: Strange, items: list[Any], created: dict[str, Any], answer: Reply | None, mine: str
) -> None:
    begin_again()
    at = strange.course(line_items_url=strange.outside.url("/items"), gradebook_scopes=[LINE_ITEM_SCOPE, SCORE_SCOPE])
    with transaction() as session:
        programme = session.get_one(Programme, at.programme_id)
        key = programme.key
        ask_for_column(programme, now=strange.clock.now)
    named = {
        "id": mine.replace("https://lms.example", strange.outside.origin),
        "resourceId": key,
        "tag": "participation",
        "scoreMaximum": 1,
    }
    strange.outside.on("GET", "/items", Reply(json=[*items, named]))

    def create(asked: Asked) -> Reply:
        return answer or Reply(status=201, json=asked.json | created)

    strange.outside.on("POST", "/items", create)
    others = dump("outbox", "access_token", "gradebook_column")

    work(strange, most=20)

    column = column_of(at.programme_id)
    assert column
    assert column.state in {"ready", "waiting", "refused"}
    assert (column.state == "ready") == (column.line_item_url is not None)
    assert dump("outbox", "access_token", "gradebook_column") == others
