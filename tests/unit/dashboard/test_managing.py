"""What pages for managers work out: staffing, waterfalls, reasons to retire, tables of the gate."""

from typing import Any

import pytest

from dashboard.gateway import now
from dashboard.managing import cost, gate, retiring, spent, staffing, sums, transparency, whatif
from dashboard.managing.erlang import around, limits_of, outcome, seen
from engine.quality.staffing import Load


def measure(
    value: float | None, low: float = 0.0, high: float = 1.0, n: int = 50
) -> dict[str, Any]:
    """As the API tells one."""
    if value is None:
        none = {"value": None, "low": None, "high": None}
        return {"state": "insufficient_data", **none, "n": n, "needs": 20}
    bounds = {"value": value, "low": low, "high": high}
    return {"state": "known", **bounds, "n": n, "needs": 20}


def queue(name: str, **told: object) -> dict[str, Any]:
    """A queue as the API tells it; a hundred cases came, each took a vote of 30 s."""
    return {
        "queue": name,
        "tier": "single",
        "arrived": 100,
        "decided": 100,
        "votes": 100,
        "timed": 100,
        "handling": 30.0,
        "deviation": 10.0,
        "allowed": 7_200.0,
        "due": 60,
        "kept": 57,
        **told,
    }


def test_what_a_window_says() -> None:
    """Two queues together: means by how many they are told from, and the spread between them."""
    panel = queue("b", decided=50, votes=150, timed=300, handling=50.0, allowed=3_600.0)
    found = seen([queue("a"), panel], [{"arrived": 7}, {"arrived": 12}])
    assert (found.arrived, found.votes, found.decided, found.busiest) == (200, 250, 150, 12)
    assert found.handling == pytest.approx((100 * 30 + 300 * 50) / 400)
    assert found.within == pytest.approx(5_400.0)
    assert found.votes_each == pytest.approx(250 / 150)
    # Within 10 s each, and 15 and 5 s from the mean of both: 13.2 s; 1.96 of them over 20.
    assert found.handling_high - found.handling == pytest.approx(1.96 * 13.23 / 20, rel=0.01)
    assert found.handling - found.handling_low == pytest.approx(
        found.handling_high - found.handling
    )


def test_a_window_in_which_nothing_happened() -> None:
    """Guesses, and none of them as if it was told."""
    quiet = {"arrived": 0, "decided": 0, "votes": 0, "timed": 0}
    found = seen([queue("a", **quiet, handling=None, deviation=None, allowed=None)], [])
    assert (found.timed, found.busiest, found.votes_each) == (0, 0, 1.0)
    assert (found.handling, found.within) == (30.0, 7_200.0)
    assert found.handling_low < 30 < found.handling_high
    assert staffing.handling(found)["state"] == "insufficient_data"


def test_both_ends_of_what_may_come() -> None:
    """Fewer and quicker is never worse; limits are those of Garwood."""
    low, high = limits_of(10)
    assert (low, high) == pytest.approx((4.795, 18.39), abs=0.005)
    assert limits_of(0)[0] == 0
    found = outcome(
        2,
        Load(per_hour=100, handling=60, within=60),
        per_hour=limits_of(100),
        handling=(50.0, 70.0),
    )
    assert found.best.on_time > found.told.on_time > found.worst.on_time
    assert found.best.wait is not None
    assert found.told.wait is not None
    assert found.worst.wait is None
    assert whatif.wait(found.worst.wait) == "without end"
    shown = around(12, 4)
    assert shown[0] == 1
    assert {4, 12} <= set(shown)
    assert len(around(3, 900)) <= 42
    assert {3, 900} <= set(around(3, 900))


def test_capacity_is_the_time_of_those_who_were_there() -> None:
    """The running hour is left out: it is not over."""
    found = seen([queue("a")], [])
    run = [
        {"at": f"2026-01-01T{hour:02}:00:00Z", "arrived": 9, "decided": 8, "present": present}
        for hour, present in ((8, 2.0), (9, 1.25), (10, 0.0))
    ]
    hours = staffing.by_hour(run, found)
    assert [hour["capacity"] for hour in hours] == [204, 128, 0]
    assert staffing.people_lately(run) == 2
    assert staffing.people_lately([]) == 0
    running = f"{now():%Y-%m-%dT%H}:00:00Z"
    assert staffing.over([*run, run[0] | {"at": running}]) == run
    assert len(staffing.over([run[0] | {"at": running}])) == 1


def test_deadlines_of_several_queues() -> None:
    """All together; too few are no share."""
    kept = staffing.kept([queue("a"), queue("b", due=40, kept=40)])
    assert (kept["value"], kept["n"]) == (pytest.approx(0.97), 100)
    assert kept["low"] < 0.97 < kept["high"]
    few = staffing.kept([queue("a", due=3, kept=3)])
    assert (few["state"], few["n"], few["value"]) == ("insufficient_data", 3, None)
    assert staffing.bands_of([900.0, 3_600.0, 259_200.0]) == ["15m", "1h", "3d", "> 3d"]


def rule(name: str, **told: object) -> dict[str, Any]:
    """A rule that earns its keep."""
    return {
        "name": name,
        "ends": None,
        "ends_soon": False,
        "hits": {"value": 400.0, "high": 400.0, "seen": 400},
        "precision": measure(0.97, 0.93, 0.99),
        "alone": measure(0.7, 0.6, 0.8),
        "overturned_on_appeal": measure(None),
        "cost": 3.0,
        **told,
    }


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({}, []),
        ({"precision": measure(0.3, 0.2, 0.4)}, ["right in 30.0 %"]),
        ({"precision": measure(0.45, 0.3, 0.6)}, []),
        ({"alone": measure(0.01, 0.0, 0.03)}, ["others catch what it does"]),
        ({"alone": measure(0.04, 0.01, 0.09)}, []),
        ({"overturned_on_appeal": measure(0.4, 0.25, 0.55)}, ["40.0 % of appeals overturn"]),
        ({"overturned_on_appeal": measure(0.4, 0.15, 0.55)}, []),
        ({"ends": "2020-01-02T03:04:00Z", "ends_soon": True}, ["ends 2 Jan 2020 03:04 UTC"]),
    ],
)
def test_reasons_to_retire_a_rule(told: dict[str, Any], why: list[str]) -> None:
    """Only where the whole interval says so."""
    assert retiring.reasons(rule("r", **told), silent=False, whole=True) == why


def test_silent_rules() -> None:
    """Of a sample it is said how many there may be; rules without reasons are not listed."""
    quiet = rule("q", hits={"value": 0.0, "high": 1_900.4, "seen": 0}, alone=measure(None, n=0))
    assert retiring.listed([quiet, rule("r")], ["q"], whole=True) == {"q": "matched nothing"}
    sampled = retiring.listed([quiet], ["q"], whole=False)
    assert sampled == {"q": "matched nothing (at most 1,900)"}


REPORT = {
    "figures": [
        {"name": "cost_per_decision", "which": "active", "measure": measure(0.4)},
        {"name": "cost_per_decision", "which": "with_idle", "measure": measure(0.5)},
    ]
}


def test_what_adds_up_by_tier() -> None:
    """Bars begin where the one before ended, sums at 0; idle time is what paid time costs more."""
    told = sums.steps(spent.by_tier({"auto": 0.0, "single": 30.0, "senior": 10.0}, REPORT))
    assert [(each["name"], each["begin"], each["end"]) for each in told] == [
        ("single", 0.0, 30.0),
        ("senior", 30.0, 40.0),
        ("active time", 0.0, 40.0),
        ("idle time", 40.0, 50.0),
        ("all paid time", 0.0, 50.0),
    ]
    assert [each["share"] for each in told] == pytest.approx([0.6, 0.2, 0.8, 0.2, 1.0])
    assert sums.steps(spent.by_tier({}, {"figures": []})) == []


def test_what_adds_up_by_rule() -> None:
    """The dearest by name, others together, and what is of no rule, if that is much."""
    rules = [rule(f"r{number:02}", cost=float(number)) for number in range(13)]
    steps = spent.by_rule(rules, active=100.0)
    assert [each["name"] for each in steps[:2]] == ["r12", "r11"]
    assert [each["name"] for each in steps[10:]] == [
        "2 other rules",
        "not of a rule",
        "active time",
    ]
    assert sums.steps(steps)[-1]["end"] == pytest.approx(100.0)
    assert spent.by_rule(rules, active=78.1)[-2]["name"] == "2 other rules"
    assert spent.by_rule([rule("r", cost=0.0)], active=0.0) == []


def test_cost_over_time_and_in_figures() -> None:
    """Groups that cost most, and their sums; a day without decisions has no figure each."""
    points = [
        {
            "at": f"2026-01-0{day}T00:00:00Z",
            "name": name,
            "items": 10,
            "decided": decided,
            "votes": 2,
            "seconds": 1_800.0,
            "cost": money,
            "per_decision": money / decided if decided else None,
        }
        for day in (1, 2)
        for name, decided, money in (("a", 10, 5.0), ("b", 0, 9.0), ("", 10, 1.0))
    ]
    drawn = spent.lines(points, "cost", 2)
    assert {row["name"] for row in drawn} == {"a", "b"}
    assert {row["name"] for row in spent.lines(points, "per_decision", 3)} == {"a", "all"}
    rows = cost.added(points)
    assert [(row["name"], row["cost"], row["hours"]) for row in rows] == [
        ("b", 18.0, 1.0),
        ("a", 10.0, 1.0),
        ("", 2.0, 1.0),
    ]
    assert [row["per_decision"] for row in rows] == [None, 0.5, 0.1]


def test_what_the_gate_rests_on() -> None:
    """Functions that fell most come first; intervals of gains; of estimates none outside 0 to 1."""
    judged = {
        "comparisons": [
            {
                "label": "hate",
                "champion": 0.3,
                "challenger": 0.2,
                "gain": 0.1,
                "low": 0.05,
                "high": 0.15,
                "rows": 90,
            }
        ],
        "calibrations": [{"label": "hate", "error": 0.02}],
        "challenges": {
            "own": [
                {"function": "plain", "cases": 10, "before": 8, "after": 9},
                {"function": "negated", "cases": 10, "before": 9, "after": 4},
            ]
        },
    }
    (line,) = gate.comparisons(judged)
    assert (line["interval"], line["calibration"]) == ("[0.05, 0.15]", 0.02)
    assert gate.suites(judged) == ["own"]
    rows = gate.challenges(judged, "own")
    assert [(row["name"], row["group"], row["value"]) for row in rows] == [
        ("negated", "champion", 0.9),
        ("negated", "challenger", 0.4),
        ("plain", "champion", 0.8),
        ("plain", "challenger", 0.9),
    ]
    assert all(row["low"] < row["value"] < row["high"] for row in rows)
    told = {"rows": 40, "auroc": {"mean": 0.99, "deviation": 0.02}, "accuracy": None}
    cards = gate.head_figures(told)
    assert (cards[0]["measure"]["value"], cards[0]["measure"]["high"]) == (0.99, 1.0)
    assert cards[2]["measure"]["state"] == "insufficient_data"


def test_codes_in_words() -> None:
    """Of the Transparency Database."""
    code = "STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"
    assert transparency.plain(code, "STATEMENT_CATEGORY_") == "illegal or harmful speech"
    assert transparency.plain(None, "SOURCE_") == ""
