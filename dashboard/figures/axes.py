"""Axes of charts: time, which is UTC everywhere, and figures by their unit."""

import json
from collections.abc import Mapping
from typing import Any, Final

import altair as alt

from dashboard.gateway import settings

#: How an axis reads, by unit of the API; in JavaScript where d3 has no format for it.
_AXES: Final[Mapping[str, dict[str, Any]]] = {
    "share": {"format": ".0%"},
    "count": {"format": ",.0f"},
    "seconds": {
        "labelExpr": "datum.value < 60 ? format(datum.value, ',.0f') + ' s'"
        " : datum.value < 3600 ? format(datum.value / 60, ',.0f') + ' min'"
        " : datum.value < 172800 ? format(datum.value / 3600, ',.1~f') + ' h'"
        " : format(datum.value / 86400, ',.1~f') + ' d'"
    },
}
#: Days by their date and hours by the clock of 24, as `formats.moment` has them.
_MOMENT: Final = (
    "utchours(datum.value) == 0 && utcminutes(datum.value) == 0"
    " ? utcFormat(datum.value, '%-d %b') : utcFormat(datum.value, '%H:%M')"
)


def time(ticks: int = 8) -> alt.X:
    """When (`at`), in UTC: else a browser tells its own time beside tables that do not.

    Args:
        ticks: About how many moments are named.
    """
    axis = alt.Axis(
        labelOverlap=True,
        tickCount=ticks,
        labelExpr=_MOMENT,
        titleAnchor="end",
        titleFontSize=10,
        titlePadding=2,
    )
    return alt.X("at:T", title="UTC", scale=alt.Scale(type="utc"), axis=axis)


def figure(unit: str) -> alt.Axis:
    """An axis of figures.

    Args:
        unit: As of `formats.in_unit`.
    """
    told = _money() if unit == "money" else _AXES.get(unit, {"format": "~g"})
    return alt.Axis(tickCount=5, **told)


def _money() -> dict[str, str]:
    """In the currency of the rates, as `formats.money` has it."""
    return {
        "labelExpr": f"{json.dumps(settings().dashboard.currency)} + format(datum.value, ',.2f')"
    }
