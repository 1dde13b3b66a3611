"""Figures say what was measured, and whether that is enough."""

import pytest

from engine.bench.figures import Figure, amount, markdown, text
from engine.bench.measure import percentile, runs_of


@pytest.mark.parametrize(
    ("figure", "reached"),
    [
        (Figure(name="a", value=8.0, unit="µs", at_most=8.0), True),
        (Figure(name="a", value=8.1, unit="µs", at_most=8.0), False),
        (Figure(name="a", value=1.9, unit="times", at_least=1.9), True),
        (Figure(name="a", value=1.8, unit="times", at_least=1.9), False),
        (Figure(name="a", value=1.8, unit="s"), None),
    ],
)
def test_a_bound_is_kept_or_not(figure: Figure, *, reached: bool | None) -> None:
    """On the line counts; without a bound there is nothing to reach."""
    assert figure.reached is reached


@pytest.mark.parametrize(
    ("number", "shown"),
    [(25_000.0, "25,000"), (17.26, "17.3"), (8.0, "8"), (5.81, "5.81"), (0.0123, "0.012")],
)
def test_numbers_have_as_many_digits_as_anybody_reads(number: float, shown: str) -> None:
    """Three digits, thousands with a comma."""
    assert amount(number) == shown


def test_a_table_tells_value_bound_and_answer() -> None:
    """A reader sees what was promised and what was measured in one line."""
    figure = Figure(name="work", value=7.0, unit="µs", at_most=8.0, note="quietly")
    assert list(markdown([figure]))[2] == "| work (quietly) | 7 µs | ≤ 8 µs | yes |"
    assert text(figure).split() == ["work", "7", "µs", "≤", "8", "µs", "yes", "quietly"]


def test_no_item_is_in_two_runs() -> None:
    """Warm-up and runs share nothing, and the runs are of the same size."""
    warm_up, runs = runs_of(range(100), 5)
    assert sorted([*warm_up, *(item for run in runs for item in run)]) == list(range(100))
    assert {len(run) for run in runs} == {18}


def test_percentiles_are_values_that_occurred() -> None:
    """The slowest of a thousand is not averaged away."""
    assert percentile([1.0] * 999 + [50.0], 0.999) == 50.0
    assert percentile([1.0, 2.0, 3.0], 0.5) == 2.0
