"""Promises of single comparers, soft rules and hard rules, and of what is never told."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lti_tool.mentoring.matching.compatibility import compatibility
from lti_tool.mentoring.matching.eligibility import BlockingRule, eligibility
from lti_tool.mentoring.matching.facts import PPM, Soft
from lti_tool.mentoring.matching.propose import propose
from lti_tool.mentoring.questionnaire import Audience, Comparer, Option, Question, QuestionKind, Questionnaire
from tests.mentoring.people import QUESTIONNAIRE, crowd, mentee, mentor, plan

LETTERS = tuple(Option(key=letter, label=letter.upper()) for letter in "abcde")


def asked(comparer, key="it", **changes):
    values = {
        "key": key,
        "wording": "Which?",
        "kind": QuestionKind.MULTI,
        "options": LETTERS,
        "asked_of": frozenset(),
        "seen_by": frozenset({Audience.SELF}),
        "may_be_shown": True,
        "comparer": comparer,
        "weight": 5,
        "reason": "Shared: %(things)s",
    }
    return Question(**{**values, **changes})


def plan_of(*questions, **changes):
    return plan(questionnaire=Questionnaire(questions=questions), **changes)


def score(mine, theirs, a_plan, **people):
    dana = mentee(1, answers=mine, **people.get("mentee", {}))
    bob = mentor(2, answers=theirs, **people.get("mentor", {}))
    return int(compatibility([dana], [bob], a_plan).scores()[0, 0])


@pytest.mark.parametrize(
    ("comparer", "mine", "theirs", "part"),
    [
        (Comparer.SAME, "a", "a", PPM),
        (Comparer.SAME, "a", "b", 0),
        (Comparer.STAGE, "a", "c", PPM),
        (Comparer.STAGE, "c", "c", PPM),
        (Comparer.CLOSENESS, "a", "e", 0),
        (Comparer.CLOSENESS, "b", "c", 750_000),
        (Comparer.NEARNESS, "b", "b", PPM),
        (Comparer.OWN_SITUATIONS, ["a", "b", "c"], ["a", "e"], 333_333),
        (Comparer.OWN_SITUATIONS, ["a"], ["a", "b", "c"], PPM),
        (Comparer.COMPLEMENT, ["a", "b"], ["b"], 500_000),
        (Comparer.SHARED, ["a", "b"], ["b", "c"], 333_333),
        (Comparer.NEED_OFFER, ["a", "b"], ["b"], 333_333),
    ],
)
def test_a_part_is_what_the_comparer_says(comparer, mine, theirs, part):
    a_plan = plan_of(asked(comparer, maximum=2), soft=Soft(lower_stage=0))

    assert score({"it": mine}, {"it": theirs}, a_plan) == part


def test_what_is_unsure_is_compared_with_what_the_other_is_sure_of():
    unsure = asked(Comparer.COMPLEMENT, key="unsure", counterpart="sure")
    sure = asked(Comparer.NONE, key="sure")

    assert score({"unsure": ["a", "b"]}, {"sure": ["a"], "unsure": ["b"]}, plan_of(unsure, sure)) == 500_000


def test_preferring_not_to_say_is_no_answer():
    options = (*LETTERS, Option(key="prefer_not_to_say", label="Prefer not to say"))
    question = asked(Comparer.OWN_SITUATIONS, options=options)
    other = asked(Comparer.SAME, key="other")

    both = {"it": ["prefer_not_to_say"], "other": "a"}

    assert score(both, both, plan_of(question, other)) == PPM


def test_what_matters_most_counts_twice():
    first, second = asked(Comparer.SAME, key="field"), asked(Comparer.SAME, key="way_of_working_1")
    criterion = asked(
        Comparer.TOP_CRITERION,
        key="matters",
        weight=0,
        options=(Option(key="field", label="F"), Option(key="way_of_working", label="W"), Option(key="any", label="A")),
    )
    a_plan = plan_of(first, second, criterion)
    theirs = {"field": "a", "way_of_working_1": "b"}
    mine = {"field": "a", "way_of_working_1": "a"}

    assert score({**mine, "matters": "field"}, theirs, a_plan) == 666_667
    assert score({**mine, "matters": "way_of_working"}, theirs, a_plan) == 333_333
    assert score({**mine, "matters": "any"}, theirs, a_plan) == score(mine, theirs, a_plan) == 500_000


def test_a_wish_adds_a_little_and_a_mutual_one_more():
    plain, once, both = (
        score({"it": "a"}, {"it": "c"}, plan_of(asked(Comparer.CLOSENESS)), mentee=mine, mentor=theirs)
        for mine, theirs in (
            ({}, {}),
            ({"would_like": frozenset({2})}, {}),
            ({"would_like": frozenset({2})}, {"would_like": frozenset({1})}),
        )
    )

    assert (once - plain, both - plain) == (50_000, 100_000)


def test_no_wish_makes_a_score_larger_than_whole():
    assert score({"it": "a"}, {"it": "a"}, plan_of(asked(Comparer.SAME)), mentee={"would_like": frozenset({2})}) == PPM


def test_a_mentor_at_a_lower_stage_costs():
    stage, other = asked(Comparer.STAGE, key="stage", weight=0), asked(Comparer.SAME)
    a_plan = plan_of(stage, other)

    assert score({"stage": "c", "it": "a"}, {"stage": "b", "it": "a"}, a_plan) == PPM - 150_000
    assert score({"stage": "b", "it": "a"}, {"stage": "b", "it": "a"}, a_plan) == PPM
    assert score({"stage": "c", "it": "a"}, {"it": "a"}, a_plan) == PPM


@pytest.mark.parametrize(("zone", "cost"), [("Europe/Berlin", 0), ("Asia/Tokyo", 50_000), ("America/New_York", 0)])
def test_clocks_far_apart_cost(zone, cost):
    a_plan = plan_of(asked(Comparer.SAME))

    assert score({"it": "a"}, {"it": "a"}, a_plan, mentor={"time_zone": zone}) == PPM - cost


def test_two_newcomers_cost_and_a_former_pair_counts_as_the_plan_says():
    a_plan = plan_of(asked(Comparer.SAME), soft=Soft(past_pair=-50_000))
    new = {"is_new": True}

    assert score({"it": "a"}, {"it": "a"}, a_plan, mentee=new, mentor=new) == PPM - 10_000
    assert score({"it": "a"}, {"it": "a"}, a_plan, mentor={"past_partners": frozenset({1})}) == PPM - 50_000


def rules(dana, bob, a_plan):
    return set(eligibility([dana], [bob], a_plan).broken_by(0, 0))


@pytest.mark.parametrize(
    ("change", "people", "rule"),
    [
        (
            {"same_section": True},
            ({"sections": frozenset("A")}, {"sections": frozenset("B")}),
            BlockingRule.OTHER_SECTION,
        ),
        ({"same_section": True}, ({"sections": frozenset("A")}, {"sections": frozenset("A")}), None),
        ({"same_section": True}, ({"sections": frozenset()}, {"sections": frozenset("B")}), None),
        ({}, ({"sections": frozenset("A")}, {"sections": frozenset("B")}), None),
        ({"same_group": True}, ({"groups": frozenset("xy")}, {"groups": frozenset("z")}), BlockingRule.OTHER_GROUP),
        ({"same_group": True}, ({"groups": frozenset("xy")}, {"groups": frozenset("yz")}), None),
        ({"new_partners_only": True}, ({"past_partners": frozenset({2})}, {}), BlockingRule.PAST_PARTNER),
        ({}, ({"past_partners": frozenset({2})}, {}), None),
        ({"needs_training": True}, ({}, {"is_trained": False}), BlockingRule.NOT_TRAINED),
        ({"needs_training": True}, ({"is_trained": False}, {}), None),
        ({"conflicts": frozenset({(2, 1)})}, ({}, {}), BlockingRule.CONFLICT),
        ({"conflicts": frozenset({(1, 2)})}, ({}, {}), BlockingRule.CONFLICT),
    ],
)
def test_a_hard_rule_holds_where_the_plan_says_so(change, people, rule):
    dana, bob = mentee(1, **people[0]), mentor(2, **people[1])

    assert rules(dana, bob, plan(**change)) == ({rule} if rule else set())


def test_only_a_needed_language_forbids_where_the_question_is_asked():
    needed = asked(Comparer.NEEDED_LANGUAGE, key="needs", counterpart="languages", weight=0)
    spoken = asked(Comparer.LANGUAGE, key="languages")
    a_plan = plan_of(needed, spoken)
    bob = mentor(2, answers={"languages": ["b"]})

    assert rules(mentee(1, answers={"languages": ["a"]}), bob, a_plan) == set()
    assert rules(mentee(1, answers={"languages": ["a"], "needs": ["a"]}), bob, a_plan) == {BlockingRule.NEEDED_LANGUAGE}


def test_two_who_both_agree_may_meet_at_different_times():
    consent = asked(Comparer.ASYNC_CONSENT, key="async", options=(Option(key="yes", label="Yes"),), weight=0)
    a_plan = plan(questionnaire=Questionnaire(questions=(*QUESTIONNAIRE.questions, consent)))
    busy, agreed = {"availability": ["sun-20"]}, {"async": ["yes"]}

    assert rules(mentee(1, answers=agreed), mentor(2, answers={**busy, **agreed}), a_plan) == set()
    assert rules(mentee(1), mentor(2, answers={**busy, **agreed}), a_plan) == {BlockingRule.TOO_LITTLE_TIME}


def test_situations_are_mentioned_only_when_both_agree():
    a_plan = plan_of(asked(Comparer.OWN_SITUATIONS, options=LETTERS))
    told = {"it": ["a"], "it_may_be_mentioned": ["yes"]}

    def said(mine, theirs):
        return [
            reason.values
            for reason in propose([mentee(1, answers=mine), mentor(2, answers=theirs)], a_plan).pairs[0].reasons
        ]

    assert said(told, told) == [{"things": ("A",)}]
    assert said(told, {"it": ["a"]}) == said({"it": ["a"]}, told) == []


def texts_of(pair):
    sentences = [*pair.reasons, *(one for one in (pair.difference, pair.talk_about) if one)]
    return {thing for sentence in sentences for thing in sentence.values.get("things", ())}


@settings(max_examples=60)
@given(st.integers(2, 25), st.integers(0, 500), st.sets(st.sampled_from([one.key for one in QUESTIONNAIRE.questions])))
def test_a_private_answer_never_appears_in_any_reason(size, seed, private):
    questions = tuple(
        replace(question, may_be_shown=question.may_be_shown and question.key not in private)
        for question in QUESTIONNAIRE.questions
    )
    hidden = {option.label for one in questions if not one.may_be_shown for option in one.options}
    open_ones = {option.label for one in questions if one.may_be_shown for option in one.options}

    for pair in propose(crowd(size, seed), plan(questionnaire=Questionnaire(questions=questions))).pairs:
        assert not texts_of(pair) & (hidden - open_ones)
        if {"help_wanted", "help_offered"} & private:
            assert not texts_of(pair) & {option.label for option in QUESTIONNAIRE.question("help_wanted").options}


def test_a_useful_difference_and_something_to_talk_about_are_named():
    dana = mentee(1, answers={"interests": ["sport", "film"], "help_wanted": ["writing"]})
    bob = mentor(2, answers={"interests": ["film"], "help_offered": ["writing", "planning"]})

    pair = propose([dana, bob], plan()).pairs[0]

    assert pair.difference.values == {"things": ("Planning my week",)}
    assert len(pair.talk_about.values["things"]) == 1


@settings(max_examples=30)
@given(st.integers(1, 25), st.integers(0, 100), st.randoms(use_true_random=False))
def test_the_order_of_questions_changes_no_pair(size, seed, chance):
    people = crowd(size, seed)
    light = tuple(replace(one, weight=0 if one.weight >= 10 else one.weight) for one in QUESTIONNAIRE.questions)
    shuffled = list(light)
    chance.shuffle(shuffled)

    first, second = (
        propose(people, plan(questionnaire=Questionnaire(questions=tuple(questions))))
        for questions in (light, shuffled)
    )

    pairs = [{(one.mentor_id, one.mentee_id, one.score_ppm) for one in each.pairs} for each in (first, second)]
    assert pairs[0] == pairs[1]


def test_weights_that_are_scaled_make_the_same_scores():
    questions = [asked(Comparer.SAME, key="one", weight=2), asked(Comparer.CLOSENESS, key="two", weight=3)]
    larger = [replace(one, weight=one.weight * 3) for one in questions]
    rng = np.random.default_rng(1)
    people = [
        {"one": str(a), "two": str(b)}
        for a, b in zip(rng.choice([*"abcde"], 30), rng.choice([*"abcde"], 30), strict=True)
    ]

    for mine, theirs in zip(people, people[::-1], strict=True):
        assert score(mine, theirs, plan_of(*questions)) == score(mine, theirs, plan_of(*larger))
