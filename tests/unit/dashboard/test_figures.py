"""What figures say in words, and what a file of them holds."""

import csv
from io import StringIO
from typing import Any

import pytest

from dashboard.figures import charts, figure
from dashboard.figures.figure import Wanted
from dashboard.figures.tables import Column, as_csv
from dashboard.quality.agreement import confused
from dashboard.quality.automation import what_if


def _measure(state: str = "known", **given: Any) -> dict[str, Any]:  # noqa: ANN401 - of any kind
    none: dict[str, Any] = {"value": None, "low": None, "high": None, "n": 5, "needs": 20}
    return {"state": state, **none, **given}


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        (_measure(value=0.87, low=0.851, high=0.889, n=400), "[85.1 %, 88.9 %]"),
        (_measure("insufficient_data"), "insufficient data: 5 of 20"),
        (_measure("one_category", n=30), "all said the same"),
        (_measure("not_reached", n=400, needs=10), "more than half still wait"),
        (_measure(value=0.87, n=400), "no interval"),
        (None, "not told here"),
    ],
)
def test_an_interval_or_why_there_is_none(measure: dict[str, Any] | None, said: str) -> None:
    """And how much it takes, where that is what is missing."""
    assert figure.interval(measure, "share") == said


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted(above=0.85, below=0.95), "target 85.0 % to 95.0 %"),
        (Wanted(above=0.95), "target > 95.0 %"),
        (Wanted(below=0.05), "target < 5.0 %"),
        (Wanted(), ""),
        (None, ""),
    ],
)
def test_a_target_in_words(wanted: Wanted | None, said: str) -> None:
    """On one side or between two."""
    assert figure.target(wanted, "share") == said


def test_names_are_read_as_words() -> None:
    """Of figures and of how they stand."""
    assert figure.title("human_ai_agreement") == "Human-AI agreement"
    assert figure.word("not_sure") == "not sure yet"
    assert figure.word("signed_off") == "signed off"


def test_a_file_runs_nothing_and_loses_nothing() -> None:
    """What a spreadsheet would run is text; numbers are as they are; there is no column more."""
    rows = [
        {"rule": "=cmd|' /C calc'!A0", "share": 0.25, "who": ["@ana", "bo"], "more": 1},
        {"rule": 'a, "b"\nc', "share": -0.5, "who": []},
    ]
    columns = (Column("rule", "Rule"), Column("share", "Share", "share"), Column("who", "Who"))
    read = list(csv.reader(StringIO(as_csv(rows, columns))))
    assert read == [
        ["Rule", "Share", "Who"],
        ["'=cmd|' /C calc'!A0", "0.25", "'@ana, bo"],
        ['a, "b"\nc', "-0.5", ""],
    ]


def test_a_row_of_a_figure_that_is_not_known_draws_nothing() -> None:
    """Its number is kept for whoever asks."""
    known = charts.measured("ana", _measure(value=0.5, low=0.4, high=0.6))
    assert (known["value"], known["low"], known["high"], known["n"]) == (0.5, 0.4, 0.6, 5)
    assert charts.measured("ana", _measure("insufficient_data"))["value"] is None


def test_a_field_has_both_halves() -> None:
    """Over all policies; what agrees stands once."""
    cells = confused(
        [
            {"policy": "hate", "first": "publish", "second": "remove", "items": 3},
            {"policy": "spam", "first": "publish", "second": "remove", "items": 1},
            {"policy": "spam", "first": "remove", "second": "remove", "items": 7},
        ]
    )
    assert {(cell["down"], cell["across"]): cell["value"] for cell in cells} == {
        ("publish", "publish"): 0,
        ("publish", "remove"): 4,
        ("remove", "publish"): 4,
        ("remove", "remove"): 7,
    }


def test_what_another_limit_would_take() -> None:
    """Twice as many blind looks halve the days; no pace, no days; what is there needs none."""
    held = {"confidence": 0.95, "blind_share": 0.1, "error_limit": 0.05}
    rule = {"state": "uncertified", "labels": 41, "errors": 0, "spent": 0, "before": 0}
    rule |= {"expected": 31, "days": 3.1}
    usual = what_if(rule, held, limit=0.05, share=0.1)
    assert (usual["labels"], usual["missing"], usual["days"]) == (72, 31, pytest.approx(3.1))
    assert what_if(rule, held, limit=0.05, share=0.2)["days"] == pytest.approx(1.55)
    assert what_if(rule, held, limit=0.02, share=0.1)["missing"] == 183 - 41
    assert what_if(rule | {"spent": 1, "before": 72}, held, limit=0.05, share=0.1)["labels"] == 144
    assert what_if(rule | {"days": None}, held, limit=0.05, share=0.1)["days"] is None
    assert what_if(rule | {"labels": 72}, held, limit=0.05, share=0.1)["days"] == 0
    earned = rule | {"state": "certified", "labels": 72, "spent": 1, "before": 72}
    assert what_if(earned, held, limit=0.05, share=0.1)["missing"] == 0
    assert what_if(earned, held, limit=0.02, share=0.1)["missing"] > 0
    assert what_if(rule | {"errors": 9}, held, limit=0.05, share=0.1)["missing"] is None
