"""Rules with the very same condition: written twice, or asking for different tiers."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping

from engine.diagnostics import Diagnostic
from engine.rules.lints.scopes import ever_together, scope_of
from engine.rules.lints.survey import Survey, warning
from engine.rules.model import AllOf, AtLeastOf, Condition, Leaf, Meets, Rule, Status
from engine.rules.vocabulary import Operator
from engine.verdict import TIER_RANK


def duplicate_rule(survey: Survey) -> Iterator[Diagnostic]:
    """`duplicate-rule`: the same scope, condition and outcome under two names."""
    for group in _twins(survey).values():
        first: dict[Hashable, Rule] = {}
        for rule in group:
            key = (rule.status, rule.then, rule.starts, rule.ends, rule.sample, rule.rollout)
            before = first.setdefault(key, rule)
            if before is not rule:
                yield warning(
                    "duplicate-rule",
                    f"`{rule.name}` says the same as `{before.name}`",
                    rule.span,
                    hint="keep one of the two",
                    related=(before.span,),
                )


def different_tiers(survey: Survey) -> Iterator[Diagnostic]:
    """`different-tiers`: the same scope and condition, but another tier decides."""
    for group in _twins(survey).values():
        live = [rule for rule in group if rule.status is Status.LIVE and rule.sample is None]
        live = [rule for rule in live if rule.rollout is None]
        strongest = max(live, key=lambda rule: TIER_RANK[rule.then.tier], default=None)
        for rule in live:
            if strongest is None or rule.then.tier is strongest.then.tier:
                continue
            if strongest.name in rule.outranks or rule.name in strongest.outranks:
                continue
            if not ever_together(rule, strongest):
                continue
            yield warning(
                "different-tiers",
                f"`{rule.name}` ({rule.then.tier}) and `{strongest.name}`"
                f" ({strongest.then.tier}) have the same condition; {strongest.then.tier}"
                " always wins",
                rule.span,
                hint="keep one of the two, or give them different bands",
                related=(strongest.span,),
            )


def are_twins(one: Rule, other: Rule) -> bool:
    """Whether two rules have the same scope and condition."""
    return (
        scope_of(one) == scope_of(other)
        and identity(one.when) == identity(other.when)
        and (one.unless and identity(one.unless)) == (other.unless and identity(other.unless))
    )


def _twins(survey: Survey) -> Mapping[Hashable, list[Rule]]:
    """Rules by scope and condition, in order of name; groups of one are left out."""
    rough: dict[Hashable, list[Rule]] = defaultdict(list)
    for name in survey.terms:
        rule = survey.policy.rules[name]
        rough[_outline(rule)].append(rule)
    exact: dict[Hashable, list[Rule]] = defaultdict(list)
    for index, group in enumerate(rough.values()):
        if len(group) > 1:
            for rule in group:
                unless = rule.unless and identity(rule.unless)
                exact[index, identity(rule.when), unless].append(rule)
    return {key: group for key, group in exact.items() if len(group) > 1}


def _outline(rule: Rule) -> Hashable:
    """What twins surely share and is found quickly."""
    when = rule.when
    leaf = when.parts[0] if isinstance(when, AllOf) and len(when.parts) == 1 else when
    hint = (leaf.field, leaf.operator, leaf.constant) if isinstance(leaf, Leaf) else None
    if isinstance(leaf, Leaf) and isinstance(leaf.constant, tuple):
        hint = (leaf.field, leaf.operator, len(leaf.constant))
    return (scope_of(rule), rule.stage, rule.unless is None, hint)


def identity(condition: Condition) -> Hashable:
    """Equal for conditions that differ only in order, in names and in where they stand."""
    if isinstance(condition, Leaf):
        constant: Hashable = condition.constant
        if isinstance(constant, tuple) and condition.operator is not Operator.BETWEEN:
            constant = frozenset(constant)
        return (condition.field, condition.operator, constant)
    if isinstance(condition, Meets):
        return identity(condition.condition)
    parts = frozenset(identity(part) for part in condition.parts)
    if len(parts) == 1 and isinstance(condition, AllOf):
        return next(iter(parts))
    count = condition.count if isinstance(condition, AtLeastOf) else 0
    return (type(condition).__name__, count, parts)
