"""Reminders by mail: written in the reader's language, handed to the mail server, noted as sent."""

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from lti_tool.actions import nudges
from lti_tool.actions.edge import Edge
from lti_tool.actions.mail import Letter, MailRefused, MailServer, deliver, message_of
from lti_tool.actions.readers import language
from lti_tool.store.outbox import OutboxRow
from lti_tool.store.people import shown_name


def send_letter(row: OutboxRow, edge: Edge) -> None:
    """Send one reminder, unless it went out already or is no longer needed.

    Raises: MailUnavailable
    """
    due = nudges.due(row.payload["nudge_id"])
    if due is None:
        return
    if edge.mail is None:
        nudges.not_sent(due.nudge.id, nudges.NOT_SET_UP)
        return
    try:
        deliver(edge.mail, message_of(_written(due, edge, edge.mail), edge.mail))
    except MailRefused:
        nudges.not_sent(due.nudge.id, nudges.REFUSED)
        return
    nudges.sent(due.nudge.id, now=edge.clock())


def give_up(row: OutboxRow, _problem: str) -> None:
    """Nobody tries again by itself: staff read why."""
    nudges.not_sent(row.payload["nudge_id"], nudges.GAVE_UP)


def _written(due: nudges.Due, edge: Edge, server: MailServer) -> Letter:
    stop_url = f"{edge.origin}{nudges.STOP_PATH}{nudges.stop_token(due.person.id, server.secret)}"
    with force_locale(language(due.person.locale)):
        text = render_template(
            "email/reminder.txt",
            text=_(due.reminder.text),
            programme_title=_(due.programme.title),
            course_title=due.course.title,
            stop_url=stop_url,
        )
        subject = _(due.reminder.subject)
    return Letter(
        id=f"reminder-{due.nudge.id}-{due.programme.key}",
        to=due.person.email,
        name="" if shown_name(due.person).startswith("#") else shown_name(due.person),
        subject=subject,
        text=text,
        stop_url=stop_url,
        dated_at=due.nudge.asked_at,
    )
