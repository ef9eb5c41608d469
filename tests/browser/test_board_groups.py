"""What-if, repair, groups of three and the reasons in Chromium, without JavaScript; axe on each page."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from lti_tool.store.db import transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import Pair, Proposal
from lti_tool.store.pairs import PairMember
from lti_tool.store.people import Member
from lti_tool.store.people import Person as Somebody
from tests import make
from tests.browser.audit import faults
from tests.browser.chromium import context
from tests.browser.person import Person
from tests.browser.served import Served, served
from tests.browser.test_board import LONELY, drafted
from tests.databases import Databases
from tests.outside import ALICE, DANA, look_again

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs


@pytest.fixture
def here(chromium_path: str, databases: Databases, tmp_path: Path) -> Iterator[Served]:
    """The tool and an LMS; Chromium looks at them."""
    assert chromium_path
    with served(databases, tmp_path) as made:
        yield made


def _looked_at(window: Page, name: str) -> list[str]:
    folder = os.environ.get("PICTURES")
    if folder:
        window.screenshot(path=f"{folder}/{name}.png", full_page=True)
    return faults(window)


def _same_page(judge: Page, window: Page, board: str) -> None:
    """Look at the page of the window in one's own visit, where axe's script runs."""
    judge.goto(board + window.url.partition("/matching/")[2])


def test_a_third_joins_and_a_late_joiner_is_placed_without_javascript(here: Served, opened: Browser) -> None:
    with context(opened, has_scripts=False) as quiet, context(opened) as loud:
        window = Person.signed_in(quiet, here.places, ALICE, has_scripts=False).open_window()
        here.lms.work()
        at = drafted(here, window)
        judge = Person.signed_in(loud, here.places, ALICE).open_window()
        judge.get_by_role("navigation", name="Main").get_by_role("link", name="Matching").click()
        board = judge.url
        judge.goto(f"{board}what-if/")
        found = _looked_at(judge, "what-if")
        judge.get_by_label("Equals: everybody is both, in pairs").check()
        judge.get_by_role("button", name="Compute it").click()
        here.lms.work()
        judge.goto(f"{board}scenarios/")
        found += _looked_at(judge, "compare")
        judge.get_by_role("link", name="The pairs Equals: everybody is both, in pairs").click()
        found += _looked_at(judge, "equals")

        window.get_by_role("link", name="what would help").click()
        window.get_by_role("link", name=f"Group of three {LONELY}").click()
        _same_page(judge, window, board)
        found += _looked_at(judge, "triad")
        window.get_by_role("link", name="What would it mean?").first.click()
        _same_page(judge, window, board)
        found += _looked_at(judge, "join")
        window.get_by_role("button", name="Do it").click()
        window.get_by_text("Group of 3").first.wait_for()
        _same_page(judge, window, board)
        found += _looked_at(judge, "group")
        window.get_by_role("button", name="Publish the pairs").click()
        window.get_by_role("heading", level=1, name="The pairs").wait_for()

        make.enrolment(at, make.person(at, "Eve Evergreen"), role="mentee")
        make.enrolment(at, make.person(at, "Mia Maple"), role="mentor")
        window.get_by_role("link", name="Or let some running pairs change for it").click()
        _same_page(judge, window, board)
        found += _looked_at(judge, "repair")
        window.get_by_label("1 pair", exact=True).check()
        window.get_by_role("button", name="Compute it").click()
        here.lms.work()
        window.goto(window.url)
        window.get_by_text("What changing running pairs gains").wait_for()
        _same_page(judge, window, board)
        found += _looked_at(judge, "repaired")

        window.get_by_role("button", name="Publish the pair").click()
        window.get_by_role("heading", level=1, name="The pairs").wait_for()

    assert found == []


def test_who_is_in_a_group_reads_their_own_reasons_and_asks_why_not_somebody_else(
    here: Served, opened: Browser
) -> None:
    with context(opened) as browser:
        window = Person.signed_in(browser, here.places, ALICE).open_window()
        at = drafted(here, window)
        dana = Person.signed_in(browser, here.places, DANA).open_window()
        look_again()
        with transaction() as session:
            person = session.scalars(
                select(Member.person_id).join(Somebody).where(Somebody.name == "Dana Dewdrop")
            ).one()
            mentor = session.scalars(select(Enrolment.id).where(Enrolment.role == "mentor")).first()
            other = session.scalars(select(Enrolment.id).where(Enrolment.role == "mentee")).first()
            assert mentor
            assert other
            asked_by = session.scalars(select(Proposal.asked_by)).first()
        pair = make.pair(at, mentor, make.enrolment(at, person, role="mentee"), by=asked_by or 0)
        with transaction() as session:
            row = session.get_one(Pair, pair)
            row.reasons = [{"text": "Interests you share: %(things)s", "values": {"things": ["Music"]}}]
            row.role_cards = [
                {"helper_id": row.mentor_id, "helped_id": row.mentee_id, "topics": ["Writing", "Exam preparation"]},
                {"helper_id": row.mentee_id, "helped_id": row.mentor_id, "topics": []},
            ]
            session.add(PairMember(pair_id=pair, enrolment_id=other, role="mentee"))
        dana.reload()
        dana.get_by_role("link", name="Open our page").first.click()
        found = _looked_at(dana, "pair")
        dana.get_by_role("link", name="Why not somebody else?").click()
        dana.get_by_role("searchbox").fill("Bob")
        dana.keyboard.press("Enter")
        dana.get_by_role("link", name="Why not?").first.click()
        dana.get_by_text("Pairs are chosen so that everybody").wait_for()
        found += _looked_at(dana, "why")

    assert found == []
