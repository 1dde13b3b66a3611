"""Workers that count for a backtest, and one that is killed in the middle."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from engine.backtesting.terms import Terms
from queues.backtesting.running import Backtests, Window
from queues.judging import Judge
from queues.messaging.relay import Relay
from queues.policies.artefacts import stored_release
from queues.sections import Rates, Wellness
from queues.store.session import Store
from tests.functional.processes import PATIENCE, running
from tests.integration.backtested import as_bytes, written
from tests.integration.brokers import broker_at
from tests.integration.intakes import accepted, intake_over, rows
from tests.integration.policies import BY, activated, published
from tests.waiting import until

_BLOCKED = """
SELECT count(*) AS n FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


def test_a_worker_that_is_killed_changes_nothing(
    store: Store, redis_url: str, tmp_path: Path
) -> None:
    """Half-way through, with a part counted and not written down: others write the same bytes."""
    name = activated(store)
    with store.read() as connection:
        judge = Judge(stored_release(connection, name))
    texts = ("all zorblings", "hello", "hello")
    accepted(
        intake_over(store, judge),
        *(
            {"id": f"i{n}", "kind": "post", "text": texts[n % 3], "score.unkind": n % 100 / 100}
            for n in range(60)
        ),
    )
    backtests = Backtests(store, Rates(), Wellness())
    new = published(store, threshold=0.5)
    given = backtests.prepare(new, None, Window(length=timedelta(days=1)), Terms(), priced=True)
    plan = replace(given.plan, since=given.plan.until - timedelta(hours=12))
    given = replace(given, plan=plan)
    alone = backtests.here(given, 1, lambda _done, _parts: None)
    backtest = backtests.share(given, BY)
    with (
        broker_at(redis_url) as broker,
        running(tmp_path, store, redis_url, "worker", "--queues", "backtesting") as worker,
    ):
        relay = Relay(store=store, broker=broker, batch=500, group=100)
        with store.transaction() as connection:
            # Half of the parts are counted, the rest of them cannot be written down.
            connection.execute(
                text("SELECT FROM backtest_parts WHERE number >= 6 FOR UPDATE")
            ).all()
            relay.send()
            until(lambda: backtests.standing(backtest, 9).done == 6, within=PATIENCE)
            until(lambda: rows(store, _BLOCKED)[0]["n"] > 0, within=PATIENCE)
            worker.kill_all()
        until(lambda: rows(store, _BLOCKED)[0]["n"] == 0, within=PATIENCE)
        assert backtests.standing(backtest, 9).done == 6
    waiting = [row["id"] for row in rows(store, "SELECT id FROM outbox WHERE task ~ 'backtest'")]
    assert backtests.work(waiting) == len(waiting) == 6
    assert written(backtests.report(backtest)) == as_bytes(given, alone)
