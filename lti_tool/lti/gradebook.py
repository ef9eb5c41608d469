"""The gradebook by Assignment and Grade Services: scores into a column, results out of it. Columns: `line_items`.

Source: AGS 2.0, sections 3 and 4; Moodle 4.5.6 as observed; LMS behaviour in `quirks`.
"""

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from lti_tool.lti.addresses import with_path_suffix, with_query
from lti_tool.lti.connector import Answer, Connector
from lti_tool.lti.errors import PlatformRefused, ServiceFault
from lti_tool.lti.texts import identifier_of, text_of

_SCOPES = "https://purl.imsglobal.org/spec/lti-ags/scope/"
LINE_ITEM_SCOPE = _SCOPES + "lineitem"
LINE_ITEM_READ_SCOPE = _SCOPES + "lineitem.readonly"
SCORE_SCOPE = _SCOPES + "score"
RESULT_SCOPE = _SCOPES + "result.readonly"
_SCORE = "application/vnd.ims.lis.v1.score+json"
_RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"
_MOST_PAGES = 2_000


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
    is_overriding: bool = False  # staff decided that it replaces a grade of theirs

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


def send_score(connector: Connector, line_item_url: str, score: ScoreToSend) -> None:
    """Puts one score into the column.

    Raises: ScoreIsStale when the LMS holds one of the same or a later timestamp; PlatformRefused; PlatformUnavailable,
        also for a page for people with status 200: whether the score was taken is not known then.
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
        **(connector.quirks.overriding_extension if score.is_overriding else connector.quirks.score_extension),
    }
    if score.points is not None:
        body |= {"scoreGiven": score.points, "scoreMaximum": score.maximum}
    if score.comment:
        body["comment"] = score.comment.replace("\n", connector.quirks.comment_line_break)
    return body


def _instant(at: datetime) -> str:
    """ISO 8601 in UTC with microseconds: equal seconds would make two scores equally new."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read_results(
    connector: Connector, line_item_url: str, *, after_page: Callable[[], None] = lambda: None
) -> Mapping[str, Result]:
    """The column as the LMS shows it, by user id; `after_page` is told of each page and may end the reading.

    Raises: PlatformRefused, PlatformUnavailable, and whatever `after_page` raises.
    """
    url, size = with_path_suffix(line_item_url, "/results"), connector.quirks.results_page_size
    url = with_query(url, {"limit": str(size)}) if size else url
    entries = pages(connector, url, (RESULT_SCOPE,), _RESULTS, after_page=after_page)
    results = (_read_result(entry) for entry in entries)
    return {result.user_id: result for result in results}


def _read_result(entry: object) -> Result:
    """One line of the column."""
    line = entry if isinstance(entry, dict) else {}
    user_id, maximum = identifier_of(line.get("userId")), number(line.get("resultMaximum"))
    if user_id is None:
        raise PlatformRefused(ServiceFault.UNREADABLE)
    return Result(
        user_id=user_id,
        score=number(line.get("resultScore")),
        maximum=maximum if maximum is not None and maximum > 0 else 1.0,  # the specification's, where none is usable
        comment=text_of(line.get("comment")),
    )


def pages(
    connector: Connector,
    url: str,
    scopes: Collection[str],
    accept: str,
    *,
    after_page: Callable[[], None] = lambda: None,
) -> Iterator[object]:
    """The entries of all pages; where an LMS's gradebook pages are broken the first one holds all."""
    visited: set[str] = set()
    following: str | None = url
    while following is not None:
        if following in visited or len(visited) >= _MOST_PAGES:
            raise PlatformRefused(ServiceFault.PAGES_REPEAT)
        visited.add(following)
        answer = connector.get(following, scopes=scopes, accept=accept)
        after_page()
        yield from _page_entries(answer)
        following = answer.next_url if connector.quirks.gradebook_is_paged else None


def _page_entries(answer: Answer) -> list[object]:
    """The entries of one page: a list, or (lti1p3platform 0.1.8) an object around it that says whether more follows."""
    wrapped = answer.json if isinstance(answer.json, dict) else {}
    entries = wrapped.get("content") if wrapped else ([] if answer.json is None else answer.json)
    if not isinstance(entries, list) or (wrapped.get("has_next") and answer.next_url is None):
        raise PlatformRefused(ServiceFault.UNREADABLE, status=answer.status)
    return entries


def number(value: object) -> float | None:
    """A finite number, also one written as text (Moodle 4.5 repeats `scoreMaximum` as it was sent)."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
