"""Which programme a link shows: its own, one that was chosen for it, a new one; or staff are asked first.

The first link of a course makes its programme. Asked is where that could be wrong: the course has a programme already,
or the LMS says that course or link were copied. Ids in custom parameters never authorise:
they are looked up inside the launch's own institution and deployment; pairs, people and points never cross a course.
Source: docs lti-facts, course copy; Deep Linking 2.0 (custom parameters are copied with a course).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lti_tool.actions import audit
from lti_tool.actions.programme import begin_programme, copy_programme, programme_for_link, settings_for
from lti_tool.lti.claims import LaunchClaims, Message
from lti_tool.lti.errors import LaunchRefused, Refusal
from lti_tool.mentoring.parts import Part, read_part
from lti_tool.store.db import db
from lti_tool.store.gradebook import programme_of_line_item
from lti_tool.store.people import Course
from lti_tool.store.placing import (
    ProgrammeLink,
    programme_named,
    programmes_in,
    programmes_of_contexts,
    programmes_of_links,
    shown_by,
    told_origins,
)
from lti_tool.store.platforms import Deployment, deployment_row
from lti_tool.store.programme import Programme

ACTIVITY = "pm_activity"  # the custom parameter that a chosen link carries: its programme's key
PART = "pm_part"  # and what of the programme it opens, where that is one thing only


class Choice(StrEnum):
    """What staff say a link is for."""

    NEW = "new"
    SHOW = "show"
    COPY = "copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Somebody's answer; `programme_id` is what to show or to copy from."""

    choice: Choice
    programme_id: int | None
    by: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Possibilities:
    """What an unknown link could be for: programmes of this course, and programmes whose settings could be copied."""

    here: tuple[Programme, ...]
    sources: tuple[Programme, ...]
    must_ask: bool


def possibilities(course: Course, claims: LaunchClaims) -> Possibilities:
    """What this launch's link could be for."""
    here = tuple(programmes_in(course.id))
    key = claims.custom.get(ACTIVITY)
    named = programme_named(course, key) if key else None
    found = (named,) if named and named.course_id != course.id else _origins(course, claims, here)
    deployment = deployment_row(course.registration_id, claims.deployment_id)
    # One registration may serve several institutions, each by a deployment of its own.
    sources = tuple(one for one in found if deployment and one.deployment_id == deployment.id)
    must_ask = bool(sources) or bool(here)
    return Possibilities(here=here, sources=sources, must_ask=must_ask)


def place(
    course: Course,
    deployment: Deployment,
    claims: LaunchClaims,
    *,
    decision: Decision | None,
    time_zone: str,
    now: datetime,
) -> Programme | None:
    """The programme that the launch's link shows; None while somebody has to decide. Inside a transaction.

    Raises: LaunchRefused for a review of something that no programme of the course is.
    """
    link = claims.resource_link_id
    found = shown_by(course.id, deployment.id, link) if link else None
    if found:
        return found
    if claims.message is Message.SUBMISSION_REVIEW:
        return _reviewed(course, claims)
    meant = _meant(course, claims)
    if meant:
        return _tie(meant, deployment, claims)
    open_ = possibilities(course, claims)
    if decision is None and open_.must_ask:
        return shown_by(course.id, deployment.id, link) if link else None  # begun by somebody in this very moment
    if decision is None or decision.choice is Choice.NEW:
        return _begun(course, deployment, claims, time_zone, now)
    return _decided(course, deployment, claims, decision, open_, now)


def _reviewed(course: Course, claims: LaunchClaims) -> Programme:
    """The programme whose column or whose id the review names; nothing is begun and no link is kept for it.

    Source: Submission Review 1.0; Canvas may name a link that the tool has never seen (canvas-lms#1952).
    """
    url = claims.gradebook.line_item_url if claims.gradebook else None
    found = (programme_of_line_item(course.id, url) if url else None) or _meant(course, claims)
    if found is None:
        raise LaunchRefused(Refusal.RESOURCE_LINK_MISSING, return_url=claims.return_url)
    return found


def part_of(claims: LaunchClaims) -> Part | None:
    """What the launch's link opens, where it is one thing of a programme."""
    return read_part(claims.custom.get(PART, ""))


def _begun(course: Course, deployment: Deployment, claims: LaunchClaims, time_zone: str, now: datetime) -> Programme:
    """A new programme; one begun by a link that opens one thing of it waits for a link of its own."""
    if part_of(claims) is None:
        link, title = claims.resource_link_id, claims.resource_link_title
        return programme_for_link(course, deployment, resource_link_id=link, title=title, time_zone=time_zone, now=now)
    settings = settings_for(course.title, time_zone=time_zone, now=now)
    return _tie(begin_programme(course, deployment, settings, resource_link_id=None, now=now), deployment, claims)


def _decided(
    course: Course,
    deployment: Deployment,
    claims: LaunchClaims,
    decision: Decision,
    open_: Possibilities,
    now: datetime,
) -> Programme | None:
    """What was decided, if it is still one of the possibilities."""
    offered = open_.here if decision.choice is Choice.SHOW else open_.sources
    chosen = next((one for one in offered if one.id == decision.programme_id), None)
    if chosen is None:
        return None
    if decision.choice is Choice.SHOW:
        audit.record(
            "programme.link", now=now, by=decision.by, programme_id=chosen.id, after={"link": claims.resource_link_id}
        )
        return _tie(chosen, deployment, claims)
    copy = _tie(copy_programme(chosen, course, deployment, resource_link_id=None, now=now), deployment, claims)
    audit.record("programme.copy", now=now, by=decision.by, programme_id=copy.id, after={"from": chosen.id})
    return copy


def _meant(course: Course, claims: LaunchClaims) -> Programme | None:
    """The programme of this course that the link's own id names, or the copy of the one it names."""
    key = claims.custom.get(ACTIVITY)
    named = programme_named(course, key) if key else None
    if named is None or named.course_id == course.id:
        return named
    return next((one for one in programmes_in(course.id) if one.copied_from_id == named.id), None)


def _tie(programme: Programme, deployment: Deployment, claims: LaunchClaims) -> Programme:
    """From now on the link shows the programme; the first one to be opened that shows all of it is its own."""
    link = claims.resource_link_id
    if programme.resource_link_id is None and part_of(claims) is None:
        programme.resource_link_id, programme.deployment_id = link, deployment.id
    else:
        db.session.add(
            ProgrammeLink(
                programme_id=programme.id,
                deployment_id=deployment.id,
                course_id=programme.course_id,
                resource_link_id=link,
            )
        )
    db.session.flush()
    return programme


def _origins(course: Course, claims: LaunchClaims, here: tuple[Programme, ...]) -> tuple[Programme, ...]:
    """Programmes that the LMS says this link or this course was copied from, without those copied already."""
    contexts = (*claims.context_history, *told_origins(course))
    found = programmes_of_links(course, claims.link_history) if claims.link_history else []
    if not found and contexts:
        found = programmes_of_contexts(course, contexts)
    copied = {one.copied_from_id for one in here}
    return tuple(one for one in found if one.course_id != course.id and one.id not in copied)
