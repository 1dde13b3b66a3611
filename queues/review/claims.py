"""Hands out open cases, the next in rank first, each to one reviewer at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, text

from queues.review.exposure import SEVEREST, Allowance
from queues.review.lanes import FITS, found
from queues.review.reviewers import Fit, Reviewer
from queues.store.ranking import NEXT_FIRST

#: Looked for beyond those wanted: so many may be claimed by others at the same moment.
_SPARE: Final = 4
#: How much further it is looked where all of them were.
_FURTHER: Final = 4

# Votes and held seats of the present round are fewer than those `engine.consensus.seats_of` wants.
_HAS_SEAT: Final = """
(SELECT count(*) FROM holds WHERE holds.case_id = cases.id AND holds.lease_until >= now()) <
(SELECT CASE
    WHEN cases.decide <> 'two_plus_one' THEN cases.seats
    WHEN count(DISTINCT votes.action) > 1 THEN 3 ELSE 2 END - count(*)
 FROM votes WHERE votes.case_id = cases.id AND votes.round = cases.round)
"""
# Nobody has two seats, nor votes twice in a round. Those who voted before vote again: others join
# them only where a seat was never taken or was skipped since, when it is late, or when the round
# waits for too long.
_MAY_VOTE: Final = """
NOT EXISTS (SELECT FROM holds WHERE holds.case_id = cases.id
    AND holds.reviewer = :reviewer AND holds.lease_until >= now())
AND NOT EXISTS (SELECT FROM votes WHERE votes.case_id = cases.id
    AND votes.round = cases.round AND votes.reviewer = :reviewer)
AND (cases.round = 1 OR cases.due_at < now()
    OR cases.round_since < now() - make_interval(secs => :patience)
    OR EXISTS (SELECT FROM votes
        WHERE votes.case_id = cases.id AND votes.reviewer = :reviewer)
    OR (SELECT count(DISTINCT votes.reviewer) < cases.seats FROM votes
        WHERE votes.case_id = cases.id AND NOT EXISTS (SELECT FROM skips
            WHERE skips.case_id = cases.id AND skips.reviewer = votes.reviewer)))
"""
# Nobody checks what they decided themselves, of the item or of its exact duplicates, nor sits on
# the panel above it. Only a single review without `not_by` may come back to the same person:
# reports brought the item up once more. Of duplicates, who has begun with this one finishes it, and
# once it is late anybody may: rather a second look at the same than none. What is validated is
# never for who took part, be it by revising it.
UNBIASED: Final = """
((cases.purpose = 'review' AND cases.tier = 'single' AND cases.not_by IS NULL)
 OR NOT EXISTS (SELECT FROM votes JOIN cases AS other ON other.id = votes.case_id
    WHERE other.item_id = cases.item_id AND other.id <> cases.id
      AND votes.reviewer = :reviewer)
 AND (NOT EXISTS (SELECT FROM votes WHERE votes.content = cases.content
        AND votes.case_id <> cases.id AND votes.reviewer = :reviewer)
    OR (cases.due_at < now() AND cases.purpose <> 'validation')
    OR EXISTS (SELECT FROM votes
        WHERE votes.case_id = cases.id AND votes.reviewer = :reviewer))
 AND (cases.purpose <> 'validation' OR NOT EXISTS (SELECT FROM validations
    WHERE validations.case_id = cases.id AND validations.revised_by = :reviewer)))
"""
# Nobody holds two cases of the same: one of them is decided with the other, or is for others then.
# But who has begun with one finishes it. What somebody holds is looked up once, not for each case:
# of a wave, thousands have the same content.
_HELD: Final = """
FROM holds JOIN cases AS other ON other.id = holds.case_id
WHERE holds.reviewer = :reviewer AND holds.lease_until >= now() AND other.state = 'open'
"""
_NOT_TWICE: Final = f"""
(cases.item_id <> ALL(ARRAY(SELECT other.item_id {_HELD}))
    AND (cases.content IS NULL OR cases.content <> ALL(
        ARRAY(SELECT other.content {_HELD} AND other.content IS NOT NULL)))
 OR EXISTS (SELECT FROM votes
    WHERE votes.case_id = cases.id AND votes.reviewer = :reviewer))
"""  # noqa: S608 - made of constants
# Who skipped a case never gets it again.
_NOT_SKIPPED: Final = """
NOT EXISTS (SELECT FROM skips WHERE skips.case_id = cases.id AND skips.reviewer = :reviewer)
"""
_BEARABLE: Final = """
(CAST(:severities AS text[]) IS NULL OR cases.severity = ANY(CAST(:severities AS text[])))
AND (cases.about IS NULL OR cases.about <> ALL(CAST(:opted_out AS text[])))
"""
# What measures one person is for them alone.
_FOR_THEM: Final = "(cases.only_for IS NULL OR cases.only_for = :reviewer)"
# Where all votes are in there is no seat: said first, as it costs nothing to see.
_MAY_CLAIM: Final = f"""
cases.state = 'open' AND cases.tier = :tier AND cases.commit_at IS NULL AND {_FOR_THEM}
AND {_BEARABLE} AND {_HAS_SEAT}
AND {_NOT_SKIPPED} AND {_MAY_VOTE} AND {UNBIASED} AND {_NOT_TWICE}
"""

# A case that somebody names is looked at alone.
_ITSELF: Final = f"""
candidates AS MATERIALIZED (
    SELECT cases.id, cases.severity FROM cases
    WHERE cases.id = :only AND {FITS} AND {_MAY_CLAIM}
)
"""  # noqa: S608 - made of constants
# Candidates are looked for without locks, as locks for each queue would keep cases from others;
# then the first of them that nobody else has locked are, and nobody is waited for. A case that
# somebody names is waited for: who has it in hand keeps a draft, say, and lets go at once.
_LOCKED: Final = f"""
locked AS MATERIALIZED (
    SELECT cases.id FROM cases
    WHERE cases.id = ANY(ARRAY(SELECT id FROM candidates)) AND cases.state = 'open'
    ORDER BY {NEXT_FIRST} LIMIT :wanted FOR UPDATE{{others}}
)
SELECT ARRAY(SELECT id FROM locked) AS cases, (SELECT count(*) FROM candidates) AS looked_at
"""  # noqa: S608 - made of constants
_FOUND: Final = found(_MAY_CLAIM)
LOCK: Final = text(f"WITH RECURSIVE {_FOUND}, {_LOCKED.format(others=' SKIP LOCKED')}")
_LOCK_IT: Final = text(f"WITH {_ITSELF}, {_LOCKED.format(others='')}")
# Under the locks it is looked once more whether there is a seat, as others may have sat down since,
# and whether it is still for this one, who may have voted or skipped it in another window; who lets
# go of a lock has sat down. Of several at once, somebody gets as many as they may see.
_SIT_DOWN: Final = text(f"""
WITH counted AS (
    SELECT cases.id, cases.severity, count(*) FILTER (WHERE severity = :severest) OVER so_far
            AS severe,
        sum((CAST(:points AS int[]))[array_position(CAST(:severities AS text[]), severity)])
            OVER so_far AS points
    FROM cases WHERE cases.id = ANY(:cases) AND {_HAS_SEAT} AND {_NOT_SKIPPED} AND {_MAY_VOTE}
    WINDOW so_far AS (ORDER BY rank, due_at, id)
), gone AS (
    DELETE FROM holds WHERE case_id = ANY(:cases) AND lease_until < now() AND reviewer <> :reviewer
), handed AS (
    INSERT INTO holds (case_id, reviewer, lease_until)
    SELECT id, :reviewer, now() + make_interval(secs => :lease) FROM counted
    WHERE CAST(:severities AS text[]) IS NULL
        OR (counted.points <= :points_left AND counted.severe <= :severe_left)
    ON CONFLICT (case_id, reviewer) DO UPDATE SET lease_until = excluded.lease_until, at = now()
    RETURNING case_id
), noted AS (
    INSERT INTO handouts (case_id, reviewer, severity)
    SELECT handed.case_id, :reviewer, counted.severity
    FROM handed JOIN counted ON counted.id = handed.case_id
    ON CONFLICT (case_id, reviewer) DO UPDATE SET at = now(), severity = excluded.severity
), taken AS (
    UPDATE cases SET taken_at = now() FROM handed
    WHERE cases.id = handed.case_id AND cases.taken_at IS NULL
)
SELECT ARRAY(SELECT case_id FROM handed) AS cases, (SELECT count(*) FROM counted) AS free
""")  # noqa: S608 - made of constants
_FIRST: Final = text(f"WITH RECURSIVE {_FOUND} SELECT severity FROM candidates LIMIT 1")  # noqa: S608 - made of constants
_IF_MORE: Final = text(f"WITH {_ITSELF} SELECT severity FROM candidates")  # noqa: S608 - made of constants


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a reviewer asks for."""

    tier: str
    queues: Sequence[str] | None
    """Only from these; None: from all."""
    wanted: int = 1
    """How many at most."""
    only: UUID | None = None
    """Just this case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long things last, in seconds."""

    lease: float
    """A seat is held without activity."""
    patience: float
    """A panel that votes again waits for those of the round before."""


def choose(
    connection: Connection,
    reviewer: Reviewer,
    wish: Wish,
    allowance: Allowance | None,
    terms: Terms,
) -> list[UUID]:
    """Claim the next cases that a reviewer may decide; fewer than wanted if there are no more.

    It takes two statements, however many cases are for others: one locks, one sits down. Only where
    all that it looked at were taken by others in the same moment, it looks further.
    """
    given = question(reviewer, wish, allowance, terms)
    lock = LOCK if wish.only is None else _LOCK_IT
    least, most, before = wish.wanted, wish.wanted + _SPARE, 0
    while True:
        locked = connection.execute(lock, given | {"least": least, "most": most}).one()
        if locked.cases:
            seated = connection.execute(_SIT_DOWN, given | {"cases": locked.cases}).one()
            # Where there was a seat and it was not taken, it would be too much.
            if seated.cases or seated.free:
                return list(seated.cases)
        elif locked.looked_at <= before:
            return []
        least = most = most * _FURTHER
        before = locked.looked_at


def too_much(
    connection: Connection, reviewer: Reviewer, wish: Wish, allowance: Allowance, terms: Terms
) -> str | None:
    """The severity of the next case that a reviewer would get if it were not too much; if any."""
    severities = sorted(set(allowance.points) - set(allowance.severities))
    given = question(reviewer, wish, None, terms) | {"severities": severities}
    given |= {"least": 1, "most": 1}
    first = connection.execute(_FIRST if wish.only is None else _IF_MORE, given).one_or_none()
    return None if first is None else first.severity


def question(
    reviewer: Reviewer, wish: Wish, allowance: Allowance | None, terms: Terms
) -> dict[str, object]:
    """What is asked, as the statements name it."""
    return {
        **_fitting(reviewer.fit),
        **_bearable(allowance),
        "reviewer": reviewer.name,
        "tier": wish.tier,
        "queues": None if wish.queues is None else list(wish.queues),
        "wanted": wish.wanted,
        "only": wish.only,
        "lease": terms.lease,
        "patience": terms.patience,
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
