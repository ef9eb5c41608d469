"""Tools come in: written down, switched on for an institution, placed in its courses."""

import secrets
from dataclasses import fields, replace
from typing import Any

from lti_tool.demo_lms.habits import Start
from lti_tool.demo_lms.records import Tool
from lti_tool.demo_lms.state import Campus
from lti_tool.demo_lms.wishes import Wish

LINK_TITLE = "Peer mentoring"


def enrol(lms: Campus, wish: Wish, *, tenant: str) -> Tool:
    """Write a new tool down for one institution, as ready as this LMS makes it."""
    habits, number = lms.dialect.registration, len(lms.tools) + 1
    is_ready = habits.start is Start.READY
    deployment = {tenant: deployment_id(lms, tenant, number)} if habits.gives_deployment else {}
    tool = Tool(
        **_wanted(wish),
        number=number,
        client_id=secrets.token_urlsafe(12),
        deployments=deployment,
        standing=str(habits.start),
    )
    lms.tools[tool.client_id] = tool
    return activate(lms, tool, tenant=tenant) if is_ready else tool


def activate(lms: Campus, tool: Tool, *, tenant: str) -> Tool:
    """Switch a tool on for an institution and place it in its courses."""
    with lms.lock:
        deployments = {tenant: deployment_id(lms, tenant, tool.number)} | dict(tool.deployments)
        tool = replace(tool, deployments=deployments, standing=str(Start.READY))
        lms.tools[tool.client_id] = tool
        placed = {link.course for link in lms.links.values() if link.client_id == tool.client_id}
        for course in list(lms.college.courses.values()):
            if course.tenant == tenant and course.key not in placed:
                lms.add_link(
                    course=course.key,
                    client_id=tool.client_id,
                    title=LINK_TITLE,
                    is_course_itself=lms.dialect.launch.link_is_course,
                )
    return tool


def change(lms: Campus, tool: Tool, wish: Wish) -> Tool:
    """Write down anew what a tool says about itself; its id, deployments and links stay."""
    changed = replace(tool, **_wanted(wish))
    lms.tools[tool.client_id] = changed
    return changed


def deployment_id(lms: Campus, tenant: str, number: int) -> str:
    """Answer the id of a tool's deployment in an institution; Open edX calls every one 1."""
    return lms.dialect.registration.fixed_deployment or f"{tenant}-{number}"


def _wanted(wish: Wish) -> dict[str, Any]:
    return {one.name: getattr(wish, one.name) for one in fields(wish)}
