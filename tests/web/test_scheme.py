"""What earns points, changed by staff: item by item, with what it does to everybody, and nothing saved unseen."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from babel.dates import format_date
from bs4 import BeautifulSoup
from flask import Flask

from lti_tool.actions.participation import person_ledger
from lti_tool.mentoring.scheme_presets import scheme_for
from lti_tool.mentoring.schemes import Kind
from lti_tool.store.db import transaction
from lti_tool.store.people import Member, Person
from lti_tool.store.programme import settings_of, versions_of
from tests import make
from tests.bench.term import FIRST, HALF_WAY, half_term
from tests.conftest import Clock
from tests.pages import PageClient
from tests.web.test_settings_pages import Teacher, hidden, teacher

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Browsers = Callable[[], PageClient]
HERE = "what-earns-points/"


@pytest.fixture
def alice(app: Flask, clock: Clock, pages: Browsers) -> Teacher:
    """Alice at half-term; sixty people take part under the usual scheme."""
    clock.now = HALF_WAY
    return teacher(half_term(60), clock, pages())


def changed(alice: Teacher, status: int = 200, **fields: Any) -> BeautifulSoup:
    """What is shown before a change is saved; a field is named with `__` for its dot."""
    named = {name.replace("__", "."): value for name, value in fields.items()}
    return alice.send(alice.open(HERE), HERE, status=status, **named)


def press(alice: Teacher, shown: BeautifulSoup, status: int = 303, **button: str) -> BeautifulSoup:
    """Press a button of the page that shows what a change does."""
    return alice.pages.post(f"{alice.path}{HERE}", hidden(shown) | button, status=status)


def test_the_page_begins_with_the_preset_and_says_that_both_sides_reach_the_same(alice: Teacher) -> None:
    page = alice.open(HERE)

    text = page.get_text(" ", strip=True)
    assert page.select_one("input[name='meeting.mentor']")["value"] == "30"
    assert page.select_one("input[name='meeting.best_of']")["value"] == "4"
    assert page.select_one("input[name='training.percent_a_day']")["value"] == "20"
    assert "Everything people do" in text
    assert "mentors and mentees can reach the same" in text
    assert "Back to “" not in text
    assert not page.select(".field-problem")
    assert page.select_one("nav [aria-current=page]").get_text() == "Participation"


def test_an_untouched_scheme_saves_nothing(alice: Teacher) -> None:
    alice.send(alice.open(HERE), HERE)

    assert "Nothing was changed" in alice.pages.follow().get_text()
    assert alice.programme.own_scheme is None


def test_a_change_shows_whom_it_meets_before_it_is_saved(alice: Teacher) -> None:
    page = changed(alice, check_in__mentor="0", check_in__mentee="0", check_in__reserve="0")

    losing, gaining = (page.get_text().split(word)[0].split()[-1] for word in (" fewer,", " more."))
    differences = [row.select("td")[-1].get_text() for row in page.select("div.table tbody tr")]
    assert int(losing) + int(gaining) > 25
    assert len(differences) == 25
    assert differences == sorted(differences, key=lambda text: float(text.replace("+", "").replace("−", "-")))
    assert page.select(".bars svg[aria-hidden]")
    assert sum(int(one.get_text()) for one in page.select(".chart-table td.number")[::2]) == 60
    assert alice.programme.own_scheme is None


def test_who_changes_is_listed_page_by_page_without_losing_the_change(alice: Teacher) -> None:
    page = changed(alice, check_in__mentor="0", check_in__mentee="0", check_in__reserve="0")

    second = press(alice, page, status=200, page="2")
    press(alice, second, then="save")

    assert "Page 2 of" in second.get_text()
    assert Kind.CHECK_IN not in {item.kind for item in scheme_for(settings_of(alice.programme)).items}


def test_a_saved_scheme_is_a_version_and_everybodys_points_are_counted_by_it(alice: Teacher) -> None:
    before = person_ledger(FIRST, alice.programme, now=HALF_WAY)

    press(alice, changed(alice, meeting__label="Long talk", meeting__mentor="60", meeting__mentee="60"), then="save")

    after = person_ledger(FIRST, alice.programme, now=HALF_WAY)
    assert before
    assert after
    assert before.points != after.points
    assert {one.label.values["name"] for one in after.entries if one.kind is Kind.MEETING} == {"Long talk"}
    assert versions_of(alice.at.programme_id)[0].changed_by == alice.person_id
    settings = alice.pages.follow().get_text(" ", strip=True)
    assert "Changed by hand in what earns points" in settings


def test_the_way_back_to_the_preset_shows_its_effect_too(alice: Teacher) -> None:
    press(alice, changed(alice, check_in__mentor="0", check_in__mentee="0", check_in__reserve="0"), then="save")

    page = alice.send(alice.open(HERE), HERE, status=200, then="preset")
    press(alice, page, then="save")

    assert "Everything that was changed by hand goes." in page.get_text()
    assert page.select("div.table tbody tr")
    assert alice.programme.own_scheme is None


def test_a_change_can_be_changed_again_before_it_is_saved(alice: Teacher) -> None:
    page = press(alice, changed(alice, hours__mentor="12.5", hours__target_hours="20"), status=200, then="edit")

    assert page.select_one("input[name='hours.mentor']")["value"] == "12.5"
    assert alice.programme.settings_version == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("join.mentor", "-1"),
        ("meeting.best_of", "9"),
        ("meeting.count", "0"),
        ("training.floor_percent", "120"),
        ("survey.due_on", "31/12/2026"),
        ("survey.due_on", "2025-12-31"),
        ("peer_case.label", "x" * 300),
        ("complete_from", "101"),
    ],
)
def test_a_wrong_value_is_said_beside_its_field_and_nothing_is_lost(alice: Teacher, field: str, value: str) -> None:
    page = alice.send(
        alice.open(HERE), HERE, status=422, **{"join.label": "Läs", "peer_case.mentor": "1", field: value}
    )

    kept = {str(one["name"]): str(one["value"]) for one in page.select("input[name]")}
    assert page.select(f"[id='f-{field}-problem']")
    assert (kept["join.label"], kept[field]) == ("Läs", value)
    assert alice.programme.settings_version == 1


def test_a_form_that_is_wrong_all_over_is_still_a_page(alice: Teacher) -> None:
    form = alice.open(HERE)
    names = [str(one["name"]) for one in form.select(".few input")]
    wrong = dict.fromkeys(names, "nonsense") | {name: "5" for name in names if name.endswith("mentor")}

    page = alice.send(form, HERE, status=422, **wrong)

    assert len(page.select(".few .field-problem")) > 50
    assert len(page.select(".problems li")) == 12


def test_a_scheme_in_which_one_side_earns_nothing_is_refused(alice: Teacher) -> None:
    page = changed(alice, 422, **{f"{kind}__mentor": "" for kind in Kind})

    assert "Mentors can earn nothing here." in page.select_one("#f-items").get_text()


def test_two_people_who_change_it_at_once_read_of_each_other(alice: Teacher, clock: Clock, pages: Browsers) -> None:
    theo = teacher(alice.at, clock, pages(), "Theo Thimble")
    shown = changed(alice, join__mentor="7", join__mentee="7")
    press(theo, changed(theo, join__mentor="9", join__mentee="9"), then="save")

    page = press(alice, shown, status=422, then="save")
    again = alice.send(page, HERE, status=200)
    press(alice, again, then="save")

    assert "This was changed while you were writing" in page.get_text()
    assert "mentors 9, mentees 9" in page.get_text()
    assert page.select_one("input[name='join.mentor']")["value"] == "7"
    assert scheme_for(settings_of(alice.programme)).items[0].mentor == 7


def test_what_somebody_else_saved_elsewhere_meanwhile_stays(alice: Teacher, clock: Clock, pages: Browsers) -> None:
    theo = teacher(alice.at, clock, pages(), "Theo Thimble")
    shown = changed(alice, join__mentor="7", join__mentee="7")
    theo.save("roles", mentor_word="Tutor")

    press(alice, shown, then="save")

    assert (alice.programme.mentor_word, alice.programme.own_scheme is not None) == ("Tutor", True)


def test_who_has_left_and_the_test_student_are_nobody_whose_points_change(alice: Teacher) -> None:
    with transaction() as session:
        session.query(Member).filter_by(person_id=FIRST).one().is_active = False
        session.get_one(Person, FIRST + 1).is_test_user = True

    said = changed(alice, meeting__mentor="10").get_text(" ", strip=True)

    numbers = re.search(r"(\d+) people would have other points.*?For (\d+) p", said)
    assert numbers
    assert sum(map(int, numbers.groups())) == 58


def test_before_anybody_takes_part_nobody_changes(app: Flask, clock: Clock, pages: Browsers) -> None:
    new = teacher(make.setting(phase="set_up", participation="default"), clock, pages())

    page = changed(new, join__mentor="7", join__mentee="7")

    assert "Nobody takes part yet" in page.get_text()


def test_another_beginning_shows_its_effect_where_the_settings_are_changed(alice: Teacher) -> None:
    page = alice.change("grading", participation="light")

    assert "What it does to everybody’s points" in page.get_text()
    assert len(page.select("details div.table tbody tr")) == 25
    assert "people would have other points" in page.get_text()


def test_another_number_of_check_ins_is_counted_as_it_would_be(alice: Teacher) -> None:
    page = alice.change("calendar", check_in_count="12")

    assert "people would have other points" in page.get_text() or "person would have" in page.get_text()


def test_other_points_for_everything_leave_everybodys_share(alice: Teacher) -> None:
    page = alice.change("grading", points="20")

    assert "other points:" not in page.get_text()


def test_the_question_of_grading_says_what_three_columns_have_in_them(alice: Teacher) -> None:
    page = alice.open("settings/grading")

    text = page.get_text(" ", strip=True)
    assert "Onboarding, 25 points" in text
    assert "Participation, 59 points" in text
    assert "nothing more is sent to it" in text


def test_what_is_due_when_a_day_ends_is_due_by_that_day(alice: Teacher) -> None:
    settings = settings_of(alice.programme)
    joined_by = settings.sign_up_closes_on
    assert joined_by is not None

    page = alice.open(HERE)

    assert f"Due by {format_date(joined_by, 'long')}." in page.get_text(" ", strip=True)
