"""Does a connection work? Each way to an LMS is tried once, and what fails is told with the setting to change there."""

import json
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from lti_tool.actions.advice import Way, explained, todo
from lti_tool.actions.edge import Edge
from lti_tool.lti import gradebook, groups, notifications, roster
from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import LtiError, PlatformRefused, PlatformUnavailable, Refusal
from lti_tool.lti.keys import key_set
from lti_tool.lti.platform import Platform, RegistrationId
from lti_tool.lti.quirks import Family, family_of
from lti_tool.lti.tokens import AccessTokens
from lti_tool.lti.transport import prepared_session
from lti_tool.mentoring.words import N_
from lti_tool.store.db import db, transaction
from lti_tool.store.health import Lately, last_course, lately, offers_groups, offers_notices
from lti_tool.store.people import Course
from lti_tool.store.platforms import Registration

SCOPES = {
    Way.ROSTER_TOKEN: roster.SCOPE,
    Way.COLUMN_TOKEN: gradebook.LINE_ITEM_SCOPE,
    Way.COLUMN_READ_TOKEN: gradebook.LINE_ITEM_READ_SCOPE,
    Way.SCORE_TOKEN: gradebook.SCORE_SCOPE,
    Way.RESULT_TOKEN: gradebook.RESULT_SCOPE,
    Way.GROUPS_TOKEN: groups.SCOPE,
    Way.NOTICES_TOKEN: notifications.SCOPE,
}
NO_ANSWER = N_("The learning platform does not answer at this address.")
NO_KEYS = N_("The address answers, but there is no usable key at it.")
NOT_HERE = N_("No launch so far has offered this, so the tool does not ask for it.")
NO_COURSE = N_("Nobody has opened the tool in a course yet, so this cannot be tried.")
NOT_OFFERED = N_("The last course was opened without this service.")


class Verdict(StrEnum):
    """How a try came out."""

    GOOD = "good"
    PROBLEM = "problem"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One try: which way, how it came out, what happened, and what to change in that LMS.

    Shape: `said` and `todo` are messages to translate, empty where there is nothing to say.
    """

    way: Way
    verdict: Verdict
    said: str = ""
    todo: str = ""


class _Enough(Exception):
    """One page of people was read; the others need not be."""


class _NoTokens:
    """No token is kept: the try is about asking for one."""

    def get(self, registration_id: RegistrationId, scope_key: str, now: datetime) -> tuple[str, datetime] | None:
        """Never one that was kept."""

    def put(self, registration_id: RegistrationId, scope_key: str, token: str, expires_at: datetime) -> None:
        """Not kept either."""

    def drop(self, registration_id: RegistrationId, scope_key: str) -> None:
        """There is none."""


def examine(registration_id: int, *, edge: Edge, now: datetime) -> list[Check]:
    """Try everything with this LMS, and remember how it came out.

    Shape: one check for each `Way`, in their order.
    """
    platform = edge.directory.by_id(RegistrationId(registration_id))
    if platform is None:
        return []
    course = last_course(registration_id)
    with closing(edge.connector_to(platform)) as connector:
        found = [
            _tried(Way.KEYS, platform, lambda: _keys(platform, edge)),
            *(_permission(way, platform, course, edge, now) for way in SCOPES),
            _course_check(Way.ROSTER, platform, course, _people(connector)),
            _course_check(Way.COLUMNS, platform, course, _columns(connector)),
        ]
    with transaction() as session:
        row = session.get(Registration, registration_id)
        if row is not None:
            row.checks, row.checked_at = [asdict(one) for one in found], now
    return found


def fault_of(known: Lately, family: Family) -> tuple[str, str]:
    """The last error in words, and what to change in that LMS; empty where there was none."""
    return explained(known.error, work=known.error_of or "", family=family) if known.error else ("", "")


def last_events(registration_id: int) -> list[tuple[str, datetime | None, str, str]]:
    """What last worked with this LMS and what last did not: name, instant, what happened, what to do about it."""
    row, known = db.session.get_one(Registration, registration_id), lately(registration_id)
    refusal = next((one for one in Refusal if one.value == row.refused_code), None)
    worked = [
        ("last launch", row.last_launch_at, "", ""),
        ("last roster", known.roster_at, "", ""),
        ("last points", known.score_at, "", ""),
    ]
    failed = [("last refusal", row.refused_at, refusal.sentence, refusal.advice)] if refusal else []
    if known.error:
        failed.append(("last error", known.error_at, *fault_of(known, family_of(row.family, row.issuer))))
    return [*worked, *failed]


def kept_checks(row: Registration) -> list[Check]:
    """What the last examination found."""
    return [_check(one) for one in row.checks]


def _check(kept: dict[str, Any]) -> Check:
    return Check(way=Way(kept["way"]), verdict=Verdict(kept["verdict"]), said=kept["said"], todo=kept["todo"])


def _tried(way: Way, platform: Platform, attempt: Callable[[], str]) -> Check:
    """How the attempt comes out; it returns what is wrong all the same, or nothing."""
    fault = None
    try:
        said = attempt()
    except (PlatformRefused, PlatformUnavailable) as no:
        said, fault = no.explanation or NO_ANSWER, no.fault
    except LtiError:
        said = NO_ANSWER
    if not said:
        return Check(way=way, verdict=Verdict.GOOD)
    family = family_of(platform.family, platform.issuer)
    return Check(way=way, verdict=Verdict.PROBLEM, said=said, todo=todo(fault, way, family))


def _permission(way: Way, platform: Platform, course: Course | None, edge: Edge, now: datetime) -> Check:
    """Whether a token carries the permission, where the tool has a use for it: what an LMS said is not enough."""
    if not _is_wanted(way, platform.registration_id, course):
        return Check(way=way, verdict=Verdict.SKIPPED, said=NOT_HERE)
    return _tried(way, platform, _token(platform, SCOPES[way], edge, now))


def _is_wanted(way: Way, registration_id: int, course: Course | None) -> bool:
    """What is not offered everywhere is asked for where a launch has offered it."""
    if way is Way.GROUPS_TOKEN:
        return offers_groups(registration_id)
    if way is Way.NOTICES_TOKEN:
        return offers_notices(registration_id)
    offered = course.gradebook_scopes if course else []
    return way is not Way.COLUMN_READ_TOKEN or not offered or SCOPES[way] in offered


def _course_check(way: Way, platform: Platform, course: Course | None, attempt: Callable[[Course], str]) -> Check:
    """The same for a service of the last course, where there is one."""
    if course is None:
        return Check(way=way, verdict=Verdict.SKIPPED, said=NO_COURSE)
    return _tried(way, platform, lambda: attempt(course))


def _keys(platform: Platform, edge: Edge) -> str:
    with closing(prepared_session(reach=edge.reach, retries=1)) as session:
        answer = key_set(session, platform.jwks_url, reach=edge.reach)
    if answer.status != 200:
        return NO_ANSWER
    try:
        document = json.loads(answer.body)
    except (ValueError, RecursionError):
        return NO_KEYS
    keys = document.get("keys") if isinstance(document, dict) else None
    usable = [key for key in keys or () if isinstance(key, dict) and key.get("kty") == "RSA" and key.get("kid")]
    return "" if usable else NO_KEYS


def _token(platform: Platform, scope: str, edge: Edge, now: datetime) -> Callable[[], str]:
    def attempt() -> str:
        with closing(prepared_session(reach=edge.reach, retries=1)) as session:
            tokens = AccessTokens(platform, signing_keys=edge.signing_keys, cache=_NoTokens(), session=session)
            tokens.token((scope,), now)
        return ""

    return attempt


def _people(connector: Connector) -> Callable[[Course], str]:
    def attempt(course: Course) -> str:
        def stop(_read: int) -> None:
            raise _Enough

        if course.memberships_url is None:
            return NOT_OFFERED
        with suppress(_Enough):
            roster.read_roster(connector, course.memberships_url, on_page=stop)
        return ""

    return attempt


def _columns(connector: Connector) -> Callable[[Course], str]:
    def attempt(course: Course) -> str:
        if course.line_items_url is None:
            return NOT_OFFERED
        known = {gradebook.LINE_ITEM_SCOPE, gradebook.LINE_ITEM_READ_SCOPE}
        granted = sorted(known.intersection(course.gradebook_scopes)) or [gradebook.LINE_ITEM_SCOPE]
        accept = "application/vnd.ims.lis.v2.lineitemcontainer+json"
        connector.get(course.line_items_url, scopes=granted, accept=accept)
        return ""

    return attempt
