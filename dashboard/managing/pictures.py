"""Charts of queues: ages of cases, arrivals beside capacity, what comes of more people."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt

from dashboard import formats
from dashboard.figures import axes, drawing, marks
from dashboard.states import empty
from dashboard.theme import ink

Row = Mapping[str, Any]

_QUIET: Final = "#8A94A3"
"""Reads on light and on dark."""
_FILL: Final = "#4C7DE8"
_WARM: Final = "#E07B39"
_CALM: Final = "#2E9E7B"
_LINE: Final = 34
_TALL: Final = 270
_COUNTED: Final = ("value:Q", "cases", ",.0f")


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
    base = _field(rows, queues, bands)
    cells = base.mark_rect(cornerRadius=3, cursor="pointer", stroke=_QUIET).encode(
        color=alt.value(_FILL),
        fillOpacity=alt.Opacity(
            "value:Q", scale=alt.Scale(type="sqrt", range=[0.03, 0.65]), legend=None
        ),
        strokeWidth=alt.condition(chosen, alt.value(2.5), alt.value(0.25)),
        tooltip=_tips(("queue:N", "queue", ""), ("band:N", "age up to", ""), _COUNTED),
    )
    said = base.mark_text(fontSize=13, cursor="pointer", color=ink()).encode(
        text=alt.Text("value:Q", format=",.0f"),
        opacity=alt.condition("datum.value > 0", alt.value(1), alt.value(0.25)),
    )
    chart = cells.add_params(chosen) + said
    picked = drawing.put(chart, height=_LINE * len(queues) + 50, key=key, picks="cell")
    return str(picked[0]["queue"]) if picked else None


def _field(rows: Sequence[Row], queues: Sequence[str], bands: Sequence[str]) -> alt.Chart:
    quiet: dict[str, Any] = {"domain": False, "ticks": False}
    top = alt.Axis(orient="top", labelAngle=0, labelOverlap=False, **quiet)
    return alt.Chart(alt.InlineData(values=[dict(row) for row in rows])).encode(
        x=alt.X("band:N", title="Age, up to", sort=list(bands), axis=top),
        y=alt.Y("queue:N", title=None, sort=list(queues), axis=alt.Axis(labelLimit=200, **quiet)),
    )


def capacity(rows: Sequence[Row], *, key: str) -> Row | None:
    """What came in each hour as bars, what was decided and what people could decide as lines.

    Args:
        rows: `at`, `arrived`, `decided`, `capacity`, `present`.
        key: Of the chart.

    Returns:
        The row that was chosen; None: none is.
    """
    if not rows:
        empty("Nothing came in this window.", "Choose a longer one.")
        return None
    values = [marks.named({**row, "when": formats.moment(row["at"])}) for row in rows]
    names = ["arrived", "decided", "capacity"]
    base = (
        alt.Chart(alt.InlineData(values=values))
        .transform_fold([*names], as_=["kind", "value"])
        .encode(
            x=axes.time(ticks=10),
            y=alt.Y("value:Q", title="Cases in an hour"),
            color=_kinds(names, [_FILL, _CALM, _WARM]),
            tooltip=_tips(
                ("when:N", "hour from", ""),
                *((f"{name}:Q", name, ",.0f") for name in names),
                ("present:Q", "people, on average", ",.1f"),
            ),
        )
    )
    bars = base.transform_filter("datum.kind == 'arrived'").mark_bar(
        opacity=0.55, size=9, cursor="pointer"
    )
    lines = base.transform_filter("datum.kind != 'arrived'").mark_line(
        strokeWidth=2, interpolate="step-after", point=alt.OverlayMarkDef(size=26)
    )
    return marks.draw(marks.rimmed(bars, key) + lines, values, height=_TALL, key=key)


def people(rows: Sequence[Row], *, there: int, needed: int) -> None:
    """By number of people the share that is begun in time, with its band, and how busy they are.

    Args:
        rows: `people`, `on_time`, `low`, `high`, `occupancy`, `wait`.
        there: People there are; a line.
        needed: People it takes; a line.
    """
    base = alt.Chart(alt.InlineData(values=[_with_wait(row) for row in rows])).encode(
        x=alt.X(
            "people:Q",
            title="People at work",
            axis=alt.Axis(format="d", tickMinStep=1),
            scale=alt.Scale(zero=False, nice=False),
        )
    )
    band = base.mark_area(opacity=0.16, color=_FILL).encode(y=_share("low:Q"), y2=alt.Y2("high:Q"))
    names = ["begun in time", "busy"]
    lines = (
        base.transform_calculate(**{"begun in time": "datum.on_time", "busy": "datum.occupancy"})
        .transform_fold([*names], as_=["kind", "value"])
        .mark_line(strokeWidth=2, point=alt.OverlayMarkDef(size=40))
        .encode(
            y=_share("value:Q"),
            color=_kinds(names, [_FILL, _WARM]),
            tooltip=_tips(
                ("people:Q", "people", ",.0f"),
                ("on_time:Q", "begun in time", ".1%"),
                ("low:Q", "at worst", ".1%"),
                ("high:Q", "at best", ".1%"),
                ("occupancy:Q", "busy", ".0%"),
                ("waits:N", "mean wait", ""),
            ),
        )
    )
    marked = band + lines + _marks(there, needed)
    drawing.put(marked, height=_TALL, key=None)


def _with_wait(row: Row) -> dict[str, Any]:
    endless = row["wait"] is None
    return {**row, "waits": "without end" if endless else formats.duration(row["wait"])}


def _marks(there: int, needed: int) -> alt.LayerChart:
    """Lines from top to bottom at who is there, and who is needed."""
    marks = [{"at": there, "is": "there"}, {"at": needed, "is": "needed"}]
    if there == needed:
        marks = [{"at": needed, "is": "there, and needed"}]
    base = alt.Chart(alt.InlineData(values=marks)).encode(x=alt.X("at:Q"))
    line = base.mark_rule(strokeDash=[5, 4], strokeWidth=1.5, color=_QUIET)
    said = base.mark_text(align="left", dx=5, color=_QUIET, fontSize=12)
    both: alt.LayerChart = line + said.encode(text="is:N", y=alt.value(60))
    return both


def _share(name: str) -> alt.Y:
    axis = alt.Axis(format=".0%", tickCount=5)
    return alt.Y(name, title=None, axis=axis, scale=alt.Scale(domain=[0, 1]))


def _kinds(names: Sequence[str], colours: Sequence[str]) -> alt.Color:
    scale = alt.Scale(domain=list(names), range=list(colours))
    return alt.Color("kind:N", title=None, scale=scale, legend=alt.Legend(orient="top"))


def _tips(*told: tuple[str, str, str]) -> list[alt.Tooltip]:
    """Field, title and format of each line; no format: it is text."""
    return [
        alt.Tooltip(name, title=title, format=how) if how else alt.Tooltip(name, title=title)
        for name, title, how in told
    ]
