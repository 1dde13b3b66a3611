"""Hands out open cases, the next in rank first, each to one reviewer at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from queues.review.exposure import SEVEREST, Allowance
from queues.review.reviewers import Fit, Reviewer
from queues.store.ranking import LANGUAGE, NEXT_FIRST

#: Looked at beyond those wanted, in each lane: so many may be claimed by others at the same moment.
_SPARE: Final = 16
#: How much further it is looked where all of them were.
_FURTHER: Final = 4

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
# Who skipped a case never gets it again.
_NOT_SKIPPED: Final = """
NOT EXISTS (SELECT FROM skips WHERE skips.case_id = cases.id AND skips.reviewer = :reviewer)
"""
_BEARABLE: Final = """
(CAST(:severities AS text[]) IS NULL OR cases.severity = ANY(CAST(:severities AS text[])))
"""
_MAY_CLAIM: Final = f"""
{_FREE} AND cases.tier = :tier AND {_BEARABLE} AND {_NOT_SKIPPED} AND {_MAY_VOTE} AND {_UNBIASED}
AND {_WANTS_VOTES}
"""

# A lane is what lies together in the index: a queue, a policy and a language. One look at the index
# finds each of them, and only those that fit are looked into: what is for others costs nothing.
_LANES: Final = f"""
lanes (queue, policy, language) AS (
    (SELECT queue, policy, {LANGUAGE} FROM cases WHERE state = 'open'
     ORDER BY queue, policy, {LANGUAGE} LIMIT 1)
    UNION ALL
    SELECT next.* FROM lanes CROSS JOIN LATERAL (
        SELECT cases.queue, cases.policy, {LANGUAGE} FROM cases
        WHERE cases.state = 'open' AND (cases.queue, cases.policy, {LANGUAGE})
            > (lanes.queue, lanes.policy, lanes.language)
        ORDER BY cases.queue, cases.policy, {LANGUAGE} LIMIT 1
    ) AS next
)
"""  # noqa: S608 - made of constants
# What is asked for, read, known, and not spared.
_FITS: Final = """
(CAST(:queues AS text[]) IS NULL OR lanes.queue = ANY(CAST(:queues AS text[])))
AND (CAST(:languages AS text[]) IS NULL OR lanes.language = ''
    OR lanes.language LIKE ANY(CAST(:languages AS text[])))
AND (CAST(:policies AS text[]) IS NULL OR lanes.policy = ANY(CAST(:policies AS text[])))
AND lanes.policy <> ALL(CAST(:opted_out AS text[]))
"""
_CANDIDATES: Final = f"""
SELECT next.id, next.severity FROM lanes
CROSS JOIN LATERAL (
    SELECT cases.id, cases.severity, cases.rank, cases.due_at FROM cases
    WHERE cases.queue = lanes.queue AND cases.policy = lanes.policy
        AND {LANGUAGE} = lanes.language AND {_MAY_CLAIM}
    ORDER BY {NEXT_FIRST} LIMIT :most
) AS next
WHERE {_FITS} ORDER BY next.rank, next.due_at, next.id LIMIT :most
"""  # noqa: S608 - made of constants
# Candidates are looked for without locks, as locks for each queue would keep cases from others;
# then the first of them that are still free are locked, and nobody is waited for. Of several at
# once, somebody gets as many as they may see.
CLAIM: Final = text(f"""
WITH RECURSIVE {_LANES}, candidates AS MATERIALIZED ({_CANDIDATES}), locked AS MATERIALIZED (
    SELECT cases.id, cases.severity, cases.rank, cases.due_at FROM cases
    WHERE cases.id = ANY(ARRAY(SELECT id FROM candidates)) AND {_FREE}
    ORDER BY {NEXT_FIRST} LIMIT :wanted FOR UPDATE SKIP LOCKED
), counted AS (
    SELECT id, count(*) FILTER (WHERE severity = :severest) OVER so_far AS severe,
        sum((CAST(:points AS int[]))[array_position(CAST(:severities AS text[]), severity)])
            OVER so_far AS points
    FROM locked WINDOW so_far AS (ORDER BY rank, due_at, id)
), handed AS (
    UPDATE cases SET claimed_by = :reviewer, lease_until = now() + make_interval(secs => :lease),
        taken_at = coalesce(taken_at, now())
    FROM counted WHERE cases.id = counted.id AND (CAST(:severities AS text[]) IS NULL
        OR (counted.points <= :points_left AND counted.severe <= :severe_left))
    RETURNING cases.id, cases.severity
), noted AS (
    INSERT INTO handouts (case_id, reviewer, severity) SELECT id, :reviewer, severity FROM handed
    ON CONFLICT (case_id, reviewer) DO UPDATE SET at = now(), severity = excluded.severity
)
SELECT ARRAY(SELECT id FROM handed) AS cases, (SELECT count(*) FROM candidates) AS looked_at
""")  # noqa: S608 - made of constants
_FIRST: Final = text(f"WITH RECURSIVE {_LANES} {_CANDIDATES}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a reviewer asks for."""

    tier: str
    queues: Sequence[str] | None
    """Only from these; None: from all."""
    wanted: int = 1
    """How many at most."""


def choose(
    connection: Connection,
    reviewer: Reviewer,
    wish: Wish,
    allowance: Allowance | None,
    *,
    lease: float,
) -> list[UUID]:
    """Claim the next cases that a reviewer may decide; fewer than wanted if there are no more.

    It is one statement, however many cases are for others. Only where all that it looked at were
    taken by others in the same moment, it looks further.
    """
    given = question(reviewer, wish, allowance) | {"lease": lease}
    most, before = wish.wanted + _SPARE, 0
    while True:
        found = connection.execute(CLAIM, given | {"most": most}).one()
        if found.cases or found.looked_at <= before:
            return list(found.cases)
        most, before = most * _FURTHER, found.looked_at


def too_much(
    connection: Connection, reviewer: Reviewer, wish: Wish, allowance: Allowance
) -> str | None:
    """The severity of the next case that a reviewer would get if it were not too much; if any."""
    severities = sorted(set(allowance.points) - set(allowance.severities))
    given = question(reviewer, wish, None) | {"severities": severities, "most": 1}
    found = connection.execute(_FIRST, given).one_or_none()
    return None if found is None else found.severity


def question(reviewer: Reviewer, wish: Wish, allowance: Allowance | None) -> dict[str, object]:
    """What is asked, as the statements name it."""
    return {
        **_fitting(reviewer.fit),
        **_bearable(allowance),
        "reviewer": reviewer.name,
        "tier": wish.tier,
        "queues": None if wish.queues is None else list(wish.queues),
        "wanted": wish.wanted,
    }


def _fitting(fit: Fit) -> dict[str, object]:
    """What fits somebody."""
    return {
        "languages": None if fit.languages is None else list(fit.languages),
        "policies": None if fit.policies is None else list(fit.policies),
        "opted_out": list(fit.opted_out),
    }


def _bearable(allowance: Allowance | None) -> dict[str, object]:
    """What is not too much for somebody; without limits, the figures are not looked at."""
    severities = None if allowance is None else allowance.severities
    return {
        "severities": severities,
        "severest": SEVEREST,
        "points": [] if allowance is None else [allowance.points[one] for one in severities or ()],
        "points_left": 0 if allowance is None else allowance.left,
        "severe_left": 0 if allowance is None else allowance.severe_left,
    }
