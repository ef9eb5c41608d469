"""Work alone: what a form may say, and when somebody is told of it."""

from datetime import timedelta

import pytest

from lti_tool.mentoring.solo_work import TEXT_LENGTH, Solo, SoloKind, is_offered, parse_solo
from tests.conftest import NOON

TWO_DAYS = timedelta(days=2)
AN_HOUR = timedelta(hours=1)


def test_work_alone_is_a_kind_and_words() -> None:
    work, problems = parse_solo({"what": "questions", "words": " How do you plan?\r\nWhom do you ask? "})

    assert work == Solo(kind=SoloKind.QUESTIONS, words="How do you plan?\nWhom do you ask?")
    assert problems == {}


@pytest.mark.parametrize(
    ("form", "wrong"),
    [
        ({}, {"what", "words"}),
        ({"what": "sleep", "words": "Zzz"}, {"what"}),
        ({"what": "agenda", "words": " \n\u200b"}, {"words"}),
        ({"what": "agenda", "words": "x" * (TEXT_LENGTH + 1)}, {"words"}),
        ({"what": "agenda", "words": "a\u202eb"}, {"words"}),
    ],
)
def test_what_is_wrong_is_said_field_by_field(form: dict[str, str], wrong: set[str]) -> None:
    work, problems = parse_solo(form)

    assert work is None
    assert set(problems) == wrong


def test_it_is_offered_after_two_attempts_that_lie_two_days_apart() -> None:
    assert not is_offered([NOON], [], None)
    assert not is_offered([NOON, NOON + TWO_DAYS - AN_HOUR], [], None)
    assert is_offered([NOON, NOON + TWO_DAYS], [], None)


def test_it_is_not_offered_again_until_there_are_two_more_attempts() -> None:
    tried, done = [NOON, NOON + TWO_DAYS], [NOON + TWO_DAYS + AN_HOUR]

    assert not is_offered(tried, done, None)
    assert not is_offered([*tried, NOON + 2 * TWO_DAYS], done, None)
    assert is_offered([*tried, NOON + 2 * TWO_DAYS, NOON + 3 * TWO_DAYS], done, None)


def test_what_a_partner_has_answered_was_not_in_vain() -> None:
    tried = [NOON, NOON + TWO_DAYS]

    assert not is_offered(tried, [], NOON + AN_HOUR)
    assert is_offered(tried, [], NOON - AN_HOUR)
