"""Agreement, goals and tasks on the pair's pages: two people at once, stale forms, closed pairs, files, who sees it."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import vobject
from bs4 import BeautifulSoup

from lti_tool.actions import agreement, goals, tasks
from lti_tool.actions.goals import Doer
from lti_tool.mentoring.agreement import LONGEST_TERM, OWN_PARTS
from lti_tool.mentoring.goal_form import MEASURE_LENGTH, MILESTONE_LENGTH, MOST_MILESTONES, OUTCOME_LENGTH
from lti_tool.mentoring.goals import MOST_GOALS, GoalTerms
from lti_tool.mentoring.questionnaire import Audience
from lti_tool.mentoring.tasks import MOST_OPEN, TEXT_LENGTH, TaskState, TaskTerms
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.store.agreement import agreements_of, newest_agreement, version_of
from lti_tool.store.db import transaction
from lti_tool.store.goals import changes_of, goals_of
from lti_tool.store.matching import Pair
from lti_tool.store.pairs import PairMember
from lti_tool.store.privacy import everything_about, make_nameless
from lti_tool.store.tasks import all_tasks, open_tasks
from tests import make
from tests.conftest import Clock
from tests.pages import PageClient, only, words
from tests.web.course import Course, Reader, course, reader

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # both: tests/actions/test_plan.py

Browsers = Callable[[], PageClient]
SCRIPT = "<script>alert(1)</script>"


class Place(Course):
    """Bob and Dana as a pair."""

    pair_id: int

    def doer(self, who: int, clock: Clock) -> Doer:
        """One of the two, as somebody who does something now."""
        return Doer(pair_id=self.pair_id, by=who, now=clock.now, today=clock.now.date())


@pytest.fixture
def place(pages: Browsers, clock: Clock) -> Place:
    """A pair that has just begun, in a programme of twelve weeks."""
    ends_on = clock.now.date() + timedelta(days=84)
    made = course(pages, clock.now.replace(year=2027), asks_application=False, asks_training=False, ends_on=ends_on)
    found = Place(**vars(made))
    found.pair_id = make.pair(made.at, made.bob_enrolment, made.dana_enrolment, by=made.alice.person_id)
    return found


def at(place: Place, page: str) -> str:
    return f"pairs/{place.pair_id}/{page}"


def as_drawn(page: BeautifulSoup) -> dict[str, Any]:
    return {str(one["name"]): one.get_text().removeprefix("\n") for one in page.select("main textarea")}


GOAL = {
    "outcome": "Hand in the second report on time",
    "measure": "It is in before the deadline",
    "by_on": "2026-10-30",
    "milestone-1": "An outline",
    "milestone-2": "A first page",
}


def sign(who: Reader, place: Place) -> BeautifulSoup:
    return who.submit(at(place, "agreement/"), "/agreement/sign", {})


# --- the agreement


def test_a_pair_signs_what_is_filled_in_already(place: Place) -> None:
    draft = place.dana.open(at(place, "agreement/edit"))

    shown = place.dana.submit(at(place, "agreement/edit"), "/agreement/edit", as_drawn(draft))
    by_both = sign(place.bob, place)

    assert "Dana Dewdrop would like help with: Writing and Exam preparation." in as_drawn(draft)["aims"]
    assert "Saved, and signed by you." in words(shown)
    assert "Not signed yet" in words(shown)
    assert "Everybody in this pair has signed it." in words(by_both)
    assert "Nobody does graded work for the other." in words(by_both)


def test_a_changed_word_is_shown_to_whoever_signed_before_and_signed_again(place: Place) -> None:
    make.plan(place.pair_id, place.dana_enrolment)
    sign(place.bob, place)

    place.dana.submit(at(place, "agreement/edit"), "/agreement/edit", {"meeting": "Tuesdays at four"})
    page = place.bob.open(at(place, "agreement/"))

    assert "It holds once everybody in this pair has signed the same text." in words(page)
    assert [one.get_text() for one in page.select("del")] == ["removed: Mondays  (end of what was removed) "]
    assert "Tuesdays" in only(page, "ins").get_text()
    assert "Your agreement waits for your signature." in words(place.bob.open(at(place, "")))
    old = words(place.bob.open(at(place, "agreement/versions/1")))
    assert "Mondays at four" in old
    assert "Bob Birchwood" in old


def test_whoever_saves_second_sees_both_texts_and_loses_neither(place: Place) -> None:
    page = place.bob.open(at(place, "agreement/edit"))
    make.plan(place.pair_id, place.dana_enrolment)

    mine = {"meeting": "Sundays", "writing": "By mail"}
    clash = place.bob.pages.submit(page, "/agreement/edit", mine, status=409)
    settled = place.bob.pages.submit(clash, "/agreement/edit", {"meeting": "Mondays at four, or Sundays"}, status=303)

    assert "Mondays at four" in only(clash, ".notice").get_text()
    assert as_drawn(clash) | mine == as_drawn(clash)
    assert settled is not None
    assert [row.terms["meeting"] for row in agreements_of(place.pair_id)] == [
        "Mondays at four, or Sundays",
        "Mondays at four",
    ]


def test_changes_of_different_parts_are_put_together(place: Place) -> None:
    make.plan(place.pair_id, place.dana_enrolment)
    page = place.bob.open(at(place, "agreement/edit"))
    whole = as_drawn(page)
    place.dana.submit(at(place, "agreement/edit"), "/agreement/edit", whole | {"writing": "By mail"})

    clash = place.bob.pages.submit(page, "/agreement/edit", whole | {"missing": "A day before"}, status=409)
    place.bob.pages.submit(clash, "/agreement/edit", as_drawn(clash), status=303)

    assert [one.get_text() for one in clash.select(".notice dt")] == ["How we write"]
    terms = agreements_of(place.pair_id)[0].terms
    assert (terms["meeting"], terms["writing"], terms["missing"]) == ("Mondays at four", "By mail", "A day before")


def test_a_text_that_was_changed_meanwhile_is_not_signed(place: Place) -> None:
    make.plan(place.pair_id, place.dana_enrolment)
    page = place.bob.open(at(place, "agreement/"))
    place.dana.submit(at(place, "agreement/edit"), "/agreement/edit", {"meeting": "Tuesdays"})

    place.bob.pages.submit(page, "/agreement/sign", {}, status=303)

    version = version_of(newest_agreement(place.pair_id))
    assert version
    assert version.signed_by == {place.dana_enrolment}
    assert "somebody else was a moment faster" in words(place.bob.pages.follow()).lower()


def test_an_agreement_that_is_sent_twice_is_one_version(place: Place) -> None:
    page = place.dana.open(at(place, "agreement/edit"))

    for _time in range(2):
        place.dana.pages.submit(page, "/agreement/edit", {"meeting": "Mondays"}, status=303)

    assert len(agreements_of(place.pair_id)) == 1


@pytest.mark.parametrize("text", ["x" * 10_000, "a\u202eb", "a\x00b"])
def test_a_text_that_cannot_be_kept_stays_in_the_form(place: Place, text: str) -> None:
    page = place.dana.open(at(place, "agreement/edit"))

    answer = place.dana.pages.submit(page, "/agreement/edit", {"meeting": text, "notes": "Keep me"}, status=422)

    assert "needs another look" in words(answer)
    assert as_drawn(answer)["notes"] == "Keep me"
    assert agreements_of(place.pair_id) == []


# --- goals


def suggest_goal(place: Place, who: Reader, **changes: str) -> BeautifulSoup:
    return who.submit(at(place, "goals/new"), "/goals/new", GOAL | changes)


def test_a_goal_counts_when_the_other_agrees(place: Place) -> None:
    suggest_goal(place, place.dana)
    goal = goals_of(place.pair_id)[0].id

    due = words(place.bob.open(at(place, "")))
    page = place.bob.open(at(place, f"goals/{goal}"))
    seen = words(place.dana.open(at(place, f"goals/{goal}")))
    agreed = place.bob.pages.submit(page, f"/goals/{goal}/answer", {"answer": "accept"}, status=303)

    assert "A goal waits for your answer." in due
    assert "seen Sep 14, 2026" in seen
    assert agreed is not None
    assert "You work on this" in words(place.bob.pages.follow())
    assert "0 of 2 steps" in words(place.dana.open(at(place, "")))


def agreed_goal(place: Place, clock: Clock, **changes: Any) -> int:
    terms = GoalTerms(
        outcome="Hand in on time",
        measure="It is in",
        by_on=clock.now.date() + timedelta(days=40),
        milestones=("An outline", "A first page"),
    )
    dana, bob = place.doer(place.dana_enrolment, clock), place.doer(place.bob_enrolment, clock)
    number = goals.begin(dana, terms, once=f"goal-{changes.get('once', 1)}")
    goals.accept(bob, number, seen=1)
    return number


def test_a_change_is_suggested_countered_and_agreed_and_every_word_is_kept(place: Place, clock: Clock) -> None:
    goal = agreed_goal(place, clock)
    change, show = at(place, f"goals/{goal}/change"), at(place, f"goals/{goal}")

    place.bob.submit(change, "/change", GOAL | {"outcome": "Hand in a day early"})
    place.dana.submit(
        change, "/change", GOAL | {"outcome": "Hand in three days early", "milestone-3": "A friend reads"}
    )
    final = place.bob.submit(show, "/answer", {"answer": "accept"})

    assert "Hand in three days early" in words(final)
    assert [(row.terms["outcome"], row.state) for row in changes_of([goal])[goal]] == [
        ("Hand in on time", "agreed"),
        ("Hand in a day early", "countered"),
        ("Hand in three days early", "agreed"),
    ]
    assert "Answered with another suggestion" in words(final)


def test_a_stale_change_shows_what_the_other_suggested_first(place: Place, clock: Clock) -> None:
    goal = agreed_goal(place, clock)
    page = place.dana.open(at(place, f"goals/{goal}/change"))
    place.bob.submit(at(place, f"goals/{goal}/change"), "/change", GOAL | {"outcome": "Bob's words"})

    clash = place.dana.pages.submit(page, "/change", GOAL | {"outcome": "Dana's words"}, status=409)
    place.dana.pages.submit(clash, "/change", GOAL | {"outcome": "Dana's words"}, status=303)

    assert "Bob's words" in only(clash, ".notice").get_text()
    assert only(clash, "#f-outcome")["value"] == "Dana's words"
    assert [row.terms["outcome"] for row in changes_of([goal])[goal]][1:] == ["Bob's words", "Dana's words"]


def test_a_goal_that_is_sent_twice_is_suggested_once(place: Place) -> None:
    page = place.dana.open(at(place, "goals/new"))

    for _time in range(2):
        place.dana.pages.submit(page, "/goals/new", GOAL, status=303)

    assert len(goals_of(place.pair_id)) == 1


def test_a_goal_that_is_not_one_keeps_what_was_typed(place: Place) -> None:
    page = place.dana.open(at(place, "goals/new"))

    answer = place.dana.pages.submit(page, "/goals/new", GOAL | {"by_on": "2026-09-01", "measure": SCRIPT}, status=422)

    assert "This day is over." in words(answer)
    assert only(answer, "#f-measure").get_text().strip() == SCRIPT
    assert goals_of(place.pair_id) == []


def test_steps_and_confidence_are_seen_by_both_and_the_goal_is_reached(place: Place, clock: Clock) -> None:
    goal = agreed_goal(place, clock)
    show = at(place, f"goals/{goal}")

    place.dana.submit(show, "/steps/1", {"done": "yes"})
    place.dana.submit(show, "/confidence", {"confidence": "4"})
    clock.advance(days=20)
    asked = words(place.dana.open(at(place, "")))
    place.dana.submit(show, "/confidence", {"confidence": "7"})
    place.bob.submit(show, "/confidence", {"confidence": "10"})
    page = place.bob.open(show)
    reached = place.bob.submit(show, "/standing", {"how": "reached"})

    assert "Say how sure you feel of a goal" in asked
    assert "done by Dana Dewdrop" in words(page)
    rows = [tuple(cell.get_text(strip=True) for cell in row.select("th, td")) for row in page.select(".chart tbody tr")]
    assert rows == [
        ("October 4, 2026", "Bob Birchwood", "10"),
        ("October 4, 2026", "Dana Dewdrop", "7"),
        ("September 14, 2026", "Dana Dewdrop", "4"),
    ]
    assert "Well done" in words(reached)
    assert "Reached" in words(place.dana.open(at(place, "goals/")))


def test_a_number_out_of_range_is_said_beside_its_field(place: Place, clock: Clock) -> None:
    goal = agreed_goal(place, clock)
    page = place.dana.open(at(place, f"goals/{goal}"))

    answer = place.dana.pages.submit(page, "/confidence", {"confidence": "11"}, status=422)

    assert "Please choose a number from 0 to 10." in words(answer)


# --- tasks


def test_a_task_goes_from_to_do_over_in_progress_to_done_and_back(place: Place) -> None:
    list_of, form = at(place, "tasks/"), {"text": "Find the rubric", "due_on": "2026-09-15"}

    added = place.dana.submit(list_of, "/tasks/", form | {"owner": str(place.bob_enrolment)})
    due = words(place.bob.open(at(place, "")))
    place.bob.submit(list_of, "/move", {"to": "doing"})
    done = place.bob.submit(list_of, "/move", {"to": "done"})
    again = place.dana.submit(list_of, "/move", {"to": "to_do"})

    assert "Find the rubric Bob Birchwood · until September 15, 2026" in words(added)
    assert "A task is due on September 15, 2026." in due
    assert "done Sep 14, 2026" in words(done)
    assert "Find the rubric Bob Birchwood · until" in words(again)


def task(place: Place, clock: Clock, text: str = "Find the rubric", **changes: Any) -> int:
    terms = TaskTerms(text=text, owner=changes.get("owner"), due_on=changes.get("due_on"))
    tasks.add(place.pair_id, terms, by=place.dana_enrolment, once=text, now=clock.now)
    return all_tasks(place.pair_id)[-1].id


def test_a_stale_task_shows_the_others_words_and_keeps_ones_own(place: Place, clock: Clock) -> None:
    edit = at(place, f"tasks/{task(place, clock)}")
    page = place.dana.open(edit)
    place.bob.submit(edit, edit, {"text": "Find the rubric and print it", "owner": "all"})

    mine = {"text": "Find two rubrics", "owner": str(place.dana_enrolment)}
    clash = place.dana.pages.submit(page, edit, mine, status=409)
    place.dana.pages.submit(clash, edit, {"text": "Find two rubrics and print them", "owner": "all"}, status=303)

    assert "Bob Birchwood changed it first." in words(clash)
    assert "Find the rubric and print it" in only(clash, ".notice").get_text()
    assert only(clash, "#f-text")["value"] == "Find two rubrics"
    assert [row.text for row in open_tasks(place.pair_id)] == ["Find two rubrics and print them"]


def test_a_removed_task_can_be_put_back_and_words_typed_meanwhile_stay(place: Place, clock: Clock) -> None:
    edit = at(place, f"tasks/{task(place, clock)}")
    page = place.dana.open(edit)
    place.bob.submit(edit, "/remove", {})

    refused = place.dana.pages.submit(page, edit, {"text": "Find two", "owner": "all"}, status=422)
    back = place.bob.submit(at(place, "tasks/"), "/put-back", {})

    assert "This task was removed meanwhile." in words(refused)
    assert only(refused, "#f-text")["value"] == "Find two"
    assert "It is on the list again." in words(back)


def test_the_table_of_tasks_runs_no_formula_and_holds_every_task(place: Place, clock: Clock) -> None:
    task(place, clock, "=HYPERLINK(1)")
    task(place, clock, "Schöne Grüße", owner=place.dana_enrolment, due_on=clock.now.date())

    place.bob.pages.raw().get(f"{place.bob.path}{at(place, 'tasks/tasks.csv')}")
    answer = place.bob.pages.raw().get(f"{place.bob.path}{at(place, 'tasks/tasks.csv')}")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))

    assert answer.headers["Content-Disposition"] == 'attachment; filename="tasks.csv"'
    assert [row[:4] for row in rows[1:]] == [
        ["'=HYPERLINK(1)", "All of us", "", "To do"],
        ["Schöne Grüße", "Dana Dewdrop", "2026-09-14", "To do"],
    ]


def test_another_programme_reads_the_calendar_of_tasks(place: Place, clock: Clock) -> None:
    due_on = clock.now.date() + timedelta(days=3)
    task(place, clock, "Read; print, and\\ sign 100 %", due_on=due_on)
    task(place, clock, "Without a day")

    answer = place.dana.pages.raw().get(f"{place.dana.path}{at(place, 'tasks/tasks.ics')}")
    calendar = vobject.readOne(answer.get_data(as_text=True))

    (event,) = calendar.vevent_list
    assert answer.mimetype == "text/calendar"
    assert event.summary.value == "Read; print, and\\ sign 100 %"
    assert (event.dtstart.value, event.dtend.value) == (due_on, due_on + timedelta(days=1))


# --- three people, full pages, closed pairs, other people, erasing


def test_three_people_all_sign_and_any_other_agrees_to_a_goal(place: Place, pages: Browsers, clock: Clock) -> None:
    ivy = make.person(place.at, "Ivy Inkwell")
    third = make.enrolment(place.at, ivy, role="mentee")
    with transaction() as session:
        session.add(PairMember(pair_id=place.pair_id, enrolment_id=third, role="mentee"))
    reader_of_ivy = reader(pages, place.at, ivy, role="student", until=clock.now.replace(year=2027))

    draft = as_drawn(place.dana.open(at(place, "agreement/edit")))
    place.dana.submit(at(place, "agreement/edit"), "/agreement/edit", draft)
    two = sign(place.bob, place)
    three = sign(reader_of_ivy, place)
    suggest_goal(place, place.dana)
    agreed = reader_of_ivy.submit(at(place, "goals/1"), "/answer", {"answer": "accept"})

    assert "Ivy Inkwell" in draft["people"]
    assert "We take turns to suggest the next time." in draft["meeting"]
    assert "It holds once everybody" in words(two)
    assert "Everybody in this pair has signed it." in words(three)
    assert "You work on this" in words(agreed)
    assert "All of us" in words(place.bob.open(at(place, "tasks/")))


def test_pages_stay_small_however_much_is_written(place: Place, clock: Clock) -> None:
    long = {part.value: "ä" * LONGEST_TERM for part in OWN_PARTS}
    agreement.save(place.pair_id, long, by=place.bob_enrolment, seen=0, signs=True, now=clock.now)
    for number in range(2 * MOST_OPEN):
        terms = TaskTerms(text=f"{number:03}" + "ä" * (TEXT_LENGTH - 3), owner=None, due_on=None)
        tasks.add(place.pair_id, terms, by=place.dana_enrolment, once=str(number), now=clock.now)
        if number < MOST_OPEN:
            task_id = all_tasks(place.pair_id)[-1].id
            done = {"by": place.bob_enrolment, "was": TaskState.TO_DO, "now": clock.now}
            tasks.move(place.pair_id, task_id, TaskState.DONE, **done)
    dana, bob = place.doer(place.dana_enrolment, clock), place.doer(place.bob_enrolment, clock)
    for number in range(MOST_GOALS):
        goals.begin(dana, wide(str(number), clock), once=str(number))
    for number in range(30):
        goals.suggest((dana, bob)[number % 2], 1, wide(f"again {number}", clock), seen=number + 1)
    edit = place.dana.open(at(place, "agreement/edit"))
    agreement.save(place.pair_id, long | {"notes": "x"}, by=place.bob_enrolment, seen=1, signs=True, now=clock.now)

    other = {part.value: "ö" * LONGEST_TERM for part in OWN_PARTS}
    place.dana.pages.submit(edit, "/agreement/edit", other, status=409)
    for page in ("", "agreement/", "goals/", "goals/1", "goals/1?page=2", "goals/1/change", "tasks/", "tasks/?page=2"):
        place.dana.open(at(place, page))  # the page client says no to more than 50 KB


def wide(name: str, clock: Clock) -> GoalTerms:
    steps = tuple(f"{number}" + "ä" * (MILESTONE_LENGTH - 1) for number in range(MOST_MILESTONES))
    outcome, measure = name + "ä" * (OUTCOME_LENGTH - len(name)), "ä" * MEASURE_LENGTH
    return GoalTerms(outcome=outcome, measure=measure, by_on=clock.now.date(), milestones=steps)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"state": "ended"}, "This pair has ended."),
        ({"state": "paused"}, "This pair is paused."),
        ({"contact_stopped_at": "now"}, "This pair is paused."),
    ],
)
def test_a_closed_pair_stays_readable_and_takes_nothing(
    place: Place, clock: Clock, changes: dict[str, Any], said: str
) -> None:
    make.plan(place.pair_id, place.dana_enrolment)
    goal, before = goals_of(place.pair_id)[0].id, place.bob.open(at(place, "agreement/"))
    edit, tasks_page = place.bob.open(at(place, "agreement/edit")), place.bob.open(at(place, "tasks/"))
    with transaction() as session:
        pair = session.get_one(Pair, place.pair_id)
        for name, value in changes.items():
            setattr(pair, name, clock.now if value == "now" else value)

    for page, action, form in (
        (before, "/agreement/sign", {}),
        (edit, "/agreement/edit", {"meeting": "Never"}),
        (tasks_page, "/tasks/", {"text": "Nothing"}),
    ):
        place.bob.pages.submit(page, action, form, status=303)
        assert said in words(place.bob.pages.follow())

    for page_name in ("agreement/", f"goals/{goal}", "goals/", "tasks/"):
        shown = place.bob.open(at(place, page_name))
        assert said in words(shown)
        assert not shown.select("main form")
    assert len(agreements_of(place.pair_id)) == 1
    assert [row.text for row in all_tasks(place.pair_id)] == ["Find the rubric"]


def test_what_belongs_to_another_pair_is_not_found_from_ones_own(place: Place) -> None:
    make.plan(place.pair_id, place.dana_enrolment)
    people = [make.person(place.at, name) for name in ("Gwen Gingham", "Hana Harbour")]
    gwen, hana = (
        make.enrolment(place.at, one, role=role) for one, role in zip(people, ("mentor", "mentee"), strict=True)
    )
    other = make.pair(place.at, gwen, hana, by=place.alice.person_id)
    make.plan(other, gwen)
    goal, job = goals_of(other)[0].id, all_tasks(other)[0].id

    for page in (f"pairs/{other}/agreement/", f"pairs/{other}/tasks/tasks.csv", at(place, f"goals/{goal}")):
        place.dana.open(page, status=404)
    for page in (f"goals/{goal}/answer", f"tasks/{job}/remove", f"goals/{goal}/steps/1"):
        page_client = place.dana.pages
        token = page_client.get(f"{place.dana.path}{at(place, 'tasks/')}").select_one("input[name=csrf_token]")
        assert token
        page_client.post(f"{place.dana.path}{at(place, page)}", {"csrf_token": token["value"]}, status=404)


def test_what_people_write_is_shown_as_text_everywhere(place: Place) -> None:
    place.dana.submit(at(place, "agreement/edit"), "/agreement/edit", {"meeting": SCRIPT, "aims": "<b>big</b>"})
    suggest_goal(place, place.dana, outcome=SCRIPT, **{"milestone-1": SCRIPT})
    place.dana.submit(at(place, "tasks/"), "/tasks/", {"text": SCRIPT, "owner": "all"})
    goal = goals_of(place.pair_id)[0].id

    for page_name in ("", "agreement/", "agreement/versions/1", "goals/", f"goals/{goal}", "tasks/"):
        page = place.bob.open(at(place, page_name))
        assert not page.select("main script, main b")
        assert SCRIPT in words(page) or page_name == "tasks/"


def test_an_erased_person_takes_their_words_along_and_leaves_the_partners(place: Place, clock: Clock) -> None:
    make.plan(place.pair_id, place.dana_enrolment)
    goal = agreed_goal(place, clock, once=2)
    goals.say_confidence(place.doer(place.dana_enrolment, clock), goal, 3)
    terms = TaskTerms(text="Bob's own", owner=place.bob_enrolment, due_on=None)
    tasks.add(place.pair_id, terms, by=place.bob_enrolment, once="bob", now=clock.now)
    agreement.sign(place.pair_id, by=place.bob_enrolment, seen=1, now=clock.now)
    handed_out = everything_about(place.dana.person_id)

    with transaction():
        make_nameless(place.dana.person_id, "erased-1")
    pages = ("agreement/", "goals/", f"goals/{goal}", f"goals/{goal}/change", "tasks/", "")
    shown = [words(place.bob.open(at(place, page))) for page in pages]

    assert "Mondays at four" in str(handed_out["agreement"])
    assert {len(handed_out[name]) for name in ("goal", "goal_change")} == {2}
    assert [row["value"] for row in handed_out["confidence"]] == [3]
    assert "Mondays" not in str(shown)
    assert "Hand in" not in str(shown)
    assert "rubric" not in str(shown)
    assert "Bob's own" in str(shown)
    assert everything_about(place.dana.person_id)["confidence"] == []


def test_staff_open_no_page_with_a_pairs_words(place: Place) -> None:
    make.plan(place.pair_id, place.dana_enrolment)

    for page in ("agreement/", "goals/", "tasks/", "tasks/tasks.csv"):
        place.alice.pages.get(f"{place.alice.path.replace('/staff/', '/me/')}{at(place, page)}", status=404)


def test_staff_see_how_far_a_pair_is_and_no_word_of_it(place: Place, clock: Clock) -> None:
    unwritten = words(place.alice.open("agreements/"))
    make.plan(place.pair_id, place.dana_enrolment)
    agreed_goal(place, clock, once=2)
    half = words(place.alice.open("agreements/"))
    sign(place.bob, place)
    whole = words(place.alice.open("agreements/", query_string={"q": "dewdrop"}))

    assert Audience.INSTRUCTOR in seen_by(Written.AGREEMENT_STATE) & seen_by(Written.GOAL_COUNT)
    assert "Bob Birchwood and Dana Dewdrop Not written yet 0 0" in unwritten
    assert "Signed by 1 of 2 1 0" in half
    assert "Signed Sep 14, 2026" in whole
    assert not [one for one in ("Mondays", "report", "rubric", "Hand in") if one in half + whole]
    assert "Nobody here has such a name" in words(place.alice.open("agreements/", query_string={"q": "Nobody"}))
