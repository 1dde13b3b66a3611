"""What exemptions that changed mean for the rules they cover."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.diffing.attributes import dates
from engine.diffing.difference import Kind
from engine.diffing.directions import Direction, together
from engine.diffing.pairing import Pairing
from engine.diffing.proofs import direction_of
from engine.diffing.reach import Reach, Thing
from engine.rules.model import Exemption, Policy


@dataclass(slots=True, kw_only=True)
class Exempting:
    """Exemptions of two policies, by the rules they cover."""

    old: Policy
    new: Policy
    pairing: Pairing
    _covering: tuple[dict[str, list[str]], dict[str, list[str]]] | None = None
    _known: dict[str, Direction | None] = field(default_factory=dict)

    def of(
        self, was: str, now: str, things: frozenset[Thing], reaches: tuple[Reach, Reach]
    ) -> Iterator[tuple[str, Direction]]:
        """Exemptions that exempt other items of a rule than before, and which way."""
        if self._covering is None:
            self._covering = _covered(self.old), _covered(self.new)
        before, after = self._covering[0].get(was, ()), self._covering[1].get(now, ())
        for name in sorted({*before, *after}):
            if name not in after:
                yield name, Direction.NARROWS
            elif name not in before:
                yield name, Direction.WIDENS
            elif (found := self._both(name, things, reaches)) is not None:
                yield name, found

    def _both(
        self, name: str, things: frozenset[Thing], reaches: tuple[Reach, Reach]
    ) -> Direction | None:
        """What became of an exemption; None: it exempts what it did."""
        if name not in self._known:
            old, new = self.old.exemptions[name], self.new.exemptions[name]
            differs = (Kind.EXEMPTION, name) in things or any(
                not things.isdisjoint(reach.of_conditions((each.when,)))
                for reach, each in zip(reaches, (old, new), strict=True)
            )
            found = self._direction(old, new) if differs else Direction.NONE
            self._known[name] = None if found is Direction.NONE else found
        return self._known[name]

    def _direction(self, old: Exemption, new: Exemption) -> Direction:
        forms = self.pairing.old_meaning, self.pairing.new_meaning
        condition = direction_of(forms[0].node(old.when), forms[1].node(new.when))
        return together((condition, *(each.direction for each in dates(old, new))))


def _covered(policy: Policy) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for exemption in policy.exemptions.values():
        for rule in exemption.covers:
            found.setdefault(rule, []).append(exemption.name)
    return found
