"""A questionnaire as a file, to keep, to hand on, or to change elsewhere: JSON and CSV.

What is written out is read back unchanged. A file that is not in order is refused as a whole, and each fault is named
with its line. In CSV each question is a row that begins with `question`, followed by a row for each choice.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from lti_tool.mentoring.question_checks import FLAGS, LISTS, NUMBERS, TEXTS, question_from_values, said, wrong_with
from lti_tool.mentoring.questionnaire import (
    Question,
    Questionnaire,
    question_to_json,
)
from lti_tool.mentoring.words import N_, Sentence

FORMAT = "peer-mentoring-questionnaire"
VERSION = 1
LARGEST_FILE = 500_000  # characters
MOST_QUESTIONS = 60

COLUMNS = (
    "row",
    "key",
    "wording",
    "hint",
    "kind",
    "page",
    "asked_of",
    "seen_by",
    "is_required",
    "is_hidden",
    "maximum",
    "suggested",
    "may_be_shown",
    "comparer",
    "weight",
    "is_must",
    "counterpart",
    "reason",
)
_CHOICE, _OLD_CHOICE, _QUESTION = "choice", "old choice", "question"
_YES_NO = {"yes": True, "no": False}
# Spreadsheets take a cell that begins so for a formula; an apostrophe in front says that it is text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFault:
    """One thing that is wrong with a file; line 1 is its first."""

    line: int
    sentence: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A question of a file as JSON values, and the line where it begins."""

    line: int
    values: Any


class _Unreadable(Exception):
    """This file cannot be read."""

    def __init__(self, line: int, sentence: Sentence) -> None:
        super().__init__(sentence.text)
        self.fault = FileFault(line=line, sentence=sentence)


def to_json(questionnaire: Questionnaire) -> str:
    """Return the questions that are asked or hidden as a JSON file."""
    questions = [question_to_json(question) for question in questionnaire.questions]
    return json.dumps(
        {"format": FORMAT, "version": VERSION, "questions": questions}, ensure_ascii=False, indent=1, sort_keys=False
    )


def to_csv(questionnaire: Questionnaire) -> str:
    """Return the same as a CSV file (RFC 4180)."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for question in questionnaire.questions:
        values = question_to_json(question)
        writer.writerow([_QUESTION, *(_cell(values[name]) for name in COLUMNS[1:])])
        for name, options in ((_CHOICE, question.options), (_OLD_CHOICE, question.removed_options)):
            writer.writerows([name, _cell(option.key), _cell(option.label)] for option in options)
    return file.getvalue()


def from_json(text: str) -> Questionnaire | tuple[FileFault, ...]:
    """Return the questionnaire a JSON file holds, or every fault that was found."""
    return _read(text, _json_entries)


def from_csv(text: str) -> Questionnaire | tuple[FileFault, ...]:
    """Return the questionnaire a CSV file holds, or every fault that was found."""
    return _read(text, _csv_entries)


def _read(text: str, entries: Callable[[str], Iterable[_Entry]]) -> Questionnaire | tuple[FileFault, ...]:
    if len(text) > LARGEST_FILE:
        return (FileFault(line=1, sentence=Sentence(N_("This file is too large for a questionnaire."))),)
    try:
        found = list(entries(text.removeprefix("\ufeff")))
    except _Unreadable as unreadable:
        return (unreadable.fault,)
    if not 1 <= len(found) <= MOST_QUESTIONS:
        sentence = Sentence(N_("A questionnaire has 1 to %(most)s questions."), {"most": MOST_QUESTIONS})
        return (FileFault(line=1, sentence=sentence),)
    return _checked(found)


def _checked(entries: list[_Entry]) -> Questionnaire | tuple[FileFault, ...]:
    read: list[tuple[int, Question]] = []
    faults: list[FileFault] = []
    keys: set[str] = set()
    for entry in entries:
        question = question_from_values(entry.values)
        if isinstance(question, Sentence):
            faults.append(FileFault(line=entry.line, sentence=question))
        elif question.key in keys:
            faults.append(FileFault(line=entry.line, sentence=said(question.key, "key", _TWICE)))
        else:
            keys.add(question.key)
            read.append((entry.line, question))
    whole = Questionnaire(questions=tuple(question for _line, question in read))
    for line, question in read:
        for field, problem in wrong_with(question, whole).items():
            faults.append(FileFault(line=line, sentence=said(question.key, field, problem)))
    return tuple(sorted(faults, key=lambda fault: fault.line)) if faults else whole


_TWICE = Sentence(N_("Another question of this file has the same key."))


def _json_entries(text: str) -> Iterable[_Entry]:
    """The questions with the lines where they begin; the reader of Python's library keeps no lines."""
    try:
        whole = json.loads(text)
    except ValueError as fault:  # also a number of thousands of digits
        line, reason = getattr(fault, "lineno", 1), getattr(fault, "msg", "")
        raise _Unreadable(line, Sentence(N_("This is not JSON. %(reason)s"), {"reason": reason})) from fault
    except RecursionError as fault:
        raise _Unreadable(1, _NOT_OURS) from fault
    if not isinstance(whole, dict) or whole.get("format") != FORMAT or not isinstance(whole.get("questions"), list):
        raise _Unreadable(1, _NOT_OURS)
    if whole.get("version") != VERSION:
        raise _Unreadable(1, Sentence(N_("This file was made by another version of the tool.")))
    lines = _lines_of_questions(text)
    for number, values in enumerate(whole["questions"]):
        yield _Entry(line=lines[number] if number < len(lines) else 1, values=values)


def _lines_of_questions(text: str) -> list[int]:
    """Where each question begins, as far as the file is laid out as usual."""
    opening = re.search(r'"questions"\s*:\s*\[', text)
    place = opening.end() if opening else len(text)
    lines: list[int] = []
    decoder = json.JSONDecoder()
    while begin := re.compile(r"[\s,]*(?=\{)").match(text, place):
        lines.append(text.count("\n", 0, begin.end()) + 1)
        place = decoder.raw_decode(text, begin.end())[1]
    return lines


_NOT_OURS = Sentence(N_("This is JSON, but not a questionnaire of this tool."))


def _csv_entries(text: str) -> Iterable[_Entry]:
    rows = _csv_rows(text)
    line, header = next(rows, (1, []))
    if tuple(header) != COLUMNS:
        raise _Unreadable(
            line, Sentence(N_("The first line should name the columns: %(names)s"), {"names": _COLUMN_NAMES})
        )
    found: list[_Entry] = []
    for line, row in rows:
        if row[0] == _QUESTION:
            found.append(_Entry(line=line, values=_csv_question(line, row)))
        elif row[0] in {_CHOICE, _OLD_CHOICE} and found:
            name = "options" if row[0] == _CHOICE else "removed_options"
            found[-1].values[name].append([_text(row[1]), _text(row[2])])
        else:
            raise _Unreadable(line, Sentence(N_("A row begins with “question”, “choice” or “old choice”.")))
    return found


_COLUMN_NAMES = ", ".join(COLUMNS)


def _csv_rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Every row with something in it, and the line where it begins; short rows are filled up."""
    separator = ";" if text.startswith("row;") else ","  # as spreadsheets write it in many countries
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=separator)
    line = 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error as fault:
            raise _Unreadable(line, Sentence(N_("This is not CSV: %(reason)s"), {"reason": str(fault)})) from fault
        if row is None:
            return
        if any(row):
            if len(row) > len(COLUMNS) and any(row[len(COLUMNS) :]):
                raise _Unreadable(line, Sentence(N_("This row has more cells than there are columns.")))
            yield line, (row + [""] * len(COLUMNS))[: len(COLUMNS)]
        line = reader.line_num + 1


def _csv_question(line: int, row: list[str]) -> dict[str, Any]:
    cells = dict(zip(COLUMNS, row, strict=True))
    values: dict[str, Any] = {name: _text(cells[name]) for name in TEXTS}
    values |= {name: [one.strip() for one in cells[name].split(";") if one.strip()] for name in LISTS}
    values |= {"options": [], "removed_options": []}
    for name in FLAGS:
        if cells[name] not in _YES_NO:
            raise _Unreadable(line, said(values["key"], name, Sentence(N_("Please write yes or no."))))
        values[name] = _YES_NO[cells[name]]
    for name in NUMBERS:
        if not re.fullmatch(r"-?[0-9]{1,9}", cells[name]):
            raise _Unreadable(line, said(values["key"], name, Sentence(N_("Please write a whole number."))))
        values[name] = int(cells[name])
    return values


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ";".join(value)
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def _text(cell: str) -> str:
    return cell.removeprefix("'")
