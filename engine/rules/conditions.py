"""Conditions as three-valued checks (Kleene): true, false, or None where it cannot be told."""

from collections.abc import Callable, Mapping, Sequence
from typing import assert_never

from engine.item import Value
from engine.rules.context import Context
from engine.rules.leaves import default_of, names_of, numbers_of, positive
from engine.rules.memory import Check, Outcome, inputs_of, remembering
from engine.rules.model import (
    AllOf,
    AnyOf,
    AtLeastOf,
    Condition,
    FieldRef,
    Leaf,
    ListRefs,
    Meets,
    NoneOf,
    Points,
    Policy,
    Rule,
)
from engine.rules.probes import Probes
from engine.rules.vocabulary import Field, FieldType, Operator

#: A value, None where it is unknown, or NOT_APPLICABLE.
Reader = Callable[[Context], object]
#: Decides a positive operator on a value that is there.
Test = Callable[[Context, Value], bool]

NOT_APPLICABLE = object()


class Checks:
    """Makes checks for the conditions of one policy; equal leaves share one check."""

    def __init__(self, policy: Policy, probes: Probes) -> None:
        self._policy = policy
        self._probes = probes
        self._leaves: dict[tuple[str, Operator, object], Check] = {}
        self._readers: dict[str, Reader] = {}
        self._applies: dict[str, Check] = {}
        self._names: dict[tuple[object, ...], tuple[frozenset[str], frozenset[str]]] = {}

    def rule(self, rule: Rule) -> Check:
        """`when` and not `unless`, scope left aside."""
        when = self.condition(rule.when)
        if rule.unless is None:
            return when
        return all_of((when, none_of((self.condition(rule.unless),))))

    def condition(self, condition: Condition) -> Check:
        """The check of a condition tree."""
        match condition:
            case Leaf():
                return self.leaf(condition)
            case AllOf(parts=parts):
                return all_of([self.condition(part) for part in parts])
            case AnyOf(parts=parts):
                return any_of([self.condition(part) for part in parts])
            case NoneOf(parts=parts):
                return none_of([self.condition(part) for part in parts])
            case AtLeastOf(count=count, parts=parts):
                return at_least_of(count, [self.condition(part) for part in parts])
            case Meets(condition=inner):
                return self.condition(inner)
        assert_never(condition)

    def wanted(self, condition: Condition, *, wanted: bool) -> Check:
        """True where a condition is what is wanted of it."""
        check = self.condition(condition)
        return check if wanted else none_of((check,))

    def leaf(self, leaf: Leaf) -> Check:
        """The check of one leaf."""
        key = (leaf.field, leaf.operator, leaf.constant)
        check = self._leaves.get(key)
        if check is None:
            check = self._leaves[key] = self._leaf(leaf)
        return check

    def reader(self, name: str) -> Reader:
        """How to read a field of an item: default, points, `present_when` included."""
        reader = self._readers.get(name)
        if reader is None:
            reader = self._readers[name] = self._reader(name)
        return reader

    def _reader(self, name: str) -> Reader:
        if name.startswith("points."):
            return self._points_reader(name, self._policy.points[name.removeprefix("points.")])
        field = self._policy.vocabulary.fields[name]
        default = default_of(field)
        if default is not None or field.present_when is None:
            return lambda context: context.fields.get(name, default)
        applies = self.applies(name)

        def read(context: Context) -> object:
            value = context.fields.get(name)
            if value is None and applies(context) is False:
                return NOT_APPLICABLE
            return value

        return read

    def applies(self, name: str) -> Check:
        """Whether the field can apply to an item at all: the check of its `present_when`."""
        found = self._applies.get(name)
        if found is None:
            condition = self._policy.vocabulary.fields[name].present_when
            assert condition is not None
            inputs = inputs_of((condition,), self._policy)
            found = self._applies[name] = remembering(self.condition(condition), inputs)
        return found

    def _points_reader(self, name: str, points: Points) -> Reader:
        lines = [(line.points, self.condition(line.when)) for line in points.lines]

        def read(context: Context) -> object:
            given = context.fields.get(name)
            if given is not None:
                return given
            return sum(worth for worth, check in lines if check(context))

        return read

    def _leaf(self, leaf: Leaf) -> Check:
        read = self.reader(leaf.field)
        if leaf.operator is Operator.IS_MISSING:
            return _presence(read, wanted=bool(leaf.constant))
        operator, negative = positive(leaf.operator)
        if isinstance(leaf.constant, FieldRef):
            return _comparison(operator, read, self.reader(leaf.constant.name), negative=negative)
        field = self._policy.vocabulary.fields[leaf.field]
        numbers = numbers_of(operator, leaf.constant) if field.type.numeric else None
        if numbers is not None and len(numbers) == 1 and _simply_read(field):
            return _in_band(field, numbers[0], negative=negative)
        test = self._test(operator, leaf, field)

        def check(context: Context) -> Outcome:
            value = read(context)
            if value is None:
                return None
            if value is NOT_APPLICABLE:
                return False
            return test(context, value) is not negative  # type: ignore[arg-type]  # a value now

        return check

    def _test(self, operator: Operator, leaf: Leaf, field: Field) -> Test:
        if field.type is FieldType.TEXT:
            return self._probes.test(operator, leaf)
        if field.type.numeric:
            intervals = numbers_of(operator, leaf.constant)
            assert intervals is not None
            return _within(intervals)
        if isinstance(leaf.constant, bool):
            return lambda _, value: value is leaf.constant
        names, domains = self._names_of(leaf, field)
        if field.type.is_set:
            return set_test(operator, names, domains)
        return lambda _, value: covered(value, names, domains)  # type: ignore[arg-type]  # a name

    def _names_of(self, leaf: Leaf, field: Field) -> tuple[frozenset[str], frozenset[str]]:
        if not isinstance(leaf.constant, ListRefs):
            return names_of(leaf, field, self._policy.lists)
        key = (field.type is FieldType.DOMAINS, *leaf.constant.names)
        found = self._names.get(key)
        if found is None:
            found = self._names[key] = names_of(leaf, field, self._policy.lists)
        return found


def all_of(checks: Sequence[Check]) -> Check:
    """False if one is, else unknown if one is, else true."""
    if len(checks) == 1:
        return checks[0]

    def check(context: Context) -> Outcome:
        unknown = False
        for part in checks:
            outcome = part(context)
            if outcome is False:
                return False
            if outcome is None:
                unknown = True
        return None if unknown else True

    return check


def any_of(checks: Sequence[Check]) -> Check:
    """True if one is, else unknown if one is, else false."""
    if len(checks) == 1:
        return checks[0]

    def check(context: Context) -> Outcome:
        unknown = False
        for part in checks:
            outcome = part(context)
            if outcome:
                return True
            if outcome is None:
                unknown = True
        return None if unknown else False

    return check


def none_of(checks: Sequence[Check]) -> Check:
    """The opposite of any_of; unknown stays unknown."""
    some = any_of(checks)

    def check(context: Context) -> Outcome:
        outcome = some(context)
        return None if outcome is None else not outcome

    return check


def at_least_of(count: int, checks: Sequence[Check]) -> Check:
    """True if `count` are true, false if that can no longer be reached, else unknown."""

    def check(context: Context) -> Outcome:
        true = possible = 0
        for part in checks:
            outcome = part(context)
            if outcome is not False:
                possible += 1
                true += outcome is True
        if true >= count:
            return True
        return None if possible >= count else False

    return check


def set_test(operator: Operator, names: frozenset[str], domains: frozenset[str]) -> Test:
    """The test of a positive set operator."""

    def includes_any(_: Context, value: Value) -> bool:
        return any(covered(member, names, domains) for member in value)  # type: ignore[union-attr]  # a set

    def all_in(_: Context, value: Value) -> bool:
        return all(covered(member, names, domains) for member in value)  # type: ignore[union-attr]  # a set

    def includes_all(_: Context, value: Value) -> bool:
        reached = {parent for member in value for parent in domain_and_parents(member)}  # type: ignore[union-attr]  # a set
        return names <= value and domains <= reached  # type: ignore[operator]  # a set

    if operator is Operator.ALL_IN:
        return all_in
    return includes_all if operator is Operator.INCLUDES_ALL else includes_any


def covered(name: str, names: frozenset[str], domains: frozenset[str]) -> bool:
    """Whether a name is among the names, or lies in one of the domains."""
    return name in names or (
        bool(domains) and any(parent in domains for parent in domain_and_parents(name))
    )


def domain_and_parents(domain: str) -> list[str]:
    """`a.b.example` → itself, `b.example`, `example`."""
    labels = domain.split(".")
    return [".".join(labels[place:]) for place in range(len(labels))]


def _within(intervals: Sequence[tuple[float, float]]) -> Test:
    if len(intervals) == 1:
        low, high = intervals[0]
        return lambda _, value: low <= value < high  # type: ignore[operator]  # a number
    return lambda _, value: any(low <= value < high for low, high in intervals)  # type: ignore[operator]  # a number


def _simply_read(field: Field) -> bool:
    """Whether the value of a field is the one that arrived, or its default."""
    computed = field.name.startswith("points.")
    return not computed and (default_of(field) is not None or field.present_when is None)


def _in_band(field: Field, band: tuple[float, float], *, negative: bool) -> Check:
    """The check of the commonest leaf in a single step: a number between two others."""
    name, default = field.name, default_of(field)
    low, high = band

    def check(context: Context) -> Outcome:
        value = context.fields.get(name, default)
        if value is None:
            return None
        return (low <= value < high) is not negative  # type: ignore[operator]  # a number

    return check


def _presence(read: Reader, *, wanted: bool) -> Check:
    def check(context: Context) -> Outcome:
        value = read(context)
        if value is NOT_APPLICABLE:
            return False
        return (value is None) is wanted

    return check


_COMPARE: Mapping[Operator, Callable[[float, float], bool]] = {
    Operator.ABOVE: lambda left, right: left > right,
    Operator.AT_LEAST: lambda left, right: left >= right,
    Operator.BELOW: lambda left, right: left < right,
    Operator.AT_MOST: lambda left, right: left <= right,
    Operator.IS: lambda left, right: left == right,
    Operator.IS_ANY: lambda left, right: left == right,
}


def _comparison(operator: Operator, left: Reader, right: Reader, *, negative: bool) -> Check:
    compare = _COMPARE[operator]

    def check(context: Context) -> Outcome:
        one = left(context)
        if one is None or one is NOT_APPLICABLE:
            return None if one is None else False
        other = right(context)
        if other is None or other is NOT_APPLICABLE:
            return None if other is None else False
        return compare(one, other) is not negative  # type: ignore[arg-type]  # values now

    return check
