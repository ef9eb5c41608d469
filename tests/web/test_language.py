"""The language of a page: the LMS's for this person where there are texts in it, with its direction."""

from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from bs4 import BeautifulSoup
from flask import Flask

from lti_tool.lti.claim_parts import LTI
from tests.attacks.forging import said
from tests.outside import BOB, Lms
from tests.pages import PageClient

Browsers = Callable[[], PageClient]


@pytest.fixture
def hebrew(app: Flask, tmp_path: Path) -> None:
    """A catalogue of one sentence, from right to left."""
    folder = tmp_path / "translations" / "he" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = Catalog(locale="he")
    catalogue.add("Peer Mentoring", "חונכות עמיתים")
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    app.extensions["babel"].translation_directories.append(str(tmp_path / "translations"))


def page_in(lms: Lms, browser: PageClient, locale: str) -> BeautifulSoup:
    """The first page of somebody whose LMS speaks this language."""
    claims = {"locale": locale, f"{LTI}launch_presentation": {"locale": locale, "document_target": "iframe"}}
    return browser.get(said(lms, browser, BOB, claims).location, follow_redirects=True)


@pytest.mark.parametrize("locale", ["fr-CA", "he", "xx-YY", "?", "zh-Hant-TW"])
def test_without_texts_in_a_language_the_page_is_english_and_says_so(lms: Lms, pages: Browsers, locale: str) -> None:
    browser = pages()

    page = page_in(lms, browser, locale)

    assert page.html
    assert (page.html["lang"], page.html["dir"]) == ("en", "ltr")
    assert browser.last
    assert browser.last.headers["Content-Language"] == "en"


@pytest.mark.usefixtures("hebrew")
@pytest.mark.parametrize("locale", ["he", "he-IL"])
def test_a_language_from_right_to_left_turns_the_page_round(lms: Lms, pages: Browsers, locale: str) -> None:
    page = page_in(lms, pages(), locale)

    assert page.html
    assert (page.html["lang"], page.html["dir"]) == ("he", "rtl")
    assert "חונכות עמיתים" in page.get_text()
    assert "Skip to the content" in page.get_text()  # what is not translated yet stays English
