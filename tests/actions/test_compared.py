"""The gradebook read back: confirmed, changed there, lost there; staff decide, and nothing is written over before."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from lti_tool.actions.decisions import keep_theirs, say_cleared, thaw, use_ours
from lti_tool.actions.gradebook import ask_for_column, ask_to_send, compare_now, try_again
from lti_tool.actions.nightly import ask_by_night
from lti_tool.actions.programme import copy_programme
from lti_tool.store.db import db, transaction
from lti_tool.store.gradebook import Score, disputed_counts
from lti_tool.store.people import Person
from lti_tool.store.platforms import Deployment, Registration
from lti_tool.store.programme import AuditEntry, Programme
from tests.actions.world import Pair
from tests.outside import ALICE, BOB, CHEMISTRY, DANA, QUENTIN, look_again, outbox_rows
from tests.pages import PageClient


def compare(pair: Pair) -> Score:
    """Read the gradebook back; Bob's score after it."""
    compare_now(pair.at.programme_id, now=pair.clock.now)
    pair.lms.work()
    return pair.lms.score(BOB)


def change(pair: Pair, **values: Any) -> Score:
    """Write something into Bob's score, as other parts of the program do, and ask for it to be sent."""
    score = pair.lms.score(BOB)
    with transaction() as session:
        for name, value in values.items():
            setattr(score, name, value)
        ask_to_send(session.get_one(Programme, pair.at.programme_id), now=pair.clock.now)
    return score


def habits(pair: Pair, **changes: Any) -> None:
    """The LMS does some things with grades in another way."""
    campus = pair.lms.campus
    campus.dialect = replace(campus.dialect, grades=replace(campus.dialect.grades, **changes))


def family(pair: Pair, code: str) -> None:
    """The tool takes the LMS for one of this family."""
    with transaction() as session:
        session.scalars(select(Registration)).one().family = code


def alice(pair: Pair) -> int:
    """Who decides."""
    return pair.lms.person(ALICE).id


def decisions() -> list[str]:
    """What staff decided about cells, oldest first."""
    look_again()
    return [
        what for what in db.session.scalars(select(AuditEntry.what).order_by(AuditEntry.id)) if "gradebook." in what
    ]


def test_what_the_lms_shows_is_confirmed_and_the_page_knows_when(graded: Pair) -> None:
    before = graded.lms.score(BOB).confirmed_at

    after = compare(graded)

    assert before is None
    assert (after.state, after.confirmed_at) == ("sent", graded.clock.now)
    assert graded.column.compared_at == graded.clock.now


def test_the_next_look_confirms_what_was_sent_before(graded: Pair) -> None:
    graded.check_in(DANA, 1)
    graded.lms.work()

    assert graded.lms.score(BOB).confirmed_at is not None
    assert graded.lms.score(DANA).confirmed_at is None


def test_case_15_a_grade_changed_in_the_lms_freezes_the_cell_until_staff_decide(graded: Pair) -> None:
    graded.lms.teacher_grades(BOB, 61)

    found = compare(graded)
    seen = (found.state, found.there_points, found.differs_since)
    graded.check_in(BOB, 2)
    try_again(graded.at.programme_id, now=graded.clock.now)
    graded.lms.work()

    assert seen == ("differs", Decimal(61), graded.clock.now)
    assert (graded.lms.score(BOB).state, graded.lms.given(BOB)) == ("differs", Decimal(61))


def test_case_15_staff_keep_theirs_and_newer_points_change_nothing(graded: Pair) -> None:
    graded.lms.teacher_grades(BOB, 61)
    score = compare(graded)

    changed = keep_theirs(graded.at.programme_id, {score.id: Decimal(61)}, by=alice(graded), now=graded.clock.now)
    graded.lms.teacher_grades(BOB, 62)
    kept = compare(graded)

    assert changed == []
    assert (kept.state, kept.decided_by, kept.there_points) == ("frozen", alice(graded), Decimal(62))
    assert graded.lms.given(BOB) == 62
    assert decisions() == ["gradebook.keep_theirs"]


def test_case_15_staff_use_ours_and_it_replaces_the_value_they_saw(graded: Pair) -> None:
    graded.lms.teacher_grades(BOB, 61)
    score = compare(graded)

    use_ours(graded.at.programme_id, {score.id: Decimal(61)}, by=alice(graded), now=graded.clock.advance(minutes=1))
    graded.lms.work()
    graded.clock.advance(minutes=2)
    after = compare(graded)

    assert graded.lms.given(BOB) == 25
    assert (after.state, after.there_points, after.decided_by) == ("sent", None, None)
    assert after.confirmed_at is not None


def test_a_decision_about_a_value_that_has_changed_again_is_asked_anew(graded: Pair) -> None:
    graded.lms.teacher_grades(BOB, 61)
    score = compare(graded)
    graded.lms.teacher_grades(BOB, 62)
    compare(graded)

    changed = use_ours(graded.at.programme_id, {score.id: Decimal(61)}, by=alice(graded), now=graded.clock.now)
    graded.lms.work()

    assert changed == [score.id]
    assert (graded.lms.score(BOB).state, graded.lms.given(BOB)) == ("differs", Decimal(62))


def test_a_value_that_changes_between_the_decision_and_the_post_is_not_written_over(graded: Pair) -> None:
    graded.lms.teacher_grades(BOB, 61)
    score = compare(graded)

    use_ours(graded.at.programme_id, {score.id: Decimal(61)}, by=alice(graded), now=graded.clock.now)
    graded.lms.teacher_grades(BOB, 62)
    graded.lms.work()

    after = graded.lms.score(BOB)
    assert (after.state, after.there_points, graded.lms.given(BOB)) == ("differs", Decimal(62), Decimal(62))


def test_an_override_that_the_lms_does_not_give_up_is_said_to_staff(graded: Pair) -> None:
    graded.lms.teacher_grades(BOB, 61)
    score = compare(graded)
    item = next(iter(graded.lms.campus.line_items))
    graded.lms.campus.line_items[item] = replace(graded.lms.campus.line_items[item], is_made_by_tool=False)
    habits(graded, teacher_wins_on_own_column=True)

    use_ours(graded.at.programme_id, {score.id: Decimal(61)}, by=alice(graded), now=graded.clock.advance(minutes=1))
    graded.lms.work()
    graded.clock.advance(minutes=2)
    after = compare(graded)

    assert (after.state, graded.lms.given(BOB)) == ("differs", Decimal(61))
    assert "override" in (after.problem or "")


def test_a_kept_value_can_be_opened_again(graded: Pair) -> None:
    graded.lms.teacher_grades(BOB, 61)
    score = compare(graded)
    keep_theirs(graded.at.programme_id, {score.id: Decimal(61)}, by=alice(graded), now=graded.clock.now)

    is_open = thaw(graded.at.programme_id, score.id, by=alice(graded), now=graded.clock.now)
    graded.lms.work()

    assert is_open
    assert (graded.lms.score(BOB).state, graded.lms.given(BOB)) == ("differs", Decimal(61))
    assert not thaw(graded.at.programme_id, score.id, by=alice(graded), now=graded.clock.now)


def test_a_grade_that_a_teacher_removed_is_not_put_back(graded: Pair) -> None:
    compare(graded)
    graded.lms.campus.grades.clear()

    found = compare(graded)
    graded.check_in(BOB, 2)
    graded.lms.work()

    assert (found.state, found.there_points) == ("differs", None)
    assert graded.lms.given(BOB) is None


def test_a_grade_that_the_lms_lost_is_sent_once_more_and_no_more_than_that(graded: Pair) -> None:
    graded.lms.campus.grades.clear()
    compare(graded)
    again = graded.lms.given(BOB)
    posts = graded.lms.asked("/scores", method="POST")
    for _night in range(3):
        graded.lms.campus.grades.clear()
        graded.clock.advance(days=1)
        compare(graded)

    assert again == 25
    assert graded.lms.asked("/scores", method="POST") == posts
    assert "does not show it" in (graded.lms.score(BOB).problem or "")


def test_a_reading_that_is_not_whole_changes_nothing_and_says_why(graded: Pair) -> None:
    graded.lms.fail("ags", status=200, body="<html><body>Back soon.</body></html>")

    after = compare(graded)

    assert (after.state, after.confirmed_at, after.sent_points) == ("sent", None, Decimal(25))
    assert "answered with a web page" in (graded.column.compare_problem or "")


def test_a_page_instead_of_an_answer_to_a_first_score_is_found_out_by_reading_back(graded: Pair) -> None:
    graded.lms.fail("scores", status=200, body="<html><body>Sign in first.</body></html>")
    graded.check_in(DANA, 1)
    graded.lms.work()
    unknown = (graded.lms.score(DANA).state, graded.lms.given(DANA))

    graded.clock.advance(minutes=2)
    compare(graded)

    assert unknown == ("waiting", None)
    assert (graded.lms.score(DANA).state, graded.lms.given(DANA)) == ("sent", Decimal(25))


@pytest.mark.parametrize("family_code", ["moodle", "canvas", ""])
@pytest.mark.parametrize("is_omitted", [True, False])
def test_case_16_a_true_zero_is_posted_as_graded_and_never_taken_for_lost(
    graded: Pair, family_code: str, is_omitted: bool
) -> None:
    habits(graded, zero_result_is_omitted=is_omitted)
    family(graded, family_code)

    change(graded, points=Decimal(0), state="waiting")
    graded.lms.work()
    posts = graded.lms.asked("/scores", method="POST")
    graded.clock.advance(days=1)
    after = compare(graded)

    grade = graded.lms.grade(BOB)
    assert grade
    assert (grade.given, grade.progress) == (0, "Completed, FullyGraded")
    assert (after.state, graded.lms.asked("/scores", method="POST")) == ("sent", posts)
    assert (after.confirmed_at is not None) == (family_code == "moodle" or not is_omitted)


def test_case_16_where_everybody_is_listed_with_nothing_nothing_is_taken_for_a_zero(graded: Pair) -> None:
    habits(graded, results_list_everybody=True)

    after = compare(graded)

    assert (after.state, after.confirmed_at) == ("sent", graded.clock.now)


def test_case_17_a_grade_taken_back_is_emptied_by_hand_and_looked_at(graded: Pair) -> None:
    posts = graded.lms.asked("/scores", method="POST")
    score = change(graded, state="frozen", problem="Please empty this cell.")
    graded.lms.work()

    say_cleared(graded.at.programme_id, score.id, by=alice(graded), now=graded.clock.now)
    graded.lms.work()
    not_yet = graded.lms.score(BOB)
    was = (not_yet.state, not_yet.cleared_said_at, not_yet.problem)
    graded.lms.campus.grades.clear()
    say_cleared(graded.at.programme_id, score.id, by=alice(graded), now=graded.clock.now)
    graded.lms.work()

    after = graded.lms.score(BOB)
    assert was[:2] == ("frozen", None)
    assert "still shows" in (was[2] or "")
    assert (after.state, after.sent_points, after.problem) == ("sent", None, None)
    assert graded.lms.asked("/scores", method="POST") == posts


def test_case_17_where_nothing_can_be_read_the_word_of_staff_counts(graded: Pair) -> None:
    score = change(graded, state="frozen", problem="Please empty this cell.")
    course = graded.lms.course()
    with transaction() as session:
        session.add(course)
        course.gradebook_scopes = [one for one in course.gradebook_scopes if "result" not in one]

    say_cleared(graded.at.programme_id, score.id, by=alice(graded), now=graded.clock.now)

    assert (graded.lms.score(BOB).state, graded.lms.score(BOB).sent_points) == ("sent", None)


def test_case_18_the_student_view_never_gets_a_score(graded: Pair) -> None:
    posts = graded.lms.asked("/scores", method="POST")
    person = graded.lms.person(BOB)
    with transaction() as session:
        session.get_one(Person, person.id).is_test_user = True

    change(graded, points=Decimal(50), state="waiting")
    graded.lms.work()

    assert graded.lms.score(BOB).state == "held"
    assert graded.lms.asked("/scores", method="POST") == posts


def is_active(pair: Pair, *, value: bool) -> None:
    """What a roster says of Bob."""
    member = pair.lms.member(BOB)
    with transaction():
        member.is_active = value


def test_case_9_whoever_drops_gets_nothing_more_and_what_is_there_is_left(graded: Pair) -> None:
    is_active(graded, value=False)
    change(graded, points=Decimal(50), state="waiting")
    graded.lms.work()
    graded.lms.campus.grades.clear()  # an LMS lists who takes part, and nobody else

    after = compare(graded)

    assert (after.state, after.points) == ("held", Decimal(50))


def test_case_10_whoever_comes_back_gets_the_points_with_the_next_comparison(graded: Pair) -> None:
    is_active(graded, value=False)
    change(graded, points=Decimal(50), state="waiting")
    graded.lms.work()
    is_active(graded, value=True)

    compare(graded)

    assert (graded.lms.score(BOB).state, graded.lms.given(BOB)) == ("sent", Decimal(50))


def test_case_19_a_copied_programme_gets_a_column_of_its_own_and_the_old_one_stays(
    graded: Pair, pages: Callable[[], PageClient]
) -> None:
    graded.lms.arrive(pages(), QUENTIN, course=CHEMISTRY)
    before = dict(graded.lms.campus.line_items)
    source, there = graded.lms.programme(), graded.lms.course(CHEMISTRY)
    with transaction() as session:
        deployment = session.scalars(select(Deployment)).first()
        assert deployment
        copy = copy_programme(source, there, deployment, resource_link_id=None, now=graded.clock.now)
        ask_for_column(copy, now=graded.clock.now)
        key, old_key = copy.key, source.key
    graded.lms.work()

    (new,) = [item for number, item in graded.lms.campus.line_items.items() if number not in before]
    assert (new.course, new.details["resourceId"]) == (CHEMISTRY, key)
    assert [item.details["resourceId"] for item in before.values()] == [old_key]
    assert dict(list(graded.lms.campus.line_items.items())[: len(before)]) == before
    assert graded.lms.given(BOB) == 25


def test_by_night_everything_is_asked_for_once_and_by_day_not_again(graded: Pair) -> None:
    graded.clock.advance(days=1)
    asked = [ask_by_night(now=graded.clock.now), ask_by_night(now=graded.clock.now)]
    graded.lms.work()
    later = ask_by_night(now=graded.clock.advance(hours=1))
    next_night = ask_by_night(now=graded.clock.advance(days=1))

    assert (asked, later, next_night) == ([1, 0], 0, 1)
    assert graded.lms.score(BOB).confirmed_at is not None
    assert graded.lms.course().roster_synced_at is not None


def test_by_night_whoever_dropped_is_not_taken_for_a_grade_that_a_teacher_removed(graded: Pair) -> None:
    compare(graded)
    graded.clock.advance(days=1)
    graded.lms.leave(BOB)
    graded.lms.campus.grades.clear()  # an LMS lists who takes part, and nobody else

    ask_by_night(now=graded.clock.now)
    graded.lms.work()

    assert not graded.lms.member(BOB).is_active
    assert (graded.lms.score(BOB).state, disputed_counts(graded.at.programme_id)) == ("sent", {})


def test_nothing_is_compared_by_night_where_nothing_can_be(graded: Pair) -> None:
    with transaction() as session:
        session.scalars(select(Registration)).one().is_paused = True

    assert ask_by_night(now=graded.clock.advance(days=1)) == 0
    assert outbox_rows("compare") == []


def test_where_a_score_without_a_comment_removes_it_the_comment_goes_along(graded: Pair) -> None:
    family(graded, "moodle")

    change(graded, points=Decimal(30), state="waiting")
    graded.lms.work()

    grade = graded.lms.grade(BOB)
    assert grade
    assert (grade.given, grade.comment) == (30, "Check-ins 1 of 4")


def test_where_comments_pile_up_none_is_sent_with_every_small_step(graded: Pair) -> None:
    family(graded, "canvas")
    programme = graded.lms.programme()
    with transaction():
        programme.release = "at_once"

    change(graded, comment="Check-ins 1 of 4", state="waiting")
    graded.check_in(BOB, 2)
    graded.lms.work()

    grade = graded.lms.grade(BOB)
    assert grade
    assert (grade.given, grade.comment) == (50, "")


def test_only_the_decision_of_staff_lifts_canvass_protection_of_a_teachers_grade(graded: Pair) -> None:
    family(graded, "canvas")
    habits(graded, extension="https://canvas.instructure.com/lti/submission")
    graded.lms.teacher_grades(BOB, 61)
    score = compare(graded)

    use_ours(graded.at.programme_id, {score.id: Decimal(61)}, by=alice(graded), now=graded.clock.advance(minutes=1))
    graded.lms.work()

    assert graded.lms.given(BOB) == 25
