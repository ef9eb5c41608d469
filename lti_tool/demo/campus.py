"""What people do in the demo LMS: sign in, open the tool, register it."""

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


def register(places: Places, invitation: str) -> None:
    """The LMS admin pastes the invitation's address and confirms."""
    admin = signed_in(places, ADMIN)
    page = admin.open(places.lms + "/admin/")
    page = admin.send(page, page.form("/admin/add-tool"), [("registration_url", invitation)])
    frame = next((one for one in page.frames if "/lti/register" in one), None)
    if frame is None:
        raise StoryBroken(f"the LMS opened no registration page: {page.text}")
    page = admin.open(frame)
    page = admin.submit(page, "/lti/register")
    if not signed_in(places, TEACHER).json(f"{places.lms}/courses/{COURSE}/links.json"):
        raise StoryBroken(f"the registration ended on “{page.heading}”: {page.text}")
