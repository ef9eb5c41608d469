"""As what a file's content may be read, whatever its name and the browser say.

Source: the signatures that puremagic knows; ECMA-376 part 2 and OASIS ODF 1.3 part 2 for what is inside a document.
"""

import io
import unicodedata
import zipfile
from collections.abc import Iterator

import puremagic

from lti_tool.mentoring.resources import FILE_TYPES

_OFFICE = "application/vnd.openxmlformats-officedocument."
_PARTS = {
    "word/document.xml": f"{_OFFICE}wordprocessingml.document",
    "ppt/presentation.xml": f"{_OFFICE}presentationml.presentation",
    "xl/workbook.xml": f"{_OFFICE}spreadsheetml.sheet",
}
_MACROS = ("vbaproject.bin", "basic/", "scripts/")
_SPACES = {"\t", "\n", "\r", "\f"}
_BLANKS = b"\xef\xbb\xbf \t\r\n"  # in front of a page they change nothing for a browser
_SMALL = 200  # bytes: the part of an ODF document that names its type


def types_of(content: bytes) -> frozenset[str]:
    """The media types as which this content may be kept; none where it is nothing that is taken."""
    if content.startswith(b"PK\x03\x04"):
        return frozenset(_document(content))
    found = set(_signatures(content))
    known = found & set(FILE_TYPES.values())
    if known:
        return frozenset(known)
    return frozenset({"text/plain"} if _is_text(content) and not found & _ACTIVE else ())


# What a browser or a reader would run, although it is written in letters.
_ACTIVE = {"text/html", "image/svg+xml", "application/xml", "text/xml", "application/xhtml+xml", "application/rtf"}


def _signatures(content: bytes) -> Iterator[str]:
    try:
        yield from (one.mime_type for one in puremagic.magic_string(content.lstrip(_BLANKS)))
    except (puremagic.PureError, ValueError):
        return


def _document(content: bytes) -> Iterator[str]:
    """What kind of document an archive is: only one that is whole, and without macros."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {one.filename for one in archive.infolist()}
            lowered = [name.lower() for name in names]
            if any(name.endswith(_MACROS[0]) or name.startswith(_MACROS[1:]) for name in lowered):
                return
            if "[Content_Types].xml" in names:
                yield from (kind for part, kind in _PARTS.items() if part in names)
            elif "mimetype" in names and archive.getinfo("mimetype").file_size < _SMALL:
                yield archive.read("mimetype").decode("ascii", "replace").strip()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        return  # damaged, encrypted, or packed in a way that no document is


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(unicodedata.category(sign) != "Cc" or sign in _SPACES for sign in text)
