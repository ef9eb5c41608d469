"""What the worker finds for one scenario: among mentors and mentees, among equals, or to repair running pairs."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from lti_tool.actions.candidates import candidates_of, plan_of
from lti_tool.mentoring.scenarios import Among, Link, ScenarioKind, asked, wanted_from_json
from lti_tool.store.board import groups_of
from lti_tool.store.matching import Scenario
from lti_tool.store.programme import Programme

if TYPE_CHECKING:
    from lti_tool.mentoring.matching.propose import Proposal as Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The pairs with all that a scenario keeps about them.

    Shape: `others` (who joins a pair as third or fourth) and `cards` (who helps whom with what) by the pair's two
        enrolments, mentee first.
    """

    result: "Result"
    fairness: dict[str, Any] = field(default_factory=dict)
    outcome: dict[str, Any] = field(default_factory=dict)
    locked: frozenset[Link] = frozenset()
    kind: str = "mentoring"
    others: Mapping[Link, list[dict[str, Any]]] = field(default_factory=dict)
    cards: Mapping[Link, list[dict[str, Any]]] = field(default_factory=dict)


def answer(programme: Programme, scenario: Scenario) -> Answer:
    """Find the best pairs under the scenario's changes."""
    wanted = wanted_from_json(scenario.changes)
    if scenario.kind == ScenarioKind.REPAIR:
        return _repaired(programme, scenario)
    if wanted.among is not Among.SIDES:
        from lti_tool.actions.equals import among_equals  # noqa: PLC0415  # it needs numpy, a web process does not

        return among_equals(programme, wanted)
    from lti_tool.actions.fairness import reckoned  # noqa: PLC0415  # as above
    from lti_tool.mentoring.matching.prepared import prepare  # noqa: PLC0415  # as above
    from lti_tool.mentoring.matching.propose import proposal_for, solve  # noqa: PLC0415  # as above

    people, plan = asked(candidates_of(programme), plan_of(programme), wanted)
    ready = prepare(people, plan)
    found = solve(ready)
    return Answer(
        result=proposal_for(ready, found),
        fairness=reckoned(ready, found, groups_of(programme.id, programme.course_id)),
        locked=plan.locked,
    )


def _repaired(programme: Programme, scenario: Scenario) -> Answer:
    """The new pairs of a repair, and the running ones that end for it."""
    from lti_tool.actions.fairness import reckoned  # noqa: PLC0415  # as above
    from lti_tool.actions.repairs import found  # noqa: PLC0415  # as above
    from lti_tool.mentoring.matching.by_hand import as_assignment  # noqa: PLC0415  # as above
    from lti_tool.mentoring.matching.prepared import prepare  # noqa: PLC0415  # as above
    from lti_tool.mentoring.matching.propose import proposal_for  # noqa: PLC0415  # as above

    repair = found(programme, wanted_from_json(scenario.changes))
    ready = prepare(repair.people, repair.plan)
    pairs = as_assignment(ready, repair.new)
    return Answer(
        result=replace(proposal_for(ready, pairs), certificate={}),
        fairness=reckoned(ready, pairs, groups_of(programme.id, programme.course_id)),
        outcome=repair.outcome,
    )
