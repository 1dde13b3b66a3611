"""What was decided of reported items is held against their reports, and who made them is told.

The same ruling again changes nothing: a report is counted by what it counted as before, and told
once. A later ruling of people, as after an appeal, counts it anew.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.item import Value
from engine.reliability import Outcome, turned_out
from engine.rules.model import Message, Policy
from queues.messages import Occasion, message_of, render
from queues.reporters.counts import Changes
from queues.store.events import EventKind, NewEvent, emit

_PUBLISH: Final = "publish"
_MACHINE: Final = "machine"
_AUTO: Final = "auto"
_TO: Final = "reporter"

# Their items are locked by whoever rules, and by whoever reports.
_REPORTS: Final = text("""
SELECT id, item_id, reporter, reasons, found, outcome, at, told_at IS NOT NULL AS told
FROM reports WHERE item_id = ANY(:items) AND (:all OR told_at IS NULL) ORDER BY id
""")
_SETTLE: Final = text("""
UPDATE reports SET outcome = settled.outcome, told_at = coalesce(told_at, now())
FROM unnest(CAST(:ids AS uuid[]), CAST(:outcomes AS text[])) AS settled (id, outcome)
WHERE reports.id = settled.id
""")

Row = Mapping[Any, Any]
#: How a report turned out, by what was ticked and found, and what was decided and why.
Judged = Callable[[frozenset[str], str | None, str, tuple[str, ...]], Outcome | None]
#: A message, and in which language; None: there is none.
Told = Mapping[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What holds of an item that was, or may have been, reported."""

    item_id: UUID
    sender_id: str
    author_id: str | None
    language: str | None
    decision_id: UUID
    action: str
    reasons: tuple[str, ...]
    made_by: str
    """`machine`, `person` or `panel`."""
    tier: str
    at: datetime
    """When it was decided: reports that came later are told, and count for nothing."""
    fields: Mapping[str, Value] = field(default_factory=dict)
    """Of the item, for messages."""
    message: Message | None = None
    """To reporters, by the rule that decided."""

    @property
    def by_people(self) -> bool:
        """Only then reports are right or wrong; of a machine that acts reporters are told."""
        return self.made_by != _MACHINE

    @property
    def final(self) -> bool:
        """Whether nobody is about to decide otherwise, and something was decided indeed."""
        return self.by_people or (self.tier == _AUTO and self.acted)

    @property
    def acted(self) -> bool:
        """Whether something was done."""
        return self.action != _PUBLISH

    @property
    def outcome(self) -> str:
        """The same, as it is told."""
        return "acted" if self.acted else "not_acted"


def settle(
    connection: Connection, policy: Policy, rulings: Sequence[Ruling], *, anew: bool = True
) -> int:
    """Count and answer the reports of items, in the transaction that locked them.

    What a machine only holds back, or leaves up, is no answer yet.

    Args:
        connection: Of the transaction.
        policy: In force.
        rulings: What holds, one for an item.
        anew: Whether a ruling is new, so that what was answered before may count otherwise now;
            else only reports without an answer are looked at.

    Returns:
        How many reports were answered now.
    """
    by_item = {ruling.item_id: ruling for ruling in rulings if ruling.final}
    if not by_item:
        return 0
    rows = connection.execute(_REPORTS, {"items": sorted(by_item), "all": anew}).mappings().all()
    changes, settled, told = Changes(), dict[UUID, Outcome | None](), list[NewEvent]()
    texts: dict[UUID, Told] = {}
    judged = cache(partial(_judged, policy))  # many tick the same
    for row in rows:
        ruling = by_item[row["item_id"]]
        before = None if row["outcome"] is None else Outcome(row["outcome"])
        after = _outcome(judged, ruling, row, before)
        changes.turn(row["reporter"], before, after)
        if after is not before or not row["told"]:
            settled[row["id"]] = after
        if not row["told"]:
            if ruling.item_id not in texts:
                texts[ruling.item_id] = _text(policy, ruling)
            told += _answer(ruling, row, texts[ruling.item_id])
    if settled:
        outcomes = [None if each is None else each.value for each in settled.values()]
        connection.execute(_SETTLE, {"ids": list(settled), "outcomes": outcomes})
    changes.write(connection)
    emit(connection, told)
    return sum(event.kind == EventKind.REPORT_CLOSED for event in told)


def _outcome(judged: Judged, ruling: Ruling, row: Row, before: Outcome | None) -> Outcome | None:
    """What a report counts as; authors who report themselves prove nothing."""
    if not ruling.by_people or row["at"] > ruling.at:
        return before
    if row["reporter"] == ruling.author_id:
        return None
    return judged(frozenset(row["reasons"]), row["found"], ruling.action, ruling.reasons)


def _judged(
    policy: Policy, ticked: frozenset[str], found: str | None, action: str, reasons: tuple[str, ...]
) -> Outcome | None:
    return turned_out(ticked, found, action, reasons, policy.vocabulary)


def _answer(ruling: Ruling, row: Row, text_: Told) -> list[NewEvent]:
    """What somebody hears about their report: what became of it, and nothing of the author."""
    about = {
        "sender_id": ruling.sender_id,
        "item_id": ruling.item_id,
        "decision_id": ruling.decision_id,
        "reporter": row["reporter"],
    }
    closed = {"report_id": row["id"], "outcome": ruling.outcome, "at": ruling.at}
    events = [_event(EventKind.REPORT_CLOSED, ruling, {**about, **closed})]
    if text_ is not None:
        events.append(_event(EventKind.REPORTER_NOTIFIED, ruling, {**about, **text_}))
    return events


def _text(policy: Policy, ruling: Ruling) -> Told:
    """The message to all who reported an item; None: the policy has none."""
    message = ruling.message if ruling.acted else None
    message = message or message_of(policy, _TO, ruling.outcome)
    if message is None:
        return None
    reason = policy.vocabulary.reasons.get(next(iter(ruling.reasons), ""))
    occasion = Occasion(fields=ruling.fields, reason=None if reason is None else reason.title)
    found = render(message, ruling.language, occasion, policy.vocabulary.fields)
    return {"message": message.name, "language": found.language, "text": found.text}


def _event(kind: EventKind, ruling: Ruling, payload: Mapping[str, object]) -> NewEvent:
    return NewEvent(kind=kind, item_id=ruling.item_id, payload=payload)
