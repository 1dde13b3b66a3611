"""Whether a challenger replaces the champion: only where all that was promised still holds.

1. On the weighted hold-out it is not worse than the champion by more than a margin, with 95 %.
   The first model has to be better than the base rate instead.
2. Its calibration error is below a limit, with 95 %.
3. No function of a challenge suite falls by more than x. A suite is no sample, so there is no
   interval: cases are counted. Where one case alone is more than x, a single one may be lost, and
   is named; two may not, nor all there were.
4. Certificates are earned again, where they are asked for.

What is not known counts against the challenger. All that fails is told, not only the first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite
from typing import Final

from engine.certifying import Outcome
from engine.errors import InvalidFigure
from engine.learning.challenge import Change, Results, changes
from engine.learning.comparison import (
    Calibration,
    Comparison,
    Criterion,
    Resampling,
    calibration,
    compare,
)
from engine.learning.held_out import HeldOut

#: Cases of a function that are named.
_NAMED: Final = 3


class Earned(StrEnum):
    """Whether certificates were earned for the challenger."""

    #: They are not asked for.
    OFF = "off"
    EARNED = "earned"
    NOT_EARNED = "not earned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certification:
    """Whether certificates were earned again, and why not."""

    earned: Earned
    why: str = ""
    """In words, where they were not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What a challenger has to keep."""

    criterion: Criterion = Criterion.LOG_LOSS
    margin: float = 0.01
    """It may be worse by so much, in the unit of the criterion; 0 or more."""
    calibration: float = 0.1
    """The upper limit of its calibration error has to be below; above 0, up to 1."""
    fall: float = 0.05
    """A function may lose such a share of its cases; 0 or more, below 1."""
    resampling: Resampling = field(default_factory=Resampling)

    def __post_init__(self) -> None:
        """Refuse limits that let everything through, or nothing.

        Raises:
            InvalidFigure: One is out of range.
        """
        for what, value, fine in (
            ("margin", self.margin, self.margin >= 0),
            ("calibration", self.calibration, 0 < self.calibration <= 1),
            ("fall", self.fall, 0 <= self.fall < 1),
            ("resamples", self.resampling.resamples, self.resampling.resamples >= 1),
        ):
            if not (isfinite(value) and fine):
                raise InvalidFigure(what, f"{value} is out of range")


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenged:
    """How both do on one suite."""

    challenger: Results
    champion: Results | None
    """None: there is no champion."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Whether it is promoted, and all that this rests on."""

    promoted: bool
    reasons: tuple[str, ...]
    """In words: all that speaks against it; where nothing does, what was shown."""
    remarks: tuple[str, ...]
    """In words: what whoever reads it should know, and what did not decide."""
    comparisons: tuple[Comparison, ...]
    calibrations: tuple[Calibration, ...]
    changes: Mapping[str, tuple[Change, ...]]
    """Suite → function by function; suites without a champion are not there."""
    certification: Certification


@dataclass(frozen=True, slots=True, kw_only=True)
class _Finding:
    """One thing that was looked at."""

    holds: bool
    words: str


def certification_of(outcomes: Mapping[str, Outcome]) -> Certification:
    """Earned where every zone has a certificate.

    Args:
        outcomes: What it is about, in words → outcome of `engine.certifying`. There has to be one.
    """
    lacking = [f"{about}: {each.why}" for about, each in outcomes.items() if not each.certificate]
    if lacking or not outcomes:
        why = "; ".join(lacking) or "nothing was tested"
        return Certification(earned=Earned.NOT_EARNED, why=why)
    return Certification(earned=Earned.EARNED)


def judge(
    held: Sequence[HeldOut],
    challenged: Sequence[Challenged],
    certification: Certification,
    gate: Gate,
) -> Judgement:
    """Whether the challenger replaces the champion.

    Args:
        held: One a label, from `engine.learning.held_out`.
        challenged: One a suite; none: there are no suites, which is remarked on.
        certification: Off, or what came of testing the challenger.
        gate: The limits.

    Raises:
        InvalidFigure: There is no hold-out.
    """
    if not held:
        what = "hold-out"
        raise InvalidFigure(what, "there is none, so nothing can be judged")
    comparisons = tuple(compare(each, gate.criterion, gate.resampling) for each in held)
    calibrations = tuple(calibration(each, gate.resampling) for each in held)
    changed, unlike = _changes(challenged)
    findings = [
        *(_of_comparison(each, gate.margin) for each in comparisons),
        *(_of_calibration(each, gate.calibration) for each in calibrations),
        *(each for name, its in changed.items() for each in _of_suite(name, its, gate.fall)),
        *unlike,
        *_of_certification(certification),
    ]
    against = tuple(each.words for each in findings if not each.holds)
    return Judgement(
        promoted=not against,
        reasons=against or tuple(each.words for each in findings),
        remarks=tuple(_remarks(held, challenged, changed, certification, gate)),
        comparisons=comparisons,
        calibrations=calibrations,
        changes=changed,
        certification=certification,
    )


def _changes(
    challenged: Sequence[Challenged],
) -> tuple[dict[str, tuple[Change, ...]], list[_Finding]]:
    """What changes in each suite, and suites that cannot be compared."""
    found: dict[str, tuple[Change, ...]] = {}
    unlike: list[_Finding] = []
    for each in challenged:
        if each.champion is None:
            continue
        try:
            found[each.challenger.suite] = changes(each.champion, each.challenger)
        except InvalidFigure as failure:
            unlike.append(_Finding(holds=False, words=f"{failure}; run both on the same"))
    return found, unlike


def _of_comparison(found: Comparison, margin: float) -> _Finding:
    """Whether the challenger is good enough on one label."""
    base = found.against_base_rate
    holds = found.low > 0 if base else found.low >= -margin
    wanted = "better" if base else f"not worse by more than {margin:g}"
    return _Finding(
        holds=holds,
        words=f"`{found.label}`: {found.criterion} on the hold-out is {found.challenger:.4f}, that "
        f"of the {'base rate' if base else 'champion'} {found.champion:.4f}: "
        f"{'better' if found.gain >= 0 else 'worse'} by {abs(found.gain):.4f}, with 95 % a gain of "
        f"{found.low:+.4f} to {found.high:+.4f} ({found.rows} rows, {found.units} distinct); "
        f"{'this shows' if holds else 'this does not show'} that it is {wanted}",
    )


def _of_calibration(found: Calibration, limit: float) -> _Finding:
    """Whether its chances mean what they say."""
    figures = (
        f"`{found.label}`: its calibration error on the hold-out is {found.error:.4f}, with 95 % "
        f"{found.low:.4f} to {found.high:.4f} ({found.rows} rows)"
    )
    if found.high < limit:
        return _Finding(holds=True, words=f"{figures}, below {limit:g}")
    why = "above" if found.low >= limit else "which does not show that it is below"
    return _Finding(holds=False, words=f"{figures}, {why} {limit:g}")


def _of_suite(suite: str, found: Sequence[Change], limit: float) -> Iterator[_Finding]:
    """Whether each function is kept."""
    fallen = [each for each in found if _falls(each, limit)]
    for each in fallen:
        yield _Finding(
            holds=False,
            words=f"`{suite}`: function `{each.function}` falls from {each.before} to {each.after} "
            f"of {each.cases} cases, by {each.fall:.1%}, more than {limit:.1%}{_named(each.lost)}",
        )
    if not fallen:
        words = f"`{suite}`: none of {len(found)} functions falls by more than {limit:.1%}"
        yield _Finding(holds=True, words=words)


def _falls(change: Change, limit: float) -> bool:
    """Whether a function falls by more than may be; one case alone only where it was the last."""
    if change.fall <= limit:
        return False
    return change.before - change.after > 1 or change.after == 0


def _of_certification(found: Certification) -> Iterator[_Finding]:
    match found.earned:
        case Earned.NOT_EARNED:
            yield _Finding(holds=False, words=f"certificates are not earned again: {found.why}")
        case Earned.EARNED:
            yield _Finding(holds=True, words="certificates are earned again")
        case Earned.OFF:
            return


def _remarks(
    held: Sequence[HeldOut],
    challenged: Sequence[Challenged],
    changed: Mapping[str, tuple[Change, ...]],
    certification: Certification,
    gate: Gate,
) -> Iterator[str]:
    """What did not decide."""
    for each in held:
        if each.left_out:
            yield (
                f"`{each.label}`: {each.left_out} rows of the hold-out do not count, as nobody "
                "knows π, or the champion has learnt from them"
            )
    if not challenged:
        yield "there is no challenge suite, so nothing is known about single functions"
    for one in challenged:
        if one.champion is None:
            yield f"`{one.challenger.suite}`: {one.challenger.rate:.1%} right, with no champion"
    for suite, its in changed.items():
        yield from _single_cases(suite, its, gate.fall)
    if certification.earned is Earned.OFF:
        yield "certificates are not asked for"


def _single_cases(suite: str, found: Sequence[Change], limit: float) -> Iterator[str]:
    """Small functions that lose the one case that they may."""
    for change in found:
        if change.fall > limit and not _falls(change, limit):
            yield (
                f"`{suite}`: function `{change.function}` loses one case net of only "
                f"{change.cases}{_named(change.lost)}: too few to tell a fall from one case"
            )


def _named(ids: Sequence[str]) -> str:
    """The first ids of cases that were lost."""
    more = ", …" if len(ids) > _NAMED else ""
    return f" (lost: {', '.join(f'`{each}`' for each in ids[:_NAMED])}{more})"
