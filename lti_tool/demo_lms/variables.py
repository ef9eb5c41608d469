"""Custom variables: which ones there are, and their values for one person in one course.

A variable that the dialect does not know stays as it is written: the literal `$Name`.
Source: LTI 1.3 Core appendix B; canvas-lms doc/api/tools_variable_substitutions.md; Moodle 4.5.6 as observed.
"""

import json
from collections.abc import Mapping

from lti_tool.demo_lms.people import Course, Seat
from lti_tool.demo_lms.records import Link

WITH_ZONE = frozenset({"$Person.address.timezone"})
HISTORY = frozenset({"$Context.id.history", "$ResourceLink.id.history"})
COMMON = WITH_ZONE | {
    "$Context.id",
    "$Context.label",
    "$Context.title",
    "$ResourceLink.id",
    "$ResourceLink.title",
    "$User.id",
    "$User.username",
    "$Message.locale",
    "$Membership.role",
}
CANVAS = frozenset(
    {
        "$Canvas.course.id",
        "$Canvas.course.sectionIds",
        "$Canvas.course.previousContextIds",
        "$Canvas.course.previousContextIds.recursive",
        "$Canvas.course.workflowState",
        "$Canvas.group.contextIds",
        "$com.instructure.User.sectionNames",
        "$com.instructure.Course.groupIds",
        "$com.instructure.PostMessageToken",
        "$Context.id.history",
    }
)
# What Canvas expands in the messages of a roster; everything else stays literal there.
CANVAS_ROSTER = CANVAS - {"$com.instructure.PostMessageToken", "$com.instructure.Course.groupIds"} | {
    "$User.id",
    "$User.username",
    "$Message.locale",
    "$Person.address.timezone",
}
MOODLE = frozenset({"$Context.id.history", "$Moodle.Person.userGroupIds"})
BRIGHTSPACE = frozenset({"$com.Desire2Learn.OrgUnitId", "$com.Desire2Learn.OrgDefinedId"})
OWN = frozenset({"$Canvas.course.sectionIds", "$com.instructure.User.sectionNames"})


def values(*, course: Course, link: Link | None, seat: Seat) -> Mapping[str, str]:
    """Answer every variable's value."""
    person, groups = seat.person, ",".join(group.id for group in seat.groups)
    of_link = _of_link(link) if link else {}
    return {
        **of_link,
        "$Context.id": course.context_id,
        "$Context.label": course.label,
        "$Context.title": course.title,
        "$Context.id.history": ",".join(course.history),
        "$User.id": person.sub,
        "$User.username": person.key,
        "$Person.address.timezone": person.zone,
        "$Message.locale": person.locale,
        "$Membership.role": str(seat.role),
        "$Canvas.course.id": course.key,
        "$Canvas.course.sectionIds": seat.section_ids,
        "$Canvas.course.previousContextIds": ",".join(course.history[:1]),
        "$Canvas.course.previousContextIds.recursive": ",".join(course.history),
        "$Canvas.course.workflowState": "available",
        "$Canvas.group.contextIds": groups,
        "$com.instructure.Course.groupIds": groups,
        "$com.instructure.User.sectionNames": json.dumps(seat.sections),
        "$com.instructure.PostMessageToken": f"token-of-{course.key}",
        "$Moodle.Person.userGroupIds": groups,
        "$com.Desire2Learn.OrgUnitId": course.context_id,
        "$com.Desire2Learn.OrgDefinedId": person.key,
    }


def _of_link(link: Link) -> dict[str, str]:
    return {
        "$ResourceLink.id": link.public_id,
        "$ResourceLink.title": link.title,
        "$ResourceLink.id.history": ",".join(link.history),
    }


def expanded(text: str, known: Mapping[str, str], allowed: frozenset[str]) -> str:
    """Answer the value of a variable, or the text as it is written."""
    return known.get(text, text) if text in allowed else text


def filled(template: object, known: Mapping[str, str]) -> object:
    """Answer a claim of the dialect with its variables expanded."""
    if isinstance(template, str):
        return known.get(template, template)
    if isinstance(template, Mapping):
        return {name: filled(value, known) for name, value in template.items()}
    return template
