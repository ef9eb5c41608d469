"""“Why not X?”: what it would cost to pair these two, who would move, who would lose; or which rule forbids it."""

from collections.abc import Sequence
from dataclasses import dataclass

from lti_tool.mentoring.matching.assignment import Assignment, assign
from lti_tool.mentoring.matching.eligibility import BlockingRule
from lti_tool.mentoring.matching.market import FORBIDDEN, Market, Objective
from lti_tool.mentoring.matching.prepared import Prepared
from lti_tool.mentoring.matching.reroute import Routes
from lti_tool.mentoring.words import N_, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One mentee in another pair than before.

    Shape: ids; None without a mentor. Units: the change of their score, counted as 0 without a mentor.
    """

    mentee_id: int
    from_mentor_id: int | None
    to_mentor_id: int | None
    change_ppm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyNot:
    """The answer for staff.

    Shape: with `rules`, the pair is forbidden and nothing else is said. `moved` holds the mentee asked about, too.
    """

    rules: tuple[BlockingRule, ...]
    score_ppm: int
    total_change_ppm: int
    matched_change: int
    own_change_ppm: int
    moved: tuple[Moved, ...]

    @property
    def losers(self) -> tuple[Moved, ...]:
        """Those whose pair would be worse."""
        return tuple(one for one in self.moved if one.change_ppm < 0)


def why_not(ready: Prepared, found: Assignment, mentee_id: int, mentor_id: int) -> WhyNot:
    """Return what would follow if these two were paired and nobody else fell below the worst pair there is now.

    Raises: KeyError when one of them is not on that side.
    """
    row, column = ready.row_of(mentee_id), ready.column_of(mentor_id)
    rules = ready.rules.broken_by(row, column)
    score = int(ready.scores.block(row, row + 1)[0, column])
    after = None if rules else _forced(ready.market, found, row, column, ready)
    if after is None:
        return WhyNot(rules=rules, score_ppm=score, total_change_ppm=0, matched_change=0, own_change_ppm=0, moved=())
    before = dict(zip(found.rows.tolist(), found.columns.tolist(), strict=True))
    moved = tuple(
        _moved(ready, one, before.get(one), after.get(one))
        for one in sorted(before.keys() | after.keys())
        if before.get(one) != after.get(one)
    )
    return WhyNot(
        rules=rules,
        score_ppm=score,
        total_change_ppm=sum(one.change_ppm for one in moved),
        matched_change=len(after) - len(before),
        own_change_ppm=sum(one.change_ppm for one in moved if one.mentee_id == mentee_id),
        moved=moved,
    )


def _forced(market: Market, found: Assignment, row: int, column: int, ready: Prepared) -> dict[int, int] | None:
    """Return each mentee's mentor with this pair forced, or None when they are a pair already or it cannot be."""
    if not market.counts_only_pairs or ready.locked or ready.plan.objective == Objective.STABLE:
        return _solved_again(ready, row, column)
    floor = FORBIDDEN + 1 if ready.plan.objective == Objective.TOTAL or found.worst is None else found.worst
    routes = Routes(market, found, floor)
    before = routes.mentor_of.get(row)
    if before == column or not market.capacities[column]:
        return None
    chain = routes.cheapest(
        {column: 0}, {before} if before is not None else {routes.nobody, routes.unused}, without=row
    )
    if chain is None:
        return _solved_again(ready, row, column)
    after = dict(routes.mentor_of) | {row: column}
    for move in chain[1]:
        if move.after is None:
            after.pop(move.row, None)
        else:
            after[move.row] = move.after
    return after


def _solved_again(ready: Prepared, row: int, column: int) -> dict[int, int] | None:
    """Return the assignment with this pair locked; of several mentors the first, or None when it cannot be."""
    locked = (*ready.locked, (row, column))
    objective = Objective(ready.plan.objective)
    try:
        again = assign(ready.market, objective=objective, locked=locked, chance=ready.chance())
    except ValueError:
        return None
    return dict(zip(again.rows.tolist()[::-1], again.columns.tolist()[::-1], strict=True))


def _moved(ready: Prepared, row: int, before: int | None, after: int | None) -> Moved:
    scores = ready.scores.block(row, row + 1)[0]
    gained = 0 if after is None else int(scores[after])
    lost = 0 if before is None else int(scores[before])
    return Moved(
        mentee_id=ready.mentees[row].id,
        from_mentor_id=None if before is None else ready.mentors[before].id,
        to_mentor_id=None if after is None else ready.mentors[after].id,
        change_ppm=gained - lost,
    )


NO_MORE_IS_SAID = Sentence(
    N_("Pairs are chosen so that everybody has a partner who fits. Your instructor can tell you more.")
)


def for_student(answer: WhyNot) -> Sentence:
    """Return what the mentee who asked may read: only about the two of them, and nothing about anybody's wishes."""
    return own_sentence(answer.rules, answer.own_change_ppm)


def own_sentence(rules: Sequence[BlockingRule], own_change_ppm: int) -> Sentence:
    """Return what somebody may read about a pair they are not in; the change is that of their own score."""
    if tuple(rules) == (BlockingRule.TOO_LITTLE_TIME,):
        return Sentence(N_("You have too little free time in common."))
    if tuple(rules) in {(BlockingRule.NO_COMMON_LANGUAGE,), (BlockingRule.NEEDED_LANGUAGE,)}:
        return Sentence(N_("You do not share a language that was asked for."))
    if not rules and own_change_ppm <= 0:
        return Sentence(N_("Your answers fit your partner’s at least as well."))
    return NO_MORE_IS_SAID
