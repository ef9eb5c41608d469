"""What holds of every ledger, whatever happened (product 6.2 and 6.4)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from lti_tool.mentoring.due_dates import track_of
from lti_tool.mentoring.evidence import Deed, Evidence, HandedIn, SentCheckIn, SideFrom, Worked
from lti_tool.mentoring.participation import ledger
from lti_tool.mentoring.releases import changes_at
from lti_tool.mentoring.scheme_effect import effect, effect_of
from lti_tool.mentoring.scheme_presets import scheme_of
from lti_tool.mentoring.schemes import Basis, Kind, SchemePreset, Side
from lti_tool.mentoring.successive import Seat, remarks, timetable_of
from tests.mentoring.check_ins_alone import CheckInDone, combined
from tests.mentoring.check_ins_alone import Scheme as CheckInScheme
from tests.mentoring.check_ins_alone import ledger as check_in_ledger
from tests.mentoring.grading import (
    BEGIN,
    BOB,
    CALENDAR,
    DANA,
    PROGRAMME,
    day,
    decided,
    evidence,
    excused,
    met,
    stretch,
    track,
    tried,
)
from tests.mentoring.people import settings

SCHEMES = [scheme_of(preset, PROGRAMME) for preset in SchemePreset]
GRADED = st.sampled_from(SCHEMES)
DAYS = st.floats(0, 98, allow_nan=False).map(lambda number: round(number, 2))
STATES = st.sampled_from([("held", None), ("held", None), ("held", "counts"), ("disputed", None), ("dismissed", None)])
REFLECTIONS = st.sampled_from([Kind.REFLECTION_START, Kind.REFLECTION_MIDDLE, Kind.REFLECTION_END])
DECIDED = ("check_in:1", "meeting:2", "reflection_middle", "join", "hours")
PAIRS = ((stretch(),), (stretch(1, 0, 30), stretch(2, 40)), (stretch(1, 20),), (stretch(1, 0, 50),))


@st.composite
def meetings(draw: Any, pair_id: int = 1) -> Any:
    state, ruling = draw(STATES)
    return met(
        draw(st.integers(0, 90)),
        pair_id=pair_id,
        number=draw(st.integers(1, 10**6)),
        minutes=draw(st.sampled_from([5, 15, 60])),
        present=frozenset(draw(st.sets(st.sampled_from([BOB, DANA]), min_size=1))),
        state=state,
        ruling=ruling,
    )


@st.composite
def tracks(draw: Any) -> Any:
    pairs = draw(st.sampled_from(PAIRS))
    ids = st.sampled_from([one.pair_id for one in pairs])
    deeds = st.lists(st.builds(Deed, pair_id=ids, at=DAYS.map(day)), max_size=4).map(tuple)
    sent = tuple(draw(st.sets(st.integers(1, 6))))
    made = track(*pairs, sent=sent)
    return replace(
        made,
        check_ins=tuple(SentCheckIn(number=number, at=day(draw(DAYS))) for number in sent),
        meetings=tuple(draw(st.lists(ids.flatmap(meetings), max_size=7, unique_by=lambda one: one.meeting_id))),
        attempts=tuple(
            attempt
            for pair_id in {one.pair_id for one in pairs}
            for who in (BOB, DANA)
            for attempt in tried(*draw(st.lists(DAYS, max_size=6)), who=who, pair_id=pair_id)
        ),
        alone=draw(deeds),
        signed=draw(deeds),
        goals=draw(deeds),
        rematch_offered_at=tuple(draw(st.lists(DAYS.map(day), max_size=2))),
    )


@st.composite
def people(draw: Any) -> Evidence:
    moment = st.one_of(st.none(), DAYS.map(day))
    keys = ("all", "check_in", "meeting", "check_in:2", "meeting:3", "agreement", "reflection_middle", "join")
    side = st.sampled_from([Side.MENTOR, Side.MENTEE, Side.BOTH, Side.RESERVE])
    later = st.builds(SideFrom, side=side, from_at=DAYS.map(day))
    return evidence(
        *draw(st.lists(tracks(), max_size=2)),
        sides=(SideFrom(side=draw(side), from_at=BEGIN), *draw(st.lists(later, max_size=1))),
        arrived_at=draw(moment),
        joined_at=draw(moment),
        trained_at=draw(moment),
        survey_sent=draw(st.booleans()),
        peer_case_at=draw(moment),
        reflections=tuple(
            draw(
                st.lists(
                    st.builds(
                        HandedIn, kind=REFLECTIONS, at=DAYS.map(day), score=st.one_of(st.none(), st.integers(0, 4))
                    ),
                    max_size=3,
                    unique_by=lambda one: one.kind,
                )
            )
        ),
        hours=tuple(
            draw(st.lists(st.builds(Worked, on=st.just(date(2026, 11, 1)), minutes=st.integers(0, 900)), max_size=2))
        ),
        excuses=excused(*draw(st.lists(st.sampled_from(keys), max_size=2, unique=True))),
        overrides=tuple(draw(st.lists(st.builds(decided, st.sampled_from(DECIDED), st.integers(0, 900)), max_size=1))),
    )


TICK = timedelta(microseconds=1)
NOW = st.floats(0, 110, allow_nan=False).map(day)


def points(found: Evidence, scheme: Any, now: Any) -> Decimal:
    return ledger(found, scheme, now).points or Decimal(-1)


@given(people(), GRADED, NOW)
def test_points_are_between_nothing_and_the_maximum_with_two_decimals(found, scheme, now):
    result = ledger(found, scheme, now)

    assert result.maximum == scheme.maximum
    assert all(one.earned <= one.offered and one.counted <= one.offered for one in result.entries)
    if result.points is not None:
        assert 0 <= result.points <= scheme.maximum
        assert result.points.as_tuple().exponent == -2
        assert result.reachable is None or result.reachable <= scheme.maximum


@given(people(), GRADED, NOW, st.randoms(use_true_random=False))
def test_the_order_of_what_happened_does_not_matter_and_neither_does_hearing_it_twice(found, scheme, now, chance):
    def mixed(facts: Any) -> Any:
        facts = [*facts, *facts]
        chance.shuffle(facts)
        return tuple(facts)

    names = ("check_ins", "meetings", "attempts", "alone", "signed", "goals", "rematch_offered_at")
    other = replace(
        found,
        tracks=tuple(replace(one, **{name: mixed(getattr(one, name)) for name in names}) for one in found.tracks),
        reflections=mixed(found.reflections),
        excuses=mixed(found.excuses),
    )

    assert ledger(other, scheme, now) == ledger(found, scheme, now)


@given(people(), GRADED, NOW, st.data())
def test_doing_more_never_gives_less(found, scheme, now, data):
    assert points(more_of(found, data), scheme, now) >= points(found, scheme, now)


def more_of(found: Evidence, data: Any) -> Evidence:
    """Return the evidence with one thing more that was done."""
    ways = [_one_deed_more, _one_meeting_more, _one_check_in_more, _once_more, _hours_more]
    return data.draw(st.sampled_from(ways))(found, data)


def _hours_more(found: Evidence, data: Any) -> Evidence:
    more = Worked(on=date(2026, 11, 2), minutes=data.draw(st.integers(1, 900)))
    return replace(found, hours=(*found.hours, more))


def _one_deed_more(found: Evidence, data: Any) -> Evidence:
    name = data.draw(st.sampled_from(["alone", "signed", "goals"]))
    deed = Deed(pair_id=data.draw(st.integers(1, 2)), at=day(data.draw(DAYS)))
    attempts = tried(data.draw(DAYS), pair_id=deed.pair_id) if data.draw(st.booleans()) else ()
    return _in_a_track(
        found,
        data,
        lambda one: replace(one, **{name: (*getattr(one, name), deed)}, attempts=(*one.attempts, *attempts)),
    )


def _one_meeting_more(found: Evidence, data: Any) -> Evidence:
    meeting = replace(data.draw(meetings()), meeting_id=10**7)
    return _in_a_track(found, data, lambda one: replace(one, meetings=(*one.meetings, meeting)))


def _one_check_in_more(found: Evidence, data: Any) -> Evidence:
    sent = SentCheckIn(number=data.draw(st.integers(1, 6)), at=day(data.draw(DAYS)))
    return _in_a_track(found, data, lambda one: replace(one, check_ins=(*one.check_ins, sent)))


def _once_more(found: Evidence, data: Any) -> Evidence:
    more = {"trained_at": day(data.draw(DAYS)), "survey_sent": True, "peer_case_at": day(data.draw(DAYS))}
    name = data.draw(st.sampled_from(sorted(more)))
    return found if getattr(found, name) else replace(found, **{name: more[name]})


def _in_a_track(found: Evidence, data: Any, change: Any) -> Evidence:
    if not found.tracks:
        return found
    which = data.draw(st.integers(0, len(found.tracks) - 1))
    return replace(found, tracks=tuple(change(one) if n == which else one for n, one in enumerate(found.tracks)))


@given(people(), GRADED, NOW)
def test_what_a_partner_tried_or_left_undone_changes_nothing(found, scheme, now):
    without = replace(
        found,
        tracks=tuple(
            replace(one, attempts=tuple(each for each in one.attempts if each.enrolment_id == DANA))
            for one in found.tracks
        ),
    )

    assert ledger(without, scheme, now) == ledger(found, scheme, now)


@given(people(), NOW, st.sampled_from(list(SchemePreset)))
def test_the_maximum_is_the_same_on_both_sides_and_equal_items_give_equal_points(found, now, preset):
    scheme = scheme_of(preset, PROGRAMME)
    mentor, mentee = (
        ledger(replace(found, sides=(SideFrom(side=side, from_at=BEGIN),)), scheme, now)
        for side in (Side.MENTOR, Side.MENTEE)
    )

    assert mentor.maximum == mentee.maximum
    if preset is not SchemePreset.PRACTICUM:
        assert mentor == mentee


@given(people(), GRADED, NOW, st.integers(0, 100_00))
def test_the_same_evidence_gives_the_same_ledger_whoever_it_is_about(found, scheme, now, number):
    def renamed(one: Any) -> Any:
        return replace(
            one,
            meetings=tuple(
                replace(each, present=frozenset(number + 10 if who == DANA else who for who in each.present))
                for each in one.meetings
            ),
            attempts=tuple(
                replace(each, enrolment_id=number + 10) if each.enrolment_id == DANA else each for each in one.attempts
            ),
        )

    other = replace(found, enrolment_id=number + 10, tracks=tuple(map(renamed, found.tracks)))

    assert ledger(other, scheme, now) == ledger(found, scheme, now)


@given(people(), GRADED, NOW, st.floats(0, 1, allow_nan=False, exclude_max=True))
def test_nothing_changes_before_the_moment_at_which_the_clock_counts_again(found, scheme, now, share):
    found = replace(
        found,
        sides=found.sides[:1],  # nobody knows beforehand of a change of sides, of a meeting, or of the end of a pair
        tracks=tuple(
            replace(one, meetings=tuple(each for each in one.meetings if each.held_on <= now.date()))
            for one in found.tracks
        ),
    )
    assume(all(stop.from_at <= now for one in found.tracks for stop in one.stops))
    counted = ledger(found, scheme, now)
    until = changes_at(counted, CALENDAR.closes_at, now) or day(200)

    later = ledger(found, scheme, min(now + (until - now) * share, until - TICK))

    assert (later.points, later.reachable) == (counted.points, counted.reachable)


@given(people(), st.sampled_from(SCHEMES), NOW)
def test_what_is_promised_as_reachable_is_never_less_than_what_is_there_once_all_counts(found, scheme, now):
    result = ledger(found, replace(scheme, basis=Basis.START), now)

    if result.points is not None:
        assert result.reachable is not None
        assert result.reachable >= result.points


@given(
    st.integers(1, 1000),
    st.integers(1, 52),
    st.lists(st.tuples(st.sampled_from(PAIRS), st.sets(st.integers(1, 52))), min_size=1, max_size=3),
    st.integers(0, 110),
)
def test_check_ins_alone_give_exactly_the_points_they_always_gave(maximum, count, done, on):
    programme = settings(points=maximum, check_in_count=count, ends_on=PROGRAMME.ends_on)
    now = day(on)
    how = {"has_other_seat": len(done) > 1, "closes_at": CALENDAR.closes_at, "is_over": CALENDAR.is_over(now)}
    before, made = [], []
    for pairs, numbers in done:
        place, sent = Seat(stretches=pairs), {one for one in numbers if one <= count}
        before.append(
            check_in_ledger(
                timetable_of(place, programme).slots,
                [CheckInDone(number=one, submitted_at=day(3)) for one in sent],
                CheckInScheme(points=maximum, check_in_count=count),
                now,
                remarks(place, programme, sent, **how),
            )
        )
        due = track_of(place, programme, sent, **how)
        made.append(replace(due, check_ins=tuple(SentCheckIn(number=one, at=day(3)) for one in sent)))

    was = combined(before)
    found = ledger(evidence(*made), scheme_of(SchemePreset.CHECK_INS, programme), now)

    assert (found.points is not None) == was.counts
    assert found.points in {None, was.earned}
    assert [one.earned for one in found.entries] == [one.earned for one in was.entries]
    assert [one.offered for one in found.entries] == [one.points for one in was.entries]


@given(st.lists(people(), max_size=6), GRADED, GRADED, NOW)
def test_the_effect_of_a_change_names_everybody_whose_points_differ(found, before, after, now):
    crowd = dict(enumerate(found))

    result = effect_of(crowd, before, after, now)

    assert len(result.changes) + result.unchanged == len(crowd)
    for spread, without in zip(
        ([one.before for one in result.buckets], [one.after for one in result.buckets]),
        result.without_points,
        strict=True,
    ):
        assert sum(spread) + without == len(crowd)
    assert [one.difference for one in result.changes] == sorted(one.difference for one in result.changes)
    assert effect_of(crowd, after, after, now).changes == ()
    same = {person: ledger(one, after, now) for person, one in crowd.items()}
    assert effect(same, same).unchanged == len(crowd)
