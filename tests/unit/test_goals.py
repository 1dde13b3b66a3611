"""How targets are shown, in every form."""

import csv
import io
import re
from typing import Any

import orjson

from queues.cli.goals import in_csv, in_html, in_json, in_text


def goal(name: str, unit: str, value: float | None, standing: str, **ends: float) -> dict[str, Any]:
    """A target, with an interval of a tenth about its value."""
    measure = {
        "state": "insufficient_data" if value is None else "known",
        "value": value,
        "low": None if value is None else value * 0.9,
        "high": None if value is None else value * 1.1,
        "n": 3 if value is None else 1_200,
        "needs": 20,
        "naive": ends.get("naive"),
    }
    limits = {"above": ends.get("above"), "below": ends.get("below")}
    inclusive = {"inclusive": bool(ends.get("inclusive"))}
    return (
        {"name": name, "unit": unit, "measure": measure, "standing": standing} | limits | inclusive
    )


REPORT: dict[str, Any] = {
    "since": "2026-11-01T00:00:00Z",
    "until": "2026-11-08T00:00:00Z<",
    "simulated": True,
    "goals": [
        goal("automation_rate", "share", 0.9, "not_sure", above=0.85, below=0.95, naive=0.5),
        goal("review_latency", "seconds", 300.0, "met", below=7_200),
        goal("cost_per_decision", "money", 0.75, "missed", below=0.5),
        goal("expert_validation", "share", None, "insufficient_data", above=0.95),
        goal("learning_acceleration", "times", None, "insufficient_data", above=3, inclusive=1),
    ],
}


ROWS = [
    ("automation rate", "85.0% to 95.0%", "90.0%", "81.0% to 99.0%", "50.0%", "1,200", "not sure"),
    ("review latency", "under 120 min", "5 min", "4 min to 6 min", "-", "1,200", "met"),
    ("cost per decision", "under 0.500", "0.750", "0.675 to 0.825", "-", "1,200", "MISSED"),
    ("expert validation", "over 95.0%", "-", "-", "-", "3 of 20", "insufficient data"),
    ("learning acceleration", "at least 3", "-", "-", "-", "3 of 20", "insufficient data"),
]


def test_a_table_for_people() -> None:
    """Each target has a line: what is wanted, what is, between what, of those seen, and how."""
    shown = in_text(REPORT).splitlines()
    assert shown[0].startswith("SIMULATED REVIEWERS")
    assert [tuple(re.split(r" {2,}", line)) for line in shown[3:]] == ROWS
    start = shown[2].index("95 %")
    assert [line[start:].startswith(row[3]) for line, row in zip(shown[3:], ROWS, strict=True)] == [
        True
    ] * len(ROWS)


def test_many_that_say_as_much_as_few() -> None:
    """Weighted ones: there are enough of them, but not by what they are worth."""
    few = goal("accuracy", "share", None, "insufficient_data", above=0.95)
    few["measure"]["n"] = 53
    assert "53, worth under 20" in in_text(REPORT | {"goals": [few]})


def test_nothing_is_said_of_simulation_without_it() -> None:
    """Real votes need no warning."""
    real = REPORT | {"simulated": False}
    assert "SIMULATED" not in in_text(real) + in_html(real)


def test_a_page_that_loads_nothing() -> None:
    """Whatever comes from the service is text; standings can be told apart."""
    page = in_html(REPORT)
    assert "2026-11-08T00:00:00Z&lt;" in page
    assert "SIMULATED" in page
    assert page.count("<tr>") == 1 + len(REPORT["goals"])
    assert '<td class="missed">MISSED</td>' in page
    assert "src=" not in page
    assert "href=" not in page


def test_rows_for_a_spreadsheet() -> None:
    """Numbers are as they are; what is not known is empty."""
    rows = list(csv.DictReader(io.StringIO(in_csv(REPORT))))
    assert len(rows) == len(REPORT["goals"])
    assert (rows[2]["name"], rows[2]["value"], rows[2]["below"]) == (
        "cost_per_decision",
        "0.75",
        "0.5",
    )
    assert (rows[0]["value"], rows[0]["naive"]) == ("0.9", "0.5")
    assert rows[3]["value"] == rows[3]["low"] == ""
    assert rows[3]["n"] == "3"


def test_json_is_the_answer() -> None:
    """Nothing is lost."""
    assert orjson.loads(in_json(REPORT)) == REPORT
