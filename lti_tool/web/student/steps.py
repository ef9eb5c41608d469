"""What somebody has done on the way to being matched, and what is left: a checklist for their first page."""

from dataclasses import dataclass
from datetime import timedelta

from flask import url_for
from flask_babel import gettext as _

from lti_tool.mentoring.funnel import Stage, counts_for, must_be_passed, stands_still_at
from lti_tool.store.application import find_application
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.funnel import reached_by, stages_of
from lti_tool.store.nudges import Reminder, notice_to
from lti_tool.web.visitor import now, visitor

FRESH = timedelta(days=21)  # how long a reminder stands on the page
SHOWN = tuple(stage for stage in Stage if stage not in {Stage.ROSTER, Stage.INVITED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the checklist."""

    stage: Stage
    label: str
    state: str  # done, current or todo
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """The visitor's way to being ready."""

    items: tuple[Item, ...]
    is_ready: bool
    hint: str  # what to do now; empty where there is nothing
    url: str | None  # where to do it
    reminder: Reminder | None  # what staff wrote about it

    @property
    def lines(self) -> list[tuple[str, str, str | None]]:
        """As the macro `steps` takes them."""
        return [(one.label, one.state, one.url) for one in self.items]


def checklist(enrolment: Enrolment | None) -> Checklist:
    """How far the visitor is."""
    here = visitor()
    of = stages_of(here.programme)
    role, reached = reached_by(here.programme, here.person.id)
    needed = [one for one in of if one in SHOWN and counts_for(one, role)]
    must = [one for one in needed if role is None or must_be_passed(one, role)]
    current = next((one for one in must if one not in reached), None)
    standing = stands_still_at(role, reached, of)
    return Checklist(
        items=tuple(_item(one, role, is_done=one in reached, is_current=one is current) for one in needed),
        is_ready=Stage.READY in reached,
        hint=_hint(current, enrolment),
        url=_url(current) if current else None,
        reminder=_reminder(standing) if standing else None,
    )


def _item(stage: Stage, role: str | None, *, is_done: bool, is_current: bool) -> Item:
    label = _label(stage)
    is_extra = role is not None and stage is not Stage.READY and not must_be_passed(stage, role)
    if is_extra and not is_done:
        label = _("%(step)s – only if you would like to be a mentor", step=label)
    return Item(
        stage=stage,
        label=label,
        state="done" if is_done else "current" if is_current else "todo",
        url=None if is_done and stage is not Stage.TRAINED else _url(stage),
    )


def _label(stage: Stage) -> str:
    labels = {
        Stage.JOINED: _("You have joined"),
        Stage.APPLIED: _("Apply to be a mentor"),
        Stage.APPROVED: _("The staff approve your application"),
        Stage.TRAINED: _("Training for mentors"),
        Stage.AGREED: _("You agree to what taking part means"),
        Stage.READY: _("Ready to be matched"),
    }
    return str(labels[stage])


def _url(stage: Stage) -> str | None:
    if stage in {Stage.APPLIED, Stage.APPROVED}:
        return url_for("student.application.show")
    if stage is Stage.TRAINED:
        return url_for("student.training.overview")
    if stage in {Stage.JOINED, Stage.AGREED}:
        return url_for("student.enrolment.role" if stage is Stage.JOINED else "student.enrolment.agree")
    return None


def _hint(current: Stage | None, enrolment: Enrolment | None) -> str:
    if current is Stage.APPROVED and enrolment:
        application = find_application(enrolment.id)
        state = application.state if application else ""
        if state == "declined":
            return str(
                _("The staff have answered your application. You can still take part as somebody who is helped.")
            )
        if state == "asked":
            return str(_("The staff would like to know more about your application."))
        return str(_("Your application is with the staff. You need not do anything now."))
    hints = {
        Stage.APPLIED: _("Next: a short application. It takes about ten minutes."),
        Stage.TRAINED: _("Next: the training. You can do it in small pieces."),
        Stage.AGREED: _("Next: please look at what we agree on."),
    }
    return str(hints.get(current, "")) if current else ""


def _reminder(standing: Stage) -> Reminder | None:
    """What staff wrote to the visitor about the stage at which they stand."""
    here = visitor()
    kinds = {standing, *({Stage.INVITED} if standing is Stage.JOINED else set())}
    return notice_to(here.programme.id, here.person.id, kinds=kinds, since=now() - FRESH)
