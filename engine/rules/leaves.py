"""Leaves taken apart: the positive operator behind a negative one, and literals for clauses."""

from collections.abc import Iterator, Mapping
from math import inf

from engine.item import Value
from engine.rules.model import Condition, FieldRef, Leaf, ListRefs, Meets, Policy, PolicyList, Rule
from engine.rules.thresholds import EVERYTHING, Among, Intervals, Literal, complement, interval
from engine.rules.vocabulary import Field, FieldType, Operator

_POSITIVE = {
    Operator.IS_NOT: Operator.IS,
    Operator.IS_NONE: Operator.IS_ANY,
    Operator.IS_NONE_IN: Operator.IS_ANY_IN,
    Operator.INCLUDES_NONE: Operator.INCLUDES_ANY,
    Operator.NONE_IN: Operator.INCLUDES_ANY_IN,
    Operator.HAS_NONE: Operator.HAS_ANY,
    Operator.HAS_NONE_IN: Operator.HAS_ANY_IN,
}

#: Kinds of content where an item names none.
DEFAULT_KIND = "post"


def positive(operator: Operator) -> tuple[Operator, bool]:
    """The operator without its negation, and whether there was one."""
    base = _POSITIVE.get(operator)
    return (operator, False) if base is None else (base, True)


def leaves_of(condition: Condition) -> Iterator[Leaf]:
    """All leaves of a condition, those of named conditions too."""
    match condition:
        case Leaf():
            yield condition
        case Meets(condition=inner):
            yield from leaves_of(inner)
        case _:
            for part in condition.parts:
                yield from leaves_of(part)


def needed_fields(rule: Rule, policy: Policy) -> frozenset[str]:
    """The fields a rule looks at that have no default: without them it may not be able to tell."""
    conditions = [rule.when] if rule.unless is None else [rule.when, rule.unless]
    names: set[str] = set()
    while conditions:
        for leaf in leaves_of(conditions.pop()):
            other = (leaf.constant.name,) if isinstance(leaf.constant, FieldRef) else ()
            for name in (leaf.field, *other):
                if name in names:
                    continue
                names.add(name)
                if name.startswith("points."):
                    lines = policy.points[name.removeprefix("points.")].lines
                    conditions += [line.when for line in lines]
    fields = policy.vocabulary.fields
    return frozenset(
        name
        for name in names
        if not name.startswith("points.") and default_of(fields[name]) is None
    )


def default_of(field: Field) -> Value | None:
    """The value of an item that brings none."""
    if field.missing is None and field.name == "item.kind":
        return DEFAULT_KIND
    return field.missing


def names_of(
    leaf: Leaf, field: Field, lists: Mapping[str, PolicyList]
) -> tuple[frozenset[str], frozenset[str]]:
    """The names of a leaf on a set, choice or id: those that stand for themselves, and domains."""
    constant = leaf.constant
    if isinstance(constant, ListRefs):
        found = [lists[name] for name in constant.names]
        plain = frozenset[str]().union(*(each.names for each in found if each.of != "domains"))
        domains = frozenset[str]().union(*(each.names for each in found if each.of == "domains"))
    else:
        parts = constant if isinstance(constant, tuple) else ()
        plain = frozenset(name for name in parts if isinstance(name, str))
        domains = frozenset()
    if field.type is FieldType.DOMAINS:
        return frozenset(), plain | domains
    return plain, domains


def literal_of(
    leaf: Leaf, field: Field, lists: Mapping[str, PolicyList], *, wanted: bool
) -> Literal | None:
    """The leaf, or with `wanted` false its being false, as a literal; None if it is none."""
    if leaf.operator is Operator.IS_MISSING and not leaf.field.startswith("points."):
        return _presence(leaf, field, wanted=wanted)
    if isinstance(leaf.constant, FieldRef) or leaf.field.startswith("points."):
        return None
    operator, negative = positive(leaf.operator)
    holds = wanted is not negative
    values: Intervals | Among | None
    if field.type.numeric:
        values = numbers_of(operator, leaf.constant)
        values = values if holds or values is None else complement(values)
    else:
        names = _names(operator, leaf, field, lists)
        values = None if names is None else Among(names, inside=holds)
    if values is None:
        return None
    return Literal(field=field.name, values=values, when_not_applicable=not wanted)


def numbers_of(operator: Operator, constant: object) -> Intervals | None:
    """The numbers for which a positive numeric operator is true."""
    if isinstance(constant, int | float):
        return _from_point(operator, float(constant))
    if not isinstance(constant, tuple):
        return None
    points = [float(part) for part in constant if isinstance(part, int | float)]
    if operator is Operator.BETWEEN:
        return interval(points[0], points[1], high_closed=True)
    return tuple(interval(point, point, high_closed=True)[0] for point in sorted(set(points)))


def _from_point(operator: Operator, point: float) -> Intervals | None:
    match operator:
        case Operator.ABOVE:
            return interval(point, inf, low_open=True)
        case Operator.AT_LEAST:
            return interval(point, inf)
        case Operator.BELOW:
            return interval(-inf, point)
        case Operator.AT_MOST:
            return interval(-inf, point, high_closed=True)
        case Operator.IS | Operator.IS_ANY:
            return interval(point, point, high_closed=True)
        case _:
            return None


def _names(
    operator: Operator, leaf: Leaf, field: Field, lists: Mapping[str, PolicyList]
) -> frozenset[Value] | None:
    if field.type not in (FieldType.CHOICE, FieldType.TEXT_ID, FieldType.YES_NO):
        return None
    if isinstance(leaf.constant, bool):
        return frozenset((leaf.constant,))
    if operator not in (Operator.IS, Operator.IS_ANY, Operator.IS_ANY_IN):
        return None
    plain, domains = names_of(leaf, field, lists)
    return None if domains else frozenset(plain)


def _presence(leaf: Leaf, field: Field, *, wanted: bool) -> Literal:
    missing = leaf.constant is wanted
    values: Intervals | Among = (
        (() if missing else EVERYTHING)
        if field.type.numeric
        else Among(frozenset(), inside=missing)
    )
    return Literal(
        field=field.name, values=values, when_unknown=missing, when_not_applicable=not wanted
    )
