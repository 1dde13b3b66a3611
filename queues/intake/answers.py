"""What a sender is told about each item."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from engine.errors import TierwiseError
from engine.overriding import Override, deciding_override
from engine.urgency import Urgency
from engine.verdict import HitStatus, Verdict

_TOOK_PART: Final = frozenset({HitStatus.LIVE, HitStatus.MISSING, HitStatus.UNCERTIFIED})


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
    urgency: Urgency
    """By which it is ranked."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a sender is told of a verdict."""

    tier: str
    reasons: tuple[str, ...]
    labels: tuple[str, ...]
    message: str | None
    rules: tuple[str, ...]
    """Those that took part, and not in shadow."""
    override: str | None = None
    """What decided in their place."""


def summary_of(verdict: Verdict, override: Override | None = None) -> Summary:
    """The summary of a verdict that was just reached, by rules or by an override."""
    return Summary(
        verdict.tier.value,
        verdict.reasons,
        verdict.labels,
        verdict.message,
        tuple(hit.rule for hit in verdict.hits if hit.status in _TOOK_PART),
        None if override is None else override.id,
    )


def summary_of_trace(trace: Mapping[str, Any]) -> Summary:
    """The same, of one that was stored."""
    return Summary(
        trace["tier"],
        tuple(trace["reasons"]),
        tuple(trace["labels"]),
        trace["message"],
        tuple(rule["name"] for rule in trace["rules"] if rule["status"] in _TOOK_PART),
        None if (override := deciding_override(trace)) is None else override["id"],
    )


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
    summary: Summary
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
