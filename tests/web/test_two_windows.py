"""Two windows, two devices, and staff who edit the questionnaire meanwhile: no answer is lost."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask

from lti_tool.actions.questionnaire import rearrange, save_question
from lti_tool.mentoring.editing import fingerprint, hidden, with_labels, without
from lti_tool.mentoring.questionnaire import Question, questionnaire_from_json
from lti_tool.store.db import db
from lti_tool.store.programme import Programme
from tests import make
from tests.conftest import Clock
from tests.outside import look_again
from tests.pages import only
from tests.web.answering import ticked
from tests.web.joining import Bob, Browsers


@pytest.fixture
def bob(app: Flask, clock: Clock, pages: Browsers) -> Bob:
    """Bob, who has chosen to be a mentee."""
    bob = Bob.arrived(make.setting(), clock, pages)
    bob.choose()
    return bob


@pytest.fixture
def alice(bob: Bob) -> int:
    """Alice, who teaches the course."""
    return make.person(bob.at, "Alice Ashford", role="instructor")


def question(bob: Bob, key: str) -> Question:
    """A question as it is saved now."""
    look_again()
    return questionnaire_from_json(db.session.get_one(Programme, bob.at.programme_id).questionnaire).question(key)


def change(bob: Bob, alice: int, clock: Clock, changed: Question) -> None:
    """Alice saves a question."""
    was = fingerprint(question(bob, changed.key))
    assert save_question(bob.at.programme_id, changed, was=was, by=alice, now=clock.now).is_done


def test_two_windows_write_different_answers_of_one_page(bob: Bob, pages: Browsers) -> None:
    other = bob.in_window(pages())
    here, there = bob.open("join/questions/studies"), other.open("join/questions/studies")

    bob.send_only("studies", here, aims=["pass"])
    other.send_only("studies", there, stage="later")

    assert bob.enrolment.answers == {"aims": ["pass"], "stage": "later"}


def test_the_same_answer_from_two_windows_is_shown_twice_and_the_person_chooses(bob: Bob, pages: Browsers) -> None:
    other = bob.in_window(pages())
    here, there = bob.open("join/questions/studies"), other.open("join/questions/studies")
    bob.send_only("studies", here, aims=["pass"])

    page = other.send_only("studies", there, 422, aims=["career"], stage="later")

    assert bob.enrolment.answers == {"aims": ["pass"], "stage": "later"}
    assert ticked(page, "aims") == ["career"]
    choices = page.select("input[name=settle-aims]")
    assert [one.find_parent("div").get_text(strip=True).partition(": ")[2] for one in choices] == [  # type: ignore[union-attr]  # each stands in one
        "A career in the field",
        "Passing comfortably",
    ]
    other.send_only("studies", page, 422, aims=["career"])  # without a choice nothing happens
    other.send_only("studies", page, **{"aims": ["career"], "settle-aims": str(choices[0]["value"])})
    assert bob.enrolment.answers["aims"] == ["career"]


def test_who_keeps_what_is_saved_loses_nothing_else(bob: Bob, pages: Browsers) -> None:
    other = bob.in_window(pages())
    here, there = bob.open("join/questions/studies"), other.open("join/questions/studies")
    bob.send_only("studies", here, aims=["pass"])

    page = other.send_only("studies", there, 422, aims=["career"])
    other.send_only("studies", page, **{"aims": ["career"], "stage": "later", "settle-aims": "there"})

    assert bob.enrolment.answers == {"aims": ["pass"], "stage": "later"}


def test_two_devices_at_the_same_moment_lose_no_answer(app: Flask, bob: Bob, pages: Browsers) -> None:
    keys = {"aims": ["pass"], "stage": "later", "way_planning": "2", "way_rhythm": "4"}
    windows = [bob.in_window(pages()) for _key in keys]
    drawn = [window.open("join/questions/studies") for window in windows]
    app_context_free = list(zip(windows, drawn, keys.items(), strict=True))

    with ThreadPoolExecutor(len(keys)) as pool:
        list(pool.map(lambda one: one[0].send_only("studies", one[1], **{one[2][0]: one[2][1]}), app_context_free))

    assert bob.enrolment.answers == keys


def test_role_and_time_zone_of_two_windows_do_not_overwrite_each_other(bob: Bob, pages: Browsers) -> None:
    other = bob.in_window(pages())
    here, there = bob.open("join/"), other.open("join/")

    bob.pages.submit(here, "/me/join/", {"role": "mentor", "time_zone": "Europe/London"}, status=303)
    other.pages.submit(there, "/me/join/", {"role": "mentee", "time_zone": "Asia/Tokyo"}, status=303)

    assert (bob.enrolment.role, bob.enrolment.time_zone) == ("mentor", "Asia/Tokyo")


@pytest.mark.parametrize("way", ["hidden", "removed"])
def test_an_answer_to_a_question_that_is_taken_out_meanwhile_is_kept(
    way: str, bob: Bob, alice: int, clock: Clock
) -> None:
    page = bob.open("join/questions/studies")
    rearrange(
        bob.at.programme_id,
        lambda present: hidden(present, "aims", is_hidden=True) if way == "hidden" else without(present, "aims"),
        what=way,
        by=alice,
        now=clock.now,
    )

    bob.send_only("studies", page, aims=["pass"], stage="later")

    assert bob.enrolment.answers == {"aims": ["pass"], "stage": "later"}
    assert "aims" not in str(bob.open("join/questions/studies"))


def test_a_choice_that_is_taken_away_meanwhile_is_kept(bob: Bob, alice: int, clock: Clock) -> None:
    page = bob.open("join/questions/studies")
    change(bob, alice, clock, with_labels(question(bob, "aims"), {"pass": ""}, []))

    again = bob.send_only("studies", page, 422, aims=["pass"], stage="later")
    bob.send_only("studies", again)

    assert "no longer offered" in again.get_text()
    assert bob.enrolment.answers == {"aims": ["pass"], "stage": "later"}


def test_an_answer_to_a_question_that_was_reworded_waits_for_another_look(bob: Bob, alice: int, clock: Clock) -> None:
    page = bob.open("join/questions/studies")
    change(bob, alice, clock, replace(question(bob, "aims"), wording="What are you afraid of?"))

    again = bob.send_only("studies", page, 422, aims=["pass"], stage="later")

    assert bob.enrolment.answers == {"stage": "later"}
    assert "What are you afraid of?" in again.get_text()
    assert ticked(again, "aims") == ["pass"]
    bob.send_only("studies", again)
    assert bob.enrolment.answers["aims"] == ["pass"]


def test_a_question_that_becomes_visible_to_others_is_not_answered_unseen(bob: Bob, alice: int, clock: Clock) -> None:
    page = bob.open("join/questions/partner")
    note = question(bob, "note_to_partner")
    change(bob, alice, clock, replace(note, seen_by=question(bob, "aims").seen_by))

    again = bob.send_only("partner", page, 422, note_to_partner="For my partner alone.")

    assert "note_to_partner" not in bob.enrolment.answers
    assert only(again, "textarea").get_text().strip() == "For my partner alone."


def test_a_question_that_is_added_meanwhile_is_asked_before_going_on(bob: Bob, alice: int, clock: Clock) -> None:
    page = bob.open("join/questions/studies")
    aims = question(bob, "aims")
    new = replace(aims, key="own", wording="And why?", is_required=True)
    assert save_question(bob.at.programme_id, new, was="", by=alice, now=clock.now).is_done

    bob.send_only("studies", page, stage="later")
    again = bob.pages.follow()

    assert bob.enrolment.answers == {"stage": "later"}
    assert "And why?" in again.get_text()


def test_staff_and_students_who_save_at_the_same_moment_lose_nothing(
    bob: Bob, alice: int, clock: Clock, pages: Browsers, app: Flask
) -> None:
    windows = [bob.in_window(pages()) for _number in range(2)]
    drawn = [window.open("join/questions/studies") for window in windows]

    def edit(_number: int) -> None:
        with app.app_context():
            rearrange(
                bob.at.programme_id,
                lambda present: hidden(present, "way_focus", is_hidden=True),
                what="hide",
                by=alice,
                now=clock.now,
            )

    with ThreadPoolExecutor(3) as pool:
        jobs = [
            pool.submit(windows[0].send_only, "studies", drawn[0], aims=["pass"]),
            pool.submit(edit, 0),
            pool.submit(windows[1].send_only, "studies", drawn[1], way_focus="1"),
        ]
        for job in jobs:
            job.result()

    assert bob.enrolment.answers == {"aims": ["pass"], "way_focus": "1"}
    assert question(bob, "way_focus").is_hidden


def test_who_goes_on_later_finds_everything_on_another_device(bob: Bob, pages: Browsers) -> None:
    page = bob.open("join/questions/help")
    bob.send_only("help", page, **{"help_wanted-1": "writing", "help_wanted-2": "exams", "later": "yes"})
    page = bob.open("join/questions/times")
    bob.send_only("times", page, meeting_modes=["video"], later="yes")  # what is required is open still

    there = bob.in_window(pages())

    assert ticked(there.open("join/questions/help"), "help_wanted-") == ["writing", "exams"]
    assert ticked(there.open("join/questions/times"), "meeting_modes") == ["video"]
    assert "missing" in there.open("join/questions").get_text()


def test_a_page_that_saves_itself_is_found_on_another_device_and_goes_on_without_a_clash(
    bob: Bob, pages: Browsers
) -> None:
    page = bob.open("join/questions/studies")
    drawn = bob.save_quietly("studies", page, aims=["pass"])
    other = bob.in_window(pages())

    assert ticked(other.open("join/questions/studies"), "aims") == ["pass"]
    bob.send_only("studies", page, **{"aims": ["career"], **drawn})
    assert bob.enrolment.answers == {"aims": ["career"]}


def test_a_page_that_saves_itself_does_not_take_another_windows_answer_for_its_own(bob: Bob, pages: Browsers) -> None:
    other = bob.in_window(pages())
    here, there = bob.open("join/questions/studies"), other.open("join/questions/studies")
    bob.send_only("studies", here, aims=["pass"])

    drawn = other.save_quietly("studies", there, stage="later")
    other.send_only("studies", there, **{"stage": "later", **drawn})

    assert set(drawn) == {"was-stage"}
    assert bob.enrolment.answers == {"aims": ["pass"], "stage": "later"}


def test_a_page_that_saves_itself_keeps_what_is_in_order_and_says_what_is_not(bob: Bob) -> None:
    page = bob.open("join/questions/about")

    drawn = bob.save_quietly("about", page, is_whole=False, interests=["running"], interests_own="x" * 10_000)

    assert set(drawn) == {"was-interests"}
    assert bob.enrolment.answers == {"interests": ["running"]}
