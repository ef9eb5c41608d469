"""Promises of the quiz: drawn by its blueprint, the same each time, passed by enough right answers."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.mentoring.quiz import Quiz, QuizOption, QuizQuestion, Topic, draw_quiz, grade

ASKED = {"role": 5, "listening": 4, "goals": 3, "conflict": 3, "confidentiality": 3, "tool": 2}


def topic(key: str, drawn: int) -> Topic:
    return Topic(
        key=key, title=key.capitalize(), drawn=drawn, must_be_all_right=key == "confidentiality", see=f"tr1/{key}"
    )


def question(topic_key: str, number: int) -> QuizQuestion:
    letters = "abc"
    return QuizQuestion(
        key=f"{topic_key}-{number}",
        topic=topic_key,
        wording="What now?",
        options=tuple(QuizOption(key=one, text=f"Do {one}", explanation=f"Because {one}") for one in letters),
        right=letters[number % 3],
        see="tr1/role",
        language="en",
    )


QUIZ = Quiz(
    topics=tuple(topic(key, drawn) for key, drawn in ASKED.items()),
    questions=tuple(question(key, number) for key, drawn in ASKED.items() for number in range(2 * drawn)),
    pass_percent=80,
    language="en",
    version="v1",
)


def answers(drawn, wrong=()):
    """All right, except the questions of these keys."""
    return {
        one.key: next(option.key for option in one.options if (option.key == one.right) != (one.key in wrong))
        for one in drawn.questions
    }


@given(st.text())
def test_each_try_asks_as_many_questions_of_each_topic_as_the_quiz_says(seed):
    drawn = draw_quiz(QUIZ, seed)

    keys = [one.key for one in drawn.questions]
    assert len(keys) == len(set(keys)) == QUIZ.drawn_count == 20
    assert {key: sum(one.topic == key for one in drawn.questions) for key in ASKED} == ASKED


@given(st.text())
def test_the_same_seed_draws_the_same_questions_and_options_in_the_same_order(seed):
    assert draw_quiz(QUIZ, seed) == draw_quiz(QUIZ, seed)


@given(st.text())
def test_drawing_mixes_options_but_loses_none_and_keeps_the_right_one(seed):
    by_key = {one.key: one for one in QUIZ.questions}

    for one in draw_quiz(QUIZ, seed).questions:
        assert replace(one, options=by_key[one.key].options) == by_key[one.key]
        assert sorted(option.key for option in one.options) == ["a", "b", "c"]


def test_many_tries_reach_every_question_and_every_place_of_the_right_answer():
    drawn = [draw_quiz(QUIZ, str(number)).questions for number in range(50)]

    assert {one.key for questions in drawn for one in questions} == {one.key for one in QUIZ.questions}
    places = {
        next(place for place, option in enumerate(one.options) if option.key == one.right)
        for questions in drawn
        for one in questions
    }
    assert places == {0, 1, 2}


def test_another_seed_draws_others():
    assert draw_quiz(QUIZ, "one") != draw_quiz(QUIZ, "two")


def test_everything_right_passes():
    drawn = draw_quiz(QUIZ, "seed")

    result = grade(drawn, answers(drawn))

    assert (result.is_passed, result.right_count, result.read_again) == (True, 20, ())
    assert [one.text for one in result.reasons] == ["%(right)s of %(asked)s answers are right."]


@pytest.mark.parametrize(("wrong_count", "is_passed"), [(4, True), (5, False)])
def test_sixteen_of_twenty_are_needed(wrong_count, is_passed):
    drawn = draw_quiz(QUIZ, "seed")
    wrong = [one.key for one in drawn.questions if one.topic != "confidentiality"][:wrong_count]

    result = grade(drawn, answers(drawn, wrong))

    assert (result.is_passed, result.right_count, result.needed_count) == (is_passed, 20 - wrong_count, 16)


def test_one_wrong_answer_about_confidentiality_is_enough_not_to_pass():
    drawn = draw_quiz(QUIZ, "seed")
    wrong = next(one.key for one in drawn.questions if one.topic == "confidentiality")

    result = grade(drawn, answers(drawn, [wrong]))

    assert (result.is_passed, result.right_count) == (False, 19)
    assert [dict(one.values) for one in result.reasons] == [{"topic": "Confidentiality"}]
    assert [one.key for one in result.read_again] == ["confidentiality"]


def test_everything_that_is_missing_is_said_at_once():
    result = grade(draw_quiz(QUIZ, "seed"), {})

    assert not result.is_passed
    assert len(result.reasons) == 2
    assert all(one.chosen is None for one in result.answers)


@given(st.dictionaries(st.sampled_from([one.key for one in QUIZ.questions]), st.text(max_size=2)))
def test_a_foreign_option_is_a_wrong_answer_and_never_a_fault(given_answers):
    drawn = draw_quiz(QUIZ, "seed")

    result = grade(drawn, given_answers)

    assert result.right_count == sum(given_answers.get(one.key) == one.right for one in drawn.questions)
    assert result.is_passed == (
        result.right_count >= 16 and "confidentiality" not in {t.key for t in result.read_again}
    )


def test_each_answer_explains_itself_and_names_the_right_one():
    drawn = draw_quiz(QUIZ, "seed")
    wrong = drawn.questions[0]

    first = grade(drawn, answers(drawn, [wrong.key])).answers[0]

    assert not first.is_right
    assert first.chosen is not None
    assert first.chosen.explanation == f"Because {first.chosen.key}"
    assert first.right_option.key == wrong.right
