"""What a launch says, typed: strict where the certification asks it, lenient where LMSs differ.

Source: LTI 1.3 core, sections 5.3 and 5.4; AGS 2.0 section 3.2; NRPS 2.0 section 2.1; recorded Moodle 4.5 traffic.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lti_tool.lti.claim_parts import (
    LTI,
    DeepLinkingSettings,
    ForUser,
    GroupsEndpoint,
    NotificationEndpoint,
    address_of,
    deep_linking_of,
    for_user_of,
    groups_of,
    json_object,
    notifications_of,
    texts_of,
)
from lti_tool.lti.errors import LaunchRefused, Refusal
from lti_tool.lti.messages import Message, message_of, require_rules
from lti_tool.lti.quirks import family_of
from lti_tool.lti.roles import LtiRole, Standing, Vocabulary, is_test_user, parse_roles, standing
from lti_tool.lti.texts import identifier_of, text_of
from lti_tool.lti.variables import (
    CONTEXT_HISTORY,
    GROUP_IDS,
    LINK_HISTORY,
    SECTION_IDS,
    TIME_ZONE,
    ids_of,
    is_unexpanded,
    told_ids,
)

__all__ = [
    "CourseContext",
    "DeepLinkingSettings",
    "ForUser",
    "GradebookEndpoint",
    "GroupsEndpoint",
    "LaunchClaims",
    "LtiRole",
    "Message",
    "NotificationEndpoint",
    "Standing",
    "Vocabulary",
    "is_test_user",
    "parse_roles",
    "read_claims",
    "standing",
]

_NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
_AGS = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"

Json = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseContext:
    """The course that the launch came from."""

    id: str
    label: str | None
    title: str | None
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GradebookEndpoint:
    """Where line items live, and what this tool may do there."""

    line_items_url: str | None
    line_item_url: str | None
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchClaims:
    """One launch. Absent and empty texts are None; a test user or a launch without course is still a launch.

    `message_type` is the message as the specification spells it; `resource_link_id` is empty for the messages that
    come from no link. Histories, sections and groups are hints in the LMS's order: whoever edits a link can write them.
    """

    issuer: str
    client_id: str
    deployment_id: str
    subject: str
    message_type: str
    target_link_uri: str
    resource_link_id: str
    resource_link_title: str | None
    context: CourseContext | None
    roles: tuple[LtiRole, ...]
    standing: Standing
    is_test_user: bool
    name: str | None
    given_name: str | None
    family_name: str | None
    email: str | None
    locale: str | None
    zone: str | None
    memberships_url: str | None
    gradebook: GradebookEndpoint | None
    custom: Mapping[str, str]
    return_url: str | None
    document_target: str | None
    platform_family: str
    platform_name: str | None
    message: Message = Message.RESOURCE_LINK
    deep_linking: DeepLinkingSettings | None = None
    for_user: ForUser | None = None
    groups: GroupsEndpoint | None = None
    notifications: NotificationEndpoint | None = None
    context_history: tuple[str, ...] = ()
    link_history: tuple[str, ...] = ()
    section_ids: tuple[str, ...] | None = None
    group_ids: tuple[str, ...] | None = None


def read_claims(payload: Json) -> LaunchClaims:
    """The claims of a verified launch.

    Raises: LaunchRefused for a required claim that is missing or malformed, each with a code of its own.
    Source: required claims in the order of the 1EdTech certification's bad payloads.
    """
    _require_version(payload)
    message = message_of(payload)
    deployment_id = _required_id(payload.get(LTI + "deployment_id"), Refusal.DEPLOYMENT_MISSING)
    target = text_of(payload.get(LTI + "target_link_uri"))
    if target is None:
        raise LaunchRefused(Refusal.TARGET_MISSING)
    roles = _require_roles(payload, message)
    subject = _required_id(payload.get("sub"), Refusal.SUBJECT_MISSING)
    link = json_object(payload.get(LTI + "resource_link"))
    presentation = json_object(payload.get(LTI + "launch_presentation"))
    platform = json_object(payload.get(LTI + "tool_platform"))
    issuer = text_of(payload.get("iss")) or ""
    custom = _custom(payload)
    link_id = _link_id(link, message)
    for_user, deep_linking = for_user_of(payload), deep_linking_of(payload)
    require_rules(message, roles=roles, subject=subject, for_user=for_user, deep_linking=deep_linking)
    return LaunchClaims(
        issuer=issuer,
        client_id=_client_id(payload),
        deployment_id=deployment_id,
        subject=subject,
        message=message,
        message_type=message.value,
        target_link_uri=target,
        resource_link_id=link_id,
        resource_link_title=text_of(link.get("title")),
        context=_context(payload),
        roles=roles,
        standing=standing(roles),
        is_test_user=is_test_user(roles),
        name=text_of(payload.get("name")),
        given_name=text_of(payload.get("given_name")),
        family_name=text_of(payload.get("family_name")),
        email=text_of(payload.get("email")),
        locale=text_of(payload.get("locale")) or text_of(presentation.get("locale")),
        zone=_zone(payload.get("zoneinfo")) or _zone(custom.get(TIME_ZONE)),
        memberships_url=address_of(json_object(payload.get(_NRPS)).get("context_memberships_url")),
        gradebook=_gradebook(payload),
        custom=custom,
        deep_linking=deep_linking if message is Message.DEEP_LINKING else None,
        for_user=for_user,
        groups=groups_of(payload),
        notifications=notifications_of(payload),
        context_history=ids_of(custom, CONTEXT_HISTORY),
        link_history=ids_of(custom, LINK_HISTORY),
        section_ids=told_ids(custom, SECTION_IDS),
        group_ids=told_ids(custom, GROUP_IDS),
        return_url=return_url_of(payload),
        document_target=text_of(presentation.get("document_target")),
        platform_family=family_of(text_of(platform.get("product_family_code")) or "", issuer).value,
        platform_name=text_of(platform.get("name")),
    )


def _link_id(link: Json, message: Message) -> str:
    """The link that the message comes from, empty where it comes from none."""
    if message.has_link or (message.may_have_link and link.get("id") not in (None, "")):
        return _required_id(link.get("id"), Refusal.RESOURCE_LINK_MISSING)
    return ""


def return_url_of(payload: Json) -> str | None:
    """The way back into the LMS that the launch names."""
    return address_of(json_object(payload.get(LTI + "launch_presentation")).get("return_url"))


def _require_version(payload: Json) -> None:
    """The launch says LTI 1.3.0."""
    version = payload.get(LTI + "version")
    if version is None:
        raise LaunchRefused(Refusal.VERSION_MISSING)
    if version != "1.3.0":
        raise LaunchRefused(Refusal.VERSION_REFUSED)


def _require_roles(payload: Json, message: Message) -> tuple[LtiRole, ...]:
    """The roles; an empty list is a launch without rights, an absent one is an error."""
    values = payload.get(LTI + "roles")
    if values is None and message.may_lack_roles:
        return ()
    if values is None:
        raise LaunchRefused(Refusal.ROLES_MISSING)
    if not isinstance(values, list):
        raise LaunchRefused(Refusal.CLAIM_MALFORMED)
    return parse_roles(value for value in values if isinstance(value, str))


def _required_id(value: object, reason: Refusal) -> str:
    """An identifier; `reason` is the refusal where there is none at all."""
    if value is None or value == "":
        raise LaunchRefused(reason)
    identifier = identifier_of(value)
    if identifier is None:
        raise LaunchRefused(Refusal.CLAIM_MALFORMED)
    return identifier


def _client_id(payload: Json) -> str:
    """The client id the token is for: the authorised party, else the one audience."""
    audience = payload.get("aud")
    first = audience[0] if isinstance(audience, list) and audience else audience
    return text_of(payload.get("azp")) or text_of(first) or ""


def _context(payload: Json) -> CourseContext | None:
    """The course, or None for a launch from outside a course."""
    context = json_object(payload.get(LTI + "context"))
    if context.get("id") in (None, ""):
        return None
    types = context.get("type")
    return CourseContext(
        id=_required_id(context.get("id"), Refusal.CLAIM_MALFORMED),
        label=text_of(context.get("label")),
        title=text_of(context.get("title")),
        types=tuple(kind for kind in types if isinstance(kind, str)) if isinstance(types, list) else (),
    )


def _gradebook(payload: Json) -> GradebookEndpoint | None:
    """The gradebook's addresses and scopes; Moodle 4.5 sends an empty `lineitem` when several columns exist."""
    endpoint = json_object(payload.get(_AGS))
    line_items = address_of(endpoint.get("lineitems"))
    line_item = address_of(endpoint.get("lineitem"))
    if line_items is None and line_item is None:
        return None
    return GradebookEndpoint(
        line_items_url=line_items,
        line_item_url=line_item,
        scopes=texts_of(endpoint.get("scope")),
    )


def _custom(payload: Json) -> dict[str, str]:
    """Custom values as texts; what the LMS left as `$Variable` is missing, not a value."""
    said = json_object(payload.get(LTI + "custom"))
    texts = {name: _custom_text(value) for name, value in said.items() if identifier_of(name)}
    return {name: text for name, text in texts.items() if text is not None and not is_unexpanded(text)}


def _custom_text(value: object) -> str | None:
    """One custom value; Canvas sends numbers, booleans and null beside texts."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return text_of(value) or ""
    return str(value) if isinstance(value, int | float) else None


def _zone(value: object) -> str | None:
    """A time zone's name, if this machine knows it."""
    name = text_of(value)
    try:
        return ZoneInfo(name).key if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
