"""Groups of three, pairs of equals, swaps and circles on the board, and scenarios with other weights and rules."""

import pytest
from flask import Flask

from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment, Wish
from lti_tool.store.matching import Scenario, pairs_in, running_pairs
from lti_tool.store.pairs import members_of
from lti_tool.store.people import find_member
from lti_tool.store.programme import Programme
from tests import make
from tests.conftest import Clock
from tests.outside import look_again
from tests.web.matching import Board, Browsers, draft


@pytest.fixture
def board(app: Flask, clock: Clock, pages: Browsers) -> Board:
    """A draft in which Zoe has nobody, since nobody is free when she is."""
    return draft(clock, pages)


def what_if(board: Board, **fields: str) -> Scenario:
    """Staff ask for a scenario, and the worker comes by."""
    board.pages.submit(board.open("what-if/"), "/what-if/", fields, status=303)
    board.compute()
    return board.scenarios[-1]


def names_together(board: Board) -> set[frozenset[str]]:
    """Who is in a running pair with whom."""
    look_again()
    names = {number: name for name, number in board.people.items()}
    return {
        frozenset(names[one.enrolment.id] for one in members_of(pair.id))
        for pair in running_pairs(board.at.programme_id)
    }


def test_somebody_left_over_joins_a_pair_and_the_three_have_one_page(board: Board) -> None:
    fair = board.scenarios[0]
    board.open("without", query_string={"scenario": fair.id})
    choices = board.open("triad/", query_string={"scenario": fair.id, "who": board.people["Zoe"]})
    mentee, mentor = min(board.links(fair))
    effect = board.effect("join", fair, mentee=mentee, mentor=mentor, other="Zoe")
    assert "What would it mean?" in choices.get_text()
    assert "They have too little free time in common." in effect.get_text()

    board.send(effect, "/edit/do", why="nobody else is free")
    edited = board.scenarios[-1]
    assert edited.matched_mentees == 4
    assert "Group of 3" in board.open(query_string={"scenario": edited.id}).get_text(" ", strip=True)
    board.publish(edited)

    assert frozenset({mentee, mentor, "Zoe"}) in names_together(board)
    page = board.student("Zoe").open()
    assert f"{mentor} Example" in page.get_text()
    assert f"{mentee} Example" in page.get_text()


def test_whoever_joined_can_be_taken_out_again(board: Board) -> None:
    fair = board.scenarios[0]
    mentee, mentor = min(board.links(fair))
    board.do("join", fair, mentee=mentee, mentor=mentor, other="Zoe")
    edited = board.scenarios[-1]
    page = board.open(
        "edit/pair",
        query_string={"scenario": edited.id, "mentee": board.people[mentee], "mentor": board.people[mentor]},
    )
    assert "Take out of the group" in page.get_text()

    board.do("leave", edited, mentee=mentee, mentor=mentor, other="Zoe")

    look_again()
    assert all(not pair.others for pair in pairs_in(edited.id))
    assert db.session.get_one(Scenario, edited.id).matched_mentees == 3
    assert "Zoe Example" in board.open("without", query_string={"scenario": edited.id}).get_text()


def test_a_mentor_without_anybody_becomes_a_second_mentor(board: Board) -> None:
    board.send(board.open(), "/discard")
    board.joins("Mia", "mentor", availability=["sun-20"])
    board.send(board.open(), "/propose")
    board.compute()
    fair = board.scenarios[0]
    mentee, mentor = min(board.links(fair))

    board.do("join", fair, mentee=mentee, mentor=mentor, other="Mia")
    board.publish(board.scenarios[-1])

    (three,) = [one for one in names_together(board) if "Mia" in one]
    assert three == {mentee, mentor, "Mia"}
    roles = {
        one.enrolment.id: one.member.role
        for pair in running_pairs(board.at.programme_id)
        for one in members_of(pair.id)
    }
    assert roles[board.people["Mia"]] == "mentor"


def test_when_one_of_a_drafted_group_leaves_the_others_still_begin(board: Board) -> None:
    fair = board.scenarios[0]
    mentee, mentor = min(board.links(fair))
    board.do("join", fair, mentee=mentee, mentor=mentor, other="Zoe")
    row = db.session.get_one(Enrolment, board.people[mentee])
    row.state = "withdrawn"
    db.session.commit()

    board.publish(board.scenarios[-1])

    assert frozenset({mentor, "Zoe"}) in names_together(board)
    assert not any(mentee in one for one in names_together(board))


def test_among_equals_everybody_is_in_a_pair_and_the_odd_one_in_a_group_of_three(board: Board) -> None:
    zoe = db.session.get_one(Enrolment, board.people["Zoe"])
    zoe.answers = make.fitting_answers("mentee")
    db.session.commit()
    board.joins("Eve", "mentee")

    found = what_if(board, among="equals")
    page = board.open(query_string={"scenario": found.id})
    board.publish(found)

    assert found.outcome["bound_ppm"] >= found.outcome["total_ppm"] > 0
    assert "Nothing" in page.get_text() or "at most" in page.get_text()
    groups = names_together(board)
    assert sorted(len(one) for one in groups) == [2, 2, 3]
    assert set.union(*map(set, groups)) == set(board.people)
    assert {pair.kind for pair in running_pairs(board.at.programme_id)} == {"peer"}
    assert "The mentor could" not in board.student("Eve").open().get_text()


def test_a_swap_gives_each_of_the_two_a_card(board: Board) -> None:
    board.send(board.open(), "/discard")
    for name, wanted, offered in (("Ada", "writing", "exams"), ("Ann", "exams", "writing")):
        board.joins(name, "swap", help_wanted=[wanted], help_offered=[offered], mentee_limit=1)
    board.send(board.open(), "/propose")
    board.compute()

    found = what_if(board, among="swaps")
    (pair,) = pairs_in(found.id)
    staff = board.open(
        "edit/pair", query_string={"scenario": found.id, "mentee": pair.mentee_id, "mentor": pair.mentor_id}
    )
    board.publish(found)
    (running,) = running_pairs(board.at.programme_id)
    ada = board.student("Ada").open(f"pairs/{running.id}/")

    assert {pair.mentor_id, pair.mentee_id} == {board.people["Ada"], board.people["Ann"]}
    assert "Ada Example helps Ann Example: Exam preparation" in staff.get_text(" ", strip=True)
    assert "You help Ann Example" in ada.get_text(" ", strip=True)
    assert "Ann Example helps you" in ada.get_text(" ", strip=True)


def test_circles_are_of_three_or_four(board: Board) -> None:
    zoe = db.session.get_one(Enrolment, board.people["Zoe"])
    zoe.answers = make.fitting_answers("mentee")
    db.session.commit()

    board.publish(what_if(board, among="circles", circle_size="3"))

    assert [len(one) for one in names_together(board)] == [3, 3]


def test_pairs_of_equals_are_not_changed_one_by_one(board: Board) -> None:
    found = what_if(board, among="equals")
    pair = pairs_in(found.id)[0]

    page = board.pages.get(
        f"{board.path}matching/edit/effect",
        query_string={"kind": "part", "scenario": found.id, "mentee": pair.mentee_id, "mentor": pair.mentor_id},
        status=303,
    )

    assert page is not None
    assert "found as a whole" in board.pages.follow().get_text()


def test_another_weight_holds_for_its_scenario_only(board: Board) -> None:
    before = dict(db.session.get_one(Programme, board.at.programme_id).questionnaire)

    found = what_if(board, name="Interests first", **{"weight-interests": "must", "weight-availability": "off"})

    assert found.name == "Interests first"
    assert found.changes["weights"] == {"interests": "must", "availability": "off"}
    look_again()
    assert db.session.get_one(Programme, board.at.programme_id).questionnaire == before


def test_pairs_stay_within_a_group_of_the_lms_where_a_scenario_asks_for_it(board: Board) -> None:
    with transaction():
        for name, enrolment in board.people.items():
            person = db.session.get_one(Enrolment, enrolment).person_id
            member = find_member(board.at.course_id, person)
            assert member
            member.group_ids = ["g-1" if name in {"Bob", "Dana"} else "g-2"]

    found = what_if(board, same_group="yes")

    assert {mentee for mentee, mentor in board.links(found) if mentor == "Bob"} == {"Dana"}
    assert "Dana" not in {mentee for mentee, mentor in board.links(found) if mentor != "Bob"}


def test_a_hard_rule_that_is_lifted_brings_everybody_a_partner(board: Board) -> None:
    found = what_if(board, overlap_minutes="0")

    assert found.changes["overlap_minutes"] == 0
    assert found.matched_mentees == 4
    difference = board.open("scenarios/difference", query_string={"one": board.scenarios[0].id, "other": found.id})
    assert "Zoe Example" in difference.get_text()


@pytest.mark.parametrize("wrong", [{"overlap_minutes": "soon"}, {"overlap_minutes": "9999"}])
def test_what_is_wrong_is_said_and_everything_else_stays(board: Board, wrong: dict[str, str]) -> None:
    page = board.pages.submit(
        board.open("what-if/"), "/what-if/", {"name": "Sooner", "weight-interests": "high", **wrong}, status=422
    )

    assert "from 0 to 600" in page.get_text()
    assert page.select_one("#f-name")["value"] == "Sooner"
    assert page.select_one("#f-weight-interests option[selected]")["value"] == "high"


def test_a_questionnaire_of_which_nothing_counts_is_refused(board: Board) -> None:
    form = board.open("what-if/")
    off = {one["name"]: "off" for one in form.select("select[name^=weight-]")}

    page = board.pages.submit(form, "/what-if/", off, status=422)

    assert "At least one question has to count." in page.get_text()


def test_a_student_reads_why_not_somebody_else_and_nothing_about_wishes(board: Board) -> None:
    board.publish(board.scenarios[0])
    pair = next(one for one in running_pairs(board.at.programme_id) if one.mentee_id == board.people["Dana"])
    mentor = next(name for name, number in board.people.items() if number == pair.mentor_id)
    other = {"Bob": "Ben", "Ben": "Bob"}[mentor]
    dana, row = board.student("Dana"), db.session.get_one(Enrolment, board.people[other])
    person = row.person_id

    found = dana.open(f"pairs/{pair.id}/why/", query_string={"q": other})
    same = dana.open(f"pairs/{pair.id}/why/", query_string={"person": person})
    row = db.session.get_one(Enrolment, board.people[other])
    row.answers = {**row.answers, "availability": ["sun-20"]}
    db.session.commit()
    apart = dana.open(f"pairs/{pair.id}/why/", query_string={"person": person})
    db.session.add(Wish(enrolment_id=board.people[other], person_id=dana.person_id, kind="apart"))
    db.session.commit()
    secret = dana.open(f"pairs/{pair.id}/why/", query_string={"person": person})

    assert f"{other} Example" in found.get_text()
    assert "fit your partner’s at least as well" in same.get_text()
    assert "too little free time in common" in apart.get_text()
    assert "Pairs are chosen so that everybody has a partner" in secret.get_text()
    assert "wish" not in secret.select_one("main .notice").get_text()


def test_nobody_reads_the_reasons_of_two_others_in_their_group(board: Board) -> None:
    fair = board.scenarios[0]
    mentee, mentor = min(board.links(fair))
    board.do("join", fair, mentee=mentee, mentor=mentor, other="Zoe")
    board.publish(board.scenarios[-1])
    pair = next(one for one in running_pairs(board.at.programme_id) if one.others)

    zoe = board.student("Zoe").open(f"pairs/{pair.id}/")

    assert f"You and {mentor} Example" in zoe.get_text()
    assert "Hours each week when you are both free" not in zoe.get_text()
    assert "Hours each week when you are both free" in board.student(mentee).open(f"pairs/{pair.id}/").get_text()


def test_everybody_may_get_two_different_mentors_and_every_mentor_somebody(board: Board) -> None:
    two = what_if(board, two_mentors="yes")
    everybody = what_if(board, everybody="yes")

    assert {len(set(mentors)) for mentors in _mentors(board, two).values()} <= {1, 2}
    assert 2 in {len(mentors) for mentors in _mentors(board, two).values()}
    assert {mentor for _mentee, mentor in board.links(everybody)} == {"Bob", "Ben"}
    board.publish(two)
    assert len(running_pairs(board.at.programme_id)) == len(board.links(two))


def _mentors(board: Board, scenario: Scenario) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for mentee, mentor in board.links(scenario):
        found.setdefault(mentee, []).append(mentor)
    return found
