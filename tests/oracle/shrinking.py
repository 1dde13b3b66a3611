"""Making a disagreement small: everything is taken away that it does not need."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from typing import TypeVar, cast

from engine.item import Item, Value
from engine.rules.model import Condition, Constant, Leaf, Meets, Policy, PolicyList, Rule

T = TypeVar("T")

Differs = Callable[[Policy, Item], bool]

_TRIES = 600


def smallest(policy: Policy, item: Item, differs: Differs) -> tuple[Policy, Item]:
    """The policy and item with everything taken away that the difference does not need."""
    tries = 0
    shrinking = True
    while shrinking and tries < _TRIES:
        shrinking = False
        for smaller_policy, smaller_item in _smaller(policy, item):
            tries += 1
            if tries >= _TRIES:
                break
            if differs(smaller_policy, smaller_item):
                policy, item = smaller_policy, smaller_item
                shrinking = True
                break
    return policy, item


def _smaller(policy: Policy, item: Item) -> Iterator[tuple[Policy, Item]]:
    for rules in _without_one(policy.rules):
        yield replace(policy, rules=rules), item
    for exemptions in _without_one(policy.exemptions):
        yield replace(policy, exemptions=exemptions), item
    for name, rule in policy.rules.items():
        for simpler in _simpler_rules(rule):
            yield replace(policy, rules={**policy.rules, name: simpler}), item
    for lists in _smaller_lists(policy):
        yield replace(policy, lists=lists), item
    for values in _smaller_values(item):
        yield policy, Item(item.id, values)


def _smaller_lists(policy: Policy) -> Iterator[Mapping[str, PolicyList]]:
    for name, words in policy.lists.items():
        for place in range(len(words.entries)):
            rest = words.entries[:place] + words.entries[place + 1 :]
            yield {**policy.lists, name: replace(words, entries=rest)}


def _smaller_values(item: Item) -> Iterator[Mapping[str, Value]]:
    yield from _without_one(item.fields)
    for name, value in item.fields.items():
        if isinstance(value, str):
            for shorter in _shorter(value):
                yield {**item.fields, name: shorter}


def _without_one(values: Mapping[str, T]) -> Iterator[dict[str, T]]:
    for name in values:
        yield {key: value for key, value in values.items() if key != name}


def _shorter(text: str) -> Iterator[str]:
    size = len(text) // 2
    while size:
        for start in range(0, len(text), size):
            yield text[:start] + text[start + size :]
        size //= 2


def _simpler_rules(rule: Rule) -> Iterator[Rule]:
    plainer = Rule(
        name=rule.name,
        owner=rule.owner,
        policy=rule.policy,
        status=rule.status,
        when=rule.when,
        then=rule.then,
        span=rule.span,
    )
    for each in fields(Rule):
        plain = getattr(plainer, each.name)
        if getattr(rule, each.name) != plain:
            yield replace(rule, **{each.name: plain})
    for when in _simpler_conditions(rule.when):
        yield replace(rule, when=when)
    if rule.unless is not None:
        for unless in _simpler_conditions(rule.unless):
            yield replace(rule, unless=unless)


def _simpler_conditions(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, Meets):
        yield condition.condition
    elif isinstance(condition, Leaf):
        constant = condition.constant
        if isinstance(constant, tuple) and len(constant) > 1:
            for one in constant:
                yield replace(condition, constant=cast("Constant", (one,)))
    else:
        yield from condition.parts
        for place, part in enumerate(condition.parts):
            before, after = condition.parts[:place], condition.parts[place + 1 :]
            if before or after:
                yield replace(condition, parts=before + after)
            for simpler in _simpler_conditions(part):
                yield replace(condition, parts=(*before, simpler, *after))
