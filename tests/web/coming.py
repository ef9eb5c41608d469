"""Ways into the tool other than a link of a course: an LMS with other habits, and launches from any of its pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import requests
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.test import TestResponse

from lti_tool.demo_lms.copying import copy_course
from tests.conftest import Clock
from tests.outside import BIOLOGY, TOOL, Lms, running_lms
from tests.pages import PageClient


@contextmanager
def lms_with(app: Flask, clock: Clock, **habits: Any) -> Iterator[Lms]:
    """A registered LMS with these habits beside its usual ones."""
    with running_lms(app, clock) as made:
        made.campus.dialect = replace(made.campus.dialect, **habits)
        made.register()
        yield made


def hidden(text: str) -> tuple[str, dict[str, str]]:
    """Where a page's first form goes, and what it carries."""
    form = BeautifulSoup(text, "html.parser").select("form")[0]
    return str(form["action"]), {
        str(one["name"]): str(one.get("value", "")) for one in form.select("input[type=hidden]")
    }


def message_from(lms: Lms, pages: PageClient, person: str, path: str) -> dict[str, str]:
    """The launch form that begins on this page of the LMS, with the login made in these pages' browser."""
    with lms.browser(person) as browser:
        start = browser.get(lms.url + path)
        assert start.ok, start.text
        answer = pages.raw().post("/lti/login", data=hidden(start.text)[1])
        assert answer.status_code == 302, answer.get_data(as_text=True)
        return lms.finish(browser, answer.location)


def come_from(lms: Lms, pages: PageClient, person: str, path: str) -> TestResponse:
    """The tool's answer to the launch that begins on this page of the LMS."""
    answer: TestResponse = pages.raw().post("/lti/launch", data=message_from(lms, pages, person, path))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer


def tool_id(lms: Lms) -> str:
    """The client id of the tool under test."""
    return next(iter(lms.campus.tools))


def choosing(lms: Lms) -> str:
    """Where staff begin to choose content."""
    return f"/courses/{BIOLOGY}/content/{tool_id(lms)}/launch"


def hand_back(lms: Lms, page: BeautifulSoup) -> requests.Response:
    """The LMS's answer to the form that the tool's last page carries there."""
    form = page.select("form[data-send]")[0]
    fields = {str(one["name"]): str(one["value"]) for one in form.select("input[type=hidden]")}
    return requests.post(str(form["action"]), data=fields, timeout=10)


def copied(lms: Lms, course: str = BIOLOGY) -> str:
    """The key of the course's copy for the next term."""
    return copy_course(lms.campus, lms.campus.college.courses[course]).key


__all__ = ["TOOL", "choosing", "come_from", "copied", "hand_back", "hidden", "lms_with", "message_from", "tool_id"]
