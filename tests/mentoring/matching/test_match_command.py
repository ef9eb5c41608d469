"""Promises of `lti-tool match`: what it writes, what it refuses and where, and that its certificates hold."""

import copy
import csv
import hashlib
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lti_tool.cli import main
from lti_tool.mentoring.matching.certificate import seal

DOCS = Path(__file__).parents[3] / "docs" / "matching-format.md"
MATRIX = {"scores": [[0.71, None, 0.3], [0.5, 0.2, 0.9], [0.5, 0.6, None]], "capacities": [2, 1, 1], "seed": 7}


def example(kind, name, language):
    """Return an example from the documentation."""
    found = re.search(rf"<!-- {kind}: {name} -->\n```{language}\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    return found.group(1)


@pytest.fixture
def match(tmp_path, capsys):
    """Return a function that runs the command on an input and gives status, answer and standard error."""

    def run(asked, *options, name="input.json"):
        place = tmp_path / name
        text = asked if isinstance(asked, (str, bytes)) else json.dumps(asked)
        place.write_bytes(text if isinstance(text, bytes) else text.encode())
        status = main(["match", str(place), *map(str, options)])
        out = capsys.readouterr()
        return status, json.loads(out.out) if out.out.startswith("{") else out.out, out.err

    return run


@pytest.mark.parametrize("name", ["matrix", "people"])
def test_the_example_of_the_documentation_is_answered_as_written(match, name):
    status, answer, _ = match(example("example", name, "json"))

    written = json.loads(example("answer", name, "json"))
    assert status == 0
    assert (answer["pairs"], answer["unmatched"]) == (written["pairs"], written["unmatched"])
    assert written["certificate"].items() <= answer["certificate"].items()


def test_the_spreadsheet_of_the_documentation_is_answered_as_written(match, tmp_path):
    out = tmp_path / "pairs.csv"

    status, answer, _ = match(example("example", "spreadsheet", "csv"), "-o", out, name="class.csv")

    assert status == 0
    assert out.read_text(encoding="utf-8").replace("\r\n", "\n") == example("answer", "spreadsheet", "csv")
    assert [pair["mentor"] for pair in answer["pairs"]] == ["Bob", "Amira"]


def test_the_answer_names_its_input_and_its_seed(match):
    text = json.dumps(MATRIX)

    _, answer, _ = match(text)

    claims = answer["certificate"]
    assert claims["input_sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert (claims["seed"], claims["gap"], claims["matched"]) == (7, 0, 3)
    assert claims["total"] == claims["bound"] == 2.21
    assert claims["engine"]


def test_the_same_input_gives_the_same_answer(match):
    assert match(MATRIX)[1] == match(MATRIX)[1]


@pytest.mark.parametrize("objective", ["fair", "total", "stable"])
def test_a_certificate_holds_when_it_is_read_back(match, tmp_path, objective):
    out = tmp_path / "out.json"
    match(MATRIX, "-o", out, "--objective", objective)

    status, said, _ = match(MATRIX, "--verify", out)

    assert status == 0
    assert "holds" in said
    assert json.loads(out.read_text())["certificate"]["objective"] == objective


def other_pair(answer):
    answer["pairs"][0]["mentor"] = 2


def other_score(answer):
    answer["pairs"][0]["score"] += 0.01


def other_price(answer):
    answer["certificate"]["prices"]["mentors"][0] += 1


def one_pair_less(answer):
    answer["pairs"].pop()


def other_total(answer):
    answer["certificate"]["total"] += 0.1


def other_worst(answer):
    answer["certificate"]["worst"] += 0.1


def other_seed(answer):
    answer["certificate"]["seed"] += 1


@pytest.mark.parametrize(
    "tamper", [other_pair, other_score, other_price, one_pair_less, other_total, other_worst, other_seed]
)
@pytest.mark.parametrize("is_sealed_again", [False, True])
def test_a_changed_answer_is_noticed(match, tmp_path, tamper, is_sealed_again):
    answer = match(MATRIX)[1]
    changed = copy.deepcopy(answer)
    tamper(changed)
    if is_sealed_again:
        changed["certificate"]["seal"] = seal(changed)
    out = tmp_path / "changed.json"
    out.write_text(json.dumps(changed))

    status, _, error = match(MATRIX, "--verify", out)

    assert status == 1
    assert error.startswith("The certificate does not hold")


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_any_changed_number_breaks_the_seal(match, tmp_path, data):
    answer = match(MATRIX)[1]
    place = data.draw(st.sampled_from(list(numbers_in(answer))))
    holder = answer
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] += data.draw(st.sampled_from([-1, 1, 0.5]))
    out = tmp_path / "changed.json"
    out.write_text(json.dumps(answer))

    assert match(MATRIX, "--verify", out)[0] in {1, 2}


def numbers_in(value, place=()):
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield from numbers_in(inner, (*place, step))
    if isinstance(value, (int, float)):
        yield place


def test_a_certificate_of_another_input_is_refused(match, tmp_path):
    out = tmp_path / "out.json"
    match(MATRIX, "-o", out)

    assert match(MATRIX | {"seed": 8}, "--verify", out)[0] == 1
    assert match(json.dumps(MATRIX) + " ", "--verify", out)[0] == 1


BAD = [
    ("", "line 1, column 1"),
    ("[1", "line 1, column 3"),
    ("[]", "an object is expected"),
    (b"\xff{}", "byte 0"),
    ("[" * 100_000, "without end"),
    ('{"scores": [[' + "9" * 5000 + "]]}", "too many digits"),
    ({}, "either `scores` or `candidates`"),
    ({"scores": [], "candidates": []}, "either `scores` or `candidates`"),
    ({"scores": 3}, "scores: a list is expected, not 3"),
    ({"scores": [3]}, "scores[0]: a list is expected, not 3"),
    ({"scores": [[1, 2], [1]]}, "scores[1]: 2 scores, as in the first row, are expected, not 1"),
    ({"scores": [[1, "0.5"]]}, "scores[0][1]: a number is expected, not '0.5'"),
    ({"scores": [[1, True]]}, "scores[0][1]: a number is expected, not true"),
    ('{"scores": [[1, NaN]]}', "scores[0][1]: nan is no score"),
    ('{"scores": [[1, -Infinity]]}', "scores[0][1]: -inf is no score"),
    ('{"scores": [[1, 1e999]]}', "scores[0][1]: the number is too large"),
    ({"scores": [[1, 10**400]]}, "scores[0][1]: the number is too large"),
    ({"scores": [[1]], "capacites": [1]}, "capacites: not known here"),
    ({"scores": [[1]], "capacities": [1, 2]}, "capacities: 1 mentors are expected, not 2"),
    ({"scores": [[1]], "capacities": [-1]}, "capacities[0]: -1 is less than 0"),
    ({"scores": [[1]], "capacities": [1.5]}, "capacities[0]: a whole number is expected, not 1.5"),
    ({"scores": [[1]], "capacities": [None]}, "capacities[0]: a whole number is expected, not null"),
    ({"scores": [[1]], "seed": "7"}, "seed: a whole number"),
    ({"scores": [[1]], "objective": "best"}, "objective: fair, total or stable is expected, not 'best'"),
    ({"scores": [[1]], "objective": ["fair"]}, "objective: fair, total or stable"),
    ({"scores": [[1]], "locked": [[0]]}, "locked[0]: 2 numbers"),
    ({"scores": [[1]], "locked": [[0, 1]]}, "locked[0][1]: there is no mentor 1"),
    ({"scores": [[1]], "locked": [[-1, 0]]}, "locked[0][0]: there is no mentee -1"),
    ({"scores": [[None]], "locked": [[0, 0]]}, "locked[0]: mentee 0 and mentor 0 are a forbidden pair"),
    ({"scores": [[1]], "locked": [[0, 0]], "forbidden": [[0, 0]]}, "locked[0]: mentee 0 and mentor 0 are a forb"),
    ({"scores": [[1]], "locked": [[0, 0]], "capacities": [0]}, "locked[0]: mentor 0 takes 0 at most"),
    ({"scores": [[1], [1]], "locked": [[0, 0], [1, 0]]}, "locked[1]: mentor 0 takes 1 at most"),
    ({"scores": [[1, 1]], "locked": [[0, 0], [0, 1]]}, "locked[1]: mentee 0 is locked with more mentors"),
    ({"scores": [[1]], "locked": [[0, 0]], "min_scores": 2}, "locked[0]: mentee 0 and mentor 0 are below"),
    ({"scores": [[1]], "min_scores": [1, 2]}, "min_scores: 1 mentees are expected, not 2"),
    ({"scores": [[1]], "min_scores": "1"}, "min_scores: a number is expected"),
    ({"scores": [[1], [1]], "mentees": ["Dana", "Dana"]}, "mentees[1]: 'Dana' is there twice"),
]


@pytest.mark.parametrize(("asked", "place"), BAD)
def test_bad_input_is_refused_with_one_line_that_names_the_place(match, asked, place):
    status, answer, error = match(asked)

    assert (status, answer) == (2, "")
    assert error.count("\n") == 1
    assert place in error


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "empty"),
        (",Bob\nDana,much", "row 2, column 2"),
        (",Bob\nDana,1,2", "row 2: 2 cells"),
        (",Bob\ncapacity,1.5\n", "row 2, column 2"),
        (",Bob\nDana,inf", "row 2, column 2"),
        (",Bob,Bob\nDana,1,2", "mentors[1]"),
        (',Bob\nDana,"1', "no spreadsheet"),
    ],
)
def test_a_bad_spreadsheet_is_refused_with_the_place(match, text, place):
    status, _, error = match(text, name="class.csv")

    assert status == 2
    assert place in error


def test_a_file_that_is_not_there_is_named(capsys, tmp_path):
    assert main(["match", str(tmp_path / "nothing.json")]) == 2
    assert "nothing.json: No such file" in capsys.readouterr().err


def test_a_certificate_that_is_none_is_refused(match, tmp_path):
    out = tmp_path / "out.json"
    for text in ("{}", "[]", '{"certificate": {}, "pairs": []}', '{"certificate": {"objective": 3}, "pairs": [{}]}'):
        out.write_text(text)
        assert match(MATRIX, "--verify", out)[0] == 2


@pytest.mark.parametrize(
    "asked",
    [
        {"scores": []},
        {"scores": [], "capacities": [1, 2]},
        {"scores": [[], []]},
        {"scores": [[None, None]]},
        {"scores": [[0.5]], "capacities": [0]},
        {"scores": [[0.5]], "min_scores": 0.6},
        {"scores": [[0.5]], "mentors_wanted": [0]},
    ],
)
def test_without_pairs_the_answer_is_empty_and_proved(match, tmp_path, asked):
    status, answer, _ = match(asked)

    out = tmp_path / "out.json"
    out.write_text(json.dumps(answer))
    assert (status, answer["pairs"], answer["certificate"]["worst"]) == (0, [], None)
    assert [left["mentee"] for left in answer["unmatched"]] == list(range(len(asked["scores"])))
    assert all(left["reason"] for left in answer["unmatched"])
    assert match(asked, "--verify", out)[0] == 0


@pytest.mark.parametrize("factor", [1, 1e-9, 1e12, 1e200, -1])
def test_scores_of_any_size_and_many_digits_are_proved(match, tmp_path, factor):
    rng = np.random.default_rng(3)
    asked = {"scores": (rng.random((6, 4)) * factor).tolist(), "capacities": [2] * 4}
    out = tmp_path / "out.json"

    assert match(asked, "-o", out)[0] == 0

    answer = json.loads(out.read_text())
    assert match(asked, "--verify", out)[0] == 0
    total = sum(pair["score"] for pair in answer["pairs"])
    assert answer["certificate"]["total"] == pytest.approx(total, rel=1e-12)
    assert answer["certificate"]["worst"] == pytest.approx(min(pair["score"] for pair in answer["pairs"]), rel=1e-12)


def test_decimals_are_counted_exactly(match):
    _, answer, _ = match({"scores": [[0.1, None], [None, 0.2]]})

    assert answer["certificate"]["total"] == 0.3


def test_names_a_spreadsheet_could_take_for_a_formula_are_made_harmless(match, tmp_path):
    out = tmp_path / "out.csv"

    match(",Bob\n=cmd|x,0.5", "-o", out, name="class.csv")

    rows = list(csv.reader(io.StringIO(out.read_text())))
    assert rows[1][:2] == ["'=cmd|x", "Bob"]


def test_a_spreadsheet_with_semicolons_may_write_decimals_with_commas(match):
    _, answer, _ = match("\ufeff;Bob;Amira\nDana;0,5;0,25", name="class.csv")

    assert answer["pairs"][0]["score"] == 0.5


def test_two_mentors_and_minimum_loads_can_be_asked_for(match):
    both = match({"scores": [[0.9, 0.5]], "mentors_wanted": [2]})[1]
    spread = match({"scores": [[0.9, 0.1], [0.9, 0.1]], "capacities": [2, 1], "minimum_loads": [0, 1]})[1]

    assert [pair["mentor"] for pair in both["pairs"]] == [0, 1]
    assert both["certificate"]["matched"] == 1
    assert sorted(pair["mentor"] for pair in spread["pairs"]) == [0, 1]


def people(**changes):
    """Return the documentation's candidates; a change names a candidate's number, or the plan."""
    asked = json.loads(example("example", "people", "json"))
    for where, change in changes.items():
        (asked["plan"] if where == "plan" else asked["candidates"][int(where[1:])]).update(change)
    return asked


@pytest.mark.parametrize("objective", ["fair", "total", "stable"])
def test_the_certificate_of_candidates_holds_and_notices_changes(match, tmp_path, objective):
    out = tmp_path / "out.json"
    match(people(), "-o", out, "--objective", objective)

    assert match(people(), "--verify", out)[0] == 0
    assert match(people(plan={"seed": 4}), "--verify", out)[0] == 1
    answer = json.loads(out.read_text())
    answer["pairs"][0]["reasons"] = ["Because."]
    out.write_text(json.dumps(answer))
    assert match(people(), "--verify", out)[0] == 1


def test_a_locked_pair_of_candidates_stays(match):
    _, answer, _ = match(people(plan={"locked": [["noor", "amira"]]}))

    assert ["noor", "amira"] in [[pair["mentee"], pair["mentor"]] for pair in answer["pairs"]]


def test_weights_can_be_changed_in_the_plan(match):
    plain, other = match(people())[1], match(people(plan={"weights": {"availability": 0}}))[1]

    assert plain["pairs"][0]["score"] != other["pairs"][0]["score"]


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ({"candidates": {}}, "candidates: a list is expected, not an object"),
        ({"candidates": [3]}, "candidates[0]: an object is expected, not 3"),
        ({"candidates": [], "plan": []}, "plan: an object is expected"),
        ({"candidates": [{}]}, "candidates[0].id: a whole number or a text"),
        (people(c0={"id": 5}), "candidates[1].id: either all ids are numbers"),
        (people(c0={"id": "dana"}), "candidates[2].id: 'dana' is there twice"),
        (people(c0={"role": "boss"}), "candidates[0].role: mentor, mentee or either"),
        (people(c0={"role": []}), "candidates[0].role: mentor, mentee or either"),
        (people(c0={"time_zone": "Mars"}), "candidates[0].time_zone: no time zone"),
        (people(c0={"capacity": -1}), "candidates[0].capacity: -1 is less"),
        (people(c0={"is_new": 1}), "candidates[0].is_new: true or false"),
        (people(c0={"colour": 1}), "candidates[0].colour: not known here"),
        (people(c0={"please_not": [None]}), "candidates[0].please_not[0]: an id"),
        (people(c0={"answers": {"shoe": "42"}}), "candidates[0].answers.shoe: the questionnaire has no"),
        (people(c0={"answers": {"availability": ["mon-03"]}}), "candidates[0].answers.availability[0]: no option"),
        (people(c0={"answers": {"frequency": "never"}}), "candidates[0].answers.frequency: no option"),
        (people(c0={"answers": {"mentee_limit": "2"}}), "candidates[0].answers.mentee_limit: a whole number"),
        (people(plan={"week_of": "today"}), "plan.week_of: a date"),
        (people(plan={"seed": 1.5}), "plan.seed: a whole number"),
        (people(plan={"objective": "best"}), "plan.objective: fair, total or stable"),
        (people(plan={"weights": {"shoe": 1}}), "plan.weights.shoe: not known"),
        (people(plan={"weights": {"availability": -1}}), "plan.weights.availability: -1 is less"),
        (people(plan={"soft": {"rain": 1}}), "plan.soft.rain: not known"),
        (people(plan={"questionnaire": {}}), "plan.questionnaire: no questionnaire"),
        (
            {"candidates": [], "plan": {"questionnaire": {"questions": []}}},
            "plan.questionnaire: the questionnaire has no",
        ),
        (people(plan={"locked": [["dana", "nobody"]]}), "plan.locked[0][1]: nobody here"),
        (people(plan={"locked": [["dana", "noor"]]}), "plan.locked: "),
        (people(plan={"locked": [["dana", "amira"]]}), "plan.locked: dana and amira are forbidden: please_not"),
        (people(plan={"locked": [["dana", "bob"], ["noor", "amira"], ["li", "amira"]]}), "plan.locked: more pairs"),
    ],
)
def test_bad_candidates_are_refused_with_one_line_that_names_the_place(match, asked, place):
    status, answer, error = match(asked)

    assert (status, answer) == (2, "")
    assert error.count("\n") == 1
    assert place in error


def test_no_candidates_give_no_pairs(match):
    status, answer, _ = match({"candidates": [], "plan": {}})

    assert (status, answer["pairs"], answer["unmatched"]) == (0, [], [])
