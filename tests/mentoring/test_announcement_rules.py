"""Promises of announcements and guides: whom they are for, what a channel shows, and which guide fits the week."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.mentoring.announcements import (
    Audience,
    Channel,
    audiences_of,
    channel_message,
    parse_announcement,
    why_not_post_to,
)
from lti_tool.mentoring.guides import fitting_now, to_ask_about
from lti_tool.mentoring.questions import default_questionnaire
from lti_tool.mentoring.words import Sentence

HOSTS = ("hooks.slack.com", "*.webhook.office.com")
FORM = {"subject": "Next week", "text": "We meet on Monday.", "audience": "everybody"}


def test_an_announcement_is_taken_as_it_is_written() -> None:
    made, problems = parse_announcement(FORM | {"subject": " Next\nweek ", "channel": "yes"})

    assert problems == {}
    assert made is not None
    assert (made.subject, made.audience, made.goes_to_channel) == ("Next week", Audience.EVERYBODY, True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"subject": "x" * 121}, "subject"),
        ({"text": " \n"}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"audience": "nobody"}, "audience"),
        ({"audience": "mentors", "channel": "yes"}, "channel"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(changes: dict[str, str], field: str) -> None:
    made, problems = parse_announcement(FORM | changes)

    assert made is None
    assert set(problems) == {field}


def test_each_side_reads_its_own_and_whoever_may_be_both_reads_all() -> None:
    assert audiences_of([]) == frozenset()
    assert audiences_of(["mentor"]) == {Audience.EVERYBODY, Audience.MENTORS}
    assert audiences_of(["mentee"]) == {Audience.EVERYBODY, Audience.MENTEES}
    assert audiences_of(["both"]) == audiences_of(["mentor", "mentee"]) == frozenset(Audience)


@pytest.mark.parametrize(
    "address", ["https://hooks.slack.com/services/T0/B0/x", "https://north.webhook.office.com/webhookb2/1"]
)
def test_an_address_at_a_named_host_is_taken(address: str) -> None:
    assert why_not_post_to(address, HOSTS) is None


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.slack.com/services/T0",
        "https://hooks.slack.com.evil.example/services",
        "https://evil.example/?hooks.slack.com",
        "https://hooks.slack.com@evil.example/",
        "https://webhook.office.com.evil.example/",
        "https://evilwebhook.office.com/",
        "https://127.0.0.1/",
        "https://hooks.slack.com/" + "x" * 2000,
        "https://hooks.slack.com/a\nb",
        "https://[::1",
        "",
    ],
)
def test_an_address_anywhere_else_is_refused(address: str) -> None:
    assert why_not_post_to(address, HOSTS) is not None


def test_where_no_host_is_named_nothing_can_be_posted() -> None:
    assert why_not_post_to("https://hooks.slack.com/services/T0", ()) is not None


def test_a_slack_channel_calls_nobody_and_hides_no_address() -> None:
    said = channel_message(
        Channel.SLACK, subject="<!channel>", text="<https://evil.example|click> & more", course="Bio *101*"
    )

    assert said["text"].startswith("*&lt;!channel&gt;*")
    assert "&lt;https://evil.example|click&gt; &amp; more" in said["text"]


@given(st.text(), st.text(), st.text(), st.sampled_from(Channel))
def test_any_words_become_a_message(subject: str, text: str, course: str, channel: Channel) -> None:
    said = channel_message(channel, subject=subject, text=text, course=course)

    assert json.loads(json.dumps(said)) == said
    assert channel is Channel.TEAMS or "<" not in said["text"]


def test_every_reason_of_the_default_questions_has_its_own_question_to_begin_with() -> None:
    reasons = {one.reason for one in default_questionnaire().questions if one.reason}

    asked = to_ask_about([Sentence(one, {"things": ("Music",), "hours": 3}) for one in sorted(reasons)])

    assert len({question.text for _reason, question in asked}) == len(reasons)
    assert "What does each of you think of, reading this?" not in {question.text for _reason, question in asked}


BEGAN, ENDS = date(2026, 9, 14), date(2026, 12, 7)


@pytest.mark.parametrize(
    ("days", "key"),
    [(0, "first-meeting"), (13, "first-meeting"), (14, None), (42, "mid-term"), (60, None), (71, "good-ending")],
)
def test_the_first_weeks_the_middle_and_the_last_weeks_have_a_guide(days: int, key: str | None) -> None:
    assert fitting_now(BEGAN, ENDS, BEGAN + timedelta(days=days)) == key


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.none() | st.dates(date(2000, 1, 1)), st.dates(date(2000, 1, 1)))
def test_any_days_have_one_guide_or_none(began: date, ends: date | None, today: date) -> None:
    assert fitting_now(began, ends, today) in {"first-meeting", "mid-term", "good-ending", None}
