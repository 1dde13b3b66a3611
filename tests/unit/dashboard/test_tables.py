"""Columns of tables are of a kind that sorts, and files have what they were made from."""

import csv
import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.figures.tables import Column, as_csv

_COLUMNS = (
    Column("took", "Took", "seconds"),
    Column("at", "Came", "moment"),
    Column("cost", "Cost", "money"),
    Column("share", "Share", "share"),
)
_ROWS: tuple[dict[str, Any], ...] = (
    {"took": 28.0, "at": "2026-11-29T14:05:00Z", "cost": 0.0322, "share": 0.5},
    {"took": 240.4, "at": "2026-11-29T16:05:00+02:00", "cost": None, "share": None},
    {"took": None, "at": None, "cost": 0.5, "share": 0.25},
)


def _script() -> None:
    """Runs apart from this module: it is read as text."""
    from dashboard.figures.tables import table  # noqa: PLC0415 - see above
    from tests.unit.dashboard.test_tables import _COLUMNS, _ROWS  # noqa: PLC0415 - see above

    table(_ROWS, _COLUMNS, name="tried")


@pytest.fixture(scope="module")
def shown() -> Any:  # noqa: ANN401 - of Streamlit
    """The table, as it is sent to a browser."""
    app = AppTest.from_function(_script, default_timeout=60).run()
    assert not app.exception
    return app.dataframe[0]


def test_what_is_long_comes_after_what_is_short(shown: Any) -> None:  # noqa: ANN401 - of Streamlit
    """Durations and moments are what they are, and moments are in UTC, whatever they came in."""
    took, at = shown.value["took"], shown.value["at"]
    assert list(took.dropna()) == [timedelta(seconds=28), timedelta(minutes=4)]
    assert list(at.dropna()) == [datetime(2026, 11, 29, 14, 5, tzinfo=UTC)] * 2
    # One zone: else it would be a column of objects, which a browser sorts as text.
    assert str(at.dtype).endswith(", UTC]")
    assert list(shown.value["share"].dropna()) == [50.0, 25.0]


def test_headers_say_the_zone(shown: Any) -> None:  # noqa: ANN401 - of Streamlit
    """And small amounts of money have the digits that they need, and their currency."""
    columns = json.loads(shown.proto.columns)
    assert columns["at"]["label"] == "Came (UTC)"
    assert columns["at"]["type_config"]["timezone"] == "UTC"
    assert columns["cost"]["type_config"]["format"] == "$%,.4f"


def test_a_file_has_seconds_and_moments_as_they_came() -> None:
    """Nothing is rounded, and no zone is changed."""
    read = list(csv.reader(StringIO(as_csv(_ROWS, _COLUMNS))))
    assert read[0] == ["Took (s)", "Came", "Cost", "Share"]
    assert read[2] == ["240.4", "2026-11-29T16:05:00+02:00", "", ""]
