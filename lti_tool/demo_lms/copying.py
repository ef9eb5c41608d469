"""Copying a course for the next term: new ids for course and links, everything that tools wrote copied verbatim.

Source: Moodle 4.5.6 as observed (custom parameters, tags and resource ids stay); canvas-lms doc/api/pns.md.
"""

from dataclasses import replace

from lti_tool.demo_lms.notices import tell_of_copy
from lti_tool.demo_lms.people import Course, Role, Seat
from lti_tool.demo_lms.state import Campus


def copy_course(lms: Campus, origin: Course) -> Course:
    """Open a copy: its staff stay, every other student repeats, links and columns come along without scores."""
    with lms.lock:
        number = sum(1 for key in lms.college.courses if key.startswith(f"{origin.key}-copy"))
        copy = Course(
            key=f"{origin.key}-copy-{number + 1}",
            label=f"{origin.label} C{number + 1}",
            title=f"{origin.title}, copy {number + 1}",
            tenant=origin.tenant,
            context_id=str(len(lms.college.courses) + 2) if lms.dialect.launch.numeric_ids else "",
            history=(origin.context_id, *origin.history),
        )
        lms.add_course(copy, _seats(lms.college.seats[origin.key]))
        links = _copy_links(lms, origin=origin, copy=copy)
        _copy_columns(lms, origin=origin, copy=copy, links=links)
    tell_of_copy(lms, copy=copy, origin=origin)
    return copy


def _seats(seats: tuple[Seat, ...]) -> tuple[Seat, ...]:
    kept = [seat for seat in seats if seat.role is not Role.STUDENT or seat.number % 2]
    return tuple(replace(seat, number=number) for number, seat in enumerate(kept))


def _copy_links(lms: Campus, *, origin: Course, copy: Course) -> dict[str, str]:
    """Answer the copies of links by the ids of those they were copied from."""
    return {
        link.id: lms.add_link(
            course=copy.key,
            client_id=link.client_id,
            title=link.title,
            url=link.url,
            custom=link.custom,
            history=(link.public_id, *link.history),
            is_course_itself=link.public_id == origin.context_id,
        ).id
        for link in lms.course_links(origin.key)
    }


def _copy_columns(lms: Campus, *, origin: Course, copy: Course, links: dict[str, str]) -> None:
    for item in lms.course_items(origin.key):
        lms.add_item(
            course=copy.key,
            client_id=item.client_id,
            label=item.label,
            score_maximum=item.score_maximum,
            resource_link_id=links.get(item.resource_link_id or ""),
            details=item.details,
            is_made_by_tool=item.is_made_by_tool,
        )
