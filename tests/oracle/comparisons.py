"""What each operator means once a value is there."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, cast

from engine.item import Value
from engine.rules.model import Constant, Leaf, ListRefs, Policy, TextPattern
from engine.rules.vocabulary import FieldType, Operator
from tests.oracle import patterns
from tests.oracle.text import Spans, find, find_any, find_at_end, find_at_start, find_exactly

if TYPE_CHECKING:
    from engine.text.entry import Entry

#: Each negative operator and the one it is NOT of.
POSITIVE = {
    Operator.IS_NOT: Operator.IS,
    Operator.IS_NONE: Operator.IS_ANY,
    Operator.IS_NONE_IN: Operator.IS_ANY_IN,
    Operator.INCLUDES_NONE: Operator.INCLUDES_ANY,
    Operator.NONE_IN: Operator.INCLUDES_ANY_IN,
    Operator.HAS_NONE: Operator.HAS_ANY,
    Operator.HAS_NONE_IN: Operator.HAS_ANY_IN,
}

_WHOLE_TEXT = {
    Operator.STARTS_WITH: find_at_start,
    Operator.ENDS_WITH: find_at_end,
    Operator.EXACTLY: find_exactly,
}


def holds(
    operator: Operator, value: Value, constant: Constant | Value, leaf: Leaf, policy: Policy
) -> bool:
    """Whether a positive operator holds between a value and a constant (or another value)."""
    if isinstance(value, frozenset):
        domains = policy.vocabulary.fields[leaf.field].type is FieldType.DOMAINS
        return _set(operator, value, constant, policy, domains=domains)
    if policy.vocabulary.fields[leaf.field].type is FieldType.TEXT:
        return _text(operator, cast("str", value), leaf, policy)
    if isinstance(value, str):
        return _name(operator, value, constant, policy)
    return _number(operator, value, constant)


def text_spans(leaf: Leaf, text: str, policy: Policy) -> Spans:
    """What a positive operator on a text finds: spans of the original text."""
    constant = leaf.constant
    if isinstance(constant, ListRefs):
        entries = [entry for name in constant.names for entry in policy.lists[name].entries]
        return find_any(entries, text, constant.exceptions)
    assert isinstance(constant, tuple)
    if leaf.operator is Operator.MATCHES:
        found = [patterns.spans(cast("TextPattern", pattern), text) for pattern in constant]
        return frozenset(span for spans in found for span in spans)
    search = _WHOLE_TEXT.get(leaf.operator, find)
    return frozenset(span for entry in constant for span in search(cast("Entry", entry), text))


def _text(operator: Operator, text: str, leaf: Leaf, policy: Policy) -> bool:
    constant = leaf.constant
    if operator is Operator.LONGER_THAN:
        return len(text) > cast("float", constant)
    if operator is Operator.SHORTER_THAN:
        return len(text) < cast("float", constant)
    if operator is Operator.HAS_ALL:
        return all(find(entry, text) for entry in cast("tuple[Entry, ...]", constant))
    return bool(text_spans(leaf, text, policy))


def _number(operator: Operator, value: float, constant: Constant | Value) -> bool:
    if operator in (Operator.BETWEEN, Operator.IS_ANY):
        numbers = cast("tuple[float, ...]", constant)
        if operator is Operator.IS_ANY:
            return value in numbers
        return numbers[0] <= value <= numbers[1]
    if isinstance(constant, tuple):
        return value in constant
    other = cast("float", constant)
    return {
        Operator.ABOVE: value > other,
        Operator.AT_LEAST: value >= other,
        Operator.BELOW: value < other,
        Operator.AT_MOST: value <= other,
        Operator.IS: value == other,
    }[operator]


def _name(operator: Operator, value: str, constant: Constant | Value, policy: Policy) -> bool:
    if operator is Operator.IS_ANY_IN:
        return _listed(value, cast("ListRefs", constant), policy)
    if isinstance(constant, str):
        return value == constant
    return value in cast("tuple[str, ...]", constant)


def _set(
    operator: Operator,
    members: frozenset[str],
    constant: Constant | Value,
    policy: Policy,
    *,
    domains: bool,
) -> bool:
    if isinstance(constant, ListRefs):
        listed = [_listed(member, constant, policy) for member in members]
        return all(listed) if operator is Operator.ALL_IN else any(listed)
    names = cast("Sequence[str]", constant)
    included = [
        any(_is_under(member, name) if domains else member == name for member in members)
        for name in names
    ]
    return all(included) if operator is Operator.INCLUDES_ALL else any(included)


def _listed(name: str, lists: ListRefs, policy: Policy) -> bool:
    return any(
        _in_list(name, policy.lists[each].names, policy.lists[each].of == "domains")
        for each in lists.names
    )


def _in_list(name: str, entries: Collection[str], domains: bool) -> bool:  # noqa: FBT001
    return any(_is_under(name, entry) if domains else name == entry for entry in entries)


def _is_under(name: str, domain: str) -> bool:
    """Whether a name is a domain, or one of its sub-domains."""
    return name == domain or name.endswith(f".{domain}")
