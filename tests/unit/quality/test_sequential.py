"""Limits of a difference that hold at all looks together."""

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.quality.sequential import LEAST, Group, difference

_WORLDS = 400
_ITEMS = 6_000
_LOOKS = range(500, _ITEMS + 1, 250)


def _group(items: int, hits: int) -> Group:
    """Of items that are units of their own."""
    return Group(
        units=items,
        items=items,
        hits=hits,
        items_squared=items,
        hits_squared=hits,
        items_by_hits=hits,
    )


def test_a_group_adds_up_its_units() -> None:
    """Items and hits, unit by unit, and their squares."""
    units = [(3, 1), (1, 0), (2, 2)]
    assert Group.of(units) == Group(
        units=3, items=6, hits=3, items_squared=14, hits_squared=5, items_by_hits=7
    )
    assert Group.of([(1, 1), (1, 0)]) == _group(2, 1)


def test_the_variance_is_that_of_single_items_where_units_are_items() -> None:
    """P (1 - p) / n; and never below what so many draws with the common share have."""
    assert _group(100, 30).variance(0.0) == pytest.approx(0.3 * 0.7 / 100)
    assert _group(100, 0).variance(0.1) == pytest.approx(0.1 * 0.9 / 100)


def test_authors_who_always_do_the_same_count_once() -> None:
    """Ten items of an author that are all alike are worth one."""
    single = Group.of([(1, hit) for hit in (0, 1)] * 100)
    tenfold = Group.of([(10, 10 * hit) for hit in (0, 1)] * 100)
    assert tenfold.variance(0.5) == pytest.approx(single.variance(0.5))


def test_too_few_cannot_be_told() -> None:
    """Neither of the groups may be small."""
    large = _group(10_000, 100)
    assert difference(_group(LEAST - 1, 50), large) is None
    assert difference(large, _group(LEAST - 1, 50)) is None
    assert difference(Group.of([]), large) is None


def test_a_large_difference_is_told_soon() -> None:
    """Ten percent against thirty, from some hundred items on."""
    found = difference(_group(300, 90), _group(2_700, 270))
    assert found is not None
    assert found.low > 0.05
    assert found.value == pytest.approx(0.2)
    turned = difference(_group(2_700, 270), _group(300, 90))
    assert turned is not None
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low))


@pytest.mark.parametrize("share", [0.1, 0.5])
@pytest.mark.parametrize("chance", [0.01, 0.2])
def test_looking_again_and_again_is_no_harm(share: float, chance: float) -> None:
    """Of worlds without a difference alpha at most ever show one; a usual interval does in many."""
    rng = np.random.default_rng(5)
    wrong = usual = 0
    for _ in range(_WORLDS):
        tried, hit = rng.random(_ITEMS) < share, rng.random(_ITEMS) < chance
        looks = [_look(tried[:n], hit[:n]) for n in _LOOKS]
        found = [difference(*each) for each in looks]
        wrong += any(each is not None and not each.low <= 0 <= each.high for each in found)
        usual += any(_surely_differ(*each) for each in looks)
    assert wrong / _WORLDS <= 0.05
    assert usual / _WORLDS > 0.05


def _look(tried: NDArray[np.bool_], hit: NDArray[np.bool_]) -> tuple[Group, Group]:
    return _group(int(tried.sum()), int(hit[tried].sum())), _group(
        int((~tried).sum()), int(hit[~tried].sum())
    )


def _surely_differ(group: Group, control: Group) -> bool:
    """By the interval that holds for one look."""
    common = (group.hits + control.hits) / (group.items + control.items)
    spread = (group.variance(common) + control.variance(common)) ** 0.5
    return bool(abs(group.share - control.share) > 1.96 * spread)
