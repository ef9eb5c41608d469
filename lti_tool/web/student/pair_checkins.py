"""A pair's check-ins: what is open, what was sent, what is asked once or for a reason, and what comes of an answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from werkzeug.wrappers import Response

from lti_tool.actions.checkins import answer_probe, feedback_for, probes_for
from lti_tool.actions.nudging import notices_for
from lti_tool.actions.participation import pair_windows
from lti_tool.mentoring.answers import parse_answers
from lti_tool.mentoring.checkins import Window, WindowState
from lti_tool.mentoring.checkins_asked import FEEDBACK, probe_questions, questions_of
from lti_tool.mentoring.checkins_probes import TITLES, Probe, ProbeKind
from lti_tool.mentoring.checkins_signs import TIME_TO_ACT, Sign, needs_help_now, signs
from lti_tool.mentoring.checkins_ways import Way, ways_for
from lti_tool.mentoring.nudging import TO_PARTNER, TO_SELF, Rung, WaitKind
from lti_tool.mentoring.questionnaire import Audience, Question
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.mentoring.workspace import Due
from lti_tool.store.checkins import ProbeAnswers, find_probe_answers, probe_answers
from lti_tool.store.ladder import away_now
from lti_tool.store.pairs import side_of
from lti_tool.store.reflections import shared_by
from lti_tool.store.workspace import check_ins_of
from lti_tool.web.forms import fields, form_lists, readable
from lti_tool.web.library import contents
from lti_tool.web.markdown import to_html
from lti_tool.web.student.pair import PLACES, OwnPair, here_in, refused
from lti_tool.web.text import sentence
from lti_tool.web.visitor import now

blueprint = Blueprint("pair_checkins", __name__, url_prefix="/pairs/<int:pair_id>")
PULSE = "pulse"  # beside the kinds of probes: a regular check-in

NOTHING = Sentence(N_("Every question may be left out, but please answer one of them before you send it."))
WINDOW_WORDS = {
    WindowState.WAITS: ("neutral", _l("Not open yet")),
    WindowState.OPEN: ("attention", _l("Open")),
    WindowState.GRACE: ("attention", _l("Open, a little late")),
    WindowState.LATE: ("neutral", _l("Late, can still be sent")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One check-in in the list of all."""

    title: str
    window: Window
    sent_at: datetime | None
    url: str | None
    state: tuple[str, Any]


@blueprint.get("/check-ins/")
def overview(pair_id: int) -> str:
    """What is open and what was sent, what partners wrote half-way, and where to say that one is away."""
    own, at = here_in(pair_id), now()
    lines = [*_pulses(own, at), *_probes(own, at)]
    names = {one.enrolment.id: one.person for one in own.everybody}
    return render_template(
        "student/pair/checkins/overview.html",
        own=own,
        open=[one for one in lines if one.url and not one.sent_at],
        sent=[one for one in lines if one.sent_at],
        ahead=[one for one in lines if not one.url and not one.sent_at],
        feedback=[(names[who], text) for who, text in feedback_for(own.pair, own.enrolment.id, own.programme, now=at)],
        thanks=_shared_answers(own),
        reflections=[(names[row.enrolment_id], row) for row in shared_by([one.enrolment.id for one in own.partners])],
    )


def probe(pair_id: int, kind: str, number: int) -> Response | tuple[str, int]:
    """One minute about one thing; whoever has sent it may change it while the partner has not read it."""
    own, at = here_in(pair_id), now()
    closed = refused(own)
    if closed:
        return closed
    asked = _find(own, kind, number, at)
    row = find_probe_answers(pair_id, own.enrolment.id, asked.kind, number) if asked else None
    if asked is None or (row is None and not asked.is_open(at)):
        flash(_("This check-in is not open. You need not do anything."), "info")
        return redirect(url_for(".overview", pair_id=pair_id), 303)
    questions = _asked_of(own, probe_questions(asked))
    problems: dict[str, Sentence] = {}
    if request.method == "POST":
        parsed = parse_answers(questions, form_lists())
        problems = parsed.problems or ({} if parsed.values else {questions[0].key: NOTHING})
        if not problems:
            return _saved(own, asked, dict(parsed.values), at)
    page = render_template(
        "student/pair/checkins/probe.html",
        own=own,
        probe=asked,
        title_words=_(TITLES[asked.kind]),
        is_change=row is not None,
        fields=fields(questions, row.answers if row else {}, problems),
    )
    return page, 422 if problems else 200


def _saved(own: OwnPair, asked: Probe, answers: dict[str, Any], at: datetime) -> Response:
    try:
        answer_probe(own.pair.id, own.member, asked, answers, now=at)
    except RuleBroken as fault:
        flash(sentence(fault.sentence), "warning")
        return redirect(url_for(".overview", pair_id=own.pair.id), 303)
    return answered(own, asked.kind.value, asked.number, answers)


for _kind in ProbeKind:  # an address and a name for each, so that what is due can lead there
    blueprint.add_url_rule(
        f"/asked/{_kind.value}/<int:number>",
        endpoint=_kind.value,
        view_func=probe,
        methods=["GET", "POST"],
        defaults={"kind": _kind.value},
    )


def answered(own: OwnPair, kind: str, number: int, answers: dict[str, Any]) -> Response:
    """Where the reader goes after sending: to what comes of it, or back to the pair."""
    if kind == PULSE:
        flash(_("Thank you. Your check-in is saved and counted."), "success")
    else:
        flash(_("Thank you. Your answers are saved."), "success")
    if signs(answers) or answers.get("in_the_way") or _doubts(answers):
        return redirect(url_for("student.pair_checkins.after", pair_id=own.pair.id, kind=kind, number=number), 303)
    return redirect(url_for("student.workspace.pair", pair_id=own.pair.id), 303)


@blueprint.get("/check-ins/<kind>/<int:number>/after")
def after(pair_id: int, kind: str, number: int) -> Response | str:
    """What comes of an answer: who helps at once, who is told and by when, and what to try."""
    own = here_in(pair_id)
    answers = _own_answers(own, kind, number)
    if not answers:
        return redirect(url_for(".overview", pair_id=pair_id), 303)
    found = signs(answers)
    return render_template(
        "student/pair/checkins/after.html",
        own=own,
        help_text=_help_text() if needs_help_now(found) else "",
        told=_soonest(found),
        ways=[(way, _guide_url(own, way)) for way in _ways(answers)],
        doubts=_doubts(answers),
        trouble_url=_url(own, "trouble"),
    )


def _help_text() -> Markup:
    """Who helps at once, as the institution wrote it."""
    found = contents().documents.get("help")
    return to_html(found.body, lambda _place: None) if found else Markup()


def _guide_url(own: OwnPair, way: Way) -> str | None:
    return _url(own, "guide", key=way.guide) if way.guide else None


def _url(own: OwnPair, place: str, **values: Any) -> str | None:
    """The address of another page of this pair, where there is one."""
    return url_for(PLACES[place], pair_id=own.pair.id, **values) if place in PLACES else None


def _ways(answers: dict[str, Any]) -> tuple[Way, ...]:
    chosen = set(answers.get("in_the_way") or ())
    return ways_for(chosen | ({"not_a_fit"} if _doubts(answers) else set()))


def _doubts(answers: dict[str, Any]) -> str:
    """Whether somebody is not sure, or sure that it does not fit: good, unsure or not working."""
    if answers.get("fit") == "not_for_me" or answers.get("go_on") == "change":
        return "not_for_me"
    return "unsure" if answers.get("fit") == "unsure" or answers.get("go_on") == "adjust" else ""


def _soonest(found: Sequence[Sign]) -> int | None:
    """After how many days at the latest staff should have looked at it."""
    return min((TIME_TO_ACT[one.kind].days for one in found), default=None)


def _own_answers(own: OwnPair, kind: str, number: int) -> dict[str, Any]:
    """What the reader sent; nothing where there is no such check-in."""
    if kind == PULSE:
        rows = check_ins_of(own.pair.id, own.enrolment.id)
        return next((row.answers for row in rows if row.number == number), {})
    if kind not in set(ProbeKind):
        return {}
    row = find_probe_answers(own.pair.id, own.enrolment.id, ProbeKind(kind), number)
    return row.answers if row else {}


def _find(own: OwnPair, kind: str, number: int, at: datetime) -> Probe | None:
    found = probes_for(own.pair, own.member, own.programme, now=at)
    return next((one for one in found if (one.kind, one.number) == (kind, number)), None)


def _asked_of(own: OwnPair, questions: Sequence[Question]) -> list[Question]:
    return [question for question in questions if side_of(own.member) in question.asked_of]


def _pulses(own: OwnPair, at: datetime) -> list[Line]:
    sent = {row.number: row for row in check_ins_of(own.pair.id, own.enrolment.id)}
    windows = pair_windows(own.pair, own.enrolment.id, own.programme)
    lines = []
    for number, window in windows.items():
        url = url_for("student.workspace.check_in", pair_id=own.pair.id, number=number)
        lines.append(
            Line(
                title=_("Check-in %(number)s", number=number),
                window=window,
                sent_at=sent[number].submitted_at if number in sent else None,
                url=url if window.opens_at <= at and own.is_writable else None,
                state=WINDOW_WORDS[window.state(at)],
            )
        )
    return lines


def _probes(own: OwnPair, at: datetime) -> list[Line]:
    """What is open, or was answered; what went by without an answer is not shown again."""
    rows = {(row.kind, row.number): row for row in probe_answers(own.enrolment.id, own.pair.id)}
    lines = []
    for one in probes_for(own.pair, own.member, own.programme, now=at):
        row: ProbeAnswers | None = rows.get((one.kind, one.number))
        if row is None and not (one.is_open(at) and own.is_writable):
            continue
        lines.append(
            Line(
                title=_(TITLES[one.kind]),
                window=one.window,
                sent_at=row.sent_at if row else None,
                url=url_for(f".{one.kind.value}", pair_id=own.pair.id, number=one.number) if own.is_writable else None,
                state=WINDOW_WORDS[one.window.state(at)],
            )
        )
    return lines


def _shared_answers(own: OwnPair) -> list[tuple[Any, list[tuple[str, str]]]]:
    """What partners wrote for this reader in other check-ins than the regular ones; feedback waits for its release."""
    found = []
    for one in own.partners:
        for row in probe_answers(one.enrolment.id, own.pair.id):
            shown = {key: value for key, value in row.answers.items() if key != FEEDBACK}
            answers = readable(questions_of(ProbeKind(row.kind)), shown, Audience.PARTNER)
            found += [(one.person, answers)] if answers else []
    return found


def dues(own: OwnPair, at: datetime) -> list[Due]:
    """The probes that are open and not answered."""
    rows = {(row.kind, row.number) for row in probe_answers(own.enrolment.id, own.pair.id)}
    return [
        Due(kind=one.kind.value, reason=_reason(one), place=one.kind.value, due_at=one.window.due_at, number=one.number)
        for one in probes_for(own.pair, own.member, own.programme, now=at)
        if one.is_open(at) and (one.kind, one.number) not in rows
    ]


def _reason(one: Probe) -> Sentence:
    return Sentence(N_("%(title)s %(reason)s"), {"title": Sentence(TITLES[one.kind]), "reason": one.reason})


def told_in(own: OwnPair, at: datetime) -> list[str]:
    """What the ladder told this reader about a pair, as far as it still holds."""
    return [(TO_SELF if rung is Rung.SELF else TO_PARTNER)[kind] for kind, rung in _told(own, at)]


def _told(own: OwnPair, at: datetime) -> list[tuple[WaitKind, Rung]]:
    key = (own.pair.id, own.enrolment.id)
    return notices_for(own.programme, key, now=at) if own.is_writable else []


def panel(own: OwnPair, at: datetime) -> dict[str, Any]:
    """What the ladder told this reader as far as it holds, who is away, and whether a partner's words have come."""
    told = _told(own, at)
    away = away_now([one.enrolment.id for one in own.everybody], at)
    return {
        "notices": [(TO_SELF if rung is Rung.SELF else TO_PARTNER)[kind] for kind, rung in told],
        "is_waited_for": any(rung is Rung.SELF for _kind, rung in told),
        "away": [(one.person, away[one.enrolment.id].back_on) for one in own.partners if one.enrolment.id in away],
        "own_away": away.get(own.enrolment.id),
        "feedback_count": len(feedback_for(own.pair, own.enrolment.id, own.programme, now=at)),
    }
