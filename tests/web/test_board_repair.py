"""Late joiners, drop-outs and re-matches on the board: running pairs stay but for as many as staff allow."""

import pytest
from flask import Flask

from lti_tool.actions.enrolment import withdraw
from lti_tool.actions.participation import person_ledger
from lti_tool.actions.workspace import check_in
from lti_tool.store.db import db
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import Pair, running_pairs
from lti_tool.store.nudges import Nudge
from lti_tool.store.programme import Programme
from tests.conftest import Clock
from tests.outside import look_again
from tests.web.matching import Board, Browsers, draft


@pytest.fixture
def board(app: Flask, clock: Clock, pages: Browsers) -> Board:
    """Pairs that run: Bob and Ben have Dana, Dora and Dirk between them; Zoe has nobody."""
    made = draft(clock, pages)
    made.publish(made.scenarios[0])
    return made


def running(board: Board) -> dict[tuple[str, str], Pair]:
    """The pairs that run, by name, the mentee first."""
    look_again()
    names = {number: name for name, number in board.people.items()}
    return {(names[pair.mentee_id], names[pair.mentor_id]): pair for pair in running_pairs(board.at.programme_id)}


def ask(board: Board, **fields: object) -> None:
    """Staff ask for a repair, and the worker comes by."""
    page = board.open("repair/", query_string={"pair": fields["pair"]} if "pair" in fields else {})
    board.pages.submit(page, "/repair/", {"may_change": str(fields.get("may_change", 0))}, status=303)
    board.compute()


def test_who_joins_late_gets_a_free_place_and_nobody_moves(board: Board) -> None:
    before = running(board)
    board.joins("Eve", "mentee")
    ask(board)

    page = board.open()
    (found,) = board.scenarios
    board.publish(found)

    assert {mentee for mentee, _mentor in board.links(found)} == {"Eve"}
    assert "No running pair ends" in page.get_text()
    after = running(board)
    assert before.keys() < after.keys()
    assert len(after) == 4


def test_a_repair_shows_what_each_changed_pair_gains_and_ends_only_those(board: Board) -> None:
    """Eve can only meet at Bob’s odd hour, and Bob is full: one of his two has to go to Ben."""
    before = running(board)
    full, other = ("Bob", "Ben") if sum(mentor == "Bob" for _mentee, mentor in before) == 2 else ("Ben", "Bob")
    row = db.session.get_one(Enrolment, board.people[full])
    row.answers = {**row.answers, "availability": [*row.answers["availability"], "sat-08", "sat-10"]}
    row.capacity = 2
    db.session.commit()
    board.joins("Eve", "mentee", availability=["sat-08", "sat-10"])
    ask(board, may_change=0)
    assert board.scenarios[0].outcome["ends"] == []
    assert board.links(board.scenarios[0]) == set()
    board.send(board.open(), "/discard")

    ask(board, may_change=1)
    page = board.open()
    (found,) = board.scenarios

    steps = found.outcome["steps"]
    assert [step["gained"] for step in steps] == [0, 1]
    assert ("Eve", full) in board.links(found)
    assert "1 running pair ends" in page.get_text()
    assert "cannot be taken back" in page.get_text()
    board.publish(found)
    after = running(board)
    moved = next(link for link in before if link not in after)
    assert moved[1] == full
    assert {("Eve", full), (moved[0], other)} <= after.keys()
    look_again()
    ended = db.session.get_one(Pair, before[moved].id)
    assert (ended.state, ended.end_reason) == ("ended", "staff")


def test_points_of_a_pair_that_a_repair_ends_stay(board: Board) -> None:
    link, pair = next(iter(running(board).items()))
    mentee = board.people[link[0]]
    programme = db.session.get_one(Programme, board.at.programme_id)
    check_in(pair.id, mentee, 1, {"met": "yes"}, now=board.clock.now)
    look_again()
    earned = person_ledger(mentee, programme, now=board.clock.now)
    assert earned
    board.joins("Mia", "mentor")
    ask(board, pair=pair.id)

    (found,) = board.scenarios
    board.publish(found)

    look_again()
    assert db.session.get_one(Pair, pair.id).end_reason == "rematch"
    assert link not in running(board)
    assert any(mentee_name == link[0] for mentee_name, _mentor in running(board))
    kept = person_ledger(mentee, programme, now=board.clock.now)
    assert kept
    assert (kept.points or 0) >= (earned.points or 0)


def test_a_rematch_never_puts_the_same_two_together_again(board: Board) -> None:
    link, pair = next((link, pair) for link, pair in running(board).items())
    ask(board, pair=pair.id)

    (found,) = board.scenarios

    assert link not in board.links(found)
    assert found.outcome["ends"] == [pair.id]


def test_whoever_lost_a_partner_is_matched_again(board: Board) -> None:
    """Somebody leaves: the pair that was theirs ends with the repair at the latest, and the one left gets another."""
    link = next(link for link in running(board) if sum(one[1] == link[1] for one in running(board)) == 1)
    withdraw(board.people[link[1]], now=board.clock.now)
    board.joins("Mia", "mentor")
    ask(board)

    (found,) = board.scenarios
    board.publish(found)

    assert link not in running(board)
    assert (link[0], "Mia") in running(board)


def test_a_repair_that_ended_pairs_is_not_taken_back(board: Board) -> None:
    pair = next(iter(running(board).values()))
    board.joins("Mia", "mentor")
    ask(board, pair=pair.id)
    (found,) = board.scenarios

    page = board.publish(found)

    assert "cannot be taken back" in page.get_text()
    assert not page.select("form[action$='/undo']")


def test_a_pair_of_another_programme_cannot_be_given_up(board: Board) -> None:
    board.open("repair/", query_string={"pair": 4711}, status=404)


def test_everybody_concerned_is_told_once(board: Board) -> None:
    look_again()
    written = db.session.scalars(db.select(Nudge.person_id).where(Nudge.kind == "published")).all()

    assert len(written) == len(set(written)) == 6
    assert (
        db.session.scalars(db.select(Nudge.problem).where(Nudge.kind == "published")).all()
        == ["This tool is not set up to send mail."] * 6
    )
    dana = board.student("Dana")
    assert "You have a partner now" in dana.open().get_text()
    assert "You have a partner now" not in dana.open().get_text()


def test_a_repair_waits_until_the_draft_can_be_looked_at_and_then_joins_it(board: Board) -> None:
    board.joins("Eve", "mentee")
    board.send(board.open(), "/propose")
    early = board.send(board.open("repair/"), "/repair/", may_change="0")
    board.compute()
    board.send(board.open("repair/"), "/repair/", may_change="0")
    board.compute()

    assert "Ask again when they are there" in early.get_text()
    assert [one.kind for one in board.scenarios] == ["computed", "computed", "repair"]
    assert len({frozenset(board.links(one)) for one in board.scenarios}) == 1
