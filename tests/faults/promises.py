"""What has to hold after every fault."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

from queues.auditing import seal, verify
from queues.errors import Unavailable
from queues.store.session import Store
from tests.faults.site import Site
from tests.integration.intakes import rows
from tests.waiting import until

#: What is still on its way; nothing of it may be left once all has settled.
_UNSETTLED: Final = """
SELECT (SELECT count(*) FROM outbox) AS outbox,
       (SELECT count(*) FROM actions WHERE state = 'pending') AS actions,
       (SELECT count(*) FROM cases WHERE state = 'waiting') AS cases,
       (SELECT count(*) FROM cases WHERE commit_at IS NOT NULL AND state = 'open') AS votes,
       (SELECT count(*) FROM deliveries WHERE state = 'pending') AS deliveries
"""
#: Items that are neither decided nor in a case that can be claimed.
_LOST: Final = """
SELECT sender_id, state FROM items
WHERE NOT (state = 'decided' OR state = 'in_review' AND EXISTS (
    SELECT FROM cases WHERE cases.item_id = items.id AND cases.state = 'open'
))
"""
_TWICE: Final = """
SELECT payload->>'decision_id' AS decision, count(*) AS times FROM events
WHERE kind = 'action.applied' GROUP BY 1 HAVING count(*) > 1
"""
_SILENT: Final = """
SELECT id FROM actions WHERE state = 'enforced' AND NOT EXISTS (
    SELECT FROM events WHERE kind = 'action.applied' AND item_id = actions.item_id
)
"""
_CONTRADICTORY: Final = """
SELECT case_id, count(*) FROM decisions WHERE case_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The figures of a run."""

    accepted: int
    decided: int
    open: int
    actions: int
    events: int
    delivered: int
    """Messages that the receiver got, some of them more than once."""

    @property
    def lost(self) -> int:
        """Items that were answered and are nowhere."""
        return self.accepted - self.decided - self.open


def settle(site: Site, *, within: float = 120.0) -> None:
    """Wait until nothing is on its way."""

    def settled() -> bool:
        site.revive()
        try:
            return not any(rows(site.store, _UNSETTLED)[0].values())
        except Unavailable:
            return False  # its connections may be from before Postgres came back

    try:
        until(settled, within=within)
    except AssertionError as still:
        left = f"on its way still: {rows(site.store, _UNSETTLED)[0]}"
        raise AssertionError(left) from still


def check(site: Site, answers: Mapping[str, Mapping[str, Any]]) -> Account:
    """Everything that was promised, about all items of the site; the figures.

    Args:
        site: All has settled there.
        answers: What senders were told, by their ids.
    """
    store = site.store
    kept = {row["sender_id"]: row for row in rows(store, "SELECT sender_id, id FROM items")}
    missing = [name for name in answers if name not in kept]
    assert not missing, f"{len(missing)} items were answered and are not there"
    for name, answer in answers.items():
        assert str(kept[name]["id"]) == answer["item_id"], name
    for what, query in (
        ("lost", _LOST),
        ("acted twice", _TWICE),
        ("acted in silence", _SILENT),
        ("decided twice", _CONTRADICTORY),
    ):
        found = rows(store, query)
        assert not found, f"{what}: {len(found)}, such as {found[0]}"
    _check_deliveries(site)
    _check_audit(store)
    return _account(site)


def _check_deliveries(site: Site) -> None:
    """Every event came, each under one id, and the same under the same id."""
    bodies: dict[str, bytes] = {}
    for message in site.receiver.received:
        before = bodies.setdefault(message.event_id, message.body)
        assert before == message.body, "one id, two contents"
    told = Counter(
        orjson.loads(body)["data"].get("decision_id")
        for body in bodies.values()
        if orjson.loads(body)["kind"] == "action.applied"
    )
    assert not [decision for decision, times in told.items() if times > 1]
    delivered = rows(
        site.store, "SELECT DISTINCT event_id FROM deliveries WHERE state = 'delivered'"
    )
    assert {str(row["event_id"]) for row in delivered} <= bodies.keys()


def _check_audit(store: Store) -> None:
    seal(store)
    findings = verify(store)
    assert findings.intact, findings.wrong[:3]


def _account(site: Site) -> Account:
    (row,) = rows(
        site.store,
        "SELECT (SELECT count(*) FROM items) AS accepted,"
        " (SELECT count(*) FROM items WHERE state = 'decided') AS decided,"
        " (SELECT count(*) FROM items WHERE state = 'in_review') AS open,"
        " (SELECT count(*) FROM actions) AS actions, (SELECT count(*) FROM events) AS events",
    )
    return Account(**row, delivered=len(site.receiver.received))
