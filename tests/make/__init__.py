"""Builders of rows: keyword-only, each with what a test need not say. Everybody is invented."""

from tests.make.course import (
    ISSUER,
    Setting,
    application,
    enrolment,
    everybody,
    fitting_answers,
    person,
    setting,
    training,
    visit,
)
from tests.make.pairs import meeting, pair, plan, reflection, scenario, staff_task
from tests.make.points import column, excuse, excuse_batch, kept_score, peer_case, score, standby, total
from tests.make.words import announcement, message, report, resource

__all__ = [
    "ISSUER",
    "Setting",
    "announcement",
    "application",
    "column",
    "enrolment",
    "everybody",
    "excuse",
    "excuse_batch",
    "fitting_answers",
    "kept_score",
    "meeting",
    "message",
    "pair",
    "peer_case",
    "person",
    "plan",
    "reflection",
    "report",
    "resource",
    "scenario",
    "score",
    "setting",
    "staff_task",
    "standby",
    "total",
    "training",
    "visit",
]
