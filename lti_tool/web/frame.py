"""What stands around every page of a visit: course, visitor, tabs, language."""

from dataclasses import dataclass

from flask import g, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from lti_tool.store.db import db
from lti_tool.store.platforms import Registration
from lti_tool.web.framing import way_back
from lti_tool.web.text import ROLES, direction, person_name


@dataclass(frozen=True, slots=True)
class Tab:
    """A page that can be reached from every other."""

    endpoint: str
    label: str
    parts: tuple[str, ...] = ()  # blueprints whose pages belong to it as well

    @property
    def url(self) -> str:
        """Its address."""
        return url_for(self.endpoint)

    @property
    def is_current(self) -> bool:
        """Whether the reader is on it."""
        return request.endpoint == self.endpoint or request.blueprint in self.parts


def back_url() -> str | None:
    """The way back into the course, as far as it is the LMS's own."""
    here = g.visitor
    registration = db.session.get_one(Registration, here.course.registration_id)
    return way_back(here.return_url, registration, here.course)


def frame(*tabs: Tab) -> dict[str, object]:
    """The context of `base.html` inside a visit; outside of one, only language and direction."""
    words: dict[str, object] = {
        "locale_code": str(get_locale() or "en").replace("_", "-"),
        "text_direction": direction(),
    }
    here = g.get("visitor")
    if here is None:
        return words
    role = _("Runs this programme") if here.is_added else ROLES[here.role]
    who = f"{person_name(here.person)} · {role}"
    return words | {
        "nav": tabs,
        "course_title": here.course.title,
        "who": who,
        "programme": here.programme,
        "home_url": url_for("visit.enter"),
        "back_url": back_url(),
    }
