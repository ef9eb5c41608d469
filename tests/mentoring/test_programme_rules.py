"""Promises of a programme's settings: defaults, forms, presets, what differs and whom it meets."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lti_tool.mentoring.changes import changes, question_changes
from lti_tool.mentoring.closing_survey import survey_questions
from lti_tool.mentoring.impact import Affected, impacts
from lti_tool.mentoring.objectives import OBJECTIVES, statements_of
from lti_tool.mentoring.phases import Standing
from lti_tool.mentoring.presets import preset_values, with_preset
from lti_tool.mentoring.programme import (
    SETTING_NAMES,
    Cadence,
    Phase,
    Preset,
    default_settings,
    moved_to,
    settings_from_json,
    settings_to_json,
)
from lti_tool.mentoring.scheme_presets import scheme_of
from lti_tool.mentoring.schemes import SchemePreset
from lti_tool.mentoring.settings_form import ON_A_PAGE_OF_ITS_OWN, SECTIONS, form_of, parse_settings
from lti_tool.mentoring.zones import zone_named
from tests.mentoring.people import settings

TODAY = date(2026, 10, 5)
DEFAULTS = default_settings("Biology 101", TODAY, "Europe/Berlin")
NO_PAIRS = Standing(phase=Phase.SIGN_UP, has_pairs=False, has_begun=False)


def parsed(names=tuple(set(SETTING_NAMES) - ON_A_PAGE_OF_ITS_OWN), **fields):
    """What a form with these fields changed becomes."""
    form = form_of(DEFAULTS) | {name: [text] for name, text in fields.items()}
    return parse_settings(form, DEFAULTS, names=names, section_ids={"A", "B"})


def test_a_good_form_becomes_settings():
    made, problems = parsed(title=" Läs ", points="20", cadence="weekly", objectives="career", mentor_section_ids="A")

    assert problems == {}
    assert made == replace(
        DEFAULTS,
        title="Läs",
        points=20,
        cadence=Cadence.WEEKLY,
        objectives=(("career", ""),),
        mentor_section_ids=("A",),
    )


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("title", "  "),
        ("title", "x" * 201),
        ("title", "a\x00b"),
        ("mentor_word", ""),
        ("mentee_word", "x" * 41),
        ("cadence", "daily"),
        ("check_in_count", "0"),
        ("check_in_count", "53"),
        ("meeting_count", "-1"),
        ("points", "1001"),
        ("points", "ten"),
        ("points", "٣"),
        ("points", "9" * 5000),
        ("starts_on", "5 October"),
        ("starts_on", "0001-01-01"),
        ("ends_on", "soon"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../etc/passwd"),
        ("mentor_capacity_limit", "31"),
        ("preset", "everything"),
        ("seniority", "maybe"),
        ("objectives", "world_peace"),
        ("mentor_section_ids", "C"),
        ("column_label", "x" * 201),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_saved(field, text):
    made, problems = parsed(**{field: text})

    assert made is None
    assert set(problems) == {field}


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("sign_up_closes_on", {"sign_up_closes_on": "2026-10-04"}),
        ("matching_on", {"matching_on": "2026-10-10"}),
        ("ends_on", {"ends_on": "2026-10-05"}),
        ("ends_on", {"ends_on": "2026-10-20"}),
        ("ends_on", {"ends_on": "2026-10-05", "sign_up_closes_on": "", "matching_on": ""}),
    ],
)
def test_days_out_of_order_are_named_beside_the_later_one(field, changed):
    made, problems = parsed(**changed)

    assert made is None
    assert set(problems) == {field}


def test_days_may_be_left_to_a_hand():
    made, problems = parsed(sign_up_closes_on="", matching_on="", ends_on="")

    assert problems == {}
    assert (made.sign_up_closes_on, made.matching_on, made.ends_on) == (None, None, None)


def test_a_switch_without_a_tick_is_off():
    form = {name: values for name, values in form_of(DEFAULTS).items() if name != "is_graded"}

    made, problems = parse_settings(form, DEFAULTS, names=SECTIONS["grading"])

    assert problems == {}
    assert (made.is_graded, made.moves_by_date) == (False, True)


def test_a_section_changes_nothing_of_another():
    made, _problems = parsed(SECTIONS["grading"], points="50", title="Not asked here")

    assert made == replace(DEFAULTS, points=50)


def test_the_sections_ask_for_every_setting_once():
    asked = [name for names in SECTIONS.values() for name in names]

    assert sorted(asked) == sorted(set(SETTING_NAMES) - ON_A_PAGE_OF_ITS_OWN)


def test_no_objective_is_a_problem_and_own_words_are_kept():
    nothing, problems = parse_settings({}, DEFAULTS, names=("objectives",))
    own, _none = parsed(objectives="belonging", **{"objective-belonging": "Nobody eats alone"})

    assert (nothing, set(problems)) == (None, {"objectives"})
    assert own.objectives == (("belonging", "Nobody eats alone"),)


@pytest.mark.parametrize("title", ["", "Biology 101", "x" * 500])
def test_defaults_are_accepted_unchanged_by_the_form(title):
    made = default_settings(title, TODAY, "Europe/Berlin")

    accepted, problems = parse_settings(form_of(made), made, names=set(SETTING_NAMES) - ON_A_PAGE_OF_ITS_OWN)

    assert (accepted, problems) == (made, {})


def test_the_default_calendar_follows_from_the_first_day():
    days = [DEFAULTS.sign_up_closes_on, DEFAULTS.matching_on, DEFAULTS.ends_on]

    assert [(day - TODAY).days for day in days] == [14, 15, 84]


def test_moved_settings_keep_their_distances():
    moved = moved_to(DEFAULTS, date(2027, 2, 1))
    by_hand = moved_to(replace(DEFAULTS, ends_on=None), date(2027, 2, 1))

    assert moved == default_settings("Biology 101", date(2027, 2, 1), "Europe/Berlin")
    assert by_hand.ends_on is None


def test_moved_settings_move_the_days_of_a_scheme_that_staff_changed():
    usual = scheme_of(SchemePreset.DEFAULT, DEFAULTS)
    survey = replace(usual.items[-2], due_on=date(2026, 12, 24))
    own = replace(usual, items=(*usual.items[:-2], survey))

    moved = moved_to(replace(DEFAULTS, own_scheme=own), TODAY + timedelta(days=100))

    assert moved.own_scheme.items[-1].due_on == date(2026, 12, 24) + timedelta(days=100)
    assert moved.own_scheme.items[:-1] == own.items[:-1]


def test_an_unknown_time_zone_becomes_utc_in_the_defaults():
    assert default_settings("", TODAY, "Nowhere").time_zone == "UTC"


def test_settings_are_read_back_as_they_were_written():
    odd = replace(DEFAULTS, ends_on=None, objectives=(("career", "“Ä”"),), mentor_section_ids=("A",), is_graded=False)

    assert settings_from_json(settings_to_json(odd), DEFAULTS) == odd


def test_settings_of_an_older_version_take_what_they_did_not_know_from_now():
    old = {name: value for name, value in settings_to_json(settings()).items() if name != "seniority"}

    assert settings_from_json(old, DEFAULTS) == replace(settings(), seniority=DEFAULTS.seniority)


def test_each_cadence_knows_its_days():
    assert [cadence.days for cadence in Cadence] == [7, 14, 28, 0]


@pytest.mark.parametrize("preset", list(Preset))
def test_a_preset_says_at_length_why_it_is_as_it_is(preset):
    assert len(preset_values(preset).reasons.split()) > 40


def test_the_first_preset_is_what_the_defaults_are():
    assert with_preset(DEFAULTS, Preset.STUDY_SKILLS) == DEFAULTS


def test_a_preset_keeps_what_is_the_courses_own():
    own = replace(DEFAULTS, title="Ours", mentor_word="Buddy", points=20, mentee_section_ids=("B",))

    hard = with_preset(own, Preset.HARD_COURSE)

    assert hard.cadence is Cadence.WEEKLY
    assert (hard.title, hard.mentor_word, hard.points, hard.mentee_section_ids) == ("Ours", "Buddy", 20, ("B",))


def test_what_differs_is_said_setting_by_setting():
    found = changes(
        DEFAULTS, replace(DEFAULTS, points=20, ends_on=None, mentor_section_ids=("A", "B"), is_graded=False)
    )

    said = {one.name: (one.before.values or one.before.text, one.after.values or one.after.text) for one in found}
    assert said == {
        "points": ({"value": 100}, {"value": 20}),
        "ends_on": ({"value": TODAY + timedelta(days=84)}, "By hand"),
        "mentor_section_ids": ("Everybody", {"things": ("A", "B")}),
        "is_graded": ("Yes", "No"),
    }


def test_questions_that_differ_are_named_by_their_wording():
    first, second = {"key": "a", "wording": "First?"}, {"key": "b", "wording": "Second?"}
    other = {"key": "b", "wording": "Second again?"}

    said = question_changes({"questions": [first, second]}, {"questions": [other, {"key": "c", "wording": "Third?"}]})
    turned = question_changes({"questions": [first, second]}, {"questions": [second, first]})

    assert [one.values["things"] for one in said] == [("Third?",), ("First?",), ("Second again?",)]
    assert len(turned) == 1
    assert question_changes({"questions": [first]}, {"questions": [first]}) == ()


def said_of(after, affected, standing=NO_PAIRS, today=TODAY):
    """What is said before these settings are saved."""
    found = impacts(DEFAULTS, after, affected, standing=standing, begun_on=TODAY, today=today)
    return [(one.text.split(":")[0], dict(one.values).get("count")) for one in found]


def test_an_impact_names_whom_it_meets_and_what_stays():
    running = Standing(phase=Phase.RUNNING, has_pairs=True, has_begun=True)
    after = replace(DEFAULTS, points=50, mentor_capacity_limit=1, check_in_count=2, mentor_section_ids=("A",))
    affected = Affected(
        joined=30,
        pairs=12,
        scores=20,
        has_column=True,
        mentors_above_limit=3,
        check_ins_beyond=7,
        check_ins_sent=40,
        mentors_outside=2,
        mentees_outside=9,
    )

    said = said_of(after, affected, running)

    assert [count for _text, count in said] == [20, None, 7, 40, 3, 2, 12]
    assert said[-1][0] == "Pairs at work that stay exactly as they are"


def test_nobody_is_affected_where_nobody_is():
    assert said_of(replace(DEFAULTS, points=50, mentor_capacity_limit=1), Affected()) == []


def test_a_day_that_has_passed_is_said_to_act_at_once():
    over = replace(DEFAULTS, sign_up_closes_on=TODAY, matching_on=None)

    said = said_of(over, Affected(), today=TODAY + timedelta(days=1))

    assert said == [("Sign-up closes as soon as you save, since its last day is over.", None)]


def test_a_later_day_does_not_open_sign_up_again_by_itself():
    closed = Standing(phase=Phase.MATCHING, has_pairs=False, has_begun=True)

    said = said_of(DEFAULTS, Affected(joined=3), closed)

    assert said[0][0].startswith("Sign-up stays closed.")


def test_switching_points_off_leaves_the_column_as_it_is():
    said = said_of(replace(DEFAULTS, is_graded=False), Affected(has_column=True))

    assert [text for text, _count in said] == [
        "The column in the gradebook stays with what it has. Nothing more is sent to it."
    ]


@pytest.mark.parametrize("name", ["", "Europe", "../x", "\x00", "No/Where", "/etc/localtime"])
def test_what_is_no_time_zone_is_none(name):
    assert zone_named(name) is None


def test_each_of_eight_objectives_asks_something_of_its_own_in_the_closing_survey():
    asked = [survey_questions({key}) for key in OBJECTIVES]
    always = survey_questions(())

    assert len(OBJECTIVES) == 8
    assert [[one.wording for one in found if one not in always] for found in asked] == [
        [one.statement] for one in OBJECTIVES.values()
    ]


def test_other_objectives_say_what_is_measured_from_now_on_and_what_no_longer_is():
    after = replace(DEFAULTS, objectives=(("belonging", "They feel at home"), ("leadership", "")))

    said = impacts(DEFAULTS, after, Affected(), standing=NO_PAIRS, begun_on=TODAY, today=TODAY)
    reworded = impacts(
        after,
        replace(after, objectives=(("leadership", ""), ("belonging", ""))),
        Affected(),
        standing=NO_PAIRS,
        begun_on=TODAY,
        today=TODAY,
    )

    assert [one.text.partition(":")[0] for one in said] == ["The closing survey asks from now on", "It no longer asks"]
    assert said[0].values["things"] == statements_of([("leadership", "")])
    assert said[1].values["things"] == statements_of([("study_habits", "")])
    assert reworded == ()
