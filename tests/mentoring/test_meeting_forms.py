"""Promises about what people write of a meeting: where it is, when it is, how long it was."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.mentoring.meeting_form import read_proposal, read_report
from lti_tool.mentoring.meeting_links import Provider, read_where, video_link
from lti_tool.mentoring.meeting_notes import Revision, add_revision, difference
from lti_tool.mentoring.rules import ChangedMeanwhile
from lti_tool.mentoring.words import Sentence

NOW = datetime(2026, 9, 14, 12, 0, tzinfo=UTC)
GOOD = {"day": ["2026-09-15"], "hour": ["16:30"], "minutes": ["30"], "where": ["Library"], "words": [""]}


def proposal(zone: str = "Europe/Berlin", **changes: str):
    form = GOOD | {name: [value] for name, value in changes.items()}
    return read_proposal(form, zone=zone, least_minutes=15, now=NOW)


@pytest.mark.parametrize(
    ("address", "provider"),
    [
        ("https://college.zoom.us/j/123?pwd=x", Provider.ZOOM),
        ("https://teams.microsoft.com/l/meetup-join/19", Provider.TEAMS),
        ("https://teams.live.com/meet/94", Provider.TEAMS),
        ("https://meet.google.com/abc-defg-hij", Provider.MEET),
        ("https://college.webex.com/meet/bob", Provider.WEBEX),
        ("https://bbb.college.example/b/bob-1", Provider.BIG_BLUE_BUTTON),
        ("https://meet.jit.si/BobAndDana", Provider.JITSI),
        ("https://video.college.example:8443/room", Provider.OTHER),
        ("https://zoom.us.evil.example/j/1", Provider.OTHER),
        ("https://notzoom.us/j/1", Provider.OTHER),
        ("HTTPS://ZOOM.US/j/1", Provider.ZOOM),
    ],
)
def test_a_video_link_is_known_by_the_end_of_its_host(address, provider):
    link = video_link(str(read_where(address)))

    assert link
    assert link.provider is provider


@pytest.mark.parametrize(
    "address",
    [
        "http://zoom.us/j/1",
        "zoom.us/j/1",
        "https://zoom.us@evil.example/",
        "https://bob:secret@zoom.us/",
        "https://zoom.us\\@evil.example/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://localhost/",
        "https://zoom.us:notaport/",
        "https:///path",
        "javascript://zoom.us/%0aalert(1)",
        "https://zoom.us/\u202egnp",
        "https://zoom.us/" + "x" * 500,
    ],
)
def test_an_address_that_hides_where_it_leads_is_refused(address):
    assert isinstance(read_where(address), Sentence)
    assert video_link(address) is None or len(address) > 500 or "\u202e" in address


def test_a_place_in_words_stays_as_it_is_written():
    assert read_where("  Library,  second floor ") == "Library, second floor"
    assert video_link("Library, second floor") is None


def test_a_time_is_meant_in_the_zone_of_whoever_writes_it():
    asked, problems = proposal(zone="America/New_York")

    assert problems == {}
    assert asked
    assert asked.plan.starts_at == datetime(2026, 9, 15, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"day": "2026-09-13"}, {"hour"}),
        ({"day": "next Monday"}, {"day"}),
        ({"day": "2028-09-15"}, {"day"}),
        ({"hour": "24:00"}, {"hour"}),
        ({"hour": "half past four"}, {"hour"}),
        ({"day": "2027-03-28", "hour": "02:30"}, {"hour"}),
        ({"day": "2026-10-25", "hour": "02:30"}, {"which"}),
        ({"minutes": "10"}, {"minutes"}),
        ({"minutes": "9999"}, {"minutes"}),
        ({"minutes": "-30"}, {"minutes"}),
        ({"where": "http://zoom.us/j/1"}, {"where"}),
        ({"words": "x" * 10_000}, {"words"}),
        ({"words": "a\x00b", "minutes": ""}, {"words", "minutes"}),
    ],
)
def test_each_wrong_field_is_named(changes, wrong):
    asked, problems = proposal(**changes)

    assert asked is None
    assert set(problems) == wrong


def test_the_second_of_two_equal_hours_can_be_chosen():
    first, _none = proposal(day="2026-10-25", hour="02:30", which="first")
    second, _none = proposal(day="2026-10-25", hour="02:30", which="second")

    assert first
    assert second
    assert second.plan.starts_at - first.plan.starts_at == timedelta(hours=1)


def test_a_meeting_outside_takes_two_fields_and_no_day_to_come():
    today = date(2026, 9, 14)

    said, none_wrong = read_report({"day": ["2026-09-14"], "minutes": ["20"]}, members=(1, 2), by=1, today=today)
    _nothing, wrong = read_report({"day": ["2026-09-15"], "minutes": ["20"]}, members=(1, 2), by=1, today=today)

    assert none_wrong == {}
    assert said
    assert (said.held_on, said.minutes, said.present) == (today, 20, {1, 2})
    assert set(wrong) == {"day"}


def test_of_three_those_count_who_are_named_and_whoever_writes():
    said, _problems = read_report({"minutes": ["30"], "present": ["2"]}, members=(1, 2, 3), by=1)
    _nothing, wrong = read_report({"minutes": ["30"]}, members=(1, 2, 3), by=1)

    assert said
    assert said.present == {1, 2}
    assert set(wrong) == {"present"}


@given(st.dictionaries(st.sampled_from([*GOOD, "which"]), st.lists(st.text(max_size=30), max_size=2)))
def test_whatever_is_sent_is_read_or_explained(form):
    asked, problems = read_proposal(form, zone="Europe/Berlin", least_minutes=15, now=NOW)

    assert (asked is None) == bool(problems)


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_difference_holds_both_texts(before, after):
    pieces = difference(before, after)

    assert "".join(one.text for one in pieces if one.kind != "added") == before
    assert "".join(one.text for one in pieces if one.kind != "removed") == after


@given(st.lists(st.tuples(st.integers(1, 2), st.integers(0, 6), st.text(min_size=1, max_size=5)), max_size=12))
def test_no_order_of_saving_loses_what_anybody_saved(saves):
    revisions: tuple[Revision, ...] = ()
    taken = []
    for by, seen, text in saves:
        try:
            revisions = add_revision(revisions, seen, Revision(number=0, text=text, by=by, at=NOW))
        except ChangedMeanwhile:
            assert seen != len(revisions)
            continue
        taken.append(text)

    assert [one.number for one in revisions] == list(range(1, len(revisions) + 1))
    assert set(taken) == {one.text for one in revisions}
