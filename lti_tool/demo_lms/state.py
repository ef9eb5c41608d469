"""Everything the platform knows while it runs: one Campus in memory, changed only while its lock is held."""

import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar, cast

from flask import current_app

from lti_tool.demo_lms.dialects import OWN
from lti_tool.demo_lms.faults import Faults
from lti_tool.demo_lms.habits import Dialect
from lti_tool.demo_lms.keys import KeyRing
from lti_tool.demo_lms.people import College, Course, Person, Role, Seat, opaque_id
from lti_tool.demo_lms.records import (
    AccessToken,
    Grade,
    Intent,
    LineItem,
    Link,
    Selection,
    ServedRequest,
    Standing,
    Tool,
)

T = TypeVar("T", Intent, Selection)


@dataclass(slots=True, kw_only=True)
class Campus:
    """The whole state of a running demo LMS."""

    url: str
    college: College
    page_size: int | None
    clock: Callable[[], datetime]
    dialect: Dialect = OWN
    lock: threading.RLock = field(default_factory=threading.RLock)
    keys: KeyRing = field(default_factory=KeyRing)
    faults: Faults = field(default_factory=Faults)
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    tools: dict[str, Tool] = field(default_factory=dict)
    tool_keys: dict[str, dict[str, object]] = field(default_factory=dict)
    tool_keys_read_at: dict[str, datetime] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    line_items: dict[int, LineItem] = field(default_factory=dict)
    grades: dict[tuple[int, str], Grade] = field(default_factory=dict)
    standings: dict[tuple[str, str], Standing] = field(default_factory=dict)
    intents: dict[str, Intent] = field(default_factory=dict)
    selections: dict[str, Selection] = field(default_factory=dict)
    seen_answers: set[tuple[str, str]] = field(default_factory=set)
    notice_handlers: dict[tuple[str, str], str] = field(default_factory=dict)
    registrations: dict[str, dict[str, Any]] = field(default_factory=dict)
    update_tokens: dict[str, str] = field(default_factory=dict)
    fill_levels: dict[str, tuple[float, float]] = field(default_factory=dict)
    access_tokens: dict[str, AccessToken] = field(default_factory=dict)
    registration_tokens: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    seen_assertions: dict[tuple[str, str], datetime] = field(default_factory=dict)
    served: deque[ServedRequest] = field(default_factory=lambda: deque(maxlen=100))
    counter: Iterator[int] = field(default_factory=lambda: count(1))
    _rosters: dict[tuple[str, str], tuple[Seat, ...]] = field(default_factory=dict)
    _seat_index: dict[tuple[str, str], Seat] = field(init=False)

    def __post_init__(self) -> None:
        self._seat_index = {(key, seat.person.sub): seat for key, seats in self.college.seats.items() for seat in seats}

    def now(self) -> datetime:
        """Answer the present instant, aware, in UTC."""
        return self.clock()

    @property
    def issuer(self) -> str:
        """Answer the name under which this platform signs; some vendors have one for all their customers."""
        return self.dialect.registration.fixed_issuer or self.url

    def course_of_context(self, context_id: str) -> Course | None:
        """Answer the course that tools know by this id."""
        return next((c for c in self.college.courses.values() if c.context_id == context_id), None)

    def seat(self, course: str, person: Person) -> Seat | None:
        """Answer the person's place in the course; an administrator has one everywhere."""
        if person == self.college.administrators[self.college.courses[course].tenant]:
            return Seat(number=0, person=person, role=Role.ADMINISTRATOR)
        return self.seat_of_sub(course, person.sub)

    def seat_of_sub(self, course: str, sub: str) -> Seat | None:
        """Answer the seat of the person with this opaque id."""
        return self._seat_index.get((course, sub))

    def standing(self, course: str, sub: str) -> Standing:
        """Answer whether a member takes part."""
        return self.standings.get((course, sub), Standing.ACTIVE)

    def set_standing(self, course: str, sub: str, standing: Standing) -> None:
        """Change whether a member takes part."""
        with self.lock:
            self.standings[course, sub] = standing
            self._rosters.clear()

    def set_role(self, course: str, sub: str, role: Role) -> None:
        """Make a member something else in the course."""
        with self.lock:
            seats = tuple(replace(s, role=role) if s.person.sub == sub else s for s in self.college.seats[course])
            self.add_course(self.college.courses[course], seats)
            self._rosters.clear()

    def roster(self, course: str, wanted: str = "", keep: Callable[[Seat], bool] = lambda _: True) -> tuple[Seat, ...]:
        """Answer who is in the course, without the test student and without people removed.

        `wanted` names the filter `keep`, so that reading a large roster page by page filters it once.
        """
        with self.lock:
            if (course, wanted) not in self._rosters:
                if len(self._rosters) > 50:
                    self._rosters.clear()
                self._rosters[course, wanted] = tuple(
                    seat
                    for seat in self.college.seats[course]
                    if seat.role is not Role.TEST_STUDENT
                    and self.standing(course, seat.person.sub) is not Standing.REMOVED
                    and keep(seat)
                )
            return self._rosters[course, wanted]

    def students(self, course: str) -> tuple[Seat, ...]:
        """Answer the students of a course in roster order."""
        return self.roster(course, "students", lambda seat: seat.role is Role.STUDENT)

    def add_link(
        self,
        *,
        course: str,
        client_id: str,
        title: str,
        url: str = "",
        custom: Mapping[str, str] | None = None,
        history: tuple[str, ...] = (),
        is_course_itself: bool = False,
    ) -> Link:
        """Place a tool in a course; a place in the course's navigation has the course's own id."""
        with self.lock:
            number = len(self.links) + 1
            link_id = str(number) if self.dialect.launch.numeric_ids else opaque_id("link", f"{course}/{number}")
            public_id = self.college.courses[course].context_id if is_course_itself else link_id
            link = Link(id=link_id, course=course, client_id=client_id, title=title, public_id=public_id)
            self.links[link_id] = replace(link, url=url, custom=custom or {}, history=history)
            return self.links[link_id]

    def link_of_tool(self, course: str, client_id: str, public_id: str | None) -> Link | None:
        """Answer the tool's link in the course by the id that tools see."""
        found = (link for link in self.course_links(course) if link.client_id == client_id)
        return next((link for link in found if link.public_id == public_id), None)

    def add_course(self, course: Course, seats: tuple[Seat, ...]) -> None:
        """Open a course with these people in it."""
        with self.lock:
            college = self.college
            self.college = replace(
                college, courses={**college.courses, course.key: course}, seats={**college.seats, course.key: seats}
            )
            self._seat_index |= {(course.key, seat.person.sub): seat for seat in seats}
            self._rosters.clear()

    def course_links(self, course: str) -> list[Link]:
        """Answer the tool links of a course, oldest first."""
        return [link for link in list(self.links.values()) if link.course == course]

    def course_items(self, course: str) -> list[LineItem]:
        """Answer the gradebook columns of a course, oldest first."""
        return [item for item in list(self.line_items.values()) if item.course == course]

    def add_item(
        self,
        *,
        course: str,
        client_id: str,
        label: str,
        score_maximum: float,
        resource_link_id: str | None,
        details: Mapping[str, object],
        is_made_by_tool: bool = True,
    ) -> LineItem:
        """Add a column to a course's gradebook."""
        item = LineItem(
            id=next(self.counter),
            course=course,
            client_id=client_id,
            label=label,
            score_maximum=score_maximum,
            resource_link_id=resource_link_id,
            details=details,
            is_made_by_tool=is_made_by_tool,
        )
        with self.lock:
            self.line_items[item.id] = item
        return item

    def change_item(
        self, item: LineItem, *, label: str, score_maximum: float, details: Mapping[str, object]
    ) -> LineItem:
        """Replace what a column says about itself."""
        changed = replace(item, label=label, score_maximum=score_maximum, details=details)
        with self.lock:
            self.line_items[item.id] = changed
        return changed

    def drop_item(self, item_id: int) -> None:
        """Delete a column with its grades."""
        with self.lock:
            self.line_items.pop(item_id, None)
            for key in [key for key in self.grades if key[0] == item_id]:
                del self.grades[key]

    def remember_intent(self, intent: Intent) -> str:
        """Keep a begun launch; answer the secret name under which it can be taken once."""
        return self._remember(self.intents, intent)

    def take_intent(self, name: str) -> Intent | None:
        """Answer a begun launch and forget it; nothing when unknown, taken or too old."""
        return self._take(self.intents, name)

    def remember_selection(self, selection: Selection) -> str:
        """Keep a choosing of content; answer the secret name under which its answer may come."""
        return self._remember(self.selections, selection)

    def take_selection(self, name: str) -> Selection | None:
        """Answer a choosing of content and forget it; nothing when unknown, taken or too old."""
        return self._take(self.selections, name)

    def _remember(self, kept: dict[str, T], value: T) -> str:
        with self.lock:
            now = self.now()
            for stale in [name for name, old in kept.items() if old.expires_at <= now]:
                del kept[stale]
            name = secrets.token_urlsafe(24)
            kept[name] = value
            return name

    def _take(self, kept: dict[str, T], name: str) -> T | None:
        with self.lock:
            value = kept.pop(name, None)
        return value if value and self.now() < value.expires_at else None

    def issue_token(self, client_id: str, scopes: frozenset[str], lifetime: timedelta) -> str:
        """Answer a new access token."""
        with self.lock:
            now = self.now()
            for stale in [t for t, kept in self.access_tokens.items() if kept.expires_at <= now]:
                del self.access_tokens[stale]
            token = secrets.token_urlsafe(32)
            self.access_tokens[token] = AccessToken(client_id=client_id, scopes=scopes, expires_at=now + lifetime)
            return token


def campus() -> Campus:
    """Answer the campus of the running application."""
    return cast(Campus, current_app.extensions["demo_lms"])
