"""How the work of machine and people goes, tier by tier. See the README."""

from engine.quality import Measure, State
from queues.measurement.summary import Appealed, Cost, Summary, TierSummary, summarise
from queues.measurement.targets import Goal, Report, compared

__all__ = [
    "Appealed",
    "Cost",
    "Goal",
    "Measure",
    "Report",
    "State",
    "Summary",
    "TierSummary",
    "compared",
    "summarise",
]
