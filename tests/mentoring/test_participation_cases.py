"""The edge cases of product section 6.5, by number, and the rules of 6.4: each a promise about a ledger."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from lti_tool.mentoring.due_dates import standby_track
from lti_tool.mentoring.evidence import Deed, Evidence, ExcuseState, HandedIn, Override, SentCheckIn, SideFrom, Worked
from lti_tool.mentoring.ledgers import RULE, Standing
from lti_tool.mentoring.participation import ledger
from lti_tool.mentoring.posting import Posting, posting_of
from lti_tool.mentoring.scheme_presets import scheme_of
from lti_tool.mentoring.schemes import Basis, Kind, SchemePreset, Side
from lti_tool.mentoring.successive import Stop
from tests.mentoring.grading import (
    BEGIN,
    BOB,
    CLOSED,
    DANA,
    DEFAULT,
    GWEN,
    PROGRAMME,
    alone,
    at_the_end,
    day,
    decided,
    entries,
    entry,
    everything,
    evidence,
    excused,
    full_track,
    met,
    stretch,
    track,
    tried,
)

NOTHING = Decimal("0.00")
SIX = (1, 2, 3, 4, 5, 6)


def meeting_points(found: Evidence, scheme=DEFAULT, on=CLOSED + 1):
    return sum(one.earned for one in entries(ledger(found, scheme, day(on)), Kind.MEETING))


# 1 to 8: partners


def test_case_1_whoever_waits_for_a_silent_partner_has_full_credit_by_effort_and_the_silent_one_nothing():
    attempts = tried(2, 5, 12, 15, 22, 25, 32, 35, 42, 45)
    offers = (day(16), day(36))
    waiting = track(sent=SIX, attempts=attempts, alone=alone(6, 16, 26, 36, 46), rematch_offered_at=offers)
    silent = track(attempts=attempts)

    dana = at_the_end(evidence(waiting, who=DANA))
    bob = at_the_end(evidence(silent, who=BOB, side=Side.MENTOR))

    assert entry(dana, "agreement").earned == 10
    assert sum(one.earned for one in entries(dana, Kind.MEETING)) == 30
    assert [one.key for one in dana.efforts] == ["agreement", "meeting:1", "meeting:2", "meeting:3", "meeting:4"]
    assert entry(bob, "agreement").earned == NOTHING
    assert sum(one.earned for one in entries(bob, Kind.MEETING)) == NOTHING
    assert not bob.efforts


def test_case_2_where_both_are_silent_both_have_nothing_and_no_effort():
    found = [at_the_end(evidence(track(), who=who)) for who in (BOB, DANA)]

    assert [sum(one.earned for one in entries(each, Kind.MEETING)) for each in found] == [0, 0]
    assert not any(each.efforts or each.must_offer_rematch for each in found)


def test_case_3_a_disputed_meeting_has_no_points_until_staff_decide():
    disputed, accepted, dismissed = (
        evidence(track(meetings=(met(10, state=state, ruling=ruling),)))
        for state, ruling in (("disputed", None), ("held", "counts"), ("dismissed", "does_not_count"))
    )

    found = ledger(disputed, DEFAULT, day(20))

    assert entry(found, "meeting:1").earned == NOTHING
    assert "Staff decide" in entry(found, "meeting:1").reason.text
    assert [note.values for note in found.notes] == [{"count": 1}]
    assert meeting_points(accepted) == Decimal("7.50")
    assert meeting_points(dismissed) == NOTHING


def test_case_3_a_meeting_counts_by_one_sides_word_and_says_how_long_the_other_can_disagree():
    one_side = evidence(track(meetings=(met(10),)))
    both = evidence(track(meetings=(met(10, confirmed_by=frozenset({BOB, DANA})),)))

    first, later, agreed = (
        entry(ledger(found, DEFAULT, day(on)), "meeting:1")
        for found, on in ((one_side, 12), (one_side, 17), (both, 12))
    )

    assert first.earned == later.earned == agreed.earned == Decimal("7.50")
    assert first.reason.values["until"] == day(15.8)
    assert "until" not in later.reason.values
    assert "until" not in agreed.reason.values


def test_case_4_a_meeting_on_a_day_to_come_counts_nothing_before_that_day():
    ahead = evidence(track(meetings=(met(30, confirmed_at=day(10)),)))

    before, after = (ledger(ahead, DEFAULT, day(on)) for on in (17, 31))

    assert entry(before, "meeting:1").earned == NOTHING
    assert any("has not come" in note.text for note in before.notes)
    assert entry(after, "meeting:1").earned == Decimal("7.50")


def test_case_5_of_ten_meetings_on_one_day_one_counts_and_the_rest_is_flagged():
    ten = tuple(met(10, number=number, confirmed_at=day(10.5 + number / 100)) for number in range(10))

    found = ledger(evidence(track(meetings=ten)), DEFAULT, day(60))

    assert [one.is_done for one in entries(found, Kind.MEETING)] == [True, False, False, False, False]
    assert [note.values for note in found.notes] == [{"count": 9}]


def test_case_6_five_minutes_count_only_where_staff_accept_them():
    short, accepted = (evidence(track(meetings=(met(10, minutes=5, ruling=ruling),))) for ruling in (None, "counts"))

    assert meeting_points(short) == NOTHING
    assert meeting_points(accepted) == Decimal("7.50")
    assert meeting_points(short, replace(DEFAULT, least_minutes=5)) == Decimal("7.50")


def test_case_7_of_three_those_who_were_there_have_credit():
    together = track(meetings=(met(10, present=frozenset({BOB, DANA})),))

    points = [meeting_points(evidence(together, who=who)) for who in (BOB, DANA, GWEN)]

    assert points == [Decimal("7.50"), Decimal("7.50"), NOTHING]


def test_case_7_a_second_meeting_that_day_counts_for_somebody_who_was_not_at_the_first():
    first, second = (met(10, number=n, present=frozenset({BOB, who})) for n, who in ((1, DANA), (2, GWEN)))

    points = [meeting_points(evidence(track(meetings=(first, second)), who=who)) for who in (BOB, DANA, GWEN)]

    assert points == [Decimal("7.50")] * 3


def test_case_8_after_a_rematch_earned_points_stay_and_the_new_agreement_is_asked_for_without_points():
    both = (stretch(1, 0, 30), stretch(2, 40))
    signed = {"signed": (Deed(pair_id=1, at=day(3)),), "goals": (Deed(pair_id=1, at=day(4)),)}
    again = {name: (*deeds, Deed(pair_id=2, at=day(45))) for name, deeds in signed.items()}

    once, twice = (ledger(evidence(track(*both, **done)), DEFAULT, day(60)) for done in (signed, again))

    assert entry(once, "agreement").earned == entry(twice, "agreement").earned == 10
    assert (entry(once, "agreement:2").offered, entry(once, "agreement:2").standing) == (0, Standing.EXTRA)
    assert entry(once, "agreement:2") in once.still_open
    assert "agreement:2" not in [one.key for one in twice.entries]
    assert once.points == twice.points


def test_case_8_after_an_effort_with_the_first_partner_the_new_agreement_is_asked_for_and_earns_nothing_again():
    both = (stretch(1, 0, 30), stretch(2, 40))
    tries = {"attempts": tried(2, 5), "alone": alone(6)}
    new = {"signed": (Deed(pair_id=2, at=day(45)),), "goals": (Deed(pair_id=2, at=day(46)),)}

    once, twice = (ledger(evidence(track(*both, **tries, **done)), DEFAULT, day(60)) for done in ({}, new))

    assert [entry(one, "agreement").is_effort for one in (once, twice)] == [True, True]
    assert entry(once, "agreement").due_at == day(14)
    assert entry(once, "agreement:2").standing is Standing.EXTRA
    assert entry(once, "agreement:2") in once.still_open
    assert "agreement:2" not in [one.key for one in twice.entries]
    assert once.points == twice.points


def test_an_effort_for_an_agreement_that_is_signed_with_the_same_partner_after_all_counts_for_a_meeting():
    tries = {"attempts": tried(2, 5), "alone": alone(6)}
    silent = evidence(track(stretch(), **tries))
    answered = evidence(track(stretch(), **tries, signed=(Deed(pair_id=1, at=day(10)),), goals=alone(11)))

    before, after = (ledger(one, DEFAULT, day(20)) for one in (silent, answered))

    assert [entry(before, key).earned for key in ("agreement", "meeting:1")] == [10, 0]
    assert "agreement:2" not in [one.key for one in before.entries]
    assert [entry(after, key).earned for key in ("agreement", "meeting:1")] == [10, Decimal("7.50")]


def test_case_8_partner_items_due_between_two_pairs_are_excused_and_check_ins_wait():
    between = track(stretch(1, 0, 30), stretch(2, 40), meetings=(met(10),), sent=(1, 2, 3))

    found = ledger(evidence(between), DEFAULT, day(60))

    # Meetings are due on days 17, 34, 51, 68 and 84; the clock stands from 30 to 45.
    assert [one.standing for one in entries(found, Kind.MEETING)] == [
        Standing.COUNTED,
        Standing.EXCUSED,
        Standing.COUNTED,
        Standing.NOT_DUE,
        Standing.NOT_DUE,
    ]
    assert entry(found, "check_in:4").opens_at == day(42 + 15)
    assert entry(found, "meeting:1").earned == Decimal("7.50")


def test_an_agreement_that_fell_due_while_there_was_no_partner_is_asked_for_with_the_next():
    gone = evidence(track(stretch(1, 0, 10)))
    found_again = evidence(track(stretch(1, 0, 10), stretch(2, 20)))

    alone_now, new = (entry(ledger(one, DEFAULT, day(25)), "agreement") for one in (gone, found_again))

    assert alone_now.standing is Standing.EXCUSED
    assert (new.standing, new.due_at) == (Standing.NOT_DUE, day(34))


# Effort credit


def test_two_attempts_48_hours_apart_and_a_solo_alternative_are_one_effort():
    enough = track(attempts=tried(10, 12), alone=alone(13), signed=(Deed(pair_id=1, at=day(1)),), goals=alone(1))
    too_close = replace(enough, attempts=tried(10, 11.9))
    nothing_alone = replace(enough, alone=())
    by_the_other = replace(enough, attempts=tried(10, 12, who=BOB))

    points = [meeting_points(evidence(one)) for one in (enough, too_close, nothing_alone, by_the_other)]

    assert points == [Decimal("7.50"), NOTHING, NOTHING, NOTHING]


def test_a_third_effort_in_a_row_waits_until_a_new_partner_was_offered():
    three = track(
        attempts=tried(10, 13, 20, 23, 30, 33),
        alone=alone(14, 24, 34),
        signed=(Deed(pair_id=1, at=day(1)),),
        goals=alone(1),
    )
    offered = replace(three, rematch_offered_at=(day(40),))

    before, after = (ledger(evidence(one), DEFAULT, day(60)) for one in (three, offered))

    assert (len(before.efforts), before.must_offer_rematch) == (2, True)
    assert (len(after.efforts), after.must_offer_rematch) == (3, False)


def test_all_that_waited_for_an_offer_counts_after_it_two_at_a_time():
    four = track(
        attempts=tried(5, 8, 15, 18, 25, 28, 35, 38),
        alone=alone(9, 19, 29, 39),
        signed=(Deed(pair_id=1, at=day(1)),),
        goals=alone(1),
    )
    five = replace(four, attempts=(*four.attempts, *tried(45, 48)), alone=(*four.alone, *alone(49)))

    counted = [
        len(ledger(evidence(replace(one, rematch_offered_at=(day(60),))), DEFAULT, day(70)).efforts)
        for one in (four, five)
    ]

    assert counted == [4, 4]


def test_a_meeting_fills_what_counts_before_what_is_excused():
    late_start = track(stretch(1, 0, 10), stretch(2, 20), meetings=(met(30, pair_id=2),))

    found = ledger(evidence(late_start), DEFAULT, day(40))

    assert entry(found, "meeting:1").standing is Standing.EXCUSED
    assert entry(found, "meeting:2").earned == Decimal("7.50")


def test_an_effort_comes_between_two_meetings_without_any_offer():
    alternating = track(
        attempts=tried(10, 13, 40, 43, 50, 53),
        alone=alone(14, 44, 54),
        meetings=(met(30),),
        signed=(Deed(pair_id=1, at=day(1)),),
        goals=alone(1),
    )

    assert len(ledger(evidence(alternating), DEFAULT, day(80)).efforts) == 3


# 9 to 14: people


def test_case_9_whoever_has_left_the_course_keeps_the_ledger_and_nothing_is_sent():
    here, gone = everything(), everything(is_active=False)

    found = at_the_end(gone)

    assert found.entries == at_the_end(here).entries
    assert found.points == 100
    assert not found.is_postable
    assert posting_of(found, is_released=True, is_closed=True, was_posted=True).posting is Posting.NOTHING


def test_case_10_whoever_comes_back_has_the_same_ledger_and_nothing_due_meanwhile_counts():
    away = (Stop(from_at=day(20), until_at=day(40)),)
    missed = track(sent=(1, 2, 4, 5, 6))

    always, back = (ledger(evidence(missed, away=one), DEFAULT, day(60)) for one in ((), away))

    assert back.is_postable
    assert entry(always, "check_in:3").standing is Standing.COUNTED
    assert entry(back, "check_in:3").standing is Standing.EXCUSED
    assert entry(back, "check_in:2") == entry(always, "check_in:2")
    assert back.points > always.points


def test_case_11_a_mentor_of_two_has_the_average_and_never_more_than_all():
    busy, quiet = full_track(), full_track(stretch(2), meetings=(met(10, pair_id=2),), signed=(), goals=())
    generous = full_track(stretch(2), meetings=tuple(met(4 * n, pair_id=2) for n in range(1, 20)))

    both = at_the_end(everything(tracks=(busy, quiet), who=BOB, side=Side.MENTOR))

    assert entry(both, "agreement").earned == 5
    assert [one.earned for one in entries(both, Kind.MEETING)][:4] == [Decimal("7.50"), *[Decimal("3.75")] * 3]
    assert both.points == Decimal("83.75")
    assert at_the_end(everything(tracks=(busy, generous), who=BOB, side=Side.MENTOR)).points <= 100


def test_case_12_after_a_change_of_sides_what_was_earned_counts_and_the_rest_comes_from_the_new_side():
    practicum = scheme_of(SchemePreset.PRACTICUM, PROGRAMME)
    sides = (SideFrom(side=Side.MENTEE, from_at=BEGIN), SideFrom(side=Side.MENTOR, from_at=day(30)))
    changed = evidence(full_track(sent=(1, 2)), sides=sides, hours=(Worked(on=day(50).date(), minutes=1200),))

    found = at_the_end(changed, practicum)

    assert [one.number for one in entries(found, Kind.CHECK_IN)] == [1, 2]
    assert entry(found, "join").earned == 5
    assert entry(found, "hours").earned == 40
    assert entry(found, "peer_case").counted == 20


@pytest.mark.parametrize(("minutes", "points"), [(1500, 40), (1200, 40), (1199, Decimal("39.97")), (300, 10)])
def test_case_12_hours_of_somebody_who_is_a_mentee_now_count_as_far_as_they_were_worked(minutes, points):
    practicum = scheme_of(SchemePreset.PRACTICUM, PROGRAMME)
    sides = (SideFrom(side=Side.MENTOR, from_at=BEGIN), SideFrom(side=Side.MENTEE, from_at=day(50)))
    worked = Worked(on=day(20).date(), minutes=minutes)

    found = ledger(evidence(full_track(), sides=sides, hours=(worked,)), practicum, day(60))
    at_last = at_the_end(evidence(full_track(), sides=sides, hours=(worked,)), practicum)

    hours = entry(at_last, "hours")
    assert (hours.earned, hours.counted, hours.open) == (points, points, 0)
    assert entry(found, "hours").standing is Standing.NOT_DUE
    assert "hours" not in [one.kind for one in found.still_open]


def test_case_12_hours_logged_as_a_mentee_are_nobodys_and_none_at_all_are_not_asked_for():
    practicum = scheme_of(SchemePreset.PRACTICUM, PROGRAMME)
    sides = (SideFrom(side=Side.MENTOR, from_at=BEGIN), SideFrom(side=Side.MENTEE, from_at=day(50)))
    after, none = (Worked(on=day(60).date(), minutes=1200),), ()

    ledgers = [at_the_end(evidence(full_track(), sides=sides, hours=one), practicum) for one in (after, none)]

    assert all(not entries(found, Kind.HOURS) for found in ledgers)


def test_case_13_a_mentor_in_reserve_earns_by_training_standby_check_ins_and_a_peer_case():
    standby = replace(
        standby_track(PROGRAMME), check_ins=tuple(SentCheckIn(number=n, at=day(14 * (n - 1))) for n in SIX)
    )

    full = at_the_end(everything(tracks=(standby,), side=Side.RESERVE, peer_case_at=day(60)))
    without = at_the_end(everything(tracks=(standby,), side=Side.RESERVE))

    assert full.points == full.maximum == 100
    assert without.points == 60
    assert {one.kind for one in full.entries} == {item.kind for item in DEFAULT.items} - {Kind.AGREEMENT, Kind.MEETING}


def test_case_13_a_mentor_in_reserve_who_is_matched_goes_on_with_the_pair():
    sides = (SideFrom(side=Side.RESERVE, from_at=BEGIN), SideFrom(side=Side.MENTOR, from_at=day(30)))
    standby = replace(
        standby_track(PROGRAMME, day(30)), check_ins=tuple(SentCheckIn(number=n, at=day(14 * (n - 1))) for n in (1, 2))
    )
    pair = track(stretch(begun=30), sent=(1, 2, 3, 4))

    found = at_the_end(evidence(standby, pair, sides=sides, peer_case_at=day(20)))

    assert [one.earned for one in entries(found, Kind.CHECK_IN)[:4]] == [5, 5, 5, 5]
    assert entry(found, "peer_case").earned == 40


def test_case_14_where_all_is_excused_nothing_is_posted_and_that_is_not_zero():
    nothing_done = evidence(track(), joined_at=None, trained_at=None)

    found = at_the_end(replace(nothing_done, excuses=excused("all")))

    assert found.points is None
    assert not found.is_postable
    assert "not the same" in found.why_not_postable.text
    assert posting_of(found, is_released=True, is_closed=True, was_posted=False).posting is Posting.NOTHING
    assert at_the_end(replace(nothing_done, joined_at=day(1))).points is not None


# 16, 17, 21, 22


def test_case_16_a_true_zero_is_a_score_after_the_end_and_only_when_released():
    nobody = evidence(track(), joined_at=None, trained_at=None)

    found = at_the_end(nobody)
    released = {"is_released": True, "was_posted": False}

    assert found.points == NOTHING
    assert posting_of(found, is_closed=False, **released).posting is Posting.NOTHING
    assert posting_of(found, is_closed=True, is_released=False, was_posted=False).posting is Posting.COLLECTING
    score = posting_of(found, is_closed=True, **released)
    assert (score.posting, score.points) == (Posting.SCORE, NOTHING)
    assert score.needs_staff


def test_case_17_a_grade_to_be_taken_back_is_cleared_by_hand():
    found = at_the_end(evidence(track(), joined_at=None, trained_at=None, excuses=excused("all")))

    said = posting_of(found, is_released=True, is_closed=True, was_posted=True)

    assert (said.posting, said.points) == (Posting.CLEAR_BY_HAND, None)


def test_case_17_points_that_fall_to_zero_are_zero_for_the_gradebook_once_staff_decided_that_or_it_is_over():
    begun = evidence(track(sent=(1,)), joined_at=None, trained_at=None)
    by_rule = ledger(replace(begun, tracks=(track(),)), DEFAULT, day(30))
    by_staff = ledger(replace(begun, overrides=(decided("check_in:1", 0),)), DEFAULT, day(30))
    in_all = ledger(replace(begun, overrides=(decided("total", 0),)), DEFAULT, day(30))

    def said(found, *, is_closed=False):
        return posting_of(found, is_released=True, is_closed=is_closed, was_posted=True)

    assert [one.points for one in (by_rule, by_staff, in_all)] == [NOTHING] * 3
    assert said(by_rule).posting is Posting.NOTHING
    assert [said(one).posting for one in (by_staff, in_all)] == [Posting.SCORE] * 2
    assert said(by_rule, is_closed=True).posting is Posting.SCORE
    assert all(said(one).needs_staff for one in (by_staff, in_all))


def test_what_is_told_twice_counts_once():
    once = everything()
    only = once.tracks[0]
    twice = replace(
        once,
        reflections=once.reflections * 2,
        tracks=(
            replace(
                only,
                check_ins=only.check_ins * 2,
                meetings=only.meetings * 2,
                signed=only.signed * 2,
                attempts=tried(10, 10),
                alone=alone(12, 12),
            ),
        ),
    )

    assert at_the_end(twice) == at_the_end(once)


def test_case_22_of_the_anonymous_survey_the_ledger_knows_that_it_was_sent_and_nothing_else():
    sent, not_sent = (entry(at_the_end(everything(survey_sent=one)), "survey") for one in (True, False))

    assert (sent.earned, not_sent.earned) == (4, 0)
    assert sent.decided_at is None
    assert not sent.reason.values


# The rules of 6.4


def test_before_the_first_due_date_there_is_nothing_to_post():
    first_due = min(one.due_at for one in at_the_end(everything()).entries)

    before, then = (ledger(everything(), DEFAULT, one) for one in (first_due - timedelta(seconds=1), first_due))

    assert before.points is None
    assert not before.is_postable
    assert then.is_postable


def test_who_did_everything_has_the_maximum_and_who_left_out_the_spare_ones_too():
    spare = everything(tracks=(full_track(sent=(1, 2, 4, 5, 6), meetings=tuple(met(10 * n) for n in range(1, 5))),))

    assert at_the_end(everything()).points == at_the_end(spare).points == 100


def test_points_are_the_share_of_what_counts():
    found = ledger(evidence(track(sent=(1,)), trained_at=None), DEFAULT, day(22))

    counted = {one.key: one.counted for one in found.entries if one.counted}
    assert counted == {
        "join": 5,
        "training": 10,
        "agreement": 10,
        "meeting:1": Decimal("7.50"),
        "check_in:1": 5,
        "check_in:2": 5,
    }
    assert found.points == Decimal("23.53")  # 10 of 42.5


@pytest.mark.parametrize(
    ("late", "earned"), [(1, 5), (2, 5), (2.5, 4), (4, 3), (5, Decimal("2.50")), (30, Decimal("2.50"))]
)
def test_being_late_costs_a_fifth_a_day_after_two_days_of_grace_and_half_at_most(late, earned):
    sent = track(check_ins=(SentCheckIn(number=1, at=day(5 + late)),))

    assert entry(ledger(evidence(sent), DEFAULT, day(50)), "check_in:1").earned == earned


def test_the_grace_is_given_once_for_each_kind_and_where_it_helps_most():
    twice = track(check_ins=(SentCheckIn(number=1, at=day(5.5)), SentCheckIn(number=2, at=day(21))))

    found = ledger(evidence(twice, trained_at=day(23)), DEFAULT, day(24))

    assert [entry(found, key).earned for key in ("check_in:1", "check_in:2", "training")] == [4, 5, 10]


def test_joining_late_costs_one_point_and_no_more():
    late = evidence(track(), joined_at=day(40))

    assert entry(at_the_end(late), "join").earned == 4


def test_a_partner_item_is_never_late():
    late = full_track(meetings=tuple(met(n) for n in range(78, 83)), signed=alone(80), goals=alone(80))

    assert at_the_end(everything(tracks=(late,))).points == 100


def test_a_late_joiner_is_excused_from_what_was_due_before():
    late = evidence(track(stretch(begun=50), sent=(1,)), arrived_at=day(49), joined_at=day(49), trained_at=None)

    found = ledger(late, DEFAULT, day(60))

    assert entry(found, "join").earned == 5
    assert entry(found, "training").standing is Standing.EXCUSED
    assert [one.standing for one in entries(found, Kind.MEETING)][:3] == [Standing.EXCUSED] * 3
    assert found.points == 100


def test_an_excuse_takes_an_entry_out_of_what_counts_and_the_lateness_from_what_was_done():
    late = track(check_ins=(SentCheckIn(number=1, at=day(30)),))
    one, both = (
        ledger(evidence(late, excuses=excused(*keys)), DEFAULT, day(40)) for keys in (["check_in:2"], ["check_in"])
    )

    assert entry(one, "check_in:2").standing is Standing.EXCUSED
    assert entry(one, "check_in:1").earned == Decimal("2.50")
    assert entry(both, "check_in:1").earned == 5
    assert "Illness" in entry(both, "check_in:2").reason.values["reason"].text


def test_an_excuse_counts_once_it_is_granted_and_not_when_it_is_only_asked_for():
    asked, refused = (
        entry(ledger(evidence(track(), excuses=excused("check_in:1", state=state)), DEFAULT, day(10)), "check_in:1")
        for state in (ExcuseState.ASKED, ExcuseState.REFUSED)
    )

    assert asked.standing is refused.standing is Standing.COUNTED
    assert "asked" in asked.reason.text


def test_an_override_wins_and_keeps_what_the_rule_says_beside_it():
    changed = everything(overrides=(decided("check_in:1", 250), decided("check_in:1", 100, on=10)))

    found = entry(at_the_end(changed), "check_in:1")

    assert (found.earned, found.computed) == (Decimal("2.50"), 5)
    assert (found.decided_by, found.decided_at) == (9, day(20))
    assert found.reason.values == {"reason": "We talked about it."}
    assert entry(at_the_end(changed), "check_in:2").decided_by == RULE


def test_an_override_of_the_total_wins_stays_within_the_maximum_and_needs_a_reason():
    found, above = (at_the_end(everything(overrides=(decided("total", points),))) for points in (4200, 99900))

    assert (found.points, found.computed, found.decided.by) == (42, 100, 9)
    assert above.points == 100
    with pytest.raises(ValueError, match="reason"):
        Override(key="total", points=1, reason=" ", by=9, at=BEGIN)
    with pytest.raises(ValueError, match="negative"):
        Override(key="total", points=-1, reason="No", by=9, at=BEGIN)


def test_a_reflection_that_nobody_has_read_counts_neither_way():
    def reflected(score):
        written = (HandedIn(kind=Kind.REFLECTION_MIDDLE, at=day(40), score=score),)
        return ledger(evidence(track(), reflections=written), DEFAULT, day(60))

    unread, half = reflected(None), reflected(2)

    assert entry(unread, "reflection_middle").standing is Standing.UNREAD
    assert entry(half, "reflection_middle").earned == 4
    assert ledger(evidence(track()), DEFAULT, day(60)).points < unread.points


# What comes next


def test_the_ledger_says_what_is_next_and_what_can_still_be_reached():
    found = ledger(evidence(track(sent=(1,))), DEFAULT, day(12))

    assert found.next.key == "agreement"
    assert found.next.open == 10
    assert found.reachable == 100
    missed = ledger(evidence(track(sent=(1,))), DEFAULT, day(80))
    assert missed.reachable < 100
    assert at_the_end(evidence(track(sent=(1,)))).next is None


def test_what_could_be_reached_is_reached_by_doing_what_is_open():
    begun = evidence(track(sent=(1, 2)), trained_at=None)
    now = day(25)

    promised = ledger(begun, DEFAULT, now).reachable
    rest = full_track(check_ins=tuple(SentCheckIn(number=n, at=day(14 * (n - 1))) for n in SIX))
    kept = at_the_end(replace(everything(tracks=(rest,)), trained_at=now))

    assert kept.points == promised


def test_what_could_be_reached_keeps_what_staff_decided_among_what_counts():
    low = (decided("check_in:1", 0),)
    begun = everything(tracks=(full_track(sent=(1, 2)),), reflections=(), survey_sent=False, overrides=low)

    promised = ledger(begun, DEFAULT, day(30)).reachable

    assert promised == at_the_end(everything(overrides=low)).points == 95


# Other schemes


def test_the_light_scheme_is_all_or_nothing_and_zero_only_when_nothing_can_come():
    light = scheme_of(SchemePreset.LIGHT, PROGRAMME)
    three, four = (evidence(track(meetings=tuple(met(10 * n) for n in range(1, 1 + count)))) for count in (3, 4))

    begun = ledger(three, light, day(60))
    assert begun.points is None
    assert posting_of(begun, is_released=True, is_closed=False, was_posted=False).posting is Posting.COLLECTING
    assert posting_of(begun, is_released=True, is_closed=False, was_posted=True).posting is Posting.CLEAR_BY_HAND
    assert ledger(four, light, day(60)).points == 10
    assert at_the_end(three, light).points == NOTHING


def test_the_ungraded_scheme_shows_progress_and_posts_nothing():
    found = at_the_end(everything(), scheme_of(SchemePreset.UNGRADED, PROGRAMME))

    assert found.points == 100
    assert not found.is_postable


def test_points_that_count_from_the_start_grow_from_nothing():
    growing = replace(DEFAULT, basis=Basis.START)

    some = ledger(evidence(track(sent=(1,))), growing, day(1))

    assert some.points == 20
    assert some.is_postable
