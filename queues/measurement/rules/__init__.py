"""How rules do, one by one: hits, precision, overturns, cost, overlap, and what would change."""

from queues.measurement.rules.changes import Changes, Step
from queues.measurement.rules.looking import RuleReports
from queues.measurement.rules.report import (
    Cell,
    Matrix,
    Reading,
    RuleFigures,
    RuleList,
    RulePage,
    ShadowPage,
    Shared,
)
from queues.measurement.rules.windows import Bounds, Since

__all__ = [
    "Bounds",
    "Cell",
    "Changes",
    "Matrix",
    "Reading",
    "RuleFigures",
    "RuleList",
    "RulePage",
    "RuleReports",
    "ShadowPage",
    "Shared",
    "Since",
    "Step",
]
