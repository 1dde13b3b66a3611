"""Majorities of people who err together."""

from math import comb

import numpy as np
import pytest
from scipy.stats import norm

from engine.certifying import panel_accuracy
from engine.errors import CannotCertify


@pytest.mark.parametrize(
    ("size", "right"), [(3, (0.982, 0.9635, 0.9443)), (5, (0.9955, 0.9764, 0.9517))]
)
def test_panels_of_reviewers_of_92_percent(size: int, right: tuple[float, ...]) -> None:
    """At correlations of 0, .3 and .6: more members help little where they err together."""
    found = [panel_accuracy(size, 0.92, correlation) for correlation in (0.0, 0.3, 0.6)]
    assert found == pytest.approx(right, abs=2e-4)


@pytest.mark.parametrize(("size", "accuracy"), [(1, 0.7), (3, 0.92), (7, 0.55), (9, 0.3)])
def test_members_on_their_own_are_binomial(size: int, accuracy: float) -> None:
    """Condorcet's jury."""
    wanted = sum(
        comb(size, right) * accuracy**right * (1 - accuracy) ** (size - right)
        for right in range(size // 2 + 1, size + 1)
    )
    assert panel_accuracy(size, accuracy, 0) == pytest.approx(wanted, abs=1e-9)


@pytest.mark.parametrize("correlation", [0, 0.5, 0.99, 1])
def test_one_member_is_as_right_as_alone(correlation: float) -> None:
    """Whatever the correlation; and where all err together, so is a panel."""
    assert panel_accuracy(1, 0.92, correlation) == pytest.approx(0.92, abs=1e-6)
    assert panel_accuracy(5, 0.92, 1) == 0.92


def test_it_is_what_a_draw_gives() -> None:
    """Members drawn one by one from the model."""
    dice = np.random.default_rng(3)
    shared, own = dice.standard_normal((200_000, 1)), dice.standard_normal((200_000, 5))
    errs = np.sqrt(0.4) * shared + np.sqrt(0.6) * own > norm.ppf(0.85)
    assert panel_accuracy(5, 0.85, 0.4) == pytest.approx((errs.sum(axis=1) < 3).mean(), abs=0.003)


@pytest.mark.parametrize(
    ("size", "accuracy", "correlation"), [(2, 0.9, 0), (0, 0.9, 0), (3, 1, 0), (3, 0.9, 1.1)]
)
def test_what_is_no_panel_is_refused(size: int, accuracy: float, correlation: float) -> None:
    """An even panel may be split, and then nobody is right."""
    with pytest.raises(CannotCertify):
        panel_accuracy(size, accuracy, correlation)
