"""What stands in the policy and nothing uses."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from engine.diagnostics import Diagnostic, Span
from engine.rules.lints.survey import Survey, warning
from engine.rules.model import (
    Condition,
    FieldRef,
    Leaf,
    ListRefs,
    Meets,
    Policy,
    Status,
)


class _Placed(Protocol):
    @property
    def span(self) -> Span: ...


def unused(survey: Survey) -> Iterator[Diagnostic]:
    """`unused`: a list, condition, counter, table of points, message or reason nobody names."""
    policy = survey.policy
    if not policy.rules:
        # only a part of the policy is being looked at
        return
    used = _used(policy)
    for kind, found in (
        ("list", policy.lists),
        ("condition", policy.conditions),
        ("counter", policy.counters),
        ("points", policy.points),
        ("message", policy.messages),
        ("reason", policy.vocabulary.reasons),
    ):
        yield from _without_use(kind, found, used)


def exempts_nothing(survey: Survey) -> Iterator[Diagnostic]:
    """`exempts-nothing`: an exemption that covers no rule that acts."""
    rules = survey.policy.rules
    for name, exemption in survey.policy.exemptions.items():
        active = [
            each
            for each in exemption.covers
            if each in rules and rules[each].status in (Status.LIVE, Status.SHADOW)
        ]
        if not active:
            yield warning(
                "exempts-nothing",
                f"exemption `{name}` covers no rule that acts",
                exemption.span,
                hint="see `covers`; protected, draft and retired rules do not count",
            )


def _without_use(
    kind: str, found: Mapping[str, _Placed], used: set[tuple[str, str]]
) -> Iterator[Diagnostic]:
    for name, each in found.items():
        if (kind, name) not in used:
            yield warning("unused", f"nothing uses {kind} `{name}`", each.span)


def _used(policy: Policy) -> set[tuple[str, str]]:
    used: set[tuple[str, str]] = set()
    for condition in _conditions(policy):
        _collect(condition, used)
    for rule in policy.rules.values():
        used.add(("reason", rule.then.reason))
        if rule.then.message is not None:
            used.add(("message", rule.then.message))
    answers = [each.name for each in policy.messages.values() if each.outcome is not None]
    used.update(("message", name) for name in answers)
    for queue in policy.vocabulary.queues.values():
        if queue.gold is not None:
            used.add(("list", queue.gold.source))
    for counter in policy.counters.values():
        _field(counter.per, used)
        _field(counter.distinct or "", used)
    return used


def _conditions(policy: Policy) -> Iterator[Condition]:
    for rule in policy.rules.values():
        yield rule.when
        if rule.unless is not None:
            yield rule.unless
    yield from policy.conditions.values()
    yield from (exemption.when for exemption in policy.exemptions.values())
    yield from (counter.where for counter in policy.counters.values() if counter.where is not None)
    yield from (line.when for table in policy.points.values() for line in table.lines)
    for field in policy.vocabulary.fields.values():
        if field.present_when is not None:
            yield field.present_when


def _collect(condition: Condition, used: set[tuple[str, str]]) -> None:
    todo: list[Condition] = [condition]
    while todo:
        each = todo.pop()
        if isinstance(each, Leaf):
            _field(each.field, used)
            _constant(each, used)
        elif isinstance(each, Meets):
            # what stands in it is its own to use: the named condition is looked at once
            used.add(("condition", each.name))
        else:
            todo.extend(each.parts)


def _constant(leaf: Leaf, used: set[tuple[str, str]]) -> None:
    if isinstance(leaf.constant, ListRefs):
        used.update(_lists(leaf.constant.names))
    elif isinstance(leaf.constant, FieldRef):
        _field(leaf.constant.name, used)


def _lists(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    return (("list", name) for name in names)


def _field(name: str, used: set[tuple[str, str]]) -> None:
    kind, dot, rest = name.partition(".")
    if dot and kind in ("counter", "points"):
        used.add((kind, rest))
