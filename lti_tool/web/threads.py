"""A conversation as a page shows it: as many messages as fit, newest first, each with what the reader may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request
from markupsafe import Markup

from lti_tool.mentoring.conversation import LONGEST_MESSAGE, fitting, why_not_edit, why_not_report
from lti_tool.mentoring.plain import paragraphs, wrong
from lti_tool.mentoring.words import Sentence
from lti_tool.store.conversation import ON_A_PAGE, Message, MessageReport, as_rule, messages_in, read_up_to, reports_by
from lti_tool.store.people import Person
from lti_tool.web.linked import linked
from lti_tool.web.text import person_name

ROOM = 20 * 1024  # bytes of messages on one page, which stays below 50 KB with all that is around them


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One message on a page."""

    row: Message
    writer: str
    body: Markup
    is_own: bool
    is_new: bool
    may_edit: bool
    may_report: bool
    report: MessageReport | None  # the reader's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A part of a conversation, newest first."""

    messages: Sequence[Shown]
    older_than: int | None  # where the older part begins; None where there is none
    is_newest: bool

    @property
    def newest_id(self) -> int:
        """The number of the newest message here; 0 where there is none."""
        return max((one.row.id for one in self.messages), default=0)


def thread(programme_id: int, pair_id: int | None, reader_id: int, *, now: datetime, takes_part: bool = True) -> Thread:
    """The part of the conversation that the address asks for, as this reader sees it; to who only looks on, nothing is
    new."""
    before = request.args.get("before", type=int)
    found = messages_in(programme_id, pair_id, before=before)
    reported = reports_by(reader_id, [row.id for row, _person in found])
    seen = read_up_to(reader_id, programme_id, pair_id) if takes_part else None
    shown = [_shown(row, person, reader_id, seen, reported.get(row.id), now) for row, person in found[:ON_A_PAGE]]
    shown = shown[: fitting([len(one.body.encode()) for one in shown], ROOM)]
    is_more = len(found) > len(shown)
    return Thread(messages=shown, older_than=shown[-1].row.id if is_more else None, is_newest=before is None)


def _shown(
    row: Message, person: Person, reader_id: int, seen: int | None, report: MessageReport | None, now: datetime
) -> Shown:
    message, is_own = as_rule(row), row.person_id == reader_id
    return Shown(
        row=row,
        writer=person_name(person),
        body=linked(row.text),
        is_own=is_own,
        is_new=not is_own and seen is not None and row.id > seen,
        may_edit=why_not_edit(message, reader_id, now) is None,
        may_report=why_not_report(message, reader_id) is None and report is None,
        report=report,
    )


def typed_message() -> tuple[str, Sentence | None]:
    """The message that the request's form holds, and what is wrong with it."""
    text = paragraphs(request.form.get("text", ""))
    return text, wrong(text, longest=LONGEST_MESSAGE)
