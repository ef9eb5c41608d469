"""After the storm: every cell of the gradebook beside the ledger, and every post that was ever made."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import requests
from sqlalchemy import select

from lti_tool.store.db import db
from lti_tool.store.gradebook import Score
from lti_tool.store.people import Person
from tests.faults.lms import SECOND

FULL = 100
AT_ONCE = 8  # requests to one LMS, of all workers together
BY_TEACHER = 12.5  # the grade that the teacher gives


@dataclass(slots=True)
class Outcome:
    """What happened, in figures, and whatever should not have."""

    figures: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def reckon(lms: str, people: int) -> Outcome:
    """Compare the gradebook with the ledger, and look at every post."""
    journal = requests.get(f"{lms}/journal", timeout=60).json()
    outcome, posts = Outcome(), 0
    with_people = select(Score, Person).join(Person, Person.id == Score.person_id)
    scores = {person.subject: score for score, person in db.session.execute(with_people)}
    if journal["most_at_once"] > AT_ONCE:
        outcome.wrong.append(f"{journal['most_at_once']} requests to one LMS at once")
    if len(scores) != people:
        outcome.wrong.append(f"{people - len(scores)} people have no score")
    for user, score in scores.items():
        points, by_teacher, made = journal["cells"].get(user, (None, False, []))
        posts += len(made)
        outcome.wrong += [f"{user}: {what}" for what in _wrong(float(score.points), score.state, points, by_teacher)]
        outcome.wrong += [f"{user}: {what}" for what in _wrong_posts(made)]
    outcome.figures = {
        "people": len(scores),
        "posts": posts,
        "requests to an LMS at once": journal["most_at_once"],
        "graded by the teacher": sum(by_teacher for _, by_teacher, _ in journal["cells"].values()),
        "faults of the LMS": dict(sorted(journal["faults"].items())),
        "new keys of the LMS": journal["epoch"],
        "tokens asked for": journal["tokens"],
        "wrong in any way": len(outcome.wrong),
    }
    return outcome


def _wrong(ledger: float, state: str, points: float | None, by_teacher: bool) -> Iterator[str]:
    if ledger != FULL:
        yield f"the ledger says {ledger}; a check-in was lost"
    if by_teacher and points != BY_TEACHER:
        yield f"the teacher's grade became {points}"
    if not by_teacher and (points != ledger or state != "sent"):
        yield f"the ledger says {ledger} ({state}), the gradebook {points}"


def _wrong_posts(posts: list[tuple[str, float, str]]) -> Iterator[str]:
    said: dict[str, float] = {}
    seconds: dict[str, str] = {}
    highest = -1.0
    for at, points, became in posts:
        if seconds.setdefault(at[:SECOND], at) != at:
            yield f"two posts within one second, {at[:SECOND]}"
        if said.setdefault(at, points) != points:
            yield f"two values for {at}"
        if became == "over the teacher's":
            yield "posted over the teacher's grade"
        if became == "taken" and points < highest:
            yield f"went back from {highest} to {points}"
        if became == "taken":
            highest = points
