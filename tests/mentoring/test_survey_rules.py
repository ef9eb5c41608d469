"""The closing survey: who is asked what, and what may be shown of the sheets."""

from typing import Any

import pytest

from lti_tool.mentoring.closing_survey import Sheet, asked_on, survey_questions
from lti_tool.mentoring.objectives import OBJECTIVES
from lti_tool.mentoring.questionnaire import QuestionKind
from lti_tool.mentoring.survey_results import FEWEST, Filled, results, words


def sheets(mentors: int, mentees: int, **answers: Any) -> list[Filled]:
    given = {"duty": "1", "recommend": "5", "mattered": "4", "helped": "The talks"} | answers
    made = [Filled(sheet=Sheet.MENTOR, answers=given)] * mentors
    return made + [Filled(sheet=Sheet.MENTEE, answers=given)] * mentees


def test_every_objective_has_a_question_of_its_own_and_asks_only_where_it_was_chosen() -> None:
    common = {one.key for one in survey_questions(())}

    for key in OBJECTIVES:
        assert {one.key for one in survey_questions([key])} - common == {key}


def test_a_sheet_is_short_and_each_side_reads_its_own_words() -> None:
    mentor, mentee = (asked_on(sheet, ["belonging", "study_habits"]) for sheet in Sheet)

    assert len(mentor) == len(mentee) == 10
    assert "mattered_to_them" in {one.key for one in mentor}
    assert "mattered" in {one.key for one in mentee}
    assert "leadership" not in {one.key for one in asked_on(Sheet.MENTEE, ["leadership"])}
    assert not any(one.is_required for one in survey_questions(OBJECTIVES))


@pytest.mark.parametrize("count", range(FEWEST))
def test_fewer_than_five_sheets_show_nothing(count: int) -> None:
    found = sheets(count, 0)

    assert not results(found, []).is_shown
    assert results(found, []).tallies == ()
    assert words(found, "helped") == []


def test_five_sheets_are_counted_choice_by_choice() -> None:
    found = [*sheets(3, 2), *sheets(0, 1, duty="5"), *sheets(1, 0, duty=None)]

    duty = next(one for one in results(found, []).tallies if one.question.key == "duty")

    assert duty.of == 7
    assert duty.counts == (5, 0, 0, 0, 1)


@pytest.mark.parametrize(
    ("mentors", "mentees", "sides"),
    [
        (5, 5, (Sheet.MENTOR, Sheet.MENTEE)),
        (20, 4, ()),
        (4, 20, ()),
        (3, 3, ()),
        (9, 0, ()),
    ],
)
def test_no_side_is_shown_where_the_other_could_be_reckoned_from_it(
    mentors: int, mentees: int, sides: tuple[Sheet, ...]
) -> None:
    found = results(sheets(mentors, mentees), [])

    assert found.sides == sides
    assert all(set(one.by_sheet) <= set(sides) for one in found.tallies)


def test_a_question_of_one_side_is_shown_from_five_sheets_of_that_side_on() -> None:
    few, enough = results(sheets(20, 4), []), results(sheets(0, 5), [])

    assert "mattered" not in {one.question.key for one in few.tallies}
    assert next(one for one in enough.tallies if one.question.key == "mattered").of == 5


def test_no_number_that_is_shown_lets_a_group_of_fewer_than_five_be_reckoned() -> None:
    for mentors in range(12):
        for mentees in range(12):
            found = results(sheets(mentors, mentees), ["leadership"])
            groups = {one.of for one in found.tallies} | {
                {Sheet.MENTOR: mentors, Sheet.MENTEE: mentees}[side] for one in found.tallies for side in one.by_sheet
            }
            assert all(size >= FEWEST for size in groups)
            both = [one for one in found.tallies if one.by_sheet]
            assert all(min(mentors, mentees) >= FEWEST for _one in both)


def test_words_come_in_an_order_that_has_nothing_to_do_with_the_sheets() -> None:
    texts = [f"Words {number}" for number in range(20)]
    found = [one for text in texts for one in sheets(1, 0, helped=text, change=text)]

    assert sorted(words(found, "helped")) == sorted(texts)
    assert words(found, "helped") == words(list(reversed(found)), "helped")
    assert words(found, "helped") not in (texts, texts[::-1], sorted(texts), words(found, "change"))


def test_empty_words_are_no_words() -> None:
    assert words(sheets(3, 3, helped=" "), "helped") == []
    assert all(one.kind is not QuestionKind.TEXT for one in (t.question for t in results(sheets(5, 5), []).tallies))
