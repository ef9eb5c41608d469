"""Promises of a training: where somebody is, what comes next, and that nothing done is lost."""

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.mentoring.quiz import Quiz, QuizOption, QuizQuestion, Topic
from lti_tool.mentoring.training import (
    QUIZ,
    Module,
    Page,
    Place,
    Reply,
    ReplyKind,
    Scenario,
    Training,
    exercise_count,
    progress,
    word_count,
)

KEYS = st.lists(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=4, unique=True), min_size=1, max_size=4)


def page(key, **changes):
    values = {"title": key, "body": "One two three.", "language": "en", "version": "v1"}
    return Page(key=key, **{**values, **changes})


def scenario(key):
    return Scenario(
        key=key,
        title=key,
        situation="What now?",
        replies=tuple(
            Reply(key=letter, kind=kind, text=kind.value, consequence="It follows.")
            for letter, kind in zip("abc", ReplyKind, strict=True)
        ),
        wording="Well …",
        what_if="And if?",
        what_then="Then.",
        see=Place("m1/a"),
        language="en",
        version="v1",
    )


def training(modules, quiz=None):
    return Training(
        key="mentor",
        title="Training",
        summary="To begin with.",
        modules=tuple(
            Module(
                key=f"m{number}",
                title="Module",
                summary="Part of it.",
                steps=tuple(page(key) for key in keys),
                language="en",
            )
            for number, keys in enumerate(modules, start=1)
        ),
        quiz=quiz,
        application=(),
        language="en",
        version="v1",
    )


ONE_QUESTION = Quiz(
    topics=(Topic(key="role", title="Role", drawn=1, must_be_all_right=False, see="m1/a"),),
    questions=(
        QuizQuestion(
            key="q",
            topic="role",
            wording="What?",
            options=tuple(QuizOption(key=one, text=one, explanation="Because.") for one in "abc"),
            right="a",
            see="m1/a",
            language="en",
        ),
    ),
    pass_percent=80,
    language="en",
    version="v1",
)


def test_whoever_has_done_nothing_begins_with_the_first_page():
    found = progress(training(["ab", "c"]), {})

    assert (found.percent, found.next_place, found.is_complete) == (0, "m1/a", False)


@given(KEYS, st.data())
def test_each_step_done_brings_somebody_further_until_all_is_done(modules, data):
    whole = training(modules, ONE_QUESTION)
    order = data.draw(st.permutations([place for place, _step in whole.steps()]))

    seen = [progress(whole, dict.fromkeys(order[:count], "v1")) for count in range(len(order) + 1)]

    assert [one.done_count for one in seen] == list(range(len(order) + 1))
    assert [one.percent for one in seen] == sorted(one.percent for one in seen)
    assert all(one.percent < 100 and not one.is_complete for one in seen), "the quiz is still to come"
    assert all(one.next_place not in order[:count] and one.next_place is not None for count, one in enumerate(seen))
    assert seen[-1].next_place == QUIZ
    assert progress(whole, dict.fromkeys(order, "v1"), is_quiz_passed=True).percent == 100


@given(KEYS, st.dictionaries(st.text(max_size=8), st.text(max_size=4)))
def test_places_that_no_longer_exist_count_for_nothing(modules, others):
    whole = training(modules)
    known = dict.fromkeys((place for place, _step in whole.steps()), "v1")

    found = progress(whole, others | known)

    assert (found.done_count, found.total, found.percent) == (len(known), len(known), 100)


def test_a_changed_text_stays_done_and_is_named():
    found = progress(training(["ab"]), {"m1/a": "older", "m1/b": "v1"})

    assert (found.percent, found.changed) == (100, ("m1/a",))


def test_a_quiz_passed_early_counts_and_the_pages_remain():
    found = progress(training(["ab"], ONE_QUESTION), {"m1/a": "v1"}, is_quiz_passed=True)

    assert (found.done_count, found.total, found.next_place) == (2, 3, "m1/b")


def test_without_a_quiz_nobody_waits_for_one():
    found = progress(training(["a"]), {"m1/a": "v1"}, is_quiz_passed=True)

    assert (found.done_count, found.total, found.next_place) == (1, 1, None)


def test_each_module_says_how_far_somebody_is_in_it():
    found = progress(training(["ab", "a"]), {"m1/a": "v1", "m2/a": "v1"})

    assert [(one.module.key, one.done_count, one.is_done) for one in found.modules] == [
        ("m1", 1, False),
        ("m2", 1, True),
    ]


def test_the_places_before_and_after_lead_through_the_modules_to_the_quiz():
    whole = training(["ab", "c"], ONE_QUESTION)

    assert whole.neighbours("m1/a") == (None, "m1/b")
    assert whole.neighbours("m2/c") == ("m1/b", QUIZ)
    assert whole.neighbours("m9/x") == (None, None)


def test_a_place_that_does_not_exist_has_no_step_and_a_foreign_reply_is_none():
    whole = training(["a"])

    assert whole.step("m1/zzz") is None
    assert whole.module("m7") is None
    assert scenario("sc1").reply("d") is None
    assert scenario("sc1").reply("a").kind is ReplyKind.GOOD


def test_a_good_reply_is_worth_two_points_and_a_well_meant_one():
    assert [kind.points for kind in (ReplyKind.GOOD, ReplyKind.WELL_MEANT, ReplyKind.POOR)] == [2, 1, 0]


def test_words_are_counted_as_a_reader_reads_them():
    assert word_count("**Don’t** [read on](see:tr1/page), it’s well-meant – 10 words?") == 7


def test_a_block_quote_that_begins_in_bold_is_an_exercise_and_an_example_is_none():
    body = "> Hello Dana,\n>\n> see you.\n\nText.\n\n> **Try it.** Write\n> one line.\n"

    assert exercise_count(body) == 1
    assert page("a", body=body).minutes > 1
