"""Promises of the questionnaire editor's rules: answers stay, and what happens to them is said before."""

from dataclasses import replace

import pytest

from lti_tool.mentoring.editing import (
    Answered,
    effects,
    hidden,
    moved,
    new_key,
    restored,
    why_not,
    with_labels,
    with_question,
    without,
)
from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.question_form import ADDABLE, likenesses, parse_question
from lti_tool.mentoring.questionnaire import Audience, Comparer, QuestionKind, Questionnaire
from lti_tool.mentoring.visibility import ALL_SEE, ONLY_SELF, STAFF_SEE
from tests.mentoring.people import QUESTIONNAIRE

AIMS, NOTE = QUESTIONNAIRE.question("aims"), QUESTIONNAIRE.question("note_to_partner")
NOBODY = Answered(by_option={})
TWELVE = Answered(people=12, by_option={"pass": 5})
NEW = {
    "kind": ["multi"],
    "wording": ["Which labs do you like?"],
    "new_options": ["Cells\n\nPlants\nCells"],
    "page": ["about"],
    "asked_of": ["everybody"],
    "seen_by": ["all"],
    "likeness": ["similar"],
    "importance": ["medium"],
    "weight": ["0"],
}


def parsed(form, before=None):
    return parse_question(form, before, QUESTIONNAIRE)


def keys(questionnaire):
    return [question.key for question in questionnaire.questions]


def test_a_new_question_gets_a_key_of_its_words_and_stands_at_the_end():
    question, problems = parsed(NEW)

    assert problems == {}
    assert (question.key, question.comparer, question.weight) == ("which_labs_do_you_like", Comparer.SHARED, 10)
    assert [option.label for option in question.options] == ["Cells", "Plants"]
    assert keys(with_question(QUESTIONNAIRE, question))[-1] == question.key


@pytest.mark.parametrize("words", ["Aims", "aims!", "AIMS", "Role", "", "12 things", "学生"])
def test_a_key_is_nobody_elses(words):
    key = new_key(words, keys(QUESTIONNAIRE))

    assert key not in {*keys(QUESTIONNAIRE), "role", "time_zone"}
    assert key[0].isalpha()
    assert key.isascii()


@pytest.mark.parametrize("kind", ADDABLE)
def test_every_kind_can_be_added_with_what_the_form_offers(kind):
    for likeness in likenesses(kind):
        form = NEW | {"kind": [kind.value], "likeness": [likeness.value], "box": ["Yes, I do"]}
        question, problems = parsed(form)

        assert problems == {}
        assert (question.comparer is Comparer.NONE) == (likeness == "ignore")
        assert Questionnaire(questions=(question,)).to_json()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("wording", ""),
        ("wording", "x" * 301),
        ("wording", "a\u202eb"),
        ("hint", "x" * 10_000),
        ("kind", "grid"),
        ("kind", "essay"),
        ("page", "nowhere"),
        ("asked_of", "teachers"),
        ("seen_by", "everybody"),
        ("likeness", "opposite"),
        ("importance", "vital"),
        ("weight", "101"),
        ("weight", "many"),
        ("weight", "-1"),
        ("maximum", "1.5"),
        ("maximum", "999999"),
        ("counterpart", "nobody"),
    ],
)
def test_what_is_wrong_with_a_question_is_said_at_its_field(name, value):
    question, problems = parsed(NEW | {name: [value]})

    assert question is None
    assert set(problems) == {name}


def test_choices_are_reworded_under_their_keys_taken_away_and_brought_back():
    changed = with_labels(AIMS, {"pass": "Getting through", "career": ""}, ["Fun"])

    assert changed.options[0].label == "Getting through"
    assert [one.key for one in changed.removed_options] == ["career"]
    assert changed.options[-1].label == "Fun"
    back = with_labels(changed, {}, [AIMS.options[2].label])
    assert back.options[-1] == AIMS.options[2]
    assert back.removed_options == ()


def test_two_compared_questions_keep_the_same_choices():
    wanted = with_labels(QUESTIONNAIRE.question("help_wanted"), {}, ["Referencing"])

    changed = with_question(QUESTIONNAIRE, wanted)

    assert changed.question("help_offered").options == wanted.options


def test_topics_of_the_course_are_asked_on_both_sides_once_they_are_written():
    topics = with_labels(QUESTIONNAIRE.question("topics_unsure"), {}, ["Cells", "Genes"])

    changed = with_question(QUESTIONNAIRE, topics)

    asked = {question.key for question in changed.for_role(EnrolmentRole.MENTEE)}
    assert {"topics_unsure", "topics_sure"} <= asked


def test_a_question_moves_on_its_page_and_stops_at_the_ends():
    up = moved(QUESTIONNAIRE, "help_offered", -1)

    assert keys(up)[:2] == ["help_offered", "help_wanted"]
    assert moved(up, "help_offered", -1) == up
    assert moved(up, "help_offered", 1) == QUESTIONNAIRE


def test_a_hidden_question_is_asked_of_nobody_and_counts_for_nothing():
    changed = hidden(QUESTIONNAIRE, "aims", is_hidden=True)

    assert "aims" not in {question.key for question in changed.for_role(EnrolmentRole.MENTEE)}
    assert "aims" not in keys(changed.for_matching())
    assert hidden(changed, "aims", is_hidden=False) == QUESTIONNAIRE


def test_a_removed_question_keeps_its_key_and_comes_back():
    changed = without(QUESTIONNAIRE, "aims")

    assert "aims" not in keys(changed)
    assert changed.question("aims") == AIMS
    assert restored(changed, "aims").question("aims") == AIMS


def test_nothing_is_said_where_nobody_has_answered():
    assert effects(AIMS, replace(AIMS, wording="Why?"), NOBODY) == ()
    assert effects(AIMS, AIMS, TWELVE) == ()


def test_what_happens_to_answers_is_said_with_numbers():
    changed = replace(with_labels(AIMS, {"pass": ""}, []), wording="Why?", is_required=True, weight=1)

    said = effects(AIMS, changed, TWELVE)

    assert said[0].values == {"count": 12}
    assert [one.values["count"] for one in said if "choice" in one.values] == [5]
    assert len(said) == 5


def test_who_sees_an_answer_is_narrowed_but_never_widened_once_people_have_answered():
    private = replace(AIMS, seen_by=ONLY_SELF, may_be_shown=False)

    assert set(why_not(private, replace(private, seen_by=STAFF_SEE), TWELVE)) == {"seen_by"}
    assert set(why_not(private, replace(private, may_be_shown=True), TWELVE)) == {"may_be_shown"}
    assert why_not(private, replace(private, seen_by=ALL_SEE), NOBODY) == {}
    assert why_not(AIMS, private, TWELVE) == {}


def test_the_kind_of_an_answered_question_stays():
    assert set(why_not(NOTE, replace(NOTE, kind=QuestionKind.TICK), TWELVE)) == {"kind"}


def test_a_number_counts_more_than_a_word_only_where_it_was_changed():
    form = {"wording": [AIMS.wording], "importance": ["low"], "weight": [str(AIMS.weight)], "likeness": ["similar"]}

    assert parsed(form, AIMS)[0].weight == 3
    assert parsed(form | {"weight": ["7"]}, AIMS)[0].weight == 7
    assert parsed(form | {"importance": ["medium"]}, AIMS)[0].weight == AIMS.weight
    assert parsed(form | {"importance": ["must"]}, AIMS)[0].is_must


def test_a_default_question_that_was_ignored_gets_its_own_comparison_back():
    languages = QUESTIONNAIRE.question("languages")
    form = {"wording": [languages.wording], "importance": ["low"], "weight": ["0"]}

    ignored = parsed(form | {"likeness": ["ignore"]}, languages)[0]
    again = parsed(form | {"likeness": ["similar"]}, ignored)[0]

    assert (ignored.comparer, ignored.weight) == (Comparer.NONE, 0)
    assert again.comparer is Comparer.LANGUAGE


def test_the_most_mentees_are_the_settings_business():
    limit = QUESTIONNAIRE.question("mentee_limit")

    assert parsed({"wording": ["How many?"], "maximum": ["900"]}, limit)[0].maximum == limit.maximum


def test_a_form_that_asks_little_changes_little():
    changed = parsed({"wording": [NOTE.wording], "hint": [NOTE.hint]}, NOTE)[0]

    assert changed == NOTE
    assert Audience.INSTRUCTOR not in changed.seen_by
