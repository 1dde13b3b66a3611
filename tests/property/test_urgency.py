"""What holds of the order in which cases are handed out, whatever they are."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from engine.urgency import Terms, Urgency, Weights, rank_of, terms_of
from engine.verdict import Severity
from queues.sections import Priority
from queues.store.ranking import weights_of

_NOW = 1.8e9
_AMOUNTS = st.floats(0.0, 1e9)
_STEPS = st.floats(0.0, 100.0)
_WEIGHTS = st.builds(
    Weights,
    ageing=st.floats(1.0, 1e6),
    severities=st.fixed_dictionaries(dict.fromkeys(Severity, _AMOUNTS)),
    reach_unknown=st.floats(1.0, 1e10),
    probability_unknown=st.floats(0.0, 1.0),
    full=st.floats(1.0, 1e20),
    risk_steps=_STEPS,
    deadline_share=st.floats(0.0, 1.0),
    deadline_steps=_STEPS,
)
_SHIPPED = weights_of(14_400.0, Priority())
_CASES = st.builds(
    Urgency,
    steps=st.integers(0, 3),
    severity=st.sampled_from(Severity),
    reach=st.none() | st.floats(0.0, 1e300),
    probability=st.none() | st.floats(0.0, 1.0),
    since=st.floats(_NOW - 1e8, _NOW),
    due=st.floats(_NOW - 1e8, _NOW + 1e8),
)
#: Ranks are whole seconds.
_ROUNDED = 1


@given(_CASES, _CASES, _WEIGHTS)
def test_nothing_starves(case: Urgency, other: Urgency, weights: Weights) -> None:
    """Nothing that comes `most_passed` seconds later goes first, whatever the two are."""
    came = case.since + weights.most_passed + _ROUNDED
    later = replace(other, since=came, due=came + other.due - other.since)
    assert rank_of(case, weights) <= rank_of(later, weights)


def test_nothing_is_promised_that_is_not_needed() -> None:
    """Just before, the most urgent case there can be does pass the least urgent one."""
    least = _case(steps=3, severity=Severity.LOW, probability=0.0, due=_NOW + 1e8)
    passes = {}
    for seconds in (-2, 0, 2):
        came = _NOW + _SHIPPED.most_passed + seconds
        most = _case(
            steps=0,
            severity=Severity.CRITICAL,
            reach=1e10,
            probability=1.0,
            since=came,
            due=came,
        )
        passes[seconds] = rank_of(most, _SHIPPED) < rank_of(least, _SHIPPED)
    assert passes == {-2: True, 0: False, 2: False}


@given(_CASES, st.integers(1, 3), st.floats(0.0, 0.999))
def test_priorities_are_steps_of_ageing(case: Urgency, higher: int, part: float) -> None:
    """Of two that differ in nothing else, the higher passes what came up to so many periods ago.

    So urgent comes before high before normal before low within one period, as long as it is set.
    """
    least = replace(case, steps=3)
    late = (higher - 1 + part) * _SHIPPED.ageing
    urgent = replace(case, steps=3 - higher, since=case.since + late, due=case.due + late)
    assert rank_of(urgent, _SHIPPED) < rank_of(least, _SHIPPED)
    later = higher * _SHIPPED.ageing + _ROUNDED
    passed = replace(urgent, since=case.since + later, due=case.due + later)
    assert rank_of(passed, _SHIPPED) >= rank_of(least, _SHIPPED)


@given(_CASES, _CASES, _WEIGHTS, st.floats(0.0, 1e8))
def test_all_age_alike(one: Urgency, other: Urgency, weights: Weights, later: float) -> None:
    """The order of two cases is the same at any time, but for what is rounded."""
    first = rank_of(one, weights) - rank_of(other, weights)
    both = [replace(each, since=each.since + later, due=each.due + later) for each in (one, other)]
    second = rank_of(both[0], weights) - rank_of(both[1], weights)
    assert abs(first - second) <= 2 * _ROUNDED


@given(_CASES, _WEIGHTS, st.floats(1.0, 1e6), st.floats(0.0, 1.0), st.floats(0.0, 1e7))
def test_what_makes_it_worse_makes_it_no_later(
    case: Urgency, weights: Weights, more: float, surer: float, sooner: float
) -> None:
    """More people, a surer rule, a nearer deadline."""
    reach = 1.0 if case.reach is None else case.reach
    sure = 0.0 if case.probability is None else case.probability
    known = replace(case, reach=reach, probability=sure)
    for worse in (
        replace(known, reach=reach + more),
        replace(known, probability=max(sure, surer)),
        replace(known, due=known.due - sooner),
    ):
        assert rank_of(worse, weights) <= rank_of(known, weights)


@given(_CASES, _WEIGHTS)
def test_each_part_is_bounded(case: Urgency, weights: Weights) -> None:
    """By as many steps as the settings say, and none counts the wrong way."""
    terms = terms_of(case, weights)
    assert terms.priority == case.steps * weights.ageing
    assert 0 <= terms.deadline <= weights.deadline_steps * weights.ageing
    assert 0 <= terms.risk <= weights.risk_steps * weights.ageing


def test_the_worked_example() -> None:
    """As config/README.md has it: 100 times 1,200 times 0.83 counts as five ninths of a step."""
    case = _case(
        steps=2,
        severity=Severity.HIGH,
        reach=1_200.0,
        probability=0.83,
        due=_NOW + 12 * 3_600,
    )
    terms = terms_of(case, _SHIPPED)
    rounded = Terms(priority=terms.priority, deadline=terms.deadline, risk=float(round(terms.risk)))
    assert rounded == Terms(priority=28_800.0, deadline=10_800.0, risk=7_997.0)
    assert rank_of(case, _SHIPPED) == _NOW + 31_602


def test_what_nobody_told_is_assumed() -> None:
    """As the settings say, and nobody at all is one person."""
    weights = replace(_SHIPPED, reach_unknown=500.0, probability_unknown=0.25)
    told = _case(reach=500.0, probability=0.25)
    assert terms_of(_case(reach=None, probability=None), weights) == terms_of(told, weights)
    assert terms_of(_case(reach=0.0), weights) == terms_of(_case(reach=1.0), weights)
    assert terms_of(_case(reach=None), weights) != terms_of(_case(reach=1.0), weights)


def _case(
    *,
    steps: int = 2,
    severity: Severity = Severity.MEDIUM,
    reach: float | None = 1.0,
    probability: float | None = 0.5,
    since: float = _NOW,
    due: float = _NOW + 86_400.0,
) -> Urgency:
    return Urgency(
        steps=steps,
        severity=severity,
        reach=reach,
        probability=probability,
        since=since,
        due=due,
    )
