"""Promises of scenarios: what somebody asks of a matching is kept as it was asked, and changes nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.mentoring.scenarios import RULES, Among, Wanted, asked, wanted_from_json, weighed
from lti_tool.mentoring.weights import CONDITIONS, Importance, importance
from tests.mentoring.people import QUESTIONNAIRE, crowd, plan

KEYS = [one.key for one in QUESTIONNAIRE.questions if one.comparer not in CONDITIONS]
NUMBERS = st.integers(0, 9)
WISHES = st.builds(
    Wanted,
    objective=st.sampled_from(["fair", "total", "stable"]),
    among=st.sampled_from(Among),
    circle_size=st.sampled_from([3, 4]),
    weights=st.dictionaries(st.sampled_from(KEYS), st.sampled_from([word.value for word in Importance])),
    rules=st.dictionaries(st.sampled_from(RULES), st.booleans()),
    overlap_minutes=st.none() | st.integers(0, 600),
    may_change=NUMBERS,
    given_up=st.frozensets(NUMBERS),
    more_places=NUMBERS,
    minimum_load=NUMBERS,
    mentors_wanted=st.integers(1, 2),
    places=st.dictionaries(NUMBERS, NUMBERS),
    needs_common_time=st.booleans(),
    locked=st.frozensets(st.tuples(NUMBERS, NUMBERS)),
    forbidden=st.frozensets(st.tuples(NUMBERS, NUMBERS)),
)


@given(WISHES)
def test_what_is_asked_is_read_as_it_was_kept(wanted):
    assert wanted_from_json(wanted.to_json()) == wanted


def test_what_an_earlier_version_kept_is_read_as_the_plan_has_it():
    assert wanted_from_json({"objective": "total"}) == Wanted(objective="total")


@given(WISHES)
def test_a_word_for_a_question_changes_that_question_alone(wanted):
    found = weighed(QUESTIONNAIRE, wanted.weights)

    for before, after in zip(QUESTIONNAIRE.questions, found.questions, strict=True):
        if before.key in wanted.weights:
            assert importance(after) is Importance(wanted.weights[before.key])
        else:
            assert after == before


@given(WISHES)
def test_asking_twice_changes_no_plan_more_than_once(wanted):
    people = crowd(6, 1)
    _people, once = asked(people, plan(), wanted)

    assert asked(people, once, wanted)[1] == once


def test_without_a_wish_everything_is_as_the_programme_has_it():
    people, found = asked(crowd(6, 1), plan(), Wanted())

    assert (people, found) == (crowd(6, 1), plan())
