"""The solver: cheapest sets of pairs, as flows from mentees through mentors.

Source: OR-Tools' graph solvers. They are exact, take capacities as they are and keep their pace on hard input. Imported
on first use only, since loading them costs a web process time and memory it does not need.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from lti_tool.mentoring.matching.facts import IntArray


class SolverFailed(RuntimeError):
    """The solver did not solve a problem that has a solution."""


@dataclass(frozen=True, slots=True)
class Places:
    """Places of one kind: whose they are, how many, and what each costs."""

    of: IntArray
    sizes: IntArray
    costs: IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Which pairs there are, what they cost, and the places on both sides.

    Shape: `rows`, `columns`, `costs` one entry per possible pair; the places of a mentee say how many mentors they get.
    """

    shape: tuple[int, int]
    rows: IntArray
    columns: IntArray
    costs: IntArray
    mentees: Places
    mentors: Places


def cheapest_pairs(problem: Problem, pairs: int, *, is_free: bool = False, is_most: bool = False) -> IntArray:
    """Return which of the possible pairs make the cheapest set of that many.

    Shape: positions in `problem.rows`, increasing. `is_free` allows fewer, where each pair left out costs nothing;
        `is_most` takes as many as possible, up to that many.
    Raises: SolverFailed when there are not that many.
    """
    from ortools.graph.python import min_cost_flow  # noqa: PLC0415 - see the module's docstring

    solver: Any = min_cost_flow.SimpleMinCostFlow()  # OR-Tools' stubs put array types where shapes belong
    source, sink = sum(problem.shape), sum(problem.shape) + 1
    mentees, mentors = problem.mentees, problem.mentors

    def add(tails: IntArray, heads: IntArray, sizes: IntArray, costs: IntArray) -> Any:
        return solver.add_arcs_with_capacity_and_unit_cost(
            tails.astype(np.int32), heads.astype(np.int32), sizes.astype(np.int64), costs.astype(np.int64)
        )

    one = np.ones(1, dtype=np.int64)
    arcs = add(problem.rows, problem.shape[0] + problem.columns, np.ones_like(problem.rows), problem.costs)
    add(np.full(len(mentees.of), source), mentees.of, mentees.sizes, mentees.costs)
    add(problem.shape[0] + mentors.of, np.full(len(mentors.of), sink), mentors.sizes, mentors.costs)
    if is_free:
        add(one * source, one * sink, one * pairs, one * 0)
    solver.set_node_supply(source, pairs)
    solver.set_node_supply(sink, -pairs)
    status = solver.solve_max_flow_with_min_cost() if is_most and not is_free else solver.solve()
    if status != solver.OPTIMAL:
        raise SolverFailed(f"no cheapest flow of {pairs}")
    return np.asarray(np.nonzero(np.asarray(solver.flows(arcs)))[0], dtype=np.int64)
