"""Which side the people take who chose `either`.

At first all of them are mentees. Then, in an order only the seed decides, each of them changes sides whenever that
leaves fewer people without a partner, or as many but fewer mentees among them; until nobody's change helps any more. So
nobody is left out because one person was put on the wrong side. People become mentors only as far as they are needed.

How many people stay alone is counted exactly, by growing largest matchings along augmenting paths: one in which mentors
take up to their capacity, for the mentees, and one in which each takes a single mentee, for the mentors.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.matching.eligibility import eligibility
from lti_tool.mentoring.matching.facts import BoolArray, Candidate, Plan
from lti_tool.mentoring.matching.ties import by_chance


def with_sides(candidates: Sequence[Candidate], plan: Plan) -> tuple[Candidate, ...]:
    """Return the candidates, each with the role of mentor or mentee."""
    undecided = [person.id for person in candidates if person.role is EnrolmentRole.EITHER]
    if not undecided:
        return tuple(candidates)
    crowd = _Crowd(candidates, eligibility(candidates, candidates, plan).allowed)
    number = {person.id: position for position, person in enumerate(candidates)}
    order = [number[id_] for id_ in by_chance(plan.seed, undecided)]
    while sum([crowd.change_if_better(position) for position in order]):
        continue
    return tuple(
        person
        if person.role is not EnrolmentRole.EITHER
        else replace(person, role=EnrolmentRole.MENTOR if crowd.is_mentor[position] else EnrolmentRole.MENTEE)
        for position, person in enumerate(candidates)
    )


class _Crowd:
    """People on their sides for now, and the largest matchings these sides allow."""

    def __init__(self, candidates: Sequence[Candidate], allowed: BoolArray) -> None:
        friends = [int.from_bytes(np.packbits(row, bitorder="little").tobytes(), "little") for row in allowed]
        self.is_mentor = [person.role is EnrolmentRole.MENTOR for person in candidates]
        self._matchings = [
            _Matching(friends, [max(person.capacity, 0) for person in candidates]),
            _Matching(friends, [min(max(person.capacity, 0), 1) for person in candidates]),
        ]
        for matching in self._matchings:
            for position, is_mentor in enumerate(self.is_mentor):
                matching.put(position, is_mentor=is_mentor)
            matching.grow()

    def change_if_better(self, position: int) -> bool:
        """Put one person on the other side if that helps, and tell whether it did."""
        becomes_mentor = not self.is_mentor[position]
        mentors = sum(self.is_mentor)
        before = self._left_out(self._matchings, mentors)
        if before == (0, 0):
            return False
        changed = [matching.copy() for matching in self._matchings]
        for matching in changed:
            matching.remove(position)
            matching.put(position, is_mentor=becomes_mentor)
            matching.grow()
        if self._left_out(changed, mentors + (1 if becomes_mentor else -1)) >= before:
            return False
        self._matchings, self.is_mentor[position] = changed, becomes_mentor
        return True

    def _left_out(self, matchings: Sequence["_Matching"], mentors: int) -> tuple[int, int]:
        """Return how many people stay alone at best, and how many of them are mentees."""
        by_capacity, one_each = matchings
        mentees_left = len(self.is_mentor) - mentors - by_capacity.size
        return mentees_left + mentors - one_each.size, mentees_left


class _Matching:
    """A largest matching of mentees with mentors, which grows when people change sides.

    Shape: people are positions; a set of people is the bits of a whole number.
    """

    def __init__(self, friends: list[int], capacity: list[int]) -> None:
        self._friends = friends
        self._capacity = capacity
        self._mentors = 0
        self._free = 0
        self._alone: set[int] = set()
        self._mentor_of: dict[int, int] = {}
        self._mentees_of: dict[int, set[int]] = {}

    @property
    def size(self) -> int:
        """How many mentees have a mentor."""
        return len(self._mentor_of)

    def copy(self) -> "_Matching":
        """Return a matching that can change without changing this one."""
        twin = _Matching(self._friends, self._capacity)
        twin._mentors, twin._free, twin._alone = self._mentors, self._free, set(self._alone)
        twin._mentor_of = dict(self._mentor_of)
        twin._mentees_of = {mentor: set(mentees) for mentor, mentees in self._mentees_of.items()}
        return twin

    def put(self, position: int, *, is_mentor: bool) -> None:
        """Add somebody who is on no side yet."""
        if is_mentor:
            self._mentors |= 1 << position
            self._mentees_of[position] = set()
            self._note_freedom(position)
        else:
            self._alone.add(position)

    def remove(self, position: int) -> None:
        """Take somebody out; a partner of theirs is alone again."""
        for mentee in self._mentees_of.pop(position, set()):
            del self._mentor_of[mentee]
            self._alone.add(mentee)
        self._mentors &= ~(1 << position)
        self._free &= ~(1 << position)
        self._alone.discard(position)
        mentor = self._mentor_of.pop(position, None)
        if mentor is not None:
            self._mentees_of[mentor].discard(position)
            self._note_freedom(mentor)

    def grow(self) -> None:
        """Match as many as possible; people who were matched stay so, if with somebody else."""
        hopeless = 0
        for mentee in sorted(self._alone):
            hopeless = self._augment(mentee, hopeless)

    def _note_freedom(self, mentor: int) -> None:
        bit = 1 << mentor
        is_free = len(self._mentees_of[mentor]) < self._capacity[mentor]
        self._free = self._free | bit if is_free else self._free & ~bit

    def _augment(self, start: int, hopeless: int) -> int:
        """Find a mentor for one mentee, moving others if need be; return the mentors from whom no way leads on."""
        seen = hopeless
        reached_from: dict[int, int] = {}
        waiting = [start]
        while waiting:
            mentee = waiting.pop()
            reachable = self._friends[mentee] & self._mentors & ~seen
            if reachable & self._free:
                mentor = next(_bits(reachable & self._free))
                self._shift(start, mentee, mentor, reached_from)
                return hopeless
            seen |= reachable
            for mentor in _bits(reachable):
                reached_from[mentor] = mentee
                waiting.extend(sorted(self._mentees_of[mentor]))
        return seen

    def _shift(self, start: int, mentee: int, mentor: int, reached_from: dict[int, int]) -> None:
        """Move each mentee on the way to the next mentor, the last of them to one with room."""
        last = mentor
        while True:
            left = self._mentor_of.get(mentee)
            self._mentor_of[mentee] = mentor
            self._mentees_of[mentor].add(mentee)
            if mentee == start or left is None:
                break
            self._mentees_of[left].discard(mentee)
            mentee, mentor = reached_from[left], left
        self._alone.discard(start)
        self._note_freedom(last)


def _bits(number: int) -> Iterator[int]:
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest
