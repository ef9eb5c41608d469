"""A pair writes and shares, and staff open the conversation: axe finds nothing, without scripts and by keyboard."""

import re

import pytest
from playwright.sync_api import Browser, Page

from lti_tool.demo.campus import TEACHER, Places
from tests.browser.audit import faults
from tests.browser.chromium import context
from tests.browser.person import Person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]  # one Chromium, one set of programs

SCRIPT = "<script>alert(1)</script>"


def visit(window: Page) -> str:
    """The address under which all pages of this visit are."""
    return re.sub(r"(/l/[^/]+)/.*", r"\1", window.url)


def test_a_conversation_works_without_scripts_on_a_narrow_screen_and_shows_who_of_the_staff_read_it(
    opened: Browser, paired: Places
) -> None:
    with context(opened, has_scripts=False) as browser:
        dana = Person.signed_in(browser, paired, "dana-dewdrop", has_scripts=False).open_window()
        dana.set_viewport_size({"width": 320, "height": 800})
        dana.get_by_role("link", name="Open our page").first.click()
        dana.get_by_role("navigation", name="This pair").get_by_role("link", name="Conversation").click()
        dana.get_by_label("Write a message").fill(f"Hello! {SCRIPT} See https://library.example.edu/writing")
        dana.get_by_role("button", name="Send").click()
        dana.get_by_text(SCRIPT).wait_for()
        conversation = dana.url

    with context(opened) as browser:
        teacher = Person.signed_in(browser, paired, TEACHER).open_window()
        teacher.goto(visit(teacher) + "/staff/messages/?q=Dewdrop")
        assert faults(teacher) == []
        teacher.get_by_role("link", name="Give a reason").first.click()
        teacher.get_by_label("Your reason").fill("Nobody has heard from them for three weeks.")
        assert faults(teacher) == []
        teacher.get_by_role("button", name="Open the conversation").click()
        teacher.get_by_text(SCRIPT).wait_for()
        assert faults(teacher) == []

    with context(opened) as browser:
        dana = Person.signed_in(browser, paired, "dana-dewdrop").open_window()
        dana.goto(visit(dana) + re.sub(r".*/l/[^/]+", "", conversation).split("#")[0])
        dana.get_by_text("Nobody has heard from them").wait_for()
        assert faults(dana) == []


def test_a_guide_becomes_a_message_and_a_file_lies_on_the_shelf_by_keyboard_alone(
    opened: Browser, paired: Places
) -> None:
    with context(opened) as browser:
        dana = Person.signed_in(browser, paired, "dana-dewdrop").open_window()
        dana.get_by_role("link", name="Open our page").first.press("Enter")
        dana.get_by_role("navigation", name="This pair").get_by_role("link", name="Guides").press("Enter")
        assert faults(dana) == []
        dana.get_by_role("link", name="First meeting").press("Enter")
        dana.get_by_role("link", name="Put this into a message").wait_for()
        assert faults(dana) == []
        dana.get_by_role("link", name="Put this into a message").press("Enter")
        dana.get_by_label("Write a message").press("End")
        dana.keyboard.type(" Shall we?")
        dana.keyboard.press("Tab")
        dana.keyboard.press("Enter")
        dana.get_by_text("Shall we?").first.wait_for()

        dana.get_by_role("navigation", name="This pair").get_by_role("link", name="Shelf").press("Enter")
        dana.get_by_role("link", name="Share a file").press("Enter")
        dana.get_by_label("The file").set_input_files(
            {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00 not a plan"}
        )
        dana.get_by_role("button", name="Share the file").press("Enter")
        dana.get_by_text("What is in this file is not what its name says").first.wait_for()
        assert faults(dana) == []
        dana.get_by_label("The file").set_input_files(
            {"name": "plan.txt", "mimeType": "text/html", "buffer": b"Week 1: reading"}
        )
        dana.get_by_role("button", name="Share the file").press("Enter")
        with dana.expect_download() as download:
            dana.get_by_role("link", name="plan.txt").first.press("Enter")
        assert download.value.path().read_bytes() == b"Week 1: reading"
        assert faults(dana) == []
