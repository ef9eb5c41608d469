"""What the tool says about itself to any LMS: name, addresses, permissions, places where it wants to appear.

Source: LTI Dynamic Registration 1.0, section 3.5; OpenID Connect Registration 1.0, section 2.1 (`client_name#de`);
canvas-lms doc/api/registration.md and placements_overview.md; Moodle 4.5.6 as observed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from lti_tool.lti import gradebook, groups, notifications, roster
from lti_tool.lti.messages import Message
from lti_tool.lti.openid import PlatformConfiguration
from lti_tool.lti.quirks import Family

CANVAS = "https://canvas.instructure.com/lti/"
REQUIRED_SCOPES = (
    roster.SCOPE,
    gradebook.LINE_ITEM_SCOPE,
    gradebook.LINE_ITEM_READ_SCOPE,
    gradebook.RESULT_SCOPE,
    gradebook.SCORE_SCOPE,
)
# Asked for only where the LMS names them: many do not know them, and some refuse a request with an unknown one.
OPTIONAL_SCOPES = (groups.SCOPE, notifications.SCOPE)
CANVAS_NAVIGATION = "course_navigation"
# An assignment with a gradebook column, and a module item without one.
CANVAS_CHOICES = ("assignment_selection", "link_selection")
_CONTENT_AREA = "ContentArea"


class PrivacyLevel(StrEnum):
    """How much of a person an LMS is asked to tell, by Canvas's names."""

    PUBLIC = "public"
    NAME_ONLY = "name_only"
    EMAIL_ONLY = "email_only"
    ANONYMOUS = "anonymous"

    @property
    def claims(self) -> tuple[str, ...]:
        """The claims to ask for; Moodle shares names and addresses only with a tool that asks."""
        names = ("name", "given_name", "family_name") if self in {PrivacyLevel.PUBLIC, PrivacyLevel.NAME_ONLY} else ()
        mail = ("email",) if self in {PrivacyLevel.PUBLIC, PrivacyLevel.EMAIL_ONLY} else ()
        return ("iss", "sub", *names, *mail, "locale", "zoneinfo")


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolProfile:
    """What the tool says about itself; every address is of its own origin.

    `names`, `descriptions` and `deep_linking_labels` hold translations by language tag; without `deep_linking_uri`
    nothing can be chosen in an LMS.
    """

    name: str
    description: str
    origin: str
    initiate_login_uri: str
    redirect_uri: str
    target_link_uri: str
    jwks_uri: str
    logo_uri: str | None = None
    policy_uri: str | None = None
    tos_uri: str | None = None
    contacts: tuple[str, ...] = ()
    custom_parameters: Mapping[str, str] | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    icon_uri: str | None = None
    deep_linking_uri: str | None = None
    deep_linking_label: str | None = None
    deep_linking_labels: Mapping[str, str] = field(default_factory=dict)
    privacy_level: PrivacyLevel = PrivacyLevel.PUBLIC
    is_in_every_course: bool = True

    @property
    def domain(self) -> str:
        """Host and port of the tool: Moodle compares both with the target's."""
        return self.target_link_uri.split("://", 1)[1].split("/", 1)[0]

    @property
    def icon(self) -> str | None:
        """The small picture beside the tool's name."""
        return self.icon_uri or self.logo_uri


def scopes_for(configuration: PlatformConfiguration) -> tuple[str, ...]:
    """The permissions to ask for: only those that the LMS knows, all the usual ones where it does not say."""
    known = configuration.scopes_supported
    usual = tuple(scope for scope in REQUIRED_SCOPES if not known or scope in known)
    return usual + tuple(scope for scope in OPTIONAL_SCOPES if scope in known)


def messages_for(configuration: PlatformConfiguration, profile: ToolProfile) -> list[dict[str, object]]:
    """The ways in that the LMS is to offer, each with its target, label and places."""
    return [
        _resource_link(configuration, profile),
        *_deep_linking(configuration, profile),
        *_where_supported(configuration, profile),
    ]


def translated(name: str, translations: Mapping[str, str]) -> dict[str, str]:
    """The member in other languages: `label#de`."""
    return {f"{name}#{language}": text for language, text in translations.items() if text}


def _resource_link(configuration: PlatformConfiguration, profile: ToolProfile) -> dict[str, object]:
    """The launch of a link; in Canvas also the entry in the course's navigation."""
    message = _message(Message.RESOURCE_LINK, profile, label=profile.name, labels=profile.names)
    if configuration.family is not Family.CANVAS:
        return message
    return message | {
        "placements": [CANVAS_NAVIGATION],
        CANVAS + "course_navigation/default_enabled": profile.is_in_every_course,
    }


def _deep_linking(configuration: PlatformConfiguration, profile: ToolProfile) -> list[dict[str, object]]:
    """The choice of an activity; Canvas wants one message for each place."""
    supported = configuration.messages_supported
    if profile.deep_linking_uri is None or (supported and Message.DEEP_LINKING not in supported):
        return []
    message = _message(
        Message.DEEP_LINKING,
        profile,
        label=profile.deep_linking_label or profile.name,
        labels=profile.deep_linking_labels,
    ) | {"target_link_uri": profile.deep_linking_uri}
    listed = supported.get(Message.DEEP_LINKING, frozenset())
    wanted = CANVAS_CHOICES if configuration.family is Family.CANVAS else (_CONTENT_AREA,)
    places = [place for place in wanted if not listed or place in listed]
    if not places:
        return [message]
    return [message | {"placements": [place]} for place in places]


def _where_supported(configuration: PlatformConfiguration, profile: ToolProfile) -> list[dict[str, object]]:
    """Submission review and data privacy, where the LMS names them, in its own spelling."""
    offered = (Message.SUBMISSION_REVIEW.value, Message.DATA_PRIVACY.value, "DataPrivacyLaunchRequest")
    named = [name for name in offered if name in configuration.messages_supported]
    return [_message(name, profile, label=profile.name, labels=profile.names) for name in named]


def _message(kind: str, profile: ToolProfile, *, label: str, labels: Mapping[str, str]) -> dict[str, object]:
    """One message."""
    return {
        "type": str(kind),
        "target_link_uri": profile.target_link_uri,
        "label": label,
        **translated("label", labels),
        **({"icon_uri": profile.icon} if profile.icon else {}),
    }
