"""What is chosen in a chart: a click on a mark, and the row that it stands for."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt

from dashboard.figures import drawing
from dashboard.theme import ink

Row = Mapping[str, Any]

_MARK: Final = "mark"
_PARTS: Final = ("at", "name", "group")


def named(row: Row) -> dict[str, Any]:
    """A row with what its mark is called: the same row again has the same, wherever it stands."""
    return {**row, _MARK: " ".join(str(row[part]) for part in _PARTS if part in row)}


def growing(layer: alt.Chart, size: int, key: str | None, *, nearest: bool = False) -> alt.Chart:
    """Points of which a click chooses one, which grows.

    Args:
        layer: Of points.
        size: Of those that are not chosen.
        key: Of the chart; None: nothing can be chosen.
        nearest: Whether a click beside a point chooses the nearest.
    """
    if key is None:
        return layer.encode(size=alt.SizeValue(size))
    picked = _picked(nearest=nearest)
    return layer.encode(size=alt.SizeValue(size, condition=_where(picked, 4 * size))).add_params(
        picked
    )


def rimmed(layer: alt.Chart, key: str | None) -> alt.Chart:
    """Bars of which a click chooses one, which gets a rim; arguments as of `growing`."""
    if key is None:
        return layer
    picked = _picked()
    return layer.encode(
        stroke=alt.StrokeValue("transparent", condition=_where(picked, ink())),
        strokeWidth=alt.StrokeWidthValue(0, condition=_where(picked, 2.5)),
    ).add_params(picked)


def _where(picked: alt.Parameter, value: float | str) -> dict[str, Any]:
    """How it is of what was chosen, as Vega-Lite writes it; Altair takes long to tell the same."""
    return {"param": picked.name, "empty": False, "value": value}


def _picked(*, nearest: bool = False) -> alt.Parameter:
    return alt.selection_point(name=_MARK, fields=[_MARK], on="click", empty=False, nearest=nearest)


def draw(
    chart: alt.LayerChart | alt.Chart, rows: Sequence[Row], *, height: int, key: str | None
) -> Row | None:
    """Draw a chart.

    Args:
        chart: With a layer of `growing` or `rimmed` marks where it has a key.
        rows: As of `named`.
        height: In pixels.
        key: Of the chart; None: nothing can be chosen.

    Returns:
        The row that was chosen; None: none is.
    """
    picked = drawing.put(chart, height=height, key=key, picks=_MARK)
    # What was chosen may be gone: another window has other marks.
    return next((row for row in rows if picked and row[_MARK] == picked[0].get(_MARK)), None)
