"""For which values a leaf is true, in a form that can be compared."""

from collections.abc import Hashable
from dataclasses import dataclass
from math import inf

from engine.rules.leaves import names_of, numbers_of, positive
from engine.rules.model import FieldRef, Leaf, Policy
from engine.rules.targets import Comparison, Target, targets_of
from engine.rules.thresholds import Intervals, complement, interval
from engine.rules.vocabulary import FieldType, Operator
from engine.text.entry import Entry


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers in intervals, or texts of such lengths."""

    intervals: Intervals


@dataclass(frozen=True, slots=True)
class Among:
    """One of these names, or with `inside` false any other; yes and no are names too."""

    inside: bool
    plain: frozenset[Hashable]
    domains: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Members:
    """What a set has to do with these names: a positive operator, perhaps negated."""

    operator: Operator
    negative: bool
    plain: frozenset[str]
    domains: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sought:
    """A word, phrase, pattern or comparison to look for in a text."""

    what: Hashable
    exceptions: frozenset[Entry] = frozenset()


@dataclass(frozen=True, slots=True)
class Texts:
    """One of these is found in a text (`every`: all of them), perhaps negated."""

    every: bool
    negative: bool
    sought: frozenset[Sought]


@dataclass(frozen=True, slots=True)
class Other:
    """What is compared only for being the same: missing values, other fields."""

    what: Hashable


Truth = Numbers | Among | Members | Texts | Other


def truth_of(leaf: Leaf, policy: Policy) -> Truth:  # noqa: PLR0911 - one for each kind of field
    """The values for which a leaf is true, its lists looked up."""
    operator, negative = positive(leaf.operator)
    if operator is Operator.IS_MISSING:
        return Other(("missing", leaf.constant))
    if isinstance(leaf.constant, FieldRef):
        return Other(("field", _SAME.get(operator, operator), negative, leaf.constant.name))
    field = policy.vocabulary.fields[leaf.field]
    if field.type is FieldType.TEXT:
        return _texts(operator, leaf, policy, negative=negative)
    if field.type.numeric:
        intervals = numbers_of(operator, leaf.constant) or ()
        return Numbers(complement(intervals) if negative else intervals)
    if isinstance(leaf.constant, bool):
        return Among(inside=True, plain=frozenset((leaf.constant is not negative,)))
    plain, domains = names_of(leaf, field, policy.lists)
    if field.type.is_set:
        return Members(_SAME.get(operator, operator), negative, plain, domains)
    return Among(not negative, frozenset(plain), domains)


#: Operators that mean the same: of one name, or once lists are looked up.
_SAME = {Operator.IS_ANY: Operator.IS, Operator.INCLUDES_ANY_IN: Operator.INCLUDES_ANY}


def _texts(operator: Operator, leaf: Leaf, policy: Policy, *, negative: bool) -> Truth:
    if isinstance(leaf.constant, float | int):
        length = float(leaf.constant)
        if operator is Operator.LONGER_THAN:
            return Numbers(interval(length, inf, low_open=True))
        return Numbers(interval(-inf, length))
    targets = targets_of(operator, leaf, policy.lists) or ()
    every = operator is Operator.HAS_ALL
    return Texts(every, negative, frozenset(map(_sought, targets)))


def _sought(target: Target) -> Sought:
    match target:
        case Entry():
            return Sought(_spelled(target), frozenset(target.exceptions))
        case Comparison(operator=operator, entry=entry):
            return Sought((operator, _spelled(entry)), frozenset(entry.exceptions))
        case _:
            return Sought(target)


def _spelled(entry: Entry) -> Hashable:
    return (entry.text, entry.spelling, entry.open_left, entry.open_right)


def met(one: Intervals, other: Intervals) -> Intervals:
    """The numbers in both."""
    found = []
    for low, high in one:
        for start, end in other:
            first, last = max(low, start), min(high, end)
            if first < last:
                found.append((first, last))
    return tuple(sorted(found))


def covers(wide: Truth, tight: Truth) -> bool:
    """Whether the first is certainly true for every value for which the second is."""
    if wide == tight:
        return True
    match wide, tight:
        case Numbers(), Numbers():
            return all(
                any(low <= start and end <= high for low, high in wide.intervals)
                for start, end in tight.intervals
            )
        case Among(), Among():
            return _among(wide, tight)
        case Members(), Members():
            return _members(wide, tight)
        case Texts(), Texts():
            return _sought_texts(wide, tight)
        case _:
            return False


def _among(wide: Among, tight: Among) -> bool:
    if wide.inside and tight.inside:
        return tight.plain <= wide.plain and tight.domains <= wide.domains
    if not wide.inside and not tight.inside:
        return wide.plain <= tight.plain and wide.domains <= tight.domains
    if tight.inside and not wide.domains and not tight.domains:
        return tight.plain.isdisjoint(wide.plain)
    return False


def _members(wide: Members, tight: Members) -> bool:
    if (wide.operator, wide.negative) != (tight.operator, tight.negative):
        return False
    more, fewer = wide, tight
    if wide.negative is not (wide.operator is Operator.INCLUDES_ALL):
        more, fewer = tight, wide
    return fewer.plain <= more.plain and fewer.domains <= more.domains


def _sought_texts(wide: Texts, tight: Texts) -> bool:
    if wide.negative is not tight.negative:
        return False
    if wide.every or tight.every:
        if not wide.every or not tight.every or wide.negative:
            return False
        # All that is asked for is among what was found.
        return all(_finds_more(each, tight.sought, wider=True) for each in wide.sought)
    more, fewer = (tight, wide) if wide.negative else (wide, tight)
    return all(_finds_more(each, more.sought, wider=False) for each in fewer.sought)


def _finds_more(one: Sought, others: frozenset[Sought], *, wider: bool) -> bool:
    """Whether one of the others is found wherever this is; `wider`: this wherever the other is."""
    if one in others:
        return True
    alike = (other for other in others if other.what == one.what)
    return any(
        one.exceptions <= other.exceptions if wider else other.exceptions <= one.exceptions
        for other in alike
    )
