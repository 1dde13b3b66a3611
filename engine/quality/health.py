"""How each rule does: what it matches, how often it is right, what becomes of it, what it costs."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final

from engine.quality.proportions import ENOUGH, Share, weighted_share

_MINUTE: Final = 60.0
_HOUR: Final = 3_600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An item that a rule matched, and what became of it."""

    rule: str
    violating: bool | None = None
    """What people judged; None: nobody did."""
    overturned: bool | None = None
    """Whether a second look overturned its decision; None: there was none."""
    weight: float = 1.0
    """1/π, π the chance at which people had to see it."""
    seconds: float = 0.0
    """Active seconds of all votes on it."""
    rate: float = 0.0
    """What an hour of them costs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHealth:
    """How a rule does."""

    rule: str
    hits: int
    precision: Share
    """Of what it matches, what is violating; weighted where people did not see all alike."""
    overturned: Share
    """Of its decisions that were looked at again."""
    minutes: float
    """Of people."""
    cost: float
    """Of these minutes."""
    untimed: int
    """Hits whose seconds or rate are below 0 or no number: they cost nothing here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How all rules do."""

    rules: dict[str, RuleHealth]
    """By name; a rule that matched nothing is there, too."""
    unknown: int
    """Hits of rules that the policy does not have any more: left out."""


def health(
    hits: Sequence[Hit], *, rules: Collection[str] | None = None, needs: int = ENOUGH
) -> Health:
    """How each rule does in a window.

    Args:
        hits: Of the window; an item that several rules matched is a hit of each.
        rules: Of the policy in force; None: those that have hits.
        needs: Of fewer, or of a smaller effective size, no share is told.

    Raises:
        InvalidFigure: A weight is below 1 or no number.
    """
    names = sorted({each.rule for each in hits} if rules is None else set(rules))
    by_rule: dict[str, list[Hit]] = {name: [] for name in names}
    unknown = 0
    for each in hits:
        if each.rule in by_rule:
            by_rule[each.rule].append(each)
        else:
            unknown += 1
    return Health(
        rules={name: _health(name, own, needs) for name, own in by_rule.items()},
        unknown=unknown,
    )


def _health(rule: str, hits: Sequence[Hit], needs: int) -> RuleHealth:
    timed = [each for each in hits if _timed(each)]
    return RuleHealth(
        rule=rule,
        hits=len(hits),
        precision=_share([(each.violating, each.weight) for each in hits], needs),
        overturned=_share([(each.overturned, each.weight) for each in hits], needs),
        minutes=sum(each.seconds for each in timed) / _MINUTE,
        cost=sum(each.seconds * each.rate for each in timed) / _HOUR,
        untimed=len(hits) - len(timed),
    )


def _share(found: Sequence[tuple[bool | None, float]], needs: int) -> Share:
    """Of those that are known, weighted where any weight is not 1."""
    known = [(hit, weight) for hit, weight in found if hit is not None]
    weights = [weight for _, weight in known]
    plain = all(weight == 1 for weight in weights)
    return weighted_share([hit for hit, _ in known], None if plain else weights, needs=needs)


def _timed(hit: Hit) -> bool:
    return all(isfinite(each) and each >= 0 for each in (hit.seconds, hit.rate))
