"""Which rare thing must be true before a rule can match: its activators.

A rule is looked at only when one of its activators is true. Where the activators say all there is
to say (`exact`), the rule matches without another look. Whatever cannot be told by an activator
becomes the empty clause, which is always true: the rule is then looked at for every item.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from math import inf
from typing import assert_never

from engine.rules.leaves import default_of, literal_of, names_of, positive
from engine.rules.model import (
    AllOf,
    AnyOf,
    AtLeastOf,
    Condition,
    FieldRef,
    Leaf,
    Meets,
    NoneOf,
    Policy,
    Rule,
)
from engine.rules.targets import Target, length_of, targets_of
from engine.rules.thresholds import Among, Clause, Literal
from engine.rules.vocabulary import Field, FieldType, Operator

#: More clauses than this for one condition, and it is looked at by its activators instead.
MOST_CLAUSES = 16


@dataclass(frozen=True, slots=True)
class Probe:
    """Something found in a text."""

    field: str
    target: Target


@dataclass(frozen=True, slots=True)
class Member:
    """A name in a set; with `covers` it stands for its sub-domains too."""

    field: str
    name: str
    covers: bool


Activator = Probe | Member | Clause


@dataclass(frozen=True, slots=True)
class Plan:
    """Activators of a condition, how often one of them is expected to be true, and what is left."""

    activators: tuple[Activator, ...]
    cost: float
    exact: bool
    rest: tuple[tuple[Condition, bool], ...] | None = None
    """Where activators that are true leave only some parts open: those, and what they must be."""
    scope_open: bool = False
    """Whether scope is open too."""


ALWAYS = Plan((frozenset(),), 1.0, exact=False)

_WORD, _PATTERN, _MEMBER = 0.002, 0.01, 0.002


class Planner:
    """Plans the conditions of one policy."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._fields = policy.vocabulary.fields

    def rule(self, rule: Rule) -> Plan:
        """Scope, `when` and not `unless`."""
        parts: list[tuple[Condition, bool]] = [(rule.when, True)]
        if rule.unless is not None:
            parts.append((rule.unless, False))
        return self._together(parts, scope_of(rule))

    def condition(self, condition: Condition) -> Plan:
        """A condition on its own, such as that of an exemption."""
        return self._together([(condition, True)], frozenset())

    def _plan(self, condition: Condition, *, wanted: bool) -> Plan:
        match condition:
            case Leaf():
                return self._leaf(condition, wanted=wanted)
            case Meets(condition=inner):
                return self._plan(inner, wanted=wanted)
            case AtLeastOf(count=count, parts=parts):
                enough = len(parts) - count + 1 if wanted else count
                return self._some_of(parts, enough, wanted=wanted)
            case AllOf() | AnyOf() | NoneOf():
                return self._of_parts(condition, wanted=wanted)
        assert_never(condition)

    def _of_parts(self, condition: AllOf | AnyOf | NoneOf, *, wanted: bool) -> Plan:
        together, inner_wanted = _shape(condition, wanted=wanted)
        if together:
            return self._together([(part, inner_wanted) for part in condition.parts], frozenset())
        return _either(self._plan(part, wanted=inner_wanted) for part in condition.parts)

    def _together(self, parts: Sequence[tuple[Condition, bool]], scope: Clause) -> Plan:
        """The cheapest part, or all single-valued parts as clauses; `scope` holds besides."""
        merged = [scope]
        single: list[tuple[Condition, bool]] = []
        others: list[tuple[Condition, bool]] = []
        for part in parts:
            clauses = self._clauses(part[0], wanted=part[1])
            crossed = None if clauses is None else _cross(merged, clauses)
            if crossed is None:
                others.append(part)
            else:
                merged = crossed
                single.append(part)
        cost = min(1.0, sum(map(self._chance, merged)))
        if not others:
            return Plan(tuple(merged), cost, exact=True)
        plans = [self._plan(part, wanted=wanted) for part, wanted in others]
        best = min(plans, key=lambda plan: plan.cost)
        if len(parts) == 1 and not scope:
            return best
        if cost < best.cost:
            return Plan(tuple(merged), cost, exact=False, rest=tuple(others))
        if best.exact:
            others.pop(plans.index(best))
        rest = (*single, *others)
        return Plan(best.activators, best.cost, exact=False, rest=rest, scope_open=bool(scope))

    def _some_of(self, parts: Sequence[Condition], enough: int, *, wanted: bool) -> Plan:
        """Of `enough` parts at least one must be true: take the rarest."""
        plans = sorted((self._plan(part, wanted=wanted) for part in parts), key=lambda p: p.cost)
        chosen = _either(plans[:enough]) if 0 < enough <= len(plans) else ALWAYS
        return Plan(chosen.activators, chosen.cost, exact=False)

    def _clauses(self, condition: Condition, *, wanted: bool) -> list[Clause] | None:
        """The condition as a few clauses; None where it is something else."""
        match condition:
            case Leaf(field=name):
                literal = literal_of(
                    condition, self._fields[name], self._policy.lists, wanted=wanted
                )
                return None if literal is None else [frozenset((literal,))]
            case Meets(condition=inner):
                return self._clauses(inner, wanted=wanted)
            case AtLeastOf():
                return None
            case AllOf() | AnyOf() | NoneOf():
                return self._clauses_of_parts(condition, wanted=wanted)
        assert_never(condition)

    def _clauses_of_parts(
        self, condition: AllOf | AnyOf | NoneOf, *, wanted: bool
    ) -> list[Clause] | None:
        together, inner_wanted = _shape(condition, wanted=wanted)
        parts = [self._clauses(part, wanted=inner_wanted) for part in condition.parts]
        return _conjunction(parts) if together else _disjunction(parts)

    def _leaf(self, leaf: Leaf, *, wanted: bool) -> Plan:
        field = self._fields[leaf.field]
        literal = literal_of(leaf, field, self._policy.lists, wanted=wanted)
        if literal is not None:
            clause = frozenset((literal,))
            return Plan((clause,), self._chance(clause), exact=True)
        operator, negative = positive(leaf.operator)
        if wanted is negative or isinstance(leaf.constant, FieldRef):
            return ALWAYS
        if leaf.field.startswith("points."):
            return self._points(operator, leaf)
        if field.type is FieldType.TEXT:
            plan = self._text(operator, leaf)
        else:
            plan = self._members(operator, leaf, field) if field.type.is_set else ALWAYS
        if wanted or field.present_when is None:
            return plan
        return _either((plan, Plan((frozenset((_cannot_apply(field),)),), 0.1, exact=True)))

    def _text(self, operator: Operator, leaf: Leaf) -> Plan:
        targets = targets_of(operator, leaf, self._policy.lists)
        if targets is None:
            return ALWAYS
        if operator is Operator.HAS_ALL:
            rarest = max(targets, key=length_of)
            return Plan((Probe(leaf.field, rarest),), _WORD, exact=len(targets) == 1)
        chance = _PATTERN if operator is Operator.MATCHES else _WORD
        found = tuple(Probe(leaf.field, target) for target in targets)
        return Plan(found, min(1.0, chance * len(found)), exact=True)

    def _members(self, operator: Operator, leaf: Leaf, field: Field) -> Plan:
        plain, domains = names_of(leaf, field, self._policy.lists)
        found = (
            *(Member(leaf.field, name, covers=False) for name in sorted(plain)),
            *(Member(leaf.field, name, covers=True) for name in sorted(domains)),
        )
        if operator is Operator.ALL_IN or not found:
            return ALWAYS
        if operator is Operator.INCLUDES_ALL:
            return Plan(found[:1], _MEMBER, exact=len(found) == 1)
        return Plan(found, min(1.0, _MEMBER * len(found)), exact=True)

    def _points(self, operator: Operator, leaf: Leaf) -> Plan:
        """The lines that add points, but for those that cannot reach the goal by themselves."""
        goal = leaf.constant
        if operator not in (Operator.AT_LEAST, Operator.ABOVE) or not isinstance(goal, int | float):
            return ALWAYS
        if goal < 0 or (goal == 0 and operator is Operator.AT_LEAST):
            return ALWAYS
        lines = self._policy.points[leaf.field.removeprefix("points.")].lines
        plans = [(self._plan(line.when, wanted=True), line.points) for line in lines]
        common = sorted((pair for pair in plans if pair[1] > 0), key=lambda pair: -pair[0].cost)
        reach = 0.0
        needed = []
        for plan, worth in common:
            if reach + worth < goal or (reach + worth == goal and operator is Operator.ABOVE):
                reach += worth
            else:
                needed.append(plan)
        given = frozenset((Literal(field=leaf.field, values=((-inf, inf),)),))
        chosen = _either([*needed, Plan((given,), 0.001, exact=False)])
        return Plan(chosen.activators, chosen.cost, exact=False)

    def _chance(self, clause: Clause) -> float:
        chance = 1.0
        for literal in clause:
            chance *= _chance(literal, self._fields.get(literal.field))
        return chance


def scope_of(rule: Rule) -> Clause:
    """Kinds, markets and languages as literals."""
    literals = []
    if rule.kinds:
        literals.append(Literal(field="item.kind", values=Among(frozenset(rule.kinds))))
    if rule.markets:
        literals.append(Literal(field="item.market", values=Among(frozenset(rule.markets))))
    if rule.not_markets:
        elsewhere = Among(frozenset(rule.not_markets), inside=False)
        literals.append(
            Literal(
                field="item.market", values=elsewhere, when_unknown=True, when_not_applicable=True
            )
        )
    if rule.languages:
        literals.append(Literal(field="item.language", values=Among(frozenset(rule.languages))))
    return frozenset(literals)


def _cannot_apply(field: Field) -> Literal:
    """Where a field cannot apply, every leaf on it is false, also a negative one."""
    return Literal(
        field=field.name, values=Among(frozenset(), inside=True), when_not_applicable=True
    )


def _shape(condition: AllOf | AnyOf | NoneOf, *, wanted: bool) -> tuple[bool, bool]:
    """Whether all parts are needed (else one), and what is wanted of a part."""
    inner = wanted if isinstance(condition, AllOf | AnyOf) else not wanted
    return (inner if isinstance(condition, AllOf) else not inner), inner


def _either(plans: Iterable[Plan]) -> Plan:
    activators: dict[Activator, None] = {}
    cost = 0.0
    exact = True
    for plan in plans:
        activators.update(dict.fromkeys(plan.activators))
        cost += plan.cost
        exact = exact and plan.exact
    return Plan(tuple(activators), min(1.0, cost), exact)


def _cross(left: Sequence[Clause], right: Sequence[Clause]) -> list[Clause] | None:
    if len(left) * len(right) > MOST_CLAUSES:
        return None
    return [one | other for one, other in product(left, right)]


def _conjunction(parts: Sequence[list[Clause] | None]) -> list[Clause] | None:
    merged: list[Clause] | None = [frozenset()]
    for part in parts:
        if part is None or merged is None:
            return None
        merged = _cross(merged, part)
    return merged


def _disjunction(parts: Sequence[list[Clause] | None]) -> list[Clause] | None:
    merged: list[Clause] = []
    for part in parts:
        if part is None or len(merged) + len(part) > MOST_CLAUSES:
            return None
        merged.extend(part)
    return merged


def _chance(literal: Literal, field: Field | None) -> float:
    """A guess, good enough to choose by: how often the literal holds."""
    default = None if field is None else default_of(field)
    values = literal.values
    if default is not None:
        usual = (
            (default in values.names) is values.inside
            if isinstance(values, Among)
            else any(low <= default < high for low, high in values)  # type: ignore[operator]  # a number
        )
        return 0.9 if usual else 0.1
    if isinstance(values, Among):
        share = min(0.9, 0.05 * len(values.names))
        return share if values.inside else 1 - share
    if field is not None and field.type in (FieldType.SCORE, FieldType.SHARE):
        return min(1.0, sum(min(high, 1.0) - max(low, 0.0) for low, high in values if high > 0))
    return min(1.0, 0.3 * len(values)) if values else 0.0
