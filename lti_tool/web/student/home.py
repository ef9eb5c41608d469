"""The student's first page: what is next, and with whom."""

from dataclasses import dataclass, replace
from datetime import datetime

from flask import Blueprint, render_template

from lti_tool.actions.matching import note_opened
from lti_tool.actions.participation import pair_slots
from lti_tool.mentoring.enrolment import EnrolmentState, has_agreed, what_comes_next, why_not_join
from lti_tool.mentoring.programme import Phase
from lti_tool.mentoring.workspace import NextStep, next_step
from lti_tool.store.enrolment import Enrolment, find_enrolment
from lti_tool.store.matching import left_over_since
from lti_tool.store.pairs import ended_pairs, own_pairs
from lti_tool.store.programme import Programme, settings_of
from lti_tool.store.workspace import check_ins_of
from lti_tool.web.library import contents
from lti_tool.web.student.announcements import news_for
from lti_tool.web.student.pair import OwnPair, from_inside
from lti_tool.web.student.pair_checkins import told_in
from lti_tool.web.student.standby import on_standby
from lti_tool.web.student.steps import checklist
from lti_tool.web.visitor import now, visitor

blueprint = Blueprint("home", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Partnership:
    """One of the visitor's pairs with what comes next in it."""

    own: OwnPair
    step: NextStep
    told: tuple[str, ...] = ()  # what the reader was reminded of


@blueprint.get("/")
def overview() -> str:
    """Join, wait, or go on with a partner."""
    here = visitor()
    enrolment = find_enrolment(here.programme.id, here.person.id)
    phase = Phase(here.programme.phase)
    found = partnerships(enrolment, here.programme, now()) if enrolment else []
    new_pairs = note_opened(enrolment.id, now=now()) if enrolment else frozenset()
    return render_template(
        "student/home/overview.html",
        enrolment=enrolment,
        obstacle=why_not_join(
            here.role,
            True,
            here.person.is_test_user,
            Phase(here.programme.phase),
            state=EnrolmentState(enrolment.state) if enrolment else None,
        ),
        next=what_comes_next(phase),
        must_agree=_must_agree(enrolment, phase),
        partnerships=found,
        settings=settings_of(here.programme),
        checklist=checklist(enrolment),
        new_pairs=new_pairs,
        news=news_for(enrolment),
        earlier=[from_inside(pair, enrolment, here.programme) for pair in ended_pairs(enrolment.id)]
        if enrolment
        else [],
        standby=None if found else on_standby(here.programme, enrolment, now()),
        left_over=left_over_since(here.programme.id, enrolment.id) if enrolment else None,
    )


def _must_agree(enrolment: Enrolment | None, phase: Phase) -> bool:
    """Whether somebody takes part who has not agreed to the texts as they are today."""
    if enrolment is None or enrolment.state != EnrolmentState.JOINED or phase is Phase.CLOSED:
        return False
    return enrolment.consent_version is not None and not has_agreed(
        enrolment.consent_version, enrolment.conduct_version, contents().editions
    )


def partnerships(enrolment: Enrolment, programme: Programme, at: datetime) -> list[Partnership]:
    """The visitor's running pairs with the next step in each."""
    found = [partnership(from_inside(pair, enrolment, programme), at) for pair in own_pairs(enrolment.id)]
    return [replace(one, told=tuple(told_in(one.own, at))) for one in found]


def partnership(own: OwnPair, at: datetime) -> Partnership:
    """One running pair with the visitor's next step."""
    slots = pair_slots(own.pair, own.enrolment.id, own.programme)
    done = {row.number for row in check_ins_of(own.pair.id, own.enrolment.id)}
    return Partnership(own=own, step=next_step(slots, done, at))
