"""Second looks: another person decides the same item, and neither knows of the other.

They are opened when the first one has decided. So the first look is never delayed, the second can
never be handed to whoever had the first, and a case that goes to a panel instead needs none.
"""

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from sqlalchemy import Connection

from engine.rules.requests import NO_QUEUE_SLA
from engine.rules.vocabulary import Queue
from engine.verdict import Priority, Review, Severity, Tier
from queues.quality.purposes import Purpose
from queues.store.casework import NewCase, add_case


class Decided(Protocol):
    """As much of a case as its second look has in common with it."""

    @property
    def item_id(self) -> UUID:
        """What was looked at."""

    @property
    def verdict_id(self) -> UUID:
        """What brought it to people."""

    @property
    def queue(self) -> str:
        """Where it waited."""

    @property
    def policy(self) -> str:
        """Of its rule."""

    @property
    def reason(self) -> str:
        """Of its rule."""

    @property
    def rule(self) -> str:
        """Which brought it to people."""

    @property
    def severity(self) -> str:
        """Of its rule."""

    @property
    def language(self) -> str | None:
        """Of the item."""

    @property
    def content(self) -> bytes | None:
        """The same for exact duplicates."""


def look_twice(connection: Connection, case: Decided, queues: Mapping[str, Queue]) -> None:
    """Open the second look at a case that one person has decided; it is never urgent."""
    queue = queues.get(case.queue)
    review = Review(
        tier=Tier.SINGLE,
        queue=case.queue,
        priority=Priority.LOW,
        due_in=NO_QUEUE_SLA if queue is None else queue.sla,
        reason=case.reason,
        rule=case.rule,
    )
    second = NewCase(
        item_id=case.item_id,
        verdict_id=case.verdict_id,
        purpose=Purpose.OVERLAP.value,
        review=review,
        policy=case.policy,
        severity=Severity(case.severity),
        language=case.language,
        # However many see it: it is decided, and nothing is at stake.
        reach=0.0,
        content=case.content,
    )
    add_case(connection, second)
