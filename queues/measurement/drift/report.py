"""What is told of drift: figures with their state, n and needs, and what alarms."""

from dataclasses import dataclass
from datetime import datetime

from engine.quality.measures import State
from queues.measurement.drift.alarms import Alarm


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether there is a figure, and what it takes."""

    state: State = State.KNOWN
    why: str | None = None
    """In words, where there is none."""
    n: int
    """How many were seen, of what there is too little if there is."""
    needs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A time, and what was looked at of it."""

    since: datetime
    until: datetime
    verdicts: int
    """First verdicts on items that came in it; about so many, unless `whole`."""
    whole: bool
    """Whether all of them were counted: of many, those in a sample are."""
    read: int
    """So many of them were looked at: by a hash of their ids, so always the same. Of the reference
    their rules; what items say is read of at most twice as many as of the current window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share of the population, weighted by the chance of being seen, with 95 %."""

    value: float
    low: float
    high: float
    n: int
    effective: float
    """What the sample is worth: so many drawn with equal chances."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreFigure:
    """How far the scores of a field have moved."""

    field: str
    standing: Standing
    psi: float | None = None
    null_mean: float | None = None
    """About what PSI is by chance alone."""
    js_distance: float | None = None
    hellinger: float | None = None
    ks: float | None = None
    wasserstein: float | None = None
    """In the unit of the score."""
    bins: int | None = None
    size: str | None = None
    """`small`, `moderate` or `large`, by the gates."""
    alarm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFigure:
    """How far the labels of people have moved."""

    policy: str | None
    """Violations of it; None: the mix of all policies."""
    standing: Standing
    before: Share | None = None
    """Violations in the reference."""
    now: Share | None = None
    chi_square: float | None = None
    p_value: float | None = None
    cramers_v: float | None = None
    js_distance: float | None = None
    hellinger: float | None = None
    total_variation: float | None = None
    l_infinity: float | None = None
    psi: float | None = None
    size: str | None = None
    alarm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VocabularyFigure:
    """How far the words of texts have moved."""

    standing: Standing
    out_of_vocabulary: float | None = None
    auc: float | None = None
    """Of telling then from now; .5: not at all."""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorWindow:
    """How often the machine erred in a time, by the quality sample."""

    since: datetime
    until: datetime
    standing: Standing
    error: Share | None = None
    """Its limits are bounds of one side each, with 95 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedFigure:
    """How often the machine should err by its own scores (CBPE), with 95 %."""

    standing: Standing
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GapFigure:
    """Errors in the current window's quality sample less those expected, with 95 %."""

    standing: Standing
    value: float | None = None
    low: float | None = None
    high: float | None = None
    alarm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceFigure:
    """How often the machine errs, and whether that is more than it thinks."""

    limit: float
    """So many may err."""
    windows: tuple[ErrorWindow, ...]
    """From the oldest to the newest, which is the current one."""
    above: int
    """The last so many of those that can be told have their bound above the limit."""
    standing: Standing
    """Whether there are enough windows to tell."""
    alarm: bool = False
    expected: ExpectedFigure
    gap: GapFigure


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFigure:
    """What became of a rule."""

    rule: str
    standing: Standing
    before: float | None = None
    now: float | None = None
    ratio: float | None = None
    adjusted: float | None = None
    """p, corrected for the number of rules (Holm)."""
    silence: int | None = None
    """So many items without a hit show that it is silent."""
    change: str | None = None
    """`steady`, `silent`, `fallen` or `risen`."""
    alarm: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftReport:
    """What has moved."""

    simulated: bool
    """Whether simulated reviewers voted in either window."""
    reference: Window
    current: Window
    scores: tuple[ScoreFigure, ...]
    labels: tuple[LabelFigure, ...]
    vocabulary: VocabularyFigure | None
    """None: it was not asked for."""
    performance: PerformanceFigure
    rules: tuple[RuleFigure, ...]
    alarms: tuple[Alarm, ...]
    """What alarms by these figures."""
