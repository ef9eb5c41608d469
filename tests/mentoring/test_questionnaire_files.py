"""Promises of questionnaires as files: out and in again is the same, and what is wrong is named with its line."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.mentoring.questionnaire import Option, Questionnaire
from lti_tool.mentoring.questionnaire_files import COLUMNS, from_csv, from_json, to_csv, to_json
from tests.mentoring.people import QUESTIONNAIRE

AIMS = QUESTIONNAIRE.question("aims")
WORDS = st.text(
    alphabet=st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u202d\u202e"), min_size=1, max_size=40
).filter(str.strip)


@pytest.mark.parametrize(("write", "read"), [(to_json, from_json), (to_csv, from_csv)])
def test_the_default_questions_come_back_as_they_went(write, read):
    assert read(write(QUESTIONNAIRE)) == QUESTIONNAIRE


@given(WORDS, WORDS, WORDS.filter(lambda text: text.strip()), st.integers(0, 100), st.booleans())
def test_any_words_come_back_as_they_went(wording, hint, label, weight, flag):
    question = replace(
        AIMS,
        wording=wording,
        hint=hint,
        options=(Option(key="one", label=label),),
        removed_options=(Option(key="two", label=hint),),
        weight=weight,
        is_required=flag,
    )
    whole = Questionnaire(questions=(question,))

    assert from_json(to_json(whole)) == whole
    assert from_csv(to_csv(whole)) == whole


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "'quoted", "''", 'a"b', "a;b,c", "<script>"])
def test_what_spreadsheets_could_take_for_a_formula_is_text_and_comes_back(text):
    whole = Questionnaire(questions=(replace(AIMS, wording=text),))

    assert f",{text}," not in to_csv(whole) or text[0] not in "=+-@"
    assert from_csv(to_csv(whole)) == whole


def lines_of(faults):
    assert not isinstance(faults, Questionnaire)
    return [fault.line for fault in faults]


def test_json_that_breaks_off_is_named_with_its_line():
    assert lines_of(from_json('{"format": "peer-mentoring-questionnaire",\n"version": 1,\n"questions": [{]}')) == [3]


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", "9" * 6000, "[" * 100_000, '{"format": "other"}', "\x00"])
def test_what_is_no_questionnaire_is_refused(text):
    assert lines_of(from_json(text)) == [1]
    assert lines_of(from_csv(text)) == [1]


def changed(**values):
    """The default questions as a JSON file, one of them changed; with the line where that one begins."""
    whole = json.loads(to_json(QUESTIONNAIRE))
    whole["questions"][2] |= values
    text = json.dumps(whole, indent=1)
    return text, text[: text.rindex('"key": "' + whole["questions"][2]["key"])].count("\n")


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "essay"},
        {"kind": 5},
        {"page": "nowhere"},
        {"comparer": "need_offer"},
        {"comparer": "opposite"},
        {"seen_by": ["everybody"]},
        {"seen_by": ["instructor"]},
        {"asked_of": "mentee"},
        {"wording": ""},
        {"wording": "x" * 10_000},
        {"wording": "half \ud800"},
        {"hint": "turned \u202e round"},
        {"options": ["Cells"]},
        {"options": [["a", "Cells"], ["a", "Genes"]]},
        {"options": [["a", "Cells"], ["b", "Cells"]]},
        {"options": [["bad key", "Cells"]]},
        {"weight": 101},
        {"weight": True},
        {"maximum": -1},
        {"reason": "%(boom)s"},
        {"reason": "100 %"},
        {"reason": "%(hours)s"},
        {"counterpart": "nobody"},
        {"key": "help_wanted"},
        {"key": "Help!"},
        {"surprise": 1},
    ],
)
def test_a_question_that_is_not_in_order_is_named_with_its_line(values):
    text, line = changed(**values)

    assert set(lines_of(from_json(text))) == {line}


def test_every_fault_is_named_at_once():
    whole = json.loads(to_json(QUESTIONNAIRE))
    for number in (1, 3, 5):
        whole["questions"][number]["wording"] = ""

    assert len(lines_of(from_json(json.dumps(whole)))) == 3


def test_rows_of_a_csv_file_are_named_with_their_lines():
    rows = to_csv(QUESTIONNAIRE).split("\r\n")
    rows[4] = "surprise,a,b"

    assert lines_of(from_csv("\r\n".join(rows))) == [5]


@pytest.mark.parametrize(("column", "cell"), [("weight", "many"), ("is_required", "perhaps"), ("kind", "essay")])
def test_a_cell_that_cannot_be_read_is_named_with_its_line(column, cell):
    head = ",".join(COLUMNS)
    values = dict(
        zip(
            COLUMNS, to_csv(Questionnaire(questions=(replace(AIMS, hint=""),))).split("\r\n")[1].split(","), strict=True
        )
    )
    row = ",".join((values | {column: cell})[name] for name in COLUMNS)

    assert lines_of(from_csv(f"{head}\r\n\r\n{row}\r\n")) == [3]


def test_a_file_with_a_mark_of_its_encoding_and_empty_lines_is_read():
    assert from_csv("\ufeff" + to_csv(QUESTIONNAIRE) + "\r\n\r\n") == QUESTIONNAIRE


@given(st.text(max_size=200))
def test_no_text_stops_the_reader(text):
    assert isinstance(from_json(text), tuple)
    assert isinstance(from_csv(text), tuple)
