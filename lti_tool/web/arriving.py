"""What a believed launch leads to: a visit, a question that somebody has to answer first, or a polite page."""

from flask import g, render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from lti_tool.actions.errand import begin_errand
from lti_tool.actions.launch import Opened, open_course
from lti_tool.actions.placing import part_of
from lti_tool.lti.claims import LaunchClaims, Message, Standing
from lti_tool.lti.errors import LaunchRefused, Refusal
from lti_tool.lti.launch import Launch
from lti_tool.lti.variables import ACTING_PERSON
from lti_tool.store.people import find_member, find_person, find_visit
from lti_tool.web import framing, visitor
from lti_tool.web.connection import connection_of
from lti_tool.web.visitor import now


def arrive(launched: Launch) -> AnyResponse | str:
    """Where this launch leads."""
    claims = launched.claims
    g.launch_locale = claims.locale
    framing.of_lms(launched.platform, return_url=claims.return_url)
    _require_themselves(claims)
    chooses = claims.message is Message.DEEP_LINKING
    if claims.message is Message.DATA_PRIVACY or (chooses and claims.context):
        return _ask(launched)
    hours, zone = visitor.config("SESSION_HOURS"), visitor.config("TIME_ZONE")
    opened = None if chooses else open_course(launched, default_zone=zone, hours=hours, now=now())
    if opened is None:
        return _no_course(launched)
    if isinstance(opened, Opened):
        return enter(opened, launched)
    if opened.is_staff:
        return _ask(launched)
    words = _("This link is new in your course, and your instructor has not opened it yet.")
    return render_template(
        "lti/not_set_up.html", return_url=framing.telling(claims.return_url, words, code="not-set-up")
    )


def _require_themselves(claims: LaunchClaims) -> None:
    """An administrator of Canvas can act as anybody: a student's answers would then be somebody else's."""
    if claims.custom.get(ACTING_PERSON) and claims.standing is Standing.LEARNER:
        raise LaunchRefused(Refusal.ACTING_FOR_ANOTHER, return_url=claims.return_url)


def _ask(launched: Launch) -> AnyResponse:
    return visitor.begin_errand(begin_errand(launched, now=now()))


def enter(opened: Opened, launched: Launch) -> AnyResponse:
    """Into the visit; a submission to review, or the one thing that the link is for, is its first page."""
    claims, part = launched.claims, part_of(launched.claims)
    if claims.message is Message.RESOURCE_LINK and part:
        return visitor.begin(opened, "visit.placed", part=part.key)
    if claims.message is not Message.SUBMISSION_REVIEW or claims.for_user is None:
        return visitor.begin(opened)
    if claims.for_user.user_id == claims.subject:
        return visitor.begin(opened, "visit.review")
    reviewed = _reviewed(opened, launched)
    return visitor.begin(opened, "visit.review", person=reviewed) if reviewed else visitor.begin(opened)


def _reviewed(opened: Opened, launched: Launch) -> int | None:
    """Who is to be reviewed, if the course knows them."""
    whom = launched.claims.for_user
    person = find_person(launched.platform.registration_id, launched.tenant, whom.user_id) if whom else None
    visit = find_visit(opened.key)
    return person.id if person and visit and find_member(visit.course_id, person.id) else None


def _no_course(launched: Launch) -> str:
    is_admin = launched.claims.standing is Standing.ADMINISTRATOR
    words = _("Peer Mentoring lives inside courses. It was opened from a place that belongs to none.")
    return render_template(
        "lti/no_course.html",
        connection=connection_of(launched.platform.registration_id) if is_admin else None,
        return_url=framing.telling(launched.claims.return_url, words, code="no-course"),
    )
