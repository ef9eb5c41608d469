"""Every page of a pair, and every page that staff have of pairs: axe finds nothing, none is heavy, none is too wide."""

from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from lti_tool.demo.campus import TEACHER, Places
from tests.browser.audit import faults
from tests.browser.chromium import context
from tests.browser.person import Person
from tests.browser.test_pair_plan import two_windows

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs


def walked(window: Page, navigation: str) -> list[str]:
    """Open every page of a navigation, each of which has the same navigation; what is wrong with them."""

    def links() -> list[str]:
        window.wait_for_load_state()
        return window.get_by_role("navigation", name=navigation).get_by_role("link").all_inner_texts()

    found: list[str] = []
    names = links()
    assert len(names) > 1
    for name in names:
        window.get_by_role("navigation", name=navigation).get_by_role("link", name=name, exact=True).click()
        found += faults(window)
        found += [] if name in links() else [f"{name} leads out of its navigation"]
    return found


def test_every_page_of_a_pair_is_fit_for_everybody(opened: Browser, paired: Places) -> None:
    with ExitStack() as stack:
        dana, _other = two_windows(stack, opened, paired, has_scripts=True)

        assert walked(dana, "This pair") == []


def test_every_page_that_staff_have_of_pairs_is_fit_for_everybody(opened: Browser, paired: Places) -> None:
    with context(opened) as browser:
        alice = Person.signed_in(browser, paired, TEACHER).open_window()
        main = alice.get_by_role("navigation", name="Main")

        main.get_by_role("link", name="Pairs").click()
        pairs = walked(alice, "What pairs say")
        main.get_by_role("link", name="Messages").click()
        messages = walked(alice, "Messages")

        assert (pairs, messages) == ([], [])
