"""Where what a ledger lists is done; only what can be done now, on a page that exists, has an address."""

from collections.abc import Mapping
from datetime import datetime

from flask import current_app, url_for

from lti_tool.actions.participation import pair_slots
from lti_tool.actions.surveys import is_open as survey_is_open
from lti_tool.mentoring.checkins import is_open
from lti_tool.mentoring.ledgers import Entry
from lti_tool.mentoring.schemes import REFLECTIONS, Kind
from lti_tool.store.enrolment import Enrolment
from lti_tool.store.matching import Pair
from lti_tool.store.pairs import own_pairs
from lti_tool.store.programme import Programme
from lti_tool.store.workspace import check_ins_of
from lti_tool.web.student.reflections import are_asked_of
from lti_tool.web.student.standby import places_on_standby

# Kinds that somebody does alone, each with the endpoint of its page.
ALONE: dict[Kind, str] = {
    Kind.JOIN: "student.home.overview",
    Kind.TRAINING: "student.training.overview",
    Kind.REFLECTION_START: "student.reflections.start",
    Kind.REFLECTION_MIDDLE: "student.reflections.middle",
    Kind.REFLECTION_END: "student.reflections.end",
    Kind.SURVEY: "student.survey.answer",
    Kind.HOURS: "student.hours.log",
    Kind.PEER_CASE: "student.peer_case.write",
}
WITH_PARTNER: dict[Kind, str] = {
    Kind.AGREEMENT: "student.pair_agreement.show",
    Kind.MEETING: "student.meetings.overview",
}


def places(entries: tuple[Entry, ...], enrolment: Enrolment, programme: Programme, at: datetime) -> dict[str, str]:
    """The addresses of what can be done now, by the key of the entry."""
    pairs = own_pairs(enrolment.id)
    check_ins = _check_ins(pairs, enrolment, programme, at)
    found: dict[str, str] = {}
    for entry in entries:
        if entry.kind is Kind.SURVEY and not survey_is_open(programme):
            continue
        if entry.kind in REFLECTIONS and not are_asked_of(enrolment, programme):
            continue
        address = check_ins.get(entry.number) if entry.kind is Kind.CHECK_IN else _place(entry, pairs, at)
        if address is not None:
            found[entry.key] = address
    return found


def _place(entry: Entry, pairs: list[Pair], at: datetime) -> str | None:
    if entry.opens_at is not None and entry.opens_at > at:
        return None
    if entry.kind in WITH_PARTNER:
        return url_for(WITH_PARTNER[entry.kind], pair_id=pairs[-1].id) if pairs else None
    endpoint = ALONE.get(entry.kind, "")
    return url_for(endpoint) if endpoint in current_app.view_functions else None


def _check_ins(pairs: list[Pair], enrolment: Enrolment, programme: Programme, at: datetime) -> Mapping[int | None, str]:
    """The check-ins that are open and not sent, by number."""
    found = {} if pairs else places_on_standby(programme, enrolment, at)
    for pair in pairs:
        sent = {row.number for row in check_ins_of(pair.id, enrolment.id)}
        for slot in pair_slots(pair, enrolment.id, programme):
            if slot.number not in sent and is_open(slot, at):
                found[slot.number] = url_for("student.workspace.check_in", pair_id=pair.id, number=slot.number)
    return found
