"""Agreement, against reference values of several libraries and of papers."""

import gzip
from collections.abc import Hashable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import pytest

from engine.quality import Undefined, agreement, cohen, in_order, intervals
from engine.quality.agreement import Interval, Ratings

DATA = Path(__file__).parents[4] / "shared" / "data"
GOLDEN = DATA / "golden_agreement.json"
#: Data set → its values, and what a label counts as.
SETS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "hatexplain_train": ("hatexplain_train", {}),
    "hatexplain_train_binary": ("hatexplain_train", {"hatespeech": "toxic", "offensive": "toxic"}),
    "davidson_first_half": ("davidson_first_half", {}),
    "hatecheck_all_cases": ("hatecheck", {}),
    "toxic_spans_a": ("toxic_spans_a", {}),
}
real = pytest.mark.skipif(not GOLDEN.exists(), reason="no reference values beside the checkout")

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
        assert {found.observed, found.alpha, found.fleiss, found.ac1} == {Undefined.NO_PAIRS}
        assert intervals(ratings, seed=1) == (None, None)


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
    assert agreement(table).fleiss == pytest.approx(0.209931, abs=1e-6)


def test_cohen() -> None:
    """The table of every textbook has κ = 0.40; one constant rater has 0; one category is 0/0."""
    cells = {("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15}
    pairs = [pair for pair, times in cells.items() for _ in range(times)]
    table = {item: {"ana": first, "bo": second} for item, (first, second) in enumerate(pairs)}
    assert cohen(table, "ana", "bo") == pytest.approx(0.4)
    assert cohen(table, "ana", "cleo") is Undefined.NO_PAIRS
    assert cohen({1: {"ana": "no", "bo": "no"}}, "ana", "bo") is Undefined.ONE_CATEGORY
    assert cohen({1: {"ana": 1, "bo": 2}, 2: {"ana": 1, "bo": 1}}, "ana", "bo") == 0


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


@real
@pytest.mark.parametrize("name", SETS)
def test_real_votes(name: str) -> None:
    """All coefficients of every data set as the libraries have them, and intervals close to it."""
    source, meaning = SETS[name]
    golden = orjson.loads(GOLDEN.read_bytes())["datasets"][name]
    table = votes_of(source, tuple(meaning.items()))
    found = agreement(table)
    for figure, key in {
        "observed": "percent_agreement_pairwise",
        "alpha": "krippendorff_alpha_nominal",
        "fleiss": "fleiss_kappa_generalised",
        "ac1": "gwet_ac1",
    }.items():
        assert getattr(found, figure) == pytest.approx(golden[key]["value"], abs=2e-6), figure
    observed, alpha = intervals(table, seed=11, resamples=1_000)
    close(observed, golden["percent_agreement_pairwise"]["bootstrap_ci95"])
    close(alpha, golden["krippendorff_alpha_nominal"]["bootstrap_ci95"])


@real
def test_every_function_of_the_challenge_suite() -> None:
    """Nearly constant labels: agreement of .99 beside an alpha of 0, as the libraries say."""
    golden = orjson.loads(GOLDEN.read_bytes())["datasets"]["hatecheck_by_functionality"]
    functions: dict[str, dict[Hashable, Mapping[Hashable, Hashable]]] = {}
    for item in items_of("hatecheck"):
        named = functions.setdefault(item["meta"]["functionality"], {})
        named[item["id"]] = {each["annotator"]: each["label"] for each in item["annotations"]}
    assert len(golden) == 29
    for name, wanted in golden.items():
        found = agreement(functions[name])
        assert found.observed == pytest.approx(wanted["percent_agreement_pairwise"], abs=2e-6)
        if wanted["degenerate"]:
            assert found.alpha is Undefined.ONE_CATEGORY
        else:
            alpha = wanted["krippendorff_alpha_nominal"]
            assert found.alpha == pytest.approx(alpha, abs=2e-6)


def table_of(rows: Sequence[Sequence[Hashable]]) -> Ratings:
    """A table from what each rater said of each item; None: nothing."""
    return {
        item: {rater: given[item] for rater, given in enumerate(rows) if given[item] is not None}
        for item in range(len(rows[0]))
    }


@cache
def items_of(source: str) -> tuple[Any, ...]:
    """A data set."""
    with gzip.open(DATA / f"{source}.jsonl.gz") as lines:
        return tuple(orjson.loads(line) for line in lines)


def votes_of(source: str, meaning: Sequence[tuple[str, str]]) -> Ratings:
    """The votes of a data set; each is a rater of its own where people are not identified."""
    merged = dict(meaning)
    return {
        item["id"]: {
            place: merged.get(vote["label"], vote["label"])
            for place, vote in enumerate(item["annotations"])
        }
        for item in items_of(source)
    }


def width(interval: Interval) -> float:
    """Of an interval."""
    return interval.high - interval.low


def close(interval: Interval | None, wanted: Sequence[float]) -> None:
    """Two bootstraps of the same data hardly differ."""
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx(wanted, abs=0.005)
