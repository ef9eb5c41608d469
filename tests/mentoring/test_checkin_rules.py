"""Which check-ins are due when, and what an answer sets going: dates in, reasons out."""

from datetime import date, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.mentoring.checkins import (
    DEFAULT_RHYTHM,
    Rhythm,
    Window,
    WindowState,
    schedule,
    window_from,
)
from lti_tool.mentoring.checkins_asked import FEEDBACK, probe_questions, questions_of
from lti_tool.mentoring.checkins_plan import (
    LIMITS,
    Plan,
    Release,
    is_released,
    parse_plan,
    plan_from_json,
    plan_to_json,
)
from lti_tool.mentoring.checkins_probes import Meeting, PairFacts, Probe, ProbeKind, open_probes, probes
from lti_tool.mentoring.checkins_pulse import BARRIERS, LIFE, check_in_questions
from lti_tool.mentoring.checkins_signs import SignKind, falling, needs_help_now, signs, stays_low
from lti_tool.mentoring.checkins_ways import ways_for
from lti_tool.mentoring.due_dates import windows_in
from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.programme import Cadence
from lti_tool.mentoring.questionnaire import Audience
from lti_tool.mentoring.successive import Seat, Stretch
from tests.mentoring.people import at, settings

DAY = timedelta(days=1)
TERM = settings(starts_on=date(2026, 10, 5), ends_on=date(2026, 12, 27), time_zone="Europe/Berlin")
BEGAN = at("2026-10-05T08:00")
moments = st.datetimes(at("2026-09-01").replace(tzinfo=None), at("2027-03-01").replace(tzinfo=None)).map(
    lambda moment: moment.replace(tzinfo=ZoneInfo("UTC"))
)


def asked(facts: PairFacts, now, kind: ProbeKind) -> list[Probe]:
    return [one for one in probes(facts, TERM, DEFAULT_RHYTHM, now) if one.kind is kind]


def name(one: Probe) -> tuple[str, int]:
    return one.kind.value, one.number


def test_a_window_is_open_then_forgiving_then_late():
    window = window_from(BEGAN, DEFAULT_RHYTHM)

    assert [
        window.state(BEGAN + moment)
        for moment in (-timedelta(seconds=1), timedelta(), 5 * DAY - timedelta(seconds=1), 5 * DAY, 7 * DAY)
    ] == [WindowState.WAITS, WindowState.OPEN, WindowState.OPEN, WindowState.GRACE, WindowState.LATE]


@given(moment=moments, cadence=st.sampled_from(Cadence), days=st.integers(1, 20), grace=st.integers(0, 10))
def test_every_check_in_has_one_window_that_begins_when_it_opens(moment, cadence, days, grace):
    of = settings(cadence=cadence)
    place = Seat(stretches=(Stretch(pair_id=1, side="mentor", from_at=moment),))
    windows = windows_in(place, schedule(of, moment), of, Rhythm(window_days=days, grace_days=grace))

    assert {slot.number: slot.opens_at for slot in schedule(of, moment)} == {
        number: window.opens_at for number, window in windows.items()
    }
    assert all((window.due_at is None) == (cadence is Cadence.OWN_PACE) for window in windows.values())


def test_a_window_that_ends_before_it_opens_cannot_be_made():
    with pytest.raises(ValueError, match="after it opens"):
        Window(opens_at=BEGAN, due_at=BEGAN - DAY, grace_until=BEGAN)


def test_the_first_weeks_ask_on_day_five_and_in_week_three():
    facts = PairFacts(began_at=BEGAN, contact_at=BEGAN + 20 * DAY)

    assert asked(facts, BEGAN + 5 * DAY - timedelta(seconds=1), ProbeKind.FIRST_CONTACT) == []
    assert asked(facts, BEGAN + 5 * DAY, ProbeKind.FIRST_CONTACT)
    assert asked(facts, BEGAN + 21 * DAY, ProbeKind.FIT)[0].window.opens_at == BEGAN + 21 * DAY


def test_an_hour_after_a_meeting_one_is_asked_and_after_the_first_also_whether_it_fits():
    first = Meeting(id=7, ended_at=BEGAN + 3 * DAY, is_confirmed=False)
    second = Meeting(id=4, ended_at=BEGAN + 9 * DAY, is_confirmed=True)
    facts = PairFacts(began_at=BEGAN, meetings=(second, first))

    before = asked(facts, first.ended_at + timedelta(minutes=59), ProbeKind.MEETING)
    one, other = asked(facts, second.ended_at + timedelta(hours=1), ProbeKind.MEETING)

    assert before == []
    assert (one.number, other.number) == (7, 4)
    assert "fit" in {question.key for question in probe_questions(one)}
    assert {"fit", "took_place", "minutes"} & {question.key for question in probe_questions(other)} == set()


def test_a_whole_term_of_a_mentor_who_is_in_touch_asks_these_things_on_these_days():
    opened: dict[tuple[str, int], int] = {}
    for day in range(100):
        now = BEGAN + day * DAY
        facts = PairFacts(began_at=BEGAN, contact_at=now, mentor_since=BEGAN)
        for one in open_probes(facts, TERM, DEFAULT_RHYTHM, now):
            opened.setdefault(name(one), day)

    assert opened == {
        ("first_contact", 1): 5,
        ("fit", 1): 21,
        ("wellbeing", 1): 28,
        ("midterm", 1): 42,
        ("wellbeing", 2): 56,
        ("closing", 1): 77,
        ("wellbeing", 3): 84,
    }


def test_silence_asks_after_fourteen_days_and_again_after_as_many_more():
    facts = PairFacts(began_at=BEGAN, contact_at=BEGAN + 2 * DAY)

    assert asked(facts, BEGAN + 16 * DAY - timedelta(seconds=1), ProbeKind.STUCK) == []
    (first,) = asked(facts, BEGAN + 16 * DAY, ProbeKind.STUCK)
    (second,) = asked(facts, BEGAN + 30 * DAY, ProbeKind.STUCK)
    assert first.number != second.number
    assert first.window.opens_at == BEGAN + 16 * DAY
    assert asked(PairFacts(began_at=BEGAN, contact_at=BEGAN + 29 * DAY), BEGAN + 30 * DAY, ProbeKind.STUCK) == []


def test_two_low_ratings_ask_what_is_in_the_way_without_waiting_for_silence():
    facts = PairFacts(began_at=BEGAN, contact_at=BEGAN + 20 * DAY, low_since=BEGAN + 20 * DAY)

    (stuck,) = asked(facts, BEGAN + 21 * DAY, ProbeKind.STUCK)

    assert "twice" in stuck.reason.text


def test_half_way_and_closing_follow_the_programme_and_late_pairs_are_not_asked_what_was_before():
    early, late = PairFacts(began_at=BEGAN), PairFacts(began_at=at("2026-11-20T08:00"))
    end = at("2026-12-27T12:00")

    assert asked(early, end, ProbeKind.MIDTERM)[0].window.opens_at.date() == date(2026, 11, 15)
    assert asked(late, end, ProbeKind.MIDTERM) == []
    assert asked(late, end, ProbeKind.CLOSING)[0].window.opens_at == at("2026-12-20T23:00")


def test_mentors_are_asked_once_a_month_how_they_are_and_nobody_else_is():
    mentor, mentee = PairFacts(began_at=BEGAN, mentor_since=BEGAN), PairFacts(began_at=BEGAN)

    assert [one.number for one in asked(mentor, BEGAN + 60 * DAY, ProbeKind.WELLBEING)] == [1, 2]
    assert asked(mentee, BEGAN + 60 * DAY, ProbeKind.WELLBEING) == []


@given(
    now=moments,
    began=moments,
    contact=st.none() | moments,
    low=st.none() | moments,
    ended=st.none() | moments,
    meetings=st.lists(moments, max_size=4),
)
def test_no_probe_opens_twice_in_the_future_or_after_the_end(now, began, contact, low, ended, meetings):
    facts = PairFacts(
        began_at=began,
        contact_at=contact,
        low_since=low,
        mentor_since=began,
        ended_at=ended,
        meetings=tuple(Meeting(id=n, ended_at=moment, is_confirmed=False) for n, moment in enumerate(meetings, 1)),
    )

    found = probes(facts, TERM, DEFAULT_RHYTHM, now)

    names = [name(one) for one in found]
    assert len(names) == len(set(names))
    assert all(one.number >= 1 for one in found)
    assert all(one.window.opens_at <= min(now, ended or now) for one in found)
    opened = open_probes(facts, TERM, DEFAULT_RHYTHM, now)
    assert sorted(map(name, opened)) == sorted(name(one) for one in found if one.is_open(now))


@given(now=moments, began=moments, later=st.integers(0, 200))
def test_what_has_opened_stays_named_alike_as_time_goes_on(now, began, later):
    facts = PairFacts(began_at=began, contact_at=began, mentor_since=began)
    steady = set(ProbeKind) - {ProbeKind.STUCK}  # that one begins anew with every silence

    before = [one for one in probes(facts, TERM, DEFAULT_RHYTHM, now) if one.kind in steady]
    after = probes(facts, TERM, DEFAULT_RHYTHM, now + later * DAY)

    assert {name(one): one.window for one in before}.items() <= {name(one): one.window for one in after}.items()


def test_nothing_that_a_probe_asks_must_be_answered_and_nobody_is_surprised_by_a_reader():
    for kind in ProbeKind:
        for question in questions_of(kind):
            assert not question.is_required
            assert Audience.SELF in question.seen_by
    (feedback,) = [one for one in questions_of(ProbeKind.MIDTERM) if one.key == FEEDBACK]
    assert feedback.seen_by == {Audience.SELF, Audience.PARTNER}


def test_how_hard_life_is_never_reaches_the_partner_and_the_word_chosen_does():
    by_key = {question.key: question for question in check_in_questions(EnrolmentRole.MENTEE)}

    assert all(Audience.PARTNER not in by_key[key].seen_by for key, _label in LIFE)
    assert Audience.PARTNER in by_key["tell_partner"].seen_by
    assert "concern" not in by_key


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ({"life_mood": "5"}, SignKind.VERY_HARD),
        ({"concern": "urgent"}, SignKind.URGENT),
        ({"concern": "support", "mentee_knows": "yes"}, SignKind.SUPPORT),
        ({"fit": "not_for_me"}, SignKind.NOT_FOR_ME),
        ({"go_on": "change"}, SignKind.NOT_FOR_ME),
        ({"load": "too_much"}, SignKind.OVERLOAD),
        ({"need": ["idea", "talk"], "wishes": ["talk"]}, SignKind.ASKS_STAFF),
        ({"ask_staff": "yes"}, SignKind.ASKS_STAFF),
    ],
)
def test_an_answer_that_asks_for_somebody_is_a_sign(answers, kind):
    assert [one.kind for one in signs(answers)] == [kind]


def test_help_is_named_at_once_where_it_is_very_hard_or_urgent_and_not_otherwise():
    assert needs_help_now(signs({"life_health": "5"}))
    assert needs_help_now(signs({"concern": "urgent"}))
    assert not needs_help_now(signs({"concern": "support", "fit": "not_for_me", "life_health": "4"}))


@given(text=st.text())
def test_texts_are_never_read_by_the_rules(text):
    assert signs({"for_staff": text, "helped": text, "next_step": text, FEEDBACK: text}) == ()


@given(ratings=st.lists(st.integers(1, 5), max_size=6))
def test_two_drops_in_a_row_are_falling_and_nothing_else_is(ratings):
    drops = [later < earlier for earlier, later in pairwise(ratings)]

    assert (falling(ratings) is not None) == (drops[-2:] == [True, True])
    assert stays_low(ratings) == (len(ratings) > 1 and ratings[-1] <= 2 and ratings[-2] <= 2)


def test_whatever_is_in_the_way_there_is_something_to_try():
    ways = ways_for([key for key, _label in BARRIERS])

    assert [way.key for way in ways] == [key for key, _label in BARRIERS]
    assert all(len(way.steps) >= 2 for way in ways)
    assert ways_for(["unheard of"]) == ()


@given(
    numbers=st.fixed_dictionaries({name: st.integers(least, most) for name, (least, most) in LIMITS.items()}),
    asks=st.sets(st.sampled_from(ProbeKind)),
    release=st.sampled_from(Release),
)
def test_a_plan_is_read_back_as_it_was_written(numbers, asks, release):
    form = {name: [str(number)] for name, number in numbers.items()} | {
        "asked": [kind.value for kind in asks],
        "release": [release.value],
    }

    plan, problems = parse_plan(form)

    assert problems == {}
    assert plan
    assert plan_from_json(plan_to_json(plan)) == plan
    assert plan.left_out == set(ProbeKind) - asks


@pytest.mark.parametrize("wrong", ["", "0", "29", "1.5", "-1", "²", "five"])
def test_a_window_without_a_sensible_length_is_not_taken(wrong):
    form = {name: [str(least)] for name, (least, _most) in LIMITS.items()} | {"window_days": [wrong]}

    plan, problems = parse_plan(form)

    assert plan is None
    assert set(problems) == {"window_days", "release"}


def test_without_a_plan_everything_is_as_usual():
    assert plan_from_json({}) == Plan()


@pytest.mark.parametrize(
    ("sent", "members", "is_over", "release", "expected"),
    [
        (1, 2, False, Release.BOTH, False),
        (2, 2, False, Release.BOTH, True),
        (1, 2, True, Release.BOTH, False),
        (1, 2, True, Release.WINDOW, True),
        (0, 2, True, Release.WINDOW, False),
        (2, 3, False, Release.WINDOW, False),
        (1, 1, False, Release.BOTH, False),
    ],
)
def test_feedback_waits_until_everybody_has_written(sent, members, is_over, release, expected):
    assert is_released(sent=sent, members=members, is_over=is_over, release=release) is expected
