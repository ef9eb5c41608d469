"""A programme's settings over time: saved once each, kept as versions, carried into a copy."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

from flask import Flask

from lti_tool.actions.matching import ask_for_proposal
from lti_tool.actions.programme import copy_programme, new_version, remember_version, save_settings
from lti_tool.store.db import db, rehearsal, transaction
from lti_tool.store.people import Course
from lti_tool.store.platforms import Deployment
from lti_tool.store.programme import Programme, find_version, settings_of, versions_of
from tests import make
from tests.conftest import Clock
from tests.outside import look_again, outbox_rows


def programme_of(at: make.Setting) -> Programme:
    """The programme as it is now."""
    look_again()
    return db.session.get_one(Programme, at.programme_id)


def test_of_two_saves_of_the_same_version_at_once_one_is_kept(app: Flask, clock: Clock) -> None:
    at = make.setting()
    alice = make.person(at, "Alice Ashford", role="instructor")
    settings = settings_of(programme_of(at))

    def save(points: int) -> bool:
        with app.app_context():
            changed = replace(settings, points=points)
            return save_settings(at.programme_id, changed, by=alice, now=clock.now, version=1)

    with ThreadPoolExecutor(2) as pool:
        kept = dict(zip((20, 50), pool.map(save, (20, 50)), strict=True))

    assert sorted(kept.values()) == [False, True]
    assert kept[programme_of(at).points]
    assert [row.number for row in versions_of(at.programme_id)] == [2, 1]


def test_the_questions_are_kept_with_every_version(app: Flask, clock: Clock) -> None:
    at = make.setting()
    alice = make.person(at, "Alice Ashford", role="instructor")
    before = programme_of(at).questionnaire

    with transaction() as session:
        programme = session.get_one(Programme, at.programme_id)
        remember_version(programme)
        programme.questionnaire = {"questions": before["questions"][:2]}
        new_version(programme, by=alice, now=clock.now)

    first, second = find_version(at.programme_id, 1), find_version(at.programme_id, 2)
    assert first
    assert second
    assert (first.questionnaire, first.changed_by) == (before, None)
    assert (len(second.questionnaire["questions"]), second.changed_by) == (2, alice)


def test_a_copy_is_to_be_set_up_and_has_the_settings_from_today(app: Flask, clock: Clock) -> None:
    days = {"sign_up_closes_on": date(2026, 9, 28), "matching_on": None, "ends_on": date(2026, 12, 7)}
    at = make.setting(
        phase="running",
        preset="hard_course",
        objectives=[["career", "Ours"]],
        seniority="prefer",
        mentor_section_ids=["A"],
        is_graded=False,
        **days,
    )
    clock.advance(days=140)

    with transaction() as session:
        source = session.get_one(Programme, at.programme_id)
        copy = copy_programme(
            source,
            session.get_one(Course, at.course_id),
            session.get_one(Deployment, at.deployment_id),
            resource_link_id="next-term",
            now=clock.now,
        )

    settings = settings_of(copy)
    assert (copy.phase, copy.copied_from_id, copy.settings_version) == ("set_up", at.programme_id, 1)
    assert (settings.preset, settings.seniority, settings.is_graded) == ("hard_course", "prefer", False)
    assert settings.objectives == (("career", "Ours"),)
    assert settings.mentor_section_ids == ()
    assert settings.starts_on == clock.now.date()
    assert [day and (day - settings.starts_on).days for day in (settings.sign_up_closes_on, settings.ends_on)] == [
        14,
        84,
    ]
    assert settings.matching_on is None


def test_what_is_rehearsed_is_seen_inside_and_gone_afterwards(app: Flask, clock: Clock) -> None:
    at = make.setting()
    alice = make.person(at, "Alice Ashford", role="instructor")

    with rehearsal():
        ask_for_proposal(at.programme_id, by=alice, now=clock.now)
        save_settings(at.programme_id, replace(settings_of(programme_now(at)), points=7), by=alice, now=clock.now)
        inside = programme_now(at).points

    assert inside == 7
    assert programme_of(at).points == 100
    assert outbox_rows("propose") == []


def programme_now(at: make.Setting) -> Programme:
    """The programme as this session sees it."""
    return db.session.get_one(Programme, at.programme_id)
