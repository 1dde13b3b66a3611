"""How much a difference of a rule matters: first what can happen to people before anybody looks."""

from collections.abc import Iterator
from typing import Final

from engine.diffing.difference import Change, Fate, Kind, RuleDifference, Weight
from engine.diffing.directions import Direction
from engine.rules.model import Rule, Status
from engine.verdict import Tier

#: Nothing happens to anybody's content through these; what people are told is in messages.
_WORDS: Final = frozenset(
    {"title", "about", "owner", "links", "because", "tests", "compare_with", "variant_of"}
)
_ORDER: Final = tuple(Weight)
_PUBLISH: Final = "publish"


def rule_weight(
    old: Rule | None,
    new: Rule | None,
    changes: tuple[Change, ...],
    whole: Direction,
    through: tuple[tuple[Kind, str], ...] = (),
) -> Weight:
    """The gravest of what a rule's difference can do.

    Args:
        old: The rule as it was; None: it is new.
        new: The rule as it is; None: it is gone.
        changes: What differs in it.
        whole: What becomes of the items it takes part in deciding, all in all.
        through: What it uses that is different.
    """
    if new is None or new.status is not Status.LIVE:
        gone = old is not None and old.status is Status.LIVE
        return Weight.LESS if gone else Weight.QUIET
    if old is None or old.status is not Status.LIVE:
        return _asked(new)
    found = {Weight.QUIET, *_weights(old, new, changes)}
    if any(kind is Kind.ACTION for kind, _ in through):
        found.add(Weight.ACTS)
    if whole.grows:
        found.add(_asked(new))
    elif whole is Direction.NARROWS:
        found.add(Weight.LESS)
    return gravest(found)


def changes_meaning(found: RuleDifference) -> bool:
    """Whether the rule matches or asks for something else; titles, owners and tests do not."""
    if found.fate is Fate.CHANGED:
        return bool(found.through) or any(each.aspect not in _WORDS for each in found.changes)
    return True


def gravest(weights: set[Weight]) -> Weight:
    """The first in order of what they can do."""
    return min(weights, key=_ORDER.index)


def rank(weight: Weight) -> int:
    """Its place in order, the gravest first."""
    return _ORDER.index(weight)


def _asked(rule: Rule) -> Weight:
    """What another match of a live rule does."""
    return Weight.ACTS if _acts(rule) else Weight.ASKS


def _acts(rule: Rule) -> bool:
    """Whether something happens before people look, or without them."""
    return rule.then.tier is Tier.AUTO or rule.then.while_waiting != _PUBLISH


def _weights(old: Rule, new: Rule, changes: tuple[Change, ...]) -> Iterator[Weight]:
    for change in changes:
        if change.direction is not Direction.NONE or change.aspect in _WORDS:
            continue
        yield _weight(old, new, change)


def _weight(  # noqa: PLR0911 - one for each kind of change
    old: Rule, new: Rule, change: Change
) -> Weight:
    match change.aspect:
        case "condition" | "at_least_of" | "for" | "markets" | "not_markets" | "languages":
            return Weight.QUIET  # in other words the same
        case "tier":
            return Weight.ACTS if new.then.tier is Tier.AUTO else Weight.ASKS
        case "action" | "while_waiting":
            if old.then.tier is not new.then.tier and change.new == _PUBLISH:
                return Weight.LESS
            return Weight.LESS if change.stricter is False else Weight.ACTS
        case "outranks" | "stage":
            return Weight.ACTS
        case "protected" | "strikes" | "labels":
            return _asked(new) if _more(change) else Weight.LESS
        case _:
            return Weight.ASKS


def _more(change: Change) -> bool:
    """Whether a switch was put on, a number went up, or names came."""
    if isinstance(change.new, int) and isinstance(change.old, int):
        return change.new > change.old
    return bool(change.added)
