"""A field of cells, darker where there is more; a click chooses one."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import altair as alt

from dashboard import formats
from dashboard.figures import drawing
from dashboard.states import empty
from dashboard.theme import ink

Row = Mapping[str, Any]

_CELL: Final = 44
"""Pixels of a line of a field."""
_QUIET: Final = "#8A94A3"
"""Reads on light and on dark."""
_FILL: Final = "#4C7DE8"


def heat(
    rows: Iterable[Row],
    *,
    down: str,
    across: str,
    key: str,
    unit: str = "count",
    quiet_diagonal: bool = False,
) -> tuple[str, str] | None:
    """A field of cells, darker where there is more; a click chooses one.

    Args:
        rows: `down`, `across` (names) and `value`; `of` is said in the tooltip.
        down: Title of the vertical axis.
        across: Title of the horizontal axis.
        key: Of the chart.
        unit: As of `formats.in_unit`.
        quiet_diagonal: Whether cells of twice the same name have no colour: they agree.

    Returns:
        The names of the cell that was chosen, down and across; None: none is.
    """
    drawn = [_cell(row, unit, quiet_diagonal=quiet_diagonal) for row in rows]
    if not drawn:
        empty("There is nothing to draw yet.", "A longer window may have some.")
        return None
    lines = len({row["down"] for row in drawn})
    chart = _field(drawn, down, across)
    picked = drawing.put(chart, height=max(120, _CELL * lines + 60), key=key, picks="cell")
    return (str(picked[0]["down"]), str(picked[0]["across"])) if picked else None


def _cell(row: Row, unit: str, *, quiet_diagonal: bool) -> dict[str, Any]:
    quiet = quiet_diagonal and row["down"] == row["across"]
    return {
        "of": "",
        **row,
        "shown": formats.in_unit(row["value"], unit),
        "weight": 0 if quiet else row["value"],
    }


def _field(drawn: Sequence[Row], down: str, across: str) -> alt.LayerChart:
    chosen = alt.selection_point(name="cell", fields=["down", "across"], on="click", empty=False)
    base = alt.Chart(alt.InlineData(values=list(drawn))).encode(
        x=alt.X("across:N", title=across, axis=alt.Axis(orient="top", labelAngle=0, domain=False)),
        y=alt.Y("down:N", title=down, axis=alt.Axis(domain=False)),
    )
    cells = base.mark_rect(color=_FILL, cornerRadius=3, stroke=_QUIET, cursor="pointer").encode(
        fillOpacity=alt.Opacity("weight:Q", scale=alt.Scale(range=[0.03, 0.6]), legend=None),
        strokeWidth=alt.condition(chosen, alt.value(2.5), alt.value(0.25)),
        tooltip=[
            _tip("down", down),
            _tip("across", across),
            _tip("shown", "cases"),
            _tip("of", "of"),
        ],
    )
    said = base.mark_text(fontSize=13, cursor="pointer", color=ink()).encode(
        text=alt.Text("shown:N")
    )
    both: alt.LayerChart = cells.add_params(chosen) + said
    return both


def _tip(name: str, title: str) -> alt.Tooltip:
    return alt.Tooltip(f"{name}:N", title=title)
