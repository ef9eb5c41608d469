"""A number that no database can hold is answered by a page, on both databases."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.conftest import Clock
from tests.pages import PageClient
from tests.web.course import Course, course

Browsers = Callable[[], PageClient]
NUMBERS = (2**31, 2**63, 10**30)


@pytest.fixture
def here(app: Flask, clock: Clock, pages: Browsers) -> Course:
    return course(pages, clock.now.replace(year=2027))


@pytest.mark.parametrize("number", NUMBERS)
def test_an_address_with_too_large_a_number_is_a_page(here: Course, number: int) -> None:
    answers = {here.alice.pages.raw().get(f"{here.alice.path}participation/{number}").status_code}
    answers |= {here.dana.pages.raw().get(f"{here.dana.path}pairs/{number}/").status_code}

    assert answers <= {400, 404}
    assert here.alice.open("participation/").h1


@pytest.mark.parametrize("number", NUMBERS)
def test_a_form_with_too_large_a_number_is_a_page_and_changes_nothing(here: Course, number: int) -> None:
    form = here.alice.open("what-earns-points/")
    token = form.select_one("input[name=csrf_token]")["value"]
    sent = {"csrf_token": token, "version": str(number), "join.mentor": "5", "join.mentee": "5"}

    answer = here.alice.pages.raw().post(f"{here.alice.path}what-earns-points/", data=sent)

    assert answer.status_code in {200, 400}
    assert "Nothing" in answer.get_data(as_text=True)  # is saved yet, or that was saved is lost
    assert here.alice.open("what-earns-points/").h1
