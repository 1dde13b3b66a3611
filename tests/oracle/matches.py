"""Which rules match an item, and what became of each match."""

from typing import NamedTuple

from engine.item import Item, Value
from engine.rules.model import Policy, Portion, Rule, Stage, Status
from engine.sampling import fraction
from engine.verdict import Hit, HitStatus, Tier
from tests.oracle.conditions import Absent, Truth, conjunction, negation, truth, value_of


class Request(NamedTuple):
    """A rule that takes part in the decision, and the tier it asks for."""

    rule: Rule
    tier: Tier
    missing: bool = False


def looked_at(policy: Policy, stage: Stage, now: float) -> list[Rule]:
    """The rules of a stage that are in force, by name."""
    return sorted(
        (
            rule
            for rule in policy.rules.values()
            if rule.stage is stage
            and rule.status in (Status.SHADOW, Status.LIVE)
            and _in_force(rule.starts, rule.ends, now)
        ),
        key=lambda rule: rule.name,
    )


def rule_truth(rule: Rule, item: Item, policy: Policy) -> Truth:
    """Whether a rule matches: its scope, `when`, and not `unless`."""
    if not _in_scope(rule, item, policy):
        return False
    parts = [truth(rule.when, item, policy)]
    if rule.unless is not None:
        parts.append(negation(truth(rule.unless, item, policy)))
    return conjunction(parts)


def hits(policy: Policy, item: Item, now: float) -> list[Hit]:
    """Every match, and every `missing`, with what became of it; sorted by name."""
    rules = looked_at(policy, Stage.ITEM, now)
    truths = {rule.name: rule_truth(rule, item, policy) for rule in rules}
    first = {
        rule.name: _dropped(rule, item, policy, now) for rule in rules if truths[rule.name] is True
    }
    standing = [policy.rules[name] for name, hit in first.items() if hit.status is HitStatus.LIVE]
    found = []
    for rule in rules:
        if truths[rule.name] is True:
            hit = first[rule.name]
            found.append(_outranked(rule, standing) or hit if rule in standing else hit)
        elif _is_missing(rule, truths[rule.name]):
            by = exemption_of(rule, item, policy, now)
            found.append(
                Hit(rule.name, HitStatus.EXEMPT, by)
                if by
                else _outranked(rule, standing) or Hit(rule.name, HitStatus.MISSING)
            )
    return found


def chances_of_people(policy: Policy, item: Item, now: float, found: list[Hit]) -> list[float]:
    """For every rule that could send the item to people: its chance to do so."""
    standing = [
        policy.rules[hit.rule]
        for hit in found
        if hit.status is HitStatus.LIVE
        or (
            hit.status is HitStatus.OUTRANKED
            and rule_truth(policy.rules[hit.rule], item, policy) is True
        )
    ]
    chances = []
    for hit in found:
        rule = policy.rules[hit.rule]
        if hit.status is HitStatus.MISSING:
            chances.append(1.0)
        if rule.then.tier not in (Tier.SINGLE, Tier.SENIOR):
            continue
        outside = (
            hit.status is HitStatus.NOT_SAMPLED
            and not exemption_of(rule, item, policy, now)
            and not _outranked(rule, standing)
        )
        if hit.status is HitStatus.LIVE or outside:
            chances.append(chance(rule))
    return chances


def requests(policy: Policy, found: list[Hit]) -> list[Request]:
    """Those that decide, as requests for a tier."""
    deciding = []
    for hit in found:
        rule = policy.rules[hit.rule]
        if hit.status is HitStatus.LIVE:
            deciding.append(Request(rule, rule.then.tier))
        elif hit.status is HitStatus.MISSING:
            assert rule.if_missing is not None
            deciding.append(Request(rule, rule.if_missing, missing=True))
    return deciding


def chance(rule: Rule) -> float:
    """The share of items a rule acts on."""
    sample = rule.sample.share if rule.sample else 1.0
    return sample * (rule.rollout.share if rule.rollout else 1.0)


def is_sampled(rule: Rule, item: Item, policy: Policy) -> bool:
    """Whether the item is inside both sample and rollout of a rule."""
    portions = ((rule.name, rule.sample), (f"rollout {rule.name}", rule.rollout))
    return all(
        _inside(key, portion, item, policy) for key, portion in portions if portion is not None
    )


def exemption_of(rule: Rule, item: Item, policy: Policy, now: float) -> str | None:
    """The name of the first matching exemption that covers a rule."""
    if rule.protected:
        return None
    for name in sorted(policy.exemptions):
        exemption = policy.exemptions[name]
        if (
            rule.name in exemption.covers
            and _in_force(exemption.starts, exemption.ends, now)
            and truth(exemption.when, item, policy) is True
        ):
            return name
    return None


def _dropped(rule: Rule, item: Item, policy: Policy, now: float) -> Hit:
    if rule.status is Status.SHADOW:
        return Hit(rule.name, HitStatus.SHADOW)
    if not is_sampled(rule, item, policy):
        return Hit(rule.name, HitStatus.NOT_SAMPLED)
    by = exemption_of(rule, item, policy, now)
    return Hit(rule.name, HitStatus.EXEMPT, by) if by else Hit(rule.name, HitStatus.LIVE)


def _outranked(rule: Rule, standing: list[Rule]) -> Hit | None:
    for other in sorted(standing, key=lambda each: each.name):
        if other.name != rule.name and rule.name in other.outranks:
            return Hit(rule.name, HitStatus.OUTRANKED, other.name)
    return None


def _is_missing(rule: Rule, found: Truth) -> bool:
    return found is None and rule.status is Status.LIVE and rule.if_missing is not None


def _in_force(starts: float | None, ends: float | None, now: float) -> bool:
    return (starts is None or starts <= now) and (ends is None or now < ends)


def _in_scope(rule: Rule, item: Item, policy: Policy) -> bool:
    kind = _name("item.kind", item, policy)
    market = _name("item.market", item, policy)
    language = _name("item.language", item, policy)
    return (
        (not rule.kinds or kind in rule.kinds)
        and (not rule.markets or market in rule.markets)
        and market not in rule.not_markets
        and (not rule.languages or language in rule.languages)
    )


def _name(field: str, item: Item, policy: Policy) -> Value | None:
    value = value_of(field, item, policy)
    return None if isinstance(value, Absent) else value


def _inside(key: str, portion: Portion, item: Item, policy: Policy) -> bool:
    identity = item.id if portion.of == "items" else _name("author.id", item, policy)
    return identity is not None and fraction(key, str(identity)) < portion.share
