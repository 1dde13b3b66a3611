"""Cases are opened once, told of without their texts, and handed out in a fair order."""

from datetime import datetime
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import text

from engine.rules.model import Policy
from queues.casework.opening import Opening
from queues.errors import Unavailable
from queues.store.outbox import Task
from queues.store.ranking import NEXT_FIRST
from queues.store.session import Store
from tests.integration.brokers import rows_of
from tests.integration.intakes import POLICY, accepted, intake_over, judge_of, rows

_SINGLE: Final = "SELECT * FROM cases WHERE tier = 'single' ORDER BY id"
_SENIOR: Final = "SELECT * FROM cases WHERE tier = 'senior' ORDER BY id"
_HOUR: Final = 3_600.0


def test_a_case_is_opened_once_however_often_it_is_asked_for(store: Store, tmp_path: Path) -> None:
    """The second message finds nothing to do: one event, one audit event, the same moment."""
    opening = _opening(store, tmp_path)
    messages = rows_of(store, Task.OPEN)
    opening.open_cases(messages)
    opened = rows(store, _SINGLE)
    assert [case["state"] for case in opened] == ["open", "open"]
    opening.open_cases(messages)
    _change(
        store,
        "INSERT INTO outbox (task, queue, priority, subject)"
        " SELECT 'single.open', 'single', 6, id FROM cases",
    )
    opening.open_cases(rows_of(store, Task.OPEN))
    assert rows_of(store, Task.OPEN) == []
    assert rows(store, _SINGLE) == opened
    assert [row["kind"] for row in rows(store, "SELECT kind FROM events")] == ["case.opened"] * 2
    audited = rows(store, "SELECT subject FROM audit_events WHERE kind = 'case.opened'")
    assert {row["subject"] for row in audited} == {str(case["id"]) for case in opened}


def test_receivers_learn_where_a_case_waits_and_not_what_was_written(
    store: Store, tmp_path: Path
) -> None:
    """The event names item, queue, tier, priority and deadline."""
    _opening(store, tmp_path).convene(rows_of(store, Task.CONVENE))
    (case,) = rows(store, _SENIOR)
    (event,) = rows(store, "SELECT * FROM events")
    told = event["payload"]
    assert event["item_id"] == case["item_id"]
    assert datetime.fromisoformat(told.pop("due_at")) == case["due_at"]
    assert datetime.fromisoformat(told.pop("enqueued_at")) == case["enqueued_at"]
    assert told == {
        "case_id": str(case["id"]),
        "item_id": str(case["item_id"]),
        "sender_id": "panel",
        "policy": "hate",
        "priority": "urgent",
        "purpose": "review",
        "queue": "senior",
        "tier": "senior",
    }


@pytest.mark.parametrize(
    ("panel", "queue", "seats"),
    [
        ("panel: { reviewers: 2, decide: unanimous }", "senior", (2, "unanimous")),
        ("panel: { reviewers: 2, decide: unanimous }", "of-yesterday", (3, "majority")),
        ("", "senior", (3, "majority")),
    ],
)
def test_a_panel_is_as_large_as_its_queue_says(
    store: Store, tmp_path: Path, panel: str, queue: str, seats: tuple[int, str]
) -> None:
    """And of three who decide by majority where the queue does not say, or is not known."""
    policy = POLICY.replace("panel: { reviewers: 3, decide: majority }", panel)
    opening = _opening(store, tmp_path, policy)
    _change(store, "UPDATE cases SET queue = :queue WHERE tier = 'senior'", queue=queue)
    opening.convene(rows_of(store, Task.CONVENE))
    (case,) = rows(store, _SENIOR)
    assert (case["state"], case["seats"], case["decide"]) == ("open", *seats)


def test_panels_wait_for_a_release(store: Store, tmp_path: Path) -> None:
    """Nothing is lost while none is in force."""
    _opening(store, tmp_path)

    def none() -> Policy:
        raise Unavailable("release", "none")  # noqa: EM101 - a test

    messages = rows_of(store, Task.CONVENE)
    with pytest.raises(Unavailable):
        Opening(store=store, policy=none, ageing=_HOUR).convene(messages)
    assert rows_of(store, Task.CONVENE) == messages


def test_the_low_come_before_the_urgent_when_they_have_waited_long_enough(
    store: Store, tmp_path: Path
) -> None:
    """A step for each hour, and for each four that it is due earlier, up to two."""
    opening = _opening(store, tmp_path)
    cases = {
        # name: priority, hours since it came, hours until it is due
        "urgent, just now": (0, 0, 9),
        "urgent, an hour ago": (0, 1, 9),
        "high": (3, 0, 9),
        "high, due soon": (3, 0, 1),
        "normal": (6, 0, 1),
        "low": (9, 0, 1),
        "low, two hours ago": (9, 2, 8),
        "low, three hours ago": (9, 3, 8),
        "low, four hours ago": (9, 4, 10),
        "low, a week ago": (9, 168, -100),
    }
    for name, (priority, came, due) in cases.items():
        _arrive(store, tmp_path, name, priority=priority, hour=-came, due=due)
    opening.open_cases(rows_of(store, Task.OPEN))
    assert [_take_next(store) for _ in cases] == [
        "low, a week ago",
        "urgent, an hour ago",
        "low, four hours ago",
        "high, due soon",
        "low, three hours ago",
        "urgent, just now",
        "normal",
        "low, two hours ago",
        "high",
        "low",
    ]


def test_a_low_case_is_taken_however_many_urgent_ones_come(store: Store, tmp_path: Path) -> None:
    """Two urgent cases come in each hour and one is decided: its turn comes all the same."""
    opening = _opening(store, tmp_path)
    _arrive(store, tmp_path, "low", priority=9, hour=0, due=24)
    taken = []
    for hour in range(8):
        for number in range(2):
            _arrive(store, tmp_path, f"{hour}.{number}", priority=0, hour=hour, due=hour + 24)
        opening.open_cases(rows_of(store, Task.OPEN))
        taken.append(_take_next(store))
    assert taken == ["0.0", "0.1", "1.0", "1.1", "2.0", "2.1", "low", "3.0"]


def test_ranks_follow_priorities_that_change(store: Store, tmp_path: Path) -> None:
    """Of an open case that becomes urgent, and of all when ageing is set to another speed."""
    opening = _opening(store, tmp_path)
    opening.open_cases(rows_of(store, Task.OPEN))
    before = {case["id"]: case["rank"] for case in rows(store, _SINGLE)}
    assert opening.rank() == 0
    _change(store, "UPDATE cases SET priority = 0 WHERE state = 'open' AND queue = 'general'")
    assert opening.rank() == 1
    after = {case["id"]: case["rank"] for case in rows(store, _SINGLE)}
    assert sorted(before[case] - after[case] for case in before) == [0, 2 * _HOUR]
    slower = Opening(store=store, policy=opening.policy, ageing=2 * _HOUR)
    assert slower.rank() == 2


def _opening(store: Store, folder: Path, policy: str = POLICY) -> Opening:
    """Opens cases by a policy; three wait: a panel's, one reviewer's, and a sample."""
    judge = judge_of(folder, policy)
    accepted(
        intake_over(store, judge),
        {"id": "panel", "text": "zorbling"},
        {"id": "single", "text": "", "score.hate": 0.6},
        {"id": "sample", "text": "", "score.hate": 0.99},
    )
    return Opening(store=store, policy=lambda: judge.release.policy, ageing=_HOUR)


def _arrive(store: Store, folder: Path, name: str, *, priority: int, hour: int, due: int) -> None:
    """Have a case of a queue of its own, which came at the beginning of some hour from now."""
    item = {"id": name, "text": "", "score.hate": 0.6}
    accepted(intake_over(store, judge_of(folder)), item)
    _change(
        store,
        "UPDATE cases SET queue = 'fair', priority = :priority,"
        " enqueued_at = date_trunc('hour', now()) + make_interval(hours => :hour),"
        " due_at = now() + make_interval(hours => :due)"
        " WHERE item_id = (SELECT id FROM items WHERE sender_id = :name)",
        priority=priority,
        hour=hour,
        due=due,
        name=name,
    )


def _take_next(store: Store) -> str:
    """Who is next; then they are done."""
    question = "SELECT id FROM cases WHERE queue = 'fair' AND state = 'open' ORDER BY "
    (case, *_) = rows(store, question + NEXT_FIRST)
    _change(store, "UPDATE cases SET state = 'decided' WHERE id = :case", case=case["id"])
    (item,) = rows(
        store,
        "SELECT sender_id FROM items WHERE id = (SELECT item_id FROM cases WHERE id = :case)",
        case=case["id"],
    )
    return str(item["sender_id"])


def _change(store: Store, statement: str, **values: object) -> None:
    with store.transaction() as connection:
        connection.execute(text(statement), values)
