"""Zones: where the machine could decide by a score, and what that would change."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from dashboard import formats
from dashboard.asking import together
from dashboard.figures import charts
from dashboard.figures.tables import Column, table
from dashboard.filters import keep_known
from dashboard.gateway import Answer
from dashboard.person import here
from dashboard.quality.calls import models, suggested
from dashboard.states import empty

_COLUMNS: Final = (
    Column("language", "Language"),
    Column("direction", "Direction"),
    Column("threshold", "Threshold", "number"),
    Column("labels", "Labels", "count"),
    Column("errors", "Errors", "count"),
    Column("missing", "Labels to go", "count"),
    Column("days", "Days to go", "number"),
    Column("why", "Why"),
)
_WAYS: Final = ("allow", "remove", "single", "panel")


def show() -> None:
    """Zones of a score: what is earned, and the shares of each way now and then."""
    st.subheader("Zones of a score")
    scores = _scores()
    if not scores:
        empty("No model is in force that gives scores.", "Train one, or publish one.")
        return
    left, middle, right = st.columns([1, 1, 1])
    with left:
        keep_known("score", scores)
        score = st.selectbox("Score", scores, key="score", bind="query-params")
    with middle:
        missed = st.number_input(
            "Cost of what is missed", min_value=0.0, value=5.0, key="missed", bind="query-params"
        )
    with right:
        wrongly = st.number_input(
            "Cost of what is wrongly removed",
            min_value=0.0,
            value=2.0,
            key="wrongly",
            bind="query-params",
        )
    (told,) = together(suggested(score, missed=missed, wrongly=wrongly))
    st.text(told["words"])
    effects(told)
    zones = [{**each, "language": each["language"] or "all"} for each in told["zones"]]
    table(zones, _COLUMNS, name="zones")


def _scores() -> Sequence[str]:
    if not here().may("models.read"):
        return []
    (found,) = together(models())
    known = {name for each in found["models"] if each["active"] for name in each["figures"]}
    return sorted(known)


def effects(told: Answer) -> None:
    """What is decided which way now and with these zones, and what that takes.

    Args:
        told: Of `GET /v1/certificates/zones`.
    """
    left, right = st.columns([3, 2], gap="medium")
    with left:
        rows: list[Mapping[str, Any]] = [
            {
                "name": way,
                "value": told[which]["shares"].get(way, 0.0),
                "low": None,
                "high": None,
                "n": told[which]["items"],
                "group": label,
            }
            for way in _WAYS
            for which, label in (("present", "now"), ("suggested", "with these zones"))
        ]
        charts.bars(rows, title="share of items", unit="share")
    with right:
        now, then = told["present"], told["suggested"]
        lines = (
            ("Cost of an item", "cost", "money"),
            ("People's time", "seconds", "seconds"),
            ("Error", "error", "share"),
        )
        rows = [
            {
                "what": label,
                "now": formats.in_unit(now[name], unit),
                "then": formats.in_unit(then[name], unit),
            }
            for label, name, unit in lines
        ]
        columns = (Column("what", ""), Column("now", "Now"), Column("then", "With these zones"))
        table(rows, columns, name="zone-effects")
