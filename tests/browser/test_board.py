"""The board in Chromium: axe on every page, 320 px, and a change by hand with the keyboard and without JavaScript."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from lti_tool.store.db import transaction
from lti_tool.store.matching import last_proposal, scenarios_of
from lti_tool.store.programme import Programme
from tests import make
from tests.actions.world import setting_of
from tests.browser.audit import faults
from tests.browser.chromium import context
from tests.browser.person import Person
from tests.browser.served import Served, served
from tests.databases import Databases
from tests.outside import ALICE, look_again

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs

MENTORS = ("Ben Bold", "Bea <b>Bright</b>")
MENTEES = ("Dora Dim", "Dirk Donkersloot-van-den-Broeckestraat", "Dede Dune")
LONELY = "Zoe Zenith"


@pytest.fixture
def here(chromium_path: str, databases: Databases, tmp_path: Path) -> Iterator[Served]:
    """The tool and an LMS; Chromium looks at them."""
    assert chromium_path
    with served(databases, tmp_path) as made:
        yield made


def drafted(here: Served, window: Page) -> make.Setting:
    """Alice has asked for pairs, and the worker has found them."""
    here.lms.work()
    at = setting_of(here.lms)
    with transaction() as session:
        session.get_one(Programme, at.programme_id).phase = "sign_up"
    for name in MENTORS:
        make.enrolment(at, make.person(at, name), role="mentor")
    for name in MENTEES:
        make.enrolment(at, make.person(at, name), role="mentee")
    lonely = {**make.fitting_answers("mentee"), "availability": ["sun-08"]}
    make.enrolment(at, make.person(at, LONELY), role="mentee", answers=lonely)
    window.get_by_role("navigation", name="Main").get_by_role("link", name="Matching").click()
    window.get_by_role("button", name="Propose pairs").click()
    window.get_by_role("heading", level=1, name="The best pairs are being found").wait_for()
    here.lms.work()
    window.goto(window.url)
    window.get_by_role("button", name="Publish").wait_for()
    return at


def test_axe_finds_nothing_on_the_pages_of_the_board(here: Served, opened: Browser) -> None:
    with context(opened) as browser:
        window = Person.signed_in(browser, here.places, ALICE).open_window()
        drafted(here, window)
        board = window.url
        found = faults(window)
        for path in ("scenarios/", "scenarios/difference", "without", "fairness", "decisions"):
            window.goto(board + path)
            window.get_by_role("heading", level=1).wait_for()
            found += faults(window)
        window.goto(board)
        window.get_by_role("link", name="Change").first.click()
        found += faults(window)
        pair = window.url
        window.get_by_role("link", name="Choose another mentor").click()
        found += faults(window)
        window.get_by_role("link", name="What would it mean?").first.click()
        found += faults(window)
        window.goto(pair)
        window.get_by_role("link", name="Why not somebody else?").click()
        found += faults(window)
        window.get_by_role("link", name="Why not?").first.click()
        found += faults(window)

    assert found == []


def test_a_pair_is_locked_with_the_keyboard_alone(here: Served, opened: Browser) -> None:
    with context(opened) as browser:
        window = Person.signed_in(browser, here.places, ALICE).open_window()
        at = drafted(here, window)
        for name in ("Change", "Lock"):
            window.get_by_role("link", name=name).first.focus()
            window.keyboard.press("Enter")
            window.wait_for_load_state()
        window.get_by_role("textbox", name="Why, for the record").focus()
        window.keyboard.type("They asked for it")
        window.keyboard.press("Tab")
        window.keyboard.press("Enter")
        window.get_by_text("Locked").first.wait_for()
        look_again()
        proposal = last_proposal(at.programme_id)
        assert proposal

        assert [one.kind for one in scenarios_of(proposal.id)] == ["computed", "computed", "edited"]


def test_somebody_is_put_together_by_hand_without_javascript(here: Served, opened: Browser) -> None:
    with context(opened, has_scripts=False) as browser:
        window = Person.signed_in(browser, here.places, ALICE, has_scripts=False).open_window()
        here.lms.work()
        drafted(here, window)
        window.get_by_role("link", name="what would help").click()
        window.get_by_role("link", name=f"Choose a mentor {LONELY}").click()
        window.get_by_role("link", name="What would it mean?").first.click()
        window.get_by_text("too little free time in common").wait_for()
        window.get_by_role("button", name="Do it").click()

        window.get_by_text("Sets a rule aside").first.wait_for()
