"""What is true and who errs: the example of the article, and what a simulation put in."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from engine.quality.dawid_skene import Fit, Model, NoTruth, Truth, estimate
from engine.quality.measures import State

#: Table 1 of the article: 45 patients, five anaesthetists, the first of whom voted three times.
PATIENTS = """
1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433 2222223 2322223 4444444 2223343
1111111 2223212 1211111 1112111 1111111 1111111 2222221 2221322 2222222 2222221 2223222 2212222
1111111 1111111 2322222 1111111 1111111 1121121 1111111 3333233 1111111 2222222 2223232 4334343
2212232 2323233 3333432 1111111 1111111 1212111 2322222 1211111 2222222
"""
VOTES = [
    (patient, rater, label)
    for patient, row in enumerate(PATIENTS.split(), start=1)
    for rater, label in zip((1, 1, 1, 2, 3, 4, 5), row, strict=True)
]


def test_the_anaesthetists() -> None:
    """Prevalences .40, .42, .11 and .07; the article's first observer errs as told there."""
    found = estimate(VOTES, taxonomy="1234", fit=Fit(smoothing=0))
    assert isinstance(found, Truth)
    assert found.converged
    assert [round(each, 2) for each in found.prevalence] == [0.40, 0.42, 0.11, 0.07]
    assert np.round(found.raters[1].confusion[:2], 2).tolist() == [
        [0.89, 0.11, 0, 0],
        [0.07, 0.88, 0.05, 0],
    ]


@pytest.mark.parametrize("model", list(Model))
def test_what_was_put_in_comes_out(model: Model) -> None:
    """Accuracies to two hundredths, with gaps, beside somebody who always says the same."""
    dice = np.random.default_rng(3)
    truth = dice.random(4_000) < 0.3
    accuracies = {"a": 0.95, "b": 0.85, "c": 0.7, "d": 0.9}
    votes = [
        (item, name, bool(true) == (dice.random() < right))
        for item, true in enumerate(truth)
        for name, right in accuracies.items()
        if dice.random() < 0.8
    ]
    if model is Model.CONFUSION:  # of whom one accuracy says the wrong thing
        votes += [(item, "same", False) for item in range(4_000)]
    found = estimate(votes, fit=Fit(model=model))
    assert isinstance(found, Truth)
    for name, right in accuracies.items():
        assert found.raters[name].accuracy == pytest.approx(right, abs=0.025)
    yes = found.labels.index(True)
    assert found.prevalence[yes] == pytest.approx(0.3, abs=0.02)
    if model is Model.CONFUSION:
        assert found.rates("same", found.labels[yes]) == pytest.approx((0, 1), abs=0.01)
        assert found.rates("b", found.labels[yes]) == pytest.approx((0.85, 0.85), abs=0.03)


@pytest.mark.parametrize("model", list(Model))
def test_more_rounds_are_never_less_likely(model: Model) -> None:
    """Without smoothing the likelihood rises from round to round."""
    fits = [Fit(model=model, smoothing=0, rounds=each, tolerance=0) for each in range(1, 20)]
    found = [estimate(VOTES, fit=fit) for fit in fits]
    reached = [each.log_likelihood for each in found if isinstance(each, Truth)]
    assert len(reached) == 19
    assert all(later >= earlier - 1e-9 for earlier, later in pairwise(reached))
    assert reached[-1] > reached[0] + 1


def test_where_nothing_can_be_told() -> None:
    """Two raters, one label, nothing at all; unknown labels are counted and left out."""
    pair = [vote for vote in VOTES if vote[1] in {1, 2}]
    for votes, state in ((pair, State.INSUFFICIENT_DATA), ([], State.INSUFFICIENT_DATA)):
        found = estimate(votes)
        assert isinstance(found, NoTruth)
        assert found.state is state
    same = estimate([(item, rater, "1") for item, rater, _ in VOTES])
    assert isinstance(same, NoTruth)
    assert same.state is State.ONE_CATEGORY
    known = estimate(VOTES, taxonomy="123")
    assert known.unknown == Counter(label for *_, label in VOTES)["4"]
