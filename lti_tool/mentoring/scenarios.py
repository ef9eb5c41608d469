"""Scenarios: what somebody asks of a matching besides the programme's plan, and how two sets of pairs differ.

A pair is named by two enrolments, the mentee's first.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.matching.facts import Candidate, Plan
from lti_tool.mentoring.questionnaire import Question, Questionnaire
from lti_tool.mentoring.weights import Importance, importance, weight_for

Link = tuple[int, int]  # mentee, mentor


class ScenarioKind(StrEnum):
    """Where a scenario's pairs come from."""

    COMPUTED = "computed"
    EDITED = "edited"
    REPAIR = "repair"


class Among(StrEnum):
    """Between whom pairs are looked for."""

    SIDES = "sides"  # mentors and mentees
    EQUALS = "equals"  # everybody is both
    SWAPS = "swaps"  # everybody is both, and each helps the other with something
    CIRCLES = "circles"  # three or four together


# The hard rules of a plan that a scenario may set or lift, by the plan's names.
RULES = ("same_section", "same_group", "mentor_not_below", "new_partners_only")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a scenario changes in the programme's plan.

    Shape: `weights` are words (`weights.Importance`) by a question's key, `rules` are from `RULES`; what is not among
        them is as in the plan. A repair may change `may_change` running pairs, and ends those `given_up`, by pair.
    """

    objective: str = "fair"
    among: Among = Among.SIDES
    circle_size: int = 3
    weights: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, bool] = field(default_factory=dict)
    overlap_minutes: int | None = None
    may_change: int = 0
    given_up: frozenset[int] = frozenset()
    more_places: int = 0  # for every mentor
    minimum_load: int = 0  # mentees for every mentor, as far as possible
    mentors_wanted: int = 1  # different ones for every mentee, as far as possible
    places: Mapping[int, int] = field(default_factory=dict)  # more for single mentors
    needs_common_time: bool = True
    locked: frozenset[Link] = frozenset()
    forbidden: frozenset[Link] = frozenset()

    def to_json(self) -> dict[str, Any]:
        """Return the same as JSON values."""
        return {
            "objective": self.objective,
            "among": self.among.value,
            "circle_size": self.circle_size,
            "weights": dict(sorted(self.weights.items())),
            "rules": dict(sorted(self.rules.items())),
            "overlap_minutes": self.overlap_minutes,
            "may_change": self.may_change,
            "given_up": sorted(self.given_up),
            "more_places": self.more_places,
            "minimum_load": self.minimum_load,
            "mentors_wanted": self.mentors_wanted,
            "places": {str(mentor): more for mentor, more in sorted(self.places.items())},
            "needs_common_time": self.needs_common_time,
            "locked": sorted(map(list, self.locked)),
            "forbidden": sorted(map(list, self.forbidden)),
        }


def wanted_from_json(value: Mapping[str, Any]) -> Wanted:
    """Return what `to_json` wrote; what is not said is as in the plan."""
    return Wanted(
        objective=value.get("objective", "fair"),
        among=Among(value.get("among", Among.SIDES)),
        circle_size=value.get("circle_size", 3),
        weights=dict(value.get("weights", {})),
        rules=dict(value.get("rules", {})),
        overlap_minutes=value.get("overlap_minutes"),
        may_change=value.get("may_change", 0),
        given_up=frozenset(value.get("given_up", ())),
        more_places=value.get("more_places", 0),
        minimum_load=value.get("minimum_load", 0),
        mentors_wanted=value.get("mentors_wanted", 1),
        places={int(mentor): more for mentor, more in value.get("places", {}).items()},
        needs_common_time=value.get("needs_common_time", True),
        locked=_links(value.get("locked", ())),
        forbidden=_links(value.get("forbidden", ())),
    )


def _links(value: Iterable[Sequence[int]]) -> frozenset[Link]:
    return frozenset((mentee, mentor) for mentee, mentor in value)


def asked(candidates: Iterable[Candidate], plan: Plan, wanted: Wanted) -> tuple[list[Candidate], Plan]:
    """Return the candidates and the plan with the scenario's changes; locked pairs always have their places.

    Shape: a locked pair of whom one has left, or has changed sides, is locked no longer.
    """
    people = list(candidates)
    mentees = {person.id for person in people if person.role is not EnrolmentRole.MENTOR}
    mentors = {person.id for person in people if person.role is not EnrolmentRole.MENTEE}
    locked = frozenset(link for link in wanted.locked if link[0] in mentees and link[1] in mentors)
    load = Counter(mentor for _mentee, mentor in locked)
    changed = [
        replace(
            person,
            capacity=max(person.capacity + wanted.more_places + wanted.places.get(person.id, 0), load[person.id]),
            minimum_load=wanted.minimum_load,
            mentors_wanted=wanted.mentors_wanted,
        )
        for person in people
    ]
    return changed, replace(
        plan,
        questionnaire=weighed(plan.questionnaire, wanted.weights),
        objective=wanted.objective,
        locked=locked,
        conflicts=plan.conflicts | (wanted.forbidden - locked),
        minimum_overlap_minutes=_minutes(plan, wanted),
        **{name: wanted.rules.get(name, getattr(plan, name)) for name in RULES},
    )


def _minutes(plan: Plan, wanted: Wanted) -> int:
    if not wanted.needs_common_time:
        return 0
    return plan.minimum_overlap_minutes if wanted.overlap_minutes is None else wanted.overlap_minutes


def weighed(questionnaire: Questionnaire, weights: Mapping[str, str]) -> Questionnaire:
    """Return the questionnaire with these words for how much its questions count; the word it has changes nothing."""
    questions = tuple(_weighed(one, weights.get(one.key)) for one in questionnaire.questions)
    return replace(questionnaire, questions=questions)


def _weighed(question: Question, word: str | None) -> Question:
    if word is None or importance(question) is Importance(word):
        return question
    step = Importance(word)
    return replace(question, weight=weight_for(step), is_must=step is Importance.MUST)


def on_sides(candidates: Iterable[Candidate], links: Iterable[Link], mentors: Iterable[int]) -> list[Candidate]:
    """Return everybody on the side they have in a scenario: mentor in these pairs or by name, else mentee."""
    links = list(links)
    teaching = {mentor for _mentee, mentor in links} | set(mentors)
    learning = {mentee for mentee, _mentor in links}
    return [
        person
        if person.role is not EnrolmentRole.EITHER
        else replace(person, role=EnrolmentRole.MENTOR if person.id in teaching - learning else EnrolmentRole.MENTEE)
        for person in candidates
    ]


class Verdict(StrEnum):
    """What a change means for one mentee."""

    GAINS = "gains"  # a partner, or one who fits better by the word for it
    LOSES = "loses"
    SAME = "same"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A partner, and how well they fit."""

    partner: int
    strength: str
    score_ppm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One mentee for whom two sets of pairs differ; nobody is None."""

    mentee: int
    before: Fit | None
    after: Fit | None

    @property
    def verdict(self) -> Verdict:
        """Whether they gain or lose by it."""
        before = self.before.score_ppm if self.before else -1
        after = self.after.score_ppm if self.after else -1
        if before == after:
            return Verdict.SAME
        return Verdict.GAINS if after > before else Verdict.LOSES


def moves(before: Mapping[Link, Fit], after: Mapping[Link, Fit]) -> list[Move]:
    """Return everybody for whom the two sets of pairs differ, those who lose first, then by id.

    Shape: pairs with how well they fit. Somebody with several mentors appears once for each one that changes.
    """
    gone, come = _by_mentee(before, after), _by_mentee(after, before)
    found = [
        Move(mentee=mentee, before=_at(gone.get(mentee, []), place), after=_at(come.get(mentee, []), place))
        for mentee in sorted(gone.keys() | come.keys())
        for place in range(max(len(gone.get(mentee, [])), len(come.get(mentee, []))))
    ]
    order = {Verdict.LOSES: 0, Verdict.SAME: 1, Verdict.GAINS: 2}
    return sorted(found, key=lambda move: (order[move.verdict], move.mentee))


def _by_mentee(of: Mapping[Link, Fit], without: Mapping[Link, Fit]) -> dict[int, list[Fit]]:
    found: dict[int, list[Fit]] = {}
    for link in sorted(of):
        if link not in without:
            found.setdefault(link[0], []).append(of[link])
    return found


def _at(fits: Sequence[Fit], place: int) -> Fit | None:
    return fits[place] if place < len(fits) else None
