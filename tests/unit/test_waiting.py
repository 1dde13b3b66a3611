"""Waits that can be worked out otherwise, and what cannot be told at all."""

from dataclasses import replace
from math import isclose, log

import pytest

from engine.waiting import Handling, Overtaking, Pace, Wait, expected_wait, pace_of

_HOUR = 3_600.0


def test_nothing_is_said_where_nothing_was_decided() -> None:
    """However few stand before it, and whatever is known of the time people take."""
    pace = Pace(completions=0, window=_HOUR)
    handling = Handling(log_mean=log(60), log_deviation=0.5)
    assert expected_wait(0, pace, handling=handling) is None


def test_what_is_too_old_says_nothing() -> None:
    """An hour that ended days ago with a single decision is no ground for a promise."""
    old = Pace(completions=1, window=_HOUR, age=48 * _HOUR)
    assert expected_wait(0, old) is None
    assert expected_wait(0, replace(old, completions=1_000)) is not None


def test_much_data_leave_the_chance_of_the_process_alone() -> None:
    """Then a case that is next waits exponentially: ln 2 and ln 10 of the time between two."""
    wait = expected_wait(0, Pace(completions=10**7, window=10.0**7))
    assert wait is not None
    assert isclose(wait.p50, log(2), rel_tol=1e-4)
    assert isclose(wait.p90, log(10), rel_tol=1e-4)


def test_little_data_make_the_rate_uncertain() -> None:
    """After one completion the next takes t or less by the closed form 1 - (1 + t)^-1.5."""
    wait = expected_wait(0, Pace(completions=1, window=1.0))
    assert wait is not None
    assert isclose(1 - (1 + wait.p50) ** -1.5, 0.5, rel_tol=1e-9)
    assert isclose(1 - (1 + wait.p90) ** -1.5, 0.9, rel_tol=1e-9)


def test_a_long_queue_waits_for_its_share_of_the_pace() -> None:
    """The median is the cases over the rate, and the interval is close around it."""
    wait = expected_wait(999, Pace(completions=3_600, window=_HOUR))
    assert wait is not None
    assert isclose(wait.p50, 1_000, rel_tol=0.01)
    assert 1_000 < wait.p90 < 1_060


def test_no_case_is_decided_faster_than_people_work() -> None:
    """With twenty at work a decision comes each few seconds, and still takes each of them long."""
    pace = Pace(completions=400, window=_HOUR)
    handling = Handling(log_mean=log(180), log_deviation=0.5)
    assert expected_wait(0, pace, handling=handling) == Wait(p50=handling.p50, p90=handling.p90)
    assert isclose(handling.p50, 180)
    assert isclose(handling.p90, 341.6, rel_tol=1e-3)


def test_who_comes_into_a_pause_waits_for_the_rest_of_it() -> None:
    """All of a day were decided in one burst: the next case may wait for the next burst."""
    burst = Pace(completions=100, window=24 * _HOUR, dispersion=100.0)
    wait = expected_wait(0, burst)
    assert wait is not None
    assert 2 * _HOUR < wait.p50 < 24 * _HOUR < wait.p90


def test_urgent_cases_take_their_share_of_the_pace() -> None:
    """Half of the pace goes to those that overtake: the wait is twice as long."""
    pace = Pace(completions=36_000, window=_HOUR)
    overtaking = [Overtaking(arrivals=18_000, period=4 * _HOUR)]
    alone, overtaken = expected_wait(999, pace), expected_wait(999, pace, overtaking=overtaking)
    assert alone is not None
    assert overtaken is not None
    assert isclose(overtaken.p50, 2 * alone.p50, rel_tol=0.01)


def test_a_case_that_has_aged_enough_is_overtaken_no_more() -> None:
    """More urgent ones come than are decided, for ever: it waits for those of one period."""
    pace = Pace(completions=3_600, window=_HOUR)
    wait = expected_wait(999, pace, overtaking=[Overtaking(arrivals=7_200, period=_HOUR)])
    assert wait is not None
    assert isclose(wait.p50, 1_000 + 7_200, rel_tol=0.01)


def test_each_kind_that_overtakes_does_so_for_its_own_time() -> None:
    """Urgent ones for two hours, high ones for one: μ·w = n + Σ λ·min(w, A), solved by hand."""
    kinds = [Overtaking(arrivals=1_800, period=_HOUR), Overtaking(arrivals=900, period=2 * _HOUR)]
    wait = expected_wait(2_699, Pace(completions=3_600, window=_HOUR), overtaking=kinds)
    assert wait is not None
    assert isclose(wait.p50, (2_700 + 1_800) / 0.75, rel_tol=0.01)


@pytest.mark.parametrize(
    ("counts", "dispersion"),
    [
        ([5, 5, 5, 5, 5, 5], 1.0),
        ([0, 0, 0, 0, 0, 0], 1.0),
        ([7], 1.0),
        ([0] * 7 + [8], 8.0),
        ([0] * 14 + [4, 4], 8.0),
        ([0, 8] * 8, 64 / 15),
    ],
)
def test_shifts_show_in_the_dispersion_of_bins(counts: list[int], dispersion: float) -> None:
    """A Poisson process has one of 1; bins that are alike side by side are looked at together."""
    pace = pace_of(counts, 300.0)
    assert (pace.completions, pace.window) == (sum(counts), 300.0 * len(counts))
    assert isclose(pace.dispersion, dispersion)
