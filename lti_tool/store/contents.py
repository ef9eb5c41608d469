"""The texts of training, guides and documents, read from files once when the program starts.

The tool's own are in `lti_tool/contents/LANGUAGE`. An institution's folder (CONTENTS_DIR) has the same form: a file
with the same path replaces the tool's, an empty one removes it, any other is added. A language falls back to English
file by file, so that each language has the same places and nobody's progress depends on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from lti_tool.mentoring.contents import Contents, ContentsWrong, parse_contents
from lti_tool.mentoring.sources import Source
from lti_tool.mentoring.training import Page, word_count

FALLBACK = "en"
NEEDED = ("mentor", "mentee", "code-of-conduct", "consent", "help", "techniques", "video-tools")
LONG_PAGE = 250  # words
LARGEST_FILE = 100_000  # bytes; a page is a few thousand

OWN = Path(__file__).resolve().parent.parent / "contents"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)  # one is itself alone, so that what it says can be kept
class Library:
    """The contents in every language there is."""

    by_language: Mapping[str, Contents]

    def contents(self, locale: str | None) -> Contents:
        """The contents in somebody's language ("de-AT", "de_AT", "de"), else in English."""
        wanted = (locale or "").replace("-", "_").lower()
        names = {name.replace("-", "_").lower(): name for name in self.by_language}
        name = names.get(wanted) or names.get(wanted.split("_")[0]) or FALLBACK
        return self.by_language[name]


def read_contents(institution: Path | None = None) -> Library:
    """Read all texts, the institution's over the tool's own.

    Raises: ContentsWrong, naming every fault with its file and language.
    """
    return _read([OWN, institution]) if institution else _own()


@cache
def _own() -> Library:
    """The tool's own texts, which stay as they are while the program runs."""
    return _read([OWN])


def _read(folders: list[Path]) -> Library:
    problems: list[str] = []
    languages = {FALLBACK, *(one.name for folder in folders for one in folder.iterdir() if _is_language(one))}
    read = {language: _files(folders, language, problems) for language in sorted(languages)}
    made = {}
    for language, files in read.items():
        try:
            made[language] = parse_contents(language, _whole(files, read[FALLBACK]))
        except ContentsWrong as fault:
            problems += (f"{language}/{line}" for line in fault.problems)
    for language, contents in made.items():
        there = {*contents.trainings, *contents.documents}
        problems += (f"{language}/: {key} is missing, and pages lead to it" for key in NEEDED if key not in there)
    if problems:
        raise ContentsWrong(problems)
    return Library(by_language=made)


def outline(library: Library) -> list[str]:
    """What there is in each language, and pages that are long for one page, in lines to print."""
    lines = [f"The tool's own texts are in {OWN}"]
    for language, contents in library.by_language.items():
        for one in contents.trainings.values():
            count = sum(1 for _step in one.steps())
            questions = len(one.quiz.questions) if one.quiz else 0
            lines.append(f"{language}: {one.title}: {count} pages, {questions} questions, about {one.minutes} minutes")
        lines.append(f"{language}: {len(contents.guides)} guides, {len(contents.documents)} documents")
        lines += [f"{language}: {place} is long: {count} words" for place, count in _long_pages(contents)]
    return lines


def _long_pages(contents: Contents) -> list[tuple[str, int]]:
    counted = [
        (place, word_count(step.body))
        for training in contents.trainings.values()
        for place, step in training.steps()
        if isinstance(step, Page)
    ]
    return [(place, count) for place, count in counted if count > LONG_PAGE]


def _is_language(folder: Path) -> bool:
    return folder.is_dir() and not folder.name.startswith((".", "_"))


def _files(folders: list[Path], language: str, problems: list[str]) -> dict[str, Source]:
    """The files of one language by path, those of later folders over those of earlier ones."""
    files = {}
    for folder in folders:
        place = folder / language
        for file in sorted(place.rglob("*")):
            path = file.relative_to(place)
            if file.is_file() and not any(part.startswith(".") for part in path.parts):
                files[path.as_posix()] = Source(
                    text=_text(file, f"{language}/{path.as_posix()}", problems), language=language
                )
    return files


def _text(file: Path, name: str, problems: list[str]) -> str:
    try:
        if file.stat().st_size > LARGEST_FILE:
            problems.append(f"{name}: is larger than {LARGEST_FILE} bytes")
            return ""
        return file.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as fault:
        problems.append(f"{name}: cannot be read as a UTF-8 text ({fault})")
        return ""


def _whole(files: Mapping[str, Source], english: Mapping[str, Source]) -> dict[str, Source]:
    """A language's files with English where it has none, and without the empty ones."""
    translated = {
        path: replace(source, original=english[path].text if path in english else "") for path, source in files.items()
    }
    return {path: source for path, source in {**english, **translated}.items() if source.text.strip()}
