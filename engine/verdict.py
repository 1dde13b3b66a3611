"""What the engine decided about one item, and why."""

from dataclasses import dataclass, field
from enum import StrEnum


class Tier(StrEnum):
    """Who decides."""

    #: No rule asked for anything: published.
    NONE = "none"
    #: The machine acts.
    AUTO = "auto"
    #: One reviewer.
    SINGLE = "single"
    #: A panel.
    SENIOR = "senior"


#: Order of combination: a machine never takes an item away from people.
TIER_RANK = {Tier.NONE: 0, Tier.AUTO: 1, Tier.SINGLE: 2, Tier.SENIOR: 3}


class Severity(StrEnum):
    """How bad it is if the rule is right."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


SEVERITY_RANK = {Severity.LOW: 0, Severity.MEDIUM: 1, Severity.HIGH: 2, Severity.CRITICAL: 3}


class Priority(StrEnum):
    """Who comes first inside a tier."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


PRIORITY_RANK = {Priority.LOW: 0, Priority.NORMAL: 1, Priority.HIGH: 2, Priority.URGENT: 3}


class HitStatus(StrEnum):
    """What a matching rule did to the decision."""

    #: It took part in the decision.
    LIVE = "live"
    #: It would have; recorded only.
    SHADOW = "shadow"
    #: An exemption covers it.
    EXEMPT = "exempt"
    #: A matching rule outranks it.
    OUTRANKED = "outranked"
    #: It matched, but the item lies outside its sample or rollout.
    NOT_SAMPLED = "not_sampled"
    #: It could not tell, and its `if_missing` sent the item to people.
    MISSING = "missing"
    #: It would have taken part; what somebody decided about the same content stands instead.
    OVERRIDDEN = "overridden"
    #: It would act by itself and may not now: it asks a single reviewer instead.
    UNCERTIFIED = "uncertified"


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that matched (or, as `missing`, could not tell and says so)."""

    rule: str
    status: HitStatus
    by: str | None = None
    """The exemption, the outranking rule or the override; of an uncertified one, why it may not
    act."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A review by people that the verdict asks for."""

    tier: Tier
    queue: str
    priority: Priority
    due_in: float
    """Seconds from now to the deadline."""
    reason: str
    rule: str
    not_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The combined answer of all rules of a release for one item."""

    tier: Tier = Tier.NONE
    action: str = "publish"
    """The action in force now."""
    review: Review | None = None
    """The review that decides the item; only for `single` and `senior`."""
    samples: tuple[Review, ...] = ()
    """Reviews that `stage: after` rules add; they never change the action."""
    reasons: tuple[str, ...] = ()
    """All reasons, the winner's first."""
    message: str | None = None
    labels: tuple[str, ...] = ()
    notify: tuple[str, ...] = ()
    strikes: tuple[tuple[str, int], ...] = ()
    """(policy, strikes), once per policy."""
    hits: tuple[Hit, ...] = field(default=())
    """Sorted by rule name."""
    inclusion_probability: float = 0.0
    """π: the chance that a person reviews this item under this release."""
