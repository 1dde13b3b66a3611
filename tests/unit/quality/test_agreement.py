"""Agreement, against reference values of several libraries and of papers."""

from collections.abc import Hashable, Mapping, Sequence
from math import sqrt

import numpy as np
import pytest

from engine.quality import (
    Interval,
    Strength,
    Undefined,
    agreement,
    in_order,
    intervals,
    limits,
    of_usual_number,
    strength,
)
from engine.quality.agreement import Ratings

#: Gwet's, Fleiss' and Krippendorff's own examples, and those where libraries differ: what raters
#: said of each item, then p_a, alpha, κ and AC1.
ONE = Undefined.ONE_CATEGORY
CASES: Mapping[str, tuple[Sequence[Sequence[Hashable]], Sequence[float | Undefined]]] = {
    "one category": ([["ok"] * 6, ["ok"] * 6], (1.0, ONE, ONE, ONE)),
    "one rater constant": ([["ok"] * 6, ["ok"] * 5 + ["bad"]], (5 / 6, 0.0, -0.09091, 0.80328)),
    "prevalence paradox": (
        [["ok"] * 46 + ["bad", "bad", "ok", "ok"], ["ok"] * 48 + ["bad", "bad"]],
        (0.92, -0.03125, -0.04167, 0.91334),
    ),
    "perfect": ([list("abab"), list("abab")], (1.0, 1.0, 1.0, 1.0)),
    "reversed": ([list("abab"), list("baba")], (0.0, -0.75, -1.0, -1.0)),
    "missing ratings": (
        [
            ["a", "b", "a", None, "b", "a"],
            ["a", "b", None, "b", "b", "b"],
            [None, "b", "a", "b", None, "a"],
        ],
        (8 / 9, 0.729167, 0.775, 0.78049),
    ),
    "an item with a single rating": ([list("abab"), ["a", "b", "a", None]], (1.0, 1.0, 1.0, 1.0)),
    "three-way tie": (
        [list("aba"), list("bbb"), list("cba")],
        (4 / 9, 0.130435, 0.021739, 0.22414),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_textbook_cases(name: str) -> None:
    """What papers and libraries say, and `one category` where it is 0/0."""
    rows, wanted = CASES[name]
    found = agreement(table_of(rows))
    for figure, value in zip(
        (found.observed, found.alpha, found.fleiss, found.ac1), wanted, strict=True
    ):
        if isinstance(value, Undefined):
            assert figure is value
        else:
            assert figure == pytest.approx(value, abs=6e-6)


def test_nothing_to_compare() -> None:
    """Without two ratings of an item all figures say so, and there is no interval."""
    for ratings in ({}, {1: {"ana": "keep"}, 2: {"bo": "keep"}}):
        found = agreement(ratings)
        assert found.items == found.ratings == 0
        assert {found.observed, found.alpha, found.fleiss, found.fixed, found.ac1} == {
            Undefined.NO_PAIRS
        }
        assert found.prevalence == {}
        assert intervals(ratings, seed=1) == (None, None)
        nothing = limits(ratings, seed=1)
        assert nothing.fleiss is nothing.ac1 is None


def test_krippendorff_2011() -> None:
    """Example C of his paper: four observers, gaps, one unit with a single value."""
    n = None
    rows = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, n, n, n],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, n, 3],
        [n, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, n],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, n],
    ]
    found = agreement(table_of(rows))
    assert found.alpha == pytest.approx(0.743421, abs=1e-6)
    assert (found.items, found.ratings) == (11, 40)
    # As Gwet has them for the same votes: the unit with a single value says how common it is.
    assert found.ac1 == pytest.approx(0.77544, abs=6e-6)
    assert found.fleiss == pytest.approx(0.76117, abs=6e-6)
    assert found.fixed is Undefined.UNEQUAL_VOTES


def test_fleiss_1971() -> None:
    """Fourteen raters, ten subjects, five categories: κ = 0.210."""
    counts = [
        *([0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1]),
        *([7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7]),
    ]
    table = {
        item: dict(enumerate(kind for kind, times in enumerate(row) for _ in range(times)))
        for item, row in enumerate(counts)
    }
    assert agreement(table).fixed == pytest.approx(0.209931, abs=1e-6)


def test_a_third_vote_after_a_split_is_left_out() -> None:
    """With it, two who differ would half agree."""
    votes = [(1, "ana", "keep"), (1, "bo", "hide"), (1, "cleo", "keep"), (1, "ana", "hide")]
    assert in_order(votes, most=2) == {1: {"ana": "keep", "bo": "hide"}}
    assert agreement(in_order(votes, most=2)).observed == 0
    assert agreement(in_order(votes, most=3)).observed == pytest.approx(1 / 3)


def test_intervals_narrow_with_items_and_repeat() -> None:
    """The same seed, the same interval; four times the items, about half its width."""
    few = {item: {"ana": item % 2, "bo": (item % 2) ^ (item % 10 == 0)} for item in range(200)}
    many = {item: few[item % 200] for item in range(800)}
    first, _ = intervals(few, seed=3)
    again, _ = intervals(few, seed=3)
    second, _ = intervals(many, seed=3)
    assert first is not None
    assert second is not None
    assert first == again
    assert first.low < 0.9 < first.high
    assert width(second) / width(first) == pytest.approx(0.5, abs=0.05)


def test_the_paradox_of_prevalence() -> None:
    """Two who are right in 95 % agree as much at any prevalence; κ says otherwise, AC1 does not."""
    for tenths_of_percent, kappa, ac1 in ((500, 0.81, 0.81), (200, 0.73, 0.85), (50, 0.45, 0.89)):
        check_paradox(tenths_of_percent, kappa, ac1)
    check_paradox(10, 0.14, 0.89)


def check_paradox(prevalence: int, kappa: float, ac1: float) -> None:
    """Of 2,000 items so many thousandths are bad, and two raters are wrong in a twentieth."""
    bad = 2 * prevalence
    both_bad = round(bad * 0.95**2 + (2_000 - bad) * 0.05**2)
    both_ok = round(bad * 0.05**2 + (2_000 - bad) * 0.95**2)
    pairs = [("bad", "bad")] * both_bad + [("ok", "ok")] * both_ok
    pairs += [("bad", "ok"), ("ok", "bad")] * 95
    assert len(pairs) == 2_000
    found = agreement({item: dict(enumerate(both)) for item, both in enumerate(pairs)})
    assert found.observed == pytest.approx(0.905)
    assert found.prevalence["bad"] == pytest.approx(0.95 * bad / 2_000 + 0.05 * (1 - bad / 2_000))
    assert found.alpha == pytest.approx(kappa, abs=0.005)
    assert found.fixed == found.fleiss == pytest.approx(kappa, abs=0.005)
    assert found.ac1 == pytest.approx(ac1, abs=0.005)


def test_unequal_numbers_of_votes_are_said() -> None:
    """Fleiss' own κ is of items of the usual number alone; of two as usual, the larger counts."""
    table = table_of([list("aabb"), list("abbb"), ["a", "b", None, None]])
    found = agreement(table)
    assert found.fixed is Undefined.UNEQUAL_VOTES
    assert isinstance(found.fleiss, float)
    assert sorted(of_usual_number(table)) == [0, 1]
    assert agreement(of_usual_number(table)).fixed == agreement(of_usual_number(table)).fleiss
    assert of_usual_number({}) == of_usual_number({1: {}}) == {}


def test_words_are_given_to_the_lower_limit() -> None:
    """Few items with a high κ get a low word; the limits of the words belong to the lower one."""
    few = {item: {"ana": item % 2, "bo": (item % 2) ^ (item == 4)} for item in range(12)}
    found = agreement(few)
    assert isinstance(found.alpha, float)
    assert found.alpha > 0.8
    assert strength(limits(few, seed=5).alpha) in {Strength.FAIR, Strength.MODERATE}
    words = {low: strength(Interval(low=low, high=1.0)) for low in (-0.01, 0, 0.2, 0.4, 0.6, 0.8)}
    assert list(words.values()) == [
        *(Strength.POOR, Strength.SLIGHT, Strength.SLIGHT),
        *(Strength.FAIR, Strength.MODERATE, Strength.SUBSTANTIAL),
    ]
    assert strength(Interval(low=0.81, high=1.0)) is Strength.ALMOST_PERFECT
    assert strength(None) is None


def test_duplicates_are_drawn_together() -> None:
    """Each item four times tells no more than once; without their groups it seems to."""
    few = invented(items=150, votes=3, kinds=3)
    many = {(item, copy): given for item, given in few.items() for copy in range(4)}
    groups = {each: each[0] for each in many}
    once, together = limits(few, seed=3), limits(many, seed=3, groups=groups)
    for figure in ("observed", "fleiss", "ac1"):
        one, four = getattr(once, figure), getattr(together, figure)
        assert (four.low, four.high) == pytest.approx((one.low, one.high))
    apart = limits(many, seed=3)
    assert width(apart.observed) / width(together.observed) == pytest.approx(0.5, abs=0.03)
    assert limits(many, seed=3, groups={}) == apart
    assert limits(many, seed=3, groups=dict.fromkeys(many)) == apart


@pytest.mark.parametrize("votes", [3, 12])
def test_the_interval_of_p_a_is_that_of_a_mean(votes: int) -> None:
    """Whether there are few kinds of items or hardly two are alike."""
    table = invented(items=300, votes=votes, kinds=4)
    by_item = np.array(
        [agreement({item: given}).observed for item, given in table.items()], dtype=np.float64
    )
    found = limits(table, seed=9, resamples=4_000).observed
    assert found is not None
    reach = 1.96 * float(np.std(by_item)) / sqrt(len(table))
    mean = float(np.mean(by_item))
    assert (found.low, found.high) == pytest.approx((mean - reach, mean + reach), abs=reach / 12)


def test_a_seed_draws_the_same_in_any_order() -> None:
    """Neither items nor raters nor groups have a place; another seed draws something else."""
    table = invented(items=60, votes=5, kinds=3)
    groups = {item: item // 3 for item in table if item % 5}
    turned = {
        item: {who: table[item][who] for who in reversed(list(table[item]))}
        for item in reversed(list(table))
    }
    found = limits(table, seed=4, groups=groups)
    assert limits(turned, seed=4, groups=dict(reversed(groups.items()))) == found
    assert limits(table, seed=5, groups=groups) != found


def test_a_seed_draws_the_same_in_any_process() -> None:
    """Names count by their order, not by their hashes, which differ from process to process."""
    table = invented(items=60, votes=5, kinds=8)
    named = {
        item: {who: f"k{kind}" for who, kind in given.items()} for item, given in table.items()
    }
    assert limits(named, seed=4) == limits(table, seed=4)


def test_resamples_with_one_category_are_left_out() -> None:
    """With one that differs among few, a third of the resamples have nothing to tell alpha from."""
    table = {item: {"ana": "ok", "bo": "bad" if item == 3 else "ok"} for item in range(10)}
    found = limits(table, seed=2)
    assert found.alpha is not None
    assert -1 <= found.alpha.low <= found.alpha.high <= 1
    same = {item: {"ana": "ok", "bo": "ok"} for item in range(10)}
    nothing = limits(same, seed=2)
    assert nothing.observed == Interval(low=1.0, high=1.0)
    assert nothing.alpha is nothing.fleiss is nothing.ac1 is None


def invented(*, items: int, votes: int, kinds: int) -> Ratings:
    """Votes that agree more often than not; the same each time."""
    dice = np.random.default_rng(17)
    right = dice.integers(kinds, size=items)
    said = np.where(
        dice.random((items, votes)) < 0.7, right[:, None], dice.integers(kinds, size=(items, votes))
    )
    return {item: dict(enumerate(row)) for item, row in enumerate(said.tolist())}


def table_of(rows: Sequence[Sequence[Hashable]]) -> Ratings:
    """A table from what each rater said of each item; None: nothing."""
    return {
        item: {rater: given[item] for rater, given in enumerate(rows) if given[item] is not None}
        for item in range(len(rows[0]))
    }


def width(interval: Interval | None) -> float:
    """Of an interval that is known."""
    assert interval is not None
    return interval.high - interval.low
