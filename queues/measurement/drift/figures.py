"""Figures of drift, each with what it rests on and whether it alarms, from columns of windows."""

from collections.abc import Sequence
from typing import Final

from engine.drift import (
    Change,
    Errors,
    Expected,
    Gap,
    Gates,
    Insufficient,
    LabelDrift,
    Labelled,
    Limit,
    Passed,
    Rate,
    RuleDrift,
    ScoreDrift,
    Size,
    Surprise,
    Telling,
    Undefined,
    VocabularyDrift,
    expected,
    gap,
    label_drift,
    performance,
    rate,
    rule_drift,
    score_drift,
    vocabulary_drift,
)
from engine.quality.measures import State
from queues.measurement.drift.drawing import Span
from queues.measurement.drift.report import (
    ErrorWindow,
    ExpectedFigure,
    GapFigure,
    LabelFigure,
    PerformanceFigure,
    RuleFigure,
    ScoreFigure,
    Share,
    Standing,
    VocabularyFigure,
)
from queues.measurement.drift.windows import FINE, Labels, Passes, Sample, Seen
from queues.sections import Drift

_SEED: Final = 2_011
_VIOLATION: Final = "violation"


def scores(before: Seen, now: Seen, given: Drift) -> tuple[ScoreFigure, ...]:
    """How far the scores of each field have moved that either window has."""
    return tuple(
        _score(field, before.scores.get(field, []), now.scores.get(field, []), given)
        for field in sorted({*before.scores, *now.scores})
    )


def labels(before: Labels, now: Labels, given: Drift) -> tuple[LabelFigure, ...]:
    """How far people's labels have moved: all of them, then those of each policy."""
    policies = sorted({*before.labels, *now.labels} - {FINE})
    mixed = _label(None, before, now, [*policies, FINE], policies, given)
    alone = (
        _label(
            policy,
            _only(policy, before),
            _only(policy, now),
            [_VIOLATION, FINE],
            [_VIOLATION],
            given,
        )
        for policy in policies
    )
    return (mixed, *alone)


def vocabulary(before: Seen, now: Seen, given: Drift) -> VocabularyFigure:
    """How far the words of texts have moved."""
    telling = Telling(seed=_SEED, least=given.least)
    found = vocabulary_drift(before.texts, now.texts, telling=telling)
    if not isinstance(found, VocabularyDrift):
        return VocabularyFigure(standing=_none(found, given.least, len(now.texts)))
    return VocabularyFigure(
        standing=Standing(n=found.n_current, needs=given.least),
        out_of_vocabulary=found.out_of_vocabulary,
        auc=found.auc,
        low=found.interval.low,
        high=found.interval.high,
    )


def errors(windows: Sequence[tuple[Span, Sample]], now: Seen, given: Drift) -> PerformanceFigure:
    """How often the machine errs by its quality sample, and by its own scores.

    Args:
        windows: From the oldest to the newest, the current one.
        now: The current window.
        given: Settings.
    """
    limit = Limit(error=given.error, windows=given.windows, least=given.least)
    samples = [Errors(wrong=each.wrong, probabilities=each.inclusion) for _, each in windows]
    found = performance(samples, limit)
    expectation = expected(now.chances, now.acted, least=given.least)
    newest = windows[-1][1]
    observed = rate(newest.wrong, newest.inclusion, least=given.least, what="quality sample")
    between = gap(expectation, observed, tolerance=given.tolerance)
    told = [each for each in found.windows if isinstance(each, Rate)]
    return PerformanceFigure(
        limit=given.error,
        windows=tuple(
            _error_window(span, one, given)
            for (span, _), one in zip(windows, found.windows, strict=True)
        ),
        above=found.above,
        standing=_none(found.alarm, given.windows)
        if isinstance(found.alarm, Insufficient)
        else Standing(n=len(told), needs=given.windows),
        alarm=found.alarm is True,
        expected=_expected(expectation, given),
        gap=_gap(between, len(newest.wrong), given),
    )


def rules(before: Passes, now: Passes, given: Drift) -> tuple[RuleFigure, ...]:
    """What became of each rule of either window."""
    surprise = Surprise(
        alpha=given.alpha,
        ratio=given.ratio,
        effect=given.effect,
        least=given.least,
        history=given.history,
    )
    found = rule_drift(_passed(before), _passed(now), surprise=surprise)
    return tuple(_rule(name, found[name], now.items[name], given) for name in sorted(found))


def _score(field: str, before: Sequence[float], now: Sequence[float], given: Drift) -> ScoreFigure:
    gates = _gates(given)
    found = score_drift(before, now, gates=gates, least=given.least)
    if not isinstance(found, ScoreDrift):
        return ScoreFigure(field=field, standing=_none(found, given.least))
    undefined = isinstance(found.size, Undefined)
    return ScoreFigure(
        field=field,
        standing=_none(found.size, given.least, found.n_current)
        if isinstance(found.size, Undefined)
        else Standing(n=found.n_current, needs=given.least),
        psi=_number(found.psi),
        null_mean=None if undefined else found.null_mean,
        js_distance=_number(found.js_distance),
        hellinger=_number(found.hellinger),
        ks=found.ks,
        wasserstein=found.wasserstein,
        bins=found.bins,
        size=None if isinstance(found.size, Undefined) else found.size.value,
        alarm=found.size is Size.LARGE,
    )


def _label(
    policy: str | None,
    before: Labels,
    now: Labels,
    categories: Sequence[str],
    violations: Sequence[str],
    given: Drift,
) -> LabelFigure:
    found = label_drift(
        Labelled(labels=before.labels, probabilities=before.inclusion),
        Labelled(labels=now.labels, probabilities=now.inclusion),
        categories=categories,
        violations=violations,
        least=given.least,
    )
    if not isinstance(found, LabelDrift):
        return LabelFigure(policy=policy, standing=_none(found, given.least))
    size = _gates(given).size(found.psi)
    return LabelFigure(
        policy=policy,
        standing=Standing(n=found.now.n, needs=given.least),
        before=_share(found.before),
        now=_share(found.now),
        chi_square=_number(found.chi_square),
        p_value=_number(found.p_value),
        cramers_v=_number(found.cramers_v),
        js_distance=found.js_distance,
        hellinger=found.hellinger,
        total_variation=found.total_variation,
        l_infinity=found.l_infinity,
        psi=found.psi,
        size=size.value,
        alarm=size is Size.LARGE and _is_sure(found, given),
    )


def _is_sure(found: LabelDrift, given: Drift) -> bool:
    """Whether a large shift of labels is more than chance: a label that is missing makes PSI large.

    Where chi-square cannot be read, intervals of violations have to lie apart.
    """
    if isinstance(found.p_value, float):
        return found.p_value < given.alpha
    return found.before.high < found.now.low or found.now.high < found.before.low


def _only(policy: str, given: Labels) -> Labels:
    """Whether each is a violation of a policy."""
    told = [_VIOLATION if label == policy else FINE for label in given.labels]
    return Labels(labels=told, inclusion=given.inclusion)


def _error_window(span: Span, found: Rate | Insufficient, given: Drift) -> ErrorWindow:
    if isinstance(found, Insufficient):
        return ErrorWindow(since=span.since, until=span.until, standing=_none(found, given.least))
    return ErrorWindow(
        since=span.since,
        until=span.until,
        standing=Standing(n=found.n, needs=given.least),
        error=_share(found),
    )


def _expected(found: Expected | Insufficient, given: Drift) -> ExpectedFigure:
    if isinstance(found, Insufficient):
        return ExpectedFigure(standing=_none(found, given.least))
    return ExpectedFigure(
        standing=Standing(n=found.n, needs=given.least),
        value=found.error,
        low=found.interval.low,
        high=found.interval.high,
    )


def _gap(found: Gap | Insufficient, n: int, given: Drift) -> GapFigure:
    if isinstance(found, Insufficient):
        return GapFigure(standing=_none(found, given.least))
    return GapFigure(
        standing=Standing(n=n, needs=given.least),
        value=found.value,
        low=found.interval.low,
        high=found.interval.high,
        alarm=found.signal,
    )


def _rule(name: str, found: RuleDrift | Insufficient, items: int, given: Drift) -> RuleFigure:
    if isinstance(found, Insufficient):
        return RuleFigure(rule=name, standing=_none(found, given.least))
    return RuleFigure(
        rule=name,
        standing=Standing(n=items, needs=given.least),
        before=found.before,
        now=found.now,
        ratio=found.ratio,
        adjusted=found.adjusted,
        silence=found.silence,
        change=found.change.value,
        alarm=found.change is not Change.STEADY,
    )


def _passed(given: Passes) -> dict[str, Passed]:
    return {name: Passed(hits=given.hits[name], items=items) for name, items in given.items.items()}


def _none(why: Insufficient | Undefined, needs: int, n: int = 0) -> Standing:
    """There is no figure: of how many, where that is not the reason."""
    if isinstance(why, Insufficient):
        return Standing(state=State.INSUFFICIENT_DATA, why=str(why), n=why.n, needs=why.needs)
    return Standing(state=State[why.name], why=why.value, n=n, needs=needs)


def _number(figure: float | Undefined) -> float | None:
    return None if isinstance(figure, Undefined) else figure


def _share(found: Rate) -> Share:
    return Share(
        value=found.value, low=found.low, high=found.high, n=found.n, effective=found.effective
    )


def _gates(given: Drift) -> Gates:
    return Gates(moderate=given.moderate, large=given.large)
