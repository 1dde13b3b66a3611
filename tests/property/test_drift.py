"""Distances between windows, against their definitions written out, for any windows."""

from collections import Counter
from itertools import pairwise
from math import comb, log, log2, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.drift import Gates, LabelDrift, Labelled, ScoreDrift, label_drift, score_drift
from engine.drift.adwin import _Window
from engine.drift.passes import holm, two_sided
from engine.drift.scores import binned, quantile_edges

#: So wide that windows of a few rows are enough.
WIDE = Gates(moderate=100.0, large=200.0)
KINDS = ("fine", "insult", "threat", "spam")
_SCORES = some.lists(
    some.integers(0, 20).map(lambda n: n / 20) | some.floats(0, 1), min_size=2, max_size=40
)
_LABELS = some.lists(some.sampled_from(KINDS), min_size=1, max_size=40)
_CHANCES = some.lists(some.sampled_from((1.0, 0.5, 0.1)), min_size=40, max_size=40)


def scores(reference: list[float], current: list[float]) -> ScoreDrift:
    """Our figures of scores."""
    found = score_drift(reference, current, gates=WIDE, least=1)
    assert isinstance(found, ScoreDrift)
    return found


def labels(reference: Labelled, current: Labelled) -> LabelDrift:
    """Our figures of labels."""
    found = label_drift(reference, current, categories=KINDS, violations=KINDS[1:], least=0)
    assert isinstance(found, LabelDrift)
    return found


def at_most(limit: float, values: list[float]) -> float:
    """The share of them that is."""
    return sum(each <= limit for each in values) / len(values)


@given(_SCORES, _SCORES)
def test_scores_are_as_defined(before: list[float], now: list[float]) -> None:
    """PSI and KS as written in books; order means nothing; no reference bin is empty."""
    found = scores(before, now)
    edges = quantile_edges(np.array(before), 10)
    assert (binned(np.array(before), edges) > 0).all()
    assert found.bins == len(edges) + 1
    ends = [-np.inf, *edges, np.inf]
    total = alike = 0.0
    for low, high in pairwise(ends):
        a = max(1e-6, sum(low <= score < high for score in before) / len(before))
        b = max(1e-6, sum(low <= score < high for score in now) / len(now))
        total += (a - b) * log(a / b)
        alike += sqrt(a * b)
    if found.bins > 1:
        assert found.psi == pytest.approx(total, abs=1e-9)
        # Empty bins count as a millionth here.
        near = pytest.approx(max(0.0, 1 - alike), abs=len(ends) * 1e-3)
        assert isinstance(found.hellinger, float)
        assert found.hellinger**2 == near
    gaps = [abs(at_most(x, before) - at_most(x, now)) for x in before + now]
    assert found.ks == pytest.approx(max(gaps), abs=1e-12)
    values = sorted({*before, *now})
    area = sum(
        (high - low) * abs(at_most(low, before) - at_most(low, now))
        for low, high in pairwise(values)
    )
    assert found.wasserstein == pytest.approx(area, abs=1e-9)
    assert scores(sorted(before), sorted(now, reverse=True)) == found


@given(_SCORES, _SCORES)
def test_the_same_scores_have_not_moved(before: list[float], now: list[float]) -> None:
    """Nothing is 0, and KS is the same in both directions."""
    found = scores(before, before)
    assert found.ks == found.wasserstein == 0
    assert found.bins == 1 or found.psi == found.js_distance == 0
    assert scores(before, now).ks == pytest.approx(scores(now, before).ks, abs=1e-12)


@given(_LABELS, _LABELS, _CHANCES)
def test_labels_are_as_defined(before: list[str], now: list[str], chances: list[float]) -> None:
    """Jensen-Shannon by entropies, total variation and violations by weights, both directions."""
    first = Labelled(labels=before, probabilities=chances[: len(before)])
    second = Labelled(labels=now)
    found, back = labels(first, second), labels(second, first)
    weights: Counter[str] = Counter()
    for label, chance in zip(before, chances, strict=False):
        weights[label] += round(1 / chance)
    a = [weights[kind] / weights.total() for kind in KINDS]
    b = [now.count(kind) / len(now) for kind in KINDS]
    middle = [(x + y) / 2 for x, y in zip(a, b, strict=True)]
    divergence = max(0.0, entropy(middle) - (entropy(a) + entropy(b)) / 2)
    assert found.js_distance == pytest.approx(sqrt(divergence), abs=1e-7)
    moved = sum(abs(x - y) for x, y in zip(a, b, strict=True)) / 2
    assert found.total_variation == pytest.approx(moved, abs=1e-12)
    furthest = max(abs(x - y) for x, y in zip(a, b, strict=True))
    assert found.l_infinity == pytest.approx(furthest, abs=1e-12)
    alike = sum(sqrt(x * y) for x, y in zip(a, b, strict=True))
    assert found.hellinger**2 == pytest.approx(max(0.0, 1 - alike), abs=1e-12)
    assert found.before.value == pytest.approx(1 - a[0], abs=1e-12)
    distances = ("js_distance", "hellinger", "total_variation", "l_infinity", "psi")
    for figure in (*distances, "chi_square", "cramers_v"):
        one, other = getattr(found, figure), getattr(back, figure)
        assert one == other or one == pytest.approx(other, abs=1e-9)


@given(_LABELS)
def test_the_same_labels_have_not_moved(same: list[str]) -> None:
    """All distances are 0, in any order."""
    found = labels(Labelled(labels=same), Labelled(labels=sorted(same)))
    assert found.total_variation == found.l_infinity == found.hellinger == found.psi == 0
    assert found.js_distance == pytest.approx(0, abs=1e-7)
    if found.freedom:
        assert found.cramers_v == pytest.approx(0, abs=1e-7)


@given(some.integers(1, 40), some.data())
def test_binomial_tails_are_as_defined(items: int, data: some.DataObject) -> None:
    """Twice the smaller tail, summed term by term."""
    hits = data.draw(some.integers(0, items))
    rate = data.draw(some.sampled_from((0.001, 0.05, 0.5, 0.93)))
    terms = [comb(items, k) * rate**k * (1 - rate) ** (items - k) for k in range(items + 1)]
    wanted = min(1.0, 2 * min(sum(terms[: hits + 1]), sum(terms[hits:])))
    (found,) = two_sided(np.array([hits], float), np.array([items], float), np.array([rate]))
    assert found == pytest.approx(wanted, rel=1e-9, abs=1e-300)


@given(some.lists(some.floats(0, 1), min_size=1, max_size=20), some.floats(0.001, 0.5))
def test_holm_steps_down(p_values: list[float], alpha: float) -> None:
    """Those at most alpha are those that the procedure rejects, smallest first."""
    rejected = set()
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    for step, row in enumerate(order):
        if p_values[row] * (len(order) - step) > alpha:
            break
        rejected.add(row)
    found = holm(np.array(p_values))
    assert {row for row, p_value in enumerate(found) if p_value <= alpha} == rejected


@given(some.lists(some.sampled_from((0.0, 0.25, 1.0)), min_size=1, max_size=400), some.booleans())
def test_an_adaptive_window_is_the_end_of_its_stream(stream: list[float], jump: bool) -> None:  # noqa: FBT001 - drawn
    """Its width and mean are those of the last values, and it forgets only where it notices."""
    values = [*stream, *([1.0] * 200 if jump else [])]
    window, dropped = _Window(0.01), False
    for value in values:
        dropped = window.add(value) or dropped
    assert window.mean == pytest.approx(float(np.mean(values[-window.width :])))
    assert dropped == (window.width < len(values))


def entropy(shares: list[float]) -> float:
    """In bits."""
    return -sum(share * log2(share) for share in shares if share)
