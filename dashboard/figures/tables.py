"""Tables: sorted and read in the browser, downloaded as CSV, a row opens what is behind it."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any, Final

import streamlit as st

from dashboard import formats
from dashboard.gateway import now, settings
from dashboard.states import empty

Row = Mapping[str, Any]

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_PERCENT: Final = 100.0
_TALLEST: Final = 12
"""Lines that are seen at once; the rest scrolls."""
_LINE: Final = 35
"""Pixels."""
#: Durations of so many seconds are told to that many: nobody reads the seconds of days.
_EXACT: Final = ((86_400.0, 3_600.0), (600.0, 60.0), (60.0, 1.0), (0.0, 0.1))
_MOMENT: Final = "D MMM YYYY HH:mm"
"""As moment.js has it."""
_NUMBERS: Final = {"share": "%.1f %%", "count": "%,.0f", "number": "%,.2f"}
"""As sprintf has them."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    """Of the value in a row."""
    title: str
    unit: str = "text"
    """`text`, `share`, `count`, `number`, `money`, `seconds` or `moment`."""
    about: str | None = None
    """What it means, for whoever asks."""


def table(
    rows: Sequence[Row], columns: Sequence[Column], *, name: str, opens: bool = False
) -> Row | None:
    """Draw one, with its download.

    Args:
        rows: In order; what is in them and in no column is not shown.
        columns: In order.
        name: Of the file, such as `reviewers`; it is its key as well.
        opens: Whether a row can be chosen.

    Returns:
        The row that was chosen; None: none is.
    """
    if not rows:
        empty("No rows.", "Choose a longer window, or fewer filters.")
        return None
    most = {each.name: _most(rows, each) for each in columns}
    given: dict[str, Any] = {
        "hide_index": True,
        "placeholder": formats.NONE,
        "column_config": {each.name: _config(each, most=most[each.name]) for each in columns},
        "height": "auto" if len(rows) <= _TALLEST else _LINE * (_TALLEST + 1),
        "key": f"table-{name}",
    }
    shown = [{each.name: _cell(row.get(each.name), each.unit) for each in columns} for row in rows]
    chosen: Sequence[int] = ()
    if opens:
        event = st.dataframe(shown, on_select="rerun", selection_mode="single-row", **given)
        chosen = event["selection"]["rows"]
    else:
        st.dataframe(shown, **given)
    download(rows, columns, name=name)
    # A table that became shorter still remembers what was chosen in the longer one.
    return rows[chosen[0]] if chosen and chosen[0] < len(rows) else None


def download(rows: Sequence[Row], columns: Sequence[Column], *, name: str) -> None:
    """A button that downloads a table: numbers as they are, moments as ISO 8601."""
    st.download_button(
        "Download as CSV",
        as_csv(rows, columns),
        file_name=f"tierwise-{name}-{now():%Y-%m-%d}.csv",
        mime="text/csv",
        icon=":material/download:",
        type="tertiary",
        key=f"csv-{name}",
        on_click="ignore",
    )


def as_csv(rows: Sequence[Row], columns: Sequence[Column]) -> str:
    """A table as RFC 4180 has it. Text that a spreadsheet would take for a formula is quoted."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(f"{each.title}{' (s)' if each.unit == 'seconds' else ''}" for each in columns)
    writer.writerows([_plain(row.get(each.name)) for each in columns] for row in rows)
    return out.getvalue()


def _plain(value: object) -> object:
    if isinstance(value, (list, tuple)):
        value = ", ".join(map(str, value))
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _cell(value: Any, unit: str) -> Any:  # noqa: ANN401 - of any kind
    """A value as its column has it: a number, a duration or a moment, so that it sorts."""
    if value is None:
        return None
    if unit == "share":
        return value * _PERCENT
    if unit == "seconds":
        exact = next(step for least, step in _EXACT if abs(value) >= least)
        return timedelta(seconds=round(value / exact) * exact)
    if unit == "moment":
        return datetime.fromisoformat(value).astimezone(UTC)
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value


def _config(column: Column, *, most: float) -> Any:  # noqa: ANN401 - of many kinds
    """How a column is drawn.

    Args:
        column: Which.
        most: As of `_most`.
    """
    title, about = column.title, column.about
    kinds = st.column_config
    if column.unit == "moment":
        return kinds.DatetimeColumn(f"{title} (UTC)", format=_MOMENT, timezone="UTC", help=about)
    if column.unit == "seconds":
        return kinds.NumberColumn(title, format="localized", help=about)
    if column.unit == "money":
        return kinds.NumberColumn(title, format=_money(most), help=about)
    if column.unit in _NUMBERS:
        return kinds.NumberColumn(title, format=_NUMBERS[column.unit], help=about)
    return kinds.TextColumn(title, help=about)


def _money(most: float) -> str:
    """As on cards, in the currency of the rates: small amounts have four digits."""
    currency = settings().dashboard.currency.replace("%", "%%")
    return f"{currency}%,.{2 if most >= 1 else 4}f"


def _most(rows: Iterable[Row], column: Column) -> float:
    """The largest amount of a column of money, without its sign."""
    if column.unit != "money":
        return 0.0
    return max((abs(row.get(column.name) or 0.0) for row in rows), default=0.0)
