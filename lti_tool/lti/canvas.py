"""The developer key of Canvas as a document that its administrators paste or point Canvas to.

Source: canvas-lms doc/api/lti_dev_key_config.md, navigation_tools.md, assignment_selection_placement.md,
link_selection_placement.md.
"""

from collections.abc import Mapping

from lti_tool.lti import notifications
from lti_tool.lti.messages import Message
from lti_tool.lti.profile import CANVAS_CHOICES, CANVAS_NAVIGATION, REQUIRED_SCOPES, ToolProfile
from lti_tool.lti.quirks import Family
from lti_tool.lti.variables import custom_parameters

REGIONS = (
    "us-east-1",
    "us-west-2",
    "ca-central-1",
    "eu-west-1",
    "eu-central-1",
    "ap-southeast-1",
    "ap-southeast-2",
)
_PLATFORM = "canvas.instructure.com"
_CHOICE_SIZE = {"selection_width": 800, "selection_height": 600}


def canvas_configuration(
    profile: ToolProfile, *, region_urls: Mapping[str, str] | None = None, with_notices: bool = False
) -> dict[str, object]:
    """The document; `region_urls` are login addresses by region of Canvas, where the tool has several.

    Raises: ValueError for a region that Canvas does not have.
    """
    regional = dict(region_urls or {})
    if unknown := regional.keys() - set(REGIONS):
        raise ValueError(f"no region of Canvas: {', '.join(sorted(unknown))}")
    return {
        "title": profile.name,
        "description": profile.description,
        "oidc_initiation_url": profile.initiate_login_uri,
        **({"oidc_initiation_urls": regional} if regional else {}),
        "target_link_uri": profile.target_link_uri,
        "scopes": [*REQUIRED_SCOPES, *((notifications.SCOPE,) if with_notices else ())],
        "public_jwk_url": profile.jwks_uri,
        "custom_fields": custom_parameters(Family.CANVAS) | dict(profile.custom_parameters or {}),
        "extensions": [_extension(profile)],
    }


def _extension(profile: ToolProfile) -> dict[str, object]:
    """Canvas's own part; the privacy level stands here and nowhere else, and without it no names arrive."""
    return {
        "platform": _PLATFORM,
        "domain": profile.domain,
        "tool_id": profile.domain,
        "privacy_level": profile.privacy_level.value,
        "settings": {
            "text": profile.name,
            **_icon(profile),
            **_CHOICE_SIZE,
            "placements": [_navigation(profile), *_choices(profile)],
        },
    }


def _navigation(profile: ToolProfile) -> dict[str, object]:
    """The entry in the course's navigation."""
    return {
        "placement": CANVAS_NAVIGATION,
        "message_type": Message.RESOURCE_LINK.value,
        "target_link_uri": profile.target_link_uri,
        "text": profile.name,
        "enabled": True,
        "default": "enabled" if profile.is_in_every_course else "disabled",
        "visibility": "public",
        **_icon(profile),
    }


def _choices(profile: ToolProfile) -> list[dict[str, object]]:
    """The places where a teacher chooses an activity."""
    if profile.deep_linking_uri is None:
        return []
    return [
        {
            "placement": place,
            "message_type": Message.DEEP_LINKING.value,
            "target_link_uri": profile.deep_linking_uri,
            "text": profile.deep_linking_label or profile.name,
            "enabled": True,
            **_icon(profile),
            **_CHOICE_SIZE,
        }
        for place in CANVAS_CHOICES
    ]


def _icon(profile: ToolProfile) -> dict[str, object]:
    """The small picture, if there is one."""
    return {"icon_url": profile.icon} if profile.icon else {}
