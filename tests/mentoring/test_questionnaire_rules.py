"""Promises of the questionnaire: data that survives storage, and forms that lose nothing."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.mentoring.answers import is_answered, parse_answers, unanswered
from lti_tool.mentoring.checkins import check_in_questions
from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.programme import Preset
from lti_tool.mentoring.questionnaire import (
    Audience,
    Comparer,
    Option,
    QuestionKind,
    Questionnaire,
    questionnaire_from_json,
)
from lti_tool.mentoring.questions import PART, default_questionnaire, time_zone_question
from lti_tool.mentoring.weights import CONDITIONS, importance, preset_weights, weight_for, with_weights
from tests.mentoring.people import QUESTIONNAIRE

MENTEE_FORM = {
    "help_wanted-1": ["writing"],
    "help_wanted-2": ["exams"],
    "help_wanted-3": [""],
    "availability": ["tue-08", "mon-20", "mon-08"],
    "languages": ["es", "en"],
}


def ask(key, form):
    return parse_answers([QUESTIONNAIRE.question(key)], form)


def test_the_questionnaire_survives_storage_as_json():
    stored = json.loads(json.dumps(QUESTIONNAIRE.to_json()))

    assert questionnaire_from_json(stored) == QUESTIONNAIRE


def test_weights_and_lists_are_those_the_product_decided():
    weights = {question.key: question.weight for question in QUESTIONNAIRE.questions if question.weight}

    assert weights == {
        "help_wanted": 25,
        "availability": 20,
        "topics_unsure": 12,
        "field": 5,
        "stage": 5,
        "way_planning": 2,
        "way_feedback": 2,
        "way_talking": 2,
        "way_focus": 2,
        "way_rhythm": 2,
        "aims": 8,
        "situations": 5,
        "interests": 4,
        "frequency": 3,
        "meeting_modes": 2,
        "languages": 1,
    }
    assert len(QUESTIONNAIRE.question("help_wanted").options) == 12
    assert QUESTIONNAIRE.question("help_offered").options == QUESTIONNAIRE.question("help_wanted").options
    assert len(QUESTIONNAIRE.question("interests").options) == 24
    assert len(QUESTIONNAIRE.question("availability").options) == 49


@pytest.mark.parametrize("preset", list(Preset))
def test_a_preset_weighs_questions_that_are_asked_and_sums_to_a_hundred(preset):
    questions = default_questionnaire(preset=preset).questions

    assert preset_weights(preset).keys() <= {question.key for question in questions}
    assert sum(question.weight for question in questions) == sum(preset_weights(preset).values()) == 100


def test_questions_of_one_number_share_its_weight():
    hard = preset_weights(Preset.HARD_COURSE)

    assert (hard["field"], hard["stage"]) == (6, 6)
    assert [weight for key, weight in hard.items() if key.startswith("way_")] == [2, 1, 1, 1, 1]


def test_a_transition_programme_does_not_weigh_course_topics():
    assert default_questionnaire(preset=Preset.TRANSITION).question("topics_unsure").weight == 0


def test_questions_of_ones_own_keep_their_weights():
    own = replace(QUESTIONNAIRE.question("aims"), key="own", weight=17)
    changed = with_weights(Questionnaire(questions=(own,)), Preset.HARD_COURSE)

    assert changed.question("own").weight == 17


@pytest.mark.parametrize(("weight", "step"), [(0, "off"), (1, "low"), (5, "low"), (6, "medium"), (15, "high")])
def test_a_weight_has_a_word(weight, step):
    question = replace(QUESTIONNAIRE.question("aims"), weight=weight)

    assert importance(question) == step
    assert importance(replace(question, is_must=True)) == "must"
    assert importance(replace(question, weight=weight_for(step))) == step


def test_mentors_and_mentees_are_asked_their_own_questions_and_either_all():
    mentee = {question.key for question in QUESTIONNAIRE.for_role(EnrolmentRole.MENTEE)}
    mentor = {question.key for question in QUESTIONNAIRE.for_role(EnrolmentRole.MENTOR)}
    either = {question.key for question in QUESTIONNAIRE.for_role(EnrolmentRole.EITHER)}

    assert "help_wanted" in mentee - mentor
    assert {"help_offered", "mentee_limit"} <= mentor - mentee
    assert either == mentee | mentor
    assert either == {question.key for question in QUESTIONNAIRE.for_role(EnrolmentRole.SWAP)}


def test_lists_that_staff_write_are_asked_once_they_are_written():
    topics = QUESTIONNAIRE.question("topics_unsure")
    with_topics = replace(topics, options=(Option(key="cells", label="Cells"),))

    assert not topics.is_askable
    assert with_topics.is_askable
    assert not replace(with_topics, is_hidden=True).is_askable


def test_a_question_stands_on_one_page_and_wishes_on_none():
    role = EnrolmentRole.EITHER

    asked = [question for page in QUESTIONNAIRE.pages_for(role) for question in QUESTIONNAIRE.on_page(role, page)]

    assert sorted(asked, key=lambda one: one.key) == sorted(QUESTIONNAIRE.for_role(role), key=lambda one: one.key)
    assert 4 <= len(QUESTIONNAIRE.pages_for(role)) <= 6
    assert [question.key for question in QUESTIONNAIRE.wishes_for(role)] == ["wish_together", "wish_apart"]


def test_a_questionnaire_of_before_there_were_pages_is_read_with_pages():
    stored = default_questionnaire().to_json()
    for question in stored["questions"]:
        for name in ("page", "removed_options", "is_hidden", "suggested", "is_must"):
            del question[name]

    read = questionnaire_from_json(stored)

    assert {read.question(key).page for key in ("help_wanted", "mentee_limit")} == {"help"}
    assert read.question("availability").page == "times"


@pytest.mark.parametrize("key", ["situations", "situations_may_be_mentioned"])
def test_situations_are_seen_by_nobody_else(key):
    assert QUESTIONNAIRE.question(key).seen_by == {Audience.SELF}


def test_part_and_time_zone_are_questions_like_the_others():
    zone = time_zone_question(["Europe/London", "UTC"])

    assert parse_answers([PART, zone], {"role": ["swap"], "time_zone": ["UTC"]}).is_complete
    assert set(parse_answers([PART, zone], {"role": ["boss"]}).problems) == {"role", "time_zone"}


def test_an_offer_says_where_somebody_is_strong():
    form = {"help_offered": ["exams", "writing"], "help_offered-strong": ["writing", "planning"]}

    assert ask("help_offered", form).values == {
        "help_offered": {"planning": "strong", "writing": "strong", "exams": "happy_to"}
    }


def test_a_removed_choice_is_kept_counts_for_nothing_and_takes_no_place():
    aims = QUESTIONNAIRE.question("aims")
    question = replace(aims, options=aims.options[1:], removed_options=aims.options[:1], is_required=True)

    parsed = parse_answers([question], {"aims": ["pass", "career", "people", "balance"]})

    assert parsed.values == {"aims": ["career", "balance", "people", "pass"]}
    assert is_answered(question, ["pass", "career"])
    assert unanswered([question], {"aims": ["pass"]}) == (question,)


@pytest.mark.parametrize("role", EnrolmentRole)
def test_every_question_says_who_sees_the_answer_and_oneself_always_does(role):
    for question in (*QUESTIONNAIRE.for_role(role), *check_in_questions(role)):
        assert Audience.SELF in question.seen_by
        assert question.may_be_shown or not question.reason


def test_the_note_is_for_the_partner_only():
    assert QUESTIONNAIRE.question("note_to_partner").seen_by == {Audience.SELF, Audience.PARTNER}


def test_a_mentee_form_becomes_answers_in_order():
    parsed = parse_answers(QUESTIONNAIRE.for_role(EnrolmentRole.MENTEE), MENTEE_FORM)

    assert parsed.is_complete
    assert parsed.values == {
        "help_wanted": ["writing", "exams"],
        "availability": ["mon-08", "mon-20", "tue-08"],
        "languages": ["en", "es"],
    }
    assert {"interests", "note_to_partner"} <= parsed.left_empty


def test_an_empty_form_names_what_must_be_answered():
    parsed = parse_answers(QUESTIONNAIRE.for_role(EnrolmentRole.EITHER), {})

    assert set(parsed.problems) == {"help_wanted", "help_offered", "availability", "languages", "mentee_limit"}


@pytest.mark.parametrize(
    ("key", "form"),
    [
        ("frequency", {"frequency": ["daily"]}),
        ("frequency", {"frequency": ["weekly", "monthly"]}),
        ("aims", {"aims": ["pass", "career", "people", "balance"]}),
        ("aims", {"aims": ["pass", "fame"]}),
        ("availability", {"availability": ["mon-09"]}),
        ("help_wanted", {"help_wanted-1": ["juggling"]}),
        ("help_wanted", {"help_wanted-1": ["writing"], "help_wanted-2": ["writing"]}),
        ("help_wanted", {"help_wanted-2": ["writing"]}),
        ("help_wanted", {"help_wanted-1": ["writing"], "help_wanted-3": ["exams"]}),
        ("help_wanted", {"help_wanted-1": ["writing", "exams"]}),
        ("help_wanted", {"help_wanted-1": ["writing"], "help_wanted-4": ["exams"]}),
        ("mentee_limit", {"mentee_limit": ["0"]}),
        ("mentee_limit", {"mentee_limit": ["4"]}),
        ("mentee_limit", {"mentee_limit": ["two"]}),
        ("mentee_limit", {"mentee_limit": ["-1"]}),
        ("mentee_limit", {"mentee_limit": ["9" * 5000]}),
        ("mentee_limit", {"mentee_limit": ["1", "2"]}),
        ("note_to_partner", {"note_to_partner": ["x" * 501]}),
        ("note_to_partner", {"note_to_partner": ["a\x00b"]}),
        ("note_to_partner", {"note_to_partner": ["a", "b"]}),
        ("note_to_partner", {"note_to_partner": ["a\u202eb"]}),
        ("note_to_partner", {"note_to_partner": ["a\ud800b"]}),
        ("help_offered", {"help_offered": ["juggling"]}),
        ("help_offered", {"help_offered-strong": ["juggling"]}),
        (
            "help_offered",
            {
                "help_offered": ["writing", "exams", "planning", "reading"],
                "help_offered-strong": ["group_work", "confidence", "next_steps"],
            },
        ),
        ("async_ok", {"async_ok": ["perhaps"]}),
        ("way_planning", {"way_planning": ["6"]}),
        ("wish_apart", {"wish_apart": ["Bob"]}),
        ("wish_apart", {"wish_apart": ["1", "2", "3", "4"]}),
        ("wish_apart", {"wish_apart": ["9" * 40]}),
    ],
)
def test_a_wrong_answer_is_a_problem_and_never_shortened(key, form):
    parsed = ask(key, form)

    assert set(parsed.problems) == {key}
    assert parsed.values == {}


def test_a_choice_sent_twice_counts_once():
    assert ask("aims", {"aims": ["pass", "pass"]}).values == {"aims": ["pass"]}


def test_a_text_keeps_its_lines_and_loses_only_outer_blanks():
    assert ask("note_to_partner", {"note_to_partner": ["  one\r\ntwo "]}).values == {"note_to_partner": "one\ntwo"}


def test_a_mentor_may_take_as_many_as_the_programme_allows():
    question = default_questionnaire(5).question("mentee_limit")

    assert parse_answers([question], {"mentee_limit": ["5"]}).values == {"mentee_limit": 5}


def test_the_same_key_twice_is_refused():
    question = QUESTIONNAIRE.question("aims")

    with pytest.raises(ValueError, match="same key"):
        Questionnaire(questions=(question, question))
    with pytest.raises(ValueError, match="same key"):
        replace(question, options=(Option(key="a", label="A"), Option(key="a", label="B")))


@given(
    st.dictionaries(
        st.sampled_from(["help_wanted-1", "help_wanted-2", *(question.key for question in QUESTIONNAIRE.questions)]),
        st.lists(
            st.text(alphabet="a1-é \x00\n", max_size=12)
            | st.sampled_from(["writing", "mon-08", "en", "2", "weekly", "pass"])
        ),
    )
)
def test_any_form_gives_each_question_an_answer_a_problem_or_emptiness(form):
    parsed = parse_answers(QUESTIONNAIRE.questions, form)

    asked = {question.key for question in QUESTIONNAIRE.questions}
    groups = [set(parsed.values), set(parsed.problems), set(parsed.left_empty)]
    assert set.union(*groups) == asked
    assert sum(map(len, groups)) == len(asked)


def test_every_comparer_but_none_is_used_by_the_default_questions():
    used = {question.comparer for question in QUESTIONNAIRE.questions if question.weight}

    assert used | CONDITIONS == set(Comparer) - {Comparer.NONE}


@pytest.mark.parametrize("role", [EnrolmentRole.MENTEE, EnrolmentRole.MENTOR, EnrolmentRole.EITHER])
def test_every_question_of_a_check_in_may_be_left_out(role):
    questions = check_in_questions(role)

    assert [question.key for question in questions if question.is_required] == []
    assert [question.key for question in questions][:2] == ["contact", "going"]
    assert {question.kind for question in questions} >= {QuestionKind.LIKERT, QuestionKind.TEXT}


def test_what_is_for_staff_never_reaches_the_partner():
    by_key = {question.key: question for question in check_in_questions(EnrolmentRole.MENTOR)}

    assert Audience.PARTNER not in by_key["for_staff"].seen_by
    assert Audience.PARTNER in by_key["next_step"].seen_by
