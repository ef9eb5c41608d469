"""Probes answered, what partners wrote half-way released, and how a programme asks changed."""

from datetime import datetime
from typing import Any

from lti_tool.actions import audit
from lti_tool.actions.participation import recount
from lti_tool.actions.staff_tasks import note_signs
from lti_tool.actions.standing import note_sign
from lti_tool.mentoring.checkins_asked import FEEDBACK
from lti_tool.mentoring.checkins_plan import Plan, is_released, plan_from_json, plan_to_json
from lti_tool.mentoring.checkins_probes import PairFacts, Probe, ProbeKind, closes_at, probes
from lti_tool.mentoring.checkins_signs import signs
from lti_tool.mentoring.health import SignKind
from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.store.checkins import (
    CheckInPlan,
    ProbeAnswers,
    facts_of,
    find_probe_answers,
    midterms_of,
    plan_of,
    plan_row,
)
from lti_tool.store.db import HELD, db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import Pair
from lti_tool.store.pairs import PairMember, members_of
from lti_tool.store.programme import Programme, settings_of

# What an answer about the fit of two people says to whoever looks at how pairs are doing (`mentoring/health`).
FIT_LEVELS = {"good": 3, "keep": 3, "unsure": 2, "adjust": 2, "not_for_me": 1, "change": 1}


def probes_for(pair: Pair, place: PairMember, programme: Programme, *, now: datetime) -> tuple[Probe, ...]:
    """The probes that this member has got so far, without those that staff left out."""
    plan = plan_of(programme.id)
    found = probes(facts_of(pair, place), settings_of(programme), plan.rhythm, now)
    return tuple(one for one in found if one.kind not in plan.left_out)


def answer_probe(pair_id: int, place: PairMember, probe: Probe, answers: dict[str, Any], *, now: datetime) -> None:
    """Save what a member answers to a probe; a second save replaces it.

    Raises: RuleBroken where the partner has already read what was written half-way, or its time is over.
    """
    with transaction() as session:
        pair = session.get_one(Pair, pair_id, with_for_update=True)  # of two at once, one sees what the other wrote
        enrolment = session.get_one(Enrolment, place.enrolment_id, with_for_update=HELD)
        row = find_probe_answers(pair_id, enrolment.id, probe.kind, probe.number)
        _require_open(row, probe, pair, now)
        if row is None:
            row = ProbeAnswers(
                pair_id=pair_id, enrolment_id=enrolment.id, kind=probe.kind, number=probe.number, sent_at=now
            )
            session.add(row)
        row.answers, row.changed_at = answers, now
        note_signs(
            signs(answers),
            programme_id=enrolment.programme_id,
            pair_id=pair_id,
            enrolment_id=enrolment.id,
            source=f"{probe.kind}:{pair_id}:{enrolment.id}:{probe.number}",
            now=now,
        )
        level = FIT_LEVELS.get(str(answers.get("fit") or answers.get("go_on") or ""))
        if level is not None:
            note_sign(pair_id, enrolment.id, SignKind.FIT, level=level, now=now)


def feedback_for(pair: Pair, reader_id: int, programme: Programme, *, now: datetime) -> list[tuple[int, str]]:
    """What the partners wrote half-way for this reader, by enrolment, once it is released; nothing that is empty."""
    if not is_feedback_released(pair, programme, now=now):
        return []
    rows = [row for row in midterms_of(pair.id) if row.enrolment_id != reader_id]
    return [(row.enrolment_id, str(row.answers[FEEDBACK])) for row in rows if row.answers.get(FEEDBACK)]


def is_feedback_released(pair: Pair, programme: Programme, *, now: datetime) -> bool:
    """Whether partners read what they wrote half-way."""
    plan = plan_of(programme.id)
    begun = PairFacts(began_at=pair.published_at or now, ended_at=pair.ended_at)
    found = [one for one in probes(begun, settings_of(programme), plan.rhythm, now) if one.kind is ProbeKind.MIDTERM]
    until = closes_at(found[0].window) if found else None
    return is_released(
        sent=len(midterms_of(pair.id)),
        members=len(members_of(pair.id)),
        is_over=until is not None and now >= until,
        release=plan.release,
    )


def change_plan(programme_id: int, plan: Plan, *, version: int, by: int, now: datetime) -> None:
    """Ask like this from now on.

    Raises: ChangedMeanwhile with the plan that stands there now, where somebody else changed it first.
    """
    with transaction() as session:
        programme = session.get_one(Programme, programme_id, with_for_update=HELD)
        row = plan_row(programme_id)
        current = plan_from_json(row.plan) if row else Plan()
        if (row.version if row else 0) != version:
            raise ChangedMeanwhile(current)
        if row is None:
            row = CheckInPlan(programme_id=programme_id, version=0)
            session.add(row)
        row.plan, row.version = plan_to_json(plan), row.version + 1
        row.changed_by, row.changed_at = by, now
        audit.record(
            "pair.plan",
            now=now,
            by=by,
            programme_id=programme_id,
            before=plan_to_json(current),
            after=plan_to_json(plan),
        )
        session.flush()
        recount(programme, now=now)  # another window is another due date


def _require_open(row: ProbeAnswers | None, probe: Probe, pair: Pair, now: datetime) -> None:
    if row is None and not probe.is_open(now):
        raise RuleBroken(
            Sentence(N_("The time for this check-in is over, so nothing was saved. You need not do anything."))
        )
    programme = db.session.get_one(Programme, pair.programme_id)
    if probe.kind is ProbeKind.MIDTERM and row is not None and is_feedback_released(pair, programme, now=now):
        raise RuleBroken(
            Sentence(N_("You have both written, so your partner may have read this. It stays as you sent it first."))
        )
