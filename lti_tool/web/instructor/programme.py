"""The programme at a glance, its people, its settings."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from lti_tool.actions.gradebook import plan_of
from lti_tool.actions.roster import keep_roster, refresh_roster
from lti_tool.lti.fixes import FIXES
from lti_tool.mentoring.funnel import outlook
from lti_tool.mentoring.roster import MemberRole
from lti_tool.store.cases import count_unanswered
from lti_tool.store.enrolment import enrolment_counts
from lti_tool.store.funnel import groups_of
from lti_tool.store.gradebook import column_of
from lti_tool.store.gradebook_states import standing_counts
from lti_tool.store.matching import count_active_pairs, last_proposal
from lti_tool.store.pairs import count_paired
from lti_tool.store.people import PAGE, member_counts, search_members
from lti_tool.store.programme import settings_of
from lti_tool.store.reports import open_report_count
from lti_tool.store.staff_tasks import open_task_count
from lti_tool.web.forms import page_number
from lti_tool.web.instructor.sections import summary
from lti_tool.web.visitor import local_day, now, visitor

blueprint = Blueprint("programme", __name__)


@blueprint.get("/")
def overview() -> str:
    """Where the programme stands, and the next thing to do."""
    here = visitor()
    return render_template(
        "instructor/programme/overview.html",
        members=member_counts(here.course.id),
        enrolled=enrolment_counts(here.programme.id),
        proposal=last_proposal(here.programme.id),
        pair_count=count_active_pairs(here.programme.id),
        unanswered=count_unanswered(here.programme.id),
        paired=count_paired(here.programme.id),
        column=column_of(here.programme.id),
        stand=standing_counts(here.programme, [plan.part for plan in plan_of(here.programme)]),
        open_reports=open_report_count(here.programme.id),
        course=here.course,
        task_count=open_task_count(here.programme.id),
        outlook=outlook(groups_of(here.programme)) if not here.programme.published_at else None,
        is_matching_day=here.programme.matching_on is not None and here.programme.matching_on <= local_day(now()),
    )


@blueprint.get("/people")
def people() -> str:
    """Who is in the course, by name, a page at a time."""
    here, words, page = visitor(), request.args.get("q", ""), page_number()
    found, total = search_members(here.course.id, words=words, page=page)
    return render_template(
        "instructor/programme/people.html",
        course=here.course,
        found=found,
        total=total,
        words=words,
        page=page,
        pages=max(1, -(-total // PAGE)),
        counts=member_counts(here.course.id),
        student=MemberRole.STUDENT,
        fixes=FIXES,
    )


@blueprint.post("/people/refresh")
def refresh() -> Response:
    """Read the roster again, or take over one that lists far fewer people."""
    here = visitor()
    is_accepted = request.form.get("accept") == "yes"
    refresh_roster(here.course.id, accept_shrink=is_accepted, by=here.person.id, now=now())
    return redirect(url_for(".people"), 303)


@blueprint.post("/people/keep")
def keep() -> Response:
    """Keep everybody although the LMS lists far fewer people."""
    here = visitor()
    keep_roster(here.course.id, by=here.person.id, now=now())
    flash(_("Everybody stays as they are."), "success")
    return redirect(url_for(".people"), 303)


@blueprint.get("/settings")
def settings() -> str:
    """Every setting in words, with the way to change it."""
    here = visitor()
    return render_template(
        "instructor/programme/settings.html",
        summary=summary(settings_of(here.programme)),
        version=here.programme.settings_version,
    )
