"""What stands beside the points: in the reader's language, sent when it changed, and never a reason to risk a grade."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from flask import Flask
from sqlalchemy import select

from lti_tool.actions.gradebook import compare_now
from lti_tool.actions.participation import count_what_time_changed, recount
from lti_tool.actions.release_for_many import release_people, release_what_is_due
from lti_tool.store.db import db, transaction
from lti_tool.store.participation import LedgerTotal
from lti_tool.store.people import Course, Person
from lti_tool.store.programme import Programme
from tests import make
from tests.actions.world import Pair, pair_at_work
from tests.conftest import Clock
from tests.outside import ALICE, BOB, DANA, Lms, look_again
from tests.pages import PageClient


@pytest.fixture
def half(lms: Lms, clock: Clock, pages: Callable[[], PageClient]) -> Pair:
    """Bob has sent two check-ins of four, and the gradebook has half of the points; staff release by hand."""
    lms.arrive(pages(), ALICE)
    lms.work()
    pair = pair_at_work(lms, clock)
    released(pair, "by_hand")
    for number in (1, 2):
        pair.check_in(BOB, number)
    release(pair)
    return pair


def released(pair: Pair, how: str) -> None:
    """Staff choose when points are released."""
    with transaction() as session:
        session.get_one(Programme, pair.at.programme_id).release = how


def release(pair: Pair) -> int:
    """Release everybody's points, and have them sent."""
    pair.clock.advance(minutes=2)
    by = pair.lms.person(ALICE).id
    count = release_people(pair.at.programme_id, make.everybody(pair.at), by=by, now=pair.clock.now) or 0
    pair.lms.work()
    return count


def four_of_eight(pair: Pair) -> None:
    """There are more check-ins, of which Bob sends as large a part: his points stay, and what counted is another."""
    with transaction() as session:
        session.get_one(Programme, pair.at.programme_id).check_in_count = 8
    for number in (3, 4):
        pair.check_in(BOB, number)


def shown(pair: Pair, who: str = BOB) -> tuple[Decimal | None, str]:
    """The points in the LMS's gradebook, and what stands beside them."""
    grade = pair.lms.grade(who)
    assert grade
    return grade.given, grade.comment


def sent_at(pair: Pair) -> datetime:
    """The timestamp of Bob's last score."""
    found = pair.lms.score(BOB).sent_at
    assert found
    return found


def news(pair: Pair) -> int:
    """Of how many people a release would tell something else."""
    with transaction() as session:
        recount(session.get_one(Programme, pair.at.programme_id), now=pair.clock.now)
    look_again()
    return len(db.session.scalars(select(LedgerTotal).filter_by(has_news=True)).all())


def test_a_comment_that_changed_without_the_points_is_sent_by_the_next_release_and_once(half: Pair) -> None:
    before, first = shown(half), sent_at(half)
    four_of_eight(half)
    held = shown(half), news(half)
    count = release(half)
    second = sent_at(half)
    again = release(half)

    assert before == (Decimal(50), "Check-ins 2 of 4")
    assert held == (before, 1)
    assert (count, again, news(half)) == (1, 0, 0)
    assert shown(half) == (Decimal(50), "Check-ins 4 of 8")
    assert first < second == sent_at(half)


def test_the_clock_sends_it_as_well(half: Pair) -> None:
    released(half, "after_due")
    four_of_eight(half)
    half.clock.advance(days=90)
    count_what_time_changed(now=half.clock.now)
    count = release_what_is_due(now=half.clock.now)
    half.lms.work()

    assert count >= 1
    assert shown(half) == (Decimal(50), "Check-ins 4 of 8")


def test_with_every_small_step_it_is_not_sent_alone(half: Pair) -> None:
    before = sent_at(half)
    four_of_eight(half)
    released(half, "at_once")

    assert (news(half), release(half)) == (0, 0)
    assert shown(half) == (Decimal(50), "Check-ins 2 of 4")
    assert sent_at(half) == before


def test_it_is_never_a_reason_to_write_over_what_somebody_else_put_there(half: Pair) -> None:
    half.lms.teacher_grades(BOB, 61)
    four_of_eight(half)
    release(half)
    met = half.lms.score(BOB).state, half.lms.given(BOB)
    again = release(half)

    assert met == ("differs", Decimal(61))
    assert (again, half.lms.score(BOB).state, half.lms.given(BOB)) == (0, "differs", Decimal(61))


def test_a_cell_whose_own_value_stays_has_no_news_by_a_comment(half: Pair) -> None:
    half.lms.teacher_grades(BOB, 61)
    half.clock.advance(minutes=2)
    compare_now(half.at.programme_id, now=half.clock.now)
    half.lms.work()
    four_of_eight(half)

    assert half.lms.score(BOB).state == "differs"
    assert (news(half), release(half)) == (0, 0)


def test_where_the_gradebook_cannot_be_read_it_goes_with_the_next_points(half: Pair) -> None:
    with transaction() as session:
        course = session.get_one(Course, half.at.course_id)
        course.gradebook_scopes = [one for one in course.gradebook_scopes if "result" not in one]
    four_of_eight(half)
    alone = news(half), release(half), shown(half)
    half.check_in(BOB, 5)
    release(half)

    assert alone == (0, 0, (Decimal(50), "Check-ins 2 of 4"))
    assert shown(half) == (Decimal("62.5"), "Check-ins 5 of 8")


def test_while_nobody_knows_whether_a_post_has_arrived_another_comment_waits(half: Pair) -> None:
    score = half.lms.score(BOB)
    with transaction():
        score.state, score.tried_points = "waiting", score.points
    four_of_eight(half)
    early = release(half)
    compare_now(half.at.programme_id, now=half.clock.now)
    half.lms.work()
    settled = half.lms.score(BOB).state
    later = release(half)

    assert (early, settled, later) == (0, "sent", 1)
    assert shown(half) == (Decimal(50), "Check-ins 4 of 8")


def german(app: Flask, folder: Path) -> None:
    """A catalogue of two texts."""
    place = folder / "translations" / "de" / "LC_MESSAGES"
    place.mkdir(parents=True)
    catalogue = Catalog(locale="de")
    catalogue.add("check-ins", "Rückmeldungen")
    catalogue.add("%(what)s %(done)s of %(all)s", "%(what)s: %(done)s von %(all)s")
    with (place / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    app.extensions["babel"].translation_directories.append(str(folder / "translations"))


def speaks(pair: Pair, who: str, locale: str) -> None:
    """The LMS names another language for somebody."""
    with transaction() as session:
        session.get_one(Person, pair.lms.person(who).id).locale = locale


def test_each_reads_what_counted_in_their_own_language_where_there_are_texts_in_it(
    app: Flask, half: Pair, tmp_path: Path
) -> None:
    german(app, tmp_path)
    speaks(half, BOB, "de-AT")
    speaks(half, DANA, "fr-CA")
    half.check_in(BOB, 3)
    half.check_in(DANA, 1)
    release(half)

    assert shown(half) == (Decimal(75), "Rückmeldungen: 3 von 4")
    assert shown(half, DANA) == (Decimal(25), "Check-ins 1 of 4")


def test_what_was_said_in_english_is_not_said_again_when_there_are_texts_in_the_readers_language(
    app: Flask, half: Pair, tmp_path: Path
) -> None:
    german(app, tmp_path)
    speaks(half, BOB, "de")

    assert (news(half), release(half)) == (0, 0)
    assert shown(half) == (Decimal(50), "Check-ins 2 of 4")
