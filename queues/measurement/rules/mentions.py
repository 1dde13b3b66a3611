"""Which lists were found in what matched, as far as traces tell."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from engine.rules.leaves import positive
from engine.rules.model import Condition, Leaf, ListRefs, Meets, NoneOf, Policy, Rule, Status
from engine.rules.wording import leaf_wording

_EVALUATED: Final = (Status.LIVE, Status.SHADOW)
#: A rule and a field.
_Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Mention:
    """How a leaf about lists is put in a trace, but for the value it saw."""

    ending: str
    lists: tuple[str, ...]


@dataclass(slots=True)
class Mentions:
    """Notes which lists are named by what matched.

    A leaf that looks in several lists names all of them, whichever it was.
    """

    found: set[str] = field(default_factory=set)
    told: set[str] = field(default_factory=set)
    """Lists of which traces tell: a rule that is evaluated looks for them."""
    _places: dict[_Place, list[_Mention]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, policy: Policy) -> "Mentions":
        """Nothing was looked at yet."""
        made = cls()
        for rule in policy.rules.values():
            if rule.status in _EVALUATED:
                for leaf, names in _looked_for(rule):
                    ending = leaf_wording(leaf)("").removeprefix(leaf.field)
                    made._places[rule.name, leaf.field].append(_Mention(ending, names))
                    made.told.update(names)
        return made

    def note(self, rules: Sequence[Mapping[str, Any]]) -> None:
        """Look at the rules of one trace."""
        for rule in rules:
            for evidence in rule.get("evidence", ()):
                for mention in self._places.get((rule["name"], evidence["field"]), ()):
                    if evidence["leaf"].endswith(mention.ending):
                        self.found.update(mention.lists)

    @property
    def silent(self) -> tuple[str, ...]:
        """Lists that nothing was found in."""
        return tuple(sorted(self.told - self.found))

    def untold(self, policy: Policy) -> tuple[str, ...]:
        """Lists that stand only where no trace tells: in exceptions, counters and points."""
        return tuple(sorted(policy.lists.keys() - self.told))


def _looked_for(rule: Rule) -> Iterator[tuple[Leaf, tuple[str, ...]]]:
    for leaf in _wanted(rule.when):
        if isinstance(leaf.constant, ListRefs) and not positive(leaf.operator)[1]:
            yield leaf, leaf.constant.names


def _wanted(condition: Condition) -> Iterator[Leaf]:
    """Leaves that have to be true, or help: not those of what must not be."""
    match condition:
        case Leaf():
            yield condition
        case Meets(condition=inner):
            yield from _wanted(inner)
        case NoneOf():
            return
        case _:
            for part in condition.parts:
                yield from _wanted(part)
