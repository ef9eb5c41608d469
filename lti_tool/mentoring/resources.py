"""What people put on a shelf: links and files. Which files, how large, and whether one is what its name says.

A file is judged by its content, not by what the browser says of it. Pages and pictures that can hold a program (HTML,
SVG), programs and archives are not taken; documents of an office only without macros.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from lti_tool.mentoring.plain import one_line, paragraphs, wrong
from lti_tool.mentoring.words import N_, Sentence

LONGEST_TITLE = 120
LONGEST_NOTE = 500
LONGEST_ADDRESS = 2000
LONGEST_FILE_NAME = 120
MOST_THINGS = 100  # on one shelf
MEGABYTE = 1024 * 1024

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
FILE_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "txt": "text/plain",
    "md": "text/plain",
    "csv": "text/plain",
    "docx": f"{_OFFICE}wordprocessingml.document",
    "pptx": f"{_OFFICE}presentationml.presentation",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "odt": f"{_OPEN}text",
    "odp": f"{_OPEN}presentation",
    "ods": f"{_OPEN}spreadsheet",
}
KINDS_IN_WORDS = "PDF, PNG, JPEG, GIF, WebP, TXT, MD, CSV, DOCX, PPTX, XLSX, ODT, ODP, ODS"  # names of formats

_SPACES_OF_ITS_OWN = {
    "\u202a",
    "\u202b",
    "\u202c",
    "\u202d",
    "\u202e",
    "\u2066",
    "\u2067",
    "\u2068",
    "\u2069",
    "\u200e",
    "\u200f",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address that somebody puts on a shelf."""

    title: str
    address: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """How full a shelf is, and how much it may hold."""

    count: int
    used_bytes: int
    most_bytes: int
    largest_file_bytes: int


def parse_link(form: Mapping[str, str]) -> tuple[Link | None, dict[str, Sentence]]:
    """Return the link a form holds, or None and what is wrong, by field name.

    Shape: the fields are `address`, `title` (empty: the address's host) and `note`.
    """
    address = form.get("address", "").strip()
    described, problems = parse_description(form)
    if not address:
        problems["address"] = Sentence(N_("Please paste the address of the page."))
    elif not is_web_address(address):
        problems["address"] = Sentence(
            N_("This is not the address of a web page. Copy the whole line from the browser; it begins with https://.")
        )
    if problems or described is None:
        return None, problems
    return Link(title=described[0] or str(urlsplit(address).hostname), address=address, note=described[1]), {}


def parse_description(form: Mapping[str, str]) -> tuple[tuple[str, str] | None, dict[str, Sentence]]:
    """Return title and note as a form holds them, or None and what is wrong, by field name; both may be empty."""
    title, note = one_line(form.get("title", "")), paragraphs(form.get("note", ""))
    checks = {
        "title": wrong(title, longest=LONGEST_TITLE, may_be_empty=True),
        "note": wrong(note, longest=LONGEST_NOTE, may_be_empty=True),
    }
    problems = {name: problem for name, problem in checks.items() if problem}
    return (None if problems else (title, note)), problems


def is_web_address(text: str) -> bool:
    """Tell whether this is an absolute http or https address that everybody reads the same way."""
    if len(text) > LONGEST_ADDRESS or not text.isprintable() or set(text) & set(' \\"<>'):
        return False
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  # the property raises ValueError for a port that is no number
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc


def clean_name(name: str) -> str:
    """Return a file's name without folders, invisible signs and signs that some system takes for something else."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(sign for sign in last if sign.isprintable() and sign not in _SPACES_OF_ITS_OWN | set('<>:"|?*'))
    stem, dot, ending = one_line(kept).rpartition(".")
    if not dot or not ending or not stem.strip(". "):
        return ""
    return f"{stem.strip('. ')[: LONGEST_FILE_NAME - len(ending) - 1]}.{ending.lower()}"


def named_type(name: str) -> str | None:
    """Return the media type that a file of this name must have, or None where such files are not taken."""
    return FILE_TYPES.get(name.rpartition(".")[2].lower()) if "." in name else None


def problem_with_file(name: str, size: int, found: Collection[str], shelf: Shelf) -> Sentence | None:
    """Return why the file cannot be taken, or None.

    Shape: `name` as `clean_name` gives it; `found` are the media types that its content may be read as.
    Units: `size` in bytes.
    """
    wanted = named_type(name)
    if wanted is None:
        return Sentence(
            N_("Files of this kind are not taken. Possible are: %(kinds)s. For anything else, share a link."),
            {"kinds": KINDS_IN_WORDS},
        )
    if size == 0:
        return Sentence(N_("This file is empty."))
    if size > shelf.largest_file_bytes:
        return Sentence(
            N_("This file is too large: at most %(maximum)s MB. For a larger one, share a link."),
            {"maximum": shelf.largest_file_bytes // MEGABYTE},
        )
    if wanted not in found:
        return Sentence(
            N_("What is in this file is not what its name says (%(ending)s). Save it in that form, or share a link."),
            {"ending": name.rpartition(".")[2].upper()},
        )
    return no_room(shelf, size)


def no_room(shelf: Shelf, size: int = 0) -> Sentence | None:
    """Return why nothing more of this size fits on the shelf, or None.

    Units: bytes.
    """
    if shelf.count >= MOST_THINGS:
        return Sentence(
            N_("There are %(count)s things here already, which is the most. Remove one first."), {"count": shelf.count}
        )
    if shelf.used_bytes + size > shelf.most_bytes:
        return Sentence(
            N_("There is no room left for this: all files here together may have %(maximum)s MB. Remove one first."),
            {"maximum": shelf.most_bytes // MEGABYTE},
        )
    return None


def parse_tip(form: Mapping[str, str]) -> tuple[str, dict[str, Sentence]]:
    """Return what somebody says of a thing that worked for them, and what is wrong; an empty one takes it back."""
    text = paragraphs(form.get("tip", ""))
    problem = wrong(text, longest=LONGEST_NOTE, may_be_empty=True)
    return text, {"tip": problem} if problem else {}
