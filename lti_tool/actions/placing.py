"""Which programme a link shows: its own, one that was chosen for it, a new one; or staff are asked first.

An ordinary first launch makes its programme. Asked is only where that could be wrong: the link carries the id of a
programme that is not here, or the LMS says that course or link were copied. Ids in custom parameters never authorise:
they are looked up inside the launch's own institution and deployment; pairs, people and points never cross a course.
Source: docs lti-facts, course copy; Deep Linking 2.0 (custom parameters are copied with a course).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lti_tool.actions import audit
from lti_tool.actions.programme import copy_programme, programme_for_link
from lti_tool.lti.claims import LaunchClaims
from lti_tool.store.db import db
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
    must_ask = bool(sources) or bool(key and here)
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
    """The programme that the launch's link shows; None while somebody has to decide. Inside a transaction."""
    link = claims.resource_link_id
    found = shown_by(course.id, deployment.id, link)
    if found:
        return found
    meant = _meant(course, claims)
    if meant:
        return _tie(meant, deployment, link)
    open_ = possibilities(course, claims)
    if decision is None and open_.must_ask:
        return None
    if decision is None or decision.choice is Choice.NEW:
        return programme_for_link(
            course,
            deployment,
            resource_link_id=link,
            title=claims.resource_link_title,
            time_zone=time_zone,
            now=now,
        )
    return _decided(course, deployment, link, decision, open_, now)


def _decided(
    course: Course, deployment: Deployment, link: str, decision: Decision, open_: Possibilities, now: datetime
) -> Programme | None:
    """What was decided, if it is still one of the possibilities."""
    offered = open_.here if decision.choice is Choice.SHOW else open_.sources
    chosen = next((one for one in offered if one.id == decision.programme_id), None)
    if chosen is None:
        return None
    if decision.choice is Choice.SHOW:
        audit.record("programme.link", now=now, by=decision.by, programme_id=chosen.id, after={"link": link})
        return _tie(chosen, deployment, link)
    copy = copy_programme(chosen, course, deployment, resource_link_id=link, now=now)
    audit.record("programme.copy", now=now, by=decision.by, programme_id=copy.id, after={"from": chosen.id})
    return copy


def _meant(course: Course, claims: LaunchClaims) -> Programme | None:
    """The programme of this course that the link's own id names, or the copy of the one it names."""
    key = claims.custom.get(ACTIVITY)
    named = programme_named(course, key) if key else None
    if named is None or named.course_id == course.id:
        return named
    return next((one for one in programmes_in(course.id) if one.copied_from_id == named.id), None)


def _tie(programme: Programme, deployment: Deployment, link: str) -> Programme:
    """From now on the link shows the programme; the first one to be opened is its own."""
    if programme.resource_link_id is None:
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
