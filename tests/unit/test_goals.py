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
    "figures": [],
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


def beside(name: str, of: str, which: str, value: float | None) -> dict[str, Any]:
    """A figure without a target."""
    told = goal(name, "money" if of == "time" else "share", value, "")
    return {
        "name": name,
        "of": of,
        "which": which,
        "unit": told["unit"],
        "measure": told["measure"],
    }


def test_what_stands_beside_the_targets() -> None:
    """Each by its name and of what it is told; of many rules the first, and how many more."""
    rules = [
        beside(name, "rule", f"rule-{number}", None)
        for number in range(23)
        for name in ("false_discovery_rate", "false_positive_rate")
    ]
    figures = [
        beside("overturn_rate", "second_look", "panel", 0.1),
        beside("cost_per_decision", "time", "with_idle", 0.5),
        beside("false_positive_rate", "machine", "", 0.02),
        *rules,
        beside("false_discovery_rate", "model", "toxicity@1a2b", 0.04),
    ]
    report = REPORT | {"figures": figures}
    shown = in_text(report).splitlines()
    below = [tuple(re.split(r" {2,}", line)) for line in shown[shown.index("") + 1 :]]
    start = next(place for place, row in enumerate(below) if row[0] == "figure")
    assert below[start + 1 : start + 5] == [
        ("overturn rate", "panel", "10.0%", "9.0% to 11.0%", "-", "1,200"),
        ("cost per decision", "with idle", "0.500", "0.450 to 0.550", "-", "1,200"),
        ("false positive rate", "machine", "2.0%", "1.8% to 2.2%", "-", "1,200"),
        ("false discovery rate", "rule rule-0", "-", "-", "-", "3 of 20"),
    ]
    assert below[-2][:3] == ("false discovery rate", "model toxicity@1a2b", "4.0%")
    assert shown[-1].startswith("3 more rules and models")
    assert sum("rule rule-" in line for line in shown) == 40
    page = in_html(report)
    assert "rule rule-19</td>" in page
    assert "rule rule-20" not in page
    assert "3 more rules and models" in page
    rows = list(csv.reader(io.StringIO(in_csv(report))))[1 + len(REPORT["goals"]) :]
    assert [row[0] for row in rows[:3]] == [
        "overturn_rate panel",
        "cost_per_decision with idle",
        "false_positive_rate machine",
    ]
    assert len(rows) == len(figures)
    few = "insufficient_data"
    assert rows[3][4:] == [few, "", "", "", "", "3", "20", few, "True"]


def test_what_has_to_be_known_beside_a_figure_is_told() -> None:
    """Below the table; where there is nothing to say, nothing is."""
    noted = REPORT["goals"][2] | {"note": "The platform is left out <yet>."}
    report = REPORT | {"goals": [*REPORT["goals"][:2], noted]}
    assert in_text(report).splitlines()[-1] == "Cost per decision: The platform is left out <yet>."
    assert "<p>Cost per decision: The platform is left out &lt;yet&gt;.</p>" in in_html(report)
    assert "left out" not in in_text(REPORT) + in_html(REPORT)


def test_nothing_is_said_of_simulation_without_it() -> None:
    """Real votes need no warning."""
    real = REPORT | {"simulated": False}
    assert "SIMULATED" not in in_text(real) + in_html(real)


def test_a_page_that_loads_nothing() -> None:
    """Whatever comes from the service is text; standings can be told apart."""
    page = in_html(REPORT)
    assert "2026-11-08T00:00:00Z&lt;" in page
    assert "SIMULATED" in page
    assert page.count("<tr>") == 2 + len(REPORT["goals"])
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
