"""Who sees what the machine suggests: one fact for each case and reviewer.

Never seen with what measures people or the machine (gold, quality samples, second looks,
calibration, validation), in first rounds of panels, and in queues that are `blind`. Elsewhere it is
hidden from a share of cases, so that what people decide without it can be compared with what they
decide with it, and so that being blind tells nothing of why.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy import Connection, text

from engine.rules.vocabulary import Queue
from engine.verdict import Tier
from queues.errors import Conflict, NotFound
from queues.quality.purposes import BLIND, BY_ONE, Purpose
from queues.store.naming import item_named
from queues.store.session import Store

_LARGEST: Final = 2**64

# What waits for somebody, or is in their hands. Nobody is handed what checks their own vote.
_OPEN: Final = text("""
SELECT id, purpose, tier, queue, round FROM cases
WHERE item_id = :item AND state IN ('waiting', 'open') AND tier = ANY(:tiers)
    AND (only_for IS NULL OR only_for = :reviewer)
    AND NOT EXISTS (SELECT FROM votes WHERE votes.case_id = cases.id
        AND votes.round = cases.round AND votes.reviewer = :reviewer)
    AND ((cases.purpose = 'review' AND cases.tier = 'single') OR NOT EXISTS (
        SELECT FROM votes JOIN cases AS other ON other.id = votes.case_id
        WHERE other.item_id = cases.item_id AND other.id <> cases.id
            AND votes.reviewer = :reviewer))
""")


class Looked(Protocol):
    """As much of a case as decides whether it is blind."""

    @property
    def id(self) -> UUID:
        """Of the case."""

    @property
    def purpose(self) -> str:
        """What its decision is for."""

    @property
    def tier(self) -> str:
        """Whose it is."""

    @property
    def queue(self) -> str:
        """Where it waits."""

    @property
    def round(self) -> int:
        """Of a panel; 1 is the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Waiting:
    """An open case of an item."""

    id: UUID
    purpose: str
    tier: str
    queue: str
    round: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Blinding:
    """From whom the machine's suggestion is hidden. By default, from nobody by chance."""

    share: float = 0.0
    """Of cases and reviewers, beside those that are always blind."""
    counting: float = 0.0
    """Of cases that one reviewer decides: all are blind to them, and what is said counts for
    certificates."""
    overlap: float = 0.0
    """Of cases that one reviewer decides: a second one looks at them too, and both blind."""
    overlap_by_queue: Mapping[str, float] = field(default_factory=dict)
    """The same, for queues that have a share of their own."""
    key: bytes = field(default=b"", repr=False)
    """Makes the draw one that nobody can work out from the id of a case."""

    def hides(self, case: Looked, reviewer: str, queues: Mapping[str, Queue]) -> bool:
        """Whether a reviewer decides a case without the suggestion; always the same answer.

        Args:
            case: As it stands.
            reviewer: Who decides it, or would.
            queues: Of the policy in force.
        """
        queue = queues.get(case.queue)
        return (
            case.purpose in BLIND
            or (case.tier == Tier.SENIOR and case.round == 1)
            or (queue is not None and queue.blind)
            or self.overlaps(case)
            or self.counts(case)
            or self._draw("blind", case.id.hex + reviewer) < self.share
        )

    def overlaps(self, case: Looked) -> bool:
        """Whether a second person looks at it too, to see whether they agree."""
        if case.purpose != Purpose.REVIEW or case.tier != Tier.SINGLE:
            return False
        share = self.overlap_by_queue.get(case.queue, self.overlap)
        return self._draw("overlap", case.id.hex) < share

    def counts(self, case: Looked) -> bool:
        """Whether what is said of it counts for certificates, if it is about one."""
        if case.purpose != Purpose.REVIEW or case.tier != Tier.SINGLE:
            return False
        return self._draw("certify", case.id.hex) < self.counting

    def _draw(self, what: str, about: str) -> float:
        """A number in [0, 1), the same whenever it is asked for."""
        drawn = blake2b(
            about.encode("utf-8", "surrogatepass"),
            key=self.key,
            person=what.encode("ascii"),
            digest_size=8,
        )
        return int.from_bytes(drawn.digest(), "big") / _LARGEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A person who reviews, and reads about items: not what would tell them what to vote."""

    name: str
    tiers: tuple[str, ...]
    """Whose cases they can be handed."""
    blinding: Blinding
    queues: Mapping[str, Queue]
    """Of the policy in force."""

    def blind_to(self, case: Looked) -> bool:
        """Whether a case is blind for them, in their hands or if they were handed it."""
        return case.tier in self.tiers and self.blinding.hides(case, self.name, self.queues)

    def blind_to_item(self, connection: Connection, item: UUID) -> bool:
        """Whether an open case of an item is blind for them."""
        given = {"item": item, "reviewer": self.name, "tiers": list(self.tiers)}
        rows = connection.execute(_OPEN, given).mappings()
        return any(self.blind_to(_Waiting(**row)) for row in rows)


def check_may_know(store: Store, name: str, reader: Reader) -> None:
    """Raise Conflict where somebody is to decide about an item blind.

    Args:
        store: Where it is, if there is one of this name.
        name: The sender's id, or ours.
        reader: Who wants to know.
    """
    with store.read() as connection, suppress(NotFound):
        item = item_named(connection, name)
        if reader.blind_to_item(connection, item):
            what, why = f"item `{name}`", "you are to decide about it without knowing more"
            raise Conflict(what, why)


def told(purpose: str) -> str:
    """What a blind reviewer is told of the purpose of a case: whether somebody appealed."""
    return purpose if purpose == Purpose.APPEAL else Purpose.REVIEW.value


def unknown_to_reviewers(purpose: str) -> bool:
    """Whether a case measures one person or decision: in lists for reviewers it does not stand."""
    return purpose in BY_ONE
