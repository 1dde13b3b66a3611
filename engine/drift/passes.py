"""Whether rules pass as often as they did: a broken feed and a viral phrase show within the hour.

Of n items now, k passed. Were the rate still that of its history, k would be binomial: the p-value
is twice the smaller tail, exact and two-sided, and those of all rules are corrected for their
number by Holm's step-down procedure (*Scand. J. Statist.* 6 (1979), 65-70). A change has to be
large, too: by the ratio of the rates, or by Cohen's h = 2 asin √p₁ - 2 asin √p₀ (*Statistical Power
Analysis*, 1988), which sees rules that pass nearly always.

The rate of the history is (k + ½) / (n + 1) (Jeffreys), so a rule that never passed is not certain
never to. It is taken as known, so the history has to be several times as long as the window.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, log, log1p
from typing import TypeAlias, TypeVar

import numpy as np
from scipy.special import betainc, betaincc

from engine.drift.reading import Column
from engine.drift.states import Insufficient
from engine.errors import InvalidWindow

R = TypeVar("R", bound=Hashable)


class Change(StrEnum):
    """What became of a rule."""

    STEADY = "steady"
    #: Nothing passes any more: is its feed broken?
    SILENT = "silent"
    FALLEN = "fallen"
    #: Is something going round?
    RISEN = "risen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """How often a rule passed."""

    hits: int
    """Items that it matched."""
    items: int
    """Items of which it could tell; those it did not see, or could not tell of, are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surprise:
    """When a change is one."""

    alpha: float = 0.01
    """The chance that any rule at all is called changed when none is: above 0, below 1."""
    ratio: float = 2.0
    """So many times the rate, or less than one part in so many: above 1."""
    effect: float = 0.2
    """Or Cohen's h, up or down: above 0."""
    least: int = 100
    """Items a rule needs now."""
    history: float = 10.0
    """So many times as many items a rule needs in its history: above 0."""

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 1:
            place = "surprise"
            raise InvalidWindow(place, f"alpha {self.alpha:g} is not between 0 and 1")
        if self.ratio <= 1 or self.effect <= 0 or self.history <= 0:
            place = "surprise"
            raise InvalidWindow(place, "ratio is above 1, effect and history above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDrift:
    """What became of a rule."""

    before: float
    """Its rate by its history: above 0, below 1."""
    now: float
    """Its rate now: 0 to 1."""
    ratio: float
    """Now to before; 0 or more."""
    effect: float
    """Cohen's h; above 0 where it passes more often."""
    p_value: float
    """As if it were the only rule."""
    adjusted: float
    """Corrected for the number of rules (Holm)."""
    silence: int
    """So many items without a hit show that it is silent; with fewer, that cannot show."""
    change: Change


Changes: TypeAlias = dict[R, RuleDrift | Insufficient]


def rule_drift(
    history: Mapping[R, Passed], current: Mapping[R, Passed], *, surprise: Surprise
) -> Changes[R]:
    """What became of each rule.

    Args:
        history: Of each rule; one that is not there has none.
        current: Of each rule; one that is not there saw no item.
        surprise: When a change is one.

    Raises:
        InvalidWindow: A rule has more hits than items, or fewer than none.
    """
    nothing = Passed(hits=0, items=0)
    pairs = {
        rule: (history.get(rule, nothing), current.get(rule, nothing))
        for rule in dict.fromkeys((*history, *current))
    }
    for rule, pair in pairs.items():
        for what, passed in zip(("history", "current"), pair, strict=True):
            if not 0 <= passed.hits <= passed.items:
                reason = f"{passed.hits} hits of {passed.items} items"
                place = f"{what} of rule {rule}"
                raise InvalidWindow(place, reason)
    few = {rule: _too_few(*pair, surprise) for rule, pair in pairs.items()}
    found = _tested({rule: pairs[rule] for rule in pairs if few[rule] is None}, surprise)
    return {rule: state if state is not None else found[rule] for rule, state in few.items()}


def holm(p_values: Column) -> Column:
    """p-values corrected for their number; the family-wise error is at most alpha for any of it."""
    order = np.argsort(p_values, kind="stable")
    factors = np.arange(len(p_values), 0, -1)
    adjusted = np.empty_like(p_values)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(p_values[order] * factors))
    return adjusted


def _too_few(before: Passed, now: Passed, surprise: Surprise) -> Insufficient | None:
    least = max(1, surprise.least)
    if now.items < least:
        return Insufficient(of="current", n=now.items, needs=least)
    needs = ceil(surprise.history * now.items)
    if before.items < needs:
        return Insufficient(of="history", n=before.items, needs=needs)
    return None


def _tested(pairs: Mapping[R, tuple[Passed, Passed]], surprise: Surprise) -> dict[R, RuleDrift]:
    counts = np.array([(b.hits, b.items, n.hits, n.items) for b, n in pairs.values()], np.float64)
    past_hits, past_items, hits, items = counts.reshape(-1, 4).T
    before, now = (past_hits + 0.5) / (past_items + 1), hits / np.maximum(items, 1)
    p_values = two_sided(hits, items, before)
    adjusted = holm(p_values)
    effects = 2 * np.arcsin(np.sqrt(now)) - 2 * np.arcsin(np.sqrt(before))
    rows = zip(pairs, before, now, effects, p_values, adjusted, strict=True)
    return {
        rule: RuleDrift(
            before=float(rate),
            now=float(rate_now),
            ratio=float(rate_now / rate),
            effect=float(effect),
            p_value=float(p_value),
            adjusted=float(corrected),
            silence=ceil(log(surprise.alpha / len(pairs) / 2) / log1p(-rate)),
            change=_change(float(rate), float(rate_now), float(effect), corrected, surprise),
        )
        for rule, rate, rate_now, effect, p_value, corrected in rows
    }


def two_sided(hits: Column, items: Column, rates: Column) -> Column:
    """Exact binomial p-values: twice the smaller tail, 1 at most."""
    misses = items - hits
    # The parameters of a beta distribution are above 0; where they would not be, the tail is all.
    below = np.where(misses > 0, betaincc(hits + 1, np.maximum(misses, 1), rates), 1.0)
    above = np.where(hits > 0, betainc(np.maximum(hits, 1), misses + 1, rates), 1.0)
    tails: Column = np.minimum(1.0, 2 * np.minimum(below, above))
    return tails


def _change(
    before: float, now: float, effect: float, adjusted: float, surprise: Surprise
) -> Change:
    ratio = now / before
    large = ratio >= surprise.ratio or ratio <= 1 / surprise.ratio
    if adjusted > surprise.alpha or not (large or abs(effect) >= surprise.effect):
        return Change.STEADY
    if now > before:
        return Change.RISEN
    return Change.FALLEN if now > 0 else Change.SILENT
