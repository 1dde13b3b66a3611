"""Shares, second looks, deadlines, false positives and targets, against counting by hand."""

from math import ceil
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import stats

from engine.errors import InvalidFigure
from engine.quality.measures import Measure, State, lacking
from engine.quality.operations import (
    Due,
    Feedback,
    Kind,
    SecondLook,
    Validated,
    automation,
    false_positives,
    false_positives_by_rule,
    feedback_latency,
    overturned,
    punctuality,
    validation,
    waiting_now,
)
from engine.quality.proportions import Method, difference, share, weighted_share
from engine.quality.targets import TARGETS, Standing, Target, Unit, judge
from engine.sufficiency import is_enough, needed


@given(some.integers(0, 300), some.integers(20, 300))
def test_wilson_is_that_of_scipy(hits: int, n: int) -> None:
    """For any share of enough."""
    found = share(min(hits, n), n)
    wanted = stats.binomtest(min(hits, n), n).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high), abs=1e-12)


def test_a_difference_is_that_of_newcombe() -> None:
    """His first example: 56/70 - 48/80 is .2, from .0524 to .3339."""
    found = difference(share(56, 70), share(48, 80))
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


@given(some.lists(some.tuples(some.booleans(), some.floats(1, 50)), min_size=2, max_size=60))
def test_weighted_shares_are_sums(rows: list[tuple[bool, float]]) -> None:
    """Hájek's mean as a sum; the size is never more than was seen."""
    hits, weights = [hit for hit, _ in rows], [weight for _, weight in rows]
    found = weighted_share(hits, weights, needs=0)
    total = sum(weights)
    assert found.value == pytest.approx(sum(w for h, w in rows if h) / total, abs=1e-9)
    assert 0 < found.effective <= len(rows) + 1e-9
    assert found.method is Method.WEIGHTED_WILSON
    if len(set(hits)) == 1:
        assert found.effective == pytest.approx(total**2 / sum(w * w for w in weights))


@given(
    some.lists(
        some.tuples(some.booleans(), some.sampled_from((1.0, 4.0, 50.0)), some.integers(0, 9)),
        max_size=9,
    )
)
def test_those_that_are_alike_count_as_many(rows: list[tuple[bool, float, int]]) -> None:
    """A share of rows that say how many they are is that of as many rows."""
    each = [(hit, weight) for hit, weight, times in rows for _ in range(times)]
    rows = [row for row in rows if row[2]]
    one = weighted_share([hit for hit, _ in each], [weight for _, weight in each])
    same = weighted_share(
        [row[0] for row in rows], [row[1] for row in rows], times=[row[2] for row in rows]
    )
    assert (same.state, same.n, same.hits) == (one.state, one.n, one.hits)
    assert (same.effective, same.value, same.low, same.high) == pytest.approx(
        (one.effective, one.value, one.low, one.high)
    )


def test_selection_is_undone() -> None:
    """People see all that is doubtful and a tenth of the rest; 95 of 100 intervals hold it."""
    dice, held = np.random.default_rng(5), 0
    for _ in range(200):
        doubtful = dice.random(3_000) < 0.2
        wrong = dice.random(3_000) < np.where(doubtful, 0.4, 0.05)
        seen = doubtful | (dice.random(3_000) < 0.1)
        weights = np.where(doubtful, 1.0, 10.0)[seen]
        found = weighted_share(wrong[seen].tolist(), weights.tolist())
        assert found.low is not None
        assert found.high is not None
        held += found.low <= 0.12 <= found.high
    assert 180 <= held <= 199


def test_what_cannot_be_is_refused() -> None:
    """More hits than there are, and weights that are no 1/π."""
    with pytest.raises(InvalidFigure, match="3 of 2"):
        share(3, 2)
    for weights in ([0.5, 1.0], [float("nan"), 1.0], [1.0]):
        with pytest.raises(InvalidFigure, match="weights"):
            weighted_share([True, False], weights)
    assert share(0, 0).state is State.INSUFFICIENT_DATA
    assert (share(3, 19).value, share(3, 19).needs) == (None, 20)


def test_duplicates_count_once() -> None:
    """A group is a person's where a person touched any of it."""
    found = automation(
        [(None, False), ("a", False), ("a", True), ("b", False), ("b", False)], needs=1
    )
    assert (found.hits, found.n) == (2, 3)


def test_open_and_overdue_is_a_miss() -> None:
    """At the deadline is on time; what fell due elsewhere, or came after it, does not count."""
    cases = [
        Due(case="kept", came=0, due=10, decided=10),
        Due(case="late", came=0, due=10, decided=11),
        Due(case="open", came=0, due=12),
        Due(case="later", came=0, due=20),
        Due(case="odd", came=5, due=15, decided=4),
    ]
    found = punctuality(cases, since=10, until=20, needs=1)
    assert (found.on_time.hits, found.on_time.n, found.open) == (1, 3, 1)
    assert found.out_of_order == ("odd",)


def test_queues_are_as_old_as_what_came_first() -> None:
    """95 of 100 are no older than 95; nothing waits in an empty queue."""
    cases = [Due(case=str(age), came=100.0 - age, due=150.0 - age) for age in range(1, 101)]
    found = waiting_now([*cases, Due(case="odd", came=101, due=200)], now=100)
    assert (found.n, found.oldest, found.p95, found.overdue.hits) == (100, 100, 95, 50)
    assert found.out_of_order == ("odd",)
    assert waiting_now([], now=0).oldest is None


def test_each_kind_stands_alone() -> None:
    """And is there without any look."""
    looks = [SecondLook(kind=Kind.SAMPLE, overturned=each == 0, weight=each + 1) for each in (0, 3)]
    found = overturned(looks, needs=1)
    assert found[Kind.SAMPLE].value == pytest.approx(1 / 5)
    assert found[Kind.APPEAL].n == 0


@given(some.lists(some.tuples(*[some.booleans()] * 2, some.integers(1, 9)), max_size=40))
def test_false_positives_are_counted(rows: list[tuple[bool, bool, int]]) -> None:
    """FP by what was flagged, and by what was fine; of a rule as of the machine."""
    flagged, bad = [row[0] for row in rows], [row[1] for row in rows]
    weights = [float(row[2]) for row in rows]
    found = false_positives(flagged, bad, weights, needs=0)
    wrong = sum(w for f, b, w in rows if f and not b)
    for told, of in (
        (found.fdr, sum(w for f, _, w in rows if f)),
        (found.fpr, sum(w for _, b, w in rows if not b)),
    ):
        assert told.value == (pytest.approx(wrong / of) if of else None)
    by_rule = false_positives_by_rule([["r"] if f else [] for f in flagged], bad, weights, needs=0)
    assert by_rule == ({"r": found} if any(flagged) else {})


def test_validation_and_feedback() -> None:
    """Tiers weigh by what they decide; labels without an effect wait on."""
    looks = [Validated(tier="auto", upheld=True, weight=9), Validated(tier="single", upheld=False)]
    found = validation(looks, needs=1)
    assert found.overall.value == pytest.approx(0.9)
    assert found.by_tier["single"].value == 0
    several = [
        Validated(tier="auto", upheld=True, weight=9, times=6),
        Validated(tier="auto", upheld=False, weight=9, times=2),
    ]
    one_by_one = [each for each in several for _ in range(each.times)]
    apart = [Validated(tier="auto", upheld=each.upheld, weight=9) for each in one_by_one]
    assert validation(several) == validation(apart)
    assert validation(several, needs=1).overall.n == 8
    labels = [
        Feedback(label="a", given=0, live=5),
        Feedback(label="b", given=0),
        Feedback(label="c", given=9, live=3),
    ]
    latency = feedback_latency(labels, now=10)
    assert (latency.p50.seconds, latency.p90.seconds, latency.p50.n) == (5, None, 2)
    assert latency.out_of_order == ("c",)
    many = [Feedback(label=str(n), given=n % 9, live=5) for n in range(20_000)]
    assert len(feedback_latency(many, now=10).out_of_order) == sum(n % 9 > 5 for n in range(20_000))


@pytest.mark.parametrize(
    ("low", "high", "standing"),
    [
        (0.96, 0.99, Standing.MET),
        (0.90, 0.94, Standing.MISSED),
        (0.90, 0.99, Standing.NOT_SURE),
        (0.95, 0.99, Standing.NOT_SURE),
        (0.90, 0.95, Standing.MISSED),
        (None, 0.94, Standing.MISSED),
        (0.96, None, Standing.MET),
        (None, None, Standing.NOT_SURE),
    ],
)
def test_targets(low: float | None, high: float | None, standing: Standing) -> None:
    """Above 95 %: 95 % is not above."""
    accuracy = next(each for each in TARGETS if each.name == "accuracy")
    measure = Measure(state=State.KNOWN, value=0.95, low=low, high=high, n=99, needs=20)
    assert judge(measure, accuracy).standing is standing


def test_a_target_with_two_ends() -> None:
    """85 to 95 %, both good; above both is missed; of nothing nothing is said."""
    wanted = TARGETS[0]
    for low, high, standing in (
        (0.85, 0.95, Standing.MET),
        (0.96, 0.99, Standing.MISSED),
        (0.80, 0.99, Standing.NOT_SURE),
    ):
        measure = Measure(
            state=State.KNOWN, value=(low + high) / 2, low=low, high=high, n=9, needs=1
        )
        assert judge(measure, wanted).standing is standing
    assert judge(share(1, 2), wanted).standing is Standing.INSUFFICIENT_DATA
    with pytest.raises(InvalidFigure, match="accuracy"):
        judge(share(1, 2), Target(name="accuracy", unit=Unit.SHARE, above=1, below=0))


@pytest.mark.parametrize("seed", range(5))
def test_as_many_as_it_needs_are_enough(seed: int) -> None:
    """Of weighted ones it takes more than 20, and says so in items like those that were seen."""
    dice = Random(seed)
    hits = [dice.random() < 0.4 for _ in range(24)]
    weights = [dice.choice((1.0, 10.0, 40.0)) for _ in hits]
    few = weighted_share(hits, weights)
    assert (few.state, few.n) == (State.INSUFFICIENT_DATA, 24)
    assert few.needs == ceil(20 * 24 / few.effective) > 24
    copies = ceil(few.needs / 24)
    assert weighted_share(hits * copies, weights * copies).state is State.KNOWN
    if copies > 1:
        fewer = weighted_share(hits * (copies - 1), weights * (copies - 1))
        assert fewer.state is State.INSUFFICIENT_DATA


def test_the_last_digit_of_weights_keeps_nothing_out() -> None:
    """As for drift: the notion is one."""
    assert is_enough(20, 20 - 1e-10)
    assert not is_enough(20, 19.999)
    assert not is_enough(0, 0)
    assert (needed(20, 19, 19.0), needed(20, 0, 0.0), needed(0, 5, 5.0)) == (20, 20, 1)


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (5, "insufficient data (5 of 20)"),
        (1_020, "insufficient data (1,020, worth fewer than 20)"),
    ],
)
def test_what_is_lacking_in_words(n: int, said: str) -> None:
    """Many may be worth few by their weights."""
    assert lacking(n, 20) == said
