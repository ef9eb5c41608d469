"""Shelves and the library: what is taken as a file, who gets it, and how a browser is told to treat it."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from lti_tool.store.db import db, transaction
from lti_tool.store.matching import Pair
from lti_tool.store.resources import Resource, ResourceFile, ResourceTip
from tests import make
from tests.conftest import Clock
from tests.pages import PageClient
from tests.web.course import Course, Reader, course, reader

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Browsers = Callable[[], PageClient]
SCRIPT = "<script>alert(1)</script>"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF"


@pytest.fixture
def here(app: Flask, clock: Clock, pages: Browsers) -> Course:
    return course(pages, clock.now.replace(year=2027), asks_application=False, asks_training=False)


@pytest.fixture
def pair_id(here: Course) -> int:
    return make.pair(here.at, here.bob_enrolment, here.dana_enrolment, by=here.alice.person_id)


def put(who: Reader, page: str, name: str, content: bytes, *, status: int = 303, **fields: str) -> Any:
    """Share a file."""
    data: dict[str, Any] = {**fields, "file": (io.BytesIO(content), name)}
    options = {"content_type": "multipart/form-data"}
    shown = who.pages.submit(who.open(page), page, data, status=status, **options)
    assert who.pages.last is not None
    who.pages.last.request.environ["wsgi.input"].close()  # the test client keeps a large request in a file
    return shown


def archive(*parts: tuple[str, str]) -> bytes:
    """A packed document with these parts."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        for name, text in parts:
            file.writestr(name, text)
    return packed.getvalue()


def count(table: Any) -> int:
    """How many rows there are."""
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.pdf", PDF),
        ("Plan für Mai.txt", "Woche 1: Lesen\u00a0😀\n".encode()),
        ("notes.docx", archive(("[Content_Types].xml", "<x/>"), ("word/document.xml", "<x/>"))),
        ("notes.odt", archive(("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "<x/>"))),
    ],
)
def test_a_file_comes_back_as_it_was_and_as_a_download_that_nothing_runs(
    here: Course, pair_id: int, name: str, content: bytes
) -> None:
    put(here.bob, f"pairs/{pair_id}/shelf/add/file", name, content, title=f"Our plan {SCRIPT}")

    page = here.dana.open(f"pairs/{pair_id}/shelf/")
    (link,) = page.select("a[download]")
    answer = here.dana.pages.raw().get(str(link["href"]))

    assert SCRIPT in page.get_text()
    assert not page.select(".rows script")
    assert answer.get_data() == content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.mimetype not in {"text/html", "image/svg+xml"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("plan.pdf", b"MZ\x90\x00" + b"\x00" * 300),
        ("plan.pdf", b"<html><script>alert(1)</script></html>"),
        ("plan.txt", b"\xef\xbb\xbf\n <!DOCTYPE html><script>alert(1)</script>"),
        ("picture.png", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("picture.jpg", PDF),
        ("notes.docx", archive(("a.txt", "x"))),
        ("notes.docx", archive(("[Content_Types].xml", "x"), ("word/document.xml", "x"), ("word/vbaProject.bin", "x"))),
        ("notes.docx", b"PK\x03\x04 and no more"),
        ("page.html", b"<html></html>"),
        ("program.exe", b"MZ"),
        ("plan.pdf", b""),
        ("plan.pdf", PDF + b"x" * 5 * 1024 * 1024),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_file_with_a_lying_type_or_too_large_is_refused_beside_its_field(
    here: Course, pair_id: int, name: str, content: bytes
) -> None:
    page = f"pairs/{pair_id}/shelf/add/file"

    shown = put(here.bob, page, name, content, status=422, title="Kept", note="Kept, too")

    assert shown.select("#problems a[href='#f-file']")
    assert shown.select("#f-title")[0]["value"] == "Kept"
    assert shown.select("#f-note")[0].get_text().strip() == "Kept, too"
    assert count(Resource) == count(ResourceFile) == 0


def test_far_too_large_a_request_is_not_read_and_the_page_says_so(here: Course, pair_id: int) -> None:
    page = f"pairs/{pair_id}/shelf/add/file"

    shown = put(here.bob, page, "plan.pdf", PDF + b"x" * 7 * 1024 * 1024, status=413)

    assert "smaller file" in shown.get_text()


def test_only_pages_for_files_take_large_requests(here: Course, pair_id: int) -> None:
    page = f"pairs/{pair_id}/messages/"

    here.bob.pages.submit(here.bob.open(page), page, {"text": "x" * 600 * 1024}, status=413)


def test_a_link_is_shown_with_its_host_and_a_script_is_none(here: Course, pair_id: int) -> None:
    page = f"pairs/{pair_id}/shelf/add/link"

    wrong = here.bob.submit(page, page, {"address": "javascript:alert(1)", "title": SCRIPT}, status=422)
    here.bob.submit(page, page, {"address": "https://library.example.edu/writing", "note": SCRIPT})
    shown = here.dana.open(f"pairs/{pair_id}/shelf/")

    assert wrong.select("#f-address")[0]["value"] == "javascript:alert(1)"
    (link,) = shown.select(".rows a[rel]")
    assert link["href"] == "https://library.example.edu/writing"
    assert "Link to library.example.edu" in shown.get_text()
    assert SCRIPT in shown.get_text()


def test_a_second_click_shares_nothing_twice(here: Course, pair_id: int) -> None:
    page = f"pairs/{pair_id}/shelf/add/link"
    form = here.bob.open(page)

    for _ in range(2):
        here.bob.pages.submit(form, page, {"address": "https://library.example.edu/"}, status=303)

    assert count(Resource) == 1


def test_what_worked_is_said_changed_and_taken_back(here: Course, pair_id: int) -> None:
    number = make.resource(here.at, pair_id, here.bob.person_id)
    page = f"pairs/{pair_id}/shelf/{number}"

    here.dana.submit(page, page, {"tip": f"It did. {SCRIPT}"})
    shown = here.bob.open(page)
    here.dana.submit(page, page, {"tip": "x" * 501}, status=422)
    here.dana.submit(page, page, {"tip": ""})

    assert f"It did. {SCRIPT}" in shown.get_text()
    assert count(ResourceTip) == 0


def test_only_who_put_a_thing_there_takes_it_away(here: Course, pair_id: int) -> None:
    number = make.resource(here.at, pair_id, here.bob.person_id)
    page = f"pairs/{pair_id}/shelf/{number}"
    make_tip = {"tip": "It worked."}
    here.dana.submit(page, page, make_tip)
    form = here.bob.open(page)

    here.dana.pages.submit(here.dana.open(page), f"/{number}", {"tip": "Still here."}, status=303)
    token = str(here.dana.open(page).select("input[name=csrf_token]")[0]["value"])
    url = f"{here.dana.path}{page}/remove"
    here.dana.pages.raw().post(url, data={"csrf_token": token})
    left = count(Resource)
    here.bob.pages.submit(form, "/remove", {}, status=303)

    assert left == 1
    assert count(Resource) == count(ResourceFile) == count(ResourceTip) == 0


def test_nobody_else_opens_a_shelf_and_staff_have_no_page_of_it(
    here: Course, pair_id: int, pages: Browsers, clock: Clock
) -> None:
    number = make.resource(here.at, pair_id, here.bob.person_id, b"Between us")
    until = clock.now.replace(year=2027)
    gwen = reader(pages, here.at, make.person(here.at, "Gwen Gingham"), role="student", until=until)
    hugo = reader(pages, here.at, make.person(here.at, "Hugo Hazel"), role="student", until=until)
    mentor = make.enrolment(here.at, gwen.person_id, role="mentor")
    other = make.pair(here.at, mentor, make.enrolment(here.at, hugo.person_id, role="mentee"), by=here.alice.person_id)

    for page in ("", "add/file", "add/link", f"{number}", f"{number}/file"):
        gwen.open(f"pairs/{pair_id}/shelf/{page}", status=404)
    for page in (f"{number}", f"{number}/file"):
        gwen.open(f"pairs/{other}/shelf/{page}", status=404)
        gwen.open(f"library/{page}", status=404)
        here.alice.open(f"library/{page}", status=404)


def test_in_a_closed_pair_files_are_read_and_nothing_is_added(here: Course, pair_id: int) -> None:
    number = make.resource(here.at, pair_id, here.bob.person_id)
    form = here.bob.open(f"pairs/{pair_id}/shelf/add/link")
    with transaction() as session:
        session.get_one(Pair, pair_id).state = "ended"

    here.bob.pages.submit(form, "/add/link", {"address": "https://library.example.edu/"}, status=303)

    assert here.dana.pages.raw().get(f"{here.dana.path}pairs/{pair_id}/shelf/{number}/file").status_code == 200
    assert count(Resource) == 1


def test_a_shelf_that_is_full_says_so_and_keeps_what_was_typed(app: Flask, here: Course, pair_id: int) -> None:
    app.config["SHELF_MEGABYTES"] = 1
    make.resource(here.at, pair_id, here.bob.person_id, b"x" * (1024 * 1024 - 10))

    shown = put(here.bob, f"pairs/{pair_id}/shelf/add/file", "plan.pdf", PDF, status=422, title="Kept")

    assert "no room left" in shown.get_text()
    assert shown.select("#f-title")[0]["value"] == "Kept"


def test_where_the_installation_takes_no_files_links_are_left(app: Flask, here: Course, pair_id: int) -> None:
    app.config["FILE_MEGABYTES"] = 0

    shown = here.bob.open(f"pairs/{pair_id}/shelf/")

    assert not shown.select("a[href$='/add/file']")
    here.bob.open(f"pairs/{pair_id}/shelf/add/file", status=404)


def test_the_library_is_filled_by_staff_read_by_all_and_praised_by_mentors(here: Course, pair_id: int) -> None:
    put(here.alice, "library/add/file", "plan.pdf", PDF, title="Plan of the term")
    number = db.session.scalars(select(Resource.id)).one()
    page = f"library/{number}"

    here.bob.submit(page, page, {"tip": f"Week by week. {SCRIPT}"})
    seen = here.dana.open(page)
    file = here.dana.pages.raw().get(f"{here.dana.path}{page}/file")
    here.alice.submit(page, "/remove", {})

    assert "Plan of the term" in seen.get_text()
    assert f"Week by week. {SCRIPT}" in seen.get_text()
    assert not seen.select("textarea")
    assert file.get_data() == PDF
    assert count(Resource) == count(ResourceFile) == count(ResourceTip) == 0


def test_who_takes_no_part_has_no_library(here: Course, pages: Browsers, clock: Clock) -> None:
    until = clock.now.replace(year=2027)
    gwen = reader(pages, here.at, make.person(here.at, "Gwen Gingham"), role="student", until=until)
    number = make.resource(here.at, None, here.alice.person_id)

    gwen.open("library/", status=303)
    answer = gwen.pages.raw().get(f"{gwen.path}library/{number}/file")

    assert answer.status_code == 303


def test_the_first_guide_begins_with_why_the_two_were_matched(here: Course, pair_id: int) -> None:
    with transaction() as session:
        session.get_one(Pair, pair_id).reasons = [
            {"text": "Interests you share: %(things)s", "values": {"things": ["Playing sport"]}}
        ]

    first = here.bob.open(f"pairs/{pair_id}/guides/first-meeting")
    other = here.bob.open(f"pairs/{pair_id}/guides/a-setback")

    assert "Playing sport: how did it begin for each of you?" in first.get_text()
    assert "Playing sport" not in other.get_text()
    for page in (first, other):
        assert "Ask before you advise" in page.get_text()
    here.bob.open(f"pairs/{pair_id}/guides/none-such", status=404)


def test_every_guide_opens_for_the_pair_and_for_staff_and_its_short_version_becomes_a_draft(
    app: Flask, here: Course, pair_id: int
) -> None:
    guides = app.extensions["contents"].contents("en").guides

    assert len(guides) == 12
    for one in guides:
        assert one.title in here.dana.open(f"pairs/{pair_id}/guides/{one.key}").get_text()
        assert one.title in here.alice.open(f"guides/{one.key}").get_text()
        draft = here.dana.open(f"pairs/{pair_id}/messages/?guide={one.key}")
        assert one.text_version.split()[0] in draft.select("#f-text")[0].get_text()
