"""One matching in a process of its own: `python -m tests.bench.one_match SIDE KIND PEOPLE`; prints JSON.

A process of its own can be stopped when it runs away, and its memory is its own.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.matching.assignment import CANDIDATES, assign
from lti_tool.mentoring.matching.compatibility import compatibility
from lti_tool.mentoring.matching.eligibility import eligibility
from lti_tool.mentoring.matching.facts import Candidate, IntArray
from lti_tool.mentoring.matching.market import FORBIDDEN, Dense, Market, Objective
from lti_tool.mentoring.matching.reroute import Routes
from lti_tool.mentoring.matching.scored import Scored, table
from lti_tool.mentoring.matching.shortlist import shortlist
from tests.mentoring.people import crowd, plan

HARD = ("random", "popular", "product", "ties")


def sides(people: int) -> tuple[list[Candidate], list[Candidate]]:
    """Twice as many mentees as mentors."""
    everybody = crowd(3 * people if people <= 3000 else people + people // 2, 1)
    mentors = [one for one in everybody if one.role is EnrolmentRole.MENTOR][: people // 3]
    return [one for one in everybody if one.role is EnrolmentRole.MENTEE][: people - len(mentors)], mentors


def made(kind: str, people: int) -> tuple[IntArray, IntArray]:
    """Scores of a kind, a fifth of the pairs forbidden, and capacities."""
    chance = np.random.default_rng(1)
    columns = people // 3
    shape = (people - columns, columns)
    scores = {
        "random": lambda: chance.random(shape),
        "popular": lambda: 0.15 * chance.random(shape) + 0.85 * chance.random(columns)[None, :],
        "product": lambda: chance.random(shape[0])[:, None] * chance.random(columns)[None, :],
        "ties": lambda: chance.integers(0, 5, shape) / 5,
    }[kind]()
    whole = np.rint(scores * 1_000_000).astype(np.int64)
    return np.where(chance.random(shape) < 0.8, whole, FORBIDDEN), chance.integers(1, 5, columns)


def market_of(cells: Dense | Scored, capacities: IntArray) -> Market:
    """The question with one mentor for each mentee."""
    rows, columns = cells.shape
    return Market(
        table=cells,
        capacities=np.minimum(capacities, rows),
        demands=np.ones(rows, dtype=np.int64),
        minimums=np.zeros(columns, dtype=np.int64),
        loads=np.zeros(columns, dtype=np.int64),
        is_served=np.zeros(rows, dtype=np.bool_),
    )


def ours(kind: str, people: int, objective: Objective) -> dict[str, float]:
    """Scores, pairs and proof."""
    if kind == "questionnaire":
        mentees, mentors = sides(people)
        capacities = np.array([one.capacity for one in mentors], dtype=np.int64)

        def work() -> tuple[int, int]:
            scored = Scored(compatibility(mentees, mentors, plan()), eligibility(mentees, mentors, plan()))
            found = assign(market_of(table(scored), capacities), objective=objective)  # type: ignore[arg-type]  # a table
            return found.matched, found.total
    else:
        cells, capacities = made(kind, people)

        def work() -> tuple[int, int]:
            found = assign(market_of(Dense(cells), capacities), objective=objective)
            return found.matched, found.total

    return timed(work, repeat=people <= 1000)


def bare(kind: str, people: int) -> dict[str, float]:
    """Nothing but scipy's assignment of the finished scores, a column for each place."""
    from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]  # scipy carries no types

    cells, capacities = _finished(kind, people)
    gains = np.where(cells > FORBIDDEN, cells, -1e12)[:, np.repeat(np.arange(cells.shape[1]), capacities)]
    del cells

    def work() -> tuple[int, int]:
        rows, columns = linear_sum_assignment(gains, maximize=True)
        given = gains[rows, columns]
        return int((given >= 0).sum()), int(given[given >= 0].sum())

    return timed(work, repeat=people <= 1000)


def _finished(kind: str, people: int) -> tuple[IntArray, IntArray]:
    if kind != "questionnaire":
        return made(kind, people)
    mentees, mentors = sides(people)
    scored = Scored(compatibility(mentees, mentors, plan()), eligibility(mentees, mentors, plan()))
    return table(scored).block(0, len(mentees)), np.array([one.capacity for one in mentors], dtype=np.int64)


def lists(people: int) -> dict[str, float]:
    """Scoring everybody with everybody, keeping each one's candidates, and the best pairs among these."""
    from lti_tool.mentoring.matching import assignment

    mentees, mentors = sides(people)

    def work() -> tuple[int, int]:
        scored = Scored(compatibility(mentees, mentors, plan()), eligibility(mentees, mentors, plan()))
        whole = market_of(scored, np.array([one.capacity for one in mentors], dtype=np.int64))
        found = assignment._solved(whole, shortlist(scored, CANDIDATES).edges, None, 0)
        return len(found.rows), int(found.scores.sum())

    return timed(work, repeat=False)


def joiner(people: int) -> dict[str, float]:
    """One more mentee, placed at the highest total from kept prices."""
    cells, capacities = _finished("questionnaire", people)
    whole = market_of(Dense(cells), capacities)
    demands = whole.demands.copy()
    demands[-1] = 0
    found = assign(
        Market(**{name: getattr(whole, name) for name in Market.__slots__} | {"demands": demands}),
        objective=Objective.TOTAL,
    )
    routes = Routes(whole, found, FORBIDDEN + 1)
    return timed(lambda: (1, len(routes.join(len(demands) - 1))), repeat=True)


def newcomer(people: int) -> dict[str, float]:
    """One more mentee, placed where there is room and nobody moves: the default."""
    cells, capacities = _finished("questionnaire", people)
    found = assign(market_of(Dense(cells[:-1]), capacities))
    room = np.bincount(found.columns, minlength=len(capacities)) < capacities

    def work() -> tuple[int, int]:
        best = int(np.where(room, cells[-1], FORBIDDEN).argmax())
        return 1, int(cells[-1, best])

    return timed(work, repeat=True)


def why(people: int) -> dict[str, float]:
    """One pair forced from kept prices, against everything solved again."""
    cells, capacities = _finished("questionnaire", people)
    whole = market_of(Dense(cells), capacities)
    found = assign(whole, objective=Objective.TOTAL)
    routes = Routes(whole, found, FORBIDDEN + 1)
    rows = [row for row in range(0, cells.shape[0], cells.shape[0] // 20) if row in routes.mentor_of]
    columns = {row: int(cells[row].argsort()[-5]) for row in rows}
    asked = [row for row in rows if columns[row] != routes.mentor_of[row] and cells[row, columns[row]] > FORBIDDEN]

    def work() -> tuple[int, int]:
        for row in asked:
            routes.cheapest({columns[row]: 0}, {routes.mentor_of[row]}, without=row)
        return len(asked), 0

    quick = timed(work, repeat=False)
    again = timed(
        lambda: (1, assign(whole, objective=Objective.TOTAL, locked=[(asked[0], columns[asked[0]])]).total),
        repeat=False,
    )
    return quick | {"seconds": quick["seconds"] / len(asked), "full": again["seconds"]}


def pool(people: int, file: Path) -> dict[str, float]:
    """Pairs among equals; the scores are left in a file for the peer."""
    from lti_tool.mentoring.matching.peers import peer_pairs, symmetric

    chance = np.random.default_rng(1)
    cells = symmetric(chance.integers(0, 1_000_000, (people, people)))
    np.save(file, cells)

    def work() -> tuple[int, int]:
        found = peer_pairs(cells)
        return 2 * len(found.pairs), found.total

    return timed(work, repeat=True)


def timed(work: Callable[[], tuple[int, int]], *, repeat: bool) -> dict[str, float]:
    """Seconds of processor time of the work, all threads together; loading the solver is not counted.

    Processor time, since other work on the machine stretches the time on the clock of one side more than the other's.
    """
    assign(market_of(Dense(np.ones((2, 2), dtype=np.int64)), np.ones(2, dtype=np.int64)))
    seconds = []
    for _ in range(5 if repeat else 1):
        began = time.process_time()
        matched, total = work()
        seconds.append(time.process_time() - began)
    return {"seconds": min(seconds), "matched": matched, "total": total, "mb": _peak_mb()}


def _peak_mb() -> float:
    """The most memory this process held; unlike getrusage, without what the one that started it held.

    Source: proc(5), `VmHWM` in kB.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    """Run what the command line names."""
    side, kind, people = sys.argv[1], sys.argv[2], int(sys.argv[3])
    found = {
        "fair": lambda: ours(kind, people, Objective.FAIR),
        "total": lambda: ours(kind, people, Objective.TOTAL),
        "bare": lambda: bare(kind, people),
        "lists": lambda: lists(people),
        "joiner": lambda: joiner(people),
        "newcomer": lambda: newcomer(people),
        "why": lambda: why(people),
        "pool": lambda: pool(people, Path(sys.argv[4])),
    }[side]()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
