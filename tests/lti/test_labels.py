"""The tool's name in other languages: every text is there, fits, and reaches an LMS under its language."""

import unicodedata

import pytest

from lti_tool.lti.labels import DESCRIPTIONS, LABELS, NAMES, Label

LANGUAGES = {"ar", "de", "es", "fr", "he", "it", "ja", "nl", "pt", "zh"}


def test_the_languages_that_are_promised_are_there() -> None:
    assert set(LABELS) == LANGUAGES


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_text_fits_into_an_lmss_menu_and_is_normalised(language: str) -> None:
    label: Label = LABELS[language]

    assert 2 <= len(label.name) <= 40
    assert 20 <= len(label.description) <= 255
    for text in (label.name, label.description):
        assert unicodedata.is_normalized("NFC", text)
        assert text == text.strip()
        assert not any(unicodedata.category(one) in {"Cc", "Cf"} for one in text)


@pytest.mark.parametrize("language", ["ar", "he"])
def test_languages_from_right_to_left_are_written_in_their_own_letters(language: str) -> None:
    letters = [one for one in NAMES[language] + DESCRIPTIONS[language] if one.isalpha()]

    assert {unicodedata.bidirectional(one) for one in letters} <= {"R", "AL"}
