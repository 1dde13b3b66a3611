"""What a sender is told about each item."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from engine.errors import TierwiseError


class State(StrEnum):
    """Where an item stands."""

    #: Signals that were ordered have not come; it is judged once more when they do.
    WAITING_FOR_SIGNALS = "waiting_for_signals"
    #: People decide.
    IN_REVIEW = "in_review"
    #: Nothing is open.
    DECIDED = "decided"
    #: What was sent is gone; the record of decisions stays.
    ERASED = "erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """The place where an item waits for people."""

    id: UUID
    tier: str
    queue: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """An item that is kept, with the verdict in force."""

    id: str
    """The sender's."""
    item_id: UUID
    verdict_id: UUID
    state: State
    action: str
    """In force now."""
    trace: Mapping[str, object]
    """The verdict: tier, reasons, rules and their evidence."""
    release: str
    models: tuple[str, ...]
    inclusion_probability: float
    case: OpenCase | None = None
    duplicate: bool = False
    """It was accepted before; this is how it stands now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """An item that is not kept, and why."""

    id: str | None
    problem: TierwiseError


Outcome = Accepted | Rejected
