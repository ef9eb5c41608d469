"""Many are excused at once: looked at before it is saved, saved exactly as it was shown, and taken back as one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from lti_tool.actions import audit
from lti_tool.actions.excuses import give_here, lock_people, undo_here
from lti_tool.actions.participation import recount_many
from lti_tool.mentoring import excuses as rules
from lti_tool.mentoring.evidence import ExcuseState
from lti_tool.mentoring.excuses import Bulk, Given
from lti_tool.mentoring.participation import ledger, outcome
from lti_tool.mentoring.rules import ChangedMeanwhile, RuleBroken
from lti_tool.mentoring.scheme_effect import Effect, effect
from lti_tool.mentoring.scheme_presets import scheme_for
from lti_tool.store.db import db, transaction
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.evidence import evidence_of
from lti_tool.store.excuses import find_batch, taking_part
from lti_tool.store.participation import Excuse, ExcuseBatch
from lti_tool.store.programme import Programme, settings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What an excuse for many would do.

    Shape: `keys` by enrolment, of those alone who would be excused from anything; `mark` changes with anything of it.
    """

    keys: Mapping[int, tuple[str, ...]]
    effect: Effect

    @property
    def mark(self) -> str:
        """A short name of exactly this, to notice that it has become something else."""
        told = (sorted(self.keys.items()), [(one.person, one.before, one.after) for one in self.effect.changes])
        return sha256(repr(told).encode()).hexdigest()[:16]


def look_ahead(programme: Programme, bulk: Bulk, *, by: int, now: datetime) -> Ahead:
    """Return who would be excused from what, and whose points that changes. Reads, and writes nothing."""
    settings = settings_of(programme)
    scheme, zone = scheme_for(settings), ZoneInfo(settings.time_zone)
    found = evidence_of(programme, only=taking_part(programme, bulk))
    before = {number: ledger(one, scheme, now) for number, one in found.items()}
    keys = {number: given for number, one in before.items() if (given := rules.keys_given(one, bulk, zone))}
    after = {
        number: outcome(rules.with_excuses(found[number], given, bulk.given, by=by, now=now), scheme, now)
        for number, given in keys.items()
    }
    return Ahead(keys=keys, effect=effect({number: before[number] for number in keys}, after))


def give_to_many(programme_id: int, bulk: Bulk, *, mark: str, by: int, now: datetime) -> int:
    """Staff excuse many people at once, exactly as they were shown; the number of the excuse.

    Raises: ChangedMeanwhile with what it would do now, where that is not what was shown; RuleBroken for nobody.
    """
    with transaction() as session:
        programme = session.get_one(Programme, programme_id)
        lock_people(taking_part(programme, bulk))
        ahead = look_ahead(programme, bulk, by=by, now=now)
        if not ahead.keys:
            raise RuleBroken(rules.NOBODY)
        if ahead.mark != mark:
            raise ChangedMeanwhile(ahead)
        batch = _batch(programme_id, bulk, len(ahead.keys), by=by, now=now)
        session.add(batch)
        session.flush()
        _give_each(batch, bulk.given, ahead.keys, by=by, now=now)
        _record_batch("excuse.many", batch, by=by, now=now)
        recount_many(programme, sorted(ahead.keys), now=now)
        return batch.id


def undo_many(programme_id: int, batch_id: int, *, by: int, now: datetime) -> int:
    """Staff take an excuse for many back, for everybody who has it from there alone; how many people that are.

    Raises: LookupError where the programme has no such excuse.
    """
    with transaction() as session:
        batch = find_batch(programme_id, batch_id)
        if batch is None:
            raise LookupError(batch_id)
        given = db.select(Excuse).filter_by(batch_id=batch_id, state=ExcuseState.GRANTED, undone_at=None)
        people = sorted({row.enrolment_id for row in session.scalars(given)})
        lock_people(people)
        session.refresh(batch, with_for_update=True)
        if batch.undone_at is not None:
            return 0
        for row in session.scalars(given.execution_options(populate_existing=True)).all():
            undo_here(row, now)
        batch.undone_by, batch.undone_at = by, now
        _record_batch("excuse.undo_many", batch, by=by, now=now)
        recount_many(session.get_one(Programme, programme_id), people, now=now)
        return len(people)


def _give_each(
    batch: ExcuseBatch, given: Given, keys: Mapping[int, tuple[str, ...]], *, by: int, now: datetime
) -> None:
    """Give each of these people what the batch excuses them from."""
    standing: dict[int, dict[str, list[Excuse]]] = {}
    rows = db.select(Excuse).filter_by(programme_id=batch.programme_id, undone_at=None).order_by(Excuse.id.desc())
    for row in db.session.scalars(rows):
        standing.setdefault(row.enrolment_id, {}).setdefault(row.key, []).append(row)
    people = db.select(Enrolment).filter_by(programme_id=batch.programme_id)
    new: list[Excuse] = []
    for enrolment in db.session.scalars(people):
        for key in keys.get(enrolment.id, ()):
            one = Given(key=key, reason=given.reason, words=given.words)
            made = give_here(enrolment, one, standing.get(enrolment.id, {}), by=by, now=now)
            if made is not None:
                made.batch_id = batch.id
            if made is not None and made.id is None:
                new.append(made)
    db.session.bulk_save_objects(new)  # thousands, which nobody looks at again here


def _batch(programme_id: int, bulk: Bulk, people: int, *, by: int, now: datetime) -> ExcuseBatch:
    return ExcuseBatch(
        programme_id=programme_id,
        key=bulk.given.key,
        whom=bulk.whom.value,
        section=bulk.section,
        from_on=bulk.from_on,
        until_on=bulk.until_on,
        reason=bulk.given.reason.value,
        words=bulk.given.words,
        people=people,
        given_by=by,
        given_at=now,
    )


def _record_batch(what: str, batch: ExcuseBatch, *, by: int, now: datetime) -> None:
    after = {"batch_id": batch.id, "key": batch.key, "people": batch.people}
    audit.record(what, now=now, by=by, programme_id=batch.programme_id, after=after)
