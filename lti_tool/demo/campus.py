"""What people do in the demo LMS: sign in, and open the tool."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from lti_tool.demo.surfer import Page, StoryBroken, Surfer

COURSE = "biology-101"
TEACHER = "alice-ashford"
ADMIN = "iris-ironwood"


@dataclass(frozen=True, slots=True)
class Places:
    """Where the programs are."""

    tool: str
    lms: str


def signed_in(places: Places, person: str) -> Surfer:
    """A browser in which this person is signed in to the LMS."""
    surfer = Surfer()
    page = surfer.open(places.lms + "/?q=" + person)
    surfer.send(page, page.form("/sign-in"), [("person", person)])
    return surfer


def launched(surfer: Surfer, places: Places) -> Page:
    """The tool's first page after a click on its link in the course."""
    link = surfer.json(f"{places.lms}/courses/{COURSE}/links.json")[0]
    page = surfer.open(f"{places.lms}/courses/{COURSE}/links/{link['id']}/launch?in=window")
    for _hop in range(4):
        if urlsplit(page.url).path.startswith("/l/"):
            return page
        form = page.forms[0]
        page = surfer.send(page, form, form.filled())
    raise StoryBroken(f"the launch ended on “{page.heading}” ({page.url})")
