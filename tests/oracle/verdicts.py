"""The whole verdict, read off the definition paragraph by paragraph."""

from dataclasses import replace
from math import prod

from engine.item import Item
from engine.rules.model import Condition, Leaf, Meets, Policy, Rule, Stage, Status
from engine.rules.vocabulary import FieldType, Queue
from engine.verdict import PRIORITY_RANK, SEVERITY_RANK, TIER_RANK, Review, Tier, Verdict
from tests.oracle.comparisons import text_spans
from tests.oracle.conditions import value_of
from tests.oracle.matches import (
    Request,
    chance,
    chances_of_people,
    exemption_of,
    hits,
    is_sampled,
    looked_at,
    requests,
    rule_truth,
)
from tests.oracle.text import Spans

_PEOPLE = (Tier.SINGLE, Tier.SENIOR)


def evaluate(policy: Policy, item: Item, *, now: float) -> Verdict:
    """What the policy says about an item."""
    found = hits(policy, item, now)
    deciding = sorted(requests(policy, found), key=_order)
    verdict = _combined(policy, deciding)
    decided = replace(
        item,
        fields={
            **item.fields,
            "decision.tier": verdict.tier.value,
            "decision.action": verdict.action,
        },
    )
    after = [
        rule
        for rule in looked_at(policy, Stage.AFTER, now)
        if rule.status is Status.LIVE
        and rule_truth(rule, decided, policy) is True
        and exemption_of(rule, decided, policy, now) is None
    ]
    chances = chances_of_people(policy, item, now, found) + [chance(rule) for rule in after]
    return replace(
        verdict,
        samples=tuple(_sample(policy, rule) for rule in after if is_sampled(rule, decided, policy)),
        hits=tuple(found),
        inclusion_probability=1 - prod(1 - share for share in chances),
    )


def matching_spans(policy: Policy, item: Item, rule: Rule) -> dict[str, Spans]:
    """Per text of the item, every span that the words and patterns of a rule find in it."""
    found: dict[str, Spans] = {}
    for leaf in _leaves(rule.when) + ([] if rule.unless is None else _leaves(rule.unless)):
        value = value_of(leaf.field, item, policy)
        is_text = policy.vocabulary.fields[leaf.field].type is FieldType.TEXT
        if is_text and isinstance(value, str) and not isinstance(leaf.constant, float | bool):
            spans = text_spans(leaf, value, policy)
            found[leaf.field] = found.get(leaf.field, frozenset()) | spans
    return found


def default_queue(policy: Policy, tier: Tier) -> Queue:
    """The queue of a tier that takes what no rule sends elsewhere."""
    queues = {name: queue for name, queue in policy.vocabulary.queues.items() if queue.tier is tier}
    for queue in queues.values():
        if queue.default:
            return queue
    if tier.value in queues:
        return queues[tier.value]
    if tier is Tier.SINGLE and "general" in queues:
        return queues["general"]
    (only,) = queues.values()
    return only


def _order(request: Request) -> tuple[int, int, str]:
    """By tier, then severity, highest first, then name."""
    severity = SEVERITY_RANK[request.rule.severity]
    return (-TIER_RANK[request.tier], -severity, request.rule.name)


def _combined(policy: Policy, deciding: list[Request]) -> Verdict:
    if not deciding:
        return Verdict()
    winner = deciding[0]
    acting = [request.rule for request in deciding] if winner.tier is Tier.AUTO else []
    return Verdict(
        tier=winner.tier,
        action=_action(policy, deciding, winner.tier),
        review=_review(policy, deciding) if winner.tier in _PEOPLE else None,
        reasons=tuple(dict.fromkeys(request.rule.then.reason for request in deciding)),
        message=winner.rule.then.message,
        labels=tuple(sorted({one for request in deciding for one in request.rule.then.labels})),
        notify=tuple(sorted({one for request in deciding for one in request.rule.then.notify})),
        strikes=_strikes(acting),
    )


def _action(policy: Policy, deciding: list[Request], tier: Tier) -> str:
    actions = policy.vocabulary.actions
    asked = []
    for request in deciding:
        then = request.rule.then
        if tier is Tier.AUTO:
            asked.append(then.action)
        elif request.tier in _PEOPLE:
            asked.append(then.while_waiting)
        else:
            asked.append(actions[then.action].held_as)
    return max(sorted(asked), key=lambda name: actions[name].strictness)


def _review(policy: Policy, deciding: list[Request]) -> Review:
    winner = deciding[0]
    of_people = [request for request in deciding if request.tier in _PEOPLE]
    then = winner.rule.then
    return Review(
        tier=winner.tier,
        queue=_queue(policy, winner).name,
        priority=max((one.rule.then.priority for one in of_people), key=PRIORITY_RANK.__getitem__),
        due_in=min(_due_in(policy, request) for request in of_people),
        reason=then.reason,
        rule=winner.rule.name,
        not_by=then.not_by,
    )


def _queue(policy: Policy, request: Request) -> Queue:
    name = request.rule.then.queue
    if name is not None:
        queue = policy.vocabulary.queues[name]
        if queue.tier is request.tier or not request.missing:
            return queue
    return default_queue(policy, request.tier)


def _due_in(policy: Policy, request: Request) -> float:
    own = request.rule.then.sla
    return own if own is not None else _queue(policy, request).sla


def _sample(policy: Policy, rule: Rule) -> Review:
    request = Request(rule, rule.then.tier)
    return Review(
        tier=rule.then.tier,
        queue=_queue(policy, request).name,
        priority=rule.then.priority,
        due_in=_due_in(policy, request),
        reason=rule.then.reason,
        rule=rule.name,
        not_by=rule.then.not_by,
    )


def _strikes(acting: list[Rule]) -> tuple[tuple[str, int], ...]:
    largest: dict[str, int] = {}
    for rule in acting:
        largest[rule.policy] = max(rule.then.strikes, largest.get(rule.policy, 0))
    return tuple(sorted((policy, number) for policy, number in largest.items() if number > 0))


def _leaves(condition: Condition) -> list[Leaf]:
    if isinstance(condition, Leaf):
        return [condition]
    if isinstance(condition, Meets):
        return _leaves(condition.condition)
    return [leaf for part in condition.parts for leaf in _leaves(part)]
