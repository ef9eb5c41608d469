"""Promises about the pages of a pair's meetings: from a suggestion on two clocks to notes, calendar and decision."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import vobject
from bs4 import BeautifulSoup
from flask import Flask

from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import Pair
from lti_tool.store.meetings import Meeting, meetings_of, revisions_of
from lti_tool.store.people import Member
from tests import make
from tests.conftest import Clock
from tests.outside import look_again
from tests.pages import PageClient
from tests.web.course import Course, Reader, course

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Browsers = Callable[[], PageClient]
SCRIPT = "<script>alert(1)</script>"


@dataclass
class Paired:
    """Bob in Berlin and Dana in New York are a pair; Alice teaches."""

    course: Course
    pair_id: int
    clock: Clock

    @property
    def bob(self) -> Reader:
        """The mentor."""
        return self.course.bob

    @property
    def dana(self) -> Reader:
        """The mentee."""
        return self.course.dana

    @property
    def home(self) -> str:
        """Where the pair's meetings are."""
        return f"pairs/{self.pair_id}/meetings/"

    def propose(self, who: Reader, status: int = 303, **changes: str) -> BeautifulSoup:
        """Somebody fills the form in."""
        fields = {"day": "2026-09-16", "hour": "18:30", "minutes": "30", "where": "Library", "words": ""} | changes
        return who.submit(f"{self.home}new", "/new", fields, status=status)

    def meeting(self) -> Meeting:
        """The pair's newest meeting."""
        look_again()
        return meetings_of(self.pair_id)[-1]

    def page(self, end: str = "") -> str:
        """A page of the newest meeting."""
        return f"{self.home}{self.meeting().id}/{end}"

    def act(self, who: Reader, act: str, *, page: BeautifulSoup | None = None) -> BeautifulSoup:
        """Somebody clicks a button of the newest meeting's page."""
        page = page or who.open(self.page())
        form = next(
            one
            for one in page.select("form")
            if str(one["action"]).endswith("/answer") and one.select(f"button[value={act}]")
        )
        fields = {str(one["name"]): str(one["value"]) for one in form.select("input[type=hidden]")}
        who.pages.post(str(form["action"]), fields | {"act": act}, status=303)
        return who.pages.follow()

    def change_pair(self, **values: Any) -> None:
        """As staff or the clock would."""
        with transaction() as session:
            pair = session.get_one(Pair, self.pair_id)
            for name, value in values.items():
                setattr(pair, name, value)


@pytest.fixture
def paired(app: Flask, clock: Clock, pages: Browsers) -> Paired:
    until = clock.now.replace(year=2027)
    made = course(pages, until, asks_application=False, asks_training=False)
    pair = make.pair(made.at, made.bob_enrolment, made.dana_enrolment, by=made.alice.person_id)
    with transaction() as session:
        for enrolment, zone, blocks in (
            (made.bob_enrolment, "Europe/Berlin", ["wed-16", "wed-18"]),
            (made.dana_enrolment, "America/New_York", ["wed-12"]),
        ):
            row = session.get_one(Enrolment, enrolment)
            row.time_zone, row.answers = zone, row.answers | {"availability": blocks}
    return Paired(course=made, pair_id=pair, clock=clock)


def words(page: BeautifulSoup) -> str:
    return " ".join(page.get_text(" ", strip=True).split())


def test_a_suggestion_on_two_clocks_becomes_a_meeting_with_one_click_each(paired: Paired) -> None:
    overview = paired.bob.open(paired.home)
    assert "Wed, Sep 16, 2026, 18:00 (Europe/Berlin) for Dana Dewdrop : Wed, Sep 16, 2026, 12:00" in words(overview)

    link = next(one for one in overview.select("a") if "Propose this time" in one.get_text())
    form = paired.bob.pages.get(str(link["href"]))
    assert form.select_one("#f-hour")["value"] == "18:00"
    paired.bob.pages.submit(form, "/new", {"day": "2026-09-16", "hour": "18:00", "minutes": "30"}, status=303)
    home = paired.dana.open(f"pairs/{paired.pair_id}/")
    assert "Bob Birchwood proposes to meet" in words(home)
    said = paired.act(paired.dana, "accept")

    assert "Agreed" in words(said)
    assert "12:00" in words(said)
    assert paired.meeting().starts_at == datetime(2026, 9, 16, 16, 0, tzinfo=UTC)


def test_between_the_clock_changes_both_clocks_are_right(paired: Paired) -> None:
    paired.clock.now = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)  # Berlin goes back on 25 October, New York a week later

    page = words(paired.bob.open(paired.home))

    assert "Wed, Oct 21, 2026, 18:00 (Europe/Berlin) for Dana Dewdrop : Wed, Oct 21, 2026, 12:00" in page
    assert "Wed, Oct 28, 2026, 17:00 (Europe/Berlin) for Dana Dewdrop : Wed, Oct 28, 2026, 12:00" in page


def test_a_wrong_time_is_explained_beside_the_field_and_nothing_typed_is_lost(paired: Paired) -> None:
    for changes, said in (
        ({"day": "2026-09-13"}, "This time is over"),
        ({"day": "2027-03-28", "hour": "02:30"}, "this hour does not exist in your time zone (Europe/Berlin)"),
        ({"day": "2026-10-25", "hour": "02:30"}, "this hour comes twice"),
        ({"minutes": "10"}, "count from 15 minutes on"),
        ({"where": "http://zoom.us/j/1"}, "begins with https://"),
    ):
        page = paired.propose(paired.bob, status=422, words=SCRIPT, **changes)
        assert said in words(page)
        assert page.select_one("#f-words").get_text().strip() == SCRIPT
    assert meetings_of(paired.pair_id) == []

    again = paired.propose(paired.bob, day="2026-10-25", hour="02:30", which="second")

    assert "Sun, Oct 25, 2026, 02:30" in words(again)
    assert paired.meeting().starts_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_ten_thousand_characters_are_refused_and_stay_in_the_form(paired: Paired) -> None:
    page = paired.propose(paired.bob, status=422, words="x" * 10_000)

    assert "it has 10000" in words(page)
    assert len(page.select_one("#f-words").get_text().strip()) == 10_000


def test_a_form_that_is_sent_twice_makes_one_meeting(paired: Paired) -> None:
    page = paired.bob.open(f"{paired.home}new")
    fields = {"day": "2026-09-16", "hour": "18:30", "minutes": "30"}

    for _time in range(2):
        paired.bob.pages.submit(page, "/new", fields, status=303)

    assert len(meetings_of(paired.pair_id)) == 1


def test_a_video_link_names_its_host_and_what_people_write_stays_text(paired: Paired) -> None:
    paired.propose(paired.bob, where="https://college.zoom.us/j/1?pwd=x", words=SCRIPT)

    page = paired.dana.open(paired.page())

    link = page.select_one("a[href^='https://college.zoom.us']")
    assert link
    assert link["rel"] == ["noopener", "noreferrer"]
    assert "Zoom" in link.get_text()
    assert "college.zoom.us" in words(page)
    assert SCRIPT in page.get_text()


def test_whoever_answers_with_another_time_is_answered_in_turn(paired: Paired) -> None:
    paired.propose(paired.bob)
    paired.dana.submit(paired.page("move"), "/move", {"day": "2026-09-17", "hour": "12:00", "minutes": "45"})

    page = paired.bob.open(paired.page())

    assert "Dana Dewdrop proposed another time or place" in words(page)
    assert "Thu, Sep 17, 2026, 18:00 (Europe/Berlin)" in words(page)
    assert "Can you come?" in words(page)
    assert "Called off" in words(paired.act(paired.dana, "cancel"))


def test_two_who_change_a_meeting_at_once_see_both_plans(paired: Paired) -> None:
    paired.propose(paired.bob)
    stale = paired.bob.open(paired.page("move"))
    old = paired.bob.open(paired.page())
    paired.dana.submit(paired.page("move"), "/move", {"day": "2026-09-18", "hour": "09:00", "minutes": "60"})

    mine = {"day": "2026-09-19", "hour": "11:00", "minutes": "30", "where": "Garden", "words": "My words"}
    late = paired.bob.pages.submit(stale, "/move", mine, status=409)

    assert "This was changed while you were writing" in words(late)
    assert "Fri, Sep 18, 2026, 15:00" in words(late)
    assert late.select_one("#f-words").get_text().strip() == "My words"
    assert "changed this meeting while you were looking" in words(paired.act(paired.bob, "cancel", page=old))
    paired.bob.pages.submit(late, "/move", mine, status=303)
    assert paired.meeting().place == "Garden"


def test_a_meeting_that_took_place_is_confirmed_by_one_and_disputed_by_the_other(paired: Paired) -> None:
    paired.propose(paired.bob)
    paired.act(paired.dana, "accept")
    early = paired.bob.open(paired.page())
    assert "Did it take place?" not in words(early)
    paired.clock.advance(days=3)

    paired.bob.submit(paired.page(), "/held", {"minutes": "40"})
    told = paired.dana.open(paired.page())
    assert "said by Bob Birchwood" in words(told)
    empty = paired.dana.submit(paired.page("dispute"), "/dispute", {"words": ""}, status=422)
    assert "Please write something here" in words(empty)
    paired.dana.submit(paired.page("dispute"), "/dispute", {"words": f"We did not {SCRIPT}"})

    queue = paired.course.alice.open("meetings/")
    assert f"We did not {SCRIPT}" in queue.get_text()
    fields = {"words": "Both wrote about it", "ruling": "does_not_count"}
    assert "Decided" in words(paired.course.alice.submit("meetings/", "/decide", fields))
    assert "Staff decided: does not count" in words(paired.bob.open(paired.page()))
    assert "Both wrote about it" in words(paired.bob.open(paired.page()))


def test_a_meeting_elsewhere_takes_two_fields_and_a_short_one_is_explained(paired: Paired) -> None:
    future = paired.bob.submit(f"{paired.home}log", "/log", {"day": "2026-09-15", "minutes": "30"}, status=422)
    assert "This day is still to come" in words(future)

    before = paired.bob.submit(f"{paired.home}log", "/log", {"day": "2025-09-14", "minutes": "30"}, status=422)
    assert "Your pair began on" in words(before.select_one("#f-day-problem"))

    saved = paired.bob.submit(f"{paired.home}log", "/log", {"day": "2026-09-14", "minutes": "5"})

    assert "a shorter one if staff accept it" in words(saved)
    flagged = paired.course.alice.open("meetings/?show=flagged")
    assert "Too short to count by itself" in words(flagged)
    paired.course.alice.pages.submit(flagged, "/decide", {"words": "", "ruling": "counts"}, status=303)
    assert "There are none of these" in words(paired.course.alice.open("meetings/?show=flagged"))


def test_notes_are_written_together_and_nobody_saves_over_the_other(paired: Paired) -> None:
    paired.propose(paired.bob)
    stale = paired.dana.open(paired.page("notes/"))
    paired.bob.submit(paired.page("notes/"), "/notes/", {"notes": "Read chapter two"})

    late = paired.dana.pages.submit(stale, "/notes/", {"notes": "Ask about the exam"}, status=409)

    assert "Bob Birchwood changed it first" in words(late)
    assert "Read chapter two" in words(late)
    both = "Read chapter two\nAsk about the exam"
    paired.dana.pages.submit(late, "/notes/", {"notes": both}, status=303)
    history = paired.bob.open(paired.page("notes/history"))
    assert next(one.get_text(strip=True) for one in history.select("ins")).endswith("Ask about the exam")
    assert [one.by for one in revisions_of(paired.meeting().id)] == [
        paired.course.bob_enrolment,
        paired.course.dana_enrolment,
    ]


def test_staff_read_no_plan_and_no_notes(paired: Paired) -> None:
    paired.propose(paired.bob, where="The old mill", words="Homesick")
    paired.bob.submit(paired.page("notes/"), "/notes/", {"notes": "A private note"})
    paired.clock.advance(days=3)
    paired.bob.submit(paired.page(), "/held", {"minutes": "40"})

    text = "".join(words(paired.course.alice.open(f"meetings/?show={kind}")) for kind in ("disputed", "flagged", "all"))

    assert "40 minutes" in text
    assert not [secret for secret in ("The old mill", "Homesick", "A private note") if secret in text]


def test_not_reached_is_a_button_and_the_partner_answers_with_one(paired: Paired) -> None:
    paired.bob.submit(paired.home, "/not-reached", {"act": "tried"})
    paired.clock.advance(hours=49)
    paired.bob.submit(paired.home, "/not-reached", {"act": "tried"})
    assert "That is enough from your side" in words(paired.bob.open(paired.home))

    staff = words(paired.course.alice.open("meetings/?show=unreached"))
    assert "Bob Birchwood waits for Dana Dewdrop tried on 2 days" in staff

    page = paired.dana.open(paired.home)
    assert "Bob Birchwood tried to reach you" in words(page)
    paired.dana.submit(paired.home, "/not-reached", {"act": "here"})

    assert "tried to reach you" not in words(paired.dana.open(paired.home))
    assert "That is enough" not in words(paired.bob.open(paired.home))
    assert "Nobody waits for an answer" in words(paired.course.alice.open("meetings/?show=unreached"))


def test_a_proposal_that_nobody_answered_is_no_meeting_that_may_have_been(paired: Paired) -> None:
    paired.propose(paired.bob)
    paired.clock.advance(days=4)

    home = words(paired.dana.open(paired.home))
    paired.dana.submit(paired.page(), "/held", {"minutes": "30"})

    assert "Not answered in time" in home
    assert "Did it take place?" not in home
    assert "Took place" in words(paired.bob.open(paired.page()))


def test_a_pair_that_is_paused_shows_its_meetings_and_takes_nothing(paired: Paired) -> None:
    paired.propose(paired.bob)
    page = paired.dana.open(paired.page())
    paired.change_pair(contact_stopped_at=paired.clock.now)

    answered = paired.act(paired.dana, "accept", page=page)

    assert "This pair is paused" in words(answered)
    assert "Wed, Sep 16, 2026" in words(paired.dana.open(paired.home))
    for way in ("new", "log"):
        paired.dana.open(f"{paired.home}{way}", status=303)
    assert paired.meeting().state == "proposed"


def test_a_meeting_of_another_pair_does_not_exist(paired: Paired) -> None:
    paired.propose(paired.bob)
    gwen, henry = (make.person(paired.course.at, name) for name in ("Gwen Gingham", "Henry Hollyhock"))
    enrolments = [
        make.enrolment(paired.course.at, gwen, role="mentor"),
        make.enrolment(paired.course.at, henry, role="mentee"),
    ]
    other = make.pair(paired.course.at, *enrolments, by=paired.course.alice.person_id)

    number = paired.meeting().id
    for end in ("", "move", "notes/", "notes/history", "meeting.ics"):
        paired.bob.open(f"pairs/{other}/meetings/{number}/{end}", status=404)
    with transaction() as session:
        session.get_one(Meeting, number).pair_id = other
    paired.bob.open(f"{paired.home}{number}/", status=404)


def calendar_at(paired: Paired, path: str) -> Any:
    """A calendar as a parser that is not ours reads it."""
    answer = paired.bob.pages.raw().get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    return vobject.readOne(answer.get_data(as_text=True))


def test_the_file_of_a_meeting_is_read_by_another_program(paired: Paired) -> None:
    paired.propose(paired.bob, where="https://meet.google.com/abc", words="Nobody else’s business")
    paired.act(paired.dana, "accept")

    read = calendar_at(paired, f"{paired.bob.path}{paired.page('meeting.ics')}")

    event = read.vevent
    assert event.dtstart.value == datetime(2026, 9, 16, 16, 30, tzinfo=UTC)
    assert event.dtend.value - event.dtstart.value == timedelta(minutes=30)
    assert event.summary.value == "Mentoring with Dana Dewdrop"
    assert (event.location.value, event.url.value, event.status.value) == (
        "https://meet.google.com/abc",
        "https://meet.google.com/abc",
        "CONFIRMED",
    )
    assert "business" not in read.serialize()


def test_a_private_calendar_shows_both_sides_of_a_clock_change_until_its_address_is_revoked(paired: Paired) -> None:
    for day in ("2026-10-21", "2026-10-28"):
        paired.propose(paired.bob, day=day, hour="18:00")
    page = paired.bob.open("calendar/")
    made = paired.bob.pages.submit(page, "/make", {})
    address = str(made.select_one("#f-address")["value"])
    path = "/" + address.split("/", 3)[3]
    assert address.startswith("http://localhost:8000/calendar/")
    assert path.rsplit("/", 1)[1] not in paired.bob.open("calendar/").get_text()

    events = calendar_at(paired, path).vevent_list
    assert [one.dtstart.value.hour for one in events] == [16, 17]  # UTC; 18:00 in Berlin on both days
    assert {one.status.value for one in events} == {"TENTATIVE"}
    newer = (
        "/"
        + str(paired.bob.submit("calendar/", "/make", {}, status=200).select_one("#f-address")["value"]).split("/", 3)[
            3
        ]
    )
    assert paired.bob.pages.raw().get(path).status_code == 404
    assert paired.bob.pages.raw().get(newer).status_code == 200
    paired.bob.submit("calendar/", "/revoke", {})

    assert paired.bob.pages.raw().get(newer).status_code == 404


def test_a_calendar_goes_silent_with_the_pair_and_ends_with_the_roster(paired: Paired) -> None:
    paired.propose(paired.bob)
    made = paired.bob.submit("calendar/", "/make", {}, status=200)
    path = "/" + str(made.select_one("#f-address")["value"]).split("/", 3)[3]
    paired.change_pair(contact_stopped_at=paired.clock.now)
    assert b"VEVENT" not in paired.bob.pages.raw().get(path).get_data()

    with transaction() as session:
        session.query(Member).filter_by(person_id=paired.bob.person_id).one().is_active = False

    assert paired.bob.pages.raw().get(path).status_code == 404
    db.session.rollback()


def test_many_meetings_come_page_by_page(paired: Paired) -> None:
    paired.change_pair(published_at=paired.clock.now - timedelta(days=60))
    for day in range(25):
        logged = date(2026, 8, 1) + timedelta(days=day)
        paired.bob.submit(f"{paired.home}log", "/log", {"day": logged.isoformat(), "minutes": "30"})

    page = paired.bob.open(paired.home)

    assert "Page 1 of 2" in words(page)
    assert "So far you have had 25" in words(page)
    assert "Page 2 of 2" in words(paired.course.alice.open("meetings/?show=all&page=2"))
