"""What is overdue goes to the panel, and what is late there is told of, each once."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import text

from engine.rules.model import Policy
from queues.casework.escalation import Escalation
from queues.store.outbox import Task
from queues.store.session import Store
from tests.integration.brokers import rows_of
from tests.integration.intakes import POLICY, accepted, intake_over, judge_of, rows

_CASES: Final = "SELECT * FROM cases ORDER BY id"
_EVENTS: Final = "SELECT * FROM events ORDER BY id"


def test_an_overdue_case_goes_to_the_panel_once(store: Store, tmp_path: Path) -> None:
    """It keeps its age and what it is about, and is due as the panel's queue says."""
    escalation = Escalation(store=store, policy=lambda: _policy(tmp_path))
    _accept(store, tmp_path, "a")
    _change(
        store,
        "UPDATE cases SET enqueued_at = now() - interval '3 days', reach = 12, probability = 0.6,"
        " severity = 'high'",
    )
    assert escalation.escalate() == 0
    _overdue(store)
    assert escalation.escalate() == 1
    assert escalation.escalate() == 0
    single, senior = rows(store, _CASES)
    assert (single["state"], single["closed_at"] is not None) == ("escalated", True)
    assert (senior["tier"], senior["queue"], senior["state"]) == ("senior", "senior", "waiting")
    assert senior["escalated_from"] == single["id"]
    kept = (
        "item_id",
        "verdict_id",
        "purpose",
        "policy",
        "reason",
        "rule",
        "priority",
        "severity",
        "reach",
        "probability",
        "enqueued_at",
    )
    assert [senior[name] for name in kept] == [single[name] for name in kept]
    (now,) = rows(store, "SELECT now() + interval '8 hours' AS due")
    assert now["due"] - senior["due_at"] < timedelta(minutes=1)
    assert len(rows_of(store, Task.CONVENE)) == 1
    (event,) = rows(store, _EVENTS)
    assert event["kind"] == "case.escalated"
    assert event["payload"]["case_id"] == str(senior["id"])
    assert event["payload"]["escalated_from"] == str(single["id"])


def test_who_is_at_it_may_finish(store: Store, tmp_path: Path) -> None:
    """A case in somebody's hands is not taken from them; when they let go of it, it goes."""
    escalation = Escalation(store=store, policy=lambda: _policy(tmp_path))
    _accept(store, tmp_path, "a")
    _overdue(store)
    held = "INSERT INTO holds SELECT id, 'ann', now() + interval '1 min' FROM cases"
    _change(store, held)
    assert escalation.escalate() == 0
    _change(store, "UPDATE holds SET lease_until = now() - interval '1 s'")
    assert escalation.escalate() == 1


def test_samples_never_reach_the_panel(store: Store, tmp_path: Path) -> None:
    """They measure the machine, and change nothing for anybody."""
    escalation = Escalation(store=store, policy=lambda: _policy(tmp_path))
    _accept(store, tmp_path, "a", score=0.99)
    _overdue(store)
    assert [case["purpose"] for case in rows(store, _CASES)] == ["sample"]
    assert escalation.escalate() == 0


def test_a_panel_that_has_the_item_already_decides_it(store: Store, tmp_path: Path) -> None:
    """There is never a second case of the panel for the same item."""
    escalation = Escalation(store=store, policy=lambda: _policy(tmp_path))
    _accept(store, tmp_path, "a")
    _overdue(store)
    escalation.escalate()
    _change(store, "UPDATE cases SET state = 'open' WHERE tier = 'single'")
    assert escalation.escalate() == 1
    single, senior = rows(store, _CASES)
    assert (single["state"], senior["state"]) == ("escalated", "waiting")
    assert [event["payload"]["case_id"] for event in rows(store, _EVENTS)] == [
        str(senior["id"])
    ] * 2


def test_without_a_panel_cases_stay_where_they_are(store: Store, tmp_path: Path) -> None:
    """A policy may have no queue of the panel."""
    policy = POLICY.replace("tier: senior", "tier: single").replace("senior", "second")
    policy = policy.replace("panel: { reviewers: 3, decide: majority }", "").replace(
        "sla: 8 hours\ndefault: yes", "sla: 8 hours"
    )
    found = judge_of(tmp_path, policy.replace("if_missing: second", "if_missing: single"))
    _accept(store, tmp_path, "a")
    _overdue(store)
    assert Escalation(store=store, policy=lambda: found.release.policy).escalate() == 0
    assert [case["state"] for case in rows(store, _CASES)] == ["waiting"]


def test_a_late_panel_is_told_of_once(store: Store, tmp_path: Path) -> None:
    """The case stays with the panel."""
    escalation = Escalation(store=store, policy=lambda: _policy(tmp_path))
    _accept(store, tmp_path, "a", words="zorbling")
    assert escalation.report_late() == 0
    _overdue(store)
    assert escalation.report_late() == 1
    assert escalation.report_late() == 0
    (case,) = rows(store, _CASES)
    assert case["state"] == "waiting"
    (event,) = rows(store, _EVENTS)
    assert (event["kind"], event["payload"]["overdue"]) == ("case.escalated", True)


def _policy(folder: Path) -> Policy:
    return judge_of(folder).release.policy


def _accept(store: Store, folder: Path, name: str, *, score: float = 0.6, words: str = "") -> None:
    item = {"id": name, "text": words, "score.hate": score}
    accepted(intake_over(store, judge_of(folder)), item)


def _overdue(store: Store) -> None:
    _change(store, "UPDATE cases SET due_at = now() - interval '1 min'")


def _change(store: Store, statement: str) -> None:
    with store.transaction() as connection:
        connection.execute(text(statement))
