"""The versions of a programme as a person reads them: who changed what, from what to what."""

from collections.abc import Sequence
from dataclasses import dataclass

from lti_tool.mentoring.changes import Change, changes, question_changes
from lti_tool.mentoring.programme import settings_from_json
from lti_tool.mentoring.words import Sentence
from lti_tool.store.db import db
from lti_tool.store.people import Person
from lti_tool.store.programme import Programme, ProgrammeVersion, settings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One version with what it changed in the one before it."""

    row: ProgrammeVersion
    by: Person | None
    changes: tuple[Change, ...]
    questions: tuple[Sentence, ...]
    is_current: bool


def history(rows: Sequence[ProgrammeVersion], programme: Programme) -> list[Told]:
    """Every version, the newest first, each compared with the one before it."""
    now = settings_of(programme)
    told = []
    for row, older in zip(rows, [*rows[1:], None], strict=True):
        before = settings_from_json((older or row).settings, now)
        told.append(
            Told(
                row=row,
                by=db.session.get(Person, row.changed_by) if row.changed_by else None,
                changes=changes(before, settings_from_json(row.settings, now)),
                questions=question_changes((older or row).questionnaire, row.questionnaire),
                is_current=row.number == programme.settings_version,
            )
        )
    return told
