"""Compares what is said of a rule or list beside its condition: keys with plain values."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import inf
from typing import Final

from engine.diffing.difference import Change
from engine.diffing.directions import Direction, told
from engine.rules.model import ExpectedVerdict, Portion, Rule, RuleTest, Status
from engine.rules.vocabulary import Action

_STANDING: Final = {Status.DRAFT: 0, Status.RETIRED: 0, Status.SHADOW: 1, Status.LIVE: 2}
#: Keys of a rule whose values are compared as they are.
_PLAIN: Final = (
    *("title", "about", "owner", "policy", "severity", "protected"),
    *("if_missing", "stage", "compare_with", "variant_of", "because"),
)
#: Keys of a rule that hold names, whose order means nothing.
_NAMES: Final = ("outranks", "links")
_THEN_PLAIN: Final = ("reason", "queue", "priority", "sla", "message", "strikes", "not_by")
_THEN_NAMES: Final = ("notify", "labels")
#: Name in the model, key in files.
_SCOPES: Final = (("kinds", "for"), ("markets", "markets"), ("languages", "languages"))


@dataclass(frozen=True, slots=True)
class Strictness:
    """How strict actions are, by each of two policies."""

    old: Mapping[str, Action]
    new: Mapping[str, Action]

    def stricter(self, before: str, after: str) -> bool | None:
        """Whether more is done than before; None: nobody can tell."""
        one, other = self.old.get(before), self.new.get(after)
        if one is None or other is None or one.strictness == other.strictness:
            return None
        return other.strictness > one.strictness


def rule_attributes(old: Rule, new: Rule, strictness: Strictness) -> Iterator[Change]:
    """Everything but the condition, in the order in which people ask."""
    yield from _acting(old, new, strictness)
    yield from _standing(old, new)
    yield from _scope(old, new)
    yield from plain(old.then, new.then, _THEN_PLAIN)
    for key in _THEN_NAMES:
        yield from members(key, getattr(old.then, key), getattr(new.then, key))
    yield from plain(old, new, _PLAIN)
    for key in _NAMES:
        yield from members(key, getattr(old, key), getattr(new, key))
    yield from tests(old.tests, new.tests)


def plain(old: object, new: object, keys: Iterable[str]) -> Iterator[Change]:
    """Values that are compared as they are, by name."""
    for key in keys:
        before, after = getattr(old, key), getattr(new, key)
        if before != after:
            yield Change(aspect=key, old=before, new=after)


def members(
    aspect: str,
    old: Iterable[object],
    new: Iterable[object],
    direction: Callable[[frozenset[object], frozenset[object]], Direction] | None = None,
    *,
    shown: Callable[[object], str] = str,
) -> Iterator[Change]:
    """Sets: what came and went."""
    before, after = frozenset(old), frozenset(new)
    if before != after:
        yield Change(
            aspect=aspect,
            old=tuple(sorted(before, key=shown)),
            new=tuple(sorted(after, key=shown)),
            added=tuple(sorted(after - before, key=shown)),
            removed=tuple(sorted(before - after, key=shown)),
            direction=Direction.NONE if direction is None else direction(before, after),
        )


def by_inclusion(before: frozenset[object], after: frozenset[object]) -> Direction:
    """More members, more matches."""
    found = told(wider=before <= after, narrower=after <= before)
    return Direction.EITHER if found is Direction.CHANGES else found


def dates(old: object, new: object) -> Iterator[Change]:
    """`starts` and `ends`."""
    for key, always in (("starts", -inf), ("ends", inf)):
        before, after = getattr(old, key), getattr(new, key)
        if before != after:
            one = always if before is None else before
            other = always if after is None else after
            longer = (other < one) is (key == "starts")
            direction = Direction.WIDENS if longer else Direction.NARROWS
            yield Change(aspect=key, old=before, new=after, direction=direction)


def tests(old: Iterable[RuleTest], new: Iterable[RuleTest]) -> Iterator[Change]:
    """How many examples came and went."""
    before, after = ({_test(each): each for each in side} for side in (old, new))
    added = tuple(each for key, each in after.items() if key not in before)
    removed = tuple(each for key, each in before.items() if key not in after)
    if added or removed:
        yield Change(aspect="tests", added=added, removed=removed)


def given(values: Mapping[str, object]) -> frozenset[tuple[str, object]]:
    """The values of a test or fixture, in no order."""
    return frozenset(values.items())


def expectation(expected: object) -> object:
    """What a test expects; names whose order means nothing in no order."""
    if not isinstance(expected, ExpectedVerdict):
        return expected
    # The first reason is the winner's: the order of reasons means something.
    sets = {
        key: frozenset(value)
        for key in ("labels", "notify", "rules")
        if (value := getattr(expected, key)) is not None
    }
    keys = ("tier", "action", "while_waiting", "queue", "priority", "sla", "reasons", "message")
    rest = tuple(getattr(expected, key) for key in (*keys, "strikes", "sampled"))
    return (frozenset(sets.items()), rest)


def _test(test: RuleTest) -> object:
    return (
        test.name,
        given(test.given),
        test.fixture,
        expectation(test.expect),
        test.known_gap,
        test.at,
    )


def _acting(old: Rule, new: Rule, strictness: Strictness) -> Iterator[Change]:
    if old.then.tier is not new.then.tier:
        yield Change(aspect="tier", old=old.then.tier, new=new.then.tier)
    for key in ("action", "while_waiting"):
        before, after = getattr(old.then, key), getattr(new.then, key)
        if before != after:
            stricter = strictness.stricter(before, after)
            yield Change(aspect=key, old=before, new=after, stricter=stricter)


def _standing(old: Rule, new: Rule) -> Iterator[Change]:
    if old.status is not new.status:
        more = _STANDING[new.status] - _STANDING[old.status]
        direction = Direction.WIDENS if more > 0 else Direction.NARROWS
        yield Change(
            aspect="status",
            old=old.status,
            new=new.status,
            direction=direction if more else Direction.NONE,
        )
    yield from dates(old, new)
    for key in ("sample", "rollout"):
        before, after = getattr(old, key), getattr(new, key)
        if before != after:
            yield Change(aspect=key, old=before, new=after, direction=_portions(before, after))


def _portions(old: Portion | None, new: Portion | None) -> Direction:
    """Shares are stable: a larger one takes whatever the smaller one took."""
    if old is None or new is None:
        return Direction.NARROWS if old is None else Direction.WIDENS
    if old.of != new.of:
        return Direction.CHANGES
    return Direction.WIDENS if new.share > old.share else Direction.NARROWS


def _scope(old: Rule, new: Rule) -> Iterator[Change]:
    for key, aspect in _SCOPES:
        yield from members(aspect, getattr(old, key), getattr(new, key), _within)
    yield from members(
        "not_markets",
        old.not_markets,
        new.not_markets,
        lambda before, after: by_inclusion(before, after).turned,
    )


def _within(before: frozenset[object], after: frozenset[object]) -> Direction:
    """Of a scope: none named are all."""
    if not before or not after:
        return Direction.NARROWS if after else Direction.WIDENS
    return by_inclusion(before, after)
