"""Items are judged once more when users report them or slow signals arrive."""

from pathlib import Path

import pytest
from sqlalchemy import text

from queues.arms import Arms
from queues.errors import NotFound
from queues.intake.answers import State
from queues.intake.rejudging import Rejudging
from queues.reports import Report
from queues.settings import Signal
from queues.store.outbox import Task, send
from queues.store.session import Store
from tests.integration.intakes import (
    accepted,
    counted,
    intake_over,
    judge_of,
    reports_over,
    rows,
)


def test_reports_bring_an_item_to_people_and_then_to_more(store: Store, tmp_path: Path) -> None:
    """The second report opens a case, the fourth brings it to the panel; its age stays."""
    judge = judge_of(tmp_path)
    (item,) = accepted(intake_over(store, judge), {"id": "a", "text": "hello"})
    reports = reports_over(store, judge)
    for number in range(5):
        reports.report([Report(item="a", reporter=f"u{number}", reasons=("spam",))], actor="key:t")
        reports.report([Report(item="a", reporter=f"u{number}")], actor="key:t")  # says it again
    single, senior = rows(store, "SELECT * FROM cases ORDER BY id")
    assert (single["tier"], single["state"]) == ("single", "escalated")
    assert (senior["tier"], senior["state"]) == ("senior", "waiting")
    assert senior["escalated_from"] == single["id"]
    assert senior["enqueued_at"] == single["enqueued_at"]
    (row,) = rows(store, "SELECT state, tier FROM items")
    assert row == {"state": "in_review", "tier": "senior"}
    assert counted(store)("reports") == 5
    verdicts = rows(store, "SELECT cause, input FROM verdicts ORDER BY id")
    assert [each["cause"] for each in verdicts] == ["received"] + ["reports"] * 5
    assert verdicts[-1]["input"]["facts"] == {"reports.count": 5, "reports.reasons": ["spam"]}
    assert item.state is State.DECIDED


def test_a_report_of_nothing_is_refused(store: Store, tmp_path: Path) -> None:
    """And the others of the same request are not kept either."""
    judge = judge_of(tmp_path)
    accepted(intake_over(store, judge), {"id": "a", "text": "hello"})
    reports = reports_over(store, judge)
    both = [Report(item="a", reporter="u"), Report(item="nobody", reporter="u")]
    with pytest.raises(NotFound, match="nobody"):
        reports.report(both, actor="key:t")
    assert counted(store)("reports") == 0


def test_reports_do_not_overrule_people(store: Store, tmp_path: Path) -> None:
    """Of an item that people decided knowing the same rule, a report changes nothing."""
    judge = judge_of(tmp_path)
    (item,) = accepted(intake_over(store, judge), {"id": "a", "text": "x", "reports.count": 3})
    with store.transaction() as connection:
        connection.execute(text("UPDATE cases SET state = 'decided'"))
        connection.execute(text("UPDATE items SET state = 'decided', decided_at = now()"))
        connection.execute(
            text(
                "INSERT INTO decisions (id, item_id, verdict_id, made_by, tier, action,"
                " inclusion_probability) VALUES (uuidv7(), :item, :verdict, 'person', 'single',"
                " 'publish', 1)"
            ),
            {"item": item.item_id, "verdict": item.verdict_id},
        )
    reports = reports_over(store, judge)
    # The third of the sender's own and this one make four: the panel's rule is new to them.
    reports.report([Report(item=str(item.item_id), reporter="u1")], actor="key:t")
    assert [each["tier"] for each in rows(store, "SELECT tier FROM cases ORDER BY id")] == [
        "single",
        "senior",
    ]
    with store.transaction() as connection:
        connection.execute(text("UPDATE cases SET state = 'decided'"))
        connection.execute(text("UPDATE items SET state = 'decided'"))
    reports.report([Report(item="a", reporter="u2")], actor="key:t")
    assert counted(store)("cases") == 2
    assert rows(store, "SELECT state, action FROM items") == [
        {"state": "decided", "action": "publish"}
    ]


@pytest.mark.parametrize(
    ("found", "state", "action"),
    [
        ('{"score.image": 0.8}', "decided", "hide"),
        ('{"score.image": 0.1}', "decided", "publish"),
        (None, "in_review", "publish"),
    ],
)
def test_signals_that_arrived_decide(
    store: Store, tmp_path: Path, found: str | None, state: str, action: str
) -> None:
    """With the value the rule decides; without it, people do. A message twice changes nothing."""
    judge = judge_of(tmp_path)
    source = Signal(name="pictures", fields=("score.image",))
    (item,) = accepted(intake_over(store, judge, [source]), {"id": "a", "kind": "image"})
    with store.transaction() as connection:
        connection.execute(
            text("UPDATE signal_orders SET found = CAST(:found AS jsonb)"), {"found": found}
        )
        send(connection, Task.JUDGE, [(item.item_id, 6)])
    messages = [each["id"] for each in rows(store, "SELECT id FROM outbox")]
    rejudging = Rejudging(store=store, judging=lambda: Arms(control=judge))
    rejudging.arrived(messages)
    rejudging.arrived(messages)
    (row,) = rows(store, "SELECT state, action FROM items")
    assert row == {"state": state, "action": action}
    assert counted(store)("verdicts") == 2
