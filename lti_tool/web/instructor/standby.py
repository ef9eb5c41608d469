"""What mentors in reserve say: who is still ready to be matched, and what would help."""

from collections import Counter

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from lti_tool.mentoring.checkins_standby import READINESS, STANDBY_QUESTIONS, asks_for_a_talk, readiness
from lti_tool.mentoring.questionnaire import Audience
from lti_tool.store.people import PAGE
from lti_tool.store.standby import in_reserve, readiness_of, standby_page
from lti_tool.web.forms import page_number, readable
from lti_tool.web.visitor import visitor

blueprint = Blueprint("standby", __name__, url_prefix="/standby")

BADGES = {"no": "attention", "later": "attention", "yes": "good"}


@blueprint.get("/")
def overview() -> str:
    """How ready everybody in reserve is, and the newest answers."""
    programme, page, ready = visitor().programme, page_number(), request.args.get("ready", "")
    ready = ready if ready in READINESS else ""
    rows, total = standby_page(programme.id, page=page, ready=ready)
    waiting = in_reserve(programme)
    return render_template(
        "instructor/standby/overview.html",
        rows=[
            (row, person, ready_badges(readiness(row.answers)), asks_for_a_talk(row.answers), enrolment.id in waiting)
            for row, enrolment, person in rows
        ],
        answers={row.id: readable(STANDBY_QUESTIONS, row.answers, Audience.INSTRUCTOR) for row, _who, _p in rows},
        summary=_summary(waiting),
        labels={key: _(label) for key, label in READINESS.items()},
        ready=ready,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
    )


def ready_badges(ready: str) -> tuple[tuple[str, str], ...]:
    """How ready somebody says they are, as a badge; none where they did not say."""
    return ((BADGES[ready], _(READINESS[ready])),) if ready in READINESS else ()


def _summary(waiting: set[int]) -> list[tuple[str, int]]:
    """How many in reserve last said what."""
    counts = Counter(readiness_of(waiting).values())
    said = [(_(label), counts[key]) for key, label in READINESS.items()]
    return [(_("In reserve"), len(waiting)), *said, (_("Have not said"), len(waiting) - counts.total())]
