"""A person with a browser, as far as HTTP goes: follows links, fills in forms, keeps cookies. Runs no JavaScript."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import Cookie
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.cookies import RequestsCookieJar

TIMEOUT_SECONDS = 30


class StoryBroken(Exception):
    """Something did not go as it should; the text says what was seen."""


@dataclass(slots=True)
class Control:
    """One field of a form with what may be chosen in it."""

    name: str
    kind: str  # checkbox, radio, select, or the input's type
    value: str
    is_set: bool
    choices: list[str] = field(default_factory=list)  # of a select


@dataclass(slots=True)
class Form:
    """One form of a page."""

    action: str
    method: str
    controls: list[Control] = field(default_factory=list)

    def filled(self) -> list[tuple[str, str]]:
        """What a browser sends when nobody touches the form."""
        return [(one.name, one.value) for one in self.controls if one.is_set]

    def named(self, kind: str) -> dict[str, list[str]]:
        """The values that can be ticked or chosen, by name, for one kind of control."""
        found: dict[str, list[str]] = {}
        for one in self.controls:
            if one.kind == kind:
                found.setdefault(one.name, []).extend(one.choices or [one.value])
        return found


class _Reader(HTMLParser):
    """Reads a page's forms, its heading and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.frames: list[str] = []
        self.words: list[str] = []
        self.heading = ""
        self._tag = ""
        self._area: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of what a form or a link is made of."""
        have = {name: value or "" for name, value in attrs}
        self._tag = tag
        if tag == "form":
            self.forms.append(Form(have.get("action", ""), have.get("method", "get").lower()))
        elif tag == "iframe" and "src" in have:
            self.frames.append(have["src"])
        elif tag == "a" and "href" in have:
            self.links.append((have["href"], ""))
        elif self.forms and tag in {"input", "textarea", "select"} and have.get("name"):
            self.forms[-1].controls.append(self._control(tag, have))
        elif tag == "option" and self._area is not None:
            self._area.choices.append(have.get("value", ""))
            if "selected" in have or not self._area.is_set:
                self._area.value, self._area.is_set = have.get("value", ""), True

    def _control(self, tag: str, have: Mapping[str, str]) -> Control:
        kind = have.get("type", "text") if tag == "input" else tag
        can_be_off = kind in {"checkbox", "radio"}
        value = have.get("value", "on" if can_be_off else "")
        control = Control(have["name"], kind, value, tag != "select" and (not can_be_off or "checked" in have))
        self._area = control if tag in {"textarea", "select"} else None
        return control

    def handle_data(self, data: str) -> None:
        """Take note of the text."""
        if self._tag == "textarea" and self._area is not None:
            self._area.value += data.removeprefix("\n") if not self._area.value else data
        elif self._tag == "h1":
            self.heading += data
        if self._tag == "a" and self.links:
            self.links[-1] = (self.links[-1][0], self.links[-1][1] + data.strip())
        if self._tag not in {"script", "style", "title", "option"}:
            self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        """Leave the element."""
        if tag in {"textarea", "select"}:
            self._area = None
        if tag in {"h1", "a", "textarea"}:
            self._tag = ""


class Page:
    """One page as a person sees it."""

    def __init__(self, answer: requests.Response) -> None:
        reader = _Reader()
        reader.feed(answer.text)
        self.url, self.status = answer.url, answer.status_code
        self.forms, self.links, self.heading = reader.forms, reader.links, reader.heading.strip()
        self.frames = [urljoin(answer.url, address) for address in reader.frames]
        self.text = " ".join(" ".join(reader.words).split())

    def form(self, action_ends: str) -> Form:
        """The form whose address ends so.

        Raises: StoryBroken
        """
        for one in self.forms:
            if urlsplit(one.action).path.endswith(action_ends):
                return one
        raise StoryBroken(f"no form …{action_ends} on “{self.heading}” ({self.url}, HTTP {self.status})")

    def link(self, address_has: str) -> str | None:
        """The first link whose address has these letters."""
        return next((urljoin(self.url, href) for href, _text in self.links if address_has in href), None)


class LocalCookies(RequestsCookieJar):
    """Sends Secure cookies to localhost over http too, as browsers do."""

    def set_cookie(self, cookie: Cookie, *arguments: Any, **options: Any) -> None:
        """Keep the cookie as one for every scheme."""
        cookie.secure = False
        super().set_cookie(cookie, *arguments, **options)


class Surfer:
    """One browser."""

    def __init__(self) -> None:
        self._session = requests.Session()
        self._session.cookies = LocalCookies()

    def open(self, url: str) -> Page:
        """Go to an address."""
        return self._seen(self._session.get(url, timeout=TIMEOUT_SECONDS))

    def send(self, page: Page, form: Form, fields: list[tuple[str, str]]) -> Page:
        """Send a form with these fields."""
        url = urljoin(page.url, form.action) if form.action else page.url
        if form.method == "post":
            return self._seen(self._session.post(url, data=fields, timeout=TIMEOUT_SECONDS))
        return self._seen(self._session.get(url, params=fields, timeout=TIMEOUT_SECONDS))

    def submit(self, page: Page, action_ends: str, **values: str) -> Page:
        """Send the form whose address ends so, with some fields filled in."""
        form = page.form(action_ends)
        left = [(name, value) for name, value in form.filled() if name not in values]
        return self.send(page, form, left + list(values.items()))

    def answer(self, page: Page, action_ends: str, fill: Callable[[Form], list[tuple[str, str]]]) -> Page:
        """Send the form whose address ends so, filled in by `fill`; what is hidden goes along."""
        form = page.form(action_ends)
        hidden = [(one.name, one.value) for one in form.controls if one.kind == "hidden"]
        return self.send(page, form, hidden + fill(form))

    def json(self, url: str) -> list[dict[str, object]]:
        """What a script reads at an address."""
        answer = self._session.get(url, timeout=TIMEOUT_SECONDS)
        if not answer.ok:
            raise StoryBroken(f"HTTP {answer.status_code} at {url}")
        found: list[dict[str, object]] = answer.json()
        return found

    def _seen(self, answer: requests.Response) -> Page:
        page = Page(answer)
        if answer.status_code >= 400:
            raise StoryBroken(
                f"HTTP {answer.status_code}: “{page.heading}” at {urlsplit(answer.url).path}: {page.text}"
            )
        return page
