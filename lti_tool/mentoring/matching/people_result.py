"""The answer to candidates and a plan: pairs with reasons, who is left, the certificate; and whether it holds."""

from collections.abc import Mapping
from typing import Any

from lti_tool.mentoring.enrolment import EnrolmentRole
from lti_tool.mentoring.matching.certificate import Given, Origin, certificate, faults, read_pairs, sealed
from lti_tool.mentoring.matching.facts import PPM, Plan
from lti_tool.mentoring.matching.given import InputWrong, an_object, shown
from lti_tool.mentoring.matching.market import Objective
from lti_tool.mentoring.matching.people_file import PeopleFile
from lti_tool.mentoring.matching.prepared import LockedWrong, Prepared, prepare
from lti_tool.mentoring.matching.propose import proposal_for, solve
from lti_tool.mentoring.words import Sentence


def match_people(asked: PeopleFile, input_sha256: str) -> dict[str, Any]:
    """Return the best pairs of candidates, as JSON values.

    Raises: InputWrong when locked pairs cannot stay, or no question enters the score.
    """
    ready = _ready(asked)
    found = solve(ready)
    proposal = proposal_for(ready, found)
    name = asked.names
    origin = _origin(asked.plan, Objective(asked.plan.objective), input_sha256)
    unmatched = [
        {"mentee" if left.role is EnrolmentRole.MENTEE else "mentor": name[left.id], "reason": in_words(left.reason)}
        for left in proposal.unmatched
    ]
    return sealed(
        {
            "pairs": [
                {
                    "mentee": name[pair.mentee_id],
                    "mentor": name[pair.mentor_id],
                    "score": pair.score_ppm / PPM,
                    "strength": pair.strength.value,
                    "reasons": [in_words(reason) for reason in pair.reasons],
                }
                for pair in sorted(proposal.pairs, key=lambda pair: (pair.mentee_id, pair.mentor_id))
            ],
            "unmatched": [left for left in unmatched if "mentee" in left],
            "unmatched_mentors": [left for left in unmatched if "mentor" in left],
            "certificate": certificate(ready.question(), found, origin)
            | {"mentees": [name[one.id] for one in ready.mentees], "mentors": [name[one.id] for one in ready.mentors]},
        }
    )


def check_people(asked: PeopleFile, result: Any, input_sha256: str) -> list[str]:
    """Return what is wrong with an answer to candidates; nothing when it holds.

    Raises: InputWrong when it is no answer at all.
    """
    answer = an_object(result, "")
    claims = an_object(answer.get("certificate"), "certificate")
    if claims.get("objective") not in tuple(Objective):
        raise InputWrong("certificate.objective", f"not an objective: {shown(claims.get('objective'))}")
    ready = _ready(asked)
    asked_now = ready.question()
    pairs, scores = _read_pairs(answer, asked, ready)
    true_scores = [int(asked_now.scores[pair]) / PPM for pair in pairs]
    origin = _origin(asked.plan, Objective(claims["objective"]), input_sha256)
    return faults(asked_now, Given(pairs, scores, true_scores), answer, origin)


def _ready(asked: PeopleFile) -> Prepared:
    try:
        ready = prepare(asked.candidates, asked.plan)
    except LockedWrong as fault:
        raise InputWrong("plan.locked", str(fault)) from None
    except ValueError as fault:
        raise InputWrong("plan.questionnaire", str(fault)) from None
    for row, column in ready.locked:
        broken = ready.rules.broken_by(row, column)
        if broken:
            names = [asked.names[one.id] for one in (ready.mentees[row], ready.mentors[column])]
            raise InputWrong("plan.locked", f"{names[0]} and {names[1]} are forbidden: {broken[0].value}")
    return ready


def _origin(plan: Plan, objective: Objective, input_sha256: str) -> Origin:
    return Origin(objective=objective, scale=float(PPM), seed=plan.seed, input_sha256=input_sha256)


def _read_pairs(
    answer: Mapping[str, Any], asked: PeopleFile, ready: Prepared
) -> tuple[list[tuple[int, int]], list[float]]:
    rows = {asked.names[one.id]: number for number, one in enumerate(ready.mentees)}
    columns = {asked.names[one.id]: number for number, one in enumerate(ready.mentors)}

    return read_pairs(answer, rows, columns)


def in_words(sentence: Sentence) -> str:
    """Return a sentence in English, its values put in."""
    values = {name: _as_text(value) for name, value in sentence.values.items()}
    return sentence.text % values if values else sentence.text


def _as_text(value: object) -> str:
    if isinstance(value, Sentence):
        return in_words(value)
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
