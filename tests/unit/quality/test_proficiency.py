"""How often people are right is told with what is known of people in general."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine.quality.proficiency import Prior, proficiency

PRIOR = Prior(mean=0.92, strength=40)


def test_nine_of_ten_is_not_ninety_percent() -> None:
    """The mean of the definition in the books, and the ends of 90 % and 95 %."""
    told = proficiency(9, 10, prior=PRIOR, target=0.95)
    assert told.mean == pytest.approx(0.916, abs=0.0005)
    ninety = stats.beta.ppf([0.05, 0.95], 45.8, 4.2)
    assert ninety == pytest.approx([0.844, 0.969], abs=0.001)
    assert told.low == pytest.approx(0.826, abs=0.001)
    assert told.high == pytest.approx(0.975, abs=0.001)
    assert told.below_target == pytest.approx(stats.beta.cdf(0.95, 45.8, 4.2))


def test_of_whom_nothing_is_known() -> None:
    """What is known of people in general is all there is."""
    assert proficiency(0, 0, prior=PRIOR, target=0.95).mean == pytest.approx(0.92)


@given(
    answers=st.integers(0, 500),
    share=st.floats(0, 1),
    mean=st.floats(0.05, 0.95),
    strength=st.floats(1, 100),
)
def test_more_right_answers_are_better(
    answers: int, share: float, mean: float, strength: float
) -> None:
    """The interval holds the mean, and one more right answer raises it."""
    right = round(answers * share)
    prior = Prior(mean=mean, strength=strength)
    told = proficiency(right, answers, prior=prior, target=0.9)
    better = proficiency(right + 1, answers + 1, prior=prior, target=0.9)
    assert 0 <= told.low <= told.high <= 1
    assert told.mean < better.mean
    assert better.below_target <= told.below_target + 1e-9
