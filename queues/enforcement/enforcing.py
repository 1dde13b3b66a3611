"""Carries out decisions: one transaction for a message of the outbox, with all that follows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

import orjson
import structlog
from sqlalchemy import Connection

from engine.rules.items import ItemReader
from engine.rules.model import Policy
from queues import reporters, standing
from queues.enforcement.carried import Carried, carry_out
from queues.enforcement.following import Consequences
from queues.enforcement.handlers import Handler, handler_of, handlers_for
from queues.settings import Settings
from queues.standing import Strike
from queues.statements import Statement, Transparency
from queues.store import ledger
from queues.store.adding import Table, add
from queues.store.events import EventKind, NewEvent, emit
from queues.store.ledger import AuditEvent
from queues.store.outbox import Task, take
from queues.store.session import Store

_STATEMENTS: Final = Table("statements", id="uuid", item_id="uuid", fields="jsonb")

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Writing:
    """What one transaction is going to write."""

    events: list[NewEvent] = field(default_factory=list)
    statements: list[tuple[UUID, UUID, str]] = field(default_factory=list)
    strikes: list[Strike] = field(default_factory=list)
    audit: list[AuditEvent] = field(default_factory=list)

    def tell(self, kind: EventKind, carried: Carried, **data: object) -> None:
        """An event about the item of a decision."""
        about = {
            "sender_id": carried.sender_id,
            "item_id": carried.item_id,
            "decision_id": carried.id,
            "author_id": carried.author_id,
        }
        self.events.append(NewEvent(kind=kind, item_id=carried.item_id, payload={**about, **data}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Enforcement:
    """Carries decisions out."""

    store: Store
    policy: Callable[[], Policy]
    """The policy in force (actions, messages, reasons, rules); raises Unavailable without one."""
    settings: Settings
    """Sections `appeals` and `standing` are looked at."""
    wording: Transparency
    """Of statements of reasons."""

    def enforce(self, rows: Sequence[int]) -> list[UUID]:
        """Carry out the decisions of a message; rows are of the outbox.

        Each is carried out once, however often the message comes and however many workers have
        it: its row goes with the commit, and only an action that is pending is marked.

        Returns:
            The decisions that were carried out now.
        """
        policy = self.policy()
        consequences = Consequences(
            policy=policy, wording=self.wording, reader=ItemReader(policy.vocabulary)
        )
        handlers = handlers_for(policy.vocabulary)
        writing = _Writing()
        with self.store.transaction() as connection:
            decisions = take(connection, Task.ENFORCE, rows)
            carried = carry_out(connection, decisions) if decisions else []
            for each in carried:
                _apply(writing, handlers, each)
                _follow(writing, consequences, self.settings, each)
            restored = {
                each.item_id: each.author_id
                for each in carried
                if each.author_id is not None and consequences.milder(each)
            }
            standing.take_back(connection, restored)
            standing.give(connection, writing.strikes, days=self.settings.standing.strike_days)
            _write(connection, writing)
            reporters.settle(connection, policy, list(map(consequences.ruling, carried)))
        if decisions:
            _log.info("enforced", decisions=len(decisions), carried_out=len(carried))
        return [each.id for each in carried]


def _apply(writing: _Writing, handlers: Mapping[str, Handler], carried: Carried) -> None:
    """Tell the platform what holds now."""
    writing.tell(
        EventKind.ACTION_APPLIED,
        carried,
        action=carried.action,
        before=carried.action_before,
        automated=carried.automated,
        made_by=carried.made_by,
        tier=carried.tier,
        reasons=carried.reasons,
        labels=carried.trace.get("labels", ()),
        notify=carried.trace.get("notify", ()),
        override=carried.override if carried.made_by == "machine" else None,
        at=carried.at,
        **handler_of(handlers, carried.action)(carried),
    )


def _follow(
    writing: _Writing, consequences: Consequences, settings: Settings, carried: Carried
) -> None:
    """Everything else one decision leads to."""
    link = _appeal_link(settings, carried)
    fields = consequences.fields_of(carried)
    writing.strikes += consequences.strikes(carried)
    message = consequences.message(carried, fields, link)
    if message is not None:
        writing.tell(
            EventKind.AUTHOR_NOTIFIED,
            carried,
            message=carried.trace["message"],
            language=message.language,
            text=message.text,
        )
    statement = consequences.statement(carried, fields)
    if statement is not None:
        told = statement.fields()
        writing.statements.append((carried.id, carried.item_id, orjson.dumps(told).decode()))
        redress = _redress(settings, consequences.wording, carried, link)
        writing.tell(EventKind.STATEMENT_ISSUED, carried, statement=told, redress=redress)
    writing.audit.append(_audited(carried, statement, told=message is not None))


def _write(connection: Connection, writing: _Writing) -> None:
    audited = list(map(ledger.row_of, writing.audit))
    add(connection, {_STATEMENTS: writing.statements, ledger.EVENTS: audited})
    emit(connection, writing.events)


def _appeal_link(settings: Settings, carried: Carried) -> str:
    return settings.appeals.link.replace("{decision}", str(carried.id))


def _redress(
    settings: Settings, wording: Transparency, carried: Carried, link: str
) -> Mapping[str, object]:
    """What the author can do (Art. 17(3)(f)): appeal here, settle out of court, go to court."""
    out_of_court = wording.redress.out_of_court
    return {
        "appeal": {
            "link": link,
            "until": carried.at + timedelta(seconds=settings.appeals.window),
        },
        "out_of_court": None if out_of_court is None else str(out_of_court),
        "judicial": wording.redress.judicial,
    }


def _audited(carried: Carried, statement: Statement | None, *, told: bool) -> AuditEvent:
    return AuditEvent(
        at=carried.at,
        actor="machine",
        kind="action.enforced",
        item_id=carried.item_id,
        subject=str(carried.id),
        details={
            "action": carried.action,
            "before": carried.action_before,
            "made_by": carried.made_by,
            "statement": statement is not None,
            "author_told": told,
        },
    )
