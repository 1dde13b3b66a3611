"""What a rule comes to: lists, named conditions, counters, points and fields, however far away."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from engine.diffing.difference import Kind
from engine.rules.model import Condition, FieldRef, Leaf, ListRefs, Meets, Policy, Rule

Thing = tuple[Kind, str]

_POINTS: Final = "points."
_COUNTER: Final = "counter."
_SCOPES: Final = (
    ("kinds", "item.kind"),
    ("markets", "item.market"),
    ("not_markets", "item.market"),
    ("languages", "item.language"),
)


@dataclass(slots=True)
class Reach:
    """Answers for one policy; what was asked once is known."""

    policy: Policy
    _named: dict[str, frozenset[Thing]] = field(default_factory=dict)
    _fields: dict[str, frozenset[Thing]] = field(default_factory=dict)

    def of(self, rule: Rule) -> frozenset[Thing]:
        """What a rule's condition, scope, actions and message come to."""
        conditions = (rule.when,) if rule.unless is None else (rule.when, rule.unless)
        found = set(self.of_conditions(conditions))
        for name in read_beside(rule):
            found |= self._of_field(name)
        if rule.then.message is not None:
            found.add((Kind.MESSAGE, rule.then.message))
        found.update((Kind.ACTION, name) for name in (rule.then.action, rule.then.while_waiting))
        return frozenset(found)

    def of_conditions(self, conditions: Iterable[Condition]) -> frozenset[Thing]:
        """What some conditions come to."""
        found: set[Thing] = set()
        for condition in conditions:
            for part in _ends(condition):
                found |= self._of_named(part) if isinstance(part, Meets) else self._of_leaf(part)
        return frozenset(found)

    def _of_named(self, meets: Meets) -> frozenset[Thing]:
        known = self._named.get(meets.name)
        if known is None:
            inside = self.of_conditions((meets.condition,))
            known = self._named[meets.name] = inside | {(Kind.CONDITION, meets.name)}
        return known

    def _of_leaf(self, leaf: Leaf) -> set[Thing]:
        found = set(self._of_field(leaf.field))
        if isinstance(leaf.constant, FieldRef):
            found |= self._of_field(leaf.constant.name)
        if isinstance(leaf.constant, ListRefs):
            found.update((Kind.LIST, name) for name in leaf.constant.names)
        return found

    def _of_field(self, name: str) -> frozenset[Thing]:
        known = self._fields.get(name)
        if known is None:
            # A circle is refused when it is read; here it must only end.
            self._fields[name] = frozenset({(Kind.FIELD, name)})
            known = self._fields[name] = self._behind(name)
        return known

    def _behind(self, name: str) -> frozenset[Thing]:
        found: set[Thing] = {(Kind.FIELD, name)}
        declared = self.policy.vocabulary.fields.get(name)
        if declared is not None and declared.present_when is not None:
            found |= self.of_conditions((declared.present_when,))
        if name.startswith(_POINTS):
            table = self.policy.points.get(name.removeprefix(_POINTS))
            found.add((Kind.POINTS, name.removeprefix(_POINTS)))
            found |= self.of_conditions(line.when for line in (table.lines if table else ()))
        elif name.startswith(_COUNTER):
            found |= self._counted(name.removeprefix(_COUNTER))
        return frozenset(found)

    def _counted(self, name: str) -> set[Thing]:
        found: set[Thing] = {(Kind.COUNTER, name)}
        counter = self.policy.counters.get(name)
        if counter is not None:
            found |= self.of_conditions(() if counter.where is None else (counter.where,))
            for other in (counter.per, counter.distinct):
                found |= self._of_field(other) if other is not None else frozenset()
        return found

    def apart(self, things: frozenset[Thing]) -> frozenset[str]:
        """The fields whose values are other ones where these things are."""
        fields: set[str] = set(self.policy.vocabulary.fields)
        return frozenset(
            name
            for name in fields
            if not things.isdisjoint(self._of_field(name) - {(Kind.FIELD, name)})
            or (Kind.FIELD, name) in things
        )


def read_beside(rule: Rule) -> frozenset[str]:
    """The fields that a rule's scope and shares read."""
    found = {name for key, name in _SCOPES if getattr(rule, key)}
    if any(each is not None and each.of == "authors" for each in (rule.sample, rule.rollout)):
        found.add("author.id")
    return frozenset(found)


def _ends(condition: Condition) -> Iterator[Leaf | Meets]:
    """The leaves and named conditions of a condition."""
    waiting: list[Condition] = [condition]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Leaf | Meets):
            yield part
        else:
            waiting.extend(part.parts)


def by_thing(
    reached: Iterable[tuple[str, frozenset[Thing]]], things: frozenset[Hashable]
) -> dict[Thing, list[str]]:
    """Of these things: the rules that come to them."""
    found: dict[Thing, list[str]] = {}
    for name, its in reached:
        for thing in its:
            if thing in things:
                found.setdefault(thing, []).append(name)
    return found
