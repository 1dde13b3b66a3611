"""Why a verdict is what it is: what every leaf of every rule saw, and what nearly matched."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from engine.item import Item, Value
from engine.rules.conditions import NOT_APPLICABLE, Checks, Reader
from engine.rules.context import Context
from engine.rules.leaves import leaves_of, positive
from engine.rules.memory import Check, Outcome
from engine.rules.model import (
    AllOf,
    AnyOf,
    AtLeastOf,
    Condition,
    Leaf,
    Meets,
    NoneOf,
    Policy,
    Rule,
    TextPattern,
)
from engine.rules.probes import Probes
from engine.rules.targets import Comparison, Target, matcher_of
from engine.rules.vocabulary import FieldType
from engine.rules.wording import leaf_wording
from engine.text.entry import Entry

#: Spans shown for one leaf.
MOST_SPANS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A piece of text that a leaf found: where, as written, and which entry or pattern it is."""

    start: int
    end: int
    text: str
    entry: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One leaf that speaks for a match, and what it saw."""

    leaf: str
    """The leaf in words, such as `score.hate 0.981 ≥ 0.97 (sure)`."""
    field: str
    value: Value | None
    """None for texts: their spans say enough."""
    spans: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafReport:
    """A leaf, and what came of it."""

    leaf: str
    outcome: Outcome
    spans: tuple[Found, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleReport:
    """A rule, and what came of it for one item."""

    rule: str
    in_scope: bool
    outcome: Outcome
    leaves: tuple[LeafReport, ...]
    near_miss: bool
    """Not matched, and a single leaf stood in the way."""
    missing: tuple[str, ...]
    """Leaves on the way to a match that are not true."""


@dataclass(frozen=True, slots=True)
class _Sight:
    """A leaf with all that is needed to say what it saw."""

    leaf: Leaf
    read: Reader
    worded: Callable[[object], str]
    look: Callable[[Context], list[Target]] | None
    """Of texts: what of the leaf's targets may be there."""

    def value(self, context: Context) -> object:
        """What the leaf saw."""
        value = self.read(context)
        return None if value is NOT_APPLICABLE else value

    def told(self, context: Context) -> str:
        """The leaf in words, with what it saw."""
        return self.worded(self.value(context))


@dataclass(frozen=True, slots=True)
class _Tree:
    """A condition with its checks at hand."""

    check: Check
    sight: _Sight | None
    """Of a leaf."""
    parts: tuple["_Tree", ...]
    negates: bool


class Witness:
    """Looks at items leaf by leaf for one policy."""

    def __init__(self, policy: Policy, checks: Checks, probes: Probes) -> None:
        self._policy = policy
        self._checks = checks
        self._probes = probes
        self._trees: dict[str, _Tree] = {}
        self._sights: dict[int, _Sight] = {}

    def evidence(self, rule: Rule, context: Context) -> tuple[Evidence, ...]:
        """The leaves that made a rule match, each with what it saw."""
        tree = self._trees.get(rule.name)
        if tree is None:
            tree = self._trees[rule.name] = self._tree(rule.when)
        found: list[tuple[_Sight, bool]] = []
        _gather_grounds(tree, context, found, wanted=True)
        return tuple(self._evidence(sight, context, wanted=wanted) for sight, wanted in found)

    def _evidence(self, sight: _Sight, context: Context, *, wanted: bool) -> Evidence:
        value = sight.value(context)
        return Evidence(
            leaf=sight.worded(value),
            field=sight.leaf.field,
            value=value if sight.look is None else None,  # type: ignore[arg-type]  # a value of the field
            spans=self._spans(sight, value, context) if wanted else (),
        )

    def report(self, rule: Rule, item: Item, *, in_scope: bool) -> RuleReport:
        """Everything about one rule and one item."""
        context = Context(item.fields)
        outcome = self._checks.rule(rule)(context) if in_scope else False
        leaves = tuple(
            LeafReport(
                leaf=sight.told(context),
                outcome=self._checks.leaf(sight.leaf)(context),
                spans=self._spans(sight, sight.value(context), context),
            )
            for sight in map(self._sight, _distinct(rule))
        )
        lacking = [] if outcome else self._lacking(rule, context)
        return RuleReport(
            rule=rule.name,
            in_scope=in_scope,
            outcome=outcome,
            leaves=leaves,
            near_miss=in_scope and outcome is False and len(lacking) == 1 and len(leaves) > 1,
            missing=tuple(self._sight(leaf).told(context) for leaf in lacking),
        )

    def _tree(self, condition: Condition) -> _Tree:
        check = self._checks.condition(condition)
        match condition:
            case Leaf():
                return _Tree(check, self._sight(condition), (), negates=False)
            case Meets(condition=inner):
                return self._tree(inner)
            case AllOf() | AnyOf() | NoneOf() | AtLeastOf():
                parts = tuple(map(self._tree, condition.parts))
                return _Tree(check, None, parts, negates=isinstance(condition, NoneOf))

    def _lacking(self, rule: Rule, context: Context) -> list[Leaf]:
        lacking = self._least(rule.when, context, wanted=True)
        if rule.unless is not None:
            lacking += self._least(rule.unless, context, wanted=False)
        return lacking

    def _least(self, condition: Condition, context: Context, *, wanted: bool) -> list[Leaf]:
        """The fewest leaves that would have to change."""
        if self._checks.condition(condition)(context) is wanted:
            return []
        match condition:
            case Leaf():
                return [condition]
            case Meets(condition=inner):
                return self._least(inner, context, wanted=wanted)
            case AtLeastOf(count=count, parts=parts):
                needed = count if wanted else len(parts) - count + 1
            case NoneOf(parts=parts):
                needed = len(parts) if wanted else 1
                wanted = not wanted
            case AllOf(parts=parts):
                needed = len(parts) if wanted else 1
            case AnyOf(parts=parts):
                needed = 1 if wanted else len(parts)
            case _:
                assert_never(condition)
        costs = sorted((self._least(part, context, wanted=wanted) for part in parts), key=len)
        return [leaf for cost in costs[:needed] for leaf in cost]

    def _sight(self, leaf: Leaf) -> _Sight:
        known = self._sights.get(id(leaf))
        if known is None:
            read, look = self._checks.reader(leaf.field), None
            if self._policy.vocabulary.fields[leaf.field].type is FieldType.TEXT:
                look = self._probes.worth_a_look(positive(leaf.operator)[0], leaf)
            known = self._sights[id(leaf)] = _Sight(leaf, read, leaf_wording(leaf), look)
        return known

    def _spans(self, sight: _Sight, text: object, context: Context) -> tuple[Found, ...]:
        if sight.look is None or not isinstance(text, str):
            return ()
        folded = context.folded(sight.leaf.field, text)
        found: list[Found] = []
        for target in sight.look(context):
            for start, end in matcher_of(target).spans(folded):
                found.append(Found(start=start, end=end, text=text[start:end], entry=_name(target)))
                if len(found) >= MOST_SPANS:
                    return tuple(found)
        return tuple(sorted(found, key=lambda piece: (piece.start, piece.end)))


def _gather_grounds(
    tree: _Tree, context: Context, found: list[tuple[_Sight, bool]], *, wanted: bool
) -> None:
    """Add the leaves that give a condition the outcome it has, with what is wanted of each."""
    if tree.check(context) is not wanted:
        return
    if tree.sight is not None:
        found.append((tree.sight, wanted))
    for part in tree.parts:
        _gather_grounds(part, context, found, wanted=wanted is not tree.negates)


def _name(target: Target) -> str:
    match target:
        case Entry(text=text, open_left=left, open_right=right):
            return f"{'*' if left else ''}{text}{'*' if right else ''}"
        case TextPattern(source=source):
            return source
        case Comparison(entry=entry):
            return entry.text


def _distinct(rule: Rule) -> list[Leaf]:
    parts = [rule.when] if rule.unless is None else [rule.when, rule.unless]
    return list(dict.fromkeys(leaf for part in parts for leaf in leaves_of(part)))
