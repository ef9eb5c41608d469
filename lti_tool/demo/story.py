"""The whole story, told over HTTP: register, launch, roster, join, pairs, check-ins, gradebook."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from urllib.parse import urlsplit

from lti_tool.demo.campus import COURSE, TEACHER, Places, launched, signed_in
from lti_tool.demo.registering import Command, register
from lti_tool.demo.students import check_in, join
from lti_tool.demo.surfer import Page, StoryBroken, Surfer

JOINED = 34
CHECK_INS = 6
POINTS = 100  # as in the defaults
AT_ONCE = 4  # people at the same moment
PATIENCE_SECONDS = 90


@dataclass(slots=True)
class Story:
    """The demo's people, and what they have done so far."""

    places: Places
    say: Callable[[str], None]
    joined: int = JOINED  # how many students join
    students: list[str] = field(default_factory=list)  # their keys in the LMS
    expected: dict[str, Decimal] = field(default_factory=dict)  # the score that the LMS must have, by student

    def prepare(self, command: Command, *, lms: str = "own") -> None:
        """Register the tool, set the programme up, and let most students join."""
        register(self.places, command, lms=lms)
        self.say("The LMS admin registered the tool: it is switched on and placed in both courses.")
        teacher = signed_in(self.places, TEACHER)
        home = launched(teacher, self.places)
        people = teacher.json(f"{self.places.lms}/courses/{COURSE}/people.json")
        self.students = [str(one["person"]) for one in people if one["role"] == "student"]
        self._wait_for_roster(teacher, home)
        self._set_up(teacher, home)
        self.say(f"The teacher opened the tool; it read the roster: {len(self.students)} students.")
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for number, _done in enumerate(pool.map(self._join, range(self.joined)), 1):
                if number % 10 == 0 or number == self.joined:
                    self.say(f"{number} of {self.joined} students have joined.")

    def tell(self) -> None:
        """Go on: propose, publish, check in, and wait for the gradebook."""
        teacher = signed_in(self.places, TEACHER)
        home = launched(teacher, self.places)
        self._publish(teacher, home)
        self.say("The teacher looked at the proposal and published it: each student now sees their partner.")
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for person, score in pool.map(self._take_part, range(self.joined)):
                if score is not None:
                    self.expected[person] = score
        self.say(f"{len(self.expected)} people have sent check-ins.")
        self._wait_for_gradebook(teacher)

    def gradebook(self, teacher: Surfer | None = None) -> dict[str, Decimal]:
        """What the LMS's gradebook has now, by student."""
        teacher = teacher or signed_in(self.places, TEACHER)
        columns = teacher.json(f"{self.places.lms}/courses/{COURSE}/gradebook.json")
        if not columns:
            return {}
        grades = columns[0]["grades"]
        if len(columns) > 1 or not isinstance(grades, list):
            raise StoryBroken("the gradebook should have exactly one column")
        return {one["person"]: Decimal(str(one["score"])) for one in grades if one["score"] is not None}

    def _join(self, number: int) -> None:
        join(self.places, self.students[number], number)

    def _wait_for_roster(self, teacher: Surfer, home: Page) -> None:
        people = self._page(teacher, home, "/staff/people")

        def is_there() -> bool:
            counted = re.search(r"\b(\d+) people(?! read)", teacher.open(people.url).text)
            return counted is not None and int(counted[1]) > len(self.students)

        self._until(is_there, "the roster")

    def _set_up(self, teacher: Surfer, home: Page) -> None:
        """The defaults are good, but for the demo's check-ins: all open at once, each sent as it is earned."""
        page = self._page(teacher, home, "/staff/set-up/calendar")
        teacher.submit(page, "/set-up/calendar", cadence="own_pace", check_in_count=str(CHECK_INS))
        page = self._page(teacher, home, "/staff/set-up/grading")
        teacher.submit(page, "/set-up/grading", participation="check_ins", release="at_once")
        teacher.submit(self._page(teacher, home, "/staff/"), "/set-up/open")

    def _publish(self, teacher: Surfer, home: Page) -> None:
        board = self._page(teacher, home, "/staff/matching/")
        board = teacher.submit(board, "/matching/propose")
        self.say("The teacher asked for the best pairs; the worker is computing them.")
        self._until(lambda: any(_ends(form.action, "/publish") for form in teacher.open(board.url).forms), "a proposal")
        teacher.submit(teacher.open(board.url), "/matching/publish")

    def _take_part(self, number: int) -> tuple[str, Decimal | None]:
        """One person opens each of their pairs and sends some check-ins; the score that must come of it."""
        person = self.students[number]
        surfer = signed_in(self.places, person)
        home = launched(surfer, self.places)
        pairs = sorted({href for href, _text in home.links if "/me/pairs/" in href and "/check-ins/" not in href})
        chance = Random(f"check-ins {number}")  # noqa: S311  # varied, no secrets
        sent = []
        for pair in pairs:
            count = chance.choice((0, 2, 3, 5, 6, 6))
            for which in range(1, count + 1):
                check_in(surfer, f"{self.places.tool}{urlsplit(pair).path}", which, chance)
            sent.append(count)
        if not any(sent):
            return person, None
        exact = Decimal(sum(sent)) * POINTS / CHECK_INS / len(sent)
        return person, exact.quantize(Decimal("0.01"), ROUND_HALF_UP)

    def _wait_for_gradebook(self, teacher: Surfer) -> None:
        self.say("The worker is sending the scores.")
        self._until(lambda: self.gradebook(teacher) == self.expected, "the gradebook", is_fatal=False)

    def _page(self, surfer: Surfer, page: Page, address: str) -> Page:
        visit = "/".join(urlsplit(page.url).path.split("/")[:3])
        return surfer.open(f"{self.places.tool}{visit}{address}")

    def _until(self, happened: Callable[[], object], what: str, *, is_fatal: bool = True) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            if happened():
                return
            time.sleep(0.2)
        if is_fatal:
            raise StoryBroken(f"waited {PATIENCE_SECONDS} seconds for {what}")


def _ends(action: str, end: str) -> bool:
    return urlsplit(action).path.endswith(end)
