"""A launch: what it leaves behind, whom it lets in, and how it says no."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import func, select

from lti_tool.demo_lms.vocabulary import MEMBERSHIP
from lti_tool.store.db import db
from lti_tool.store.people import Course, Member, Person, Visit
from lti_tool.store.platforms import Login
from lti_tool.store.programme import Programme
from tests.conftest import Clock
from tests.jobs.test_outbox import together
from tests.outside import (
    ALICE,
    BIOLOGY,
    BOB,
    DANA,
    IRIS,
    OLGA,
    TESTER,
    THEO,
    Lms,
    look_again,
    running_lms,
)
from tests.pages import PageClient

Browsers = Callable[[], PageClient]
CLAIM = "https://purl.imsglobal.org/spec/lti/claim/"


def changed_claims(monkeypatch: pytest.MonkeyPatch, lms: Lms, change: Callable[[dict[str, Any]], None]) -> None:
    """Let the LMS say something else in its launches."""
    sign = lms.campus.keys.sign

    def sign_changed(said: dict[str, object]) -> str:
        change(said)
        return sign(said)

    monkeypatch.setattr(type(lms.campus.keys), "sign", lambda _keys, said: sign_changed(said))


def count(table: type[Any]) -> int:
    """How many rows there are."""
    look_again()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def code_of(page: BeautifulSoup) -> str:
    """The text of a page, in which its code stands."""
    return page.get_text(" ", strip=True)


def test_a_launch_leaves_course_person_member_programme_and_visit(lms: Lms, clock: Clock, pages: Browsers) -> None:
    lms.arrive(pages(), BOB)

    course, bob, member, programme = lms.course(), lms.person(BOB), lms.member(BOB), lms.programme()
    visit = db.session.scalars(select(Visit)).one()
    assert (course.title, bool(course.memberships_url), bool(course.line_items_url)) == ("Biology 101", True, True)
    assert (bob.name, bob.given_name, bob.email, bob.time_zone) == (
        "Bob Birchwood",
        "Bob",
        "bob-birchwood@northfield.example",
        "Europe/London",
    )
    assert (member.role, member.launched_as, member.is_active, member.is_in_roster) == (
        "student",
        "student",
        True,
        False,
    )
    assert (programme.title, programme.phase, programme.points) == ("Peer mentoring", "set_up", 100)
    assert (visit.person_id, visit.course_id, visit.programme_id) == (bob.id, course.id, programme.id)
    assert visit.expires_at == clock.now + timedelta(hours=8)
    assert visit.return_url == f"{lms.url}/courses/{BIOLOGY}/return"


def test_a_second_launch_adds_a_visit_and_nothing_else(
    lms: Lms, pages: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    lms.arrive(pages(), BOB)
    changed_claims(monkeypatch, lms, lambda said: said.update(name="Robert Birchwood"))

    lms.arrive(pages(), BOB)

    assert [count(table) for table in (Course, Person, Member, Programme, Visit)] == [1, 1, 1, 1, 2]
    assert lms.person(BOB).name == "Robert Birchwood"


def test_a_launch_without_names_keeps_the_known_ones(
    lms: Lms, pages: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_names(said: dict[str, Any]) -> None:
        for name in ("name", "given_name", "family_name", "email"):
            said.pop(name, None)

    lms.arrive(pages(), BOB)
    changed_claims(monkeypatch, lms, without_names)

    lms.arrive(pages(), BOB)
    dana = pages()
    page = dana.get(lms.arrive(dana, DANA), follow_redirects=True)

    assert lms.person(BOB).name == "Bob Birchwood"
    assert "Participant" in page.get_text()


@pytest.mark.parametrize(
    ("person", "role", "first_page"),
    [
        (ALICE, "instructor", "/staff/"),
        (THEO, "teaching_assistant", "/staff/"),
        (BOB, "student", "/me/"),
        (TESTER, "student", "/me/"),
    ],
)
def test_each_role_has_its_first_page(lms: Lms, pages: Browsers, person: str, role: str, first_page: str) -> None:
    browser = pages()
    path = lms.arrive(browser, person)

    browser.get(path, follow_redirects=True)

    assert browser.last
    assert browser.last.request.path.endswith(first_page)
    assert lms.member(person).role == role


@pytest.mark.parametrize("person", [OLGA, IRIS])
def test_who_has_no_part_in_the_course_reads_so(lms: Lms, pages: Browsers, person: str) -> None:
    browser = pages()

    path = lms.arrive(browser, person)
    page = browser.get(path)
    browser.get(f"{path}staff/", status=404)
    browser.get(f"{path}me/", status=404)

    assert page.h1


def test_a_test_student_looks_around_but_cannot_join(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    path = lms.arrive(browser, TESTER)

    browser.get(f"{path}me/join/", status=303)
    page = browser.follow()

    assert "test student" in page.get_text()
    assert lms.person(TESTER).is_test_user


def test_a_launch_without_course_says_what_to_do_and_keeps_nothing(
    lms: Lms, pages: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed_claims(monkeypatch, lms, lambda said: said.pop(f"{CLAIM}context"))
    browser = pages()

    page = browser.post("/lti/launch", lms.message(browser, ALICE))

    assert page.h1
    assert page.select(f"a[href^='{lms.url}']")
    assert count(Person) == count(Visit) == 0


def test_staff_wins_over_an_older_student_role(lms: Lms, pages: Browsers, monkeypatch: pytest.MonkeyPatch) -> None:
    roles = [f"{MEMBERSHIP}#Learner"]
    changed_claims(monkeypatch, lms, lambda said: said.update({f"{CLAIM}roles": roles}))
    lms.arrive(pages(), ALICE)
    roles.append(f"{MEMBERSHIP}#Instructor")
    lms.arrive(pages(), ALICE)
    staff = lms.member(ALICE).role
    roles.pop()

    browser = pages()
    path = lms.arrive(browser, ALICE)
    browser.get(f"{path}staff/", status=404)

    assert staff == lms.member(ALICE).role == "instructor"  # a look through a student's eyes lowers nobody


@pytest.mark.parametrize("choice", ["show", "new"])
def test_staff_say_what_a_second_link_is_for_and_until_then_it_is_not_set_up(
    lms: Lms, pages: Browsers, choice: str
) -> None:
    lms.campus.add_link(course=BIOLOGY, client_id=next(iter(lms.campus.tools)), title="Second link")
    lms.arrive(pages(), BOB)

    early = lms.launch(pages(), BOB, link=1).get_data(as_text=True)
    alice = pages()
    page = alice.get(lms.launch(alice, ALICE, link=1).location, follow_redirects=True)
    offered = [str(one["value"]) for one in page.select("input[type=radio]")]
    wanted = next(one for one in offered if one.startswith(choice))
    alice.submit(page, "/link/", {"choice": wanted}, status=303)
    lms.arrive(pages(), BOB, link=1)

    assert "Not set up yet" in early
    assert "this course has a programme already" in page.get_text()
    look_again()
    titles = {"Peer mentoring"} | ({"Second link"} if choice == "new" else set())
    assert (count(Course), set(db.session.scalars(select(Programme.title)))) == (1, titles)


def test_the_same_course_id_in_two_lmss_stays_apart(lms: Lms, app: Flask, clock: Clock, pages: Browsers) -> None:
    with running_lms(app, clock, students=3) as southfield:
        southfield.register()
        lms.arrive(pages(), BOB)
        southfield.arrive(pages(), BOB)

        assert [count(table) for table in (Course, Person, Programme)] == [2, 2, 2]
        assert len(set(db.session.scalars(select(Course.context_id)))) == 1


def test_a_whole_class_opens_a_new_course_in_the_same_second(lms: Lms, app: Flask, pages: Browsers) -> None:
    browsers = [pages() for _person in range(6)]
    people = [seat.person.key for seat in lms.campus.students(BIOLOGY)[:3]] * 2
    messages = [lms.message(browser, person) for browser, person in zip(browsers, people, strict=True)]
    statuses: list[int] = []

    def launch(number: int) -> None:
        answer = browsers[number].raw().post("/lti/launch", data=messages[number])
        statuses.append(answer.status_code)

    look_again()
    together(app, launch, threads=6)

    assert statuses == [303] * 6
    assert [count(table) for table in (Course, Person, Member, Programme, Visit)] == [1, 3, 3, 1, 6]


def test_a_launch_is_good_once(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    message = lms.message(browser, BOB)
    browser.post("/lti/launch", message, status=303)

    page = browser.post("/lti/launch", message, status=401)

    assert "state-unknown" in code_of(page)
    assert count(Login) == 0


def test_a_launch_in_another_browser_than_its_login_is_refused(lms: Lms, pages: Browsers) -> None:
    message = lms.message(pages(), BOB)

    page = pages().post("/lti/launch", message, status=400)

    assert "browser-not-recognised" in code_of(page)
    assert count(Person) == 0


def test_a_refused_launch_offers_the_way_back(lms: Lms, pages: Browsers, monkeypatch: pytest.MonkeyPatch) -> None:
    changed_claims(monkeypatch, lms, lambda said: said.pop(f"{CLAIM}deployment_id"))
    browser = pages()

    page = browser.post("/lti/launch", lms.message(browser, BOB), status=400)

    assert "deployment-missing" in code_of(page)
    assert page.select(f"a[href^='{lms.url}/courses/{BIOLOGY}/return']")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        ("login_required", 401, "lms-login-needed"),
        ("launch_no_longer_valid", 401, "lms-launch-expired"),
        ("access_denied", 403, "lms-access-denied"),
        ("<script>", 400, "lms-error"),
    ],
)
def test_an_lmss_own_error_is_understood(lms: Lms, pages: Browsers, error: str, status: int, code: str) -> None:
    browser = pages()
    state = lms.message(browser, BOB)["state"]
    said = "Everything is broken & lost"

    page = browser.post("/lti/launch", {"state": state, "error": error, "error_description": said}, status=status)

    assert code in code_of(page)
    assert said not in code_of(page)


def test_somebody_elses_sign_in_at_the_lms_is_refused(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    with lms.browser(BOB) as bobs, lms.browser(DANA) as danas:
        login = browser.raw().post("/lti/login", data=lms.begin(bobs))
        page = browser.post("/lti/launch", lms.finish(danas, login.location), status=401)

    assert "lms-login-needed" in code_of(page)


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://nobody.example"},
        {"client_id": "nobody"},
        {"target_link_uri": "https://evil.example/"},
        {"iss": ""},
    ],
)
def test_a_login_from_a_stranger_is_refused(lms: Lms, pages: Browsers, change: dict[str, str]) -> None:
    with lms.browser(BOB) as bob:
        start = lms.begin(bob)

    page = pages().post("/lti/login", start | change, status=403 if "nobody" in str(change) else 400)

    assert page.h1
    assert "evil.example" not in page.get_text()


def test_login_takes_get_and_post_alike(lms: Lms, pages: Browsers) -> None:
    with lms.browser(BOB) as bob:
        start = lms.begin(bob)

    answer = pages().raw().get("/lti/login", query_string=start)

    assert answer.status_code == 302
    assert answer.location.startswith(f"{lms.url}/auth?")


def test_a_login_inside_a_frame_first_tries_cookies(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    with lms.browser(BOB) as bob:
        start = lms.begin(bob)
        page = browser.post("/lti/login", start, headers={"Sec-Fetch-Dest": "iframe"})
        before = count(Login)
        here, new_window = page.select("a[href*='/lti/login?']")
        answer = browser.raw().get(str(here["href"]), headers={"Sec-Fetch-Dest": "iframe"})
        message = lms.finish(bob, answer.location)
    entered = browser.raw().post("/lti/launch", data=message, headers={"Sec-Fetch-Dest": "iframe"})

    assert before == 0  # nothing is used up before the person goes on
    assert new_window["target"] == "_blank"
    assert "noopener" in new_window["rel"]
    assert entered.status_code == 303


def test_a_launch_opened_by_its_address_is_told_so(lms: Lms, pages: Browsers) -> None:
    page = pages().get("/lti/launch", status=405)

    assert page.h1


def test_unreachable_keys_are_not_the_visitors_fault(lms: Lms, pages: Browsers) -> None:
    browser = pages()
    message = lms.message(browser, BOB)
    lms.fail("jwks", status=503, count=5)

    page = browser.post("/lti/launch", message, status=503)

    assert page.h1
    assert count(Person) == 0


def test_rotated_keys_are_fetched_anew(lms: Lms, pages: Browsers, clock: Clock) -> None:
    lms.arrive(pages(), BOB)
    lms.campus.keys.rotate()
    clock.advance(minutes=5)

    lms.arrive(pages(), DANA)

    assert count(Visit) == 2


def test_a_launch_of_megabytes_is_refused(lms: Lms, pages: Browsers) -> None:
    page = pages().post("/lti/launch", {"state": "s", "id_token": "x" * 700_000}, status=413)

    assert page.h1


def test_our_keys_are_public_and_hold_nothing_private(lms: Lms, pages: Browsers) -> None:
    answer = pages().raw().get("/lti/jwks")

    (key, *_older) = answer.get_json()["keys"]
    assert key["kty"] == "RSA"
    assert not set(key) & {"d", "p", "q", "dp", "dq", "qi"}
