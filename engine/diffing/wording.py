"""Differences in the words of policy: `score.hate at least 0.97 → 0.95 (sure)`."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from engine.diffing.difference import (
    Change,
    Fate,
    Kind,
    RuleDifference,
    SharedDifference,
    Weight,
)
from engine.diffing.directions import Direction
from engine.diffing.values import Values, some
from engine.rules.model import (
    AllOf,
    AnyOf,
    AtLeastOf,
    Condition,
    Leaf,
    ListRefs,
    Meets,
    NoneOf,
    Rule,
    RuleTest,
)
from engine.rules.vocabulary import FieldType
from engine.verdict import Tier

_MINUS: Final = "\N{MINUS SIGN}"
#: Characters of a condition that is shown whole.
_LONGEST: Final = 240
#: What rules are sorted under, and how a summary counts them: for one, for many.
WEIGHTS: Final[Mapping[Weight, tuple[str, str, str]]] = {
    Weight.ACTS: (
        "Can act on more, or more strictly, before anybody looks",
        "can act on more, or more strictly, before anybody looks",
        "can act on more, or more strictly, before anybody looks",
    ),
    Weight.ASKS: (
        "Gives people more or other work",
        "gives people more or other work",
        "give people more or other work",
    ),
    Weight.LESS: (
        "Catches less, or is milder",
        "catches less, or is milder",
        "catch less, or are milder",
    ),
    Weight.QUIET: (
        "Does nothing else to anybody",
        "does nothing else to anybody",
        "do nothing else to anybody",
    ),
}
_DIRECTIONS: Final = {
    Direction.NONE: "",
    Direction.WIDENS: "widens",
    Direction.NARROWS: "narrows",
    Direction.EITHER: "widens and narrows",
    Direction.CHANGES: "matches other items",
}
_SCOPES: Final = ("for", "markets", "languages")
_LABELS: Final = {
    "not_markets": "left to variants",
    "at_least_of": "how many have to hold",
    "if_missing": "if values are missing",
    "entries": "words",
    "sla": "time to decide",
}


class Wording:
    """Puts differences into words."""

    def __init__(self, types: Mapping[str, FieldType], most: int) -> None:
        """Prepare.

        Args:
            types: What fields hold.
            most: Words of a list that are shown; of more it is told how many there are.
        """
        self._values = Values(types)
        self._most = most

    def rule(self, difference: RuleDifference) -> Iterator[str]:
        """A rule that differs: a line for each thing, all of them begin with its name."""
        name = difference.name
        if difference.old is None or difference.new is None:
            yield f"{name}: {difference.fate} ({self._brief(difference.rule)})"
            return
        if difference.fate is Fate.RENAMED:
            yield f"{name}: seems to be `{difference.was}`, renamed"
        for change in difference.changes:
            yield f"{name}: {self.change(change)}"
        if difference.through:
            used = ", ".join(f"{kind} `{thing}`" for kind, thing in difference.through)
            direction = _direction(difference.direction)
            yield f"{name}: through {used}{direction}"

    def shared(self, difference: SharedDifference) -> Iterator[str]:
        """A list or another shared thing: a line for each change, then the rules it bears on."""
        name = f"{difference.kind} `{difference.name}`"
        if difference.fate is Fate.RENAMED:
            yield f"{name}: seems to be `{difference.was}`, renamed"
        elif difference.fate is not Fate.CHANGED:
            yield f"{name}: {difference.fate}"
        for change in difference.changes:
            yield f"{name}: {self.change(change)}"
        if difference.rules:
            verb = "changes with" if difference.kind is Kind.SETTING else "bears on"
            yield f"{name}: {verb} {some(difference.rules, self._most)}"

    def change(self, change: Change) -> str:
        """One change, and what it does to the items that match."""
        place = f"{', '.join(change.under)}: " if change.under else ""
        return f"{place}{self._said(change)}{_strict(change)}{_direction(change.direction)}"

    def _said(self, change: Change) -> str:
        if change.aspect == "condition":
            return self._condition(change)
        label = _LABELS.get(change.aspect, change.aspect.replace("_", " "))
        if change.aspect in _SCOPES and not (change.old and change.new):
            old, new = (self._all(each) for each in (change.old, change.new))
            return f"{label} {old} → {new}"
        if change.aspect == "tests":
            return f"{label} {_counted(change)}"
        if change.added or change.removed:
            return f"{label} {self._members(change)}"
        old, new = (self._values.said(change.aspect, each) for each in (change.old, change.new))
        return f"{label} {old} → {new}"

    def _all(self, names: object) -> str:
        return (
            some(tuple(map(str, names)), self._most)
            if isinstance(names, tuple) and names
            else "all"
        )

    def _condition(self, change: Change) -> str:
        old, new = change.old, change.new
        if not isinstance(old, Leaf) or not isinstance(new, Leaf):
            if old is None or new is None:
                verb, side = ("adds", new) if old is None else ("drops", old)
                return f"{verb} {self.condition(side)}"
            return f"{self.condition(old)} → {self.condition(new)}"
        if old.operator is not new.operator or old.field != new.field:
            return f"{self.condition(old)} → {self.condition(new)}"
        verb = f"{new.field} {_verb(new)}"
        if (change.added or change.removed) and not (_single(old) and _single(new)):
            return f"{verb} {self._members(change)}{_settings(new)}"
        before, after = (self._values.constant(each) for each in (old, new))
        return f"{verb} {before} → {after}{_settings(new)}"

    def _members(self, change: Change) -> str:
        parts = []
        for sign, members in (("+", change.added), (_MINUS, change.removed)):
            if members:
                words = tuple(map(self._values.member, members))
                parts.append(f"{sign}{len(words):,} ({some(words, self._most)})")
        return " ".join(parts)

    def side(self, change: Change, value: object) -> str | list[str] | None:
        """What one of the two policies has, as a program reads it."""
        if value is None:
            return None
        if change.aspect == "condition":
            return self.condition(value)
        if isinstance(value, tuple):
            return [self.member(each) for each in value]
        return self._values.said(change.aspect, value)

    def member(self, value: object) -> str:
        """One of several words, names or examples."""
        if isinstance(value, RuleTest):
            return value.name or f"line {value.span.line}"
        return self._values.member(value)

    def condition(self, condition: object) -> str:
        """A condition as it would be read out."""
        said = self._read(condition)
        return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"

    def _read(self, condition: object) -> str:  # noqa: PLR0911 - one for each form
        match condition:
            case Leaf():
                return f"{condition.field} {_verb(condition)} {self._many(condition)}".rstrip()
            case Meets(name=name):
                return f"meets `{name}`"
            case AllOf(parts=parts):
                return " and ".join(map(self._inside, parts))
            case AnyOf(parts=parts):
                return f"any of {self._list(parts)}"
            case NoneOf(parts=parts):
                return f"none of {self._list(parts)}"
            case AtLeastOf(count=count, parts=parts):
                return f"at least {count} of {self._list(parts)}"
            case _:
                return "nothing"

    def _inside(self, part: Condition) -> str:
        return f"({self._read(part)})" if isinstance(part, AllOf) else self._read(part)

    def _list(self, parts: Sequence[Condition]) -> str:
        return f"({'; '.join(map(self._read, parts))})"

    def _many(self, leaf: Leaf) -> str:
        return f"{self._values.constant(leaf, self._most)}{_settings(leaf)}"

    def _brief(self, rule: Rule) -> str:
        """What a rule does, in a few words."""
        then = rule.then
        if then.tier is Tier.AUTO:
            asked = f"auto, {then.action}"
        else:
            held = "" if then.while_waiting == "publish" else f", meanwhile {then.while_waiting}"
            asked = f"{then.tier}{held}"
        unless = "" if rule.unless is None else f", unless {self._read(rule.unless)}"
        whole = f"{rule.status}, {asked}, {then.reason}: {self._read(rule.when)}{unless}"
        return whole if len(whole) <= _LONGEST else f"{whole[:_LONGEST]}…"


def summary(counts: Mapping[Weight, int]) -> str:
    """How many rules differ, the gravest first."""
    total = sum(counts.values())
    if not total:
        return "no rule differs"
    parts = []
    for weight, (_, one, many) in WEIGHTS.items():
        number = counts[weight]
        if number:
            parts.append(f"{number:,} {one if number == 1 else many}")
    differ = "1 rule differs" if total == 1 else f"{total:,} rules differ"
    return f"{differ}: {'; '.join(parts)}"


def _direction(direction: Direction) -> str:
    said = _DIRECTIONS[direction]
    return f" · {said}" if said else ""


def _strict(change: Change) -> str:
    if change.stricter is None:
        return ""
    return " · stricter" if change.stricter else " · milder"


def _counted(change: Change) -> str:
    signs = (("+", change.added), (_MINUS, change.removed))
    return " ".join(f"{sign}{len(members):,}" for sign, members in signs if members)


def _single(leaf: Leaf) -> bool:
    constant = leaf.constant
    members = constant.names if isinstance(constant, ListRefs) else constant
    return not isinstance(members, tuple) or len(members) == 1


def _verb(leaf: Leaf) -> str:
    return leaf.operator.value.replace("_", " ")


def _settings(leaf: Leaf) -> str:
    return f" ({', '.join(leaf.settings)})" if leaf.settings else ""
