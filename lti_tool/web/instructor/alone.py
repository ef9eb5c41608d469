"""What people did alone while a partner was silent, and who was offered a new one."""

from flask import Blueprint, render_template
from flask_babel import gettext as _

from lti_tool.mentoring.solo_work import CHOICES
from lti_tool.mentoring.visibility import Written, seen_by
from lti_tool.store.rematch_offers import offers_of
from lti_tool.store.solo_work import ON_A_PAGE, solo_work_page
from lti_tool.web.forms import page_number
from lti_tool.web.text import seen_by_of_them
from lti_tool.web.visitor import visitor

blueprint = Blueprint("alone", __name__, url_prefix="/alone")


@blueprint.get("/")
def overview() -> str:
    """The work done alone, the newest first, and the newest offers."""
    page = page_number()
    rows, total = solo_work_page(visitor().programme.id, page=page)
    return render_template(
        "instructor/alone/overview.html",
        rows=[(work, person, _(CHOICES[work.what].label)) for work, person in rows],
        offers=offers_of(visitor().programme.id),
        page=page,
        pages=max(1, -(-total // ON_A_PAGE)),
        seen=seen_by_of_them(seen_by(Written.SOLO_WORK)),
    )
