"""How far the pairs' agreements and goals are. Their words are the pairs' own."""

from flask import Blueprint, render_template, request

from lti_tool.store.people import PAGE
from lti_tool.store.plans import pair_page, plans_of
from lti_tool.web.forms import page_number
from lti_tool.web.visitor import visitor

blueprint = Blueprint("pair_plans", __name__, url_prefix="/agreements")


@blueprint.get("/")
def overview() -> str:
    """Every running pair: whether its agreement is signed, and how many goals it has."""
    page, words = page_number(), request.args.get("q", "").strip()
    rows, total = pair_page(visitor().programme.id, words=words, page=page)
    plans = plans_of([pair.id for pair, _people in rows])
    return render_template(
        "instructor/workspace/plans.html",
        rows=[(pair, people, plans[pair.id]) for pair, people in rows],
        total=total,
        words=words,
        page=page,
        pages=max(1, -(-total // PAGE)),
    )
