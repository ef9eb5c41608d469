"""Deep linking: staff choose a programme of their course or things of it, or begin one; the LMS makes links of them."""

from datetime import datetime

from lti_tool.actions import audit
from lti_tool.actions.gradebook import plan_of
from lti_tool.actions.launch import course_row, deployment_of
from lti_tool.actions.placing import ACTIVITY, PART, part_of
from lti_tool.actions.programme import begin_programme, settings_for
from lti_tool.lti.deep_linking import ContentItem, LineItemOffer
from lti_tool.lti.launch import Launch
from lti_tool.mentoring.column_plan import PlannedColumn
from lti_tool.mentoring.parts import Part
from lti_tool.mentoring.settings_form import parse_settings
from lti_tool.mentoring.words import Sentence
from lti_tool.store.db import transaction
from lti_tool.store.gradebook import column_of
from lti_tool.store.people import Course, find_course
from lti_tool.store.placing import programmes_in
from lti_tool.store.programme import Programme


def course_of(launch: Launch) -> Course | None:
    """The course that content is chosen for."""
    context = launch.claims.context
    return find_course(launch.platform.registration_id, launch.tenant, context.id) if context else None


def chosen_programme(launch: Launch, programme_id: int | None) -> Programme | None:
    """The programme with this number, if it belongs to the launch's course."""
    course = course_of(launch)
    return next((one for one in programmes_in(course.id) if one.id == programme_id), None) if course else None


def new_programme(
    launch: Launch, title: str, points: str, *, time_zone: str, by: int, now: datetime
) -> tuple[Programme | None, dict[str, Sentence]]:
    """Begin a programme that no link shows yet; or None and what is wrong, by field name."""
    context = launch.claims.context
    if context is None:
        raise ValueError("content is chosen for a course")
    defaults = settings_for(context.title or "", time_zone=time_zone, now=now)
    form = {"title": [title], "points": [points]}
    settings, problems = parse_settings(form, defaults, names=tuple(form))
    if settings is None:
        return None, problems
    with transaction():
        programme = begin_programme(
            course_row(launch, context, now), deployment_of(launch, now), settings, resource_link_id=None, now=now
        )
        audit.record("programme.choose", now=now, by=by, programme_id=programme.id, after={"title": settings.title})
    return programme, {}


def earlier_choice(launch: Launch) -> tuple[Programme, Part | None] | None:
    """What the LMS says was chosen before, where it sends that back and the course has it."""
    key = launch.claims.custom.get(ACTIVITY)
    course = course_of(launch)
    found = next((one for one in programmes_in(course.id) if one.key == key), None) if key and course else None
    return (found, part_of(launch.claims)) if found else None


def link_to_part(programme: Programme, part: Part, url: str, *, title: str) -> ContentItem:
    """The link that opens one thing of the programme; points are the whole programme's, so it brings no column."""
    return ContentItem(url=url, title=title, custom={ACTIVITY: programme.key, PART: part.key})


def link_to(programme: Programme, url: str) -> ContentItem:
    """The link that shows this programme, with its first column unless it has one already."""
    column, plan = column_of(programme.id), plan_of(programme)
    has_column = programme.bound_line_item_url is not None or (column is not None and column.state == "ready")
    return ContentItem(
        url=url,
        title=programme.title,
        custom={ACTIVITY: programme.key},
        line_item=_offer(plan[0]) if plan and not has_column else None,
    )


def _offer(plan: PlannedColumn) -> LineItemOffer:
    return LineItemOffer(
        score_maximum=plan.maximum,
        label=plan.label,
        resource_id=plan.resource_id,
        tag=plan.tag,
        is_reviewable=True,
    )
