"""What is told of queues is what Postgres has, found without reading tables that grow."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import ClauseElement, Connection, text

from engine.urgency import Urgency
from engine.verdict import Tier
from queues.casework.observing import DECIDED, arrived, observe, waiting
from queues.casework.waits import QueueStanding, Waits
from queues.sections import Priority
from queues.store.ranking import urgency_of, weights_of
from queues.store.session import Store
from tests.integration.desks import Desk

_AGEING: Final = 14_400.0
_WEIGHTS: Final = weights_of(_AGEING, Priority())
_GENERAL: Final = ("single", "general")
_GOODS: Final = ("single", "goods")
_PANEL: Final = ("senior", "senior")

# Cases of one item that were decided over the last 40 days, as ids of their moments say.
_DECIDED_CASES: Final = text("""
INSERT INTO cases (id, item_id, verdict_id, purpose, tier, queue, policy, reason, rule, priority,
    severity, state, enqueued_at, due_at, opened_at, taken_at, closed_at)
SELECT CAST(lpad(to_hex(CAST(extract(epoch FROM at) * 1000 AS bigint)), 12, '0')
        || '7000' || '8000' || lpad(to_hex(number), 12, '0') AS uuid),
    item_id, verdict_id, 'review', tier, queue, policy, reason, rule, priority, severity, 'decided',
    at, at + interval '1 day', at, at + interval '30 s', at + interval '90 s'
FROM cases, LATERAL (
    SELECT number, now() - interval '2 minutes' - number * CAST(:every AS interval) AS at
    FROM generate_series(0, :several - 1) AS number
) AS moments
WHERE cases.queue = :queue AND cases.state = 'open'
""")


def test_a_queue_is_told_with_all_that_waits_in_it(store: Store, tmp_path: Path) -> None:
    """Those to be opened and those in hands count; what is due, and what is past it, apart."""
    desk = Desk(store, tmp_path)
    desk.send("odd", "odd", "odd", "wares", "grave")
    desk.work()
    desk.next("r1")
    desk.send("odd")
    _change(store, "UPDATE cases SET due_at = now() - interval '1 minute' WHERE queue = 'goods'")
    told = _standings(store)
    assert {key: (each.depth, each.overdue) for key, each in told.items()} == {
        _GENERAL: (4, 0),
        _GOODS: (1, 1),
        _PANEL: (1, 0),
    }
    (first,) = desk.rows(
        "SELECT min(enqueued_at) AS at, min(due_at) AS due FROM cases WHERE queue = 'general'"
    )
    assert (told[_GENERAL].oldest, told[_GENERAL].due_next) == (first["at"], first["due"])
    assert told[_GOODS].due_next is None
    assert all(each.expected_wait is None for each in told.values())


def test_decisions_are_counted_where_they_are_made(store: Store, tmp_path: Path) -> None:
    """A panel's counts once, when all have voted; what was escalated or given back does not."""
    desk = Desk(store, tmp_path)
    desk.send("odd", "odd", "grave", "wares")
    desk.work()
    _change(store, "UPDATE cases SET state = 'escalated', closed_at = now() WHERE queue = 'goods'")
    desk.says("r1", "keep")
    for reviewer in ("s1", "s2"):
        desk.says(reviewer, "keep", tier=Tier.SENIOR)
    assert _decided(store) == {_GENERAL: 1, _GOODS: 0, _PANEL: 0}
    desk.says("s3", "keep", tier=Tier.SENIOR)
    desk.work()
    assert _decided(store) == {_GENERAL: 1, _GOODS: 0, _PANEL: 1}


def test_the_wait_follows_from_depth_and_pace(store: Store, tmp_path: Path) -> None:
    """One decision a minute lately, three cases before a new one: about four minutes."""
    desk = _busy(store, tmp_path, "odd", queue="general", several=60, every="1 minute")
    desk.send("odd", "odd")
    told = _standings(store)[_GENERAL]
    assert (told.depth, told.decided_per_hour) == (3, 60)
    assert told.expected_wait is not None
    assert 200 < told.expected_wait.p50 < 260 < told.expected_wait.p90 < 600


def test_a_quiet_hour_is_told_by_the_day(store: Store, tmp_path: Path) -> None:
    """Twelve decisions a day, one case before a new one: some hours; and nobody knows better."""
    _busy(store, tmp_path, "odd", queue="general", several=30, every="2 hours")
    told = _standings(store)[_GENERAL]
    assert told.decided_per_hour == 1
    assert told.expected_wait is not None
    assert 2 * 3_600 < told.expected_wait.p50 < 5 * 3_600 < told.expected_wait.p90


def test_no_wait_is_shorter_than_people_take(store: Store, tmp_path: Path) -> None:
    """From the first claim to the decision each case took a minute, however many are decided."""
    desk = _busy(store, tmp_path, "odd", queue="general", several=3_000, every="1 second")
    desk.says("r1", "keep")
    told = _standings(store)[_GENERAL]
    assert told.depth == 0
    assert told.expected_wait is not None
    assert 59 < told.expected_wait.p50 < 61


def test_a_case_is_taken_once(store: Store, tmp_path: Path) -> None:
    """Whoever claims it after somebody gave it back does not make it younger."""
    desk = Desk(store, tmp_path)
    desk.send("odd")
    desk.work()
    question = "SELECT taken_at FROM cases"
    assert desk.rows(question)[0]["taken_at"] is None
    desk.next("r1")
    (taken,) = desk.rows(question)
    assert taken["taken_at"] is not None
    desk.review.release("r1")
    desk.next("r2")
    assert desk.rows(question) == [taken]


def test_the_place_counts_rank_and_not_only_arrival(store: Store, tmp_path: Path) -> None:
    """An urgent case passes those that wait, and a low one does not; itself it does not count."""
    desk = _busy(store, tmp_path, "wares", queue="goods", several=60, every="1 minute")
    desk.send("wares", "wares", "wares now")
    # All at the same moment, so that no border of ranks lies between them.
    _change(
        store,
        "UPDATE cases SET enqueued_at = date_trunc('hour', now()),"
        " due_at = date_trunc('hour', now()) + interval '12 hours' WHERE state <> 'decided'",
    )
    outlook = Waits(store, ageing=_AGEING).current()
    known = {priority: _urgency(store, priority) for priority in (0, 6)}
    new = {priority: _coming(each, outlook.at) for priority, each in known.items()}
    places = {
        (priority, name): outlook.expect(*_GOODS, each[priority]).place
        for priority in (0, 6)
        for name, each in (("known", known), ("new", new))
    }
    assert places == {(0, "known"): 1, (0, "new"): 2, (6, "known"): 4, (6, "new"): 5}
    waits = [outlook.expect(*_GOODS, new[each]).expected_wait for each in (0, 6)]
    assert waits[0] is not None
    assert waits[1] is not None
    assert waits[0].p90 < waits[1].p50


def test_who_is_overtaken_waits_longer(store: Store, tmp_path: Path) -> None:
    """With as many before it, a normal case waits for urgent ones too that are still to come."""
    desk = _busy(store, tmp_path, "wares", queue="goods", several=60, every="1 minute")
    before = _wait_of(store, priority=6)
    desk.send(*["wares now"] * 30)
    assert _wait_of(store, priority=0) == before
    assert _wait_of(store, priority=6) > 1.5 * before


def test_what_was_seen_is_remembered(store: Store, tmp_path: Path) -> None:
    """However many ask, the database is asked once in a while."""
    desk = Desk(store, tmp_path)
    waits = Waits(store, ageing=_AGEING)
    before, first = waits.lately, waits.current()
    assert before is None
    desk.send("odd")
    assert waits.fresh
    assert waits.current() is first is waits.lately
    forgetful = Waits(store, ageing=_AGEING, remember=0.0)
    assert forgetful.current() is not forgetful.current()
    assert not forgetful.fresh


def test_known_queues_are_told_of_when_nothing_is_in_them(store: Store) -> None:
    """With nothing, and no wait that anybody could tell."""
    (told,) = Waits(store, ageing=_AGEING).current().standings({_GENERAL})
    assert told == QueueStanding(
        tier="single",
        queue="general",
        depth=0,
        oldest=None,
        due_next=None,
        overdue=0,
        due_soon=0,
        claimed=0,
        came_per_hour=0,
        decided_per_hour=0,
        expected_wait=None,
    )


def test_no_look_reads_cases_of_the_past(store: Store, tmp_path: Path) -> None:
    """With forty days of decided cases all that is read comes from indexes."""
    _busy(store, tmp_path, "odd", "grave", queue="general", several=20_000, every="3 minutes")
    _change(store, "ANALYZE cases")
    with store.read() as connection:
        at, _ = observe(connection, _WEIGHTS)
        plans = {
            "waiting": _plan(connection, _written(store, waiting(_WEIGHTS))),
            "decided": _plan(connection, DECIDED.text),
            "arrived": _plan(connection, _written(store, arrived(_WEIGHTS, at))),
        }
    assert not [name for name, plan in plans.items() if "Seq Scan" in plan], plans
    assert "ix_cases_due" in plans["waiting"]
    assert "Index Only Scan using ix_cases_decided" in plans["decided"]
    assert "pk_cases" in plans["arrived"]


def _busy(store: Store, folder: Path, *texts: str, queue: str, several: int, every: str) -> Desk:
    """A desk with a case open for each text, and so many that were decided before."""
    desk = Desk(store, folder)
    desk.send(*texts)
    desk.work()
    with store.transaction() as connection:
        given = {"queue": queue, "several": several, "every": every}
        connection.execute(_DECIDED_CASES, given)
    return desk


def _standings(store: Store) -> dict[tuple[str, str], QueueStanding]:
    told = Waits(store, ageing=_AGEING).current().standings()
    return {(each.tier, each.queue): each for each in told}


def _decided(store: Store) -> dict[tuple[str, str], int]:
    return {key: each.decided_per_hour for key, each in _standings(store).items()}


def _urgency(store: Store, priority: int) -> Urgency:
    """Of the first case of goods of a priority that waits."""
    question = text(
        "SELECT * FROM cases WHERE queue = 'goods' AND state <> 'decided' AND priority = :priority"
        " ORDER BY id LIMIT 1"
    )
    with store.read() as connection:
        return urgency_of(connection.execute(question, {"priority": priority}).mappings().one())


def _coming(urgency: Urgency, at: datetime) -> Urgency:
    """The same, of a case that comes at a moment."""
    since = at.timestamp()
    return replace(urgency, since=since, due=since + urgency.due - urgency.since)


def _wait_of(store: Store, *, priority: int) -> float:
    """The median wait of a case of goods with ten before it, to the second."""
    urgency = _urgency(store, priority)
    wait = Waits(store, ageing=_AGEING).current().wait(*_GOODS, urgency, ahead=10)
    assert wait is not None
    return round(wait.p50)


def _written(store: Store, statement: ClauseElement) -> str:
    given = {"literal_binds": True}
    return str(statement.compile(dialect=store.engine.dialect, compile_kwargs=given))


def _plan(connection: Connection, statement: str) -> str:
    return "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}").scalars())


def _change(store: Store, statement: str) -> None:
    with store.transaction() as connection:
        connection.execute(text(statement))
