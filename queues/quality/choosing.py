"""The items of a calibration session, and what is right about them where that is known."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from queues.errors import Refused
from queues.store.naming import item_named

_GOLD: Final = text("""
SELECT golds.item_id FROM golds JOIN items ON items.id = golds.item_id
WHERE source = :source AND retired_at IS NULL AND items.state = 'decided'
ORDER BY random() LIMIT :count
""")
_OF_POLICY: Final = text("""
SELECT items.id FROM items JOIN decisions ON decisions.id = items.decision_id
WHERE items.state = 'decided' AND decisions.policy = :policy ORDER BY random() LIMIT :count
""")
# The answer of a gold item, else what a panel decided.
_RIGHT: Final = text("""
SELECT items.id AS item, coalesce(
    (SELECT golds.action FROM golds WHERE golds.item_id = items.id
     ORDER BY (golds.source = :source) DESC NULLS LAST, golds.retired_at NULLS FIRST, golds.id
     LIMIT 1),
    (SELECT decisions.action FROM decisions
     WHERE decisions.id = items.decision_id AND decisions.made_by = 'panel')
) AS action
FROM items WHERE items.id = ANY(:items) AND items.state = 'decided' ORDER BY items.id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of three: items that are named, gold items, or decided items of a policy at random."""

    items: Sequence[str] = ()
    """Ids of senders, or ours."""
    source: str | None = None
    """A set of gold items."""
    policy: str | None = None
    count: int = 20
    """How many at most, where they are not named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """An item, and what is right about it."""

    item: UUID
    action: str | None
    """None: nobody knows."""


def choose(connection: Connection, choice: Choice) -> list[Chosen]:
    """The items of a choice.

    Raises:
        NotFound: there is no item of a name.
        Refused: not just one of the three is chosen, or a named item is not decided.
    """
    if sum((bool(choice.items), choice.source is not None, choice.policy is not None)) != 1:
        field = "items"
        raise Refused(field, "name either items, a set of gold items (`source`) or a `policy`")
    items = _items(connection, choice)
    given = {"source": choice.source, "items": items}
    rows = connection.execute(_RIGHT, given).all()
    if len(rows) < len(items):
        field = "items"
        raise Refused(field, f"{len(items) - len(rows)} of them are not decided")
    return [Chosen(item=row.item, action=row.action) for row in rows]


def _items(connection: Connection, choice: Choice) -> list[UUID]:
    if choice.items:
        return [item_named(connection, name) for name in dict.fromkeys(choice.items)]
    question = _GOLD if choice.source is not None else _OF_POLICY
    given = {"source": choice.source, "policy": choice.policy, "count": choice.count}
    wanted = {name: given[name] for name in question.compile().params}
    return list(connection.execute(question, wanted).scalars())
