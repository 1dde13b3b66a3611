"""A service that took in some items, of which people decided some, and backtests over them."""

from datetime import timedelta

import orjson
from sqlalchemy import text

from engine.backtesting.report import Report, record_of, report_of
from engine.backtesting.sums import Sums
from engine.backtesting.terms import Terms
from queues.backtesting.running import Backtests, Prepared, Window
from queues.ids import new_id
from queues.judging import Judge
from queues.policies.artefacts import stored_release
from queues.sections import Rates, Wellness
from queues.store.outbox import Task
from queues.store.session import Store
from tests.integration.intakes import accepted, intake_over, rows
from tests.integration.policies import activated, published

COUNT = 140
DAY = timedelta(days=1)
LAST_DAY = Window(length=DAY)


def took_in(store: Store, release: str, count: int = COUNT, start: int = 0) -> None:
    """Items come in, and are judged by a release."""
    with store.read() as connection:
        judge = Judge(stored_release(connection, release))
    intake = intake_over(store, judge)
    for first in range(start, start + count, 20):
        accepted(
            intake,
            *(
                {
                    "id": f"i{number}",
                    "kind": "post",
                    "text": "all zorblings" if number % 6 == 0 else "hello",
                    "score.unkind": number % 100 / 100,
                }
                for number in range(first, first + 20)
            ),
        )


def decided(
    store: Store, seconds: float = 40.0, action: str = "remove", most: int | None = None
) -> None:
    """Somebody decides every open case of one reviewer, or so many."""
    with store.transaction() as connection:
        for case in connection.execute(
            text(
                "SELECT * FROM cases WHERE closed_at IS NULL AND tier = 'single'"
                " ORDER BY id LIMIT :most"
            ),
            {"most": most},
        ).mappings():
            vote = {"id": new_id(), "case": case["id"], "seconds": seconds, "action": action}
            connection.execute(
                text(
                    "INSERT INTO votes (id, case_id, reviewer, round, action, active_seconds)"
                    " VALUES (:id, :case, 'ana', 1, :action, :seconds)"
                ),
                vote,
            )
            connection.execute(
                text(
                    "UPDATE cases SET state = 'decided', closed_at = now(), decision_id = :id"
                    " WHERE id = :case"
                ),
                vote,
            )
            connection.execute(
                text(
                    "INSERT INTO decisions (id, item_id, verdict_id, case_id, made_by, tier,"
                    " action, inclusion_probability) VALUES (:id, :item, :verdict, :case,"
                    " 'person', 'single', :action, 1)"
                ),
                vote | {"item": case["item_id"], "verdict": case["verdict_id"]},
            )


def site_in(store: Store) -> Store:
    """A service that took in some items, some of which people decided."""
    took_in(store, activated(store))
    decided(store)
    return store


def backtests_over(store: Store) -> Backtests:
    """As one process has them."""
    return Backtests(store, Rates(), Wellness())


def prepared(store: Store, *, threshold: float = 0.5) -> Prepared:
    """A stricter policy, against the one in force."""
    new = published(store, threshold=threshold)
    return backtests_over(store).prepare(new, None, LAST_DAY, Terms(), priced=False)


def as_bytes(given: Prepared, sums: Sums) -> bytes:
    """The report."""
    return written(report_of(sums, given.plan.old, given.plan.new, given.terms))


def written(report: Report | None) -> bytes:
    """A report that is there, as it is written."""
    assert report is not None
    return orjson.dumps(record_of(report))


def here(store: Store, given: Prepared) -> bytes:
    """The report of one process."""
    return as_bytes(given, backtests_over(store).here(given, 1, lambda _done, _parts: None))


def messages(store: Store) -> list[int]:
    """What workers are asked for."""
    found = rows(store, "SELECT id FROM outbox WHERE task = :task ORDER BY id", task=Task.BACKTEST)
    return [row["id"] for row in found]
