"""Announcements: who reads them, and what a chat channel gets."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import select

from lti_tool.actions.secrets import encrypt_anew
from lti_tool.jobs.handlers import work_off
from lti_tool.store.announcements import Announcement, AnnouncementChannel
from lti_tool.store.db import db
from lti_tool.store.outbox import OutboxRow
from tests.conftest import Clock
from tests.pages import PageClient
from tests.web.course import Course, course

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Browsers = Callable[[], PageClient]
SCRIPT = "<script>alert(1)</script>"
WORDS = {"subject": "Next week", "text": f"We meet. {SCRIPT}", "audience": "everybody"}


@pytest.fixture
def here(app: Flask, clock: Clock, pages: Browsers) -> Course:
    return course(pages, clock.now.replace(year=2027), asks_application=False, asks_training=False)


@dataclass
class Channel:
    """A chat that keeps what is posted to it."""

    status: int = 200
    posted: list[dict[str, object]] = field(default_factory=list)
    address: str = ""


@contextmanager
def running(channel: Channel) -> Iterator[Channel]:
    """The chat, until the block ends."""

    class Taking(BaseHTTPRequestHandler):
        """Answers each post with the channel's status."""

        def do_POST(self) -> None:
            """Keep it."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            channel.posted.append(json.loads(body))
            self.send_response(channel.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_parts: object) -> None:
            """Keep quiet."""

    server = HTTPServer(("127.0.0.1", 0), Taking)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    channel.address = f"http://localhost:{server.server_port}/hooks/secret-1"
    try:
        yield channel
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def channel(app: Flask) -> Iterator[Channel]:
    app.extensions["edge"] = replace(app.extensions["edge"], channel_hosts=frozenset({"localhost"}))
    with running(Channel()) as made:
        yield made


def announced(here: Course, **changes: str) -> Announcement:
    """What Alice announces."""
    here.alice.submit("announcements/new", "/new", WORDS | changes)
    db.session.expire_all()
    return db.session.scalars(select(Announcement).order_by(Announcement.id.desc())).first()  # type: ignore[return-value]  # there is one


def test_an_announcement_stands_on_the_first_page_of_those_it_is_for(here: Course, clock: Clock) -> None:
    row = announced(here, audience="mentors")

    first, whole = here.bob.open(""), here.bob.open(f"announcements/{row.id}")
    listed = here.bob.open("announcements/")
    clock.advance(days=15)
    later = here.bob.open("")

    assert "Next week" in first.get_text()
    assert SCRIPT in whole.get_text()
    assert "Next week" in listed.get_text()
    assert "Next week" not in later.get_text()
    assert "Next week" not in here.dana.open("").get_text()
    here.dana.open(f"announcements/{row.id}", status=404)


def test_a_withdrawn_announcement_is_shown_to_staff_alone(here: Course) -> None:
    row = announced(here)

    here.alice.submit(f"announcements/{row.id}", "/withdraw", {})

    assert "Next week" not in here.bob.open("").get_text()
    here.bob.open(f"announcements/{row.id}", status=404)
    assert "Withdrawn" in here.alice.open("announcements/").get_text()


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(here: Course) -> None:
    page = here.alice.submit("announcements/new", "/new", WORDS | {"subject": "", "text": "x" * 5000}, status=422)

    assert {str(one["href"]) for one in page.select("#problems a")} == {"#f-subject", "#f-text"}
    assert "x" * 5000 in page.select("#f-text")[0].get_text()


def test_a_second_click_announces_nothing_twice(here: Course) -> None:
    form = here.alice.open("announcements/new")

    for _ in range(2):
        here.alice.pages.submit(form, "/new", WORDS, status=303)

    assert len(list(db.session.scalars(select(Announcement)))) == 1


def test_without_allowed_hosts_there_is_no_channel(here: Course) -> None:
    assert "channel" not in here.alice.open("announcements/").get_text()
    here.alice.open("announcements/channel", status=404)


def test_a_channel_gets_what_staff_ticked_once_and_its_address_is_kept_encrypted(
    app: Flask, here: Course, channel: Channel
) -> None:
    here.alice.submit("announcements/channel", "/channel", {"kind": "slack", "address": channel.address})
    announced(here, subject="Only here")
    row = announced(here, channel="yes")

    work_off(app)
    work_off(app)

    (post,) = channel.posted
    assert "Next week" in str(post["text"])
    assert "&lt;script&gt;" in str(post["text"])
    assert "Posted on" in here.alice.open(f"announcements/{row.id}").get_text()
    kept = db.session.scalars(select(AnnouncementChannel)).one()
    assert "secret-1" not in kept.secret_address
    assert "secret-1" not in here.alice.open("announcements/channel").get_text()
    assert all("Next" not in str(one.payload) for one in db.session.scalars(select(OutboxRow)))


def test_an_address_elsewhere_is_refused_beside_its_field(here: Course, channel: Channel) -> None:
    for address in ("https://hooks.slack.com/services/1", "https://localhost@evil.example/", "file:///etc/passwd"):
        page = here.alice.submit("announcements/channel", "/channel", {"kind": "slack", "address": address}, status=422)
        assert page.select("#f-address-problem")

    assert not list(db.session.scalars(select(AnnouncementChannel)))


def test_a_channel_that_refuses_is_not_tried_again_and_staff_read_why(
    app: Flask, here: Course, channel: Channel
) -> None:
    here.alice.submit("announcements/channel", "/channel", {"kind": "teams", "address": channel.address})
    channel.status = 404
    row = announced(here, channel="yes")

    work_off(app)
    shown = here.alice.open(f"announcements/{row.id}")
    channel.status = 202
    here.alice.submit(f"announcements/{row.id}", "/again", {})
    work_off(app)

    assert "The channel refused it" in shown.get_text()
    assert len(channel.posted) == 2
    assert "Posted on" in here.alice.open(f"announcements/{row.id}").get_text()


def test_a_channel_that_does_not_answer_is_tried_later(
    app: Flask, here: Course, channel: Channel, clock: Clock
) -> None:
    here.alice.submit("announcements/channel", "/channel", {"kind": "slack", "address": channel.address})
    channel.status = 503
    row = announced(here, channel="yes")
    work_off(app)
    shown = here.alice.open(f"announcements/{row.id}")
    channel.status = 200
    clock.advance(hours=1)

    work_off(app)

    assert "on its way" in shown.get_text()
    assert len(channel.posted) == 2


def test_a_channel_that_was_dropped_gets_nothing_more(app: Flask, here: Course, channel: Channel) -> None:
    here.alice.submit("announcements/channel", "/channel", {"kind": "slack", "address": channel.address})
    announced(here, channel="yes")
    here.alice.submit("announcements/", "/channel/drop", {})

    work_off(app)

    assert channel.posted == []


def test_a_channel_still_works_when_everything_is_encrypted_with_a_new_secret(
    app: Flask, here: Course, channel: Channel, clock: Clock
) -> None:
    here.alice.submit("announcements/channel", "/channel", {"kind": "slack", "address": channel.address})
    before = db.session.scalars(select(AnnouncementChannel.secret_address)).one()
    edge = app.extensions["edge"]
    app.extensions["edge"] = replace(edge, encryption=(Fernet.generate_key().decode(), *edge.encryption))

    encrypt_anew(app.extensions["edge"].encryption, by="test", now=clock.now)
    announced(here, channel="yes")
    work_off(app)

    assert db.session.scalars(select(AnnouncementChannel.secret_address)).one() != before
    assert len(channel.posted) == 1
