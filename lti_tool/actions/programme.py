"""A programme begins with a link in a course, and changes when staff save its settings.

Each save is a version of its own, so that nothing is ever lost; two people who save at once are told of each other.
"""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from lti_tool.actions import audit
from lti_tool.actions.gradebook import ask_for_column, ask_to_send
from lti_tool.actions.participation import recount
from lti_tool.actions.phases import move_by_date
from lti_tool.actions.rescaling import rescale
from lti_tool.mentoring.programme import (
    Phase,
    ProgrammeSettings,
    default_settings,
    moved_to,
    settings_to_json,
)
from lti_tool.mentoring.questions import default_questionnaire
from lti_tool.mentoring.weights import preset_weights
from lti_tool.store.db import HELD, db, transaction
from lti_tool.store.gradebook import column_of
from lti_tool.store.people import Course
from lti_tool.store.platforms import Deployment
from lti_tool.store.programme import Programme, ProgrammeVersion, find_programme, find_version, settings_of

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
    """A new programme of the course, to be set up; without a link until a chosen one is first opened."""
    programme = Programme(
        key=secrets.token_hex(16),
        course_id=course.id,
        deployment_id=deployment.id,
        resource_link_id=resource_link_id,
        phase=Phase.SET_UP.value,
        questionnaire=default_questionnaire(settings.mentor_capacity_limit, settings.preset).to_json(),
        created_at=now,
        **settings_columns(settings),
    )
    db.session.add(programme)
    db.session.flush()
    return programme


def copy_programme(
    source: Programme, course: Course, deployment: Deployment, *, resource_link_id: str | None, now: datetime
) -> Programme:
    """A new programme with the settings and questions of another one, from today; nobody and nothing else of it.

    Sections are another course's, so none are named in the copy.
    """
    kept = settings_of(source)
    today = now.astimezone(ZoneInfo(kept.time_zone)).date()
    settings = replace(moved_to(kept, today), mentor_section_ids=(), mentee_section_ids=())
    copy = begin_programme(course, deployment, settings, resource_link_id=resource_link_id, now=now)
    copy.questionnaire, copy.copied_from_id = source.questionnaire, source.id
    return copy


def save_settings(
    programme_id: int,
    settings: ProgrammeSettings,
    *,
    by: int,
    now: datetime,
    version: int | None = None,
    questionnaire: dict[str, Any] | None = None,
) -> bool:
    """Replace the programme's settings, and its questions where they are given, by a new version.

    Shape: False, and nothing changed, when somebody else has saved since that version was read.
    """
    with transaction() as session:
        programme = session.get_one(Programme, programme_id, with_for_update=HELD)
        if version is not None and programme.settings_version != version:
            return False
        before = settings_of(programme)
        remember_version(programme)
        for name, value in settings_columns(settings).items():
            setattr(programme, name, value)
        programme.questionnaire = _questions(questionnaire or programme.questionnaire, before, settings)
        new_version(programme, by=by, now=now)
        _bring_to_gradebook(programme, before, settings, now)
        move_by_date(programme, now=now)
        old, new = settings_to_json(before), settings_to_json(settings)
        differ = [name for name in old if old[name] != new[name]]
        audit.record(
            "programme.settings",
            now=now,
            by=by,
            programme_id=programme_id,
            before={name: old[name] for name in differ},
            after={name: new[name] for name in differ},
        )
    return True


def new_version(programme: Programme, *, by: int, now: datetime) -> None:
    """Keep the programme's settings and questions as they are now as its next version, inside the caller's transaction.

    Call `remember_version` before the change: programmes older than this table have no version to go back to.
    """
    programme.settings_version += 1
    _keep_version(programme, by=by, now=now)


def remember_version(programme: Programme) -> None:
    """Keep the version that is about to be replaced, where nobody has kept it yet."""
    if find_version(programme.id, programme.settings_version) is None:
        _keep_version(programme, by=None, now=programme.created_at)


def _keep_version(programme: Programme, *, by: int | None, now: datetime) -> None:
    db.session.add(
        ProgrammeVersion(
            programme_id=programme.id,
            number=programme.settings_version,
            settings=settings_to_json(settings_of(programme)),
            questionnaire=programme.questionnaire,
            changed_by=by,
            changed_at=now,
        )
    )
    db.session.flush()


def _bring_to_gradebook(
    programme: Programme, before: ProgrammeSettings, after: ProgrammeSettings, now: datetime
) -> None:
    rescale(programme, before, after)
    if programme.phase != Phase.SET_UP:
        ask_for_column(programme, now=now)
    recount(programme, now=now)
    column = column_of(programme.id)
    if after.is_graded and not before.is_graded and column and column.state == "ready":
        ask_to_send(programme, now=now)


def _questions(questionnaire: dict[str, Any], before: ProgrammeSettings, after: ProgrammeSettings) -> dict[str, Any]:
    """The questionnaire with the programme's limit in the question that asks mentors for theirs, and with the weights
    of another preset where the preset has changed."""
    weights = preset_weights(after.preset) if before.preset != after.preset else {}
    questions = [_asked(question, weights, after) for question in questionnaire["questions"]]
    return questionnaire | {"questions": questions}


def _asked(question: dict[str, Any], weights: Mapping[str, int], settings: ProgrammeSettings) -> dict[str, Any]:
    key = question["key"]
    limit = {"maximum": settings.mentor_capacity_limit} if key == LIMIT_QUESTION else {}
    return question | limit | ({"weight": weights[key]} if key in weights else {})


def settings_columns(settings: ProgrammeSettings) -> dict[str, Any]:
    """The settings as the columns of a programme hold them."""
    dates = ("starts_on", "sign_up_closes_on", "matching_on", "ends_on")
    return settings_to_json(settings) | {name: getattr(settings, name) for name in dates}
