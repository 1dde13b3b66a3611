"""Charts of queues: ages of cases, arrivals beside capacity, what comes of more people."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt
import streamlit as st

from dashboard import formats
from dashboard.states import empty

Row = Mapping[str, Any]

_QUIET: Final = "#8A94A3"
"""Reads on light and on dark."""
_FILL: Final = "#4C7DE8"
_WARM: Final = "#E07B39"
_CALM: Final = "#2E9E7B"
_LINE: Final = 34
_TALL: Final = 270


def ages(rows: Sequence[Row], bands: Sequence[str], *, key: str) -> str | None:
    """Queue by age, darker where more waits; a click chooses a queue.

    Args:
        rows: `queue`, `band`, `value`; queues in order.
        bands: In order.
        key: Of the chart.
    """
    if not any(row["value"] for row in rows):
        empty("No case waits.", "People have decided all that came.")
        return None
    chosen = alt.selection_point(name="cell", fields=["queue"], on="click", empty=False)
    queues = list(dict.fromkeys(str(row["queue"]) for row in rows))
    base = alt.Chart(alt.InlineData(values=[dict(row) for row in rows])).encode(
        x=alt.X(
            "band:N",
            title="Age, up to",
            sort=list(bands),
            axis=alt.Axis(
                orient="top", labelAngle=0, domain=False, ticks=False, labelOverlap=False
            ),
        ),
        y=alt.Y(
            "queue:N",
            title=None,
            sort=queues,
            axis=alt.Axis(domain=False, ticks=False, labelLimit=200),
        ),
    )
    cells = base.mark_rect(cornerRadius=3, cursor="pointer", stroke=_QUIET).encode(
        color=alt.value(_FILL),
        fillOpacity=alt.Opacity(
            "value:Q", scale=alt.Scale(type="sqrt", range=[0.03, 0.65]), legend=None
        ),
        strokeWidth=alt.condition(chosen, alt.value(2.5), alt.value(0.25)),
        tooltip=[
            alt.Tooltip("queue:N", title="queue"),
            alt.Tooltip("band:N", title="age"),
            alt.Tooltip("value:Q", title="cases", format=",.0f"),
        ],
    )
    said = base.mark_text(fontSize=13, cursor="pointer").encode(
        text=alt.Text("value:Q", format=",.0f"),
        opacity=alt.condition("datum.value > 0", alt.value(1), alt.value(0.25)),
    )
    event = st.altair_chart(
        (cells.add_params(chosen) + said).properties(height=_LINE * len(queues) + 50),
        on_select="rerun",
        selection_mode="cell",
        key=key,
    )
    picked = event.get("selection", {}).get("cell", [])
    return str(picked[0]["queue"]) if picked else None


def capacity(rows: Sequence[Row]) -> None:
    """What came in each hour as bars, what was decided and what people could decide as lines.

    Args:
        rows: `at`, `arrived`, `decided`, `capacity`, `present`.
    """
    if not rows:
        empty("Nothing came in this window.", "Choose a longer one.")
        return
    values = [{**row, "when": formats.moment(row["at"])} for row in rows]
    x = alt.X("at:T", title=None, axis=alt.Axis(labelOverlap=True, tickCount=10))
    y = alt.Y("value:Q", title="Cases in an hour")
    names = ["arrived", "decided", "capacity"]
    colour = alt.Color(
        "kind:N",
        title=None,
        scale=alt.Scale(domain=names, range=[_FILL, _CALM, _WARM]),
        legend=alt.Legend(orient="top"),
    )
    base = (
        alt.Chart(alt.InlineData(values=values))
        .transform_fold([*names], as_=["kind", "value"])
        .encode(
            x=x,
            y=y,
            color=colour,
            tooltip=[
                alt.Tooltip("when:N", title="hour from"),
                alt.Tooltip("arrived:Q", title="arrived", format=",.0f"),
                alt.Tooltip("decided:Q", title="decided", format=",.0f"),
                alt.Tooltip("capacity:Q", title="capacity", format=",.0f"),
                alt.Tooltip("present:Q", title="people, on average", format=",.1f"),
            ],
        )
    )
    bars = base.transform_filter("datum.kind == 'arrived'").mark_bar(opacity=0.55, size=9)
    lines = base.transform_filter("datum.kind != 'arrived'").mark_line(
        strokeWidth=2, interpolate="step-after", point=alt.OverlayMarkDef(size=26)
    )
    st.altair_chart((bars + lines).properties(height=_TALL), width="stretch")


def people(rows: Sequence[Row], *, there: int, needed: int) -> None:
    """By number of people the share that is begun in time, with its band, and how busy they are.

    Args:
        rows: `people`, `on_time`, `low`, `high`, `occupancy`, `wait`.
        there: People there are; a line.
        needed: People it takes; a line.
    """
    values = [
        {
            **row,
            "waits": formats.duration(row["wait"]) if row["wait"] is not None else "without end",
        }
        for row in rows
    ]
    x = alt.X(
        "people:Q",
        title="People at work",
        axis=alt.Axis(format="d", tickMinStep=1),
        scale=alt.Scale(zero=False, nice=False),
    )
    axis = alt.Axis(format=".0%", tickCount=5)
    y = alt.Y("value:Q", title=None, axis=axis, scale=alt.Scale(domain=[0, 1]))
    base = alt.Chart(alt.InlineData(values=values)).encode(x=x)
    band = base.mark_area(opacity=0.16, color=_FILL).encode(
        y=alt.Y("low:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=axis), y2="high:Q"
    )
    names = ["begun in time", "busy"]
    lines = (
        base.transform_calculate(**{"begun in time": "datum.on_time", "busy": "datum.occupancy"})
        .transform_fold([*names], as_=["kind", "value"])
        .mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=40))
        .encode(
            y=y,
            color=alt.Color(
                "kind:N",
                title=None,
                scale=alt.Scale(domain=names, range=[_FILL, _WARM]),
                legend=alt.Legend(orient="top"),
            ),
            tooltip=[
                alt.Tooltip("people:Q", title="people"),
                alt.Tooltip("on_time:Q", title="begun in time", format=".1%"),
                alt.Tooltip("low:Q", title="at worst", format=".1%"),
                alt.Tooltip("high:Q", title="at best", format=".1%"),
                alt.Tooltip("occupancy:Q", title="busy", format=".0%"),
                alt.Tooltip("waits:N", title="mean wait"),
            ],
        )
    )
    marks = [{"at": there, "is": "there"}, {"at": needed, "is": "needed"}]
    if there == needed:
        marks = [{"at": needed, "is": "there, and needed"}]
    rules = alt.Chart(alt.InlineData(values=marks)).encode(x="at:Q")
    rule = rules.mark_rule(strokeDash=[5, 4], strokeWidth=1.5, color=_QUIET)
    said = rules.mark_text(align="left", dx=5, color=_QUIET, fontSize=12).encode(
        text="is:N", y=alt.value(60)
    )
    st.altair_chart((band + lines + rule + said).properties(height=_TALL), width="stretch")
