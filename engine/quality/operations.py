"""How the work goes: automation, deadlines, queues, second looks, false positives, learning.

Moments are seconds since any fixed moment, the same for all. Where moments are out of order (a
decision before what it decides came in) the record is left out, and its name is told: one such row
is no reason to show nothing, and no reason to be silent.
"""

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from engine.errors import InvalidFigure
from engine.quality.proportions import ENOUGH, Share, by_key, share, weighted_share
from engine.quality.survival import Quantile, Waited, quantile

_MOST: Final = 0.95


class Kind(StrEnum):
    """Whose second look it was. They are never added up: each sees other decisions."""

    #: A panel over one reviewer.
    PANEL = "panel"
    #: The quality sample over the machine.
    SAMPLE = "sample"
    #: Appeals over what was appealed; who appeals selects themselves.
    APPEAL = "appeal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A case with a deadline."""

    case: str
    came: float
    """When it was first enqueued; skipping or requeueing does not change it."""
    due: float
    decided: float | None = None
    """None: it is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Punctuality:
    """How deadlines are kept."""

    on_time: Share
    """Of all that fell due."""
    open: int
    """Of the misses, those that are still open."""
    out_of_order: tuple[str, ...]
    """Cases that were due or decided before they came: left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How old what waits is."""

    n: int
    oldest: float | None
    """Seconds; None: nothing waits."""
    p95: float | None
    """The smallest age, in seconds, that 95 of 100 do not exceed."""
    overdue: Share
    out_of_order: tuple[str, ...]
    """Cases that came later than now, or were due before they came: left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondLook:
    """What became of a decision that was looked at again."""

    kind: Kind
    overturned: bool
    weight: float = 1.0
    """1/π, π the chance of the look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FalsePositives:
    """How often something is wrongly flagged; both, as either alone can look good."""

    fdr: Share
    """Of what was flagged, what was fine: FP / (TP + FP)."""
    fpr: Share
    """Of what was fine, what was flagged: FP / (FP + TN)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validated:
    """A final decision that a senior looked at, blind."""

    tier: str
    upheld: bool
    weight: float = 1.0
    """1/π, π the chance at which it was drawn of all final decisions."""
    times: int = 1
    """Of how many that are alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """How often a senior upholds a final decision."""

    overall: Share
    """Of all tiers, each weighing as much as it decides."""
    by_tier: dict[str, Share]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """A label, and when a model that learnt from it first decided something."""

    label: str
    given: float
    live: float | None = None
    """None: none has yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """How long labels take to have an effect; those that have none yet are counted in."""

    p50: Quantile
    p90: Quantile
    out_of_order: tuple[str, ...]
    """Labels given after now, or after they had an effect, or with one later than now: left out."""


def automation(decisions: Iterable[tuple[Hashable | None, bool]], *, needs: int = ENOUGH) -> Share:
    """The share of final decisions that no person touched.

    Args:
        decisions: Of each the group of its duplicates (None: it has none), and whether a person
            touched it. A group is one decision, a person's where a person touched any of it.
        needs: Of fewer no share is told.
    """
    touched: dict[Hashable, bool] = {}
    alone: list[bool] = []
    for group, by_person in decisions:
        if group is None:
            alone.append(by_person)
        else:
            touched[group] = touched.get(group, False) or by_person
    each = [*alone, *touched.values()]
    return share(len(each) - sum(each), len(each), needs=needs)


def punctuality(
    cases: Iterable[Due], *, since: float, until: float, needs: int = ENOUGH
) -> Punctuality:
    """How deadlines that fell in a window are kept: what is open and overdue is a miss.

    Args:
        cases: Those that are withdrawn have no deadline and do not belong here.
        since: Where the window begins.
        until: Where it ends, now at the latest; a deadline at it is after it.
        needs: Of fewer no share is told.
    """
    _check_window(since, until)
    fell = [each for each in cases if since <= each.due < until]
    wrong = [each for each in fell if _out_of_order(each)]
    told = [each for each in fell if not _out_of_order(each)]
    kept = sum(each.decided is not None and each.decided <= each.due for each in told)
    return Punctuality(
        on_time=share(kept, len(told), needs=needs),
        open=sum(each.decided is None for each in told),
        out_of_order=tuple(each.case for each in wrong),
    )


def waiting_now(cases: Iterable[Due], *, now: float, needs: int = ENOUGH) -> Waiting:
    """How old what waits is; what is decided does not wait.

    Args:
        cases: Of the queue.
        now: The moment of which it is told.
        needs: Of fewer the share that is overdue is not told.
    """
    still = [each for each in cases if each.decided is None]
    wrong = [each for each in still if each.came > now or _out_of_order(each)]
    told = [each for each in still if each.came <= now and not _out_of_order(each)]
    ages = np.array([now - each.came for each in told])
    return Waiting(
        n=len(told),
        oldest=float(ages.max()) if told else None,
        p95=float(np.quantile(ages, _MOST, method="inverted_cdf")) if told else None,
        overdue=share(sum(each.due < now for each in told), len(told), needs=needs),
        out_of_order=tuple(each.case for each in wrong),
    )


def overturned(looks: Iterable[SecondLook], *, needs: int = ENOUGH) -> dict[Kind, Share]:
    """The share of decisions that a second look overturned, by kind; each kind is there."""
    found = by_key(((each.kind, each.overturned, each.weight) for each in looks), needs=needs)
    return {kind: found.get(kind, share(0, 0, needs=needs)) for kind in Kind}


def false_positives(
    flagged: Sequence[bool],
    violating: Sequence[bool],
    weights: Sequence[float] | None = None,
    *,
    needs: int = ENOUGH,
) -> FalsePositives:
    """How often the machine, or a rule of it, is wrong to flag.

    Args:
        flagged: Of each item that people judged.
        violating: What they judged.
        weights: 1/π of each item; None: they are a random sample.
        needs: Of a smaller effective size no share is told.

    Raises:
        InvalidFigure: There are not as many of each, or a weight is below 1.
    """
    sizes = {len(flagged), len(violating), len(flagged if weights is None else weights)}
    if len(sizes) > 1:
        what = "flagged"
        raise InvalidFigure(what, f"there are {sorted(sizes)} values, and not as many of each")
    wrong, fine = np.asarray(flagged, bool), ~np.asarray(violating, bool)
    sized = None if weights is None else np.asarray(weights, float)
    return FalsePositives(
        fdr=_within(wrong, fine, sized, needs), fpr=_within(fine, wrong, sized, needs)
    )


def false_positives_by_rule(
    matched: Sequence[Collection[str]],
    violating: Sequence[bool],
    weights: Sequence[float] | None = None,
    *,
    needs: int = ENOUGH,
) -> dict[str, FalsePositives]:
    """The same of each rule.

    Args:
        matched: Of each item that people judged, the rules that flagged it; also of none.
        violating: What they judged.
        weights: As of `false_positives`.
        needs: As of `false_positives`.
    """
    return {
        rule: false_positives([rule in each for each in matched], violating, weights, needs=needs)
        for rule in sorted({rule for each in matched for rule in each})
    }


def validation(looks: Sequence[Validated], *, needs: int = ENOUGH) -> Validation:
    """How often a senior, blind, upholds a final decision that was drawn at random."""
    by_tier: dict[str, list[Validated]] = {}
    for each in looks:
        by_tier.setdefault(each.tier, []).append(each)
    return Validation(
        overall=_upheld(looks, needs),
        by_tier={tier: _upheld(its, needs) for tier, its in by_tier.items()},
    )


def feedback_latency(labels: Iterable[Feedback], *, now: float) -> Latency:
    """How long it takes from a label to the first live decision by a model that contains it.

    Args:
        labels: Those without an effect count as long as they have waited (Kaplan-Meier).
        now: The moment of which it is told.
    """
    known = list(labels)
    in_order = [each.given <= (now if each.live is None else each.live) <= now for each in known]
    told = [each for each, right in zip(known, in_order, strict=True) if right]
    waits = [
        Waited(
            seconds=(now if each.live is None else each.live) - each.given,
            over=each.live is not None,
        )
        for each in told
    ]
    wrong = [each.label for each, right in zip(known, in_order, strict=True) if not right]
    return Latency(p50=quantile(waits, 0.5), p90=quantile(waits, 0.9), out_of_order=tuple(wrong))


def _upheld(looks: Sequence[Validated], needs: int) -> Share:
    weights = [each.weight for each in looks]
    return weighted_share(
        [each.upheld for each in looks],
        weights if any(weight != 1 for weight in weights) else None,
        times=[each.times for each in looks],
        needs=needs,
    )


def _within(of: np.ndarray, hits: np.ndarray, weights: np.ndarray | None, needs: int) -> Share:
    """The share of hits among those of one kind."""
    sized = None if weights is None else weights[of].tolist()
    return weighted_share(hits[of].tolist(), sized, needs=needs)


def _out_of_order(case: Due) -> bool:
    decided = case.came if case.decided is None else case.decided
    return not (case.came <= case.due and case.came <= decided)


def _check_window(since: float, until: float) -> None:
    if not since <= until:
        what = "since"
        raise InvalidFigure(what, f"{since} is after {until}, where the window ends")
