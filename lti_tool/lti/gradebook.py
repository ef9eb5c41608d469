"""The gradebook by Assignment and Grade Services: a column of our own, scores into it, results out of it.

Source: AGS 2.0, sections 3 and 4; Moodle 4.5.6 as observed (columns are created unbound: a bound one takes the
`lineitem` claim from later launches); LMS behaviour in `quirks`.
"""

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from lti_tool.lti.addresses import is_same_origin, with_path_suffix, with_query
from lti_tool.lti.claims import GradebookEndpoint
from lti_tool.lti.connector import Answer, Connector
from lti_tool.lti.errors import PlatformRefused, PlatformUnavailable, ServiceFault
from lti_tool.lti.texts import identifier_of, text_of

_SCOPES = "https://purl.imsglobal.org/spec/lti-ags/scope/"
LINE_ITEM_SCOPE = _SCOPES + "lineitem"
LINE_ITEM_READ_SCOPE = _SCOPES + "lineitem.readonly"
SCORE_SCOPE = _SCOPES + "score"
RESULT_SCOPE = _SCOPES + "result.readonly"
_LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
_LINE_ITEMS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
_SCORE = "application/vnd.ims.lis.v1.score+json"
_RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"
_MOST_PAGES = 2_000
# Moodle 4.5 answers 502 to a longer one.
_LONGEST_LABEL = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class LineItem:
    """One column of the LMS's gradebook."""

    url: str
    label: str
    score_maximum: float
    resource_id: str | None
    resource_link_id: str | None
    tag: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreToSend:
    """One person's score; `points` None takes a score back. `timestamp` must grow with each score sent for a person.

    Units: points and maximum in the column's own points; the LMS rescales.
    """

    user_id: str
    points: float | None
    maximum: float
    timestamp: datetime
    comment: str | None

    def __post_init__(self) -> None:
        """A score that an LMS would store wrongly is no score (Moodle 4.5 takes a maximum of 0 or below)."""
        if not math.isfinite(self.maximum) or self.maximum <= 0:
            raise ValueError("the maximum must be above zero")
        if self.points is not None and (not math.isfinite(self.points) or self.points < 0):
            raise ValueError("points must be zero or more")
        if self.timestamp.tzinfo is None:
            raise ValueError("the timestamp needs a time zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What the LMS's gradebook shows for one person, a teacher's own change included; `score` None when it is empty."""

    user_id: str
    score: float | None
    maximum: float
    comment: str | None


def find_or_create_line_item(
    connector: Connector,
    endpoint: GradebookEndpoint,
    *,
    label: str,
    score_maximum: float,
    resource_id: str,
    tag: str,
    resource_link_id: str | None = None,
) -> LineItem:
    """The column of this resource and tag: found if it exists, else created, at most once.

    It is bound to the link only where the LMS needs that: on Moodle a bound column hides the activity's own.

    Where the LMS lets the tool create none, the activity's own column is used. The caller holds a lock per resource.
    Raises: PlatformRefused (NO_GRADEBOOK where neither is possible), PlatformUnavailable.
    """
    if endpoint.line_items_url is None or LINE_ITEM_SCOPE not in endpoint.scopes:
        return _activity_column(connector, endpoint, label=label, score_maximum=score_maximum)
    wanted = _new_item(label=label, score_maximum=score_maximum, resource_id=resource_id, tag=tag)
    if resource_link_id and connector.quirks.column_needs_link:
        wanted["resourceLinkId"] = resource_link_id
    scopes = endpoint.scopes & {LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE}
    found = _find(connector, endpoint.line_items_url, scopes, resource_id=resource_id, tag=tag)
    if found is not None:
        return found
    try:
        created = _create(connector, endpoint.line_items_url, wanted)
    except PlatformUnavailable:
        # The answer was lost: the column may exist all the same, and a second POST would make a second one.
        created = _find(connector, endpoint.line_items_url, scopes, resource_id=resource_id, tag=tag)
        if created is None:
            raise
    return created or _created_unseen(connector, endpoint.line_items_url, scopes, resource_id=resource_id, tag=tag)


def _new_item(*, label: str, score_maximum: float, resource_id: str, tag: str) -> dict[str, object]:
    """What a new column is asked for with; Open edX wants a whole number as maximum."""
    if not math.isfinite(score_maximum) or score_maximum <= 0:
        raise ValueError("the maximum must be above zero")
    maximum = int(score_maximum) if float(score_maximum).is_integer() else score_maximum
    return {"label": label[:_LONGEST_LABEL], "scoreMaximum": maximum, "resourceId": resource_id, "tag": tag}


def _find(
    connector: Connector, line_items_url: str, scopes: Collection[str], *, resource_id: str, tag: str
) -> LineItem | None:
    """Our column, an unbound one first; filters are asked for and checked again, since some LMSs ignore them."""
    url = with_query(line_items_url, {"resource_id": resource_id, "tag": tag})
    items = [_read_line_item(entry, line_items_url) for entry in _pages(connector, url, scopes, _LINE_ITEMS)]
    ours = [item for item in items if item and item.resource_id == resource_id and item.tag == tag]
    return min(ours, key=lambda item: item.resource_link_id is not None, default=None)


def _create(connector: Connector, line_items_url: str, wanted: Mapping[str, object]) -> LineItem | None:
    """The created column, or None when the LMS's answer does not show it."""
    answer = connector.post(
        line_items_url, scopes=(LINE_ITEM_SCOPE,), content_type=_LINE_ITEM, json=wanted, accept=_LINE_ITEM
    )
    shown = answer.json if isinstance(answer.json, dict) else {}
    return _read_line_item({**wanted, **shown}, line_items_url)


def _created_unseen(
    connector: Connector, line_items_url: str, scopes: Collection[str], *, resource_id: str, tag: str
) -> LineItem:
    """The column that was created but not shown."""
    item = _find(connector, line_items_url, scopes, resource_id=resource_id, tag=tag)
    if item is None:
        raise PlatformRefused(ServiceFault.UNREADABLE)
    return item


def _activity_column(
    connector: Connector, endpoint: GradebookEndpoint, *, label: str, score_maximum: float
) -> LineItem:
    """The column that the LMS itself made for the activity."""
    url = endpoint.line_item_url
    if url is None or SCORE_SCOPE not in endpoint.scopes:
        raise PlatformRefused(ServiceFault.NO_GRADEBOOK)
    item = None
    if scopes := endpoint.scopes & {LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE}:
        answer = connector.get(url, scopes=scopes, accept=_LINE_ITEM)
        item = _read_line_item(answer.json, url)
    return item or LineItem(
        url=url, label=label, score_maximum=score_maximum, resource_id=None, resource_link_id=None, tag=None
    )


def _read_line_item(entry: object, base_url: str) -> LineItem | None:
    """One column of an answer; None for an entry that is none.

    Raises: PlatformRefused for an address on another server, which would get our token.
    """
    item = entry if isinstance(entry, dict) else {}
    url, maximum = item.get("id"), _number(item.get("scoreMaximum"))
    if not isinstance(url, str) or not url:
        return None
    if not is_same_origin(url, base_url):
        raise PlatformRefused(ServiceFault.FOREIGN_ADDRESS)
    return LineItem(
        url=url,
        label=text_of(item.get("label")) or "",
        score_maximum=maximum if maximum is not None else 0.0,
        resource_id=identifier_of(item.get("resourceId")),
        resource_link_id=identifier_of(item.get("resourceLinkId")),
        tag=identifier_of(item.get("tag")),
    )


def send_score(connector: Connector, line_item_url: str, score: ScoreToSend) -> None:
    """Puts one score into the column.

    Raises: ScoreIsStale when the LMS holds one of the same or a later timestamp; PlatformRefused, PlatformUnavailable.
    """
    connector.post(
        with_path_suffix(line_item_url, "/scores"),
        scopes=(SCORE_SCOPE,),
        content_type=_SCORE,
        json=_score_body(connector, score),
    )


def _score_body(connector: Connector, score: ScoreToSend) -> dict[str, object]:
    """The score as AGS writes it; only fully graded ones reach a gradebook, and one without points clears it."""
    body: dict[str, object] = {
        "userId": score.user_id,
        "timestamp": _instant(score.timestamp),
        "activityProgress": "Initialized" if score.points is None else "Completed",
        "gradingProgress": "NotReady" if score.points is None else "FullyGraded",
        **connector.quirks.score_extension,
    }
    if score.points is not None:
        body |= {"scoreGiven": score.points, "scoreMaximum": score.maximum}
    if score.comment:
        body["comment"] = score.comment.replace("\n", connector.quirks.comment_line_break)
    return body


def _instant(at: datetime) -> str:
    """ISO 8601 in UTC with microseconds: equal seconds would make two scores equally new."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_results(connector: Connector, line_item_url: str) -> Mapping[str, Result]:
    """The column as the LMS shows it, by user id.

    Raises: PlatformRefused, PlatformUnavailable.
    """
    url = with_path_suffix(line_item_url, "/results")
    results = (_read_result(entry) for entry in _pages(connector, url, (RESULT_SCOPE,), _RESULTS))
    return {result.user_id: result for result in results}


def _read_result(entry: object) -> Result:
    """One line of the column."""
    line = entry if isinstance(entry, dict) else {}
    user_id, maximum = identifier_of(line.get("userId")), _number(line.get("resultMaximum"))
    if user_id is None:
        raise PlatformRefused(ServiceFault.UNREADABLE)
    return Result(
        user_id=user_id,
        score=_number(line.get("resultScore")),
        maximum=maximum if maximum is not None and maximum > 0 else 1.0,  # the specification's, where none is usable
        comment=text_of(line.get("comment")),
    )


def _pages(connector: Connector, url: str, scopes: Collection[str], accept: str) -> Iterator[object]:
    """The entries of all pages; where an LMS's gradebook pages are broken the first one holds all."""
    visited: set[str] = set()
    following: str | None = url
    while following is not None:
        if following in visited or len(visited) >= _MOST_PAGES:
            raise PlatformRefused(ServiceFault.PAGES_REPEAT)
        visited.add(following)
        answer = connector.get(following, scopes=scopes, accept=accept)
        yield from _page_entries(answer)
        following = answer.next_url if connector.quirks.gradebook_is_paged else None


def _page_entries(answer: Answer) -> list[object]:
    """The entries of one page: a list, or (lti1p3platform 0.1.8) an object around it that says whether more follows."""
    wrapped = answer.json if isinstance(answer.json, dict) else {}
    entries = wrapped.get("content") if wrapped else ([] if answer.json is None else answer.json)
    if not isinstance(entries, list) or (wrapped.get("has_next") and answer.next_url is None):
        raise PlatformRefused(ServiceFault.UNREADABLE, status=answer.status)
    return entries


def _number(value: object) -> float | None:
    """A finite number, also one written as text (Moodle 4.5 repeats `scoreMaximum` as it was sent)."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
