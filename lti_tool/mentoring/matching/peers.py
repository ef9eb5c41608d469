"""Peers: everybody is both, so pairs are found among all, not between two sides.

The pairs are a heaviest matching in a general graph: of everybody with everybody in a class, of each one's best
candidates in a crowd. A bound that needs no trust in the solver says how much better any pairs could be at most: each
person adds half of the best they could have after prices. An odd one out joins the pair where the worst of the three is
best.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lti_tool.mentoring.matching.assignment import assign
from lti_tool.mentoring.matching.compatibility import compatibility
from lti_tool.mentoring.matching.eligibility import eligibility
from lti_tool.mentoring.matching.explain import REASONS_AT_MOST, difference, reasons, talk_about
from lti_tool.mentoring.matching.facts import Candidate, IntArray, Plan
from lti_tool.mentoring.matching.market import FORBIDDEN, Objective, market
from lti_tool.mentoring.matching.scored import Scored, table
from lti_tool.mentoring.matching.shortlist import shortlist
from lti_tool.mentoring.matching.ties import by_chance
from lti_tool.mentoring.words import Sentence

# Up to this many people every pair is looked at; beyond it each one's candidates.
ALL_PAIRS_UP_TO = 400
CANDIDATES = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerPairs:
    """Pairs among equals, as positions, the smaller first.

    Shape: `joins` is the pair that the odd one out joins, or None; `alone` are those without anybody. `total` and
        `bound` are of the pairs, the odd one out not among them; `is_exact` tells whether the solver saw every pair, so
        that no better pairs exist even where the bound is higher.
    """

    pairs: tuple[tuple[int, int], ...]
    odd: int | None
    joins: tuple[int, int] | None
    alone: tuple[int, ...]
    total: int
    bound: int
    is_exact: bool


def mutual_scores(people: Sequence[Candidate], plan: Plan) -> IntArray:
    """Return how well each two suit each other: the mean of both directions, `FORBIDDEN` where a rule says so.

    Shape: people × people, the same from both sides.
    """
    both = Scored(compatibility(people, people, plan), eligibility(people, people, plan), plan.minimum_score_ppm)
    cells = table(both).block(0, len(people))
    return symmetric(cells)


def reasons_among_equals(
    one: Candidate, other: Candidate, plan: Plan
) -> tuple[tuple[Sentence, ...], Sentence | None, Sentence | None]:
    """Return why two equals suit each other, a difference and how to begin; each read by both."""
    one, other = sorted((one, other), key=lambda person: person.id)
    pair = np.zeros(1, dtype=np.int64)
    both = [compatibility([a], [b], plan).contributions(pair, pair) for a, b in ((one, other), (other, one))]
    counted = {key: int(both[0][key][0] + both[1][key][0]) for key in both[0]}
    weight: dict[str, int] = {}
    for question in plan.questionnaire.questions:
        weight[question.reason] = max(weight.get(question.reason, 0), counted.get(question.key, 0))
    said = [*reasons(other, one, counted, plan), *reasons(one, other, counted, plan)]
    named = {sentence.text: sentence for sentence in said}
    ordered = tuple(named[text] for text in sorted(named, key=lambda text: (-weight[text], text)))[:REASONS_AT_MOST]
    return ordered, difference(one, other, plan, among_equals=True), talk_about(one, other, counted, plan)


def symmetric(cells: IntArray) -> IntArray:
    """Return the mean of both directions; what one direction forbids is forbidden."""
    is_allowed = (cells > FORBIDDEN) & (cells.T > FORBIDDEN)
    np.fill_diagonal(is_allowed, val=False)
    given = np.where(is_allowed, cells, 0)
    return np.where(is_allowed, (given + given.T) // 2, FORBIDDEN)


def peer_pairs(cells: IntArray, *, seed: int = 0) -> PeerPairs:
    """Return as many pairs as possible, and of these the ones with the highest total.

    Shape: `cells` as `mutual_scores` gives them.
    """
    import rustworkx  # noqa: PLC0415  # only peers need it

    people = len(cells)
    rows, columns = _possible(cells)
    if not len(rows):
        return PeerPairs(pairs=(), odd=None, joins=None, alone=tuple(range(people)), total=0, bound=0, is_exact=True)
    order = {person: place for place, person in enumerate(by_chance(seed, range(people)))}
    graph: Any = rustworkx.PyGraph()
    graph.add_nodes_from(range(people))
    weights = cells[rows, columns] - int(cells[rows, columns].min()) + 1
    edges = sorted(
        (order[row], order[column], int(weight))
        for row, column, weight in zip(rows.tolist(), columns.tolist(), weights.tolist(), strict=True)
    )
    graph.add_edges_from(edges)
    back = {place: person for person, place in order.items()}
    matched = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
    pairs = tuple(sorted((min(back[a], back[b]), max(back[a], back[b])) for a, b in matched))
    return _with_odd(cells, pairs, is_complete=people <= ALL_PAIRS_UP_TO)


def _possible(cells: IntArray) -> tuple[IntArray, IntArray]:
    """Return the pairs the solver looks at, each once."""
    if len(cells) <= ALL_PAIRS_UP_TO:
        rows, columns = np.nonzero(np.triu(cells > FORBIDDEN, 1))
        return rows, columns
    edges = shortlist(market(cells, cells > FORBIDDEN, np.ones(len(cells), dtype=np.int64)).table, CANDIDATES).edges
    both = np.unique(np.sort(np.stack([edges.rows, edges.columns], axis=1), axis=1), axis=0)
    return both[:, 0], both[:, 1]


def _with_odd(cells: IntArray, pairs: tuple[tuple[int, int], ...], *, is_complete: bool) -> PeerPairs:
    paired = {person for pair in pairs for person in pair}
    left = [person for person in range(len(cells)) if person not in paired]
    odd, joins = _odd_one(cells, pairs, left)
    total = sum(int(cells[pair]) for pair in pairs)
    return PeerPairs(
        pairs=pairs,
        odd=odd,
        joins=joins,
        alone=tuple(one for one in left if one != odd),
        total=total,
        bound=max(total, pair_bound(cells, len(pairs))),
        is_exact=is_complete,
    )


def _odd_one(
    cells: IntArray, pairs: Sequence[tuple[int, int]], left: Sequence[int]
) -> tuple[int | None, tuple[int, int] | None]:
    """Return who of those left over joins which pair, so that the worst of the three is best, then their sum."""
    best: tuple[int, int, int, int] | None = None
    for person in left:
        for number, (a, b) in enumerate(pairs):
            three = (int(cells[a, b]), int(cells[person, a]), int(cells[person, b]))
            if min(three) > FORBIDDEN and (best is None or (min(three), sum(three)) > best[:2]):
                best = (min(three), sum(three), person, number)
    return (None, None) if best is None else (best[2], pairs[best[3]])


def pair_bound(cells: IntArray, pairs: int) -> int:
    """Return what that many pairs can be worth at most: half of what everybody could have if nobody had to agree.

    Any pairs, seen from both of their sides, are an assignment of people to people; so half of the best assignment is a
    bound.
    """
    ones = np.ones(len(cells), dtype=np.int64)
    best = assign(market(cells, cells > FORBIDDEN, ones), objective=Objective.TOTAL)
    return (
        best.total // 2 if best.matched == 2 * pairs else int(np.sort(cells.max(axis=1))[::-1][: 2 * pairs].sum()) // 2
    )
