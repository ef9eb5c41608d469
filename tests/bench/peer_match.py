"""Other people's matchers, in an environment of their own: `python peer_match.py PEER FILE ROUNDS`; prints JSON.

Imports nothing of ours. mentor-match loses fractions of scores and all but their leading figures, since it subtracts
them from the largest whole number and its solver reckons with 53 bits; so they are scaled for it.
"""

import json
import sys
import time

import numpy as np

STEPS = 4096  # distances that survive 2**63 - score in 53 bits


def mentor_match(cells: "np.ndarray", rounds: int) -> tuple[int, int]:
    """As its documentation runs it: one mentee more for every mentor per round."""
    from matching.mentee import Mentee
    from matching.mentor import Mentor
    from matching.process import process_data
    from matching.rules.rule import Disqualify

    class Score:
        def apply(self, match: object) -> int:
            return max(0, int(cells[match.mentee.number, match.mentor.number])) * STEPS  # type: ignore[attr-defined]  # the numbers are ours

    def person(kind: type, number: int) -> object:
        one = kind(**{"grade": 1, "first name": str(number), "last name": "", "email": f"{kind.__name__}{number}"})
        one.number = number
        return one

    mentees = [person(Mentee, number) for number in range(cells.shape[0])]
    mentors = [person(Mentor, number) for number in range(cells.shape[1])]
    rules = [Disqualify(lambda match: cells[match.mentee.number, match.mentor.number] < 0), Score()]
    rules.insert(0, Disqualify(lambda match: bool(match.mentee.mentors)))
    process_data(mentors, mentees, [rules] * rounds)
    pairs = [(one.number, mentor.number) for one in mentees for mentor in one.mentors]
    given = [int(cells[pair]) for pair in pairs if cells[pair] >= 0]
    return len(given), sum(given)


def networkx(cells: "np.ndarray", _rounds: int) -> tuple[int, int]:
    """A heaviest matching of everybody with everybody."""
    import networkx as nx

    graph = nx.Graph()
    rows, columns = np.nonzero(np.triu(cells >= 0, 1))
    graph.add_weighted_edges_from(zip(rows.tolist(), columns.tolist(), cells[rows, columns].tolist(), strict=True))
    pairs = nx.max_weight_matching(graph, maxcardinality=True)
    return 2 * len(pairs), sum(int(cells[pair]) for pair in pairs)


def main() -> None:
    """Run one peer."""
    cells = np.load(sys.argv[2])
    began = time.process_time()
    matched, total = {"mentor-match": mentor_match, "networkx": networkx}[sys.argv[1]](cells, int(sys.argv[3]))
    print(json.dumps({"seconds": time.process_time() - began, "matched": matched, "total": total}))


if __name__ == "__main__":
    main()
