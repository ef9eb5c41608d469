"""The pages of the ledger: what students read, what staff see and do, and that nobody sees more than that."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from lti_tool.actions.enrolment import withdraw
from lti_tool.actions.participation import recount
from lti_tool.actions.workspace import check_in
from lti_tool.mentoring.scheme_files import scheme_to_json
from lti_tool.mentoring.scheme_presets import scheme_for
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.participation import Excuse, ExcuseBatch, LedgerTotal, PointsOverride
from lti_tool.store.people import Member, Person
from lti_tool.store.programme import Programme, settings_of
from tests import make
from tests.conftest import NOON, Clock
from tests.outside import look_again
from tests.web.course import Browsers, Course, course, reader

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ASKED = {"key": "check_in:1", "reason": "illness", "words": "I was in hospital."}


@pytest.fixture
def term(app: Flask, clock: Clock, pages: Browsers) -> Course:
    """Bob and Dana are a pair; five of six weekly check-ins are open."""
    made = course(
        pages,
        clock.now.replace(year=2027),
        cadence="weekly",
        check_in_count=6,
        participation="check_ins",
        release="by_hand",
        points=60,
        asks_application=False,
        asks_training=False,
    )
    pair = make.pair(made.at, made.bob_enrolment, made.dana_enrolment, by=made.alice.person_id)
    clock.advance(days=36)
    check_in(pair, made.dana_enrolment, 2, {"going": "4"}, now=clock.now)
    count(made, clock)
    return made


def count(term: Course, clock: Clock) -> None:
    """As the clock does it."""
    with transaction():
        recount(db.session.get_one(Programme, term.at.programme_id), now=clock.now)


def change(term: Course, **changes: object) -> None:
    """Another programme."""
    with transaction() as session:
        programme = session.get_one(Programme, term.at.programme_id)
        for name, value in changes.items():
            setattr(programme, name, value)


def text(page: object) -> str:
    """What a page says."""
    return " ".join(page.get_text(" ").split())  # type: ignore[attr-defined]  # a parsed page


def test_a_student_reads_points_what_is_next_and_why_each_line_stands(term: Course) -> None:
    page = term.dana.open("participation/")

    said = text(page)
    assert "10 of 60" in said
    assert "Everything counts from the start" in said
    assert "What is next" in said
    rows = [text(one) for one in page.select("tbody tr")]
    assert len(rows) == 6
    assert "Check-in 2" in rows[1]
    assert "You sent this check-in" in rows[1]
    assert all("Decided by the rule" in one for one in rows)
    assert [one["href"] for one in page.select(".card-next a")] == [
        f"/l/{term.dana.path.split('/')[2]}/me/pairs/1/check-ins/1"
    ]


def test_what_points_mean_before_the_end_is_said_as_the_scheme_counts(term: Course) -> None:
    change(term, participation="default")
    by_due = text(term.dana.open("participation/"))
    change(term, participation="light")
    for number in range(1, 5):
        entry = f"participation/of/{term.dana_enrolment}/entry?item=meeting:{number}"
        term.alice.submit(entry, "/points", {"points": "2.5", "why": "I was there."})
    all_or_nothing = text(term.dana.open("participation/"))

    assert "What is not due yet takes nothing away" in by_due
    assert "there is nothing in between" in all_or_nothing


def test_what_is_due_when_a_day_ends_is_due_in_its_last_minute(term: Course) -> None:
    change(term, participation="default")

    page = term.dana.open("participation/")

    (training,) = (row for row in page.select("tbody tr") if "Training" in text(row))
    assert "23:59" in text(training.select_one("[data-label=Due]"))
    assert "00:00" not in text(page)


def test_a_student_asks_for_an_excuse_sees_it_wait_and_takes_it_back(term: Course) -> None:
    page = term.dana.submit("participation/excuse", "/participation/excuse", ASKED)
    again = term.dana.open("participation/")
    after = term.dana.pages.submit(again, "/take-back", {}, status=303)
    after = term.dana.pages.follow()

    assert "You have asked" in text(page)
    assert "Waits for an answer" in text(again)
    assert "I was in hospital." in text(again)
    assert "Taken back" in text(after)
    assert "hospital" not in text(after)


def test_what_is_wrong_with_a_wish_stands_beside_its_field_and_nothing_is_lost(term: Course) -> None:
    wrong = term.dana.submit(
        "participation/excuse", "/participation/excuse", {"key": "", "reason": "", "words": "w" * 2001}, status=422
    )

    assert [one["id"] for one in wrong.select(".field-problem")] == [
        "f-key-problem",
        "f-reason-problem",
        "f-words-problem",
    ]
    assert "w" * 2001 in wrong.select("textarea")[0].get_text()


@pytest.mark.parametrize("typed", [{"key": "total"}, {"key": "check_in:99"}, {"key": "meeting"}, {"reason": "weather"}])
def test_nothing_else_can_be_asked_for(term: Course, typed: dict[str, str]) -> None:
    term.dana.submit("participation/excuse", "/participation/excuse", ASKED | typed, status=422)

    assert db.session.scalars(select(Excuse)).all() == []


def test_staff_answer_an_excuse_and_the_student_reads_the_answer(term: Course) -> None:
    term.dana.submit("participation/excuse", "/participation/excuse", ASKED)
    number = db.session.scalars(select(Excuse.id)).one()
    queue = term.alice.open("participation/excuses/")
    address = f"participation/excuses/{number}"

    bare = term.alice.submit(address, f"/excuses/{number}", {"decision": "refuse", "answer": ""}, status=422)
    term.alice.submit(address, f"/excuses/{number}", {"decision": "grant", "answer": "Get well soon."})

    assert "I was in hospital." in text(queue)
    assert bare.select("#f-answer-problem")
    said = text(term.dana.open("participation/"))
    assert "Get well soon." in said
    assert "Excused: Illness" in said
    assert "12 of 60" in said
    assert "Nobody waits for an answer" in text(term.alice.open("participation/excuses/"))
    assert "Dana Dewdrop" in text(term.alice.open("participation/excuses/?decided=1"))


def test_an_answer_to_what_was_answered_meanwhile_shows_both(term: Course) -> None:
    number = make.excuse(term.at, term.dana_enrolment)
    page = term.alice.open(f"participation/excuses/{number}")
    term.alice.submit(
        f"participation/excuses/{number}", f"/excuses/{number}", {"decision": "grant", "answer": "Of course."}
    )

    stale = term.alice.pages.submit(
        page, f"/excuses/{number}", {"decision": "refuse", "answer": "Sorry, no."}, status=409
    )

    assert "Of course." in text(stale)
    assert "Sorry, no." in text(stale)


def test_neither_the_partner_nor_a_classmate_learns_of_an_excuse(term: Course, pages: Browsers, clock: Clock) -> None:
    number = make.excuse(term.at, term.dana_enrolment, words="I was in hospital.", answer="Get well soon.")
    gwen = make.person(term.at, "Gwen Gingham")
    make.enrolment(term.at, gwen, role="mentee")
    others = [term.bob, reader(pages, term.at, gwen, role="student", until=clock.now.replace(year=2027))]

    for one in others:
        for page in ("", "participation/", "participation/excuse", "pairs/1/" if one is term.bob else ""):
            said = text(one.open(page))
            assert "hospital" not in said
            assert "Get well" not in said
        one.pages.post(f"{one.path}participation/excuses/{number}/take-back", status=400)

    assert "hospital" in text(term.alice.open(f"participation/excuses/{number}"))


def test_staff_see_the_ledger_of_a_person_and_decide_one_entry(term: Course) -> None:
    ledger = term.alice.open(f"participation/{term.dana.person_id}")
    (link,) = [one["href"] for one in ledger.select("th a") if "Check-in 1" in one.get_text()]
    entry = str(link).partition("/staff/")[2]

    wrong = term.alice.submit(entry, "/points", {"points": "11", "why": ""}, status=422)
    typed = wrong.select("#f-points")[0]["value"]
    after = term.alice.submit(entry, "/points", {"points": "7,5", "why": "Sent by mail."})

    assert [one["id"] for one in wrong.select(".field-problem")] == ["f-points-problem", "f-why-problem"]
    assert typed == "11"
    assert "7.5 of 10" in text(after)
    assert "by the rule: 0" in text(after)
    assert "Decided by Alice Ashford" in text(after)
    said = text(term.dana.open("participation/"))
    assert "Staff decided: Sent by mail." in said
    assert "Decided by staff" in said
    assert "Alice Ashford" not in said
    assert "by the rule: 0" in said


def test_a_total_that_was_decided_stands_on_both_pages_and_can_be_taken_back(term: Course) -> None:
    entry = f"participation/of/{term.dana_enrolment}/entry?item=total"
    term.alice.submit(entry, "/points", {"points": "44", "why": "An oral report."})
    own = text(term.dana.open("participation/"))

    after = term.alice.submit(entry, "/points", {"points": "", "why": "It was another’s.", "then": "rule"})

    assert "44 of 60" in own
    assert "Their reason: An oral report. By the rule it would be 10." in own
    assert "10 of 60" in text(after)
    assert "An oral report." in text(after)
    record = text(term.alice.open("participation/decisions"))
    assert "44 points (by the rule: 10.00)" in record
    assert "The rule decides again." in record


def test_a_decision_over_another_one_is_noticed(term: Course) -> None:
    page = term.alice.open(f"participation/of/{term.dana_enrolment}/entry?item=check_in:1")
    fields = {"points": "5", "why": "Half of it."}
    term.alice.pages.submit(page, "/points", fields, status=303)

    stale = term.alice.pages.submit(page, "/points", {"points": "6", "why": "More than half."}, status=409)

    assert "Half of it." in text(stale)
    assert stale.select("#f-points")[0]["value"] == "6"
    assert db.session.scalars(select(PointsOverride.points)).all() == [Decimal(5)]


def test_staff_excuse_somebody_from_everything_and_nothing_is_left_to_send(term: Course) -> None:
    page = term.alice.open(f"participation/of/{term.bob_enrolment}/entry?item=total")
    assert "not even what they did in full" in text(page)
    term.alice.submit(
        f"participation/of/{term.bob_enrolment}/entry?item=total", "/excuse", {"reason": "illness", "words": "Rest."}
    )

    said = text(term.bob.open("participation/"))
    assert "Everything is excused, so there are no points. That is not the same as none earned." in said
    assert "0 of 60" not in said


def test_an_outage_is_shown_before_it_is_saved_and_taken_back_as_one(term: Course) -> None:
    wanted = {"key": "check_in", "whom": "everybody", "reason": "tool", "words": "The tool was down."}
    page = term.alice.open("participation/excuses/many/")

    shown = term.alice.pages.submit(page, "/many/", wanted | {"then": "look"})
    is_untouched = db.session.scalars(select(Excuse)).all() == []
    term.alice.pages.submit(shown, "/many/", {"then": "save"}, status=303)
    queue = term.alice.pages.follow()
    own = text(term.dana.open("participation/"))
    term.alice.pages.submit(queue, "/undo", {}, status=303)
    after = term.alice.pages.follow()

    assert "2 people are excused." in text(shown)
    assert "Dana Dewdrop" in text(shown)
    assert is_untouched
    assert "Staff say: The tool was down." in own
    assert "Taken back on" in text(after)
    assert "The tool was down." not in text(term.dana.open("participation/"))


def test_an_outage_that_became_another_is_shown_again(term: Course, clock: Clock) -> None:
    wanted = {"key": "check_in:1", "whom": "everybody", "reason": "tool"}
    shown = term.alice.pages.submit(term.alice.open("participation/excuses/many/"), "/many/", wanted | {"then": "look"})
    check_in(1, term.bob_enrolment, 1, {"going": "4"}, now=clock.now)

    again = term.alice.pages.submit(shown, "/many/", {"then": "save"}, status=409)

    assert "Something changed while you looked" in text(again)
    assert "1 person is excused." in text(again)
    term.alice.pages.submit(again, "/many/", {"then": "save"}, status=303)
    assert db.session.scalars(select(ExcuseBatch.people)).all() == [1]


def test_chosen_people_come_along_from_the_list_of_the_class(term: Course) -> None:
    page = term.alice.open(f"participation/excuses/many/?person={term.bob_enrolment}&person=9999&person=x")

    shown = term.alice.pages.submit(
        page,
        "/many/",
        {"key": "check_in:1", "whom": "people", "person": [term.bob_enrolment], "reason": "duty", "then": "look"},
    )
    nobody = term.alice.pages.submit(
        page, "/many/", {"key": "check_in:1", "whom": "people", "reason": "duty", "then": "look"}, status=422
    )

    assert [one["value"] for one in page.select("input[name=person]")] == [str(term.bob_enrolment)]
    assert "1 person is excused." in text(shown)
    assert nobody.select("#f-whom-problem")


def test_wrong_days_stand_beside_their_fields(term: Course) -> None:
    wanted = {"key": "check_in", "whom": "everybody", "reason": "tool", "then": "look"}
    page = term.alice.open("participation/excuses/many/")

    half = term.alice.pages.submit(page, "/many/", wanted | {"from_on": "2026-09-14"}, status=422)
    turned = term.alice.pages.submit(
        page, "/many/", wanted | {"from_on": "2026-09-14", "until_on": "2026-09-13"}, status=422
    )

    assert half.select("#f-until_on-problem")
    assert turned.select("#f-until_on-problem")


def test_the_class_is_drawn_filtered_and_ordered_from_what_was_counted(term: Course, clock: Clock) -> None:
    make.excuse(term.at, term.dana_enrolment)

    page = term.alice.open("participation/")
    waiting = term.alice.open("participation/?show=waiting")
    rich = term.alice.open("participation/?from=5&to=20")
    ordered = term.alice.open("participation/?order=most")
    named = term.alice.open("participation/?q=bob&role=mentor")

    def people(one: object) -> list[str]:
        return [row.select("th a")[0].get_text() for row in one.select("table tbody tr") if row.select("th a")]  # type: ignore[attr-defined]  # a parsed page

    assert people(page) == ["Bob Birchwood", "Dana Dewdrop"]
    assert (people(waiting), people(rich)) == (["Dana Dewdrop"], ["Dana Dewdrop"])
    assert people(ordered) == ["Dana Dewdrop", "Bob Birchwood"]
    assert people(named) == ["Bob Birchwood"]
    bars = [text(one) for one in page.select(".bars li")]
    assert len(bars) == 11
    assert bars[0] == "0 to 6 points 1"
    assert bars[1] == "6 to 12 points 1"
    assert len(page.select(".chart-table tbody tr")) == 11
    assert "An excuse waits: 1" in text(page)


def test_a_range_that_is_no_number_is_said_beside_its_field(term: Course) -> None:
    page = term.alice.open("participation/?from=ten&to=61")

    assert [one["id"] for one in page.select(".field-problem")] == ["f-from-problem", "f-to-problem"]
    assert page.select("#f-from")[0]["value"] == "ten"


def test_a_range_that_ends_before_it_begins_is_said_beside_its_field(term: Course) -> None:
    page = term.alice.open("participation/?from=20&to=10")

    assert [one["id"] for one in page.select(".field-problem")] == ["f-to-problem"]


def test_a_section_has_its_own_numbers(term: Course) -> None:
    with transaction() as session:
        session.query(Member).filter_by(person_id=term.dana.person_id).one().section_ids = ["12"]

    page = term.alice.open("participation/?section=12")

    assert [text(one) for one in page.select("table tbody th a")] == ["Dana Dewdrop"]
    assert text(page.select(".bars li")[0]) == "0 to 6 points 0"


def test_the_list_of_a_large_class_is_cut_into_light_pages(term: Course, clock: Clock) -> None:
    with transaction() as session:
        for number in range(100):
            name = f"Wilhelmina Featherstonehaugh-Cholmondeley the {number}."
            person = Person(registration_id=term.at.registration_id, subject=f"many-{number}", name=name)
            session.add(person)
            session.flush()
            there = Member(course_id=term.at.course_id, person_id=person.id, role="student")
            there.section_ids = ["12", "13"]
            session.add(there)
            one = Enrolment(programme_id=term.at.programme_id, person_id=person.id, role="mentee", state="joined")
            one.time_zone, one.changed_at = "Europe/London", clock.now
            session.add(one)
            session.flush()
            session.add(
                LedgerTotal(
                    programme_id=term.at.programme_id,
                    enrolment_id=one.id,
                    points=Decimal(number) / 2,
                    reachable=Decimal(60),
                    standing="score",
                    efforts=2,
                    unread=3,
                    decided=1,
                    counted_at=clock.now,
                )
            )

    page = term.alice.open("participation/")  # the browser of the tests refuses a page of 50 KB

    assert "Page 1 of 3" in text(page)
    assert len(term.alice.open("participation/?page=3").select("table input[name=person]")) == 22


def test_an_ungraded_programme_shows_progress_and_no_points(term: Course) -> None:
    change(term, participation="ungraded")

    page = term.dana.open("participation/")

    said = text(page)
    assert "This programme has no points." in said
    assert "Points so far" not in said
    assert "Done so far" in said
    assert [text(one) for one in page.select("thead th")] == ["Item", "Due", "Does it count, why, and who decided"]


def test_the_longest_ledger_of_staff_is_light_enough(term: Course) -> None:
    change(term, participation="practicum", check_in_count=12, meeting_count=20)

    page = term.alice.open(f"participation/{term.dana.person_id}")

    assert len(page.select("tbody tr")) > 30


def test_who_has_no_partner_or_waits_in_reserve_reads_kind_words(term: Course, pages: Browsers, clock: Clock) -> None:
    until = clock.now.replace(year=2027)
    change(term, participation="default")
    people = {role: make.person(term.at, name) for role, name in (("mentor", "Fay Fern"), ("mentee", "Gwen Gingham"))}
    for role, person in people.items():
        make.enrolment(term.at, person, role=role)

    readers = {role: reader(pages, term.at, one, role="student", until=until) for role, one in people.items()}
    said = {role: text(one.open("participation/")) for role, one in readers.items()}
    change(term, participation="check_ins")
    without_a_case = text(readers["mentor"].open("participation/"))

    assert "You are in reserve, and that counts" in said["mentor"]
    assert "a case of your own" in said["mentor"]
    assert "a case of your own" not in without_a_case
    assert "You can reach the same points as everybody else." in without_a_case
    assert "You have no partner yet" in said["mentee"]
    assert "You have no partner yet" not in text(term.dana.open("participation/"))


def test_who_came_late_reads_that_nothing_is_lost(term: Course, pages: Browsers, clock: Clock) -> None:
    change(term, participation="default", sign_up_closes_on=(clock.now - timedelta(days=30)).date())
    gwen = make.person(term.at, "Gwen Gingham")
    make.enrolment(term.at, gwen, role="mentee", changed_at=clock.now)
    with transaction() as session:
        session.query(Member).filter_by(person_id=gwen).one().arrived_at = clock.now

    page = reader(pages, term.at, gwen, role="student", until=clock.now.replace(year=2027)).open("participation/")

    assert "You came later than others" in text(page)


def test_the_record_tells_of_every_decision_about_points(term: Course) -> None:
    number = make.excuse(term.at, term.dana_enrolment, words="I was in hospital.")
    term.alice.submit(f"participation/excuses/{number}", f"/excuses/{number}", {"decision": "grant", "answer": "Yes."})
    page = term.alice.open(f"participation/{term.dana.person_id}")
    term.alice.pages.submit(page, f"/excuses/{number}/undo", {}, status=303)
    look_again()

    record = text(term.alice.open("participation/decisions"))

    assert "Excuse answered: Check-in 1 excused Dana Dewdrop" in record
    assert "Excuse taken back: Check-in 1 waits again Dana Dewdrop" in record
    assert "hospital" not in record


def test_what_is_taken_back_twice_is_taken_back_once_and_no_missing_page(term: Course) -> None:
    term.dana.submit("participation/excuse", "/participation/excuse", ASKED)
    own = term.dana.open("participation/")
    given = make.excuse(
        term.at, term.bob_enrolment, state="granted", asked_at=None, decided_by=term.alice.person_id, decided_at=NOON
    )
    page = term.alice.open(f"participation/{term.bob.person_id}")

    for _press in range(2):
        term.dana.pages.submit(own, "/take-back", {}, status=303)
        term.alice.pages.submit(page, f"/excuses/{given}/undo", {}, status=303)
    after = term.alice.pages.follow()

    assert "This was taken back already." in text(after)
    assert "Taken back. It counts" in text(term.dana.open("participation/"))


def test_an_answer_to_what_was_taken_back_meanwhile_says_so(term: Course) -> None:
    number = make.excuse(term.at, term.dana_enrolment)
    page = term.alice.open(f"participation/excuses/{number}")
    term.dana.submit("participation/", "/take-back", {})

    term.alice.pages.submit(page, f"/excuses/{number}", {"decision": "refuse", "answer": "Why not."}, status=303)

    assert "was taken back, so there is nothing to answer any more. No answer was saved." in text(
        term.alice.pages.follow()
    )


def test_an_excuse_over_one_that_is_there_keeps_the_words_and_the_same_one_twice_is_one(
    term: Course, pages: Browsers, clock: Clock
) -> None:
    entry = f"participation/of/{term.dana_enrolment}/entry?item=check_in:1"
    other = make.person(term.at, "Tess Tutor", role="instructor")
    tess = reader(pages, term.at, other, role="instructor", until=clock.now.replace(year=2027))
    page, hers = term.alice.open(entry), tess.open(entry)

    for _press in range(2):
        term.alice.pages.submit(page, "/excuse", {"reason": "illness", "words": "Rest."}, status=303)
    late = tess.pages.submit(hers, "/excuse", {"reason": "duty", "words": "A long and kind letter."}, status=422)

    assert len(db.session.scalars(select(Excuse)).all()) == 1
    assert "This is excused already." in text(late)
    assert "A long and kind letter." in late.select_one("textarea").get_text()
    assert late.select(late.select_one("#problems a")["href"])


def test_nobody_chosen_is_not_everybody(term: Course) -> None:
    page = term.alice.pages.get(f"{term.alice.path}participation/excuses/many/?whom=people")

    assert term.alice.open("participation/").select("form[action*='/many/'] input[name=whom][value=people]")
    assert page.select("#f-whom-problem")
    assert not page.select("input[name=whom][checked]")


def test_a_section_that_was_chosen_for_everybody_is_asked_about_and_whom_it_meets_is_said(term: Course) -> None:
    with transaction() as session:
        session.query(Member).filter_by(person_id=term.dana.person_id).one().section_ids = ["12"]
    page = term.alice.open("participation/excuses/many/")
    wanted = {"key": "check_in", "reason": "tool", "section": "12", "then": "look"}

    both = term.alice.pages.submit(page, "/many/", wanted | {"whom": "everybody"}, status=422)
    one = term.alice.pages.submit(page, "/many/", wanted | {"whom": "section"})
    everybody = term.alice.pages.submit(page, "/many/", wanted | {"whom": "everybody", "section": ""})

    assert both.select("#f-whom-problem")
    assert "Whom Section 12" in text(one)
    assert "Whom Everybody who takes part" in text(everybody)


def test_an_item_has_the_name_that_staff_gave_it_wherever_an_excuse_names_it(term: Course) -> None:
    programme = db.session.get_one(Programme, term.at.programme_id)
    scheme = scheme_for(settings_of(programme))
    own = replace(scheme, items=tuple(replace(one, label="Postcard") for one in scheme.items))
    change(term, own_scheme=scheme_to_json(own))
    make.excuse(term.at, term.dana_enrolment)
    page = term.alice.open("participation/excuses/many/")

    wanted = {"key": "check_in", "whom": "everybody", "reason": "tool"}
    shown = term.alice.pages.submit(page, "/many/", wanted | {"then": "look"})
    term.alice.pages.submit(shown, "/many/", {"then": "save"}, status=303)
    queue = term.alice.pages.follow()

    assert "All of the kind: Postcard" in text(page)
    assert "From what Postcard" in text(shown)
    assert "Postcard" in text(queue)
    for one in (shown, queue, term.alice.open("participation/decisions")):
        assert "Check-in" not in text(one.select_one("main"))


def test_the_page_says_how_the_points_come_about_and_what_to_do_about_a_wrong_line(term: Course) -> None:
    change(term, participation="default")

    own, theirs = text(term.dana.open("participation/")), text(term.alice.open(f"participation/{term.dana.person_id}"))

    assert "How the points come about: 7.5 earned of 65 that count so far. As a share of 60 that is 6.92." in own
    assert "How the points come about:" in theirs
    assert "Tell the staff of this course which one." in own


def test_who_left_the_programme_is_not_said_to_have_left_the_course(term: Course, clock: Clock) -> None:
    withdraw(term.dana_enrolment, now=clock.now)

    assert "No longer in the course or the programme" in text(term.alice.open(f"participation/{term.dana.person_id}"))


def test_an_excuse_of_many_lines_is_read_once_and_the_page_stays_light(term: Course) -> None:
    change(term, participation="default", check_in_count=12, meeting_count=20)
    words = ("The tool was down for a week. " * 60).strip()
    for kind in ("meeting", "check_in"):
        page = term.alice.open("participation/excuses/many/")
        wanted = {"key": kind, "whom": "everybody", "reason": "tool", "words": words}
        shown = term.alice.pages.submit(page, "/many/", wanted | {"then": "look"})
        term.alice.pages.submit(shown, "/many/", {"then": "save"}, status=303)

    own = term.dana.open("participation/")  # the browser of the tests refuses a page of 50 KB
    term.alice.open(f"participation/{term.dana.person_id}")

    assert text(own).count(words) == 2
    check_ins, meetings = (text(one) for one in own.select("#excuses ~ ul strong"))
    assert check_ins.startswith("Check-in 1, Check-in 3,")
    assert meetings.endswith("and Meeting 20")


def test_every_excuse_that_was_given_to_many_can_be_found_and_taken_back(term: Course, clock: Clock) -> None:
    with transaction() as session:
        for number in range(21):
            batch = ExcuseBatch(programme_id=term.at.programme_id, key="check_in:1", whom="everybody", reason="tool")
            batch.words, batch.people, batch.given_by = f"Outage {number}.", 2, term.alice.person_id
            batch.given_at = clock.now
            session.add(batch)
    newest = term.alice.open("participation/excuses/?decided=1")
    (onward,) = newest.select("nav.pager a[rel=next]")
    oldest = term.alice.pages.get(str(onward["href"]))

    assert ("Outage 20." in text(newest), "Outage 0." in text(newest)) == (True, False)
    assert len(oldest.select("form[action$='/undo']")) == 1
    assert "Outage 0." in text(oldest)
    assert "Excuses that were answered" in text(oldest)


def test_of_more_decisions_than_a_page_lists_it_says_so(term: Course, clock: Clock) -> None:
    with transaction() as session:
        for number in range(21):
            row = PointsOverride(enrolment_id=term.dana_enrolment, key="check_in:1", points=Decimal(number % 10))
            row.reason, row.decided_by, row.at = f"Reason {number}.", term.alice.person_id, clock.now
            session.add(row)
    count(term, clock)
    pages = [
        term.alice.open(f"participation/{term.dana.person_id}"),
        term.alice.open(f"participation/of/{term.dana_enrolment}/entry?item=check_in:1"),
    ]

    assert all("These are the newest 20 of 21." in text(page) for page in pages)
    assert all(("Reason 1." in text(page), "Reason 0." in text(page)) == (True, False) for page in pages)
