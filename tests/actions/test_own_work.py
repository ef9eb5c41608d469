"""What people do alone for their points, on both databases: kept once, taken back, and nobody else's."""

from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.actions.hours import log_hours, take_back_hours
from lti_tool.actions.participation import person_ledger
from lti_tool.actions.peer_cases import save_peer_case
from lti_tool.actions.solo_work import do_alone
from lti_tool.actions.surveys import note_sent
from lti_tool.mentoring.hours import MOST_ENTRIES, Hours
from lti_tool.mentoring.ledgers import Entry
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.schemes import Kind
from lti_tool.mentoring.solo_work import Solo, SoloKind
from lti_tool.store.db import db, transaction
from lti_tool.store.hours import hours_page, hours_total
from lti_tool.store.matching import Pair
from lti_tool.store.participation import HoursEntry, LedgerTotal
from lti_tool.store.privacy import everything_about, make_nameless
from lti_tool.store.programme import Programme
from lti_tool.store.solo_work import solo_work_of, solo_work_page
from tests import make
from tests.conftest import NOON

WORK = Solo(kind=SoloKind.AGENDA, words="Three points")
HOURS = Hours(on=date(2026, 9, 14), minutes=90, words="Prepared a meeting")


@dataclass
class Duo:
    """Bob and Dana as a pair."""

    at: make.Setting
    pair_id: int
    bob: int
    dana: int
    dana_person: int


@pytest.fixture
def duo(app: Flask) -> Duo:
    """A pair in a practicum."""
    at = make.setting(participation="practicum")
    alice, bob, dana = (make.person(at, name) for name in ("Alice Ashford", "Bob Birchwood", "Dana Dewdrop"))
    mentor, mentee = make.enrolment(at, bob, role="mentor"), make.enrolment(at, dana, role="mentee")
    return Duo(at=at, pair_id=make.pair(at, mentor, mentee, by=alice), bob=mentor, dana=mentee, dana_person=dana)


def entry(duo: Duo, kind: Kind, who: int = 0) -> Entry:
    """One line of Bob's ledger, or of somebody else's."""
    db.session.expire_all()
    found = person_ledger(who or duo.bob, db.session.get_one(Programme, duo.at.programme_id), now=NOON)
    assert found
    return next(one for one in found.entries if one.kind is kind)


def test_the_same_form_twice_is_one_piece_of_work(duo: Duo) -> None:
    for once in ("a", "a", "b"):
        do_alone(duo.pair_id, duo.dana, WORK, once=once, now=NOON)

    assert len(solo_work_of(duo.pair_id, duo.dana)) == 2
    assert solo_work_of(duo.pair_id, duo.bob) == []
    assert solo_work_page(duo.at.programme_id, page=1)[1] == 2


@pytest.mark.parametrize("changes", [{"state": "paused"}, {"state": "ended"}, {"contact_stopped_at": NOON}])
def test_a_pair_in_which_nothing_can_be_written_takes_no_work(duo: Duo, changes: dict[str, object]) -> None:
    with transaction() as session:
        for name, value in changes.items():
            setattr(session.get_one(Pair, duo.pair_id), name, value)

    with pytest.raises(RuleBroken):
        do_alone(duo.pair_id, duo.dana, WORK, once="a", now=NOON)

    assert solo_work_of(duo.pair_id, duo.dana) == []


def test_somebody_who_is_not_in_the_pair_writes_nothing_there(duo: Duo) -> None:
    ned = make.enrolment(duo.at, make.person(duo.at, "Ned Nearby"), role="mentor")

    with pytest.raises(RuleBroken):
        do_alone(duo.pair_id, ned, WORK, once="a", now=NOON)


def test_hours_are_kept_once_and_taken_back_by_their_owner_alone(duo: Duo) -> None:
    for once in ("a", "a", "b"):
        log_hours(duo.bob, HOURS, once=once, now=NOON)
    entry = hours_page(duo.bob, page=1)[0].id

    take_back_hours(duo.dana, entry, now=NOON)
    before = hours_total(duo.bob)
    take_back_hours(duo.bob, entry, now=NOON)
    take_back_hours(duo.bob, entry, now=NOON)

    assert before == (2, 180)
    assert hours_total(duo.bob) == (1, 90)


def test_a_log_has_an_end(duo: Duo) -> None:
    with transaction() as session:
        for number in range(MOST_ENTRIES):
            row = HoursEntry(enrolment_id=duo.bob, worked_on=HOURS.on, minutes=1, words="x")
            row.logged_at, row.once = NOON, str(number)
            session.add(row)

    with pytest.raises(RuleBroken):
        log_hours(duo.bob, HOURS, once="one more", now=NOON)

    assert hours_total(duo.bob) == (MOST_ENTRIES, MOST_ENTRIES)


def test_points_are_counted_with_each_thing_that_is_done(duo: Duo) -> None:
    log_hours(duo.bob, HOURS, once="a", now=NOON)
    hours = entry(duo, Kind.HOURS)
    take_back_hours(duo.bob, hours_page(duo.bob, page=1)[0].id, now=NOON)
    save_peer_case(duo.bob, "He came late.", hand_in=True, headings=(), version=0, now=NOON)
    note_sent(duo.dana, now=NOON)

    total = db.session.scalars(select(LedgerTotal).filter_by(enrolment_id=duo.bob)).one()
    survey = entry(duo, Kind.SURVEY, duo.dana)

    assert hours.reason.text % hours.reason.values == "You logged 1 of 20 hours."
    assert entry(duo, Kind.PEER_CASE).is_done
    assert not entry(duo, Kind.HOURS).earned
    assert total.counted_at == NOON
    assert survey.is_done


def test_a_draft_of_a_case_is_worth_nothing(duo: Duo) -> None:
    save_peer_case(duo.bob, "He came late.", hand_in=False, headings=(), version=0, now=NOON)

    assert not entry(duo, Kind.PEER_CASE).is_done


def test_what_somebody_did_alone_is_handed_out_and_their_words_can_be_emptied(duo: Duo) -> None:
    do_alone(duo.pair_id, duo.dana, WORK, once="a", now=NOON)
    log_hours(duo.dana, HOURS, once="a", now=NOON)

    handed_out = str(everything_about(duo.dana_person))
    with transaction():
        make_nameless(duo.dana_person, "erased-1")
    db.session.expire_all()

    assert WORK.words in handed_out
    assert HOURS.words in handed_out
    assert [one.words for one in solo_work_of(duo.pair_id, duo.dana)] == [""]
    assert [(one.words, one.minutes) for one in hours_page(duo.dana, page=1)] == [("", 90)]
