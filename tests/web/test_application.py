"""Applying to be a mentor, from the first page to the answer of the staff, and what each form says about bad input."""

from typing import Any

import pytest
from flask import Flask

from lti_tool.store.application import Application, find_application
from tests import make
from tests.conftest import Clock
from tests.outside import look_again
from tests.web.course import Browsers, Course, course

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

MOTIVATION = " ".join(["word"] * 90)
ABOUT = {"motivation": MOTIVATION, "struggle": "Statistics; a weekly plan helped.", "reference": ""}
ODD = {
    "script": "<script>alert(1)</script>",
    "right to left": "مرحبا بك",
    "emoji": "👩🏽‍🎓 yes",
}


@pytest.fixture
def here(app: Flask, clock: Clock, pages: Browsers) -> Course:
    """A course whose mentors apply."""
    return course(pages, clock.now.replace(year=2027))


def application(here: Course) -> Application:
    """Bob's application as it is now."""
    look_again()
    found = find_application(here.bob_enrolment)
    assert found
    return found


def situations(here: Course) -> dict[str, Any]:
    """The first reply in each situation."""
    page = here.bob.open("application/situations")
    return {str(one["name"]): str(one["value"]) for one in reversed(page.select("input[type=radio]"))}


def send(here: Course, **about: str) -> None:
    """Bob writes and sends his application."""
    here.bob.submit("application/about", "/application/about", ABOUT | about)
    here.bob.submit("application/situations", "/application/situations", situations(here))
    here.bob.submit("application/send", "/application/send", {"training": "yes"})


def test_the_way_from_the_first_page_to_a_sent_application(here: Course) -> None:
    home = here.bob.open()
    situation = here.bob.submit("application/about", "/application/about", ABOUT)
    last = here.bob.submit("application/situations", "/application/situations", situations(here))
    shown = here.bob.submit("application/send", "/application/send", {"training": "yes"})

    assert home.select("a[href$='/me/application/']")
    assert len(situation.select("fieldset")) == 2
    assert "Monday 16–18" in last.get_text()
    assert "Waiting for an answer" in shown.get_text()
    assert application(here).state == "submitted"


def test_what_is_too_short_is_kept_in_a_draft_and_said_beside_the_field(here: Course) -> None:
    page = here.bob.submit("application/about", "/application/about", ABOUT | {"motivation": "Because"}, status=422)
    again = here.bob.open("application/about")

    assert "This has 1 words" in page.select("#f-motivation-problem")[0].get_text()
    assert again.select("#f-motivation")[0].get_text().strip() == "Because"
    assert application(here).answers["struggle"] == ABOUT["struggle"]


def test_one_may_stop_and_finish_later(here: Course) -> None:
    here.bob.submit("application/about", "/application/about", {"motivation": "Because", "then": "later"})

    page = here.bob.open("application/send")
    refused = here.bob.submit("application/send", "/application/send", {"training": "yes"}, status=422)

    assert "something is missing" in page.get_text()
    assert "something is missing" in refused.get_text()
    assert application(here).state == "draft"


def test_the_training_must_be_agreed_to(here: Course) -> None:
    here.bob.submit("application/about", "/application/about", ABOUT)
    here.bob.submit("application/situations", "/application/situations", situations(here))

    page = here.bob.submit("application/send", "/application/send", {}, status=422)

    assert page.select("#f-training-problem")
    assert application(here).state == "draft"


@pytest.mark.parametrize("text", ["x" * 10_000, "\u202eturned round"])
def test_what_cannot_be_saved_is_said_and_all_other_input_is_kept(here: Course, text: str) -> None:
    fields = ABOUT | {"struggle": text}

    page = here.bob.submit("application/about", "/application/about", fields, status=422)

    assert page.select("#f-struggle-problem")
    assert page.select("#f-motivation")[0].get_text().strip() == MOTIVATION
    assert application(here).answers == {"motivation": MOTIVATION}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_text_is_kept_and_shown_as_text(here: Course, text: str) -> None:
    send(here, struggle=text)

    page = here.alice.open(f"mentors/{here.bob_enrolment}")

    assert text in page.get_text()
    assert not page.select("dd script")


def test_a_reply_that_is_not_on_offer_is_refused_beside_its_situation(here: Course) -> None:
    fields = situations(here)
    first = next(iter(fields))

    page = here.bob.submit("application/situations", "/application/situations", fields | {first: "zz"}, status=422)

    assert page.select(f"#f-{first}-problem")
    assert set(application(here).answers) == set(fields) - {first}


def test_an_edit_that_would_spoil_a_sent_application_is_not_kept(here: Course) -> None:
    send(here)

    page = here.bob.submit("application/about", "/application/about", ABOUT | {"motivation": "Short"}, status=422)

    assert page.select("#f-motivation")[0].get_text().strip() == "Short"
    assert application(here).answers["motivation"] == MOTIVATION


def test_a_sent_application_is_taken_back(here: Course) -> None:
    send(here)

    page = here.bob.submit("application/", "/application/withdraw", {})
    queue = here.alice.open("mentors/")

    assert "yours again" in page.get_text()
    assert "Bob" not in queue.get_text()
    here.alice.open(f"mentors/{here.bob_enrolment}", status=404)


def test_staff_ask_and_the_person_answers_on_their_page(here: Course) -> None:
    send(here)
    here.alice.submit(
        f"mentors/{here.bob_enrolment}", f"/{here.bob_enrolment}", {"decision": "ask", "ask": "When are you free?"}
    )

    shown = here.bob.open("application/")
    here.bob.submit("application/about", "/application/about", ABOUT | {"reply": "On Mondays."})
    here.bob.submit("application/send", "/application/send", {"training": "yes"})
    page = here.alice.open(f"mentors/{here.bob_enrolment}")

    assert "When are you free?" in shown.get_text()
    assert "On Mondays." in page.get_text()
    assert application(here).state == "submitted"


def test_a_decline_begins_with_kind_words_that_staff_may_change(here: Course) -> None:
    send(here)
    page = here.alice.open(f"mentors/{here.bob_enrolment}")
    kind = page.select("#f-decline")[0].get_text().strip()

    here.alice.submit(
        f"mentors/{here.bob_enrolment}", f"/{here.bob_enrolment}", {"decision": "decline", "decline": kind}
    )
    shown = here.bob.open("application/")

    assert kind.startswith("Thank you")
    assert kind in shown.get_text()
    assert application(here).state == "declined"


def test_an_approval_after_the_pairs_tells_the_person_what_comes_next(
    app: Flask, clock: Clock, pages: Browsers
) -> None:
    here = course(pages, clock.now.replace(year=2027), published_at=clock.now, phase="running")
    send(here)
    here.alice.submit(f"mentors/{here.bob_enrolment}", f"/{here.bob_enrolment}", {"decision": "approve"})

    shown = here.bob.open("application/")

    assert "part of the next matching" in shown.get_text()


def test_whoever_decides_second_reads_the_first_decision_and_keeps_what_they_typed(here: Course) -> None:
    send(here)
    address = f"mentors/{here.bob_enrolment}"
    stale = here.alice.open(address)
    here.alice.submit(address, f"/{here.bob_enrolment}", {"decision": "approve", "note": "First."})

    fields = {"decision": "decline", "decline": "Sorry.", "note": "Second.", "mark-realism": "1"}
    page = here.alice.pages.submit(stale, f"/{here.bob_enrolment}", fields, status=409)
    here.alice.pages.submit(page, f"/{here.bob_enrolment}", fields, status=303)

    assert "Somebody changed this application" in page.get_text()
    assert "First." in page.get_text()
    assert "Alice Ashford" in page.get_text()
    assert page.select("#f-note")[0].get_text().strip() == "Second."
    assert (application(here).state, application(here).note) == ("declined", "Second.")


def test_a_wrong_mark_is_said_beside_it_and_the_rest_is_kept(here: Course) -> None:
    send(here)

    fields = {"mark-realism": "9", "note": "Keep me."}
    page = here.alice.submit(f"mentors/{here.bob_enrolment}", f"/{here.bob_enrolment}", fields, status=422)

    assert page.select("#f-mark-realism-problem")
    assert page.select("#f-note")[0].get_text().strip() == "Keep me."


def test_several_are_approved_from_the_queue(here: Course) -> None:
    send(here)
    other = make.enrolment(here.at, make.person(here.at, "Gwen Gingham"), role="either")
    make.application(other, state="submitted")

    queue = here.alice.open("mentors/")
    both = {"enrolment": [str(here.bob_enrolment), str(other)], "decision": "approve"}
    page = here.alice.submit("mentors/", "/mentors/several", both)
    everybody = here.alice.open("mentors/?show=all")

    assert len(queue.select("input[name=enrolment]")) == 2
    assert "2 mentors are approved" in page.get_text()
    assert "Approved" in everybody.get_text()


def test_several_are_declined_kindly_or_asked_for_more_with_the_same_words(here: Course) -> None:
    send(here)
    others = [make.enrolment(here.at, make.person(here.at, f"Student {number}"), role="mentor") for number in range(2)]
    for one in others:
        make.application(one, state="submitted")
    everybody = [str(here.bob_enrolment), *map(str, others)]

    kind = here.alice.open("mentors/").select("#f-decline")[0].get_text().strip()
    ask = {"enrolment": everybody[:1], "decision": "ask", "ask": "When are you free?"}
    asked = here.alice.submit("mentors/", "/mentors/several", ask)
    decline = {"enrolment": everybody[1:], "decision": "decline", "decline": kind}
    declined = here.alice.submit("mentors/", "/mentors/several", decline)

    assert "Thank you for offering to help" in kind
    assert "1 person is asked for more" in asked.get_text()
    assert "2 applications are declined" in declined.get_text()
    assert "When are you free?" in here.bob.open("application/").get_text()
    rows = [find_application(one) for one in others]
    assert [(one.state, one.message) for one in rows if one] == [("declined", kind)] * 2


def test_nobody_is_declined_without_a_word_and_ticks_and_words_stay(here: Course) -> None:
    send(here)

    form = {"enrolment": [str(here.bob_enrolment)], "decision": "decline", "decline": " ", "ask": "Free on Mondays?"}
    page = here.alice.submit("mentors/", "/mentors/several", form, status=422)

    assert page.select("#f-decline-problem")
    assert page.select("input[name=enrolment][checked]")
    assert "Free on Mondays?" in page.select("#f-ask")[0].get_text()
    assert application(here).state == "submitted"


def test_two_windows_on_one_page_of_an_application_lose_nothing(here: Course) -> None:
    drawn = here.bob.open("application/about")
    here.bob.submit("application/about", "/application/about", ABOUT)

    stale = {"motivation": "", "struggle": "Chemistry, and a study group.", "reference": "Dr Example"}
    page = here.bob.pages.submit(drawn, "/application/about", stale, status=422)

    assert application(here).answers["motivation"] == MOTIVATION
    assert application(here).answers["reference"] == "Dr Example"
    assert application(here).answers["struggle"] == ABOUT["struggle"]
    assert len(page.select("input[name=settle-struggle]")) == 2
    assert "Chemistry, and a study group." in page.select("#f-struggle")[0].get_text()


def test_a_text_that_is_too_long_is_not_lost_by_finishing_later(here: Course) -> None:
    form = {"motivation": "word " * 2000, "struggle": "Kept.", "then": "later"}

    page = here.bob.submit("application/about", "/application/about", form, status=422)

    assert page.select("#f-motivation-problem")
    assert page.select("#f-motivation")[0].get_text().count("word") == 2000
    assert application(here).answers == {"struggle": "Kept."}


def test_a_draft_saves_itself_and_its_page_goes_on_from_there(here: Course) -> None:
    drawn = here.bob.open("application/about")
    quiet = {"motivation": "Because", "struggle": "", "reference": "", "quiet": "yes"}

    here.bob.pages.submit(drawn, "/application/about", quiet)
    assert here.bob.pages.last
    told = here.bob.pages.last.get_json()
    sent = here.bob.pages.submit(drawn, "/application/about", ABOUT | told["drawn"], status=303)

    assert told["is_whole"]
    assert set(told["drawn"]) == {"was-motivation"}
    assert application(here).answers == {key: text for key, text in ABOUT.items() if text}
    assert sent


def test_the_queue_is_paged_and_searched(here: Course) -> None:
    for number in range(30):
        one = make.enrolment(here.at, make.person(here.at, f"Student {number:02d}"), role="mentor")
        make.application(one, state="submitted")

    first, second = here.alice.open("mentors/"), here.alice.open("mentors/?page=2")
    found = here.alice.open("mentors/?q=student+07")

    assert len(first.select("input[name=enrolment]")) == 25
    assert len(second.select("input[name=enrolment]")) == 5
    assert len(found.select("input[name=enrolment]")) == 1
    here.alice.open("mentors/?q=nobody&show=nonsense&page=99")


def test_a_programme_without_applications_asks_for_none(app: Flask, clock: Clock, pages: Browsers) -> None:
    here = course(pages, clock.now.replace(year=2027), asks_application=False)

    here.bob.open("application/about", status=303)
    home = here.bob.open()

    assert not home.select("a[href$='/me/application/']")


def test_somebody_who_only_wants_help_does_not_apply(here: Course) -> None:
    here.dana.open("application/", status=303)

    assert find_application(here.dana_enrolment) is None
