"""What the staff tell everybody, or one side, of the programme."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, abort, render_template

from lti_tool.mentoring.announcements import audiences_of
from lti_tool.store.announcements import ON_A_PAGE, Announcement, announcement_of, announcements_for
from lti_tool.store.conversation import unread
from lti_tool.store.enrolment import Enrolment, find_enrolment
from lti_tool.store.participants import is_mentor, parts_of
from lti_tool.store.people import Person
from lti_tool.web.forms import page_number
from lti_tool.web.linked import linked
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("announcements", __name__, url_prefix="/announcements")
FRESH = timedelta(days=14)  # so long an announcement stands on the first page


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What stands on the first page: the newest announcement while it is fresh, and the ways to more."""

    newest: tuple[Announcement, Person] | None
    total: int
    is_mentor: bool
    on_board: int  # messages on the mentors' board that a mentor has not seen
    takes_part: bool


@blueprint.get("/")
def show() -> str:
    """Everything that was announced to this reader, newest first."""
    page = page_number()
    found, total = announcements_for(visitor().programme.id, _audiences(), page=page)
    return render_template(
        "student/announcements/show.html", found=found, page=page, pages=max(1, -(-total // ON_A_PAGE))
    )


@blueprint.get("/<int:announcement_id>")
def one(announcement_id: int) -> str:
    """One announcement whole."""
    row = announcement_of(visitor().programme.id, announcement_id)
    if row is None or row.withdrawn_at or row.audience not in _audiences():
        abort(404)
    return render_template("student/announcements/one.html", row=row, body=linked(row.text))


def news_for(enrolment: Enrolment | None) -> News:
    """What the first page says."""
    programme, parts = visitor().programme, parts_of(enrolment)
    found, total = announcements_for(programme.id, audiences_of(parts)) if parts else ([], 0)
    mentors = is_mentor(programme, enrolment)
    is_fresh = bool(found) and found[0][0].written_at > now() - FRESH
    return News(
        newest=found[0] if is_fresh else None,
        total=total,
        is_mentor=mentors,
        on_board=unread(visitor().person.id, programme.id, None)[0] if mentors else 0,
        takes_part=bool(parts),
    )


def _audiences() -> frozenset[str]:
    here = visitor()
    return frozenset(audiences_of(parts_of(find_enrolment(here.programme.id, here.person.id))))
