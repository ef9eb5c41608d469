"""Repairs: whoever joined late, lost their partner or asks for another one is matched, and running pairs mostly stay.

A pair of two that runs may end for it, as many of them as staff allow; pairs of more people, paused ones where contact
is stopped, and pairs of people who stand on both sides are left alone.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lti_tool.actions.candidates import candidates_of, plan_of
from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.matching.facts import Candidate, Plan
from lti_tool.mentoring.scenarios import Link, Wanted, asked
from lti_tool.store.enrolment import joined
from lti_tool.store.matching import running_pairs
from lti_tool.store.pairs import places_of
from lti_tool.store.programme import Programme

CHANGES_AT_MOST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The pairs that run, as a repair sees them.

    Shape: pairs by their two enrolments, the mentee's first: those that may change, and those that end in any case.
    """

    people: list[Candidate]
    may_end: Mapping[Link, int]
    ends: frozenset[int]


def running(programme: Programme, given_up: Collection[int]) -> Running:
    """Everybody who could be in a pair, and the pairs that run, but for those given up."""
    links = _pairs_of_two(programme)
    here = {enrolment.id for enrolment, _person in joined(programme.id, programme.course_id)}
    over = frozenset(number for link, number in links.items() if number in given_up or not here.issuperset(link))
    may_end = _on_one_side({link: number for link, number in links.items() if number not in over})
    known = {one.id for one in candidates_of(programme, without={*over, *may_end.values()})}
    may_end = {link: number for link, number in may_end.items() if known.issuperset(link)}
    people = candidates_of(programme, without={*over, *may_end.values()})
    return Running(people=_with_places(people, may_end), may_end=may_end, ends=over)


def _pairs_of_two(programme: Programme) -> dict[Link, int]:
    """The running pairs of one mentor and one mentee that may change."""
    stopped = {pair.id for pair in running_pairs(programme.id) if pair.contact_stopped_at or pair.kind == "peer"}
    people: dict[int, list[tuple[str, int]]] = {}
    for place in places_of(programme.id, "active", "paused"):
        people.setdefault(place.pair_id, []).append((place.role, place.enrolment_id))
    found = {}
    for pair_id, places in people.items():
        sides = dict(places)
        if pair_id not in stopped and len(places) == 2 and set(sides) == {"mentor", "mentee"}:
            found[sides["mentee"], sides["mentor"]] = pair_id
    return found


def _on_one_side(links: Mapping[Link, int]) -> dict[Link, int]:
    """Those of people who are mentors in all of their pairs, or mentees in all."""
    both = {mentee for mentee, _mentor in links} & {mentor for _mentee, mentor in links}
    return {link: number for link, number in links.items() if not both.intersection(link)}


def _with_places(people: Collection[Candidate], links: Mapping[Link, int]) -> list[Candidate]:
    """The same people, those in pairs on their side of it, with room at least for the pairs they have."""
    load = Counter(mentor for _mentee, mentor in links)
    learning = {mentee for mentee, _mentor in links}
    side = dict.fromkeys(learning, EnrolmentRole.MENTEE) | dict.fromkeys(load, EnrolmentRole.MENTOR)
    return [
        replace(one, role=side.get(one.id, one.role), capacity=max(one.capacity, load.get(one.id, 0))) for one in people
    ]


def repair_wanted(programme: Programme, *, may_change: int, given_up: Collection[int] = ()) -> Wanted:
    """What a repair asks for: nobody gets an earlier partner again, and whoever is taken apart stays apart."""
    links = {link for link, number in _pairs_of_two(programme).items() if number in given_up}
    return Wanted(
        rules={"new_partners_only": True},
        may_change=min(max(may_change, 0), CHANGES_AT_MOST),
        given_up=frozenset(_pairs_of_two(programme)[link] for link in links),
        forbidden=frozenset(links),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a repair comes to: who is to be matched and how, the new pairs, and what it takes.

    Shape: `outcome` is what the scenario keeps: the pairs that end, and what each number of changes would bring.
    """

    people: list[Candidate]
    plan: Plan
    new: tuple[Link, ...]
    outcome: dict[str, Any]


def found(programme: Programme, wanted: Wanted) -> Found:
    """The best pairs when at most so many running pairs change."""
    from lti_tool.mentoring.matching.prepared import prepare  # noqa: PLC0415  # a web process needs no numpy
    from lti_tool.mentoring.matching.repair import repair  # noqa: PLC0415  # as above

    runs = running(programme, wanted.given_up)
    people, plan = asked(runs.people, plan_of(programme), replace(wanted, locked=frozenset()))
    ready = prepare(people, plan)
    steps = repair(ready, runs.may_end, changes=wanted.may_change)
    chosen = steps[-1]
    ends = runs.ends | {runs.may_end[link] for link in chosen.changed}
    mentors = {one.id for one in ready.mentors}
    left = candidates_of(programme, without=ends)
    sides = [
        replace(one, role=EnrolmentRole.MENTOR if one.id in mentors else EnrolmentRole.MENTEE)
        if one.role is EnrolmentRole.EITHER
        else one
        for one in left
    ]
    rest, plan = asked(sides, plan, replace(wanted, locked=frozenset()))
    outcome = {
        "ends": sorted(ends),
        "steps": [
            {
                "changes": number,
                "new": len(step.new),
                "gained": step.gained,
                "gain_ppm": step.gain_ppm,
                "changed": [list(link) for link in step.changed],
                "is_proved": step.is_proved,
            }
            for number, step in enumerate(steps)
        ],
    }
    return Found(people=rest, plan=plan, new=chosen.new, outcome=outcome)
