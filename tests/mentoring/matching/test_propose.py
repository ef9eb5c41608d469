"""Promises of a proposal: sides, pairs, reasons, and the people left over."""

import random
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.matching.eligibility import BlockingRule, eligibility
from lti_tool.mentoring.matching.explain import REASONS_AT_MOST, Strength, strength
from lti_tool.mentoring.matching.propose import propose
from lti_tool.mentoring.matching.sides import with_sides
from lti_tool.mentoring.matching.ties import by_chance, ties
from tests.mentoring.people import QUESTIONNAIRE, crowd, either, mentee, mentor, plan

CROWDS = st.builds(crowd, st.integers(0, 30), st.integers(0, 10_000))


def reasons_of(proposal):
    return {unmatched.id: unmatched.reason.text for unmatched in proposal.unmatched}


@given(CROWDS, st.randoms(use_true_random=False))
def test_the_order_of_the_people_makes_no_difference(people, chance):
    shuffled = list(people)
    chance.shuffle(shuffled)

    assert propose(shuffled, plan()) == propose(people, plan())


@given(CROWDS, st.integers(0, 3))
def test_no_hard_rule_is_ever_broken(people, seed):
    proposal = propose(people, plan(seed=seed))

    person = {one.id: one for one in people}
    load = Counter(pair.mentor_id for pair in proposal.pairs)
    mentees = [pair.mentee_id for pair in proposal.pairs]
    assert all(person[id_].capacity >= count for id_, count in load.items())
    assert len(set(mentees)) == len(mentees)
    assert not set(mentees) & set(load)
    for pair in proposal.pairs:
        assert person[pair.mentor_id].role is not EnrolmentRole.MENTEE
        assert person[pair.mentee_id].role is not EnrolmentRole.MENTOR
        assert eligibility([person[pair.mentee_id]], [person[pair.mentor_id]], plan()).allowed.all()


@given(CROWDS)
def test_everybody_is_in_a_pair_or_has_a_reason(people):
    proposal = propose(people, plan())

    paired = {id_ for pair in proposal.pairs for id_ in (pair.mentor_id, pair.mentee_id)}
    alone = {unmatched.id for unmatched in proposal.unmatched}
    assert paired | alone == {person.id for person in people}
    assert not paired & alone
    assert proposal.matched_mentees == len(proposal.pairs) <= proposal.mentee_count
    assert proposal.total_ppm == sum(pair.score_ppm for pair in proposal.pairs)
    assert proposal.worst_ppm == min((pair.score_ppm for pair in proposal.pairs), default=0)


def left_out(people):
    """Return how many people stay alone at best with these sides, by another solver."""
    mentees = [person for person in people if person.role is EnrolmentRole.MENTEE]
    mentors = [person for person in people if person.role is EnrolmentRole.MENTOR]
    if not mentees or not mentors:
        return len(people), len(mentees)
    allowed = eligibility(mentees, mentors, plan()).allowed
    slots = np.repeat(np.arange(len(mentors)), [person.capacity for person in mentors])
    matched, used = (
        int((maximum_bipartite_matching(csr_array(matrix.astype(int))) >= 0).sum())
        for matrix in (allowed[:, slots], allowed)
    )
    return len(people) - matched - used, len(mentees) - matched


@given(CROWDS)
def test_nobody_is_left_out_because_one_person_was_put_on_the_wrong_side(people):
    sided = with_sides(people, plan())

    best = left_out(sided)
    for number, person in enumerate(people):
        if person.role is EnrolmentRole.EITHER:
            other = {EnrolmentRole.MENTOR: EnrolmentRole.MENTEE, EnrolmentRole.MENTEE: EnrolmentRole.MENTOR}
            changed = [*sided]
            changed[number] = replace(person, role=other[sided[number].role])
            assert left_out(changed) >= best
        else:
            assert sided[number] == person


@pytest.mark.parametrize(("people", "pairs"), [(2, 1), (3, 2), (4, 3), (5, 3), (9, 6)])
def test_people_who_all_chose_either_are_split_as_needed(people, pairs):
    proposal = propose([either(id_, capacity=3 if people == 4 else 2) for id_ in range(people)], plan())

    assert len(proposal.pairs) == pairs
    assert proposal.unmatched == ()


def test_one_who_chose_either_helps_where_somebody_is_needed():
    assert propose([mentor(1), either(2)], plan()).pairs[0].mentee_id == 2
    assert propose([mentee(1), either(2)], plan()).pairs[0].mentor_id == 2


def test_nobody_and_one_person_give_an_empty_proposal():
    nobody, one = propose([], plan()), propose([either(1)], plan())

    assert (nobody.pairs, nobody.unmatched, nobody.worst_ppm) == ((), (), 0)
    assert (one.pairs, len(one.unmatched)) == ((), 1)


def test_without_mentors_or_without_mentees_the_reason_says_so():
    assert reasons_of(propose([mentee(1), mentee(2)], plan())) == dict.fromkeys(
        (1, 2), "Nobody has joined as a mentor yet."
    )
    assert reasons_of(propose([mentor(1)], plan())) == {1: "Nobody has joined as a mentee yet."}


def test_a_mentee_without_a_place_and_a_mentor_too_many_are_told_apart():
    full = propose([mentor(1), mentee(2), mentee(3)], plan())
    idle = propose([mentor(1), mentor(2), mentee(3)], plan())

    assert ["as many mentees as they can take" in text for text in reasons_of(full).values()] == [True]
    assert ["more mentors than needed" in text for text in reasons_of(idle).values()] == [True]


def test_a_mentor_without_room_is_told_so():
    proposal = propose([mentor(1, capacity=0), mentor(2, capacity=-1), mentee(3)], plan())

    assert proposal.pairs == ()
    assert reasons_of(proposal)[1] == reasons_of(proposal)[2] == "This mentor takes no mentees at the moment."


def test_everybody_blocked_names_the_rule():
    proposal = propose([mentor(1), mentee(2, answers={"languages": ["es"]})], plan())

    assert {unmatched.rule for unmatched in proposal.unmatched} == {BlockingRule.NO_COMMON_LANGUAGE}
    assert {unmatched.role for unmatched in proposal.unmatched} == {EnrolmentRole.MENTOR, EnrolmentRole.MENTEE}


def test_a_person_given_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        propose([mentor(1), mentee(1)], plan())


def test_the_strongest_reason_comes_first_and_names_what_is_shared():
    dana = mentee(1, answers={"aims": ["pass", "career"]})
    bob = mentor(2, answers={"aims": ["career"], "help_offered": ["writing", "planning"]})

    reasons = propose([dana, bob], plan()).pairs[0].reasons

    assert reasons[0].text == QUESTIONNAIRE.question("availability").reason
    assert reasons[0].values == {"hours": 6}
    assert reasons[1].values == {"things": ("Writing", "Planning my week")}
    assert reasons[2].values == {"things": ("A career in the field",)}


@given(CROWDS)
def test_reasons_come_only_from_what_may_be_shown(people):
    shown = {question.reason for question in QUESTIONNAIRE.questions if question.may_be_shown}

    for pair in propose(people, plan()).pairs:
        assert len(pair.reasons) <= REASONS_AT_MOST
        assert {reason.text for reason in pair.reasons} <= shown
        assert all(reason.values for reason in pair.reasons)


def test_what_may_not_be_shown_counts_but_is_not_named():
    hidden = tuple(replace(question, may_be_shown=False) for question in QUESTIONNAIRE.questions)
    secret = plan(questionnaire=replace(QUESTIONNAIRE, questions=hidden))

    open_pair, secret_pair = (propose([mentor(1), mentee(2)], one).pairs[0] for one in (plan(), secret))

    assert secret_pair.reasons == ()
    assert secret_pair.score_ppm == open_pair.score_ppm


def test_a_score_has_a_word():
    words = [strength(score) for score in (0, 399_999, 400_000, 550_000, 700_000, 1_000_000)]

    assert words == [Strength.WEAK, Strength.WEAK, Strength.FAIR, Strength.GOOD, Strength.STRONG, Strength.STRONG]
    assert len({word.label for word in Strength}) == 4


def test_the_hash_names_the_input():
    people = crowd(10, 1)

    same, other = propose(people, plan()), propose(people, plan(seed=1))

    assert same.input_hash == propose(people[::-1], plan()).input_hash
    assert same.input_hash != other.input_hash


def test_another_seed_breaks_ties_another_way_at_the_same_worth():
    people = [*(mentor(id_) for id_ in range(8)), *(mentee(id_) for id_ in range(8, 16))]

    proposals = [propose(people, plan(seed=seed)) for seed in range(4)]

    assert len({proposal.pairs for proposal in map(pairs_only, proposals)}) > 1
    assert len({proposal.total_ppm for proposal in proposals}) == 1


def pairs_only(proposal):
    return replace(proposal, pairs=tuple((pair.mentor_id, pair.mentee_id) for pair in proposal.pairs))


def test_chance_is_the_same_on_every_machine():
    assert ties(7, [1, 2], [3])(np.array([0, 1]), np.array([0, 0])).tolist() == [2246626122, 3709155578]
    assert by_chance(7, [3, 1, 2]) == by_chance(7, [1, 2, 3]) == [1, 3, 2]


def test_a_class_of_forty_is_matched_well():
    proposal = propose(crowd(40, 3), plan())

    assert proposal.matched_mentees == proposal.mentee_count
    assert all(pair.reasons for pair in proposal.pairs)


def test_a_thousand_people_are_matched_and_the_order_makes_no_difference():
    people = crowd(1000, 3)
    shuffled = random.Random(9).sample(people, len(people))  # noqa: S311 - shuffles people, guards nothing

    proposal = propose(people, plan())

    assert proposal.matched_mentees == proposal.mentee_count
    assert propose(shuffled, plan()) == proposal
