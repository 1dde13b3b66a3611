"""Conditions multiplied out: a list of terms, of which one has to hold, each a region per field."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from engine.rules.lints.regions import Literal, Region, literal
from engine.rules.model import (
    AllOf,
    AnyOf,
    AtLeastOf,
    Condition,
    Leaf,
    Meets,
    NoneOf,
    Policy,
)
from engine.rules.vocabulary import Field, FieldType

#: More terms than this are not looked at: no finding is better than a slow or a wrong one.
MOST_TERMS = 64


@dataclass(frozen=True, slots=True)
class Term:
    """A conjunction: every region has to fit."""

    regions: Mapping[str, Region]
    exact: bool = True
    """False: some region is wider than its leaf, so that the term may hold less often."""


@dataclass(slots=True)
class Terms:
    """A condition multiplied out."""

    terms: list[Term] = field(default_factory=list)
    conflicts: list[Region] = field(default_factory=list)
    """Regions in which nothing is left: why some combinations were dropped."""
    complete: bool = True
    """False: there were too many terms, and nothing may be concluded."""

    @property
    def never(self) -> bool:
        """Whether the condition can never hold."""
        return self.complete and not self.terms


@dataclass(frozen=True, slots=True)
class Grammar:
    """What is known of the fields that leaves name."""

    fields: Mapping[str, Field]
    whole_numbers: frozenset[str]
    """Fields that hold whole numbers only."""
    known: dict[tuple[str, bool], tuple[list[Term] | None, list[Region]]] = field(
        default_factory=dict
    )
    """Named conditions, or their negations, already multiplied out, and their conflicts."""

    def literal(self, leaf: Leaf, *, negated: bool) -> Literal:
        """What a leaf or its negation asks for."""
        name = leaf.field
        whole = name in self.whole_numbers
        return literal(leaf, self.fields[name], negated=negated, whole_numbers=whole)


def grammar_of(policy: Policy) -> Grammar:
    """What the policy declares about its fields."""
    fields = policy.vocabulary.fields
    counts = {name for name, each in fields.items() if each.type is FieldType.COUNT}
    tables = {
        f"points.{name}"
        for name, table in policy.points.items()
        if all(float(line.points).is_integer() for line in table.lines)
    }
    return Grammar(fields, frozenset(counts | tables))


def multiply_out(
    condition: Condition, grammar: Grammar, *, unless: Condition | None = None
) -> Terms:
    """The terms of `condition` AND NOT `unless`."""
    found = Terms()
    terms = _expand(condition, grammar, found, negated=False)
    if terms and unless is not None:
        terms = _product([terms, _expand(unless, grammar, found, negated=True)], found)
    found.terms = terms or []
    found.complete = terms is not None
    return found


def negation(condition: Condition, grammar: Grammar) -> Terms:
    """The terms under which a condition is false."""
    found = Terms()
    terms = _expand(condition, grammar, found, negated=True)
    found.terms = terms or []
    found.complete = terms is not None
    return found


def leaves_of(condition: Condition, *, named: bool = True) -> Iterator[Leaf]:
    """All leaves, from left to right, also those of named conditions unless `named` is off."""
    if isinstance(condition, Leaf):
        yield condition
    elif isinstance(condition, Meets):
        if named:
            yield from leaves_of(condition.condition)
    else:
        for part in condition.parts:
            yield from leaves_of(part, named=named)


def _expand(
    condition: Condition, grammar: Grammar, found: Terms, *, negated: bool
) -> list[Term] | None:
    match condition:
        case Leaf():
            return _leaf(grammar.literal(condition, negated=negated), found)
        case Meets():
            return _named(condition, grammar, found, negated=negated)
        case AtLeastOf():
            return _at_least(condition, grammar, found, negated=negated)
        case AllOf() | AnyOf() | NoneOf():
            flip = negated is not isinstance(condition, NoneOf)
            parts = (_expand(part, grammar, found, negated=flip) for part in condition.parts)
            # by De Morgan: the negation of `any`, and `none` itself, ask that every part be false
            every = isinstance(condition, AnyOf) is negated
            return _product(list(parts), found) if every else _sum(parts)


def _named(condition: Meets, grammar: Grammar, found: Terms, *, negated: bool) -> list[Term] | None:
    """What many rules use is multiplied out once."""
    key = (condition.name, negated)
    if key not in grammar.known:
        own = Terms()
        terms = _expand(condition.condition, grammar, own, negated=negated)
        grammar.known[key] = (terms, own.conflicts)
    terms, conflicts = grammar.known[key]
    found.conflicts.extend(conflicts)
    return terms


def _leaf(found_literal: Literal, found: Terms) -> list[Term]:
    region = found_literal.region
    if region.empty:
        found.conflicts.append(region)
        return []
    return [Term({found_literal.key: region}, found_literal.exact)]


def _at_least(
    condition: AtLeastOf, grammar: Grammar, found: Terms, *, negated: bool
) -> list[Term] | None:
    parts = condition.parts
    # fewer than N true: more than (all - N) of them are false
    count = len(parts) - condition.count + 1 if negated else condition.count
    expanded = [_expand(part, grammar, found, negated=negated) for part in parts]
    sums: list[list[Term] | None] = []
    for chosen in combinations(expanded, max(count, 0)):
        sums.append(_product(list(chosen), found))
        if len(sums) > MOST_TERMS:
            return None
    return _sum(sums)


def _sum(parts: Iterable[list[Term] | None]) -> list[Term] | None:
    result: list[Term] = []
    for part in parts:
        if part is None or len(result) + len(part) > MOST_TERMS:
            return None
        result.extend(part)
    return result


def _product(parts: Sequence[list[Term] | None], found: Terms) -> list[Term] | None:
    if any(part is not None and not part for part in parts):
        return []
    result = [Term({})]
    for part in parts:
        if part is None:
            return None
        if len(result) * len(part) > MOST_TERMS * 4:
            return None
        result = [each for one in result for other in part if (each := _meet(one, other, found))]
    return result if len(result) <= MOST_TERMS else None


def _meet(one: Term, other: Term, found: Terms) -> Term | None:
    if not one.regions:
        return other
    regions = dict(one.regions)
    for key, region in other.regions.items():
        before = regions.get(key)
        if before is not None:
            both = before.meet(region)
            if both.empty:
                found.conflicts.append(both)
                return None
            regions[key] = both
        else:
            regions[key] = region
    return Term(regions, one.exact and other.exact)
