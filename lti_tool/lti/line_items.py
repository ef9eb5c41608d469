"""Columns of the LMS's gradebook by Assignment and Grade Services: found, made, listed; never changed, never deleted.

Source: AGS 2.0, section 3; Moodle 4.5.6 as observed (columns are created unbound: a bound one takes the `lineitem`
claim from later launches); LMS behaviour in `quirks`.
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lti_tool.lti.addresses import is_same_origin, with_query
from lti_tool.lti.claims import GradebookEndpoint
from lti_tool.lti.connector import Connector
from lti_tool.lti.errors import PlatformRefused, PlatformUnavailable, ServiceFault
from lti_tool.lti.gradebook import LINE_ITEM_READ_SCOPE, LINE_ITEM_SCOPE, SCORE_SCOPE, number, pages
from lti_tool.lti.texts import identifier_of, text_of

_LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
_LINE_ITEMS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
# Moodle 4.5 answers 502 to a longer one.
LONGEST_LABEL = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class LineItem:
    """One column of the LMS's gradebook."""

    url: str
    label: str
    score_maximum: float
    resource_id: str | None
    resource_link_id: str | None
    tag: str | None


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
    url = endpoint.line_items_url

    def find() -> LineItem | None:
        return _find(connector, url, scopes, resource_id=resource_id, tag=tag, own_link=resource_link_id)

    found = find()
    if found is not None:
        return found
    try:
        created = _create(connector, url, wanted)
    except PlatformUnavailable:
        # The answer was lost: the column may exist all the same, and a second POST would make a second one.
        created = find()
        if created is None:
            raise
    return created or _required(find())


def _new_item(*, label: str, score_maximum: float, resource_id: str, tag: str) -> dict[str, object]:
    """What a new column is asked for with; Open edX wants a whole number as maximum."""
    if not math.isfinite(score_maximum) or score_maximum <= 0:
        raise ValueError("the maximum must be above zero")
    maximum = int(score_maximum) if float(score_maximum).is_integer() else score_maximum
    return {"label": label[:LONGEST_LABEL], "scoreMaximum": maximum, "resourceId": resource_id, "tag": tag}


def _find(
    connector: Connector,
    line_items_url: str,
    scopes: Collection[str],
    *,
    resource_id: str,
    tag: str,
    own_link: str | None,
) -> LineItem | None:
    """Our column, an unbound one first, one of a duplicated activity last (Moodle 4.5 copies resource id and tag).

    Filters are asked for and checked again, since some LMSs ignore them.
    """
    url = with_query(line_items_url, {"resource_id": resource_id, "tag": tag})
    items = [_read_line_item(entry, line_items_url) for entry in pages(connector, url, scopes, _LINE_ITEMS)]
    ours = [item for item in items if item and item.resource_id == resource_id and item.tag == tag]
    order = [None, own_link]
    return min(
        ours,
        key=lambda item: order.index(item.resource_link_id) if item.resource_link_id in order else 2,
        default=None,
    )


def read_line_items(connector: Connector, endpoint: GradebookEndpoint) -> list[LineItem]:
    """Every column that the LMS lets the tool see.

    Raises: PlatformRefused (NO_GRADEBOOK where it lists none at all), PlatformUnavailable.
    """
    scopes = endpoint.scopes & {LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE}
    if endpoint.line_items_url is None or not scopes:
        raise PlatformRefused(ServiceFault.NO_GRADEBOOK)
    url = endpoint.line_items_url
    items = [_read_line_item(entry, url) for entry in pages(connector, url, scopes, _LINE_ITEMS)]
    return [item for item in items if item]


def is_gone(connector: Connector, line_item_url: str, scopes: Collection[str]) -> bool:
    """Whether the LMS has this column no more.

    Raises: PlatformRefused, PlatformUnavailable.
    """
    try:
        connector.get(line_item_url, scopes=scopes, accept=_LINE_ITEM)
    except PlatformRefused as refusal:
        if refusal.fault is not ServiceFault.NOT_FOUND:
            raise
        return True
    return False


def has_line_items(connector: Connector, endpoint: GradebookEndpoint) -> bool:
    """Whether the LMS has a gradebook for the course at all; it has where the tool may not look.

    Raises: PlatformUnavailable.
    Source: canvas-lms `lti/ims/concerns/gradebook_services.rb`: of a course that is concluded, everything is 404.
    """
    scopes = endpoint.scopes & {LINE_ITEM_SCOPE, LINE_ITEM_READ_SCOPE}
    if endpoint.line_items_url is None or not scopes:
        return True
    try:
        connector.get(endpoint.line_items_url, scopes=scopes, accept=_LINE_ITEMS)
    except PlatformRefused as refusal:
        return refusal.fault is not ServiceFault.NOT_FOUND
    return True


def _create(connector: Connector, line_items_url: str, wanted: Mapping[str, object]) -> LineItem | None:
    """The created column, or None when the LMS's answer does not show it."""
    answer = connector.post(
        line_items_url, scopes=(LINE_ITEM_SCOPE,), content_type=_LINE_ITEM, json=wanted, accept=_LINE_ITEM
    )
    shown = answer.json if isinstance(answer.json, dict) else {}
    return _read_line_item({**wanted, **shown}, line_items_url)


def _required(item: LineItem | None) -> LineItem:
    """The column that was created but not shown."""
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
    url, maximum = item.get("id"), number(item.get("scoreMaximum"))
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
