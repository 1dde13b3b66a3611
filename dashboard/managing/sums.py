"""Charts of what adds up: a waterfall, counts over time, and counts by kind."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt

from dashboard import formats
from dashboard.figures import axes, drawing, marks
from dashboard.states import empty

Row = Mapping[str, Any]

_QUIET: Final = "#8A94A3"
"""Reads on light and on dark."""
_FILL: Final = "#4C7DE8"
_TALL: Final = 270
_MOST: Final = 15
"""Lines of names that can be read."""


def waterfall(rows: Sequence[Row], *, title: str, key: str) -> str | None:
    """What adds up to a whole: each bar begins where the one before ended; totals begin at 0.

    Args:
        rows: `name`, `value`, `total` (whether it is a sum of those before), in order; `opens` is
            what its cases are known by.
        title: Of the axis.
        key: Of the chart.

    Returns:
        What the bar that was chosen opens; None: none was, or it has no cases.
    """
    placed = steps(rows)
    if not placed:
        empty("Nothing was spent in this window.", "Choose a longer one.")
        return None
    names = [row["name"] for row in placed]
    base = alt.Chart(alt.InlineData(values=placed)).encode(
        y=alt.Y("name:N", sort=names, title=None, axis=alt.Axis(labelLimit=220))
    )
    bar = base.mark_bar(size=16, cornerRadius=2, cursor="pointer").encode(
        x=alt.X("begin:Q", title=title, axis=axes.figure("money")),
        x2=alt.X2("end:Q"),
        color=alt.Color(
            "kind:N", scale=alt.Scale(domain=["part", "sum"], range=[_FILL, _QUIET]), legend=None
        ),
        tooltip=[
            alt.Tooltip("name:N", title="of"),
            alt.Tooltip("shown:N", title="cost"),
            alt.Tooltip("share:Q", title="of all", format=".1%"),
        ],
    )
    said = base.mark_text(align="left", dx=6, fontSize=12, color=_QUIET).encode(
        x=alt.X("end:Q"), text=alt.Text("shown:N")
    )
    seen = marks.rimmed(bar, key) + said
    chosen = marks.draw(seen, placed, height=28 * len(placed) + 50, key=key)
    return None if chosen is None else chosen["opens"]


def steps(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Where each bar of a waterfall begins and ends; nothing where all of it is nothing."""
    placed: list[dict[str, Any]] = []
    reached = 0.0
    for row in rows:
        begin = 0.0 if row["total"] else reached
        reached = reached if row["total"] else reached + row["value"]
        placed.append(
            {
                "name": row["name"],
                "opens": row["opens"],
                "kind": "sum" if row["total"] else "part",
                "begin": begin,
                "end": reached,
                "shown": formats.money(reached - begin),
            }
        )
    if not reached:
        return []
    return [marks.named({**row, "share": (row["end"] - row["begin"]) / reached}) for row in placed]


def counts(rows: Sequence[Row], *, title: str, by: str, key: str) -> Row | None:
    """How many in each hour or day, as bars.

    Args:
        rows: `at`, `value`.
        title: Of the vertical axis.
        by: `hour` or `day`.
        key: Of the chart.

    Returns:
        The row that was chosen; None: none is.
    """
    if not any(row["value"] for row in rows):
        empty("There were none in this window.", "Choose a longer one.")
        return None
    values = [marks.named({**row, "when": formats.moment(row["at"])}) for row in rows]
    chart = (
        alt.Chart(alt.InlineData(values=values))
        .mark_bar(color=_FILL, opacity=0.8, size=9, cursor="pointer")
        .encode(
            x=axes.time(),
            y=alt.Y("value:Q", title=title, axis=alt.Axis(tickMinStep=1, tickCount=5)),
            tooltip=[
                alt.Tooltip("when:N", title=f"{by} from"),
                alt.Tooltip("value:Q", title=title.lower(), format=",.0f"),
            ],
        )
    )
    return marks.draw(marks.rimmed(chart, key), values, height=_TALL, key=key)


def stacked(rows: Sequence[Row]) -> None:
    """Statements by policy and action, coloured by who decided.

    Args:
        rows: `policy`, `action`, `who`, `statements`.
    """
    added: dict[tuple[str, str], float] = {}
    for row in rows:
        key = (f"{row['policy']} · {row['action']}", row["who"])
        added[key] = added.get(key, 0.0) + row["statements"]
    values = [{"name": name, "who": who, "value": value} for (name, who), value in added.items()]
    names = list(dict.fromkeys(str(each["name"]) for each in values))[:_MOST]
    chart = (
        alt.Chart(alt.InlineData(values=[each for each in values if each["name"] in names]))
        .mark_bar(size=15)
        .encode(
            y=alt.Y("name:N", sort=names, title=None, axis=alt.Axis(labelLimit=240)),
            x=alt.X("value:Q", title="Statements", axis=alt.Axis(format=",.0f", tickCount=6)),
            color=alt.Color("who:N", title=None, legend=alt.Legend(orient="top")),
            tooltip=[
                alt.Tooltip("name:N", title="policy and action"),
                alt.Tooltip("who:N", title="decided by"),
                alt.Tooltip("value:Q", title="statements", format=",.0f"),
            ],
        )
    )
    drawing.put(chart, height=28 * len(names) + 70, key=None)
