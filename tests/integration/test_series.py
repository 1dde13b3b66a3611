"""Figures over time: what a point counts, and which points there are."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from queues.errors import Refused
from queues.measurement import By, Group, Point, Series, over_time
from queues.review import Ballot
from queues.sections import Rates, Wellness
from queues.store.session import Store
from tests.integration.desks import Desk

RATES = Rates(moderator=18.0, senior=36.0)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    """An installation in which votes count at once."""
    return Desk(store, tmp_path)


def told(
    store: Store,
    by: By = By.DAY,
    group: Group | None = None,
    begin: datetime | None = None,
    end: datetime | None = None,
) -> Series:
    """As it stands."""
    return over_time(
        store, begin=begin, end=end, by=by, group=group, rates=RATES, wellness=Wellness()
    )


def named(series: Series) -> dict[str, Point]:
    """Points of a single day or hour, by name."""
    assert len({point.at for point in series.points}) == 1
    return {point.name: point for point in series.points}


def work(desk: Desk) -> None:
    """Thirty decided by the machine, ten by a person; twenty samples; an appeal, too late."""
    desk.send(*["vile"] * 30, *["odd"] * 10, *["grave"] * 2, *["fine sampled"] * 20)
    desk.work()
    for number in range(30):
        case = desk.next(f"ana-{number}")
        ballot = Ballot(case_id=case.id, reviewer=f"ana-{number}", action="keep", active_seconds=20)
        desk.review.vote(ballot)
    desk.work()
    desk.appeal("i0")
    desk.says("bo", "keep")
    desk.work()
    with desk.store.transaction() as connection:
        connection.execute(text("UPDATE cases SET due_at = now() - interval '1 second'"))
        late = "UPDATE cases SET closed_at = now() WHERE tier = 'single' AND policy = 'appeal'"
        connection.execute(text(late))


def test_a_point_is_what_came_then(desk: Desk) -> None:
    """Of machine and people, their time and what it cost, deadlines, appeals and samples."""
    work(desk)
    (point,) = told(desk.store).points
    assert (point.items, point.decided, point.open) == (50 + 10 + 2 + 1, 49 + 10 + 1, 2)
    assert point.automation.value == pytest.approx(49 / 60)
    assert (point.votes, point.seconds) == (31, 600.0)
    assert point.cost == pytest.approx(600 * 18 / 3_600)
    assert point.per_human_decision == pytest.approx(3 / 11, abs=1e-4)
    assert (point.appeals, point.overturned.n) == (1, 1)
    assert (point.p50.n, point.on_time.n) == (13, 13)
    assert (point.wrong.n, point.wrong.value) == (20, 0.0)
    by_tier = named(told(desk.store, By.HOUR, Group.TIER))
    assert set(by_tier) == {"auto", "single", "senior"}
    assert (by_tier["auto"].items, by_tier["single"].votes) == (50, 31)
    assert by_tier["auto"].p90.value == pytest.approx(0.0, abs=1.0)
    assert by_tier["senior"].per_decision is None
    by_policy = named(told(desk.store, group=Group.POLICY))
    assert (by_policy["hate"].decided, by_policy["appeal"].decided) == (29 + 10, 1)
    assert by_policy["quality"].votes == 20


def test_a_window_has_whole_days_or_hours(desk: Desk) -> None:
    """What came before or after is left out; windows that nobody could show are refused."""
    desk.send("vile")
    now = datetime.now(UTC)
    assert told(desk.store, begin=now - timedelta(hours=1), end=now).points[0].items == 1
    assert told(desk.store, end=now - timedelta(days=1)).points == ()
    assert told(desk.store, By.HOUR, begin=now - timedelta(hours=3)).points[0].decided == 1
    for begin, end, by in (
        (now + timedelta(days=2), None, By.DAY),
        (now - timedelta(days=32), None, By.HOUR),
        (now - timedelta(days=800), None, By.DAY),
        (datetime(1, 1, 1, tzinfo=UTC), None, By.DAY),
        (None, datetime(1, 1, 1, tzinfo=UTC), By.DAY),
        (now, now - timedelta(days=3), By.DAY),
    ):
        with pytest.raises(Refused):
            told(desk.store, by, begin=begin, end=end)
