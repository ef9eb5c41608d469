"""Promises about forms that come back after something else has changed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.mentoring.questionnaire import Option
from lti_tool.mentoring.settling import CHANGED_QUESTION, THERE, Clash, Sent, as_asked, drawn_with, settle
from tests.mentoring.people import QUESTIONNAIRE

AIMS, NOTE = QUESTIONNAIRE.question("aims"), QUESTIONNAIRE.question("note_to_partner")


def sent(form, *, drawn, stored, chosen=None, questions=(AIMS, NOTE), drawn_as=(AIMS, NOTE)):
    """What becomes of a form that was drawn with some answers and comes back when others are stored."""
    carried = {question.key: drawn_with(question, drawn.get(question.key)) for question in drawn_as}
    return settle(questions, Sent(form=form, drawn=carried, chosen=chosen or {}), stored)


def test_only_what_was_changed_in_this_form_is_written():
    settled = sent(
        {"aims": ["pass"], "note_to_partner": ["Hello"]},
        drawn={"aims": ["pass"]},
        stored={"aims": ["career"]},  # changed in another window meanwhile
    )

    assert settled.writes == {"note_to_partner": "Hello"}
    assert settled.is_done


def test_the_same_answer_changed_twice_is_shown_twice_and_not_written():
    settled = sent({"aims": ["pass"]}, drawn={}, stored={"aims": ["career"]})

    assert settled.writes == {}
    assert settled.clashes == {"aims": Clash(here=["pass"], there=["career"])}


def test_the_same_answer_given_twice_is_no_clash():
    assert sent({"aims": ["pass"]}, drawn={}, stored={"aims": ["pass"]}).is_done


def test_the_person_chooses_which_of_two_answers_counts():
    clash = sent({"aims": ["pass"]}, drawn={}, stored={"aims": ["career"]}).clashes["aims"]

    here = sent({"aims": ["pass"]}, drawn={}, stored={"aims": ["career"]}, chosen={"aims": clash.choose_here})
    there = sent({"aims": ["pass"]}, drawn={}, stored={"aims": ["career"]}, chosen={"aims": THERE})

    assert here.writes == {"aims": ["pass"]}
    assert (there.writes, there.is_done) == ({}, True)


def test_a_choice_between_two_answers_does_not_hold_for_a_third_one():
    clash = sent({"aims": ["pass"]}, drawn={}, stored={"aims": ["career"]}).clashes["aims"]

    later = sent({"aims": ["pass"]}, drawn={}, stored={"aims": ["people"]}, chosen={"aims": clash.choose_here})

    assert later.clashes["aims"].there == ["people"]


def test_an_answer_taken_back_is_written_as_none():
    assert sent({}, drawn={"aims": ["pass"]}, stored={"aims": ["pass"]}).writes == {"aims": None}


@pytest.mark.parametrize(
    "changes", [{"wording": "What are you afraid of?"}, {"seen_by": frozenset()}, {"options": AIMS.options[1:]}]
)
def test_an_answer_to_a_question_that_was_changed_waits_for_another_look(changes):
    now = replace(AIMS, **changes)

    settled = sent({"aims": ["career"]}, drawn={}, stored={}, questions=(now, NOTE))

    assert settled.problems == {"aims": CHANGED_QUESTION}
    assert settled.writes == {}


def test_a_changed_question_does_not_disturb_whoever_left_it_alone():
    now = replace(AIMS, options=(*AIMS.options, Option(key="own", label="My own")))

    settled = sent(
        {"aims": ["career"], "note_to_partner": ["Hi"]},
        drawn={"aims": ["career"]},
        stored={"aims": ["career"]},
        questions=(now, NOTE),
    )

    assert settled.is_done
    assert settled.writes == {"note_to_partner": "Hi"}


def test_an_offer_of_before_there_were_levels_is_one_that_people_are_happy_to_make():
    assert as_asked(QUESTIONNAIRE.questions, {"help_offered": ["writing"], "aims": ["pass"]}) == {
        "help_offered": {"writing": "happy_to"},
        "aims": ["pass"],
    }


def test_what_a_form_did_not_ask_is_neither_missing_nor_taken_back():
    required = QUESTIONNAIRE.question("languages")

    settled = sent(
        {"note_to_partner": ["Hi"]},
        drawn={},
        stored={"aims": ["pass"]},
        questions=(required, AIMS, NOTE),
        drawn_as=(NOTE,),
    )

    assert settled.writes == {"note_to_partner": "Hi"}
    assert settled.is_done


def test_who_goes_on_another_time_may_leave_required_questions_open_but_not_wrong():
    required = QUESTIONNAIRE.question("languages")

    def later(form):
        return sent(form, drawn={}, stored={}, questions=(required,), drawn_as=(required,)).for_later()

    assert later({}).is_done
    assert set(later({"languages": ["klingon"]}).problems) == {"languages"}


AIM_SETS = st.lists(st.sampled_from([option.key for option in AIMS.options]), unique=True, max_size=3)


@given(AIM_SETS, AIM_SETS, AIM_SETS)
def test_whatever_happens_an_answer_is_stored_written_or_asked_about(drawn, here, there):
    in_order = [[option.key for option in AIMS.options if option.key in some] for some in (drawn, here, there)]
    was, typed, saved = [{"aims": some} if some else {} for some in in_order]

    settled = sent({"aims": here}, drawn=was, stored=saved)

    if typed in (was, saved):
        assert settled.writes == {}
        assert settled.is_done
    elif saved == was:
        assert settled.writes == {"aims": typed.get("aims")}
    else:
        assert settled.clashes["aims"] == Clash(here=typed.get("aims"), there=saved.get("aims"))
