"""Tables: sorted and read in the browser, downloaded as CSV, a row opens what is behind it."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any, Final

import streamlit as st

from dashboard import formats
from dashboard.gateway import now
from dashboard.states import empty

Row = Mapping[str, Any]

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_PERCENT: Final = 100.0
_TALLEST: Final = 12
"""Lines that are seen at once; the rest scrolls."""
_LINE: Final = 35
"""Pixels."""


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
    shown = [{each.name: _cell(row.get(each.name), each.unit) for each in columns} for row in rows]
    given: dict[str, Any] = {
        "hide_index": True,
        "placeholder": formats.NONE,
        "column_config": {each.name: _config(each) for each in columns},
        "height": "auto" if len(rows) <= _TALLEST else _LINE * (_TALLEST + 1),
        "key": f"table-{name}",
    }
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
    writer.writerow(each.title for each in columns)
    writer.writerows([_plain(row.get(each.name)) for each in columns] for row in rows)
    return out.getvalue()


def _plain(value: object) -> object:
    if isinstance(value, (list, tuple)):
        value = ", ".join(map(str, value))
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _cell(value: Any, unit: str) -> Any:  # noqa: ANN401 - of any kind
    if value is None:
        return None
    if unit == "share":
        return value * _PERCENT
    if unit == "seconds":
        return formats.duration(value)
    if unit == "moment":
        return formats.moment(value)
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value


def _config(column: Column) -> Any:  # noqa: ANN401 - of many kinds
    of = {"share": "%.1f %%", "count": "localized", "number": "%.2f", "money": "%.4f"}
    if column.unit in of:
        return st.column_config.NumberColumn(
            column.title, format=of[column.unit], help=column.about
        )
    return st.column_config.TextColumn(column.title, help=column.about)
