"""Late joiners, drop-outs and re-matches: running pairs stay, but for as many as somebody allows to change.

Without changes, whoever has no pair is matched into the places that are left. Each change more is tried where it could
gain most: prices bound what giving up a pair can bring, so that few need to be tried, and none that could be better is
left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from lti_tool.mentoring.matching.assignment import Free, assign_free
from lti_tool.mentoring.matching.facts import IntArray
from lti_tool.mentoring.matching.market import FORBIDDEN, Dense, Market
from lti_tool.mentoring.matching.prepared import LockedWrong, Prepared
from lti_tool.mentoring.matching.ties import Ties, ties

_TRIES = 2000

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """What a number of changes leads to.

    Shape: pairs as ids, mentee and mentor. `changed` are the old pairs given up, `new` the pairs made. `gained` is how
        many more pairs there are than without changes, `gain_ppm` how much more they score together. `is_proved` tells
        whether it is certain that no other changes of that number bring more.
    """

    pairs: tuple[Pair, ...]
    changed: tuple[Pair, ...]
    new: tuple[Pair, ...]
    total_ppm: int
    gained: int
    gain_ppm: int
    is_proved: bool


def repair(ready: Prepared, running: Iterable[Pair], *, changes: int = 0) -> list[Repaired]:
    """Return what no change, at most one, at most two ... lead to: as many pairs as possible, then the highest total.

    Shape: one entry per number of changes, from 0; an entry repeats the one before where more changes bring nothing.
        Running pairs with somebody who is no candidate any more are over, and count as no change.
    Raises: LockedWrong when more pairs are running than somebody takes.
    """
    kept = _still_there(ready, running)
    search = _Search(ready, kept)
    found = [_repaired(ready, search.best, None, is_proved=True)]
    for number in range(1, changes + 1):
        is_proved = search.look_for(number)
        found.append(_repaired(ready, search.best, found[0], is_proved=is_proved and found[-1].is_proved))
    return found


def _still_there(ready: Prepared, running: Iterable[Pair]) -> list[Pair]:
    """Return the running pairs of which both are candidates, as positions."""
    row = {one.id: number for number, one in enumerate(ready.mentees)}
    column = {one.id: number for number, one in enumerate(ready.mentors)}
    return sorted({(row[a], column[b]) for a, b in running if a in row and b in column})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tried:
    """Some pairs given up, and the best that can be made of it."""

    given_up: tuple[Pair, ...]
    kept: tuple[Pair, ...]
    made: tuple[Pair, ...]
    value: int
    free: Free


class _Search:
    """The best pairs to give up, as far as they are known."""

    def __init__(self, ready: Prepared, kept: Sequence[Pair]) -> None:
        self._ready = ready
        self._kept = tuple(kept)
        # A pair more counts more than all scores together.
        self._bonus = 1_000_001 * (ready.market.most_places + 1)
        self.best = self._first = self._try(())
        self._promise = sorted(((self._most_gained(pair), pair) for pair in self._kept), reverse=True)
        self._tries = 0

    def look_for(self, number: int) -> bool:
        """Try all sets of that many pairs that could be better; False when it was too many to try them all."""
        self._tries = 0
        self._choose((), 0, 0, number)
        return self._tries < _TRIES

    def _choose(self, chosen: tuple[Pair, ...], promise: int, start: int, number: int) -> None:
        if len(chosen) == number:
            self._tries += 1
            tried = self._try(chosen)
            if tried.value > self.best.value:
                self.best = tried
            return
        for place in range(start, len(self._promise)):
            more, pair = self._promise[place]
            at_best = promise + more * (number - len(chosen))
            if self._first.value + at_best <= self.best.value or self._tries >= _TRIES:
                return
            self._choose((*chosen, pair), promise + more, place + 1, number)

    def _most_gained(self, pair: Pair) -> int:
        """Return what giving up one pair can bring at most, at the prices of the places that are left."""
        row, column = pair
        cells = self._ready.market.table.block(row, row + 1)[0]
        left = np.where(cells > FORBIDDEN, cells + self._bonus - self._first.free.prices, 0)
        return max(0, int(left.max(initial=0))) + int(self._first.free.prices[column]) - self._worth([pair])

    def _worth(self, pairs: Sequence[Pair]) -> int:
        rows, columns = _sides(pairs)
        return int(self._ready.scores.scores_of(rows, columns).sum()) + self._bonus * len(pairs)

    def _try(self, given_up: tuple[Pair, ...]) -> _Tried:
        """Return the best that can be made when these pairs are given up."""
        kept = tuple(pair for pair in self._kept if pair not in given_up)
        market = self._ready.market
        rows, columns = _sides(kept)
        demands = market.demands - np.bincount(rows, minlength=market.shape[0])
        room = market.capacities - np.bincount(columns, minlength=market.shape[1])
        if (demands < 0).any() or (room < 0).any():
            raise LockedWrong("more pairs are running than somebody takes")
        some = np.nonzero(demands > 0)[0]
        free = assign_free(self._part(kept, some, demands[some], room), self._chance(some))
        made = tuple(zip(some[free.rows].tolist(), free.columns.tolist(), strict=True))
        return _Tried(given_up=given_up, kept=kept, made=made, value=self._worth((*kept, *made)), free=free)

    def _part(self, kept: Sequence[Pair], rows: IntArray, demands: IntArray, room: IntArray) -> Market:
        """Return what is left to decide: some mentees, none of them with a mentor they have already."""
        market = self._ready.market
        parts = [np.zeros((0, market.shape[1]), dtype=np.int64)]
        cells = np.concatenate([*parts, *(market.table.block(row, row + 1) for row in rows.tolist())])
        place = {row: number for number, row in enumerate(rows.tolist())}
        for row, column in kept:
            if row in place:
                cells[place[row], column] = FORBIDDEN
        return Market(
            table=Dense(np.where(cells > FORBIDDEN, cells + self._bonus, FORBIDDEN)),
            capacities=room,
            demands=demands,
            minimums=np.zeros_like(room),
            loads=market.capacities - room,
            is_served=np.ones(len(rows), dtype=np.bool_),
        )

    def _chance(self, rows: IntArray) -> Ties:
        ids = [self._ready.mentees[row].id for row in rows.tolist()]
        return ties(self._ready.plan.seed, ids, [one.id for one in self._ready.mentors])


def _sides(pairs: Sequence[Pair]) -> tuple[IntArray, IntArray]:
    both = np.array(pairs, dtype=np.int64).reshape(len(pairs), 2)
    return both[:, 0], both[:, 1]


def _repaired(ready: Prepared, tried: _Tried, before: Repaired | None, *, is_proved: bool) -> Repaired:
    """Return the outcome in ids."""
    pairs = tuple(sorted(_ids(ready, pair) for pair in (*tried.kept, *tried.made)))
    total = int(ready.scores.scores_of(*_sides((*tried.kept, *tried.made))).sum())
    return Repaired(
        pairs=pairs,
        changed=tuple(_ids(ready, pair) for pair in tried.given_up if pair not in tried.made),
        new=tuple(sorted(_ids(ready, pair) for pair in tried.made if pair not in tried.given_up)),
        total_ppm=total,
        gained=len(pairs) - len(before.pairs) if before else 0,
        gain_ppm=total - before.total_ppm if before else 0,
        is_proved=is_proved,
    )


def _ids(ready: Prepared, pair: Pair) -> Pair:
    return ready.mentees[pair[0]].id, ready.mentors[pair[1]].id
