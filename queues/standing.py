"""How authors stand: the strikes they have, and what the service knows about them for rules."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from engine.item import Value
from queues.store.session import ask

#: Fields of the vocabulary that the service fills where senders do not.
REMOVALS: Final = "author.prior_removals_90d"
STRIKES: Final = "author.strikes"
#: Removals are counted up to here: nobody asks for more, and counting takes time for every item.
_MOST: Final = 1_000

# What is in force counts, so a removal that an appeal overturned does not.
_FACTS: Final = """
SELECT author.id,
    (SELECT count(*) FROM (
        SELECT FROM items
        WHERE items.author_id = author.id AND items.action = 'remove'
          AND items.decided_at >= now() - interval '90 days' LIMIT %s
     ) AS removed) AS removals,
    (SELECT coalesce(sum(strikes), 0) FROM strikes
     WHERE strikes.author_id = author.id AND taken_back_at IS NULL AND expires_at > now())
        AS strikes
FROM unnest(%s::text[]) AS author (id)
"""
_STRIKES: Final = text("""
SELECT author_id, policy, sum(strikes) AS strikes FROM strikes
WHERE author_id = ANY(:authors) AND taken_back_at IS NULL AND expires_at > now()
GROUP BY author_id, policy ORDER BY author_id, policy
""")
# An item counts once under a policy, however often the same is decided about it.
_GIVE: Final = text("""
INSERT INTO strikes (decision_id, policy, author_id, item_id, strikes, expires_at)
SELECT given.decision_id, given.policy, given.author_id, given.item_id, given.strikes,
       now() + make_interval(days => :days)
FROM unnest(
    CAST(:decisions AS uuid[]), CAST(:policies AS text[]), CAST(:authors AS text[]),
    CAST(:items AS uuid[]), CAST(:strikes AS integer[])
) AS given (decision_id, policy, author_id, item_id, strikes)
WHERE NOT EXISTS (
    SELECT FROM strikes AS before
    WHERE before.author_id = given.author_id AND before.item_id = given.item_id
      AND before.policy = given.policy AND before.taken_back_at IS NULL
)
ON CONFLICT (decision_id, policy) DO NOTHING
""")
_TAKE_BACK: Final = text("""
UPDATE strikes SET taken_back_at = now()
WHERE author_id = ANY(:authors) AND item_id = ANY(:items) AND taken_back_at IS NULL
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """Strikes of one decision under one policy."""

    decision_id: UUID
    item_id: UUID
    author_id: str
    policy: str
    strikes: int


def facts_for(connection: Connection, authors: Collection[str]) -> dict[str, Mapping[str, Value]]:
    """Values of `author.*` fields that the service knows, of each author that is asked about.

    `author.prior_removals_90d`: items of the author whose removal of the last 90 days is in force;
    1,000 stands for more, too.
    `author.strikes`: strikes that have neither expired nor been taken back, over all policies.
    """
    if not authors:
        return {}
    rows = ask(connection, _FACTS, _MOST, sorted(set(authors)))
    return {row["id"]: {REMOVALS: row["removals"], STRIKES: int(row["strikes"])} for row in rows}


def strikes_of(connection: Connection, authors: Collection[str]) -> dict[str, dict[str, int]]:
    """Strikes in force, by author and policy; authors without any are left out."""
    found: dict[str, dict[str, int]] = {}
    for row in connection.execute(_STRIKES, {"authors": list(authors)}):
        found.setdefault(row.author_id, {})[row.policy] = int(row.strikes)
    return found


def give(connection: Connection, strikes: Iterable[Strike], *, days: int) -> None:
    """Give strikes, each until it expires; an item never counts twice under a policy."""
    given = [strike for strike in strikes if strike.strikes > 0]
    if given:
        connection.execute(
            _GIVE,
            {
                "decisions": [strike.decision_id for strike in given],
                "policies": [strike.policy for strike in given],
                "authors": [strike.author_id for strike in given],
                "items": [strike.item_id for strike in given],
                "strikes": [strike.strikes for strike in given],
                "days": days,
            },
        )


def take_back(connection: Connection, items: Mapping[UUID, str]) -> int:
    """Take back all strikes that items gave their authors (item → author); says how many."""
    if not items:
        return 0
    taken = connection.execute(
        _TAKE_BACK, {"items": list(items), "authors": sorted(set(items.values()))}
    )
    return taken.rowcount
