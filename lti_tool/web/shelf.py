"""Shelves as students and staff fill and read them: what a form adds, how full it is, and how a file is handed out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO

from flask import abort, request
from werkzeug.utils import send_file
from werkzeug.wrappers import Response

from lti_tool.actions import resources as actions
from lti_tool.actions.file_types import types_of
from lti_tool.mentoring.resources import (
    MEGABYTE,
    Shelf,
    clean_name,
    no_room,
    parse_description,
    parse_link,
    problem_with_file,
)
from lti_tool.mentoring.rules import RuleBroken
from lti_tool.mentoring.words import N_, Sentence
from lti_tool.store.people import Person
from lti_tool.store.resources import Resource, ResourceTip, content_of, fullness, resources_on, tips_on
from lti_tool.web.forms import once, page_number
from lti_tool.web.text import sentence
from lti_tool.web.visitor import config, now, visitor

ON_A_PAGE = 10
MOST_TIPS = 20  # on the page of one thing
UPLOADS = frozenset({"student.pair_shelf.add", "instructor.library.add"})  # pages that take larger requests
KINDS = ("link", "file")
NO_FILE = Sentence(N_("Please choose a file."))


def take_larger_requests(endpoint: str | None, _values: object) -> None:
    """Pages that take files take requests as large as a file may be, and a little more; all others stay as they are."""
    if endpoint in UPLOADS:
        request.max_content_length = (config("FILE_MEGABYTES") + 1) * MEGABYTE


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One page of a shelf."""

    rows: Sequence[tuple[Resource, Person]]
    tips: Mapping[int, Sequence[tuple[ResourceTip, Person]]]
    page: int
    pages: int
    shelf: Shelf


def listed(pair_id: int | None) -> Listed:
    """The page of a pair's shelf, or of the library (no pair), that the address asks for, newest first."""
    programme_id, page = visitor().programme.id, page_number()
    rows = resources_on(programme_id, pair_id)
    shown = rows[ON_A_PAGE * (page - 1) : ON_A_PAGE * page]
    return Listed(
        rows=shown,
        tips=tips_on([row.id for row, _person in shown]),
        page=page,
        pages=max(1, -(-len(rows) // ON_A_PAGE)),
        shelf=limits(pair_id),
    )


def limits(pair_id: int | None) -> Shelf:
    """How full the shelf is, and how much it may hold."""
    count, used = fullness(visitor().programme.id, pair_id)
    room = config("LIBRARY_MEGABYTES" if pair_id is None else "SHELF_MEGABYTES")
    return Shelf(
        count=count,
        used_bytes=used,
        most_bytes=room * MEGABYTE,
        largest_file_bytes=config("FILE_MEGABYTES") * MEGABYTE,
    )


def kinds() -> tuple[str, ...]:
    """What can be put on a shelf here: links always, files where the installation takes them."""
    return KINDS if config("FILE_MEGABYTES") else KINDS[:1]


def add(pair_id: int | None, kind: str) -> dict[str, str]:
    """Put on the shelf what the request's form holds; what is wrong, by field name: nothing when it is there."""
    if kind not in kinds():
        abort(404)
    try:
        problems = _add_link(pair_id) if kind == "link" else _add_file(pair_id)
    except RuleBroken as broken:
        problems = {"": broken.sentence}
    return {name: sentence(problem) for name, problem in problems.items()}


def _add_link(pair_id: int | None) -> Mapping[str, Sentence]:
    link, problems = parse_link(request.form)
    if link is not None:
        here = visitor()
        actions.add_link(
            here.programme.id, pair_id, here.person.id, link, shelf=limits(pair_id), once=once(), now=now()
        )
    return problems


def _add_file(pair_id: int | None) -> Mapping[str, Sentence]:
    shelf, here = limits(pair_id), visitor()
    described, problems = parse_description(request.form)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return problems | {"file": NO_FILE}
    with sent.stream as stream:  # a large one is a temporary file, gone once it is closed
        name, content = clean_name(sent.filename), stream.read(shelf.largest_file_bytes + 1)
    refusal = problem_with_file(name, len(content), types_of(content), shelf)
    if refusal or described is None:
        return problems | ({"file": refusal} if refusal else {})
    title, note = described
    actions.add_file(
        here.programme.id,
        pair_id,
        here.person.id,
        name=name,
        content=content,
        title=title,
        note=note,
        shelf=shelf,
        once=once(),
        now=now(),
    )
    return {}


def no_room_left(pair_id: int | None) -> Sentence | None:
    """Why nothing more can be put there, or None."""
    return no_room(limits(pair_id))


def file_of(resource: Resource) -> Response:
    """The file as a download that no browser runs, for whoever has come past the page's guard."""
    content = content_of(resource.id) if resource.kind == "file" else None
    if content is None:
        abort(404)
    answer = send_file(
        BytesIO(content),
        environ=request.environ,
        mimetype=resource.media_type or "application/octet-stream",
        as_attachment=True,
        download_name=resource.file_name,
        etag=False,
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
