"""Groups of three or four by hand: somebody without a partner joins a pair, or leaves it again.

A second mentee, or a third, joins the mentor; a second mentor joins the first mentee. Each is judged by the one whom
they join, and the same rules hold as for any pair.
"""

from collections import Counter
from dataclasses import dataclass

from lti_tool.actions.by_hand_kinds import (
    ENOUGH_PEOPLE,
    HAS_SOMEBODY,
    NO_SUCH_PAIR,
    NOT_HERE,
    NOT_IN_IT,
    OVER_CAPACITY,
    PEOPLE_AT_MOST,
    Edit,
    EditKind,
    EditRefused,
    Effect,
    Made,
    Objection,
)
from lti_tool.actions.candidates import candidates_of, plan_of
from lti_tool.actions.scenarios import ended_by, stored
from lti_tool.mentoring.scenarios import Fit, Link, asked, moves, on_sides, wanted_from_json
from lti_tool.store.board import fits_of
from lti_tool.store.matching import Pair, Scenario, Unmatched, left_in, pairs_in
from lti_tool.store.programme import Programme

KINDS = frozenset({EditKind.JOIN, EditKind.LEAVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A pair that somebody could join, with how that would be."""

    pair: Pair
    made: Made


def best_choices(programme: Programme, scenario: Scenario, left: Unmatched) -> list[Choice]:
    """The pairs that somebody without a partner could join: those that keep all rules first, then the best fitting."""
    pairs = [
        pair for pair in pairs_in(scenario.id) if pair.kind == "mentoring" and len(pair.others) + 2 < PEOPLE_AT_MOST
    ]
    by_link = {_joined_link(pair, left.enrolment_id, left.side): pair for pair in pairs}
    found = [Choice(pair=by_link[made.link], made=made) for made in _judged(programme, scenario, list(by_link))]
    return sorted(found, key=lambda one: (len(one.made.broken), -one.made.fit.score_ppm, one.pair.id))


def effect(programme: Programme, scenario: Scenario, edit: Edit) -> Effect:
    """What it would mean, before it is done.

    Raises: EditRefused.
    """
    pairs = pairs_in(scenario.id)
    pair = next((one for one in pairs if (one.mentee_id, one.mentor_id) == edit.link), None)
    if pair is None:
        raise EditRefused(NO_SUCH_PAIR)
    before = fits_of(pairs)
    made = _joining(programme, scenario, pair, edit) if edit.kind is EditKind.JOIN else []
    gone = {_link_in(pair, edit.other)} if edit.kind is EditKind.LEAVE else set()
    after = {link: fit for link, fit in before.items() if link not in gone} | {one.link: one.fit for one in made}
    still = {mentor for _mentee, mentor in after}
    return Effect(
        moves=moves(before, after),
        made=made,
        removed=frozenset(),
        warnings=_warnings(programme, scenario, made, list(before)),
        alone=sorted({mentor for _mentee, mentor in gone} - still),
        total_ppm=sum(fit.score_ppm for fit in after.values()) - sum(fit.score_ppm for fit in before.values()),
    )


def _joining(programme: Programme, scenario: Scenario, pair: Pair, edit: Edit) -> list[Made]:
    left = next((one for one in left_in(scenario.id) if one.enrolment_id == edit.other), None)
    if left is None:
        raise EditRefused(HAS_SOMEBODY)
    if len(pair.others) + 2 >= PEOPLE_AT_MOST:
        raise EditRefused(ENOUGH_PEOPLE)
    made = _judged(programme, scenario, [_joined_link(pair, edit.other, left.side)])
    if not made:
        raise EditRefused(NOT_HERE)
    return made


def _joined_link(pair: Pair, enrolment_id: int, side: str) -> Link:
    return (pair.mentee_id, enrolment_id) if side == "mentor" else (enrolment_id, pair.mentor_id)


def _link_in(pair: Pair, enrolment_id: int) -> Link:
    place = next((one for one in pair.others if one["enrolment_id"] == enrolment_id), None)
    if place is None:
        raise EditRefused(NOT_IN_IT)
    return _joined_link(pair, enrolment_id, place["role"])


def _judged(programme: Programme, scenario: Scenario, links: list[Link]) -> list[Made]:
    from lti_tool.mentoring.matching.by_hand import judged  # noqa: PLC0415  # most pages need no numpy

    people, plan = asked(
        candidates_of(programme, without=ended_by(scenario)), plan_of(programme), wanted_from_json(scenario.changes)
    )
    mentors = [one.enrolment_id for one in left_in(scenario.id) if one.side == "mentor"]
    sided = on_sides(people, [*fits_of(pairs_in(scenario.id)), *links], mentors)
    return [
        Made(
            link=(one.mentee_id, one.mentor_id),
            fit=Fit(partner=one.mentor_id, strength=one.strength, score_ppm=one.score_ppm),
            reasons=list(map(stored, one.reasons)),
            broken=[str(rule) for rule in one.broken],
        )
        for one in judged(sided, plan, links)
    ]


def _warnings(programme: Programme, scenario: Scenario, made: list[Made], before: list[Link]) -> list[Objection]:
    """The rules that a third sets aside, and that the mentor has more mentees than they take."""
    if not made:
        return []
    wanted = wanted_from_json(scenario.changes)
    people, _plan = asked(candidates_of(programme, without=ended_by(scenario)), plan_of(programme), wanted)
    capacity = {one.id: one.capacity for one in people}
    load = Counter(mentor for _mentee, mentor in [*before, *(one.link for one in made)])
    found = [Objection(rule=rule, mentee=one.link[0], mentor=one.link[1]) for one in made for rule in one.broken]
    full = [one.link for one in made if load[one.link[1]] > capacity.get(one.link[1], 0)]
    return found + [Objection(rule=OVER_CAPACITY, mentee=mentee, mentor=mentor) for mentee, mentor in full]


def carry_out(pair: Pair, edit: Edit, means: Effect) -> None:
    """Write down who is in the pair as third or fourth, inside the caller's transaction."""
    if edit.kind is EditKind.LEAVE:
        pair.others = [one for one in pair.others if one["enrolment_id"] != edit.other]
        return
    (made,) = means.made
    role = "mentor" if made.link[1] == edit.other else "mentee"
    third = {
        "enrolment_id": edit.other,
        "role": role,
        "score_ppm": made.fit.score_ppm,
        "strength": str(made.fit.strength),
        "reasons": made.reasons,
    }
    pair.others = [*pair.others, third]
    pair.is_by_hand = pair.is_locked = True
    pair.broken_rules = sorted({*pair.broken_rules, *made.broken})
    pair.is_flagged = pair.is_flagged or made.fit.strength == "weak" or bool(made.broken)
