"""The parts of a launch that only some launches have: whom it is about, where a choice goes, further services.

Source: Deep Linking 2.0, section 4.4.1; Submission Review 1.0 (`for_user`); Course Groups 1.0, section 3.1; Platform
Notification Service 1.0, section 4; canvas-lms doc/api: assignment_selection_placement.md, link_selection_placement.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from lti_tool.lti.addresses import is_secure, is_web_address
from lti_tool.lti.texts import identifier_of, text_of

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/"
_GROUPS = "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice"
_NOTIFICATIONS = LTI + "platformnotificationservice"
_CANVAS_PLACEMENT = "https://www.instructure.com/placement"
# Canvas placements that take one link, whatever accept_multiple says; the second makes links without a column.
_ONE_LINK_PLACEMENTS = frozenset({"assignment_selection", "link_selection"})
_UNGRADED_PLACEMENTS = frozenset({"link_selection"})
_MOST_TYPES = 50

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForUser:
    """The person that somebody else's launch is about."""

    user_id: str
    name: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeepLinkingSettings:
    """Where a choice goes and what may be chosen; `data` is the LMS's own and goes back exactly as it came.

    `accepts_line_item` is None where the LMS does not say; `has_data` tells an absent `data` from an empty one.
    """

    return_url: str
    accept_types: frozenset[str]
    document_targets: frozenset[str]
    accepts_multiple: bool
    accepts_line_item: bool | None
    auto_create: bool
    title: str | None
    text: str | None
    has_data: bool
    data: object

    @property
    def accepts_links(self) -> bool:
        """Whether the LMS takes links that open this tool, the only thing that the tool has to offer."""
        return "ltiResourceLink" in self.accept_types


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsEndpoint:
    """Where the course's groups can be read."""

    groups_url: str
    sets_url: str | None
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationEndpoint:
    """Where the tool can ask to be told what happens, and of what."""

    url: str
    scopes: frozenset[str]
    notice_types: frozenset[str]


def for_user_of(payload: Json) -> ForUser | None:
    """The person the launch is about, if it names one."""
    said = json_object(payload.get(LTI + "for_user"))
    user_id = identifier_of(said.get("user_id"))
    if user_id is None:
        return None
    return ForUser(
        user_id=user_id,
        name=text_of(said.get("name")),
        given_name=text_of(said.get("given_name")),
        family_name=text_of(said.get("family_name")),
        email=text_of(said.get("email")),
    )


def deep_linking_of(payload: Json) -> DeepLinkingSettings | None:
    """The settings of a choice; None without an address to return to that is as safe as the LMS itself."""
    said = json_object(payload.get(DEEP_LINKING + "deep_linking_settings"))
    return_url = address_of(said.get("deep_link_return_url"))
    if return_url is None or (is_secure(text_of(payload.get("iss")) or "") and not is_secure(return_url)):
        return None
    placement = text_of(payload.get(_CANVAS_PLACEMENT)) or ""
    return DeepLinkingSettings(
        return_url=return_url,
        accept_types=texts_of(said.get("accept_types")),
        document_targets=texts_of(said.get("accept_presentation_document_targets")),
        accepts_multiple=_truth(said.get("accept_multiple")) is True and placement not in _ONE_LINK_PLACEMENTS,
        accepts_line_item=False if placement in _UNGRADED_PLACEMENTS else _truth(said.get("accept_lineitem")),
        auto_create=_truth(said.get("auto_create")) is True,
        title=text_of(said.get("title")),
        text=text_of(said.get("text")),
        has_data="data" in said,
        data=said.get("data"),
    )


def groups_of(payload: Json) -> GroupsEndpoint | None:
    """The groups service, if this launch offers it."""
    said = json_object(payload.get(_GROUPS))
    url = address_of(said.get("context_groups_url"))
    if url is None:
        return None
    return GroupsEndpoint(
        groups_url=url,
        sets_url=address_of(said.get("context_group_sets_url")),
        scopes=texts_of(said.get("scope")),
    )


def notifications_of(payload: Json) -> NotificationEndpoint | None:
    """The notification service, if this launch offers it."""
    said = json_object(payload.get(_NOTIFICATIONS))
    url = address_of(said.get("platform_notification_service_url"))
    if url is None:
        return None
    return NotificationEndpoint(
        url=url,
        scopes=texts_of(said.get("scope")),
        notice_types=texts_of(said.get("notice_types_supported")),
    )


def _truth(value: object) -> bool | None:
    """A truth value, also one written as text; None for anything else."""
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def texts_of(value: object) -> frozenset[str]:
    """The texts of a list; one text is read as a list separated by spaces."""
    given = value.split() if isinstance(value, str) else value if isinstance(value, list) else []
    return frozenset(text for text in given[:_MOST_TYPES] if isinstance(text, str))


def address_of(value: object) -> str | None:
    """A web address, or None for anything else."""
    return value if isinstance(value, str) and is_web_address(value) else None


def json_object(value: object) -> Json:
    """A JSON object; anything else counts as an empty one."""
    return value if isinstance(value, dict) else {}
