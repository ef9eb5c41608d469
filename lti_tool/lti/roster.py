"""The course roster by Names and Roles: all pages, any size, or an error; never a part.

Source: NRPS 2.0, section 3; LMS behaviour in `quirks`.
"""

import html
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.parse import parse_qs, urlsplit

from lti_tool.lti.addresses import with_query
from lti_tool.lti.claim_parts import LTI, json_object
from lti_tool.lti.connector import Answer, Connector
from lti_tool.lti.errors import PlatformRefused, ServiceFault
from lti_tool.lti.roles import LtiRole, Standing, is_test_user, parse_roles, standing
from lti_tool.lti.texts import identifier_of, text_of
from lti_tool.lti.variables import GROUP_IDS, SECTION_IDS, ids_of

SCOPE = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
_MEDIA_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
_MOST_PAGES = 5_000
_MOST_MEMBERS = 200_000

Status = Literal["active", "inactive", "deleted"]
_STATUSES: Mapping[str, Status] = {"active": "active", "inactive": "inactive", "deleted": "deleted"}


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterMember:
    """One person of the course, once, with all roles the LMS lists."""

    user_id: str
    roles: tuple[LtiRole, ...]
    standing: Standing
    is_test_user: bool
    status: Status
    name: str | None
    given_name: str | None
    family_name: str | None
    email: str | None
    section_ids: frozenset[str] = frozenset()
    group_ids: frozenset[str] = frozenset()


def read_roster(
    connector: Connector,
    memberships_url: str,
    *,
    on_page: Callable[[int], None] | None = None,
    limit: int = 1000,
    context_id: str | None = None,
    with_groups: bool = False,
) -> tuple[RosterMember, ...]:
    """Everybody in the course, in the LMS's order; `on_page` hears how many are read so far.

    `context_id` also asks for sections where the LMS tells them that way (Canvas; the plain roster if it refuses), and
    `with_groups` for groups, which an LMS with a groups service knows.
    Raises: PlatformUnavailable, PlatformRefused; a part of a roster is never returned.
    """
    url = _first_url(connector, memberships_url, limit)
    if with_groups:
        url = _with_parameter(url, "groups", "true")
    if context_id is None or not connector.quirks.roster_tells_sections:
        return _read_pages(connector, url, on_page)
    try:
        return _read_pages(connector, _with_parameter(url, "rlid", context_id), on_page)
    except PlatformRefused as refused:
        if refused.fault is not ServiceFault.LINK_HAS_NO_ROSTER:
            raise
        return _read_pages(connector, url, on_page)


def _with_parameter(url: str, name: str, value: str) -> str:
    """The address with this parameter, unless the LMS put one of that name there."""
    return url if name in parse_qs(urlsplit(url).query, keep_blank_values=True) else with_query(url, {name: value})


def _read_pages(
    connector: Connector, first_url: str, on_page: Callable[[int], None] | None
) -> tuple[RosterMember, ...]:
    """Everybody on this page and those behind it."""
    people: dict[str, RosterMember] = {}
    visited: set[str] = set()
    url: str | None = first_url
    while url is not None:
        visited.add(url)
        answer = connector.get(url, scopes=(SCOPE,), accept=_MEDIA_TYPE)
        before = len(people)
        entries = _entries(answer, is_first=len(visited) == 1)
        _collect(people, entries)
        if len(visited) > _MOST_PAGES or len(people) > _MOST_MEMBERS:
            raise PlatformRefused(ServiceFault.TOO_LARGE)
        if on_page is not None:
            on_page(len(people))
        brought_nobody_new = bool(entries) and len(people) == before
        url = _next_url(connector, answer, visited, brought_nobody_new=brought_nobody_new)
    return tuple(people.values())


def _first_url(connector: Connector, memberships_url: str, limit: int) -> str:
    """The address of the first page, with a page size where the LMS handles one well."""
    size = connector.quirks.roster_page_size
    if size is None or "limit" in parse_qs(urlsplit(memberships_url).query):
        return memberships_url
    return with_query(memberships_url, {"limit": str(min(size, limit))})


def _next_url(connector: Connector, answer: Answer, visited: set[str], *, brought_nobody_new: bool) -> str | None:
    """Where to read on, or None at the end.

    Blackboard Learn above 1,000 members links from its last page back to an earlier one. A page with people of whom
    none is new therefore ends the reading: the pages have come round. An address read before ends it on Blackboard,
    and is an error anywhere else, since people may be missing.
    """
    following = answer.next_url
    if following is None or brought_nobody_new:
        return None
    if following not in visited:
        return following
    if connector.quirks.roster_pages_may_repeat:
        return None
    raise PlatformRefused(ServiceFault.PAGES_REPEAT, status=answer.status)


def _entries(answer: Answer, *, is_first: bool) -> list[object]:
    """The members of one page; Sakai answers an empty body for a course without members."""
    if answer.json is None and is_first and answer.next_url is None:
        return []
    entries = answer.json.get("members") if isinstance(answer.json, dict) else None
    if not isinstance(entries, list):
        raise PlatformRefused(ServiceFault.UNREADABLE, status=answer.status)
    return entries


def _collect(people: dict[str, RosterMember], entries: Iterable[object]) -> None:
    """Adds one page; a person listed again gets the union of the roles."""
    for entry in entries:
        member = _read_member(entry)
        known = people.get(member.user_id)
        people[member.user_id] = _joined(known, member) if known else member


def _read_member(entry: object) -> RosterMember:
    """One entry; names are unescaped once, since Moodle escapes them for HTML.

    Raises: PlatformRefused for an entry without a user id: skipping it would lose a person silently.
    """
    member = entry if isinstance(entry, dict) else {}
    user_id = identifier_of(member.get("user_id"))
    if user_id is None:
        raise PlatformRefused(ServiceFault.UNREADABLE)
    given = member.get("roles")
    roles, stands_as, is_test = _read_roles(
        tuple(role for role in given if isinstance(role, str)) if isinstance(given, list) else ()
    )
    return RosterMember(
        user_id=user_id,
        roles=roles,
        standing=stands_as,
        is_test_user=is_test,
        status=_status(member.get("status")),
        name=_name(member.get("name")),
        given_name=_name(member.get("given_name")),
        family_name=_name(member.get("family_name")),
        email=text_of(member.get("email")),
        section_ids=_told(member, SECTION_IDS),
        group_ids=_enrolled(member) | _told(member, GROUP_IDS),
    )


def _told(member: Mapping[str, object], name: str) -> frozenset[str]:
    """The identifiers in one custom parameter, as the messages for this member carry it."""
    messages = member.get("message")
    customs = (
        (json_object(json_object(one).get(LTI + "custom")) for one in messages) if isinstance(messages, list) else ()
    )
    return frozenset(one for custom in customs for one in ids_of(custom, name))


def _enrolled(member: Mapping[str, object]) -> frozenset[str]:
    """The groups that the LMS lists with the member."""
    listed = member.get("group_enrollments")
    ids = (identifier_of(json_object(one).get("group_id")) for one in listed) if isinstance(listed, list) else ()
    return frozenset(one for one in ids if one is not None)


@lru_cache(maxsize=256)
def _read_roles(given: tuple[str, ...]) -> tuple[tuple[LtiRole, ...], Standing, bool]:
    """What a list of roles means; a course of thousands has a handful of different lists."""
    roles = parse_roles(given)
    return roles, standing(roles), is_test_user(roles)


def _status(value: object) -> Status:
    """The status in any case; absent means active, an unknown word does not."""
    return _STATUSES.get(value.strip().lower(), "inactive") if isinstance(value, str) and value else "active"


def _name(value: object) -> str | None:
    """A name as people read it."""
    return text_of(html.unescape(value)) if isinstance(value, str) else None


def _joined(one: RosterMember, other: RosterMember) -> RosterMember:
    """One person out of two entries: all roles, active if any entry is, the first name that is given."""
    roles = tuple(dict.fromkeys(one.roles + other.roles))
    return RosterMember(
        user_id=one.user_id,
        roles=roles,
        standing=standing(roles),
        is_test_user=is_test_user(roles),
        status=min(one.status, other.status),
        name=one.name or other.name,
        given_name=one.given_name or other.given_name,
        family_name=one.family_name or other.family_name,
        email=one.email or other.email,
        section_ids=one.section_ids | other.section_ids,
        group_ids=one.group_ids | other.group_ids,
    )
