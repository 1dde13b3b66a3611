"""Ways from figures to cases: none opens others than those it names."""

from datetime import UTC, datetime

import altair as alt
import pytest

from dashboard.figures import axes, drill, marks
from dashboard.filters import during, span_of
from dashboard.managing.transparency import filed


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, str | None]]]:
    """Labels and filters of the ways that are drawn."""
    found: list[tuple[str, dict[str, str | None]]] = []

    def link(_path: str, label: str, *, icon: str, place: str, **filters: str | None) -> None:
        assert icon or place
        found.append((label, filters))

    monkeypatch.setattr(drill, "link", link)
    return found


@pytest.mark.parametrize(
    "filters", [{"tier": "auto"}, {"policy": ""}, {"queue": "", "window": "7 days"}]
)
def test_what_has_no_cases_has_no_way(
    ways: list[tuple[str, dict[str, str | None]]], filters: dict[str, str]
) -> None:
    """The machine's own decisions, and what has no name: all would be opened."""
    drill.cases("Open", **filters)
    drill.came({"at": "2026-11-29T00:00:00Z"}, "day", **filters)
    assert not ways


def test_a_point_opens_what_came_then(ways: list[tuple[str, dict[str, str | None]]]) -> None:
    """A day or an hour of UTC, with the other filters; nothing where nothing was chosen."""
    year = datetime.now(UTC).year
    at = {"at": f"{year}-11-29T23:00:00-05:00"}
    drill.came(None, "day")
    drill.came(at, "day", policy="hate")
    drill.came(at, "hour")
    assert ways == [
        (
            "Open the cases that came on 30 Nov (UTC)",
            {"during": f"{year}-11-30", "policy": "hate"},
        ),
        (
            "Open the cases that came in the hour from 30 Nov 04:00 UTC",
            {"during": f"{year}-11-30T04"},
        ),
    ]


def test_a_day_and_an_hour_in_an_address() -> None:
    """What is written is read again; anything else is none."""
    at = datetime(2026, 11, 29, 14, tzinfo=UTC)
    assert span_of(during(at, "hour")) == (at, at.replace(hour=15))
    assert span_of(during(at, "day")) == (at.replace(hour=0), datetime(2026, 11, 30, tzinfo=UTC))
    assert [span_of(bad) for bad in ("", "2026-11", "2026-02-30", "2026-11-29T25", "now")] == [
        None
    ] * 5


def test_time_is_utc() -> None:
    """Else axes would be of the browser's zone."""
    drawn = alt.Chart(alt.InlineData(values=[])).mark_line().encode(x=axes.time()).to_dict()
    assert drawn["encoding"]["x"]["scale"] == {"type": "utc"}
    assert drawn["encoding"]["x"]["title"] == "UTC"


def test_a_mark_is_found_again_in_other_rows() -> None:
    """By what it is of, and not by where it stood."""
    rows = [{"at": "a", "name": "x", "value": 1}, {"at": "a", "name": "y", "value": 2}]
    first, second = map(marks.named, rows)
    assert first["mark"] != second["mark"]
    assert marks.named({**rows[1], "value": 3})["mark"] == second["mark"]


def test_appeals_of_one_group_and_of_all() -> None:
    """In their order."""
    points = [
        {"at": "1", "name": "a", "appeals": 2},
        {"at": "1", "name": "b", "appeals": 3},
        {"at": "2", "name": "b", "appeals": 1},
    ]
    assert filed(points, None) == [{"at": "1", "value": 5}, {"at": "2", "value": 1}]
    assert filed(points, "a") == [{"at": "1", "value": 2}]
