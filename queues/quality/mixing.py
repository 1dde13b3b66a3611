"""Gold items among the cases that somebody is handed: as many as their queues want, at random.

A gold item takes the place of a case that was about to be handed out, and looks as that one would
have looked: it has its queue, its age and its deadline, and an id of the same moment.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from secrets import randbelow
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy import Connection, text

from engine.rules.vocabulary import Queue
from engine.verdict import SEVERITY_RANK, Severity
from queues.ids import id_at, moment_of

# Never what they saw before, as gold or in earnest, nor what somebody is to decide in earnest.
# No worse than what it stands for: limits of exposure were asked for that. They are shuffled first,
# and looked at one by one until one will do.
_TAKE: Final = text("""
INSERT INTO cases (id, item_id, verdict_id, purpose, tier, queue, policy, reason, rule, priority,
    rank, severity, language, state, enqueued_at, due_at, opened_at, announced_at, taken_at, decide,
    only_for, probe_id)
SELECT :id, gold.item_id, gold.verdict_id, 'gold', place.tier, place.queue, gold.policy,
    coalesce(gold.reasons[1], place.reason), gold.source, place.priority, place.rank,
    gold.severity, gold.language, 'open', place.enqueued_at, place.due_at, place.opened_at,
    place.announced_at, now(), 'majority', :reviewer, gold.id
FROM cases AS place CROSS JOIN LATERAL (
    SELECT golds.*, items.verdict_id FROM (
        SELECT * FROM golds WHERE source = :source AND retired_at IS NULL
            AND severity = ANY(:severities)
            AND (CAST(:languages AS text[]) IS NULL OR language IS NULL
                OR lower(language) LIKE ANY(CAST(:languages AS text[])))
            AND (CAST(:policies AS text[]) IS NULL OR policy = ANY(CAST(:policies AS text[])))
            AND policy <> ALL(CAST(:opted_out AS text[]))
        ORDER BY random() OFFSET 0
    ) AS golds JOIN items ON items.id = golds.item_id
    WHERE items.state = 'decided'
        AND NOT EXISTS (SELECT FROM cases AS other WHERE other.item_id = golds.item_id
            AND ((other.state IN ('waiting', 'open') AND other.only_for IS NULL)
                OR other.only_for = :reviewer
                OR EXISTS (SELECT FROM handouts
                    WHERE handouts.case_id = other.id AND handouts.reviewer = :reviewer)
                OR EXISTS (SELECT FROM votes
                    WHERE votes.case_id = other.id AND votes.reviewer = :reviewer)))
    LIMIT 1 FOR KEY SHARE OF items SKIP LOCKED
) AS gold
WHERE place.id = :place
ON CONFLICT DO NOTHING
""")
_NOTE: Final = text("""
INSERT INTO handouts (case_id, reviewer, severity)
SELECT id, :reviewer, severity FROM cases WHERE id = ANY(:taken)
""")
_SIT_DOWN: Final = text("""
INSERT INTO holds (case_id, reviewer, lease_until)
SELECT id, :reviewer, now() + make_interval(secs => :lease) FROM cases WHERE id = ANY(:taken)
""")
# As if they had never been handed out.
_STAND_UP: Final = text("""
DELETE FROM holds WHERE case_id = ANY(:places) AND reviewer = :reviewer
""")
_PUT_BACK: Final = text("""
UPDATE cases SET taken_at = NULL WHERE id = ANY(:places) AND taken_at = now()
""")
_FORGET: Final = text("""
DELETE FROM handouts WHERE case_id = ANY(:places) AND reviewer = :reviewer AND at = now()
""")


class Place(Protocol):
    """A claimed case, as far as it matters."""

    @property
    def id(self) -> UUID:
        """Of the case."""

    @property
    def queue(self) -> str:
        """Where it waited."""

    @property
    def severity(self) -> str:
        """Of what it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixing:
    """Puts gold items in place of cases."""

    queues: Mapping[str, Queue]
    """Of the policy in force."""
    draw: Callable[[int], int] = field(default=randbelow, repr=False)
    """A whole number below another, which nobody can foresee; 0 is a gold item."""

    def mix(
        self, connection: Connection, asked: Mapping[str, object], claimed: Sequence[Place]
    ) -> dict[UUID, UUID]:
        """Exchange some of the cases that were just claimed for gold items; says which for which.

        Where there is no gold item that the reviewer has not seen, a case stays.

        Args:
            connection: Of the transaction that claimed them.
            asked: What the reviewer can be handed, as the statement of claims has it.
            claimed: The cases.
        """
        exchanged: dict[UUID, UUID] = {}
        for place in claimed:
            queue = self.queues.get(place.queue)
            if queue is None or queue.gold is None or self.draw(queue.gold.one_in):
                continue
            gold = id_at(moment_of(place.id))
            given = {
                **asked,
                "id": gold,
                "place": place.id,
                "source": queue.gold.source,
                "severities": _no_worse(place.severity),
            }
            if connection.execute(_TAKE, given).rowcount:
                exchanged[place.id] = gold
        if exchanged:
            _exchange(connection, exchanged, asked)
        return exchanged


def _exchange(
    connection: Connection, exchanged: Mapping[UUID, UUID], asked: Mapping[str, object]
) -> None:
    given = {
        "places": list(exchanged),
        "taken": list(exchanged.values()),
        "reviewer": asked["reviewer"],
        "lease": asked["lease"],
    }
    for statement in (_STAND_UP, _PUT_BACK, _FORGET, _SIT_DOWN, _NOTE):
        connection.execute(statement, given)


def _no_worse(severity: str) -> list[str]:
    """Severities up to one."""
    most = SEVERITY_RANK[Severity(severity)]
    return [each.value for each, rank in SEVERITY_RANK.items() if rank <= most]
