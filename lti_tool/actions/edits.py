"""What staff change in a scenario by hand: what it would mean, and doing it. A computed scenario is copied first."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from lti_tool.actions import audit, triads
from lti_tool.actions.by_hand_kinds import (
    AMONG_EQUALS,
    BY_HAND,
    IN_A_GROUP,
    NO_SUCH_PAIR,
    NOT_HERE,
    OVER_CAPACITY,
    SAME_MENTOR,
    WAS_LOCKED,
    ChangedMeanwhile,
    Edit,
    EditKind,
    EditRefused,
    Effect,
    Made,
    Objection,
)
from lti_tool.actions.candidates import candidates_of, plan_of
from lti_tool.actions.scenarios import ask_worker, ended_by, stored, summed
from lti_tool.mentoring.scenarios import Fit, Link, ScenarioKind, asked, moves, on_sides, wanted_from_json
from lti_tool.store.board import fits_of
from lti_tool.store.db import db, transaction
from lti_tool.store.matching import Pair, Proposal, Scenario, Unmatched, left_in, pairs_in
from lti_tool.store.programme import Programme


def effect(programme: Programme, scenario: Scenario, edit: Edit) -> Effect:
    """What the change would mean, before it is done.

    Raises: EditRefused.
    """
    pairs = {(pair.mentee_id, pair.mentor_id): pair for pair in pairs_in(scenario.id)}
    if any(pair.kind == "peer" for pair in pairs.values()) and edit.kind not in {EditKind.WAIT, EditKind.STOP_WAITING}:
        raise EditRefused(AMONG_EQUALS)
    if edit.kind in triads.KINDS:
        return triads.effect(programme, scenario, edit)
    if edit.kind in {EditKind.ASSIGN, EditKind.SWAP} and _thirds(pairs.values()).intersection(
        {edit.mentee, edit.other}
    ):
        raise EditRefused(IN_A_GROUP)
    removed, added = _links(pairs, edit)
    if not (removed or added):
        return Effect(moves=[], made=[], removed=frozenset(), warnings=[], alone=[], total_ppm=0)
    before = fits_of(pairs.values())
    gone = set(fits_of([pairs[link] for link in removed]))
    made, full = _made(programme, scenario, set(before) - gone, added)
    after = {link: fit for link, fit in before.items() if link not in gone} | {one.link: one.fit for one in made}
    warnings = [Objection(rule=rule, mentee=one.link[0], mentor=one.link[1]) for one in made for rule in one.broken]
    warnings += [
        Objection(rule=OVER_CAPACITY, mentee=mentee, mentor=mentor) for mentee, mentor in added if mentor in full
    ]
    warnings += [
        Objection(rule=WAS_LOCKED, mentee=link[0], mentor=link[1]) for link in sorted(removed) if pairs[link].is_locked
    ]
    still = {mentor for _mentee, mentor in after}
    return Effect(
        moves=moves(before, after),
        made=made,
        removed=frozenset(removed),
        warnings=warnings,
        alone=sorted({mentor for _mentee, mentor in gone} - still),
        total_ppm=sum(fit.score_ppm for fit in after.values()) - sum(fit.score_ppm for fit in before.values()),
    )


def _thirds(pairs: Iterable[Pair]) -> set[int]:
    """The mentees who joined a pair as third or fourth."""
    return {one["enrolment_id"] for pair in pairs for one in pair.others if one["role"] == "mentee"}


def _links(pairs: dict[Link, Pair], edit: Edit) -> tuple[set[Link], list[Link]]:
    """Which pairs the change takes apart, and which it makes."""
    own = {link for link in pairs if link[0] == edit.mentee}
    if edit.kind in {EditKind.LOCK, EditKind.UNLOCK, EditKind.FORBID, EditKind.PART} and edit.link not in pairs:
        raise EditRefused(NO_SUCH_PAIR)
    if edit.kind in {EditKind.FORBID, EditKind.PART}:
        return {edit.link}, []
    if edit.kind is EditKind.ASSIGN:
        return (own - {edit.link}, [edit.link]) if edit.link not in pairs else (set(), [])
    if edit.kind is EditKind.SWAP:
        theirs = {link for link in pairs if link[0] == edit.other}
        if edit.link not in own or not theirs:
            raise EditRefused(NO_SUCH_PAIR)
        (other,) = sorted(theirs)[:1]
        if other[1] == edit.mentor or edit.mentee == edit.other:
            raise EditRefused(SAME_MENTOR)
        return {edit.link, other}, [(edit.mentee, other[1]), (edit.other, edit.mentor)]
    return set(), []


def _made(programme: Programme, scenario: Scenario, kept: set[Link], added: list[Link]) -> tuple[list[Made], set[int]]:
    """The pairs that a change makes, and the mentors who would have more mentees than they take."""
    from lti_tool.mentoring.matching.by_hand import judged  # noqa: PLC0415  # most pages need no numpy

    if not added:
        return [], set()
    wanted = wanted_from_json(scenario.changes)
    people, plan = asked(candidates_of(programme, without=ended_by(scenario)), plan_of(programme), wanted)
    mentors = [left.enrolment_id for left in left_in(scenario.id) if left.side == "mentor"]
    sided = on_sides(people, [*kept, *added], mentors)
    found = judged(sided, plan, added)
    if len(found) < len(added):
        raise EditRefused(NOT_HERE)
    load = Counter(mentor for _mentee, mentor in [*kept, *added])
    full = {one.id for one in sided if load[one.id] > one.capacity}
    return [
        Made(
            link=(one.mentee_id, one.mentor_id),
            fit=Fit(partner=one.mentor_id, strength=one.strength, score_ppm=one.score_ppm),
            reasons=list(map(stored, one.reasons)),
            broken=[str(rule) for rule in one.broken],
        )
        for one in found
    ], full


def do(programme_id: int, scenario_id: int, edit: Edit, *, version: int, by: int, now: datetime, why: str) -> int:
    """Do it; the scenario that holds the change, a copy where it was a computed one.

    Raises: EditRefused; ChangedMeanwhile when the scenario is not the version that was looked at.
    """
    programme = db.session.get_one(Programme, programme_id)
    means = effect(programme, db.session.get_one(Scenario, scenario_id), edit)
    with transaction() as session:
        proposal_id = session.get_one(Scenario, scenario_id).proposal_id
        proposal = session.get_one(Proposal, proposal_id, with_for_update=True)
        scenario = session.get_one(Scenario, scenario_id)
        if scenario.version != version or scenario.state != "ready" or proposal.state != "draft":
            raise ChangedMeanwhile
        target = _to_edit(scenario, by=by, now=now)
        _carry_out(target, edit, means, now)
        session.flush()
        summed(target)
        ask_worker(proposal, now=now)  # how fair the pairs are now
        after = {
            "scenario_id": scenario_id,
            "version": scenario.version,
            "edited_id": target.id,
            "mentee": edit.mentee,
            "mentor": edit.mentor,
            "other": edit.other,
            "rules": sorted({one.rule for one in means.warnings}),
            "why": why,
        }
        audit.record(f"matching.{edit.kind}", now=now, by=by, programme_id=programme_id, after=after)
        return target.id


def _to_edit(scenario: Scenario, *, by: int, now: datetime) -> Scenario:
    """The scenario itself once it is somebody's edits, else a copy of it; both know that they were changed."""
    scenario.version += 1
    if scenario.kind == ScenarioKind.EDITED:
        return scenario
    twin = Scenario(kind=ScenarioKind.EDITED, state="ready", version=1, asked_by=by, asked_at=now, computed_at=now)
    for name in ("proposal_id", "objective", "changes", "mentee_count", "input_hash", "outcome"):
        setattr(twin, name, getattr(scenario, name))
    db.session.add(twin)
    db.session.flush()
    for table in (Pair, Unmatched):
        columns = [column.key for column in table.__table__.columns if column.key not in {"id", "scenario_id"}]
        rows = db.session.execute(
            db.select(*(getattr(table, name) for name in columns)).filter_by(scenario_id=scenario.id)
        )
        values = [dict(zip(columns, row, strict=True)) | {"scenario_id": twin.id} for row in rows]
        if values:
            db.session.execute(db.insert(table), values)
    return twin


def _carry_out(target: Scenario, edit: Edit, means: Effect, now: datetime) -> None:
    pairs = {(pair.mentee_id, pair.mentor_id): pair for pair in pairs_in(target.id)}
    if edit.kind in {EditKind.LOCK, EditKind.UNLOCK}:
        pairs[edit.link].is_locked = edit.kind is EditKind.LOCK
    if edit.kind in {EditKind.FORBID, EditKind.ALLOW}:
        _note_forbidden(target, edit)
    if edit.kind in {EditKind.WAIT, EditKind.STOP_WAITING}:
        _note_waiting(target, edit, now)
    if edit.kind in triads.KINDS:
        triads.carry_out(pairs[edit.link], edit, means)
    for link in means.removed:
        db.session.delete(pairs[link])
    db.session.flush()
    if edit.kind not in triads.KINDS:
        db.session.add_all(_row(target, one) for one in means.made)
    db.session.flush()
    _settle_left_over(target, means)


def _row(target: Scenario, one: Made) -> Pair:
    programme_id = db.session.get_one(Proposal, target.proposal_id).programme_id
    return Pair(
        programme_id=programme_id,
        proposal_id=target.proposal_id,
        scenario_id=target.id,
        mentee_id=one.link[0],
        mentor_id=one.link[1],
        score_ppm=one.fit.score_ppm,
        strength=one.fit.strength,
        reasons=one.reasons,
        broken_rules=one.broken,
        state="proposed",
        is_by_hand=True,
        is_locked=True,
        is_flagged=one.fit.strength == "weak" or bool(one.broken),
    )


def _note_forbidden(target: Scenario, edit: Edit) -> None:
    wanted = wanted_from_json(target.changes)
    pair = frozenset({edit.link})
    forbidden = wanted.forbidden | pair if edit.kind is EditKind.FORBID else wanted.forbidden - pair
    target.changes = wanted.to_json() | {"forbidden": sorted(map(list, forbidden))}


def _note_waiting(target: Scenario, edit: Edit, now: datetime) -> None:
    left = next((one for one in left_in(target.id) if one.enrolment_id == edit.mentee), None)
    if left is None:
        raise EditRefused(NOT_HERE)
    left.wait_listed_at = now if edit.kind is EditKind.WAIT else None


def _settle_left_over(target: Scenario, means: Effect) -> None:
    """Who has a partner now is left over no longer; who has none any more is."""
    links, left = fits_of(pairs_in(target.id)), {one.enrolment_id: one for one in left_in(target.id)}
    mentees, mentors = {mentee for mentee, _mentor in links}, {mentor for _mentee, mentor in links}
    for number, row in left.items():
        if number in mentees | mentors:
            db.session.delete(row)
    alone = [(one.mentee, "mentee") for one in means.moves if one.mentee not in mentees]
    alone += [(mentor, "mentor") for mentor in means.alone]
    for number, side in dict(alone).items():
        if number not in left:
            row = Unmatched(proposal_id=target.proposal_id, scenario_id=target.id, enrolment_id=number)
            row.side, row.reason = side, stored(BY_HAND)
            db.session.add(row)
