"""Hands out open cases, the next in rank first, each to one reviewer at a time."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from queues.review.reviewers import Fit, Reviewer
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
# What somebody reads, knows, and is spared.
_FITS: Final = """
(CAST(:languages AS text[]) IS NULL OR cases.language IS NULL
    OR lower(cases.language) LIKE ANY(CAST(:languages AS text[])))
AND (CAST(:policies AS text[]) IS NULL OR cases.policy = ANY(CAST(:policies AS text[])))
AND cases.policy <> ALL(CAST(:opted_out AS text[]))
"""
_MAY_CLAIM: Final = f"{_FREE} AND cases.tier = :tier AND {_FITS} AND {_MAY_VOTE} AND {_UNBIASED}"

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
# Candidates are looked for without locks, as locks for each queue would keep cases from others;
# then the first of them that are still free are locked, and nobody is waited for.
_CLAIM: Final = text(f"""
WITH candidates AS MATERIALIZED (
    SELECT next.id FROM unnest(CAST(:queues AS text[])) AS queues (name)
    CROSS JOIN LATERAL (
        SELECT cases.id, cases.rank, cases.due_at FROM cases
        WHERE cases.queue = queues.name AND {_MAY_CLAIM} AND {_WANTS_VOTES}
        ORDER BY {NEXT_FIRST} LIMIT :most
    ) AS next
    ORDER BY next.rank, next.due_at, next.id LIMIT :most
), chosen AS MATERIALIZED (
    SELECT cases.id FROM cases
    WHERE cases.id = ANY(ARRAY(SELECT id FROM candidates)) AND {_FREE}
    ORDER BY {NEXT_FIRST} LIMIT :wanted FOR UPDATE SKIP LOCKED
), handed AS (
    UPDATE cases SET claimed_by = :reviewer, lease_until = now() + make_interval(secs => :lease),
        taken_at = coalesce(taken_at, now())
    FROM chosen WHERE cases.id = chosen.id RETURNING cases.id
)
SELECT ARRAY(SELECT id FROM handed) AS cases, (SELECT count(*) FROM candidates) AS looked_at
""")  # noqa: S608 - made of constants


def choose(
    connection: Connection,
    reviewer: Reviewer,
    tier: str,
    queues: Sequence[str] | None,
    *,
    wanted: int,
    lease: float,
) -> list[UUID]:
    """Claim the next cases that a reviewer may decide; fewer than wanted if there are no more.

    It is one statement, however many cases are for others. Only where all that it looked at were
    taken by others in the same moment, it looks further.
    """
    names = queues if queues is not None else connection.execute(_QUEUES).scalars().all()
    given = {
        **_about(reviewer.fit),
        "reviewer": reviewer.name,
        "tier": tier,
        "queues": list(names),
        "wanted": wanted,
        "lease": lease,
    }
    most = wanted + _SPARE
    while True:
        found = connection.execute(_CLAIM, given | {"most": most}).one()
        if found.cases or found.looked_at < most:
            return list(found.cases)
        most *= 2


def _about(fit: Fit) -> Mapping[str, object]:
    """What fits somebody, as the statement asks for it."""
    return {
        "languages": None if fit.languages is None else list(fit.languages),
        "policies": None if fit.policies is None else list(fit.policies),
        "opted_out": list(fit.opted_out),
    }
