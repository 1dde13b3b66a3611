"""What each rule asks for, worked out once: its rank among others, its queue, its deadline."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf

from engine.rules.model import Portion, Rule, Status
from engine.rules.vocabulary import Queue, Vocabulary
from engine.sampling import fraction
from engine.verdict import PRIORITY_RANK, SEVERITY_RANK, TIER_RANK, Hit, HitStatus, Review, Tier

#: Where nobody declared a queue for a tier.
NO_QUEUE_SLA = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A rule's wish, ready to be combined with others."""

    name: str
    rank: tuple[int, int, str]
    """Sorts the winner first."""
    tier: Tier
    reason: str
    action: tuple[float, str]
    """In force if the machine decides: strictness, negated so that the least wins, and name."""
    waiting: tuple[float, str]
    """The same, in force until people decide."""
    review: Review | None
    """For people's tiers."""
    urgency: int
    """Rank of its priority; of machine's rules below all."""
    due_in: float
    """Seconds to the review's deadline; of machine's rules without end."""
    rule: Rule
    hit: Hit
    chance: float
    """p: that the rule takes part, over its sample and rollout."""
    bare: bool
    """Without labels, notifications and strikes."""
    plain: bool
    """Live, without dates, sample, rollout or `outranks`: by itself it decides."""


def request_of(rule: Rule, vocabulary: Vocabulary) -> Request:
    """The request of a rule that matches."""
    return _request(rule, rule.then.tier, HitStatus.LIVE, vocabulary)


def missing_request_of(rule: Rule, vocabulary: Vocabulary) -> Request:
    """The request of a rule that cannot tell and has `if_missing`."""
    assert rule.if_missing is not None
    return _request(rule, rule.if_missing, HitStatus.MISSING, vocabulary)


def uncertified_request_of(rule: Rule, why: str, vocabulary: Vocabulary) -> Request:
    """The request of a machine's rule that matches and may not act: one reviewer looks."""
    request = _request(rule, Tier.SINGLE, HitStatus.UNCERTIFIED, vocabulary)
    return replace(request, hit=Hit(rule.name, HitStatus.UNCERTIFIED, why))


def default_queue(tier: Tier, queues: Mapping[str, Queue]) -> Queue | None:
    """The queue for reviews of a tier whose rule names none."""
    of_tier = [queue for queue in queues.values() if queue.tier is tier]
    for queue in of_tier:
        if queue.default:
            return queue
    for name in (tier.value, "general" if tier is Tier.SINGLE else ""):
        if name in queues and queues[name].tier is tier:
            return queues[name]
    return of_tier[0] if len(of_tier) == 1 else None


def takes(portion: Portion | None, key: str, item_id: str, author: str | None) -> bool:
    """Whether an item falls into a sample or rollout."""
    if portion is None:
        return True
    identity = item_id if portion.of == "items" else author
    return identity is not None and fraction(key, identity) < portion.share


def sampled(rule: Rule, item_id: str, author: str | None) -> bool:
    """Whether an item falls into both the sample and the rollout of a rule."""
    return takes(rule.sample, rule.name, item_id, author) and takes(
        rule.rollout, f"rollout {rule.name}", item_id, author
    )


def in_force(starts: float | None, ends: float | None, now: float) -> bool:
    """Whether now lies within the dates."""
    return (starts is None or starts <= now) and (ends is None or now < ends)


def _request(rule: Rule, tier: Tier, status: HitStatus, vocabulary: Vocabulary) -> Request:
    then = rule.then
    by_machine = tier is Tier.AUTO
    action = vocabulary.actions[then.action if by_machine else then.while_waiting]
    waiting = vocabulary.actions[action.held_as] if by_machine else action
    review = None if by_machine else _review(rule, tier, vocabulary.queues)
    undated = rule.starts is None and rule.ends is None
    whole = rule.sample is None and rule.rollout is None
    return Request(
        name=rule.name,
        rank=(-TIER_RANK[tier], -SEVERITY_RANK[rule.severity], rule.name),
        tier=tier,
        reason=then.reason,
        action=(-action.strictness, action.name),
        waiting=(-waiting.strictness, waiting.name),
        review=review,
        urgency=-1 if review is None else PRIORITY_RANK[then.priority],
        due_in=inf if review is None else review.due_in,
        rule=rule,
        hit=Hit(rule.name, status),
        chance=_share(rule.sample) * _share(rule.rollout),
        bare=not (then.labels or then.notify or then.strikes),
        plain=rule.status is Status.LIVE and undated and whole and not rule.outranks,
    )


def _share(portion: Portion | None) -> float:
    return 1.0 if portion is None else portion.share


def _review(rule: Rule, tier: Tier, queues: Mapping[str, Queue]) -> Review:
    queue = queues.get(rule.then.queue or "")
    if queue is None or queue.tier is not tier:
        queue = default_queue(tier, queues)
    due_in = rule.then.sla
    if due_in is None:
        due_in = NO_QUEUE_SLA if queue is None else queue.sla
    return Review(
        tier=tier,
        queue=tier.value if queue is None else queue.name,
        priority=rule.then.priority,
        due_in=due_in,
        reason=rule.then.reason,
        rule=rule.name,
        not_by=rule.then.not_by,
    )
