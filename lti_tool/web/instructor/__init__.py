"""Pages of the people who run a course. One guard for all of them: a page cannot be mounted unguarded."""

from flask import Blueprint, g
from flask_babel import gettext as _

from lti_tool.mentoring.schemes import Kind
from lti_tool.store.cases import count_unanswered
from lti_tool.store.own_items import has_item
from lti_tool.web import visitor
from lti_tool.web.forms import new_once
from lti_tool.web.frame import Tab, frame
from lti_tool.web.instructor import (
    alone,
    announcements,
    asked,
    cases,
    cohort,
    conversation,
    enrolment,
    excuses,
    excuses_for_many,
    gradebook,
    gradebook_columns,
    gradebook_differences,
    guides,
    hours,
    library,
    matching,
    matching_edits,
    matching_people,
    matching_repair,
    matching_scenarios,
    matching_triads,
    matching_what_if,
    matching_why,
    meetings,
    mentors,
    mentors_board,
    overrides,
    pair_plans,
    pairs,
    participation,
    peer_cases,
    phases,
    preview,
    programme,
    questionnaire,
    questionnaire_file,
    reflections,
    releases,
    scheme,
    settings,
    setup,
    standby,
    survey,
    tasks,
    team,
    workspace,
)

instructor = Blueprint("instructor", __name__, url_prefix="/l/<visit>/staff")
instructor.before_request(visitor.admit_staff)
for _page in (
    programme,
    setup,
    settings,
    scheme,
    phases,
    team,
    preview,
    questionnaire,
    questionnaire_file,
    enrolment,
    cohort,
    mentors,
    matching,
    matching_scenarios,
    matching_edits,
    matching_people,
    matching_why,
    pairs,
    cases,
    matching_what_if,
    matching_repair,
    matching_triads,
    workspace,
    pair_plans,
    meetings,
    asked,
    standby,
    reflections,
    tasks,
    alone,
    hours,
    peer_cases,
    survey,
    gradebook,
    releases,
    gradebook_differences,
    gradebook_columns,
    participation,
    excuses_for_many,
    excuses,
    overrides,
    announcements,
    conversation,
    mentors_board,
    library,
    guides,
):
    instructor.register_blueprint(_page.blueprint)


_QUESTIONNAIRE = ("instructor.questionnaire", "instructor.questionnaire_file")
_SIGN_UP = ("instructor.cohort", "instructor.enrolment")
_MENTORS = ("instructor.mentors",)
_MATCHING = tuple(
    f"instructor.{one}"
    for one in ("matching", "edits", "left_over", "repair", "scenarios", "triads", "what_if", "why_not")
)
_SETTINGS = tuple(f"instructor.{one}" for one in ("settings", "setup", "phases", "team"))
_PAIRS = tuple(
    f"instructor.{one}"
    for one in (
        "pairs",
        "cases",
        "workspace",
        "asked",
        "standby",
        "tasks",
        "reflections",
        "meetings",
        "pair_plans",
        "alone",
        "hours",
        "peer_cases",
        "survey",
    )
)
_PARTICIPATION = tuple(
    f"instructor.{one}"
    for one in (
        "participation",
        "excuses",
        "many",
        "overrides",
        "releases",
        "gradebook",
        "differences",
        "columns",
        "scheme",
    )
)
_MESSAGES = tuple(
    f"instructor.{one}" for one in ("announcements", "conversation", "mentors_board", "library", "guides")
)


@instructor.context_processor
def _forms() -> dict[str, object]:
    return {"new_once": new_once, "has_item": _has_item}


def _has_item(kind: str) -> bool:
    """Whether the programme gives points for this, so that a page about it leads somewhere."""
    here = g.get("visitor")
    return bool(here and has_item(here.programme, Kind(kind)))


def _pairs_tab() -> str:
    """The tab says how many wait for an answer, so that nobody has to look."""
    here = g.get("visitor")  # nobody where the visit is over
    waiting = count_unanswered(here.programme.id) if here else 0
    return str(_("Pairs (%(count)s waiting)", count=waiting) if waiting else _("Pairs"))


def tabs() -> tuple[Tab, ...]:
    """The tabs of staff, and which pages stand under each."""
    return (
        Tab("instructor.programme.overview", _("Overview")),
        Tab("instructor.programme.people", _("People")),
        Tab("instructor.questionnaire.overview", _("Questionnaire"), _QUESTIONNAIRE),
        Tab("instructor.cohort.funnel", _("Sign-up"), _SIGN_UP),
        Tab("instructor.mentors.queue", _("Mentors"), _MENTORS),
        Tab("instructor.matching.board", _("Matching"), _MATCHING),
        Tab("instructor.pairs.health", _pairs_tab(), _PAIRS),
        Tab("instructor.announcements.show", _("Messages"), _MESSAGES),
        Tab("instructor.participation.overview", _("Participation"), _PARTICIPATION),
        Tab("instructor.programme.settings", _("Settings"), _SETTINGS),
    )


@instructor.context_processor
def _frame() -> dict[str, object]:
    return frame(*tabs())
