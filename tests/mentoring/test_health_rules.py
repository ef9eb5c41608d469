"""Promises about how a pair is doing: facts only, whoever waits first, and a reason for everything."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.mentoring.cases import Case, CaseKind, CaseState, Topic
from lti_tool.mentoring.health import Health, Pair, Partaking, Sign, SignKind, Suggestion, Waiting, next_sign, standing
from lti_tool.mentoring.pair_life import EndReason, Life, PairState, end, pause
from lti_tool.mentoring.self_help import SCRIPTS
from tests.mentoring.people import at

START = at("2026-10-05T12:00")
RUNNING = Life(state=PairState.ACTIVE)


def looked(after, *members, **more):
    """A pair so many days after its publication."""
    now = START + timedelta(days=after)
    pair = Pair(**({"life": RUNNING, "published_at": START, "members": members or (seen(), seen())} | more))
    return standing(pair, now, today=now.date())


def sign(kind, day, **more):
    return Sign(kind=kind, at=START + timedelta(days=day), **more)


def seen(*signs, **more):
    return Partaking(signs=(sign(SignKind.OPENED, 0), *signs), **more)


def asked(kind, day=0, **more):
    return Waiting(case=Case(kind=kind, **more), asked_at=START + timedelta(days=day))


def test_a_new_pair_and_one_that_works_are_on_track():
    busy = [seen(sign(SignKind.CHECK_IN, 29, level=4), sign(SignKind.MEETING, 20)) for _one in range(2)]

    assert looked(1).health is Health.ON_TRACK
    assert looked(30, *busy, expects_meetings=True).reasons == ()


def test_silence_is_watched_after_two_weeks_and_stuck_after_three():
    assert [looked(days).health for days in (13, 14, 20, 21)] == [
        Health.ON_TRACK,
        Health.WATCH,
        Health.WATCH,
        Health.STUCK,
    ]
    assert looked(21).reasons[0].values == {"days": 21}


def test_one_who_is_silent_while_the_other_is_not_is_noticed():
    one_sided = looked(15, seen(sign(SignKind.MESSAGE, 14)), seen())

    assert one_sided.health is Health.WATCH
    assert one_sided.reasons[0].values == {"count": 1, "all": 2}


def test_who_has_never_looked_is_noticed_after_a_week():
    assert looked(7, seen(), Partaking()).health is Health.WATCH
    assert looked(6, seen(), Partaking()).health is Health.ON_TRACK


def test_what_people_say_weighs_more_than_that_they_say_something():
    low = seen(sign(SignKind.CHECK_IN, 9, level=2))
    twice = seen(sign(SignKind.CHECK_IN, 9, level=1, in_a_row=2))
    no_fit = seen(sign(SignKind.FIT, 9, level=1), sign(SignKind.MESSAGE, 9))

    assert looked(10, low, seen()).health is Health.WATCH
    assert looked(10, twice, seen()).health is Health.STUCK
    assert (looked(10, no_fit, seen()).health, looked(10, no_fit, seen()).suggestion) == (
        Health.STUCK,
        Suggestion.TALK,
    )


def test_who_has_tried_twice_in_vain_is_helped_first():
    vain = seen(sign(SignKind.NOT_REACHED, 5, in_a_row=2))

    assert looked(6, vain, seen()).suggestion is Suggestion.REMATCH
    assert looked(6, seen(sign(SignKind.NOT_REACHED, 5)), seen()).health is Health.WATCH


def test_two_low_check_ins_in_a_row_are_counted_and_a_good_one_begins_anew():
    first = next_sign(None, SignKind.CHECK_IN, START, 2)
    second = next_sign(first, SignKind.CHECK_IN, START, 1)
    good = next_sign(second, SignKind.CHECK_IN, START, 4)

    assert [one.in_a_row for one in (first, second, good, next_sign(good, SignKind.CHECK_IN, START, 1))] == [1, 2, 1, 1]
    assert next_sign(next_sign(None, SignKind.NOT_REACHED, START), SignKind.NOT_REACHED, START).in_a_row == 2


def test_a_paused_pair_is_on_track_unless_nobody_knows_for_how_long():
    until = pause(RUNNING, START, today=START.date(), resumes_on=START.date() + timedelta(days=30))
    for_ever = pause(RUNNING, START, today=START.date(), resumes_on=None)

    assert looked(29, life=until).health is Health.ON_TRACK
    assert looked(28, life=for_ever).suggestion is Suggestion.RESUME


def test_somebody_who_left_leaves_somebody_who_needs_a_partner():
    assert looked(1, seen(), seen(is_here=False)).suggestion is Suggestion.REMATCH


def test_an_ended_pair_is_out_of_the_way_but_for_what_is_still_open_in_it():
    over = end(RUNNING, START, EndReason.STAFF)

    assert looked(60, life=over).health is Health.ENDED
    assert looked(60, life=over, cases=(asked(CaseKind.TALK),)).health is Health.STUCK


def test_what_was_agreed_is_looked_at_on_its_day():
    case = asked(CaseKind.TALK, state=CaseState.REVIEW, owner=1, review_on=START.date() + timedelta(days=7))

    assert looked(6, cases=(case,)).suggestion is Suggestion.CLOSE
    assert looked(7, cases=(case,)).suggestion is Suggestion.REVIEW


KINDS = st.sampled_from(CaseKind)
SIGNS = st.builds(
    Sign,
    kind=st.sampled_from(SignKind),
    at=st.integers(0, 100).map(lambda day: START + timedelta(days=day)),
    level=st.integers(0, 5),
    in_a_row=st.integers(1, 3),
)
MEMBERS = st.lists(
    st.builds(Partaking, is_here=st.booleans(), signs=st.lists(SIGNS, max_size=6).map(tuple)), min_size=1, max_size=4
)


@given(MEMBERS, KINDS, st.integers(0, 100))
def test_an_unanswered_request_comes_before_any_pair_without_one(members, kind, days):
    waits = looked(days, *members, cases=(asked(kind, days - 1),))
    answered = looked(days, *members, cases=(asked(kind, days - 1, state=CaseState.TAKEN, owner=1),))

    assert waits.health is Health.STUCK
    assert waits.urgency > answered.urgency
    assert waits.waiting_since is not None
    assert answered.waiting_since is None


@given(MEMBERS, st.integers(0, 100))
def test_whatever_is_not_on_track_has_its_reason_and_something_to_do(members, days):
    found = looked(days, *members)

    assert (found.health is Health.ON_TRACK) == (not found.reasons) == (found.suggestion is Suggestion.NOTHING)


def test_every_topic_has_words_to_begin_with():
    assert set(SCRIPTS) == set(Topic)
    assert all(script.looks and script.words and script.agree_on for script in SCRIPTS.values())
