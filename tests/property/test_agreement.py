"""Agreement as libraries, and a naive reading of the formulas, have it for any table."""

import math
from collections import Counter
from fractions import Fraction
from typing import Any

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as some
from irrCAC.raw import CAC
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, cohens_kappa, fleiss_kappa

from engine.quality import Figure, Tally, Undefined, agreement, dissent, limits, pair, pairs
from tests.oracle import agreement as naive

_TABLES = some.integers(2, 5).flatmap(
    lambda raters: some.lists(
        some.lists(some.none() | some.integers(0, 3), min_size=raters, max_size=raters),
        min_size=1,
        max_size=12,
    )
)
_WHOLE = some.integers(2, 5).flatmap(
    lambda raters: some.lists(
        some.lists(some.integers(0, 3), min_size=raters, max_size=raters), min_size=1, max_size=12
    )
)
_PAIRS = some.lists(some.tuples(some.integers(0, 3), some.integers(0, 3)), min_size=1, max_size=20)

Rows = list[list[int | None]]
Table = dict[int, dict[int, int]]


@given(_TABLES)
def test_alpha_is_that_of_the_library(rows: Rows) -> None:
    """And where the library raises or gives nan, ours says why it is undefined."""
    table = table_of(rows)
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


@given(_TABLES)
def test_the_others_are_those_of_a_naive_reading(rows: Rows) -> None:
    """p_a, κ and AC1 in fractions, pair by pair; what is 0/0 there is undefined here."""
    table = table_of(rows)
    found = agreement(table)
    check(found.observed, naive.observed(table))
    check(found.fleiss, naive.fleiss(table))
    check(found.ac1, naive.ac1(table))
    equal = len({len(said) for said in table.values() if said}) == 1
    assert (found.fixed is Undefined.UNEQUAL_VOTES) == (not equal and bool(found.items))
    if equal:
        assert found.fixed == found.fleiss


@settings(max_examples=40)
@given(_TABLES)
def test_coefficients_are_those_of_irrcac(rows: Rows) -> None:
    """Alpha, κ and AC1 of tables with gaps and at least two categories."""
    table = table_of(rows)
    kinds = sorted({value for row in table.values() for value in row.values()})
    assume(len(kinds) > 1)
    assume(sum(len(row) > 1 for row in table.values()) > 1)  # it divides by one less
    frame = pd.DataFrame(rows, dtype=object)
    library = CAC(frame.where(frame.notna(), None), categories=kinds, digits=12)
    found = agreement(table)
    assert found.fleiss == pytest.approx(estimate(library.fleiss()), abs=1e-9)
    assert found.ac1 == pytest.approx(estimate(library.gwet()), abs=1e-9)
    paired = {value for row in table.values() if len(row) > 1 for value in row.values()}
    if len(paired) > 1:
        assert found.alpha == pytest.approx(estimate(library.krippendorff()), abs=1e-9)
    else:
        assert found.alpha is Undefined.ONE_CATEGORY


@given(_PAIRS)
def test_cohen_is_that_of_statsmodels(said: list[tuple[int, int]]) -> None:
    """With its limits, where they have a width."""
    found = pair({item: dict(enumerate(both)) for item, both in enumerate(said)}, 0, 1)
    kinds = sorted({value for both in said for value in both})
    assume(len(kinds) > 1)
    with np.errstate(invalid="ignore", divide="ignore"):  # it divides by a deviation of 0
        wanted = cohens_kappa([[said.count((a, b)) for b in kinds] for a in kinds])
    assert found.kappa == pytest.approx(wanted.kappa, abs=1e-9)
    if found.interval is None:
        assert np.isnan(wanted.std_kappa) or wanted.std_kappa == pytest.approx(0, abs=1e-6)
    else:
        limits_of_library = (wanted.kappa_low, wanted.kappa_upp)
        assert (found.interval.low, found.interval.high) == pytest.approx(limits_of_library)


@given(_WHOLE)
def test_fleiss_is_that_of_statsmodels(rows: list[list[int]]) -> None:
    """Where all items have as many ratings."""
    counts, kinds = aggregate_raters(np.array(rows))
    assume(len(kinds) > 1)
    found = agreement(table_of([list(row) for row in rows]))
    assert found.fixed == pytest.approx(fleiss_kappa(counts), abs=1e-9)


@given(_PAIRS)
def test_cohen_is_that_of_scikit_learn(said: list[tuple[int, int]]) -> None:
    """With the confusion table; where all is one category, it gives nan and we say so."""
    found = pair({item: dict(enumerate(both)) for item, both in enumerate(said)}, 0, 1)
    one, other = zip(*said, strict=True)
    kinds = range(4)
    assert found.table(kinds) == tuple(tuple(said.count((a, b)) for b in kinds) for a in kinds)
    assert found.observed == sum(a == b for a, b in said) / len(said)
    if len({*one, *other}) == 1:
        assert found.kappa is Undefined.ONE_CATEGORY
    else:
        assert found.kappa == pytest.approx(cohen_kappa_score(one, other), abs=1e-9)


@given(_TABLES, some.permutations(range(4)), some.randoms(use_true_random=False))
def test_names_and_order_mean_nothing(rows: Rows, renamed: list[int], dice: object) -> None:
    """Categories may be called anything, items and raters come in any order."""
    table = table_of(rows)
    shuffled = list(table.items())
    dice.shuffle(shuffled)  # type: ignore[attr-defined]  # the type of the strategy is not said
    other = {
        f"i{item}": {f"r{rater}": f"c{renamed[value]}" for rater, value in reversed(row.items())}
        for item, row in shuffled
    }
    first, second = agreement(table), agreement(other)
    for name in ("observed", "alpha", "fleiss", "fixed", "ac1"):
        one, two = getattr(first, name), getattr(second, name)
        assert one == (two if isinstance(one, Undefined) else pytest.approx(two, abs=1e-9))
    ours, theirs = pairs(table), pairs(other)
    assert [each.items for each in ours] == [each.items for each in theirs]
    for mine, yours in zip(ours, theirs, strict=True):
        assert mine.kappa == (
            yours.kappa
            if isinstance(mine.kappa, Undefined)
            else pytest.approx(yours.kappa, abs=1e-9)
        )
    assert dissent(table).shapes == dissent(other).shapes
    alone = {f"r{each.rater}": each.alone for each in dissent(table).raters}
    assert alone == {each.rater: each.alone for each in dissent(other).raters}
    turned = {item: dict(reversed(row.items())) for item, row in reversed(table.items())}
    assert limits(turned, seed=1, resamples=20) == limits(table, seed=1, resamples=20)


@given(_TABLES)
def test_a_tally_is_as_good_as_a_table(rows: Rows) -> None:
    """What was said of how many items is all it takes, for the limits too."""
    table = table_of(rows)
    tally = Tally(Counter(tuple(given.values()) for given in table.values()))
    assert agreement(tally) == agreement(table)
    assert limits(tally, seed=7, resamples=20) == limits(table, seed=7, resamples=20)


@given(_TABLES, some.integers(1, 4))
def test_there_is_never_nan(rows: Rows, groups: int) -> None:
    """Whatever is rated: numbers or a reason, and limits that are in order."""
    table = table_of(rows)
    found = agreement(table)
    within = limits(table, seed=2, resamples=30, groups={item: item % groups for item in table})
    for name in ("observed", "alpha", "fleiss", "ac1"):
        figure, interval = getattr(found, name), getattr(within, name)
        if isinstance(figure, Undefined):
            assert interval is None
        else:
            assert -math.inf < figure <= 1 + 1e-9
        if interval is not None:
            assert -math.inf < interval.low <= interval.high <= 1 + 1e-9


def table_of(rows: Rows) -> Table:
    """A table of rows of items; None: nothing was said."""
    return {
        item: {rater: value for rater, value in enumerate(row) if value is not None}
        for item, row in enumerate(rows)
    }


def estimate(of_library: Any) -> float:  # noqa: ANN401 - the library says nothing of its types
    """The coefficient that irrCAC answers."""
    value: float = of_library["est"]["coefficient_value"]
    return value


def check(found: Figure, wanted: Fraction | None) -> None:
    """The same number, or none in both."""
    if wanted is None:
        assert isinstance(found, Undefined)
    else:
        assert found == pytest.approx(float(wanted), abs=1e-9)
