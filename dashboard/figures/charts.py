"""Charts in our theme: over time with a band, points and bars with intervals.

Rows are plain values, and names in them are those of policies, queues, rules and people. What
people wrote never comes into a chart. A chart with a key returns the row whose mark was clicked.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import altair as alt

from dashboard import formats
from dashboard.figures import axes, marks
from dashboard.states import empty

Row = Mapping[str, Any]

_HEIGHT: Final = 260
_LINE: Final = 26
"""Pixels of a name on a vertical axis."""
_AROUND: Final = 70
"""Pixels of an axis and its title."""
_DOT: Final = 36
_POINT: Final = 80
"""Areas of marks, in pixels."""
_QUIET: Final = "#8A94A3"
"""Reads on light and on dark."""
HINT: Final = "A click on a mark shows the way to the cases behind it."
_NOTHING: Final = "There is nothing to draw yet."
_LATER: Final = "It appears with the data: a longer window may have some."


def measured(name: str, measure: Row | None, **more: Any) -> Row:  # noqa: ANN401 - columns of any kind
    """A row for `points` and `bars`, from a figure of the API."""
    known = measure is not None and measure["state"] == "known"
    ends = ("value", "low", "high")
    found = {end: measure[end] if known and measure is not None else None for end in ends}
    n = None if measure is None else measure["n"]
    return {"name": name, **found, "n": n, **more}


def over_time(
    rows: Iterable[Row],
    *,
    title: str,
    unit: str,
    limits: Sequence[float | None] = (),
    zero: bool = False,
    key: str | None = None,
) -> Row | None:
    """Lines over time, each with the band of its interval.

    Args:
        rows: `at`, `value`, `low`, `high`, `n`; with several lines `name` says which.
        title: Of the vertical axis.
        unit: As of `formats.in_unit`.
        limits: Targets, as lines across; None is left out.
        zero: Whether the axis begins at 0.
        key: Of the chart; None: nothing can be chosen.

    Returns:
        The row that was chosen; None: none is.
    """
    drawn = [_told(row, unit) for row in rows if row.get("value") is not None]
    if not drawn:
        empty(_NOTHING, _LATER)
        return None
    names = list(dict.fromkeys(row["name"] for row in drawn))
    several = len(names) > 1
    y = alt.Y("value:Q", title=title, axis=axes.figure(unit), scale=alt.Scale(zero=zero, nice=True))
    legend = alt.Legend(orient="bottom", symbolOpacity=1) if several else None
    colour = alt.Color("name:N", title=None, sort=names, legend=legend)
    base = alt.Chart(alt.InlineData(values=drawn)).encode(x=axes.time(), color=colour)
    band = base.mark_area(opacity=0.16).encode(y=alt.Y("low:Q", title=title), y2=alt.Y2("high:Q"))
    line = base.mark_line(strokeWidth=2, interpolate="monotone").encode(y=y)
    dots = base.mark_point(filled=True, cursor="pointer" if key else "default").encode(
        y=y, tooltip=[*([_tip("name", "of")] if several else []), *_tips("when")]
    )
    seen = band + line + marks.growing(dots, _DOT, key, nearest=True) + _across(limits)
    return marks.draw(seen, drawn, height=_HEIGHT, key=key)


def points(
    rows: Iterable[Row],
    *,
    title: str,
    unit: str,
    limits: Sequence[float | None] = (),
    key: str | None = None,
) -> Row | None:
    """A name on each line, its value as a point, its interval as a line through it.

    Args:
        rows: `name`, `value`, `low`, `high`, `n`, in order; `group` colours them.
        title: Of the horizontal axis.
        unit: As of `formats.in_unit`.
        limits: Targets, as lines from top to bottom; None is left out.
        key: As of `over_time`, and so is what is returned.
    """
    drawn = [_told(row, unit) for row in rows if row.get("value") is not None]
    if not drawn:
        empty(_NOTHING, _LATER)
        return None
    names = list(dict.fromkeys(row["name"] for row in drawn))
    base = _named(drawn, names)
    if len(drawn) > len(names):
        base = base.encode(yOffset=alt.YOffset("group:N"))
    scale = alt.Scale(zero=False, nice=True)
    x = alt.X("value:Q", title=title, axis=axes.figure(unit), scale=scale)
    line = base.mark_rule(strokeWidth=2, opacity=0.55).encode(
        x=alt.X("low:Q", title=title, axis=axes.figure(unit), scale=scale), x2=alt.X2("high:Q")
    )
    dots = base.mark_point(filled=True, opacity=1, cursor="pointer" if key else "default").encode(
        x=x, tooltip=_named_tips(drawn)
    )
    seen = line + marks.growing(dots, _POINT, key) + _down(limits)
    height = _height([row["name"] for row in drawn]) + _legend(drawn)
    return marks.draw(seen, drawn, height=height, key=key)


def bars(
    rows: Iterable[Row],
    *,
    title: str,
    unit: str,
    limits: Sequence[float | None] = (),
    key: str | None = None,
) -> Row | None:
    """A bar from 0 for each name, with its interval where there is one; else as `points`."""
    drawn = [_told(row, unit) for row in rows if row.get("value") is not None]
    if not drawn:
        empty(_NOTHING, _LATER)
        return None
    names = list(dict.fromkeys(row["name"] for row in drawn))
    groups = list(dict.fromkeys(str(row.get("group")) for row in drawn))
    base = _named(drawn, names)
    if len(groups) > 1:
        base = base.encode(yOffset=alt.YOffset("group:N", sort=[str(each) for each in groups]))
    x = alt.X("value:Q", title=title, axis=axes.figure(unit), scale=alt.Scale(zero=True))
    bar = base.mark_bar(size=12, cornerRadiusEnd=3, cursor="pointer" if key else "default").encode(
        x=x, tooltip=_named_tips(drawn)
    )
    line = base.transform_filter("datum.reach != ''").mark_rule(strokeWidth=2, opacity=0.6)
    # A colour of its own: on a bar of the same one nobody would see it.
    reach = line.encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"), color=alt.ColorValue(_QUIET))
    seen = marks.rimmed(bar, key) + reach + _down(limits)
    height = _height(names * len(groups)) + _legend(drawn)
    return marks.draw(seen, drawn, height=height, key=key)


def against(
    rows: Iterable[Row],
    *,
    across: str,
    up: str,
    limits: Sequence[float | None] = (),
    key: str | None = None,
) -> Row | None:
    """Two shares against each other, a point for each, the interval of the upright one through it.

    Args:
        rows: `x`, and `value`, `low`, `high`, `n` of what stands upright; `name` says what it is.
        across: Title of the horizontal axis.
        up: Title of the vertical axis.
        limits: Targets of what stands upright.
        key: As of `over_time`, and so is what is returned.
    """
    drawn = [
        _told(row, "share") | {"coverage": formats.share(row["x"])}
        for row in rows
        if row.get("value") is not None and row.get("x") is not None
    ]
    if not drawn:
        empty(_NOTHING, _LATER)
        return None
    axis = alt.Axis(tickCount=6, format=".0%")
    scale = alt.Scale(zero=False, nice=True)
    base = alt.Chart(alt.InlineData(values=drawn)).encode(
        x=alt.X("x:Q", title=across, axis=axis, scale=scale)
    )
    y = alt.Y("value:Q", title=up, axis=axes.figure("share"))
    line = base.mark_rule(strokeWidth=1.5, opacity=0.45).encode(
        y=alt.Y("low:Q", title=up, axis=axes.figure("share")), y2=alt.Y2("high:Q")
    )
    tips = [_tip("name", "when"), _tip("coverage", "coverage"), *_tips()]
    dots = base.mark_point(filled=True, opacity=0.9, cursor="pointer" if key else "default").encode(
        y=y, tooltip=tips
    )
    seen = line + marks.growing(dots, _POINT, key) + _across(limits)
    return marks.draw(seen, drawn, height=_HEIGHT, key=key)


def _told(row: Row, unit: str) -> dict[str, Any]:
    """With its figures as text, for the tooltip."""
    low, high = row.get("low"), row.get("high")
    reach = "" if low is None else f"[{formats.in_unit(low, unit)}, {formats.in_unit(high, unit)}]"
    return marks.named({"name": "", **row}) | {
        "low": row["value"] if low is None else low,
        "high": row["value"] if high is None else high,
        "shown": formats.in_unit(row["value"], unit),
        "reach": reach,
        "seen": formats.count(row.get("n")),
        "when": formats.moment(row["at"]) if "at" in row else "",
    }


def _named(drawn: Sequence[Row], names: Sequence[str]) -> alt.Chart:
    y = alt.Y("name:N", sort=list(names), title=None, axis=alt.Axis(labelLimit=220))
    base = alt.Chart(alt.InlineData(values=list(drawn))).encode(y=y)
    if any("group" in row for row in drawn):
        base = base.encode(color=alt.Color("group:N", title=None, legend=alt.Legend(orient="top")))
    return base


def _named_tips(drawn: Sequence[Row]) -> list[alt.Tooltip]:
    grouped = [_tip("group", "kind")] if any("group" in row for row in drawn) else []
    return [_tip("name", "of"), *grouped, *_tips()]


def _tips(*before: str) -> list[alt.Tooltip]:
    told = (("shown", "value"), ("reach", "interval of 95 %"), ("seen", "n"))
    return [*(_tip(name, name) for name in before), *(_tip(*each) for each in told)]


def _tip(name: str, title: str) -> alt.Tooltip:
    return alt.Tooltip(f"{name}:N", title=title)


def _across(limits: Sequence[float | None]) -> alt.Chart:
    return _limit(limits).encode(y=alt.Y("at:Q"))


def _down(limits: Sequence[float | None]) -> alt.Chart:
    return _limit(limits).encode(x=alt.X("at:Q"))


def _limit(limits: Sequence[float | None]) -> alt.Chart:
    values = [{"at": each} for each in limits if each is not None]
    dashed = alt.Chart(alt.InlineData(values=values))
    line: alt.Chart = dashed.mark_rule(strokeDash=[5, 4], strokeWidth=1.5, color=_QUIET)
    return line


def _legend(drawn: Sequence[Row]) -> int:
    return _LINE if any("group" in row for row in drawn) else 0


def _height(names: Sequence[str]) -> int:
    return _LINE * len(names) + _AROUND
