"""The ledgers of a whole institution: everybody's points under the usual scheme, beside check-ins alone.

What is compared is the processor's time for the same people. The peer is the ledger there was before; it knows one kind
of item where this one knows eight.
"""

import random
import time
from collections.abc import Callable
from dataclasses import replace

from lti_tool.mentoring.checkins import CheckInSlot
from lti_tool.mentoring.evidence import Evidence
from lti_tool.mentoring.participation import ledger
from tests.bench.figures import Figure
from tests.bench.place import Place
from tests.mentoring import check_ins_alone
from tests.mentoring.grading import DEFAULT, alone, day, everything, full_track, met, tried

NOW = day(60)
ROUNDS = 3


def measure(here: Place) -> list[Figure]:
    """Count everybody's points anew, in turn with the check-ins alone."""
    people = _people(200 if here.is_quick else 10_000)
    rounds = tuple((_seconds(_whole, people), _seconds(_check_ins_alone, people)) for _round in range(ROUNDS))
    return [
        Figure(
            section="ledgers",
            what=f"{len(people):,} ledgers of {len(ledger(people[0], DEFAULT, NOW).entries)} entries",
            unit="s",
            peer="check-ins alone",
            rounds=rounds,
        )
    ]


def _people(count: int) -> list[Evidence]:
    chance = random.Random(7)  # noqa: S311 - invents people, guards nothing
    return [_somebody(chance) for _one in range(count)]


def _somebody(chance: random.Random) -> Evidence:
    track = full_track(
        sent=tuple(number for number in range(1, 7) if chance.random() < 0.8),
        meetings=tuple(met(10 * number) for number in range(1, 6) if chance.random() < 0.8),
        attempts=tried(5, 8, 20, 23),
        alone=alone(9, 24),
    )
    other = replace(track, meetings=())
    return everything(tracks=(track, other) if chance.random() < 0.2 else (track,))


def _seconds(work: Callable[[Evidence], object], people: list[Evidence]) -> float:
    began = time.process_time()
    for one in people:
        work(one)
    return time.process_time() - began


def _whole(one: Evidence) -> object:
    return ledger(one, DEFAULT, NOW)


def _check_ins_alone(one: Evidence) -> object:
    scheme = check_ins_alone.Scheme(points=100, check_in_count=6)
    ledgers = []
    for track in one.tracks:
        slots = [CheckInSlot(number=due.number, opens_at=due.opens_at) for due in track.check_ins_due]
        done = [check_ins_alone.CheckInDone(number=sent.number, submitted_at=sent.at) for sent in track.check_ins]
        ledgers.append(check_ins_alone.ledger(slots, done, scheme, NOW))
    return check_ins_alone.combined(ledgers)
