"""How the connection to one LMS is, as its pages tell it: to the admin of the tool, and to the LMS's own admins.

Nothing here names a course or a person: one registration may serve several institutions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l

from lti_tool.actions.advice import Way
from lti_tool.actions.doctor import Check, Verdict, fault_of, kept_checks
from lti_tool.lti.errors import Refusal
from lti_tool.lti.quirks import family_of
from lti_tool.store.db import db
from lti_tool.store.health import Lately, lately
from lti_tool.store.platforms import Registration

WAYS = {
    Way.KEYS: _l("Public keys of the LMS"),
    Way.ROSTER_TOKEN: _l("Permission to read the people of a course"),
    Way.COLUMN_TOKEN: _l("Permission to make a gradebook column"),
    Way.COLUMN_READ_TOKEN: _l("Permission to read gradebook columns"),
    Way.SCORE_TOKEN: _l("Permission to write points"),
    Way.RESULT_TOKEN: _l("Permission to read points back"),
    Way.GROUPS_TOKEN: _l("Permission to read the groups of a course"),
    Way.NOTICES_TOKEN: _l("Permission to be told what happens, such as a copied course"),
    Way.ROSTER: _l("People of the last course"),
    Way.COLUMNS: _l("Gradebook columns of the last course"),
}
VERDICTS = {
    Verdict.GOOD: ("good", _l("Works")),
    Verdict.PROBLEM: ("problem", _l("Does not work")),
    Verdict.SKIPPED: ("neutral", _l("Not tried")),
}
STATES = {
    "pending": ("attention", _l("Waits for its first launch")),
    "active": ("good", _l("Active")),
    "paused": ("neutral", _l("Paused")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """One registration's health, as it is known without asking the LMS."""

    state: str
    launched_at: datetime | None
    refused_at: datetime | None
    refusal: Refusal | None
    lately: Lately
    fault: tuple[str, str]  # the last error in words, and what to change in the LMS
    checks: Sequence[Check]
    checked_at: datetime | None

    @property
    def tries(self) -> list[tuple[object, tuple[str, object], Check]]:
        """What the last test found, each with its name and its badge."""
        return [(WAYS[one.way], VERDICTS[one.verdict], one) for one in self.checks]


def state_of(row: Registration) -> str:
    """Pending until the first good launch, then active; paused when the admin says so."""
    if row.is_paused:
        return "paused"
    return "active" if row.first_launch_at else "pending"


def connection_of(registration_id: int) -> Connection:
    """What is known of the connection."""
    row = db.session.get_one(Registration, registration_id)
    known = lately(registration_id)
    return Connection(
        state=state_of(row),
        launched_at=row.last_launch_at,
        refused_at=row.refused_at,
        refusal=next((one for one in Refusal if one.value == row.refused_code), None),
        lately=known,
        fault=fault_of(known, family_of(row.family, row.issuer)),
        checks=kept_checks(row),
        checked_at=row.checked_at,
    )
