"""The best pairs, given the scores and what is allowed, with the proof that there are none better.

In this order: (1) as many mentees matched as possible, (2) the worst pair as good as possible, (3) the highest total,
(4) mentees spread evenly over mentors, (5) chance that only the seed decides. Where mentees want a second mentor, or
mentors must get somebody, these places come right after (1); they never cost anybody a match.

The solver sees a short list of candidates first. Then prices are held against every pair: any that would improve is
added and the solver runs again; where that does not end soon, it sees everything.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from lti_tool.mentoring.matching.even import Chance, most_even, no_chance
from lti_tool.mentoring.matching.facts import IntArray
from lti_tool.mentoring.matching.floor import BestFloor, best_floor
from lti_tool.mentoring.matching.flow import Places, Problem, cheapest_pairs
from lti_tool.mentoring.matching.largest import Largest
from lti_tool.mentoring.matching.market import FORBIDDEN, Locked, Market, Objective, widest_range, without_locked
from lti_tool.mentoring.matching.price_search import prices_among_all
from lti_tool.mentoring.matching.prices import Chosen, Prices, chosen, look_at_all, prices
from lti_tool.mentoring.matching.scarcity import scarcity
from lti_tool.mentoring.matching.shortlist import Edges, Shortlist, everything, shortlist
from lti_tool.mentoring.matching.stable import stable_pairs

CANDIDATES = 32
_ROUNDS = 2
_PRICE_ROUNDS = 200
# In a large table a round more costs far less than looking at every pair at once.
_CELLS_A_ROUND = 1_000_000
_BETTER_AT_ONCE = 16


class NotOptimal(RuntimeError):
    """Pairs could not be proved to be the best, so they must not be used."""


class TooWide(ValueError):
    """The scores are too far apart for exact arithmetic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Prices that prove an assignment, for the independent checker.

    Shape: `coverage` and `worst` have a price per mentor; `worst` is None where a locked pair is the worst, or none is
        claimed; `mentors`, `per_pair` and `bonus` prove the total.
    """

    coverage: list[int] | None
    worst: list[int] | None
    mentors: list[int]
    per_pair: int
    bonus: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who is matched with whom, and the proof.

    Shape: `rows`, `columns` and `scores` pair by pair, sorted by mentee, then mentor, locked ones among them; `worst`
        is None without pairs; `bound` is what no assignment can exceed, under the aims that come before the total.
    """

    rows: IntArray
    columns: IntArray
    scores: IntArray
    matched: int
    worst: int | None
    total: int
    bound: int
    proof: Proof
    engine: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proved:
    """Pairs that are proved to have the highest total above a floor."""

    pairs: Chosen
    prices: Prices
    as_good: Edges
    engine: str


def assign(
    whole: Market,
    *,
    objective: Objective = Objective.FAIR,
    locked: Iterable[tuple[int, int]] = (),
    chance: Chance = no_chance,
    candidates: int = CANDIDATES,
) -> Assignment:
    """Return the best assignment.

    Raises: ValueError when locked pairs break a rule; TooWide; NotOptimal when the result cannot be proved.
    """
    market, settled = without_locked(whole, locked)
    short = shortlist(market.table, candidates)
    spread = max(0, int(short.best.max(initial=FORBIDDEN)) - short.lowest)
    if spread > widest_range(market):
        raise TooWide("the scores are too far apart")
    bonus = 0 if market.counts_only_pairs else spread * market.most_places + 1
    if objective is Objective.STABLE:
        return _stable(market, settled, short, chance)
    first = _solved(market, short.edges, None, bonus)
    widest = Largest(market)
    widest.add(first.rows.tolist(), first.columns.tolist())
    widest.grow()
    found = _floor(widest, short, settled) if objective is Objective.FAIR else None
    edges = _with(short.edges, (found.pairs if found else widest))
    floor = found.floor if found else FORBIDDEN + 1
    best = _proved(market, edges.at_least(floor), floor, len(widest.pairs()[0]), bonus, first)
    rows, columns = most_even(market, best.pairs, best.prices, best.as_good, chance)
    proof = Proof(
        coverage=scarcity(widest),
        worst=found.proof if found else None,
        mentors=best.prices.mentors.tolist(),
        per_pair=best.prices.per_pair,
        bonus=bonus,
    )
    return _assignment(market, settled, rows, columns, best, proof)


def _assignment(
    market: Market, settled: Locked, rows: IntArray, columns: IntArray, best: _Proved, proof: Proof, *, gap: int = 0
) -> Assignment:
    """Return the pairs found and the locked ones, with what they are worth."""
    scores = market.table.at(rows, columns)
    every_row, every_column = np.concatenate([settled.rows, rows]), np.concatenate([settled.columns, columns])
    given = np.concatenate([settled.scores, scores])
    order = np.lexsort((every_column, every_row))
    total = int(given.sum())
    return Assignment(
        rows=every_row[order],
        columns=every_column[order],
        scores=given[order],
        matched=len(np.unique(every_row)),
        worst=int(given.min()) if len(given) else None,
        total=total,
        bound=total + gap,
        proof=proof,
        engine=best.engine,
    )


def _floor(widest: Largest, short: Shortlist, settled: Locked) -> BestFloor:
    """Return the best floor, which is at most what the mentee with the poorest choice has at best."""
    matched = sum(count > 0 for count in widest.degree)
    best = np.sort(short.best)[::-1]
    ceiling = int(settled.scores.min()) if len(settled.scores) else None
    if not matched:
        return BestFloor(FORBIDDEN + 1, widest, None)
    return best_floor(widest, int(best[matched - 1]), ceiling=ceiling)


def _with(edges: Edges, pairs: Largest) -> Edges:
    rows, columns = pairs.pairs()
    return edges.joined(Edges(rows, columns, pairs.market.table.at(rows, columns)))


def _solved(market: Market, edges: Edges, count: int | None, bonus: int, *, is_free: bool = False) -> Chosen:
    """Return the pairs of highest total: that many, or as many as these edges allow, or as many as are worth it."""
    everybody, mentors = np.arange(market.shape[0]), np.arange(market.shape[1])
    first = np.where(market.is_served, 0, np.minimum(market.demands, 1))
    problem = Problem(
        shape=market.shape,
        rows=edges.rows,
        columns=edges.columns,
        costs=-edges.scores,
        mentees=_places(everybody, first, market.demands - first, bonus),
        mentors=_places(mentors, market.minimums, market.capacities - market.minimums, bonus),
    )
    taken = cheapest_pairs(
        problem, market.most_places if count is None else count, is_free=is_free, is_most=count is None
    )
    return chosen(market, edges.rows[taken], edges.columns[taken], edges.scores[taken])


def _places(of: IntArray, first: IntArray, others: IntArray, bonus: int) -> Places:
    """Return places of which the first ones bring a bonus."""
    costs = np.repeat(np.array([-bonus, 0], dtype=np.int64), len(of))
    both, sizes = np.concatenate([of, of]), np.concatenate([first, others])
    return Places(both[sizes > 0], sizes[sizes > 0], costs[sizes > 0])


def _proved(
    market: Market, edges: Edges, floor: int, count: int, bonus: int, guess: Chosen | None, *, is_free: bool = False
) -> _Proved:
    """Return the pairs of highest total above a floor, proved against every pair of the table."""
    pairs = guess
    if pairs is None or len(pairs.rows) != count or (pairs.scores < floor).any():
        pairs = _solved(market, edges, count, bonus, is_free=is_free)
    better = 0
    for _ in range(_ROUNDS + 1 + market.shape[0] * market.shape[1] // _CELLS_A_ROUND):
        before = better, len(edges.rows)
        proved, edges = _priced(market, edges, pairs, floor, bonus, is_free=is_free, rounds=1)
        if proved is not None:
            return replace(proved, engine="min-cost flow on candidate lists")
        better = len(edges.rows) - before[1]
        if better > market.shape[0] and 0 < before[0] < 2 * better:
            break  # candidates would have to be added many times more
        pairs = _solved(market, edges, count, bonus, is_free=is_free)
    pairs = _solved(market, everything(market.table).at_least(floor), count, bonus, is_free=is_free)
    proved = _priced_at_once(market, pairs, floor, bonus, is_free=is_free)
    if proved is None:
        proved, _ = _priced(market, edges, pairs, floor, bonus, is_free=is_free, rounds=_PRICE_ROUNDS)
    if proved is None:
        raise NotOptimal("the prices do not prove the assignment")
    return proved


def _priced_at_once(market: Market, pairs: Chosen, floor: int, bonus: int, *, is_free: bool) -> _Proved | None:
    """Return the proof by prices among all pairs, if it is found soon."""
    found = prices_among_all(market, pairs, floor, bonus, is_free=is_free)
    if found is None:
        return None
    looked = look_at_all(market, pairs, found, floor, per_mentee=_BETTER_AT_ONCE)
    engine = "min-cost flow on all pairs"
    return _Proved(pairs=pairs, prices=found, as_good=looked.as_good, engine=engine) if looked.is_proof else None


def _priced(
    market: Market, edges: Edges, pairs: Chosen, floor: int, bonus: int, *, is_free: bool, rounds: int
) -> tuple[_Proved | None, Edges]:
    """Return the proof that pairs are the best, if there is one, and the possible pairs that were looked at.

    Shape: prices among some possible pairs are held against every pair; those that speak against it join the others,
        as often as `rounds` says. Where the pairs are the best this ends, since prices that fit exist.
    """
    edges = edges.joined(Edges(pairs.rows, pairs.columns, pairs.scores))
    found: Prices | None = None
    for _ in range(rounds):
        found = prices(market, edges, pairs, bonus, is_free=is_free, known=found)
        if found is None:
            return None, edges
        looked = look_at_all(market, pairs, found, floor, per_mentee=_BETTER_AT_ONCE)
        if looked.is_proof:
            proved = _Proved(pairs=pairs, prices=found, as_good=looked.as_good, engine="min-cost flow on all pairs")
            return proved, edges
        edges = edges.joined(looked.better)
    return None, edges


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """Pairs of the highest total, however many they are.

    Shape: `rows` and `columns` sorted by mentee; `prices` are what one more place at each mentor could bring at most,
        and prove the total.
    """

    rows: IntArray
    columns: IntArray
    prices: IntArray


def assign_free(market: Market, chance: Chance = no_chance) -> Free:
    """Return the pairs of the highest total, without regard to how many are matched.

    Raises: NotOptimal when the result cannot be proved.
    """
    best = _freely(market, shortlist(market.table, CANDIDATES))
    rows, columns = most_even(market, best.pairs, best.prices, best.as_good, chance)
    return Free(rows=rows, columns=columns, prices=np.maximum(best.prices.mentors, 0))


def _freely(market: Market, short: Shortlist) -> _Proved:
    return _proved(market, short.edges, FORBIDDEN + 1, market.most_places, 0, None, is_free=True)


def _stable(market: Market, settled: Locked, short: Shortlist, chance: Chance) -> Assignment:
    """Return stable pairs; the bound is the highest total of any pairs at all."""
    rows, columns = stable_pairs(market, chance)
    best = _freely(market, short)
    gap = int(best.pairs.scores.sum()) - int(market.table.at(rows, columns).sum())
    proof = Proof(coverage=None, worst=None, mentors=best.prices.mentors.tolist(), per_pair=0, bonus=0)
    return _assignment(market, settled, rows, columns, best, proof, gap=gap)
