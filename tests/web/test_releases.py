"""Hold, release, post: staff see what a release would change, who is left out and why, and decide."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import func, select

from lti_tool.actions.excuses import give
from lti_tool.actions.participation import AT_ONCE_AT_MOST, count_what_time_changed, recount
from lti_tool.actions.release_for_many import release_what_is_due
from lti_tool.jobs.handlers import work_off
from lti_tool.lti.gradebook import RESULT_SCOPE
from lti_tool.mentoring.evidence import ExcuseReason
from lti_tool.mentoring.excuses import Given
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.gradebook import Score
from lti_tool.store.long_releases import KIND
from lti_tool.store.outbox import LAST_TRY, OutboxRow
from lti_tool.store.participation import LedgerTotal
from lti_tool.store.people import Course, Member, Person
from lti_tool.store.programme import Programme
from tests import make
from tests.bench.term import FIRST, HALF_WAY, half_term
from tests.conftest import Clock
from tests.outside import look_again
from tests.pages import PageClient
from tests.web.test_settings_pages import Teacher, teacher

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Browsers = Callable[[], PageClient]
HERE = "release/"


@pytest.fixture
def alice(app: Flask, clock: Clock, pages: Browsers) -> Teacher:
    """Alice at half-term; sixty people take part, and their points are counted."""
    clock.now = HALF_WAY
    made = teacher(half_term(60), clock, pages())
    count_what_time_changed(now=HALF_WAY)
    return made


def words(page: BeautifulSoup) -> str:
    """What a page says."""
    return " ".join(page.get_text(" ", strip=True).split())


def post(alice: Teacher, status: int = 200, **fields: object) -> BeautifulSoup:
    """Send one of the page's forms."""
    token = alice.open(HERE).select_one("input[name=csrf_token]")["value"]
    return alice.pages.post(f"{alice.path}{HERE}", {"csrf_token": token} | fields, status=status)


def scores() -> int:
    """How many people have a score."""
    look_again()
    return db.session.scalar(select(func.count(Score.id))) or 0


def test_until_staff_release_them_points_are_held_and_listed_with_what_they_were(alice: Teacher) -> None:
    page = alice.open(HERE)

    assert scores() == 0
    assert "60 people have new or changed points since the last release." in words(page)
    assert len(page.select("input[name=who]")) == 25
    assert "When staff release them" in words(page)
    assert sum(int(one.get_text()) for one in page.select(".chart-table td.number")[1::2]) == 60
    assert len(alice.open(f"{HERE}?page=3").select("input[name=who]")) == 10


def test_a_release_of_everybody_says_what_students_will_see_and_is_kept(alice: Teacher) -> None:
    shown = post(alice, of="all")
    held = scores()
    post(alice, 303, of="all", then="release")

    page = alice.pages.follow()
    assert "For 60 people these are the first points." in words(shown)
    assert held == 0
    assert scores() == 60
    assert "Released: points of 60 people." in words(page)
    assert "Released already, and nothing has changed since: 60" in words(page)
    assert "60 people, Alice Ashford" in words(page)


def test_a_release_of_those_ticked_leaves_everybody_else_held(alice: Teacher) -> None:
    post(alice, 303, who=[FIRST, FIRST + 1, 7], then="release")

    assert scores() == 2
    assert "58 people have new or changed points" in words(alice.open(HERE))


def test_releasing_nobody_does_nothing(alice: Teacher) -> None:
    post(alice, 303, then="release")

    assert "Nothing to release" in words(alice.pages.follow())
    assert scores() == 0


def test_nobody_of_another_course_is_released(alice: Teacher) -> None:
    other = make.setting(context_id="chem-101", release="by_hand")
    theirs = make.enrolment(other, make.person(other, "Charlie Chalk"), role="mentee")

    post(alice, 303, who=[theirs], then="release")

    assert scores() == 0


def test_what_changes_after_a_release_waits_for_the_next_and_says_from_what_to_what(
    alice: Teacher, clock: Clock
) -> None:
    post(alice, 303, of="all", then="release")
    clock.advance(days=14)
    count_what_time_changed(now=clock.now)

    page = alice.open(f"{HERE}?show=news")
    before, after = page.select("tbody tr")[0].select("td.number")
    look_again()
    kept = set(db.session.scalars(select(Score.changed_at)))
    assert before.get_text() != after.get_text()
    assert kept == {HALF_WAY}
    shown = post(alice, of="all")
    assert "will see fewer points than before" in words(shown)


def test_everybody_who_is_left_out_is_counted_and_listed_by_reason(alice: Teacher) -> None:
    with transaction() as session:
        session.get_one(Enrolment, FIRST).state = "draft"
        session.get_one(Person, FIRST + 1).is_test_user = True
        session.scalars(select(Member).filter_by(person_id=FIRST + 2)).one().is_active = False

    said = words(alice.open(HERE))
    test_user = words(alice.open(f"{HERE}?show=test_user"))
    for expected in (
        "Began to join and did not finish: 1",
        "test student, of whom nothing is ever sent: 1",
        "No longer in the course or the programme: their points are kept, and nothing is sent: 1",
    ):
        assert expected in said
    assert "Student 1001" in test_user
    post(alice, 303, of="all", then="release")
    assert scores() == 57


def test_a_zero_is_sent_only_after_the_end(alice: Teacher, clock: Clock) -> None:
    alice.save("grading", participation="check_ins")  # twelve people have sent none
    zeros = words(alice.open(f"{HERE}?show=zero"))
    post(alice, 303, of="all", then="release")
    held = scores()
    clock.advance(days=60)
    with transaction() as session:
        session.get_one(Programme, alice.at.programme_id).phase = "closed"
    count_what_time_changed(now=clock.now)

    shown = post(alice, of="all")
    post(alice, 303, of="all", then="release")

    assert "a zero is sent only after the end, when you release it: 12" in zeros
    assert "Student 1000" in zeros
    assert held == 48
    assert "12 people will see a zero." in words(shown)
    assert scores() == 60


def test_what_a_release_clears_is_said_before_it_and_is_no_zero(alice: Teacher, clock: Clock) -> None:
    post(alice, 303, of="all", then="release")
    given = Given(key="all", reason=ExcuseReason.ILLNESS)
    with transaction() as session:
        score = session.scalars(select(Score).filter_by(person_id=FIRST)).one()
        score.state, score.sent_points = "sent", score.points
    for who in (FIRST, FIRST + 1):
        give(alice.at.programme_id, who, given, by=alice.person_id, now=clock.now)

    shown = words(post(alice, of="all"))
    post(alice, 303, of="all", then="release")

    assert "2 people have no points any more. Nothing is sent" in shown
    assert "see a zero" not in shown
    assert "fewer points" not in shown
    look_again()
    assert db.session.scalars(select(Score.state).filter_by(person_id=FIRST)).all() == ["frozen"]
    assert db.session.scalars(select(Score).filter_by(person_id=FIRST + 1)).all() == []


@pytest.mark.parametrize("phase", ["running", "closed"])
def test_with_three_columns_a_zero_or_no_points_in_a_single_one_is_said_before_it(alice: Teacher, phase: str) -> None:
    with transaction() as session:
        programme = session.get_one(Programme, alice.at.programme_id)
        programme.columns, programme.phase = "three", phase

    shown = words(post(alice, of="all"))

    assert "will see a zero in that column: after the end of the programme, or where staff decided" in shown
    assert "has no points any more for one of the columns, nothing is sent to it" in shown
    assert "no points any more. Nothing is sent" not in shown


def test_a_grade_changed_in_the_lms_is_promised_to_stay_only_where_it_can_be_read(alice: Teacher) -> None:
    unread = words(post(alice, of="all"))
    with transaction() as session:
        session.get_one(Course, alice.at.course_id).gradebook_scopes = [RESULT_SCOPE]
    read = words(post(alice, of="all"))

    assert "may be overwritten by these points" in unread
    assert "never overwritten" not in unread
    assert "never overwritten" in read


def test_the_page_says_when_the_clock_releases_next_and_for_what(alice: Teacher, clock: Clock) -> None:
    alice.save("grading", release="after_due")
    released = release_what_is_due(now=clock.now)

    page = alice.open(HERE)
    after = words(page)
    clock.advance(days=30)
    count_what_time_changed(now=clock.now)
    again = release_what_is_due(now=clock.now)

    assert released == 60
    assert "By themselves, three days after each due date" in after
    assert "The next time:" in after
    assert "by the clock" in after
    assert "What is due later waits its own three days." in after
    assert again > 0
    assert release_what_is_due(now=clock.now) == 0


def test_an_ungraded_programme_releases_nothing(alice: Teacher) -> None:
    alice.save("grading", is_graded=[])

    page = alice.open(HERE)

    assert "so nothing is released" in words(page)
    assert not page.select("button:-soup-contains('Release')")


@pytest.fixture
def of_many(app: Flask, clock: Clock, pages: Browsers) -> Teacher:
    """Alice at half-term of a course of more people than are released while she waits."""
    clock.now = HALF_WAY
    made = teacher(half_term(AT_ONCE_AT_MOST + 10), clock, pages())
    count_what_time_changed(now=HALF_WAY)
    return made


def test_a_release_of_many_shows_how_far_it_is_who_asked_for_it_and_when_it_is_done(
    app: Flask, of_many: Teacher
) -> None:
    shown = words(post(of_many, of="all"))
    post(of_many, 303, of="all", then="release")
    waiting = of_many.pages.follow()
    released_so_far = scores()
    work_off(app)

    done = words(of_many.open(HERE))
    assert "their points as they are when their turn comes" in shown
    assert released_so_far == 0
    assert "0 of 310 people released" in words(waiting)
    assert waiting.select_one("progress")["max"] == "310"
    assert waiting.select_one("noscript meta[http-equiv=refresh]")
    assert "Asked for by Alice Ashford" in words(waiting)
    assert not waiting.select("main button:-soup-contains('Release')")
    assert "Released: points of 310 people. Asked for by Alice Ashford" in done
    assert "310 people, Alice Ashford" in done
    assert "Nothing waits for release" in done


def test_a_second_release_while_many_are_released_is_refused_with_a_sentence(app: Flask, of_many: Teacher) -> None:
    token = of_many.open(HERE).select_one("input[name=csrf_token]")["value"]
    post(of_many, 303, of="all", then="release")
    fields = {"csrf_token": token, "who": [FIRST], "then": "release"}
    of_many.pages.post(f"{of_many.path}{HERE}", fields, status=303)

    assert "Points are being released at this moment." in words(of_many.pages.follow())
    assert scores() == 0


def test_what_changes_before_somebodys_turn_is_released_with_it_and_nobody_is_added(
    app: Flask, of_many: Teacher, clock: Clock
) -> None:
    with transaction() as session:
        session.get_one(Enrolment, FIRST).state = "draft"
    count_what_time_changed(now=clock.now)
    post(of_many, 303, of="all", then="release")
    given = Given(key="all", reason=ExcuseReason.ILLNESS)
    give(of_many.at.programme_id, FIRST + 1, given, by=of_many.person_id, now=clock.now)
    with transaction() as session:
        session.get_one(Enrolment, FIRST).state = "joined"
        recount(session.get_one(Programme, of_many.at.programme_id), only=[FIRST], now=clock.now)
    work_off(app)

    look_again()
    released = set(db.session.scalars(select(Score.person_id)))
    assert not released & {FIRST, FIRST + 1}
    assert len(released) == AT_ONCE_AT_MOST + 8
    assert "1 person has new or changed points" in words(of_many.open(HERE))


def test_a_release_that_stopped_says_why_and_can_be_asked_for_again(app: Flask, of_many: Teacher, clock: Clock) -> None:
    post(of_many, 303, of="all", then="release")
    with transaction() as session:
        session.scalars(select(OutboxRow).filter_by(kind=KIND)).one().attempts = LAST_TRY
    work_off(app)
    stopped = words(of_many.open(HERE))
    post(of_many, 303, of="all", then="release")
    work_off(app)

    assert "The release stopped half-way." in stopped
    assert "The tool met a fault that it did not expect." in stopped
    assert "0 of 310 people released" in stopped
    assert scores() == 310


def test_who_gets_other_words_beside_the_same_points_is_listed_with_that(alice: Teacher) -> None:
    with transaction() as session:
        session.get_one(Course, alice.at.course_id).gradebook_scopes = [RESULT_SCOPE]
    post(alice, 303, of="all", then="release")
    with transaction() as session:
        score = session.scalars(select(Score).filter_by(person_id=FIRST)).one()
        score.comment = "Check-ins 0 of 1"
        recount(session.get_one(Programme, alice.at.programme_id), now=HALF_WAY)

    page = alice.open(HERE)

    assert "1 person has new or changed points since the last release." in words(page)
    assert "what stands beside them changes" in words(page.select("tbody tr")[0])


def test_a_release_by_which_more_people_lose_than_was_shown_is_shown_again(alice: Teacher, clock: Clock) -> None:
    post(alice, status=303, of="all", then="release")
    with transaction() as session:
        session.query(LedgerTotal).filter_by(enrolment_id=FIRST).one().has_news = True
    shown = post(alice, of="all")
    seen = shown.select_one("input[name=seen]")["value"]
    with transaction() as session:
        row = session.query(LedgerTotal).filter_by(enrolment_id=FIRST + 1).one()
        row.points, row.has_news = Decimal(1), True

    again = post(alice, status=409, of="all", then="release", seen=seen)
    after = post(alice, status=303, of="all", then="release", seen=again.select_one("input[name=seen]")["value"])

    assert "Something changed while you looked" in words(again)
    assert "1 person will see fewer points than before." in words(again)
    assert after is not None
