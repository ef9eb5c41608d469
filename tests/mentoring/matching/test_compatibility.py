"""Promises of scores and hard rules."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.mentoring.matching.compatibility import OPEN_QUESTION_COST, compatibility
from lti_tool.mentoring.matching.eligibility import BlockingRule, eligibility
from lti_tool.mentoring.matching.facts import PPM
from lti_tool.mentoring.questionnaire import Questionnaire
from tests.mentoring.people import QUESTIONNAIRE, crowd, mentee, mentor, plan


def only(*keys):
    return plan(questionnaire=Questionnaire(questions=tuple(QUESTIONNAIRE.question(key) for key in keys)))


def score(dana, bob, a_plan):
    return int(compatibility([dana], [bob], a_plan).scores()[0, 0])


def test_a_first_wish_counts_three_times_a_third_one():
    wants = mentee(1, answers={"help_wanted": ["writing", "exams", "planning"]})

    first, third = (mentor(2, answers={"help_offered": [topic]}) for topic in ("writing", "planning"))

    assert score(wants, first, only("help_wanted")) == 500_000
    assert score(wants, third, only("help_wanted")) == 166_667


def test_six_hours_in_common_are_enough():
    many = {"availability": ["mon-08", "mon-10", "mon-12", "mon-14"]}

    assert score(mentee(1, answers=many), mentor(2, answers=many), only("availability")) == PPM
    assert (
        score(mentee(1, answers=many), mentor(2, answers={"availability": ["mon-08"]}), only("availability")) == 333_333
    )


def test_a_rare_interest_in_common_counts_more_than_a_common_one():
    people = [mentee(number, answers={"interests": ["sport", "film"]}) for number in range(1, 9)]
    dana = mentee(9, answers={"interests": ["sport", "theatre"]})
    sporty, theatrical = (
        mentor(id_, answers={"interests": [what, "reading"]}) for id_, what in ((10, "sport"), (11, "theatre"))
    )

    scores = compatibility([*people, dana], [sporty, theatrical], only("interests")).scores()[-1]

    assert scores[1] > scores[0] > 0


@pytest.mark.parametrize(("theirs", "part"), [("weekly", PPM), ("fortnightly", 666_667), ("as_needed", 0)])
def test_frequencies_nearer_each_other_score_higher(theirs, part):
    dana, bob = mentee(1, answers={"frequency": "weekly"}), mentor(2, answers={"frequency": theirs})

    assert score(dana, bob, only("frequency")) == part


def test_knowing_more_languages_is_no_drawback():
    bob = mentor(2, answers={"languages": ["en", "es", "fr"]})

    assert score(mentee(1), bob, only("languages")) == PPM


def test_an_open_light_question_is_left_out_and_costs_nothing():
    dana, bob = mentee(1, answers={"aims": ["pass"]}), mentor(2)

    assert score(dana, bob, only("help_wanted", "aims")) == score(dana, bob, only("help_wanted"))


def test_an_open_heavy_question_is_left_out_and_costs_a_little():
    dana, bob = mentee(1, answers={"availability": []}), mentor(2)

    assert (
        score(dana, bob, only("help_wanted", "availability"))
        == score(dana, bob, only("help_wanted")) - OPEN_QUESTION_COST
    )


def test_two_people_of_whom_nothing_is_known_score_nothing():
    nothing = {"help_wanted": [], "help_offered": [], "availability": [], "languages": []}

    assert score(mentee(1, answers=nothing), mentor(2, answers=nothing), plan()) == 0


def test_an_option_that_is_no_longer_asked_counts_for_nothing():
    dana = mentee(1, answers={"help_wanted": ["juggling", "writing"]})

    assert score(dana, mentor(2, answers={"help_offered": ["writing"]}), only("help_wanted")) == PPM


def test_a_questionnaire_without_weights_is_refused():
    with pytest.raises(ValueError, match="score"):
        compatibility([mentee(1)], [mentor(2)], only("note_to_partner"))


@given(st.integers(1, 40), st.integers(0, 5))
def test_scores_are_millionths_and_chosen_pairs_score_as_in_the_whole(size, seed):
    people = crowd(size, seed)
    whole = compatibility(people, people, plan())
    numbers = np.arange(size)

    scores = whole.scores()

    assert ((scores >= 0) & (scores <= PPM)).all()
    assert (whole.scores_of(numbers, numbers[::-1]) == scores[numbers, numbers[::-1]]).all()


def rules_for(dana, bob, a_plan=None):
    found = eligibility([dana], [bob], a_plan or plan())
    assert found.allowed[0, 0] != bool(found.broken_by(0, 0))
    return set(found.broken_by(0, 0))


def test_two_who_suit_each_other_break_no_rule():
    assert rules_for(mentee(1), mentor(2)) == set()


def test_nobody_is_matched_with_themselves():
    assert rules_for(mentee(1), mentor(1)) == {BlockingRule.SAME_PERSON}


@pytest.mark.parametrize(("mine", "theirs"), [({2}, set()), (set(), {1}), ({2}, {1})])
def test_please_not_counts_from_either_side(mine, theirs):
    dana, bob = mentee(1, please_not=frozenset(mine)), mentor(2, please_not=frozenset(theirs))

    assert rules_for(dana, bob) == {BlockingRule.PLEASE_NOT}


def test_a_wish_about_somebody_who_is_not_there_is_no_hindrance():
    assert rules_for(mentee(1, please_not=frozenset({99})), mentor(2)) == set()


def test_without_a_common_language_there_is_no_pair():
    assert rules_for(mentee(1, answers={"languages": ["es"]}), mentor(2)) == {BlockingRule.NO_COMMON_LANGUAGE}


def test_too_little_common_time_forbids_as_the_plan_says():
    dana, bob = mentee(1, answers={"availability": ["mon-08"]}), mentor(2)

    assert rules_for(dana, bob, plan(minimum_overlap_minutes=120)) == set()
    assert rules_for(dana, bob, plan(minimum_overlap_minutes=121)) == {BlockingRule.TOO_LITTLE_TIME}


def test_the_same_hours_far_apart_are_no_common_time():
    assert rules_for(mentee(1, time_zone="Asia/Tokyo"), mentor(2)) == {BlockingRule.TOO_LITTLE_TIME}


def test_what_is_not_answered_forbids_nothing():
    assert rules_for(mentee(1, answers={"languages": [], "availability": []}), mentor(2)) == set()


def test_the_rule_that_blocks_most_is_named():
    dana = mentee(1, please_not=frozenset({2}))
    mentors = [mentor(2), *(mentor(id_, answers={"languages": ["es"]}) for id_ in (3, 4))]

    found = eligibility([dana], mentors, plan())

    assert found.rule_for_mentee(0) is BlockingRule.NO_COMMON_LANGUAGE
    assert found.rule_for_mentor(0) is BlockingRule.PLEASE_NOT
    assert eligibility([replace(dana, please_not=frozenset())], [mentor(2)], plan()).rule_for_mentee(0) is None


def test_every_rule_has_a_sentence():
    assert len({rule.sentence.text for rule in BlockingRule}) == len(BlockingRule)
