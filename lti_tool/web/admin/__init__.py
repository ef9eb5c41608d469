"""Pages of the person who runs this tool. One guard for all of them, and a door that leads in."""

from flask import Blueprint
from flask_babel import gettext as _

from lti_tool.web import visitor
from lti_tool.web.admin import deployments, door, health, invitations, keys, platforms, registration
from lti_tool.web.connection import STATES
from lti_tool.web.frame import Tab

entrance = door.blueprint
admin = Blueprint("admin", __name__, url_prefix="/admin")
admin.before_request(visitor.admit_admin)
for _page in (platforms, registration, deployments, invitations, health, keys, door.way_out):
    admin.register_blueprint(_page if isinstance(_page, Blueprint) else _page.blueprint)


@admin.context_processor
def _frame() -> dict[str, object]:
    tabs = (
        Tab("admin.platforms.list", _("LMSs")),
        Tab("admin.invitations.list", _("Invitations")),
        Tab("admin.registration.values", _("Values to copy")),
        Tab("admin.health.list", _("Health")),
        Tab("admin.keys.list", _("Keys")),
    )
    return {
        "nav": tabs,
        "who": _("Administrator of this tool"),
        "home_url": tabs[0].url,
        "STATES": STATES,
    }
