"""A programme begins with a link in a course, and changes when staff save its settings."""

import secrets
from dataclasses import asdict, fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import update

from lti_tool.actions import audit
from lti_tool.actions.gradebook import ask_for_column
from lti_tool.actions.participation import recount
from lti_tool.mentoring.programme import ProgrammeSettings, default_settings
from lti_tool.mentoring.questions import default_questionnaire
from lti_tool.store.db import db, transaction
from lti_tool.store.gradebook import Score
from lti_tool.store.people import Course
from lti_tool.store.platforms import Deployment
from lti_tool.store.programme import Programme, find_programme, settings_of

LIMIT_QUESTION = "mentee_limit"


def programme_for_link(
    course: Course, deployment: Deployment, *, resource_link_id: str, title: str | None, time_zone: str, now: datetime
) -> Programme:
    """The programme of this link; a new one with sound defaults on the link's first launch."""
    found = find_programme(course.id, deployment.id, resource_link_id)
    if found:
        return found
    settings = settings_for(title or course.title, time_zone=time_zone, now=now)
    return begin_programme(course, deployment, settings, resource_link_id=resource_link_id, now=now)


def settings_for(title: str, *, time_zone: str, now: datetime) -> ProgrammeSettings:
    """Sound defaults for a programme that begins today."""
    return default_settings(title, now.astimezone(ZoneInfo(time_zone)).date(), time_zone)


def begin_programme(
    course: Course,
    deployment: Deployment,
    settings: ProgrammeSettings,
    *,
    resource_link_id: str | None,
    now: datetime,
) -> Programme:
    """A new programme of the course; without a link until a chosen one is first opened."""
    programme = Programme(
        key=secrets.token_hex(16),
        course_id=course.id,
        deployment_id=deployment.id,
        resource_link_id=resource_link_id,
        questionnaire=default_questionnaire().to_json(),
        created_at=now,
        **_columns(settings),
    )
    db.session.add(programme)
    db.session.flush()
    return programme


def copy_programme(
    source: Programme, course: Course, deployment: Deployment, *, resource_link_id: str | None, now: datetime
) -> Programme:
    """A new programme with the settings and questions of another one, from today; nobody and nothing else of it."""
    kept = settings_of(source)
    settings = replace(kept, starts_on=now.astimezone(ZoneInfo(kept.time_zone)).date())
    copy = begin_programme(course, deployment, settings, resource_link_id=resource_link_id, now=now)
    copy.questionnaire, copy.copied_from_id = source.questionnaire, source.id
    return copy


def save_settings(programme_id: int, settings: ProgrammeSettings, *, by: int, now: datetime) -> None:
    """Replace the programme's settings by a new version; who changed what is recorded."""
    with transaction() as session:
        programme = session.get_one(Programme, programme_id, with_for_update=True)
        before = _plain(settings_of(programme))
        for name, value in _columns(settings).items():
            setattr(programme, name, value)
        programme.settings_version += 1
        if (before["points"], before["check_in_count"]) != (settings.points, settings.check_in_count):
            _rescale(programme, Decimal(settings.points) / before["points"])
            recount(programme, now=now)
        programme.questionnaire = _with_limit(programme.questionnaire, settings.mentor_capacity_limit)
        ask_for_column(programme, now=now)
        after = _plain(settings)
        audit.record(
            "programme.settings",
            now=now,
            by=by,
            programme_id=programme_id,
            before={name: before[name] for name in before if before[name] != after[name]},
            after={name: after[name] for name in after if before[name] != after[name]},
        )


def _rescale(programme: Programme, factor: Decimal) -> None:
    """What the LMS holds keeps its meaning: it is told each score together with the maximum."""
    told = {"sent_points": Score.sent_points * factor, "tried_points": Score.tried_points * factor}
    db.session.execute(update(Score).where(Score.programme_id == programme.id).values(**told))


def _with_limit(questionnaire: dict[str, Any], limit: int) -> dict[str, Any]:
    """The questionnaire with the programme's limit in the question that asks mentors for theirs."""
    return {
        "questions": [
            question | {"maximum": limit} if question["key"] == LIMIT_QUESTION else question
            for question in questionnaire["questions"]
        ]
    }


def _columns(settings: ProgrammeSettings) -> dict[str, Any]:
    return {field.name: getattr(settings, field.name) for field in fields(settings)}


def _plain(settings: ProgrammeSettings) -> dict[str, Any]:
    return {name: value if isinstance(value, int) else str(value) for name, value in asdict(settings).items()}
