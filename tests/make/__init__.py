"""Builders of rows: keyword-only, each with what a test need not say. Everybody is invented."""

from tests.make.course import ISSUER, Setting, application, enrolment, fitting_answers, person, setting, training, visit
from tests.make.pairs import meeting, pair, plan, reflection, scenario, staff_task
from tests.make.points import column, excuse, excuse_batch, peer_case, score, total
from tests.make.words import announcement, message, report, resource

__all__ = [
    "ISSUER",
    "Setting",
    "announcement",
    "application",
    "column",
    "enrolment",
    "excuse",
    "excuse_batch",
    "fitting_answers",
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
    "total",
    "training",
    "visit",
]
