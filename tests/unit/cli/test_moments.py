"""Moments on the command line are read as in rules."""

import pytest
import typer

from engine.cli.moments import moment


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("86400", 86_400.0),
        ("1970-01-02", 86_400.0),
        ("1970-01-01T00:01:00Z", 60.0),
        ("1970-01-01 01:00 Europe/Berlin", 0.0),
    ],
)
def test_moments_are_seconds_or_dates(written: str, seconds: float) -> None:
    """A moment may be a number of seconds, a day, or a time of day with its zone."""
    assert moment(written) == seconds


def test_without_a_moment_it_is_now() -> None:
    """The clock is read here and nowhere else."""
    before, between, after = moment(None), moment(None), moment(None)
    assert before <= between <= after
    assert before > moment("2025-01-01")


@pytest.mark.parametrize("written", ["yesterday", "nan", "2026-13-01", ""])
def test_what_is_no_moment_is_a_usage_error(written: str) -> None:
    """A moment that cannot be read is named."""
    with pytest.raises(typer.BadParameter, match=r"is not a date|in the calendar"):
        moment(written)
