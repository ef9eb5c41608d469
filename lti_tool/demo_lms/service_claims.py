"""Where a launch says the services are: roster, gradebook, groups, notices; only those that the tool was granted."""

from lti_tool.demo_lms.addresses import item_url, items_url, memberships_url
from lti_tool.demo_lms.people import Course
from lti_tool.demo_lms.records import LineItem, Link, Tool
from lti_tool.demo_lms.state import Campus
from lti_tool.demo_lms.vocabulary import (
    AGS_CLAIM,
    AGS_SCOPE,
    GROUP_READONLY,
    GROUPS_CLAIM,
    MEMBERSHIP_READONLY,
    NOTICE_HANDLERS,
    NOTICES_CLAIM,
    NRPS_CLAIM,
)

NOTICE_TYPES = ("LtiHelloWorldNotice", "LtiContextCopyNotice")


def service_claims(
    campus: Campus, *, tool: Tool, course: Course, link: Link | None, item: LineItem | None
) -> dict[str, object]:
    """Answer the addresses of the services that the tool may use in this course."""
    claims: dict[str, object] = {}
    if MEMBERSHIP_READONLY in tool.scopes:
        address = memberships_url(campus, course)
        claims[NRPS_CLAIM] = {"context_memberships_url": address, "service_versions": ["2.0"]}
    if granted := sorted(scope for scope in tool.scopes if scope.startswith(AGS_SCOPE)):
        claims[AGS_CLAIM] = {
            "scope": granted,
            "lineitems": items_url(campus, course, tool),
            **({"lineitem": item_url(campus, item)} if item else _line_item(campus, course=course, link=link)),
        }
    if campus.dialect.has_groups and GROUP_READONLY in tool.scopes:
        claims[GROUPS_CLAIM] = _groups(campus, course)
    if campus.dialect.has_notices and NOTICE_HANDLERS in tool.scopes:
        claims[NOTICES_CLAIM] = {
            "service_versions": ["1.0"],
            "platform_notification_service_url": f"{campus.url}/notice-handlers/{tool.deployments[course.tenant]}",
            "scope": [NOTICE_HANDLERS],
            "notice_types_supported": list(NOTICE_TYPES),
        }
    return claims


def _groups(campus: Campus, course: Course) -> dict[str, object]:
    address = f"{campus.url}/gs/{course.context_id}"
    sets = {"context_group_sets_url": f"{address}/sets"} if campus.dialect.has_group_sets else {}
    return {
        "scope": [GROUP_READONLY],
        "context_groups_url": f"{address}/groups",
        **sets,
        "service_versions": ["1.0"],
    }


def _line_item(campus: Campus, *, course: Course, link: Link | None) -> dict[str, str]:
    """Answer the column of the link: only one can be meant.

    Source: Moodle 4.5.6 writes an empty text once a tool's column is bound to an ungraded link, and nothing once one
    is bound to a graded link.
    """
    if link is None:
        return {}
    bound = [item for item in campus.course_items(course.key) if item.resource_link_id == link.id]
    made = [item for item in bound if item.is_made_by_tool]
    if campus.dialect.grades.claims_line_item_oddly and made:
        return {"lineitem": ""} if made == bound else {}
    return {"lineitem": item_url(campus, bound[0])} if len(bound) == 1 else {}
