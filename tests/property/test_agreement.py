"""Krippendorff's alpha as its own library has it, for any table."""

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.quality import Undefined, agreement

_TABLES = some.integers(2, 6).flatmap(
    lambda raters: some.lists(
        some.lists(some.none() | some.integers(0, 3), min_size=raters, max_size=raters),
        min_size=1,
        max_size=25,
    )
)


@given(_TABLES)
def test_alpha_is_that_of_the_library(rows: list[list[int | None]]) -> None:
    """And where the library raises or gives nan, ours says why it is undefined."""
    table = {
        item: {rater: value for rater, value in enumerate(row) if value is not None}
        for item, row in enumerate(rows)
    }
    found = agreement(table)
    pairable = [row for row in table.values() if len(row) > 1]
    if not pairable:
        assert found.alpha is found.observed is Undefined.NO_PAIRS
        return
    kinds = sorted({value for row in pairable for value in row.values()})
    if len(kinds) == 1:
        assert found.alpha is Undefined.ONE_CATEGORY
        assert found.observed == 1
        return
    counts = np.array([[list(row.values()).count(kind) for kind in kinds] for row in pairable])
    wanted = krippendorff.alpha(value_counts=counts, level_of_measurement="nominal")
    assert found.alpha == pytest.approx(wanted, abs=1e-9)
    assert isinstance(found.observed, float)
    assert 0 <= found.observed <= 1


@given(_TABLES, some.permutations(range(4)), some.randoms())
def test_names_and_order_mean_nothing(
    rows: list[list[int | None]], renamed: list[int], dice: object
) -> None:
    """Categories may be called anything, items and raters come in any order."""
    table = {
        item: {rater: value for rater, value in enumerate(row) if value is not None}
        for item, row in enumerate(rows)
    }
    shuffled = list(table.items())
    dice.shuffle(shuffled)  # type: ignore[attr-defined]  # the type of the strategy is not said
    other = {
        f"i{item}": {f"r{rater}": f"c{renamed[value]}" for rater, value in reversed(row.items())}
        for item, row in shuffled
    }
    first, second = agreement(table), agreement(other)
    for name in ("observed", "alpha", "fleiss", "ac1"):
        one, two = getattr(first, name), getattr(second, name)
        assert one == (two if isinstance(one, Undefined) else pytest.approx(two, abs=1e-9))
