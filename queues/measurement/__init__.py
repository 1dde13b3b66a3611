"""How the work of machine and people goes, tier by tier. See the README."""

from engine.quality import Measure, State
from queues.measurement.breakdown import Figure, Of
from queues.measurement.series import By, Group, Point, Series, over_time
from queues.measurement.summary import Appealed, Cost, Summary, TierSummary, summarise
from queues.measurement.targets import Goal, Report, compared

__all__ = [
    "Appealed",
    "By",
    "Cost",
    "Figure",
    "Goal",
    "Group",
    "Measure",
    "Of",
    "Point",
    "Report",
    "Series",
    "State",
    "Summary",
    "TierSummary",
    "compared",
    "over_time",
    "summarise",
]
