"""Conditions in a form in which equal keys mean equal conditions, however they were written."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from engine.diffing.truths import Numbers, met, truth_of
from engine.rules.leaves import positive
from engine.rules.model import (
    AllOf,
    AnyOf,
    AtLeastOf,
    Condition,
    Leaf,
    ListRefs,
    Meets,
    NoneOf,
    Policy,
    Rule,
)


class Form(StrEnum):
    """What a node is."""

    LEAF = "leaf"
    #: Every part holds.
    ALL = "all"
    #: One part holds.
    ANY = "any"
    #: No part holds.
    NONE = "none"
    #: A number of parts hold.
    SOME = "some"
    #: A named condition, not looked into.
    NAMED = "named"


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A condition; two of equal keys are true, false and unknown for the same items."""

    form: Form
    key: Hashable
    condition: Condition
    """As it was written, for words."""
    parts: tuple["Node", ...] = ()
    count: int = 0


@dataclass(slots=True, kw_only=True)
class Forms:
    """Makes nodes of the conditions of one policy."""

    policy: Policy
    looked_up: bool = False
    """Whether lists stand for what is in them, rather than for their names."""
    apart: frozenset[str] = frozenset()
    """Fields that are read differently by the other policy, and so are equal to none of it."""
    side: str = ""
    """Tells such fields of the two policies apart."""
    named: frozenset[str] = frozenset()
    """Named conditions that are not looked into."""
    aliases: Mapping[str, str] = field(default_factory=dict)
    """Lists that are called something else here: their names in the other policy."""
    merging: bool = True
    """Whether thresholds of one field that have to hold together become one."""
    _known: dict[str, Node] = field(default_factory=dict)
    _leaves: dict[Hashable, Hashable] = field(default_factory=dict)

    def rule(self, rule: Rule) -> Node:
        """When a rule matches, its scope aside."""
        if rule.unless is None:
            return self.node(rule.when)
        none = self._none(rule.unless, (self.node(rule.unless),))
        return self._group(Form.ALL, rule.when, (self.node(rule.when), none))

    def node(self, condition: Condition) -> Node:
        """The node of a condition."""
        match condition:
            case Leaf():
                return Node(Form.LEAF, self._leaf(condition), condition)
            case Meets(name=name):
                return self._meets(condition, name)
            case AllOf(parts=parts):
                return self._group(Form.ALL, condition, map(self.node, parts))
            case AnyOf(parts=parts):
                return self._group(Form.ANY, condition, map(self.node, parts))
            case NoneOf(parts=parts):
                return self._none(condition, map(self.node, parts))
            case AtLeastOf(count=count, parts=parts):
                nodes = tuple(map(self.node, parts))
                counted = frozenset(Counter(each.key for each in nodes).items())
                return Node(Form.SOME, (Form.SOME, count, counted), condition, nodes, count)

    def truths(self, leaf: Leaf) -> Hashable:
        """What a leaf asks of its field, with lists looked up."""
        constant = leaf.constant
        if not isinstance(constant, ListRefs):
            return truth_of(leaf, self.policy)
        kind = self.policy.vocabulary.fields[leaf.field].type
        key = (kind, leaf.operator, constant.names, constant.exceptions)
        found = self._leaves.get(key)
        if found is None:
            found = self._leaves[key] = truth_of(leaf, self.policy)
        return found

    def _meets(self, condition: Meets, name: str) -> Node:
        found = self._known.get(name)
        if found is None:
            if name in self.named:
                found = Node(Form.NAMED, (Form.NAMED, name), condition)
            else:
                found = self.node(condition.condition)
            self._known[name] = found
        return found

    def _leaf(self, leaf: Leaf) -> Hashable:
        constant = leaf.constant
        truth: Hashable
        if isinstance(constant, ListRefs) and not self.looked_up:
            operator, negative = positive(leaf.operator)
            names = frozenset(self.aliases.get(name, name) for name in constant.names)
            truth = (operator, negative, names, frozenset(constant.exceptions))
        else:
            truth = self.truths(leaf)
        others = self.apart and self.apart.intersection(_fields(leaf))
        return (leaf.field, truth, self.side) if others else (leaf.field, truth)

    def _group(self, form: Form, condition: Condition, nodes: Iterable[Node]) -> Node:
        """A group with groups of its own kind, and repetitions, taken into it."""
        flat: dict[Hashable, Node] = {}
        for node in nodes:
            for part in node.parts if node.form is form else (node,):
                flat.setdefault(part.key, part)
        parts = tuple(flat.values())
        if form is Form.ALL and self.merging and len(parts) > 1:
            parts = _merged(parts)
        if len(parts) == 1:
            return parts[0]
        return Node(form, (form, frozenset(each.key for each in parts)), condition, parts)

    def _none(self, condition: Condition, nodes: Iterable[Node]) -> Node:
        inner = self._group(Form.ANY, condition, nodes)
        parts = inner.parts if inner.form is Form.ANY else (inner,)
        return Node(Form.NONE, (Form.NONE, inner.key), condition, parts)


def _fields(leaf: Leaf) -> tuple[str, ...]:
    other = getattr(leaf.constant, "name", None)
    return (leaf.field,) if other is None else (leaf.field, other)


def _merged(parts: tuple[Node, ...]) -> tuple[Node, ...]:
    """The parts, numbers that are asked of one field met: unknown together, false together."""
    found: dict[Hashable, Node] = {}
    for part in parts:
        key = part.key
        if part.form is not Form.LEAF or not isinstance(key, tuple):
            found[key] = part
            continue
        field_name, truth, *side = key
        if not isinstance(truth, Numbers):
            found[key] = part
            continue
        place = ("numbers", field_name)
        before = found.get(place)
        if before is not None and isinstance(before.key, tuple):
            truth = Numbers(met(before.key[1].intervals, truth.intervals))
        found[place] = Node(Form.LEAF, (field_name, truth, *side), part.condition)
    return tuple(found.values())
