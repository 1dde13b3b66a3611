"""How the work of machine and people goes, tier by tier. See the README."""

from engine.quality import Measure, State
from queues.measurement.agreement import AgreementReport, over_votes
from queues.measurement.breakdown import Figure, Of
from queues.measurement.reviewers import ReviewersReport, by_reviewer
from queues.measurement.series import By, Group, Point, Series, over_time
from queues.measurement.summary import Appealed, Cost, Summary, TierSummary, summarise
from queues.measurement.targets import Goal, Report, compared

__all__ = [
    "AgreementReport",
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
    "ReviewersReport",
    "Series",
    "State",
    "Summary",
    "TierSummary",
    "by_reviewer",
    "compared",
    "over_time",
    "over_votes",
    "summarise",
]
