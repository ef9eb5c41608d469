"""How the invented students answer: varied, and the same at every start."""

from random import Random
from urllib.parse import urlsplit

from lti_tool.demo.campus import Places, launched, signed_in
from lti_tool.demo.surfer import Control, Form, Page, Surfer

CALM = {"life_": 3, "concern": 1}  # of these the first answers only: few have it very hard
_QUESTIONS = "/me/join/questions/"
EVENINGS = ("16", "18")  # when most students have time
NOTES = ("", "", "", "I write better than I talk.", "Please call me by my second name.", "I am on the bus until nine.")
OWN_INTERESTS = ("", "", "", "Old maps", "Bell ringing", "Making cheese")


def role_of(number: int) -> str:
    """As what the student of this number joins: Bob is a mentor, Dana a mentee."""
    if number == 0:
        return "mentor"
    if number == 1:
        return "mentee"
    if number % 3 == 0:
        return "mentor"
    if number % 11 == 4:
        return "swap"
    return "either" if number % 7 == 2 else "mentee"


def join(places: Places, person: str, number: int) -> None:
    """One student opens the tool in the course, answers the questions and agrees."""
    surfer = signed_in(places, person)
    page = launched(surfer, places)
    page = surfer.open(page.link("/me/join/") or page.url)
    zone = next(one.value for one in page.form("/me/join/").controls if one.name == "time_zone")
    page = surfer.answer(page, "/me/join/", lambda _form: [("role", role_of(number)), ("time_zone", zone)])
    chance = Random(f"student {number}")  # noqa: S311  # varied answers, no secrets
    while asking := page_of_questions(page):
        page = surfer.answer(page, asking, lambda form: answers(form, chance))
    page = surfer.open(page.link("/me/join/agree") or page.url)
    surfer.submit(page, "/me/join/agree", conduct="yes", consent="yes")


def page_of_questions(page: Page) -> str | None:
    """The end of the address to which this page of the questionnaire is sent, if it is one."""
    paths = [urlsplit(form.action).path for form in page.forms]
    return next((path[path.index(_QUESTIONS) :] for path in paths if _QUESTIONS in path), None)


def answers(form: Form, chance: Random) -> list[tuple[str, str]]:
    """A whole questionnaire filled in, whatever it asks."""
    filled: list[tuple[str, str]] = []
    for name, values in form.named("checkbox").items():
        if not name.endswith("-strong"):
            filled += _marked(name, _ticked(name, values, chance), form, chance)
    for name, values in form.named("radio").items():
        first = next((count for begin, count in CALM.items() if name.startswith(begin)), len(values))
        filled.append((name, chance.choice(values[:first])))
    taken: set[str] = set()
    for control in form.controls:
        if control.kind == "select":
            filled.append((control.name, _chosen(control, taken, chance)))
        elif control.kind in {"text", "number", "textarea"}:
            filled.append((control.name, _written(control, chance)))
    return filled


def check_in(surfer: Surfer, pair_url: str, number: int, chance: Random) -> None:
    """One check-in of one pair."""
    page = surfer.open(f"{pair_url.split('?', maxsplit=1)[0]}check-ins/{number}")
    surfer.answer(page, f"/check-ins/{number}", lambda form: answers(form, chance))


def _marked(name: str, chosen: list[str], form: Form, chance: Random) -> list[tuple[str, str]]:
    """The ticks, and where a thing can be marked as a strength, some of them so marked."""
    strong = f"{name}-strong"
    marks = [(strong, value) for value in chosen if chance.random() < 0.4] if strong in form.named("checkbox") else []
    return [(name, value) for value in chosen] + marks


def _ticked(name: str, values: list[str], chance: Random) -> list[str]:
    if name == "availability":
        usual = [value for value in values if value.endswith(EVENINGS)]
        return sorted(set(chance.sample(usual, 8) + chance.sample(values, 5)))
    if name == "languages":
        return sorted({"en", *chance.sample(values, 1)})
    if name == "languages_needed":
        return ["en"] if chance.random() < 0.2 else []
    if len(values) == 1:
        return values if chance.random() < 0.5 else []
    return chance.sample(values, min(len(values), chance.choice((2, 3, 3))))


def _chosen(control: Control, taken: set[str], chance: Random) -> str:
    free = [value for value in control.choices if value and value not in taken]
    choice = chance.choice(free)
    taken.add(choice)
    return choice


def _written(control: Control, chance: Random) -> str:
    if control.name == "mentee_limit":
        return str(chance.choice((1, 2, 2, 3)))
    if control.name == "next_step":
        return "Read chapter three together."
    if control.name == "interests_own":
        return chance.choice(OWN_INTERESTS)
    return chance.choice(NOTES)
