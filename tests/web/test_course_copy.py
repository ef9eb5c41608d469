"""A copied course: staff are asked whether to copy the settings, and nothing else ever comes along."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import Pair
from lti_tool.store.placing import programmes_in
from lti_tool.store.platforms import Deployment
from lti_tool.store.programme import Programme
from tests import make
from tests.actions.world import pair_at_work
from tests.attacks.forging import CLAIM, said
from tests.conftest import Clock
from tests.outside import ALICE, BIOLOGY, BOB, Lms, look_again, running_lms
from tests.pages import PageClient
from tests.web.coming import choosing, come_from, copied, hand_back

Browsers = Callable[[], PageClient]


@pytest.fixture
def last_term(lms: Lms, pages: Browsers, clock: Clock) -> Lms:
    """Biology has a chosen programme of its own settings; Bob and Dana are a pair in it."""
    browser = pages()
    page = browser.get(come_from(lms, browser, ALICE, choosing(lms)).location, follow_redirects=True)
    hand_back(lms, browser.submit(page, "/new", {"title": "Study buddies", "points": "40"}))
    place = len(lms.campus.course_links(BIOLOGY)) - 1
    for person in (ALICE, BOB, "dana-dewdrop"):
        lms.arrive(pages(), person, link=place)
    pair_at_work(lms, clock)
    return lms


def chosen(lms: Lms, key: str) -> int:
    """The place of the copied chosen link."""
    return next(n for n, link in enumerate(lms.campus.course_links(key)) if "pm_activity" in link.custom)


def rows(table: type[Enrolment | Pair | Programme]) -> int:
    """How many there are."""
    look_again()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_staff_copy_the_settings_and_nothing_else(last_term: Lms, pages: Browsers) -> None:
    key = copied(last_term)
    before = rows(Enrolment), rows(Pair)
    browser = pages()

    asked = last_term.launch(browser, ALICE, course=key, link=chosen(last_term, key))
    page = browser.get(asked.location, follow_redirects=True)
    checked = page.select("input[type=radio][checked]")[0]
    browser.submit(page, "/link/", {"choice": str(checked["value"])}, status=303)
    browser.follow(follow_redirects=True)

    look_again()
    (copy,) = programmes_in(last_term.course(key).id)
    source = last_term.programme()
    assert "Study buddies" in page.get_text()
    assert (copy.title, copy.points, copy.copied_from_id) == ("Study buddies", 40, source.id)
    assert copy.key != source.key
    assert (copy.phase, copy.published_at) == ("set_up", None)
    assert (rows(Enrolment), rows(Pair)) == before


def test_a_learner_who_comes_first_reads_that_it_is_not_set_up(last_term: Lms, pages: Browsers) -> None:
    key = copied(last_term)
    students = [one.sub for one in (seat.person for seat in last_term.campus.students(key))]
    early = next(name for name, person in last_term.campus.college.people.items() if person.sub in students)

    answer = last_term.launch(pages(), early, course=key, link=chosen(last_term, key))

    assert "Not set up yet" in answer.get_data(as_text=True)
    assert rows(Programme) == 1


def test_the_copy_is_shown_by_its_other_links_without_asking_again(last_term: Lms, pages: Browsers) -> None:
    key = copied(last_term)
    place, browser = chosen(last_term, key), pages()
    page = browser.get(last_term.launch(browser, ALICE, course=key, link=place).location, follow_redirects=True)
    browser.submit(page, "/link/", {"choice": f"copy-{last_term.programme().id}"}, status=303)
    link = last_term.campus.course_links(key)[place]
    last_term.campus.add_link(
        course=key, client_id=link.client_id, title="Again", url=link.url, custom=dict(link.custom)
    )

    last_term.arrive(pages(), ALICE, course=key, link=len(last_term.campus.course_links(key)) - 1)

    look_again()
    assert len(programmes_in(last_term.course(key).id)) == 1


def test_staff_may_begin_anew(last_term: Lms, pages: Browsers) -> None:
    key = copied(last_term)
    browser = pages()
    asked = last_term.launch(browser, ALICE, course=key, link=chosen(last_term, key))
    page = browser.get(asked.location, follow_redirects=True)

    browser.submit(page, "/link/", {"choice": "new"}, status=303)

    look_again()
    (programme,) = programmes_in(last_term.course(key).id)
    assert (programme.copied_from_id, programme.points) == (None, 100)


@pytest.fixture
def southfield(app: Flask, clock: Clock) -> Iterator[Lms]:
    """Another LMS with the same tool."""
    with running_lms(app, clock) as other:
        other.register()
        yield other


def test_an_id_brought_from_another_lms_is_unknown(last_term: Lms, southfield: Lms, pages: Browsers) -> None:
    client = next(iter(southfield.campus.tools))
    key = last_term.programme().key
    southfield.campus.add_link(course=BIOLOGY, client_id=client, title="Restored", url="", custom={"pm_activity": key})
    place = len(southfield.campus.course_links(BIOLOGY)) - 1

    southfield.arrive(pages(), ALICE, link=place)

    (programme,) = programmes_in(southfield.course().id)
    assert (programme.title, programme.copied_from_id) == ("Restored", None)


def test_a_programme_of_another_institution_behind_the_same_registration_is_unknown(
    last_term: Lms, pages: Browsers, clock: Clock
) -> None:
    key, source = copied(last_term), last_term.programme().id
    with transaction() as session:
        lms = last_term.course().registration_id
        elsewhere = Deployment(registration_id=lms, deployment_id="elsewhere", first_seen_at=clock.now)
        session.add(elsewhere)
        session.flush()
        session.get_one(Programme, source).deployment_id = elsewhere.id

    last_term.arrive(pages(), ALICE, course=key, link=chosen(last_term, key))

    (programme,) = programmes_in(last_term.course(key).id)
    assert programme.copied_from_id is None


def test_a_forged_answer_copies_nothing(last_term: Lms, pages: Browsers) -> None:
    other = make.setting(issuer="https://elsewhere.example", context_id="other")
    key = copied(last_term)
    browser = pages()
    asked = last_term.launch(browser, ALICE, course=key, link=chosen(last_term, key))
    page = browser.get(asked.location, follow_redirects=True)

    browser.submit(page, "/link/", {"choice": f"copy-{other.programme_id}"}, status=422)

    assert programmes_in(last_term.course(key).id) == []
    with transaction() as session:
        assert session.get_one(Programme, other.programme_id).copied_from_id is None


@pytest.mark.parametrize("told", ["context_history", "link_history"])
def test_a_history_alone_leads_to_the_question(last_term: Lms, pages: Browsers, told: str) -> None:
    """Canvas's own links carry no id of ours; what they were copied from is all that is known."""
    key, source, browser = copied(last_term), last_term.programme(), pages()
    history = {"context_history": last_term.course().context_id, "link_history": source.resource_link_id or ""}
    custom = {f"{CLAIM}custom": {told: f"unknown-1, {history[told]}, truncated"}}
    link = {f"{CLAIM}resource_link": {"id": "copied-link", "title": "Mentoring"}}

    answer = said(last_term, browser, ALICE, custom | link, course=key)
    page = browser.get(answer.location, follow_redirects=True)
    browser.submit(page, "/link/", {"choice": f"copy-{source.id}"}, status=303)

    assert "Copy the settings from last time?" in page.get_text()
    look_again()
    (copy,) = programmes_in(last_term.course(key).id)
    assert (copy.points, copy.copied_from_id) == (40, source.id)


def test_a_history_that_names_another_lmss_course_asks_nothing(
    last_term: Lms, southfield: Lms, pages: Browsers
) -> None:
    custom = {f"{CLAIM}custom": {"context_history": last_term.course().context_id}}

    answer = said(southfield, pages(), ALICE, custom)

    assert "/l/" in answer.location
    assert southfield.programme().copied_from_id is None
