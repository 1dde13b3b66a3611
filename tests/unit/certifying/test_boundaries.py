"""Where each way to decide costs least."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.certifying import WAYS, Losses, Review, Way, Zones, choose, effect_of, pieces
from engine.errors import CannotCertify

SINGLE = Review(cost=0.2, seconds=30, misses=0.08, wrongly=0.08)
PANEL = Review(cost=0.8, seconds=120, misses=0.02, wrongly=0.02)
LOSSES = Losses(missed=10, wrongly_removed=5, single=SINGLE, panel=PANEL)

_AMOUNTS = some.floats(0, 50)
_SHARES = some.floats(0, 1)
_REVIEWS = some.builds(Review, cost=_AMOUNTS, seconds=_AMOUNTS, misses=_SHARES, wrongly=_SHARES)
_LOSSES = some.builds(
    Losses,
    missed=_AMOUNTS,
    wrongly_removed=_AMOUNTS,
    single=_REVIEWS,
    panel=_REVIEWS,
    impact=some.floats(0, 20),
)
_ZONES = some.none() | some.builds(
    Zones, allow_up_to=some.none() | _SHARES, remove_from=some.none() | _SHARES
)


def _costs(p: float, losses: Losses) -> dict[Way, float]:
    """The four costs as they are defined."""
    missed = losses.impact * losses.missed
    removed = losses.impact * losses.wrongly_removed
    return {
        Way.ALLOW: missed * p,
        Way.REMOVE: removed * (1 - p),
        Way.SINGLE: losses.single.cost
        + losses.single.misses * missed * p
        + losses.single.wrongly * removed * (1 - p),
        Way.PANEL: losses.panel.cost
        + losses.panel.misses * missed * p
        + losses.panel.wrongly * removed * (1 - p),
    }


def _ways(chances: list[float], losses: Losses, zones: Zones | None = None) -> list[Way]:
    return [WAYS[place] for place in choose(np.array(chances), losses, zones)]


def test_boundaries_by_hand() -> None:
    """Allow and single cost the same at .6 / 9.6, single and remove at 4.4 / 5."""
    found = pieces(LOSSES)
    assert [piece.way for piece in found] == [Way.ALLOW, Way.SINGLE, Way.REMOVE]
    assert found[0].high == found[1].low == pytest.approx(0.6 / 9.6)
    assert found[1].high == found[2].low == pytest.approx(4.4 / 5.4)
    assert (found[0].low, found[2].high) == (0, 1)


def test_what_has_more_impact_goes_to_more_eyes() -> None:
    """A panel is worth its cost where many are harmed."""
    ways = {piece.way for piece in pieces(replace(LOSSES, impact=20))}
    assert Way.PANEL in ways


@given(_LOSSES, _SHARES)
def test_nothing_costs_less_than_what_is_chosen(losses: Losses, p: float) -> None:
    """Where the machine may decide everywhere."""
    costs = _costs(p, losses)
    assert costs[_ways([p], losses)[0]] == pytest.approx(min(costs.values()), rel=1e-9, abs=1e-9)


@given(_LOSSES, _ZONES)
def test_pieces_say_what_is_chosen_between_boundaries(losses: Losses, zones: Zones | None) -> None:
    """They go from 0 to 1 without a gap, and differ from the next."""
    found = pieces(losses, zones)
    assert (found[0].low, found[-1].high) == (0, 1)
    for one, other in pairwise(found):
        assert one.high == other.low
        assert one.way is not other.way
    for piece in found:
        width = piece.high - piece.low
        drawn = [piece.low + share * width for share in (0.1, 0.37, 0.5, 0.9)]
        # Of a piece of a few floats some fall on its ends, which belong to others.
        inside = [p for p in drawn if piece.low < p < piece.high]
        for p, way in zip(inside, _ways(inside, losses, zones), strict=True):
            same = abs(_costs(p, losses)[way] - _costs(p, losses)[piece.way]) < 1e-9
            assert way is piece.way or same


@given(_LOSSES, _ZONES, _SHARES)
def test_the_machine_decides_in_certified_zones_alone(
    losses: Losses, zones: Zones | None, p: float
) -> None:
    """Elsewhere people do, in the way that costs less."""
    free, way = _ways([p], losses)[0], _ways([p], losses, zones)[0]
    low = zones.allow_up_to if zones else 1.0
    high = zones.remove_from if zones else 0.0
    certified = {
        Way.ALLOW: low is not None and p <= low,
        Way.REMOVE: high is not None and p >= high,
    }
    if certified.get(free, True):
        assert way is free
    else:
        costs = _costs(p, losses)
        assert way in {Way.SINGLE, Way.PANEL}
        assert costs[way] == pytest.approx(min(costs[Way.SINGLE], costs[Way.PANEL]))


def test_a_threshold_belongs_to_its_zone() -> None:
    """Certified thresholds are scores that were seen, so items lie on them."""
    zones = Zones(allow_up_to=0.04, remove_from=0.9)
    assert _ways([0.04, 0.041, 0.899, 0.9], LOSSES, zones) == [
        *(Way.ALLOW, Way.SINGLE, Way.SINGLE, Way.REMOVE)
    ]
    assert [(piece.low, piece.high) for piece in pieces(LOSSES, zones)] == [
        *((0, 0.04), (0.04, 0.9), (0.9, 1))
    ]
    assert {piece.way for piece in pieces(LOSSES, Zones())} == {Way.SINGLE}


def test_the_effect_is_the_sum_over_items() -> None:
    """Cost, work and expected error, by hand."""
    chances = np.array([0.01, 0.5, 0.99, 0.01])
    found = effect_of(chances, choose(chances, LOSSES), LOSSES)
    assert found.items == 4
    assert found.shares == {Way.SINGLE: 0.25, Way.PANEL: 0, Way.ALLOW: 0.5, Way.REMOVE: 0.25}
    assert found.seconds == 30
    assert found.cost == pytest.approx((0.1 + 0.2 + 0.08 * 5 + 0.08 * 2.5 + 0.05 + 0.1) / 4)
    assert found.error == pytest.approx((0.01 + 0.08 + 0.01 + 0.01) / 4)


def test_the_effect_is_that_of_a_draw() -> None:
    """Truths and mistakes of people drawn from p come to the expected error and cost."""
    dice = np.random.default_rng(5)
    chances = dice.beta(0.4, 1.0, 200_000)
    ways = choose(chances, LOSSES)
    found = effect_of(chances, ways, LOSSES)
    breaks = dice.random(len(chances)) < chances
    mistaken = dice.random(len(chances)) < 0.08
    removed = np.where(ways == WAYS.index(Way.SINGLE), breaks ^ mistaken, ways == 3)
    wrong = removed != breaks
    lost = np.where(wrong, np.where(breaks, 10.0, 5.0), 0.0)
    assert found.error == pytest.approx(wrong.mean(), rel=0.03)
    work = 0.2 * (ways == WAYS.index(Way.SINGLE)).mean()
    assert found.cost == pytest.approx(lost.mean() + work, rel=0.03)


@pytest.mark.parametrize("name", ["missed", "wrongly_removed", "impact"])
@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_losses_that_are_no_amounts_are_refused(name: str, value: float) -> None:
    """Also shares above 1."""
    changes: dict[str, Any] = {name: value}
    with pytest.raises(CannotCertify):
        replace(LOSSES, **changes)
    with pytest.raises(CannotCertify):
        replace(LOSSES, single=replace(SINGLE, misses=1.1))


def test_scores_that_are_no_probabilities_are_refused() -> None:
    """And the effect on nothing is none."""
    with pytest.raises(CannotCertify, match="probability"):
        choose(np.array([0.5, 1.2]), LOSSES)
    with pytest.raises(CannotCertify, match="no items"):
        effect_of(np.empty(0), np.empty(0, dtype=np.int64), LOSSES)
