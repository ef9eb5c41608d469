"""What stands around every page of a visit: course, visitor, tabs, language."""

from dataclasses import dataclass

from flask import g, request, url_for
from flask_babel import get_locale

from lti_tool.web.text import ROLES, direction, person_name


@dataclass(frozen=True, slots=True)
class Tab:
    """A page that can be reached from every other."""

    endpoint: str
    label: str

    @property
    def url(self) -> str:
        """Its address."""
        return url_for(self.endpoint)

    @property
    def is_current(self) -> bool:
        """Whether the reader is on it."""
        return request.endpoint == self.endpoint


def frame(*tabs: Tab) -> dict[str, object]:
    """The context of `base.html` inside a visit; outside of one, only language and direction."""
    words: dict[str, object] = {
        "locale_code": str(get_locale() or "en").replace("_", "-"),
        "text_direction": direction(),
    }
    here = g.get("visitor")
    if here is None:
        return words
    who = f"{person_name(here.person)} · {ROLES[here.role]}"
    return words | {
        "nav": tabs,
        "course_title": here.course.title,
        "who": who,
        "programme": here.programme,
        "home_url": url_for("visit.enter"),
    }
