"""The solver: largest and cheapest sets of pairs, as flows from mentees through mentors.

Source: OR-Tools' graph solvers. They are exact, take capacities as they are and keep their pace on hard input. Imported
on first use only, since loading them costs a web process time and memory it does not need.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lti_tool.mentoring.matching.facts import BoolArray, IntArray


class SolverFailed(RuntimeError):
    """The solver did not solve a problem that has a solution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Which pairs there are and what everything costs.

    Shape: `rows`, `columns`, `costs` one entry per possible pair; `row_costs` one per mentee, paid when matched;
        `places`, `place_sizes`, `place_costs` one per kind of place: whose it is, how many there are, what each costs.
    """

    rows: IntArray
    columns: IntArray
    costs: IntArray
    row_costs: IntArray
    places: IntArray
    place_sizes: IntArray
    place_costs: IntArray


def most_pairs(allowed: BoolArray, capacities: IntArray) -> int:
    """Return how many mentees can be matched at most."""
    from ortools.graph.python import max_flow  # noqa: PLC0415 - see the module's docstring

    rows, columns = np.nonzero(allowed)
    tails, heads = _arcs(allowed.shape[0], allowed.shape[1], rows, columns, np.arange(allowed.shape[1]))
    sizes = np.concatenate([np.ones(allowed.shape[0] + len(rows), dtype=np.int64), capacities])
    solver: Any = max_flow.SimpleMaxFlow()  # OR-Tools' stubs put array types where shapes belong
    solver.add_arcs_with_capacity(tails, heads, sizes)
    source = sum(allowed.shape)
    if solver.solve(source, source + 1) != solver.OPTIMAL:
        raise SolverFailed("no largest flow")
    return int(solver.optimal_flow())


def cheapest_pairs(problem: Problem, mentor_count: int, pairs: int) -> IntArray:
    """Return which of the possible pairs make the cheapest set of that many.

    Shape: positions in `problem.rows`, increasing.
    Raises: SolverFailed when there are not that many.
    """
    from ortools.graph.python import min_cost_flow  # noqa: PLC0415 - see the module's docstring

    mentee_count = len(problem.row_costs)
    tails, heads = _arcs(mentee_count, mentor_count, problem.rows, problem.columns, problem.places)
    ones = np.ones(mentee_count + len(problem.rows), dtype=np.int64)
    solver: Any = min_cost_flow.SimpleMinCostFlow()  # as above
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        tails,
        heads,
        np.concatenate([ones, problem.place_sizes]),
        np.concatenate([problem.row_costs, problem.costs, problem.place_costs]),
    )
    source = mentee_count + mentor_count
    solver.set_node_supply(source, pairs)
    solver.set_node_supply(source + 1, -pairs)
    if solver.solve() != solver.OPTIMAL:
        raise SolverFailed(f"no cheapest flow of {pairs}")
    flows = np.asarray(solver.flows(arcs))[mentee_count : mentee_count + len(problem.rows)]
    return np.asarray(np.nonzero(flows)[0], dtype=np.int64)


def _arcs(
    mentee_count: int, mentor_count: int, rows: IntArray, columns: IntArray, places: IntArray
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the arcs source → mentee, mentee → mentor, mentor → sink; the nodes are numbered in that order."""
    source = mentee_count + mentor_count
    tails = [np.full(mentee_count, source), rows, mentee_count + places]
    heads = [np.arange(mentee_count), mentee_count + columns, np.full(len(places), source + 1)]
    return np.concatenate(tails).astype(np.int32), np.concatenate(heads).astype(np.int32)
