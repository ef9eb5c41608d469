"""Why these two, and why not somebody else: what somebody in a pair may read about it, and no more."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request

from lti_tool.actions.why_not import why_not_for
from lti_tool.mentoring.roster import MemberRole
from lti_tool.mentoring.words import Sentence
from lti_tool.store.db import db
from lti_tool.store.enrolment import find_enrolment
from lti_tool.store.pairs import Partner
from lti_tool.store.people import Person, is_fellow_student, search_members
from lti_tool.web.student.pair import OwnPair, here_in
from lti_tool.web.visitor import visitor

blueprint = Blueprint("pair_why", __name__, url_prefix="/pairs/<int:pair_id>/why")
FEW = 8  # names that are found


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """What speaks for the reader and one partner; other people's reasons are theirs."""

    partner: Partner
    reasons: list[Any]


def reasons_with(own: OwnPair) -> list[Why]:
    """The reasons that the reader shares with each partner, as far as there are any."""
    found = []
    for partner in own.partners:
        reasons = _between(own, own.enrolment.id, partner.enrolment.id)
        if reasons:
            found.append(Why(partner=partner, reasons=reasons))
    return found


def _between(own: OwnPair, one: int, other: int) -> list[Any]:
    pair = own.pair
    if {one, other} == {pair.mentor_id, pair.mentee_id}:
        return list(pair.reasons)
    for third in pair.others:
        opposite = pair.mentee_id if third["role"] == "mentor" else pair.mentor_id
        if {one, other} == {third["enrolment_id"], opposite}:
            return list(third.get("reasons", ()))
    return []


def role_cards(own: OwnPair) -> list[dict[str, Any]]:
    """Who of a swap helps whom with what, as far as the reader is one of the two."""
    names = {one.enrolment.id: one.person for one in own.everybody}
    mine = own.enrolment.id
    return [
        {
            "is_helper": card["helper_id"] == mine,
            "person": names[card["helped_id"] if card["helper_id"] == mine else card["helper_id"]],
            "topics": card["topics"],
        }
        for card in own.pair.role_cards
        if mine in {card["helper_id"], card["helped_id"]} and {card["helper_id"], card["helped_id"]} <= names.keys()
    ]


@blueprint.get("/")
def ask(pair_id: int) -> str:
    """About whom somebody asks, and what can be said."""
    own, here = here_in(pair_id), visitor()
    words = request.args.get("q", "").strip()
    found: list[Person] = []
    if words:
        rows, _total = search_members(
            here.course.id, words=words, role=MemberRole.STUDENT, page=1, size=FEW, but=here.person.id
        )
        partners = {one.person.id for one in own.partners}
        found = [person for _member, person in rows if person.id not in partners]
    about, answer = _answered(own, request.args.get("person", 0, type=int))
    return render_template(
        "student/pair/why.html",
        own=own,
        words=words,
        found=found,
        why=reasons_with(own),
        about=about,
        answer=answer,
    )


def _answered(own: OwnPair, person_id: int) -> tuple[Person | None, Sentence | None]:
    """The fellow student who is asked about, and what may be said about them."""
    here = visitor()
    if not is_fellow_student(here.course.id, person_id) or person_id == here.person.id:
        return None, None
    enrolment = find_enrolment(here.programme.id, person_id)
    answer = why_not_for(here.programme, own.pair, own.member, enrolment.id if enrolment else 0)
    return db.session.get_one(Person, person_id), answer
