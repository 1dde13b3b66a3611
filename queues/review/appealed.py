"""An appeal has its answer: it is closed with the decision of its case, and whoever asked is told.

The appeal is told of in the transaction of the decision, so once, whatever becomes of the worker
that carries the decision out.
"""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.engine import RowMapping

from engine.consensus import Settled
from engine.rules.items import ItemReader
from engine.rules.model import Policy
from queues.messages import Occasion, fields_of, message_of, render
from queues.review.docket import Docket
from queues.store.casework import Asks
from queues.store.events import EventKind, NewEvent, emit

_AUTHOR: Final = "author"
_REPORTER: Final = "reporter"

_OPEN: Final = text("""
SELECT number, decision_id, by, asks FROM appeals WHERE id = :appeal AND state = 'open' FOR UPDATE
""")
_CLOSE: Final = text("""
UPDATE appeals SET state = :state, closed_at = now() WHERE id = :appeal
""")
_APPEALED: Final = text("SELECT action FROM decisions WHERE id = :decision")
_ITEM: Final = text("SELECT kind, author_id FROM items WHERE id = :item")
_INPUT: Final = text("SELECT input FROM verdicts WHERE id = :verdict")


def close(
    connection: Connection, policy: Policy, docket: Docket, settled: Settled, decision: UUID
) -> None:
    """Close the appeal of a case that was decided; one that is closed stays as it is."""
    given = {"appeal": docket.appeal_id}
    opened = connection.execute(_OPEN, given).mappings().one_or_none()
    if opened is None:
        return
    about = {"decision": opened["decision_id"]}
    appealed = connection.execute(_APPEALED, about).scalar_one()
    won = overturns(policy, settled.action, appealed, Asks(opened["asks"]))
    state = "overturned" if won else "upheld"
    connection.execute(_CLOSE, {**given, "state": state})
    event = NewEvent(
        kind=EventKind.APPEAL_CLOSED,
        item_id=docket.item_id,
        payload={
            "sender_id": docket.sender_id,
            "item_id": docket.item_id,
            "appeal_id": docket.appeal_id,
            "number": opened["number"],
            "by": opened["by"],
            "asks": opened["asks"],
            "outcome": state,
            "appealed_decision_id": opened["decision_id"],
            "appealed_action": appealed,
            "decision_id": decision,
            "action": settled.action,
            "reasons": settled.reasons,
            "at": docket.at,
        },
    )
    about = {"sender_id": docket.sender_id, "item_id": docket.item_id, "decision_id": decision}
    messages = [
        NewEvent(kind=kind, item_id=docket.item_id, payload={**about, **payload})
        for kind, payload in _told(connection, policy, docket, settled, opened, state)
    ]
    emit(connection, [event, *messages])


def overturns(policy: Policy, action: str, appealed: str, asks: Asks) -> bool:
    """Whether an appeal won: it got something milder than was done, or stricter, as it asked."""
    actions = policy.vocabulary.actions
    if not {action, appealed} <= actions.keys():
        return action != appealed
    now, before = actions[action].strictness, actions[appealed].strictness
    return now > before if asks is Asks.STRICTER else now < before


def _told(
    connection: Connection,
    policy: Policy,
    docket: Docket,
    settled: Settled,
    opened: RowMapping,
    outcome: str,
) -> list[tuple[EventKind, Mapping[str, object]]]:
    """The message of the policy for an outcome, in the language of the item, if there is one."""
    to = _REPORTER if opened["asks"] == Asks.STRICTER else _AUTHOR
    message = message_of(policy, to, outcome)
    if message is None:
        return []
    item = connection.execute(_ITEM, {"item": docket.item_id}).mappings().one()
    always = {"item.kind": item["kind"], "item.id": docket.sender_id}
    given = {"verdict": docket.verdict_in_force}
    stored = connection.execute(_INPUT, given).scalar_one()
    fields = fields_of(ItemReader(policy.vocabulary), stored, always)
    reason = policy.vocabulary.reasons.get(next(iter(settled.reasons), ""))
    occasion = Occasion(fields=fields, reason=None if reason is None else reason.title)
    found = render(message, docket.language, occasion, policy.vocabulary.fields)
    told = {"message": message.name, "language": found.language, "text": found.text}
    if to == _AUTHOR:
        # Somebody may appeal for the author.
        return [(EventKind.AUTHOR_NOTIFIED, {"author_id": item["author_id"], **told})]
    return [(EventKind.REPORTER_NOTIFIED, {"reporter": opened["by"], **told})]
