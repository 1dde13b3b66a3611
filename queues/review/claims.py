"""Hands out open cases, the next in rank first, each to one reviewer at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from queues.store.ranking import NEXT_FIRST

#: Looked at beyond those wanted: so many may be claimed by others in the same moment.
_SPARE: Final = 64

_FREE: Final = "cases.state = 'open' AND (cases.claimed_by IS NULL OR cases.lease_until < now())"
# As many votes as `engine.consensus.seats_of` wants.
_WANTS_VOTES: Final = """
(SELECT count(*) < CASE
    WHEN cases.decide <> 'two_plus_one' THEN cases.seats
    WHEN count(DISTINCT votes.action) > 1 THEN 3 ELSE 2 END
 FROM votes WHERE votes.case_id = cases.id AND votes.round = cases.round)
"""
# Nobody votes twice in a round. Those who voted before vote again: others join them only where a
# seat was never taken, or when it is late.
_MAY_VOTE: Final = """
NOT EXISTS (SELECT FROM votes WHERE votes.case_id = cases.id
    AND votes.round = cases.round AND votes.reviewer = :reviewer)
AND (cases.round = 1 OR cases.due_at < now()
    OR EXISTS (SELECT FROM votes
        WHERE votes.case_id = cases.id AND votes.reviewer = :reviewer)
    OR (SELECT count(DISTINCT votes.reviewer) < cases.seats FROM votes
        WHERE votes.case_id = cases.id))
"""
# Nobody checks what they decided themselves, nor sits on the panel above it. Only a single review
# without `not_by` may come back to the same person: reports brought the item up once more.
_UNBIASED: Final = """
((cases.purpose = 'review' AND cases.tier = 'single' AND cases.not_by IS NULL)
 OR NOT EXISTS (SELECT FROM votes JOIN cases AS other ON other.id = votes.case_id
    WHERE other.item_id = cases.item_id AND other.id <> cases.id
      AND votes.reviewer = :reviewer))
"""
_MAY_CLAIM: Final = f"{_FREE} AND cases.tier = :tier AND {_MAY_VOTE} AND {_UNBIASED}"

# Names of queues that have open cases, a look at the index for each.
_QUEUES: Final = text("""
WITH RECURSIVE names AS (
    SELECT min(queue) AS name FROM cases WHERE state = 'open'
    UNION ALL
    SELECT (SELECT min(queue) FROM cases WHERE state = 'open' AND queue > names.name)
    FROM names WHERE names.name IS NOT NULL
)
SELECT name FROM names WHERE name IS NOT NULL
""")
_NEXT: Final = text(f"""
SELECT next.id FROM unnest(CAST(:queues AS text[])) AS queues (name)
CROSS JOIN LATERAL (
    SELECT cases.id, cases.rank, cases.due_at FROM cases
    WHERE cases.queue = queues.name AND {_MAY_CLAIM} AND {_WANTS_VOTES}
    ORDER BY {NEXT_FIRST} LIMIT :most
) AS next
ORDER BY next.rank, next.due_at, next.id LIMIT :most
""")  # noqa: S608 - made of constants
_CLAIM: Final = text(f"""
WITH chosen AS MATERIALIZED (
    SELECT id FROM cases WHERE id = ANY(:candidates) AND {_FREE}
    ORDER BY {NEXT_FIRST} LIMIT :wanted FOR UPDATE SKIP LOCKED
)
UPDATE cases SET claimed_by = :reviewer, lease_until = now() + make_interval(secs => :lease),
    taken_at = coalesce(taken_at, now())
FROM chosen WHERE cases.id = chosen.id RETURNING cases.id
""")  # noqa: S608 - made of constants
_HELD: Final = text(f"""
SELECT cases.id, cases.item_id, items.sender_id, cases.verdict_id, cases.purpose, cases.tier,
    cases.queue, cases.policy, cases.reason, cases.rule, cases.severity, cases.language,
    cases.enqueued_at, cases.due_at, cases.round, cases.lease_until
FROM cases JOIN items ON items.id = cases.item_id
WHERE cases.claimed_by = :reviewer AND cases.lease_until >= now() AND cases.state = 'open'
  AND (CAST(:cases AS uuid[]) IS NULL OR cases.id = ANY(:cases))
ORDER BY {NEXT_FIRST}
""")  # noqa: S608 - made of constants
_RENEW: Final = text("""
UPDATE cases SET lease_until = now() + make_interval(secs => :lease)
WHERE id = :case AND state = 'open' AND claimed_by = :reviewer
RETURNING lease_until
""")
_RELEASE: Final = text("""
UPDATE cases SET claimed_by = NULL, lease_until = NULL
WHERE claimed_by = :reviewer AND state = 'open'
  AND (CAST(:cases AS uuid[]) IS NULL OR id = ANY(:cases))
RETURNING id
""")
_EXPIRE: Final = text("""
UPDATE cases SET claimed_by = NULL, lease_until = NULL
WHERE id IN (SELECT id FROM cases WHERE claimed_by IS NOT NULL AND lease_until < now()
    FOR UPDATE SKIP LOCKED)
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A case in the hands of a reviewer."""

    id: UUID
    item_id: UUID
    sender_id: str
    """The sender's name for the item."""
    verdict_id: UUID
    """The verdict that brought it here."""
    purpose: str
    """`review`, `sample` or `appeal`."""
    tier: str
    queue: str
    policy: str
    reason: str
    rule: str
    severity: str
    language: str | None
    enqueued_at: datetime
    due_at: datetime
    round: int
    lease_until: datetime
    """Until then nobody else gets it."""


def choose(
    connection: Connection,
    reviewer: str,
    tier: str,
    queues: Sequence[str] | None,
    *,
    wanted: int,
    lease: float,
) -> list[UUID]:
    """Claim the next cases that a reviewer may decide; fewer than wanted if there are no more."""
    names = queues if queues is not None else connection.execute(_QUEUES).scalars().all()
    who = {"reviewer": reviewer, "tier": tier, "queues": list(names), "lease": lease}
    claimed: list[UUID] = []
    most = wanted + _SPARE
    while len(claimed) < wanted:
        candidates = list(connection.execute(_NEXT, {**who, "most": most}).scalars())
        left = wanted - len(claimed)
        fresh = connection.execute(_CLAIM, {**who, "candidates": candidates, "wanted": left})
        claimed += fresh.scalars()
        if len(candidates) < most:
            break
        most *= 2
    return claimed


def held(
    connection: Connection, reviewer: str, cases: Sequence[UUID] | None = None
) -> list[Claimed]:
    """What a reviewer has, all or some of it, the next in rank first."""
    rows = connection.execute(
        _HELD, {"reviewer": reviewer, "cases": None if cases is None else list(cases)}
    )
    return [Claimed(**row) for row in rows.mappings()]


def renew(connection: Connection, reviewer: str, case: UUID, *, lease: float) -> datetime | None:
    """Keep a case longer; the new end, or None if it is not the reviewer's any more."""
    given = {"reviewer": reviewer, "case": case, "lease": lease}
    return connection.execute(_RENEW, given).scalar_one_or_none()


def give_back(
    connection: Connection, reviewer: str, cases: Sequence[UUID] | None = None
) -> list[UUID]:
    """Let go of some cases, or of all; says of which."""
    given = {"reviewer": reviewer, "cases": None if cases is None else list(cases)}
    return list(connection.execute(_RELEASE, given).scalars())


def expire(connection: Connection) -> int:
    """Take cases whose lease has ended from whoever had them; says how many."""
    return connection.execute(_EXPIRE).rowcount
