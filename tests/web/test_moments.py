"""Moments as people write them: in the order of their language, on the clock of their zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask_babel import force_locale

from lti_tool.web.clocks import clock, moment

SEEN = datetime(2026, 12, 7, 17, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "written", "with_weekday"),
    [
        ("en", "Dec 7, 2026, 18:05", "Mon, Dec 7, 2026, 18:05"),
        ("en_GB", "7 Dec 2026, 18:05", "Mon, 7 Dec 2026, 18:05"),
        ("de", "7. Dez. 2026, 18:05", "Mo., 7. Dez. 2026, 18:05"),
        ("fi", "7.12.2026 18.05", "ma 7.12.2026 18.05"),
        ("ja", "2026年12月7日 18:05", "2026年12月7日(月) 18:05"),
        ("he", "7 בדצמ׳ 2026, 18:05", "יום ב׳, 7 בדצמ׳ 2026, 18:05"),
    ],
)
def test_a_moment_is_written_as_the_readers_language_does(
    app: Flask, locale: str, written: str, with_weekday: str
) -> None:
    with app.test_request_context(), force_locale(locale):
        assert moment(SEEN, ZoneInfo("Europe/Berlin")) == written
        assert clock(SEEN, "Europe/Berlin") == with_weekday
