"""Paging by `Link: <…>; rel="next"` with opaque, signed, case-sensitive cursors (NRPS 2.0, 2.4.2)."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import abort, request

from lti_tool.demo_lms.state import campus
from lti_tool.demo_lms.tokens import json_problem

T = TypeVar("T")
CURSOR = "page"
EVERYTHING = 10**9


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which part of a list is asked for, and by which filters."""

    start: int
    size: int
    filters: Mapping[str, str]


def window(*names: str, size: int | None, most: int | None = None) -> Window:
    """Answer the asked part: from the cursor, which remembers its filters, or from the query.

    Without a size everything comes at once. Leaves with 400 on a bad limit or a changed cursor.
    """
    if cursor := request.args.get(CURSOR):
        return _opened(cursor)
    usual = campus().page_size or size
    most = campus().page_size or most
    limit = request.args.get("limit", str(usual or EVERYTHING))
    if not limit.isascii() or not limit.isdecimal() or int(limit[:9]) == 0:
        abort(json_problem(400, "invalid_request", "limit must be a positive whole number."))
    filters = {name: request.args[name] for name in names if request.args.get(name)}
    return Window(start=0, size=min(int(limit[:9]), most or EVERYTHING), filters=filters)


def page(
    rows: Sequence[T],
    part: Window,
    *,
    keep: Mapping[str, str] | None = None,
    dropped: frozenset[str] = frozenset(),
    links_back: bool = False,
) -> tuple[Sequence[T], dict[str, str]]:
    """Answer the rows of a window and the headers that lead to the next one.

    `dropped` filters are forgotten by the next link, as Moodle does; `links_back` gives the last page a link to the
    second one, as Blackboard does.
    """
    end = part.start + part.size
    shown = rows[part.start : end]
    if end >= len(rows):
        if not links_back or not part.start:
            return shown, {}
        end = part.size
    kept = {name: value for name, value in part.filters.items() if name not in dropped}
    sealed = _sealed(Window(start=part.start, size=part.size, filters=kept), end)
    query = "&".join([*(f"{name}={value}" for name, value in (keep or {}).items()), f"{CURSOR}={sealed}"])
    return shown, {"Link": f'<{campus().url}{request.path}?{query}>; rel="next"'}


def _sealed(part: Window, start: int) -> str:
    body = json.dumps([request.path, start, part.size, dict(part.filters)]).encode()
    return base64.urlsafe_b64encode(_seal(body) + body).rstrip(b"=").decode()


def _opened(cursor: str) -> Window:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except (binascii.Error, ValueError):
        text = b""
    seal, body = text[:12], text[12:]
    if not hmac.compare_digest(seal, _seal(body)) or json.loads(body)[0] != request.path:
        abort(json_problem(400, "invalid_request", "This page address was changed; it is opaque and case-sensitive."))
    _, start, size, filters = json.loads(body)
    return Window(start=start, size=size, filters=filters)


def _seal(body: bytes) -> bytes:
    return hmac.digest(campus().secret, body, hashlib.sha256)[:12]
