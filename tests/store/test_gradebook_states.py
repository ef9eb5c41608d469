"""What the database says of where points stand is what the rule says, in every combination that there can be."""

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from flask import Flask

from lti_tool.mentoring.columns import Part
from lti_tool.mentoring.gradebook_cells import ScoreState
from lti_tool.mentoring.gradebook_states import NONE_LEFT, OUTDATED_WORDS, ZERO_LATER, State, Way, state_of
from lti_tool.mentoring.posting import Posting
from lti_tool.store.db import db, transaction
from lti_tool.store.gradebook_states import Wanted, standing_counts, standing_page, standings_of
from lti_tool.store.people import PAGE, Member, Person
from lti_tool.store.programme import Programme
from tests import make
from tests.conftest import NOON

SENT = Decimal(75)
TOTALS: tuple[dict[str, Any] | None, ...] = (
    None,
    {"standing": "nothing", "points": None},
    {"standing": "nothing", "points": Decimal(0)},
    {"standing": "collecting", "points": None},
    {"standing": "collecting", "points": Decimal(0)},
    {"standing": "score", "points": SENT, "has_news": True},
    {"standing": "score", "points": SENT, "released_points": Decimal(50), "has_news": True},
    {"standing": "score", "points": SENT, "released_points": Decimal(50)},
    {"standing": "score", "points": SENT, "released_points": SENT},
    {"standing": "score", "points": SENT, "released_points": SENT, "has_news": True},
    {"standing": "clear_by_hand", "points": None, "released_points": SENT},
)
SCORES: tuple[dict[str, Any] | None, ...] = (
    None,
    {"state": "sent"},
    {"state": "sent", "sent_points": SENT},
    {"state": "sent", "sent_points": SENT, "confirmed_at": NOON},
    {"state": "sent", "sent_points": SENT, "confirmed_at": NOON, "problem": ZERO_LATER},
    {"state": "waiting", "sent_points": SENT, "problem": NONE_LEFT},
    *({"state": state.value, "sent_points": SENT} for state in ScoreState if state is not ScoreState.SENT),
    {"state": "waiting"},
)


@pytest.fixture
def at(app: Flask) -> make.Setting:
    """A course."""
    assert app
    return make.setting()


def programme(at: make.Setting) -> Programme:
    """Its programme."""
    return db.session.get_one(Programme, at.programme_id)


def somebody(at: make.Setting, name: str, **rows: dict[str, Any] | None) -> int:
    """Somebody who takes part, with a ledger's total and a score."""
    person = make.person(at, name)
    joined = make.enrolment(at, person, role="mentee")
    if rows.get("total") is not None:
        make.total(at, joined, **rows["total"] or {})
    if rows.get("score") is not None:
        make.score(at, person, **rows["score"] or {})
    return person


def is_away(at: make.Setting, person_id: int) -> None:
    """Somebody is no longer active."""
    with transaction() as session:
        session.query(Member).filter_by(course_id=at.course_id, person_id=person_id).one().is_active = False


def by_rule(
    total: dict[str, Any] | None, score: dict[str, Any] | None, *, is_active: bool, column: str | None
) -> State:
    """What the rule says."""
    total, score = total or {}, score or {}
    return state_of(
        Way(
            is_active=is_active,
            standing=Posting(total["standing"]) if total else None,
            has_news=total.get("has_news", False),
            points=total.get("points"),
            released_points=total.get("released_points"),
            score=ScoreState(score["state"]) if score else None,
            has_column=column == "ready",
            is_in_lms=score.get("sent_points") is not None,
            is_outdated=score.get("problem") in OUTDATED_WORDS,
            is_confirmed="confirmed_at" in score,
        )
    )


@pytest.mark.parametrize("column", [None, "ready", "lost"])
def test_the_database_and_the_rule_say_the_same(at: make.Setting, column: str | None) -> None:
    expected = {}
    if column is not None:
        make.column(at, part="all", state=column)
    for number, (total, score, active) in enumerate(product(TOTALS, SCORES, (True, False))):
        person = somebody(at, f"Student {number}", total=total, score=score)
        expected[person] = by_rule(total, score, is_active=active, column=column)
        if not active:
            is_away(at, person)

    pages = range(1, len(expected) // PAGE + 2)
    found = [row for page in pages for row in standing_page(programme(at), [Part.ALL], Wanted(), page=page)[0]]

    assert {row.person.id: row.state for row in found} == expected
    counts = standing_counts(programme(at), [Part.ALL])
    stand = list(expected.values())
    assert counts == {state: stand.count(state) for state in State if state in stand}
    assert set(State) - set(counts) == {State.RELEASED if column != "ready" else State.NO_COLUMN}
    assert [state.value for state in counts] == [row.value for row in dict.fromkeys(row.state for row in found)]


def test_three_columns_are_a_line_each(at: make.Setting) -> None:
    parts = [Part.ONBOARDING, Part.REFLECTION]
    person = somebody(at, "Dana", total=TOTALS[8])
    make.score(at, person, part="onboarding", state="sent", sent_points=SENT)

    found = standings_of(programme(at), parts, person)

    assert [(row.part, row.state) for row in found] == [
        (Part.ONBOARDING, State.SENT),
        (Part.REFLECTION, State.COLLECTING),
    ]
    assert standing_page(programme(at), parts, Wanted(), page=1)[1] == 2


def test_who_has_not_joined_is_not_listed_and_the_test_user_gets_nothing(at: make.Setting) -> None:
    make.enrolment(at, make.person(at, "Charlie Chalk"), role="mentee", state="draft")
    tester = somebody(at, "Test student", score={"state": "waiting"})
    with transaction() as session:
        session.get_one(Person, tester).is_test_user = True

    found, total = standing_page(programme(at), [Part.ALL], Wanted(), page=1)

    assert total == 1
    assert [(row.person.id, row.state) for row in found] == [(tester, State.HELD)]


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (Wanted(words="bob"), ["Bob Birchwood"]),
        (Wanted(state=State.DIFFERS), ["Dana Dewdrop"]),
        (Wanted(words="bob", state=State.DIFFERS), []),
    ],
)
def test_people_are_found_by_name_and_by_state(at: make.Setting, wanted: Wanted, names: list[str]) -> None:
    somebody(at, "Bob Birchwood", score={"state": "waiting"})
    somebody(at, "Dana Dewdrop", score={"state": "differs"})

    found, total = standing_page(programme(at), [Part.ALL], wanted, page=1)

    assert [row.person.name for row in found] == names
    assert total == len(names)


def test_an_ungraded_programme_lists_nobody(at: make.Setting) -> None:
    somebody(at, "Dana Dewdrop")

    assert standing_page(programme(at), [], Wanted(), page=1) == ([], 0)
    assert standing_counts(programme(at), []) == {}
    assert standings_of(programme(at), [], 1) == []
