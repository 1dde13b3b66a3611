"""Cost: of a decision and of a human one, what it is made of, and where it is going."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.asking import together
from dashboard.figures import charts, drill, figure
from dashboard.figures.figure import Wanted
from dashboard.figures.tables import Column, table
from dashboard.filters import one, one_of, window
from dashboard.formats import literal
from dashboard.gateway import Answer, Query
from dashboard.managing import calls, sums
from dashboard.managing.spent import by_rule, by_tier, figure_of, lines
from dashboard.pages import Page, Section
from dashboard.quality.calls import filled, series, step, targets
from dashboard.states import simulated

_GROUPS: Final = ("tier", "policy", "queue", "language")
_MEASURES: Final = {
    "money spent": "cost",
    "per decision": "per_decision",
    "per human decision": "per_human_decision",
}
_PARTS: Final = ("tiers", "rules")
_LINES: Final = 6
_NONE: Final = "none"
_ABOUT: Final = "Active time of all votes at the rates of who cast them, over all final decisions."
_COLUMNS: Final = (
    Column("name", "Of"),
    Column("items", "Items", "count"),
    Column("decided", "Decided", "count"),
    Column("votes", "Votes", "count"),
    Column("hours", "Active hours", "number"),
    Column("cost", "Cost", "money"),
    Column("share", "Of all", "share"),
    Column("per_decision", "Per decision", "money"),
)


def show() -> None:
    """Figures, what they add up from, and the way they went."""
    (since, group, measure, parts), place = _filters()
    asked = [targets(since), series(since, by=step(since), group=group)]
    if parts == "rules" or group != "tier":
        asked.append(calls.rules(since) if parts == "rules" else _by_tier(since))
    report, run, *more = together(*asked)
    named = {point["name"] for point in run["points"]}
    with place:
        name = one_of(group.title(), named, others=True)
    if report["simulated"]:
        simulated()
    figure.cards(_cards(report), columns=4)
    if name is not None:
        st.caption(f"Cards and sum are of everything; below and over time: {literal(name)} alone.")
    left, right = st.columns(2, gap="medium")
    with left:
        st.subheader("What does it add up from?")
        _waterfall(report, more[0] if more else run, run, parts)
    with right:
        st.subheader(f"Over time: {measure}", help=charts.HINT)
        _over_time(_only(filled(run, since), name), measure, group)
    st.subheader("In figures")
    _table(run["points"], group, name)


def _only(run: Answer, name: str | None) -> Answer:
    """A series of one group alone; None: of all."""
    points = [point for point in run["points"] if name in (None, point["name"])]
    return {**run, "points": points}


def _over_time(run: Answer, measure: str, group: str) -> None:
    point = charts.over_time(
        lines(run["points"], _MEASURES[measure], _LINES),
        title="",
        unit="money",
        zero=True,
        key=f"cost-of-{group}",
    )
    if point is not None:
        drill.came(point, run["by"], **{group: str(point["of"])})


def _filters() -> tuple[tuple[datetime, str, str, str], DeltaGenerator]:
    """Since when, by what, which measure over time, what the sum is made of; and a place."""
    places = st.columns([1, 1, 1, 1.3, 1.2], vertical_alignment="bottom")
    with places[0]:
        since = window("30d")
    with places[1]:
        group = one("By", _GROUPS, key="by")
    with places[3]:
        measure = one("Over time", list(_MEASURES), key="measure")
    with places[4]:
        parts = one("Add up", _PARTS, key="parts")
    return (since, group, measure, parts), places[2]


def _by_tier(since: datetime) -> tuple[str, Query]:
    return series(since, by="day", group="tier")


def _waterfall(report: Answer, parts: Answer, run: Answer, which: str) -> None:
    """By tier with idle time, or by rule; links to where a boundary is moved."""
    if which == "rules":
        active = sum(point["cost"] for point in run["points"])
        steps = by_rule(parts["rules"], active)
    else:
        tiers = {row["name"]: row["cost"] for row in added(parts["points"])}
        steps = by_tier(tiers, report)
    chosen = sums.waterfall(steps, title="Cost of people's time", key=f"waterfall-{which}")
    with st.container(horizontal=True):
        if chosen is not None:
            _open(chosen, "rule" if which == "rules" else "tier", "waterfall")
        drill.link("rule-health", "All rules", icon=":material/rule_settings:")
        drill.link("automation", "Move a boundary", icon=":material/tune:")


def _goal(report: Answer) -> Mapping[str, Any]:
    return next((goal for goal in report["goals"] if goal["name"] == "cost_per_decision"), {})


def _cards(report: Answer) -> list[dict[str, Any]]:
    goal = _goal(report)
    told = [
        {
            "name": "cost per decision",
            "measure": goal.get("measure"),
            "unit": "money",
            "wanted": Wanted(above=goal.get("above"), below=goal.get("below")),
            "standing": goal.get("standing"),
            "about": " ".join(filter(None, (_ABOUT, goal.get("note")))),
        }
    ]
    others = (
        ("with idle time", "cost_per_decision", "with_idle"),
        ("cost per human decision", "cost_per_human_decision", "active"),
        ("human, with idle time", "cost_per_human_decision", "with_idle"),
    )
    for title, name, which in others:
        told.append(
            {
                "name": title,
                "measure": figure_of(report, name, which),
                "unit": "money",
                "about": "Active time over the share of paid time that is work (`rates.occupancy`)."
                if which == "with_idle"
                else "What people decided alone is counted.",
            }
        )
    return told


def _table(points: Sequence[Answer], group: str, only: str | None) -> None:
    rows = added(points)
    whole = sum(row["cost"] for row in rows)
    for row in rows:
        row["share"] = row["cost"] / whole if whole else None
        row["of"], row["name"] = row["name"], row["name"] or _NONE
    shown = [row for row in rows if only in (None, row["of"])]
    chosen = table(shown, _COLUMNS, name=f"cost-by-{group}", opens=True)
    if chosen is not None:
        _open(str(chosen["of"]), group, "table")


def _open(name: str, by: str, place: str) -> None:
    """A way to the cases of a group, of the same window."""
    since = st.session_state.get("window")
    drill.cases(f"Open the cases of {name}", place=place, window=since, **{by: name})


def added(points: Sequence[Answer]) -> list[dict[str, Any]]:
    """Points of a series added up by group, the dearest first."""
    found: dict[str, dict[str, Any]] = {}
    for point in points:
        row = found.setdefault(
            point["name"],
            {
                "name": point["name"],
                "items": 0,
                "decided": 0,
                "votes": 0,
                "hours": 0.0,
                "cost": 0.0,
            },
        )
        for name in ("items", "decided", "votes", "cost"):
            row[name] += point[name]
        row["hours"] += point["seconds"] / 3_600
    rows = sorted(found.values(), key=lambda row: -row["cost"])
    for row in rows:
        row["per_decision"] = row["cost"] / row["decided"] if row["decided"] else None
    return rows


PAGES = (
    Page(
        section=Section.QUALITY,
        title="Cost",
        path="cost",
        icon=":material/payments:",
        question="What does a decision cost, and which boundary should move?",
        show=show,
        needs=("quality.read",),
    ),
)
