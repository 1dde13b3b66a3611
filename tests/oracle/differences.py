"""Where two interpreters disagree, shown so that it can be read."""

from dataclasses import fields, is_dataclass, replace
from math import isclose

from engine.diagnostics import Span
from engine.item import Item
from engine.rules.model import Condition, Leaf, ListRefs, Meets, Policy
from engine.verdict import Verdict
from tests.oracle.conditions import truth, value_of
from tests.oracle.matches import rule_truth


def same(one: Verdict, other: Verdict) -> bool:
    """Whether two verdicts are equal; the chance of a review but for rounding."""
    close = isclose(one.inclusion_probability, other.inclusion_probability, abs_tol=1e-9)
    return close and one == replace(other, inclusion_probability=one.inclusion_probability)


def reproduction(policy: Policy, item: Item, expected: Verdict, found: object) -> str:
    """Rules, lists, values and both verdicts, for whoever has to find the reason."""
    lines = ["", "policy:", *_policy(policy), f"item {item.id!r}:"]
    lines += [f"  {name}: {value!a}" for name, value in item.fields.items()]
    lines += ["according to the oracle:"]
    for rule in policy.rules.values():
        lines.append(f"  rule {rule.name} is {rule_truth(rule, item, policy)}")
        lines += [
            f"    {truth(leaf, item, policy)} <- {value_of(leaf.field, item, policy)!a}"
            f" {shown(leaf)}"
            for leaf in _leaves(rule.when, rule.unless)
        ]
    return "\n".join([*lines, "difference (oracle | engine):", *_differing(expected, found)])


def shown(value: object) -> str:
    """A value without the parts that are as they are by default, in ASCII."""
    if is_dataclass(value) and not isinstance(value, type):
        parts = [
            f"{each.name}={shown(part)}"
            for each in fields(value)
            if (part := getattr(value, each.name)) != each.default
            and not isinstance(part, Span)
            and (part or part == 0)
        ]
        return f"{type(value).__name__}({', '.join(parts)})"
    if isinstance(value, tuple):
        return f"({', '.join(shown(part) for part in value)})"
    return ascii(str(value)) if isinstance(value, str) else ascii(value)


def _policy(policy: Policy) -> list[str]:
    exemptions = policy.exemptions.values()
    conditions = [one for rule in policy.rules.values() for one in (rule.when, rule.unless)]
    leaves = _leaves(*conditions, *(exemption.when for exemption in exemptions))
    names = {leaf.field for leaf in leaves}
    tables = [table for name, table in policy.points.items() if f"points.{name}" in names]
    leaves += _leaves(*(line.when for table in tables for line in table.lines))
    leaves += _leaves(*(policy.vocabulary.fields[leaf.field].present_when for leaf in leaves))
    used = [policy.vocabulary.fields[name] for name in sorted({leaf.field for leaf in leaves})]
    listed = {
        name
        for leaf in leaves
        if isinstance(leaf.constant, ListRefs)
        for name in leaf.constant.names
    }
    lists = [policy.lists[name] for name in sorted(listed)]
    parts = [*policy.rules.values(), *exemptions, *tables, *lists, *used]
    return [f"  {shown(part)}" for part in parts]


def _differing(expected: Verdict, found: object) -> list[str]:
    if not isinstance(found, Verdict):
        return [f"  {expected} | {found}"]
    return [
        f"  {each.name}: {getattr(expected, each.name)} | {getattr(found, each.name)}"
        for each in fields(Verdict)
        if getattr(expected, each.name) != getattr(found, each.name)
    ]


def _leaves(*conditions: Condition | None) -> list[Leaf]:
    found: list[Leaf] = []
    for condition in conditions:
        if isinstance(condition, Leaf):
            found.append(condition)
        elif isinstance(condition, Meets):
            found += _leaves(condition.condition)
        elif condition is not None:
            found += _leaves(*condition.parts)
    return found
