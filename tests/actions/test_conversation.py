"""Two people at once in one pair: nothing is lost, nothing is doubled, and no shelf holds more than it may."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from lti_tool.actions import conversation as talk
from lti_tool.actions import resources as shelves
from lti_tool.actions.privacy import erase_person, export_person
from lti_tool.mentoring.resources import MEGABYTE, Link, Shelf
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.store.announcements import Announcement
from lti_tool.store.conversation import Message, MessageReport, ReadUpTo, unread
from lti_tool.store.db import carried, db, transaction
from lti_tool.store.erase import delete_registration
from lti_tool.store.matching import Pair
from lti_tool.store.resources import Resource, ResourceFile, ResourceTip
from tests import make
from tests.conftest import NOON

ROOM = Shelf(count=0, used_bytes=0, most_bytes=MEGABYTE, largest_file_bytes=MEGABYTE)
LINK = Link(title="A page", address="https://library.example.edu/", note="")


@dataclass(frozen=True)
class Two:
    """Bob and Dana, who are a pair of Alice's programme."""

    at: make.Setting
    alice: int
    bob: int
    dana: int
    pair_id: int

    def say(self, who: int, text: str, once: str) -> int:
        """Write in the pair's conversation."""
        return talk.write(self.at.programme_id, self.pair_id, who, text, once=once, now=NOON)


@pytest.fixture
def two(app: Flask) -> Two:
    at = make.setting()
    alice, bob, dana = (
        make.person(at, name, role=role)
        for name, role in (("Alice Ashford", "instructor"), ("Bob Birchwood", "student"), ("Dana Dewdrop", "student"))
    )
    mentor, mentee = make.enrolment(at, bob, role="mentor"), make.enrolment(at, dana, role="mentee")
    return Two(at=at, alice=alice, bob=bob, dana=dana, pair_id=make.pair(at, mentor, mentee, by=alice))


def at_once(tries: list[Callable[[], object]]) -> list[object]:
    """Everybody does theirs at the same time, each with a session of their own; what came of each."""

    def one(act: Callable[[], object]) -> object:
        try:
            return act()
        except RuleBroken as broken:
            return broken.sentence
        finally:
            db.session.remove()

    db.session.remove()
    with ThreadPoolExecutor(len(tries)) as threads:
        found = list(threads.map(carried(one), tries))
    db.session.expire_all()
    return found


def count(table: type) -> int:
    """How many rows there are."""
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_two_people_who_write_at_once_lose_and_double_nothing(two: Two) -> None:
    tries = [
        lambda who=who, number=number: two.say(who, f"{who} {number}", f"form-{number}")
        for number in range(3)
        for who in (two.bob, two.dana, two.bob, two.dana)  # each form is sent twice
    ]

    numbers = at_once(tries)

    texts = sorted(db.session.scalars(select(Message.text)))
    assert texts == sorted(f"{who} {number}" for number in range(3) for who in (two.bob, two.dana))
    assert len(set(numbers)) == 6


def test_a_message_that_is_changed_and_reported_at_once_keeps_both_peoples_words(two: Two) -> None:
    number = two.say(two.bob, "Unkind", "form-1")
    message = db.session.get_one(Message, number)

    at_once(
        [
            lambda: talk.edit(message, "Kind", by=two.bob, now=NOON),
            lambda: talk.report(message, "It hurt.", by=two.dana, now=NOON),
            lambda: talk.report(message, "It hurt.", by=two.dana, now=NOON),
        ]
    )

    row = db.session.scalars(select(MessageReport)).one()
    assert (row.why, row.words in {"Unkind", "Kind"}) == ("It hurt.", True)
    assert db.session.get_one(Message, number).text == "Kind"


def test_a_report_is_settled_once_also_by_two_members_of_staff(two: Two) -> None:
    report = make.report(two.at, make.message(two.at, two.pair_id, two.bob), two.dana)

    came = at_once(
        [
            lambda answer=answer: talk.settle(report, answer=answer, takes_down=False, by=two.alice, now=NOON)
            for answer in ("First", "Second")
        ]
    )

    assert came.count(None) == 1
    assert db.session.get_one(MessageReport, report).answer in {"First", "Second"}


def test_a_shelf_never_holds_more_than_it_may(two: Two) -> None:
    content = b"x" * (MEGABYTE * 2 // 5)

    def add(who: int, number: int) -> object:
        return shelves.add_file(
            two.at.programme_id,
            two.pair_id,
            who,
            name="notes.txt",
            content=content,
            title="",
            note="",
            shelf=ROOM,
            once=f"form-{number}",
            now=NOON,
        )

    at_once([lambda who=who, number=number: add(who, number) for who in (two.bob, two.dana) for number in (1, 2)])

    assert count(Resource) == count(ResourceFile) == 2


def test_contact_that_is_stopped_meanwhile_lets_nothing_through(two: Two) -> None:
    message = db.session.get_one(Message, two.say(two.bob, "Hello", "form-1"))
    with transaction() as session:
        session.get_one(Pair, two.pair_id).contact_stopped_at = NOON

    for act in (
        lambda: two.say(two.bob, "More", "form-2"),
        lambda: talk.edit(message, "Other", by=two.bob, now=NOON),
        lambda: talk.remove(message, by=two.bob, now=NOON),
        lambda: shelves.add_link(two.at.programme_id, two.pair_id, two.bob, LINK, shelf=ROOM, once="a", now=NOON),
    ):
        with pytest.raises(RuleBroken):
            act()
    assert list(db.session.scalars(select(Message.text))) == ["Hello"]
    assert count(Resource) == 0


def test_what_was_seen_stays_seen_when_older_messages_are_looked_at(two: Two) -> None:
    first, second = two.say(two.bob, "One", "form-1"), two.say(two.bob, "Two", "form-2")
    before = unread(two.dana, two.at.programme_id, two.pair_id)

    for number in (second, first, second):
        talk.note_read(two.dana, two.at.programme_id, two.pair_id, number)

    assert before == (2, NOON)
    assert unread(two.dana, two.at.programme_id, two.pair_id) == (0, None)
    assert unread(two.bob, two.at.programme_id, two.pair_id) == (0, None)


def test_a_persons_words_and_files_are_handed_out_whole_and_gone_once_they_are_erased(two: Two) -> None:
    number = two.say(two.bob, "I am Bob, call me", "form-1")
    two.say(two.dana, "I am Dana", "form-1")
    make.report(two.at, number, two.dana)
    make.resource(two.at, two.pair_id, two.bob, b"Bob's diary")
    kept = make.resource(two.at, two.pair_id, two.dana, b"Dana's notes")
    shelves.say(db.session.get_one(Resource, kept), "Bob liked it", by=two.bob, now=NOON)
    talk.note_read(two.bob, two.at.programme_id, two.pair_id, number)

    handed_out = export_person(two.bob, by=two.alice, now=NOON)
    erase_person(two.bob, by=two.alice, now=NOON + timedelta(days=1))

    assert [one["text"] for one in handed_out["message"]] == ["I am Bob, call me"]
    assert handed_out["resource_file"][0]["content"] == "Qm9iJ3MgZGlhcnk="
    assert sorted(db.session.scalars(select(Message.text))) == ["", "I am Dana"]
    assert db.session.get_one(Message, number).removed_by == "writer"
    assert list(db.session.scalars(select(MessageReport.words))) == [""]
    assert list(db.session.scalars(select(Resource.id))) == [kept]
    assert count(ResourceFile) == 1
    assert count(ResourceTip) == count(ReadUpTo) == 0


def test_a_registration_goes_with_everything_that_was_written_under_it(two: Two) -> None:
    number = two.say(two.bob, "Hello", "form-1")
    make.report(two.at, number, two.dana)
    make.resource(two.at, two.pair_id, two.bob)
    make.announcement(two.at, two.alice)
    talk.open_conversation(db.session.get_one(Pair, two.pair_id), "Why", by=two.alice, now=NOON)
    talk.note_read(two.dana, two.at.programme_id, two.pair_id, number)

    with transaction():
        delete_registration(two.at.registration_id)

    for table in (Message, MessageReport, Resource, ResourceFile, Announcement, ReadUpTo):
        assert count(table) == 0, table


def test_the_library_has_its_own_room(two: Two) -> None:
    full = replace(ROOM, most_bytes=3)

    with pytest.raises(RuleBroken):
        shelves.add_file(
            two.at.programme_id,
            None,
            two.alice,
            name="notes.txt",
            content=b"Four",
            title="",
            note="",
            shelf=full,
            once="form-1",
            now=NOON,
        )
    assert count(Resource) == 0
