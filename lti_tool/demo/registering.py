"""How the LMS's administrator brings the tool in: by one address, or by copying addresses both ways."""

from collections.abc import Callable, Mapping

from lti_tool.demo.campus import ADMIN, COURSE, TEACHER, Places, signed_in
from lti_tool.demo.surfer import Page, StoryBroken, Surfer

# What the LMS is called on the tool's side, where an administrator must say it by hand.
FAMILIES = {"blackboard": "blackboardlearn", "openedx": "openedx"}
Command = Callable[..., str]  # runs the tool's own command and answers what it printed


def register(places: Places, command: Command, *, lms: str) -> None:
    """The administrator registers the tool and switches it on, so that it stands in the courses."""
    admin = signed_in(places, ADMIN)
    page = admin.open(places.lms + "/admin/")
    if any(form.action.endswith("/admin/add-tool") for form in page.forms):
        page = _by_address(admin, page, command("platforms", "invite"))
    else:
        _by_hand(places, admin, command, lms=lms)
    tools = admin.open(places.lms + "/admin/")
    for form in [one for one in tools.forms if one.action.endswith("/activate")]:
        admin.send(tools, form, form.filled())
    if not signed_in(places, TEACHER).json(f"{places.lms}/courses/{COURSE}/links.json"):
        raise StoryBroken(f"the registration ended on “{page.heading}”: {page.text}")


def _by_address(admin: Surfer, page: Page, invitation: str) -> Page:
    """Paste the invitation's address, and confirm on the tool's page, in a frame or in a window of its own."""
    page = admin.send(page, page.form("/admin/add-tool"), [("registration_url", invitation)])
    frame = next((one for one in page.frames if "/lti/register" in one), page.link("/lti/register"))
    if frame is None:
        raise StoryBroken(f"the LMS opened no registration page: {page.text}")
    return admin.submit(admin.open(frame), "/lti/register")


def _by_hand(places: Places, admin: Surfer, command: Command, *, lms: str) -> None:
    """Copy the tool's addresses into the LMS, and the LMS's answer into the tool."""
    page = admin.open(places.lms + "/admin/by-hand")
    admin.send(page, page.form("/admin/by-hand"), list(_addresses(places).items()))
    said = {name: str(value) for name, value in admin.json(places.lms + "/admin/tools.json")[-1].items()}
    names = ("issuer", "client_id", "auth_login_url", "auth_token_url", "jwks_url", "deployment_id", "auth_audience")
    options = {name.replace("_", "-"): said[name] for name in names if said[name]}
    options["family"] = FAMILIES.get(lms, "")
    # A value may begin with a dash, so it stands in one word with its option.
    command("platforms", "add", *(f"--{name}={value}" for name, value in options.items()))


def _addresses(places: Places) -> Mapping[str, str]:
    return {
        "name": "Peer mentoring",
        "initiate_login_uri": f"{places.tool}/lti/login",
        "redirect_uris": f"{places.tool}/lti/launch",
        "target_link_uri": f"{places.tool}/lti/launch",
        "jwks_uri": f"{places.tool}/lti/jwks",
        "share_names": "yes",
    }
