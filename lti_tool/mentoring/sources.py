"""Reading what staff wrote in files: tables of TOML whose faults are collected, files in the order of their numbers."""

import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self, TypeVar

Value = TypeVar("Value")

LETTERS = "abcdefgh"

_NUMBERED = re.compile(r"(?:\d+-)?(?P<key>[a-z0-9]+(?:-[a-z0-9]+)*)\.(?:md|toml)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What one file holds, and the language of its folder."""

    text: str
    language: str
    original: str = ""  # the English text where this is its translation

    @property
    def version(self) -> str:
        """Short, and the same in every language: reading on in another one makes nothing new."""
        return version_of(self.original or self.text)


MISSING = Source(text="", language="en")


class Table:
    """A table of a TOML file; each reading takes one name out, and what is wrong goes to one list for all files."""

    def __init__(self, values: Mapping[str, Any], where: str, problems: list[str]) -> None:
        self._values = dict(values)
        self._where = where
        self._problems = problems

    @classmethod
    def read(cls, path: str, text: str, problems: list[str]) -> Self:
        """The whole file; an empty table where it is no TOML, which is said once and not for every name."""
        try:
            return cls(tomllib.loads(text), path, problems)
        except tomllib.TOMLDecodeError as fault:
            problems.append(f"{path}: {fault}")
            return cls({}, path, [])

    def wrong(self, what: str) -> None:
        """Note a fault of this table."""
        self._problems.append(f"{self._where}: {what}")

    def text(self, name: str, *, optional: bool = False) -> str:
        """A text without the line breaks of the file; an empty line stays, as the border of a paragraph."""
        found = self._take(name, str, "" if optional else None, "a text")
        paragraphs = re.split(r"\n\s*\n", str(found).strip())
        text = "\n\n".join(" ".join(one.split()) for one in paragraphs)
        if not text and not optional and isinstance(found, str) and found is not _NOTHING:
            self.wrong(f"{name} is empty")
        return text

    def texts(self, name: str, *, optional: bool = False) -> tuple[str, ...]:
        """A list of texts."""
        found = self._take(name, list, [] if optional else None, "a list of texts")
        if found is _NOTHING:
            return ()
        texts = tuple(" ".join(one.split()) for one in found if isinstance(one, str))
        if len(texts) != len(found) or not all(texts) or not (texts or optional):
            self.wrong(f"{name} must be a list of texts, none of them empty")
        return texts

    def tables(self, name: str, *, optional: bool = False) -> list["Table"]:
        """The tables written as `[[name]]`."""
        found = self._take(name, list, [] if optional else None, f"[[{name}]]")
        rows = [] if found is _NOTHING else found
        return [
            Table(one, f"{self._where}: {name} {number}", self._problems)
            for number, one in enumerate(rows, start=1)
            if isinstance(one, dict)
        ]

    def whole(self, name: str, low: int, high: int) -> int:
        """A whole number within bounds, else the lower one."""
        found = self._take(name, int, None, "a whole number")
        if found is _NOTHING:
            return low
        if isinstance(found, bool) or not low <= found <= high:
            self.wrong(f"{name} must be a whole number from {low} to {high}")
            return low
        return int(found)

    def flag(self, name: str) -> bool:
        """A yes or no; no where it is not written."""
        return self._take(name, bool, False, "true or false") is True

    def day(self, name: str) -> date:
        """A date."""
        found = self._take(name, date, None, "a date such as 2026-09-01")
        return found if isinstance(found, date) else date.min

    def one_of(self, name: str, choices: Sequence[str]) -> str:
        """One of these words, else the first of them."""
        found = self._take(name, str, None, f"one of {', '.join(choices)}")
        if found in choices:
            return str(found)
        if found is not _NOTHING:
            self.wrong(f"{name} must be one of {', '.join(choices)}")
        return choices[0]

    def close(self) -> None:
        """Name what nothing has read: most often a mistyped name."""
        for name in self._values:
            self.wrong(f"{name} means nothing here")

    def _take(self, name: str, kind: type, default: Any, expected: str) -> Any:
        found = self._values.pop(name, default)
        if found is None:
            self.wrong(f"{name} is missing ({expected})")
            return _NOTHING
        if not isinstance(found, kind):
            self.wrong(f"{name} must be {expected}")
            return _NOTHING
        return found


_NOTHING = ""  # what a reading finds where a fault has been noted; told apart by identity from an empty text


def each(
    files: Mapping[str, Source], folder: str, parse: Callable[[str, str, Source, list[str]], Value], problems: list[str]
) -> list[Value]:
    """What the files directly in a folder hold, in the order of their numbers.

    Shape: `parse` gets path, key (the name without number and ending), source and the list for faults.
    """
    return [
        parse(path, key, files[path], problems)
        for path in in_folder(files, folder)
        if (key := key_of(path)) is not None
    ]


def in_folder(paths: Iterable[str], folder: str) -> list[str]:
    """The paths directly in a folder; numbers count as numbers."""
    return naturally(path for path in paths if path.startswith(folder) and "/" not in path[len(folder) :])


def key_of(path: str) -> str | None:
    """The name in a path without its number and ending; None where it is not named as contents are."""
    named = _NUMBERED.fullmatch(path.rpartition("/")[2])
    return named["key"] if named else None


def naturally(names: Iterable[str]) -> list[str]:
    """Sorted as people sort: tr2 before tr10."""
    return sorted(names, key=lambda name: [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)])


def twice(where: str, keys: Iterable[str]) -> list[str]:
    """A fault for every key that stands there more than once."""
    return [f"{where}: there are {count} of {key}" for key, count in Counter(keys).items() if count > 1]


def version_of(*texts: str) -> str:
    """Twelve characters that change when a text does."""
    return hashlib.sha256("\x00".join(texts).encode()).hexdigest()[:12]
