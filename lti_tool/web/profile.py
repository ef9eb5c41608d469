"""What this tool tells an LMS about itself: the addresses under which it is reached now."""

from flask_babel import gettext as _

from lti_tool.lti.labels import DESCRIPTIONS, NAMES
from lti_tool.lti.registration import ToolProfile
from lti_tool.web import visitor


def own_profile() -> ToolProfile:
    """The tool's present settings."""
    return ToolProfile(
        name=_("Peer Mentoring"),
        description=_("Mentoring pairs inside the course: joined, matched, supported and counted."),
        origin=visitor.edge().origin,
        initiate_login_uri=visitor.own_url("lti.login"),
        redirect_uri=visitor.own_url("lti.launch"),
        target_link_uri=visitor.own_url("lti.launch"),
        jwks_uri=visitor.own_url("lti.jwks"),
        logo_uri=visitor.own_url("static", filename="mark.svg"),
        deep_linking_uri=visitor.own_url("lti.launch"),
        deep_linking_label=_("Peer Mentoring"),
        names=NAMES,
        descriptions=DESCRIPTIONS,
        deep_linking_labels=NAMES,
    )
