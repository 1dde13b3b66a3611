"""Sums by hour: whatever happens in whatever order, they say what the rows say."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib import import_module
from threading import Thread
from typing import Any, Final
from uuid import UUID

import pytest
from sqlalchemy import text

from engine.quality import Measure
from queues.ids import id_at, id_floor
from queues.measurement import By, Group, Series, compared, over_time, summarise
from queues.measurement.rollups import Folded, Rollups, hour_of, reading
from queues.measurement.rollups.folding import add_up
from queues.measurement.rollups.reading import BY_TIER
from queues.measurement.rollups.spans import span_of
from queues.records.erasing import erase_item
from queues.sections import Rates, Wellness
from queues.store.session import Store
from queues.store.tables import metadata
from tests.integration.histories import History
from tests.oracle.rollups import counted

RATES = Rates(moderator=18.0, senior=36.0)
DAYS = ("day_looks", "day_flags", "day_ballots")
TABLES = (
    *("flows", "deadlines", "work", "looks", "flags", "panels", "ballots", "appeals"),
    "validations",
    *("costs", "day_flows", "day_deadlines", "day_work", *DAYS),
)
#: With a whole day among them, whenever it is.
HOURS = 49
PRICED: Final[dict[str, Any]] = {"rates": RATES, "wellness": Wellness()}


def rollups_of(store: Store) -> Rollups:
    """By the rates of these tests."""
    return Rollups(store=store, rates=RATES, wellness=Wellness())


def sums(store: Store) -> dict[str, list[Any]]:
    """All that is summed up."""
    with store.read() as connection:
        return {
            name: sorted(map(tuple, connection.execute(metadata.tables[f"rollup_{name}"].select())))
            for name in TABLES
        }


def by_key(store: Store) -> dict[str, dict[Any, Any]]:
    """The same in the shape of the oracle."""
    found = sums(store)
    one = {"flows": 5, "deadlines": 5, "work": 6, "panels": 5}
    told: dict[str, dict[Any, Any]] = {
        name: {row[:size]: row[size:] for row in found[name]} for name, size in one.items()
    }
    told["flows"] = {
        key: (
            *row[:3],
            tuple(zip(row[3], row[4], strict=True)),
            tuple(zip(row[5], row[6], strict=True)),
            sorted(row[7]),
            *row[8:],
        )
        for key, row in told["flows"].items()
    }
    for name in ("looks", "flags", "validations"):
        told[name] = {row[:-1]: row[-1] for row in found[name]}
    told["ballots"] = {(*row[:5], tuple(row[5])): row[6] for row in found["ballots"]}
    told["appeals"] = {
        (*row[:5], state): times
        for row in found["appeals"]
        for state, times in zip(("filed", "open", "upheld", "overturned"), row[5:], strict=True)
        if times
    }
    return told


def days_of(found: dict[str, list[Any]]) -> dict[str, dict[Any, int]]:
    """What days hold of answers, by what they are told apart by."""
    told = {name: {row[:-1]: row[-1] for row in found[name]} for name in DAYS[:2]}
    ballots = {(*key, tuple(said)): times for *key, said, times in found["day_ballots"]}
    return {**told, "day_ballots": ballots}


def added_up(by_hand: dict[str, dict[Any, int]]) -> dict[str, dict[Any, int]]:
    """The same from hours of the oracle."""
    looks, flags, ballots = Counter[Any](), Counter[Any](), Counter[Any]()
    for (hour, tier, policy, queue, language, *seen), times in by_hand["looks"].items():
        for by, name in (("tier", ""), ("policy", policy), ("language", language)):
            looks[hour.replace(hour=0), by, name, tier, queue, *seen] += times
    for (hour, tier, _, queue, _, *seen), times in by_hand["flags"].items():
        flags[hour.replace(hour=0), tier, queue, *seen] += times
    for (hour, tier, *_, said), times in by_hand["ballots"].items():
        ballots[hour.replace(hour=0), tier, said] += times
    return dict(zip(DAYS, map(dict, (looks, flags, ballots)), strict=True))


def more(days: dict[str, dict[Any, int]]) -> dict[str, dict[Any, int]]:
    """The same, had there been three times as many answers."""
    return {name: {key: 3 * times for key, times in found.items()} for name, found in days.items()}


def days_of_more(store: Store) -> list[dict[str, dict[Any, int]]]:
    """Days of three times as many answers: as added up now, and as made by the migration."""
    migration = import_module("queues.store.migrations.versions.0025_days_of_looks")
    with store.transaction() as connection:
        for name in DAYS:
            table = metadata.tables[f"rollup_{name.removeprefix('day_')}"]
            connection.execute(table.update().values(times=3 * table.c.times))
        answered = text("SELECT hour FROM rollup_looks UNION SELECT hour FROM rollup_ballots")
        hours = connection.execute(answered).scalars().all()
        add_up(connection, {hour_of(each).replace(hour=0) for each in hours})
    added = days_of(sums(store))
    with store.transaction() as connection:
        for name in DAYS:
            connection.execute(metadata.tables[f"rollup_{name}"].delete())
        for statement in migration.FILLING:
            connection.execute(text(statement))
    return [added, days_of(sums(store))]


@contextmanager
def nothing_summed_up(store: Store) -> Iterator[None]:
    """All figures are told from rows."""
    with store.read() as connection:
        until = connection.execute(text("SELECT until FROM rollup_state")).scalar_one()
    move = text("UPDATE rollup_state SET until = :until")
    with store.transaction() as connection:
        connection.execute(move, {"until": None})
    yield
    with store.transaction() as connection:
        connection.execute(move, {"until": until})


def figures(store: Store, since: datetime) -> list[Any]:
    """Everything that is told, in numbers."""
    told: list[Any] = []
    for tier in summarise(store, since=since, **PRICED).tiers:
        told += [tier.items, tier.decided, tier.open, money(tier.cost.amount), tier.cost.votes]
        told += [numbers(each) for each in (tier.seconds, tier.agreement, tier.alpha)]
    report = compared(store, since=since, **PRICED)
    told += [numbers(goal.measure) for goal in report.goals]
    told += [[each.name, each.which, numbers(each.measure)] for each in report.figures]
    for by, group in ((By.HOUR, None), (By.DAY, None), *((By.DAY, group) for group in Group)):
        for point in points(store, since, by, group).points:
            told += [point.at, point.name, point.items, point.decided, point.open, point.votes]
            told += [numbers(point.p50), numbers(point.p90), numbers(point.on_time)]
            told += [numbers(point.automation), *map(money, (point.cost, point.per_human_decision))]
            told += [point.appeals, numbers(point.overturned), numbers(point.wrong)]
            told += [numbers(point.overturned_by_panels), numbers(point.false_positive_rate)]
            told += [numbers(point.false_discovery_rate)]
    return told


def points(store: Store, since: datetime, by: By, group: Group | None = None) -> Series:
    """Over time, from a moment on."""
    return over_time(store, begin=since, end=None, by=by, group=group, **PRICED)


def numbers(measure: Measure | None) -> Any:  # noqa: ANN401 - to be compared
    """What a figure says, but for the last digits."""
    if measure is None:
        return None
    parts = (measure.value, measure.low, measure.high)
    known = [None if part is None else pytest.approx(part, rel=1e-9) for part in parts]
    return [measure.state, *known, measure.n]


def money(amount: float | None) -> Any:  # noqa: ANN401 - to be compared
    """It is rounded: where the last digit is on the edge, either will do."""
    return None if amount is None else pytest.approx(amount, abs=1.1e-4)


@pytest.mark.parametrize("seed", [3])
def test_summed_up_bit_by_bit_is_as_all_at_once_and_as_by_hand(store: Store, seed: int) -> None:
    """Late decisions, revisions, appeals, erasure: the sums are those of all rows, and no others.

    And figures are the same, whether they are told from sums or from rows.
    """
    history, rollups = History(store, seed, hours=HOURS), rollups_of(store)
    for _ in range(4):
        history.go_on(70)
        assert rollups.fold().done
    bit_by_bit = sums(store)
    assert [name for name, rows in bit_by_bit.items() if not rows] == []
    running = hour_of(history.now)
    by_hand = {
        name: {key: value for key, value in found.items() if key[0] < running}
        for name, found in counted(history.tables()).items()
    }
    for name, found in by_key(store).items():
        assert found.keys() == by_hand[name].keys()
        for key, value in found.items():
            wanted = by_hand[name][key]
            assert value == (pytest.approx(wanted) if name == "work" else wanted), (name, key)
    assert days_of(bit_by_bit) == added_up(by_hand)
    since = history.now - timedelta(hours=HOURS - 1, minutes=17)
    summed = figures(store, since)
    with nothing_summed_up(store):
        assert figures(store, since) == summed
    assert days_of_more(store) == [more(days_of(bit_by_bit))] * 2
    assert rollups.rebuild().hours >= HOURS - 1
    assert sums(store) == bit_by_bit


@pytest.mark.parametrize("make", [id_at, id_floor])
def test_the_hour_of_an_id_is_that_of_its_moment(
    store: Store, make: Callable[[datetime], UUID]
) -> None:
    """Of one that says that its version is 7, and of one that says nothing of it."""
    at = datetime(2026, 11, 29, 21, 59, 59, 999_000, tzinfo=UTC)
    with store.read() as connection:
        hour = connection.execute(text("SELECT rollup_hour(:id)"), {"id": make(at)}).scalar_one()
    assert hour == at.replace(minute=0, second=0, microsecond=0)


def test_sums_of_a_day_are_of_no_use_where_it_is_told_in_part(store: Store) -> None:
    """Of an end within a day, whole hours count; up to now, the running day as far as it is."""
    history, rollups = History(store, 9, hours=HOURS), rollups_of(store)
    history.go_on(120)
    rollups.fold()
    since = history.now - timedelta(hours=HOURS - 1, minutes=17)
    noon = (hour_of(history.now) - timedelta(days=1)).replace(hour=12)
    ends = (None, noon)
    summed = [counts(store, since, end) for end in ends]
    assert summed[0] != summed[1]
    with nothing_summed_up(store):
        assert [counts(store, since, end) for end in ends] == summed


def counts(store: Store, since: datetime, end: datetime | None) -> list[Any]:
    """What came to each tier in a span."""
    with store.read() as connection:
        flows = reading.flows(connection, span_of(connection, since, end), BY_TIER)
    return sorted((*key, flow.items, flow.decided, flow.open) for key, flow in flows.items())


def test_what_changes_while_hours_are_summed_up_is_seen_to_at_once(store: Store) -> None:
    """They were read row by row until then, and nothing that was told of them is taken back."""
    history, rollups, found = History(store, 10), rollups_of(store), Folded()
    history.go_on(40)
    while not found.hours or not found.again:
        assert not found.done
        with store.transaction() as connection:
            rollups.step(connection, found)
        with store.transaction() as connection:
            case = history.one(connection, "cases", "state = 'open'")
            history.update(connection, "cases", case["id"], state="withdrawn")
    assert found.again


def test_what_is_not_committed_yet_is_not_lost(store: Store) -> None:
    """An hour is summed up while somebody still writes into it; it is again when they are done."""
    history, rollups = History(store, 3, ago=timedelta(hours=1)), rollups_of(store)
    history.go_on(60)
    rollups.fold()
    with store.transaction() as connection:
        case = history.one(connection, "cases", "state = 'open'")
        history.update(connection, "cases", case["id"], state="withdrawn", closed_at=history.now)
        with store.transaction() as other:
            elsewhere = history.one(other, "cases", f"state = 'open' AND id <> '{case['id']}'")
            history.update(other, "cases", elsewhere["id"], state="withdrawn")
        assert rollups.fold().again
        assert rollups.fold().again == 0
    assert rollups.fold().again
    bit_by_bit = sums(store)
    rollups.rebuild()
    assert sums(store) == bit_by_bit


def test_interrupted_or_twice_at_once_it_comes_out_the_same(store: Store) -> None:
    """Killed before it commits, nothing was done; two at once do it once."""
    history, rollups = History(store, 4), rollups_of(store)
    history.go_on(60)
    with pytest.raises(Killed):
        killed(rollups)
    assert not any(sums(store).values())
    both = [Thread(target=rollups.fold) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    rollups.fold()
    at_once = sums(store)
    rollups.rebuild()
    assert sums(store) == at_once


class Killed(Exception):
    """Somebody pulls the plug."""


def killed(rollups: Rollups) -> None:
    """Some hours are summed up, and it never comes to the commit."""
    with rollups.store.transaction() as connection:
        rollups.step(connection, Folded())
        raise Killed


def test_only_what_changes_figures_has_hours_summed_up_again(store: Store) -> None:
    """Ranks change all the time; what came in this hour is read from its rows."""
    history, rollups = History(store, 5), rollups_of(store)
    history.go_on(40)
    rollups.fold()
    with store.transaction() as connection:
        history.ranked(connection)
    assert rollups.fold().again == 0


def test_a_second_look_counts_where_the_item_came(store: Store) -> None:
    """However much later its case is opened and somebody votes, or takes the vote back."""
    history, rollups = History(store, 6), rollups_of(store)
    came, later = (history.now - timedelta(hours=hours) for hours in (4, 2))
    with store.transaction() as connection:
        item, _ = history.item(connection, came, "single", "publish")
        for purpose in ("review", "overlap"):
            history.case(connection, item, purpose, "single", later)
    rollups.fold()
    for number, reviewer in enumerate(("ana", "bo"), start=1):
        with store.transaction() as connection:
            case = history.one(connection, "cases", "id NOT IN (SELECT case_id FROM votes)")
            history.vote(connection, case["id"], reviewer, blind=True)
        rollups.fold()
        ((unit, times),) = by_key(store)["ballots"].items()
        assert (unit[0], len(unit[-1]), times) == (hour_of(came), number, 1)
    with store.transaction() as connection:
        history.vote_taken_back(connection)
    rollups.fold()
    ((unit, _),) = by_key(store)["ballots"].items()
    assert len(unit[-1]) == 1


def test_what_was_erased_is_like_nothing_else(store: Store) -> None:
    """Three that people decided alike count once, until one is erased: then that counts, too."""
    history, rollups = History(store, 8), rollups_of(store)
    came = history.now - timedelta(hours=4)
    for _ in range(3):
        with store.transaction() as connection:
            item, _ = history.item(connection, came, "single", "publish")
            history.update(connection, "items", item, content=b"same")
            history.case(connection, item, "review", "single", came)
            case = history.one(connection, "cases", f"item_id = '{item}'")
            history.update(connection, "cases", case["id"], state="decided", closed_at=history.now)
            history.update(connection, "cases", case["id"], policy="hate", queue="goods")
    rollups.fold()
    for distinct in (1, 2):
        # What an erased item was decided by stays in the sums of people.
        people = [row for row in sums(store)["flows"] if row[1] == "single"]
        assert [sum(row[place] for row in people) for place in (6, 13)] == [3, distinct]
        with store.read() as connection:
            item = connection.execute(text("SELECT max(sender_id) FROM items")).scalar_one()
        erase_item(store, item, by="somebody")
        rollups.fold()


def test_a_decision_that_is_revised_is_compared_anew(store: Store) -> None:
    """With what a panel said of the same: the case stays as it is, and its decision is another."""
    history, rollups = History(store, 7), rollups_of(store)
    came, later = (history.now - timedelta(hours=hours) for hours in (4, 2))
    with store.transaction() as connection:
        item, _ = history.item(connection, came, "single", "publish")
        for purpose, tier in (("review", "single"), ("sample", "senior")):
            history.case(connection, item, purpose, tier, later)
        for tier in ("single", "senior"):
            case = history.one(connection, "cases", f"tier = '{tier}'")
            history.update(connection, "cases", case["id"], state="decided", closed_at=later)
            history.decided(connection, case)
    rollups.fold()
    seen = set[int]()
    while len(seen) < 2:
        ((hour, tier, *_, looked, overturned),) = sums(store)["panels"]
        assert (hour, tier, looked) == (hour_of(came), "senior", 1)
        seen.add(overturned)
        with store.transaction() as connection:
            history.decided(connection, history.one(connection, "cases", "tier = 'single'"))
        assert rollups.fold().again
        assert by_key(store)["panels"] == counted(history.tables())["panels"]
