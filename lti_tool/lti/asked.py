"""What each LMS's own form asks of a tool that is registered by hand: its fields by name, and what belongs there.

Source: as `presets` says; moodle mod/lti/edit_form.php (`Content Selection URL`); openedx/xblock-lti-consumer (`Deep
Linking Launch URL`). Where a form has no field for a kind of launch, that LMS takes the target from the tool or has no
such launch.
"""

from collections.abc import Mapping
from enum import StrEnum

from lti_tool.lti.errors import N_
from lti_tool.lti.quirks import Family


class Address(StrEnum):
    """An address of this tool, by what it is for."""

    LOGIN = "login"
    LAUNCH = "launch"
    CHOOSING = "choosing"
    REVIEW = "review"
    PRIVACY = "privacy"
    KEYS = "jwks"
    CONFIGURATION = "config"
    ICON = "icon"
    DOMAIN = "domain"
    ORIGIN = "origin"


ASKED: Mapping[Family, tuple[tuple[str, Address], ...]] = {
    Family.CANVAS: (
        (N_("Method “Enter URL”: JSON URL"), Address.CONFIGURATION),
        (N_("Redirect URIs"), Address.LAUNCH),
        (N_("Target Link URI"), Address.LAUNCH),
        (N_("OpenID Connect Initiation Url"), Address.LOGIN),
        (N_("Public JWK URL"), Address.KEYS),
        (N_("Placements Assignment Selection and Link Selection: Target Link URI (deep linking)"), Address.CHOOSING),
    ),
    Family.MOODLE: (
        (N_("Tool URL"), Address.LAUNCH),
        (N_("Public keyset"), Address.KEYS),
        (N_("Initiate login URL"), Address.LOGIN),
        (N_("Redirection URI(s)"), Address.LAUNCH),
        (N_("Supports Deep Linking (Content-Item Message): Content Selection URL"), Address.CHOOSING),
        (N_("Icon URL"), Address.ICON),
    ),
    Family.BLACKBOARD: (
        (N_("Domain(s)"), Address.DOMAIN),
        (N_("Login Initiation URL"), Address.LOGIN),
        (N_("Tool Redirect URL(s)"), Address.LAUNCH),
        (N_("Tool JWKS URL"), Address.KEYS),
        (N_("Placement “Course content tool”: Target Link URI"), Address.LAUNCH),
        (N_("Placement “Deep Linking content tool”: Target Link URI"), Address.CHOOSING),
    ),
    Family.BRIGHTSPACE: (
        (N_("Domain"), Address.ORIGIN),
        (N_("Redirect URLs"), Address.LAUNCH),
        (N_("OpenID Connect Login URL"), Address.LOGIN),
        (N_("Target Link URI"), Address.LAUNCH),
        (N_("Keyset URL"), Address.KEYS),
        (N_("Link of the type Deep Linking Quicklink: URL"), Address.CHOOSING),
    ),
    Family.SAKAI: (
        (N_("Launch URL"), Address.LAUNCH),
        (N_("LTI 1.3 Tool Keyset URL"), Address.KEYS),
        (N_("LTI 1.3 Tool OpenID Connect/Initialization Endpoint"), Address.LOGIN),
        (N_("LTI 1.3 Tool Redirect Endpoint(s)"), Address.LAUNCH),
    ),
    Family.OPEN_EDX: (
        (N_("Tool Launch URL"), Address.LAUNCH),
        (N_("Tool Initiate Login URL"), Address.LOGIN),
        (N_("Registered Redirect URIs"), Address.LAUNCH),
        (N_("Tool Keyset URL"), Address.KEYS),
        (N_("Deep Linking Launch URL"), Address.CHOOSING),
    ),
    Family.OTHER: (
        (N_("Login initiation address"), Address.LOGIN),
        (N_("Redirect address"), Address.LAUNCH),
        (N_("Target link address"), Address.LAUNCH),
        (N_("Deep linking: target link address"), Address.CHOOSING),
        (N_("Submission review: target link address"), Address.REVIEW),
        (N_("Data privacy launch: target link address"), Address.PRIVACY),
        (N_("Public key set address"), Address.KEYS),
        (N_("Icon"), Address.ICON),
    ),
}
