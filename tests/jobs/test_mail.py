"""Reminders by mail, over a real socket: one per person, once a week at most, plain, and stopped with one click."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.actions.edge import Edge
from lti_tool.actions.mail import MailServer
from lti_tool.actions.matching import publish, undo
from lti_tool.actions.nudges import GAVE_UP, NO_ADDRESS, NOT_NEEDED, NOT_SET_UP, OFF, REFUSED, remind, wants_mail
from lti_tool.jobs.handlers import work_off
from lti_tool.mentoring.funnel import Stage
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.funnel import Wanted
from lti_tool.store.matching import Proposal
from lti_tool.store.nudges import Nudge
from lti_tool.store.outbox import LAST_TRY
from lti_tool.store.people import Member, Person
from lti_tool.store.programme import Programme
from tests import make
from tests.conftest import NOON, Clock
from tests.mail_server import Letterbox, running_mail_server
from tests.outside import look_again, outbox_rows
from tests.pages import PageClient

JOIN = Wanted(stage=Stage.JOINED, is_silent=True)
WORDS = {
    "subject": "Will you join?\nBcc: x@y.example",
    "text": "Hello,\n\n. a line that begins with a dot\nFröhliche Grüße",
}


@pytest.fixture
def letterbox(app: Flask) -> Iterator[Letterbox]:
    """A mail server that the tool is set up to use."""
    with running_mail_server() as made:
        server = MailServer(
            host="127.0.0.1",
            port=made.port,
            security="none",
            sender="Peer Mentoring <mentoring@northfield.example>",
            secret=str(app.secret_key),
        )
        _use(app, server)
        yield made


def _use(app: Flask, server: MailServer | None) -> None:
    edge: Edge = app.extensions["edge"]
    app.extensions["edge"] = replace(edge, mail=server)


@pytest.fixture
def here(app: Flask, clock: Clock) -> make.Setting:
    """A course in which Dana and Charlie have opened the tool and not joined; Charlie has no address."""
    at = make.setting()
    make.person(at, "Alice Ashford", role="instructor")
    make.person(at, "Dana Dewdrop", email="dana@northfield.example", locale="de-AT")
    make.person(at, "Charlie Chalk")
    with transaction() as session:
        for member in session.query(Member).filter_by(role="student"):
            member.launched_at = clock.now
    return at


def ask(at: make.Setting, clock: Clock, *, has_mail: bool = True) -> tuple[int, int, int]:
    """Alice reminds everybody who has not joined."""
    look_again()
    alice = db.session.scalars(select(Member.person_id).filter_by(role="instructor")).one()
    done = remind(at.programme_id, JOIN, has_mail=has_mail, by=alice, now=clock.now, **WORDS)
    return done.reminded, done.mailed, done.too_soon


def nudges(channel: str = "mail") -> list[tuple[bool, str | None]]:
    """Whether each went out, and why not, by person."""
    look_again()
    rows = db.session.scalars(select(Nudge).filter_by(channel=channel).order_by(Nudge.person_id, Nudge.id))
    return [(row.sent_at is not None, row.problem) for row in rows]


def test_a_reminder_arrives_once_as_a_plain_text(
    app: Flask, here: make.Setting, letterbox: Letterbox, clock: Clock
) -> None:
    assert ask(here, clock) == (2, 1, 0)

    assert work_off(app) == 1
    work_off(app)

    (letter,) = letterbox.letters
    text = letter.get_content()
    assert letter["To"] == "Dana Dewdrop <dana@northfield.example>"
    assert letter["From"] == "Peer Mentoring <mentoring@northfield.example>"
    assert letter["Subject"] == "Will you join? Bcc: x@y.example"
    assert letter["Bcc"] is None
    assert letter.get_content_type() == "text/plain"
    assert "Fröhliche Grüße" in text
    assert ". a line that begins with a dot" in text
    assert "Biology 101" in text
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Unsubscribe"].strip("<>") in text
    assert nudges() == [(True, None), (False, NO_ADDRESS)]
    assert nudges("page") == [(True, None), (True, None)]


def test_nobody_is_reminded_twice_within_a_week(here: make.Setting, letterbox: Letterbox, clock: Clock) -> None:
    ask(here, clock)

    clock.advance(days=6, hours=23)
    assert ask(here, clock) == (0, 0, 2)
    clock.advance(hours=2)
    assert ask(here, clock) == (2, 1, 0)


def test_without_a_mail_server_the_notice_stands_alone(app: Flask, here: make.Setting, clock: Clock) -> None:
    assert ask(here, clock, has_mail=False) == (2, 0, 0)

    assert outbox_rows("mail") == []
    assert nudges() == [(False, NOT_SET_UP), (False, NOT_SET_UP)]


def test_who_has_joined_meanwhile_gets_no_mail(
    app: Flask, here: make.Setting, letterbox: Letterbox, clock: Clock
) -> None:
    ask(here, clock)
    dana = db.session.scalars(select(Nudge.person_id).where(Nudge.problem.is_(None), Nudge.channel == "mail")).one()
    make.enrolment(here, dana, role="mentee", consent_version=1, consented_at=clock.now)

    work_off(app)

    assert letterbox.letters == []
    assert nudges()[0] == (False, NOT_NEEDED)


def test_one_click_stops_the_mails_and_another_brings_them_back(
    app: Flask, here: make.Setting, letterbox: Letterbox, clock: Clock
) -> None:
    ask(here, clock)
    work_off(app)
    address = urlsplit(letterbox.letters[0]["List-Unsubscribe"].strip("<>")).path
    browser = PageClient(app)

    page = browser.get(address)
    assert ask_after_a_week(here, clock) == (2, 1, 0)  # looking at the page changes nothing
    browser.post(address, {"List-Unsubscribe": "One-Click"})  # as a mail program does it, without a page
    assert ask_after_a_week(here, clock) == (2, 0, 0)
    assert nudges()[2] == (False, OFF)
    again = browser.get(address)
    done = browser.submit(again, address, {})
    browser.submit(done, address.replace("/off/", "/on/"), {})
    assert ask_after_a_week(here, clock) == (2, 1, 0)

    assert "Dana" not in page.get_text()
    browser.get("/mail/off/forged", status=404)
    browser.post("/mail/off/forged", status=404)


def ask_after_a_week(at: make.Setting, clock: Clock) -> tuple[int, int, int]:
    """The same reminder a week later."""
    clock.advance(days=7, hours=1)
    return ask(at, clock)


def test_who_stops_the_mails_while_one_waits_does_not_get_it(
    app: Flask, here: make.Setting, letterbox: Letterbox, clock: Clock
) -> None:
    ask(here, clock)
    dana = db.session.scalars(select(Nudge.person_id).where(Nudge.problem.is_(None), Nudge.channel == "mail")).one()
    wants_mail(dana, wants=False, now=clock.now)

    work_off(app)

    assert letterbox.letters == []
    assert nudges()[0] == (False, OFF)


def test_a_refused_address_is_said_and_not_tried_again(
    app: Flask, here: make.Setting, letterbox: Letterbox, clock: Clock
) -> None:
    letterbox.refusals["RCPT"] = "550 no such mailbox"
    ask(here, clock)

    work_off(app)
    clock.advance(days=1)
    work_off(app)

    assert sum(line.upper().startswith("RCPT") for line in letterbox.said) == 1
    assert nudges()[0] == (False, REFUSED)


@pytest.mark.parametrize(
    ("command", "reply"),
    [("RCPT", "451 busy"), ("DATA", "452 no room"), ("EHLO", "421 not now"), ("MAIL", "421 later")],
)
def test_a_busy_mail_server_is_tried_again(
    app: Flask, here: make.Setting, letterbox: Letterbox, clock: Clock, command: str, reply: str
) -> None:
    letterbox.refusals[command] = reply
    letterbox.refusals["HELO"] = reply
    ask(here, clock)

    work_off(app)
    assert letterbox.letters == []
    letterbox.refusals.clear()
    clock.advance(minutes=1)
    work_off(app)

    assert len(letterbox.letters) == 1
    assert nudges()[0] == (True, None)


def test_a_mail_server_that_never_answers_is_given_up_visibly(app: Flask, here: make.Setting, clock: Clock) -> None:
    with running_mail_server() as closed:
        port = closed.port
    _use(app, MailServer(host="127.0.0.1", port=port, security="none", sender="a@northfield.example"))
    ask(here, clock)

    for _number in range(LAST_TRY):
        work_off(app)
        clock.advance(hours=5)

    assert nudges()[0] == (False, GAVE_UP)
    assert [row.state for row in outbox_rows("mail")] == ["buried"]


def test_no_password_and_no_letter_travel_in_clear_to_a_server_without_tls(
    app: Flask, here: make.Setting, letterbox: Letterbox, clock: Clock
) -> None:
    edge: Edge = app.extensions["edge"]
    assert edge.mail
    _use(app, replace(edge.mail, security="starttls", user="mentoring", password="secret-word"))
    ask(here, clock)

    work_off(app)

    assert letterbox.letters == []
    assert not any("AUTH" in line or "secret-word" in line for line in letterbox.said)
    assert nudges()[0] == (False, None)


def test_an_address_that_is_none_is_refused_without_a_connection(
    app: Flask, here: make.Setting, letterbox: Letterbox, clock: Clock
) -> None:
    make.person(here, "Erin Elsewhere", email="erin@a.example\r\nBcc: everybody@b.example")
    with transaction() as session:
        session.query(Member).update({"launched_at": clock.now})
    ask(here, clock)

    work_off(app)

    assert len(letterbox.letters) == 1
    assert nudges()[2] == (False, REFUSED)


def test_two_clicks_at_once_remind_everybody_once(app: Flask, here: make.Setting, clock: Clock) -> None:
    alice = db.session.scalars(select(Member.person_id).filter_by(role="instructor")).one()
    db.session.rollback()
    counts: list[int] = []

    def click() -> None:
        with app.app_context():
            done = remind(here.programme_id, JOIN, has_mail=True, by=alice, now=clock.now, **WORDS)
            counts.append(done.reminded)

    threads = [threading.Thread(target=click) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(counts) == [0, 2]
    assert len(outbox_rows("mail")) == 1


def publication(here: make.Setting, clock: Clock) -> tuple[int, int]:
    """A draft of Bob and Dana, who is left with a partner, and Alice who publishes it."""
    with transaction() as session:
        session.get_one(Programme, here.programme_id).phase = "matching"
        alice = session.scalars(select(Member.person_id).filter_by(role="instructor")).one()
        dana = session.scalars(select(Person.id).filter_by(email="dana@northfield.example")).one()
    bob = make.enrolment(
        here, make.person(here, "Bob Birchwood", email="bob@northfield.example"), role="mentor", capacity=1
    )
    with transaction() as session:
        proposal = Proposal(programme_id=here.programme_id, state="draft", asked_by=alice, asked_at=clock.now)
        session.add(proposal)
        session.flush()
        make.scenario(session, proposal, pairs=[(make_joined(session, here, dana), bob)])
        return proposal.id, alice


def make_joined(session: Session, here: make.Setting, person_id: int) -> int:
    """This person takes part as a mentee."""
    row = Enrolment(programme_id=here.programme_id, person_id=person_id, role="mentee", state="joined")
    row.time_zone, row.answers, row.changed_at = "Europe/London", make.fitting_answers("mentee"), NOON
    session.add(row)
    session.flush()
    return row.id


def test_a_publication_is_told_once_by_mail_and_the_mail_names_nobody(
    app: Flask, here: make.Setting, letterbox: Letterbox, clock: Clock
) -> None:
    proposal, alice = publication(here, clock)
    assert publish(proposal, by=alice, now=clock.now, has_mail=True)
    work_off(app)
    assert undo(proposal, by=alice, now=clock.now)
    clock.advance(minutes=1)
    assert publish(proposal, by=alice, now=clock.now, has_mail=True)

    work_off(app)

    told = [(str(letter["To"]), str(letter["Subject"])) for letter in letterbox.letters]
    assert sorted(told) == [
        ("Bob Birchwood <bob@northfield.example>", "The mentoring pairs are published"),
        ("Dana Dewdrop <dana@northfield.example>", "The mentoring pairs are published"),
    ]
    for letter in letterbox.letters:
        text = letter.get_content()
        assert "Open the course" in text
        assert not any(name in text for name in ("Bob", "Dana", "Birchwood", "Dewdrop"))


def test_a_publication_that_was_taken_back_is_told_to_nobody(
    app: Flask, here: make.Setting, letterbox: Letterbox, clock: Clock
) -> None:
    proposal, alice = publication(here, clock)
    publish(proposal, by=alice, now=clock.now, has_mail=True)
    undo(proposal, by=alice, now=clock.now)

    work_off(app)

    assert letterbox.letters == []
    assert nudges() == [(False, NOT_NEEDED), (False, NOT_NEEDED)]
