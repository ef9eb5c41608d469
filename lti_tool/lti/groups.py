"""The course's groups by the Course Groups service, where an LMS has one (Sakai, Blackboard, Brightspace).

Who is in which group stands in the roster (`group_enrollments`), or is asked for one person at a time.
Source: Course Groups 1.0, section 3 (the draft before it said `set_id`); LMS behaviour in `quirks`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from lti_tool.lti.addresses import with_query
from lti_tool.lti.claim_parts import GroupsEndpoint
from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import PlatformRefused, ServiceFault
from lti_tool.lti.paging import entries
from lti_tool.lti.texts import identifier_of, text_of

__all__ = ["SCOPE", "CourseGroup", "GroupSet", "GroupsEndpoint", "read_group_sets", "read_groups"]

SCOPE = "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"
_GROUPS = "application/vnd.ims.lti-gs.v1.contextgroupcontainer+json"
_SETS = "application/vnd.ims.lti-gs.v1.contextgroupsetcontainer+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseGroup:
    """One group of the course, in any number of sets."""

    id: str
    name: str
    tag: str | None
    is_hidden: bool
    set_ids: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSet:
    """One set of groups."""

    id: str
    name: str
    is_hidden: bool


def read_groups(
    connector: Connector, endpoint: GroupsEndpoint, *, user_id: str | None = None
) -> tuple[CourseGroup, ...]:
    """The groups of the course, or those of one person.

    Raises: PlatformRefused, PlatformUnavailable; a part of the groups is never returned.
    """
    url = with_query(endpoint.groups_url, {"user_id": user_id} if user_id is not None else {})
    found = entries(connector, url, scopes=(SCOPE,), accept=_GROUPS, name="groups")
    return tuple({group.id: group for group in (_group(entry, connector) for entry in found)}.values())


def read_group_sets(connector: Connector, endpoint: GroupsEndpoint) -> tuple[GroupSet, ...]:
    """The sets of groups; none where the LMS has no sets.

    Raises: PlatformRefused, PlatformUnavailable.
    """
    if endpoint.sets_url is None:
        return ()
    found = entries(connector, endpoint.sets_url, scopes=(SCOPE,), accept=_SETS, name="sets")
    return tuple({one.id: one for one in map(_set, found)}.values())


def _group(entry: Mapping[str, object], connector: Connector) -> CourseGroup:
    """One group; a tag that is the same for every group says nothing."""
    tag = identifier_of(entry.get("tag"))
    return CourseGroup(
        id=_required_id(entry),
        name=text_of(entry.get("name")) or "",
        tag=None if tag == connector.quirks.empty_group_tag else tag,
        is_hidden=entry.get("hidden") is True,
        set_ids=_set_ids(entry),
    )


def _set(entry: Mapping[str, object]) -> GroupSet:
    """One set."""
    return GroupSet(
        id=_required_id(entry), name=text_of(entry.get("name")) or "", is_hidden=entry.get("hidden") is True
    )


def _set_ids(entry: Mapping[str, object]) -> frozenset[str]:
    """The sets of a group, in the new spelling or the old one."""
    listed = entry.get("set_ids")
    said = listed if isinstance(listed, list) else [entry.get("set_id")]
    return frozenset(one for one in map(identifier_of, said) if one is not None)


def _required_id(entry: Mapping[str, object]) -> str:
    """The identifier, without which nothing can be told apart."""
    identifier = identifier_of(entry.get("id"))
    if identifier is None:
        raise PlatformRefused(ServiceFault.UNREADABLE)
    return identifier
