"""What holds of every estimate of a wait."""

from dataclasses import replace
from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from engine.waiting import Handling, Overtaking, Pace, expected_wait

_NEARLY = 1.0 + 1e-9

_AHEAD = st.integers(0, 100_000)


def _pace(completions: int, window: float, unevenness: float, age: float) -> Pace:
    """One that can tell: no less even than all at once, and no older than it is long."""
    dispersion = 1.0 + unevenness * (completions - 1)
    return Pace(completions=completions, window=window, dispersion=dispersion, age=age * window)


_SHARES = st.floats(0.0, 1.0)
_PACES = st.builds(_pace, st.integers(1, 100_000), st.floats(60.0, 1e6), _SHARES, _SHARES)
_OVERTAKING = st.lists(
    st.builds(Overtaking, arrivals=st.integers(0, 100_000), period=st.floats(60.0, 1e5)),
    max_size=3,
)
_HANDLING = st.none() | st.builds(
    Handling, log_mean=st.floats(-3.0, 10.0), log_deviation=st.floats(0.0, 3.0)
)


@given(_AHEAD, _PACES, _OVERTAKING, _HANDLING)
def test_nine_in_ten_wait_no_shorter_than_half(
    ahead: int, pace: Pace, overtaking: list[Overtaking], handling: Handling | None
) -> None:
    """And all wait some time."""
    wait = expected_wait(ahead, pace, overtaking=overtaking, handling=handling)
    assert wait is not None
    assert 0.0 < wait.p50 <= wait.p90 < float("inf")


@given(_AHEAD, st.integers(1, 1_000), _PACES, _OVERTAKING, _HANDLING)
def test_more_before_it_is_no_shorter_wait(
    ahead: int, more: int, pace: Pace, overtaking: list[Overtaking], handling: Handling | None
) -> None:
    """Whatever else is known."""
    nearer = expected_wait(ahead, pace, overtaking=overtaking, handling=handling)
    farther = expected_wait(ahead + more, pace, overtaking=overtaking, handling=handling)
    assert nearer is not None
    assert farther is not None
    assert nearer.p50 <= farther.p50 * _NEARLY
    assert nearer.p90 <= farther.p90 * _NEARLY


@given(_AHEAD, _PACES, _OVERTAKING, st.floats(0.001, 1_000.0))
def test_time_has_no_unit(
    ahead: int, pace: Pace, overtaking: list[Overtaking], factor: float
) -> None:
    """Seconds in, seconds out; hours in, hours out."""
    scaled = replace(pace, window=pace.window * factor, age=pace.age * factor)
    later = [replace(kind, period=kind.period * factor) for kind in overtaking]
    wait = expected_wait(ahead, pace, overtaking=overtaking)
    other = expected_wait(ahead, scaled, overtaking=later)
    assert wait is not None
    assert other is not None
    assert isclose(other.p50, wait.p50 * factor, rel_tol=1e-6)
    assert isclose(other.p90, wait.p90 * factor, rel_tol=1e-6)


@given(_AHEAD, _PACES, st.integers(2, 50))
def test_more_data_at_the_same_rate_narrow_the_interval(ahead: int, pace: Pace, times: int) -> None:
    """As a window does that is longer by as much as more was decided in it."""
    fresh = replace(pace, age=0.0)
    longer = replace(fresh, completions=fresh.completions * times, window=fresh.window * times)
    assert _ratio(ahead, longer) <= _ratio(ahead, fresh) * _NEARLY


@given(_AHEAD, _PACES, _SHARES, _SHARES)
def test_old_data_and_uneven_work_widen_the_interval(
    ahead: int, pace: Pace, older: float, unevenness: float
) -> None:
    """What was seen long ago says less, and so does what comes in shifts."""
    plain = _ratio(ahead, pace)
    age = pace.age + older * (pace.window - pace.age)
    assert plain <= _ratio(ahead, replace(pace, age=age)) * _NEARLY
    dispersion = pace.dispersion + unevenness * (pace.completions - pace.dispersion)
    assert plain <= _ratio(ahead, replace(pace, dispersion=dispersion)) * _NEARLY


@given(_AHEAD, _PACES, _OVERTAKING)
def test_nobody_waits_shorter_for_being_overtaken(
    ahead: int, pace: Pace, overtaking: list[Overtaking]
) -> None:
    """Nine in ten cases are promised no more than without those that go first."""
    alone = expected_wait(ahead, pace)
    overtaken = expected_wait(ahead, pace, overtaking=overtaking)
    assert alone is not None
    assert overtaken is not None
    assert alone.p90 <= overtaken.p90 * _NEARLY


def _ratio(ahead: int, pace: Pace) -> float:
    wait = expected_wait(ahead, pace)
    assert wait is not None
    return wait.p90 / wait.p50
