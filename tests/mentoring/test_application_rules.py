"""The rules of applying: what may be sent, which steps are allowed, what points are, what staff may write."""

import pytest

from lti_tool.mentoring.application import (
    DECIDED,
    FEWEST_WORDS,
    MOTIVATION,
    REPLY,
    TRAINING,
    ApplicationState,
    Decision,
    Step,
    StepNotPossible,
    decided,
    edited,
    may_withdraw,
    pages,
    parse_review,
    problem_with,
    problems_with,
    situations,
)
from lti_tool.mentoring.questionnaire import Audience
from lti_tool.mentoring.training import Place, Reply, ReplyKind, Scenario
from lti_tool.mentoring.visibility import Written, seen_by


def scenario(key: str = "sc2") -> Scenario:
    kinds = {"a": ReplyKind.WELL_MEANT, "b": ReplyKind.GOOD, "c": ReplyKind.POOR}
    return Scenario(
        key=key,
        title="No answer",
        situation="Your mentee has not answered for a week.",
        replies=tuple(
            Reply(key=letter, kind=kind, text=f"Reply {letter}", consequence="…") for letter, kind in kinds.items()
        ),
        wording="…",
        what_if="…",
        what_then="…",
        see=Place("tr2/names"),
        language="en",
        version="1",
    )


def words(count: int) -> str:
    return " ".join(["word"] * count)


@pytest.mark.parametrize(("count", "is_fine"), [(79, False), (80, True), (150, True), (151, False), (0, False)])
def test_a_motivation_has_between_80_and_150_words(count: int, is_fine: bool) -> None:
    problem = problem_with(MOTIVATION, words(count) or None)

    assert (problem is None) == is_fine


def test_words_are_counted_as_readers_count_them() -> None:
    problem = problem_with(MOTIVATION, "well-known don’t – … " * 10)

    assert problem
    assert problem.values["words"] == 20


def test_everything_that_is_missing_is_named_at_once() -> None:
    asked = [one for page in pages([scenario()], is_asked=True).values() for one in page]

    problems = problems_with(asked, {"motivation": words(FEWEST_WORDS), "sc2": "z", "training": "no"})

    assert set(problems) == {"reply", "struggle", "sc2", "training"}


def test_the_question_of_the_staff_is_asked_only_where_they_asked_one() -> None:
    assert REPLY in pages([], is_asked=True)[Step.ABOUT]
    assert REPLY not in pages([], is_asked=False)[Step.ABOUT]
    assert pages([], is_asked=False)[Step.SEND] == (TRAINING,)


def test_points_follow_the_reply_and_decide_nothing() -> None:
    given = {"sc2": "a", "sc9": "c"}

    found = situations([scenario("sc2"), scenario("sc9"), scenario("sc1")], given)

    assert [one.points for one in found] == [1, 0, None]
    assert found[2].chosen == ""


@pytest.mark.parametrize("decision", list(Decision))
def test_staff_may_decide_whatever_was_sent_and_change_their_minds(decision: Decision) -> None:
    for state in set(ApplicationState) - {ApplicationState.DRAFT}:
        assert decided(state, decision) is not state or state.value.startswith(decision.value[:3])


def test_a_draft_cannot_be_decided() -> None:
    with pytest.raises(StepNotPossible, match="nothing to decide"):
        decided(ApplicationState.DRAFT, Decision.APPROVE)


def test_what_is_decided_is_no_longer_edited_or_taken_back() -> None:
    for state in DECIDED:
        assert not may_withdraw(state)
        with pytest.raises(StepNotPossible):
            edited(state)


def test_a_review_is_read_with_the_words_of_its_own_decision() -> None:
    form = {"decision": "decline", "decline": " Not this time. ", "ask": "What about May?", "mark-realism": "3"}

    review, problems = parse_review(form)

    assert not problems
    assert review
    assert (review.decision, review.words, dict(review.marks)) == (Decision.DECLINE, "Not this time.", {"realism": 3})


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"decision": "reject"}, "decision"),
        ({"mark-realism": "4"}, "mark-realism"),
        ({"mark-motivation": "-1"}, "mark-motivation"),
        ({"note": "x" * 2001}, "note"),
        ({"note": "a\x00b"}, "note"),
        ({"decision": "ask"}, "ask"),
        ({"decision": "decline", "decline": " "}, "decline"),
        ({"decision": "decline", "decline": "x" * 10_000}, "decline"),
    ],
)
def test_a_wrong_review_is_said_beside_its_field(form: dict[str, str], field: str) -> None:
    review, problems = parse_review(form)

    assert review is None
    assert list(problems) == [field]


def test_only_staff_see_what_staff_note() -> None:
    asked = [one for page in pages([scenario()], is_asked=True).values() for one in page]

    assert {one for one in Written if seen_by(one) == {Audience.INSTRUCTOR}} == {
        Written.SITUATION_POINTS,
        Written.CASE_RECORD,
        Written.TASK_NOTE,
        Written.RUBRIC,
        Written.PRIVATE_NOTE,
        Written.DECIDED_BY,
    }
    assert all(one.seen_by == {Audience.SELF, Audience.INSTRUCTOR} for one in asked)
