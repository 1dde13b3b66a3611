"""Compares two policies: what differs in meaning, and which rules it bears on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.diffing import shared as sharing
from engine.diffing.attributes import Strictness, rule_attributes
from engine.diffing.difference import (
    Breach,
    Change,
    Difference,
    Fate,
    Kind,
    RuleDifference,
    SharedDifference,
)
from engine.diffing.directions import Direction, together
from engine.diffing.exempting import Exempting
from engine.diffing.forms import Forms
from engine.diffing.pairing import CONDITION, Pairing
from engine.diffing.proofs import direction_of
from engine.diffing.reach import Reach, Thing, by_thing, read_beside
from engine.diffing.renaming import renamed_rules
from engine.diffing.settings import settings_changed
from engine.diffing.vocabularies import vocabulary
from engine.diffing.weights import rank, rule_weight
from engine.rules.model import Policy, Rule

_Words = tuple[list[SharedDifference], list[Breach]]

#: Parts of a field that change how it is read.
_READ = frozenset({"type", "missing", CONDITION})


def compare(old: Policy, new: Policy) -> Difference:
    """What the new policy says that the old one did not, and the other way round."""
    return _Comparison.of(old, new).difference()


@dataclass(slots=True, kw_only=True)
class _Comparison:
    """Two policies, and what was found out of them so far."""

    old: Policy
    new: Policy
    pairing: Pairing
    plain: tuple[Forms, Forms]
    """Conditions with lists by their names: equal keys, equal texts."""
    shared: list[SharedDifference]
    vocabulary: _Words
    reaches: tuple[Reach, Reach]
    things: frozenset[Thing]
    """All that changed and that a rule may come to."""
    exempting: Exempting
    reached: tuple[dict[str, frozenset[Thing]], dict[str, frozenset[Thing]]] = field(
        default_factory=lambda: ({}, {})
    )

    @classmethod
    def of(cls, old: Policy, new: Policy) -> "_Comparison":
        lists = sharing.lists(old.lists, new.lists)
        aliases = {each.name: each.was for each in lists if each.was is not None}
        reaches = Reach(old), Reach(new)
        pairing = _pairing(old, new, aliases)
        words, shared = _around(pairing, old, new, lists)
        things = frozenset(_things(shared, words[0]))
        apart = reaches[0].apart(things), reaches[1].apart(things)
        if any(apart):  # directions were told as if all fields were read the same
            pairing = _pairing(old, new, aliases, apart)
            words, shared = _around(pairing, old, new, lists)
        return cls(
            old=old,
            new=new,
            pairing=pairing,
            plain=(Forms(policy=old), Forms(policy=new, aliases=aliases)),
            shared=shared,
            vocabulary=words,
            reaches=reaches,
            things=things,
            exempting=Exempting(old=old, new=new, pairing=pairing),
        )

    def difference(self) -> Difference:
        """All of it, in order."""
        rules = sorted(
            self._rules(),
            key=lambda each: (rank(each.weight), each.fate, each.name, each.was or ""),
        )
        shared = [*self.shared, *settings_changed(rules)]
        order = list(Kind)
        touching = self._touching()
        words, breaches = self.vocabulary
        placed = [_placed(each, touching) for each in shared]
        return Difference(
            rules=tuple(rules),
            shared=tuple(sorted(placed, key=lambda each: (order.index(each.kind), each.name))),
            vocabulary=tuple(_placed(each, touching) for each in words),
            breaches=tuple(breaches),
            types={
                name: each.type
                for policy in (self.old, self.new)
                for name, each in policy.vocabulary.fields.items()
            },
        )

    def _rules(self) -> Iterator[RuleDifference]:
        gone = [name for name in self.old.rules if name not in self.new.rules]
        come = [name for name in self.new.rules if name not in self.old.rules]
        renamed = renamed_rules(
            {name: self.old.rules[name] for name in gone},
            {name: self.new.rules[name] for name in come},
            self.plain,
        )
        for name in gone:
            if name not in renamed.values():
                yield _alone(Fate.REMOVED, self.old.rules[name])
        for name, rule in self.new.rules.items():
            was = renamed.get(name, name)
            before = self.old.rules.get(was)
            if before is None:
                yield _alone(Fate.ADDED, rule)
            elif (found := self._rule(before, rule)) is not None:
                yield found

    def _rule(self, old: Rule, new: Rule) -> RuleDifference | None:
        """What differs in a rule, by itself or by what it uses."""
        changes = tuple(self._changes(old, new))
        through = tuple(sorted(self._things_of(old, 0) | self._things_of(new, 1)))
        exempt = tuple(self.exempting.of(old.name, new.name, self.things, self.reaches))
        renamed = old.name != new.name
        if not (changes or through or exempt or renamed):
            return None
        whole = self._direction(old, new, changes, bool(through))
        whole = together((whole, *(direction.turned for _, direction in exempt)))
        if renamed and (new.sample is not None or new.rollout is not None):
            whole = Direction.CHANGES  # shares are drawn by the name of the rule
        fate = Fate.RENAMED if renamed else Fate.CHANGED if changes else Fate.TOUCHED
        return RuleDifference(
            fate=fate,
            old=old,
            new=new,
            changes=changes,
            through=(*through, *((Kind.EXEMPTION, name) for name, _ in exempt)),
            direction=whole,
            weight=rule_weight(old, new, changes, whole, through),
        )

    def _changes(self, old: Rule, new: Rule) -> Iterator[Change]:
        before, after = self.plain
        if before.rule(old).key != after.rule(new).key:
            yield from self.pairing.rules(old, new)
        strictness = Strictness(self.old.vocabulary.actions, self.new.vocabulary.actions)
        yield from rule_attributes(old, new, strictness)

    def _things_of(self, rule: Rule, side: int) -> frozenset[Thing]:
        if not self.things:
            return frozenset()
        found = self.reaches[side].of(rule) & self.things
        if found:
            self.reached[side][rule.name] = found
        return found

    def _direction(
        self,
        old: Rule,
        new: Rule,
        changes: tuple[Change, ...],
        through: bool,  # noqa: FBT001 - as told
    ) -> Direction:
        """What becomes of the items for which the rule takes part."""
        parts = [each for each in changes if each.aspect in (CONDITION, "at_least_of")]
        rest = [each.direction for each in changes if each not in parts]
        if not parts and not through:
            return together(rest)
        pairing = self.pairing
        apart = pairing.old_meaning.apart | pairing.new_meaning.apart
        if not apart.isdisjoint(read_beside(old) | read_beside(new)):
            return Direction.CHANGES
        proven = direction_of(pairing.old_meaning.rule(old), pairing.new_meaning.rule(new))
        if proven is Direction.CHANGES and parts and not through:
            # Part by part: what each of them does holds whatever the others are.
            proven = together(each.direction for each in parts)
        return together((proven, *rest))

    def _touching(self) -> dict[Thing, list[str]]:
        names = {name for side in self.reached for name in side}
        both = (
            (name, self.reached[0].get(name, frozenset()) | self.reached[1].get(name, frozenset()))
            for name in sorted(names)
        )
        found = by_thing(both, self.things)
        for policy in (self.old, self.new):
            for exemption in policy.exemptions.values():
                rules = found.setdefault((Kind.EXEMPTION, exemption.name), [])
                rules += (name for name in exemption.covers if name not in rules)
        return found


def _pairing(
    old: Policy,
    new: Policy,
    aliases: Mapping[str, str],
    apart: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset()),
) -> Pairing:
    both = frozenset(old.conditions.keys() & new.conditions.keys())
    return Pairing(
        old=Forms(policy=old, named=both, merging=False),
        new=Forms(policy=new, named=both, merging=False, aliases=aliases),
        old_meaning=Forms(policy=old, looked_up=True, apart=apart[0], side="old"),
        new_meaning=Forms(policy=new, looked_up=True, apart=apart[1], side="new"),
    )


def _around(
    pairing: Pairing, old: Policy, new: Policy, lists: list[SharedDifference]
) -> tuple[_Words, list[SharedDifference]]:
    """What differs in the vocabulary, and in all that rules share."""
    words = vocabulary(pairing, old.vocabulary, new.vocabulary)
    return words, [*lists, *sharing.others(pairing, _by_kind(old), _by_kind(new))]


def _alone(fate: Fate, rule: Rule) -> RuleDifference:
    old, new = (None, rule) if fate is Fate.ADDED else (rule, None)
    direction = Direction.WIDENS if fate is Fate.ADDED else Direction.NARROWS
    return RuleDifference(
        fate=fate,
        old=old,
        new=new,
        direction=direction,
        weight=rule_weight(old, new, (), direction),
    )


def _placed(each: SharedDifference, touching: Mapping[Thing, list[str]]) -> SharedDifference:
    """The difference with the rules it bears on."""
    if each.kind is Kind.SETTING:
        return each
    found = touching.get((each.kind, each.name), [])
    if each.was is not None:
        found = [*found, *touching.get((each.kind, each.was), [])]
    return replace(each, rules=tuple(sorted(set(found))))


def _by_kind(policy: Policy) -> Mapping[Kind, Mapping[str, Any]]:
    return {
        Kind.CONDITION: policy.conditions,
        Kind.COUNTER: policy.counters,
        Kind.POINTS: policy.points,
        Kind.EXEMPTION: policy.exemptions,
        Kind.MESSAGE: policy.messages,
        Kind.FIXTURE: policy.fixtures,
        Kind.STORY: {each.name: each for each in policy.stories},
    }


def _things(shared: list[SharedDifference], words: list[SharedDifference]) -> Iterator[Thing]:
    """What changed in a way that a rule may match other items, or say other words."""
    for each in (*shared, *words):
        if each.fate is Fate.RENAMED:
            continue
        aspects = {change.aspect for change in each.changes}
        match each.kind:
            case Kind.FIELD:
                bears = each.fate is not Fate.CHANGED or not aspects.isdisjoint(_READ)
            case Kind.LIST:
                bears = each.fate is not Fate.CHANGED or bool(aspects & {"entries", "of"})
            case Kind.ACTION:
                bears = bool(aspects & {"strictness", "held_as"})
            case Kind.COUNTER | Kind.POINTS:
                bears = bool(aspects - {"about", "title"}) or each.fate is not Fate.CHANGED
            case _:
                bears = True
        if bears:
            yield each.kind, each.name
