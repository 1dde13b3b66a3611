"""Live queue: what waits now, how old it is, and whether people keep up. It renews itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import streamlit as st

from dashboard import formats
from dashboard.caseload import calls
from dashboard.figures import charts, drill
from dashboard.figures.tables import Column, table
from dashboard.filters import one
from dashboard.gateway import Answer
from dashboard.pages import Page, Section
from dashboard.states import boundary, empty, simulated

_ALL: Final = "all"
_EVERY: Final = 5
"""Seconds."""
_COLUMNS: Final = (
    Column("queue", "Queue"),
    Column("tier", "Tier"),
    Column("depth", "Waiting", "count"),
    Column("claimed", "In hands", "count"),
    Column("oldest_for", "Oldest", "seconds"),
    Column("due_in", "Next deadline in", "seconds"),
    Column("overdue", "Overdue", "count"),
    Column("due_soon", "Due within an hour", "count"),
    Column("came_per_hour", "Came in an hour", "count"),
    Column("decided_per_hour", "Decided in an hour", "count"),
    Column("p50", "Expected wait", "seconds"),
    Column("p90", "9 in 10 wait less than", "seconds"),
)


def show() -> None:
    """The choice stands still; what is below it renews itself."""
    place, _ = st.columns([1, 5])
    with place:
        # Not `tier`: what a page is filtered by itself does not go into the address of the next.
        tier = one("Tier", (_ALL, "single", "senior"), key="tiers")
    _standing(None if tier == _ALL else tier)


@st.fragment(run_every=_EVERY)
def _standing(tier: str | None) -> None:
    with boundary():
        answer = calls.queues()
        rows = [
            _row(each, answer["at"]) for each in answer["queues"] if tier in {None, each["tier"]}
        ]
        if not rows:
            empty("There is no queue.", "Queues come with the release in force, or with cases.")
            return
        if answer["simulated"]:
            simulated()
        _totals(rows)
        _open(_chart(rows), "chart")
        _open(table(rows, _COLUMNS, name="queues", opens=True), "table")
        st.caption(f"As of {formats.moment(answer['at'])}, renewed every {_EVERY} seconds.")
    with st.container(horizontal=True):
        drill.cases("Overdue cases", overdue="true", window="all", order="due", tier=tier)
        drill.cases("Open cases", state="open", order="due", window="all", tier=tier)


def _row(queue: Answer, at: str) -> Mapping[str, Any]:
    """A line of the table: moments as how long it is since or until then."""
    wait = queue["expected_wait"] or {}
    return {
        **queue,
        "oldest_for": _seconds(queue["oldest"], at),
        "due_in": _seconds(at, queue["due_next"]),
        "p50": wait.get("p50"),
        "p90": wait.get("p90"),
    }


def _seconds(since: str | None, until: str | None) -> float | None:
    if since is None or until is None:
        return None
    return (datetime.fromisoformat(until) - datetime.fromisoformat(since)).total_seconds()


def _totals(rows: Sequence[Mapping[str, Any]]) -> None:
    oldest = max((row["oldest_for"] for row in rows if row["oldest_for"] is not None), default=None)
    shown = (
        ("Waiting", formats.count(sum(row["depth"] for row in rows))),
        ("In hands", formats.count(sum(row["claimed"] for row in rows))),
        ("Oldest", formats.duration(oldest)),
        ("Due in 1 h", formats.count(sum(row["due_soon"] for row in rows))),
        ("Overdue", formats.count(sum(row["overdue"] for row in rows))),
        ("Came in, 1 h", formats.count(sum(row["came_per_hour"] for row in rows))),
        ("Decided, 1 h", formats.count(sum(row["decided_per_hour"] for row in rows))),
    )
    for place, (label, value) in zip(st.columns(len(shown)), shown, strict=True):
        with place:
            st.metric(label, value, border=True)


def _open(row: Mapping[str, Any] | None, place: str) -> None:
    """A way to what waits in the queue that was chosen."""
    if row is not None:
        queue, tier = str(row["queue"]), str(row["tier"])
        label = f"Open what waits in {queue} ({tier})"
        asked = {"tier": tier, "queue": queue, "state": "open"}
        drill.cases(label, place=place, order="due", window="all", **asked)


def _chart(rows: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    names = sorted(rows, key=lambda row: -row["depth"])
    drawn = [
        {
            **{name: row[name] for name in ("queue", "tier")},
            "name": row["queue"],
            "value": row[key],
            "low": None,
            "high": None,
            "group": group,
        }
        for row in names
        for key, group in (("came_per_hour", "came in"), ("decided_per_hour", "decided"))
        if row["came_per_hour"] or row["decided_per_hour"] or row["depth"]
    ]
    if not drawn:
        return None
    st.markdown("**Came in and decided in the last hour**", help=charts.HINT)
    return charts.bars(drawn, title="cases in an hour", unit="count", key="last-hour")


PAGES = (
    Page(
        section=Section.REVIEW,
        title="Live queue",
        path="live",
        icon=":material/monitor_heart:",
        question="What waits now, how old is it, and do people keep up?",
        show=show,
        needs=("cases.read",),
    ),
)
