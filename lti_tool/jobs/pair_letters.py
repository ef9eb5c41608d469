"""Mails of the nudge ladder: a sentence that says what waits, and nothing that anybody wrote."""

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from lti_tool.actions import nudges, nudging
from lti_tool.actions.edge import Edge
from lti_tool.actions.mail import Letter, MailRefused, MailServer, MailUnavailable, deliver, message_of
from lti_tool.actions.readers import language
from lti_tool.mentoring.nudging import TO_PARTNER, TO_SELF, Rung
from lti_tool.store.outbox import OutboxRow
from lti_tool.store.people import shown_name


def send_letter(row: OutboxRow, edge: Edge) -> None:
    """Send one mail, unless it went out already or is no longer needed; at night it waits for the morning.

    Raises: MailUnavailable
    """
    nudge_id, server = row.payload["nudge_id"], edge.mail
    found = nudging.due(nudge_id, now=edge.clock())
    if found is None:
        return
    if isinstance(found, str) or server is None:
        nudges.not_sent(nudge_id, found if isinstance(found, str) else nudges.NOT_SET_UP)
        return
    _require_day(found, edge)
    try:
        deliver(server, message_of(_written(found, edge, server), server))
    except MailRefused:
        nudges.not_sent(nudge_id, nudges.REFUSED)
        return
    nudges.sent(nudge_id, now=edge.clock())


def _require_day(due: nudging.Due, edge: Edge) -> None:
    """A mail that was held up does not go out in somebody's quiet hours.

    Raises: MailUnavailable
    """
    wait = due.not_before - edge.clock()
    if wait:
        unavailable = MailUnavailable("quiet hours")
        unavailable.retry_after_seconds = wait.total_seconds()
        raise unavailable


def _written(due: nudging.Due, edge: Edge, server: MailServer) -> Letter:
    stop_url = f"{edge.origin}{nudges.STOP_PATH}{nudges.stop_token(due.person.id, server.secret)}"
    told = TO_SELF if due.rung is Rung.SELF else TO_PARTNER
    with force_locale(language(due.person.locale)):
        subject = _("Something waits for you in “%(name)s”", name=_(due.programme.title))
        text = render_template(
            "email/waiting.txt",
            sentence=_(told[due.kind]),
            programme_title=_(due.programme.title),
            course_title=due.course.title,
            stop_url=stop_url,
        )
    return Letter(
        id=f"pair-{due.nudge.id}-{due.programme.key}",
        to=due.person.email,
        name="" if shown_name(due.person).startswith("#") else shown_name(due.person),
        subject=str(subject),
        text=text,
        stop_url=stop_url,
        dated_at=due.nudge.asked_at,
    )
